//! `proof` and `proof compare`: two machines tell each other that their seeds and clocks are the same, and no seed.

use data_encoding::HEXLOWER;
use lifeboat::secret::SecretBytes;
use lifeboat::signature::SigningKey;
use lifeboat::wire::proof_v1;

use crate::support::{NOW, RFC_SEED, RFC_URI, Sandbox, Transcript};

/// The seeds of `vectors/proof`, and the ways in which it makes codes of them.
const VECTOR_URIS: [&str; 4] = [
    "otpauth://totp/A:a?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&digits=8",
    "otpauth://totp/B:b?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZA&algorithm=SHA256&period=60",
    "otpauth://hotp/C:c?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNA&algorithm=SHA512&counter=5",
    "otpauth://totp/Steam:d?secret=GEZDGNBVGY3TQOJQ&issuer=Steam",
];
const SHORT_URI: &str = "otpauth://totp/Short:s?secret=JBSWY3DPEHPA";

/// The lines of `vectors/proof/words.txt`.
fn vector_words() -> Vec<(u64, &'static str)> {
    let text = include_str!("../../vectors/proof/words.txt");
    let lines = text.lines().map(|line| line.split_once(' ').unwrap());
    lines.map(|(at, words)| (at.parse().unwrap(), words)).collect()
}

/// Two machines with the same two accounts: the one that made the bundle, and the one on which it was restored.
fn two() -> (Sandbox, Sandbox) {
    let one = Sandbox::with_entry();
    one.add("otpauth://totp/Bank:ana?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&algorithm=SHA512&period=60");
    let other = second(&one);
    (one, other)
}

/// A machine on which everything of another one was restored; `~/k` opens its vault.
fn second(one: &Sandbox) -> Sandbox {
    one.run("bundle create -o ~/b --bundle-key-file ~/bk").done();
    let other = Sandbox::empty();
    // What is drawn here first would be what was drawn there.
    other.run("init --new-key-file ~/k0 --vault ~/first").done();
    bring(one, &other, "b");
    bring(one, &other, "bk");
    other.run("restore ~/b --bundle-key-file ~/bk --new-key-file ~/k").done();
    other
}

fn bring(from: &Sandbox, to: &Sandbox, name: &str) {
    to.write(name, from.read(name));
}

/// Makes a proof on one machine and compares it on the other.
fn compared(one: &Sandbox, other: &Sandbox, more: &str) -> Transcript {
    if one.has("proof") {
        std::fs::remove_file(one.path("proof")).unwrap();
    }
    one.run("proof -o ~/proof").done();
    bring(one, other, "proof");
    other.run(&format!("proof compare ~/proof --key-file ~/k {more}"))
}

/// The words that a machine says: of now and of the half minute before.
fn words(sandbox: &Sandbox, key: &str) -> (String, String) {
    let json = sandbox.run(&format!("proof --json --key-file ~/{key}")).done().json("lifeboat.proof/1");
    let of = |name: &str| json[name]["words"].as_str().unwrap().to_owned();
    (of("now"), of("before"))
}

/// Verdict and name of each entry that is not the same.
fn findings(transcript: &Transcript) -> Vec<(String, Option<String>)> {
    let json = transcript.json("lifeboat.proof-compare/1");
    let entries = json["entries"].as_array().unwrap().iter();
    let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
    entries
        .map(|entry| (text(&entry["verdict"]).unwrap(), text(&entry["name"])))
        .filter(|(verdict, _)| verdict != "same")
        .collect()
}

fn found(verdict: &str, name: &str) -> (String, Option<String>) {
    (verdict.to_owned(), Some(name.to_owned()))
}

#[test]
fn two_machines_with_the_same_seeds_and_clock_say_the_same_words() {
    let (one, other) = two();
    let said = one.run("proof").done();
    insta::assert_snapshot!(one.normal(&said.to_string()), @r"
    -- stdout
    clock        2027-01-15T08:00:00Z; other words in 30 s
    now          08:00:00 to 08:00:29  lips subject type plastic aircraft
    before       07:59:30 to 07:59:59  bolt rhyme snapshot august solution
    counted      2 entries with a seed of 80 bits or more that is not sealed
    -- stderr
    next: read them to the other machine's keeper, who runs `lifeboat proof` too, in the same half minute
          the same words: the same seeds and the same clock; others: `lifeboat proof -o FILE` here, then
          `lifeboat proof compare FILE` there names what differs
    -- status 0
    ");
    assert_eq!(words(&one, "key"), words(&other, "k"));
    // In the next half minute those of now are those of before.
    let (now, _) = words(&one, "key");
    other.wait(30);
    assert_eq!(words(&other, "k").1, now);
    assert_ne!(words(&other, "k").0, now);
    other.wait(60);
    let late = words(&other, "k");
    assert!(late.0 != now && late.1 != now);
}

#[test]
fn other_seeds_or_another_way_of_making_codes_are_other_words() {
    let (one, other) = two();
    let (now, _) = words(&one, "key");
    for change in ["edit AWS --digits 7", "edit AWS --digits 8 --algorithm SHA256"] {
        other.run(&format!("{change} --key-file ~/k")).done();
        assert_ne!(words(&other, "k").0, now, "{change}");
    }
    other.run("edit AWS --algorithm SHA1 --account renamed --note n --key-file ~/k").done();
    assert_eq!(words(&other, "k").0, now);
    other.command("edit AWS --seed - --key-file ~/k").stdin("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXQ").run().done();
    assert_ne!(words(&other, "k").0, now);
    // What cannot be counted changes nothing, and is told.
    one.add(SHORT_URI);
    one.write("words", "seventeen green lanterns over the harbour");
    one.add("otpauth://totp/Sealed:s?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXR");
    one.run("seal Sealed --seal-passphrase-file ~/words").done();
    assert_eq!(words(&one, "key").0, now);
    one.run("proof").done().prints("left out     1 sealed, 1 with a seed under 80 bits");
    one.run("remove AWS").done();
    assert_ne!(words(&one, "key").0, now);
}

#[test]
fn a_file_from_the_other_machine_is_compared_entry_by_entry() {
    let (one, other) = two();
    let same = compared(&one, &other, "").done();
    insta::assert_snapshot!(one.normal(&same.to_string()), @r"
    -- stdout
    made         2027-01-15T08:00:00Z
    clock        made 0 s ago by this clock; if less time has passed, this clock is ahead
    vault        [id], generation 4
    signed by    SHA256:GIJxnPx+VtBrEc5RAm8v0YQ2rmNN2UYas0ojXgsmZOE, another key
    same         2 entries
    -- stderr
    nothing differs: what was compared makes the same codes here and there
    -- status 0
    ");
    let text = String::from_utf8(one.read("proof")).unwrap();
    for hidden in ["AWS", "root", "Bank", RFC_SEED, &HEXLOWER.encode(b"12345678901234567890")] {
        assert!(!text.contains(hidden), "{hidden} stands in\n{text}");
    }
    // Its maker knows its own key again.
    one.run("proof compare ~/proof").done().prints("this vault's own key").prints("(this one)");

    one.command("edit AWS --seed -").stdin("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXQ").run().done();
    let extra = one.add("otpauth://totp/New:one?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXA");
    other
        .command("add - --key-file ~/k")
        .stdin("otpauth://totp/Own:o?secret=MFRGGZDFMZTWQ2LKMFRGGZDFMZTWQ2LK")
        .run()
        .done();
    let differs = compared(&one, &other, "--json").exits(7);
    let expected =
        [found("different", "AWS:root"), found("only here", "Own:o"), ("only there".to_owned(), None)];
    assert_eq!(findings(&differs), expected);
    let told = compared(&one, &other, "").exits(7).prints("DIFFERENT");
    told.prints(&extra).prints("ONLY THERE").prints("ONLY HERE").prints("same         1 entry");
}

#[test]
fn what_cannot_be_compared_is_no_finding_and_a_seed_that_is_short_on_one_side_is() {
    let (one, _) = two();
    one.add(SHORT_URI);
    one.write("words", "seventeen green lanterns over the harbour");
    one.add("otpauth://totp/Sealed:s?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXR");
    std::fs::remove_file(one.path("b")).unwrap();
    let other = second(&one);
    assert_eq!(findings(&compared(&one, &other, "--json").done()), [found("not comparable", "Short:s")]);
    one.run("seal Sealed --seal-passphrase-file ~/words").done();
    let sealed = compared(&one, &other, "--json").done();
    assert_eq!(findings(&sealed), [found("not comparable", "Short:s"), found("not comparable", "Sealed:s")]);
    compared(&one, &other, "").done().prints("the seed is sealed there");
    for (machine, key) in [(&one, "key"), (&other, "k")] {
        let line = format!("edit Short --seed - --key-file ~/{key}");
        machine.command(&line).stdin("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXS").run().done();
        let differs = compared(&one, &other, "--json");
        let verdict = findings(&differs).into_iter().find(|(_, name)| name.as_deref() == Some("Short:s"));
        let is_last = key == "k";
        assert_eq!(verdict, (!is_last).then(|| found("different", "Short:s")));
        assert_eq!(differs.status, if is_last { 0 } else { 7 });
    }
}

#[test]
fn a_file_from_the_future_tells_that_a_clock_is_off_and_an_old_one_how_old_it_is() {
    let (one, other) = two();
    one.wait(90);
    let off = compared(&one, &other, "").exits(7);
    off.prints("OFF: made 1 min 30 s from now; this clock is behind by at least 90 s, or the other is ahead");
    let json = compared(&one, &other, "--json").exits(7).json("lifeboat.proof-compare/1");
    assert_eq!((json["ahead_seconds"].as_u64(), json["same"].as_u64()), (Some(90), Some(2)));
    // By half a minute nothing is said: reading and typing take as long.
    other.wait(60);
    compared(&one, &other, "").done().prints("made 0 s ago");
    other.wait(160);
    let old = compared(&one, &other, "").done();
    old.prints("made 2 min 10 s ago by this clock; if less time has passed, this clock is ahead");
    one.set_back(130);
    other.set_back(220);
    other.set_back(31);
    compared(&one, &other, "").done();
}

#[test]
fn no_byte_of_a_file_can_be_changed_unseen() {
    let (one, other) = two();
    compared(&one, &other, "").done();
    let text = other.read("proof");
    let log = other.read("vault.lifeboat.log");
    // Each third byte, so that it does not take long; every line and every field has some of them.
    for place in (0..text.len()).step_by(3) {
        let mut changed = text.clone();
        changed[place] ^= 1;
        other.write("proof", changed);
        let refused = other.run("proof compare ~/proof --key-file ~/k");
        assert_eq!(refused.status, 5, "byte {place}: {refused}");
        assert!(refused.out.is_empty());
    }
    for cut in [0, 17, 100, text.len() - 1] {
        other.write("proof", &text[..cut]);
        other.run("proof compare ~/proof --key-file ~/k").exits(5);
    }
    other.write("proof", [text.clone(), b"\n".to_vec()].concat());
    other.run("proof compare ~/proof --key-file ~/k").exits(5);
    let newer = String::from_utf8(text.clone()).unwrap().replace("proof/1\n", "proof/2\n");
    other.write("proof", newer);
    other.run("proof compare ~/proof --key-file ~/k").exits(5).says("of a newer version");
    // Nobody was asked for a passphrase meanwhile, and no vault opened.
    assert_eq!(other.read("vault.lifeboat.log"), log);
    // A mail may change the line ends.
    other.write("proof", String::from_utf8(text).unwrap().replace('\n', "\r\n"));
    other.run("proof compare ~/proof --key-file ~/k").done();
    other.run("proof compare ~/nothing --key-file ~/k").exits(4);
}

#[test]
fn what_is_signed_has_to_agree_with_itself_and_to_be_signed_for_this() {
    let one = Sandbox::with_entry();
    one.run("proof -o ~/proof").done();
    let text = String::from_utf8(one.read("proof")).unwrap();
    let (said, ..) = proof_v1::parse(&text).unwrap();
    let key = |byte: u8| SigningKey::from_seed(&SecretBytes::new(vec![byte; 32])).unwrap();
    let own = proof_v1::Proofs { key: key(1).public(), ..said };
    let other_time = proof_v1::Proofs { time: "2027-01-15T08:00:01Z".to_owned(), ..own.clone() };
    for (proofs, signer, purpose, why) in [
        (&own, key(1), "lifeboat-share", "a signature of something else"),
        (&own, key(2), "lifeboat-proof", "signed by another key than the one it names"),
        (&other_time, key(1), "lifeboat-proof", "the two times in it are not the same"),
    ] {
        let line = proof_v1::message(proofs);
        one.write("made", proof_v1::encode(&line, &signer.sign(purpose, line.as_bytes())));
        one.run("proof compare ~/made").exits(5).says(why);
    }
    // Signed as it should be, by a key over which the proofs were not made: whoever copies proofs gives nothing away.
    let line = proof_v1::message(&own);
    one.write("made", proof_v1::encode(&line, &key(1).sign("lifeboat-proof", line.as_bytes())));
    one.run("proof compare ~/made").exits(7).prints("DIFFERENT  AWS:root");
}

#[test]
fn a_file_is_of_its_moment_and_never_written_over() {
    let (one, _) = two();
    one.run("proof -o ~/proof").done().says("now          08:00:00 to 08:00:29  ");
    let first = one.read("proof");
    one.run("proof -o ~/proof").exits(8).says("proofs are of one moment");
    one.run("proof -o ~/vault.lifeboat").exits(8);
    assert_eq!(one.read("proof"), first);
    // Another nonce is drawn each time: two files say nothing together.
    one.run("proof -o ~/again").done();
    let proofs = |bytes: Vec<u8>| {
        String::from_utf8(bytes).unwrap().split("entries\":").nth(1).unwrap()[..72].to_owned()
    };
    assert_ne!(proofs(one.read("again")), proofs(first));
    one.run("proof -o ~/nowhere/proof").exits(1);
    one.run("proof compare").exits(2);
    one.run("proof -o ~/x compare ~/proof").exits(2);
}

#[test]
fn a_proof_of_nothing_is_not_made_and_a_comparison_of_nothing_is_a_finding() {
    let empty = Sandbox::with_vault();
    empty.run("proof").exits(4).says("the vault holds 0 entries");
    empty.add(SHORT_URI);
    empty.run("proof").exits(4).says("1 with a seed under 80 bits");
    empty.run("proof -o ~/proof").exits(4);
    assert!(!empty.has("proof"));
    let one = Sandbox::with_entry();
    one.run("proof -o ~/proof").done();
    one.write("words", "seventeen green lanterns over the harbour");
    one.run("seal AWS --seal-passphrase-file ~/words").done();
    one.run("proof compare ~/proof").exits(7).says("not one entry was seen to be the same");
}

#[test]
fn a_seed_that_came_into_both_vaults_on_its_own_is_known_by_another_id() {
    let (one, other) = (Sandbox::with_entry(), Sandbox::empty());
    other.run("init --new-key-file ~/k0 --vault ~/first").done();
    other.run("init --new-key-file ~/k").done();
    other.command("add - --key-file ~/k").stdin(RFC_URI).run().done();
    assert_eq!(words(&one, "key"), words(&other, "k"));
    let same = compared(&one, &other, "").done();
    same.prints("same, by another id  AWS:root").prints("there it is ").prints("same         1 entry");
    // What lies in the trash here is not here, and is told.
    let (one, other) = two();
    other.run("remove AWS --key-file ~/k").done();
    compared(&one, &other, "").exits(7).prints("here it lies in the trash: AWS:root");
}

/// `vectors/make_proof.py` shares no code with the program.
#[test]
fn a_second_implementation_makes_the_same_proofs_and_words() {
    let sandbox = Sandbox::with_vault();
    for uri in VECTOR_URIS {
        sandbox.add(uri);
    }
    sandbox.write("file", include_bytes!("../../vectors/proof/file.txt"));
    sandbox.wait(10);
    let compared = sandbox.run("proof compare ~/file --json").exits(7).json("lifeboat.proof-compare/1");
    assert_eq!((compared["same"].as_u64(), compared["age_seconds"].as_u64()), (Some(4), Some(3)));
    assert_eq!(compared["generation"], 7);
    let verdicts: Vec<&str> = compared["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["verdict"].as_str().unwrap())
        .collect();
    assert_eq!(verdicts, [["same, by another id"; 4].as_slice(), &["only there"; 2]].concat());

    let [(before_at, before), (now_at, now), (after_at, after)] = vector_words()[..] else { panic!() };
    assert_eq!((before_at, now_at, after_at), (NOW - 23, NOW + 7, NOW + 37));
    let key = "key";
    assert_eq!(words(&sandbox, key), (now.to_owned(), before.to_owned()));
    sandbox.wait(20);
    assert_eq!(words(&sandbox, key), (after.to_owned(), now.to_owned()));
}
