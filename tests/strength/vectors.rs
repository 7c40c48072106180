//! The vectors of the container and of the RFCs, each of which `tests/vectors` runs as a test of its own.

mod envelope;
mod rfc;

use std::fs;
use std::path::{Path, PathBuf};

fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors")
}

#[test]
fn every_vector_of_the_container_ends_as_it_says() {
    let mut failed = Vec::new();
    for file in fs::read_dir(vectors().join("envelope")).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "vec") {
            let outcome = envelope::run(&path, fs::read_to_string(&path).unwrap());
            failed.extend(outcome.err().map(|error| format!("{}: {error}", path.display())));
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn the_values_that_the_rfcs_print_are_found() {
    for (name, run) in
        [("rfc4226.txt", rfc::rfc4226 as fn(&Path, String) -> _), ("rfc6238.txt", rfc::rfc6238)]
    {
        let path = vectors().join(name);
        let outcome: datatest_stable::Result<()> = run(&path, fs::read_to_string(&path).unwrap());
        outcome.unwrap();
    }
}
