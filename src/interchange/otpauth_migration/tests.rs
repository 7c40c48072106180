use super::*;
use crate::interchange::SkippedReason;
use crate::otp::Otp;

/// A message of numbers and bytes, put together by hand.
#[derive(Clone, Default)]
struct Message(Vec<u8>);

impl Message {
    fn number(mut self, field: u8, mut number: u64) -> Self {
        self.0.push(field << 3);
        while number > 0x7f {
            self.0.push(u8::try_from(number & 0x7f).unwrap() | 0x80);
            number >>= 7;
        }
        self.0.push(u8::try_from(number).unwrap());
        self
    }

    fn bytes(mut self, field: u8, bytes: &[u8]) -> Self {
        protobuf::put_bytes(&mut self.0, field, bytes);
        self
    }

    fn account(self, account: &Self) -> Self {
        self.bytes(1, &account.0)
    }

    fn uri(&self) -> String {
        format!("otpauth-migration://offline?data={}", BASE64.encode(&self.0))
    }
}

const SEED: &[u8] = b"12345678901234567890";

fn account(name: &str) -> Message {
    Message::default().bytes(1, SEED).bytes(2, name.as_bytes())
}

/// What becomes of an account, in words.
fn read(account: &Message) -> String {
    let mut part = parse(&Message::default().account(account).uri()).unwrap();
    assert_eq!(part.accounts.len(), 1);
    match part.accounts.remove(0).draft {
        Ok((draft, warnings)) => format!("{:?} {warnings:?}", draft.otp),
        Err(reason) => reason.to_string(),
    }
}

fn names(message: &Message) -> (String, String) {
    let mut part = parse(&Message::default().account(message).uri()).unwrap();
    let (draft, _) = part.accounts.remove(0).draft.unwrap();
    (draft.issuer.raw().to_owned(), draft.account.raw().to_owned())
}

#[test]
fn what_is_not_specified_is_what_the_app_takes_it_for() {
    let common = format!("{:?} []", Otp::COMMON);
    assert_eq!(read(&account("a")), common);
    assert_eq!(read(&account("a").number(4, 0).number(5, 0).number(6, 0)), common);
    assert_eq!(read(&account("a").number(4, 1).number(5, 1).number(6, 2).number(7, 9)), common);
}

#[test]
fn every_number_that_the_app_does_not_have_is_refused_by_name() {
    for (field, number, words) in [
        (4, 4, "its algorithm \"MD5\" is not supported"),
        (4, 5, "its algorithm \"5\" is not supported"),
        (4, u64::MAX, "its algorithm \"-1\" is not supported"),
        (5, 3, "the number of digits is missing or not valid"),
        (6, 3, "its type \"3\" is not supported"),
    ] {
        assert_eq!(read(&account("a").number(field, number)), words);
    }
    assert_eq!(read(&account("a").number(6, 1).number(7, 1 << 63)), "the counter is missing or not valid");
    assert_eq!(read(&Message::default().bytes(2, b"a")), "its secret cannot be used: the seed is empty");
    let long = Message::default().bytes(1, &[1; 1025]);
    assert_eq!(read(&long), "its secret cannot be used: the seed is longer than 1024 bytes");
}

#[test]
fn a_counter_that_is_not_there_is_told() {
    assert!(read(&account("a").number(6, 1)).ends_with("counter: 0 } [CounterMissing]"));
    assert!(read(&account("a").number(6, 1).number(7, 0)).ends_with("counter: 0 } []"));
}

#[test]
fn an_issuer_is_cut_off_the_name_once_and_found_in_it_where_it_has_no_field() {
    for (issuer, name, expected) in [
        ("", "ana", ("", "ana")),
        ("", "Mail: ana", ("Mail", "ana")),
        ("", "Mail:a:b", ("Mail", "a:b")),
        ("", ":ana", ("", "ana")),
        ("Mail", "ana ", ("Mail", "ana ")),
        ("Mail", "Mail:ana", ("Mail", "ana")),
        ("Mail", "Mail: ana", ("Mail", "ana")),
        ("Mail", "Mail:Mail:ana", ("Mail", "Mail:ana")),
        ("Mail", "Other:ana", ("Mail", "Other:ana")),
        ("Mail", "Mailbox", ("Mail", "Mailbox")),
        ("A:B", "A:B:c", ("A:B", "c")),
        ("Mail", "", ("Mail", "")),
    ] {
        let message = account(name).bytes(3, issuer.as_bytes());
        let (found_issuer, found_account) = names(&message);
        assert_eq!((&*found_issuer, &*found_account), expected, "{issuer} / {name}");
    }
}

#[test]
fn a_bad_account_costs_itself_alone_and_keeps_its_name() {
    let message = Message::default()
        .account(&account("Mail:ana"))
        .account(&account("Old:ben").number(4, 4))
        .bytes(1, b"\x0a\x7f1234")
        .bytes(1, b"")
        .account(&account("cy"));
    let part = parse(&message.uri()).unwrap();
    let titles: Vec<&str> = part.accounts.iter().map(|account| account.title.raw()).collect();
    assert_eq!(titles, ["Mail:ana", "Old:ben", "", "", "cy"]);
    let good: Vec<bool> = part.accounts.iter().map(|account| account.draft.is_ok()).collect();
    assert_eq!(good, [true, false, false, false, true]);
    let Err(reason) = &part.accounts[2].draft else { panic!() };
    assert_eq!(*reason, SkippedReason::Words("it is damaged"));
}

#[test]
fn a_code_says_which_part_of_how_many_it_is() {
    let part = |size, index| parse(&Message::default().number(3, size).number(4, index).uri()).unwrap().place;
    assert_eq!(part(3, 1).of_several(), Some((2, 3)));
    for (size, index) in [(1, 0), (0, 0), (3, 3), (u64::MAX, 0), (3, u64::MAX)] {
        assert_eq!(part(size, index).of_several(), None, "{index} of {size}");
    }
    assert_eq!(parse("otpauth-migration://offline?data=EAI").unwrap().place.of_several(), None);
}

#[test]
fn what_is_no_export_is_refused_without_being_repeated() {
    for (uri, error) in [
        ("otpauth://totp/a?data=EAI", MigrationError::NotMigration),
        ("otpauth-migration:/offline?data=EAI", MigrationError::NotMigration),
        ("otpauth-migration://offline", MigrationError::Empty),
        ("otpauth-migration://offline?date=EAI", MigrationError::Empty),
        ("otpauth-migration://offline?data=", MigrationError::Empty),
        ("otpauth-migration://offline?data=%3D==", MigrationError::Empty),
        ("otpauth-migration://offline?data=E", MigrationError::Damaged),
        ("otpauth-migration://offline?data=EA*I", MigrationError::Damaged),
        // A field of four bytes of which two are there, and a group.
        ("otpauth-migration://offline?data=////", MigrationError::Damaged),
        ("otpauth-migration://offline?data=CwwL", MigrationError::Damaged),
    ] {
        assert_eq!(parse(uri).err(), Some(error), "{uri}");
        assert_eq!(split(uri).err(), Some(error), "{uri}");
    }
    let long = format!("otpauth-migration://offline?data={}", "A".repeat(LONGEST_URI));
    assert_eq!(parse(&long).err(), Some(MigrationError::TooLong));
}

#[test]
fn a_code_that_is_cut_off_anywhere_gives_nothing_wrong() {
    let whole = Message::default().account(&account("Mail:ana")).account(&account("ben"));
    for len in 0..whole.0.len() {
        let cut = Message(whole.0[..len].to_vec());
        let Ok(part) = parse(&cut.uri()) else { continue };
        for account in part.accounts {
            let (draft, _) = account.draft.unwrap();
            assert_eq!(draft.seed.bytes().expose(), SEED, "cut at {len}");
        }
    }
}

#[test]
fn an_export_is_taken_apart_into_its_accounts_as_they_stand() {
    let odd = account("Steam:b").number(4, 4).bytes(8, b"an id").number(15, 7);
    let message = Message::default().account(&account("Mail:ana")).account(&odd).number(3, 2);
    let uris = split(&message.uri()).unwrap();
    assert_eq!(uris.len(), 2);
    let alone = message_of(uris[1].expose());
    assert_eq!(alone, Message::default().account(&odd).0);
    let part = parse(uris[0].expose()).unwrap();
    let (draft, _) = part.accounts.into_iter().next().unwrap().draft.unwrap();
    assert_eq!((draft.issuer.raw(), draft.account.raw()), ("Mail", "ana"));
}

fn message_of(uri: &str) -> Vec<u8> {
    message(uri).unwrap().expose().to_vec()
}

#[test]
fn no_secret_is_in_a_debug_text() {
    let message = Message::default().account(&account("Mail:ana")).account(&account("x").number(4, 9));
    let debug = format!("{:?}", parse(&message.uri()).unwrap());
    assert!(!debug.contains("1234567890") && !debug.contains("[49, 50"), "{debug}");
}

#[test]
fn a_code_of_empty_accounts_is_read_in_no_more_than_its_own_length() {
    let part = parse(&Message(b"\x0a\x00".repeat(5_000)).uri()).unwrap();
    assert_eq!(part.accounts.len(), 5_000);
    assert!(part.accounts.iter().all(|account| account.draft.is_err()));
}
