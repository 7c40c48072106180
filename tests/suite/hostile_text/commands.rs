//! Every command with hostile texts in its vault, its files, their names and its arguments.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};

use lifeboat::app::export;
use lifeboat::settings::Rule;
use proptest::prelude::*;

use super::{LONGEST_LINE, danger, hostile, worst};
use crate::google_export::export_with_md5;
use crate::support::{RFC_SEED, Sandbox, Transcript};

/// What ran: the command's name, and what it wrote.
type Ran = (&'static str, Transcript);

/// A machine on which everything that can hold a text holds this one.
struct Stage {
    sandbox: Sandbox,
    text: String,
    ran: Vec<Ran>,
}

impl Stage {
    fn new(text: &str) -> Self {
        let stage = Self { sandbox: Sandbox::with_vault(), text: text.to_owned(), ran: Vec::new() };
        // A line is a code: what ends a line ends a code.
        let lines: String = text.replace("FORGED", "").chars().take(400).collect();
        stage.sandbox.write("codes", format!("code-1\n{lines}\nlast"));
        stage.sandbox.write("seed", RFC_SEED);
        stage
    }

    /// A file below the home whose name is the text, as far as a name can hold it.
    fn file(&self, start: &str) -> OsString {
        let mut name: String = self.text.chars().filter(|c| !matches!(c, '/' | '\0')).collect();
        while name.len() > 150 {
            name.pop();
        }
        let mut path = self.sandbox.path(&format!("{start}{name}")).into_os_string();
        #[cfg(unix)]
        path.push(<OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(b"\xff\x9b"));
        path
    }

    /// Runs a command once, as a change.
    fn change(&mut self, command: &'static str, arguments: &[OsString], stdin: &str) -> Transcript {
        let transcript = self.invoke(command, arguments, stdin, &[], None);
        self.ran.push((command, transcript.clone()));
        transcript
    }

    /// Runs a command that changes nothing: on a pipe, as JSON, on a narrow terminal.
    fn look(&mut self, command: &'static str, arguments: &[OsString]) {
        for (more, columns) in [(&["-v"][..], None), (&["--json"], None), (&[], Some(40))] {
            let transcript = self.invoke(command, arguments, "", more, columns);
            self.ran.push((command, transcript));
        }
    }

    fn invoke(
        &self,
        command: &str,
        arguments: &[OsString],
        stdin: &str,
        more: &[&str],
        columns: Option<usize>,
    ) -> Transcript {
        // The text comes before what the sandbox adds.
        let mut invocation = self.sandbox.command(command).stdin(stdin).arg(glued("--reason=", &self.text));
        for argument in arguments {
            invocation = invocation.arg(argument);
        }
        for argument in more {
            invocation = invocation.arg(argument);
        }
        if let Some(columns) = columns {
            // No nine times, and then nothing, which ends whatever asks on.
            let answers = [["n"; 9], [""; 9]].concat();
            invocation = invocation.typing(&answers).at_terminal(columns).rounds(2);
        }
        invocation.run()
    }
}

fn glued(option: &str, value: impl AsRef<OsStr>) -> OsString {
    let mut argument = OsString::from(option);
    argument.push(value);
    argument
}

fn words(line: &str) -> Vec<OsString> {
    line.split_whitespace().map(OsString::from).collect()
}

/// Runs every command, each in the ways in which it can show the text.
fn every_command(text: &str) -> Vec<Ran> {
    let mut stage = Stage::new(text);
    let (other_vault, key) = (stage.file("v"), stage.file("k"));
    stage.change("init", &[glued("--vault=", &other_vault), glued("--new-key-file=", &key)], "");
    stage.look("init", &[glued("--vault=", &other_vault), glued("--new-key-file=", &key)]);
    let named = [glued("--issuer=", text), glued("--account=a", text)];
    let more = [
        glued("--tag=", text),
        glued("--note=", text),
        glued("--device=", text),
        glued("--recovery-codes=", stage.sandbox.path("codes")),
    ];
    let mut arguments = words("- --provenance copied");
    arguments.extend(named.iter().chain(&more).cloned());
    let id = stage.change("add", &arguments, RFC_SEED).done().out.trim().to_owned();
    stage.change("add", &arguments, RFC_SEED).exits(8);
    stage.change("add", &words("-"), &format!("otpauth://totp/{text}?secret={text}"));
    stage.change("add", &words("-"), text);
    stage.look("add", &[glued("--qr=", stage.file("q"))]);
    stage.look("add", &[text.into()]);
    queries(&mut stage, &id);
    seals(&mut stage, &id);
    imports(&mut stage);
    proofs(&mut stage);
    plans(&mut stage);
    runbooks(&mut stage);
    incidents(&mut stage);
    exceptions(&mut stage, &id);
    passes(&mut stage);
    ways(&mut stage);
    bundles(&mut stage, &id);
    kit(&mut stage);
    drills(&mut stage, &id);
    shares(&mut stage);
    evidence(&mut stage);
    machine(&mut stage);
    forged(&mut stage);
    // The queries found nothing and several; now what they found goes.
    stage.look("remove", &[text.into()]);
    stage.change("remove", &words(&id), "");
    stage.look("trash list", &[]);
    stage.look("trash purge", &[]);
    stage.change("trash restore", &words(&id), "");
    stage.change("remove", &words(&id), "");
    stage.change("trash purge", &words(&format!("{id} --yes")), "");
    stage.ran
}

fn queries(stage: &mut Stage, id: &str) {
    let text = stage.text.clone();
    for query in [OsString::from(id), text.clone().into()] {
        for command in ["code", "show", "prove", "list"] {
            stage.look(command, std::slice::from_ref(&query));
        }
        stage.look("show", &[query.clone(), "--recovery-codes".into()]);
        stage.look("show", &[query.clone(), "--reveal".into()]);
        stage.look("show", &[query.clone(), "--qr".into()]);
        stage.look("code", &[query.clone(), glued("--at=", &text)]);
        stage.look("edit", &[query.clone(), glued("--algorithm=", &text)]);
        stage.look("edit", &[query.clone(), glued("--type=", &text)]);
        stage.look("edit", &[query.clone(), glued("--tag=+,", &text)]);
        stage.look("edit", &[query.clone(), glued("--digits=", &text)]);
        stage.look("edit", &[query.clone(), glued("--recovery-codes=", stage.file("none"))]);
        stage.look("recovery-code use", std::slice::from_ref(&query));
    }
    stage.look("list", &[glued("--tag=", &text)]);
    stage.change("edit", &words(&format!("{id} --favourite --privileged")), "").done();
    stage.change("edit", &[id.into(), "--seed".into(), "-".into()], &text);
    stage.change("prove", &words(&format!("{id} --accepted")), "").done();
    stage.change("recovery-code use", &words(id), "");
    let watched = stage.sandbox.command("code --watch").arg(id).at_terminal(40).rounds(2).run();
    stage.ran.push(("code", watched));
}

/// Dual control, with a reason that is the text.
fn seals(stage: &mut Stage, id: &str) {
    let text = stage.text.clone();
    stage.sandbox.write("seal-words", "seventeen green lanterns over the harbour");
    let right = glued("--seal-passphrase-file=", stage.sandbox.path("seal-words"));
    stage.look("seal", &[id.into(), glued("--share-set=", &text)]);
    for query in [text.clone().into(), OsString::from(id)] {
        stage.look("seal", &[query, glued("--seal-passphrase-file=", stage.file("none"))]);
    }
    stage.change("seal", &[id.into(), right.clone()], "").done();
    stage.look("seal", &[id.into(), right.clone()]);
    for (command, more) in
        [("code", "--next"), ("unseal", "--yes"), ("recovery-code use", "--yes"), ("show", "--reveal")]
    {
        let arguments = [id.into(), more.into()];
        stage.look(command, &arguments);
        for wrong in
            [glued("--share=", stage.file("odd")), glued("--seal-passphrase-file=", stage.file("odd"))]
        {
            let [id, more] = arguments.clone();
            stage.look(command, &[id, more, wrong]);
        }
    }
    stage.look("code", &[id.into(), right.clone()]);
    stage.look("show", &[id.into()]);
    stage.look("list", &[]);
    stage.look("status", &[]);
    stage.look(
        "export",
        &[OsString::from("--to=otpauth"), "--plaintext".into(), glued("--output=", stage.file("z"))],
    );
    stage.change("unseal", &[id.into(), right], "");
}

/// The same words as the importers' own tests, with the text in every place of them.
fn imports(stage: &mut Stage) {
    let text = stage.text.clone();
    let quoted = serde_json::to_string(&text).unwrap();
    let aegis = format!(
        r#"{{"version":1,"header":{{"slots":null,"params":null}},"db":{{"version":2,{quoted}:1,"entries":[
        {{"type":"totp","uuid":{quoted},"name":{quoted},"issuer":{quoted},"note":{quoted},"icon":null,
          "info":{{"secret":"{RFC_SEED}","algo":"SHA1","digits":6,"period":30}}}},
        {{"type":{quoted},"name":{quoted},"issuer":{quoted},"info":{{"secret":{quoted},"algo":{quoted}}}}},
        {{"type":"totp","name":{quoted},"issuer":{quoted},"info":{{"secret":"{RFC_SEED}","algo":{quoted},"digits":{quoted}}}}},
        {quoted}]}}}}"#
    );
    let percent: String = text.bytes().take(3000).map(|byte| format!("%{byte:02x}")).collect();
    let uris = format!(
        "otpauth://totp/{percent}:{percent}?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer={percent}&{percent}={percent}\n\
         otpauth://totp/b?secret={RFC_SEED}&algorithm={percent}\notpauth://{text}\n{text}\n"
    );
    let cut: String = text.chars().take(300).collect();
    let google = format!("{}\n{text}\notpauth-migration://{text}\n", export_with_md5(&cut, &cut));
    let files = [("aegis", aegis), ("google", google), ("uris", uris), ("odd", text.clone())];
    for (start, content) in files {
        let path = stage.file(start);
        write(&path, content.as_bytes());
        stage.look("import", &[path.clone(), "--dry-run".into()]);
        stage.look("import", std::slice::from_ref(&path));
        stage.change("import", &[path.clone(), "--allow-skipped".into()], "");
        stage.look("import", &[path.clone(), glued("--from=", &text)]);
    }
    stage.look("import", &[stage.file("none")]);
    stage.change("import", &words("--undo"), "");
    let out = stage.file("x");
    let pictures = glued(&out.to_string_lossy(), ".png");
    for format in export::formats() {
        let mut arguments = words(&format!("--to {} --plaintext", format.id));
        arguments.push(glued("--output=", if format.id == "google" { &pictures } else { &out }));
        stage.change("export", &arguments, "");
    }
    stage.look("export", &[glued("--to=", &text), glued("--output=", stage.file("y"))]);
    stage.look("export", &[OsString::from("--to=otpauth"), glued("--output=", stage.file("none/"))]);
}

fn proofs(stage: &mut Stage) {
    let (proof, text) = (stage.file("p"), stage.text.clone());
    stage.look("proof", &[]);
    // The one entry may have a seed that is too short for a proof by now.
    drop(stage.change("proof", &[glued("--output=", &proof)], ""));
    stage.look("proof", &[glued("--output=", &proof)]);
    stage.look("proof", &[glued("--output=", stage.file("none/"))]);
    stage.look("proof", &[text.into()]);
    stage.look("proof compare", std::slice::from_ref(&proof));
    stage.look("proof compare", &[stage.file("none")]);
    stage.look("proof compare", &[stage.file("odd")]);
    let sandbox = &stage.sandbox;
    sandbox.write("odd-proof", format!("lifeboat-proof/{}", stage.text));
    let odd = sandbox.path("odd-proof").into_os_string();
    stage.look("proof compare", &[odd]);
    let made = std::fs::read_to_string(&proof).unwrap_or_default();
    stage.ran.push(("proof", Transcript { status: 0, out: made, err: String::new(), tty: String::new() }));
}

/// The device, the plan's thing, the note and the reason are the text.
fn incidents(stage: &mut Stage) {
    let text = stage.text.clone();
    let (device, person) = (glued("--device=", &text), glued("--person=", &text));
    stage.look("incident open", &[text.clone().into()]);
    stage.change("incident open", &["stolen".into(), device.clone()], "");
    stage.look("incident open", &["stolen".into(), device]);
    stage.change("incident open", &["leaver".into(), person], "");
    stage.change("incident open", &words("compromised"), "");
    stage.change("incident open", &words("break-glass"), "");
    stage.look("incident list", &[]);
    let listed = stage.sandbox.run("incident list --json").done().json("lifeboat.incidents/1");
    let ids: Vec<OsString> = listed["incidents"]
        .as_array()
        .unwrap()
        .iter()
        .map(|incident| incident["id"].as_str().unwrap().into())
        .chain([text.clone().into()])
        .collect();
    for id in ids {
        stage.look("incident show", std::slice::from_ref(&id));
        stage.look("incident done", &[id.clone(), text.clone().into()]);
        stage.change("incident done", &[id.clone(), "1".into(), glued("--note=", &text)], "");
        stage.look("incident show", &[id]);
    }
}

fn exceptions(stage: &mut Stage, id: &str) {
    let text = stage.text.clone();
    let owner = glued("--owner=", &text);
    for (kind, until) in [("clone", "1s"), ("no-second-factor", "5d"), ("skipped-proof", "60d")] {
        let more = words(&format!("{id} {kind} --until {until}"));
        // An owner without a letter, or with too many, is refused.
        stage.change("exception add", &[more, vec![owner.clone()]].concat(), "");
    }
    stage.look("exception add", &[words(&format!("{id} clone --until 5d")), vec![owner.clone()]].concat());
    stage.look(
        "exception add",
        &[words(id), vec![text.clone().into()], words("--until 5d"), vec![owner.clone()]].concat(),
    );
    stage.look(
        "exception add",
        &[words(&format!("{id} clone")), vec![glued("--until=", &text), owner]].concat(),
    );
    stage.sandbox.wait(1);
    stage.look("exception list", &[]);
    stage.look("status", &[]);
    stage.look("plan check", &[]);
    stage.look("exception end", &[text.into()]);
    let listed = stage.sandbox.run("exception list --json").out;
    for named in listed.split(r#""id":""#).skip(1).take(2) {
        drop(stage.change("exception end", &[named[..8].into()], ""));
    }
}

fn plans(stage: &mut Stage) {
    let (text, file) = (stage.text.clone(), stage.file("plan"));
    let way = glued("--way=", &text);
    stage.change("plan add", &[text.clone().into(), "--kind=device".into(), glued("--note=", &text)], "");
    stage.change("plan add", &["second".into(), "--kind=account".into(), way.clone()], "");
    stage.look("plan add", &[text.clone().into(), "--kind=device".into()]);
    stage.look("plan add", &["third".into(), "--kind=account".into(), glued("--needs=no ", &text), way]);
    stage.look("plan add", &["third".into(), glued("--kind=", &text)]);
    stage.look("plan new", &[]);
    stage.look("plan new", &[glued("--template=", &text)]);
    stage.look("plan show", &[]);
    stage.look("plan check", &[]);
    stage.look("plan check", &[glued("--lose=", &text)]);
    stage.look("plan remove", &[text.clone().into()]);
    stage.look("plan remove", &[glued("no ", &text)]);
    stage.look("plan edit", &[]);
    stage.look("plan export", &["--output=-".into()]);
    drop(stage.change("plan export", &[glued("--output=", &file)], ""));
    stage.look("plan export", &[glued("--output=", &file)]);
    stage.change("plan import", std::slice::from_ref(&file), "");
    stage.look("plan import", &[stage.file("none")]);
    let sandbox = &stage.sandbox;
    sandbox.write(
        "odd-plan",
        format!("[[thing]]\nname = \"x\"\nkind = '{}'\n", stage.text.replace(['\'', '\n'], " ")),
    );
    let odd = sandbox.path("odd-plan").into_os_string();
    stage.look("plan import", &[odd]);
}

fn runbooks(stage: &mut Stage) {
    let (text, file) = (stage.text.clone(), stage.file("rb"));
    stage.look("runbook", &[]);
    stage.look("runbook", &[text.clone().into()]);
    for name in ["planned-change", "break-glass", "drill"] {
        stage.look("runbook", &[name.into()]);
    }
    for name in ["lost-device", "first-device"] {
        stage.look("runbook", &[name.into(), glued("--device=", &text), "--html".into()]);
        stage.look("runbook", &[name.into(), glued("--for=", &text)]);
    }
    drop(stage.change("runbook", &["drill".into(), glued("--output=", &file)], ""));
    stage.look("runbook", &["drill".into(), glued("--output=", &file)]);
    stage.look("runbook", &[text.clone().into(), "--template=-".into()]);
    stage.look("runbook", &[text.clone().into(), "--remove".into()]);
    // The lines of a person's own runbook are the person's.
    let line = text.replace(['\n', '\r'], " ");
    let template =
        format!("# {line}\n\n- [ ] {{device}} {{account}} {line}\n- [ ] {{entries}}\n- {{bundles}}\n");
    stage.change("runbook", &["mine".into(), "--template=-".into()], &template);
    stage.look("runbook", &[]);
    stage.look("runbook", &["mine".into(), glued("--device=", &text)]);
    stage.look("runbook", &["mine".into(), "--html".into()]);
    stage.change("runbook", &["other".into(), "--template=-".into()], &format!("{{x}} {{{text}}}\n{text}"));
    drop(stage.change("runbook", &words("mine --remove --yes"), ""));
}

fn passes(stage: &mut Stage) {
    let (text, file) = (stage.text.clone(), stage.file("pass"));
    let named = [glued("--issuer=pass", &text), glued("--account=a", &text), "-".into()];
    stage.change("add", &named, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJA");
    // As much of it as the name of a person has room for.
    let (query, short) = (glued("pass", &text), text.chars().take(20).collect::<String>());
    let (to, output) = (glued("--to=J", &short), glued("--output=", &file));
    let said = [glued("--identified=", &short), glued("--channel=", &short), "--no-input".into()];
    let issued =
        stage.change("pass issue", &[&[query.clone(), to.clone(), output.clone()], &said[..]].concat(), "");
    // A text that is no reason issues none.
    let is_a_reason = Rule::new("").take(&text).is_ok();
    assert!(issued.status == 0 || !is_a_reason, "{text:?}: {issued}");
    let spoken = issued.out.lines().find_map(|line| line.strip_prefix("words")).unwrap_or_default();
    stage.sandbox.write("pass-words", spoken.trim());
    stage.look("pass issue", &[query.clone(), to, glued("--output=", stage.file("pass2"))]);
    stage.look("pass issue", &[query.clone(), glued("--to=", &text), output]);
    stage.look("pass issue", &[query.clone(), "--to=Mo".into(), glued("--output=", stage.file("none/"))]);
    stage.look("pass issue", &[query, "--to=Mo".into(), glued("--from=", &text), "--output=x".into()]);
    stage.look("pass list", &[]);
    let opening = glued("--pass-passphrase-file=", stage.sandbox.path("pass-words"));
    for command in ["pass open", "pass sheet"] {
        stage.look(command, &[file.clone(), opening.clone()]);
        stage.look(command, std::slice::from_ref(&file));
        for other in ["none", "odd", "k"] {
            stage.look(command, &[stage.file(other), opening.clone()]);
        }
    }
    stage.look("pass open", &[file, opening, "--at=1000".into()]);
    stage.look("pass close", &[text.into()]);
    let listed = stage.sandbox.run("pass list --json").done().json("lifeboat.pass-list/1");
    let id = listed["passes"][0]["id"].as_str().unwrap_or("00000000").to_owned();
    stage.change("pass close", &words(&id), "");
    stage.change("pass close", &words(&format!("{id} --yes")), "");
}

fn ways(stage: &mut Stage) {
    let (text, key) = (stage.text.clone(), stage.file("n"));
    stage.change("slot add", &[glued("--new-key-file=", &key)], "");
    stage.look("slot add", &[glued("--new-key-file=", &key)]);
    stage.look("slot list", &[]);
    stage.look("slot remove", &[text.clone().into()]);
    stage.look("passwd", &[glued("--new-passphrase-file=", stage.file("none"))]);
    stage.look("passwd", &[glued("--drop=", &text), glued("--new-key-file=", stage.file("m"))]);
    for option in ["--key-file=", "--passphrase-file=", "--vault="] {
        stage.look("list", &[glued(option, stage.file("none"))]);
    }
}

fn bundles(stage: &mut Stage, id: &str) {
    let text = stage.text.clone();
    let (file, key) = (stage.file("b"), glued("--bundle-key-file=", stage.file("bk")));
    stage.change(
        "bundle create",
        &[glued("--output=", &file), key.clone(), glued("--label=", &text), "--review=1s".into()],
        "",
    );
    stage.sandbox.wait(86_400);
    stage.look("bundle create", &[glued("--output=", &file), key.clone()]);
    stage.look("bundle list", &[]);
    stage.look("bundle inspect", std::slice::from_ref(&file));
    stage.look("bundle inspect", &[stage.file("none")]);
    stage.look("bundle inspect", &[stage.file("odd")]);
    stage.look("bundle verify", &[file.clone(), key.clone()]);
    stage.look("bundle verify", &[file.clone(), glued("--bundle-key-file=", stage.file("odd"))]);
    stage.look("rehearse", std::slice::from_ref(&file));
    stage.look("rehearse", &[]);
    stage.look("restore", &[file.clone(), key.clone()]);
    stage.look("restore", &[file.clone(), key.clone(), "--merge".into(), "--dry-run".into()]);
    stage.change("edit", &[id.into(), "--note=other".into()], "").done();
    stage.look("restore", &[file.clone(), key.clone(), "--merge".into()]);
    stage.look("restore", &[file.clone(), key.clone(), "--merge".into(), glued("--select=", &text)]);
    let new = [glued("--vault=", stage.file("r")), glued("--new-key-file=", stage.file("rk"))];
    stage.change("restore", &[file, key, new[0].clone(), new[1].clone()], "");
    stage.look("restore", &words("--previous"));
}

/// A kit that names the account, of a bundle whose label is the text, and one for which there is no bundle any more.
fn kit(stage: &mut Stage) {
    let bundle = stage.sandbox.path("kit-bundle").into_os_string();
    let (key, output) = (glued("--bundle-key-file=", stage.file("bk")), stage.file("kit"));
    stage.look("kit", &[glued("--output=", &output), "--names".into()]);
    stage.change(
        "bundle create",
        &[
            glued("--output=", &bundle),
            key.clone(),
            glued("--label=", stage.text.clone()),
            "--review=1s".into(),
        ],
        "",
    );
    stage.sandbox.write("program", &stage.text);
    stage.change("kit", &[glued("--output=", &output), key.clone(), "--names".into()], "").done();
    for page in ["START-HERE.txt", "SHA256SUMS"] {
        let mut path = std::path::PathBuf::from(&output);
        path.push(page);
        let out = std::fs::read_to_string(path).unwrap();
        stage.ran.push(("kit", Transcript { status: 0, out, err: String::new(), tty: String::new() }));
    }
    stage.look("kit", &[glued("--output=", &output), key.clone(), "--force".into()]);
    stage.look("kit", &[glued("--output=", stage.file("kit2/kit"))]);
    stage.look("kit", &[glued("--output=", stage.file("odd"))]);
    for copy in ["bundle-1.lifeboat", "bundle-2.lifeboat"] {
        let mut path = std::path::PathBuf::from(&output);
        path.push(copy);
        write(path.as_os_str(), stage.text.as_bytes());
        stage.look("bundle inspect", std::slice::from_ref(&path.into_os_string()));
        stage.look("bundle inspect", std::slice::from_ref(&output));
    }
}

/// Drills of a bundle whose label is the text, of an entry that bears it, and reports that are nothing but it.
fn drills(stage: &mut Stage, id: &str) {
    let text = stage.text.clone();
    let file = stage.sandbox.path("kit-bundle").into_os_string();
    let key = glued("--bundle-key-file=", stage.file("bk"));
    stage.look("drill run", &[file.clone(), key.clone()]);
    stage.look("drill run", &[file.clone(), key.clone(), glued("--attest=", &text)]);
    stage.look("drill run", &[file.clone(), key.clone(), glued(&format!("--attest={id}="), &text)]);
    stage.look("drill run", &[file.clone(), key.clone(), glued("--attest=a=", "x")]);
    stage.look("drill run", &[file.clone(), glued("--bundle-key-file=", stage.file("odd"))]);
    stage.look("drill run", &[stage.file("none")]);
    stage.look("drill run", &[stage.file("odd")]);
    // On a machine without the vault, and of a machine that is called like the text.
    let report = stage.file("report");
    let arguments = [
        file.clone(),
        key.clone(),
        glued("--vault=", stage.file("no-vault")),
        glued("--report=", &report),
        glued(
            &format!("--attest={id}="),
            text.chars().filter(|c| !c.is_control()).take(50).collect::<String>(),
        ),
    ];
    stage.change("drill run", &arguments, "");
    stage.look("drill run", &arguments);
    stage.change("edit", &[id.into(), "--digits=8".into()], "").done();
    stage.look("drill run", &[file, key]);
    stage.look("drill record", std::slice::from_ref(&report));
    stage.change("edit", &[id.into(), "--digits=6".into()], "").done();
    let forged = String::from_utf8(std::fs::read(&report).unwrap_or_default()).unwrap();
    let quoted = serde_json::to_string(&text).unwrap();
    for (name, field) in [("one", "user"), ("two", "tool"), ("three", "opened_with")] {
        let start = format!("\"{field}\": ");
        let old = forged.split(&start).nth(1).and_then(|rest| rest.lines().next()).unwrap_or_default();
        let old = old.trim_end_matches(',');
        let report = forged.replace(&format!("{start}{old}"), &format!("{start}{quoted}"));
        signed(&stage.sandbox, name, &report);
        stage.look("drill record", &[stage.sandbox.path(name).into()]);
    }
    stage.sandbox.write("no-report", &text);
    stage.look("drill record", &[stage.sandbox.path("no-report").into()]);
    stage.look("drill record", &[stage.file("none")]);
    stage.look("drill list", &[]);
    stage.look("drill due", &[]);
    stage.sandbox.wait(400 * 86_400);
    stage.look("drill due", &words("--check"));
    stage.look("status", &[]);
}

/// Writes a report and signs it anew with a key of one's own, as whoever makes one can.
fn signed(sandbox: &Sandbox, name: &str, report: &str) {
    use lifeboat::signature::{SigningKey, armor};
    let key = SigningKey::from_seed(&lifeboat::secret::SecretBytes::from_slice(&[7; 32])).unwrap();
    let old = report.split("\"public_key\": \"").nth(1).unwrap_or_default();
    let old = old.split('"').next().unwrap_or_default();
    let hex: String = key.public().0.iter().map(|byte| format!("{byte:02x}")).collect();
    let report = report.replace(old, &hex);
    sandbox.write(name, &report);
    sandbox.write(&format!("{name}.sig"), armor(&key.sign("lifeboat-drill", report.as_bytes())));
}

/// Share sets whose custodians bear the text, and shares, acknowledgements and sets that are nothing but it.
fn shares(stage: &mut Stage) {
    let text = stage.text.clone();
    let words = keep_share_set(&stage.sandbox, &text);
    stage.sandbox.write("share", &words);
    stage.sandbox.write("odd-share", format!("{} {text}", words.rsplit_once(' ').unwrap().0));
    stage.sandbox.write("text-share", &text);
    let file = stage.file("q");
    stage.look("share list", &[]);
    let set: Vec<&str> = words.split(' ').take(2).collect();
    let set = set.join("-");
    stage.change("bundle create", &[glued("--output=", &file), glued("--share-set=", &set)], "");
    stage.look("bundle create", &[glued("--output=", stage.file("q2")), glued("--share-set=", &text)]);
    stage.look(
        "bundle create",
        &[glued("--output=", stage.file("q2")), "--quorum=2-of-2".into(), glued("--custodian=", &text)],
    );
    stage.look("bundle create", &[glued("--output=", stage.file("q2")), glued("--quorum=", &text)]);
    stage.look("bundle inspect", std::slice::from_ref(&file));
    for share in ["share", "odd-share", "text-share"].map(|name| stage.sandbox.path(name)) {
        stage.look("share check", &[file.clone(), glued("--share=", share.clone())]);
        stage.look("bundle verify", &[file.clone(), glued("--share=", share)]);
    }
    stage.look("share check", &[file.clone(), glued("--share=", stage.file("none"))]);
    for share in ["share", "odd-share", "text-share"].map(|name| stage.sandbox.path(name)) {
        stage.look("rehearse", &[file.clone(), glued("--share=", share)]);
    }
    stage.look("rehearse", std::slice::from_ref(&file));
    let acknowledgement = stage.file("a");
    let share = glued("--share=", stage.sandbox.path("share"));
    stage.change(
        "share acknowledge",
        &[file.clone(), share.clone(), glued("--output=", &acknowledgement)],
        "",
    );
    stage.look("share acknowledge", &[file, share, glued("--output=", &acknowledgement)]);
    stage.look("share record", &[acknowledgement]);
    stage.look("share record", &[stage.sandbox.path("text-share").into()]);
    stage.look("share replace", &[text.into()]);
    stage.look("share replace", &[set.into()]);
    stage.look("status", &[]);
}

/// Reports about everything that is there by now, with a policy that is the text, and whatever can stand in their place.
fn evidence(stage: &mut Stage) {
    // A policy has lines of its own.
    let text = stage.text.replace("FORGED", "");
    let (folder, signers) = (stage.file("e"), stage.sandbox.path("signers"));
    stage
        .sandbox
        .write("policy", format!("{}\napplication: x{0}\napplication: a = {0}\n", text.replace("://", "")));
    let policy = glued("--policy=", stage.sandbox.path("policy"));
    let key = stage.change("evidence key", &[], "").done();
    stage.look("evidence key", &[]);
    stage
        .sandbox
        .write("signers", format!("{text}\nlifeboat \"{text}\"\n{}", key.out.trim_end()) + " " + &text);
    stage.change("evidence", &[glued("--output=", &folder), policy.clone()], "").done();
    for page in ["evidence.md", "evidence.html", "evidence.json"] {
        let mut path = std::path::PathBuf::from(&folder);
        path.push(page);
        let out = std::fs::read_to_string(path).unwrap();
        stage
            .ran
            .push(("evidence file", Transcript { status: 0, out, err: String::new(), tty: String::new() }));
    }
    stage.look("evidence", &[glued("--output=", &folder)]);
    stage.look("evidence", &[glued("--output=", stage.file("none/x")), glued("--at=", &text)]);
    stage.look("evidence", &[glued("--output=", stage.file("e2")), glued("--policy=", stage.file("none"))]);
    stage.look("evidence", &[glued("--output=", stage.file("odd"))]);
    let known = glued("--signers=", &signers);
    stage.look("evidence verify", &[folder.clone(), known.clone()]);
    stage.look("evidence verify", &[folder.clone(), glued("--signers=", stage.sandbox.path("text-share"))]);
    stage.look("evidence verify", &[stage.file("none"), known.clone()]);
    for name in ["evidence.md", "evidence.json.sig", "evidence.json"] {
        let mut path = std::path::PathBuf::from(&folder);
        path.push(name);
        write(path.as_os_str(), text.as_bytes());
        stage.look("evidence verify", &[folder.clone(), known.clone()]);
    }
}

/// Keeps a set of two shares, one of them held by somebody who is called like the text, and gives its words.
fn keep_share_set(sandbox: &Sandbox, text: &str) -> String {
    use lifeboat::app::{key_file, share_set, unlock};
    use lifeboat::envelope::Credentials;
    let ctx = sandbox.context();
    let key = key_file::read_key_file(&ctx, &sandbox.path("key")).unwrap();
    let credentials = Credentials { key_file: Some(key), ..Credentials::default() };
    let mut session = unlock::unlock(&ctx, unlock::look(&ctx).unwrap(), &credentials).unwrap();
    let quorum = share_set::quorum(2, 2).unwrap();
    let name: String = text.trim().chars().take(100).collect();
    let new = share_set::draw(&ctx, &session, quorum, &[name, "Ben".to_owned()])
        .or_else(|_| share_set::draw(&ctx, &session, quorum, &["Ana".to_owned(), "Ben".to_owned()]))
        .unwrap();
    share_set::keep(&ctx, &mut session, &new, None).unwrap();
    new.shares()[0].words().expose().to_owned()
}

fn machine(stage: &mut Stage) {
    let text = stage.text.clone();
    stage.look("unlock", &[glued("--for=", &text)]);
    stage.look("unlock", &words("--for 1m"));
    stage.look("lock", &[]);
    stage.look("lock", &[text.clone().into()]);
    stage.look("status", &[]);
    stage.look("status", &words("--check"));
    audit(stage, &text);
    stage.look("doctor", &[]);
    // The settings file, as text of somebody's and as TOML with the text wherever one can stand.
    settings(stage, &text);
    let quoted = serde_json::to_string(&text).unwrap().replace('\u{7f}', "\\u007f");
    settings(
        stage,
        &format!(
            "{quoted} = 1\ntheme = {quoted}\n[codes]\n{quoted} = 1\n[lock]\nidle = {quoted}\n[clipboard]\n\
             command = [{quoted}]\n[{quoted}]\n"
        ),
    );
    stage.look("doctor", &[glued("--vault=", stage.file("v"))]);
    stage.look("doctor", &[glued("--compare=", &text), glued("--with=", &text)]);
    stage.look("doctor", &[glued("--compare=", &text), "--with=a".into()]);
    stage.look("completions", &[text.clone().into()]);
    stage.look("completions", &words("bash"));
    // What is no command, no option and no value.
    stage.look("demo", &[text.clone().into()]);
    stage.look("", &[text.clone().into()]);
    stage.look("list", &[glued("--", &text)]);
    stage.look("list", &[glued("-", &text)]);
    stage.look("list", &[glued("--color=", &text)]);
    stage.look("bundle create", &[glued("--review=", &text)]);
}

/// The log holds the text as reason, and in clear between its records.
fn audit(stage: &mut Stage, text: &str) {
    stage.look("audit list", &[]);
    stage.look("audit list", &words("--csv"));
    for option in ["--since=", "--entry=", "--person=", "--kind="] {
        stage.look("audit list", &[glued(option, text)]);
    }
    stage.look("audit verify", &[glued("--head=", text)]);
    let log = stage.sandbox.read("vault.lifeboat.log");
    let added =
        [log.as_slice(), b"U1 5 ", text.as_bytes(), b"\n", text.as_bytes(), b"\nL1 9 ", text.as_bytes()]
            .concat();
    stage.sandbox.write("vault.lifeboat.log", added);
    stage.look("audit list", &[]);
    stage.look("audit verify", &[]);
    stage.sandbox.write("vault.lifeboat.log", log);
}

fn settings(stage: &mut Stage, text: &str) {
    std::fs::create_dir_all(stage.sandbox.path("config")).unwrap();
    stage.sandbox.write("config/lifeboat.toml", text);
    stage.look("doctor", &[]);
}

/// A bundle and a vault made by a stranger: what stands outside the encryption, and a broken entry.
fn forged(stage: &mut Stage) {
    use lifeboat::envelope::header::{Info, Kind};
    use lifeboat::envelope::{MasterKey, ToSeal};
    let (text, sandbox) = (stage.text.clone(), &stage.sandbox);
    let key = lifeboat::app::key_file::read_key_file(&sandbox.context(), &sandbox.path("key")).unwrap();
    let master = MasterKey::from_bytes([9; 32]);
    let slot = crate::quarantine::slot(sandbox, Kind::Bundle, &[5; 16], &master, &key);
    let quoted = serde_json::to_string(&text).unwrap();
    let json = format!("{{{quoted}:1}}");
    let to_seal = ToSeal {
        kind: Kind::Bundle,
        id: [5; 16],
        slots: &[slot],
        info: Some(Info { created: u64::MAX, label: Some(text.clone()) }),
        json: json.as_bytes(),
        signature: &[],
    };
    let sealed = lifeboat::envelope::seal(&to_seal, &master, &[4; 32]).unwrap();
    sandbox.write("forged", &sealed);
    let entry = format!(
        r#"{{"id":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","issuer":{quoted},"account":{quoted},"seed":"{RFC_SEED}","type":{quoted},{quoted}:1}}"#
    );
    crate::quarantine::plant(sandbox, &entry);
    let file = sandbox.path("forged").into_os_string();
    let key = glued("--bundle-key-file=", sandbox.path("key"));
    for command in ["bundle inspect", "bundle verify", "restore"] {
        let key = if command == "bundle inspect" { "-v".into() } else { key.clone() };
        stage.look(command, &[file.clone(), key, glued("--vault=", stage.file("new"))]);
    }
    for command in ["list", "status"] {
        stage.look(command, &[]);
    }
    stage.look("show", &[text.clone().into(), "--reveal".into()]);
    stage.look("show", &[text.clone().into()]);
    stage.look("code", &[text.into()]);
}

#[expect(clippy::disallowed_methods, reason = "a fixture needs no durability")]
fn write(path: &OsStr, bytes: &[u8]) {
    std::fs::write(path, bytes).unwrap();
}

/// What this program sends to a terminal on purpose: the colour of a failure, and a line drawn again.
fn without_our_own_sequences(text: &str) -> String {
    text.replace("\u{1b}[1;31m", "")
        .replace("\u{1b}[1;33m", "")
        .replace("\u{1b}[0m", "")
        .replace("\r\u{1b}[2K", "")
}

/// Why a transcript must not be sent to a terminal.
fn danger_of((command, transcript): &Ran) -> Option<String> {
    for (stream, text) in [("out", &transcript.out), ("err", &transcript.err), ("tty", &transcript.tty)] {
        let mut text = without_our_own_sequences(text);
        if *command == "audit list" && text.starts_with("number,time,") {
            // The rows of RFC 4180 end so.
            text = text.replace("\r\n", "\n");
        }
        let named = |why: String| Some(format!("{command}, {stream}: {why}\n{transcript:?}"));
        if let Some(why) = danger(&text) {
            return named(why);
        }
        for line in text.lines() {
            // What was asked for whole: JSON, a note, a URI whose every byte is escaped, a script for a shell.
            let whole = ["{", "note", "otpauth://"].iter().any(|start| line.starts_with(start))
                || ["completions", "evidence file"].contains(command);
            if line.starts_with("FORGED") {
                return named("a text made a line of its own".to_owned());
            }
            if !whole && line.chars().count() > LONGEST_LINE {
                return named(format!("a line of {} characters", line.chars().count()));
            }
        }
    }
    None
}

/// The names of all commands that do something: `bundle create`, not `bundle`.
fn names(command: &clap::Command, before: &str, into: &mut BTreeSet<String>) {
    for inner in command.get_subcommands() {
        let name = format!("{before}{}", inner.get_name());
        names(inner, &format!("{name} "), into);
        if !inner.is_subcommand_required_set() {
            into.insert(name);
        }
    }
}

#[test]
fn no_command_sends_any_of_the_worst_texts_to_a_terminal() {
    let ran = every_command(&worst());
    for ran in &ran {
        assert_eq!(danger_of(ran), None);
    }
    let covered: BTreeSet<String> = ran
        .iter()
        .filter(|(name, _)| !name.is_empty() && *name != "evidence file")
        .map(|(name, _)| (*name).to_owned())
        .collect();
    let mut all = BTreeSet::new();
    names(&lifeboat::cli::command(), "", &mut all);
    assert_eq!(covered, all, "a command is not tried with hostile texts");
    // The texts did get where they can be seen.
    for seen in ["<U+202E>", "<U+001B>", "<U+E0041>", "<U+000A>FORGED", "\\u202e", "\\u001b"] {
        assert!(ran.iter().any(|(_, transcript)| transcript.out.contains(seen)), "{seen} is nowhere");
    }
}

proptest! {
    // Each case runs some three hundred commands.
    #![proptest_config(ProptestConfig { cases: 2, max_shrink_iters: 8, ..ProptestConfig::default() })]
    #[test]
    fn no_command_sends_a_hostile_text_to_a_terminal(text in hostile()) {
        // The longest texts are for the screens: three hundred commands would take too long with them.
        let text: String = text.chars().take(600).collect();
        for ran in every_command(&text) {
            prop_assert_eq!(danger_of(&ran), None);
        }
    }
}
