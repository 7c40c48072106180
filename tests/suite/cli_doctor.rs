//! `doctor`: the machine, without opening the vault; and the clock, by another device's code.

use crate::support::Sandbox;

#[test]
fn the_machine_is_looked_at_without_a_passphrase() {
    let sandbox = Sandbox::with_passphrase("correct horse");
    let looked = sandbox.run("doctor --json --no-input");
    let findings = looked.json("lifeboat.doctor/1")["findings"].clone();
    let of = |what: &str| {
        findings
            .as_array()
            .unwrap()
            .iter()
            .find(|finding| finding["what"] == what)
            .unwrap_or_else(|| panic!("{what}"))
            .clone()
    };
    assert_eq!(of("clock")["verdict"], "ok");
    assert_eq!(of("vault")["verdict"], "ok");
    assert_eq!(of("permissions")["verdict"], "ok");
    assert_eq!(of("locks")["verdict"], "ok");
}

#[test]
fn what_is_wrong_is_exit_7() {
    use std::os::unix::fs::PermissionsExt as _;
    let sandbox = Sandbox::with_vault();
    std::fs::set_permissions(sandbox.path("vault.lifeboat"), std::fs::Permissions::from_mode(0o644)).unwrap();
    sandbox.run("doctor").exits(7).prints("can be read by others");
    sandbox.write("vault.lifeboat", "garbage");
    sandbox.run("doctor").exits(7).prints("restore --previous");
}

#[test]
fn the_settings_file_and_each_line_of_it_that_is_not_taken_are_told() {
    let sandbox = Sandbox::with_vault();
    let place = sandbox.path("config/lifeboat.toml").display().to_string();
    sandbox.run("doctor").prints(&format!("none at {place}"));
    std::fs::create_dir(sandbox.path("config")).unwrap();
    sandbox.write("config/lifeboat.toml", "mouse = true\n");
    // In the tests' process other things are wrong as well.
    let look = || sandbox.run("doctor --json").exits(7).json("lifeboat.doctor/1");
    let verdicts = |document: &serde_json::Value| -> Vec<_> {
        let of = |finding: &&serde_json::Value| finding["what"] == "settings";
        let findings = document["findings"].as_array().unwrap().iter().filter(of);
        findings.map(|finding| finding["verdict"].as_str().unwrap().to_owned()).collect()
    };
    let document = look();
    assert_eq!(verdicts(&document), ["ok"]);
    let told = serde_json::json!({ "path": place, "is_there": true, "warnings": [] });
    assert_eq!(document["settings"], told);
    sandbox.run("doctor").exits(7).prints(&format!("{place} is understood"));

    sandbox.write("config/lifeboat.toml", "mouse = true\n\nmice = 3\n");
    let words = "mice is no setting of this version";
    sandbox.run("doctor").exits(7).prints(&format!("line 3: {words}"));
    let document = look();
    assert_eq!(verdicts(&document), ["note", "wrong"]);
    assert_eq!(document["settings"]["warnings"], serde_json::json!([{ "line": 3, "words": words }]));
}

#[test]
fn the_clock_is_measured_by_another_devices_code() {
    let sandbox = Sandbox::with_entry();
    let now = sandbox.run("code AWS").done().out;
    sandbox.run(&format!("doctor --compare {} --with AWS", now.trim())).done().prints("same step");
    sandbox.wait(60);
    let ahead = sandbox.run(&format!("doctor --json --compare {} --with AWS", now.trim())).exits(7);
    let ahead = ahead.json("lifeboat.doctor/1");
    assert_eq!((ahead["steps"].as_i64(), ahead["seconds"].as_i64()), (Some(-2), Some(-60)));
    sandbox.run("doctor --compare 00000000 --with AWS").exits(7).says("no step within 20");
    sandbox.run("doctor --compare 00000000").exits(2);
}
