//! Replays the corpora of the fuzz targets through the targets' own bodies, without the fuzzer; and counts the
//! vectors of our own format.

#[path = "../../fuzz/src/lib.rs"]
#[allow(unreachable_pub, reason = "it is a crate of its own where the fuzzer runs")]
mod fuzz;

use std::fs;
use std::path::{Path, PathBuf};

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(name)
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn every_file_of_every_corpus_still_holds() {
    for (name, _) in fuzz::TARGETS {
        let corpus = folder("corpus").join(name);
        let files = names(&corpus);
        assert!(!files.is_empty(), "{name} has no corpus");
        for file in files {
            let data = fs::read(corpus.join(&file)).unwrap();
            let held = std::panic::catch_unwind(|| fuzz::run(name, &data));
            assert!(held.is_ok(), "fuzz/corpus/{name}/{file} does not hold (the reason stands above)");
        }
    }
}

#[test]
fn every_target_has_a_program_a_body_and_a_corpus() {
    let targets: Vec<String> = fuzz::TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    let programs: Vec<String> = targets.iter().map(|name| format!("{name}.rs")).collect();
    assert_eq!(names(&folder("targets")), programs);
    assert_eq!(names(&folder("corpus")), targets);
    let manifest = fs::read_to_string(folder("Cargo.toml")).unwrap();
    for name in &targets {
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name} is not in fuzz/Cargo.toml");
        let program = fs::read_to_string(folder("targets").join(format!("{name}.rs"))).unwrap();
        assert!(program.contains(&format!("run(\"{name}\", data)")), "{name}.rs runs another target");
    }
}

/// What `vectors/README.md` lists under `expect`.
const OUTCOMES: [&str; 11] = [
    "altered",
    "bad content",
    "bad header",
    "damaged",
    "kdf refused",
    "no slot",
    "not an envelope",
    "success",
    "unsupported version",
    "wrong credential",
    "wrong kind",
];

#[test]
fn our_own_format_has_sixty_vectors_at_least_and_one_of_every_outcome() {
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/envelope");
    let mut seen = Vec::new();
    for name in names(&vectors) {
        let text = fs::read_to_string(vectors.join(&name)).unwrap();
        let expected = text.lines().find_map(|line| line.strip_prefix("expect: "));
        let expected = expected.unwrap_or_else(|| panic!("{name} does not say what it expects")).to_owned();
        assert!(OUTCOMES.contains(&&*expected), "{name}: {expected}");
        seen.push(expected);
    }
    assert!(seen.len() >= 60, "only {} vectors", seen.len());
    for outcome in OUTCOMES {
        assert!(seen.iter().any(|other| other == outcome), "no vector expects {outcome}");
    }
}
