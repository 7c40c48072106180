//! Every machine, tried on this one.

use super::*;

/// A terminal that takes OSC 52, on Linux, without a desktop.
fn plain() -> Surroundings {
    Surroundings {
        system: "linux",
        wsl: false,
        wayland: false,
        x11: false,
        ssh: false,
        multiplexer: Multiplexer::None,
        terminal: Terminal::Takes,
    }
}

fn console() -> Surroundings {
    Surroundings { terminal: Terminal::of("linux", "", false), ..plain() }
}

fn gnome() -> Surroundings {
    Surroundings { terminal: Terminal::of("xterm-256color", "", true), wayland: true, x11: true, ..plain() }
}

fn settings(provider: Provider) -> settings::Clipboard {
    settings::Clipboard { provider, ..settings::Clipboard::default() }
}

/// What comes of it, in a word or two.
fn way(settings: &settings::Clipboard, around: &Surroundings, programs: &str) -> String {
    let find = |name: &str| {
        programs.split(' ').find(|one| *one == name).map(|name| PathBuf::from(format!("/bin/{name}")))
    };
    match choose(settings, around, &find).way {
        Way::Terminal(multiplexer) => format!("osc52 {multiplexer:?}"),
        Way::Program(program) => {
            assert!(program.copies.is_absolute());
            let reads = if program.can_be_read() { "" } else { ", not read" };
            format!("{}{reads}", program.name())
        }
        Way::Nothing(why) => format!("{why:?}"),
    }
}

const ALL: &str = "wl-copy wl-paste xclip xsel pbcopy pbpaste clip.exe powershell.exe tmux";

#[test]
fn by_itself_it_takes_the_terminal_and_a_program_only_where_the_terminal_is_known_to_be_of_no_use() {
    let auto = settings(Provider::Auto);
    let inside = |multiplexer| Surroundings { multiplexer, ..gnome() };
    for (around, programs, expected) in [
        (plain(), "", "osc52 None"),
        (plain(), ALL, "osc52 None"),
        (Surroundings { ssh: true, ..plain() }, ALL, "osc52 None"),
        (Surroundings { multiplexer: Multiplexer::Tmux, ..plain() }, ALL, "osc52 Tmux"),
        (Surroundings { multiplexer: Multiplexer::Screen, ..plain() }, ALL, "osc52 Screen"),
        // The console has no desktop, whatever is installed; one may be reached from it.
        (console(), "", "Shown(\"linux\")"),
        (console(), ALL, "Shown(\"linux\")"),
        (Surroundings { wayland: true, ..console() }, ALL, "wl-copy"),
        (Surroundings { wayland: true, x11: true, ..console() }, "xclip", "xclip"),
        (Surroundings { x11: true, ..console() }, ALL, "xclip"),
        (Surroundings { x11: true, ..console() }, "wl-copy xsel", "xsel"),
        (Surroundings { x11: true, ..console() }, "wl-copy", "Shown(\"linux\")"),
        (Surroundings { system: "macos", ..console() }, ALL, "pbcopy"),
        (Surroundings { wsl: true, ..console() }, ALL, "clip.exe"),
        // The desktop of a machine that is reached over SSH is not the one that the person sits at.
        (Surroundings { ssh: true, wayland: true, ..console() }, ALL, "Shown(\"linux\")"),
        (gnome(), ALL, "wl-copy"),
        (gnome(), "xclip", "xclip"),
        (gnome(), "", "osc52 None"),
        (Surroundings { ssh: true, ..gnome() }, ALL, "osc52 None"),
        (inside(Multiplexer::Tmux), ALL, "osc52 Tmux"),
    ] {
        assert_eq!(way(&auto, &around, programs), expected, "{around:?} with {programs:?}");
    }
}

#[test]
fn what_is_asked_for_is_taken_or_told_as_missing() {
    let desktop = Surroundings { wayland: true, x11: true, multiplexer: Multiplexer::Tmux, ..plain() };
    for (provider, around, programs, expected) in [
        (Provider::Osc52, console(), ALL, "osc52 None"),
        (Provider::None, desktop.clone(), ALL, "Off"),
        (Provider::Wayland, desktop.clone(), ALL, "wl-copy"),
        (Provider::Wayland, desktop.clone(), "wl-copy", "wl-copy, not read"),
        (Provider::Wayland, desktop.clone(), "xclip", "NoProgram(\"wl-copy\")"),
        (Provider::Wayland, plain(), ALL, "NoDesktop(\"WAYLAND_DISPLAY\")"),
        (Provider::X11, desktop.clone(), ALL, "xclip"),
        (Provider::X11, desktop.clone(), "xsel", "xsel"),
        (Provider::X11, desktop.clone(), "", "NoProgram(\"xclip or xsel\")"),
        (Provider::X11, plain(), ALL, "NoDesktop(\"DISPLAY\")"),
        (Provider::Macos, plain(), "pbcopy pbpaste", "pbcopy"),
        (Provider::Windows, plain(), "clip.exe", "clip.exe, not read"),
        (Provider::Tmux, desktop.clone(), ALL, "tmux"),
        (Provider::Tmux, plain(), ALL, "NoDesktop(\"TMUX\")"),
        (Provider::Command, desktop, ALL, "WithoutCommand"),
    ] {
        assert_eq!(way(&settings(provider), &around, programs), expected, "{provider:?} with {programs:?}");
    }
}

#[test]
fn a_command_keeps_its_arguments_and_is_never_read_back() {
    let words = ["pick", "--in", "a b"].map(str::to_owned).to_vec();
    let settings = settings::Clipboard { command: words, ..settings(Provider::Command) };
    let find = |name: &str| (name == "pick").then(|| PathBuf::from("/opt/pick"));
    let Way::Program(program) = choose(&settings, &plain(), &find).way else { panic!("no program") };
    assert_eq!((program.copies.as_path(), program.reads), (std::path::Path::new("/opt/pick"), None));
    assert_eq!(program.arguments, ["--in", "a b"]);
    assert_eq!(way(&settings, &plain(), ""), "NoProgram(\"pick\")");
}

#[test]
fn terminals_are_known_by_what_they_set() {
    for term in ["", "dumb", "linux", "linux-16color", "unknown", "emacs"] {
        assert_eq!(Terminal::of(term, "", true), Terminal::Shows(term.to_owned()));
    }
    assert!(matches!(Terminal::of("xterm-256color", "Apple_Terminal", false), Terminal::Ignores(_)));
    assert!(matches!(Terminal::of("xterm-256color", "", true), Terminal::Ignores(_)));
    for term in ["xterm-256color", "foot", "xterm-kitty", "screen-256color", "tmux-256color", "alacritty"] {
        assert_eq!(Terminal::of(term, "", false), Terminal::Takes, "{term}");
    }
    // A variable that was handed on by the terminal in which this one was started.
    assert_eq!(Terminal::of("foot", "", true), Terminal::Takes);
}

#[test]
fn the_words_name_the_reason() {
    let find = |name: &str| (name == "wl-copy").then(|| PathBuf::from("/bin/wl-copy"));
    let why = |provider, around| choose(&settings(provider), &around, &find).why;
    assert!(why(Provider::Auto, gnome()).contains("VTE"));
    assert!(why(Provider::Auto, Surroundings { wayland: true, ..console() }).contains("TERM=linux"));
    assert!(Nothing::Shown(String::new()).to_string().starts_with("TERM is not set"));
    assert!(Nothing::Shown("linux".to_owned()).to_string().contains("(TERM=linux) would show the code"));
    assert_eq!(why(Provider::Osc52, plain()), "the settings say so (provider = \"osc52\")");
}
