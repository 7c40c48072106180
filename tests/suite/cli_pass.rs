//! `pass`: the codes of one entry for a limited time, issued, opened where there is no vault, printed, listed, closed.

use std::os::unix::fs::PermissionsExt as _;

use lifeboat::envelope::{Ceiling, Credentials, Kind, Passphrase, Sealed};
use lifeboat::secret::SecretText;
use lifeboat::wire::pass_v1;

use crate::pty::Pseudoterminal;
use crate::support::{CTRL_C, NOW, RFC_URI, Sandbox, WHAT_WAS_SHOWN};

const SIX_DIGITS: &str = "otpauth://totp/Mail:ana?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Mail";
const STEAM: &str = "otpauth://totp/Steam:jo?secret=JRZCL47CMXVOQMNPZR2F7J4RGI&issuer=Steam";
const ISSUE: &str = "pass issue Mail --to 'Helpdesk: Jo' --reason INC-4711 --no-input -o ~/jo.pass";

/// Issues a pass with all that is asked as options, and gives its words.
#[track_caller]
fn issue(sandbox: &Sandbox, line: &str) -> (serde_json::Value, String) {
    let json = sandbox.run(&format!("{line} --json")).done().json("lifeboat.pass-issue/1");
    let words = json["words"].as_str().unwrap().to_owned();
    sandbox.write("words", format!("{words}\n"));
    (json, words)
}

fn with_pass() -> Sandbox {
    let sandbox = Sandbox::with_vault();
    sandbox.add(SIX_DIGITS);
    issue(&sandbox, ISSUE);
    sandbox
}

/// The JSON inside a pass, opened without the program's own use cases.
fn payload(file: Vec<u8>, words: &str) -> Vec<u8> {
    let sealed = Sealed::parse(file, Kind::Pass).unwrap();
    let passphrase = Some(Passphrase::new(SecretText::new(words.to_owned())));
    let credentials = Credentials { passphrase, ..Credentials::default() };
    let (master, _) = sealed.unlock(&credentials, Ceiling::USUAL).unwrap();
    sealed.open(&master).unwrap().json().to_vec()
}

const OPEN: &str = "pass open ~/jo.pass --pass-passphrase-file ~/words";

#[test]
fn a_pass_of_an_hour_is_under_two_kibibytes_and_every_code_is_the_vaults() {
    let sandbox = Sandbox::with_vault();
    sandbox.add(SIX_DIGITS);
    // In the middle of a step, so that an hour has parts of 121.
    sandbox.wait(17);
    let (json, _) = issue(&sandbox, ISSUE);
    assert_eq!((json["from"].as_u64(), json["until"].as_u64()), (Some(NOW + 17), Some(NOW + 17 + 3600)));
    assert_eq!(json["codes"], 123);
    assert_eq!(json["codes_from"], NOW - 30);
    assert_eq!(json["codes_until"], NOW - 30 + 123 * 30);
    let file = sandbox.read("jo.pass");
    assert!(file.len() < 2048, "{} bytes", file.len());
    let mode = std::fs::metadata(sandbox.path("jo.pass")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let sheet = sandbox.run("pass sheet ~/jo.pass --pass-passphrase-file ~/words --json").done();
    for code in sheet.json("lifeboat.pass-sheet/1")["codes"].as_array().unwrap() {
        let own = sandbox.run(&format!("code Mail --at {}", code["from"])).done().out;
        assert_eq!(own.trim(), code["code"].as_str().unwrap(), "{}", code["from"]);
    }
}

#[test]
fn an_hour_of_codes_of_any_length_is_under_two_kibibytes() {
    for digits in 6..=10 {
        let sandbox = Sandbox::with_vault();
        sandbox.add(&format!("{SIX_DIGITS}&digits={digits}"));
        issue(&sandbox, ISSUE);
        assert!(sandbox.read("jo.pass").len() < 2048, "{digits} digits");
        let shown = sandbox.run(OPEN).done().out;
        assert_eq!(shown, sandbox.run("code Mail").done().out);
    }
}

#[test]
fn before_its_start_and_after_its_end_it_says_so_and_shows_nothing() {
    let sandbox = Sandbox::with_vault();
    sandbox.add(SIX_DIGITS);
    let (json, _) = issue(&sandbox, &format!("{ISSUE} --from {} --for 15m", NOW + 95));
    let (from, until) = (NOW + 95, NOW + 95 + 900);
    assert_eq!((json["from"].as_u64(), json["until"].as_u64()), (Some(from), Some(until)));
    let at = |moment: u64| sandbox.run(&format!("{OPEN} --at {moment}"));
    for moment in [from, from + 1, until - 1] {
        let code = sandbox.run(&format!("code Mail --at {moment}")).done().out;
        assert_eq!(at(moment).done().out, code, "{moment}");
    }
    for (moment, words) in [
        (from - 1, "the pass has not begun, and shows nothing"),
        (0, "the pass has not begun"),
        (until, "the pass has ended, and shows nothing"),
        (until + 1, "the pass has ended"),
        (u64::MAX, "the pass has ended"),
    ] {
        let refused = at(moment).exits(8).says(words);
        assert_eq!(refused.out, "", "{moment}");
    }
    // By the clock as by the option.
    let by_clock = sandbox.run(OPEN).exits(8).says("has not begun");
    assert_eq!(by_clock.out, "");
    sandbox.wait(95 + 900);
    sandbox.run(OPEN).exits(8).says("has ended").says("2027-01-15T08:01:35Z until 2027-01-15T08:16:35Z");
}

#[test]
fn it_is_opened_on_a_machine_that_has_nothing_else() {
    let sandbox = with_pass();
    let code = sandbox.run("code Mail").done().out;
    let elsewhere = Sandbox::empty();
    elsewhere.write("jo.pass", sandbox.read("jo.pass"));
    elsewhere.write("words", sandbox.read("words"));
    assert_eq!(elsewhere.run(OPEN).done().out, code);
    elsewhere.run("pass sheet ~/jo.pass --pass-passphrase-file ~/words").done();
    let json = elsewhere.run(&format!("{OPEN} --json")).done().json("lifeboat.pass-open/1");
    assert_eq!(json["title"], "Mail:ana");
    assert_eq!(json["to"], "Helpdesk: Jo");
    assert_eq!(json["code"].as_str().unwrap(), code.trim());
    assert_eq!(json["valid_until"], NOW + 30);
    assert!(!elsewhere.has("vault.lifeboat") && !elsewhere.has("state"), "nothing is made there");
}

#[test]
fn words_are_taken_as_they_were_heard() {
    let sandbox = with_pass();
    let words = String::from_utf8(sandbox.read("words")).unwrap();
    let heard: Vec<String> = words.split_whitespace().map(|word| word[..4].to_uppercase()).collect();
    let typed = sandbox.command("pass open ~/jo.pass").typing(&[&heard.join("  ")]).run().done();
    assert_eq!(typed.out, sandbox.run("code Mail").done().out);
    sandbox.write("words", "academic velvet spider hamster mustang trash yoga plastic");
    sandbox.run(OPEN).exits(3).says("have the words said once more");
    sandbox.run("pass open ~/jo.pass --no-input").exits(3).says("--pass-passphrase-file");
    sandbox.command("pass open ~/jo.pass").typing(&[""]).run().exits(3).says("is empty");
}

#[test]
fn there_is_no_seed_in_it_and_no_code_outside_of_its_time() {
    for (uri, query) in [(SIX_DIGITS, "Mail"), (RFC_URI, "AWS"), (STEAM, "Steam")] {
        let sandbox = Sandbox::with_vault();
        sandbox.add(uri);
        let line = format!("pass issue {query} --to Jo --reason INC-1 --no-input --for 5m -o ~/jo.pass");
        let (_, words) = issue(&sandbox, &line);
        let json = payload(sandbox.read("jo.pass"), &words);
        let text = String::from_utf8(json.clone()).unwrap();
        assert!(!text.contains("seed") && !text.contains("secret"), "{text}");
        let document = pass_v1::parse(&json).unwrap();
        // Ten steps begin in five minutes from the first second of one, and one lies on each side.
        assert_eq!(document.codes.len(), 12);
        assert_eq!(document.first(), NOW / 30 - 1);
        let inside: Vec<&str> = document.codes.iter().map(lifeboat::otp::Code::expose).collect();
        for (place, code) in inside.iter().enumerate() {
            let moment = NOW - 30 + 30 * u64::try_from(place).unwrap();
            assert_eq!(sandbox.run(&format!("code {query} --at {moment}")).done().out.trim(), *code);
        }
        for moment in [NOW - 60, NOW + 330] {
            let outside = sandbox.run(&format!("code {query} --at {moment}")).done().out;
            assert!(!inside.contains(&outside.trim()), "{query}: the code of {moment} is in it");
        }
    }
}

#[test]
fn what_a_rule_forbids_is_refused_with_what_to_do_and_nothing_is_written() {
    let sandbox = Sandbox::with_vault();
    sandbox.add(SIX_DIGITS);
    sandbox.add("otpauth://totp/Short:a?secret=GEZDGNBVGY3TQOI&issuer=Short");
    sandbox.add("otpauth://hotp/Counts:a?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&counter=1&issuer=Counts");
    sandbox.add("otpauth://totp/Root:a?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Root");
    sandbox.add("otpauth://totp/Sealed:a?secret=KBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Sealed");
    sandbox.run("edit Root --privileged").done();
    sandbox.write("seal", "seventeen green lanterns over the harbour");
    sandbox.run("seal Sealed --seal-passphrase-file ~/seal").done();
    let before = sandbox.read("vault.lifeboat");
    let line = |query: &str, rest: &str| {
        format!("pass issue {query} --to Jo --reason INC-1 --no-input -o ~/refused.pass {rest}")
    };
    for (query, rest, status, words) in [
        ("Mail", "--for 28801", 8, "a pass lasts 8 hours at most"),
        ("Mail", "--for 0s", 2, "one second at least"),
        ("Mail", "--from 1000", 8, "would have ended already"),
        ("Mail", "--from 18446744073709551615", 8, "a pass cannot have that time"),
        ("Short", "", 8, "has 72 bits, and could be found from its codes"),
        ("Counts", "", 8, "counts, and its codes have no time to end"),
        ("Sealed", "", 8, "lifeboat unseal NAME"),
        ("Root", "", 8, "--privileged-ok"),
        ("Nobody", "", 4, "no entry fits"),
    ] {
        sandbox.run(&line(query, rest)).exits(status).says(words);
    }
    let nobody = "pass issue Mail --to '  ' --reason INC-1 --no-input -o ~/refused.pass";
    sandbox.run(nobody).exits(2).says("whom the pass is for");
    sandbox.run("pass issue Mail --to Jo --no-input -o ~/refused.pass").exits(8).says("--reason TEXT");
    sandbox.run("pass issue Mail --reason INC-1 --no-input -o ~/refused.pass").exits(2);
    sandbox.run(&line("Mail", "").replace("refused.pass", "vault.lifeboat")).exits(8);
    sandbox.run(&line("Mail", "").replace("refused.pass", "words/none")).exits(1);
    assert_eq!(sandbox.read("vault.lifeboat"), before);
    assert!(!sandbox.has("refused.pass"));
    // What it is for is given, and said.
    let root = sandbox.run(&line("Root", "--privileged-ok")).done().says("is privileged");
    root.prints("words        ");
    let listed = sandbox.run("pass list --json").done().json("lifeboat.pass-list/1");
    assert_eq!(listed["passes"][0]["privileged"], true);
}

#[test]
fn eight_hours_are_the_most_and_no_second_more() {
    let sandbox = Sandbox::with_vault();
    sandbox.add(SIX_DIGITS);
    let (json, _) = issue(&sandbox, &format!("{ISSUE} --for 8h"));
    assert_eq!(json["codes"], 8 * 120 + 2);
    sandbox.run(&format!("{OPEN} --at {}", NOW + 8 * 3600 - 1)).done();
}

#[test]
fn of_a_seed_under_112_bits_it_is_said_what_it_gives_away() {
    let sandbox = Sandbox::with_vault();
    sandbox.add("otpauth://totp/Old:a?secret=JBSWY3DPEHPK3PXP&issuer=Old");
    sandbox.add("otpauth://totp/New:a?secret=GEZDGNBVGY3TQOJQGEZDGNA&issuer=New");
    let line =
        |query: &str| format!("pass issue {query} --to Jo --reason INC-1 --no-input -o ~/{query}.pass");
    sandbox.run(&line("Old")).done().says("has 80 bits").says("112 bits are advised");
    let new = sandbox.run(&line("New")).done();
    assert!(!new.err.contains("bits"), "a seed of 112 bits is as advised: {new}");
}

#[test]
fn a_person_has_one_live_pass_of_an_entry_whatever_the_case_of_the_name() {
    let sandbox = with_pass();
    sandbox.add(RFC_URI);
    let again = |to: &str, query: &str| {
        let line = format!("pass issue {query} --reason INC-2 --no-input -o ~/again.pass");
        sandbox.command(&line).arg("--to").arg(to).run()
    };
    again("  helpdesk:  JO ", "Mail")
        .exits(8)
        .says("Helpdesk: Jo has a pass of Mail:ana")
        .says("lifeboat pass close");
    again("Somebody else", "Mail").done();
    std::fs::remove_file(sandbox.path("again.pass")).unwrap();
    again("Helpdesk: Jo", "AWS").done();
    std::fs::remove_file(sandbox.path("again.pass")).unwrap();
    sandbox.wait(3599);
    again("Helpdesk: Jo", "Mail").exits(8);
    sandbox.wait(1);
    again("Helpdesk: Jo", "Mail").done();
}

#[test]
fn what_was_issued_stays_open_until_somebody_closes_it_also_after_its_end() {
    let sandbox = with_pass();
    let list = || sandbox.run("pass list --json").done().json("lifeboat.pass-list/1")["passes"][0].clone();
    let pass = list();
    assert_eq!((&pass["state"], &pass["open"]), (&"live".into(), &true.into()));
    assert_eq!(pass["reason"], "INC-4711");
    assert!(pass["identified"].is_null() && pass["channel"].is_null());
    let id = pass["id"].as_str().unwrap();
    sandbox.wait(2 * 3600);
    let pass = list();
    assert_eq!((&pass["state"], &pass["open"]), (&"ended".into(), &true.into()));
    sandbox.run("pass list").done().prints("Helpdesk: Jo").says("1 pass is open");
    sandbox.run(&format!("pass close {id} --no-input")).exits(8).says("are new methods registered");
    sandbox.command(&format!("pass close {id}")).typing(&["n"]).run().exits(8);
    assert_eq!(list()["open"], true);
    sandbox.command(&format!("pass close {id}")).typing(&["y"]).run().done().prints("INC-4711");
    let pass = list();
    assert_eq!((&pass["state"], &pass["open"]), (&"closed".into(), &false.into()));
    assert_eq!(pass["closed"], NOW + 2 * 3600);
    sandbox.run(&format!("pass close {id} --yes")).exits(8).says("is closed already");
    sandbox.run("pass close 00000000 --yes").exits(4).says("no pass has the id");
    sandbox.run("pass close nonsense --yes").exits(4);
}

#[test]
fn closing_before_the_end_says_that_the_codes_do_not_know() {
    let sandbox = with_pass();
    let listed = sandbox.run("pass list --json").done().json("lifeboat.pass-list/1");
    let id = listed["passes"][0]["id"].as_str().unwrap().to_owned();
    let closed = sandbox.run(&format!("pass close {id} --yes")).done();
    closed.says("its codes work until 2027-01-15T09:00:00Z all the same").says("lifeboat edit NAME --seed -");
    // A new pass for the same person is no second live one now.
    std::fs::remove_file(sandbox.path("jo.pass")).unwrap();
    sandbox.run(ISSUE).done();
}

#[test]
fn a_new_seed_takes_the_codes_back_and_the_list_says_so() {
    let sandbox = with_pass();
    sandbox.wait(60);
    sandbox.command("edit Mail --seed -").stdin("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP").run().done();
    sandbox.run("pass list").done().prints("has another seed since");
    assert_ne!(sandbox.run(OPEN).done().out, sandbox.run("code Mail").done().out);
}

#[test]
fn the_issuer_logs_who_got_it_and_no_code_is_in_the_log() {
    let sandbox = with_pass();
    let id = sandbox.run("pass list --json").done().json("lifeboat.pass-list/1")["passes"][0]["id"].clone();
    sandbox.run(&format!("pass close {} --yes --reason done", id.as_str().unwrap())).done();
    let log = sandbox.run("audit list --json").done().json("lifeboat.audit/1");
    let records = log["records"].as_array().unwrap();
    let of = |event: &str| {
        let record = records.iter().find(|record| record["event"] == event).unwrap();
        format!("{} {}", record["reason"], record["facts"])
    };
    let (issued, closed) = (of("pass-issued"), of("pass-closed"));
    for words in ["INC-4711", "Helpdesk: Jo", "2027-01-15T09:00:00Z", id.as_str().unwrap()] {
        assert!(issued.contains(words), "{words}: {issued}");
    }
    assert!(!issued.contains("Mail"), "entries are named by their ids: {issued}");
    assert!(closed.contains("done") && closed.contains(id.as_str().unwrap()), "{closed}");
    sandbox.run("audit verify").done();
}

#[test]
fn at_a_terminal_it_asks_how_and_by_which_channel_and_shows_the_words_once() {
    let sandbox = Sandbox::with_vault();
    sandbox.add(SIX_DIGITS);
    let issued = sandbox
        .command("pass issue Mail --to 'Helpdesk: Jo' -o ~/jo.pass")
        .at_terminal(80)
        .typing(&["INC-4711", "called back on the number in the directory", "telephone", ""])
        .run()
        .done();
    assert!(issued.tty.contains("How was Helpdesk: Jo identified?"), "{issued}");
    assert!(issued.tty.contains("By which channel do the words go?"), "{issued}");
    let words = issued.tty.lines().find_map(|line| line.strip_prefix("    ")).unwrap().to_owned();
    assert_eq!(words.split(' ').count(), 8);
    assert!(!issued.out.contains(&words) && !issued.err.contains(&words), "on the page alone");
    let page = issued.tty.split("=== page").nth(1).unwrap();
    assert!(page.contains(&words), "a page that is gone with the answer: {page}");
    for said in ["that it ends\n  is a courtesy", "it cannot be taken back", "lifeboat edit NAME --seed -"] {
        assert!(issued.err.contains(said), "{said}: {issued}");
    }
    let pass = &sandbox.run("pass list --json").done().json("lifeboat.pass-list/1")["passes"][0];
    assert_eq!(pass["identified"], "called back on the number in the directory");
    assert_eq!(pass["channel"], "telephone");
    let typed = sandbox.command("pass open ~/jo.pass").typing(&[&words]).run().done();
    assert_eq!(typed.out, sandbox.run("code Mail").done().out);
}

#[test]
fn ctrl_c_at_the_words_leaves_no_pass_and_no_item() {
    let sandbox = Sandbox::with_vault();
    sandbox.add(SIX_DIGITS);
    let before = sandbox.read("vault.lifeboat");
    let line = "pass issue Mail --to Jo --reason INC-1 --identified face --channel radio -o ~/jo.pass";
    let ended = sandbox.command(line).at_terminal(80).typing(&[CTRL_C]).run().exits(130);
    ended.says("the words that were shown open nothing");
    assert!(!sandbox.has("jo.pass"));
    assert_eq!(sandbox.read("vault.lifeboat"), before);
    // What was shown is what would have opened it.
    sandbox.command(line).at_terminal(80).typing(&[WHAT_WAS_SHOWN]).run().done();
}

#[test]
fn what_was_not_said_is_recorded_as_not_said_and_told() {
    let sandbox = Sandbox::with_vault();
    sandbox.add(SIX_DIGITS);
    let told = sandbox.run(ISSUE).done();
    told.says("how the person was identified is recorded as not said")
        .says("the channel is recorded as not said");
}

#[test]
fn on_a_terminal_the_code_is_live_and_the_page_goes_with_the_end() {
    let sandbox = with_pass();
    let words = String::from_utf8(sandbox.read("words")).unwrap();
    let first = sandbox.run("code Mail").done().out;
    let next = sandbox.run("code Mail --next").done().out;
    let grouped = |code: &str| format!("    {} {}    ", &code[..3], &code[3..6]);
    let open = || sandbox.command("pass open ~/jo.pass").at_terminal(80).typing(&[words.trim()]);
    // Five looks a second.
    let shown = open().rounds(5 * 31).run().done();
    assert!(shown.tty.contains(&format!("{} 30 s", grouped(&first))), "{shown}");
    assert!(shown.tty.contains(&format!("{} 30 s", grouped(&next))), "{shown}");
    assert!(
        shown.tty.contains("The pass ends in") && shown.tty.contains("at 2027-01-15T09:00:00Z"),
        "{shown}"
    );
    assert_eq!(shown.out, "", "nothing stays on the screen below");
    // It ends by itself.
    sandbox.wait(3600 - 33);
    let ended = open().rounds(10_000).run().done();
    ended.says("the pass has ended");
    open().rounds(1).run().exits(8).says("shows nothing");
}

#[test]
fn a_sheet_has_every_code_with_its_time_in_utc_under_its_day() {
    let sandbox = Sandbox::with_vault();
    sandbox.add(SIX_DIGITS);
    let midnight = NOW + 16 * 3600;
    issue(&sandbox, &format!("{ISSUE} --from {} --for 2m", midnight - 60));
    let sheet = sandbox.run("pass sheet ~/jo.pass --pass-passphrase-file ~/words").done();
    let code = |at: u64| {
        let code = sandbox.run(&format!("code Mail --at {at}")).done().out;
        format!("{} {}", &code[..3], &code[3..6])
    };
    assert!(sheet.out.contains("All times are UTC, not local time."), "{sheet}");
    assert!(sheet.out.contains("2027-01-15, UTC") && sheet.out.contains("2027-01-16, UTC"), "{sheet}");
    for (at, words) in [
        (midnight - 90, format!("23:58:30 ({})", code(midnight - 90))),
        (midnight - 60, format!("23:59:00  {}", code(midnight - 60))),
        (midnight, format!("00:00:00  {}", code(midnight))),
        (midnight + 60, format!("00:01:00 ({})", code(midnight + 60))),
    ] {
        assert!(sheet.out.contains(&words), "{at}: {words}\n{sheet}");
    }
    assert!(sheet.out.lines().all(|line| line.chars().count() <= 90), "{sheet}");
    sandbox.wait(16 * 3600 + 61);
    let over = sandbox.run("pass sheet ~/jo.pass --pass-passphrase-file ~/words").exits(8).says("has ended");
    assert_eq!(over.out, "");
}

#[test]
fn a_small_one_is_a_picture_that_opens_as_the_file_does() {
    let sandbox = Sandbox::with_vault();
    sandbox.add(SIX_DIGITS);
    let line = ISSUE.replace("jo.pass", "jo.png");
    issue(&sandbox, &format!("{line} --for 10m"));
    let picture = sandbox.read("jo.png");
    assert!(picture.starts_with(b"\x89PNG"));
    let code = sandbox.run("code Mail").done().out;
    let open = OPEN.replace("jo.pass", "jo.png");
    assert_eq!(sandbox.run(&open).done().out, code);
    sandbox.run(&open.replace("open", "sheet")).done().prints("22 codes");
    // As a telephone reads it off a screen, and sends it on as text.
    let text = lifeboat::interchange::qr_read::texts(&picture).unwrap();
    assert_eq!(text.len(), 1);
    sandbox.write("jo.txt", format!("{}\n", text[0].expose()));
    assert_eq!(sandbox.run(&OPEN.replace("jo.pass", "jo.txt")).done().out, code);
}

#[test]
fn an_hour_fits_a_picture_and_eight_hours_do_not() {
    let sandbox = Sandbox::with_vault();
    sandbox.add(RFC_URI);
    let line = "pass issue AWS --to Jo --reason INC-1 --no-input -o ~/jo.png";
    let before = sandbox.read("vault.lifeboat");
    sandbox.run(&format!("{line} --for 8h")).exits(8).says("too large for one QR code").says("--for 30m");
    assert_eq!(sandbox.read("vault.lifeboat"), before);
    assert!(!sandbox.has("jo.png"));
    issue(&sandbox, line);
    let shown = sandbox.run(&OPEN.replace("jo.pass", "jo.png")).done().out;
    assert_eq!(shown, sandbox.run("code AWS").done().out);
}

#[test]
fn another_container_or_a_damaged_one_is_named_and_not_opened() {
    let sandbox = with_pass();
    sandbox.write("bundle-words", "seventeen green lanterns over the harbour");
    sandbox.run("bundle create -o ~/safe.lifeboat --bundle-passphrase-file ~/bundle-words").done();
    let of = |name: &str| sandbox.run(&OPEN.replace("jo.pass", name));
    of("safe.lifeboat").exits(5).says("the file is a bundle, not a pass");
    of("vault.lifeboat").exits(5).says("the file is a vault, not a pass");
    of("words").exits(5).says("is no pass");
    of("nothing").exits(4);
    sandbox
        .run("bundle verify ~/jo.pass --bundle-passphrase-file ~/words")
        .exits(5)
        .says("the file is a pass, not a bundle");
    let whole = sandbox.read("jo.pass");
    for (place, words) in [(60, "checksum"), (whole.len() / 2, "checksum"), (whole.len() - 1, "checksum")] {
        let mut damaged = whole.clone();
        damaged[place] ^= 1;
        sandbox.write("damaged", &damaged);
        of("damaged").exits(5).says(words);
    }
    sandbox.write("damaged", &whole[..whole.len() - 40]);
    of("damaged").exits(5);
    // A picture of something else.
    let picture = lifeboat::interchange::qr_draw::png(&SecretText::new("WIFI:".to_owned())).unwrap();
    sandbox.write("other.png", picture.expose());
    of("other.png").exits(5).says("no QR code of the picture is a pass");
}

#[test]
fn nothing_is_written_over_a_file_that_is_there() {
    let sandbox = with_pass();
    let before = sandbox.read("jo.pass");
    sandbox.run(&ISSUE.replace("Jo", "Mo")).exits(8).says("exists already");
    assert_eq!(sandbox.read("jo.pass"), before);
}

#[test]
fn a_name_that_would_command_the_terminal_is_shown_safely_everywhere() {
    let sandbox = Sandbox::with_vault();
    sandbox.add("otpauth://totp/Ev%1B%5B31mil:a?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    let line = "pass issue il --reason 'INC\u{1b}[1m' --no-input --json -o ~/jo.pass";
    let issued = sandbox.command(line).arg("--to").arg("J\u{202e}o\u{1b}[2J").run().done();
    let words = issued.json("lifeboat.pass-issue/1")["words"].as_str().unwrap().to_owned();
    sandbox.write("words", &words);
    let at_terminal =
        sandbox.command("pass open ~/jo.pass").at_terminal(80).typing(&[&words]).rounds(2).run().done();
    assert!(at_terminal.tty.contains("J<U+202E>o<U+001B>[2J"), "{at_terminal}");
    let listed = sandbox.run("pass list").done();
    let sheet = sandbox.run("pass sheet ~/jo.pass --pass-passphrase-file ~/words").done();
    for said in [&issued.out, &issued.err, &at_terminal.tty, &listed.out, &sheet.out] {
        assert!(!said.contains(['\u{1b}', '\u{202e}']), "{said}");
    }
}

#[test]
fn a_bundle_brings_the_open_passes_along() {
    let sandbox = with_pass();
    sandbox.write("bundle-words", "seventeen green lanterns over the harbour");
    sandbox.run("bundle create -o ~/safe.lifeboat --bundle-passphrase-file ~/bundle-words").done();
    let empty = Sandbox::empty();
    empty.write("safe.lifeboat", sandbox.read("safe.lifeboat"));
    empty.write("bundle-words", sandbox.read("bundle-words"));
    let restore = "restore ~/safe.lifeboat --bundle-passphrase-file ~/bundle-words --new-passphrase-file ~/bundle-words";
    empty.run(restore).done();
    let listed = empty.run("pass list --passphrase-file ~/bundle-words --json").done();
    assert_eq!(listed.json("lifeboat.pass-list/1")["passes"][0]["name"], "Mail:ana");
}

/// The program at a terminal that shows a fresh pass of `Mail`, and the pieces of the code on its screen.
fn watched(sandbox: &Sandbox) -> (Pseudoterminal, String) {
    let issued = sandbox
        .program()
        .args(["pass", "issue", "Mail", "--to", "Jo", "--reason", "INC-1", "--no-input", "--json", "-o"])
        .arg(sandbox.path("live.pass"))
        .assert()
        .success();
    let json: serde_json::Value = serde_json::from_slice(&issued.get_output().stdout).unwrap();
    sandbox.write("words", json["words"].as_str().unwrap());
    let line = format!(
        "echo before; {} --sandbox kill pass open live.pass --pass-passphrase-file words; echo status $?",
        env!("CARGO_BIN_EXE_lifeboat")
    );
    let terminal = Pseudoterminal::start_in(sandbox, &["-c".to_owned(), line], &[]);
    let screen = terminal.shows("The pass ends in");
    assert!(screen.contains("Mail:ana") && screen.contains("for Jo"), "{screen}");
    let code = screen.lines().find_map(|line| line.strip_prefix("    ")).unwrap()[..7].to_owned();
    (terminal, code)
}

#[test]
fn a_key_ends_the_live_code_and_leaves_nothing_of_it_on_the_screen() {
    let sandbox = Sandbox::with_vault();
    sandbox.add(SIX_DIGITS);
    let (mut terminal, code) = watched(&sandbox);
    assert!(code.as_bytes()[3] == b' ' && code.replace(' ', "").parse::<u32>().is_ok(), "{code:?}");
    // What is no key of it changes nothing, and is not shown.
    terminal.types("xyz").types("q");
    terminal.end();
    let screen = terminal.screen();
    assert!(screen.contains("before") && screen.contains("status 0"), "{screen}");
    assert!(!screen.contains(&code) && !screen.contains("xyz") && !screen.contains("ends in"), "{screen}");
    assert_eq!(terminal.left_behind(), "");
    // The other screen was emptied before it was left.
    let sent = terminal.sent();
    let left = sent.windows(8).rposition(|bytes| bytes == b"\x1b[?1049l").unwrap();
    assert_eq!(&sent[left - 7..left], b"\x1b[2J\x1b[H");
}

#[test]
fn ctrl_c_ends_the_live_code_as_a_key_does() {
    let sandbox = Sandbox::with_vault();
    sandbox.add(SIX_DIGITS);
    let (mut terminal, code) = watched(&sandbox);
    terminal.types("\x03");
    terminal.end();
    let screen = terminal.screen();
    assert!(screen.contains("status 0") && !screen.contains(&code), "{screen}");
    assert_eq!(terminal.left_behind(), "");
}
