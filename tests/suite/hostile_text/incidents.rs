//! The screens of the incidents, for [`super::screens`].

use lifeboat::app::incident::words::{Group, ToDo};
use lifeboat::entry::{Label, label};
use lifeboat::recovery::ItemId;
use lifeboat::recovery::incident::IncidentKind;
use lifeboat::tui::model::{
    Ends, IncidentForm, IncidentRow, IncidentShown, IncidentStep, IncidentTold, IncidentsKnown,
    IncidentsPage, Screen,
};

/// A new step fails to compile here until it is in [`every_screen`].
pub(super) fn place_of(page: &IncidentsPage) -> usize {
    match &page.doing {
        IncidentStep::List => 63,
        IncidentStep::Form(_) => 64,
        IncidentStep::Told(_) => 65,
    }
}

fn known(text: &str) -> IncidentsKnown {
    let row = |n: u8, is_open| IncidentRow {
        id: ItemId::from_bytes([n; 4]),
        kind: IncidentKind::Stolen,
        subject: Some(Label::new(text)),
        opened: label::shown(text),
        state: label::shown(text),
        is_running: false,
        is_open,
        reason: label::shown(text),
    };
    IncidentsKnown {
        rows: vec![row(1, true), row(2, false)],
        devices: vec![Label::new(text), Label::new(format!("{text}2"))],
        persons: vec![Label::new(text)],
    }
}

fn shown(text: &str) -> IncidentShown {
    let words = || label::shown(text);
    let task = |number, is_done| ToDo { number, is_done, words: "rotate the seed", note: words() };
    IncidentShown {
        id: ItemId::from_bytes([1; 4]),
        title: words(),
        facts: vec![("reason", words()), ("made from", words()), ("", words())],
        revealed: Some(vec![words(), words()]),
        groups: vec![
            Group { title: words(), marks: vec!["privileged"], tasks: vec![task(1, false), task(2, true)] },
            Group { title: words(), marks: Vec::new(), tasks: vec![task(3, false)] },
        ],
        is_open: true,
        ends: Some(Ends::At(words())),
        is_away: true,
    }
}

pub(super) fn every_screen(text: &str) -> Vec<Screen> {
    let mut form = IncidentForm::new();
    for key in ["device", "reason"] {
        form.form.set(key, text);
    }
    form.form.focus_on("device");
    form.check(Some(&known(text)));
    form.wrong = Some(format!("{text}\n{text}"));
    let page = |doing| Screen::Incidents(IncidentsPage { known: Some(known(text)), selected: 0, doing });
    vec![
        page(IncidentStep::List),
        page(IncidentStep::Form(Box::new(form))),
        page(IncidentStep::Told(Box::new(IncidentTold::new(shown(text))))),
    ]
}
