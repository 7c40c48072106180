//! A seed's URI that is pasted, or typed by a terminal that knows of no paste, is never drawn: not in any field.

use lifeboat::tui::keymap::{Scope, scope};
use lifeboat::tui::model::{Dialog, Prompt, Screen};

use crate::hostile_text::screens::{entry_screens, every_dialog, every_screen, stage};
use crate::tui_stage::Stage;

const SEED: &str = "JBSWY3DPEHPK3PXP";
/// More than any form has fields.
const MOST_FIELDS: usize = 16;

fn uris() -> [String; 4] {
    [
        format!("otpauth://totp/Example?secret={SEED}"),
        format!("\n OTPAUTH://totp/Example?secret={SEED}"),
        format!("otpauth-migration://offline?data={SEED}"),
        format!("see otpauth://totp/Example?secret={SEED}"),
    ]
}

/// Nothing of the seed can be read, on a large screen where no field is cut.
fn check_hidden(stage: &mut Stage, what: &str) {
    let screen = stage.screen(160, 48);
    assert!(!screen.contains(&SEED[..4]), "{what}: {screen}");
}

/// Goes through all fields of a screen or dialog, and pastes into each.
fn check_every_field(stage: &mut Stage, what: &str) {
    let has_dialog = stage.model.dialog.is_some();
    for uri in uris() {
        for field in 0..MOST_FIELDS {
            let takes_seeds =
                !has_dialog && matches!(stage.model.screen, Screen::Add(_) | Screen::Codes | Screen::Edit(_));
            stage.model.messages.clear();
            stage.paste(&uri);
            check_hidden(stage, &format!("{what}, field {field}, pasted"));
            if !takes_seeds {
                let told = stage.model.messages.back().map(|told| told.text.as_str()).unwrap_or_default();
                assert!(told.contains("does not belong here"), "{what}, field {field}: {told:?}");
                stage.keys("<c-r>");
                check_hidden(stage, &format!("{what}, field {field}, shown"));
                stage.keys("<c-r>");
            }
            if scope(&stage.model) != Scope::Field {
                break;
            }
            stage.keys("<tab>");
        }
    }
}

#[test]
fn a_pasted_uri_is_drawn_nowhere_and_refused_where_no_seed_belongs() {
    let n_screens = every_screen("x").len() + entry_screens("x").len();
    assert!(n_screens > 30, "{n_screens}");
    for (idx, screen) in every_screen("x").into_iter().chain(entry_screens("x")).enumerate() {
        let mut stage = stage("x", screen);
        // A seed that was asked for is shown; the others are not.
        if let Screen::Add(add) = &mut stage.model.screen {
            add.form.hide_secrets();
        }
        check_every_field(&mut stage, &format!("screen {idx}"));
    }
    for (idx, dialog) in every_dialog("x").into_iter().flatten().enumerate() {
        let mut stage = stage("x", Screen::Codes);
        stage.model.dialog = Some(dialog);
        check_every_field(&mut stage, &format!("dialog {idx}"));
    }
}

#[test]
fn a_uri_that_is_typed_into_any_field_is_drawn_in_none() {
    for (idx, screen) in every_screen("x").into_iter().chain(entry_screens("x")).enumerate() {
        let mut stage = stage("x", screen);
        if let Screen::Add(add) = &mut stage.model.screen {
            add.form.hide_secrets();
        }
        for field in 0..MOST_FIELDS {
            if scope(&stage.model) != Scope::Field {
                break;
            }
            stage.keys("<c-u>").keys(&uris()[0]);
            check_hidden(&mut stage, &format!("screen {idx}, field {field}, typed"));
            stage.keys("<c-u><tab>");
        }
    }
    let mut stage = Stage::open();
    stage.keys("/").keys(&uris()[0]);
    assert!(!stage.screen(80, 24).contains("/otpauth:"), "{}", stage.screen(80, 24));
}

#[test]
fn a_refused_uri_says_where_it_belongs_and_what_was_typed_stays() {
    let mut stage = Stage::open();
    stage.keys("twork").paste(&uris()[0]);
    let Some(Dialog::Prompt(Prompt { form, .. })) = &stage.model.dialog else { panic!("no prompt") };
    assert_eq!(form.value("tags"), "work");
    let screen = stage.screen(80, 24);
    assert!(screen.contains("! this is a URI with a seed in it"), "{screen}");
    assert!(screen.contains("a opens the form that takes it"), "{screen}");
}

#[test]
fn what_was_told_in_a_form_does_not_follow_onto_the_list() {
    let mut stage = Stage::open();
    stage.keys("2n").paste(&uris()[0]);
    assert!(stage.screen(80, 24).contains("! this is a URI"));
    stage.keys("<esc>");
    assert!(!stage.screen(80, 24).contains("! this is a URI"), "{}", stage.screen(80, 24));
    stage.keys("m");
    assert!(stage.screen(80, 24).contains("this is a URI"), "it can be read again: {}", stage.screen(80, 24));
}
