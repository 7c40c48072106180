//! Share cards: what stands on them, as text and as HTML, and that nobody's name can break out of them.

use lifeboat::app::card::{Card, OnEachCard};
use lifeboat::app::share_set::{self, NewShareSet};
use lifeboat::app::{Session, key_file, unlock};
use lifeboat::custody::Share;
use lifeboat::entry::Label;
use lifeboat::envelope::Credentials;
use lifeboat::interchange::qr_read;

use crate::support::Sandbox;

const FINGERPRINT: &str = "SHA256:NcH/VTDD45vjiR6ZBnzgl/zPbqZpNY706e0moWSvzZw";
/// Lines of a page of US Letter, at six to the inch and with half an inch above and below.
const LINES: usize = 60;

fn open(sandbox: &Sandbox) -> Session {
    let ctx = sandbox.context();
    let key_file = Some(key_file::read_key_file(&ctx, &sandbox.path("key")).unwrap());
    unlock::unlock(&ctx, unlock::look(&ctx).unwrap(), &Credentials { key_file, ..Credentials::default() })
        .unwrap()
}

/// A set for these people, of whom so many are needed.
fn set(threshold: u8, custodians: &[&str]) -> NewShareSet {
    let sandbox = Sandbox::with_vault();
    let names: Vec<String> = custodians.iter().map(|name| (*name).to_owned()).collect();
    let quorum = share_set::quorum(threshold, u8::try_from(names.len()).unwrap()).unwrap();
    share_set::draw(&sandbox.context(), &open(&sandbox), quorum, &names).unwrap()
}

fn each() -> OnEachCard {
    OnEachCard { maker: FINGERPRINT.to_owned(), bundle: Some(Label::new("Safe 2")), call: Label::default() }
}

/// The tags of a document, each closed in the place where it has to be, and its texts with everything put back.
#[track_caller]
fn well_formed(html: &str) -> (Vec<String>, String) {
    let mut rest = html.strip_prefix("<!DOCTYPE html>\n").expect("a document of HTML");
    let (mut open, mut tags, mut text) = (Vec::new(), Vec::new(), String::new());
    while let Some((before, after)) = rest.split_once('<') {
        assert!(!before.contains('>'), "a > that is no tag's: {before}");
        text.push_str(before);
        let (tag, after) = after.split_once('>').expect("a tag ends");
        assert!(!tag.contains('<'), "a tag in a tag: {tag}");
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "closed out of order");
            continue;
        }
        let name = tag.split([' ', '/']).next().unwrap().to_owned();
        assert!(tag.matches('"').count().is_multiple_of(2), "{tag}");
        tags.push(tag.to_owned());
        if !tag.ends_with('/') {
            open.push(name);
        }
    }
    assert_eq!((open, rest.trim()), (Vec::<String>::new(), ""), "something is left open");
    for entity in text.split('&').skip(1) {
        let known = ["amp;", "lt;", "gt;", "quot;", "#39;"].iter().any(|known| entity.starts_with(known));
        assert!(known, "a bare &: {entity}");
    }
    let put_back = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    let text = put_back.iter().fold(text, |text, (from, to)| text.replace(from, to));
    (tags, text)
}

/// The QR code of a card, drawn by hand from the runs of its picture, eight pixels a module.
fn picture(html: &str) -> Vec<u8> {
    const SCALE: u32 = 8;
    let svg = html.split_once("<svg viewBox=\"0 0 ").unwrap().1;
    let side: u32 = svg.split(' ').next().unwrap().parse().unwrap();
    let path = svg.split_once(" d=\"").unwrap().1.split_once('"').unwrap().0;
    let mut picture = image::GrayImage::from_pixel(side * SCALE, side * SCALE, image::Luma([255]));
    for run in path.split('M').skip(1) {
        let (x, rest) = run.split_once(' ').unwrap();
        let (y, rest) = rest.split_once('h').unwrap();
        let (len, rest) = rest.split_once('v').unwrap();
        assert_eq!(rest, format!("1h-{len}z"), "a rectangle of one row");
        let [x, y, len]: [u32; 3] = [x, y, len].map(|number| number.parse().unwrap());
        for (dx, dy) in (0..len * SCALE).flat_map(|dx| (0..SCALE).map(move |dy| (dx, dy))) {
            picture.put_pixel(x * SCALE + dx, y * SCALE + dy, image::Luma([0]));
        }
    }
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

#[test]
fn a_card_says_all_that_somebody_needs_who_never_heard_of_this_program() {
    let new = set(2, &["Ana", "Ben", "Cleo"]);
    insta::assert_snapshot!(Card::all(&new, &each())[1].text().expose());
}

#[test]
fn whom_to_call_is_printed_where_it_is_known_and_else_left_to_fill_in() {
    let new = set(2, &["Ana", "Ben"]);
    let known = OnEachCard { call: Label::new("Security desk, +49 30 1234"), bundle: None, ..each() };
    for (each, is_known) in [(&known, true), (&each(), false)] {
        let card = &Card::all(&new, each)[0];
        for page in [card.text(), card.html()] {
            assert_eq!(page.expose().contains("Security desk, +49 30 1234"), is_known);
            assert_eq!(page.expose().contains("Telephone"), !is_known);
            assert_eq!(page.expose().contains("With bundle"), !is_known);
        }
    }
    let text = Card::all(&new, &known)[0].text();
    let words: Vec<&str> = text.expose().split_whitespace().collect();
    assert!(words.join(" ").contains("All 2 cards together open it"));
}

#[test]
fn every_word_and_number_is_on_both_pages_and_the_code_says_the_same_share() {
    let new = set(3, &["Ana", "Ben", "Cleo", "Dora", "Emil"]);
    let each = each();
    for (card, share) in Card::all(&new, &each).iter().zip(new.shares()) {
        let (text, html) = (card.text(), card.html());
        let (_, in_html) = well_formed(html.expose());
        let words = share.words();
        for (word, place) in words.expose().split(' ').zip(1..) {
            let row = text.expose().lines().any(|line| line.contains(&format!("{place:>4} {word}")));
            assert!(row, "word {place} is not in the text");
            assert!(html.expose().contains(&format!("<small>{place}</small>{word}</span>")), "word {place}");
        }
        let name = share_set::name(new.set().id);
        for wanted in [name.as_str(), FINGERPRINT, "2027-01-15", "2027-04-15", "Safe 2", card.custodian()] {
            assert!(text.expose().contains(wanted) && in_html.contains(wanted), "{wanted}");
        }
        // Below the fold stand the words alone: they are what `share check` and the paper both say.
        let below = text.expose().split_once("words are inside -").unwrap().1;
        let typed = below.split_once('\n').unwrap().1;
        assert!(Share::parse(typed).unwrap().same_as(share));
        let read = qr_read::texts(&picture(html.expose())).unwrap();
        assert_eq!(read.len(), 1);
        assert!(Share::parse(read[0].expose()).unwrap().same_as(share), "the code is of another share");
    }
}

#[test]
fn no_card_names_another_custodian_or_holds_another_share() {
    let new = set(2, &["Ana Alpha", "Ben Bravo", "Cleo Charlie"]);
    let each = each();
    let cards = Card::all(&new, &each);
    for card in &cards {
        for page in [card.text(), card.html()] {
            for other in cards.iter().filter(|other| other.number() != card.number()) {
                assert!(!page.expose().contains(other.custodian()));
                let words = other.share().words();
                // The third word on differ between shares; three in a row are nowhere by chance.
                let own: Vec<&str> = words.expose().split(' ').skip(4).take(3).collect();
                assert!(!own.iter().all(|word| page.expose().contains(&format!("{word:<9}"))));
            }
        }
    }
}

#[test]
fn the_page_needs_nothing_and_runs_nothing() {
    let new = set(2, &["Ana", "Ben"]);
    let html = Card::all(&new, &each())[0].html();
    let html = html.expose().to_lowercase();
    for never in ["http", "<script", "url(", "@import", "src=", "href=", "onload", "javascript"] {
        assert!(!html.contains(never), "{never}");
    }
    assert!(html.contains("@page{margin:0}"));
}

#[test]
fn a_hostile_name_breaks_out_of_no_card() {
    let names = [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "</bdi></dd></dl><h1>FORGED</h1>",
        "&lt;b&gt; & 'Co'",
        "\u{1b}[31m\u{1b}]52;c;aGk=\u{7}",
        "\u{202e}gnp.exe\u{2066}",
        "x\nFORGED\r\nFORGED",
        "../../x",
        "\u{9e2d}\u{5b50}\u{9e2d}\u{5b50}\u{9e2d}\u{5b50}\u{9e2d}\u{5b50}\u{9e2d}\u{5b50}\u{9e2d}\u{5b50}",
    ];
    let long = "W".repeat(100);
    let worst = "\u{202e}".repeat(100);
    let all: Vec<&str> = names.into_iter().chain([long.as_str(), worst.as_str()]).collect();
    let new = set(2, &all);
    let plain = well_formed(Card::all(&set(2, &["Ana", "Ben"]), &each())[0].html().expose()).0;
    for (idx, name) in all.iter().enumerate() {
        let each = OnEachCard { bundle: Some(Label::new(*name)), call: Label::new(*name), ..each() };
        {
            let card = &Card::all(&new, &each)[idx];
            let (text, html) = (card.text(), card.html());
            for page in [&text, &html] {
                assert_eq!(crate::hostile_text::danger(page.expose()), None);
                assert!(!page.expose().lines().any(|line| line.trim().starts_with("FORGED")));
            }
            let (tags, in_html) = well_formed(html.expose());
            let others = |tag: &&String| !plain.contains(tag) && !tag.starts_with("path");
            let more: Vec<&String> = tags.iter().filter(others).collect();
            assert!(more.iter().all(|tag| tag.starts_with("svg") || tag.starts_with("rect")), "{more:?}");
            assert!(in_html.contains(card.custodian()));
            let n_lines = text.expose().lines().count();
            assert!(n_lines <= LINES + 3, "{n_lines} lines:\n{}", text.expose());
            let widest = text.expose().lines().map(unicode_width::UnicodeWidthStr::width).max();
            assert!(widest <= Some(72), "{widest:?} columns");
        }
    }
}

#[test]
fn an_ordinary_card_is_one_page_of_text() {
    let each = OnEachCard { bundle: Some(Label::new("Safe 2, second floor")), ..each() };
    let n: Vec<String> = (1..=16).map(|n| format!("Custodian number {n} of the sixteen")).collect();
    for card in Card::all(&set(16, &n.iter().map(String::as_str).collect::<Vec<_>>()), &each) {
        assert!(card.text().expose().lines().count() <= LINES);
    }
}
