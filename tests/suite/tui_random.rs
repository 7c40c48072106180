//! Any keys, any sizes, any times: no panic, nothing selected that is hidden, no code while locked.

use std::sync::LazyLock;

use lifeboat::app::runbook::Asked;
use lifeboat::app::{Failure, Kind};
use lifeboat::custody::Share;
use lifeboat::secret::SecretText;
use lifeboat::settings::Rule;
use lifeboat::tui::effect::{BundleEffect, Effect};
use lifeboat::tui::keymap::{Scope, scope};
use lifeboat::tui::message::{
    BundleMessage, CustodianMessage, DrillMessage, EntryMessage, IncidentMessage, LogMessage, Message,
    PassMessage, PlanMessage, RunbookMessage, TransferMessage,
};
use lifeboat::tui::model::{
    BundleForm, Dialog, FileRow, LogFilter, LogRecords, Picture, PlanKnown, Prefs, Screen, SettingRow,
    TrashRow,
};
use proptest::prelude::*;

use crate::tui_drill::{known, opened};
use crate::tui_incidents::{self, broken_glass, lost_phone};
use crate::tui_plan::{TWO_WAYS, findings, read};
use crate::tui_seal::sealed_rows;
use crate::tui_stage::{
    NOW, Stage, about_cards, bundle_row, bundle_seen, checked, details, done, id, log_row, quorum_seen,
    report, set_row, share_taken, shares, values,
};
use crate::tui_status::status_known;
use crate::{tui_passes, tui_runbooks};

/// The words of a card that fit together.
const CARD: &str = "CARD";

#[derive(Debug, Clone)]
enum Step {
    Keys(&'static str),
    Resize(u16, u16),
    Reveal(u8),
    Rows(bool),
    Paste(&'static str),
    Told(u8),
    Time(u64),
}

/// What the world may say of drills.
fn told_of_drills(n: u8) -> Message {
    match n {
        56 => Message::Drill(DrillMessage::Listed(Box::new(known()))),
        57 => Message::Drill(DrillMessage::Opened(Box::new(opened(&["STALE  A:b"])))),
        58 => Message::Drill(DrillMessage::ClockCompared(Ok("the clocks agree".to_owned()))),
        59 => Message::Drill(DrillMessage::ClockCompared(Err("no".to_owned()))),
        60 => Message::Drill(DrillMessage::Code {
            id: id(1),
            code: SecretText::new("313 131".to_owned()),
            ends: Some(NOW + 9),
            follows: false,
        }),
        61 => Message::Drill(DrillMessage::Attested(id(2), Some("INC-1".to_owned()))),
        _ => Message::Drill(DrillMessage::Done(done())),
    }
}

/// What the world may say, wanted or not.
#[expect(clippy::too_many_lines, reason = "a table of what may be told")]
fn told(n: u8) -> Message {
    match n {
        0 => Message::Started { what: "Working".to_owned(), can_cancel: true },
        1 => Message::Started { what: "Working".to_owned(), can_cancel: false },
        2 => Message::Finished,
        3 => Message::CopiedBefore { id: id(2), copied_at: NOW - 4, next_at: NOW + 6 },
        4 => Message::Generated(SecretText::new("eight words".to_owned())),
        5 => Message::Failed(Box::new(Failure::new(Kind::Io, "it \u{1f3e6} failed ".repeat(30)))),
        6 => Message::Noticed("something to tell ".repeat(20)),
        7 => Message::Added { id: id(4), title: "A:b".to_owned(), warnings: Vec::new() },
        8 => bundle_seen(&["label Safe"], true),
        9 => Message::BundleOpened { n_entries: 3, warning: None },
        10 => Message::Focused(false),
        11 => Message::Focused(true),
        12 => Message::Clicked(3, 4),
        13 => Message::Removed { ids: vec![id(2)], words: "gone".to_owned() },
        14 => Message::UseRead(vec![(id(3), NOW), (id(9), NOW)]),
        15 => {
            Message::Log(LogMessage::Read(LogFilter::default(), LogRecords::of(vec![log_row(2), log_row(1)])))
        }
        16 => {
            Message::TrashRead(vec![TrashRow { id: id(2), title: "A:b".to_owned(), removed: String::new() }])
        }
        17 => Message::FolderListed {
            folder: "/media".to_owned(),
            rows: vec![FileRow { name: "usb".to_owned(), is_folder: true, len: 0 }],
            wrong: None,
        },
        18 => Message::SettingsRead {
            rows: vec![SettingRow {
                key: "ascii",
                help: "",
                value: "false".to_owned(),
                values: vec!["true", "false"],
                allowed: String::new(),
            }],
            warnings: Vec::new(),
            path: None,
            prefs: Prefs { masked: false, ..Prefs::default() },
        },
        19 => checked("A", "b"),
        20 => Message::Entry(EntryMessage::PictureRead(vec![
            SecretText::new("otpauth://totp/A:b?secret=JBSWY3DP".to_owned()),
            SecretText::new("otpauth://hotp/C?secret=JBSWY3DP".to_owned()),
        ])),
        21 => Message::Entry(EntryMessage::SeedMade(SecretText::new("JBSWY3DPEHPK3PXP".to_owned()))),
        22 => Message::Entry(EntryMessage::ToChange(Box::new(values()))),
        23 => Message::Entry(EntryMessage::Changed("it is changed".to_owned())),
        24 => Message::Entry(EntryMessage::Read(details(2))),
        25 => Message::Entry(EntryMessage::Described(details(2))),
        26 => Message::Entry(EntryMessage::HandedOut {
            title: "A:b".to_owned(),
            code: SecretText::new("777-recovery".to_owned()),
            left: 2,
        }),
        27 => Message::Entry(EntryMessage::QrDrawn(Picture {
            title: "A:b".to_owned(),
            lines: vec!["This is the seed.".to_owned()],
            modules: vec![vec![true; 37]; 37],
            inverse: false,
        })),
        28 => Message::Bundle(BundleMessage::OutputSeen { exists: true, n_entries: 3, asks_vault: true }),
        29 => Message::Bundle(BundleMessage::OutputSeen { exists: false, n_entries: 3, asks_vault: false }),
        30 => Message::Bundle(BundleMessage::Proven),
        31 => Message::Bundle(BundleMessage::Planned(report())),
        32 => Message::Bundle(BundleMessage::Done(done())),
        33 => Message::Bundle(BundleMessage::Listed(vec![bundle_row("Safe 2"), bundle_row("")])),
        34 => Message::Transfer(TransferMessage::Recognised {
            format: "aegis".to_owned(),
            cost: None,
            may_have_key_file: false,
        }),
        35 => Message::Transfer(TransferMessage::Recognised {
            format: "aegis".to_owned(),
            cost: Some("32 MiB".to_owned()),
            may_have_key_file: true,
        }),
        36 => Message::Transfer(TransferMessage::Planned(report())),
        37 => Message::Transfer(TransferMessage::OutputSeen {
            exists: false,
            n_entries: 3,
            lossy: vec!["notes (1)".to_owned()],
            left_out: vec!["not written: GitHub:octo: the app has no codes by a counter".to_owned()],
            asks_vault: true,
        }),
        38 => Message::Transfer(TransferMessage::Done(done())),
        39 => Message::Transfer(TransferMessage::Imported("took 3 entries".to_owned())),
        40 => Message::Failed(Box::new(Failure::new(Kind::WrongPassphrase, "it does not fit"))),
        41 => Message::Failed(Box::new(Failure::new(Kind::Refused, "the passphrase is the vault's own"))),
        42 => Message::ReasonsRead {
            recent: vec!["INC-1".to_owned(), "\u{1b}[2J".to_owned()],
            in_session: true,
        },
        43 => quorum_seen(false),
        44 => quorum_seen(true),
        45 => share_taken(1, 1),
        46 => share_taken(2, 0),
        47 => Message::MakerUnknown("SHA256:abc".to_owned()),
        48 => Message::Custodian(CustodianMessage::Listed(vec![set_row(9, "CERAMIC MOMENT")])),
        49 => Message::Custodian(CustodianMessage::Drawn(about_cards())),
        n @ 50..=52 => Message::Custodian(CustodianMessage::Card {
            number: n - 49,
            words: SecretText::new(CARDS[usize::from(n) - 50].join(" ")),
            asked: vec![3, 1],
        }),
        53 => Message::Custodian(CustodianMessage::WordChecked(true)),
        54 => Message::Custodian(CustodianMessage::WordChecked(false)),
        55 => Message::Custodian(CustodianMessage::Done(done())),
        n @ 56..=62 => told_of_drills(n),
        n @ 63..=65 => told_of_log(n),
        n @ 66..=70 => told_of_plan(n),
        71 => Message::StatusRead(status_known("A:b")),
        n @ 80..=88 => told_of_runbooks_and_passes(n),
        n @ 73..=76 => told_of_incidents(n),
        _ => Message::Copied { title: "A:b".to_owned(), words: "sent".to_owned() },
    }
}

fn told_of_runbooks_and_passes(n: u8) -> Message {
    match n {
        80 => tui_runbooks::listed("night-shift"),
        81 => {
            let asked = Asked { name: "planned-change".to_owned(), ..Asked::default() };
            let made = Box::new(tui_runbooks::filled_in(&"A:b ".repeat(50)));
            Message::Runbook(RunbookMessage::Made(asked, made))
        }
        82 => Message::Runbook(RunbookMessage::Written("wrote it".to_owned())),
        83 => tui_passes::listed("A:b"),
        84 => Message::Pass(PassMessage::Checked(Err("no".to_owned()))),
        85 => Message::Pass(PassMessage::Ready(false)),
        86 => Message::Pass(PassMessage::Ready(true)),
        87 => tui_passes::prepared(),
        _ => Message::Pass(PassMessage::Done(done())),
    }
}

fn told_of_incidents(n: u8) -> Message {
    match n {
        73 => tui_incidents::read(tui_incidents::known()),
        74 => tui_incidents::told(lost_phone("the phone of the safe")),
        75 => tui_incidents::told(broken_glass()),
        _ => {
            let opened = IncidentMessage::Opened(broken_glass().id, "glass is broken".to_owned());
            Message::Incident(opened)
        }
    }
}

fn told_of_plan(n: u8) -> Message {
    match n {
        66 | 67 => read(TWO_WAYS),
        68 => read(""),
        69 => Message::Plan(PlanMessage::Checked(Box::new(findings()))),
        _ => Message::Plan(PlanMessage::Read(Box::new(PlanKnown::NotRead(vec!["newer".to_owned()])))),
    }
}

fn told_of_log(n: u8) -> Message {
    Message::Log(match n {
        63 => LogMessage::RehearsalBegun,
        64 => LogMessage::Recalled(done()),
        _ => LogMessage::Done(done()),
    })
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
        "<c-w>",
        "<left>",
        "i",
        "I",
        "S",
        "x",
        "r",
        "s",
        "m",
        "<tab>",
        "<right>",
        "<c-f>",
        "<pgdn>",
        "V",
        "T",
        "w",
        "c",
        "é",
        "🏦",
        "3",
        "4",
        "5",
        "6",
        ":",
        "*",
        "d",
        "D",
        "e",
        "f",
        "i",
        "m",
        "o",
        "P",
        "r",
        "s",
        "t",
        "u",
        "x",
        "<tab>",
        "<backtab>",
        "<pgdn>",
        "<pgup>",
        "<c-f>",
        "<c-p>",
        "p",
        "Q",
        "R",
        "l",
        "<right>",
        "academic ",
        "aca",
        "<c-o>",
        "K",
        "A",
        "B",
        "E",
        "C",
        "4",
        "O",
    ]);
    prop_oneof![
        8 => keys.prop_map(Step::Keys),
        2 => (1_u16..140, 1_u16..50).prop_map(|(columns, rows)| Step::Resize(columns, rows)),
        2 => (1_u8..6).prop_map(Step::Reveal),
        4 => (0_u8..89).prop_map(Step::Told),
        1 => prop::sample::select(vec!["otpauth://totp/A?secret=JBSWY3DP", "ana", "\u{202e}\u{1b}[31m", "", CARD])
            .prop_map(Step::Paste),
        1 => any::<bool>().prop_map(Step::Rows),
        1 => prop_oneof![Just(0), Just(u64::MAX), NOW - 100..NOW + 1000].prop_map(Step::Time),
    ]
}

/// The words of each card of a set. Splitting is slow in a program that is not optimised.
static CARDS: LazyLock<Vec<Vec<String>>> = LazyLock::new(|| {
    let words = |share: &Share| share.words().expose().split(' ').map(str::to_owned).collect();
    shares().iter().map(words).collect()
});

/// How many cards of a set have words on a screen that no other card of it has.
fn cards_on(screen: &str) -> usize {
    let is_on = |word: &&String| {
        let n_cards = CARDS.iter().filter(|card| card.contains(*word)).count();
        n_cards == 1 && screen.split_whitespace().any(|shown| shown == **word)
    };
    CARDS.iter().filter(|card| card.iter().filter(is_on).count() > 2).count()
}

/// Whether a card of a new set is on the screen.
fn shows_card(stage: &Stage) -> bool {
    let Screen::Custodians(page) = &stage.model.screen else { return false };
    page.holds_words() && stage.model.shows_secret_text()
}

proptest! {
    #[test]
    fn nothing_that_happens_breaks_the_interface(steps in prop::collection::vec(step(), 1..40), present: bool, ruled: bool) {
        let mut stage = if present { Stage::open() } else { Stage::first_run() };
        stage.model.prefs.reasons = ruled.then(|| Rule::new(""));
        let mut size = (80, 24);
        for step in steps {
            match step {
                // Words of a share are typed where words of a share are asked for.
                Step::Keys("academic " | "aca") | Step::Paste(CARD) if scope(&stage.model) != Scope::Share => {}
                Step::Keys(keys) => {
                    stage.keys(keys);
                }
                Step::Resize(columns, rows) => size = (columns, rows),
                // An answer may come late, when the vault is locked again.
                Step::Reveal(n) => stage.reveal(n, "424 242"),
                Step::Rows(empty) if stage.model.open => {
                    let rows = if empty { Vec::new() } else { sealed_rows() };
                    stage.send(Message::Rows { rows, set_aside: 0 });
                }
                Step::Rows(_) => {}
                Step::Told(n) => stage.send(told(n)),
                Step::Paste(CARD) => {
                    stage.paste(&CARDS[0].join(" "));
                }
                Step::Paste(text) => {
                    stage.paste(text);
                }
                Step::Time(now) => stage.send(Message::Tick(now)),
            }
            let screen = stage.screen(size.0, size.1);
            let list = &stage.model.list;
            prop_assert_eq!(list.selected.is_some(), list.selected_place().is_some());
            let holds_words = stage.model.bundle().is_some_and(BundleForm::holds_words);
            let by_shares = stage.model.bundle().is_some_and(|bundle| bundle.by_shares);
            prop_assert!(by_shares || !holds_words, "words are left where nobody sees them");
            let hands_over = |effect: &Effect| {
                matches!(effect, Effect::Bundle(BundleEffect::AddShare(_) | BundleEffect::AddShareFile(_)))
            };
            prop_assert!(!stage.effects.iter().any(hands_over) || !holds_words, "a card is left behind");
            let is_read = by_shares && stage.model.shows_secret_text();
            prop_assert!(is_read || shows_card(&stage) || !screen.contains("academic"), "{}", screen);
            let n_cards = cards_on(&screen);
            prop_assert!(n_cards <= 1, "two cards together: {}", screen);
            prop_assert!(n_cards == 0 || shows_card(&stage) || by_shares, "{}", screen);
            stage.effects.retain(|effect| !hands_over(effect));
            if stage.model.prefs.reasons.is_some() {
                let waits = |id| list.row(id).is_some_and(|row| row.privileged) && !list.because.contains_key(&id);
                prop_assert!(!list.revealed.keys().any(|id| waits(*id)));
                // Of an entry that the list does not have yet the model cannot know; the vault asks then.
                let is_listed = list.row(id(4)).is_some();
                for effect in stage.effects.drain(..) {
                    let is_given = !is_listed
                        || !format!("{effect:?}").contains(&format!("{:?}", id(4)))
                        || !matches!(effect, Effect::Reveal(..) | Effect::Copy { .. });
                    prop_assert!(is_given, "{:?}", effect);
                }
            }
            if !stage.model.open {
                prop_assert!(list.rows.is_empty() && list.revealed.is_empty());
                let model = format!("{:?}", stage.model);
                prop_assert!(!model.contains("key in the safe") && !model.contains("phone of the safe"), "{}", screen);
                prop_assert!(!screen.contains("424 242") && !screen.contains("777-rec"), "{}", screen);
            }
            let shows_code = matches!(&stage.model.screen, Screen::Drills(page) if page.code().is_some());
            prop_assert!(shows_code || !screen.contains("313 131"), "{}", screen);
            if stage.model.hides_codes() {
                prop_assert!(!screen.contains("313 131"), "{}", screen);
                prop_assert!(!screen.contains("777-rec"), "{}", screen);
                prop_assert!(!matches!(stage.model.dialog, Some(Dialog::Picture(_))));
            }
            if matches!(stage.model.screen, Screen::Add(_) | Screen::Edit(_)) && stage.model.dialog.is_none() {
                prop_assert!(!screen.contains("JBSW") || stage.model.shows_secret_text(), "{}", screen);
            }
        }
    }
}
