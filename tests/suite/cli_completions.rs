//! `completions`: for every shell, without a vault.

use crate::support::Sandbox;

#[test]
fn every_shell_gets_all_commands() {
    let sandbox = Sandbox::empty();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = sandbox.run(&format!("completions {shell}")).done();
        for word in ["recovery-code", "bundle", "passphrase-file"] {
            assert!(script.out.contains(word), "{shell}: {word}");
        }
        assert_eq!(script.err, "");
    }
    sandbox.run("completions tcsh").exits(2);
    assert!(std::fs::read_dir(sandbox.home()).unwrap().next().is_none());
}
