//! The manual page `man/lifeboat-import.7` has a paragraph for each format of the registry, and shows commands that
//! this version understands.

use lifeboat::cli;
use lifeboat::interchange::registry::FORMATS;

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/man/lifeboat-import.7");

fn page() -> String {
    std::fs::read_to_string(PATH).unwrap()
}

/// The items of a section: the formats that each is about, and its text.
fn formats_described(section: &str) -> Vec<(Vec<String>, String)> {
    let page = page();
    let text = page.split(&format!("\n.Sh {section}\n")).nth(1).unwrap().split("\n.Sh ").next().unwrap();
    let item = |item: &str| {
        let (heading, text) = item.split_once('\n').unwrap();
        let ids = heading.split_once(" Pq Cm ").map_or("", |(_, ids)| ids);
        (ids.split(" , ").filter(|id| !id.is_empty()).map(str::to_owned).collect(), text.to_owned())
    };
    text.split("\n.It Sy ").skip(1).map(item).collect()
}

#[test]
fn it_says_how_each_file_that_can_be_read_is_got() {
    let described = formats_described("WHERE YOU COME FROM");
    for format in FORMATS.into_iter().filter(|format| format.import.is_some()) {
        let is_about = |(ids, text): &(Vec<String>, String)| {
            ids.iter().any(|id| id == format.id) && text.lines().any(|line| !line.starts_with('.'))
        };
        assert!(
            described.iter().any(is_about),
            "man/lifeboat-import.7 has no paragraph \"Pq Cm {}\" under WHERE YOU COME FROM",
            format.id
        );
    }
}

#[test]
fn it_says_of_each_export_whether_it_is_encrypted() {
    let described = formats_described("LEAVING");
    for (id, export) in FORMATS.into_iter().filter_map(|format| Some((format.id, format.export?))) {
        let item = described.iter().find(|(ids, _)| ids.iter().any(|other| other == id));
        let Some((_, text)) = item else {
            panic!("man/lifeboat-import.7 has no paragraph \"Pq Cm {id}\" under LEAVING");
        };
        assert_eq!(text.starts_with("Encrypted"), export.encrypts, "{id} in man/lifeboat-import.7");
    }
}

#[test]
fn it_shows_commands_that_are_understood() {
    let page = page();
    let shown = page.lines().filter_map(|line| {
        let words = line.strip_prefix(".Dl ").or_else(|| line.strip_prefix(".Ql "))?;
        let words = words.strip_prefix("lifeboat ")?;
        Some(words.trim_end_matches([' ', '.', ',', ';', ':']).to_owned())
    });
    let mut n_commands = 0;
    for line in shown {
        // A verb that is only mentioned names no entry.
        let mentioned = !line.contains(' ');
        let words = std::iter::once("lifeboat").chain(line.split(' ')).chain(mentioned.then_some("--help"));
        if let cli::Parsed::Usage(error) = cli::parse(words.map(Into::into)) {
            panic!("lifeboat {line}\n{error}");
        }
        n_commands += 1;
    }
    assert!(n_commands > 10, "only {n_commands} commands were found");
}
