//! The cards of a new share set: the ceremony at the terminal, and the folders for a printer.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lifeboat::app::card::OnEachCard;
use lifeboat::app::{Context, Failure, Session, card_folder, key_file, share_set, unlock};
use lifeboat::custody::Share;
use lifeboat::entry::Label;
use lifeboat::envelope::Credentials;
use lifeboat::storage::disk::{Disk as _, RealDisk};
use lifeboat::vault::ShareSet;

use crate::faulty_disk::{Errno, Fault, FaultyDisk, Lack};
use crate::pty::Pseudoterminal;
use crate::support::{CTRL_C, NEW_PAGE, NOW, Sandbox, THE_WORD, Transcript};

const CREATE: &str = "bundle create -o ~/b.lifeboat --label 'Safe 2' --quorum 2-of-3 --custodian Ana \
                      --custodian 'Ben Miller' --custodian Cleo";
/// A place that no memory is, on any Linux machine.
const NO_MEMORY: &str = "/proc/cards";

fn open(sandbox: &Sandbox) -> Session {
    let ctx = sandbox.context();
    let key_file = Some(key_file::read_key_file(&ctx, &sandbox.path("key")).unwrap());
    unlock::unlock(&ctx, unlock::look(&ctx).unwrap(), &Credentials { key_file, ..Credentials::default() })
        .unwrap()
}

fn sets(sandbox: &Sandbox) -> Vec<ShareSet> {
    open(sandbox).vault().share_sets.clone()
}

/// Tests' homes lie in memory where there is such a place, and elsewhere these cards cannot be written.
fn has_memory(sandbox: &Sandbox) -> bool {
    sandbox.home().starts_with("/dev/shm")
}

/// What somebody answers who does all as asked, for this many custodians.
fn diligent(n_custodians: usize) -> Vec<&'static str> {
    let each = ["", "", THE_WORD, THE_WORD, THE_WORD];
    std::iter::once("").chain(each.into_iter().cycle().take(each.len() * n_custodians)).collect()
}

/// The rows of words on a page.
fn rows(page: &str) -> Vec<Vec<&str>> {
    let rows = page.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    rows.filter(|row| row.len() == 10 && row[0].parse::<u8>().is_ok()).collect()
}

fn shares(tty: &str) -> Vec<Share> {
    let pages = tty.split(NEW_PAGE).map(rows).filter(|rows| !rows.is_empty());
    pages.map(|rows| Share::parse(&rows.concat().join(" ")).unwrap()).collect()
}

/// Nothing that was made is left.
#[track_caller]
fn check_nothing_made(sandbox: &Sandbox, before: &[u8]) {
    assert!(!sandbox.has("b.lifeboat") && !sandbox.has("cards"));
    assert!(sandbox.read("vault.lifeboat") == before, "the vault has changed");
}

#[test]
fn each_custodian_sees_a_card_alone_and_types_three_words_of_it_back() {
    let sandbox = Sandbox::with_entry();
    let held = sandbox.command(CREATE).typing(&diligent(3)).run().done();
    let pages: Vec<&str> = held.tty.split(NEW_PAGE).collect();
    for page in &pages {
        assert!(rows(page).len() <= 4, "two cards on one page: {page}");
    }
    let shares = shares(&held.tty);
    assert_eq!(shares.iter().map(Share::number).collect::<Vec<_>>(), [1, 2, 3]);
    let set = &sets(&sandbox)[0];
    assert!(set.shares.iter().all(|share| share.typed_back == Some(NOW)));
    // Words are on pages, which are gone, and nowhere else.
    for share in &shares {
        let words = share.words();
        for word in words.expose().split(' ').skip(2) {
            assert!(!held.out.split_whitespace().chain(held.err.split_whitespace()).any(|said| said == word));
        }
    }
    insta::assert_snapshot!("before_80x24", pages[1]);
    insta::assert_snapshot!("away_80x24", pages[2]);
    insta::assert_snapshot!("card_80x24", pages[3]);
    insta::assert_snapshot!("typed_back_80x24", pages[4]);
    insta::assert_snapshot!("told", sandbox.normal(&format!("{}\n{}", held.err, held.out)));
}

#[test]
fn the_cards_that_were_shown_open_the_bundle() {
    let sandbox = Sandbox::with_entry();
    let held = sandbox.command(CREATE).typing(&diligent(3)).run().done();
    for share in &shares(&held.tty)[1..] {
        sandbox.write(&format!("share-{}", share.number()), share.words().expose());
    }
    let restored = sandbox.run(
        "restore ~/b.lifeboat --share ~/share-2 --share ~/share-3 --vault ~/new --new-key-file ~/nk --yes",
    );
    restored.done().prints("1 entry");
}

#[test]
fn a_wrong_word_shows_the_card_again() {
    let sandbox = Sandbox::with_entry();
    let mut answers = diligent(3);
    // Ana: away, card, a right word, a wrong one, and all of it again from the card on.
    answers.splice(1..6, ["", "", THE_WORD, "wrong", "", "", THE_WORD, THE_WORD, THE_WORD]);
    let held = sandbox.command(CREATE).typing(&answers).run().done();
    assert!(held.tty.contains("That is not word "));
    assert_eq!(shares(&held.tty).iter().map(Share::number).collect::<Vec<_>>(), [1, 1, 2, 3]);
    assert_eq!(sets(&sandbox)[0].shares[0].typed_back, Some(NOW));
}

#[test]
fn three_letters_are_no_word() {
    let sandbox = Sandbox::with_entry();
    let mut answers = diligent(3);
    answers.splice(1..6, ["", "", "aca", "", "", ""]);
    let held = sandbox.command(CREATE).typing(&answers).run().done();
    assert!(held.tty.contains("That is not word "));
}

#[test]
fn an_empty_answer_leaves_typing_back_out_and_that_is_said_and_kept() {
    let sandbox = Sandbox::with_entry();
    let mut answers = diligent(3);
    answers.splice(6..11, ["", "", THE_WORD, ""]);
    let held = sandbox.command(CREATE).typing(&answers).run().done();
    held.says("share 2 of 3: Ben Miller left typing back out").says("share 3 of 3: Cleo has typed 3 words");
    let typed: Vec<_> = sets(&sandbox)[0].shares.iter().map(|share| share.typed_back).collect();
    assert_eq!(typed, [Some(NOW), None, Some(NOW)]);
}

#[test]
fn ctrl_c_at_any_step_leaves_nothing_made_and_says_what_cards_are_worth() {
    let sandbox = Sandbox::with_entry();
    let whole = diligent(3);
    let before = sandbox.read("vault.lifeboat");
    for n_answers in 0..whole.len() {
        let mut answers = whole[..n_answers].to_vec();
        answers.push(CTRL_C);
        let stopped = sandbox.command(CREATE).typing(&answers).run().exits(130);
        check_nothing_made(&sandbox, &before);
        // Before the first card there is none to destroy.
        assert_eq!(stopped.err.contains("open nothing: destroy them"), n_answers >= 2, "{stopped}");
        stopped.says("no share set and no bundle was made");
    }
}

#[test]
fn a_card_is_gone_from_the_screen_when_it_is_left_or_interrupted() {
    let sandbox = Sandbox::with_entry();
    let line = format!(
        "exec {} --sandbox kill --vault vault.lifeboat --key-file key {}",
        env!("CARGO_BIN_EXE_lifeboat"),
        CREATE.replace("~/", "")
    );
    let mut terminal = Pseudoterminal::start_in(&sandbox, &["-c".to_owned(), line], &[]);
    terminal.shows("Press Enter to begin");
    terminal.types("\r").shows("nobody else sees this screen");
    let card = terminal.types("\r").shows("when all is written down");
    assert_eq!(rows(&card).len(), 4, "{card}");
    let code = terminal.types("q\r").shows("No telephone");
    assert!(code.contains('\u{2580}') && code.lines().count() <= 24, "{code}");
    terminal.types("\r").shows("when all is written down");
    let asked = terminal.types("\r").shows("off your card");
    assert!(rows(&asked).is_empty(), "{asked}");
    terminal.types("\x03");
    assert_eq!(terminal.end().code(), Some(130));
    let left = terminal.screen();
    assert!(left.contains("no share set and no bundle was made") && rows(&left).is_empty(), "{left}");
    assert_eq!(terminal.left_behind(), "");
}

#[test]
fn what_cannot_be_made_anyway_is_refused_before_cards_are_written() {
    let sandbox = Sandbox::with_entry();
    let nobody = CREATE.replace("create", "create nobody");
    sandbox.command(&nobody).typing(&[]).run().exits(4);
    sandbox.command(&CREATE.replace("2-of-3", "1-of-3")).typing(&[]).run().exits(8);
    sandbox.command(&CREATE.replace("2-of-3", "2-of-4")).typing(&[]).run().exits(8);
    sandbox.run(&format!("{CREATE} --no-input")).exits(8).says("--shares /dev/shm/cards --plaintext");
    sandbox.run(CREATE).exits(8).says("no terminal to show the cards at");
}

#[test]
fn a_small_terminal_shows_the_card_whole_or_not_at_all() {
    let sandbox = Sandbox::with_entry();
    let at =
        |columns, rows, answers: &[&str]| sandbox.command(CREATE).sized(columns, rows).typing(answers).run();
    let small = at(60, 18, &diligent(3)).done();
    let pages: Vec<&str> = small.tty.split(NEW_PAGE).collect();
    for page in pages.iter().skip(1) {
        // The prompt is the last line, and what is typed stands behind it.
        assert!(page.lines().count() <= 18, "{page}");
        assert!(page.lines().all(|line| unicode_width::UnicodeWidthStr::width(line) <= 60), "{page}");
    }
    insta::assert_snapshot!("card_60x18", pages[3]);
    fs::remove_file(sandbox.path("b.lifeboat")).unwrap();
    let told = at(50, 18, &["", "", "", CTRL_C]).exits(130);
    assert!(told.tty.contains("This window is too small: ") && shares(&told.tty).is_empty(), "{told}");
    let told = at(60, 12, &["", "", "", CTRL_C]).exits(130);
    assert!(shares(&told.tty).is_empty(), "{told}");
}

#[test]
fn q_shows_the_code_where_it_has_room_and_says_so_where_it_has_not() {
    let sandbox = Sandbox::with_entry();
    let at = |columns, rows, more: &str, answers: &[&str]| {
        sandbox.command(&format!("{CREATE} {more}")).sized(columns, rows).typing(answers).run().exits(130)
    };
    let shown = at(80, 24, "", &["", "", "q", "", CTRL_C]);
    let page = shown.tty.split(NEW_PAGE).nth(4).unwrap();
    assert!(page.lines().count() <= 24 && page.contains('▀'), "{page}");
    assert_eq!(shares(&shown.tty).len(), 2, "Enter goes back to the words");
    // What was drawn is the share.
    let picture = picture_of(page);
    let read = lifeboat::interchange::qr_read::texts(&picture).unwrap();
    assert!(Share::parse(read[0].expose()).unwrap().same_as(&shares(&shown.tty)[0]));
    for told in [at(60, 18, "", &["", "", "q", CTRL_C]), at(80, 24, "--ascii", &["", "", "q", CTRL_C])] {
        assert!(told.tty.contains("This window is too small") && !told.tty.contains('▀'), "{told}");
    }
}

/// A code of half blocks as a picture: what is drawn is light.
fn picture_of(page: &str) -> Vec<u8> {
    const SCALE: u32 = 8;
    let lines: Vec<Vec<char>> =
        page.lines().filter(|line| line.contains('█')).map(|line| line.chars().collect()).collect();
    let (columns, rows) = (lines[0].len(), lines.len() * 2);
    let is_light = |x: usize, y: usize| match lines[y / 2].get(x) {
        Some('█') => true,
        Some('▀') => y.is_multiple_of(2),
        Some('▄') => !y.is_multiple_of(2),
        _ => false,
    };
    let side = |n: usize| u32::try_from(n).unwrap() * SCALE;
    let picture = image::GrayImage::from_fn(side(columns), side(rows), |x, y| {
        let [x, y] = [x, y].map(|n| usize::try_from(n / SCALE).unwrap());
        image::Luma([if is_light(x, y) { 255 } else { 0 }])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

fn written(sandbox: &Sandbox, more: &str) -> Transcript {
    sandbox.run(&format!("{CREATE} --shares ~/cards --plaintext --no-input {more}"))
}

fn mode(path: &Path) -> u32 {
    path.symlink_metadata().unwrap().permissions().mode() & 0o7777
}

#[test]
fn each_custodian_gets_a_folder_that_nobody_else_can_read() {
    let sandbox = Sandbox::with_entry();
    if !has_memory(&sandbox) {
        return;
    }
    let told = written(&sandbox, "").done();
    for (folder, number) in [("01-Ana", 1), ("02-Ben-Miller", 2), ("03-Cleo", 3)] {
        let folder = PathBuf::from("cards").join(folder);
        assert_eq!(mode(&sandbox.path(folder.to_str().unwrap())), 0o700);
        for name in ["card.html", "card.txt", "share.txt"] {
            assert_eq!(mode(&sandbox.path(folder.join(name).to_str().unwrap())), 0o600, "{name}");
        }
        let line = String::from_utf8(sandbox.read(folder.join("share.txt").to_str().unwrap())).unwrap();
        assert_eq!(line.lines().count(), 1);
        assert_eq!(Share::parse(&line).unwrap().number(), number);
        let text = String::from_utf8(sandbox.read(folder.join("card.txt").to_str().unwrap())).unwrap();
        assert!(text.contains("With bundle  Safe 2"));
    }
    assert_eq!(mode(&sandbox.path("cards")), 0o700);
    assert!(sets(&sandbox)[0].shares.iter().all(|share| share.typed_back.is_none()));
    insta::assert_snapshot!("folders", sandbox.normal(&told.err));
}

#[test]
fn json_names_the_folders_and_no_word() {
    let sandbox = Sandbox::with_entry();
    if !has_memory(&sandbox) {
        return;
    }
    let made = written(&sandbox, "--json").done();
    let json = made.json("lifeboat.bundle/1");
    assert_eq!(json["cards"].as_array().unwrap().len(), 3);
    assert_eq!(json["cards"][1]["custodian"], "Ben Miller");
    let folder = PathBuf::from(json["cards"][1]["folder"].as_str().unwrap());
    let words = fs::read_to_string(folder.join("share.txt")).unwrap();
    for word in words.split_whitespace().skip(2) {
        assert!(!made.out.contains(word) && !made.err.split_whitespace().any(|said| said == word), "{word}");
    }
    let log = String::from_utf8(sandbox.read("vault.lifeboat.log")).unwrap();
    assert!(!words.split_whitespace().skip(2).any(|word| log.contains(word)));
}

#[test]
fn the_files_open_the_bundle_and_are_checked_by_their_codes() {
    let sandbox = Sandbox::with_entry();
    if !has_memory(&sandbox) {
        return;
    }
    written(&sandbox, "").done();
    let restore = "restore ~/b.lifeboat --vault ~/new --new-key-file ~/nk --yes --no-input";
    sandbox.run(&format!("{restore} --share ~/cards/01-Ana/share.txt")).exits(3).says("1 more is needed");
    let opened =
        sandbox.run(&format!("{restore} --share ~/cards/03-Cleo/share.txt --share ~/cards/01-Ana/share.txt"));
    opened.done().prints("1 entry");
}

#[test]
fn shares_in_clear_are_asked_for_by_that_name_and_for_a_new_set() {
    let sandbox = Sandbox::with_entry();
    let before = sandbox.read("vault.lifeboat");
    sandbox.run(&format!("{CREATE} --shares ~/cards")).exits(8).says("--plaintext");
    sandbox.run(&format!("{CREATE} --plaintext")).exits(2);
    sandbox
        .run("bundle create -o ~/b.lifeboat --bundle-key-file ~/bk --shares ~/cards --plaintext")
        .exits(2)
        .says("none is made");
    check_nothing_made(&sandbox, &before);
}

#[test]
fn no_lasting_disk_gets_cards() {
    let sandbox = Sandbox::with_entry();
    let before = sandbox.read("vault.lifeboat");
    let refused = sandbox.run(&format!("{CREATE} --shares {NO_MEMORY} --plaintext")).exits(8);
    refused.says("it lies on a disk").says("--shares /dev/shm/cards");
    check_nothing_made(&sandbox, &before);
}

#[test]
fn only_a_new_or_an_empty_folder_gets_cards() {
    let sandbox = Sandbox::with_entry();
    if !has_memory(&sandbox) {
        return;
    }
    let before = sandbox.read("vault.lifeboat");
    let at = |place: &str| sandbox.run(&format!("{CREATE} --shares {place} --plaintext"));
    sandbox.write("cards", "a file");
    at("~/cards").exits(8).says("is no folder");
    assert_eq!(sandbox.read("cards"), b"a file");
    fs::remove_file(sandbox.path("cards")).unwrap();
    at("~/no/such/folder").exits(8);
    fs::create_dir(sandbox.path("cards")).unwrap();
    fs::set_permissions(sandbox.path("cards"), fs::Permissions::from_mode(0o777)).unwrap();
    at("~/cards").exits(8).says("others may write there");
    fs::set_permissions(sandbox.path("cards"), fs::Permissions::from_mode(0o700)).unwrap();
    sandbox.write("cards/precious", "x");
    at("~/cards").exits(8).says("not empty");
    assert!(sandbox.has("cards/precious") && sandbox.read("vault.lifeboat") == before);
    fs::remove_file(sandbox.path("cards/precious")).unwrap();
    std::os::unix::fs::symlink("cards", sandbox.path("link")).unwrap();
    at("~/link").exits(8).says("is no folder");
    let among = CREATE.replace("~/b.lifeboat", "~/cards/b.lifeboat");
    sandbox.run(&format!("{among} --shares ~/cards --plaintext")).exits(8).says("among its own cards");
    at("~/cards").done();
}

#[test]
fn cards_of_a_bundle_that_was_not_made_are_removed_again() {
    let sandbox = Sandbox::with_entry();
    if !has_memory(&sandbox) {
        return;
    }
    let before = sandbox.read("vault.lifeboat");
    let nowhere = CREATE.replace("~/b.lifeboat", "~/nowhere/b.lifeboat");
    let failed = sandbox.run(&format!("{nowhere} --shares ~/cards --plaintext"));
    assert_ne!(failed.status, 0);
    failed.says("removed again");
    check_nothing_made(&sandbox, &before);
}

#[test]
fn cards_of_a_bundle_that_only_the_vault_does_not_know_of_are_kept_with_it() {
    let sandbox = Sandbox::with_entry();
    if !has_memory(&sandbox) {
        return;
    }
    let before = sandbox.read("vault.lifeboat");
    let elsewhere = RealDisk.try_lock(&sandbox.path("vault.lifeboat.lock")).unwrap();
    let told = written(&sandbox, "").exits(6);
    told.says("b.lifeboat is whole and opens").says("keep the cards of ");
    drop(elsewhere);
    assert!(sandbox.read("vault.lifeboat") == before && sandbox.has("cards/01-Ana/share.txt"));
    sandbox
        .run(
            "restore ~/b.lifeboat --share ~/cards/02-Ben-Miller/share.txt --share ~/cards/01-Ana/share.txt \
             --vault ~/new --new-key-file ~/nk --yes",
        )
        .done();
}

#[test]
fn the_sandbox_lets_cards_be_written_where_they_were_asked_for() {
    let sandbox = Sandbox::with_entry();
    let Ok(memory) = tempfile::Builder::new().prefix("lifeboat-test-").tempdir_in("/dev/shm") else { return };
    let place = |name: &str| memory.path().join(name);
    fs::create_dir(place("there")).unwrap();
    fs::set_permissions(place("there"), fs::Permissions::from_mode(0o700)).unwrap();
    for (idx, folder) in ["there", "new"].into_iter().enumerate() {
        let words = sandbox.expanded(&CREATE.replace("~/b", &format!("~/b{idx}")));
        let mut program = sandbox.program();
        program.args(words).arg("--plaintext").arg("--shares").arg(place(folder));
        program.assert().success();
        assert!(place(folder).join("01-Ana/share.txt").symlink_metadata().is_ok());
    }
}

#[test]
fn a_hostile_name_stays_in_its_line_on_every_page() {
    let sandbox = Sandbox::with_entry();
    let mut command = sandbox.command("bundle create -o ~/b.lifeboat --quorum 2-of-3");
    for name in ["\u{1b}[31m\u{202e}x\nFORGED", "\u{202e}".repeat(90).as_str(), "W".repeat(100).as_str()] {
        command = command.arg(format!("--custodian={name}"));
    }
    let held = command.typing(&diligent(3)).run().done();
    assert_eq!(crate::hostile_text::danger(&held.tty), None);
    assert!(!held.tty.lines().any(|line| line.starts_with("FORGED")));
    for page in held.tty.split(NEW_PAGE).skip(1) {
        assert!(page.lines().count() <= 24, "{page}");
        assert!(page.lines().all(|line| unicode_width::UnicodeWidthStr::width(line) < 80), "{page}");
    }
}

#[test]
fn hostile_names_of_custodians_lead_to_no_other_folder() {
    let sandbox = Sandbox::with_entry();
    if !has_memory(&sandbox) {
        return;
    }
    let names = ["../../x", "/etc/passwd", "..", "\u{202e}\u{1b}[31m", "con\u{0b}", "a/b"];
    let mut command =
        sandbox.command("bundle create -o ~/b.lifeboat --quorum 2-of-6 --shares ~/cards --plaintext");
    for name in names {
        command = command.arg(format!("--custodian={name}"));
    }
    let told = command.run().done();
    assert_eq!(crate::hostile_text::danger(&told.err), None);
    let mut folders: Vec<String> = fs::read_dir(sandbox.path("cards"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    folders.sort();
    assert_eq!(folders, ["01-x", "02-etc-passwd", "03", "04-U-202E-U-001B-31m", "05-con", "06-a-b"]);
}

/// Writes cards to a disk in memory.
fn write_to(ctx: &Context, session: &Session) -> Result<usize, Failure> {
    let place = card_folder::place(ctx, Path::new("/home/cards"), true, Some(Path::new("/home/b")))?;
    let names = ["Ana".to_owned(), "Ben".to_owned()];
    let mut new = share_set::draw(ctx, session, share_set::quorum(2, 2)?, &names)?;
    let each =
        OnEachCard { maker: "SHA256:x".to_owned(), bundle: Some(Label::new("x")), call: Label::default() };
    card_folder::write(ctx, &place, &mut new, &each).map(|written| written.folders.len())
}

#[test]
fn a_disk_that_fails_at_any_step_keeps_no_card_that_it_lets_go_and_says_what_it_keeps() {
    let sandbox = Sandbox::with_vault();
    let session = open(&sandbox);
    let with = |disk: &FaultyDisk| Context { disk: Arc::new(disk.clone()), ..sandbox.context() };
    let whole = FaultyDisk::new();
    whole.arm(Fault::Stop(usize::MAX));
    assert_eq!(write_to(&with(&whole), &session).unwrap(), 2);
    let n_steps = whole.calls().len();
    assert_eq!(whole.files().len(), 6);
    for step in 0..n_steps {
        for fault in [
            Fault::Error(step, Errno::IO),
            Fault::ErrorAfter(step, Errno::IO),
            Fault::ShortWrite(step),
            Fault::Unwritable(step, Errno::NOSPC),
            Fault::Unwritable(step, Errno::ROFS),
        ] {
            let disk = FaultyDisk::new();
            disk.arm(fault);
            match write_to(&with(&disk), &session) {
                Ok(n_folders) => assert_eq!((n_folders, disk.files().len()), (2, 6), "{fault:?}"),
                Err(failure) => {
                    let said = failure.details.concat() + &failure.next.concat();
                    let all_gone = disk.files().is_empty();
                    assert!(all_gone || said.contains("could not all be removed"), "{fault:?}: {failure:?}");
                    assert!(!failure.next.is_empty() || all_gone, "{fault:?}: {failure:?}");
                }
            }
        }
    }
    let lasting = FaultyDisk::new().without(Lack::Memory);
    lasting.arm(Fault::Stop(usize::MAX));
    assert_eq!(write_to(&with(&lasting), &session).unwrap_err().exit().status(), 8);
    assert!(lasting.files().is_empty());
    let reads = ["facts", "is_in_memory", "list", "resolve"];
    assert!(lasting.calls().iter().all(|call| reads.contains(&call.step)), "{:?}", lasting.calls());
}
