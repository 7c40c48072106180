//! What the interface costs between a key and its frame, in CPU time, against the goals that were set for it.
//!
//! `cargo bench --bench interface`. The frame is drawn for a terminal of 200 columns and 50 rows and made into bytes, as the program
//! does it; what the terminal does with them is not in it.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a measurement that cannot run has nothing to go on with, and its result is a table"
)]

#[path = "support/table.rs"]
mod table;

use std::hint::black_box;

use lifeboat::app::plan::AtHand;
use lifeboat::entry::{Entry, EntryDraft, EntryId, Label};
use lifeboat::otp::{Otp, Seed};
use lifeboat::recovery::plan::{Plan, Thing, ThingKind, Way};
use lifeboat::secret::{SecretBytes, SecretText};
use lifeboat::tui::cells::Cells;
use lifeboat::tui::message::{Message, PlanMessage, Typed};
use lifeboat::tui::model::{Model, Place, PlanKnown, PlanPage, Prefs, Screen, Start, WhatIf};
use lifeboat::tui::rows;
use lifeboat::tui::update::update;
use lifeboat::tui::view::view;
use lifeboat::vault::{StoredPlan, Vault, VaultId, VaultKeys};
use ratatui::Terminal;
use table::Table;

/// The shipped program wipes what it frees, and that costs time: so does this one.
#[global_allocator]
static WIPING: zeroizing_alloc::ZeroAlloc<std::alloc::System> =
    zeroizing_alloc::ZeroAlloc(std::alloc::System);

const NOW: u64 = 1_800_000_000;
const SIZE: (u16, u16) = (200, 50);

/// How large a terminal is.
type Size = fn() -> (u16, u16);

fn main() {
    // Cargo adds `--bench`; everything else that begins so is for a harness that this is not.
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let mut table = Table::new(words);
    for (n_entries, first, key) in
        [(1_000, None, None), (10_000, Some(10.0), Some(5.0)), (100_000, None, Some(16.0))]
    {
        let vault = vault_of(n_entries);
        table.measure_afresh(
            &format!("first frame after unlocking, {n_entries}"),
            11,
            first,
            Sitting::locked,
            |sitting| {
                sitting.send(Message::Rows { rows: rows::of(&vault), set_aside: 0 });
                sitting.draw();
            },
        );
        let open = || {
            let mut sitting = Sitting::locked();
            sitting.send(Message::Rows { rows: rows::of(&vault), set_aside: 0 });
            sitting.draw();
            sitting
        };
        table.measure(&format!("a key down and its frame, {n_entries}"), 101, key, open, |sitting| {
            sitting.send(Message::Move(1));
            sitting.draw();
        });
        table.measure(&format!("to the last row and its frame, {n_entries}"), 101, key, open, |sitting| {
            sitting.send(Message::MoveToLast);
            sitting.draw();
            sitting.send(Message::MoveToFirst);
        });
        let filtering = || {
            let mut sitting = open();
            sitting.send(Message::Filter);
            sitting
        };
        table.measure(
            &format!("a letter of the filter and its frame, {n_entries}"),
            31,
            key,
            filtering,
            |sitting| {
                sitting.send(Message::Typed(Typed('s')));
                sitting.draw();
                sitting.send(Message::EraseAll);
            },
        );
        table.measure(&format!("a letter that fits nothing, {n_entries}"), 31, key, filtering, |sitting| {
            sitting.send(Message::Typed(Typed('#')));
            sitting.send(Message::Typed(Typed('q')));
            sitting.draw();
            sitting.send(Message::EraseAll);
        });
        table.measure(&format!("a second that passes, {n_entries}"), 101, None, open, |sitting| {
            let now = sitting.model.now + 1;
            sitting.model.last_key = now;
            sitting.send(Message::Tick(now));
            sitting.draw();
        });
    }
    plan_of_an_organisation(&mut table);
    bytes_a_second();
}

/// The plan of an organisation: 500 things of its own, and those that the vault knows.
fn plan_of_an_organisation(table: &mut Table) {
    let mut vault = vault_of(7);
    vault.plan = StoredPlan::Read(plan_of_500());
    let known =
        || PlanKnown::Read(Box::new(WhatIf::of(AtHand::of(&vault).expect("the plan means something"))));
    let open = || {
        let mut sitting = Sitting::locked();
        sitting.send(Message::Rows { rows: rows::of(&vault), set_aside: 0 });
        sitting.send(Message::Go(Place::Plan));
        sitting.send(Message::Plan(PlanMessage::Read(Box::new(known()))));
        sitting.draw();
        sitting
    };
    let n = open().model_plan().shown.len();
    table.measure_afresh(&format!("the plan read and its frame, {n} things"), 11, None, open, |sitting| {
        sitting.send(Message::Plan(PlanMessage::Read(Box::new(known()))));
        sitting.draw();
    });
    table.measure(&format!("a mark and its frame, {n} things"), 101, Some(16.0), open, |sitting| {
        sitting.send(Message::Mark);
        sitting.send(Message::Move(7));
        sitting.draw();
    });
    let at_worst = || {
        let mut sitting = open();
        // Everything leans on the first office: what stands on it falls, and says why.
        for c in "office 0".chars() {
            sitting.send(Message::Filter);
            sitting.send(Message::Typed(Typed(c)));
        }
        sitting.send(Message::Submit);
        sitting.send(Message::Mark);
        sitting.send(Message::Back);
        sitting.send(Message::MoveToFirst);
        sitting
    };
    table.measure(
        &format!("a row down with all cut off, {n} things"),
        101,
        Some(16.0),
        at_worst,
        |sitting| {
            sitting.send(Message::Move(1));
            sitting.draw();
        },
    );
    table.measure(&format!("a letter of the filter, {n} things"), 31, Some(16.0), open, |sitting| {
        sitting.send(Message::Filter);
        sitting.send(Message::Typed(Typed('e')));
        sitting.draw();
        sitting.send(Message::EraseAll);
    });
    table.measure(&format!("the scenarios and their frame, {n} things"), 31, Some(16.0), open, |sitting| {
        sitting.send(Message::Plan(PlanMessage::Scenarios));
        sitting.draw();
        sitting.send(Message::Back);
    });
}

/// Offices, devices in them, keys and passwords, and accounts with two ways in, of which some open the next ones.
fn plan_of_500() -> Plan {
    let label = |kind: &str, n: usize| Label::new(format!("{kind} {n}"));
    let way = |of: Vec<Label>| Way { of, at_least: None };
    let mut plan = Plan::default();
    for n in 0..10 {
        // All lie in the first one's town.
        let needs = if n == 0 { Vec::new() } else { vec![label("office", 0)] };
        plan.things.push(Thing { needs, ..Thing::new(format!("office {n}"), ThingKind::Place) });
    }
    for n in 0..90 {
        let needs = vec![label("office", n % 10)];
        plan.things.push(Thing { needs, ..Thing::new(format!("laptop {n}"), ThingKind::Device) });
    }
    for n in 0..100 {
        let needs = vec![label("laptop", n % 90)];
        plan.things.push(Thing { needs, ..Thing::new(format!("key {n}"), ThingKind::HardwareKey) });
    }
    for n in 0..100 {
        plan.things.push(Thing::new(format!("password {n}"), ThingKind::Password));
    }
    for n in 0..200 {
        let mut ways = vec![way(vec![label("password", n % 100), label("key", n % 100)])];
        if n > 0 {
            ways.push(way(vec![label("account", n / 2), label("key", (n + 7) % 100)]));
        }
        let privileged = n % 10 == 0;
        plan.things.push(Thing {
            ways,
            privileged,
            ..Thing::new(format!("account {n}"), ThingKind::Account)
        });
    }
    plan
}

/// A model and a terminal whose bytes are counted.
struct Sitting {
    model: Model,
    terminal: Terminal<Cells<Vec<u8>>>,
}

impl Sitting {
    fn locked() -> Self {
        let mut model = Model::new(Start {
            vault_path: "~/vault.lifeboat".to_owned(),
            vault_present: true,
            key_file: None,
            wants_key_file: false,
            kept_until: None,
            sandbox_off: false,
            read_only: false,
            prefs: Prefs::default(),
            now: NOW,
        });
        model.size = SIZE;
        Self {
            model,
            terminal: Terminal::new(Cells::new(Vec::new(), || SIZE)).expect("a terminal in memory"),
        }
    }

    fn send(&mut self, message: Message) {
        black_box(update(&mut self.model, message));
    }

    fn model_plan(&self) -> &PlanPage {
        let Screen::Plan(page) = &self.model.screen else { unreachable!("the plan was opened") };
        page
    }

    fn draw(&mut self) {
        self.terminal.draw(|frame| view(&self.model, frame)).expect("it is drawn into memory");
    }
}

fn usual() -> (u16, u16) {
    (80, 24)
}

fn large() -> (u16, u16) {
    SIZE
}

/// What a minute with every code on the screen shown sends to the terminal.
fn bytes_a_second() {
    let sizes: [Size; 2] = [usual, large];
    for size in sizes {
        let (columns, rows) = size();
        let vault = vault_of(1_000);
        let mut sitting = Sitting::locked();
        sitting.terminal = Terminal::new(Cells::new(Vec::new(), size)).expect("a terminal in memory");
        sitting.send(Message::Resized(columns, rows));
        sitting.send(Message::Rows { rows: rows::of(&vault), set_aside: 0 });
        let mut sent = 0;
        for second in 0..90 {
            let now = NOW + second;
            sitting.model.last_key = now;
            sitting.send(Message::Tick(now));
            let shown: Vec<EntryId> =
                sitting.model.list.on_screen(usize::from(rows) - 4).map(|row| row.id).collect();
            for id in shown.into_iter().filter(|_| second % 30 == 0) {
                sitting.send(Message::Revealed {
                    id,
                    code: SecretText::new(format!("{:03} {:03}", second * 7 % 1000, second * 13 % 1000)),
                    next: Some(SecretText::new("999 999".to_owned())),
                    valid_until: Some(now + 30),
                    seconds: Some(60),
                });
            }
            sitting.draw();
            if second == 29 {
                sent = sitting.terminal.backend().sent().len();
            }
        }
        let bytes = sitting.terminal.backend().sent().len() - sent;
        println!("bytes a second at {columns}x{rows}, all codes shown: {} (goal: under 200)", bytes / 60);
    }
}

fn vault_of(n_entries: u32) -> Vault {
    let keys =
        VaultKeys { log: SecretBytes::from_slice(&[5; 32]), signing: SecretBytes::from_slice(&[6; 32]) };
    let mut vault = Vault::new(VaultId([8; 16]), keys, NOW);
    vault.entries = (0..n_entries).map(entry).collect();
    vault
}

fn entry(idx: u32) -> Entry {
    let mut seed = [0x5a_u8; 20];
    seed[..4].copy_from_slice(&idx.to_be_bytes());
    let mut id = [0x11_u8; 16];
    id[..4].copy_from_slice(&idx.to_be_bytes());
    let seed = Seed::from_bytes(SecretBytes::from_slice(&seed)).expect("twenty bytes are a seed");
    let (issuer, account) = (format!("Service {}", idx % 997), format!("person.{idx}@example.com"));
    let mut draft = EntryDraft::new(Label::new(issuer), Label::new(account), seed, Otp::COMMON);
    if idx.is_multiple_of(4) {
        draft.tags.push(Label::new("work"));
    }
    Entry::from_draft(draft, EntryId::from_bytes(id), NOW)
}
