//! Reads the sources: an import that points the wrong way, an outside crate in a layer that is not its
//! own, or a file that has grown too long fails here. The table is that of `ARCHITECTURE.md`.

use std::fs;
use std::path::{Path, PathBuf};

/// Each layer with the layers, or the parts of them, that it may use besides itself.
const LAYERS: [(&str, &[&str]); 19] = [
    ("defect", &[]),
    ("secret", &[]),
    ("otp", &["secret"]),
    ("entry", &["otp", "secret"]),
    ("vault", &["entry", "otp", "recovery", "secret"]),
    ("settings", &["entry"]),
    ("audit", &[]),
    ("custody", &["secret"]),
    ("recovery", &["audit", "entry"]),
    ("signature", &["secret"]),
    ("envelope", &["secret"]),
    ("wire", &["vault", "entry", "otp", "audit", "secret", "signature", "envelope", "recovery"]),
    ("interchange", &["defect", "entry", "otp", "secret"]),
    ("storage", &[]),
    ("platform", &["secret", "settings"]),
    (
        "app",
        &[
            "secret",
            "otp",
            "entry",
            "vault",
            "settings",
            "audit",
            "custody",
            "signature",
            "envelope",
            "wire",
            "interchange",
            "storage",
            "platform",
            "recovery",
        ],
    ),
    (
        "cli",
        &[
            "app",
            "custody",
            "entry",
            "envelope",
            "interchange::qr_draw",
            "interchange::qr_read",
            "otp",
            "platform",
            "recovery",
            "secret",
            "settings",
            "vault",
        ],
    ),
    (
        "tui",
        &[
            "app", "custody", "defect", "entry", "envelope", "otp", "platform", "recovery", "secret",
            "settings", "vault",
        ],
    ),
    ("main", &["app", "cli", "defect", "platform", "tui"]),
];

/// Outside names with the places where they may stand. A place is a layer or a file below `src`.
const OUTSIDE: [(&str, &[&str]); 41] = [
    ("aes_gcm", &["interchange"]),
    ("aes", &["interchange/cipher.rs", "interchange/cipher/aes_blocks.rs", "interchange/keepass/crypt.rs"]),
    ("argon2", &["envelope", "interchange/cipher.rs"]),
    ("cbc", &["interchange/cipher.rs", "interchange/keepass/crypt.rs"]),
    ("chacha20", &["interchange/cipher/secret_stream.rs", "interchange/keepass/crypt.rs"]),
    ("chacha20poly1305", &["envelope", "interchange/cipher.rs"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("crossterm", &["tui", "cli/io.rs"]),
    ("ed25519_dalek", &["signature.rs"]),
    ("flate2", &["interchange/keepass/kdbx.rs", "interchange/lastpass.rs"]),
    ("getrandom", &["app/context.rs"]),
    ("csv", &["interchange/rows.rs"]),
    ("hkdf", &["envelope", "interchange/cipher.rs"]),
    ("image", &["interchange"]),
    ("jiff", &["app/time.rs"]),
    ("landlock", &["platform"]),
    ("libc", &["platform"]),
    ("linux_keyutils", &["platform/keyring.rs"]),
    ("nucleo_matcher", &["vault"]),
    ("pbkdf2", &["custody", "interchange"]),
    ("poly1305", &["interchange/cipher/secret_stream.rs"]),
    ("qrcode", &["interchange"]),
    ("ratatui", &["tui"]),
    ("regex", &["settings/reason.rs"]),
    ("roxmltree", &["interchange"]),
    ("rustix", &["app/context.rs", "cli/io.rs", "platform", "storage"]),
    ("rxing", &["interchange/qr_read/codes.rs", "interchange/qr_read/looks.rs"]),
    ("salsa20", &["interchange/keepass/crypt.rs"]),
    ("scrypt", &["interchange"]),
    ("seccompiler", &["platform"]),
    ("signal_hook", &["platform", "tui"]),
    ("std::fs", &["storage", "platform/terminal.rs", "platform/terminal/page.rs"]),
    ("std::net", &[]),
    (
        "std::process::Command",
        &[
            "platform/clipboard/broker/child.rs",
            "platform/clipboard/link.rs",
            "platform/editor.rs",
            "platform/editor/broker.rs",
            "platform/keyring.rs",
        ],
    ),
    ("toml", &["settings", "wire"]),
    ("totp_rs", &["otp/code.rs"]),
    ("twofish", &["interchange/keepass/crypt.rs"]),
    ("x25519_dalek", &["envelope/quorum.rs"]),
    ("zip", &["interchange/archive.rs"]),
    ("zxcvbn", &["app/passphrase.rs"]),
];

/// Words of the language and of the standard library that stand nowhere but there.
const WORDS: [(&str, &[&str]); 7] = [
    ("Instant::now", &["app/context.rs"]),
    ("SystemTime", &["app/context.rs", "storage/disk/real.rs"]),
    ("UNIX_EPOCH", &["app/context.rs", "storage/disk/real.rs"]),
    ("dbg!", &[]),
    ("todo!", &[]),
    ("unimplemented!", &[]),
    ("unsafe", &["platform/kernel_clock.rs"]),
];

const LONGEST_FILE: usize = 500;

struct Source {
    /// Below `src`, with `/`.
    path: String,
    /// `secret` for `secret.rs` and for all of `secret/`.
    layer: String,
    text: String,
    /// Without comments, texts and the unit tests at the end.
    code: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    collect(&root, &mut found);
    found.sort();
    let sources: Vec<_> = found
        .iter()
        .map(|file| {
            let path = file.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
            let layer = path.split(['/', '.']).next().unwrap().to_owned();
            let text = fs::read_to_string(file).unwrap();
            let is_test = path.ends_with("/tests.rs") || path.contains("/tests/");
            let code = if is_test { String::new() } else { without_tests(&bare(&text)) };
            Source { path, layer, text, code }
        })
        .collect();
    assert!(sources.len() > 60, "only {} files were found", sources.len());
    sources
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.metadata().unwrap().is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Code alone: comments, texts and characters become blanks, lines stay where they are.
fn bare(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = match (chars[at], chars.get(at + 1)) {
            ('/', Some('/')) => (at..chars.len()).find(|idx| chars[*idx] == '\n').unwrap_or(chars.len()),
            ('/', Some('*')) => after(&chars, at + 2, &['*', '/']),
            ('r', Some('"' | '#')) if is_raw(&chars, at) => {
                let hashes = chars[at + 1..].iter().take_while(|c| **c == '#').count();
                let mut closing = vec!['"'];
                closing.resize(hashes + 1, '#');
                after(&chars, at + hashes + 2, &closing)
            }
            ('"', _) => after_quote(&chars, at + 1, '"'),
            ('\'', Some('\\')) => after_quote(&chars, at + 1, '\''),
            ('\'', _) if chars.get(at + 2) == Some(&'\'') => at + 3,
            _ => {
                out.push(chars[at]);
                at += 1;
                continue;
            }
        };
        out.extend(chars[at..end].iter().map(|c| if *c == '\n' { '\n' } else { ' ' }));
        at = end;
    }
    out
}

fn is_raw(chars: &[char], at: usize) -> bool {
    let begins_a_word =
        at.checked_sub(1).is_none_or(|before| !is_name(chars[before]) || chars[before] == 'b');
    begins_a_word && chars[at + 1..].iter().find(|c| **c != '#') == Some(&'"')
}

fn after(chars: &[char], from: usize, closing: &[char]) -> usize {
    (from..chars.len())
        .find(|idx| chars[*idx..].starts_with(closing))
        .map_or(chars.len(), |idx| idx + closing.len())
}

fn after_quote(chars: &[char], from: usize, quote: char) -> usize {
    let mut at = from;
    while at < chars.len() && chars[at] != quote {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(chars.len())
}

/// Unit tests stand at the end of a file and may bring anything.
fn without_tests(code: &str) -> String {
    code.split("#[cfg(test)]\nmod tests {").next().unwrap().to_owned()
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The places where `word` stands as a word of its own.
fn words<'c>(code: &'c str, word: &'c str) -> impl Iterator<Item = usize> + 'c {
    code.match_indices(word).map(|(at, _)| at).filter(move |at| {
        let before = code[..*at].chars().next_back();
        let after = code[at + word.len()..].chars().next();
        let goes_on = word.ends_with(is_name) && after.is_some_and(is_name);
        !goes_on && !before.is_some_and(is_name)
    })
}

fn line(code: &str, at: usize) -> usize {
    code[..at].matches('\n').count() + 1
}

/// Every path that starts with `prefix::`, with braces spread out: `a::{b, c::d}` gives `b` and `c::d`.
fn paths_after(code: &str, prefix: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for at in words(code, prefix) {
        if let Some(rest) = code[at + prefix.len()..].strip_prefix("::") {
            spread(rest, "", &mut |path| found.push((line(code, at), path)));
        }
    }
    found
}

/// Reads one path or one group of paths; gives back how many bytes it took.
fn spread(rest: &str, before: &str, give: &mut dyn FnMut(String)) -> usize {
    if !rest.starts_with('{') {
        let name_len = rest.find(|c: char| !is_name(c)).unwrap_or(rest.len());
        let path = format!("{before}{}", &rest[..name_len]);
        if rest[name_len..].starts_with("::")
            && rest[name_len + 2..].starts_with(|c: char| is_name(c) || c == '{')
        {
            return name_len + 2 + spread(&rest[name_len + 2..], &format!("{path}::"), give);
        }
        give(path);
        return name_len;
    }
    let mut at = 1;
    while let Some(next) = rest[at..].chars().next() {
        match next {
            '}' => return at + 1,
            c if is_name(c) => at += spread(&rest[at..], before, give),
            c => at += c.len_utf8(),
        }
    }
    at
}

fn is_within(path: &str, allowed: &str) -> bool {
    path == allowed || path.strip_prefix(allowed).is_some_and(|rest| rest.starts_with("::"))
}

fn may_stand(source: &Source, places: &[&str]) -> bool {
    places.iter().any(|place| source.layer == *place || source.path == *place)
}

#[track_caller]
fn check_none(violations: &[String]) {
    assert!(violations.is_empty(), "\n{}", violations.join("\n"));
}

#[test]
fn imports_point_downwards() {
    let mut violations = Vec::new();
    let mut n_imports = 0;
    for source in sources() {
        if source.layer == "lib" {
            continue;
        }
        let (_, allowed) = LAYERS
            .iter()
            .find(|(layer, _)| *layer == source.layer)
            .unwrap_or_else(|| panic!("{} belongs to no layer of the table", source.path));
        let root = if source.layer == "main" { "lifeboat" } else { "crate" };
        for (line, path) in paths_after(&source.code, root) {
            n_imports += 1;
            let is_own = is_within(&path, &source.layer);
            if !is_own && !allowed.iter().any(|allowed| is_within(&path, allowed)) {
                violations.push(format!("src/{}:{line} uses {path}", source.path));
            }
        }
    }
    assert!(n_imports > 200, "only {n_imports} imports were found");
    check_none(&violations);
}

#[test]
fn no_layer_reaches_another_by_climbing_out_of_itself() {
    let mut violations = Vec::new();
    for source in sources() {
        // `super` in `app.rs` is the crate, in `app/add.rs` the layer; inline modules add a step.
        let depth = source.path.split('/').count();
        let climb = "super::".repeat(depth);
        for (at, _) in source.code.match_indices(&climb) {
            let rest = source.code[at + climb.len()..].trim_start_matches("super::");
            let name = rest.split(|c: char| !is_name(c)).next().unwrap();
            if LAYERS.iter().any(|(layer, _)| *layer == name) {
                violations.push(format!("src/{}:{} uses {climb}{name}", source.path, line(&source.code, at)));
            }
        }
    }
    check_none(&violations);
}

#[test]
fn outside_crates_stay_in_their_layer() {
    let mut violations = Vec::new();
    let mut n_found = 0;
    for source in sources() {
        for (name, places) in OUTSIDE {
            let uses = paths_after(&source.code, name).into_iter().map(|(line, _)| line);
            // `use std::{fs, io}` names it without the path in one piece.
            let spread = name.split_once("::").map_or_else(Vec::new, |(root, rest)| {
                let of_root = paths_after(&source.code, root);
                of_root.into_iter().filter(|(_, path)| is_within(path, rest)).map(|(line, _)| line).collect()
            });
            let lines: Vec<usize> = uses.chain(spread).collect();
            n_found += lines.len();
            if !may_stand(&source, places) {
                violations.extend(lines.iter().map(|line| format!("src/{}:{line} uses {name}", source.path)));
            }
        }
    }
    assert!(n_found > 30, "only {n_found} uses were found");
    check_none(&violations);
}

#[test]
fn no_source_reads_the_clock_or_is_unfinished_or_unsafe() {
    let mut violations = Vec::new();
    for source in sources() {
        for (word, places) in WORDS {
            if !may_stand(&source, places) {
                let lines = words(&source.code, word).map(|at| line(&source.code, at));
                violations.extend(lines.map(|line| format!("src/{}:{line} says {word}", source.path)));
            }
        }
    }
    check_none(&violations);
}

#[test]
fn no_file_is_longer_than_can_be_read_at_once_or_named_mod() {
    let mut violations = Vec::new();
    for source in sources() {
        let n_lines = source.text.lines().count();
        if n_lines > LONGEST_FILE {
            violations.push(format!("src/{} has {n_lines} lines", source.path));
        }
        if source.path.ends_with("mod.rs") {
            violations.push(format!("src/{} should bear its module's name", source.path));
        }
    }
    check_none(&violations);
}

#[test]
fn the_table_of_layers_is_the_one_that_people_read() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("ARCHITECTURE.md")).unwrap();
    for (layer, allowed) in LAYERS.iter().filter(|(layer, _)| !["app", "cli", "tui", "main"].contains(layer))
    {
        let row = text
            .lines()
            .find(|line| line.starts_with(&format!("| `{layer}` |")))
            .unwrap_or_else(|| panic!("ARCHITECTURE.md has no row for {layer}"));
        let cell = row.trim_end_matches([' ', '|']).rsplit('|').next().unwrap().trim();
        let mut said: Vec<&str> = cell.split(", ").filter(|name| *name != "nothing").collect();
        let mut allowed = allowed.to_vec();
        said.sort_unstable();
        allowed.sort_unstable();
        assert_eq!(said, allowed, "the row of {layer}");
    }
}

#[test]
fn the_reader_of_sources_sees_imports_and_not_what_is_said_of_them() {
    let code = bare(
        "use crate::{app::{add, edit}, vault};\n// crate::cli\nlet a = \"crate::tui\"; let b = r#\"crate::wire\"#;\n\
         let c = '\"'; fn f<'a>(x: &'a str) { crate::otp::code(x) }",
    );
    let paths: Vec<String> = paths_after(&code, "crate").into_iter().map(|(_, path)| path).collect();
    assert_eq!(paths, ["app::add", "app::edit", "vault", "otp::code"]);
    assert_eq!(paths_after(&code, "crate").last().unwrap().0, 4);
    assert!(words("unsafely unsafe", "unsafe").eq([9]));
}
