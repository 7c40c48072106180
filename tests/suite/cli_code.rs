//! `code`: printed, copied, watched; by the clock and by a counter.

use crate::support::{NOW, RFC_SEED, Sandbox};

#[test]
fn a_code_is_one_line_and_nothing_else() {
    let sandbox = Sandbox::with_entry();
    let piped = sandbox.run("code AWS --at 1111111109").done();
    assert_eq!((piped.out.as_str(), piped.err.as_str()), ("07081804\n", ""));
}

#[test]
fn on_a_terminal_the_seconds_left_go_to_standard_error() {
    let sandbox = Sandbox::with_entry();
    sandbox.wait(12);
    let shown = sandbox.command("code AWS").at_terminal(80).run().done();
    assert_eq!(shown.out.len(), 9);
    assert_eq!(shown.err, "18 s left\n");
}

#[test]
fn the_next_code_is_the_code_of_the_next_step() {
    let sandbox = Sandbox::with_entry();
    let next = sandbox.run("code AWS --next").done().out;
    assert_ne!(next, sandbox.run("code AWS").done().out);
    sandbox.wait(30);
    assert_eq!(next, sandbox.run("code AWS").done().out);
}

#[test]
fn json_has_the_fields_of_the_contract() {
    let sandbox = Sandbox::with_entry();
    let shown = sandbox.run("code AWS --json --at 2005-03-18T01:58:29Z").done().json("lifeboat.code/1");
    assert_eq!(shown["code"], "07081804");
    assert_eq!((shown["issuer"].as_str(), shown["account"].as_str()), (Some("AWS"), Some("root")));
    assert_eq!(
        (shown["valid_from"].as_u64(), shown["valid_until"].as_u64()),
        (Some(1_111_111_080), Some(1_111_111_110))
    );
    assert_eq!(shown["next"], "14050471");
    assert_eq!(shown["id"].as_str().unwrap().len(), 32);
}

#[test]
fn a_query_names_one_entry_or_says_which_fit() {
    let sandbox = Sandbox::with_entry();
    sandbox.add("otpauth://totp/AWS:billing?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP");
    let several = sandbox.run("code aws").exits(4);
    insta::assert_snapshot!(sandbox.normal(&several.to_string()));
    sandbox.run("code AWS:BILLING").done();
    sandbox.run("code bill").done();
    assert_eq!(sandbox.run("code nobody --json").exits(4).error_json()["kind"], "no-entry");
}

#[test]
fn a_counter_moves_with_every_code_and_is_saved_first() {
    let sandbox = Sandbox::with_vault();
    sandbox.add(&format!("otpauth://hotp/Bank:ana?secret={RFC_SEED}&counter=0"));
    for code in ["755224\n", "287082\n", "359152\n"] {
        assert_eq!(sandbox.run("code Bank").done().out, code);
    }
    sandbox.run("code Bank --next").exits(2);
    sandbox.run("code Bank --at 59").exits(2);
    let json = sandbox.run("code Bank --json").done().json("lifeboat.code/1");
    assert_eq!((json["counter"].as_u64(), json["valid_until"].as_u64()), (Some(3), None));
    let shown = sandbox.command("code Bank").at_terminal(80).run().done();
    assert_eq!(
        (shown.out.as_str(), shown.err.as_str()),
        ("338314\n", "counter 4; the next run gives the next code\n")
    );
}

#[test]
fn a_steam_code_has_five_letters() {
    let sandbox = Sandbox::with_vault();
    sandbox.command("add - --issuer Steam --type steam").stdin(RFC_SEED).run().done();
    assert_eq!(sandbox.run("code Steam").done().out.trim().len(), 5);
}

/// The base64 of what was copied last.
fn copied(tty: &str) -> String {
    tty.split("]52;c;").nth(1).unwrap().split('\x07').next().unwrap().to_owned()
}

#[test]
fn a_copy_goes_through_the_terminal_and_is_not_printed() {
    let sandbox = Sandbox::with_entry();
    let code = sandbox.run("code AWS").done().out;
    let done = sandbox.command("code AWS --copy").typing(&[]).run().done();
    assert_eq!(copied(&done.tty), data_encoding::BASE64.encode(code.trim().as_bytes()));
    assert_eq!(done.out, "");
    assert!(!done.err.contains(code.trim()));
    done.says("does not confirm it").says("left to expire with the code");
}

#[test]
fn a_code_is_not_copied_twice_in_its_window_without_a_word() {
    let sandbox = Sandbox::with_entry();
    sandbox.command("code AWS --copy").typing(&[]).run().done();
    sandbox.wait(10);

    let refused = sandbox.command("code AWS --copy --no-input").typing(&[]).run().exits(8);
    assert!(refused.says("was copied 10 s ago").tty.is_empty());
    sandbox.command("code AWS --copy").typing(&["n"]).run().exits(8);
    let again = sandbox.command("code AWS --copy --yes").typing(&[]).run().done();
    assert!(again.says("was copied 10 s ago").tty.contains("]52;"));
    sandbox.command("code AWS --copy").typing(&["y"]).run().done();

    sandbox.wait(20);
    let next_window = sandbox.command("code AWS --copy --no-input").typing(&[]).run().done();
    assert!(!next_window.err.contains("ago"));
}

#[test]
fn the_code_of_another_step_is_another_copy() {
    let sandbox = Sandbox::with_entry();
    sandbox.command("code AWS --copy --next").typing(&[]).run().done();
    sandbox.command("code AWS --copy --no-input").typing(&[]).run().done();
    sandbox.wait(30);
    sandbox.command("code AWS --copy --no-input").typing(&[]).run().exits(8);
}

#[test]
fn a_copy_can_be_overwritten_after_a_time() {
    let sandbox = Sandbox::with_entry();
    let done =
        sandbox.command("code AWS --copy --clear-after 5s").typing(&[]).rounds(usize::MAX).run().done();
    let last = done.tty.rsplit("]52;c;").next().unwrap();
    assert!(last.starts_with(&data_encoding::BASE64.encode(b" ")), "{last:?}");
    done.says("asked to overwrite it");
    let now = sandbox.run("code AWS --json").done().json("lifeboat.code/1")["valid_from"].as_u64().unwrap();
    assert_eq!(now, NOW, "it waited for five seconds, not for the step");
}

#[test]
fn a_copy_without_a_terminal_copies_nothing_and_says_so() {
    let sandbox = Sandbox::with_entry();
    let code = sandbox.run("code AWS").done().out;
    let failed = sandbox.run("code AWS --copy").exits(1).says("was not copied");
    assert!(!failed.to_string().contains(code.trim()));
    sandbox.command("code AWS --copy --no-input").typing(&[]).run().done();
}

#[test]
fn a_watch_on_a_terminal_draws_one_line_again_and_takes_it_away() {
    let sandbox = Sandbox::with_entry();
    let watched = sandbox.command("code AWS --watch").at_terminal(80).rounds(12).run().done();
    let frames: Vec<&str> = watched.out.split("\r\x1b[2K").skip(1).collect();
    assert!(frames[0].ends_with(" 30 s") && frames[1].ends_with(" 29 s"), "{frames:?}");
    assert_eq!(*frames.last().unwrap(), "", "the last code is not left on the screen");
    assert!(!watched.out.contains('\n'));
}

#[test]
fn a_watch_on_a_pipe_prints_a_line_for_each_new_code() {
    let sandbox = Sandbox::with_entry();
    let watched = sandbox.command("code AWS --watch").rounds(5 * 61).run().done();
    let lines: Vec<&str> = watched.out.lines().collect();
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(lines.iter().all(|line| line.len() == 8));
    let json = sandbox.command("code AWS --watch --json").rounds(2).run().done();
    json.json("lifeboat.code/1");
}

#[test]
fn a_watch_ends_when_nobody_reads_any_more() {
    let sandbox = Sandbox::with_entry();
    let watched = sandbox.command("code AWS --watch").rounds(usize::MAX).reading(2).run().done();
    assert_eq!(watched.out.lines().count(), 2);
}
