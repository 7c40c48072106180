//! 1Password's exports: the archive (`.1pux`), and the CSV, which has a column for codes since version 8.

use serde_json::Value;

use super::account;
use super::bitwarden;
use super::json::{self, text};
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
    archive::has(look.bytes, CONTENT) || is_heading(look.text, &["title", "otpauth"])
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

fn items(bytes: &[u8]) -> Result<Imported, ImportError> {
    let file: Value = json::parse(bytes)?;
    let list =
        |value: &Value, name: &str| value.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let mut imported = Imported::default();
    let (mut position, mut n_without) = (0, 0);
    for account in list(&file, "accounts") {
        for vault in list(&account, "vaults") {
            for item in list(&vault, "items") {
                // Older files have each item in an object of its own.
                let item = item.get("item").unwrap_or(&item);
                let overview = item.get("overview").unwrap_or(&Value::Null);
                let details = item.get("details").unwrap_or(&Value::Null);
                let is_user = |field: &&Value| text(field, "designation") == "username";
                let fields = list(details, "loginFields");
                let user = fields.iter().find(is_user).map(|field| text(field, "value")).unwrap_or_default();
                let codes = codes(details);
                n_without += usize::from(codes.is_empty());
                for code in codes {
                    position += 1;
                    if position > MOST_ENTRIES {
                        return Err(ImportError::TooLarge);
                    }
                    let name = text(overview, "title");
                    let mut judged = bitwarden::judge(&code, name, user);
                    if let Ok((draft, _)) = &mut judged {
                        text(details, "notesPlain").clone_into(&mut draft.note);
                        draft.favourite = item.get("favIndex").and_then(Value::as_u64).unwrap_or(0) > 0;
                        draft
                            .tags
                            .extend(list(overview, "tags").iter().filter_map(Value::as_str).map(Label::new));
                    }
                    imported.take(position, account::title(name, user), judged);
                }
            }
        }
    }
    Ok(told(imported, n_without))
}

/// The codes in the sections of an item.
fn codes(details: &Value) -> Vec<SecretText> {
    let sections = details.get("sections").and_then(Value::as_array).into_iter().flatten();
    let fields = sections.filter_map(|section| section.get("fields").and_then(Value::as_array)).flatten();
    let codes = fields.filter_map(|field| {
        let value = field.get("value")?;
        let is_code = text(field, "id").starts_with("TOTP_");
        let code = value.get("totp").or(is_code.then_some(value))?.as_str()?;
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
              {"id":"c","value":{"string":"x"}}]}]}}"#;
        for item in [item.to_owned(), format!(r#"{{"item":{item}}}"#)] {
            let text = format!(r#"{{"accounts":[{{"vaults":[{{"items":[{item},{{}}]}}]}}]}}"#);
            let imported = items(text.as_bytes()).expect("it can be read");
            let titles: Vec<String> = imported.drafts.iter().map(|one| one.draft.title()).collect();
            assert_eq!(titles, ["AWS:root", "AWS:root"]);
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
}
