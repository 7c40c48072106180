//! The policy that a report can carry, and the sensitive applications that it names.

use std::path::Path;

use crate::app::context::Context;
use crate::app::failure::{Failure, Kind, Unchanged, reading, shown_path};

/// Most bytes of a policy.
const LARGEST: u64 = 1 << 20;
/// Most applications that it may name: each is looked for among all entries.
const MOST_APPLICATIONS: usize = 1000;
/// What a line begins with that names one.
const KEYWORD: &str = "application:";

/// A policy as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PolicyFile {
    /// SHA-256 of the file, in hexadecimal digits.
    pub(super) sha256: String,
    pub(super) text: String,
    pub(super) applications: Vec<NamedApplication>,
}

/// An application, and what names its entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NamedApplication {
    pub(super) name: String,
    pub(super) query: String,
}

/// Reads a policy.
///
/// # Errors
///
/// Exit 4 without the file, exit 5 when it is no text, exit 8 when it holds a seed or names too many applications.
pub(super) fn read(ctx: &Context, path: &Path) -> Result<PolicyFile, Failure> {
    let cannot = |kind: Kind| {
        Failure::new(kind, format!("cannot use the policy {}", shown_path(path)))
            .unchanged(Unchanged::NothingTouched)
    };
    let bytes = ctx.disk.read(path, LARGEST).map_err(|error| cannot(reading(&error)).because(error))?;
    let sha256 = data_encoding::HEXLOWER.encode(&crate::app::bundle::sha256(&bytes));
    let text = String::from_utf8(bytes)
        .map_err(|_| cannot(Kind::UnknownFormat).details(["it is not a text in UTF-8".to_owned()]))?;
    let lower = text.to_ascii_lowercase();
    if ["otpauth://", "otpauth-migration://", "steam://", "motp://"]
        .iter()
        .any(|scheme| lower.contains(scheme))
    {
        return Err(cannot(Kind::Refused)
            .details(["an otpauth URI stands in it, and a report holds no secret".to_owned()])
            .next("take it out; whoever has read that file may know the seed"));
    }
    let applications = applications(&text);
    if applications.len() > MOST_APPLICATIONS {
        return Err(cannot(Kind::Refused).details([format!(
            "it names {} applications; {MOST_APPLICATIONS} is the most",
            applications.len()
        )]));
    }
    Ok(PolicyFile { sha256, text, applications })
}

/// The lines `application: NAME` and `application: NAME = QUERY`, which may be items of a Markdown list.
fn applications(text: &str) -> Vec<NamedApplication> {
    let named = text.lines().filter_map(|line| {
        let line = line.trim();
        let line = line.strip_prefix("- ").or_else(|| line.strip_prefix("* ")).unwrap_or(line).trim_start();
        let (keyword, rest) = line.split_at_checked(KEYWORD.len())?;
        let rest = keyword.eq_ignore_ascii_case(KEYWORD).then_some(rest)?;
        let (name, query) = rest.split_once('=').unwrap_or((rest, rest));
        let (name, query) = (name.trim(), query.trim());
        let query = if query.is_empty() { name } else { query };
        (!name.is_empty()).then(|| NamedApplication { name: name.to_owned(), query: query.to_owned() })
    });
    named.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(text: &str) -> Vec<(String, String)> {
        applications(text).into_iter().map(|named| (named.name, named.query)).collect()
    }

    fn pair(name: &str, query: &str) -> (String, String) {
        (name.to_owned(), query.to_owned())
    }

    #[test]
    fn lines_name_sensitive_applications_and_what_fits_them() {
        let text = "Policy 7\n\napplication: AWS\n  - Application:  Payroll = Workday:root \n* application:x=\n\
                    an application: not this one\napplication:\napplication:  = y\nAPPLICATION: Ö = a = b\r\n";
        let expected =
            [pair("AWS", "AWS"), pair("Payroll", "Workday:root"), pair("x", "x"), pair("Ö", "a = b")];
        assert_eq!(named(text), expected);
        assert_eq!(named("ä\napplicatioñ: a"), []);
    }
}
