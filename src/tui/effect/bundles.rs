//! What is to be done around bundles.

/// One thing to do.
#[derive(Debug)]
pub enum BundleEffect {}
