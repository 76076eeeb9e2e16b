//! QR codes, for screens and for terminals.

use fast_qr::convert::Builder as _;
use fast_qr::convert::svg::SvgBuilder;
use fast_qr::qr::{QRBuilder, QRCode};

/// As SVG; empty for a text that fits no QR code (beyond 2,900 bytes).
#[must_use]
pub fn svg(text: &str) -> String {
    code(text).map(|code| SvgBuilder::default().margin(4).to_str(&code)).unwrap_or_default()
}

/// In half blocks, to be scanned from a terminal; empty as above.
#[must_use]
pub fn terminal(text: &str) -> String {
    code(text).map(|code| code.to_str()).unwrap_or_default()
}

fn code(text: &str) -> Option<QRCode> {
    QRBuilder::new(text.as_bytes()).build().ok()
}
