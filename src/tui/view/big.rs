//! Large figures: a clock that is compared across a room, a code that is typed into another device.

/// Dots of the figures 0 to 9, five rows of three.
const FIGURES: [[&str; 5]; 10] = [
    ["###", "# #", "# #", "# #", "###"],
    [" # ", "## ", " # ", " # ", "###"],
    ["###", "  #", "###", "#  ", "###"],
    ["###", "  #", "###", "  #", "###"],
    ["# #", "# #", "###", "  #", "  #"],
    ["###", "#  ", "###", "  #", "###"],
    ["###", "#  ", "###", "# #", "###"],
    ["###", "  #", "  #", "  #", "  #"],
    ["###", "# #", "###", "# #", "###"],
    ["###", "# #", "###", "  #", "###"],
];
/// The same of what stands between them.
const COLON: [&str; 5] = [" ", "#", " ", "#", " "];
const GAP: [&str; 5] = [" ", " ", " ", " ", " "];

/// Rows of a figure.
pub(super) const ROWS: usize = 5;

/// A text of figures, colons and spaces in rows of large ones, as wide as fits; `None` where it does not fit, or has
/// something else in it.
pub(super) fn rows(text: &str, width: usize, ascii: bool) -> Option<Vec<String>> {
    let glyph = |c: char| match c {
        ':' => Some(&COLON),
        ' ' => Some(&GAP),
        c => FIGURES.get(usize::try_from(c.to_digit(10)?).ok()?),
    };
    let glyphs: Vec<&[&str; ROWS]> = text.chars().map(glyph).collect::<Option<_>>()?;
    let n_dots: usize = glyphs.iter().map(|glyph| glyph[0].len() + 1).sum();
    let columns = [2, 1].into_iter().find(|columns| n_dots * columns <= width)?;
    let (on, off) = (if ascii { "#" } else { "█" }.repeat(columns), " ".repeat(columns));
    let row = |row: usize| {
        let of_row = |glyph: &&[&'static str; ROWS]| glyph.get(row).copied().unwrap_or_default();
        let dots = glyphs.iter().flat_map(|glyph| of_row(glyph).chars().chain(std::iter::once(' ')));
        dots.map(|dot| if dot == '#' { on.as_str() } else { off.as_str() }).collect()
    };
    Some((0..ROWS).map(row).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_as_wide_as_fits_and_what_has_no_figure_is_left_to_others() {
        let widths = |width| rows("12:34:56", width, true).map(|rows| rows[0].len());
        assert_eq!(
            (widths(80), widths(56), widths(55), widths(28)),
            (Some(56), Some(56), Some(28), Some(28))
        );
        assert_eq!(widths(27), None);
        assert_eq!(rows("2B3C4", 80, true), None, "a code with letters");
        assert_eq!(rows("1", 4, true).unwrap(), [" #  ", "##  ", " #  ", " #  ", "### "]);
    }
}
