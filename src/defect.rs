//! Panics: a defect of this program, or one of a library that is caught where the library is called.
//!
//! What the standard library prints of one may repeat what the program worked on: a text that was cut between two bytes
//! stands in it as a whole. So nothing is printed but the place.

use std::cell::Cell;
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};

thread_local! {
    /// How many pieces of work on this thread are inside [`caught`].
    static N_CAUGHT: Cell<usize> = const { Cell::new(0) };
}

/// Tells of a panic by its place alone, after `give_back` has given back what the program holds of the terminal. One that
/// is caught by [`caught`] is not told of.
pub fn tell_the_place_alone(give_back: impl Fn() + Send + Sync + 'static) {
    set_hook(Box::new(move |panic| {
        if N_CAUGHT.get() > 0 {
            return;
        }
        give_back();
        let place =
            panic.location().map_or_else(String::new, |at| format!(" at {}:{}", at.file(), at.line()));
        // Where nobody listens, nobody is to be told.
        let _told = writeln!(
            std::io::stderr(),
            "lifeboat: a defect{place}; the vault on disk is the last complete one. Please report this line."
        );
    }));
}

/// Does work that may panic; `None` where it did. For work that leaves nothing half done behind.
pub fn caught<T>(work: impl FnOnce() -> T) -> Option<T> {
    N_CAUGHT.set(N_CAUGHT.get() + 1);
    let done = catch_unwind(AssertUnwindSafe(work));
    N_CAUGHT.set(N_CAUGHT.get() - 1);
    done.ok()
}
