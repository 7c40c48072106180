//! Reasons: asked for before something of a privileged entry is shown, and kept by the log.

use lifeboat::app::code::{self, CodeRequest};
use lifeboat::app::export::{self, ExportRequest};
use lifeboat::app::history::{self, Happened};
use lifeboat::app::{Context, Failure, Kind, Session, find, key_file, picture, show, unlock};
use lifeboat::audit::Event;
use lifeboat::envelope::Credentials;

use crate::support::{CTRL_C, RFC_URI, Sandbox, Transcript};

const ASKS: &str = "[reasons]\nprivileged = true\n";
const FOR_TICKETS: &str = "[reasons]\nprivileged = true\npattern = 'INC-[0-9]+'\n";
const ORDINARY: &str = "otpauth://totp/GitHub:ana?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=GitHub";

/// `AWS:root`, which is privileged, and `GitHub:ana`, which is not.
fn with_rule(settings: &str) -> Sandbox {
    let sandbox = Sandbox::with_entry();
    sandbox.add(ORDINARY);
    sandbox.command("edit AWS --privileged --recovery-codes -").stdin("one\ntwo\nthree\n").run().done();
    std::fs::create_dir_all(sandbox.path("config")).unwrap();
    sandbox.write("config/lifeboat.toml", settings);
    sandbox
}

fn opened(sandbox: &Sandbox) -> (Context, Session) {
    let ctx = sandbox.context();
    let key = key_file::read_key_file(&ctx, &sandbox.path("key")).unwrap();
    let credentials = Credentials { key_file: Some(key), ..Credentials::default() };
    let session = unlock::unlock(&ctx, unlock::look(&ctx).unwrap(), &credentials).unwrap();
    (ctx, session)
}

/// What the log has, newest first.
fn happened(sandbox: &Sandbox) -> Vec<Happened> {
    let (ctx, session) = opened(sandbox);
    history::recent(&ctx, &session)
}

/// The newest record of an event.
#[track_caller]
fn newest(sandbox: &Sandbox, event: Event) -> String {
    let happened = happened(sandbox);
    happened.into_iter().find(|one| one.event == event.name()).expect("it is in the log").about
}

fn is_in_log(sandbox: &Sandbox, event: Event) -> bool {
    happened(sandbox).iter().any(|one| one.event == event.name())
}

#[track_caller]
fn check_refused(transcript: &Transcript, words: &[&str]) {
    assert_eq!((transcript.status, transcript.out.as_str()), (8, ""), "{transcript:?}");
    for words in words {
        assert!(transcript.err.contains(words), "{words} is not in: {}", transcript.err);
    }
}

const SHOWING: [(&str, Event); 8] = [
    ("code AWS", Event::CodeShown),
    ("code AWS --next", Event::CodeShown),
    ("code AWS --watch", Event::CodeShown),
    ("code AWS --copy", Event::CodeShown),
    ("show AWS --reveal", Event::SeedShown),
    ("show AWS --qr", Event::SeedShown),
    ("show AWS --recovery-codes", Event::SeedShown),
    ("recovery-code use AWS", Event::RecoveryCodeUsed),
];

#[test]
fn nothing_of_a_privileged_entry_is_shown_without_a_reason() {
    for (command, event) in SHOWING {
        let sandbox = with_rule(FOR_TICKETS);
        for line in [command.to_owned(), format!("{command} --no-input")] {
            let refused = sandbox.command(&line).rounds(1).run();
            check_refused(
                &refused,
                &[
                    "a reason is asked for before anything of AWS:root is shown",
                    "one that matches INC-[0-9]+ as a whole",
                    "--reason 'INC-4711'",
                ],
            );
        }
        assert!(!is_in_log(&sandbox, event), "{command}");
        let shown = sandbox.command(&format!("{command} --reason INC-12")).rounds(1).at_terminal(80).run();
        assert_eq!(shown.status, 0, "{command}: {shown:?}");
        assert!(newest(&sandbox, event).contains("because INC-12"), "{command}");
    }
}

#[test]
fn each_of_them_asks_at_a_terminal() {
    for (command, event) in SHOWING {
        let sandbox = with_rule(FOR_TICKETS);
        let shown = sandbox.command(command).rounds(1).at_terminal(80).typing(&["INC-5"]).run().done();
        assert!(
            shown.tty.starts_with("AWS:root is privileged. Why is it shown?"),
            "{command}: {}",
            shown.tty
        );
        assert!(newest(&sandbox, event).contains("because INC-5"), "{command}");
    }
}

#[test]
fn no_face_can_show_anything_without_asking() {
    let sandbox = with_rule(FOR_TICKETS);
    let (ctx, mut session) = opened(&sandbox);
    let id = find::find(&session, "AWS").unwrap();
    let output = sandbox.path("all.txt");
    let request = ExportRequest {
        format: "otpauth",
        entries: vec![id],
        output: &output,
        force: false,
        plaintext: true,
        passphrase: None,
    };
    let refused: [Option<Failure>; 6] = [
        code::code(&ctx, &mut session, id, CodeRequest::default()).err(),
        show::reveal(&ctx, &mut session, id).err(),
        show::recovery_codes(&ctx, &mut session, id).err(),
        show::use_recovery_code(&ctx, &mut session, id).err(),
        picture::of_seed(&ctx, &mut session, id, 50).err(),
        export::export(&ctx, &mut session, &request).err(),
    ];
    for (idx, failure) in refused.into_iter().enumerate() {
        assert_eq!(failure.map(|failure| failure.kind), Some(Kind::Refused), "{idx}");
    }
    let ctx = ctx.with_reason("INC-3".to_owned());
    code::code(&ctx, &mut session, id, CodeRequest::default()).unwrap();
}

#[test]
fn a_reason_that_does_not_match_is_refused_with_the_pattern() {
    let sandbox = with_rule(FOR_TICKETS);
    let refused = sandbox.run("code AWS --reason 'see INC-12'");
    check_refused(
        &refused,
        &["the reason is not taken", "does not match the pattern as a whole", "INC-[0-9]+"],
    );
    let sandbox = with_rule(ASKS);
    check_refused(&sandbox.run("code AWS --reason ' '"), &["a blank reason says nothing", "not blank"]);
    check_refused(&sandbox.command("code AWS").arg("--reason=a\nb").run(), &["a reason is one line"]);
    let long = format!("--reason={}", "a".repeat(201));
    check_refused(&sandbox.command("code AWS").arg(long).run(), &["at most 200 characters"]);
    assert!(!is_in_log(&sandbox, Event::CodeShown));
}

#[test]
fn what_is_not_privileged_and_what_shows_nothing_asks_for_no_reason() {
    let sandbox = with_rule(FOR_TICKETS);
    for command in ["code GitHub", "show AWS", "list", "edit AWS --note x", "prove AWS --yes"] {
        sandbox.run(command).done();
    }
    sandbox.run("code GitHub --reason 'no ticket'").done();
    assert!(newest(&sandbox, Event::CodeShown).contains("because no ticket"));
    let sandbox = with_rule("[reasons]\npattern = 'INC-[0-9]+'\n");
    sandbox.run("code AWS").done();
}

#[test]
fn a_plaintext_export_that_holds_a_privileged_entry_asks_for_a_reason() {
    let sandbox = with_rule(FOR_TICKETS);
    let refused = sandbox.run("export --to otpauth --plaintext -o ~/all.txt");
    check_refused(&refused, &["anything of AWS:root is shown"]);
    assert!(!sandbox.has("all.txt"));
    sandbox.run("export GitHub --to otpauth --plaintext -o ~/one.txt").done();
    sandbox.run("export --to otpauth --plaintext -o ~/all.txt --reason INC-7").done();
    assert!(newest(&sandbox, Event::Exported).contains("because INC-7"));
    sandbox.write("passphrase", "correct horse battery staple");
    let encrypted = "export --to aegis -o ~/all.json --file-passphrase-file ~/passphrase";
    sandbox.run(encrypted).done();
}

#[test]
fn at_a_terminal_the_reason_is_asked_for_and_the_last_ones_are_offered() {
    let sandbox = with_rule(FOR_TICKETS);
    for reason in ["INC-1", "INC-2", "INC-3", "INC-3", "INC-4", "INC-5", "INC-6"] {
        sandbox.run(&format!("code AWS --reason {reason}")).done();
    }
    sandbox.run("list --reason 'no ticket'").done();
    let asked = sandbox.command("code AWS").typing(&["2"]).run().done();
    assert!(asked.tty.contains("It has to match INC-[0-9]+ as a whole."), "{}", asked.tty);
    let offered: Vec<&str> = asked.tty.lines().filter_map(|line| line.strip_prefix("  ")).collect();
    assert_eq!(offered, ["1  INC-6", "2  INC-5", "3  INC-4", "4  INC-3", "5  INC-2"]);
    assert!(newest(&sandbox, Event::CodeShown).contains("because INC-5"));
    let typed = sandbox.command("code AWS").typing(&["6", "ticket", " INC-77 "]).run().done();
    assert!(typed.tty.contains("Not taken: it does not match the pattern as a whole."), "{}", typed.tty);
    assert!(newest(&sandbox, Event::CodeShown).ends_with("because INC-77"));
}

#[test]
fn a_question_that_is_not_answered_shows_nothing() {
    let sandbox = with_rule(FOR_TICKETS);
    for answers in [&[""][..], &["a", "b", "c"]] {
        let refused = sandbox.command("code AWS").typing(answers).run();
        check_refused(&refused, &["a reason is asked for"]);
    }
    let interrupted = sandbox.command("code AWS").typing(&[CTRL_C]).run();
    assert_eq!((interrupted.status, interrupted.out.as_str()), (130, ""));
    assert!(!is_in_log(&sandbox, Event::CodeShown));
}

#[test]
fn a_counter_is_not_moved_without_a_reason() {
    let sandbox = Sandbox::with_vault();
    sandbox.add(&RFC_URI.replace("totp", "hotp").replace("&digits=8", "&counter=5"));
    sandbox.run("edit AWS --privileged").done();
    std::fs::create_dir_all(sandbox.path("config")).unwrap();
    sandbox.write("config/lifeboat.toml", ASKS);
    check_refused(&sandbox.run("code AWS"), &["a reason is asked for"]);
    let shown = sandbox.run("show AWS").done();
    assert!(shown.out.contains("counter 5"), "{}", shown.out);
}

#[test]
fn a_pattern_that_is_none_still_asks_for_a_reason() {
    let sandbox = with_rule("[reasons]\nprivileged = true\npattern = 'INC-['\n");
    check_refused(&sandbox.run("code AWS"), &["any text that is not blank"]);
    sandbox.run("code AWS --reason because").done();
    let doctor = sandbox.run("doctor");
    assert!(doctor.out.contains("any reason that is not blank is taken"), "{}", doctor.out);
}

#[test]
fn a_hostile_reason_is_shown_as_text_wherever_it_comes_up() {
    let sandbox = with_rule(ASKS);
    let hostile = "--reason=\u{1b}[2J\u{202e}evil";
    sandbox.command("code AWS").arg(hostile).run().done();
    let about = newest(&sandbox, Event::CodeShown);
    let asked = sandbox.command("code AWS").typing(&["1"]).run().done();
    for text in [&about, &asked.tty] {
        assert!(text.contains("evil") && !text.contains(['\u{1b}', '\u{202e}']), "{text:?}");
    }
    assert_eq!(newest(&sandbox, Event::CodeShown), about, "what was taken by its number is what was given");
}

#[test]
fn a_log_that_cannot_be_written_blocks_no_code() {
    let sandbox = with_rule(ASKS);
    std::fs::remove_file(sandbox.path("vault.lifeboat.log")).unwrap();
    std::fs::create_dir(sandbox.path("vault.lifeboat.log")).unwrap();
    let shown = sandbox.run("code AWS --reason because").done();
    assert!(shown.err.contains("the log could not be written"), "{}", shown.err);
}
