//! What the list shows of a vault. Pure.

use super::model::{Row, RowSeal};
use crate::app::seal;
use crate::entry::{Label, SealedBy, SealedSecret};
use crate::vault::Vault;

/// A row for each entry, in the vault's order.
pub fn of(vault: &Vault) -> Vec<Row> {
    vault
        .entries
        .iter()
        .map(|entry| Row {
            id: entry.id,
            issuer: entry.issuer.shown(),
            account: entry.account.shown(),
            tags: entry.tags.iter().map(Label::shown).collect(),
            period: entry.otp.period().map(|period| u64::from(period.seconds())),
            digits: usize::from(entry.otp.digits()),
            favourite: entry.favourite,
            privileged: entry.privileged,
            proven: entry.proven,
            used: None,
            sealed: entry.secret.sealed().map(row_seal),
        })
        .collect()
}

fn row_seal(sealed: &SealedSecret) -> RowSeal {
    RowSeal { by: seal::in_words(sealed), passphrase: sealed.ways().contains(&SealedBy::Passphrase) }
}
