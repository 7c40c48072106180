//! Keys, pastes, sizes, times and answers: the path from a key to what is on the screen.

use arbitrary::{Result, Unstructured};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use lifeboat::app::check::{Checked, Known, Said};
use lifeboat::app::incident::words::{Group, ToDo};
use lifeboat::app::plan::AtHand;
use lifeboat::app::runbook::{Asked, Item, Part, Runbook, Step};
use lifeboat::app::{Failure, Kind};
use lifeboat::entry::{EntryId, Label, label};
use lifeboat::recovery::ItemId;
use lifeboat::recovery::incident::IncidentKind;
use lifeboat::recovery::plan::{Plan, Thing, ThingKind, Way};
use lifeboat::secret::{SecretBytes, SecretText};
use lifeboat::settings::Rule;
use lifeboat::tui::effect::{BundleEffect, Effect, TransferEffect};
use lifeboat::tui::keymap::translate;
use lifeboat::tui::message::{
    BundleMessage, CustodianMessage, EntryMessage, IncidentMessage, Message, PassMessage, PlanMessage,
    RunbookMessage, TransferMessage,
};
use lifeboat::tui::model::{
    AboutCards, BundleForm, BundleRow, Done, Ends, EntryDetails, EntryValues, IncidentRow, IncidentShown,
    IncidentStep, IncidentsKnown, Model, OpenedBy, PassRow, Picture, PlanKnown, PlanStep, Prefs,
    REVEALED_SECONDS, Report, ReportRow, Row, RowSeal, RunbookRow, Screen, SetRow, Start, StatusKnown,
    StatusRow, WhatIf,
};
use lifeboat::tui::theme::Theme;
use lifeboat::tui::update::update;
use lifeboat::tui::view::view;
use lifeboat::vault::{StoredPlan, Vault, VaultId, VaultKeys};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::shared::{NOW, assert_safe};

/// A code that only a revealed row may show.
const CODE: &str = "424 242";
/// A text that is pasted into fields; where a field hides it, it may not be seen.
const CANARY: &str = "cAnArY7Q";
const MOST_STEPS: usize = 40;

pub fn run(data: &[u8]) {
    let mut input = Unstructured::new(data);
    // Too few bytes are no failure.
    let _enough = sitting(&mut input);
}

fn sitting(input: &mut Unstructured<'_>) -> Result<()> {
    let mut model = Model::new(Start {
        vault_path: "~/vault.lifeboat".to_owned(),
        vault_present: input.arbitrary()?,
        key_file: input.arbitrary::<bool>()?.then(|| "~/key".to_owned()),
        kept_until: None,
        wants_key_file: input.arbitrary()?,
        sandbox_off: input.arbitrary()?,
        read_only: input.arbitrary()?,
        prefs: Prefs {
            masked: input.arbitrary()?,
            mask_on_focus_loss: input.arbitrary()?,
            motion: input.arbitrary()?,
            ascii: input.arbitrary()?,
            theme: if input.arbitrary()? { Theme::high_contrast() } else { Theme::new(input.arbitrary()?) },
            ..Prefs::default()
        },
        now: NOW,
    });
    // Tied to another choice, so that what was found before still means the same.
    model.prefs.reasons = model.sandbox_off.then(|| Rule::new("[a-z ]+"));
    if matches!(model.screen, Screen::Unlock(_)) && input.arbitrary()? {
        let rows = rows(input)?;
        send(&mut model, Message::Rows { rows, set_aside: 0 });
    }
    model.size = (48, 14);
    let mut screen = Screenful::new(model.size);
    let mut outcome = Ok(());
    for _ in 0..MOST_STEPS {
        outcome = step(&mut model, input);
        look(&model);
        // Drawing takes nearly all of the time: now and then is enough, and at the end.
        if outcome.is_err() || input.ratio(1, 4).unwrap_or(true) {
            screen.look(&model);
        }
        if outcome.is_err() {
            break;
        }
    }
    screen.look(&model);
    outcome
}

fn step(model: &mut Model, input: &mut Unstructured<'_>) -> Result<()> {
    let message = match input.int_in_range(0..=15_u8)? {
        0..=7 => match translate(model, key(input)?) {
            Some(message) => message,
            None => return Ok(()),
        },
        8 => Message::Pasted(SecretText::new(text(input)?)),
        9 => Message::Pasted(SecretText::new(CANARY.to_owned())),
        10 => Message::Resized(input.int_in_range(0..=100)?, input.int_in_range(0..=32)?),
        11 => Message::Tick(moment(input)?),
        12 => Message::Revealed {
            id: id(input)?,
            code: SecretText::new(CODE.to_owned()),
            next: input.arbitrary::<bool>()?.then(|| SecretText::new("999 999".to_owned())),
            valid_until: if input.arbitrary()? { Some(moment(input)?) } else { None },
            seconds: input.arbitrary::<bool>()?.then_some(REVEALED_SECONDS),
        },
        // A vault's content comes only as an answer to one of these.
        13 if model.open || matches!(model.screen, Screen::Unlock(_)) => {
            Message::Rows { rows: rows(input)?, set_aside: usize::from(input.arbitrary::<u8>()?) }
        }
        _ => told(input)?,
    };
    send(model, message);
    Ok(())
}

fn send(model: &mut Model, message: Message) {
    let mut asks_why = false;
    for effect in update(model, message) {
        asks_why |= matches!(effect, Effect::ReadReasons);
        if let Effect::Reveal(ids, _) = &effect {
            assert!(!ids.iter().any(|id| waits(model, *id)), "{ids:?} are shown without a reason");
        }
        let effect = if let Effect::Because(_, effect) = effect { *effect } else { effect };
        let shown = format!("{effect:?}");
        // Paths, labels and tags are no secrets; what is typed beside them is one, and its type hides it.
        let hides = !matches!(
            effect,
            Effect::LookAtBundle(_)
                | Effect::OpenBundle { .. }
                | Effect::Incident(_)
                | Effect::ListFolder(_)
                | Effect::Pass(_)
                | Effect::Plan(_)
                | Effect::Runbook(_)
                | Effect::UseKeyFile(_)
                | Effect::Bundle(
                    BundleEffect::AddShareFile(_)
                        | BundleEffect::CheckOutput(..)
                        | BundleEffect::Create(_)
                        | BundleEffect::Verify { .. }
                )
                | Effect::Transfer(
                    TransferEffect::CheckOutput { .. }
                        | TransferEffect::Export(_)
                        | TransferEffect::Read { .. }
                        | TransferEffect::Recognise(_)
                )
        );
        let hands_over =
            matches!(&effect, Effect::Bundle(BundleEffect::AddShare(_) | BundleEffect::AddShareFile(_)));
        assert!(!hands_over || !model.bundle().is_some_and(BundleForm::holds_words), "a card is left behind");
        assert!(!hides || !(shown.contains(CANARY) || shown.contains(CODE)), "{shown}");
    }
    if asks_why {
        send(
            model,
            Message::ReasonsRead {
                recent: vec!["disk full".to_owned(), "\u{1b}[2J".to_owned()],
                in_session: false,
            },
        );
    }
}

/// What the world may say, wanted or not. Words come from `app` safe to show.
fn told(input: &mut Unstructured<'_>) -> Result<Message> {
    Ok(match input.int_in_range(0..=14_u8)? {
        0 => Message::Started { what: words(input)?, can_cancel: input.arbitrary()? },
        1 => Message::Finished,
        2 => Message::CopiedBefore { id: id(input)?, copied_at: moment(input)?, next_at: moment(input)? },
        3 => Message::Generated(SecretText::new("eight words".to_owned())),
        4 => Message::Failed(Box::new(Failure::new(Kind::Io, words(input)?))),
        5 => Message::Failed(Box::new(Failure::new(Kind::WrongPassphrase, words(input)?))),
        6 => Message::Noticed(words(input)?),
        7 => Message::Added { id: id(input)?, title: words(input)?, warnings: vec![words(input)?] },
        8 => {
            let (passphrase, key_file, needs_key_file) =
                (input.arbitrary()?, input.arbitrary()?, input.arbitrary()?);
            Message::BundleSeen {
                about: vec![words(input)?],
                facts: vec![("label", words(input)?)],
                by: OpenedBy {
                    passphrase,
                    key_file,
                    needs_key_file,
                    // Tied to another choice, so that what was found before still means the same.
                    shares: (!passphrase).then(|| ("ACADEMIC ACID".to_owned(), 2)),
                },
            }
        }
        9 => {
            let n_entries: usize = input.arbitrary()?;
            // Tied to it, as above.
            match n_entries % 4 {
                1 => Message::ShareTaken { number: 1, again: false, missing: 1, numbers: vec![1] },
                2 => Message::MakerUnknown(words(input)?),
                3 => Message::Custodian(about_custodians(input, n_entries / 4)?),
                _ if n_entries / 4 % 3 == 1 && n_entries / 12 % 4 == 3 => about_recovery(input)?,
                _ if n_entries / 4 % 3 == 1 => about_plan(input)?,
                _ if n_entries / 4 % 3 == 2 => Message::StatusRead(status(words(input)?)),
                _ if n_entries / 12 % 4 == 3 => about_incidents(input)?,
                _ => Message::BundleOpened { n_entries, warning: Some(words(input)?) },
            }
        }
        10 => Message::Estimated(words(input)?),
        11 => Message::Entry(about_entry(input)?),
        12 => Message::Bundle(about_bundle(input)?),
        13 => Message::Transfer(about_file(input)?),
        _ => Message::Copied { title: words(input)?, words: words(input)? },
    })
}

/// What the world may say of incidents: all of them, one of them, and what was done. Words come safe to show.
fn about_incidents(input: &mut Unstructured<'_>) -> Result<Message> {
    let id = ItemId::from_bytes([input.int_in_range(0..=2_u8)?; 4]);
    let is_open: bool = input.arbitrary()?;
    let text = words(input)?;
    Ok(Message::Incident(match input.int_in_range(0..=3_u8)? {
        0 => IncidentMessage::Done(text),
        1 => IncidentMessage::Opened(id, text),
        2 => IncidentMessage::Read(IncidentsKnown {
            rows: vec![IncidentRow {
                id,
                kind: IncidentKind::Stolen,
                subject: Some(Label::new(text.as_str())),
                opened: text.clone(),
                state: text.clone(),
                is_running: !is_open,
                is_open,
                reason: text.clone(),
            }],
            devices: vec![Label::new(text.as_str())],
            persons: vec![Label::new(text)],
        }),
        _ => {
            let task = |number, is_done| ToDo { number, is_done, words: "prove", note: text.clone() };
            let tasks = vec![task(1, false), task(2, true)];
            IncidentMessage::Shown(Box::new(IncidentShown {
                id,
                title: text.clone(),
                facts: vec![("reason", text.clone())],
                revealed: input.arbitrary::<bool>()?.then(|| vec![text.clone()]),
                groups: vec![Group { title: text.clone(), marks: Vec::new(), tasks }],
                is_open,
                ends: input.arbitrary::<bool>()?.then(|| Ends::At(text.clone())),
                is_away: !is_open,
            }))
        }
    }))
}

/// A status about one name.
fn status(name: String) -> StatusKnown {
    let row = StatusRow { group: "due", words: name.clone(), names: name.clone(), counts: true };
    StatusKnown { facts: vec![("vault", name)], rows: vec![row] }
}

/// What the world may say of one entry.
fn about_entry(input: &mut Unstructured<'_>) -> Result<EntryMessage> {
    let secret = || SecretText::new("otpauth://totp/A:b?secret=JBSWY3DPEHPK3PXP".to_owned());
    let id = id(input)?;
    let details = EntryDetails {
        id,
        title: words(input)?,
        facts: vec![("note", words(input)?), ("", words(input)?)],
        n_recovery_codes: input.arbitrary()?,
        n_recovery_codes_left: input.arbitrary()?,
    };
    let said = Said {
        issuer: text(input)?,
        account: text(input)?,
        type_name: input.choose(&["totp", "hotp", "steam"])?,
        algorithm: "SHA256",
        digits: input.arbitrary()?,
        number: input.arbitrary()?,
    };
    Ok(match input.int_in_range(0..=8_u8)? {
        0 => EntryMessage::Changed(words(input)?),
        1 => EntryMessage::Checked { outcome: Err(words(input)?), fills: input.arbitrary()? },
        2 => {
            let twin = if input.arbitrary()? { Some(Known { id, title: words(input)? }) } else { None };
            let checked = Checked { said: Some(said), twin, bits: input.arbitrary()?, ..Checked::default() };
            EntryMessage::Checked { outcome: Ok(Box::new(checked)), fills: input.arbitrary()? }
        }
        3 => EntryMessage::Described(details),
        4 => EntryMessage::Read(details),
        5 => EntryMessage::HandedOut {
            title: words(input)?,
            code: SecretText::new(CODE.to_owned()),
            left: input.arbitrary()?,
        },
        6 => EntryMessage::PictureRead((0..input.int_in_range(0..=20_u8)?).map(|_| secret()).collect()),
        7 => {
            let side = usize::from(input.arbitrary::<u8>()?);
            let modules = vec![vec![true; side]; side];
            let lines = vec![words(input)?];
            EntryMessage::QrDrawn(Picture { title: words(input)?, lines, modules, inverse: false })
        }
        _ => EntryMessage::ToChange(Box::new(EntryValues {
            id,
            title: words(input)?,
            issuer: said.issuer,
            account: said.account,
            type_name: said.type_name,
            algorithm: said.algorithm,
            digits: said.digits,
            number: said.number,
            tags: vec![text(input)?],
            note: text(input)?,
            favourite: input.arbitrary()?,
            privileged: input.arbitrary()?,
            provenance: None,
            n_recovery_codes: input.arbitrary()?,
            n_recovery_codes_left: input.arbitrary()?,
            sealed: None,
        })),
    })
}

/// What the world may say of share sets; which of it is tied to a number.
fn about_custodians(input: &mut Unstructured<'_>, number: usize) -> Result<CustodianMessage> {
    Ok(match number % 5 {
        0 => CustodianMessage::Listed(vec![SetRow {
            id: 1,
            name: words(input)?,
            quorum: words(input)?,
            made: words(input)?,
            state: words(input)?,
            is_due: true,
            is_replaced: false,
            needed: 2,
            custodians: vec![text(input)?, text(input)?],
            facts: vec![("shares", words(input)?)],
        }]),
        1 => CustodianMessage::Drawn(AboutCards {
            set: words(input)?,
            needed: 2,
            custodians: vec![words(input)?, words(input)?],
            made: words(input)?,
            check_by: words(input)?,
            maker: words(input)?,
        }),
        // A card's words are a code's like: nothing of them may be seen once the vault is locked.
        2 => {
            CustodianMessage::Card { number: 1, words: SecretText::new(CODE.to_owned()), asked: vec![1, 20] }
        }
        3 => CustodianMessage::WordChecked(input.arbitrary()?),
        _ => CustodianMessage::Done(done(input)?),
    })
}

/// Runbooks and passes, and what is said of one.
fn about_recovery(input: &mut Unstructured<'_>) -> Result<Message> {
    let (name, says) = (words(input)?, words(input)?);
    Ok(match input.int_in_range(0..=5_u8)? {
        0 => Message::Runbook(RunbookMessage::Listed(vec![RunbookRow {
            name: name.clone(),
            shown: name,
            what: says,
            own: true,
        }])),
        1 => {
            let step = Step { number: 1, text: says.clone(), ticks: vec![name.clone()], ..Step::default() };
            let items = vec![Item::Warns(says), Item::Step(step)];
            let runbook = Runbook {
                name: name.clone(),
                title: name.clone(),
                about: None,
                made: NOW,
                parts: vec![Part { heading: name.clone(), items }],
                own_markdown: if input.arbitrary()? { Some(text(input)?) } else { None },
            };
            let asked = Asked { name, ..Asked::default() };
            Message::Runbook(RunbookMessage::Made(asked, Box::new(runbook)))
        }
        2 => Message::Pass(PassMessage::Listed(vec![PassRow {
            id: ItemId::from_bytes([7; 4]),
            title: name.clone(),
            to: name,
            until: says.clone(),
            state: "live",
            is_open: input.arbitrary()?,
            is_good: input.arbitrary()?,
            facts: vec![("reason", says)],
        }])),
        3 => Message::Pass(PassMessage::Checked(Err(says))),
        4 => Message::Pass(PassMessage::Ready(input.arbitrary()?)),
        _ => Message::Pass(PassMessage::Prepared(SecretText::new("eight words".to_owned()))),
    })
}

/// A plan of a place, a device and an account, which the vault knows with what it knows by itself.
fn about_plan(input: &mut Unstructured<'_>) -> Result<Message> {
    // A name is neither empty nor too long, and no two things have the same.
    let mut thing = |at: u8, kind| -> Result<Thing> {
        let name: String = text(input)?.chars().take(40).collect();
        Ok(Thing { note: text(input)?, lost: input.ratio(1, 8)?, ..Thing::new(format!("{at} {name}"), kind) })
    };
    let place = thing(1, ThingKind::Place)?;
    let device = Thing { needs: vec![place.name.clone()], ..thing(2, ThingKind::Device)? };
    let ways = vec![Way { of: vec![device.name.clone(), place.name.clone()], at_least: Some(1) }];
    let account = Thing { ways, ..thing(3, ThingKind::Account)? };
    let keys =
        VaultKeys { log: SecretBytes::from_slice(&[5; 32]), signing: SecretBytes::from_slice(&[6; 32]) };
    let mut vault = Vault::new(VaultId([8; 16]), keys, NOW);
    let things = vec![place, device, account];
    vault.plan = if input.ratio(1, 4)? {
        StoredPlan::None
    } else {
        StoredPlan::Read(Plan { things, scenarios: Vec::new() })
    };
    let known = match AtHand::of(&vault) {
        Ok(at_hand) => PlanKnown::Read(Box::new(WhatIf::of(at_hand))),
        Err(failure) => PlanKnown::NotRead(vec![failure.what]),
    };
    Ok(Message::Plan(PlanMessage::Read(Box::new(known))))
}

fn about_bundle(input: &mut Unstructured<'_>) -> Result<BundleMessage> {
    Ok(match input.int_in_range(0..=4_u8)? {
        0 => BundleMessage::Done(done(input)?),
        1 => BundleMessage::Listed(vec![BundleRow {
            day: words(input)?,
            n_entries: input.arbitrary()?,
            changes: words(input)?,
            is_current: input.arbitrary()?,
            review: Some(words(input)?),
            review_due: input.arbitrary()?,
            label: words(input)?,
            path: text(input)?,
            facts: vec![("file", words(input)?)],
        }]),
        2 => BundleMessage::OutputSeen {
            exists: input.arbitrary()?,
            n_entries: input.arbitrary()?,
            asks_vault: input.arbitrary()?,
        },
        3 => BundleMessage::Planned(report(input)?),
        _ => BundleMessage::Proven,
    })
}

fn about_file(input: &mut Unstructured<'_>) -> Result<TransferMessage> {
    Ok(match input.int_in_range(0..=4_u8)? {
        0 => TransferMessage::Done(done(input)?),
        1 => TransferMessage::Imported(words(input)?),
        2 => TransferMessage::OutputSeen {
            exists: input.arbitrary()?,
            n_entries: input.arbitrary()?,
            lossy: vec![words(input)?],
            left_out: vec![words(input)?],
            asks_vault: input.arbitrary()?,
        },
        3 => TransferMessage::Planned(report(input)?),
        _ => TransferMessage::Recognised {
            format: words(input)?,
            cost: if input.arbitrary()? { Some(words(input)?) } else { None },
            may_have_key_file: input.arbitrary()?,
        },
    })
}

fn report(input: &mut Unstructured<'_>) -> Result<Report> {
    let row = ReportRow {
        outcome: "new",
        name: words(input)?,
        notes: vec![words(input)?],
        is_refused: input.arbitrary()?,
    };
    let (n_written, n_refused) = (input.arbitrary()?, input.arbitrary()?);
    Ok(Report { summary: vec![words(input)?], rows: vec![row], offset: 0, n_written, n_refused })
}

fn done(input: &mut Unstructured<'_>) -> Result<Done> {
    Ok(Done {
        name: "Done",
        what: words(input)?,
        warnings: vec![words(input)?],
        facts: vec![("file", words(input)?)],
        next: vec![words(input)?],
        offset: input.arbitrary()?,
    })
}

fn key(input: &mut Unstructured<'_>) -> Result<KeyEvent> {
    let code = match input.int_in_range(0..=7_u8)? {
        0..=2 => KeyCode::Char(char::from(input.int_in_range(b' '..=b'~')?)),
        3 => KeyCode::Char(*input.choose(&[
            '1', '2', 'a', 'n', 'y', 'w', 'v', 'V', 'L', '/', '?', 'c', 'r', 'u', 'o', 'e', 'p', 'Q', 'R',
            'i',
        ])?),
        4 => KeyCode::Char(input.arbitrary()?),
        5 => KeyCode::F(input.arbitrary()?),
        _ => *input.choose(&[
            KeyCode::Enter,
            KeyCode::Esc,
            KeyCode::Backspace,
            KeyCode::Delete,
            KeyCode::Up,
            KeyCode::Down,
            KeyCode::Left,
            KeyCode::Right,
            KeyCode::Home,
            KeyCode::End,
            KeyCode::PageUp,
            KeyCode::PageDown,
            KeyCode::Tab,
            KeyCode::BackTab,
            KeyCode::Null,
        ])?,
    };
    let modifiers = if input.ratio(1, 4)? { input.arbitrary()? } else { 0 };
    Ok(KeyEvent::new(code, KeyModifiers::from_bits_truncate(modifiers)))
}

fn rows(input: &mut Unstructured<'_>) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for n in 0..input.int_in_range(0..=9_u8)? {
        rows.push(Row {
            id: EntryId::from_bytes([n; 16]),
            issuer: words(input)?,
            account: words(input)?,
            tags: if input.arbitrary()? { vec![words(input)?] } else { Vec::new() },
            period: if input.arbitrary()? { Some(input.int_in_range(1..=86_400)?) } else { None },
            digits: input.int_in_range(1..=10)?,
            favourite: input.arbitrary()?,
            privileged: input.arbitrary()?,
            proven: if input.arbitrary()? { Some(moment(input)?) } else { None },
            used: None,
            sealed: if input.ratio(1, 4)? {
                Some(RowSeal { by: words(input)?, passphrase: input.arbitrary()? })
            } else {
                None
            },
        });
    }
    Ok(rows)
}

fn id(input: &mut Unstructured<'_>) -> Result<EntryId> {
    Ok(EntryId::from_bytes([input.int_in_range(0..=9)?; 16]))
}

fn moment(input: &mut Unstructured<'_>) -> Result<u64> {
    if input.ratio(1, 8)? {
        input.arbitrary()
    } else {
        Ok(NOW - 100 + u64::from(input.arbitrary::<u8>()?) * 4)
    }
}

/// Any text of a few characters, sometimes many times over.
fn text(input: &mut Unstructured<'_>) -> Result<String> {
    let length = usize::from(input.arbitrary::<u8>()? >> 2);
    // The fuzzer learns the canary from what it is compared with; only what is pasted may hold it.
    let text = String::from_utf8_lossy(input.bytes(length.min(input.len()))?).replace(CANARY, "");
    Ok(if input.ratio(1, 16)? { text.repeat(400) } else { text })
}

/// Text as `app` hands it to the interface.
fn words(input: &mut Unstructured<'_>) -> Result<String> {
    Ok(label::shown(&text(input)?))
}

/// Whether nothing of an entry may be shown before a reason is given.
fn waits(model: &Model, id: EntryId) -> bool {
    model.prefs.reasons.is_some()
        && model.list.row(id).is_some_and(|row| row.privileged)
        && !model.list.because.contains_key(&id)
}

/// What must hold of every model.
fn look(model: &Model) {
    let list = &model.list;
    assert!(!list.revealed.keys().any(|id| waits(model, *id)), "a code is shown without its reason");
    assert_eq!(list.selected.is_some(), list.selected_place().is_some(), "what is selected can be seen");
    if let Some(bundle) = model.bundle() {
        assert!(
            bundle.by_shares || !bundle.holds_words(),
            "words of a share are left where nobody sees them"
        );
    }
    if !model.open {
        assert!(list.rows.is_empty() && list.revealed.is_empty(), "nothing is left of a locked vault");
    }
}

/// Names of things and what is looked for among them and in the log are no secrets, nor are questions about them.
fn names_in_clear(model: &Model) -> bool {
    if let Screen::Log(page) = &model.screen {
        return page.filter.contains(CANARY) || page.wanted.in_words().contains(CANARY);
    }
    if let Screen::Incidents(page) = &model.screen {
        let form = if let IncidentStep::Form(form) = &page.doing { Some(form) } else { None };
        return form.is_some_and(|form| format!("{:?}", form.hints).contains(CANARY));
    }
    let Screen::Plan(page) = &model.screen else { return false };
    let hints = if let PlanStep::Form(form) = &page.doing { form.hints.concat() } else { String::new() };
    page.filter.contains(CANARY) || hints.contains(CANARY)
}

/// A terminal of one size, kept until the size changes.
struct Screenful {
    size: (u16, u16),
    terminal: Terminal<TestBackend>,
}

impl Screenful {
    fn new(size: (u16, u16)) -> Self {
        Self { size, terminal: Terminal::new(TestBackend::new(size.0, size.1)).unwrap() }
    }

    /// What must hold of every screen.
    fn look(&mut self, model: &Model) {
        if self.size != model.size {
            *self = Self::new(model.size);
        }
        self.terminal.draw(|frame| view(model, frame)).unwrap();
        let mut screen = String::new();
        for cell in self.terminal.backend().buffer().content() {
            assert_safe(cell.symbol());
            screen.push_str(cell.symbol());
        }
        assert!(model.open || !screen.contains(CODE), "{screen}");
        // The path of a key file is no secret.
        let path_in_clear =
            model.asks_key_file() || model.key_file.as_ref().is_some_and(|path| path.contains(CANARY));
        if matches!(&model.screen, Screen::Unlock(form) if !form.field.is_shown()) && !path_in_clear {
            assert!(!screen.contains(CANARY), "{screen}");
        }
        // A filter is no secret; everything else that is typed may be one.
        let in_clear = path_in_clear || model.list.filter.contains(CANARY) || names_in_clear(model);
        assert!(in_clear || !format!("{model:?}").contains(CANARY), "a model holds no typed text in clear");
    }
}
