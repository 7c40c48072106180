//! The screens of drills, for [`super::screens`].

use lifeboat::secret::SecretText;
use lifeboat::tui::form::{Field, Form};
use lifeboat::tui::model::{
    Attesting, DrillClock, DrillCode, DrillEntry, DrillOpened, DrillRow, DrillRun, DrillStep, Drilling,
    DrillsKnown, DrillsPage, DueRow, LevelCell, ReportForm, Said, Screen,
};

use super::files::{bundle, done};
use super::screens::field;
use crate::tui_stage::{NOW, id};

/// A new step fails to compile here until it is in [`every_screen`].
pub(super) fn place_of(page: &DrillsPage) -> usize {
    match &page.doing {
        Drilling::List => 11,
        Drilling::History => 43,
        Drilling::Record(_) => 44,
        Drilling::Told(_) => 45,
        Drilling::Run(run) => match &run.step {
            DrillStep::Bundle(bundle) if bundle.about.is_none() => 46,
            DrillStep::Bundle(_) => 47,
            DrillStep::Compared => 48,
            DrillStep::Clock(DrillClock { told: None, .. }) => 49,
            DrillStep::Clock(_) => 50,
            DrillStep::Attest(Attesting { shown: None, .. }) => 51,
            DrillStep::Attest(_) => 52,
            DrillStep::End(_) => 53,
        },
    }
}

fn known(text: &str) -> DrillsKnown {
    let facts = || vec![("file", text.to_owned()), ("", text.to_owned())];
    let due = |levels: Vec<LevelCell>| DueRow {
        name: text.to_owned(),
        path: text.to_owned(),
        levels,
        standing: text.to_owned(),
        facts: facts(),
    };
    let cell = |is_due| LevelCell { day: text.to_owned(), is_due };
    DrillsKnown {
        due: vec![text.to_owned(); 5],
        bundles: vec![due(vec![cell(true), cell(false), cell(true)]), due(Vec::new())],
        history: vec![DrillRow {
            day: text.to_owned(),
            level: "L1",
            found: text.to_owned(),
            has_findings: true,
            bundle: text.to_owned(),
            facts: facts(),
        }],
    }
}

fn report(text: &str) -> ReportForm {
    let form = Form::new(vec![Field::path("path", "Path: ", "help", text)]);
    ReportForm { form, wrong: Some(format!("{text}\n{text}")) }
}

fn opened(text: &str) -> DrillOpened {
    let entry =
        |n, said| DrillEntry { id: id(n), title: text.to_owned(), verdict: "same", privileged: false, said };
    DrillOpened {
        compared: done(text),
        clock_entry: Some(text.to_owned()),
        entries: vec![
            entry(1, Some(Said::Accepted(text.to_owned()))),
            entry(2, Some(Said::NotAccepted)),
            entry(3, None),
        ],
        is_of_vault: true,
        signer: text.to_owned(),
    }
}

fn doing(text: &str, doing: Drilling) -> Screen {
    Screen::Drills(DrillsPage { known: Some(known(text)), selected: 0, doing })
}

pub(super) fn every_screen(text: &str) -> Vec<Screen> {
    let run = |step| doing(text, Drilling::Run(Box::new(DrillRun { step, opened: opened(text) })));
    let clock = |told: Option<String>| DrillClock {
        field: field(text),
        wrong: Some(format!("{text}\n{text}")),
        told,
    };
    let code = |text: &str| DrillCode {
        id: id(1),
        code: SecretText::new(text.to_owned()),
        ends: Some(NOW + 9),
        hide_at: NOW + 20,
        is_over: false,
    };
    vec![
        doing(text, Drilling::List),
        doing(text, Drilling::History),
        doing(text, Drilling::Record(report(text))),
        doing(text, Drilling::Told(done(text))),
        run(DrillStep::Bundle(Box::new(bundle(text, false)))),
        run(DrillStep::Bundle(Box::new(bundle(text, true)))),
        run(DrillStep::Compared),
        run(DrillStep::Clock(clock(None))),
        run(DrillStep::Clock(clock(Some(text.to_owned())))),
        run(DrillStep::Attest(Attesting::default())),
        run(DrillStep::Attest(Attesting { selected: 0, shown: Some(code("123 456")) })),
        run(DrillStep::End(report(text))),
    ]
}
