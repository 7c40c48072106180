//! A vault with a past: accounts of every sort, bundles, custodians, drills, and things that should not have been.

use lifeboat::audit::Event;
use lifeboat::entry::EntryId;
use lifeboat::recovery::drill::{Attested, Found};
use lifeboat::recovery::{Drill, Level, Verdict};

use crate::custody_story::cards;
use crate::log_fixture::{append, record};
use crate::support::{NOW, Sandbox};

pub(crate) const DAY: u64 = 86_400;

/// Names of every sort that stand in the vault and its log, none of which is a part of another text.
pub(crate) const NAMES: [&str; 19] = [
    "Zwetschke",
    "marille",
    "Holunder",
    "Schlehe",
    "Quittenbaum",
    "Vogelbeer",
    "Sanddorn",
    "Lagerhaus",
    "Kornelkirsche",
    "Dirndlstrauch",
    "Felsenbirne",
    "Mispelkiste",
    "Ebereschenfall",
    "Berberitze",
    "Himbeerfahrt",
    "Traubenkirsche",
    "Maulbeeramt",
    "Erdbeerspinat",
    "Hagebuttentelefon",
];

/// Secrets of that vault, and what no report speaks of.
pub(crate) const SECRETS: [&str; 10] = [
    "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXQ",
    "48656c6c6f21deadbeef48656c6c6f21deadbef0",
    "SGVsbG8h3q2+70hlbGxvId6tvvA",
    "Hello!",
    "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU",
    "TestSecret",
    "5465737453656372",
    "rowan-code-1111",
    "nineteen quiet otters",
    "a note about the third drawer",
];

/// The story's vault, at the moment at which its reports are made, with the ids of its two first accounts.
pub(crate) struct Story {
    pub(crate) sandbox: Sandbox,
    pub(crate) zwetschke: String,
    pub(crate) holunder: String,
}

pub(crate) fn story() -> Story {
    let sandbox = Sandbox::with_vault();
    sandbox.write("codes", "rowan-code-1111\nrowan-code-2222\n");
    sandbox.write("words", "nineteen quiet otters behind the lighthouse");
    let zwetschke = sandbox
        .add("otpauth://totp/Zwetschke:marille?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXQ&issuer=Zwetschke");
    let holunder = sandbox
        .add("otpauth://totp/Holunder:Schlehe?secret=KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU&issuer=Holunder");
    sandbox.add("otpauth://totp/Berberitze?secret=GEZDGNBVGY3TQOJQ");
    sandbox
        .run(&format!(
            "edit {zwetschke} --privileged --provenance enrolled --note 'a note about the third drawer' \
             --recovery-codes ~/codes"
        ))
        .done();
    sandbox
        .run(&format!("edit {holunder} --privileged --provenance copied --device Hagebuttentelefon"))
        .done();
    sandbox.run(&format!("prove {zwetschke} --accepted")).done();
    std::fs::create_dir(sandbox.path("Lagerhaus")).unwrap();
    sandbox.wait(DAY);
    let made = sandbox
        .command(
            "bundle create -o ~/Lagerhaus/b.lifeboat --quorum 2-of-3 --custodian Quittenbaum --custodian Vogelbeer \
             --custodian Sanddorn --label Kornelkirsche --review 30d",
        )
        .typing(&[""; 40])
        .run()
        .done();
    let cards = cards(&made.tty);
    sandbox.write("card", &cards[1]);
    sandbox.run("bundle create Holunder -o ~/s.lifeboat --bundle-passphrase-file ~/words").done();
    sandbox.wait(DAY);
    sandbox.run("share acknowledge ~/Lagerhaus/b.lifeboat --share ~/card -o ~/ack").done();
    sandbox.run("share record ~/ack").done();
    sandbox.run("remove Berberitze --reason Maulbeeramt").done();
    sandbox.command("edit Holunder --seed -").stdin("KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLV").run().done();
    sandbox.run("export --to otpauth --plaintext -o ~/uris").done();
    log(&sandbox, [id(&zwetschke), id(&holunder)]);
    sandbox.wait(30 * DAY);
    sandbox.write(
        "policy",
        "Traubenkirsche\n\n- application: Zwetschke\n- application: Himbeerfahrt = holunder:\n\
         application: Erdbeerspinat\n",
    );
    Story { sandbox, zwetschke, holunder }
}

fn id(text: &str) -> EntryId {
    EntryId::parse(text).unwrap()
}

/// What other machines and other people have left in the log: drills, a rehearsal, and what weakens something.
fn log(sandbox: &Sandbox, [zwetschke, holunder]: [EntryId; 2]) {
    let bundle = crate::log_fixture::open(sandbox).vault().bundles[0].id;
    let at = NOW + 10 * DAY;
    let first = Drill {
        at,
        user: "Dirndlstrauch".into(),
        host: "Felsenbirne".into(),
        bundle,
        level: Level::Restored,
        opened_with: "shares of Quittenbaum and Vogelbeer".into(),
        typed: true,
        beside_vault: false,
        found: vec![
            Found { verdict: Verdict::Same, count: 1, entries: Vec::new() },
            Found { verdict: Verdict::Stale, count: 1, entries: vec![holunder] },
        ],
        clock_off: Some(-90),
        first_code_millis: Some(61_000),
        total_millis: 754_000,
        attested: Vec::new(),
        report: Some("ab".repeat(32)),
    };
    let second = Drill {
        at: at + DAY,
        level: Level::Accepted,
        found: vec![Found { verdict: Verdict::Same, count: 2, entries: Vec::new() }],
        clock_off: None,
        attested: vec![Attested { entry: zwetschke, reference: "Ebereschenfall".into() }],
        ..first.clone()
    };
    let drilled = |drill: &Drill, at: u64| {
        let mut record = record(at, Event::DrillRecorded);
        record.facts = drill.facts();
        record
    };
    let mut rehearsed = record(at, Event::Rehearsed);
    rehearsed.facts = vec![
        ("what".into(), "share".into()),
        ("ok".into(), "no".into()),
        ("share".into(), "2".into()),
        // Of a version to come: whether its values are names is not known here.
        ("where".into(), "Mispelkiste".into()),
    ];
    let mut gap = record(at + 2 * DAY, Event::Gap);
    gap.facts = vec![("records".into(), "3".into()), ("since".into(), at.to_string())];
    let mut sandbox_off = record(at + 2 * DAY, Event::SandboxOff);
    sandbox_off.user = "Dirndlstrauch".into();
    append(
        sandbox,
        &[drilled(&first, at + 100), rehearsed, drilled(&second, at + DAY + 100), gap, sandbox_off],
    );
}

/// A machine whose vault has other keys: each test's machine draws the same bytes. `~/key` opens it.
pub(crate) fn another_vault() -> Sandbox {
    let sandbox = Sandbox::empty();
    sandbox.run("init --vault ~/first --new-key-file ~/first-key").done();
    sandbox.run("init --new-key-file ~/key").done();
    sandbox
}
