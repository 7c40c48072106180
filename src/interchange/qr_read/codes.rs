//! Finding and decoding the QR codes of a picture in black and white, with rxing's parts: where corners are (the three
//! squares of each code), which three belong together, the modules between them, and their text.
//!
//! rxing's own way through these parts asks the clock, makes copies of every text, and has no bound: a picture of nothing
//! but corners would keep it busy for hours. So the parts are called one by one here, and counted.

use rxing::common::cpp_essentials::{ConcentricPattern, DecoderResult, LocateConcentricPattern};
use rxing::common::{BitMatrix, DetectorRXingResult as _};
use rxing::qrcode::cpp_port::decoder::Decode;
use rxing::qrcode::cpp_port::detector::{FinderPatternSet, GenerateFinderPatternSets, SampleQR};
use rxing::{Point, point_i};

use crate::defect::caught;
use crate::secret::SecretText;

/// Most corners that are taken from a picture: those of three hundred codes.
const MOST_CORNERS: usize = 1000;
/// Most sets of three corners that are tried. The most plausible come first, and a page of codes needs a few for each.
const MOST_TRIES: usize = 10_000;
/// A corner of more pixels than this belongs to a code of more pixels than are read at all.
const LARGEST_CORNER: u32 = 3400;
/// Rows between two that are searched: the middle of a corner is three modules high.
const ROW_STEP: usize = 3;
/// How wide the rings of a corner are, in modules: dark, light, dark, light, dark.
const CORNER: [u16; 5] = [1, 1, 3, 1, 1];

/// A code that was read.
pub(super) struct Code {
    pub(super) text: SecretText,
    pub(super) place: Place,
}

/// Where a code lies, in pixels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    left: f32,
    top: f32,
    right: f32,
    bottom: f32,
}

/// What three corners led to.
enum Tried {
    /// They are none of one code.
    Nothing,
    /// They may be, and what lies between them could not be read.
    Unread(Place),
    Read(Code),
}

/// Reads all codes whose dark modules are set. `unread` gets the places where there seems to be one that could not be
/// read.
pub(super) fn codes(dark: &BitMatrix, unread: &mut Vec<Place>) -> Vec<Code> {
    let mut codes = Vec::new();
    let mut used: Vec<ConcentricPattern> = Vec::new();
    let mut tries = 0;
    for set in GenerateFinderPatternSets(&mut corners(dark)) {
        if [set.bl, set.tl, set.tr].iter().any(|corner| used.contains(corner)) {
            continue;
        }
        tries += 1;
        if tries > MOST_TRIES {
            break;
        }
        // rxing has assertions, and nobody has shown that no picture breaks one.
        match caught(|| tried(dark, &set)).unwrap_or(Tried::Nothing) {
            Tried::Nothing => {}
            Tried::Unread(place) => unread.push(place),
            Tried::Read(code) => {
                used.extend([set.bl, set.tl, set.tr]);
                codes.push(code);
            }
        }
    }
    codes
}

fn tried(dark: &BitMatrix, set: &FinderPatternSet) -> Tried {
    let Ok(sampled) = SampleQR(dark, set) else { return Tried::Nothing };
    let place = Place::around(sampled.getPoints());
    match Decode(sampled.getBits()) {
        Ok(decoded) if decoded.isValid() => Tried::Read(Code { text: text(&decoded), place }),
        Ok(_) | Err(_) => Tried::Unread(place),
    }
}

/// The text of a code. Without a word on its encoding it is UTF-8 where it can be, whatever else it looks like.
fn text(decoded: &DecoderResult<bool>) -> SecretText {
    let content = decoded.content();
    let utf8 = if content.has_eci { None } else { String::from_utf8(content.bytes().to_vec()).ok() };
    SecretText::new(utf8.unwrap_or_else(|| decoded.text()))
}

/// The corners of codes, and what looks like them.
fn corners(dark: &BitMatrix) -> Vec<ConcentricPattern> {
    let mut found = Vec::new();
    for y in (2..dark.height()).step_by(ROW_STEP) {
        // The last five runs of pixels of one colour, the newest at the end.
        let mut runs = [0_u32; 5];
        let mut in_dark = false;
        for x in 0..=dark.width() {
            let is_dark = x < dark.width() && dark.get(x, y);
            if is_dark == in_dark {
                runs[4] += 1;
                continue;
            }
            if in_dark && crosses_a_corner(runs) {
                if found.len() == MOST_CORNERS {
                    return found;
                }
                // Twice the middle of the middle run, and twice the middle of the row.
                let middle = point_i(2 * (x - runs[4] - runs[3]) - runs[2], 2 * y + 1) / 2.0;
                found.extend(corner(dark, middle, runs.iter().sum(), &found));
            }
            runs.rotate_left(1);
            runs[4] = 1;
            in_dark = is_dark;
        }
    }
    found
}

/// Tells whether five runs, dark first, are as long as where a row crosses a corner, ink that ran included.
fn crosses_a_corner(runs: [u32; 5]) -> bool {
    let [first, light_before, middle, light_after, last] = runs;
    if first == 0
        || middle < 3
        || middle < 2 * first.max(last)
        || middle < light_before.max(light_after)
        || runs.iter().sum::<u32>() > LARGEST_CORNER
    {
        return false;
    }
    // A module is as wide as the five dark ones say, and the light ones between them may differ from that.
    let dark = f64::from(first + middle + last) / 5.0;
    let light = f64::from(light_before + light_after) / 2.0;
    let near = |run: u32, modules: f64, module: f64, by: f64| (f64::from(run) - modules * module).abs() <= by;
    let (dark_by, light_by) = (dark * 0.75 + 0.5, light / 3.0 + 0.5);
    dark.max(light) <= 4.0 * dark.min(light)
        && near(first, 1.0, dark, dark_by)
        && near(middle, 3.0, dark, dark_by)
        && near(last, 1.0, dark, dark_by)
        && near(light_before, 1.0, light, light_by)
        && near(light_after, 1.0, light, light_by)
}

/// The corner around a point, unless it is one that was found in a row above.
fn corner(
    dark: &BitMatrix,
    middle: Point,
    width: u32,
    found: &[ConcentricPattern],
) -> Option<ConcentricPattern> {
    let is_known =
        |old: &ConcentricPattern| f64::from(Point::distance(middle, old.p)) < f64::from(old.size) / 2.0;
    if found.iter().any(is_known) {
        return None;
    }
    // What is seen at an angle may be three times as high as it is wide.
    let range = i32::try_from(3 * width).ok()?;
    caught(|| LocateConcentricPattern::<true, 5, 7>(dark, &CORNER, middle, range))?
}

impl Place {
    fn around(points: &[Point]) -> Self {
        let none = Self { left: f32::MAX, top: f32::MAX, right: f32::MIN, bottom: f32::MIN };
        points.iter().fold(none, |place, point| Self {
            left: place.left.min(point.x),
            top: place.top.min(point.y),
            right: place.right.max(point.x),
            bottom: place.bottom.max(point.y),
        })
    }

    /// The place in a picture that is so many times as large.
    pub(super) fn times(self, factor: f32) -> Self {
        Self {
            left: self.left * factor,
            top: self.top * factor,
            right: self.right * factor,
            bottom: self.bottom * factor,
        }
    }

    fn middle(self) -> (f32, f32) {
        (f32::midpoint(self.left, self.right), f32::midpoint(self.top, self.bottom))
    }

    /// Tells whether the middle of the other lies inside.
    pub(super) fn holds_the_middle_of(self, other: Self) -> bool {
        let (x, y) = other.middle();
        self.left <= x && x <= self.right && self.top <= y && y <= self.bottom
    }
}

/// Puts codes in the order in which a page is read: line by line from the top, and each from the left.
pub(super) fn in_reading_order(mut codes: Vec<Code>) -> Vec<Code> {
    codes.sort_by(|one, other| one.place.middle().1.total_cmp(&other.place.middle().1));
    let mut ordered: Vec<Code> = Vec::with_capacity(codes.len());
    let mut line: Vec<Code> = Vec::new();
    let end_line = |line: &mut Vec<Code>, ordered: &mut Vec<Code>| {
        line.sort_by(|one, other| one.place.left.total_cmp(&other.place.left));
        ordered.append(line);
    };
    for code in codes {
        // A code whose middle lies below the first one of the line is of the next.
        if line.first().is_some_and(|first| code.place.middle().1 > first.place.bottom) {
            end_line(&mut line, &mut ordered);
        }
        line.push(code);
    }
    end_line(&mut line, &mut ordered);
    ordered
}
