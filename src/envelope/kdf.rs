//! Argon2id: strengths for new slots, and the ceiling for what an unknown file may ask for.

use argon2::{Algorithm, Argon2, Params, Version};

use super::keys::KEY_BYTES;
use crate::secret::SecretBytes;

/// Cost of one Argon2id derivation (RFC 9106 §3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KdfParameters {
    /// Memory, in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes. New slots use one: an attacker runs guesses beside each other anyway.
    pub lanes: u32,
}

impl KdfParameters {
    /// What a vault's slot is made with: 128 MiB, 3 passes.
    pub const VAULT: Self = Self { memory_kib: 128 << 10, passes: 3, lanes: 1 };
    /// What a bundle's slot is made with: 256 MiB, 6 passes. It may lie about for years.
    pub const BUNDLE: Self = Self { memory_kib: 256 << 10, passes: 6, lanes: 1 };
    /// The weakest that a new slot is made with: 64 MiB, 3 passes. There is no switch below it.
    pub const FLOOR: Self = Self { memory_kib: 64 << 10, passes: 3, lanes: 1 };

    /// Tells whether a new slot may be made with this.
    pub fn reaches_floor(self) -> bool {
        self.memory_kib >= Self::FLOOR.memory_kib && self.passes >= Self::FLOOR.passes
    }

    /// Memory in MiB, rounded up, for showing.
    pub fn memory_mib(self) -> u32 {
        self.memory_kib.div_ceil(1024)
    }

    /// KiB times passes, which is what the time is proportional to.
    fn kib_passes(self) -> u64 {
        u64::from(self.memory_kib) * u64::from(self.passes)
    }
}

/// How much an unknown file may ask for.
///
/// The header is read before anything is authenticated, so a hostile bundle could otherwise make a
/// recovery laptop swap for minutes. `--allow-kdf-cost` raises it for one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ceiling {
    /// Memory, in KiB.
    pub memory_kib: u32,
    /// KiB times passes.
    pub kib_passes: u64,
}

impl Ceiling {
    /// 2 GiB and 16 GiB-passes: about 13 s of CPU.
    pub const USUAL: Self = Self { memory_kib: 2 << 20, kib_passes: 16 << 20 };
    /// 4 GiB (less one KiB, the field's width) and 64 GiB-passes, when somebody insists.
    pub const RAISED: Self = Self { memory_kib: (4 << 20) - 1, kib_passes: 64 << 20 };
}

/// Smallest memory that a reader accepts, in KiB: 8 MiB. Below it the file is not ours.
pub const LEAST_MEMORY_KIB: u32 = 8 << 10;
const MOST_PASSES: u32 = 64;
const MOST_LANES: u32 = 16;

/// Says why parameters in a file are not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KdfError {
    /// The derivation itself failed: the memory could not be had.
    #[error("the key derivation could not get its {} MiB of memory", .0.memory_mib())]
    OutOfMemory(KdfParameters),
    /// A value that no writer ever makes.
    #[error("the key derivation's numbers are out of range")]
    OutOfRange,
    /// Above the ceiling.
    #[error(
        "the file asks for {} MiB of memory and {} passes; the limit is {} MiB, and {} MiB times passes",
        .asked.memory_mib(), .asked.passes, .ceiling.memory_kib >> 10, .ceiling.kib_passes >> 10
    )]
    TooCostly {
        /// What the file asks for.
        asked: KdfParameters,
        /// What is allowed.
        ceiling: Ceiling,
    },
}

/// Checks parameters from a file before any memory is taken.
///
/// # Errors
///
/// [`KdfError::OutOfRange`] for what no writer makes, [`KdfError::TooCostly`] above the ceiling.
pub fn check(asked: KdfParameters, ceiling: Ceiling) -> Result<(), KdfError> {
    let in_range = LEAST_MEMORY_KIB <= asked.memory_kib
        && (1..=MOST_PASSES).contains(&asked.passes)
        && (1..=MOST_LANES).contains(&asked.lanes);
    if !in_range {
        return Err(KdfError::OutOfRange);
    }
    if asked.memory_kib > ceiling.memory_kib || asked.kib_passes() > ceiling.kib_passes {
        return Err(KdfError::TooCostly { asked, ceiling });
    }
    Ok(())
}

/// Derives 32 bytes from a passphrase.
///
/// The blocks are wiped by the program's allocator when they are freed: the crate's own `zeroize`
/// feature covers the first and last block alone (argon2 0.6).
///
/// # Errors
///
/// [`KdfError::OutOfMemory`], or [`KdfError::OutOfRange`] when the parameters were not checked.
pub fn derive(passphrase: &[u8], salt: &[u8; 16], cost: KdfParameters) -> Result<SecretBytes, KdfError> {
    let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(KEY_BYTES))
        .map_err(|_| KdfError::OutOfRange)?;
    let mut key = SecretBytes::new(vec![0; KEY_BYTES]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase, salt, key.expose_mut())
        .map_err(|_| KdfError::OutOfMemory(cost))?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn cost(memory_kib: u32, passes: u32, lanes: u32) -> KdfParameters {
        KdfParameters { memory_kib, passes, lanes }
    }

    #[test]
    fn each_bound_is_enforced_before_memory_is_taken() {
        let check = |asked| check(asked, Ceiling::USUAL);
        assert_eq!(check(KdfParameters::BUNDLE), Ok(()));
        assert_eq!(check(cost(8 << 10, 1, 1)), Ok(()));
        for asked in [
            cost((8 << 10) - 1, 1, 1),
            cost(8 << 10, 0, 1),
            cost(8 << 10, 65, 1),
            cost(8 << 10, 1, 0),
            cost(8 << 10, 1, 17),
        ] {
            assert_eq!(check(asked), Err(KdfError::OutOfRange), "{asked:?}");
        }
        for asked in [cost((2 << 20) + 1, 1, 1), cost(1 << 20, 17, 1), cost(u32::MAX, 1, 1)] {
            assert!(matches!(check(asked), Err(KdfError::TooCostly { .. })), "{asked:?}");
        }
        assert_eq!(super::check(cost(1 << 20, 17, 1), Ceiling::RAISED), Ok(()));
    }

    #[test]
    fn what_lies_at_a_bound_is_taken_and_what_lies_beyond_it_is_not() {
        let usual = |asked| check(asked, Ceiling::USUAL).is_ok();
        assert!(usual(cost(8 << 10, 64, 16)));
        assert!(usual(cost(2 << 20, 8, 1)));
        assert!(!usual(cost(2 << 20, 9, 1)));
        assert!(!usual(cost((2 << 20) + 1, 1, 1)));
        let raised = |asked| check(asked, Ceiling::RAISED).is_ok();
        assert!(raised(cost((4 << 20) - 1, 16, 1)));
        assert!(!raised(cost((4 << 20) - 1, 17, 1)));
        assert!(!raised(cost(4 << 20, 1, 1)));
    }

    #[test]
    fn new_slots_cost_what_the_pages_say_and_never_less_than_the_floor() {
        assert_eq!((KdfParameters::VAULT, KdfParameters::VAULT.memory_mib()), (cost(131_072, 3, 1), 128));
        assert_eq!((KdfParameters::BUNDLE, KdfParameters::BUNDLE.memory_mib()), (cost(262_144, 6, 1), 256));
        assert_eq!(KdfParameters::FLOOR, cost(65_536, 3, 1));
        assert_eq!(cost(8193, 1, 1).memory_mib(), 9);
        for reaching in [KdfParameters::VAULT, KdfParameters::BUNDLE, KdfParameters::FLOOR] {
            assert!(reaching.reaches_floor(), "{reaching:?}");
        }
        for below in [cost(65_535, 3, 1), cost(65_536, 2, 1), cost(1 << 20, 2, 1), cost(8192, 9, 1)] {
            assert!(!below.reaches_floor(), "{below:?}");
        }
    }

    #[test]
    fn a_refusal_names_what_was_asked_and_what_is_allowed() {
        let refused = check(cost(3 << 20, 2, 1), Ceiling::USUAL).unwrap_err().to_string();
        assert_eq!(
            refused,
            "the file asks for 3072 MiB of memory and 2 passes; the limit is 2048 MiB, and 16384 MiB times passes"
        );
    }

    #[test]
    fn the_result_is_what_the_reference_implementation_gives() {
        for (passphrase, memory_kib, passes, lanes, expected) in REFERENCE {
            let salt = b"somesaltsomesalt";
            let key = derive(passphrase.as_bytes(), salt, cost(memory_kib, passes, lanes)).unwrap();
            assert_eq!(data_encoding::HEXLOWER.encode(key.expose()), expected, "{passphrase} {memory_kib}");
        }
    }

    /// The crate as it is in `Cargo.lock`: the vector has a secret and associated data, which no slot uses.
    #[test]
    fn argon2id_gives_what_rfc_9106_section_5_3_says() {
        let data = argon2::AssociatedData::new(&[4; 12]).unwrap();
        let params = argon2::ParamsBuilder::new().m_cost(32).t_cost(3).p_cost(4).data(data).build().unwrap();
        let (algorithm, version) = (Algorithm::Argon2id, Version::V0x13);
        let argon2 = Argon2::new_with_secret(&[3; 8], algorithm, version, params).unwrap();
        let mut tag = [0; 32];
        argon2.hash_password_into(&[1; 32], &[2; 16], &mut tag).unwrap();
        let expected = "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659";
        assert_eq!(data_encoding::HEXLOWER.encode(&tag), expected);
    }

    /// Passphrase, KiB, passes, lanes and key, by the reference implementation (argon2 0~20171227-0.3 of Debian):
    /// `printf PASSPHRASE | argon2 somesaltsomesalt -id -v 13 -t PASSES -k KIB -p LANES -l 32 -r`.
    const REFERENCE: [(&str, u32, u32, u32, &str); 5] = [
        ("password", 8 << 10, 1, 1, "84fb006bbc3cd69895722b64b5bf735251a9e8e9f3ecb93ff595b98aeb7accb7"),
        (
            "correct horse battery staple",
            8 << 10,
            3,
            1,
            "b222b4830fe484a65307605bb7bc3afe4934256cc720e5871ba27a5346018263",
        ),
        ("Zürich", 9000, 2, 4, "0f6bb40bca3a8095241131c88af38066a6f15ffc2744234bc0229ba8775a2d5a"),
        ("password", 128 << 10, 3, 1, "fda752a81931904d9a7c00aafec5d8fee575bba82b62fc0296fff5438dc649bd"),
        ("password", 64 << 10, 2, 16, "307042cf76cefb2e5591eb8560a0e5919948dd60e9cca3f7c0594b2a62b79554"),
    ];
}
