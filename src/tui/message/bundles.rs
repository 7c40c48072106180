//! What happens around bundles.

/// One thing that happened.
#[derive(Debug)]
pub enum BundleMessage {
    /// Look at a bundle's outside.
    Inspect,
    /// Open the selected bundle and check it.
    Verify,
}

impl BundleMessage {
    /// Whether the person did it.
    pub fn is_by_person(&self) -> bool {
        match self {
            Self::Inspect | Self::Verify => true,
        }
    }
}
