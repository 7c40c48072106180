//! The layers of ARCHITECTURE.md, read off the sources: an import in the wrong direction fails here.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What each layer may import of the crate. A layer that is not listed may not exist.
const LAYERS: &[(&str, &[&str])] = &[
    ("secret", &[]),
    ("otp", &["secret"]),
    ("entry", &["otp", "secret"]),
    ("vault", &["entry", "otp", "secret"]),
    ("audit", &[]),
    ("custody", &["secret"]),
    ("envelope", &["secret"]),
    ("wire", &["audit", "entry", "otp", "secret", "vault"]),
    ("interchange", &["entry", "otp", "secret"]),
    ("storage", &[]),
    ("platform", &["secret"]),
    (
        "app",
        &[
            "audit",
            "custody",
            "entry",
            "envelope",
            "interchange",
            "otp",
            "secret",
            "storage",
            "vault",
            "wire",
        ],
    ),
    // The faces call `app` and `platform`; of the rest they name plain types that appear in app's signatures, and
    // the pictures of QR codes, which are a face's matter.
    ("cli", &["app", "entry", "envelope", "interchange", "otp", "platform", "secret", "vault"]),
    // `cli` for how times are written and which options the interface takes over.
    ("tui", &["app", "cli", "entry", "envelope", "otp", "platform", "secret", "vault"]),
];

/// Crates and parts of std that belong to some layers or files alone.
const AT_HOME: &[(&str, &[&str])] = &[
    ("aes_gcm", &["interchange"]),
    ("argon2", &["envelope"]),
    ("chacha20poly1305", &["envelope"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("crossterm", &["cli/io.rs", "tui"]),
    ("ed25519_dalek", &["app"]),
    ("hkdf", &["envelope"]),
    ("image", &["interchange"]),
    ("jiff", &["cli"]),
    ("nucleo_matcher", &["vault"]),
    ("qrcode", &["interchange"]),
    ("ratatui", &["tui"]),
    ("rqrr", &["interchange"]),
    ("rustix", &["app/context.rs", "platform", "storage"]),
    ("scrypt", &["interchange"]),
    ("signal_hook", &["platform", "tui"]),
    ("std::fs", &["platform/terminal.rs", "storage"]),
    ("std::net", &[]),
    ("std::process::Command", &[]),
    ("totp_rs", &["otp/code.rs"]),
    ("zxcvbn", &["app/passphrase.rs"]),
];

/// Past this a file needs a good reason; those that have one are named.
const LONGEST_FILE: usize = 500;
/// `args.rs` is one table, the command line.
const LONGER: &[&str] = &["cli/args.rs"];

fn sources() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = BTreeMap::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            if std::fs::metadata(&path).unwrap().is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name: PathBuf = path.strip_prefix(&root).unwrap().to_owned();
                found.insert(
                    name.to_string_lossy().replace('\\', "/"),
                    std::fs::read_to_string(&path).unwrap(),
                );
            }
        }
    }
    assert!(found.len() > 50, "the sources are read: {}", found.len());
    found
}

/// The lines of a source that are code of the program: no comments, and nothing behind `mod tests`.
fn code(source: &str) -> impl Iterator<Item = &str> {
    source
        .lines()
        .take_while(|line| *line != "#[cfg(test)]")
        .map(str::trim)
        .filter(|line| !line.starts_with("//"))
}

fn layer(file: &str) -> &str {
    file.split(['/', '.']).next().unwrap()
}

fn is_test(file: &str) -> bool {
    file.ends_with("tests.rs")
}

#[test]
fn every_import_goes_from_a_layer_to_one_it_may_use() {
    let mut wrong = Vec::new();
    for (file, source) in sources() {
        let own = layer(&file);
        if matches!(own, "lib" | "main") || is_test(&file) {
            continue;
        }
        let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| *name == own) else {
            wrong.push(format!("{file}: the layer {own} is not in the table"));
            continue;
        };
        for line in code(&source) {
            for (at, _) in line.match_indices("crate::") {
                let rest = &line[at + "crate::".len()..];
                // `pub(in crate::…)` and paths of other crates end in the same letters.
                if line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
                    continue;
                }
                let used: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                if used != own && !used.is_empty() && !allowed.contains(&used.as_str()) {
                    wrong.push(format!("{file}: {line}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "imports against the table:\n{}", wrong.join("\n"));
}

#[test]
fn outside_crates_stay_where_they_belong() {
    let mut wrong = Vec::new();
    for (file, source) in sources() {
        if is_test(&file) || file == "main.rs" {
            continue;
        }
        for line in code(&source) {
            for (name, homes) in AT_HOME {
                let named = line.match_indices(name).any(|(at, _)| {
                    let before = line[..at].chars().next_back();
                    let after = line[at + name.len()..].chars().next();
                    !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':' || c == '"')
                        && (after == Some(':') || (after == Some(';') && line.starts_with("use ")))
                });
                if named && !homes.iter().any(|home| file == *home || layer(&file) == *home) {
                    wrong.push(format!("{file}: {line}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "crates away from home:\n{}", wrong.join("\n"));
}

#[test]
fn the_clock_is_read_in_one_place() {
    for (file, source) in sources() {
        let reads =
            code(&source).any(|line| line.contains("SystemTime::now") || line.contains("Instant::now"));
        assert!(!reads || file == "app/context.rs", "{file} reads a clock");
    }
}

#[test]
fn nothing_is_unsafe_unfinished_or_too_long() {
    for (file, source) in sources() {
        let n_lines = source.lines().count();
        assert!(n_lines <= LONGEST_FILE || LONGER.contains(&file.as_str()), "{file} has {n_lines} lines");
        assert!(!file.ends_with("mod.rs"), "{file}: write foo.rs beside foo/");
        for word in ["unsafe {", "unsafe fn", "unsafe impl", "todo!(", "unimplemented!(", "dbg!("] {
            assert!(!code(&source).any(|line| line.contains(word)), "{file} holds {word}");
        }
    }
}
