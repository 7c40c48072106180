use super::*;

fn report() -> Report {
    Report {
        schema: SCHEMA.into(),
        tool: Tool { name: "lifeboat".into(), version: "1".into() },
        period: Period { from: "a".into(), to: "b".into(), seconds: 1 },
        redacted: false,
        vault: VaultFacts {
            id: "00".into(),
            created: "c".into(),
            generation: u64::MAX,
            key: "SHA256:x".into(),
            entries: 0,
            in_trash: 0,
            unreadable: 0,
            items_unread: Some(0),
        },
        log: LogFacts {
            count: 1,
            head: "ff".into(),
            anchored: 1,
            in_period: 1,
            failed_unlocks: 0,
            gaps: 0,
            whole: true,
            findings: Vec::new(),
            unread: Vec::new(),
        },
        summary: Summary::default(),
        drills: Vec::new(),
        bundles: Vec::new(),
        share_sets: Vec::new(),
        acknowledgements: Vec::new(),
        privileged: Vec::new(),
        never_proven: vec![Unproven {
            entry: Named { id: "1".into(), name: Some("a\u{202e}b\u{1b}\n\u{7f}\u{e0041}é".into()) },
            privileged: true,
            created: "c".into(),
            proven: None,
        }],
        proven_long_ago: Vec::new(),
        rehearsals: Vec::new(),
        changes: Vec::new(),
        exceptions: Vec::new(),
        exceptions_with_end: Some(Vec::new()),
        incidents: Some(Vec::new()),
        passes: Some(Vec::new()),
        plan: Some(Plan { state: "none".into(), last_changed: None, things: 0, check: None }),
        policy: None,
    }
}

#[test]
fn a_report_is_read_as_it_was_written() {
    assert_eq!(parse(&encode(&report())), Some(report()));
}

#[test]
fn its_keys_are_sorted_and_nothing_in_it_commands_a_terminal() {
    let text = String::from_utf8(encode(&report())).unwrap();
    assert!(text.starts_with("{\n  \"acknowledgements\": [],\n  \"bundles\": [],\n"), "{text}");
    assert!(text.ends_with("\n}\n"));
    assert!(text.contains(r#""name": "a\u202eb\u001b\n\u007f\udb40\udc41é""#), "{text}");
    let keys: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("  \"")?.split_once('"').map(|(key, _)| key))
        .collect();
    let mut sorted = keys.clone();
    sorted.sort_unstable();
    assert_eq!(keys, sorted);
    assert_eq!(keys.len(), 22);
}

#[test]
fn what_is_no_report_and_what_a_later_version_writes_are_told_apart() {
    let text = String::from_utf8(encode(&report())).unwrap();
    assert_eq!(parse(text.replace("evidence/1", "evidence/2").as_bytes()), None);
    assert_eq!(parse(text.replacen('{', "{\n  \"aa\": 1,", 1).as_bytes()), Some(report()));
    for wrong in ["", "{}", "[]", "null", text.split_at(text.len() / 2).0, &text.replace("true", "1")] {
        assert_eq!(parse(wrong.as_bytes()), None, "{wrong}");
    }
}

#[test]
fn a_report_without_the_parts_that_joined_later_stays_without_them() {
    let before = Report {
        exceptions_with_end: None,
        incidents: None,
        passes: None,
        plan: None,
        vault: VaultFacts { items_unread: None, ..report().vault },
        ..report()
    };
    let text = encode(&before);
    for part in ["exceptions_with_end", "incidents", "passes", "plan", "items_unread"] {
        assert!(!String::from_utf8_lossy(&text).contains(part), "{part}");
    }
    assert_eq!(parse(&text), Some(before));
}
