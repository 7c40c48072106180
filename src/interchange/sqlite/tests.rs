use super::*;
use crate::interchange::Imported;
use crate::interchange::account::Number;
use crate::interchange::outcome::{Notice, SkippedReason};
use crate::interchange::registry::{self, Source};

const PAGES_512: &[u8] = include_bytes!("../../../vectors/sqlite/pages-512.sqlite");
const PAGES_1024: &[u8] = include_bytes!("../../../vectors/sqlite/pages-1024.sqlite");
const PAGES_4096: &[u8] = include_bytes!("../../../vectors/sqlite/pages-4096.sqlite");
const PAGES_65536: &[u8] = include_bytes!("../../../vectors/sqlite/pages-65536.sqlite");
const UTF_16LE: &[u8] = include_bytes!("../../../vectors/sqlite/utf-16le.sqlite");
const UTF_16BE: &[u8] = include_bytes!("../../../vectors/sqlite/utf-16be.sqlite");
const AUTO_VACUUM: &[u8] = include_bytes!("../../../vectors/sqlite/auto-vacuum.sqlite");
const LOG: &[u8] = include_bytes!("../../../vectors/sqlite/log.sqlite");
const OTHERS: &[u8] = include_bytes!("../../../vectors/sqlite/others.sqlite");
const REFUSED: &[u8] = include_bytes!("../../../vectors/sqlite/microsoft-refused.sqlite");
const GOOGLE: &[u8] = include_bytes!("../../../vectors/sqlite/google.sqlite");
const STRATUM: &[u8] = include_bytes!("../../../vectors/sqlite/stratum.sqlite");

/// As `make_sqlite.py` has them.
const INTEGERS: [i64; 15] = [
    0,
    1,
    5,
    -1,
    127,
    -128,
    128,
    40_000,
    -40_000,
    9_000_000,
    1 << 31,
    -(1 << 40),
    1 << 47,
    i64::MAX,
    i64::MIN,
];

#[track_caller]
fn check(file: &[u8], n_rows: usize, longest: usize) {
    let database = Database::parse(file).unwrap();
    let mut left = (1..=n_rows).filter(|n| n % 7 != 3);
    database
        .rows("T", |_, row| {
            let n = left.next().expect("no more rows than there are");
            let letter = if n % 2 == 1 { "é" } else { "x" };
            assert_eq!(row.text("name"), format!("name {n}"));
            assert_eq!(row.text("TEXT"), letter.repeat(n * 37 % longest), "row {n}");
            let integer = u64::try_from(INTEGERS[n % INTEGERS.len()]);
            assert_eq!(row.number("number"), integer.map_or(Number::Bad, Number::Is), "row {n}");
            assert_eq!(row.number("real") == Number::Missing, n % 3 != 0);
            assert!(row.secret("no such column").is_none());
        })
        .unwrap();
    assert_eq!(left.next(), None);
}

#[test]
fn every_row_comes_out_whatever_the_size_of_the_pages() {
    check(PAGES_512, 200, 900);
    check(PAGES_1024, 200, 900);
    check(PAGES_4096, 40, 9000);
    check(PAGES_65536, 40, 9000);
}

#[test]
fn every_row_comes_out_of_texts_in_utf_16_of_a_vacuumed_file_and_of_one_with_a_log() {
    check(UTF_16LE, 60, 900);
    check(UTF_16BE, 60, 900);
    check(AUTO_VACUUM, 200, 900);
    check(LOG, 30, 900);
    assert!(Database::parse(LOG).unwrap().has_log() && !Database::parse(PAGES_512).unwrap().has_log());
}

#[test]
fn views_and_triggers_are_nothing_and_a_later_column_is_missing_in_older_rows() {
    check(OTHERS, 30, 900);
    let database = Database::parse(OTHERS).unwrap();
    assert!(
        database.has("t", &["later"]) && !database.has("v", &["name"]) && !database.has("t", &["nothing"])
    );
    database.rows("t", |_, row| assert_eq!(row.number("later"), Number::Missing)).unwrap();
    database.rows("empty", |_, _| panic!("there is no row")).unwrap();
    assert!(matches!(database.rows("v", |_, _| {}), Err(ImportError::Damaged { .. })));
}

#[test]
fn tables_that_are_kept_in_another_form_are_refused_by_name() {
    let database = Database::parse(OTHERS).unwrap();
    for (table, words) in [
        ("keyed", "a table without row ids is not supported"),
        ("computed", "a table with generated columns is not supported"),
    ] {
        assert_eq!(database.rows(table, |_, _| {}).unwrap_err().to_string(), words);
    }
}

#[test]
fn a_header_that_is_not_right_is_refused() {
    for (at, value) in [(0, b'X'), (17, 3), (16, 1), (19, 3), (20, 100), (59, 4)] {
        let mut file = PAGES_512.to_vec();
        file[at] = value;
        assert!(Database::parse(&file).is_err(), "byte {at}");
    }
    assert!(Database::parse(&PAGES_512[..99]).is_err());
}

#[test]
fn a_file_that_is_cut_off_is_damaged_and_a_page_in_a_circle_too() {
    let whole = Database::parse(PAGES_512).unwrap();
    let root = whole.table("t").unwrap().root;
    // Its last pages were freed when rows were deleted.
    let cut = &PAGES_512[..PAGES_512.len() / 2];
    assert!(Database::parse(cut).unwrap().rows("t", |_, _| {}).is_err());
    let mut circle = PAGES_512.to_vec();
    let own = u32::try_from(root).unwrap().to_be_bytes();
    circle[(root - 1) * 512 + 8..(root - 1) * 512 + 12].copy_from_slice(&own);
    let error = Database::parse(&circle).unwrap().rows("t", |_, _| {}).unwrap_err();
    assert_eq!(error.to_string(), format!("the file is damaged: page {root} of the database"));
}

#[test]
fn rows_that_share_their_bytes_give_no_more_than_the_file_has() {
    let mut file = PAGES_4096.to_vec();
    let root = Database::parse(&file).unwrap().table("t").unwrap().root;
    // A leaf whose cells all begin at the same byte, and say that they are nearly as long as the file.
    let page = (root - 1) * 4096;
    let length = file.len() / 2;
    file[page..page + 8].copy_from_slice(&[13, 0, 0, 7, 0xd0, 0, 0, 0]);
    for idx in 0..2000 {
        file[page + 8 + 2 * idx..page + 10 + 2 * idx].copy_from_slice(&4020_u16.to_be_bytes());
    }
    let group = |shift: u32| u8::try_from(length >> shift & 0x7f).unwrap();
    let varint = [0x80 | group(14), 0x80 | group(7), group(0), 1];
    file[page + 4020..page + 4024].copy_from_slice(&varint);
    assert!(Database::parse(&file).unwrap().rows("t", |_, _| {}).is_err());
}

/// Numbers that are the same each time.
struct Draw(u64);

impl Draw {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

#[test]
fn a_changed_file_never_panics_and_gives_no_more_than_it_has() {
    let mut draw = Draw(1);
    for file in [UTF_16LE, LOG, OTHERS, GOOGLE, STRATUM, REFUSED] {
        for _ in 0..400 {
            let mut changed = file.to_vec();
            for _ in 0..=draw.below(6) {
                // The beginnings of pages matter most.
                let page = draw.below(changed.len() / 512) * 512;
                let within = if draw.below(2) == 0 { 16 } else { 512 };
                let at = (page + draw.below(within)).min(changed.len() - 1);
                changed[at] = u8::try_from(draw.below(256)).unwrap();
            }
            if draw.below(8) == 0 {
                changed.truncate(draw.below(changed.len()));
            }
            let Ok(database) = Database::parse(&changed) else { continue };
            for table in ["t", "accounts", "authenticator", "keyed"] {
                let mut n_bytes = 0;
                let _read = database.rows(table, |_, row| n_bytes += row.text("text").len());
                // A letter of UTF-16 has up to three bytes in UTF-8, as has one that cannot be read.
                assert!(n_bytes <= 3 * changed.len());
            }
            let _recognised = registry::detect(&changed);
        }
    }
}

fn imported(file: &[u8], id: &str) -> Imported {
    let format = registry::detect(file).unwrap();
    assert_eq!(format.id, id);
    let Source::Plain(imported) = registry::open(format, file).unwrap() else {
        panic!("it is not encrypted")
    };
    imported
}

#[test]
fn accounts_of_microsoft_without_a_secret_that_can_be_moved_are_named_with_the_reason() {
    let imported = imported(REFUSED, "microsoft");
    assert!(imported.drafts.is_empty());
    let reasons: Vec<String> =
        imported.skipped.iter().map(|one| format!("{}: {}", one.title, one.reason)).collect();
    assert_eq!(
        reasons,
        [
            "Work:a: a work or school account has no secret that can be moved: enrol it anew at its service",
            "Newer:b: its secret is encrypted with a key that never leaves the phone: enrol it anew at its service",
            "Empty:c: oath_secret_key is missing or not valid",
            "Odd:d: its type \"7\" is not supported",
            "Own:e: oath_secret_key is missing or not valid",
            "None:f: account_type is missing or not valid",
        ]
    );
}

#[test]
fn the_database_of_google_authenticator_is_read() {
    let imported = imported(GOOGLE, "google");
    let found: Vec<(String, Option<u64>)> =
        imported.drafts.iter().map(|one| (one.draft.title(), one.draft.otp.counter())).collect();
    assert_eq!(
        found,
        [("Bank:ana".to_owned(), None), ("VPN:ben".to_owned(), Some(41)), ("cem".to_owned(), None)]
    );
    let [sealed, odd] = &imported.skipped[..] else { panic!("two are skipped") };
    assert!(sealed.reason.to_string().contains("never leaves the phone"));
    assert!(matches!(odd.reason, SkippedReason::UnknownType(_)));
}

#[test]
fn the_database_of_stratum_is_read_with_its_categories() {
    let imported = imported(STRATUM, "stratum");
    let draft = &imported.drafts[0].draft;
    assert_eq!((draft.title(), draft.otp.digits(), draft.tags[0].raw()), ("Bank:ana".to_owned(), 8, "Work"));
    assert_eq!(imported.drafts[1].draft.otp.counter(), Some(41));
    assert_eq!((imported.drafts.len(), imported.skipped.len()), (3, 1));
    assert!(imported.notices.contains(&Notice::LogOfDatabase) && imported.notices.contains(&Notice::Icons));
}
