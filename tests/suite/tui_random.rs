//! Any keys, any sizes, any times: no panic, nothing selected that is hidden, no code while locked.

use lifeboat::tui::message::Message;
use lifeboat::tui::model::Screen;
use proptest::prelude::*;

use crate::tui_stage::{NOW, Stage, rows};

#[derive(Debug, Clone)]
enum Step {
    Keys(&'static str),
    Resize(u16, u16),
    Reveal(u8),
    Rows(bool),
    Time(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let keys = prop::sample::select(vec![
        "a",
        "b",
        "/",
        "j",
        "k",
        "g",
        "G",
        "L",
        "?",
        " ",
        "y",
        "n",
        "v",
        "h",
        "q",
        "1",
        "2",
        "#",
        "ana",
        "zzz",
        "<enter>",
        "<esc>",
        "<up>",
        "<down>",
        "<backspace>",
        "<f1>",
        "<c-r>",
        "<c-u>",
        "<c-z>",
        "é",
        "🏦",
    ]);
    prop_oneof![
        8 => keys.prop_map(Step::Keys),
        2 => (1_u16..140, 1_u16..50).prop_map(|(columns, rows)| Step::Resize(columns, rows)),
        2 => (1_u8..6).prop_map(Step::Reveal),
        1 => any::<bool>().prop_map(Step::Rows),
        1 => prop_oneof![Just(0), Just(u64::MAX / 2), NOW - 100..NOW + 1000].prop_map(Step::Time),
    ]
}

proptest! {
    #[test]
    fn nothing_that_happens_breaks_the_interface(steps in prop::collection::vec(step(), 1..60), present: bool) {
        let mut stage = if present { Stage::open() } else { Stage::first_run() };
        let mut size = (80, 24);
        for step in steps {
            match step {
                Step::Keys(keys) => {
                    stage.keys(keys);
                }
                Step::Resize(columns, rows) => size = (columns, rows),
                Step::Reveal(n) if stage.model.is_open() => stage.reveal(n, "424 242"),
                Step::Rows(empty) if stage.model.is_open() => {
                    let rows = if empty { Vec::new() } else { rows() };
                    stage.send(Message::Rows { rows, set_aside: 0 });
                }
                Step::Reveal(_) | Step::Rows(_) => {}
                Step::Time(now) => stage.send(Message::Tick(now)),
            }
            let screen = stage.screen(size.0, size.1);
            let list = &stage.model.list;
            prop_assert_eq!(list.selected.is_some(), list.selected_place().is_some());
            if !matches!(stage.model.screen, Screen::List | Screen::Add(_)) {
                prop_assert!(!screen.contains("424 242"), "{}", screen);
            }
        }
    }
}
