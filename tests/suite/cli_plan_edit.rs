//! `plan edit`: what becomes of what a person types into their own editor, and of the file that it lies in.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use lifeboat::app::plan::editor::ReadyEditor;
use lifeboat::platform::editor::{Editor, EditorError, Ended};

use crate::pty::Pseudoterminal;
use crate::support::{CTRL_C, Sandbox};

const PLAN: &str = "\
[[thing]]
name = \"laptop\"
kind = \"device\"
";

type Hand = Box<dyn FnOnce(&Path) -> Ended + Send>;

/// An editor that does one thing at each run.
struct Hands {
    file: PathBuf,
    does: Mutex<VecDeque<Hand>>,
}

impl Editor for Hands {
    fn edit(&self) -> Result<Ended, EditorError> {
        let does = self.does.lock().unwrap().pop_front().expect("the editor was not to run again");
        Ok(does(&self.file))
    }
}

#[expect(clippy::disallowed_methods, reason = "this is an editor, which cares for nothing")]
fn saves(text: &str) -> Hand {
    let text = text.to_owned();
    Box::new(move |file| {
        std::fs::write(file, text).unwrap();
        Ended::Status(0)
    })
}

#[expect(clippy::disallowed_methods, reason = "this is an editor, which cares for nothing")]
fn crashes_after_saving(text: &str) -> Hand {
    let text = text.to_owned();
    Box::new(move |file| {
        std::fs::write(file, text).unwrap();
        std::fs::write(file.with_file_name(".plan.toml.swp"), "left over").unwrap();
        Ended::Signal(9)
    })
}

fn leaves(status: i32) -> Hand {
    Box::new(move |_| Ended::Status(status))
}

/// Puts together what takes the file of a sandbox; `None` where its home does not lie in memory.
fn editor(sandbox: &Sandbox, does: Vec<Hand>) -> Option<ReadyEditor> {
    let file = sandbox.path("lifeboat-plan-1/plan.toml");
    let runs = Arc::new(Hands { file: file.clone(), does: Mutex::new(does.into()) });
    sandbox.home().starts_with("/dev/shm").then_some(ReadyEditor { file, runs })
}

fn planned() -> Sandbox {
    let sandbox = Sandbox::with_vault();
    sandbox.command("plan import -").stdin(PLAN).run().done();
    sandbox
}

#[test]
fn what_is_saved_is_taken_and_the_file_is_gone_with_its_folder() {
    let sandbox = planned();
    let reads: Hand = Box::new(|file| {
        let text = std::fs::read_to_string(file).unwrap();
        assert!(text.contains("laptop") && text.starts_with("# "), "{text}");
        saves(&format!("{text}\n[[thing]]\nname = \"phone\"\nkind = \"device\"\n"))(file)
    });
    let Some(editor) = editor(&sandbox, vec![reads]) else { return };
    sandbox.command("plan edit").editing_with(editor).run().done().prints("a plan of 2 things");
    let text = sandbox.run("plan export -o -").done().out;
    assert!(text.contains("laptop") && text.contains("phone"), "{text}");
    assert!(!sandbox.has("lifeboat-plan-1"));
}

#[test]
fn a_text_that_was_not_changed_changes_nothing() {
    let sandbox = planned();
    let before = sandbox.read("vault.lifeboat");
    let Some(editor) = editor(&sandbox, vec![leaves(0)]) else { return };
    sandbox.command("plan edit").editing_with(editor).run().done().says("nothing was changed");
    assert_eq!(sandbox.read("vault.lifeboat"), before);
    assert!(!sandbox.has("lifeboat-plan-1"));
}

#[test]
fn a_mistake_is_told_with_its_line_and_what_was_typed_is_edited_again() {
    let sandbox = planned();
    let wrong =
        format!("{PLAN}\n[[thing]]\nname = \"account\"\nkind = \"account\"\nways = [[\"nowhere\"]]\n");
    let mended: Hand = Box::new(|file| {
        let text = std::fs::read_to_string(file).unwrap();
        assert!(text.contains("nowhere"), "what was typed is still there: {text}");
        saves(&text.replace("nowhere", "laptop"))(file)
    });
    let does = vec![saves("[[thing]]\nname = 3\n"), saves(&wrong), mended];
    let Some(editor) = editor(&sandbox, does) else { return };
    let done = sandbox.command("plan edit").editing_with(editor).typing(&["", ""]).run().done();
    done.says("line 2").says("\"account\" names \"nowhere\"").prints("a plan of 2 things");
    assert!(!sandbox.has("lifeboat-plan-1"));
}

#[test]
fn what_was_typed_is_dropped_only_when_a_person_says_so() {
    for answer in ["d", CTRL_C] {
        let sandbox = planned();
        let Some(editor) = editor(&sandbox, vec![saves("kaputt"), saves("kaputt, once more")]) else {
            return;
        };
        let refused = sandbox.command("plan edit").editing_with(editor).typing(&["", answer]).run().exits(2);
        refused.says("what was typed is dropped");
        assert!(sandbox.run("plan export -o -").done().out.contains("laptop"));
        assert!(!sandbox.has("lifeboat-plan-1"));
    }
}

#[test]
fn an_editor_that_fails_takes_nothing_over_and_loses_nothing() {
    let sandbox = planned();
    let Some(refusing) = editor(&sandbox, vec![leaves(1)]) else { return };
    sandbox.command("plan edit").editing_with(refusing).run().exits(1).says("ended with status 1");

    let longer = format!("{PLAN}[[thing]]\nname = \"phone\"\nkind = \"device\"\n");
    let crashed = editor(&sandbox, vec![crashes_after_saving(&longer), leaves(0)]).unwrap();
    let done = sandbox.command("plan edit").editing_with(crashed).typing(&[""]).run().done();
    done.says("ended by signal 9").prints("a plan of 2 things");
    assert!(!sandbox.has("lifeboat-plan-1"), "what the editor has left is gone too");
}

#[test]
fn an_empty_file_does_not_take_a_plan_away() {
    let sandbox = planned();
    let Some(editor) = editor(&sandbox, vec![saves("# nothing\n")]) else { return };
    let refused = sandbox.command("plan edit").editing_with(editor).typing(&["d"]).run().exits(8);
    refused.says("holds no plan any more");
    assert!(sandbox.run("plan export -o -").done().out.contains("laptop"));
}

#[test]
fn a_plan_that_somebody_else_changed_meanwhile_is_told_before_it_is_replaced() {
    let sandbox = planned();
    let (vault, key) = (sandbox.path("vault.lifeboat"), sandbox.path("key"));
    let beside: Hand = Box::new(move |file| {
        let mut other = assert_cmd::Command::new(env!("CARGO_BIN_EXE_lifeboat"));
        other
            .env_clear()
            .env("HOME", vault.parent().unwrap())
            .arg("--vault")
            .arg(&vault)
            .arg("--key-file")
            .arg(&key);
        other.args(["plan", "add", "theirs", "--kind", "place"]).assert().success();
        saves(&format!("{PLAN}[[thing]]\nname = \"mine\"\nkind = \"place\"\n"))(file)
    });
    let Some(editor) = editor(&sandbox, vec![beside, leaves(0)]) else { return };
    let done = sandbox.command("plan edit").editing_with(editor).typing(&[""]).run().done();
    done.says("changed by somebody else while you edited it");
    let text = sandbox.run("plan export -o -").done().out;
    assert!(text.contains("mine") && !text.contains("theirs"), "{text}");
}

#[test]
fn without_a_terminal_it_says_what_there_is_instead() {
    planned().run("plan edit --no-input").exits(8).says("plan export -o -").says("plan import -");
}

/// The shipped program: its broker, its sandbox, and an editor that would rather write somewhere else too.
#[cfg(target_os = "linux")]
#[test]
fn the_editor_has_the_terminal_and_writes_in_memory_alone() {
    use std::os::unix::fs::PermissionsExt as _;

    let sandbox = planned();
    if !sandbox.home().starts_with("/dev/shm") {
        return;
    }
    let script = "#!/bin/sh\n\
        printf 'typed by hand: '; read -r word\n\
        printf '[[thing]]\\nname = \"%s\"\\nkind = \"place\"\\n' \"$word\" >> \"$2\"\n\
        printf x > \"$HOME/history\"\n\
        printf x > \"$(dirname \"$2\")/beside\" && printf 'one more word: ' && read -r word\n";
    sandbox.write("editor", script);
    let editor = sandbox.path("editor");
    std::fs::set_permissions(&editor, std::fs::Permissions::from_mode(0o700)).unwrap();
    let line =
        format!("'{}' --vault vault.lifeboat --key-file key plan edit", env!("CARGO_BIN_EXE_lifeboat"));
    let variables = [("EDITOR", format!("{} --wait", editor.display()))];
    let mut terminal = Pseudoterminal::start_in(&sandbox, &["-c".to_owned(), line], &variables);
    terminal.shows("typed by hand:");
    terminal.types("harbour\r").shows("one more word:");
    let folders = || {
        let names = std::fs::read_dir("/dev/shm").unwrap().map(|name| name.unwrap().path());
        names.filter(|path| path.join("beside").symlink_metadata().is_ok()).collect::<Vec<_>>()
    };
    let mine = folders();
    terminal.types("done\r");
    assert_eq!(terminal.end().code(), Some(0), "{}", terminal.screen());
    assert_eq!(terminal.left_behind(), "");
    assert!(sandbox.run("plan export -o -").done().out.contains("harbour"));
    assert!(mine.iter().all(|folder| !folders().contains(folder)), "{mine:?}");
    let landlock = sandbox.unboxed_program().args(["doctor", "--json"]).output().unwrap().stdout;
    let has_landlock = !String::from_utf8(landlock).unwrap().contains("Landlock has no");
    assert!(!has_landlock || !sandbox.has("history"), "an editor keeps nothing of it on a disk");
}
