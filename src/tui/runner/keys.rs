//! Reads the terminal into a buffer that is wiped, and passes on what was typed.

use std::sync::mpsc::Sender;
use std::time::Duration;

use signal_hook::consts::SIGHUP;
use zeroize::{Zeroize as _, Zeroizing};

use super::Happening;
use crate::platform::process;
use crate::platform::terminal::{Came, read_in};
use crate::tui::input::{Decoder, Input};

/// How long the rest of a sequence may take, so that Esc alone is taken for the key. A sequence is sent in
/// one piece and seldom parted on its way.
const PAUSE: Duration = Duration::from_millis(100);

/// Bytes read at once.
const AT_ONCE: usize = 1024;

/// Sends what the person does until the terminal is gone or nobody listens.
pub(super) fn send_all(happenings: &Sender<Happening>) {
    let mut decoder = Decoder::default();
    let mut bytes = Zeroizing::new(vec![0; AT_ONCE]);
    loop {
        let inputs: Vec<Input> = match read_in(&mut bytes, decoder.awaits().then_some(PAUSE)) {
            Ok(Came::Bytes(n_bytes)) => decoder.feed(bytes.get(..n_bytes).unwrap_or_default()),
            Ok(Came::Nothing) => decoder.pause().into_iter().collect(),
            Ok(Came::End) | Err(_) => {
                // Leave as after a hang-up.
                let _sent = happenings.send(Happening::Signal(SIGHUP));
                return;
            }
        };
        bytes.as_mut_slice().zeroize();
        for input in inputs {
            if happenings.send(Happening::Terminal(Box::new(input))).is_err() {
                return;
            }
        }
        process::wipe_stack();
    }
}
