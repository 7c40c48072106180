//! The shipped interface in a real terminal: a plan begun, changed, asked what would be left, and checked.

use crate::pty::Pseudoterminal;
use crate::support::{RFC_SEED, Sandbox};

const ENTER: &str = "\r";
const ESC: &str = "\x1b";

/// Selects a thing, and leaves no filter: what follows Esc at once would be a key with Alt.
fn find(terminal: &mut Pseudoterminal, name: &str) {
    terminal.types("/").types(name).types(ENTER).shows(&format!("/{name}   "));
    terminal.types(ESC).until("all things", |screen| screen.contains("15 things"));
}

#[test]
fn a_plan_is_begun_changed_asked_and_checked() {
    let sandbox = Sandbox::with_entry();
    let mut terminal = Pseudoterminal::start(&sandbox, 40, 120);
    terminal.shows("AWS");
    terminal.types("4").shows("A plan says what each account is reached through");
    terminal.types("t").shows("Which set-up is most like yours?");
    terminal.types("jj").types(ENTER).shows("Start your plan from one-admin?");
    terminal.types("y").shows("your plan is begun; your plan has 10 things");

    terminal.types("e").shows("a new name is taken over wherever it is named");
    terminal.types("\x15Entra").types(ENTER).shows("Entra is changed");
    terminal.types("a").shows("A thing that can be lost or reached");
    terminal.types("mail\t\t\tEntra").types(ENTER).shows("mail is put into the plan");
    find(&mut terminal, "ADMIN password");
    terminal.types("d").shows("is still named by others: Entra");

    find(&mut terminal, "bag");
    terminal.types(" ").shows("! 1 account could not be reached: AWS:root");
    terminal.types("n").shows("needs bag, which is lost");
    terminal.types("u").until("no mark", |screen| !screen.contains("could not be reached"));
    terminal.types("c").shows("things with 3 accounts");
    terminal.types(ENTER).shows("if lost: ADMIN password");
    terminal.types("C").shows("cases of loss");
    terminal.types(ESC).shows("if lost: ADMIN password");
    terminal.types("u");
    find(&mut terminal, "laptop");
    terminal.types("l").shows("Note in the vault that laptop is lost?");
    terminal.types("y").shows("! 1 account cannot be reached even now: AWS:root");
    terminal.types("L").until("nothing of the plan", |screen| !screen.contains("Entra"));
    // A letter would be typed into the passphrase.
    terminal.types("\x03");
    assert_eq!(terminal.end().code(), Some(0));
    let sent = String::from_utf8_lossy(&terminal.sent()).into_owned();
    assert!(!sent.contains(RFC_SEED));

    let shown = sandbox.run("plan show").done().out;
    assert!(shown.contains("laptop  (device, LOST)") && shown.contains("mail  (account)"), "{shown}");
    assert!(
        shown.contains("Entra  (account, privileged)\n    way in   ADMIN password + hardware key"),
        "{shown}"
    );
}
