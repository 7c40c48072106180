//! Names for styles. Colour is never the only signal, and `NO_COLOR` leaves bold, dim and reverse.

use ratatui::style::{Color, Modifier, Style};

/// The roles that the screens use, on the terminal's own sixteen colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    color: bool,
}

impl Theme {
    /// With or without colour.
    pub const fn new(color: bool) -> Self {
        Self { color }
    }

    const fn colored(self, color: Color) -> Style {
        if self.color { Style::new().fg(color) } else { Style::new() }
    }

    /// The name of the place, at the top.
    pub const fn title(self) -> Style {
        self.colored(Color::Cyan).add_modifier(Modifier::BOLD)
    }

    /// The selected row.
    pub const fn selected(self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }

    /// A code that can be typed now.
    pub const fn code(self) -> Style {
        self.colored(Color::Green).add_modifier(Modifier::BOLD)
    }

    /// A code in its last seconds.
    pub const fn ending(self) -> Style {
        self.colored(Color::Yellow).add_modifier(Modifier::BOLD)
    }

    /// What is less important.
    pub const fn quiet(self) -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    /// Something is wrong.
    pub const fn wrong(self) -> Style {
        self.colored(Color::Red).add_modifier(Modifier::BOLD)
    }

    /// What must not be overlooked, at the top.
    pub const fn banner(self) -> Style {
        self.colored(Color::Yellow).add_modifier(Modifier::BOLD).add_modifier(Modifier::REVERSED)
    }

    /// A key in the footer and in the help.
    pub const fn key(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }
}
