//! A second implementation of HOTP, TOTP and Steam's codes, compared with the first over random cases.
//!
//! Written from FIPS 180-4, RFC 2104, RFC 4226 and RFC 6238 without any crate, slowly and plainly. The
//! constants of the hash functions are computed from the primes that define them, not copied.

#![expect(clippy::many_single_char_names, reason = "the names are those of FIPS 180-4")]

use lifeboat::otp::{self, Algorithm, Digits, Period, Seed, TimeStep};
use lifeboat::secret::SecretBytes;

/// FIPS 180-4 §4.2: the first primes.
fn primes(n: usize) -> Vec<u128> {
    (2..).filter(|n| (2..*n).take_while(|d| d * d <= *n).all(|d| n % d != 0)).take(n).collect()
}

/// The largest whole number whose power is at most `value`.
fn root(value: u128, power: u32) -> u128 {
    let (mut low, mut high) = (0_u128, 1_u128 << 42);
    while low + 1 < high {
        let middle = low.midpoint(high);
        if middle.checked_pow(power).is_some_and(|product| product <= value) {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

/// First 32 bits behind the point of a square (2) or cube (3) root.
fn fraction_32(prime: u128, power: u32) -> u32 {
    u32::try_from(root(prime << (32 * power), power) & 0xffff_ffff).unwrap()
}

/// First 64 bits behind the point of a square (2) or cube (3) root.
///
/// `prime << 192` does not fit 128 bits, so that the root is found bit by bit in limbs.
fn fraction_64(prime: u128, power: u32) -> u64 {
    let target = shifted(prime, 64 * power);
    let mut found: u128 = 0;
    for bit in (0..68).rev() {
        let attempt = found | (1 << bit);
        let mut product = shifted(attempt, 0);
        for _ in 1..power {
            product = times(&product, attempt);
        }
        if !larger(&product, &target) {
            found = attempt;
        }
    }
    u64::try_from(found & u128::from(u64::MAX)).unwrap()
}

/// A number of 32-bit limbs, the lowest first.
type Limbs = [u64; 12];

fn shifted(value: u128, bits: u32) -> Limbs {
    let mut limbs = [0; 12];
    for bit in (0..128).filter(|bit| value >> bit & 1 == 1) {
        let at = bit + bits;
        limbs[usize::try_from(at / 32).unwrap()] |= 1 << (at % 32);
    }
    limbs
}

fn times(left: &Limbs, right: u128) -> Limbs {
    let mut product = [0; 12];
    let right = shifted(right, 0);
    for i in 0..12 {
        let mut carry = 0;
        for j in 0..12 - i {
            let sum = product[i + j] + left[i] * right[j] + carry;
            product[i + j] = sum & 0xffff_ffff;
            carry = sum >> 32;
        }
    }
    product
}

fn larger(left: &Limbs, right: &Limbs) -> bool {
    left.iter().rev().gt(right.iter().rev())
}

/// FIPS 180-4 §5.1: a one bit, zeros, and the length in bits at the end of a block.
fn padded(message: &[u8], block: usize) -> Vec<u8> {
    let length = block / 8;
    let mut padded = message.to_vec();
    padded.push(0x80);
    while padded.len() % block != block - length {
        padded.push(0);
    }
    let n_bits = (u128::try_from(message.len()).unwrap() * 8).to_be_bytes();
    padded.extend_from_slice(&n_bits[16 - length..]);
    padded
}

fn words_32(block: &[u8]) -> Vec<u32> {
    block.chunks(4).map(|word| u32::from_be_bytes(word.try_into().unwrap())).collect()
}

fn words_64(block: &[u8]) -> Vec<u64> {
    block.chunks(8).map(|word| u64::from_be_bytes(word.try_into().unwrap())).collect()
}

/// FIPS 180-4 §6.1.
fn sha1(message: &[u8]) -> Vec<u8> {
    let mut hash: [u32; 5] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0];
    for block in padded(message, 64).chunks(64) {
        let mut w = words_32(block);
        for t in 16..80 {
            w.push((w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16]).rotate_left(1));
        }
        let [mut a, mut b, mut c, mut d, mut e] = hash;
        for (t, word) in w.iter().enumerate() {
            let (f, k) = match t {
                0..20 => ((b & c) ^ (!b & d), 0x5a82_7999),
                20..40 => (b ^ c ^ d, 0x6ed9_eba1),
                40..60 => ((b & c) ^ (b & d) ^ (c & d), 0x8f1b_bcdc),
                _ => (b ^ c ^ d, 0xca62_c1d6_u32),
            };
            let next = a.rotate_left(5).wrapping_add(f).wrapping_add(e).wrapping_add(k).wrapping_add(*word);
            (e, d, c, b, a) = (d, c, b.rotate_left(30), a, next);
        }
        for (sum, value) in hash.iter_mut().zip([a, b, c, d, e]) {
            *sum = sum.wrapping_add(value);
        }
    }
    hash.iter().flat_map(|word| word.to_be_bytes()).collect()
}

/// FIPS 180-4 §6.2.
fn sha256(k: &[u32], message: &[u8]) -> Vec<u8> {
    let mut hash: Vec<u32> = primes(8).into_iter().map(|prime| fraction_32(prime, 2)).collect();
    for block in padded(message, 64).chunks(64) {
        let mut w = words_32(block);
        for t in 16..64 {
            let s0 = w[t - 15].rotate_right(7) ^ w[t - 15].rotate_right(18) ^ (w[t - 15] >> 3);
            let s1 = w[t - 2].rotate_right(17) ^ w[t - 2].rotate_right(19) ^ (w[t - 2] >> 10);
            w.push(s1.wrapping_add(w[t - 7]).wrapping_add(s0).wrapping_add(w[t - 16]));
        }
        let mut v = hash.clone();
        for t in 0..64 {
            let (a, e) = (v[0], v[4]);
            let choice = (e & v[5]) ^ (!e & v[6]);
            let majority = (a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]);
            let s0 = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
            let s1 = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
            let one = v[7].wrapping_add(s1).wrapping_add(choice).wrapping_add(k[t]).wrapping_add(w[t]);
            v.rotate_right(1);
            v[4] = v[4].wrapping_add(one);
            v[0] = one.wrapping_add(s0).wrapping_add(majority);
        }
        for (sum, value) in hash.iter_mut().zip(v) {
            *sum = sum.wrapping_add(value);
        }
    }
    hash.iter().flat_map(|word| word.to_be_bytes()).collect()
}

/// FIPS 180-4 §6.4.
fn sha512(start: &[u64], k: &[u64], message: &[u8]) -> Vec<u8> {
    let mut hash = start.to_vec();
    for block in padded(message, 128).chunks(128) {
        let mut w = words_64(block);
        for t in 16..80 {
            let s0 = w[t - 15].rotate_right(1) ^ w[t - 15].rotate_right(8) ^ (w[t - 15] >> 7);
            let s1 = w[t - 2].rotate_right(19) ^ w[t - 2].rotate_right(61) ^ (w[t - 2] >> 6);
            w.push(s1.wrapping_add(w[t - 7]).wrapping_add(s0).wrapping_add(w[t - 16]));
        }
        let mut v = hash.clone();
        for t in 0..80 {
            let (a, e) = (v[0], v[4]);
            let choice = (e & v[5]) ^ (!e & v[6]);
            let majority = (a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]);
            let s0 = a.rotate_right(28) ^ a.rotate_right(34) ^ a.rotate_right(39);
            let s1 = e.rotate_right(14) ^ e.rotate_right(18) ^ e.rotate_right(41);
            let one = v[7].wrapping_add(s1).wrapping_add(choice).wrapping_add(k[t]).wrapping_add(w[t]);
            v.rotate_right(1);
            v[4] = v[4].wrapping_add(one);
            v[0] = one.wrapping_add(s0).wrapping_add(majority);
        }
        for (sum, value) in hash.iter_mut().zip(v) {
            *sum = sum.wrapping_add(value);
        }
    }
    hash.iter().flat_map(|word| word.to_be_bytes()).collect()
}

/// The three hash functions with their constants.
struct Hashes {
    k_256: Vec<u32>,
    start_512: Vec<u64>,
    k_512: Vec<u64>,
}

impl Hashes {
    fn new() -> Self {
        Self {
            k_256: primes(64).into_iter().map(|prime| fraction_32(prime, 3)).collect(),
            start_512: primes(8).into_iter().map(|prime| fraction_64(prime, 2)).collect(),
            k_512: primes(80).into_iter().map(|prime| fraction_64(prime, 3)).collect(),
        }
    }

    fn hash(&self, algorithm: Algorithm, message: &[u8]) -> Vec<u8> {
        match algorithm {
            Algorithm::Sha1 => sha1(message),
            Algorithm::Sha256 => sha256(&self.k_256, message),
            Algorithm::Sha512 => sha512(&self.start_512, &self.k_512, message),
        }
    }

    /// RFC 2104 §2.
    fn hmac(&self, algorithm: Algorithm, key: &[u8], message: &[u8]) -> Vec<u8> {
        let block = if algorithm == Algorithm::Sha512 { 128 } else { 64 };
        let mut key = if key.len() > block { self.hash(algorithm, key) } else { key.to_vec() };
        key.resize(block, 0);
        let mask = |with: u8| key.iter().map(|byte| byte ^ with).collect::<Vec<u8>>();
        let inner = self.hash(algorithm, &[mask(0x36), message.to_vec()].concat());
        self.hash(algorithm, &[mask(0x5c), inner].concat())
    }

    /// RFC 4226 §5.3, up to the 31 bits.
    fn truncated(&self, algorithm: Algorithm, key: &[u8], counter: u64) -> u64 {
        let mac = self.hmac(algorithm, key, &counter.to_be_bytes());
        let at = usize::from(mac[mac.len() - 1] & 15);
        u64::from(u32::from_be_bytes(mac[at..at + 4].try_into().unwrap()) & 0x7fff_ffff)
    }

    fn digits(&self, algorithm: Algorithm, key: &[u8], counter: u64, digits: u8) -> String {
        let mut value = self.truncated(algorithm, key, counter);
        let mut text = Vec::new();
        for _ in 0..digits {
            text.insert(0, char::from_digit(u32::try_from(value % 10).unwrap(), 10).unwrap());
            value /= 10;
        }
        text.into_iter().collect()
    }

    fn steam(&self, key: &[u8], counter: u64) -> String {
        let letters: Vec<char> = "23456789BCDFGHJKMNPQRTVWXY".chars().collect();
        let mut value = self.truncated(Algorithm::Sha1, key, counter);
        let mut text = String::new();
        for _ in 0..5 {
            text.push(letters[usize::try_from(value % 26).unwrap()]);
            value /= 26;
        }
        text
    }
}

/// `SplitMix64`: the same cases in every run.
struct Cases(u64);

impl Cases {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn up_to(&mut self, most: u64) -> u64 {
        self.next() % most + 1
    }
}

#[test]
fn the_second_implementation_gives_the_values_that_fips_prints() {
    let hashes = Hashes::new();
    let hex = |algorithm| data_encoding::HEXLOWER.encode(&hashes.hash(algorithm, b"abc"));
    assert_eq!(hex(Algorithm::Sha1), "a9993e364706816aba3e25717850c26c9cd0d89d");
    assert_eq!(hex(Algorithm::Sha256), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert!(hex(Algorithm::Sha512).starts_with("ddaf35a193617abacc417349ae204131"));
}

#[test]
fn ten_thousand_random_codes_agree_with_a_second_implementation() {
    let hashes = Hashes::new();
    let mut cases = Cases(1_700_000_000);
    for n in 0..10_000 {
        let n_bytes = cases.up_to(200);
        let key: Vec<u8> = (0..n_bytes).map(|_| cases.next().to_be_bytes()[0]).collect();
        let seed = Seed::from_bytes(SecretBytes::from_slice(&key)).unwrap();
        let algorithm = [Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512]
            [usize::try_from(cases.up_to(3) - 1).unwrap()];
        let digits = u8::try_from(cases.up_to(10)).unwrap();
        let period = u32::try_from(cases.up_to(86_400)).unwrap();
        // Half of the moments lie in the years that people live in, the others anywhere.
        let moment = if n % 2 == 0 { cases.up_to(1 << 33) } else { cases.next() };
        let counter = cases.next();
        let words = format!("case {n}: {algorithm}, {digits} digits, {n_bytes} bytes");
        let numbers = (Digits::new(digits).unwrap(), Period::new(period).unwrap());

        let step = TimeStep::at(moment, numbers.1);
        let time_based = otp::totp(&seed, algorithm, numbers.0, step);
        let index = moment / u64::from(period);
        assert_eq!(
            time_based.expose(),
            hashes.digits(algorithm, &key, index, digits),
            "{words}, at {moment}"
        );

        let counted = otp::hotp(&seed, algorithm, numbers.0, counter);
        assert_eq!(counted.expose(), hashes.digits(algorithm, &key, counter, digits), "{words}, {counter}");

        let steam = otp::steam(&seed, TimeStep::at(moment, Period::THIRTY));
        assert_eq!(steam.expose(), hashes.steam(&key, moment / 30), "{words}, Steam at {moment}");
    }
}
