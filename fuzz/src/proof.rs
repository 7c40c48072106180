//! A file of proofs. Bytes: the file.

use lifeboat::wire::proof_v1::{encode, message, parse};

pub fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok((proofs, line, signature)) = parse(text) else { return };
    assert_eq!(message(&proofs), line, "a reader refuses what it would not write");
    let written = encode(&line, &signature);
    assert_eq!(parse(&written), Ok((proofs, line, signature)));
}
