//! What is wrong with bytes that claim to be signed or sealed.

use thiserror::Error;

/// Bytes that are not what they claim to be. Nothing was read from them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Broken {
    /// Not lower-case hexadecimal of the right length.
    #[error("not hexadecimal of the right length")]
    Hex,
    /// The key is no point of the curve, or a weak one.
    #[error("no usable key")]
    Key,
    /// The signature is not by this key over these bytes.
    #[error("the signature does not fit")]
    Signature,
    /// Sealed by a version that this one does not know, or cut short.
    #[error("sealed in a form that this version does not know")]
    Form,
    /// Sealed with another key, for another place, or changed since.
    #[error("the seal is broken")]
    Seal,
    /// Larger than allowed.
    #[error("larger than allowed")]
    TooLarge,
}
