//! How screens look that no other test draws: at other sizes, in each theme, and what lies over them.

use lifeboat::tui::message::Message;
use lifeboat::tui::model::FileRow;
use lifeboat::tui::theme::Theme;
use lifeboat::tui::view::view;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::style::{Color, Modifier};

use crate::tui_stage::{NOW, Stage, id};

/// An open list with a code that is about to end, a mark, and something that is wrong.
fn busy_list(theme: Theme) -> Stage {
    let mut stage = Stage::open();
    stage.model.theme = theme;
    stage.keys("j ");
    stage.reveal(1, "123 456");
    stage.model.clock.doubt = Some("the clock was never set".to_owned());
    stage.wait(6);
    stage
}

/// Colours and modifiers that stand anywhere on the screen.
fn looks(stage: &Stage) -> (Vec<Color>, Modifier) {
    let mut terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
    terminal.draw(|frame| view(&stage.model, frame)).unwrap();
    let cells = terminal.backend().buffer().content();
    let colors = cells.iter().flat_map(|cell| [cell.fg, cell.bg]).filter(|color| *color != Color::Reset);
    (colors.collect(), cells.iter().fold(Modifier::empty(), |all, cell| all | cell.modifier))
}

#[test]
fn the_themes_use_the_terminals_own_sixteen_colours_or_none() {
    let own = [Color::Cyan, Color::Green, Color::Yellow, Color::Red];
    let (colors, _) = looks(&busy_list(Theme::new(true)));
    assert!(!colors.is_empty() && colors.iter().all(|color| own.contains(color)), "{colors:?}");
    let (colors, modifiers) = looks(&busy_list(Theme::new(false)));
    assert_eq!(colors, []);
    assert!(modifiers.contains(Modifier::REVERSED | Modifier::BOLD | Modifier::DIM));
    let (colors, modifiers) = looks(&busy_list(Theme::high_contrast()));
    assert_eq!(colors, []);
    assert!(modifiers.contains(Modifier::REVERSED | Modifier::BOLD | Modifier::UNDERLINED));
    assert!(!modifiers.contains(Modifier::DIM), "nothing is dimmed where contrast is wanted");
}

#[test]
fn no_theme_changes_a_word() {
    let mut plain = busy_list(Theme::new(false));
    let screen = plain.screen(80, 24);
    for theme in [Theme::new(true), Theme::high_contrast()] {
        assert_eq!(busy_list(theme).screen(80, 24), screen);
    }
    insta::assert_snapshot!("busy_list_80x24", screen);
}

#[test]
fn the_list_on_a_large_screen() {
    insta::assert_snapshot!("list_200x50", Stage::open().screen(200, 50));
}

#[test]
fn without_motion_there_are_numbers_and_no_bars() {
    let mut stage = Stage::open();
    stage.model.prefs.motion = false;
    let screen = stage.screen(80, 24);
    assert!(screen.contains("10s") && !screen.contains('▰') && !screen.contains('▱'), "{screen}");
}

#[test]
fn what_lies_over_the_list() {
    let mut stage = Stage::open();
    stage.keys(" d");
    insta::assert_snapshot!("remove_80x24", stage.screen(80, 24));
    stage.keys("nt");
    insta::assert_snapshot!("tags_80x24", stage.screen(80, 24));
    stage.keys("<esc>");
    stage.send(Message::Noticed("1 entry is back".to_owned()));
    stage.keys("m");
    insta::assert_snapshot!("messages_80x24", stage.screen(80, 24));
    stage.keys("<esc>?/code<enter>");
    insta::assert_snapshot!("help_searched_80x24", stage.screen(80, 24));
    stage.keys("<esc>T");
    insta::assert_snapshot!("clock_80x24", stage.screen(80, 24));
}

#[test]
fn files_are_chosen_from_a_list() {
    let mut stage = Stage::open();
    stage.keys("r<c-f>");
    let file = |name: &str, is_folder, len| FileRow { name: name.to_owned(), is_folder, len };
    let rows = vec![
        file("keys", true, 0),
        file(".hidden", false, 3),
        file("lifeboat.bundle", false, 17_343),
        file("phone.json", false, 900),
    ];
    stage.send(Message::FolderListed { folder: "/media/usb".to_owned(), rows, wrong: None });
    insta::assert_snapshot!("files_80x24", stage.screen(80, 24));
    stage.keys("bundle<enter>");
    assert!(stage.screen(80, 24).contains("/media/usb/lifeboat.bundle"), "{}", stage.screen(80, 24));
}

#[test]
fn a_code_that_is_waited_for_says_for_how_long() {
    let mut stage = Stage::open();
    stage.send(Message::CopiedBefore { id: id(2), copied_at: NOW - 4, next_at: NOW + 6 });
    stage.keys("w");
    assert!(stage.screen(80, 24).contains("copying the next code of Bank:ana in 6 s   Esc stops"));
}
