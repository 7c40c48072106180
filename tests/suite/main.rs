//! The one integration binary.

mod interop;
mod otp_second_implementation;
