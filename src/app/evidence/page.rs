//! A report as people read it: one content, written as Markdown and as HTML.
//!
//! It is made from what `evidence.json` says and from nothing else, so that a verifier can make it again and compare.

mod content;
mod html;
mod markdown;
mod recovery;
mod tables;

use crate::wire::evidence_v1::Report;

/// What a table's cell says.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Cell {
    text: String,
    /// It must not be overlooked.
    warns: bool,
}

impl Cell {
    fn of(text: impl Into<String>) -> Self {
        Self { text: text.into(), warns: false }
    }

    fn warning(text: impl Into<String>) -> Self {
        Self { text: text.into(), warns: true }
    }

    fn warning_if(warns: bool, text: impl Into<String>) -> Self {
        Self { text: text.into(), warns }
    }
}

/// A part of a page. Texts are safe to show on one line, and not yet written for any markup.
#[derive(Debug)]
enum Block {
    /// The title and the line below it.
    Title(&'static str, String),
    /// A heading.
    Heading(&'static str),
    /// A paragraph.
    Says(String),
    /// What needs attention, and what is in order.
    Verdict { attention: Vec<String>, fine: Vec<String> },
    /// Names of things with what they are.
    Facts(Vec<(&'static str, String)>),
    /// Rows under headings.
    Table { headings: Vec<&'static str>, rows: Vec<Vec<Cell>> },
    /// Sentences, each on its own.
    List(Vec<String>),
    /// Lines as somebody wrote them.
    Verbatim(Vec<String>),
    /// Commands that are typed at a terminal.
    Types(Vec<String>),
}

/// The two pages of one report.
pub(super) struct Pages {
    pub(super) markdown: String,
    pub(super) html: String,
    /// What needs attention, in words that are safe to show.
    pub(super) attention: Vec<String>,
}

/// Makes the pages of a report whose `evidence.json` has this SHA-256.
pub(super) fn pages(report: &Report, sha256: &str) -> Pages {
    let blocks = content::blocks(report, sha256);
    let attention = content::verdict(report).0;
    Pages { markdown: markdown::page(&blocks), html: html::page(&blocks), attention }
}
