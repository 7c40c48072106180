//! Signals that would end the process, for what has to tidy up first.

use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

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
        WATCHED.store(true, Ordering::SeqCst);
        if let Some(handlers) = HANDLERS.get() {
            handlers.ends.store(false, Ordering::SeqCst);
        }
        Self(happened)
    }

    /// Tells whether one of the signals came.
    pub fn happened(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Set by the first [`Interrupt`].
static WATCHED: AtomicBool = AtomicBool::new(false);

/// Made once: a handler that was in place cannot be taken away again without losing signals.
static HANDLERS: OnceLock<Handlers> = OnceLock::new();

#[derive(Debug)]
struct Handlers {
    /// While true, a signal ends the process as if there were no handler.
    ends: Arc<AtomicBool>,
    /// The signal that came while it was false; 0 for none.
    came: Arc<AtomicUsize>,
    /// How many hold signals back.
    holding: AtomicUsize,
}

/// Holds back the signals that end the process, as long as it lives. One that came is acted upon when it is
/// dropped: the process ends by it, and whoever waits for the process sees that. Of several at a time, the last one acts.
#[derive(Debug)]
pub struct HeldBack(&'static Handlers);

impl HeldBack {
    /// Holds SIGHUP, SIGINT, SIGQUIT and SIGTERM back from here on.
    pub fn new() -> Self {
        let handlers = HANDLERS.get_or_init(Handlers::registered);
        handlers.holding.fetch_add(1, Ordering::SeqCst);
        handlers.ends.store(false, Ordering::SeqCst);
        Self(handlers)
    }

    /// Tells whether one of them came.
    pub fn came(&self) -> bool {
        self.0.came.load(Ordering::SeqCst) != 0
    }

    /// Forgets a signal that a key at the terminal has sent: it was meant for a program that had the terminal.
    pub fn forget_keys(&self) {
        #[cfg(unix)]
        for key in [signal_hook::consts::SIGINT, signal_hook::consts::SIGQUIT] {
            let key = usize::try_from(key).unwrap_or_default();
            let _forgotten = self.0.came.compare_exchange(key, 0, Ordering::SeqCst, Ordering::SeqCst);
        }
    }
}

impl Default for HeldBack {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for HeldBack {
    fn drop(&mut self) {
        if self.0.holding.fetch_sub(1, Ordering::SeqCst) > 1 {
            return;
        }
        let signal = self.0.came.swap(0, Ordering::SeqCst);
        // What repeats until it is interrupted has its own way to end.
        self.0.ends.store(!WATCHED.load(Ordering::SeqCst), Ordering::SeqCst);
        #[cfg(unix)]
        if let Some(signal) = i32::try_from(signal).ok().filter(|signal| *signal != 0) {
            let _ended = signal_hook::low_level::emulate_default_handler(signal);
        }
        #[cfg(not(unix))]
        let _ = signal;
    }
}

impl Handlers {
    fn registered() -> Self {
        let handlers = Self {
            ends: Arc::new(AtomicBool::new(false)),
            came: Arc::new(AtomicUsize::new(0)),
            holding: AtomicUsize::new(0),
        };
        #[cfg(unix)]
        for signal in [
            signal_hook::consts::SIGHUP,
            signal_hook::consts::SIGINT,
            signal_hook::consts::SIGQUIT,
            signal_hook::consts::SIGTERM,
        ] {
            use signal_hook::flag;
            // In this order: a signal that ends the process is not remembered first.
            let ends = flag::register_conditional_default(signal, Arc::clone(&handlers.ends));
            let number = usize::try_from(signal).unwrap_or_default();
            if ends.is_ok() {
                let _remembered = flag::register_usize(signal, Arc::clone(&handlers.came), number);
            }
        }
        handlers
    }
}
