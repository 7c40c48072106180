//! Names for styles. Colour is never the only signal, and `NO_COLOR` leaves bold, dim and reverse.

use ratatui::style::{Color, Modifier, Style};

/// The roles that the screens use, on the terminal's own sixteen colours. The ground is the terminal's own in
/// each, so that they can be read on a dark and on a light one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    color: bool,
    high_contrast: bool,
}

impl Theme {
    /// With or without colour.
    pub const fn new(color: bool) -> Self {
        Self { color, high_contrast: false }
    }

    /// Bold and reverse, underlined where another theme has a colour; nothing is dimmed.
    pub const fn high_contrast() -> Self {
        Self { color: false, high_contrast: true }
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
        let style = self.colored(Color::Yellow).add_modifier(Modifier::BOLD);
        if self.high_contrast { style.add_modifier(Modifier::UNDERLINED) } else { style }
    }

    /// What is less important.
    pub const fn quiet(self) -> Style {
        if self.high_contrast { Style::new() } else { Style::new().add_modifier(Modifier::DIM) }
    }

    /// Something is wrong.
    pub const fn wrong(self) -> Style {
        let style = self.colored(Color::Red).add_modifier(Modifier::BOLD);
        if self.high_contrast { style.add_modifier(Modifier::REVERSED) } else { style }
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
