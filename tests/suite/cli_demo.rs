//! `demo`: the whole story, away from the user's files.

use crate::support::Sandbox;

/// The one test that derives at the floor strength: 64 MiB and 3 passes, four times.
#[test]
fn the_tour_ends_well_and_touches_nothing() {
    let sandbox = Sandbox::empty();
    let toured = sandbox.run("demo").done();
    assert!(toured.err.is_empty());
    for words in [
        "28 of 28 agree",
        "L2: its seeds and the clock are the live vault's; 6 of 6 entries are the same",
        "that services accept its codes",
        "evidence.json, .md, .html and a signature",
        "6 entries restored",
        "6 of 6 agree",
        "whole, and signed by SHA256:",
        "floor",
        "lifeboat bundle create -o FILE",
    ] {
        assert!(toured.out.contains(words), "{words:?}:\n{toured}");
    }
    assert!(std::fs::read_dir(sandbox.home()).unwrap().next().is_none(), "the home is as empty as before");
}
