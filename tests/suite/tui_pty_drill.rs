//! The shipped interface in a real terminal: a drill, from the line that says that one is due to its record in the log.

use crate::pty::Pseudoterminal;
use crate::support::{RFC_SEED, RFC_URI, Sandbox};

const VAULT_WORDS: &str = "seventeen green lanterns over the harbour";
const BUNDLE_WORDS: &str = "nineteen quiet otters behind the lighthouse";
const ENTER: &str = "\r";
const ESC: &str = "\x1b";
/// So far back that everything is due whenever the test is run; the program has the machine's own clock.
const YEARS: u64 = 100_000_000;

#[test]
fn a_drill_that_is_due_is_run_and_one_that_is_left_leaves_nothing() {
    let sandbox = Sandbox::empty();
    sandbox.set_back(YEARS);
    sandbox.write("vault-passphrase", VAULT_WORDS);
    sandbox.write("bundle-passphrase", BUNDLE_WORDS);
    sandbox.run("init --new-passphrase-file ~/vault-passphrase").done();
    sandbox.command("add - --passphrase-file ~/vault-passphrase").stdin(RFC_URI).run().done();
    let line = "bundle create -o ~/safe.bundle --bundle-passphrase-file ~/bundle-passphrase";
    sandbox.run(&format!("{line} --passphrase-file ~/vault-passphrase")).done();

    let mut terminal = Pseudoterminal::start(&sandbox, 24, 80);
    terminal.shows("Passphrase:");
    terminal.pastes(VAULT_WORDS).types(ENTER).shows("1 drill is due (3); a rehearsal is due");
    terminal.types("3").shows("! L1, L2, L3 of safe.bundle: DUE since");
    let log = sandbox.read("vault.lifeboat.log");
    terminal.types("r").shows("step 1 of 6");
    terminal.types(ENTER).shows("The file is whole (L0)");
    terminal.pastes("wrong").types(ENTER).shows("it does not open it");
    terminal.pastes(BUNDLE_WORDS).types(ENTER).shows("every seed is this vault's (L2)");
    terminal.types(ESC).shows("Leave the drill?");
    terminal.types("y").shows("the drill was left");
    assert_eq!(sandbox.read("vault.lifeboat.log"), log, "nothing was written");

    terminal.types("r").shows("step 1 of 6");
    terminal.types(ENTER).shows("The file is whole (L0)");
    terminal.pastes(BUNDLE_WORDS).types(ENTER).shows("every seed is this vault's (L2)");
    terminal.types(ENTER).shows("Codes are made by this clock");
    terminal.shows("██");
    terminal.types(ENTER).shows("step 5 of 6");
    terminal.types("v").shows("s left");
    terminal.shows("██");
    terminal.types("a").shows("Where is that written down?");
    terminal.types("INC-4711").types(ENTER).shows("ACCEPTED");
    terminal.types("f").shows("1 code is attested");
    terminal.types(ENTER).shows("The drill has reached L3");
    terminal.types(ESC).shows("No drill is due.");
    terminal.types("q");
    assert_eq!(terminal.end().code(), Some(0));
    assert_eq!(terminal.left_behind(), "");
    let sent = String::from_utf8_lossy(&terminal.sent()).into_owned();
    for secret in ["seventeen", "nineteen", RFC_SEED] {
        assert!(!sent.contains(secret), "{secret} was drawn");
    }
    let listed = sandbox.run("drill list --json --passphrase-file ~/vault-passphrase").done();
    let drills = listed.json("lifeboat.drill/1")["drills"].clone();
    assert_eq!(drills.as_array().unwrap().len(), 1);
    assert_eq!((&drills[0]["level"], &drills[0]["typed"]), (&"L3".into(), &true.into()));
    assert_eq!(drills[0]["attested"][0]["reference"], "INC-4711");
}
