use super::*;

fn settings(text: &str) -> Settings {
    let (settings, warnings) = parse(text.as_bytes());
    assert_eq!(warnings, [], "{text}");
    settings
}

/// What is warned of, and that everything else keeps its default.
#[track_caller]
fn check_warned(text: &str, expected: &[(usize, &str)]) {
    let (settings, warnings) = parse(text.as_bytes());
    assert_eq!(settings, Settings::default(), "{text}");
    check_lines(&warnings, expected);
}

#[track_caller]
fn check_lines(warnings: &[Warning], expected: &[(usize, &str)]) {
    assert_eq!(warnings.len(), expected.len(), "{warnings:#?}");
    for (warning, (line, words)) in warnings.iter().zip(expected) {
        assert_eq!(warning.line, Some(*line), "{warning}");
        assert!(warning.words.contains(words), "{warning} has no {words}");
    }
}

/// A value for each key that is not its default.
fn another(key: Key) -> Value {
    let seconds = |seconds| Value::Time(Duration::from_secs(seconds));
    match (key, key.value(&Settings::default())) {
        (_, Value::Flag(flag)) => Value::Flag(!flag),
        (_, Value::Command(_)) => Value::Command(vec!["a \"b\" \\".into(), "ü\n\u{202e}".into()]),
        (Key::Pattern, _) => Value::Text("INC-\\d+|\"x\" \\u{202e}".into()),
        (Key::Call, _) => Value::Text("Ana López, +49 30 1234".into()),
        (Key::Theme, _) => Value::Choice("high-contrast"),
        (Key::Sort, _) => Value::Choice("due"),
        (Key::Provider, _) => Value::Choice("tmux"),
        (Key::Clear, _) => Value::Choice("always"),
        (Key::Idle, _) => seconds(7200),
        (Key::ShownFor, _) => seconds(5),
        (Key::ClearAfter, _) => seconds(600),
        (Key::Opens | Key::Restored | Key::Accepted, _) => seconds(86_400),
        (_, value) => panic!("{value:?} of {key:?}"),
    }
}

#[test]
fn the_template_shows_every_default_and_sets_nothing() {
    let template = template();
    assert_eq!(settings(&template), Settings::default());
    for key in Key::ALL {
        let line = format!("\n#{} = {}\n", key.name(), key.value(&Settings::default()).in_file());
        assert_eq!(template.matches(&line).count(), 1, "{line}");
        let on = template.replace(&line, &line.replace("\n#", "\n"));
        assert_eq!(settings(&on), Settings::default(), "{line}");
    }
    assert!(template.lines().all(|line| line.len() <= 79), "{template}");
}

#[test]
fn what_a_file_sets_is_set_and_the_rest_keeps_its_default() {
    assert_eq!(settings(""), Settings::default());
    let file = "theme = 'plain'\n[codes]\nmasked = false\nshown_for = \"2m\"\n[lock]\nidle = \"90s\"\n\
                [clipboard]\nprovider = \"command\"\ncommand = [\"pass-on\", \"--now\"]\n";
    let mut expected = Settings { theme: Theme::Plain, ..Settings::default() };
    expected.codes.masked = false;
    expected.codes.shown_for = Duration::from_secs(120);
    expected.lock.idle = Duration::from_secs(90);
    expected.clipboard.provider = Provider::Command;
    expected.clipboard.command = vec!["pass-on".into(), "--now".into()];
    assert_eq!(settings(file), expected);
    // However TOML lets it be written, and whatever an editor of another system makes of it.
    let other = "\u{feff}theme = \"plain\"\r\nlock.idle = '90s'\r\ncodes = { masked = false, shown_for = '120' }\r\n\
                 clipboard.provider = 'command'\r\nclipboard.command = [ # why\r\n'pass-on', '--now', ]\r\n";
    assert_eq!(settings(other), expected);
}

#[test]
fn a_mistake_costs_one_setting_and_names_its_line() {
    let (settings, warnings) = parse(
        b"thema = 'plain'\nmouse = true\n\n[codes]\nmasked = \"no\"\nsort = \"tag\"\nshown_for = \"1h\"\n[lock]\nidle = 300\n",
    );
    check_lines(
        &warnings,
        &[
            (1, "thema is no setting of this version"),
            (5, "codes.masked takes true or false; it stays true"),
            (7, "codes.shown_for takes a time from \"5s\" to \"10m\"; it stays \"30s\""),
            (9, "lock.idle takes a time from \"30s\" to \"2h\"; it stays \"5m\""),
        ],
    );
    assert_eq!((settings.mouse, settings.codes.sort), (true, Sort::Tag));
    assert_eq!(warnings.first().unwrap().to_string(), "line 1: thema is no setting of this version");
}

#[test]
fn the_ends_of_a_range_are_within_it_and_no_lock_is_turned_off() {
    for (idle, fits) in
        [("30s", true), ("29s", false), ("2h", true), ("7201s", false), ("off", false), ("0", false)]
    {
        let (settings, warnings) = parse(format!("[lock]\nidle = '{idle}'").as_bytes());
        assert_eq!(warnings.is_empty(), fits, "{idle}");
        assert_eq!(settings.lock.idle == Duration::from_secs(300), !fits, "{idle}");
    }
    assert_eq!(Key::Idle.kind().read("off"), None);
}

#[test]
fn a_setting_in_the_wrong_place_is_told_its_right_one() {
    check_warned("masked = false\n", &[(1, "masked is no setting here: it belongs below [codes]")]);
    check_warned(
        "[clipboard]\n\nmouse = true\n",
        &[(3, "clipboard.mouse is no setting here: it belongs above all tables")],
    );
    check_warned("[lock.codes]\nsort = 'tag'\n[mask]\n", &[(1, "lock.codes is"), (3, "mask is")]);
}

#[test]
fn a_table_that_is_none_and_a_command_that_is_none_are_told() {
    check_warned("codes = true\n[[lock]]\nidle = '1m'\n", &[(1, "codes is a table"), (2, "lock is a table")]);
    check_warned("[theme]\n", &[(1, "theme takes \"default\", \"high-contrast\" or \"plain\"")]);
    for command in ["'xclip'", "['xclip', 1]", "['']", "['a\\u0000']", "[['a']]"] {
        let command = command.replace('\'', "\"");
        check_warned(&format!("clipboard.command = {command}\n"), &[(1, "clipboard.command takes a list")]);
    }
    let (settings, warnings) = parse(b"[clipboard]\nclear = 'always'\nprovider = 'command'\n");
    check_lines(&warnings, &[(3, "clipboard.command names no program")]);
    assert_eq!(settings.clipboard.provider, Provider::Command);
}

#[test]
fn what_is_no_toml_leaves_every_default_and_says_where() {
    check_warned("mouse = true\n[codes\nmasked = false\n", &[(2, "not TOML: unclosed table")]);
    check_warned("mouse = true\nmouse = false\n", &[(2, "not TOML: duplicate key")]);
    check_warned("mouse = true\n\n= 1", &[(3, "not TOML")]);
    // The end of the file belongs to its last line.
    check_warned("x = '''\n\n\n", &[(3, "not TOML")]);
    let (settings, warnings) = parse(b"mouse = true\ntheme = '\xff'\n");
    check_lines(&warnings, &[(2, "no text in UTF-8")]);
    assert_eq!(settings, Settings::default());
}

#[test]
fn a_file_that_asks_for_too_much_is_refused_in_time() {
    let (settings, warnings) = parse(&vec![b'\n'; LARGEST + 1]);
    assert_eq!((settings, warnings.len()), (Settings::default(), 1));
    assert_eq!(parse(&vec![b'\n'; LARGEST]).1, []);
    for deep in
        [format!("a = {}", "[".repeat(60_000)), format!("a{} = 1", ".a".repeat(30_000)), "{a=".repeat(20_000)]
    {
        assert_eq!(parse(deep.as_bytes()).1.len(), 1);
    }
    let many: String = (0..3000).map(|idx| format!("k{idx} = 1\n")).collect();
    let warnings = parse(many.as_bytes()).1;
    assert_eq!(warnings.len(), 21);
    assert_eq!(warnings.last().unwrap().to_string(), "2980 more of its lines are not understood");
}

#[test]
fn what_is_repeated_from_the_file_cannot_command_a_terminal() {
    let (_, warnings) = parse("\"a\\u001b[31m\\u202eb\" = 1\n[codes]\n\"\u{200b}\" = 1\n".as_bytes());
    check_lines(&warnings, &[(1, "a<U+001B>[31m<U+202E>b is no"), (3, "codes.<U+200B> is no")]);
}

#[test]
fn each_key_is_set_alone_in_the_template_in_the_place_where_it_stands() {
    for key in Key::ALL {
        let value = another(key);
        let changed = with_value(&template(), key, &value).unwrap();
        let mut expected = Settings::default();
        key.set(&mut expected, &value).unwrap();
        assert_eq!(parse(changed.as_bytes()).0, expected, "{changed}");
        let template = template();
        let lines = template.lines().zip(changed.lines()).filter(|(one, other)| one != other);
        let lines: Vec<_> = lines.collect();
        assert_eq!(lines.len(), 1, "{key:?}: {lines:?}");
        assert_eq!(template.lines().count(), changed.lines().count());
        // Once more, and back.
        assert_eq!(with_value(&changed, key, &value).as_ref(), Ok(&changed));
        let back = with_value(&changed, key, &key.value(&Settings::default())).unwrap();
        assert_eq!(settings(&back), Settings::default());
    }
}

#[test]
fn one_value_changes_and_what_somebody_wrote_stays() {
    let file = "# mine\r\ntheme = 'plain' # no colour\r\nfuture = { a = 1.50, b = [0x1f, 1979-05-27] }\r\n\r\n\
                [codes] # hidden\r\n  masked   =  true# yes\r\n# tail";
    let changed = |key, value| with_value(file, key, &value).unwrap();
    assert_eq!(
        changed(Key::Masked, Value::Flag(false)),
        file.replace("masked   =  true#", "masked   =  false#")
    );
    assert_eq!(changed(Key::Theme, Value::Choice("default")), file.replace("'plain'", "\"default\""));
    assert_eq!(
        changed(Key::Sort, Value::Choice("tag")),
        file.replace("# yes\r\n", "# yes\r\nsort = \"tag\"\r\n")
    );
    assert_eq!(
        changed(Key::Mouse, Value::Flag(true)),
        file.replace("27] }\r\n", "27] }\r\nmouse = true\r\n"),
        "above the tables"
    );
    assert_eq!(
        changed(Key::Idle, Value::Time(Duration::from_secs(60))),
        format!("{file}\r\n\r\n[lock]\r\nidle = \"1m\"\r\n")
    );
}

#[test]
fn a_value_is_put_in_however_its_table_is_written() {
    let sort = Value::Choice("tag");
    for (file, changed) in [
        ("", "[codes]\nsort = \"tag\"\n"),
        ("x = 1", "x = 1\n\n[codes]\nsort = \"tag\"\n"),
        ("codes.masked = true\n[z]\n", "codes.masked = true\ncodes.sort = \"tag\"\n[z]\n"),
        ("codes = {}\n", "codes = { sort = \"tag\" }\n"),
        ("codes = { masked = true }\n", "codes = { sort = \"tag\", masked = true }\n"),
        ("[codes]\n# why\n\n[z]\n", "[codes]\nsort = \"tag\"\n# why\n\n[z]\n"),
        ("[codes.sub]\na = 1\n", "[codes.sub]\na = 1\n\n[codes]\nsort = \"tag\"\n"),
        ("a = '''\n#sort = \"name\"\n'''\n", "a = '''\n#sort = \"name\"\n'''\n\n[codes]\nsort = \"tag\"\n"),
        ("[codes]\nsort = 3 # no\n", "[codes]\nsort = \"tag\" # no\n"),
    ] {
        assert_eq!(with_value(file, Key::Sort, &sort).as_deref(), Ok(changed));
    }
    // To its default, which changes no setting and must not change the text either.
    let in_a_text = "a = '''\n#sort = \"name\"\n'''\n";
    let changed = with_value(in_a_text, Key::Sort, &Value::Choice("name"));
    assert_eq!(changed, Ok(format!("{in_a_text}\n[codes]\nsort = \"name\"\n")));
    let mouse = with_value("\u{feff}[z]\n", Key::Mouse, &Value::Flag(true));
    assert_eq!(mouse.as_deref(), Ok("\u{feff}mouse = true\n[z]\n"));
}

#[test]
fn a_text_is_left_alone_where_something_would_get_lost() {
    let set = |text: &str| with_value(text, Key::Sort, &Value::Choice("tag"));
    for (text, line) in
        [("\ncodes = 3\n", 2), ("[[codes]]\na = 1\n", 1), ("[codes]\n[codes.sort]\na = 1\n", 2)]
    {
        assert_eq!(set(text), Err(NotChanged::InTheWay { line, key: Key::Sort }), "{text}");
    }
    assert!(matches!(set("x = = 1"), Err(NotChanged::NotToml(_))));
    assert_eq!(set(&"#".repeat(LARGEST)), Err(NotChanged::TooLarge));
    let unfit = with_value("", Key::Sort, &Value::Choice("size"));
    assert_eq!(unfit.unwrap_err().to_string(), "codes.sort takes \"name\", \"recent\", \"tag\" or \"due\"");
    let unfit = with_value("", Key::Idle, &Value::Time(Duration::from_millis(60_500)));
    assert!(matches!(unfit, Err(NotChanged::Unfit(_))));
}

#[test]
fn each_key_has_a_path_of_its_own_and_takes_what_it_is_set_to() {
    for key in Key::ALL {
        assert_eq!(Key::parse(key.path()), Some(key));
        assert!(key.table().is_none_or(|table| Key::TABLES.contains(&table)));
        assert!(key.does().ends_with('.'), "{key:?}");
        for value in [key.value(&Settings::default()), another(key)] {
            let mut settings = Settings::default();
            key.set(&mut settings, &value).unwrap();
            assert_eq!(key.value(&settings), value);
            // What it shows can be typed.
            let shown = value.in_file();
            let typed = match &value {
                Value::Command(_) => &shown,
                Value::Text(text) => text,
                Value::Choice(_) | Value::Flag(_) | Value::Time(_) => shown.trim_matches('"'),
            };
            assert_eq!(key.kind().read(typed), Some(value));
        }
        // A line of text may be anything but more than one line.
        let wrong = if matches!(key.kind(), Kind::Text { .. }) { "two\nlines" } else { "[no such thing" };
        assert_eq!(key.kind().read(wrong), None);
    }
}

#[test]
fn a_pattern_that_is_none_is_told_and_any_reason_is_asked_for() {
    for (pattern, why) in [
        ("'INC-[0-9'", " (unclosed character class)"),
        ("'(?:\\w{200}){200}'", " (it needs too much memory)"),
        ("4711", ""),
    ] {
        let (settings, warnings) =
            parse(format!("[reasons]\nprivileged = true\npattern = {pattern}\n").as_bytes());
        let words = format!(
            "reasons.pattern takes a regular expression of at most 500 bytes{why}; any reason that is \
             not blank is taken"
        );
        assert_eq!(warnings, [Warning { line: Some(3), words }]);
        let rule = settings.reasons.rule().unwrap();
        assert_eq!((rule.pattern(), rule.take("x"), rule.take(" ")), (None, Ok("x"), Err(NotTaken::Blank)));
    }
    let read = settings("[reasons]\nprivileged = true\npattern = 'INC-\\d+'\n").reasons;
    assert_eq!(read.rule().unwrap().pattern(), Some("INC-\\d+"));
    assert_eq!(Reasons { privileged: false, ..read }.rule(), None);
}
