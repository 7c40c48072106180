//! What the instructions say.

use super::{Facts, Part};
use crate::app::time::day;

pub(super) fn parts(facts: &Facts) -> Vec<Part> {
    let mut parts = Vec::new();
    beginning(facts, &mut parts);
    needed(facts, &mut parts);
    steps(facts, &mut parts);
    when_it_does_not_work(facts, &mut parts);
    without_the_program(facts, &mut parts);
    afterwards(facts, &mut parts);
    between(facts, &mut parts);
    if let Some(names) = &facts.names {
        named(names, &mut parts);
    }
    parts
}

fn beginning(facts: &Facts, parts: &mut Vec<Part>) {
    parts.push(Part::Title(
        "START HERE",
        "This is an emergency kit. It brings back login codes: the numbers of six or so digits that somebody \
         usually reads from an app on a phone. Take it step by step; nothing here can be broken by trying."
            .to_owned(),
    ));
    parts.push(Part::Says(format!(
        "The codes lie encrypted in the file bundle-1.lifeboat, called the bundle. Nothing in this folder opens it: {}.",
        opens(facts)
    )));
    let label = facts.label.iter().map(|label| ("Label".to_owned(), label.clone()));
    let mut rows: Vec<(String, String)> = label.collect();
    rows.push((
        "As of".to_owned(),
        format!("{} (what was set up later is not in it)", day(facts.bundle_made)),
    ));
    rows.push(("Kit made".to_owned(), day(facts.made)));
    rows.push(("Bundle".to_owned(), facts.bundle.clone()));
    parts.push(Part::Table(rows));
    parts.push(Part::Heading("WHOM TO CALL FIRST"));
    if facts.call.is_empty() {
        parts.push(Part::Says(
            "Before anything is opened. Fill this in on paper when you get the kit.".to_owned(),
        ));
        parts.push(Part::Fill("Who decides:"));
        parts.push(Part::Fill("Telephone:"));
        parts.push(Part::Fill("Who knows the program:"));
    } else {
        parts.push(Part::Says(format!("{} Before anything is opened.", sentence(&facts.call))));
    }
}

/// What opens the bundle, as the end of a sentence.
fn opens(facts: &Facts) -> String {
    let opening = &facts.opening;
    let mut ways = Vec::new();
    if let Some(shares) = &opening.quorum {
        ways.push(format!(
            "{} people with their cards do, together (any {} of the {} cards of the set {}), and none of them alone",
            number(shares.needed),
            shares.needed,
            shares.of,
            shares.set
        ));
    }
    if opening.passphrase {
        let with = if opening.with_key_file { " together with its key file" } else { "" };
        ways.push(format!("its passphrase{with} does"));
    }
    if opening.key_file_alone {
        ways.push("its key file does".to_owned());
    }
    if ways.is_empty() { "what does is not known to this version".to_owned() } else { ways.join("; or ") }
}

fn number(n: u8) -> String {
    const WORDS: [&str; 9] = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    let word = usize::from(n).checked_sub(2).and_then(|idx| WORDS.get(idx));
    word.map_or_else(|| n.to_string(), |word| (*word).to_owned())
}

fn sentence(text: &str) -> String {
    let end = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{text}{end}")
}

fn needed(facts: &Facts, parts: &mut Vec<Part>) {
    parts.push(Part::Heading("WHAT YOU NEED"));
    let mut rows = Vec::new();
    if let Some(shares) = &facts.opening.quorum {
        rows.push((
            "Cards".to_owned(),
            format!(
                "{} of them, with the people who keep them. Each has twenty words on it and the name {}. Cards of \
                 another name are of no use.",
                shares.needed, shares.set
            ),
        ));
    }
    let or = if facts.opening.quorum.is_some() { "Or the passphrase" } else { "Passphrase" };
    if facts.opening.passphrase {
        rows.push((
            or.to_owned(),
            "that of the bundle. It is kept elsewhere, and never in this folder.".to_owned(),
        ));
    }
    if facts.opening.with_key_file || facts.opening.key_file_alone {
        rows.push((
            "Key file".to_owned(),
            "a small file of two lines, on another medium. It begins with lifeboat-key-file.".to_owned(),
        ));
    }
    rows.push((
        "A computer".to_owned(),
        format!(
            "that you trust: whoever controls it sees everything. It needs no network. {} On any other computer \
             go to WITHOUT THE PROGRAM.",
            facts.machine.in_words()
        ),
    ));
    rows.push(("Time".to_owned(), "a quarter of an hour.".to_owned()));
    parts.push(Part::Table(rows));
}

fn steps(facts: &Facts, parts: &mut Vec<Part>) {
    parts.push(Part::Heading("STEP BY STEP"));
    let mut number = 0;
    let mut step = |parts: &mut Vec<Part>, text: String, typed: &[&str]| {
        number += 1;
        parts.push(Part::Step(number, text));
        if !typed.is_empty() {
            parts.push(Part::Types(typed.iter().map(|line| (*line).to_owned()).collect()));
        }
    };
    step(
        parts,
        "Write down the time and who is there. Look at the computer's clock, date and time zone: all must be right, \
         to within half a minute."
            .to_owned(),
        &[],
    );
    step(
        parts,
        "Copy this whole folder to the computer, to the desktop for example. Take the medium out again and put it \
         back where it was: you work with the copy."
            .to_owned(),
        &[],
    );
    step(
        parts,
        "Open a terminal in the copy: a right click into the folder offers it, or type cd and the folder's path. \
         Then type this and Enter. The answer must name START-HERE.txt."
            .to_owned(),
        &["ls"],
    );
    step(
        parts,
        "See whether everything is whole. Each line must end with OK. If one of the three bundles does not, go on: \
         one whole copy is enough. If the line of lifeboat does not, go to WITHOUT THE PROGRAM."
            .to_owned(),
        &["sha256sum -c SHA256SUMS"],
    );
    step(
        parts,
        "Type these two lines. The first lets the program run, the second has it write into this folder alone. In \
         every new terminal window type the second one again."
            .to_owned(),
        &["chmod +x lifeboat", "export HOME= LIFEBOAT_VAULT=opened.lifeboat"],
    );
    step(parts, format!("Open the bundle. {}", asked(facts)), &restoring(facts));
    if let Some(shares) = &facts.opening.quorum {
        let only =
            if facts.opening.passphrase || facts.opening.key_file_alone { "With cards: it" } else { "It" };
        step(
            parts,
            format!(
                "{only} asks for the cards one after the other, until there are {}, and five words at a time. Four \
                 letters of each word are enough. The others look away meanwhile. A word that cannot be right is \
                 told at once; nothing is lost by typing it again.",
                shares.needed
            ),
            &[],
        );
        step(
            parts,
            "Then it shows a line that begins with SHA256: and asks whether it is the fingerprint on the cards. \
             Compare it with \"Signing key\" on two cards, every character, capitals and small letters. The \
             same: type yes. Another one: type no and stop; somebody else made this bundle."
                .to_owned(),
            &[],
        );
    }
    step(
        parts,
        "At last it asks for a new passphrase, which locks the opened copy on this computer. Press Enter to get eight \
         words, write them down, and type them once more; nothing is shown while you type. You need them for the next \
         steps."
            .to_owned(),
        &[],
    );
    step(parts, "See what there is. It asks for the new passphrase.".to_owned(), &["./lifeboat list"]);
    step(
        parts,
        "Get a code: in the place of NAME stands the account, or a part of its name without spaces. The number is \
         the code, and below it stands how many seconds it is good for. Type it at the login at once. With fewer than \
         five seconds left, wait for the next."
            .to_owned(),
        &["./lifeboat code NAME"],
    );
    step(
        parts,
        "Or see all codes on one screen: type / and a part of a name to find one, v to see its code, q to leave."
            .to_owned(),
        &["./lifeboat"],
    );
}

/// What the opening asks for first.
fn asked(facts: &Facts) -> String {
    let opening = &facts.opening;
    let key_file = "In the place of KEY stands the path of the key file.";
    match (&opening.quorum, opening.passphrase) {
        (Some(_), true) => {
            "It asks for the bundle's passphrase; to open it with cards, press Enter alone.".to_owned()
        }
        (Some(_), false) => "What it asks for is in the next steps.".to_owned(),
        (None, true) if opening.with_key_file => {
            format!("It asks for the bundle's passphrase; nothing is shown while you type. {key_file}")
        }
        (None, true) => "It asks for the bundle's passphrase; nothing is shown while you type.".to_owned(),
        (None, false) => key_file.to_owned(),
    }
}

fn restoring(facts: &Facts) -> Vec<&'static str> {
    let opening = &facts.opening;
    let takes_key = opening.with_key_file || (opening.key_file_alone && opening.quorum.is_none());
    if takes_key { vec!["./lifeboat restore . --bundle-key-file KEY"] } else { vec!["./lifeboat restore ."] }
}

fn when_it_does_not_work(facts: &Facts, parts: &mut Vec<Part>) {
    parts.push(Part::Heading("IF SOMETHING GOES WRONG"));
    let mut rows = vec![
        (
            "Permission denied".to_owned(),
            "The folder lies on a medium that starts no programs. Copy it to the computer's own disk."
                .to_owned(),
        ),
        (
            "Exec format error, not found, or it does not start".to_owned(),
            "Another kind of computer. Go to WITHOUT THE PROGRAM.".to_owned(),
        ),
        (
            "lifeboat: command not found".to_owned(),
            "Type ./lifeboat, with the full stop and the slash, also where the program itself says lifeboat alone."
                .to_owned(),
        ),
        (
            "There is a vault already".to_owned(),
            "It was opened before, in this copy. Go on with the step \"See what there is\".".to_owned(),
        ),
        (
            "Cannot tell where the vault lies".to_owned(),
            "A new terminal window: type the line that begins with export again.".to_owned(),
        ),
        (
            "Damaged".to_owned(),
            "Another copy was tried already. If none is whole, take the kit of somebody else.".to_owned(),
        ),
    ];
    if facts.opening.quorum.is_some() {
        rows.push((
            "A card is refused".to_owned(),
            "What it says is so: another set, a replaced one, or a word misread. The other cards stay taken; try \
             another person's."
                .to_owned(),
        ));
    }
    if facts.opening.passphrase {
        rows.push((
            "It does not accept the passphrase".to_owned(),
            "Caps Lock, keyboard layout (y and z), spaces. There is no limit of attempts.".to_owned(),
        ));
    }
    rows.push((
        "The login refuses the code".to_owned(),
        "Almost always the clock. Then: wait for the next code. Then: the account was set up anew since."
            .to_owned(),
    ));
    parts.push(Part::Table(rows));
    parts.push(Part::Says(
        "If you do not trust where this folder has been, do not run the program in it: get Lifeboat from elsewhere, \
         and give it this folder."
            .to_owned(),
    ));
}

fn without_the_program(facts: &Facts, parts: &mut Vec<Part>) {
    parts.push(Part::Heading("WITHOUT THE PROGRAM"));
    parts.push(Part::Says(
        "On any computer with Python 3.8 or later, Windows and Mac too, in a terminal in the copied folder (on \
         Windows py stands in the place of python3):"
            .to_owned(),
    ));
    let key =
        if facts.opening.with_key_file || (facts.opening.key_file_alone && facts.opening.quorum.is_none()) {
            "--key-file KEY "
        } else {
            ""
        };
    parts.push(Part::Types(vec![
        "python3 restore.py --self-test".to_owned(),
        format!("python3 restore.py {key}bundle-1.lifeboat"),
    ]));
    let minutes =
        if facts.opening.passphrase { " With a passphrase that takes some minutes; let it run." } else { "" };
    parts.push(Part::Says(format!(
        "The first line must answer with lines that begin with ok. The second one asks for what opens the bundle and \
         prints a line for each account.{minutes} If it says that bundle-1 is damaged, take bundle-2 or bundle-3."
    )));
    parts.push(Part::Warns(
        "Each of these lines is the secret itself, and not a code. Type what stands behind secret= into an \
         authenticator app on a phone, as \"setup key\". Do not mail it, chat it or photograph it."
            .to_owned(),
    ));
    if facts.opening.quorum.is_some() {
        parts.push(Part::Says(
            "It asks for the words of one card after the other. They stay on the screen: the others look away, and the \
             terminal is closed at the end. It names the key that signed the bundle: compare that with the cards before \
             you believe anything."
                .to_owned(),
        ));
    }
}

fn afterwards(facts: &Facts, parts: &mut Vec<Part>) {
    parts.push(Part::Heading("WHEN THE NIGHT IS OVER"));
    let mut lines = vec![
        "Tell whoever is responsible what was opened, when, and by whom.",
        "Every account in the bundle gets a new secret at its service: this computer has seen the old one.",
        "Delete the copied folder: the opened copy (opened.lifeboat) lies in it. Close the terminal.",
    ];
    if facts.opening.quorum.is_some() {
        lines.push("The words of the cards were typed into this computer: who made this kit makes a new set of cards.");
    }
    lines.push("Who made this kit makes a new bundle and a new kit; this one is destroyed.");
    for (line, number) in lines.into_iter().zip(1..) {
        parts.push(Part::Step(number, line.to_owned()));
    }
}

fn between(facts: &Facts, parts: &mut Vec<Part>) {
    parts.push(Part::Heading("UNTIL THEN: HOW TO KEEP THIS"));
    let never = match &facts.opening {
        opening if opening.quorum.is_some() => "a card",
        opening if opening.passphrase => "the passphrase",
        _ => "the key file",
    };
    parts.push(Part::Warns(format!(
        "One kit for each custodian, on a medium of its own. Never together with {never}."
    )));
    parts.push(Part::Says(
        "Print this page and keep it with the medium. Every 90 days put the medium into a computer, open a terminal in \
         its folder and see that it can still be read. That opens nothing:"
            .to_owned(),
    ));
    parts.push(Part::Types(vec!["sha256sum -c SHA256SUMS".to_owned()]));
    if facts.opening.quorum.is_some() {
        parts.push(Part::Says(
            "Whether your own card still belongs to it, tells this line in a copy of the folder, with the two lines of \
             the step that begins with \"Type these two lines\" before it. It asks for your card alone, and reveals \
             nothing:"
                .to_owned(),
        ));
        parts.push(Part::Types(vec!["./lifeboat share check .".to_owned()]));
    }
    parts.push(Part::Says("When a new kit comes, destroy this one. What the files are:".to_owned()));
    let sums = if facts.opening.quorum.is_some() {
        "sums that show damage. They do not show exchange: the fingerprint on the cards does"
    } else {
        "sums that show damage. They do not show exchange: whoever changes a file can change them too"
    };
    let row = |name: &str, what: &str| (name.to_owned(), what.to_owned());
    parts.push(Part::Table(vec![
        row("START-HERE.html, .txt", "this page"),
        row("bundle-1, -2, -3", "the same encrypted file three times, in case the medium wears out"),
        row("lifeboat", &format!("the program. {}", facts.machine.in_words())),
        row("restore.py", "an independent reader of the bundle, for any computer with Python"),
        row("SHA256SUMS", sums),
    ]));
}

fn named(names: &super::Names, parts: &mut Vec<Part>) {
    if !names.custodians.is_empty() {
        parts.push(Part::Heading("WHO HOLDS THE CARDS"));
        let rows = names.custodians.iter().zip(1..);
        parts.push(Part::Table(
            rows.map(|(name, number): (_, u8)| (format!("Card {number}"), name.clone())).collect(),
        ));
    }
    parts.push(Part::Heading("WHAT IS IN IT"));
    parts.push(Part::Lines(names.accounts.clone()));
    if names.n_unknown > 0 {
        parts.push(Part::Says(format!("And {} more, removed from the vault since.", names.n_unknown)));
    }
}
