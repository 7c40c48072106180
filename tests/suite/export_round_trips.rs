//! Every format that can be written, written and read again: two hundred random entries come back equal, but for what
//! the format was said not to keep, and but for those that it was said not to hold.

use lifeboat::entry::{Entry, EntryDraft, EntryId, Label};
use lifeboat::interchange::registry::{self, Change, Export, FORMATS, Format, Source, Trait};
use lifeboat::otp::{Algorithm, Digits, Otp, Period, Seed};
use lifeboat::secret::{SecretBytes, SecretText};

const N_ENTRIES: usize = 200;
const PASSPHRASE: &str = "correct horse battery staple";

/// `SplitMix64`: the same entries in every run.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.roll() % u64::try_from(n).unwrap()).unwrap()
    }

    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    pub(crate) fn fill(&mut self, bytes: &mut [u8]) {
        bytes.fill_with(|| self.roll().to_le_bytes()[0]);
    }

    /// A name as people and services give them, with everything that a URI, JSON, XML or CSV gives a meaning to.
    fn name(&mut self, longest: usize) -> String {
        const ENDS: [char; 10] = ['a', 'Z', '7', 'é', 'Ж', '鸭', '😀', '.', '@', ')'];
        const WITHIN: [char; 24] = [
            'b', 'q', '0', ' ', '+', '&', '<', '>', '"', '\'', ',', ';', '#', '%', '/', '?', '=', '\\', '-',
            '_', '(', 'ß', '界', '|',
        ];
        let length = self.below(longest + 1);
        let place = |idx| idx == 0 || idx + 1 == length;
        (0..length).map(|idx| if place(idx) { self.of(&ENDS) } else { self.of(&WITHIN) }).collect()
    }

    fn otp(&mut self) -> Otp {
        let algorithm = self.of(&[Algorithm::Sha1, Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512]);
        let digits = Digits::new(self.of(&[6, 6, 6, 7, 8, 5, 10, 1])).unwrap();
        match self.below(6) {
            0 => Otp::Steam,
            1 => Otp::Hotp { algorithm, digits, counter: self.of(&[0, 1, 41, 4_294_967_295, 1 << 52]) },
            _ => {
                let period = Period::new(self.of(&[30, 30, 30, 60, 10, 90, 1, 86_400])).unwrap();
                Otp::Totp { algorithm, digits, period }
            }
        }
    }

    fn entry(&mut self) -> Entry {
        let mut seed = vec![0; self.of(&[10, 20, 20, 20, 32, 64, 5, 1, 129])];
        self.fill(&mut seed);
        let seed = Seed::from_bytes(SecretBytes::new(seed)).unwrap();
        let (mut issuer, mut account) = (self.name(30), self.name(40));
        match self.below(12) {
            0 => issuer = String::from("Steam"),
            1 => account = String::new(),
            2 => issuer = format!("{issuer}:x"),
            _ => {}
        }
        if issuer.is_empty() && account.is_empty() {
            account = String::from("someone");
        }
        let mut draft = EntryDraft::new(Label::new(issuer), Label::new(account), seed, self.otp());
        for tag in ["Work", "Play & Fun", "дом"] {
            if self.below(4) == 0 {
                draft.tags.push(Label::new(tag));
            }
        }
        if self.below(3) == 0 {
            draft.note = format!("{}\n\"two\", lines; <of> & text {}", self.name(20), self.name(5));
        }
        draft.favourite = self.below(5) == 0;
        let mut id = [0; 16];
        self.fill(&mut id);
        Entry::from_draft(draft, EntryId::from_bytes(id), 1_700_000_000)
    }
}

/// Entries of every kind, the same for the same number.
pub(crate) fn random_entries(seed: u64, n: usize) -> Vec<Entry> {
    let mut dice = Dice::new(seed);
    (0..n).map(|_| dice.entry()).collect()
}

/// What is compared of an entry: all that a format may keep.
#[derive(Debug, PartialEq)]
struct Said {
    names: (String, String),
    otp: Otp,
    seed: Vec<u8>,
    tags: Vec<String>,
    note: String,
    favourite: bool,
}

/// An entry without what the format was said not to keep.
fn expected(entry: &Entry, export: Export) -> Said {
    let keeps = |one: Trait| export.keeps.contains(&one);
    let n_tags = match (keeps(Trait::Tags), keeps(Trait::FurtherTags)) {
        (true, true) => entry.tags.len(),
        (true, false) => 1,
        (false, _) => 0,
    };
    let is_named_steam = entry.issuer.raw() == "Steam" && matches!(entry.otp, Otp::Totp { .. });
    let otp = if is_named_steam && !keeps(Trait::DigitsOfSteam) { Otp::Steam } else { entry.otp };
    Said {
        names: (entry.issuer.raw().to_owned(), entry.account.raw().to_owned()),
        otp,
        seed: entry.seed().unwrap().bytes().expose().to_vec(),
        tags: entry.tags.iter().take(n_tags).map(|tag| tag.raw().to_owned()).collect(),
        note: if keeps(Trait::Notes) { entry.note.clone() } else { String::new() },
        favourite: entry.favourite && keeps(Trait::Favourites),
    }
}

/// The names that an entry may come back with: its own, but for what the format was said to change of them.
fn possible_names(entry: &Entry, export: Export) -> Vec<(String, String)> {
    let (issuer, account) = (entry.issuer.raw().to_owned(), entry.account.raw().to_owned());
    let mut possible = vec![(issuer.clone(), account.clone())];
    for change in export.changes {
        match *change {
            Change::IssuerFromAccount if issuer.is_empty() => {
                possible = vec![(account.clone(), account.clone()), (account.clone(), String::new())];
            }
            Change::OneNameForSteam if entry.otp == Otp::Steam => {
                let both = format!("{issuer}: {account}");
                let one = match (issuer.as_str(), account.as_str()) {
                    (issuer, "") => issuer,
                    ("" | "Steam", account) => account,
                    _ => &both,
                };
                possible = vec![(one.to_owned(), String::new())];
            }
            // The app cuts them, or the file has them cut already.
            Change::CutsNames { issuer, account } => {
                let cut = |(one, other): &(String, String)| (units(one, issuer), units(other, account));
                possible.extend(possible.iter().map(cut).collect::<Vec<_>>());
            }
            Change::IssuerFromAccount | Change::OneNameForSteam | Change::TagsInClear => {}
        }
    }
    possible
}

/// The beginning of a text that has at most so many UTF-16 units.
fn units(text: &str, most: usize) -> String {
    let mut n = 0;
    let fits = |c: &char| {
        n += c.len_utf16();
        n <= most
    };
    text.chars().take_while(fits).collect()
}

fn said(draft: &EntryDraft) -> Said {
    Said {
        names: (draft.issuer.raw().to_owned(), draft.account.raw().to_owned()),
        otp: draft.otp,
        seed: draft.seed.bytes().expose().to_vec(),
        tags: draft.tags.iter().map(|tag| tag.raw().to_owned()).collect(),
        note: draft.note.clone(),
        favourite: draft.favourite,
    }
}

/// Writes entries, recognises what was written, and reads it.
fn out_and_in(format: Format, export: Export, held: &[&Entry], passphrase: Option<&SecretText>) -> Vec<Said> {
    let mut dice = Dice::new(7);
    let file = (export.write)(held, passphrase, &mut |bytes| dice.fill(bytes)).unwrap();
    let recognised = registry::detect(file.expose()).unwrap_or_else(|error| panic!("{}: {error}", format.id));
    let imported = match (registry::open(recognised, file.expose()).unwrap(), passphrase) {
        (Source::Plain(imported), None) => imported,
        (Source::Sealed(sealed), Some(passphrase)) => sealed.open(passphrase).unwrap(),
        (source, _) => panic!("{}: {source:?}", format.id),
    };
    assert!(imported.skipped.is_empty(), "{}: {:?}", format.id, imported.skipped);
    imported.drafts.iter().map(|drafted| said(&drafted.draft)).collect()
}

/// Tells whether entries stand in the groups of a tree, which has an order of its own.
fn has_groups(format: Format) -> bool {
    format.id == "keepassxc-xml"
}

fn check(format: Format, export: Export, passphrase: Option<&SecretText>) {
    let entries = random_entries(11, N_ENTRIES);
    let entries: Vec<&Entry> = entries.iter().collect();
    let (held, left_out) = registry::held(export, &entries);
    assert_eq!(held.len() + left_out.len(), N_ENTRIES);
    assert!(held.len() >= N_ENTRIES / 10, "{}: {} of the entries are held", format.id, held.len());
    let mut found = out_and_in(format, export, &held, passphrase);
    assert_eq!(found.len(), held.len(), "{}", format.id);
    let mut expected: Vec<Said> = held
        .iter()
        .zip(&found)
        .map(|(entry, found)| {
            let mut expected = expected(entry, export);
            let possible = possible_names(entry, export);
            if !has_groups(format) {
                assert!(possible.contains(&found.names), "{}: {:?} of {possible:?}", format.id, found.names);
                expected.names.clone_from(&found.names);
            }
            expected
        })
        .collect();
    if has_groups(format) {
        for list in [&mut found, &mut expected] {
            list.sort_by_key(|said| format!("{said:?}"));
        }
    }
    for (found, expected) in found.iter().zip(&expected) {
        assert_eq!(found, expected, "{}", format.id);
    }
}

fn writable() -> impl Iterator<Item = (Format, Export)> {
    FORMATS.into_iter().filter_map(|format| Some((format, format.export?)))
}

#[test]
fn two_hundred_entries_written_in_clear_come_back_equal() {
    for (format, export) in writable() {
        check(format, export, None);
    }
}

#[test]
fn two_hundred_entries_written_encrypted_come_back_equal() {
    let passphrase = SecretText::new(PASSPHRASE.to_owned());
    for (format, export) in writable().filter(|(_, export)| export.encrypts) {
        check(format, export, Some(&passphrase));
    }
}

#[test]
fn an_encrypted_file_holds_no_seed_and_no_name_in_clear_and_is_never_the_same_twice() {
    let entries = random_entries(12, 5);
    let entries: Vec<&Entry> = entries.iter().collect();
    let passphrase = SecretText::new(PASSPHRASE.to_owned());
    for (format, export) in writable().filter(|(_, export)| export.encrypts) {
        let write = |seed| {
            let mut dice = Dice::new(seed);
            let (held, _) = registry::held(export, &entries);
            (export.write)(&held, Some(&passphrase), &mut |bytes| dice.fill(bytes)).unwrap()
        };
        let (one, other) = (write(1), write(2));
        assert_ne!(one.expose(), other.expose(), "{}", format.id);
        let text = String::from_utf8_lossy(one.expose()).into_owned();
        for entry in &entries {
            let seed = entry.seed().unwrap().to_base32();
            assert!(!text.contains(seed.expose()), "{}: a seed in clear", format.id);
            let name = entry.account.raw();
            assert!(name.len() < 6 || !text.contains(name), "{}: a name in clear", format.id);
        }
    }
}
