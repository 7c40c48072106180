//! Finding the master key with what somebody has brought.

use super::slot::SlotError;
use super::{Ceiling, Credentials, MasterKey, OpenError, Sealed, Slot};

impl Sealed {
    /// Finds the master key with what was brought, and says which slot gave it.
    ///
    /// # Errors
    ///
    /// [`OpenError::NoFittingSlot`], [`OpenError::WrongCredential`], [`OpenError::Kdf`] before memory is
    /// taken, and [`OpenError::Altered`] when a slot commits to the key and does not open.
    pub fn unlock(
        &self,
        credentials: &Credentials,
        ceiling: Ceiling,
    ) -> Result<(MasterKey, [u8; 4]), OpenError> {
        self.unlock_by(credentials, ceiling, |_| true)
    }

    /// As [`Sealed::unlock`], by the slots alone that want a passphrase: a key file that is brought along, and would
    /// open it alone, says nothing of whether the passphrase is the right one.
    ///
    /// # Errors
    ///
    /// As [`Sealed::unlock`].
    pub fn unlock_by_passphrase(
        &self,
        credentials: &Credentials,
        ceiling: Ceiling,
    ) -> Result<(MasterKey, [u8; 4]), OpenError> {
        self.unlock_by(credentials, ceiling, |slot| slot.kind.derivation().is_some())
    }

    fn unlock_by(
        &self,
        credentials: &Credentials,
        ceiling: Ceiling,
        counts: impl Fn(&Slot) -> bool,
    ) -> Result<(MasterKey, [u8; 4]), OpenError> {
        let mut tried = 0;
        let mut refused = None;
        // Key files and shares first: they cost nothing.
        let cheap_first = [false, true];
        let slots = cheap_first.into_iter().flat_map(|costly| {
            self.header.slots.iter().filter(move |slot| slot.kind.derivation().is_some() == costly)
        });
        for slot in slots.filter(|slot| counts(slot)) {
            match slot.unwrap_key(self.kind, &self.header.id, credentials, ceiling) {
                Ok(master) => return Ok((master, slot.sid)),
                Err(SlotError::NotForThis) => {}
                Err(SlotError::DoesNotFit) => tried += 1,
                Err(SlotError::Altered) => return Err(OpenError::Altered { part: "a slot" }),
                Err(SlotError::Kdf(error)) => refused = refused.or(Some(error)),
            }
        }
        match (refused, tried) {
            (Some(error), _) => Err(error.into()),
            (None, 0) => Err(OpenError::NoFittingSlot),
            (None, tried) => Err(OpenError::WrongCredential { tried }),
        }
    }
}
