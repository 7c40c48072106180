//! Reads what no importer reads: a page for a printer, as a telephone sees it, and commands for a `YubiKey`, as a shell
//! takes them.

use lifeboat::entry::{EntryDraft, Label};
use lifeboat::interchange::otpauth;
use roxmltree::{Document, Node, ParsingOptions};

/// The entries of a file of a format that is written only; `None` for another.
pub(crate) fn drafts(format: &str, file: &[u8]) -> Option<Vec<EntryDraft>> {
    let text = || std::str::from_utf8(file).unwrap();
    match format {
        "qr-html" => Some(of_page(text())),
        "ykman" => Some(of_commands(text())),
        _ => None,
    }
}

fn draft(uri: &str) -> EntryDraft {
    otpauth::parse(uri).unwrap().0
}

fn of_commands(text: &str) -> Vec<EntryDraft> {
    let commands = text.lines().filter(|line| !line.starts_with('#'));
    let uris = commands.map(|line| {
        let quoted = line.strip_prefix("ykman oath accounts uri '").and_then(|rest| rest.strip_suffix('\''));
        let uri = quoted.unwrap_or_else(|| panic!("another line: {line}"));
        assert!(!uri.contains('\''), "it ends within: {line}");
        uri
    });
    uris.map(draft).collect()
}

fn of_page(text: &str) -> Vec<EntryDraft> {
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    let page = Document::parse_with_options(text, options).unwrap();
    let sections = page.descendants().filter(|node| node.has_tag_name("section"));
    sections.map(of_section).collect()
}

/// An entry as its QR code says it, with the tags beside; the seed and the URI in letters are the same.
fn of_section(section: Node<'_, '_>) -> EntryDraft {
    let find = |name| section.descendants().find(|node| node.has_tag_name(name)).unwrap();
    let uri = scanned(find("svg"));
    let mut found = draft(&uri);
    assert_eq!(find("code").text().unwrap(), uri);
    let of_class = |class| section.descendants().find(move |node| node.attribute("class") == Some(class));
    let typed = of_class("seed").unwrap().text().unwrap();
    assert!(typed.split(' ').all(|group| (1..=4).contains(&group.len())), "{typed}");
    let otp = found.otp;
    assert!(lifeboat::otp::Seed::from_base32(typed).unwrap().same_as(&found.seed), "{otp:?}");
    let tags = of_class("tags").into_iter().flat_map(|tags| tags.descendants());
    let tags = tags.filter(|node| node.has_tag_name("bdi")).map(|tag| Label::new(tag.text().unwrap()));
    found.tags.extend(tags);
    found
}

/// The text of the drawn rectangles, as a camera that sees four pixels a module reads it.
fn scanned(svg: Node<'_, '_>) -> String {
    let side: usize = svg.attribute("viewBox").unwrap().rsplit(' ').next().unwrap().parse().unwrap();
    let mut is_dark = vec![vec![false; side]; side];
    let path = svg.descendants().find_map(|node| node.attribute("d")).unwrap();
    for run in path.split('M').skip(1) {
        let (place, drawn) = run.split_once('h').unwrap();
        let (x, y) = place.split_once(' ').unwrap();
        let (width, rest) = drawn.split_once('v').unwrap();
        assert_eq!(rest, format!("1h-{width}z"));
        let [x, y, width] = [x, y, width].map(|number| number.parse::<usize>().unwrap());
        is_dark[y][x..x + width].fill(true);
    }
    let pixel = |x: usize, y: usize| if is_dark[y / 4][x / 4] { 0 } else { 255 };
    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(side * 4, side * 4, pixel);
    let grids = picture.detect_grids();
    assert_eq!(grids.len(), 1);
    grids[0].decode().unwrap().1
}
