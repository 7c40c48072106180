//! Plans to start from, for common set-ups. Names in capitals are there to be replaced.

/// A plan to start from.
#[derive(Debug, Clone, Copy)]
pub struct Template {
    /// Its name on the command line.
    pub name: &'static str,
    /// Whom it is for.
    pub what: &'static str,
    /// Its text.
    pub toml: &'static str,
}

/// All of them, by name.
pub const TEMPLATES: [Template; 4] = [
    Template {
        name: "break-glass",
        what: "an emergency account whose seed only a quorum of custodians opens",
        toml: include_str!("templates/break-glass.toml"),
    },
    Template {
        name: "managed-phone",
        what: "a company phone under management, whose enrolment needs the second factor",
        toml: include_str!("templates/managed-phone.toml"),
    },
    Template {
        name: "one-admin",
        what: "one administrator with a laptop, a phone, a hardware key and a bundle in a safe",
        toml: include_str!("templates/one-admin.toml"),
    },
    Template {
        name: "personal-phone",
        what: "a private phone with or without cloud keychain, and a helpdesk that issues temporary access",
        toml: include_str!("templates/personal-phone.toml"),
    },
];

impl Template {
    /// The template with a name.
    pub fn by_name(name: &str) -> Option<Self> {
        TEMPLATES.into_iter().find(|template| template.name == name)
    }
}
