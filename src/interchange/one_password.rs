//! 1Password's exports: the archive (`.1pux`), and the CSV, which has a column for codes since version 8.

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::account;
use super::bitwarden;
use super::json::{self, Bounded, text};
use super::outcome::{Imported, MOST_ENTRIES, Notice};
use super::registry::{Format, Import, Look, Source};
use super::rows::{Column, is_heading, rows};
use super::{ImportError, archive};
use crate::entry::Label;
use crate::secret::SecretText;

/// The format.
pub const FORMAT: Format = Format {
    id: "1password",
    name: "1Password",
    help: "1Password, File, Export: the .1pux archive, or the CSV",
    import: Some(Import { recognises, open: |bytes| open(bytes).map(Source::Plain) }),
    export: None,
};

const CONTENT: &str = "export.data";

fn recognises(look: &Look<'_>) -> bool {
    archive::has(look.bytes, CONTENT)
        || is_heading(look.text, &["title", "otpauth"])
        // Older versions have no column for codes: then it is said that there are none.
        || is_heading(look.text, &["title", "username", "password", "archived"])
}

/// Reads an export.
///
/// # Errors
///
/// [`ImportError`] when it is damaged or too large.
pub fn open(bytes: &[u8]) -> Result<Imported, ImportError> {
    if bytes.starts_with(archive::MAGIC) {
        return items(archive::read(bytes, CONTENT, None)?.expose());
    }
    let mut imported = Imported::default();
    let mut n_without = 0;
    rows(bytes, |position, row| {
        let (name, user) = (row.get(Column("Title")), row.get(Column("Username")));
        let code = SecretText::new(row.get(Column("OTPAuth")).to_owned());
        if code.is_empty() {
            n_without += 1;
            return;
        }
        let mut judged = bitwarden::judge(&code, name, user);
        if let Ok((draft, _)) = &mut judged {
            row.get(Column("Notes")).clone_into(&mut draft.note);
            draft.favourite = row.get(Column("Favorite")) == "true";
            let tags = row.get(Column("Tags")).split([';', ',']).map(str::trim);
            draft.tags.extend(tags.filter(|tag| !tag.is_empty()).map(Label::new));
        }
        imported.take(position, account::title(name, user), judged);
    })?;
    Ok(told(imported, n_without))
}

fn told(mut imported: Imported, n_without: usize) -> Imported {
    if n_without > 0 {
        imported.notice(Notice::WithoutCodes(n_without));
    }
    imported
}

#[derive(Deserialize)]
struct File<'a> {
    #[serde(borrow)]
    accounts: Option<Bounded<Account<'a>>>,
}

#[derive(Deserialize)]
struct Account<'a> {
    #[serde(borrow)]
    vaults: Option<Bounded<Vault<'a>>>,
}

#[derive(Deserialize)]
struct Vault<'a> {
    #[serde(borrow)]
    items: Option<Bounded<&'a RawValue>>,
}

fn items(bytes: &[u8]) -> Result<Imported, ImportError> {
    let file: File<'_> = json::parse(bytes)?;
    let mut list = Vec::new();
    for account in whole(file.accounts)? {
        for vault in whole(account.vaults)? {
            list.extend(whole(vault.items)?);
        }
    }
    let mut imported = Imported::default();
    let (mut position, mut n_without) = (0, 0);
    for raw in list {
        let Some(mut item) = json::item(raw) else {
            position += 1;
            imported.unreadable(position);
            continue;
        };
        // Older files have each item in an object of its own.
        let item = item.get_mut("item").map(Value::take).unwrap_or(item);
        let codes = codes(item.get("details").unwrap_or(&Value::Null));
        if position + codes.len() > MOST_ENTRIES {
            return Err(ImportError::TooLarge);
        }
        n_without += usize::from(codes.is_empty());
        for code in codes {
            position += 1;
            take(&mut imported, position, &item, &code);
        }
    }
    Ok(told(imported, n_without))
}

/// A list that may be missing, and is refused where it is longer than any person's.
fn whole<T>(list: Option<Bounded<T>>) -> Result<Vec<T>, ImportError> {
    let list = list.unwrap_or_default();
    if list.overflowed { Err(ImportError::TooLarge) } else { Ok(list.items) }
}

/// Takes one code of an item.
fn take(imported: &mut Imported, position: usize, item: &Value, code: &SecretText) {
    let list =
        |value: &Value, name: &str| value.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let part = |name: &str| item.get(name).unwrap_or(&Value::Null);
    let (overview, details) = (part("overview"), part("details"));
    let fields = list(details, "loginFields");
    let user = fields.iter().find(|field| text(field, "designation") == "username");
    let (name, user) = (text(overview, "title"), user.map(|field| text(field, "value")).unwrap_or_default());
    let mut judged = bitwarden::judge(code, name, user);
    if let Ok((draft, _)) = &mut judged {
        text(details, "notesPlain").clone_into(&mut draft.note);
        draft.favourite = item.get("favIndex").and_then(Value::as_u64).unwrap_or(0) > 0;
        draft.tags.extend(list(overview, "tags").iter().filter_map(Value::as_str).map(Label::new));
    }
    imported.take(position, account::title(name, user), judged);
}

/// The codes in the sections of an item.
fn codes(details: &Value) -> Vec<SecretText> {
    let sections = details.get("sections").and_then(Value::as_array).into_iter().flatten();
    let fields = sections.filter_map(|section| section.get("fields").and_then(Value::as_array)).flatten();
    let codes = fields.filter_map(|field| {
        let value = field.get("value")?;
        let is_code = text(field, "id").starts_with("TOTP_");
        let any = || value.as_object().and_then(|object| object.values().find(|value| value.is_string()));
        let code = value.get("totp").or_else(|| any().or(Some(value)).filter(|_| is_code))?.as_str()?;
        (!code.trim().is_empty()).then(|| SecretText::new(code.to_owned()))
    });
    codes.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_an_item_is_an_entry_also_where_items_are_wrapped() {
        let item = r#"{"favIndex":1,"overview":{"title":"AWS","tags":["work"]},"details":{"notesPlain":"n",
            "loginFields":[{"designation":"username","value":"root"}],
            "sections":[{"fields":[{"id":"a","value":{"totp":"JBSWY3DPEHPK3PXP"}},{"id":"TOTP_b","value":"otpauth://totp/?secret=JBSWY3DPEHPK3PXP"},
              {"id":"c","value":{"string":"x"}},{"id":"TOTP_d","value":{"concealed":"JBSWY3DPEHPK3PXP"}}]}]}}"#;
        for item in [item.to_owned(), format!(r#"{{"item":{item}}}"#)] {
            let text = format!(r#"{{"accounts":[{{"vaults":[{{"items":[{item},{{}}]}}]}}]}}"#);
            let imported = items(text.as_bytes()).expect("it can be read");
            let titles: Vec<String> = imported.drafts.iter().map(|one| one.draft.title()).collect();
            assert_eq!(titles, ["AWS:root", "AWS:root", "AWS:root"]);
            assert!(imported.drafts[0].draft.favourite && imported.drafts[0].draft.tags[0].raw() == "work");
            assert_eq!(imported.notices, [Notice::WithoutCodes(1)]);
        }
    }

    #[test]
    fn rows_of_the_csv_with_a_code_are_entries() {
        let text = "Title,Url,Username,Password,OTPAuth,Favorite,Archived,Tags,Notes\n\
            AWS,u,root,p,JBSWY3DPEHPK3PXP,true,false,\"a;b\",n\nB,u,b,p,,false,false,,\n";
        assert!(recognises(&Look::new(text.as_bytes())));
        let imported = open(text.as_bytes()).expect("it can be read");
        assert_eq!((imported.drafts.len(), imported.drafts[0].draft.tags.len()), (1, 2));
    }

    #[test]
    fn a_csv_without_the_column_for_codes_is_recognised_and_said_to_have_none() {
        let text = "Title,Url,Username,Password,Favorite,Archived,Tags,Notes\nAWS,u,root,p,true,false,,n\n";
        assert!(recognises(&Look::new(text.as_bytes())));
        let imported = open(text.as_bytes()).expect("it can be read");
        assert_eq!((imported.drafts.len(), imported.notices), (0, vec![Notice::WithoutCodes(1)]));
    }
}
