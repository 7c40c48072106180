//! The layers whose tests are measured, alone, with every test that needs nothing above them.
//!
//! `tests/strength/mutants.sh` makes a crate of this file, of copies of the layers and of their tests.
//! All of it is one test binary, so that one mutant costs one compilation of these layers and one link.

#[cfg(test)]
extern crate self as lifeboat;

pub mod secret;

pub mod otp;

pub mod entry;

pub mod vault;

pub mod audit;

pub mod envelope;

pub mod wire;

pub mod storage;

#[cfg(test)]
mod faulty_disk;
#[cfg(test)]
mod hostile_storage;
#[cfg(test)]
mod kept_storage;
#[cfg(test)]
mod otp_second_implementation;
#[cfg(test)]
mod real_storage;

/// The form of a vector file.
#[cfg(test)]
mod file;
/// Runs the vectors of the container and of the RFCs.
#[cfg(test)]
mod vectors;
