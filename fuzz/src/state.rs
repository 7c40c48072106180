//! What a machine remembers of a vault. Bytes: the file.

use lifeboat::wire::state_v1::{encode, parse};

pub fn run(data: &[u8]) {
    let Some(state) = parse(data) else { return };
    assert_eq!(parse(&encode(&state)), Some(state));
}
