//! The interface without a terminal: keys through the real keymap, screens onto a test backend.

use std::sync::LazyLock;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use lifeboat::app::audit::Standing;
use lifeboat::app::check::{Checked, Said};
use lifeboat::custody::{self, Quorum, SetId, Share};
use lifeboat::entry::EntryId;
use lifeboat::secret::{SecretBytes, SecretText};
use lifeboat::tui::effect::Effect;
use lifeboat::tui::keymap::translate;
use lifeboat::tui::message::{EntryMessage, Message};
use lifeboat::tui::model::{
    AboutCards, BundleRow, Done, EntryDetails, EntryValues, LogRow, Model, OpenedBy, Prefs, REVEALED_SECONDS,
    Report, ReportRow, Row, SetRow, Start,
};
use lifeboat::tui::update::update;
use lifeboat::tui::view::view;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use unicode_width::UnicodeWidthStr as _;

/// 2023-11-14T22:13:20Z, ten seconds before the end of a step of thirty.
pub(crate) const NOW: u64 = 1_700_000_000;

/// A model and the effects that it has asked for.
pub(crate) struct Stage {
    pub(crate) model: Model,
    pub(crate) effects: Vec<Effect>,
}

impl Stage {
    /// No vault yet.
    pub(crate) fn first_run() -> Self {
        Self::new(false)
    }

    /// A vault that is locked.
    pub(crate) fn locked() -> Self {
        Self::new(true)
    }

    /// An open vault of five entries.
    pub(crate) fn open() -> Self {
        let mut stage = Self::new(true);
        stage.send(Message::Rows { rows: rows(), set_aside: 0 });
        stage
    }

    fn new(present: bool) -> Self {
        let start = Start {
            vault_path: "~/vault.lifeboat".to_owned(),
            vault_present: present,
            key_file: None,
            wants_key_file: false,
            kept_until: None,
            sandbox_off: false,
            read_only: false,
            prefs: Prefs::default(),
            now: NOW,
        };
        Self { model: Model::new(start), effects: Vec::new() }
    }

    pub(crate) fn send(&mut self, message: Message) {
        self.effects.extend(update(&mut self.model, message));
    }

    /// Presses keys: characters as they are, others as `<enter>`, `<esc>`, `<c-r>`.
    pub(crate) fn keys(&mut self, keys: &str) -> &mut Self {
        let mut rest = keys;
        while let Some(c) = rest.chars().next() {
            let (event, length) = match rest.strip_prefix('<').and_then(|named| named.split_once('>')) {
                Some((name, _)) => (named_key(name), name.len() + 2),
                None => (KeyEvent::from(KeyCode::Char(c)), c.len_utf8()),
            };
            rest = &rest[length..];
            if let Some(message) = translate(&self.model, event) {
                self.send(message);
            }
        }
        self
    }

    /// Lets seconds pass, one tick each.
    pub(crate) fn wait(&mut self, seconds: u64) -> &mut Self {
        for _ in 0..seconds {
            self.send(Message::Tick(self.model.now + 1));
        }
        self
    }

    /// Pastes a text.
    pub(crate) fn paste(&mut self, text: &str) -> &mut Self {
        self.send(Message::Pasted(SecretText::new(text.to_owned())));
        self
    }

    /// Answers a reveal with a code.
    pub(crate) fn reveal(&mut self, n: u8, code: &str) {
        self.send(Message::Revealed {
            id: id(n),
            code: SecretText::new(code.to_owned()),
            next: Some(SecretText::new("999 999".to_owned())),
            valid_until: Some(NOW + 10),
            seconds: Some(REVEALED_SECONDS),
        });
    }

    /// The effects since the last look, as their Debug texts, which hold no secret.
    pub(crate) fn asked_for(&mut self) -> String {
        let shown: Vec<String> = self.effects.drain(..).map(|effect| format!("{effect:?}")).collect();
        shown.join(" ")
    }

    /// The screen as text, line ends trimmed.
    pub(crate) fn screen(&mut self, columns: u16, rows: u16) -> String {
        self.send(Message::Resized(columns, rows));
        let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
        terminal.draw(|frame| view(&self.model, frame)).unwrap();
        let buffer = terminal.backend().buffer();
        let mut text = String::new();
        for y in 0..rows {
            let mut line = String::new();
            let mut x = 0;
            while x < columns {
                let symbol = buffer[(x, y)].symbol();
                line.push_str(symbol);
                // A wide character covers the cell after it.
                x += u16::try_from(symbol.width().max(1)).unwrap();
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }
}

impl Stage {
    /// Column and line of the terminal's cursor.
    pub(crate) fn cursor(&mut self, columns: u16, rows: u16) -> (u16, u16) {
        self.send(Message::Resized(columns, rows));
        let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
        terminal.draw(|frame| view(&self.model, frame)).unwrap();
        let position = terminal.get_cursor_position().unwrap();
        (position.x, position.y)
    }
}

/// What the world says of a good URI in the form of a new entry, as it fills the other fields.
pub(crate) fn checked(issuer: &str, account: &str) -> Message {
    let said = Said {
        issuer: issuer.to_owned(),
        account: account.to_owned(),
        type_name: "totp",
        algorithm: "SHA1",
        digits: 6,
        number: 30,
    };
    let checked = Checked { said: Some(said), bits: 80, is_short: true, ..Checked::default() };
    Message::Entry(EntryMessage::Checked { outcome: Ok(Box::new(checked)), fills: true })
}

/// What is known of an entry, as its page shows it.
pub(crate) fn details(n: u8) -> EntryDetails {
    let fact = |name, words: &str| (name, words.to_owned());
    EntryDetails {
        id: id(n),
        title: "Bank:ana".to_owned(),
        facts: vec![
            fact("codes", "TOTP, a new one every 10 s: 8 digits, SHA1"),
            fact("tags", "work, money"),
            fact("note", "the branch in the harbour knows the second contact"),
            fact("", "ask for Maria"),
            fact("seed", "160 bits"),
            fact("proven", "2023-11-01T09:00:00Z: the service accepted a code"),
            fact("origin", "copied: old phone has the same seed"),
            fact("recovery", "5 of 8 codes are unused; R hands out the next"),
            fact("bundles", "2023-11-02  Safe  as it is now"),
            fact("", "2023-05-02  Drawer  as it was before a change: make a new one"),
            fact("added", "2023-01-01T10:00:00Z"),
            fact("id", "02020202020202020202020202020202"),
            fact("history", "2023-11-01T09:00:00Z  proven  ana@desk"),
        ],
        n_recovery_codes: 8,
        n_recovery_codes_left: 5,
    }
}

/// An entry as the form that changes it begins with.
pub(crate) fn values() -> EntryValues {
    EntryValues {
        id: id(2),
        title: "Bank:ana".to_owned(),
        issuer: "Bank".to_owned(),
        account: "ana".to_owned(),
        type_name: "totp",
        algorithm: "SHA1",
        digits: 8,
        number: 10,
        tags: vec!["work".to_owned(), "money".to_owned()],
        note: "first line\nsecond line".to_owned(),
        favourite: false,
        privileged: true,
        provenance: None,
        n_recovery_codes: 8,
        n_recovery_codes_left: 5,
        sealed: None,
    }
}

fn named_key(name: &str) -> KeyEvent {
    let code = match name {
        "enter" => KeyCode::Enter,
        "esc" => KeyCode::Esc,
        "up" => KeyCode::Up,
        "down" => KeyCode::Down,
        "left" => KeyCode::Left,
        "right" => KeyCode::Right,
        "tab" => KeyCode::Tab,
        "backtab" => KeyCode::BackTab,
        "pgdn" => KeyCode::PageDown,
        "pgup" => KeyCode::PageUp,
        "home" => KeyCode::Home,
        "end" => KeyCode::End,
        "backspace" => KeyCode::Backspace,
        alt if alt.starts_with("a-") => {
            return KeyEvent::new(KeyCode::Char(alt.chars().last().unwrap()), KeyModifiers::ALT);
        }
        "f1" => KeyCode::F(1),
        ctrl if ctrl.starts_with("c-") => {
            return KeyEvent::new(KeyCode::Char(ctrl.chars().last().unwrap()), KeyModifiers::CONTROL);
        }
        other => panic!("no key is named {other}"),
    };
    KeyEvent::from(code)
}

/// The answer to a look at a bundle that a passphrase opens, with or without a key file.
pub(crate) fn bundle_seen(about: &[&str], needs_key_file: bool) -> Message {
    let about: Vec<String> = about.iter().map(|line| (*line).to_owned()).collect();
    Message::BundleSeen {
        facts: about.iter().map(|line| ("says", line.clone())).collect(),
        about,
        by: OpenedBy { passphrase: true, key_file: needs_key_file, needs_key_file, shares: None },
    }
}

/// A bundle in the list, made ten days ago.
pub(crate) fn bundle_row(label: &str) -> BundleRow {
    BundleRow {
        day: "2023-11-04".to_owned(),
        n_entries: 12,
        changes: "1 new, 2 changed".to_owned(),
        is_current: false,
        review: Some("2024-02-02".to_owned()),
        review_due: false,
        label: label.to_owned(),
        path: "/media/usb/safe.bundle".to_owned(),
        facts: vec![
            ("file", "/media/usb/safe.bundle".to_owned()),
            ("made", "2023-11-04T20:00:00Z, of generation 7".to_owned()),
            ("sha256", "0123456789abcdef".repeat(4)),
        ],
    }
}

/// What a file would bring: one of each.
pub(crate) fn report() -> Report {
    let row = |outcome, name: &str, notes: &[&str], is_refused| ReportRow {
        outcome,
        name: name.to_owned(),
        notes: notes.iter().map(|note| (*note).to_owned()).collect(),
        is_refused,
    };
    Report {
        summary: vec!["aegis.json (aegis) would bring 2 entries; 1 is there already.".to_owned()],
        rows: vec![
            row("new", "GitLab:ana", &[], false),
            row(
                "conflicting",
                "AWS:root@example.org",
                &["another entry has this name with another seed"],
                false,
            ),
            row("there already", "Bank:ana", &[], false),
        ],
        offset: 0,
        n_written: 2,
        n_refused: 0,
    }
}

/// Something that was done.
pub(crate) fn done() -> Done {
    Done {
        name: "New bundle",
        what: "The bundle is made: 5 entries.".to_owned(),
        warnings: Vec::new(),
        facts: vec![("file", "/media/usb/safe.bundle".to_owned()), ("sha256", "0123456789abcdef".repeat(4))],
        next: vec!["Copy it to a place that does not burn with this one.".to_owned()],
        offset: 0,
    }
}

pub(crate) fn id(n: u8) -> EntryId {
    EntryId::from_bytes([n; 16])
}

/// Five entries with periods of 10, 30, 60 and 90 seconds, and a counter.
pub(crate) fn rows() -> Vec<Row> {
    let row = |n, issuer: &str, account: &str, period, digits| Row {
        id: id(n),
        issuer: issuer.to_owned(),
        account: account.to_owned(),
        tags: if n == 1 { vec!["work".to_owned()] } else { Vec::new() },
        period,
        digits,
        favourite: n == 1,
        privileged: n == 4,
        proven: None,
        used: None,
        sealed: None,
    };
    vec![
        row(1, "AWS", "root@example.org", Some(30), 6),
        row(2, "Bank", "ana", Some(10), 8),
        row(3, "GitHub", "ana", Some(60), 6),
        row(4, "Hypervisor", "root", Some(90), 6),
        row(5, "VPN", "ana", None, 6),
    ]
}

/// The shares of a set of three of which two are needed.
pub(crate) fn shares() -> &'static [Share] {
    static SHARES: LazyLock<Vec<Share>> = LazyLock::new(|| {
        let secret = SecretBytes::from_slice(&[7; custody::SECRET_BYTES]);
        let quorum = Quorum::new(2, 3).unwrap();
        let random: Vec<u8> = (0_u8..=255).cycle().take(quorum.n_random_bytes()).collect();
        custody::split(&secret, SetId::new(4242).unwrap(), quorum, &SecretBytes::new(random)).unwrap()
    });
    &SHARES
}

/// The answer to a look at a bundle that shares open, and perhaps a passphrase too.
pub(crate) fn quorum_seen(passphrase: bool) -> Message {
    Message::BundleSeen {
        about: vec!["label Ana's safe".to_owned(), "opened by 2 of 3 shares".to_owned()],
        facts: vec![("label", "Ana's safe".to_owned())],
        by: OpenedBy {
            passphrase,
            key_file: false,
            needs_key_file: false,
            shares: Some((shares()[0].set().name(), 2)),
        },
    }
}

/// What the runner says of a share that it took.
pub(crate) fn share_taken(number: u8, missing: u8) -> Message {
    Message::ShareTaken { number, again: false, missing, numbers: (1..=number).collect() }
}

/// A share set in the list.
pub(crate) fn set_row(id: u16, name: &str) -> SetRow {
    SetRow {
        id,
        name: name.to_owned(),
        quorum: "2 of 3".to_owned(),
        made: "2023-08-10".to_owned(),
        state: "2 DUE; 1 of 3 acknowledged".to_owned(),
        is_due: true,
        is_replaced: false,
        needed: 2,
        custodians: vec!["Ana".to_owned(), "Ben".to_owned(), "Cem".to_owned()],
        facts: vec![
            ("shares", "1  Ana   2023-11-01, acknowledged".to_owned()),
            ("", "2  Ben   2023-08-10, typed back when it was made   DUE".to_owned()),
            ("", "3  Cem   never: not typed back, not acknowledged   DUE".to_owned()),
            ("check by", "2023-11-08".to_owned()),
            ("opens", "2023-11-04  /media/usb/safe.bundle  Ana's safe".to_owned()),
        ],
    }
}

/// A record of the log about one of the five entries.
pub(crate) fn log_row(n: u8) -> LogRow {
    let title = rows().into_iter().find(|row| row.id == id(n)).map(|row| row.title()).unwrap_or_default();
    LogRow {
        standing: Standing::Sealed(u64::from(n)),
        at: NOW - 3600,
        event: "code-shown".to_owned(),
        entry: Some(id(n)),
        title,
        user: "ana".to_owned(),
        host: "desk".to_owned(),
        way: "passphrase 0a0b0c0d".to_owned(),
        reason: None,
        generation: None,
        facts: Vec::new(),
    }
}

/// What the cards of a set that was drawn for three say.
pub(crate) fn about_cards() -> AboutCards {
    AboutCards {
        set: shares()[0].set().name(),
        needed: 2,
        custodians: vec!["Ana".to_owned(), "Ben".to_owned(), "Cem".to_owned()],
        made: "2023-11-14".to_owned(),
        check_by: "2024-02-12".to_owned(),
        maker: "SHA256:jVQ9yqYRdFdzpZPHWV3dyG8mGzvFvGlEHBVvFmyPPbg".to_owned(),
    }
}
