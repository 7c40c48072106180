use std::ffi::OsString;
use std::path::PathBuf;

use super::{Chosen, choose, places};

fn find(name: &str) -> Option<PathBuf> {
    let known = ["vi", "nano", "code", "/opt/my editor/run"];
    known.iter().find(|known| name == **known).map(|known| PathBuf::from("/usr/bin").join(known))
}

fn chosen(visual: Option<&str>, editor: Option<&str>) -> Result<Chosen, String> {
    let variable = |name: &str| {
        let value = if name == "VISUAL" { visual } else { editor };
        value.map(OsString::from)
    };
    choose(variable, find)
}

#[test]
fn the_editor_is_visual_or_editor_or_vi() {
    assert_eq!(chosen(None, None).unwrap().program, PathBuf::from("/usr/bin/vi"));
    assert_eq!(chosen(None, Some("nano")).unwrap().program, PathBuf::from("/usr/bin/nano"));
    assert_eq!(chosen(Some("code --wait"), Some("nano")).unwrap().arguments, ["--wait"]);
    assert_eq!(chosen(Some("  "), Some("")).unwrap().program, PathBuf::from("/usr/bin/vi"));
}

#[test]
fn a_file_lies_in_the_folder_of_a_sitting_or_in_shared_memory() {
    let of = |value: &'static str| places(|_| Some(value.into()));
    assert_eq!(of("/run/user/1000"), [PathBuf::from("/run/user/1000"), PathBuf::from("/dev/shm")]);
    assert_eq!(of("run"), [PathBuf::from("/dev/shm")], "a name that depends on where one stands is none");
}

#[test]
fn a_path_with_blanks_is_taken_whole_and_a_name_that_is_not_there_is_named() {
    let whole = chosen(None, Some("/opt/my editor/run")).unwrap();
    assert_eq!((whole.program, whole.arguments), (PathBuf::from("/opt/my editor/run"), Vec::new()));
    assert_eq!(chosen(None, Some("emacs -nw")), Err("emacs".to_owned()));
}
