//! The runbooks of bundles: break-glass, and the drill that shows that it would work.

use std::collections::BTreeSet;

use super::page::{Item, Step, Writing};
use super::situation::{Account, Situation, named};
use super::steps;
use super::typed::Typed;
use crate::app::context::Context;
use crate::app::drill::{self, BundleDue, Standing};
use crate::app::session::Session;
use crate::app::share_set;
use crate::app::status::count;
use crate::app::time::day;
use crate::app::{card::fitted, plan};
use crate::entry::{EntryId, Label};
use crate::recovery::Level;
use crate::recovery::plan::{Thing, ThingKind};
use crate::vault::{BundleRecord, ShareSet};

/// Most columns of a bundle's place.
const WIDEST_PATH: usize = 60;
/// Most bundles that are told one by one.
const MOST_BUNDLES: usize = 8;

/// A bundle that would be taken.
struct Bundle<'a> {
    record: &'a BundleRecord,
    due: Option<BundleDue>,
    name: String,
    /// Where the plan says that it lies, or who has it.
    lies: Vec<String>,
}

impl Bundle<'_> {
    /// What it is called, where it lies, what opens it.
    fn in_words(&self) -> String {
        let path = fitted(&self.record.path, WIDEST_PATH);
        let lies =
            if self.lies.is_empty() { String::new() } else { format!("; lies: {}", self.lies.join(", ")) };
        let opened = match self.record.share_set {
            Some(set) => format!("the cards of {}", share_set::name(set)),
            None => "what its maker chose, a passphrase or a key file".to_owned(),
        };
        let what = count(self.record.contents.len(), "entry", "entries");
        format!(
            "{}, made {}, {what}, written to {path}{lies}; opens with {opened}",
            self.name,
            day(self.record.created)
        )
    }

    /// When each level was last met, and when it is due.
    fn drilled(&self, now: u64) -> String {
        let Some(due) = &self.due else { return format!("{}: not known", self.name) };
        let of_level = |level: &crate::recovery::due::LevelDue| {
            let last = level.last.map_or_else(|| "never".to_owned(), day);
            let next = if level.is_due(now) { "DUE".to_owned() } else { format!("due {}", day(level.next)) };
            format!("{} {last}, {next}", level.level)
        };
        format!("{}: {}", self.name, due.levels.iter().map(of_level).collect::<Vec<_>>().join("; "))
    }
}

/// The bundles that are the newest of their kind, the newest first; of an account those that hold it.
fn bundles<'a>(
    writing: &mut Writing,
    ctx: &Context,
    session: &'a Session,
    situation: &Situation<'a>,
) -> Vec<Bundle<'a>> {
    let mut due = drill::due(ctx, session).unwrap_or_else(|_| {
        writing.lacks(
            "when each bundle was last drilled: the log cannot be read:",
            Some(Typed::new("lifeboat audit verify")),
        );
        Vec::new()
    });
    let wanted: Option<EntryId> = situation
        .for_one
        .then(|| situation.accounts.first().and_then(|account| account.entry))
        .flatten()
        .map(|entry| entry.id);
    let names = plan::bundles(session.vault());
    let records = session.vault().bundles.iter().rev();
    let mut current = Vec::new();
    for record in records {
        let of_it = due.iter().position(|due| due.id == record.id).map(|place| due.swap_remove(place));
        if of_it.as_ref().is_some_and(|due| due.standing != Standing::Current) {
            continue;
        }
        if wanted.is_some_and(|id| !record.contents.iter().any(|bundled| bundled.id == id)) {
            continue;
        }
        let thing =
            names.iter().find(|(_, known)| known.id == record.id).and_then(|(name, _)| situation.thing(name));
        let name = if record.label.is_empty() {
            let path = record.path.raw();
            named(&Label::new(path.rsplit(['/', '\\']).next().unwrap_or(path)))
        } else {
            named(&record.label)
        };
        current.push(Bundle {
            record,
            due: of_it,
            name,
            lies: thing.map(|thing| held(situation, thing)).unwrap_or_default(),
        });
    }
    current
}

/// The places where a thing lies, and the people who have it.
fn held(situation: &Situation<'_>, thing: &Thing) -> Vec<String> {
    let through = thing.ways.iter().flat_map(|way| &way.of);
    let held = thing.needs.iter().chain(through).filter(|name| {
        situation.thing(name.raw()).is_some_and(|need| {
            matches!(need.kind, ThingKind::Place | ThingKind::Person | ThingKind::Device | ThingKind::Service)
        })
    });
    held.map(named).collect()
}

/// What a command calls a bundle: where it was written, where that can be typed.
fn place(command: &str, bundle: Option<&Bundle<'_>>) -> Typed {
    match bundle {
        Some(bundle) => Typed::new(command).name(&bundle.record.path, "BUNDLE"),
        None => Typed::new(command).word("BUNDLE"),
    }
}

/// The bundle is opened in an emergency.
pub(super) fn break_glass(
    writing: &mut Writing,
    ctx: &Context,
    session: &Session,
    situation: &Situation<'_>,
) {
    let bundles = bundles(writing, ctx, session, situation);
    let sets = sets(situation, &bundles);
    let holders = custodians(&sets);
    steps::rule(writing, &holders);
    writing.says("Words in CAPITALS are yours to fill in. Tick a box when it is done, and not before.");
    writing.item(Item::Fill(
        ["Opened by", "Second person", "Begun (date, time)", "Ticket"].map(str::to_owned).into(),
    ));

    writing.part("Stop first");
    steps::identity(writing, situation, "whoever asks for this is who they say");
    writing.step(
        Step::new("Is it an emergency? Write down in one sentence why it cannot wait for the usual way.")
            .fill(&["Why"]),
    );
    usual_ways(writing, situation);

    writing.part("Who may open it, and where things lie");
    where_things_lie(writing, ctx, situation, &bundles, &sets);

    writing.part("Open it");
    let needed = sets.first().map(|set| (set.threshold, set.n_shares()));
    writing.step(match needed {
        Some((threshold, of)) => Step::new(format!(
            "Call {threshold} of the {of} custodians. Nobody opens it alone, and each brings the own card."
        ))
        .fill(&["Custodians, when called"]),
        None => Step::new("Call a second person, who sees what is done. Nobody opens it alone.")
            .fill(&["Second person"]),
    });
    writing.step(
        Step::new("Say so in the vault before anything is opened. Is it not at hand: write the time here, and do it later.")
            .types(Typed::new("lifeboat incident open break-glass --reason").word("\"WHY\""))
            .fill(&["Incident", "When"]),
    );
    writing.step(
        Step::new("Take a computer that you trust, off the network, with the kit or the bundle and this program on it.")
            .note("No program at hand: the kit has it, and restore.py with Python 3 does the same.")
            .fill(&["Which computer"]),
    );
    writing.step(
        Step::new("Restore it. Each types the own words while the others look away; the maker's key is compared with a card.")
            .types(place("lifeboat restore", bundles.first())),
    );
    let mut codes = Step::new("Take the code, sign in, and do what has to be done and nothing else.");
    for entry in situation.accounts.iter().filter_map(|account| account.entry).take(3) {
        codes = codes.types(Typed::new("lifeboat code").entry(situation.vault, entry));
    }
    if codes.commands.is_empty() {
        codes = codes.types(Typed::new("lifeboat code ACCOUNT"));
    }
    writing.step(codes.fill(&["What was opened and done", "Until (date, time)"]));

    writing.part("Afterwards, on the same day");
    afterwards(writing, situation, &bundles, &sets);

    writing.part("When it was last drilled");
    last_drilled(writing, situation, &bundles);
}

/// Ways in that need no emergency.
fn usual_ways(writing: &mut Writing, situation: &Situation<'_>) {
    let ways = |account: &Account<'_>| {
        let ways =
            if account.ways.is_empty() { "no way in stands".to_owned() } else { account.ways.join("; or ") };
        format!("{}: {ways}", account.marked())
    };
    let step = Step::new("Is there another way? Try these before the glass is broken:");
    if situation.accounts.is_empty() {
        writing.lacks("any privileged account:", Some(Typed::new("lifeboat edit ACCOUNT --privileged")));
        writing.step(step.fill(&["Account, other way tried"; 2]));
    } else {
        writing.step(step.ticks(situation.accounts.iter().map(ways)));
    }
}

/// The sets whose cards open the bundles; where there are no bundles, those in use.
fn sets<'a>(situation: &Situation<'a>, bundles: &[Bundle<'_>]) -> Vec<&'a ShareSet> {
    let wanted: BTreeSet<u16> = bundles.iter().filter_map(|bundle| bundle.record.share_set).collect();
    let in_use = situation.vault.share_sets.iter().filter(|set| set.replaced.is_none());
    in_use.filter(|set| bundles.is_empty() || wanted.contains(&set.id)).collect()
}

fn custodians(sets: &[&ShareSet]) -> Vec<String> {
    let mut names: Vec<String> =
        sets.iter().flat_map(|set| &set.shares).map(|share| named(&share.custodian)).collect();
    let mut seen = BTreeSet::new();
    names.retain(|name| seen.insert(name.clone()));
    names
}

fn where_things_lie(
    writing: &mut Writing,
    ctx: &Context,
    situation: &Situation<'_>,
    bundles: &[Bundle<'_>],
    sets: &[&ShareSet],
) {
    let call = &ctx.settings.cards.call;
    if !call.trim().is_empty() {
        writing.says(format!("Whom to call: {}", Label::new(call.as_str())));
    }
    for set in sets {
        writing.says(format!(
            "Share set {}: {} of these {} open it together.",
            share_set::name(set.id),
            set.threshold,
            set.n_shares()
        ));
        writing.lines(shares(situation, set));
    }
    if sets.is_empty() {
        let people: Vec<String> =
            situation.of_kind(ThingKind::Person).map(|person| named(&person.name)).collect();
        if !people.is_empty() {
            writing.says(format!("No quorum of custodians. The plan names: {}.", people.join(", ")));
        }
        writing.lacks(
            "any custodian: whoever knows one passphrase opens everything alone. To have two of three people open it:",
            Some(
                Typed::new("lifeboat bundle create -o BUNDLE --quorum 2-of-3 --custodian ANA --custodian BEN --custodian CEM"),
            ),
        );
        writing.item(Item::Fill(["Who may open it", "Where what opens it lies"].map(str::to_owned).into()));
    }
    if bundles.is_empty() {
        writing
            .lacks("any bundle that could be opened:", Some(Typed::new("lifeboat bundle create -o BUNDLE")));
        writing.item(Item::Fill(["Bundle", "Where it lies"].map(str::to_owned).into()));
    }
    if !bundles.is_empty() {
        writing.says("Bundles:");
    }
    writing.lines(bundles.iter().take(MOST_BUNDLES).map(Bundle::in_words));
    if let Some(bundle) = bundles.iter().find(|bundle| bundle.lies.is_empty()) {
        let add = plan_bundle(situation, bundle);
        writing.lacks(
            format!("where {} lies, but for the path that it was written to:", bundle.name),
            Some(add),
        );
    }
    // What the person's plan says of bundles that this vault did not make.
    let known: BTreeSet<String> = plan::bundles(situation.vault).into_iter().map(|(name, _)| name).collect();
    let others = situation.of_kind(ThingKind::Bundle).filter(|thing| !known.contains(thing.name.raw()));
    writing.lines(others.map(|thing| {
        let held = held(situation, thing);
        let lies = if held.is_empty() { String::new() } else { format!("; lies: {}", held.join(", ")) };
        format!("By the plan: {}{lies}", named(&thing.name))
    }));
}

fn plan_bundle(situation: &Situation<'_>, bundle: &Bundle<'_>) -> Typed {
    let names = plan::bundles(situation.vault);
    let name = names.into_iter().find(|(_, record)| record.id == bundle.record.id).map(|(name, _)| name);
    Typed::new("lifeboat plan add")
        .name(&Label::new(name.unwrap_or_default()), "BUNDLE")
        .words("--kind bundle --needs PLACE")
}

/// Each share with who has it, how it stands, and where the plan says that it lies.
fn shares(situation: &Situation<'_>, set: &ShareSet) -> Vec<String> {
    let thing = situation.thing(&format!("share set {}", share_set::name(set.id)));
    let members = thing.and_then(|thing| thing.ways.first()).map(|way| way.of.as_slice()).unwrap_or_default();
    let of_share = |(number, share): (u8, &crate::vault::ShareRecord)| {
        let idx = usize::from(number).saturating_sub(1);
        let thing = members.get(idx).filter(|_| members.len() == set.shares.len());
        let thing = thing.and_then(|name| situation.thing(name.raw()));
        let held = thing.map(|thing| held(situation, thing)).unwrap_or_default();
        let lies = if held.is_empty() { String::new() } else { format!("; lies: {}", held.join(", ")) };
        let state = share_set::state(set, number, situation.now).in_words();
        format!("Card {number}, {} ({state}){lies}", named(&share.custodian))
    };
    (1..).zip(&set.shares).map(of_share).collect()
}

fn afterwards(writing: &mut Writing, situation: &Situation<'_>, bundles: &[Bundle<'_>], sets: &[&ShareSet]) {
    let n = bundles.first().map_or(0, |bundle| bundle.record.contents.len());
    let mut rotate =
        Step::new("Replace every seed that was opened, at the service and here, privileged ones first:");
    if n > 0 {
        rotate = rotate.note(format!(
            "Whoever opened the bundle could see all of it: {}. The incident lists them.",
            count(n, "entry", "entries")
        ));
    }
    rotate = rotate.ticks(situation.accounts.iter().map(Account::marked));
    for entry in situation.accounts.iter().filter_map(|account| account.entry).take(3) {
        rotate = rotate.types(Typed::new("lifeboat edit").entry(situation.vault, entry).words("--seed -"));
    }
    if rotate.commands.is_empty() {
        rotate = rotate.types(Typed::new("lifeboat edit ACCOUNT --seed -"));
    }
    writing.step(rotate.fill(&["Done by", "When"]));
    writing.step(
        Step::new("See that each service accepts a code of the new seed.")
            .types(Typed::new("lifeboat prove ACCOUNT")),
    );
    writing.step(
        Step::new(
            "Destroy what was restored on that computer: the vault, its log, and the copy of the bundle.",
        )
        .fill(&["Destroyed by", "When"]),
    );
    for set in sets {
        let name = share_set::name(set.id).replace(' ', "-");
        writing.step(
            Step::new("Did anybody see the words of a card, or is the computer not above all doubt? Then make new cards.")
                .types(Typed::new("lifeboat share replace").word(name)),
        );
    }
    steps::bundle(writing, situation);
    steps::close_incident(writing, "Tell whoever answers for the accounts that it happened.");
}

fn last_drilled(writing: &mut Writing, situation: &Situation<'_>, bundles: &[Bundle<'_>]) {
    if bundles.is_empty() {
        writing.says("There is no bundle, so that nothing was ever drilled.");
        return;
    }
    writing.lines(bundles.iter().take(MOST_BUNDLES).map(|bundle| bundle.drilled(situation.now)));
}

/// A restore is rehearsed.
pub(super) fn rehearsed(writing: &mut Writing, ctx: &Context, session: &Session, situation: &Situation<'_>) {
    let bundles = bundles(writing, ctx, session, situation);
    let sets = sets(situation, &bundles);
    steps::rule(writing, &custodians(&sets));
    writing.says("A drill changes nothing: the bundle is restored into memory alone. Words in CAPITALS are yours to fill in.");
    writing.item(Item::Fill(
        ["Drilled by", "Seen by", "Begun (date, time)", "Computer"].map(str::to_owned).into(),
    ));

    writing.part("Which bundle, and how far");
    if bundles.is_empty() {
        writing
            .lacks("any bundle that could be drilled:", Some(Typed::new("lifeboat bundle create -o BUNDLE")));
    }
    writing.lines(bundles.iter().take(MOST_BUNDLES).map(|bundle| bundle.drilled(situation.now)));
    writing.says("How far a drill goes, each level with all before it:");
    writing.lines(Level::ALL.into_iter().map(|level| format!("{level}: {}", level.in_words())));
    writing.step(
        Step::new("Take the bundle that is due, and the copy that would be taken in the night: from its place, not the desk.")
            .types(Typed::new("lifeboat drill due"))
            .fill(&["Bundle, copy", "Level wanted"]),
    );

    writing.part("Open it as in the night");
    writing.step(
        Step::new("Verify that each custodian who comes is the one on the list. Do not skip it, though it is a drill.")
            .fill(&["Custodians", "Verified by, how"]),
    );
    for set in &sets {
        writing.says(format!(
            "{} of the {} custodians of {}:",
            set.threshold,
            set.n_shares(),
            share_set::name(set.id)
        ));
        writing.lines(shares(situation, set));
    }
    writing.step(
        Step::new("L1 and L2 beside the vault: type what opens it, do not paste it. The clock runs.")
            .types(place("lifeboat drill run", bundles.first()))
            .fill(&["Level reached", "Minutes to the first code"]),
    );
    let elsewhere = place("lifeboat drill run", bundles.first()).words("--report drill.json");
    writing.step(
        Step::new("Or on a computer that has nothing else, with a report that is brought home:")
            .types(elsewhere)
            .types(Typed::new("lifeboat drill record drill.json")),
    );
    let accounts: Vec<&Account<'_>> =
        situation.accounts.iter().filter(|account| account.entry.is_some()).collect();
    let mut accepted = Step::new(
        "L3: sign in at the service with a code from the bundle, and note where that is written down.",
    );
    let attested = accounts.first().and_then(|account| account.entry);
    let start = place("lifeboat drill run", bundles.first()).words("--attest");
    accepted = accepted.types(match attested {
        Some(entry) => {
            let query = Typed::new("x").entry(situation.vault, entry).to_string();
            start.word(format!("{}=\"REFERENCE\"", query.trim_start_matches("x ")))
        }
        None => start.word("ACCOUNT=\"REFERENCE\""),
    });
    writing.step(accepted.ticks(accounts.iter().map(|account| account.marked())));

    writing.part("What to record");
    writing.step(
        Step::new("Write down what was slow, missing or not understood, however small. That is what the drill is for.")
            .fill(&["What was found", "Put right by whom, when"]),
    );
    writing.step(
        Step::new("Exit status 7, or a word like missing, stale or different: the bundle is not what the vault is. Make a new one.")
            .types(Typed::new("lifeboat bundle create -o BUNDLE")),
    );
    writing.step(
        Step::new("See that the drill is in the log and no longer due. Put the bundle and the cards back in their places.")
            .types(Typed::new("lifeboat drill list"))
            .types(Typed::new("lifeboat drill due"))
            .fill(&["Put back by", "When"]),
    );
}
