//! The page of the passes: which were issued, one being issued with its words shown once, and one being closed.

use lifeboat::app::pass::Asked;
use lifeboat::app::{Failure, Kind as FailureKind};
use lifeboat::envelope::{Ceiling, Credentials, Kind, Passphrase, Sealed};
use lifeboat::recovery::ItemId;
use lifeboat::secret::SecretText;
use lifeboat::tui::message::{BundleMessage, Message, PassMessage};
use lifeboat::tui::model::{Dialog, PassRow, PassStep, PassesPage, Screen};

use crate::pty::Pseudoterminal;
use crate::support::Sandbox;
use crate::tui_stage::{NOW, Stage, done};

pub(crate) const WORDS: &str = "ember violet canyon marble spruce anchor lantern willow";

/// A pass of an entry for somebody, both named as given.
pub(crate) fn row(name: &str, state: &'static str) -> PassRow {
    let is_open = state != "closed";
    PassRow {
        id: ItemId::from_bytes([7; 4]),
        title: name.to_owned(),
        to: format!("Helpdesk: {name}"),
        until: "2023-11-14T23:13:20Z".to_owned(),
        state,
        is_open,
        is_good: state == "live",
        facts: vec![
            ("pass", "07070707".to_owned()),
            ("reason", name.to_owned()),
            ("channel", name.to_owned()),
        ],
    }
}

pub(crate) fn listed(name: &str) -> Message {
    let rows = ["live", "ended", "closed"].map(|state| row(name, state)).into();
    Message::Pass(PassMessage::Listed(rows))
}

fn asked() -> Asked {
    Asked {
        title: "AWS:root".to_owned(),
        from: NOW,
        until: NOW + 3600,
        doubts: vec!["AWS:root is privileged: what it opens is open to whoever has the pass".to_owned()],
    }
}

pub(crate) fn prepared() -> Message {
    Message::Pass(PassMessage::Prepared(SecretText::new(WORDS.to_owned())))
}

fn at_passes() -> Stage {
    let mut stage = Stage::open();
    stage.keys("A");
    assert_eq!(stage.asked_for(), "Pass(List)");
    stage.send(listed("AWS:root"));
    stage
}

fn page(stage: &Stage) -> &PassesPage {
    let Screen::Passes(page) = &stage.model.screen else { panic!("{:?}", stage.model.screen) };
    page
}

/// All fields filled in, and nothing speaks against it.
fn ready() -> Stage {
    let mut stage = at_passes();
    stage.keys("nAWS<tab><tab>Jo<tab>INC-4711<tab>called back<tab>phone<tab>~/jo.pass");
    let asked_for = stage.asked_for();
    assert!(asked_for.ends_with(r#"identified: "called back", channel: "phone", path: "~/jo.pass" }))"#));
    stage.send(Message::Pass(PassMessage::Checked(Ok(asked()))));
    stage
}

fn with_words() -> Stage {
    let mut stage = ready();
    stage.keys("<enter>");
    stage.send(Message::Pass(PassMessage::Ready(false)));
    stage.asked_for();
    stage.send(prepared());
    stage
}

#[test]
fn one_key_lists_them_with_what_waits() {
    let mut stage = at_passes();
    insta::assert_snapshot!("list_80x24", stage.screen(80, 24));
    insta::assert_snapshot!("list_120x40", stage.screen(120, 40));
    insta::assert_snapshot!("list_40x10", stage.screen(40, 10));
    stage.keys("<enter>");
    assert!(stage.screen(80, 24).contains("c closes it"));
    stage.keys("<esc><esc>");
    assert!(matches!(stage.model.screen, Screen::Codes));
}

#[test]
fn without_any_it_says_what_one_is() {
    let mut stage = Stage::open();
    stage.keys("A");
    stage.send(Message::Pass(PassMessage::Listed(Vec::new())));
    let screen = stage.screen(80, 24);
    assert!(screen.contains("No pass was issued.") && screen.contains("never its seed"), "{screen}");
}

#[test]
fn closing_asks_what_it_means_and_only_a_yes_closes() {
    let mut stage = at_passes();
    stage.keys("c");
    insta::assert_snapshot!("close_80x24", stage.screen(80, 24));
    stage.keys("<esc>");
    assert_eq!(stage.asked_for(), "");
    stage.keys("cy");
    assert_eq!(stage.asked_for(), "Pass(Close(ItemId(07070707)))");
    stage.keys("jc");
    let screen = stage.screen(80, 24);
    assert!(screen.contains("old ones removed?") && !screen.contains("all the same"), "{screen}");
    stage.keys("<esc>Gc");
    assert!(stage.model.dialog.is_none(), "it is closed already");
    assert_eq!(stage.asked_for(), "");
}

#[test]
fn what_is_typed_is_checked_once_it_is_enough_and_what_is_missing_is_told_at_its_field() {
    let mut stage = at_passes();
    stage.keys("n");
    assert_eq!(stage.asked_for(), "Pass(List)", "nothing is checked yet");
    stage.keys("<enter>");
    assert!(stage.screen(80, 24).contains("! name the entry"));
    stage.keys("AWS<tab><c-u>9 lives<tab>Jo<enter>");
    assert!(stage.screen(80, 24).contains("! type the path"));
    assert_eq!(stage.asked_for(), "");
    stage.keys("~/jo.pass<enter>");
    assert_eq!(stage.asked_for(), "", "there is no such time");
    stage.keys("<c-u>2h");
    assert!(stage.asked_for().contains("seconds: 7200, to: \"Jo\", privileged_ok: false"));
    let refused = "AWS:root is privileged, and its codes are not given away".to_owned();
    stage.send(Message::Pass(PassMessage::Checked(Err(refused))));
    assert!(stage.screen(80, 24).contains("! AWS:root is privileged, and"));
    stage.keys("<backtab><backtab> ");
    assert!(stage.asked_for().contains("privileged_ok: true"));
    assert!(!stage.screen(80, 24).contains("are not given away"), "that was said of what was typed before");
    stage.keys("<enter>");
    assert!(stage.screen(80, 24).contains("! say why"));
    assert_eq!(stage.asked_for(), "");
}

#[test]
fn a_seed_that_is_typed_for_a_name_is_looked_for_nowhere() {
    let mut stage = ready();
    stage.keys("<tab><tab><c-u>otpauth://totp/A?secret=JBSWY3DP<enter>");
    let asked_for = stage.asked_for();
    assert!(!asked_for.contains("JBSW") && !asked_for.contains("Ready"), "{asked_for}");
    let screen = stage.screen(80, 24);
    assert!(screen.contains("! this is a URI") && !screen.contains("JBSW"), "{screen}");
}

#[test]
fn the_form_says_of_which_entry_and_until_when() {
    let mut stage = ready();
    insta::assert_snapshot!("form_80x24", stage.screen(80, 24));
    insta::assert_snapshot!("form_120x40", stage.screen(120, 40));
    insta::assert_snapshot!("form_40x10", stage.screen(40, 10));
}

#[test]
fn the_reason_is_checked_before_anything_is_made_and_appears_in_no_effect() {
    let mut stage = ready();
    stage.keys("<enter>");
    let asked = stage.asked_for();
    assert!(asked.starts_with("Pass(Ready(") && !asked.contains("INC-4711"), "{asked}");
    let failure =
        Failure::new(FailureKind::Refused, "the reason is too short").next("say it with --reason TEXT");
    stage.send(Message::Failed(Box::new(failure)));
    let screen = stage.screen(80, 40);
    assert!(
        screen.contains("! the reason is too short") && screen.contains("in the field Reason"),
        "{screen}"
    );
    stage.keys("<enter>").asked_for();
    stage.send(Message::Pass(PassMessage::Ready(false)));
    let asked = stage.asked_for();
    assert!(asked.starts_with("Because(") && asked.contains("Pass(Prepare("), "{asked}");
}

#[test]
fn where_the_vault_has_a_passphrase_it_is_wanted_once_more() {
    let mut stage = ready();
    stage.keys("<enter>");
    stage.send(Message::Pass(PassMessage::Ready(true)));
    stage.asked_for();
    assert!(stage.screen(80, 24).contains("Passphrase of the vault:"));
    stage.keys("wrong<enter>");
    assert!(stage.asked_for().contains("Prove("));
    stage.send(Message::Failed(Box::new(Failure::new(FailureKind::WrongPassphrase, "it does not fit"))));
    assert!(matches!(page(&stage).doing, PassStep::Vault(..)));
    stage.keys("right<enter>").asked_for();
    stage.send(Message::Bundle(BundleMessage::Proven));
    assert!(stage.asked_for().contains("Pass(Prepare("));
}

#[test]
fn the_words_are_shown_once_and_only_then_is_it_written() {
    let mut stage = with_words();
    insta::assert_snapshot!("words_80x24", stage.screen(80, 24));
    insta::assert_snapshot!("words_40x10", stage.screen(40, 10));
    assert!(stage.model.shows_secret_text());
    stage.keys("<enter>");
    assert_eq!(stage.asked_for(), "Pass(Issue)");
    stage.send(Message::Pass(PassMessage::Done(done())));
    assert!(!stage.model.shows_secret_text() && !stage.screen(80, 24).contains("violet"));
    assert_eq!(stage.asked_for(), "Bundle(Forget)");
    stage.keys("<esc>");
    assert!(matches!(page(&stage).doing, PassStep::List));
}

#[test]
fn leaving_the_words_issues_nothing_and_drops_what_was_sealed() {
    let mut stage = with_words();
    stage.keys("1A n");
    assert!(page(&stage).holds_words(), "no key of a page leaves them");
    stage.keys("<esc>");
    assert_eq!(stage.asked_for(), "Bundle(Forget)");
    assert!(matches!(page(&stage).doing, PassStep::Issue(_)), "what was typed is still there");
    assert!(stage.screen(80, 24).contains("open nothing"));
    let mut stage = with_words();
    stage.keys("<enter>").asked_for();
    stage.send(Message::Failed(Box::new(Failure::new(FailureKind::Busy, "AWS:root was changed meanwhile"))));
    assert!(stage.screen(80, 24).contains("! AWS:root was changed meanwhile"));
}

#[test]
fn words_are_hidden_while_the_keyboard_is_elsewhere_and_gone_after_a_lock() {
    let mut stage = with_words();
    stage.send(Message::Focused(false));
    assert!(!stage.screen(80, 24).contains("violet") && !stage.model.shows_secret_text());
    stage.keys("<enter>");
    assert_eq!(stage.asked_for(), "", "nobody has read them");
    stage.send(Message::Focused(true));
    assert!(stage.screen(80, 24).contains("violet"));
    stage.wait(301);
    assert!(matches!(stage.model.screen, Screen::Unlock(_)), "nobody was there");
    stage.send(prepared());
    stage.send(listed("AWS:root"));
    assert!(!stage.screen(80, 24).contains("violet") && !stage.screen(80, 24).contains("Helpdesk"));
}

#[test]
fn words_that_nobody_waits_for_are_not_shown() {
    let mut stage = at_passes();
    stage.send(prepared());
    assert!(!stage.screen(80, 24).contains("violet"));
}

#[test]
fn the_palette_issues_one_of_the_entry_that_is_looked_at() {
    let mut stage = Stage::open();
    let title = stage.model.list.selected.and_then(|id| stage.model.list.row(id)).unwrap().title();
    stage.keys(":issue a pass<enter>");
    assert_eq!(page(&stage).form().unwrap().value("entry"), title);
    assert_eq!(page(&stage).form().unwrap().focused().unwrap().key, "to");
}

#[test]
fn a_medium_that_takes_no_changes_issues_nothing() {
    let mut stage = at_passes();
    stage.model.read_only = true;
    stage.keys("n");
    assert!(matches!(page(&stage).doing, PassStep::List));
    assert!(stage.screen(80, 24).contains("takes no changes"));
}

#[test]
fn no_size_is_too_small_for_any_of_its_screens() {
    let mut told = with_words();
    told.send(Message::Pass(PassMessage::Done(done())));
    let mut proving = ready();
    proving.send(Message::Pass(PassMessage::Ready(true)));
    let mut closing = at_passes();
    closing.keys("c");
    assert!(matches!(closing.model.dialog, Some(Dialog::Confirm(_))));
    for mut stage in [at_passes(), ready(), with_words(), told, proving, closing] {
        for (columns, rows) in [(40, 10), (32, 8), (10, 3), (1, 1)] {
            stage.screen(columns, rows);
        }
    }
}

#[test]
fn the_shipped_program_issues_one_whose_words_open_it_and_closes_it() {
    let sandbox = Sandbox::with_vault();
    sandbox.add("otpauth://totp/Mail:ana?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Mail");
    let mut terminal = Pseudoterminal::start(&sandbox, 24, 80);
    terminal.shows("Mail");
    terminal.types("A").shows("No pass was issued.");
    terminal
        .types("n")
        .types("Mail\t\tJo\tINC-4711\tcalled back\tphone\t~/jo.pass")
        .shows("Of Mail:ana, until");
    terminal.types("\r").shows("The words of the pass of Mail:ana for Jo:");
    let shown = terminal.until("the words", |screen| screen.contains("when they are said"));
    let words = shown
        .lines()
        .map(str::trim)
        .find(|line| line.split(' ').count() == 8 && line.chars().all(|c| c.is_ascii_lowercase() || c == ' '))
        .unwrap()
        .to_owned();
    assert!(!sandbox.has("jo.pass"), "it is written once the words are said");
    terminal.types("\r").shows("The pass of Mail:ana for Jo is written.");
    terminal.types("\x1b").shows("waits for close");
    // The terminal's program goes by the machine's clock, and the sandbox's commands do not.
    let sealed = Sealed::parse(sandbox.read("jo.pass"), Kind::Pass).unwrap();
    let passphrase = Some(Passphrase::new(SecretText::new(words)));
    let credentials = Credentials { passphrase, ..Credentials::default() };
    assert!(sealed.unlock(&credentials, Ceiling::USUAL).is_ok(), "the words that were shown open it");
    terminal.types("c").shows("are new methods registered, and the old ones removed?");
    terminal.types("y").shows("the pass of Mail:ana for Jo is closed");
    terminal.types("q");
    assert_eq!(terminal.end().code(), Some(0));
    let listed = sandbox.run("pass list --json").done().json("lifeboat.pass-list/1");
    assert_eq!(listed["passes"][0]["state"], "closed");
    assert_eq!(listed["passes"][0]["reason"], "INC-4711");
    assert_eq!(listed["passes"][0]["identified"], "called back");
}
