//! Commands shown in the repository's text are understood by this version.

use lifeboat::cli::{self, Parsed};

use crate::support::split;

/// The root's Markdown files and the manual; those that are there.
fn texts() -> Vec<(String, String)> {
    let root = env!("CARGO_MANIFEST_DIR");
    let mut texts = Vec::new();
    for folder in [root.to_owned(), format!("{root}/man")] {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let is_text = path.extension().is_some_and(|ext| ext == "md" || ext == "1");
            if is_text {
                texts.push((path.display().to_string(), std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    texts
}

/// Lines that run the program: in fenced blocks of Markdown, in the examples of the manual.
fn commands(text: &str, is_markdown: bool) -> Vec<String> {
    let mut inside = false;
    let mut commands = Vec::new();
    for line in text.lines() {
        if line.starts_with("```") || line == ".EX" || line == ".EE" {
            inside = !inside;
            continue;
        }
        // In Markdown a `$` tells what is typed from what is shown; the manual's examples are all typed.
        let typed = line.trim_start().strip_prefix("$ ").or((!is_markdown).then_some(line));
        let Some(typed) = typed.filter(|_| inside) else { continue };
        let typed = typed.rsplit(" | ").next().unwrap_or(typed);
        let program = ["cargo run --release --", "cargo run --release", "lifeboat"];
        let Some(words) = program.into_iter().find_map(|program| typed.strip_prefix(program)) else {
            continue;
        };
        let end = [" #", " < ", " > "].into_iter().filter_map(|mark| words.find(mark)).min();
        let words = &words[..end.unwrap_or(words.len())];
        commands.push(words.replace("\\-", "-").replace("\\*(Aq", "'").replace('"', "'"));
    }
    commands
}

#[test]
fn commands_that_are_shown_are_understood() {
    let mut n_commands = 0;
    for (path, text) in texts() {
        for line in commands(&text, !path.ends_with("lifeboat.1")) {
            let words = std::iter::once("lifeboat".to_owned()).chain(split(&line)).map(Into::into);
            match cli::parse(words) {
                Parsed::Run(_) | Parsed::Print(_) => n_commands += 1,
                Parsed::Usage(error) => panic!("{path}: lifeboat {line}\n{error}"),
            }
        }
    }
    assert!(n_commands > 5, "only {n_commands} commands were found");
}
