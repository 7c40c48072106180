//! What holds where the command line, the environment and the settings file say different things.

use super::{Color, Global};
use crate::settings::{Settings, Theme};

/// What the environment says of what can be set.
#[derive(Debug, Clone, Copy)]
pub(in crate::cli) struct Environment {
    /// `NO_COLOR` is set and not empty.
    pub(in crate::cli) no_color: bool,
    /// `NO_MOTION` is set and not empty.
    pub(in crate::cli) no_motion: bool,
}

impl Global {
    /// Lets the options go first, then the environment, then the settings. Afterwards all say the same.
    pub(in crate::cli) fn settle(&mut self, settings: &mut Settings, environment: Environment) {
        self.ascii |= settings.ascii;
        settings.ascii = self.ascii;
        settings.motion &= !environment.no_motion;
        let is_plain = settings.theme == Theme::Plain;
        match self.color {
            Color::Always if is_plain => settings.theme = Theme::Default,
            Color::Always => {}
            Color::Auto if is_plain => self.color = Color::Never,
            Color::Auto if !environment.no_color => {}
            Color::Auto | Color::Never => settings.theme = Theme::Plain,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::super::Cli;
    use super::*;

    const QUIET: Environment = Environment { no_color: false, no_motion: false };

    /// What holds after that command line, environment and theme: the theme, and when colour is used.
    fn settled(arguments: &str, environment: Environment, theme: Theme) -> (Theme, Color) {
        let mut cli = Cli::try_parse_from(format!("lifeboat {arguments}").split_whitespace()).unwrap();
        let mut settings = Settings { theme, ..Settings::default() };
        cli.global.settle(&mut settings, environment);
        (settings.theme, cli.global.color)
    }

    #[test]
    fn options_go_before_the_environment_and_that_before_the_theme_of_the_file() {
        let no_color = Environment { no_color: true, ..QUIET };
        assert_eq!(settled("", QUIET, Theme::HighContrast), (Theme::HighContrast, Color::Auto));
        assert_eq!(settled("", QUIET, Theme::Plain), (Theme::Plain, Color::Never));
        // What looks at the environment by itself still does.
        assert_eq!(settled("", no_color, Theme::HighContrast), (Theme::Plain, Color::Auto));
        for environment in [QUIET, no_color] {
            let always = "--color always";
            assert_eq!(
                settled(always, environment, Theme::HighContrast),
                (Theme::HighContrast, Color::Always)
            );
            assert_eq!(settled(always, environment, Theme::Plain), (Theme::Default, Color::Always));
            assert_eq!(settled("--color never", environment, Theme::Default), (Theme::Plain, Color::Never));
        }
    }

    #[test]
    fn ascii_and_stillness_hold_whoever_asks_for_them() {
        for (argument, file) in [("", false), ("", true), ("--ascii", false), ("--ascii", true)] {
            let mut cli =
                Cli::try_parse_from(["lifeboat", argument].iter().filter(|word| !word.is_empty())).unwrap();
            let mut settings = Settings { ascii: file, ..Settings::default() };
            cli.global.settle(&mut settings, QUIET);
            assert_eq!(cli.global.ascii, settings.ascii);
            assert_eq!(settings.ascii, file || !argument.is_empty());
        }
        for (no_motion, file) in [(false, false), (false, true), (true, false), (true, true)] {
            let mut cli = Cli::try_parse_from(["lifeboat"]).unwrap();
            let mut settings = Settings { motion: file, ..Settings::default() };
            cli.global.settle(&mut settings, Environment { no_motion, ..QUIET });
            assert_eq!(settings.motion, file && !no_motion);
        }
    }
}
