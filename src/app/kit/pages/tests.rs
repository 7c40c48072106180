use super::*;
use unicode_width::UnicodeWidthStr as _;

fn facts(opening: Opening) -> Facts {
    Facts {
        made: 1_800_000_000,
        bundle: "00112233445566778899aabbccddeeff".to_owned(),
        bundle_made: 1_790_000_000,
        label: None,
        opening,
        machine: Machine { runs_on: "Linux with a processor".to_owned(), is_static: Some(true) },
        call: String::new(),
        names: None,
    }
}

fn shares() -> Opening {
    let quorum = Shares { set: "ACADEMIC ACID".to_owned(), needed: 2, of: 3 };
    Opening { quorum: Some(quorum), ..Opening::default() }
}

/// Every way of opening that a bundle of this program can have.
fn openings() -> Vec<Opening> {
    let passphrase = || Opening { passphrase: true, ..Opening::default() };
    vec![
        shares(),
        passphrase(),
        Opening { passphrase: true, ..shares() },
        Opening { with_key_file: true, ..passphrase() },
        Opening { key_file_alone: true, ..Opening::default() },
        Opening { key_file_alone: true, ..shares() },
    ]
}

#[test]
fn both_pages_have_the_same_lines_to_type() {
    for opening in openings() {
        let facts = facts(opening);
        let (text, html) = (text(&facts), html(&facts));
        let typed: Vec<&str> = text
            .lines()
            .filter_map(|line| line.strip_prefix("        "))
            .filter(|line| !line.starts_with(' '))
            .collect();
        let marked: String = html
            .split("<pre>")
            .skip(1)
            .map(|rest| rest.split("</pre>").next().unwrap())
            .fold(String::new(), |all, block| all + block + "\n");
        assert_eq!(typed, marked.lines().collect::<Vec<_>>());
        assert!(typed.iter().any(|line| line.starts_with("./lifeboat restore .")));
    }
}

#[test]
fn a_line_of_text_fits_the_paper() {
    for opening in openings() {
        for line in text(&facts(opening)).lines() {
            assert!(line.width() <= 78, "{line}");
            assert_eq!(line, line.trim_end());
        }
    }
}

#[test]
fn only_what_the_bundle_asks_for_is_spoken_of() {
    let page = |opening| text(&facts(opening));
    assert!(!page(shares()).to_lowercase().contains("key file"));
    let by_passphrase = page(Opening { passphrase: true, ..Opening::default() });
    assert!(!by_passphrase.contains("card"), "{by_passphrase}");
    assert!(!by_passphrase.contains("fingerprint") && !by_passphrase.contains("KEY"), "{by_passphrase}");
    assert!(page(Opening { key_file_alone: true, ..Opening::default() }).contains("--bundle-key-file KEY"));
}

#[test]
fn nothing_that_somebody_wrote_is_markup() {
    let hostile = "<script>alert('x')</script>&\"";
    let mut facts = facts(shares());
    facts.label = Some(hostile.to_owned());
    facts.call = hostile.to_owned();
    facts.machine.runs_on = hostile.to_owned();
    facts.names = Some(Names {
        accounts: vec![hostile.to_owned()],
        n_unknown: 1,
        custodians: vec![hostile.to_owned()],
    });
    let page = html(&facts);
    assert!(!page.contains("<script") && !page.contains("'x'"), "{page}");
    assert!(page.matches("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;&quot;").count() >= 5);
    // Nothing is loaded and nothing is run, whatever a browser may.
    for word in ["src=", "href=", "url(", "@import", "onload"] {
        assert!(!page.contains(word), "{word}");
    }
}

#[test]
fn whom_to_call_is_a_line_to_fill_in_until_somebody_is_named() {
    let mut facts = facts(shares());
    assert!(text(&facts).contains("Telephone: ____"));
    facts.call = "Ana, +43 1 234".to_owned();
    let named = text(&facts);
    assert!(named.contains("Ana, +43 1 234. Before") && !named.contains("____"), "{named}");
}
