//! Writing what KeePassXC and KeePass 2 import: the document, and KeePassXC's table.
//!
//! Codes by the clock stand in `otp`, as a URI that says Steam's own by `encoder=steam`. Codes by a counter stand in KeePass
//! 2's own fields; KeePassXC keeps those and makes no codes of them. A period over a minute is written as it is; version
//! 2.7.4 of KeePassXC makes codes of a minute from it, later ones of the period.

use std::collections::BTreeMap;

use data_encoding::{BASE32_NOPAD, BASE64};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::xml::LONGEST_PATH;
use crate::entry::{Entry, Label, UnixSeconds};
use crate::otp::{Algorithm, Digits, Otp};
use crate::secret::{SecretBytes, SecretText};

/// RFC 3986's unreserved characters stay.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// The group around all others.
const ROOT: &str = "Root";
/// A tag of more parts is one group.
const MOST_PARTS: usize = 16;
/// What one character takes at most as an entity.
const LONGEST_ESCAPE: usize = 6;
/// What else stands around an entry's own texts.
const AROUND_AN_ENTRY: usize = 1024;

/// Judges entries for the document.
pub(super) fn document_refuses(entries: &[&Entry]) -> Vec<Option<&'static str>> {
    let judge = |entry: &&Entry| {
        let mut texts = [entry.issuer.raw(), entry.account.raw(), entry.note.as_str()]
            .into_iter()
            .chain(entry.tags.iter().map(Label::raw));
        if texts.any(|text| text.chars().any(|c| !can_stand_in_xml(c))) {
            return Some("its names, tags or note hold a character that XML has no way to write");
        }
        if entry.tags.iter().filter(|tag| parts_tags(tag)).count() > 1 {
            return Some("more than one of its tags holds a comma or a semicolon, which part tags there");
        }
        if entry.tags.iter().any(|tag| tag.raw().len() > LONGEST_PATH) {
            return Some("one of its tags is longer than the path of a group may be");
        }
        match entry.otp {
            Otp::Hotp { algorithm: Algorithm::Sha1, digits: Digits::SIX, .. }
            | Otp::Totp { .. }
            | Otp::Steam => None,
            Otp::Hotp { .. } => Some("KeePass makes codes by a counter with SHA-1 and six digits alone"),
        }
    };
    entries.iter().map(judge).collect()
}

/// Judges entries for the table.
pub(super) fn table_refuses(entries: &[&Entry]) -> Vec<Option<&'static str>> {
    let judge = |entry: &&Entry| {
        matches!(entry.otp, Otp::Hotp { .. }).then_some("KeePassXC makes no codes by a counter")
    };
    entries.iter().map(judge).collect()
}

/// Writes the document.
pub(super) fn document(entries: &[&Entry], random: &mut dyn FnMut(&mut [u8])) -> SecretBytes {
    let mut root = Group::default();
    for entry in entries.iter().copied() {
        let mut group = &mut root;
        for name in group_of(entry).map(parts).unwrap_or_default() {
            group = group.below.entry(name).or_default();
        }
        group.entries.push(entry);
    }
    let n_bytes: usize = entries.iter().copied().map(most_bytes).sum();
    let mut xml = Xml { out: SecretText::with_capacity(n_bytes + AROUND_AN_ENTRY), random };
    xml.raw("<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>\n<KeePassFile>\n");
    xml.raw("<Meta><Generator>Lifeboat</Generator></Meta>\n<Root>\n");
    xml.group(ROOT, &root);
    xml.raw("</Root>\n</KeePassFile>\n");
    into_bytes(xml.out)
}

/// Writes the table.
pub(super) fn table(entries: &[&Entry]) -> SecretBytes {
    let n_bytes: usize = entries.iter().copied().map(most_bytes).sum();
    let mut out = SecretText::with_capacity(n_bytes + AROUND_AN_ENTRY);
    let mut row = |fields: [&str; 10]| {
        for (idx, field) in fields.into_iter().enumerate() {
            out.expose_mut().push_str(if idx == 0 { "\"" } else { ",\"" });
            for c in field.chars() {
                if c == '"' {
                    out.expose_mut().push('"');
                }
                out.expose_mut().push(c);
            }
            out.expose_mut().push('"');
        }
        out.expose_mut().push('\n');
    };
    row([
        "Group",
        "Title",
        "Username",
        "Password",
        "URL",
        "Notes",
        "TOTP",
        "Icon",
        "Last Modified",
        "Created",
    ]);
    for entry in entries {
        let tag = entry.tags.first().map_or("", Label::raw);
        let group = if tag.is_empty() { ROOT.to_owned() } else { format!("{ROOT}/{tag}") };
        let Some(uri) = uri(entry) else { continue };
        let (issuer, account) = (entry.issuer.raw(), entry.account.raw());
        let (updated, created) = (iso(entry.updated), iso(entry.created));
        row([&group, issuer, account, "", "", &entry.note, uri.expose(), "0", &updated, &created]);
    }
    into_bytes(out)
}

fn into_bytes(mut text: SecretText) -> SecretBytes {
    SecretBytes::new(std::mem::take(text.expose_mut()).into_bytes())
}

/// More than an entry takes, so that no copy of a seed stays behind where the text grew.
fn most_bytes(entry: &Entry) -> usize {
    let texts = [entry.issuer.raw(), entry.account.raw(), entry.note.as_str()];
    let names: usize = texts.iter().map(|text| text.len()).sum();
    let tags: usize = entry.tags.iter().map(|tag| tag.raw().len()).sum();
    let seed = entry.seed().map_or(0, |seed| 2 * seed.bytes().len());
    // The names stand in the URI too, percent-encoded. Each tag may be a group of its own.
    AROUND_AN_ENTRY + 2 * LONGEST_ESCAPE * (names + tags) + 256 * entry.tags.len() + seed
}

/// A group and what is in it.
#[derive(Default)]
struct Group<'a> {
    entries: Vec<&'a Entry>,
    below: BTreeMap<&'a str, Group<'a>>,
}

/// The tag that becomes an entry's group: the first, but for one that would be parted among the others.
fn group_of(entry: &Entry) -> Option<&Label> {
    entry.tags.iter().find(|tag| parts_tags(tag)).or(entry.tags.first())
}

fn parts_tags(tag: &Label) -> bool {
    tag.raw().contains([',', ';'])
}

/// A path of groups, where a tag reads as one.
fn parts(tag: &Label) -> Vec<&str> {
    let parts: Vec<&str> = tag.raw().split('/').collect();
    let is_path =
        parts.len() <= MOST_PARTS && parts.iter().all(|part| !part.is_empty() && part.trim() == *part);
    if is_path {
        parts
    } else if tag.is_empty() {
        Vec::new()
    } else {
        vec![tag.raw()]
    }
}

struct Xml<'a> {
    out: SecretText,
    random: &'a mut dyn FnMut(&mut [u8]),
}

impl Xml<'_> {
    fn raw(&mut self, text: &str) {
        self.out.expose_mut().push_str(text);
    }

    fn text(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '&' => self.raw("&amp;"),
                '<' => self.raw("&lt;"),
                '>' => self.raw("&gt;"),
                // A reader would take it for a line end.
                '\r' => self.raw("&#13;"),
                c => self.out.expose_mut().push(c),
            }
        }
    }

    fn element(&mut self, name: &str, text: &str) {
        self.raw(&format!("<{name}>"));
        self.text(text);
        self.raw(&format!("</{name}>\n"));
    }

    fn uuid(&mut self) {
        let mut bytes = [0; 16];
        (self.random)(&mut bytes);
        self.element("UUID", &BASE64.encode(&bytes));
    }

    fn group(&mut self, name: &str, group: &Group<'_>) {
        self.raw("<Group>\n");
        self.uuid();
        self.element("Name", name);
        for entry in &group.entries {
            self.entry(entry);
        }
        for (name, below) in &group.below {
            self.group(name, below);
        }
        self.raw("</Group>\n");
    }

    fn string(&mut self, name: &str, value: &str, is_secret: bool) {
        self.raw("<String><Key>");
        self.raw(name);
        self.raw(if is_secret { "</Key><Value ProtectInMemory=\"True\">" } else { "</Key><Value>" });
        self.text(value);
        self.raw("</Value></String>\n");
    }

    fn entry(&mut self, entry: &Entry) {
        let Some(seed) = entry.seed() else { return };
        self.raw("<Entry>\n");
        self.uuid();
        self.element("IconID", "0");
        let group = group_of(entry);
        let further: Vec<&str> =
            entry.tags.iter().filter(|tag| Some(*tag) != group).map(Label::raw).collect();
        self.element("Tags", &further.join(";"));
        self.raw("<Times>\n");
        self.element("LastModificationTime", &iso(entry.updated));
        self.element("CreationTime", &iso(entry.created));
        self.raw("</Times>\n");
        self.string("Title", entry.issuer.raw(), false);
        self.string("UserName", entry.account.raw(), false);
        self.string("Password", "", true);
        self.string("URL", "", false);
        self.string("Notes", &entry.note, false);
        if let Otp::Hotp { counter, .. } = entry.otp {
            let seed = SecretText::new(BASE32_NOPAD.encode(seed.bytes().expose()));
            self.string("HmacOtp-Secret-Base32", seed.expose(), true);
            self.string("HmacOtp-Counter", &counter.to_string(), false);
        } else if let Some(uri) = uri(entry) {
            self.string("otp", uri.expose(), true);
        }
        self.raw("</Entry>\n");
    }
}

/// A code by the clock as KeePassXC writes it; `None` of another and of a sealed entry.
fn uri(entry: &Entry) -> Option<SecretText> {
    let (seed, period) = (entry.seed()?, entry.otp.period()?);
    let (issuer, account) = (entry.issuer.raw(), entry.account.raw());
    let encode = |text: &str| utf8_percent_encode(text, ENCODED).to_string();
    let (issuer, has_colon) = (encode(issuer), account.contains(':'));
    let account = encode(account);
    let mut uri = SecretText::with_capacity(256 + 2 * issuer.len() + account.len() + 2 * seed.bytes().len());
    let out = uri.expose_mut();
    out.push_str("otpauth://totp/");
    if !issuer.is_empty() || has_colon {
        out.push_str(&issuer);
        out.push(':');
    }
    out.push_str(&account);
    out.push_str("?secret=");
    // Encoded anew, since KeePassXC refuses spellings that phones accept.
    let secret = SecretText::new(BASE32_NOPAD.encode(seed.bytes().expose()));
    out.push_str(secret.expose());
    out.push_str(&format!("&period={}&digits={}", period.seconds(), entry.otp.digits()));
    if !issuer.is_empty() {
        out.push_str("&issuer=");
        out.push_str(&issuer);
    }
    if entry.otp == Otp::Steam {
        out.push_str("&encoder=steam");
    } else if entry.otp.algorithm() != Algorithm::Sha1 {
        out.push_str("&algorithm=");
        out.push_str(entry.otp.algorithm().name());
    }
    Some(uri)
}

/// The characters of XML 1.0, section 2.2.
fn can_stand_in_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// A time as both programs write it: `2026-11-25T06:48:14Z`.
fn iso(time: UnixSeconds) -> String {
    let (days, second) = (time / 86_400, time % 86_400);
    // Days are counted from 1 March of the year 0, in eras of 400 years, so that a leap day ends its year.
    let days = days + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let date = day - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    let year = era * 400 + year + next;
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{date:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::{EntryDraft, EntryId};
    use crate::otp::{Period, Seed};

    const BY_CLOCK: Otp =
        Otp::Totp { algorithm: Algorithm::Sha1, digits: Digits::SIX, period: Period::THIRTY };

    fn entry(issuer: &str, tags: &[&str], otp: Otp) -> Entry {
        let seed = Seed::from_base32("JBSWY3DPEHPK3PXP").unwrap();
        let mut draft = EntryDraft::new(Label::new(issuer), Label::new("root"), seed, otp);
        draft.tags = tags.iter().copied().map(Label::new).collect();
        Entry::from_draft(draft, EntryId::from_bytes([0; 16]), 0)
    }

    fn written(entries: &[&Entry]) -> String {
        String::from_utf8(document(entries, &mut |bytes| bytes.fill(1)).expose().to_vec()).unwrap()
    }

    /// The tags that an entry comes back with.
    fn tags_again(tags: &[&str]) -> Vec<String> {
        let entry = entry("AWS", tags, BY_CLOCK);
        let read = super::super::open(written(&[&entry]).as_bytes()).unwrap();
        read.drafts[0].draft.tags.iter().map(|tag| tag.raw().to_owned()).collect()
    }

    #[test]
    fn the_first_tag_is_a_path_of_groups_and_the_others_are_tags() {
        assert_eq!(tags_again(&["a/b", "x", "y"]), ["a/b", "x", "y"]);
        let entry = entry("AWS", &["a/b"], BY_CLOCK);
        let text = written(&[&entry]);
        assert!(text.contains("<Name>a</Name>") && text.contains("<Name>b</Name>"), "{text}");
        for odd in ["/", "a//b", "/a", "a / b", &"g/".repeat(LONGEST_PATH / 2)] {
            assert_eq!(tags_again(&[odd]), [odd]);
        }
        // What would be parted among the tags becomes the group.
        assert_eq!(tags_again(&["x", "y, z"]), ["y, z", "x"]);
    }

    #[test]
    fn what_the_document_cannot_hold_is_refused_with_its_reason() {
        let by_counter = |algorithm, digits| Otp::Hotp { algorithm, digits, counter: 1 };
        let entries = [
            entry("A", &["x"], BY_CLOCK),
            entry("A", &[], by_counter(Algorithm::Sha1, Digits::SIX)),
            entry("A", &[], by_counter(Algorithm::Sha1, Digits::EIGHT)),
            entry("A", &[], by_counter(Algorithm::Sha256, Digits::SIX)),
            entry("A\u{1b}[m", &[], BY_CLOCK),
            entry("A", &["\u{ffff}"], BY_CLOCK),
            entry("A", &["a,b", "c;d"], BY_CLOCK),
            entry("A", &[&"g".repeat(LONGEST_PATH + 1)], BY_CLOCK),
        ];
        let entries: Vec<&Entry> = entries.iter().collect();
        let refused = document_refuses(&entries);
        let is_refused: Vec<bool> = refused.iter().map(Option::is_some).collect();
        assert_eq!(is_refused, [false, false, true, true, true, true, true, true]);
        let is_refused: Vec<bool> = table_refuses(&entries).iter().map(Option::is_some).collect();
        assert_eq!(is_refused, [false, true, true, true, false, false, false, false]);
    }

    #[test]
    fn what_xml_gives_a_meaning_to_comes_back_as_it_was() {
        let mut one = entry("<a> & \"b\" ]]>", &[], BY_CLOCK);
        one.note = "\ttab\r\nlines\n\n <end> ".to_owned();
        let read = super::super::open(written(&[&one]).as_bytes()).unwrap();
        assert_eq!(read.drafts[0].draft.issuer, one.issuer);
        assert_eq!(read.drafts[0].draft.note, one.note);
    }

    #[test]
    fn steam_is_said_in_keepassxcs_way_and_a_counter_in_keepass_2s() {
        let steam = entry("Game", &[], Otp::Steam);
        let text = written(&[&steam]);
        assert!(text.contains("period=30&amp;digits=5&amp;issuer=Game&amp;encoder=steam"), "{text}");
        let counter =
            entry("VPN", &[], Otp::Hotp { algorithm: Algorithm::Sha1, digits: Digits::SIX, counter: 41 });
        let text = written(&[&counter]);
        assert!(text.contains("<Key>HmacOtp-Counter</Key><Value>41</Value>") && !text.contains("<Key>otp<"));
    }

    #[test]
    fn the_table_has_keepassxcs_columns() {
        let one = entry("A \"b\"", &["x/y"], BY_CLOCK);
        let text = String::from_utf8(table(&[&one]).expose().to_vec()).unwrap();
        let mut lines = text.lines();
        assert_eq!(
            lines.next().unwrap(),
            r#""Group","Title","Username","Password","URL","Notes","TOTP","Icon","Last Modified","Created""#
        );
        assert_eq!(
            lines.next().unwrap(),
            concat!(
                r#""Root/x/y","A ""b""","root","","","","otpauth://totp/A%20%22b%22:root?secret=JBSWY3DPEHPK3PXP"#,
                r#"&period=30&digits=6&issuer=A%20%22b%22","0","1970-01-01T00:00:00Z","1970-01-01T00:00:00Z""#
            )
        );
    }

    #[test]
    fn no_buffer_with_a_seed_grows() {
        let many: Vec<Entry> =
            (0..50).map(|_| entry(&"<&>\"".repeat(60), &["a/b/c", "<x>", "&"], BY_CLOCK)).collect();
        let many: Vec<&Entry> = many.iter().collect();
        let n_bytes: usize = many.iter().copied().map(most_bytes).sum();
        assert!(document(&many, &mut |_| {}).len() <= n_bytes && table(&many).len() <= n_bytes);
    }

    #[test]
    fn times_are_written_as_dates_of_the_calendar() {
        assert_eq!(iso(0), "1970-01-01T00:00:00Z");
        assert_eq!(iso(951_782_399), "2000-02-28T23:59:59Z");
        assert_eq!(iso(951_782_400), "2000-02-29T00:00:00Z");
        assert_eq!(iso(1_700_000_000), "2023-11-14T22:13:20Z");
        assert_eq!(iso(4_107_542_400), "2100-03-01T00:00:00Z");
    }
}
