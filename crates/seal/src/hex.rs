//! Lower-case hexadecimal of a fixed length.

use crate::Broken;
use data_encoding::HEXLOWER;

pub fn encode(bytes: &[u8]) -> String {
    HEXLOWER.encode(bytes)
}

pub fn decode<const N: usize>(text: &str) -> Result<[u8; N], Broken> {
    if text.len() != N * 2 {
        return Err(Broken::Hex);
    }
    let bytes = HEXLOWER.decode(text.as_bytes()).map_err(|_| Broken::Hex)?;
    bytes.try_into().map_err(|_| Broken::Hex)
}
