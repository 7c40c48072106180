//! The place of the plan: what would be left after losses, what a check has found, and things written down.

use lifeboat::app::plan::{
    self, AtHand, CheckOptions, Flag, FlagKind, Found, PlanChecked, ScenarioFound, TEMPLATES,
};
use lifeboat::app::{Failure, Kind, Unchanged};
use lifeboat::entry::Label;
use lifeboat::recovery::plan::{Plan, Thing, ThingKind};
use lifeboat::secret::SecretBytes;
use lifeboat::tui::message::{Message, PlanMessage};
use lifeboat::tui::model::{
    Dialog, PlanFindings, PlanKnown, PlanPage, PlanStep, Screen, Stands, ThingForm, WhatIf,
};
use lifeboat::vault::{StoredPlan, Vault, VaultId, VaultKeys};

use crate::tui_stage::{NOW, Stage};

/// Two accounts behind one laptop; one of them has a key in the safe besides. The bundle lies behind the login that it
/// would restore.
pub(crate) const TWO_WAYS: &str = r#"
[[thing]]
name = "laptop"
kind = "device"
needs = ["office"]

[[thing]]
name = "office"
kind = "place"
note = "Second floor."

[[thing]]
name = "vault file"
kind = "other"
needs = ["laptop"]

[[thing]]
name = "key in the safe"
kind = "hardware-key"

[[thing]]
name = "Entra password"
kind = "password"

[[thing]]
name = "Entra"
kind = "account"
privileged = true
ways = [["Entra password", "this vault"], ["Entra password", "key in the safe"]]

[[thing]]
name = "OneDrive"
kind = "service"
ways = [["Entra"]]

[[thing]]
name = "the bundle"
kind = "bundle"
ways = [["OneDrive"]]

[[thing]]
name = "this vault"
kind = "vault"
ways = [["vault file", "vault passphrase"], ["the bundle", "vault passphrase"]]

[[thing]]
name = "VPN"
kind = "account"
ways = [["this vault"]]

[[scenario]]
name = "burglary"
lose = ["laptop", "key in the safe"]
"#;

fn vault(stored: StoredPlan) -> Vault {
    let keys =
        VaultKeys { log: SecretBytes::from_slice(&[5; 32]), signing: SecretBytes::from_slice(&[6; 32]) };
    let mut vault = Vault::new(VaultId([8; 16]), keys, NOW);
    vault.plan = stored;
    vault
}

/// A plan as an empty vault has it.
pub(crate) fn at_hand(plan: Plan) -> AtHand {
    AtHand::of(&vault(StoredPlan::Read(plan))).unwrap()
}

/// A plan that was read.
pub(crate) fn read(toml: &str) -> Message {
    let plan = plan::read_toml(toml.as_bytes()).unwrap();
    Message::Plan(PlanMessage::Read(Box::new(PlanKnown::Read(Box::new(WhatIf::of(at_hand(plan)))))))
}

/// The plan with the usual things.
fn at_plan() -> Stage {
    let mut stage = Stage::open();
    stage.keys("4");
    assert_eq!(stage.asked_for(), "Plan(Read)");
    stage.send(read(TWO_WAYS));
    stage
}

fn page(stage: &Stage) -> &PlanPage {
    let Screen::Plan(page) = &stage.model.screen else { panic!("not the plan: {:?}", stage.model.screen) };
    page
}

fn what_if(stage: &Stage) -> &WhatIf {
    page(stage).what_if().unwrap()
}

fn selected(stage: &Stage) -> String {
    page(stage).selected_thing().map(|thing| thing.name.shown()).unwrap_or_default()
}

/// Selects a thing by its name, and leaves no filter.
fn go_to(stage: &mut Stage, name: &str) {
    stage.keys("/<c-u>").keys(name).keys("<enter><esc>");
    assert_eq!(selected(stage), name);
}

fn taken_away(stage: &Stage) -> Vec<String> {
    let what_if = what_if(stage);
    what_if.taken_away().iter().map(|number| what_if.name(*number)).collect()
}

/// What a check would find.
pub(crate) fn findings() -> PlanFindings {
    let found = |losses: &[&str], accounts: &[&str], circle: Option<&str>| Found {
        losses: losses.iter().map(|name| (*name).to_owned()).collect(),
        lost: losses.iter().map(|name| Label::new(*name)).collect(),
        accounts: accounts.iter().map(|name| (*name).to_owned()).collect(),
        n_privileged: accounts.iter().filter(|name| **name == "Entra").count(),
        why: vec![format!("{} needs {}, which is lost", accounts[0], losses[0])],
        circle: circle.map(str::to_owned),
    };
    let circle = "VPN needs this vault · this vault needs the bundle · the bundle needs VPN";
    let turned = "this vault needs the bundle · the bundle needs VPN · VPN needs this vault";
    let scenario = |name: &str, lost: &str, found| ScenarioFound {
        name: name.to_owned(),
        lost: vec![Label::new(lost)],
        found,
        reached: Vec::new(),
    };
    let checked = PlanChecked {
        n_things: 12,
        n_accounts: 2,
        unreachable_now: None,
        findings: vec![
            found(&["vault passphrase"], &["VPN"], Some(circle)),
            found(&["Entra password"], &["Entra", "VPN"], None),
            found(&["laptop", "key in the safe"], &["Entra"], Some(turned)),
        ],
        n_more: 0,
        n_looked_at: 78,
        single_points: Vec::new(),
        scenarios: vec![
            scenario("burglary", "laptop", Some(found(&["laptop"], &["VPN"], None))),
            scenario("office is lost, with all that lies there", "office", None),
        ],
        flags: vec![Flag {
            kind: FlagKind::WithoutSecondFactor,
            about: "VPN".to_owned(),
            words: "its only second factor is SMS".to_owned(),
        }],
    };
    PlanFindings::of(&checked, 2)
}

fn checked(stage: &mut Stage) {
    stage.send(Message::Plan(PlanMessage::Checked(Box::new(findings()))));
}

#[test]
fn things_stand_with_whose_they_are_and_how_they_stand_and_accounts_come_first() {
    let mut stage = at_plan();
    insta::assert_snapshot!("things_80x24", stage.screen(80, 24));
    insta::assert_snapshot!("things_120x40", stage.screen(120, 40));
    insta::assert_snapshot!("things_40x10", stage.screen(40, 10));
    assert_eq!(selected(&stage), "Entra", "the privileged account is the first");
    go_to(&mut stage, "this vault");
    let screen = stage.screen(200, 50);
    assert!(screen.contains("or          the bundle + vault passphrase"), "{screen}");
    assert!(screen.contains("used by     Entra, VPN"), "{screen}");
    assert!(screen.contains("known by the vault, and you say more about it"), "{screen}");
    stage.screen(80, 24);
    stage.keys("<enter>");
    insta::assert_snapshot!("thing_80x24", stage.screen(80, 24));
    stage.keys("<esc>");
    assert_eq!(selected(&stage), "this vault");
    stage.keys("<esc>");
    assert!(matches!(stage.model.screen, Screen::Codes));
}

#[test]
fn what_is_marked_takes_accounts_away_at_once_and_says_why() {
    let mut stage = at_plan();
    stage.asked_for();
    go_to(&mut stage, "vault passphrase");
    stage.keys(" ");
    assert_eq!(taken_away(&stage), ["VPN"]);
    stage.keys("n");
    insta::assert_snapshot!("what_if_80x24", stage.screen(80, 24));
    insta::assert_snapshot!("what_if_40x10", stage.screen(40, 10));
    stage.keys("u");
    go_to(&mut stage, "office");
    stage.keys(" ");
    assert_eq!(taken_away(&stage), Vec::<String>::new(), "the key opens Entra, and that the bundle");
    go_to(&mut stage, "key in the safe");
    stage.keys(" ");
    assert_eq!(taken_away(&stage), ["Entra", "VPN"], "privileged accounts come first");
    for name in ["Entra", "VPN", "Entra"] {
        stage.keys("n");
        assert_eq!(selected(&stage), name, "the next one, and the first after the last");
    }
    let screen = stage.screen(200, 50);
    assert!(screen.contains("! 2 accounts could not be reached: Entra, VPN"), "{screen}");
    assert!(screen.contains("needs laptop · laptop needs office, which is lost"), "{screen}");
    assert!(screen.contains("a circle    Entra needs this vault · this vault needs the bundle"), "{screen}");
    assert_eq!(stage.asked_for(), "", "a mark changes nothing in the vault");
    go_to(&mut stage, "office");
    stage.keys(" ");
    assert_eq!(taken_away(&stage), Vec::<String>::new(), "Entra has the vault again");
    assert!(stage.screen(80, 24).contains("every account is still reached"));
    stage.keys("u");
    assert!(what_if(&stage).marked().is_empty());
    stage.keys(" <esc>");
    assert!(what_if(&stage).marked().is_empty(), "Esc clears the marks before it leaves");
    assert!(matches!(stage.model.screen, Screen::Plan(_)));
}

#[test]
fn how_a_thing_is_reached_is_told_step_by_step() {
    let mut stage = at_plan();
    go_to(&mut stage, "laptop");
    stage.keys(" ");
    go_to(&mut stage, "VPN");
    let screen = stage.screen(200, 50);
    let steps = ["reached by  1. ", "Entra, with ", "OneDrive, with Entra", "the bundle, with OneDrive"];
    for step in steps {
        assert!(screen.contains(step), "{step}: {screen}");
    }
    assert_eq!(what_if(&stage).stands(page(&stage).selected_number().unwrap()), Stands::There);
}

#[test]
fn a_single_mark_takes_away_what_the_check_of_that_loss_does() {
    for template in TEMPLATES {
        let sandbox = crate::support::Sandbox::with_entry();
        sandbox.add("otpauth://totp/VPN:ana?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJA&issuer=VPN");
        sandbox.run(&format!("plan new --template {}", template.name)).done();
        let (ctx, session) = crate::app_entry::opened(&sandbox);
        let mut stage = Stage::open();
        stage.keys("4");
        let known = WhatIf::of(AtHand::of(session.vault()).unwrap());
        stage.send(Message::Plan(PlanMessage::Read(Box::new(PlanKnown::Read(Box::new(known))))));
        let n_things = page(&stage).shown.len();
        assert!(n_things > 8, "{}", template.name);
        let mut n_taken = 0;
        for _ in 0..n_things {
            let name = page(&stage).selected_thing().unwrap().name.clone();
            stage.keys(" ");
            let options = CheckOptions { depth: 1, lose: vec![name.raw().to_owned()] };
            let checked = plan::check(&ctx, &session, &options).unwrap();
            let found = checked.scenarios[0].found.as_ref().map(|found| found.accounts.clone());
            assert_eq!(taken_away(&stage), found.unwrap_or_default(), "{}: {name}", template.name);
            n_taken += taken_away(&stage).len();
            stage.keys(" j");
        }
        assert!(n_taken > 0, "{}", template.name);
    }
}

#[test]
fn a_scenario_marks_its_losses_in_the_place_of_others() {
    let mut stage = at_plan();
    go_to(&mut stage, "Entra password");
    stage.keys(" s");
    insta::assert_snapshot!("scenarios_80x24", stage.screen(80, 24));
    stage.keys("<enter>");
    assert_eq!(what_if(&stage).marks(), [Label::new("laptop"), Label::new("key in the safe")]);
    assert_eq!((selected(&stage), taken_away(&stage).len()), ("Entra".to_owned(), 2));
    stage.keys("sj<enter>");
    assert_eq!(what_if(&stage).marks(), [Label::new("office")], "a place is one of them");
    stage.keys("s<esc>");
    assert_eq!(what_if(&stage).marks(), [Label::new("office")]);
}

#[test]
fn what_is_typed_filters_by_name_kind_note_and_whose_it_is() {
    let mut stage = at_plan();
    for (typed, n) in
        [("second floor", 1), ("PRIVILEGED", 1), ("vault", 3), ("password yours", 1), ("nothing at all", 0)]
    {
        stage.keys("/<c-u>").keys(typed);
        assert_eq!(page(&stage).shown.len(), n, "{typed}: {}", stage.screen(80, 24));
    }
    let screen = stage.screen(80, 24);
    assert!(screen.contains("0 of 11 shown") && screen.contains("nothing is selected"), "{screen}");
    stage.keys("<enter> ed").keys("l");
    assert!(stage.model.dialog.is_none(), "nothing is done with a thing that is not shown");
    assert!(what_if(&stage).marked().is_empty());
    stage.keys("/").paste("otpauth://totp/A?secret=JBSWY3DP");
    assert!(!stage.screen(80, 24).contains("JBSWY3DP"));
}

#[test]
fn what_a_check_has_found_is_ranked_and_its_losses_are_marked_by_enter() {
    let mut stage = at_plan();
    stage.asked_for();
    stage.keys("c");
    assert_eq!(stage.asked_for(), "Plan(Check(2))");
    stage.send(Message::Started { what: "Checking the plan".to_owned(), can_cancel: true });
    stage.keys("<esc>");
    assert_eq!(stage.asked_for(), "Cancel", "it can be given up");
    stage.keys("C");
    assert_eq!(stage.asked_for(), "Plan(Check(3))");
    checked(&mut stage);
    insta::assert_snapshot!("check_80x24", stage.screen(80, 24));
    insta::assert_snapshot!("check_120x40", stage.screen(120, 40));
    insta::assert_snapshot!("check_40x10", stage.screen(40, 10));
    let rows = &page(&stage).findings.as_ref().unwrap().rows;
    let sorts: Vec<&str> = rows.iter().map(|row| row.sort).collect();
    assert_eq!(
        sorts,
        ["one", "one", "scenario", "circle", "unwise", "two", "scenario"],
        "a circle stands once"
    );
    assert_eq!(rows[0].about, "Entra password", "what takes a privileged account away is worst");
    stage.screen(80, 24);
    stage.keys("v");
    assert!(stage.screen(80, 24).contains("Entra needs Entra password, which is lost"));
    stage.keys("<esc>jjjjj<enter>");
    assert_eq!(what_if(&stage).marks(), [Label::new("laptop"), Label::new("key in the safe")]);
    assert_eq!(selected(&stage), "Entra", "the first account that they take away");
    assert!(matches!(page(&stage).doing, PlanStep::List));
    checked(&mut stage);
    stage.keys("jjjj<enter>");
    assert_eq!(selected(&stage), "VPN", "what is unwise is about a thing");
    assert_eq!(what_if(&stage).marks().len(), 2, "and marks nothing");
    assert_eq!(stage.asked_for(), "", "nothing of it changes the vault");
}

#[test]
fn what_was_found_goes_when_the_plan_changes_and_stays_when_it_does_not() {
    let mut stage = at_plan();
    checked(&mut stage);
    stage.keys("j");
    stage.send(read(TWO_WAYS));
    assert_eq!(page(&stage).findings.as_ref().map(|findings| findings.selected), Some(1));
    stage.send(read(&TWO_WAYS.replace("Second floor.", "Third floor.")));
    assert!(page(&stage).findings.is_none() && matches!(page(&stage).doing, PlanStep::List));
}

#[test]
fn marks_and_the_selection_stay_when_the_plan_is_read_again() {
    let mut stage = at_plan();
    go_to(&mut stage, "vault passphrase");
    stage.keys(" ");
    go_to(&mut stage, "office");
    let more = format!("[[thing]]\nname = \"attic\"\nkind = \"place\"\n{TWO_WAYS}");
    stage.send(read(&more));
    assert_eq!(
        (selected(&stage).as_str(), what_if(&stage).marks()),
        ("office", vec![Label::new("vault passphrase")])
    );
    assert_eq!(taken_away(&stage), ["VPN"]);
    stage.keys(" ");
    stage.send(read("[[thing]]\nname = \"attic\"\nkind = \"place\"\n"));
    assert_eq!(what_if(&stage).marks(), [Label::new("vault passphrase")], "what is gone is not marked");
}

#[test]
fn locking_leaves_nothing_of_the_plan() {
    let mut stage = at_plan();
    go_to(&mut stage, "office");
    stage.keys(" L");
    for size in [(80, 24), (200, 50)] {
        let screen = stage.screen(size.0, size.1);
        assert!(!screen.contains("office") && !screen.contains("Entra"), "{screen}");
    }
    assert!(!format!("{:?}", stage.model).contains("office"));
    // An answer that was on its way brings nothing back.
    stage.send(read(TWO_WAYS));
    checked(&mut stage);
    assert!(!format!("{:?}", stage.model).contains("office"));
}

#[test]
fn a_thing_is_written_down_and_checked_while_it_is_typed() {
    let mut stage = at_plan();
    stage.asked_for();
    stage.keys("a<enter>");
    assert!(stage.screen(80, 24).contains("! type a name"));
    stage.keys("mail<tab><tab>off");
    insta::assert_snapshot!("form_80x24", stage.screen(80, 24));
    insta::assert_snapshot!("form_120x40", stage.screen(120, 40));
    insta::assert_snapshot!("form_40x10", stage.screen(40, 10));
    stage.keys("<enter>");
    assert_eq!(stage.asked_for(), "", "a name that nothing has is not saved");
    assert!(stage.screen(80, 24).contains("! it cannot be saved like this"));
    stage.keys("<right>");
    assert!(!stage.screen(80, 24).contains("nothing in the plan is named"), "what was offered is taken");
    stage.keys("<tab>Entra password + key<right><tab>3 of: Entra + laptop");
    let screen = stage.screen(80, 24);
    assert!(screen.contains("a way in asks for 3 of 2") && screen.contains("key in the safe"), "{screen}");
    stage.keys(" + office");
    assert_eq!(screen_lines(&mut stage, "or:"), 2, "an empty field follows");
    stage.keys("<tab><tab><right><tab><tab>first line").paste("\nsecond");
    stage.keys("<enter>");
    let asked = stage.asked_for();
    for part in [
        r#"Add(Thing { name: "mail", kind: Account, needs: ["office"]"#,
        r#"Way { of: ["Entra password", "key in the safe"], at_least: None }"#,
        r#"Way { of: ["Entra", "laptop", "office"], at_least: Some(3) }"#,
        r#"privileged: true, lost: false, note: "first line\nsecond""#,
    ] {
        assert!(asked.contains(part), "{part}: {asked}");
    }
    let refused = Failure::new(Kind::Usage, "the plan would mean nothing like this")
        .details(["because of that".to_owned()])
        .unchanged(Unchanged::NothingTouched);
    stage.send(Message::Failed(Box::new(refused)));
    let screen = stage.screen(80, 24);
    assert!(
        screen.contains("! the plan would mean nothing like this") && screen.contains("mail"),
        "{screen}"
    );
    stage.send(read(&format!("{TWO_WAYS}\n[[thing]]\nname = \"mail\"\nkind = \"account\"\n")));
    stage.send(Message::Plan(PlanMessage::Changed("mail is put".to_owned(), Some(Label::new("mail")))));
    assert_eq!(selected(&stage), "mail", "what was written down is looked at");
}

fn screen_lines(stage: &mut Stage, label: &str) -> usize {
    stage.screen(80, 24).lines().filter(|line| line.contains(label)).count()
}

#[test]
fn a_seeds_uri_is_repeated_nowhere_and_not_saved() {
    let mut stage = at_plan();
    stage.asked_for();
    stage.keys("amail<tab><tab><tab>otpauth://totp/A?secret=JBSWY3DP");
    let screen = stage.screen(80, 24);
    assert!(screen.contains("a URI with a seed in it does not belong here"), "{screen}");
    stage.keys("<enter>");
    assert!(!format!("{:?}", stage.model).contains("JBSWY3DP") && !stage.screen(80, 24).contains("JBSWY3DP"));
    assert_eq!(stage.asked_for(), "");
}

#[test]
fn what_was_typed_is_not_left_without_a_question() {
    let mut stage = at_plan();
    stage.keys("a<esc>");
    assert!(stage.model.dialog.is_none(), "nothing was typed");
    stage.keys("amail<esc>");
    assert!(matches!(stage.model.dialog, Some(Dialog::Confirm(_))));
    stage.keys("<enter>");
    assert!(stage.screen(80, 24).contains("mail"), "no is the default");
    stage.keys("<esc>y");
    assert!(matches!(page(&stage).doing, PlanStep::List));
}

#[test]
fn an_own_thing_is_changed_as_it_was_written_down() {
    let mut stage = at_plan();
    go_to(&mut stage, "Entra");
    stage.asked_for();
    stage.keys("e");
    insta::assert_snapshot!("change_80x24", stage.screen(80, 24));
    stage.keys("<end> ID<enter>");
    let asked = stage.asked_for();
    assert!(asked.contains(r#"Edit("Entra", Thing { name: "Entra ID""#), "{asked}");
    assert!(asked.contains(r#"["Entra password", "key in the safe"]"#), "{asked}");
    stage.keys("<esc>y");
    // What the vault adds is not written down as the person's own.
    go_to(&mut stage, "vault file");
    stage.keys("e<enter>");
    let asked = stage.asked_for();
    assert!(asked.contains(r#"needs: ["laptop"], ways: []"#), "{asked}");
    assert!(!stage.screen(80, 24).contains("Name:"), "it is called as the vault calls it");
}

#[test]
fn a_thing_that_one_line_fields_cannot_hold_is_not_cut() {
    let odd = |thing: Thing| ThingForm::change(&thing, false).is_none();
    let plus = Label::new("red + blue");
    let base = Thing::new("x", ThingKind::Account);
    assert!(odd(Thing { needs: vec![plus], ..base.clone() }));
    assert!(odd(Thing { note: "a\r\nb".to_owned(), ..base.clone() }));
    let way = |n: usize| format!("w{n}").parse().unwrap();
    assert!(odd(Thing { ways: (0..17).map(way).collect(), ..base.clone() }));
    assert!(!odd(Thing { ways: (0..16).map(way).collect(), note: "a\nb".to_owned(), ..base }));
    let mut stage = at_plan();
    stage.send(read("[[thing]]\nname = \"x\"\nkind = \"account\"\nnote = \"a\\r\\nb\"\n"));
    stage.keys("e");
    assert!(stage.screen(80, 24).contains("the fields here cannot hold"), "{}", stage.screen(80, 24));
}

#[test]
fn what_the_vault_knows_is_not_changed_and_more_can_be_said_of_it() {
    let mut stage = at_plan();
    stage.asked_for();
    go_to(&mut stage, "vault passphrase");
    stage.keys("d");
    assert!(
        stage.screen(80, 24).contains("vault passphrase is known by the vault itself"),
        "{}",
        stage.screen(80, 24)
    );
    stage.keys("e");
    assert!(stage.screen(80, 24).contains("vault passphrase is known by the vault itself, and cannot"));
    stage.keys("y<tab>office<enter>");
    let asked = stage.asked_for();
    let said = r#"Add(Thing { name: "vault passphrase", kind: Password, needs: ["office"], ways: []"#;
    assert!(asked.contains(said), "{asked}");
}

#[test]
fn a_thing_is_taken_out_after_a_question_and_not_while_others_name_it() {
    let mut stage = at_plan();
    stage.asked_for();
    go_to(&mut stage, "office");
    stage.keys("d");
    let screen = stage.screen(80, 24);
    assert!(screen.contains("office is still named by others: laptop."), "{screen}");
    go_to(&mut stage, "VPN");
    stage.keys("d<enter>");
    assert_eq!(stage.asked_for(), "", "no is the default");
    stage.keys("dy");
    assert_eq!(stage.asked_for(), r#"Plan(Remove("VPN"))"#);
}

#[test]
fn a_loss_is_noted_in_the_vault_after_a_question_and_taken_back() {
    let mut stage = at_plan();
    stage.asked_for();
    go_to(&mut stage, "laptop");
    stage.keys("ly");
    let asked = stage.asked_for();
    assert!(
        asked.contains(r#"Edit("laptop", Thing { name: "laptop""#) && asked.contains("lost: true"),
        "{asked}"
    );
    go_to(&mut stage, "vault passphrase");
    stage.keys("ly");
    let asked = stage.asked_for();
    assert!(asked.contains("Plan(Add(") && asked.contains("lost: true"), "{asked}");
    let lost = |kind: &str| (kind.to_owned(), format!("{kind}\nlost = true"));
    let (device, key) = (lost("kind = \"device\""), lost("kind = \"hardware-key\""));
    stage.send(read(&TWO_WAYS.replace(&device.0, &device.1).replace(&key.0, &key.1)));
    go_to(&mut stage, "laptop");
    let screen = stage.screen(80, 24);
    assert!(screen.contains("L laptop") && screen.contains("LOST"), "{screen}");
    assert!(screen.contains("! 2 accounts cannot be reached even now: Entra, VPN"), "{screen}");
    stage.keys("l");
    assert!(stage.screen(80, 24).contains("is not lost any more?"));
    stage.keys("y");
    assert!(stage.asked_for().contains("lost: false"));
}

#[test]
fn a_plan_that_has_nothing_yet_says_what_it_is_for_and_begins_with_a_template() {
    let mut stage = at_plan();
    stage.send(read(""));
    stage.asked_for();
    insta::assert_snapshot!("empty_80x24", stage.screen(80, 24));
    insta::assert_snapshot!("empty_40x10", stage.screen(40, 10));
    stage.screen(80, 24);
    stage.keys("t");
    insta::assert_snapshot!("templates_80x24", stage.screen(80, 24));
    stage.keys("jj<enter>");
    assert!(stage.screen(80, 24).contains("Start your plan from one-admin?"));
    stage.keys("y");
    assert_eq!(stage.asked_for(), r#"Plan(Start("one-admin"))"#);
    stage.send(read(TWO_WAYS));
    assert_eq!(selected(&stage), "Entra", "a plan that was just begun is looked at from its beginning");
    stage.keys("t");
    assert!(stage.screen(80, 24).contains("you have a plan already"), "{}", stage.screen(80, 24));
}

#[test]
fn a_plan_that_is_not_understood_says_so_and_is_not_changed() {
    let failure = AtHand::of(&vault(StoredPlan::Unread("{}".to_owned()))).unwrap_err();
    assert_eq!(failure.kind, Kind::UnknownVersion);
    let mut stage = at_plan();
    stage.keys("a");
    let lines = vec![failure.what, failure.next.join(" ")];
    stage.send(Message::Plan(PlanMessage::Read(Box::new(PlanKnown::NotRead(lines)))));
    stage.asked_for();
    insta::assert_snapshot!("not_read_80x24", stage.screen(80, 24));
    for key in ["a", "e", "d", "l", "t", "s", " ", "<enter>", "n", "u"] {
        stage.keys(key);
        assert!(stage.model.dialog.is_none() && matches!(page(&stage).doing, PlanStep::List), "{key}");
    }
    assert_eq!(stage.asked_for(), "");
}

#[test]
fn checks_and_new_things_are_offered_from_any_page() {
    let mut stage = Stage::open();
    stage.keys(":lose each thing<enter>");
    assert_eq!(stage.asked_for(), "Plan(Read) Plan(Check(2))");
    let mut stage = Stage::open();
    stage.keys(":add a thing<enter>");
    assert_eq!(stage.asked_for(), "Plan(Read)");
    stage.send(read(TWO_WAYS));
    stage.keys("mail<tab><tab>nowhere");
    assert!(stage.screen(80, 24).contains("nothing in the plan is named \"nowhere\""));
}

#[test]
fn a_click_selects_the_row_under_it_beside_the_panel_too() {
    let mut stage = at_plan();
    for (size, line) in [((80, 24), 5), ((200, 50), 5)] {
        stage.send(Message::Resized(size.0, size.1));
        stage.send(Message::Clicked(5, line));
        assert_eq!(selected(&stage), "VPN", "{size:?}: {}", stage.screen(size.0, size.1));
        stage.keys("g");
    }
    checked(&mut stage);
    stage.send(Message::Resized(80, 24));
    stage.send(Message::Clicked(5, 4));
    assert_eq!(page(&stage).findings.as_ref().unwrap().selected, 2);
}

#[test]
fn long_and_wide_names_are_cut_and_hostile_ones_are_shown_escaped() {
    let mut stage = at_plan();
    let long = "鸭子".repeat(30);
    let plan = format!(
        "[[thing]]\nname = \"{long}\"\nkind = \"account\"\n[[thing]]\nname = \"a\\u202Eb\"\nkind = \"place\"\n"
    );
    stage.send(read(&plan));
    for (columns, rows) in [(40, 10), (80, 24), (120, 40), (200, 50)] {
        let screen = stage.screen(columns, rows);
        let cells = |line: &str| unicode_width::UnicodeWidthStr::width(line);
        assert!(screen.lines().all(|line| cells(line) <= usize::from(columns)), "{screen}");
        assert!(screen.contains("鸭子") && !screen.contains('\u{202e}'), "{screen}");
    }
    stage.keys("/202e");
    let screen = stage.keys("<c-u>place").screen(80, 24);
    assert!(screen.contains("a<U+202E>b"), "{screen}");
}
