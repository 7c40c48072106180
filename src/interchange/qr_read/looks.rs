//! Looking at a picture in several ways: each threshold between dark and light, each size, dark on light and light on dark
//! read other codes. `tests/with_programs/qr_pictures.py` measures what each of them adds.

use image::GrayImage;
use rxing::common::{BitMatrix, HybridBinarizer};
use rxing::{Binarizer as _, Luma8Source};

use super::codes::{Code, Place, codes, in_reading_order};

/// No code has fewer modules on a side, and none is read from fewer pixels.
const FEWEST_PIXELS: u32 = 21;
/// A picture of more pixels than this is made smaller before it is sharpened: its codes are large enough.
const MOST_SHARPENED_PIXELS: u64 = 16_000_000;
/// A picture of more pixels than this is looked at with one threshold, and made smaller before the other looks.
const MOST_PIXELS_OF_ALL_LOOKS: u64 = 36_000_000;

/// All codes of a picture, a text as often as it was seen, in the order in which a page is read.
pub(super) fn all_codes(grey: &GrayImage) -> Vec<Code> {
    let mut seen = Seen::default();
    seen.look(grey, 1.0);
    if seen.is_all() {
        return in_reading_order(seen.codes);
    }
    // Half the size takes grain and the pattern of a photographed screen away; a quarter does for a large photograph.
    let half = halved(grey);
    seen.look(&half, 2.0);
    if !seen.is_all() && n_pixels(grey) <= MOST_SHARPENED_PIXELS {
        seen.look(&sharpened(grey), 1.0);
    }
    if !seen.is_all() && n_pixels(&half) <= MOST_SHARPENED_PIXELS {
        seen.look(&sharpened(&half), 2.0);
    }
    if !seen.is_all() {
        seen.look(&halved(&half), 4.0);
    }
    in_reading_order(seen.codes)
}

/// What was seen so far, in pixels of the whole picture.
#[derive(Default)]
struct Seen {
    codes: Vec<Code>,
    unread: Vec<Place>,
}

impl Seen {
    /// Looks at the picture in one size, of which a pixel is as large as `factor` of the whole picture's.
    fn look(&mut self, grey: &GrayImage, factor: f32) {
        if grey.width().min(grey.height()) < FEWEST_PIXELS {
            return;
        }
        let thresholds: &[fn(&GrayImage) -> Option<BitMatrix>] =
            if n_pixels(grey) <= MOST_PIXELS_OF_ALL_LOOKS { &[by_place, by_histogram] } else { &[by_place] };
        self.unread.clear();
        for threshold in thresholds {
            let Some(mut dark) = threshold(grey) else { continue };
            self.take(&dark, factor);
            dark.flip_self();
            self.take(&dark, factor);
        }
    }

    fn take(&mut self, dark: &BitMatrix, factor: f32) {
        let mut unread = Vec::new();
        for code in codes(dark, &mut unread) {
            let code = Code { place: code.place.times(factor), ..code };
            self.codes.push(code);
        }
        self.unread.extend(unread.into_iter().map(|place| place.times(factor)));
    }

    /// Tells whether something was read, and nothing seen that is like a code and was not.
    fn is_all(&self) -> bool {
        let is_read = |place: &Place| self.codes.iter().any(|code| code.place.holds_the_middle_of(*place));
        !self.codes.is_empty() && self.unread.iter().all(is_read)
    }
}

fn n_pixels(grey: &GrayImage) -> u64 {
    u64::from(grey.width()) * u64::from(grey.height())
}

/// Dark is what is darker than its neighbourhood: for uneven light, and for what lies on another ground than the rest.
fn by_place(grey: &GrayImage) -> Option<BitMatrix> {
    let source = Luma8Source::new_with_slice(grey.as_raw(), grey.width(), grey.height()).ok()?;
    HybridBinarizer::new(source).get_black_matrix().ok().cloned()
}

/// Dark is the darker of the two kinds of pixels that all of them fall into best (Otsu's threshold): for a faint code,
/// where a neighbourhood differs too little.
fn by_histogram(grey: &GrayImage) -> Option<BitMatrix> {
    let threshold = otsu(grey);
    let mut dark = BitMatrix::new(grey.width(), grey.height()).ok()?;
    for (y, row) in (0..).zip(grey.rows()) {
        for (x, pixel) in (0..).zip(row) {
            if pixel.0[0] <= threshold {
                dark.set(x, y);
            }
        }
    }
    Some(dark)
}

/// The level at which the two sides differ most.
fn otsu(grey: &GrayImage) -> u8 {
    let mut counts = [0_u32; 256];
    for value in grey.as_raw() {
        if let Some(count) = counts.get_mut(usize::from(*value)) {
            *count += 1;
        }
    }
    let n_all = f64::from(counts.iter().sum::<u32>());
    let sum_all: f64 =
        (0_u8..=u8::MAX).zip(counts).map(|(level, count)| f64::from(level) * f64::from(count)).sum();
    let (mut n_dark, mut sum_dark, mut best, mut threshold) = (0.0, 0.0, 0.0, 0);
    for (level, count) in (0_u8..=u8::MAX).zip(counts) {
        n_dark += f64::from(count);
        sum_dark += f64::from(level) * f64::from(count);
        let n_light = n_all - n_dark;
        if n_dark > 0.0 && n_light > 0.0 {
            let apart = sum_dark / n_dark - (sum_all - sum_dark) / n_light;
            let difference = n_dark * n_light * apart * apart;
            if difference > best {
                (best, threshold) = (difference, level);
            }
        }
    }
    threshold
}

/// Half as large: each pixel is the mean of four.
fn halved(grey: &GrayImage) -> GrayImage {
    let width = usize::try_from(grey.width()).unwrap_or(usize::MAX);
    let rows: Vec<&[u8]> = grey.as_raw().chunks_exact(width.max(1)).collect();
    let mut pixels = Vec::with_capacity(grey.as_raw().len() / 4);
    for pair in rows.chunks_exact(2) {
        let [above, below] = pair else { continue };
        for (above, below) in above.chunks_exact(2).zip(below.chunks_exact(2)) {
            let sum: u16 = above.iter().chain(below).copied().map(u16::from).sum();
            pixels.push(u8::try_from(sum / 4).unwrap_or(u8::MAX));
        }
    }
    GrayImage::from_raw(grey.width() / 2, grey.height() / 2, pixels).unwrap_or_default()
}

/// Each pixel is moved away from the mean of the 25 around it: what is out of focus gets its edges back.
fn sharpened(grey: &GrayImage) -> GrayImage {
    const REACH: usize = 2;
    let around = |at: usize, length: usize| at.saturating_sub(REACH)..(at + REACH + 1).min(length);
    let width = usize::try_from(grey.width()).unwrap_or(usize::MAX);
    let rows: Vec<&[u8]> = grey.as_raw().chunks_exact(width.max(1)).collect();
    let mut pixels = Vec::with_capacity(grey.as_raw().len());
    let mut sums: Vec<i32> = vec![0; width];
    for (y, row) in rows.iter().enumerate() {
        let near = rows.get(around(y, rows.len())).unwrap_or_default();
        sums.fill(0);
        for other in near {
            sums.iter_mut().zip(*other).for_each(|(sum, value)| *sum += i32::from(*value));
        }
        for (x, value) in row.iter().enumerate() {
            let columns = sums.get(around(x, width)).unwrap_or_default();
            let n_pixels = i32::try_from(columns.len() * near.len()).unwrap_or(1).max(1);
            let mean = columns.iter().sum::<i32>() / n_pixels;
            let value = i32::from(*value);
            pixels.push(u8::try_from((value + 4 * (value - mean)).clamp(0, 255)).unwrap_or(u8::MAX));
        }
    }
    GrayImage::from_raw(grey.width(), grey.height(), pixels).unwrap_or_default()
}
