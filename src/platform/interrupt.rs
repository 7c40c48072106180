//! Ctrl-C and its like, for what runs until somebody stops it and has to tidy up then.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Tells whether the person or the system asked the program to stop.
#[derive(Debug)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Starts to listen. From here on the signals no longer end the process by themselves.
    pub fn watch() -> Self {
        let happened = Arc::new(AtomicBool::new(false));
        #[cfg(unix)]
        for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM, signal_hook::consts::SIGHUP]
        {
            // Where it cannot be listened for, the signal ends the process as it always did.
            let _registered = signal_hook::flag::register(signal, Arc::clone(&happened));
        }
        Self(happened)
    }

    /// Tells whether one of the signals came.
    pub fn happened(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
