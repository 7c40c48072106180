//! Arithmetic in GF(2⁸) and the interpolation that shares are made of and brought together by.
//!
//! The field of AES, x⁸ + x⁴ + x³ + x + 1, as SLIP-0039 has it. There is no table and no branch on a value, so
//! that neither the cache nor the clock tells anything about a share. Adding and subtracting are exclusive or.

use crate::secret::SecretBytes;

/// What x⁸ is reduced to.
const REDUCTION: u8 = 0x1b;

/// Multiplies two elements.
pub fn multiply(left: u8, right: u8) -> u8 {
    let mut product = 0;
    let mut shifted = left;
    for bit in 0..8 {
        product ^= shifted & mask(right >> bit);
        shifted = (shifted << 1) ^ (REDUCTION & mask(shifted >> 7));
    }
    product
}

/// The inverse of an element, by raising it to the power of 254; zero gives zero.
pub fn invert(element: u8) -> u8 {
    // 254 is 2 + 4 + … + 128.
    let mut square = element;
    let mut power = 1;
    for _ in 0..7 {
        square = multiply(square, square);
        power = multiply(power, square);
    }
    power
}

/// All ones where the lowest bit is set, and zero where it is not.
fn mask(bit: u8) -> u8 {
    0_u8.wrapping_sub(bit & 1)
}

/// The value at `at` of the polynomials of lowest degree that pass through some points, one for each byte.
///
/// The places are public, the values secret. `None` when there is no point, when a place stands twice or when the
/// values are not of one length.
pub fn interpolate(points: &[(u8, &[u8])], at: u8) -> Option<SecretBytes> {
    let (_, first) = points.first()?;
    let mut value = SecretBytes::new(vec![0; first.len()]);
    for (n, (place, bytes)) in points.iter().enumerate() {
        let mut weight = 1;
        for (other, _) in points.iter().enumerate().filter(|(idx, _)| *idx != n).map(|(_, point)| point) {
            if other == place {
                return None;
            }
            weight = multiply(weight, multiply(at ^ other, invert(place ^ other)));
        }
        if bytes.len() != first.len() {
            return None;
        }
        for (sum, byte) in value.expose_mut().iter_mut().zip(*bytes) {
            *sum ^= multiply(weight, *byte);
        }
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Slowly, as polynomials: multiply without carries, then divide.
    fn by_division(left: u8, right: u8) -> u8 {
        let mut product =
            (0..8).filter(|bit| right >> bit & 1 == 1).fold(0, |sum, bit| sum ^ u16::from(left) << bit);
        for bit in (8..16).rev() {
            if product >> bit & 1 == 1 {
                product ^= 0x11b << (bit - 8);
            }
        }
        u8::try_from(product).unwrap()
    }

    #[test]
    fn all_products_are_those_of_a_long_division() {
        for left in 0..=255 {
            for right in 0..=255 {
                assert_eq!(multiply(left, right), by_division(left, right), "{left} times {right}");
            }
        }
        // FIPS 197, section 4.2.
        assert_eq!(multiply(0x57, 0x83), 0xc1);
    }

    #[test]
    fn every_element_but_zero_has_an_inverse_of_its_own() {
        let mut inverses: Vec<u8> = (1..=255).map(invert).collect();
        for (element, inverse) in (1..=255).zip(&inverses) {
            assert_eq!(multiply(element, *inverse), 1, "{element}");
        }
        inverses.sort_unstable();
        assert_eq!(inverses, (1..=255).collect::<Vec<u8>>());
        assert_eq!(invert(0), 0);
    }

    #[test]
    fn points_that_are_none_have_no_value() {
        assert!(interpolate(&[], 3).is_none());
        assert!(interpolate(&[(1, &[1]), (1, &[1])], 3).is_none());
        assert!(interpolate(&[(1, &[1]), (2, &[1, 2])], 3).is_none());
    }

    proptest! {
        #[test]
        fn a_polynomial_is_found_from_as_many_of_its_points_as_it_has_coefficients(
            coefficients in prop::collection::vec(any::<u8>(), 1..=16),
            first in any::<u8>(),
            step in prop::sample::select(vec![1_u8, 3, 7, 99, 255]),
            at in any::<u8>(),
        ) {
            let value = |x| coefficients.iter().rev().fold(0, |sum, c| multiply(sum, x) ^ c);
            let places: Vec<u8> = (0..).map(|n: u8| first.wrapping_add(n.wrapping_mul(step))).take(coefficients.len()).collect();
            let values: Vec<[u8; 1]> = places.iter().map(|place| [value(*place)]).collect();
            let points: Vec<(u8, &[u8])> = places.iter().copied().zip(values.iter().map(<[u8; 1]>::as_slice)).collect();
            let found = interpolate(&points, at).unwrap();
            prop_assert_eq!(found.expose(), [value(at)]);
        }
    }
}
