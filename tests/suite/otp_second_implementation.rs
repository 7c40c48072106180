//! SHA-1, SHA-256, SHA-512, HMAC and the codes, written a second time from FIPS 180-4, FIPS 198-1 and the
//! RFCs, and compared with the program's over ten thousand seeded cases.
//!
//! It shares no line with the crates that the program uses, so a fault would have to be made twice.

use lifeboat::otp::{Algorithm, Digits, Period, Seed, TimeStep, hotp, steam, totp};
use lifeboat::secret::SecretBytes;

const N_CASES: usize = 10_000;

#[test]
fn ten_thousand_codes_agree_with_a_second_implementation() {
    let mut random = Random(0x6c69_6665_626f_6174);
    let mut n_of_kind = [0; 3];
    for case in 0..N_CASES {
        // Lengths on both sides of every block size: 64 and 128 bytes.
        let key: Vec<u8> = (0..random.between(1, 200)).map(|_| random.byte()).collect();
        let seed = Seed::from_bytes(SecretBytes::from_slice(&key)).unwrap();
        let (algorithm, hash, block): (_, fn(&[u8]) -> Vec<u8>, _) = match random.between(0, 2) {
            0 => (Algorithm::Sha1, sha1, 64),
            1 => (Algorithm::Sha256, sha256, 64),
            _ => (Algorithm::Sha512, sha512, 128),
        };
        let digits = Digits::new(u8::try_from(random.between(1, 10)).unwrap()).unwrap();
        // Numbers of every magnitude, not only those near 2 to the 64th.
        let magnitude = random.between(0, 63);
        let number = random.next() >> magnitude;
        let kind = usize::try_from(random.between(0, 2)).unwrap();
        n_of_kind[kind] += 1;
        let (found, wanted) = match kind {
            0 => {
                let mac = hmac(hash, block, &key, &number.to_be_bytes());
                (hotp(&seed, algorithm, digits, number), decimal(&mac, digits))
            }
            1 => {
                let period = Period::new(u32::try_from(random.between(1, 86_400)).unwrap()).unwrap();
                let step = number / u64::from(period.seconds());
                let mac = hmac(hash, block, &key, &step.to_be_bytes());
                (totp(&seed, algorithm, digits, TimeStep::at(number, period)), decimal(&mac, digits))
            }
            _ => {
                let mac = hmac(sha1, 64, &key, &(number / 30).to_be_bytes());
                (steam(&seed, TimeStep::at(number, Period::THIRTY)), letters(&mac))
            }
        };
        assert_eq!(
            found.expose(),
            wanted,
            "case {case}: kind {kind}, {algorithm}, {} byte key, {number}",
            key.len()
        );
    }
    assert!(n_of_kind.into_iter().all(|n| n > N_CASES / 4), "{n_of_kind:?}");
}

#[test]
fn the_second_implementation_gives_the_values_that_the_standards_print() {
    let hex = |bytes: Vec<u8>| data_encoding::HEXLOWER.encode(&bytes);
    assert_eq!(hex(sha1(b"abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
    assert_eq!(hex(sha256(b"abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_eq!(
        hex(sha512(b"abc")),
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
         2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
    );
    // RFC 2202 and RFC 4231, test case 2.
    let (key, text) = (b"Jefe", b"what do ya want for nothing?");
    assert_eq!(hex(hmac(sha1, 64, key, text)), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
    assert_eq!(
        hex(hmac(sha256, 64, key, text)),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    );
}

/// Steele, Lea and Flood's SplitMix64: the same cases on every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn between(&mut self, least: u64, most: u64) -> u64 {
        least + self.next() % (most - least + 1)
    }

    fn byte(&mut self) -> u8 {
        self.next().to_be_bytes()[0]
    }
}

/// RFC 4226 §5.3: four bytes from where the last four bits point, without the sign bit.
fn truncated(mac: &[u8]) -> u64 {
    let at = usize::from(mac[mac.len() - 1] % 16);
    mac[at..at + 4].iter().fold(0, |value, byte| value << 8 | u64::from(*byte)) % (1 << 31)
}

fn decimal(mac: &[u8], digits: Digits) -> String {
    let all = format!("{:010}", truncated(mac));
    all[10 - usize::from(digits.count())..].to_owned()
}

fn letters(mac: &[u8]) -> String {
    let alphabet: Vec<char> = "23456789BCDFGHJKMNPQRTVWXY".chars().collect();
    let mut value = usize::try_from(truncated(mac)).unwrap();
    let mut code = String::new();
    for _ in 0..5 {
        code.push(alphabet[value % 26]);
        value /= 26;
    }
    code
}

/// FIPS 198-1.
fn hmac(hash: fn(&[u8]) -> Vec<u8>, block: usize, key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut key = if key.len() > block { hash(key) } else { key.to_vec() };
    key.resize(block, 0);
    let keyed = |pad: u8, text: &[u8]| {
        let mut message: Vec<u8> = key.iter().map(|byte| byte ^ pad).collect();
        message.extend_from_slice(text);
        hash(&message)
    };
    keyed(0x5c, &keyed(0x36, text))
}

/// FIPS 180-4 §5.1: a one bit, zeros, and the length in bits, to whole blocks.
fn padded(message: &[u8], block: usize) -> Vec<u8> {
    let mut padded = message.to_vec();
    padded.push(0x80);
    let length_bytes = block / 8;
    while padded.len() % block != block - length_bytes {
        padded.push(0);
    }
    padded.resize(padded.len() + length_bytes - 8, 0);
    padded.extend_from_slice(&(u64::try_from(message.len()).unwrap() * 8).to_be_bytes());
    padded
}

/// FIPS 180-4 §6.1.
fn sha1(message: &[u8]) -> Vec<u8> {
    let mut state: [u32; 5] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0];
    for block in padded(message, 64).chunks_exact(64) {
        let mut w: Vec<u32> =
            block.chunks_exact(4).map(|b| u32::from_be_bytes(b.try_into().unwrap())).collect();
        for t in 16..80 {
            w.push((w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16]).rotate_left(1));
        }
        let [mut a, mut b, mut c, mut d, mut e] = state;
        for (t, word) in w.into_iter().enumerate() {
            let (f, k) = match t / 20 {
                0 => ((b & c) ^ (!b & d), 0x5a82_7999),
                1 => (b ^ c ^ d, 0x6ed9_eba1),
                2 => ((b & c) ^ (b & d) ^ (c & d), 0x8f1b_bcdc),
                _ => (b ^ c ^ d, 0xca62_c1d6),
            };
            let sum = a.rotate_left(5).wrapping_add(f).wrapping_add(e).wrapping_add(k).wrapping_add(word);
            (a, b, c, d, e) = (sum, a, b.rotate_left(30), c, d);
        }
        for (word, add) in state.iter_mut().zip([a, b, c, d, e]) {
            *word = word.wrapping_add(add);
        }
    }
    state.iter().flat_map(|word| word.to_be_bytes()).collect()
}

/// The constants of SHA-256 are the upper halves of SHA-512's: more bits of the same roots.
fn upper_half(word: u64) -> u32 {
    u32::try_from(word >> 32).unwrap()
}

/// SHA-256 and SHA-512 (FIPS 180-4 §6.2 and §6.4) differ in word, rounds and rotations alone.
macro_rules! sha2 {
    ($name:ident, $word:ty, $block:literal, $rounds:literal, $constant:expr,
     $big0:expr, $big1:expr, $small0:expr, $small1:expr) => {
        fn $name(message: &[u8]) -> Vec<u8> {
            let mut state = SQUARE_ROOTS.map($constant);
            let big = |x: $word, by: [u32; 3]| {
                x.rotate_right(by[0]) ^ x.rotate_right(by[1]) ^ x.rotate_right(by[2])
            };
            let small = |x: $word, by: [u32; 3]| x.rotate_right(by[0]) ^ x.rotate_right(by[1]) ^ (x >> by[2]);
            for block in padded(message, $block).chunks_exact($block) {
                let mut w: Vec<$word> = block
                    .chunks_exact($block / 16)
                    .map(|b| <$word>::from_be_bytes(b.try_into().unwrap()))
                    .collect();
                for t in 16..$rounds {
                    let sum = small(w[t - 2], $small1).wrapping_add(w[t - 7]);
                    w.push(sum.wrapping_add(small(w[t - 15], $small0)).wrapping_add(w[t - 16]));
                }
                let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = state;
                for (word, k) in w.into_iter().zip(CUBE_ROOTS.map($constant)) {
                    let first = h
                        .wrapping_add(big(e, $big1))
                        .wrapping_add((e & f) ^ (!e & g))
                        .wrapping_add(k)
                        .wrapping_add(word);
                    let second = big(a, $big0).wrapping_add((a & b) ^ (a & c) ^ (b & c));
                    (a, b, c, d, e, f, g, h) =
                        (first.wrapping_add(second), a, b, c, d.wrapping_add(first), e, f, g);
                }
                for (word, add) in state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
                    *word = word.wrapping_add(add);
                }
            }
            state.iter().flat_map(|word| word.to_be_bytes()).collect()
        }
    };
}

sha2!(sha256, u32, 64, 64, upper_half, [2, 13, 22], [6, 11, 25], [7, 18, 3], [17, 19, 10]);
sha2!(sha512, u64, 128, 80, |word| word, [28, 34, 39], [14, 18, 41], [1, 8, 7], [19, 61, 6]);

/// First 64 bits behind the point of the square roots of the first eight primes (FIPS 180-4 §5.3.5).
const SQUARE_ROOTS: [u64; 8] = [
    0x6a09_e667_f3bc_c908,
    0xbb67_ae85_84ca_a73b,
    0x3c6e_f372_fe94_f82b,
    0xa54f_f53a_5f1d_36f1,
    0x510e_527f_ade6_82d1,
    0x9b05_688c_2b3e_6c1f,
    0x1f83_d9ab_fb41_bd6b,
    0x5be0_cd19_137e_2179,
];

/// The same of the cube roots of the first eighty primes (FIPS 180-4 §4.2.3).
const CUBE_ROOTS: [u64; 80] = [
    0x428a_2f98_d728_ae22,
    0x7137_4491_23ef_65cd,
    0xb5c0_fbcf_ec4d_3b2f,
    0xe9b5_dba5_8189_dbbc,
    0x3956_c25b_f348_b538,
    0x59f1_11f1_b605_d019,
    0x923f_82a4_af19_4f9b,
    0xab1c_5ed5_da6d_8118,
    0xd807_aa98_a303_0242,
    0x1283_5b01_4570_6fbe,
    0x2431_85be_4ee4_b28c,
    0x550c_7dc3_d5ff_b4e2,
    0x72be_5d74_f27b_896f,
    0x80de_b1fe_3b16_96b1,
    0x9bdc_06a7_25c7_1235,
    0xc19b_f174_cf69_2694,
    0xe49b_69c1_9ef1_4ad2,
    0xefbe_4786_384f_25e3,
    0x0fc1_9dc6_8b8c_d5b5,
    0x240c_a1cc_77ac_9c65,
    0x2de9_2c6f_592b_0275,
    0x4a74_84aa_6ea6_e483,
    0x5cb0_a9dc_bd41_fbd4,
    0x76f9_88da_8311_53b5,
    0x983e_5152_ee66_dfab,
    0xa831_c66d_2db4_3210,
    0xb003_27c8_98fb_213f,
    0xbf59_7fc7_beef_0ee4,
    0xc6e0_0bf3_3da8_8fc2,
    0xd5a7_9147_930a_a725,
    0x06ca_6351_e003_826f,
    0x1429_2967_0a0e_6e70,
    0x27b7_0a85_46d2_2ffc,
    0x2e1b_2138_5c26_c926,
    0x4d2c_6dfc_5ac4_2aed,
    0x5338_0d13_9d95_b3df,
    0x650a_7354_8baf_63de,
    0x766a_0abb_3c77_b2a8,
    0x81c2_c92e_47ed_aee6,
    0x9272_2c85_1482_353b,
    0xa2bf_e8a1_4cf1_0364,
    0xa81a_664b_bc42_3001,
    0xc24b_8b70_d0f8_9791,
    0xc76c_51a3_0654_be30,
    0xd192_e819_d6ef_5218,
    0xd699_0624_5565_a910,
    0xf40e_3585_5771_202a,
    0x106a_a070_32bb_d1b8,
    0x19a4_c116_b8d2_d0c8,
    0x1e37_6c08_5141_ab53,
    0x2748_774c_df8e_eb99,
    0x34b0_bcb5_e19b_48a8,
    0x391c_0cb3_c5c9_5a63,
    0x4ed8_aa4a_e341_8acb,
    0x5b9c_ca4f_7763_e373,
    0x682e_6ff3_d6b2_b8a3,
    0x748f_82ee_5def_b2fc,
    0x78a5_636f_4317_2f60,
    0x84c8_7814_a1f0_ab72,
    0x8cc7_0208_1a64_39ec,
    0x90be_fffa_2363_1e28,
    0xa450_6ceb_de82_bde9,
    0xbef9_a3f7_b2c6_7915,
    0xc671_78f2_e372_532b,
    0xca27_3ece_ea26_619c,
    0xd186_b8c7_21c0_c207,
    0xeada_7dd6_cde0_eb1e,
    0xf57d_4f7f_ee6e_d178,
    0x06f0_67aa_7217_6fba,
    0x0a63_7dc5_a2c8_98a6,
    0x113f_9804_bef9_0dae,
    0x1b71_0b35_131c_471b,
    0x28db_77f5_2304_7d84,
    0x32ca_ab7b_40c7_2493,
    0x3c9e_be0a_15c9_bebc,
    0x431d_67c4_9c10_0d4c,
    0x4cc5_d4be_cb3e_42b6,
    0x597f_299c_fc65_7e2a,
    0x5fcb_6fab_3ad6_faec,
    0x6c44_198c_4a47_5817,
];
