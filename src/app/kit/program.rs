//! On which machines a program runs, as its own first bytes say it.

/// ELF's number of the segment that names the loader, which a static program has not.
const PT_INTERP: u32 = 3;
/// Most segments that are looked at; a program has a dozen.
const MOST_SEGMENTS: u16 = 512;

/// What is known of a program file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Machine {
    /// The system and the processor, in words.
    pub runs_on: String,
    /// Whether it brings everything with it; `None` where that is not known.
    pub is_static: Option<bool>,
}

impl Machine {
    /// What the file of a program says of itself.
    pub fn of(program: &[u8]) -> Self {
        elf(program).unwrap_or_else(|| Self {
            runs_on: format!("the system that it was made on ({})", std::env::consts::OS),
            is_static: None,
        })
    }

    /// A sentence or two for whoever stands before a machine.
    pub fn in_words(&self) -> String {
        let runs_on = &self.runs_on;
        match self.is_static {
            Some(true) => format!("It runs on {runs_on}, and needs nothing else on that machine."),
            Some(false) => format!(
                "It runs on {runs_on}, with the C library (glibc) of the system that it was made on or a newer one."
            ),
            None => format!("It runs on {runs_on}."),
        }
    }
}

fn elf(file: &[u8]) -> Option<Machine> {
    if file.get(..4)? != b"\x7fELF" {
        return None;
    }
    let reader = Reader { file, wide: *file.get(4)? == 2, little: *file.get(5)? == 1 };
    let processor = match reader.u16(18)? {
        3 => "32-bit PC processors (x86)".to_owned(),
        40 => "32-bit ARM processors".to_owned(),
        62 => "64-bit PC processors of Intel and AMD (x86-64), as nearly every PC has".to_owned(),
        183 => "64-bit ARM processors (AArch64)".to_owned(),
        243 => "RISC-V processors".to_owned(),
        number => format!("the processor of ELF's number {number}"),
    };
    Some(Machine { runs_on: format!("Linux with {processor}"), is_static: reader.is_static() })
}

/// Reads numbers in the order and width that the file's head names.
struct Reader<'a> {
    file: &'a [u8],
    wide: bool,
    little: bool,
}

impl Reader<'_> {
    fn is_static(&self) -> Option<bool> {
        let (table, size, n_segments) = if self.wide {
            (self.u64(32)?, self.u16(54)?, self.u16(56)?)
        } else {
            (u64::from(self.u32(28)?), self.u16(42)?, self.u16(44)?)
        };
        let table = usize::try_from(table).ok()?;
        for idx in 0..n_segments.min(MOST_SEGMENTS) {
            let segment = table.checked_add(usize::from(idx).checked_mul(usize::from(size))?)?;
            if self.u32(segment)? == PT_INTERP {
                return Some(false);
            }
        }
        Some(true)
    }

    fn bytes<const N: usize>(&self, at: usize) -> Option<[u8; N]> {
        let mut bytes: [u8; N] = self.file.get(at..at.checked_add(N)?)?.try_into().ok()?;
        if !self.little {
            bytes.reverse();
        }
        Some(bytes)
    }

    fn u16(&self, at: usize) -> Option<u16> {
        self.bytes(at).map(u16::from_le_bytes)
    }

    fn u32(&self, at: usize) -> Option<u32> {
        self.bytes(at).map(u32::from_le_bytes)
    }

    fn u64(&self, at: usize) -> Option<u64> {
        self.bytes(at).map(u64::from_le_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A head with two segments, of the kinds that are named.
    fn file(wide: bool, little: bool, processor: u16, kinds: [u32; 2]) -> Vec<u8> {
        let mut file = vec![0; 200];
        file[..4].copy_from_slice(b"\x7fELF");
        file[4] = if wide { 2 } else { 1 };
        file[5] = if little { 1 } else { 2 };
        let mut put = |at: usize, number: u64, len: usize| {
            let bytes = number.to_le_bytes();
            for idx in 0..len {
                file[at + idx] = bytes[if little { idx } else { len - 1 - idx }];
            }
        };
        put(18, u64::from(processor), 2);
        let (table, size, n, len) = if wide { (32, 54, 56, 8) } else { (28, 42, 44, 4) };
        put(table, 64, len);
        put(size, 56, 2);
        put(n, 2, 2);
        put(64, u64::from(kinds[0]), 4);
        put(120, u64::from(kinds[1]), 4);
        file
    }

    #[test]
    fn a_program_without_a_loader_is_static_whatever_its_width_and_order() {
        for (wide, little) in [(true, true), (true, false), (false, true), (false, false)] {
            let with = |kinds| Machine::of(&file(wide, little, 62, kinds)).is_static;
            assert_eq!(with([1, 2]), Some(true));
            assert_eq!(with([1, PT_INTERP]), Some(false), "the last one counts too");
        }
    }

    #[test]
    fn the_processor_is_said_in_words_and_an_unknown_one_by_its_number() {
        let of = |processor| Machine::of(&file(true, true, processor, [1, 1])).runs_on;
        assert!(of(62).contains("x86-64"), "{}", of(62));
        assert!(of(183).contains("AArch64"));
        assert!(of(9999).contains("9999"));
    }

    #[test]
    fn what_is_no_program_of_linux_or_is_cut_is_not_called_static() {
        let whole = file(true, true, 62, [1, 1]);
        for cut in 0..=64 {
            assert_ne!(Machine::of(&whole[..cut]).is_static, Some(true), "{cut}");
        }
        assert_eq!(Machine::of(b"MZ").is_static, None);
        assert!(Machine::of(b"MZ").in_words().starts_with("It runs on the system"));
    }
}
