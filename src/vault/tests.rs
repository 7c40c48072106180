use super::*;
use crate::entry::EntryDraft;
use crate::otp::{Otp, Seed};

fn id(n: u8) -> EntryId {
    EntryId::from_bytes([n; 16])
}

fn entry(n: u8) -> Entry {
    let seed = Seed::from_bytes(SecretBytes::new(vec![n; 20])).unwrap();
    Entry::from_draft(EntryDraft::new(Label::new("A"), Label::new("ana"), seed, Otp::COMMON), id(n), 0)
}

fn vault_of(ids: &[u8]) -> Vault {
    let keys = VaultKeys { log: SecretBytes::new(vec![1; 32]), signing: SecretBytes::new(vec![2; 32]) };
    let mut vault = Vault::new(VaultId([0xab; 16]), keys, 7);
    for n in ids {
        vault.insert(entry(*n), false).unwrap();
    }
    vault
}

/// The ids of the entries, then those of the trash.
fn held(vault: &Vault) -> (Vec<EntryId>, Vec<EntryId>) {
    let trash = vault.trash.iter().map(|trashed| trashed.entry.id).collect();
    (vault.entries.iter().map(|entry| entry.id).collect(), trash)
}

#[test]
fn a_new_vault_is_empty_and_was_never_saved() {
    let vault = vault_of(&[]);
    assert_eq!((vault.generation, vault.created, held(&vault)), (0, 7, (vec![], vec![])));
    assert_eq!(vault.log_anchor, LogAnchor { count: 0, head: [0; 32] });
}

#[test]
fn the_same_account_is_refused_by_the_id_of_its_twin_unless_it_is_wanted() {
    let mut vault = vault_of(&[1, 2]);
    let twin = || Entry { id: id(3), ..entry(2) };
    assert_eq!(vault.insert(twin(), false), Err(VaultError::Duplicate(id(2))));
    assert_eq!(held(&vault).0, [id(1), id(2)]);
    assert_eq!(vault.insert(twin(), true), Ok(id(3)));
    assert_eq!(held(&vault).0, [id(1), id(2), id(3)]);
}

#[test]
fn an_entry_is_reached_by_its_id_alone() {
    let mut vault = vault_of(&[1, 2, 3]);
    assert_eq!(vault.entry(id(2)).unwrap().id, id(2));
    assert!(vault.entry(id(9)).is_none());
    vault.entry_mut(id(2)).unwrap().note = "mine".to_owned();
    let notes: Vec<&str> = vault.entries.iter().map(|entry| entry.note.as_str()).collect();
    assert_eq!(notes, ["", "mine", ""]);
    assert_eq!(vault.entry_mut(id(9)).unwrap_err(), VaultError::Gone(id(9)));
}

#[test]
fn what_is_removed_lies_in_the_trash_until_it_is_put_back_or_destroyed() {
    let mut vault = vault_of(&[1, 2, 3]);
    assert_eq!(vault.remove(id(2), 50).unwrap().removed, 50);
    vault.remove(id(3), 60).unwrap();
    assert_eq!(held(&vault), (vec![id(1)], vec![id(2), id(3)]));

    assert_eq!(vault.put_back(id(3)).unwrap().id, id(3));
    assert_eq!(held(&vault), (vec![id(1), id(3)], vec![id(2)]));

    vault.remove(id(3), 70).unwrap();
    vault.purge(id(3)).unwrap();
    assert_eq!(held(&vault), (vec![id(1)], vec![id(2)]));
}

#[test]
fn what_is_not_there_is_neither_removed_nor_put_back_nor_destroyed() {
    let mut vault = vault_of(&[1, 2]);
    vault.remove(id(2), 0).unwrap();
    assert_eq!(vault.remove(id(2), 0).unwrap_err(), VaultError::Gone(id(2)));
    assert_eq!(vault.put_back(id(1)).unwrap_err(), VaultError::Gone(id(1)));
    assert_eq!(vault.purge(id(1)).unwrap_err(), VaultError::Gone(id(1)));
    assert_eq!(held(&vault), (vec![id(1)], vec![id(2)]));
}

#[test]
fn a_vault_is_named_by_its_digits() {
    assert_eq!(VaultId([0xab; 16]).to_string(), "ab".repeat(16));
    assert_eq!(format!("{:?}", VaultId([0xab; 16])), format!("VaultId({})", "ab".repeat(16)));
}
