//! The list of keys that a verifier keeps: OpenSSH's `allowed_signers` (ssh-keygen(1), ALLOWED SIGNERS), as far as Ed25519
//! keys go. A line that this does not understand is never taken for one that allows.

use crate::app::time::Moment;
use crate::entry::UnixSeconds;
use crate::signature::PublicKey;

/// The key is in the list, and may sign this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Allowed {
    /// Whom the line names, as it stands there.
    pub(super) principals: String,
    /// What stands behind the key.
    pub(super) comment: String,
}

/// A line whose key cannot be told apart, or which does not allow what is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PassedOver {
    /// The line's number, from 1.
    pub(super) line: usize,
    pub(super) why: &'static str,
}

/// Looks for a key. What was passed over are the lines that hold it and do not allow this, and lines that cannot be read.
pub(super) fn look_for(
    text: &str,
    key: PublicKey,
    principal: &str,
    namespace: &str,
    now: UnixSeconds,
) -> Result<Allowed, Vec<PassedOver>> {
    let mut passed_over = Vec::new();
    for (text, line) in text.lines().zip(1..) {
        match look_at(text.trim(), key, principal, namespace, now) {
            Ok(Some(allowed)) => return Ok(allowed),
            Ok(None) => {}
            Err(why) => passed_over.push(PassedOver { line, why }),
        }
    }
    Err(passed_over)
}

/// Looks at one line; `None` where it has nothing to do with the key.
fn look_at(
    line: &str,
    key: PublicKey,
    principal: &str,
    namespace: &str,
    now: UnixSeconds,
) -> Result<Option<Allowed>, &'static str> {
    if line.is_empty() || line.starts_with('#') {
        return Ok(None);
    }
    let unreadable = "the line cannot be read";
    let (principals, rest) = word(line).ok_or(unreadable)?;
    let rest = rest.trim_start();
    // Options stand before the key, and are told by not being the type of one.
    let (options, rest) = if let Some(after) = after_type(rest) {
        (Vec::new(), after)
    } else {
        let (options, rest) = options(rest).ok_or(unreadable)?;
        // Another type of key signs none of this.
        let Some(after) = after_type(rest.trim_start()) else { return Ok(None) };
        (options, after)
    };
    let rest = rest.trim_start();
    let (encoded, comment) = rest.split_once([' ', '\t']).unwrap_or((rest, ""));
    let found = PublicKey::from_openssh_base64(encoded).ok_or(unreadable)?;
    if found != key {
        return Ok(None);
    }
    if !matches_list(principal, &principals) {
        return Err("the line is for somebody else: its first word does not fit `lifeboat`");
    }
    allows(&options, namespace, now)?;
    Ok(Some(Allowed { principals, comment: comment.trim().to_owned() }))
}

/// What follows the word for our type of key.
fn after_type(rest: &str) -> Option<&str> {
    rest.split_once([' ', '\t']).and_then(|(word, after)| (word == PublicKey::OPENSSH_TYPE).then_some(after))
}

/// An option of a line.
struct KeyOption {
    /// Its name, in small letters.
    name: String,
    value: Option<String>,
}

fn allows(options: &[KeyOption], namespace: &str, now: UnixSeconds) -> Result<(), &'static str> {
    for KeyOption { name, value } in options {
        match (name.as_str(), value) {
            ("cert-authority", None) => return Err("the line is for certificates (cert-authority)"),
            ("namespaces", Some(list)) if matches_list(namespace, list) => {}
            ("namespaces", Some(_)) => {
                return Err("the line is for signatures of something else (namespaces)");
            }
            ("valid-after", Some(time)) => {
                if now < moment(time)? {
                    return Err("the line is not valid yet (valid-after)");
                }
            }
            ("valid-before", Some(time)) => {
                if now > moment(time)? {
                    return Err("the line is not valid any more (valid-before)");
                }
            }
            _ => return Err("the line has an option that is not known here"),
        }
    }
    Ok(())
}

/// Takes the first word, which may stand in quotes.
fn word(line: &str) -> Option<(String, &str)> {
    match line.strip_prefix('"') {
        Some(quoted) => quoted.split_once('"').map(|(word, rest)| (word.to_owned(), rest)),
        None => line.split_once([' ', '\t']).map(|(word, rest)| (word.to_owned(), rest)),
    }
}

/// Takes options: `name` or `name="value"` with commas between them, up to a blank outside of quotes.
fn options(text: &str) -> Option<(Vec<KeyOption>, &str)> {
    let mut found = Vec::new();
    let mut rest = text;
    loop {
        let end = rest.find(['=', ',', ' ', '\t'])?;
        let (name, after) = rest.split_at_checked(end)?;
        let mut value = None;
        rest = after;
        if let Some(quoted) = after.strip_prefix("=\"") {
            let (text, after) = unquoted(quoted)?;
            (value, rest) = (Some(text), after);
        }
        if name.is_empty() {
            return None;
        }
        found.push(KeyOption { name: name.to_ascii_lowercase(), value });
        match rest.chars().next()? {
            ',' => rest = rest.get(1..)?,
            ' ' | '\t' => return Some((found, rest)),
            _ => return None,
        }
    }
}

/// A text up to its closing quote, in which `\"` is a quote.
fn unquoted(text: &str) -> Option<(String, &str)> {
    let mut out = String::new();
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return text.get(at + 1..).map(|rest| (out, rest)),
            '\\' if chars.peek().is_some_and(|(_, next)| *next == '"') => {
                out.push('"');
                chars.next();
            }
            c => out.push(c),
        }
    }
    None
}

/// OpenSSH's lists of patterns: one has to fit, and none that begins with `!`.
fn matches_list(text: &str, patterns: &str) -> bool {
    let mut fits = false;
    for pattern in patterns.split(',') {
        match pattern.strip_prefix('!') {
            Some(pattern) if matches_pattern(text.as_bytes(), pattern.as_bytes()) => return false,
            Some(_) => {}
            None => fits |= matches_pattern(text.as_bytes(), pattern.as_bytes()),
        }
    }
    fits
}

/// `*` stands for any characters, `?` for one. Every star is tried at each place once.
fn matches_pattern(text: &[u8], pattern: &[u8]) -> bool {
    // Which starts of the pattern fit what was read of the text so far.
    let mut fits = vec![false; pattern.len() + 1];
    let spread = |fits: &mut Vec<bool>| {
        for at in 0..pattern.len() {
            if pattern.get(at) == Some(&b'*')
                && fits.get(at) == Some(&true)
                && let Some(next) = fits.get_mut(at + 1)
            {
                *next = true;
            }
        }
    };
    if let Some(start) = fits.first_mut() {
        *start = true;
    }
    spread(&mut fits);
    for byte in text {
        let mut next = vec![false; pattern.len() + 1];
        for (at, wanted) in pattern.iter().enumerate() {
            let to = if *wanted == b'*' { at } else { at + 1 };
            let goes_on = matches!(wanted, b'*' | b'?') || wanted == byte;
            if goes_on
                && fits.get(at) == Some(&true)
                && let Some(place) = next.get_mut(to)
            {
                *place = true;
            }
        }
        spread(&mut next);
        fits = next;
    }
    fits.last() == Some(&true)
}

/// `YYYYMMDD` or `YYYYMMDDHHMM[SS]`, with a `Z` for UTC. Without it the time is that of the machine's zone, which is not
/// known here.
fn moment(text: &str) -> Result<UnixSeconds, &'static str> {
    let unreadable = "the line has a time that cannot be read";
    let Some(digits) = text.strip_suffix(['Z', 'z']) else {
        return Err("the line has a time without a Z: of which time zone it is, is not known here");
    };
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(unreadable);
    }
    let full = match digits.len() {
        8 => format!("{digits}000000"),
        12 => format!("{digits}00"),
        14 => digits.to_owned(),
        _ => return Err(unreadable),
    };
    let part = |from: usize, to: usize| full.get(from..to).unwrap_or_default();
    let written = format!(
        "{}-{}-{}T{}:{}:{}Z",
        part(0, 4),
        part(4, 6),
        part(6, 8),
        part(8, 10),
        part(10, 12),
        part(12, 14)
    );
    written.parse::<Moment>().map(|moment| moment.0).map_err(|_| unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixSeconds = 1_800_000_000; // 2027-01-15T08:00:00Z

    fn key() -> PublicKey {
        PublicKey([7; 32])
    }

    fn words() -> String {
        key().in_openssh_words()
    }

    fn look(text: &str) -> Result<Allowed, Vec<&'static str>> {
        look_for(text, key(), "lifeboat", "lifeboat-evidence", NOW)
            .map_err(|lines| lines.into_iter().map(|passed| passed.why).collect())
    }

    #[test]
    fn the_line_of_evidence_key_allows() {
        let line = format!("lifeboat namespaces=\"lifeboat-evidence,lifeboat-drill\" {} vault 0a1b", words());
        let allowed = Allowed { principals: "lifeboat".into(), comment: "vault 0a1b".into() };
        assert_eq!(look(&line), Ok(allowed.clone()));
        assert_eq!(look(&format!("# a comment\r\n\r\n\t{line}\r\n")), Ok(allowed));
    }

    #[test]
    fn principals_are_patterns_as_openssh_takes_them() {
        for (principals, fits) in [
            ("*", true),
            ("life*", true),
            ("l?feboat", true),
            ("*boat", true),
            ("l*f*t", true),
            ("ana,lifeboat", true),
            ("\"ana,lifeboat\"", true),
            ("ana@example.com", false),
            ("lifeboat2", false),
            ("lifeboa", false),
            ("lifeboa?t", false),
            ("*,!lifeboat", false),
            ("!lifeboat,*", false),
        ] {
            assert_eq!(look(&format!("{principals} {}", words())).is_ok(), fits, "{principals}");
        }
    }

    #[test]
    fn options_are_obeyed_and_one_that_is_not_known_allows_nothing() {
        for (options, fits) in [
            ("namespaces=\"lifeboat-evidence\"", true),
            ("NAMESPACES=\"*\"", true),
            ("namespaces=\"lifeboat-drill\"", false),
            ("namespaces=\"file\"", false),
            ("namespaces=\"*,!lifeboat-evidence\"", false),
            ("valid-after=\"20270115Z\"", true),
            ("valid-after=\"20270115080001Z\"", false),
            ("valid-before=\"202701150800Z\"", true),
            ("valid-before=\"20270115075959Z\"", false),
            ("valid-after=\"20270101Z\",valid-before=\"20280101Z\"", true),
            ("valid-before=\"20300101\"", false),
            ("valid-before=\"2030\"", false),
            ("valid-before=\"20301301Z\"", false),
            ("cert-authority", false),
            ("no-such-option", false),
            ("namespaces", false),
            ("namespaces=lifeboat-evidence", false),
            ("namespaces=\"lifeboat-evidence", false),
        ] {
            assert_eq!(look(&format!("lifeboat {options} {}", words())).is_ok(), fits, "{options}");
        }
    }

    #[test]
    fn lines_with_the_key_that_do_not_allow_are_named_with_the_reason() {
        let text = format!("ana {0}\nlifeboat valid-before=\"20300101\" {0}\n", words());
        let found = look_for(&text, key(), "lifeboat", "lifeboat-evidence", NOW).unwrap_err();
        assert_eq!(found.iter().map(|passed| passed.line).collect::<Vec<_>>(), [1, 2]);
        assert!(found[0].why.contains("somebody else") && found[1].why.contains("time zone"), "{found:?}");
    }

    #[test]
    fn other_keys_and_other_types_have_nothing_to_do_with_it() {
        let other = PublicKey([8; 32]).in_openssh_words();
        assert_eq!(look(&format!("lifeboat {other}\nlifeboat ssh-rsa AAAAB3NzaC1yc2E= x\n")), Err(vec![]));
        assert_eq!(look("lifeboat ssh-ed25519 AAAA"), Err(vec!["the line cannot be read"]));
        assert_eq!(look("lifeboat"), Err(vec!["the line cannot be read"]));
        // A good line after them counts.
        assert!(look(&format!("nonsense\nlifeboat {other}\nlifeboat {}", words())).is_ok());
    }
}
