use super::*;
use crate::audit::chain::{SealedLine, advance};
use crate::audit::trail;

const START: [u8; 32] = [9; 32];

/// A log of one vault.
struct Log {
    lines: Vec<String>,
    head: [u8; 32],
    records: Vec<Record>,
}

fn record(at: u64, event: Event) -> Record {
    Record {
        at,
        event,
        entry: None,
        user: "ana".into(),
        host: "h".into(),
        way: None,
        reason: None,
        generation: None,
        facts: Vec::new(),
    }
}

fn fact(name: &str, value: &str) -> Vec<(String, String)> {
    vec![(name.to_owned(), value.to_owned())]
}

impl Log {
    fn new() -> Self {
        Self { lines: Vec::new(), head: START, records: Vec::new() }
    }

    /// As many uneventful records.
    fn of(n: u64) -> Self {
        let mut log = Self::new();
        (1..=n).for_each(|number| log.add(record(number, Event::CodeShown)));
        log
    }

    /// The place of a record in `records` is what its line says.
    fn add(&mut self, record: Record) {
        let number = u64::try_from(self.records.len()).unwrap();
        let sealed =
            SealedLine { number: number + 1, previous: self.head, sealed: number.to_be_bytes().to_vec() };
        self.head = advance(&self.head, &sealed.encode());
        self.lines.push(sealed.encode());
        self.records.push(record);
    }

    fn clear(&mut self, at: u64) {
        self.lines.push(crate::audit::Line::open(at, "failed-unlock"));
    }

    fn anchored(&self) -> Known {
        Known {
            start: START,
            anchor: (u64::try_from(self.records.len()).unwrap(), self.head),
            generation: 99,
        }
    }

    fn file(&self, lines: &[String], is_current: bool) -> File {
        let open = |line: &SealedLine| {
            let place = usize::from_be_bytes(line.sealed.as_slice().try_into().ok()?);
            let record = self.records.get(place)?;
            let is_own = self.lines.contains(&line.encode());
            is_own.then(|| trail::Content::Record(record.clone()))
        };
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        File { reads: trail::read(text.as_bytes(), &open), is_current }
    }

    /// What is found in these lines, as the sort and the records.
    fn found(&self, lines: &[String]) -> Vec<(Kind, Option<(u64, u64)>)> {
        Self::found_in(&[self.file(lines, true)], &self.anchored())
    }

    fn found_in(files: &[File], known: &Known) -> Vec<(Kind, Option<(u64, u64)>)> {
        let checked = check(files, known);
        checked.findings.iter().map(|finding| (finding.kind, finding.records)).collect()
    }

    fn said(&self) -> Vec<(Kind, Option<(u64, u64)>)> {
        self.found(&self.lines)
    }
}

#[test]
fn a_whole_log_has_nothing_to_be_found_and_knows_all_its_heads() {
    let log = Log::of(5);
    let checked = check(&[log.file(&log.lines, true)], &log.anchored());
    assert_eq!(checked.findings, []);
    assert_eq!((checked.n_records, checked.count, checked.head), (5, 5, log.head));
    assert_eq!(checked.stands_at(&log.head), Some(5));
    assert_eq!(checked.stands_at(&START), Some(0));
    assert_eq!(checked.stands_at(&[1; 32]), None);
    assert!(!checked.is_wrong());
}

#[test]
fn records_that_are_gone_are_named() {
    let log = Log::of(9);
    let without = |gone: &[usize]| {
        let kept = log.lines.iter().enumerate().filter(|(idx, _)| !gone.contains(&(idx + 1)));
        log.found(&kept.map(|(_, line)| line.clone()).collect::<Vec<_>>())
    };
    assert_eq!(without(&[4]), [(Kind::Missing, Some((4, 4)))]);
    assert_eq!(without(&[1, 2]), [(Kind::Missing, Some((1, 2)))]);
    assert_eq!(without(&[3, 4, 7]), [(Kind::Missing, Some((3, 4))), (Kind::Missing, Some((7, 7)))]);
    assert_eq!(without(&[8, 9]), [(Kind::Cut, Some((8, 9)))]);
    assert_eq!(log.found(&[]), [(Kind::Cut, Some((1, 9)))]);
}

#[test]
fn what_is_behind_the_last_anchor_can_be_cut_unseen() {
    let log = Log::of(9);
    let known = Known { anchor: (7, log_head(&log, 7)), ..log.anchored() };
    assert_eq!(Log::found_in(&[log.file(&log.lines[..7], true)], &known), []);
    assert_eq!(Log::found_in(&[log.file(&log.lines[..6], true)], &known), [(Kind::Cut, Some((7, 7)))]);
}

fn log_head(log: &Log, n: usize) -> [u8; 32] {
    log.lines[..n].iter().fold(START, |head, line| advance(&head, line))
}

#[test]
fn records_in_another_order_are_named() {
    let log = Log::of(6);
    let mut lines = log.lines.clone();
    lines.swap(2, 3);
    assert_eq!(log.found(&lines), [(Kind::OutOfOrder, Some((3, 3)))]);
    // A file that was renamed takes all of its records along.
    let files = [log.file(&log.lines[3..], false), log.file(&log.lines[..3], true)];
    assert_eq!(Log::found_in(&files, &log.anchored()), [(Kind::OutOfOrder, Some((1, 3)))]);
}

#[test]
fn records_that_stand_twice_are_named() {
    let log = Log::of(6);
    let files = [log.file(&log.lines[..4], false), log.file(&log.lines, true)];
    assert_eq!(Log::found_in(&files, &log.anchored()), [(Kind::Twice, Some((1, 4)))]);
}

#[test]
fn a_log_that_was_set_back_and_went_on_is_found_by_what_is_left_of_the_other() {
    let mut one = Log::of(5);
    // Another record with the number of one that is there, sealed with the same key.
    let twin = SealedLine { number: 5, previous: [7; 32], sealed: 4_usize.to_be_bytes().to_vec() }.encode();
    one.lines.push(twin);
    let found = one.found(&one.lines);
    assert_eq!(found, [(Kind::Twice, Some((5, 5)))]);
}

#[test]
fn a_changed_line_is_named_by_the_record_that_stood_there() {
    let log = Log::of(5);
    for at in 0..5 {
        let mut lines = log.lines.clone();
        lines[at] = lines[at].replacen("L1", "L2", 1);
        let number = u64::try_from(at).unwrap() + 1;
        assert_eq!(log.found(&lines), [(Kind::Changed, Some((number, number)))]);
    }
    let mut lines = log.lines.clone();
    lines.insert(2, "rubbish".into());
    assert!(matches!(log.found(&lines)[..], [(Kind::Changed, None)]), "{:?}", log.found(&lines));
    // Two lines in the place of one, and one in the place of two.
    lines[3] = "more".into();
    assert_eq!(log.found(&lines), [(Kind::Changed, Some((3, 3))), (Kind::Changed, None)]);
    lines.remove(3);
    lines.remove(3);
    assert_eq!(log.found(&lines), [(Kind::Changed, Some((3, 3))), (Kind::Missing, Some((4, 4)))]);
}

#[test]
fn another_vault_s_records_are_told_apart_from_what_was_changed() {
    let (log, foreign) =
        (Log::of(3), SealedLine { number: 1, previous: [1; 32], sealed: vec![1; 60] }.encode());
    let mut lines = vec![foreign.clone(), foreign.clone()];
    lines.extend(log.lines.clone());
    assert_eq!(log.found(&lines), [(Kind::ForeignBefore, None)], "once, for both");
    let mut lines = log.lines.clone();
    lines.insert(2, foreign.clone());
    assert_eq!(log.found(&lines), [(Kind::Foreign, Some((2, 2)))]);
    let files = [log.file(&[foreign], false), log.file(&log.lines, true)];
    assert_eq!(
        Log::found_in(&files, &log.anchored()),
        [(Kind::ForeignBefore, None)],
        "a file of a vault that is gone"
    );
}

#[test]
fn a_line_that_a_crash_cut_short_is_told_and_no_fault_where_the_next_record_says_so() {
    let mut log = Log::of(2);
    log.lines.push("L1 3 abc".into());
    log.add(record(3, Event::Repaired));
    assert_eq!(log.said(), [(Kind::Repaired, Some((2, 3)))]);

    let mut torn = Log::of(2);
    torn.lines.push("L1 3 abc".into());
    torn.add(record(3, Event::CodeShown));
    assert_eq!(torn.said(), [(Kind::Changed, None)], "no record says so");

    let cut = Log::of(2);
    let open = |line: &SealedLine| cut.lines.contains(&line.encode()).then_some(trail::Content::Newer);
    let text = format!("{}\n{}", cut.lines[0], cut.lines[1]);
    let known = Known { anchor: (1, log_head(&cut, 1)), ..cut.anchored() };
    let found = |text: &str| {
        let file = File { reads: trail::read(text.as_bytes(), &open), is_current: true };
        check(&[file], &known).findings.iter().map(|finding| finding.kind).collect::<Vec<_>>()
    };
    assert_eq!(found(&text), [Kind::Newer, Kind::Torn]);
    assert_eq!(found(&format!("{text}x")), [Kind::Newer, Kind::Changed], "no crash adds a byte");
}

#[test]
fn lines_in_clear_are_compared_with_the_record_that_took_them_in() {
    let mut log = Log::of(1);
    let mut in_clear = trail::InClear::default();
    for at in [5, 6] {
        log.clear(at);
        in_clear.push(at, "failed-unlock");
    }
    log.add(Record { facts: in_clear.facts().unwrap(), ..record(7, Event::Absorbed) });
    log.add(record(8, Event::Unlocked));
    assert_eq!(log.said(), []);

    let mut lines = log.lines.clone();
    lines.remove(1);
    assert_eq!(log.found(&lines), [(Kind::ClearLinesDiffer, Some((2, 2)))]);
    let mut lines = log.lines.clone();
    lines[2] = crate::audit::Line::open(9, "failed-unlock");
    assert_eq!(log.found(&lines), [(Kind::ClearLinesDiffer, Some((2, 2)))]);
    let mut lines = log.lines.clone();
    lines.insert(4, crate::audit::Line::open(7, "failed-unlock"));
    assert_eq!(log.found(&lines), [(Kind::ClearLinesDiffer, Some((3, 3)))], "added afterwards");
    let mut lines = log.lines.clone();
    lines.push(crate::audit::Line::open(9, "failed-unlock"));
    assert_eq!(log.found(&lines), [(Kind::NotSealed, None)]);
}

#[test]
fn lines_in_clear_go_with_the_file_that_was_put_aside() {
    let mut log = Log::of(2);
    let mut in_clear = trail::InClear::default();
    log.clear(5);
    log.clear(6);
    for at in [5, 6] {
        in_clear.push(at, "failed-unlock");
    }
    log.add(record(7, Event::LogRotated));
    log.add(Record { facts: in_clear.facts().unwrap(), ..record(7, Event::Absorbed) });
    for cut in [3, 4] {
        let files = [log.file(&log.lines[..cut], false), log.file(&log.lines[cut..], true)];
        assert_eq!(Log::found_in(&files, &log.anchored()), []);
    }
}

#[test]
fn a_clock_that_went_back_is_told_unless_a_step_explains_it() {
    let times = |times: &[u64]| {
        let mut log = Log::new();
        for at in times {
            log.add(record(*at, Event::CodeShown));
        }
        log
    };
    assert_eq!(times(&[100, 40, 90]).said(), []);
    assert_eq!(times(&[100, 39, 90]).said(), [(Kind::ClockWentBack, Some((2, 2)))]);

    let mut stepped = times(&[10_000, 6_000]);
    stepped.add(Record { facts: fact("seconds", "-3990"), ..record(6_001, Event::ClockStepped) });
    assert_eq!(stepped.said(), []);
    for (event, seconds) in
        [(Event::ClockStepped, "-900"), (Event::ClockStepped, "4000"), (Event::ClockCorrected, "-4000")]
    {
        let mut other = times(&[10_000, 6_000]);
        other.add(Record { facts: fact("seconds", seconds), ..record(6_001, event) });
        assert_eq!(other.said(), [(Kind::ClockWentBack, Some((2, 2)))], "{event:?} {seconds}");
    }

    let mut elsewhere = times(&[10_000]);
    elsewhere.add(Record { host: "other".into(), ..record(6_000, Event::CodeShown) });
    assert_eq!(elsewhere.said(), [(Kind::ClocksApart, Some((2, 2)))], "two machines have two clocks");
}

#[test]
fn generations_go_forward() {
    use Event::{Added, NotDone, Saved};
    let with = |events: &[(Event, u64)]| {
        let mut log = Log::new();
        for (event, generation) in events {
            log.add(Record { generation: Some(*generation), ..record(1, *event) });
        }
        log
    };
    assert_eq!(
        with(&[(Added, 1), (Added, 1), (Saved, 1), (Added, 2), (NotDone, 2), (Added, 2), (Saved, 2)]).said(),
        []
    );
    assert_eq!(
        with(&[(Added, 5), (Saved, 5), (Added, 3), (Saved, 3), (Added, 4), (Saved, 4)]).said(),
        [(Kind::GenerationWentBack, Some((3, 3)))]
    );
    assert_eq!(with(&[(Added, 1), (Added, 2), (Saved, 2)]).said(), [(Kind::Unsettled, Some((1, 1)))]);
    assert_eq!(with(&[(Added, 1)]).said(), [(Kind::Unsettled, Some((1, 1)))]);
    let log = with(&[(Added, 7), (Saved, 7)]);
    let older = Known { generation: 6, ..log.anchored() };
    assert_eq!(Log::found_in(&[log.file(&log.lines, true)], &older), [(Kind::VaultOlder, Some((2, 2)))]);
}

#[test]
fn another_head_than_the_vault_s_is_found() {
    let log = Log::of(4);
    let known = Known { anchor: (3, [5; 32]), ..log.anchored() };
    assert_eq!(Log::found_in(&[log.file(&log.lines, true)], &known), [(Kind::AnchorDiffers, Some((3, 3)))]);
}
