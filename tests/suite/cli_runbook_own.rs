//! `runbook NAME --template`: a person's own runbooks, kept in the vault with places to fill in.

use crate::cli_runbook::{office, unescaped};
use crate::support::{RFC_SEED, RFC_URI, Sandbox};

const VPN: &str = "# VPN gateway\n\nFilled in on {date} for {device}.\n\n## First\n\n- [ ] Call {people}\n  in **this** order\n\
                   - [ ] Look at\n  - [ ] {entries}\n\n      lifeboat code {query}\n\n## Then\n\n- {bundles}\n- {custodians}\n\nWays: {ways}\n";

fn kept(sandbox: &Sandbox, name: &str, text: &str) {
    sandbox.command(&format!("runbook {name} --template -")).stdin(text).run().done();
}

#[test]
fn an_own_runbook_is_listed_filled_in_and_taken_out() {
    let sandbox = office();
    kept(&sandbox, "vpn", VPN);
    let listed = sandbox.run("runbook").done().out;
    assert!(listed.contains("vpn              your own, of 2027-01-15: VPN gateway\n"), "{listed}");
    let page = sandbox.run("runbook vpn --device phone-ana").done().out;
    for words in [
        "# VPN gateway\n",
        "Filled in on 2027-01-15 for phone-ana.",
        "- [ ] Call helpdesk\n  in **this** order\n",
        "  - [ ] Entra admin (privileged)\n  - [ ] AWS:root (privileged)\n  - [ ] Mail\n  - [ ] VPN:ana\n",
        "- Ana\n- Ben\n- Cem\n",
        "Ways: Entra admin: Entra password + hardware key (home safe)",
        "MFA is never switched off as a temporary fix",
        "map for an attacker",
    ] {
        assert!(page.contains(words), "{words:?}: {page}");
    }
    sandbox.run("runbook vpn --remove --no-input").exits(8);
    sandbox.run("runbook vpn").done();
    assert_eq!(sandbox.run("runbook VPN --remove --yes").done().out, "taken out: vpn\n");
    sandbox.run("runbook vpn").exits(4);
    sandbox.run("runbook vpn --remove --yes").exits(4);
}

#[test]
fn it_is_a_page_to_print_with_boxes_like_the_others() {
    let sandbox = office();
    kept(&sandbox, "vpn", VPN);
    let page = sandbox.run("runbook vpn --for AWS --html").done().out;
    assert!(page.contains("<h1><bdi>VPN gateway: AWS:root</bdi></h1>"), "{page}");
    assert!(
        page.contains("<h2><bdi>First</bdi></h2>") && page.contains("<h2><bdi>Then</bdi></h2>"),
        "{page}"
    );
    assert_eq!(page.matches("<div class=\"box\">").count(), 2, "{page}");
    assert!(page.contains("<bdi>Call helpdesk in this order</bdi>"), "{page}");
    assert!(page.contains("<pre>lifeboat code AWS:root</pre>"), "{page}");
    assert!(page.contains("MFA is never switched off"), "{page}");
    let json = sandbox.run("runbook vpn --json").done().json("lifeboat.runbook/1");
    assert_eq!(json["title"], "VPN gateway");
    assert_eq!(json["steps"], 2);
}

#[test]
fn a_place_that_is_not_known_is_refused_by_name_with_its_line() {
    let sandbox = office();
    let before = sandbox.read("vault.lifeboat");
    let refused = sandbox
        .command("runbook vpn --template -")
        .stdin("# VPN\n\n{acount} and {date}\n`lifeboat code {account}`\n\n    {ways}\n")
        .run()
        .exits(2);
    let refused =
        refused.says("line 3: there is no place {acount}").says("line 4: {account} stands in a command");
    refused.says("line 6: {ways} stands in a command").says("places: {account}");
    assert_eq!(sandbox.read("vault.lifeboat"), before);
    kept(&sandbox, "braces", "JSON { \"a\": 1 } and {Date} and {} stay\n");
    sandbox.run("runbook braces").done().prints("JSON { \"a\": 1 } and {Date} and {} stay\n");
}

#[test]
fn names_of_those_that_every_vault_has_cannot_be_taken() {
    let sandbox = Sandbox::with_vault();
    for name in ["drill", "break-glass", "Lost-Device"] {
        sandbox
            .command(&format!("runbook {name} --template -"))
            .stdin("x")
            .run()
            .exits(2)
            .says("every vault has");
    }
    sandbox.run("runbook drill --remove --yes").exits(2).says("cannot be taken out");
    for name in ["''", "a/b", "'a\u{202e}b'", &"x".repeat(61)] {
        sandbox
            .command(&format!("runbook {name} --template -"))
            .stdin("x")
            .run()
            .exits(2)
            .says("no name for a runbook");
    }
    sandbox.command("runbook empty --template -").stdin(" \n").run().exits(2).says("is empty");
    let long = "x".repeat((64 << 10) + 1);
    sandbox.command("runbook long --template -").stdin(long).run().exits(2).says("64 KiB");
    sandbox.run("runbook none --template ~/none").exits(4);
}

#[test]
fn one_that_is_there_is_replaced_with_force_alone() {
    let sandbox = Sandbox::with_vault();
    kept(&sandbox, "vpn", "first\n");
    sandbox.command("runbook VPN --template -").stdin("second\n").run().exits(8).says("there is a runbook");
    sandbox.run("runbook vpn").done().prints("first\n");
    let json =
        sandbox.command("runbook vpn --force --json --template -").stdin("second {date}\n").run().done();
    let json = json.json("lifeboat.runbook-changed/1");
    assert_eq!((&json["change"], &json["places"][0]), (&"replaced".into(), &"date".into()));
    sandbox.run("runbook vpn").done().prints("second 2027-01-15\n");
    let log = sandbox.run("audit list --json").done().out;
    assert_eq!(log.matches("runbook-changed").count(), 2, "{log}");
    assert!(!log.contains("vpn"), "the log names no runbook: {log}");
}

#[test]
fn a_secret_is_not_put_into_a_runbook() {
    let sandbox = office();
    sandbox.write("codes", "7777-recovery-8888\n");
    sandbox.run("edit AWS --recovery-codes ~/codes").done();
    let share = String::from_utf8(sandbox.read("cards/01-Ana/share.txt")).unwrap();
    let grouped = RFC_SEED.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).to_lowercase());
    for (text, what) in [
        (RFC_URI.to_owned(), "an otpauth URI"),
        (grouped.collect::<Vec<_>>().join(" "), "the seed of one of the entries"),
        ("use 7777-recovery-8888".to_owned(), "a recovery code"),
        (format!("words:\n- {share}"), "the words of a share"),
    ] {
        let refused =
            sandbox.command("runbook bad --template -").stdin(text.clone()).run().exits(2).says(what);
        assert!(!refused.err.contains(text.trim()), "it is not repeated: {refused}");
        sandbox.run("runbook bad").exits(4);
    }
}

#[test]
fn the_manual_page_names_every_place_and_every_runbook() {
    let page = include_str!("../../man/lifeboat-runbook.7");
    for (place, _) in lifeboat::app::runbook::PLACES {
        assert!(page.contains(&format!(".It Li {{{place}}}\n")), "{place}");
    }
    for name in crate::cli_runbook::NAMES {
        assert!(page.contains(&format!(".It Li {name}\n")), "{name}");
    }
}

#[test]
fn what_is_filled_in_never_becomes_markup() {
    let label = "# x\n- [ ] forged [l](https://e) <b> `c` **d**";
    let sandbox = Sandbox::with_vault();
    sandbox.command("add - --privileged").arg(format!("--issuer={label}")).stdin(RFC_SEED).run().done();
    kept(&sandbox, "own", "- [ ] {entries}\n\n{account}\n\n`see {device}`\n\n    lifeboat code {query}\n");
    assert!(unescaped(&sandbox.run("runbook own").done().out).contains("forged"));
    let page = sandbox.command("runbook own").arg(format!("--device={label}")).run().done().out;
    assert_eq!(page.lines().filter(|line| line.trim_start().starts_with("- [ ]")).count(), 1, "{page}");
    assert_eq!(page.lines().filter(|line| line.starts_with('#')).count(), 1, "{page}");
    let live = unescaped(&page);
    assert!(!live.contains("](https") && !live.contains("<b>") && live.contains("`see DEVICE`"), "{page}");
    let html = sandbox.command("runbook own --html").arg(format!("--device={label}")).run().done().out;
    assert!(
        !html.contains("<b>") || html.matches("<b>").count() == html.matches("<b>1.</b>").count(),
        "{html}"
    );
}

#[test]
fn it_goes_with_a_bundle_and_stays_what_it_was() {
    let sandbox = office();
    kept(&sandbox, "vpn", VPN);
    sandbox.write("words", "seventeen green lanterns over the harbour");
    sandbox.run("bundle create -o ~/b.lifeboat --bundle-passphrase-file ~/words").done();
    let other = Sandbox::with_vault();
    other.write("b.lifeboat", sandbox.read("b.lifeboat"));
    other.write("words", "seventeen green lanterns over the harbour");
    other.run("restore ~/b.lifeboat --merge --yes --bundle-passphrase-file ~/words").done();
    other.run("runbook vpn").done().prints("# VPN gateway\n");
}
