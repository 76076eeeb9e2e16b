//! Reading choices from bytes: whatever they are, they say something.

pub struct Bytes<'a>(pub &'a [u8]);

impl<'a> Bytes<'a> {
    pub fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// The next byte, or 0.
    pub fn byte(&mut self) -> u8 {
        self.next().unwrap_or(0)
    }

    pub fn number(&mut self) -> usize {
        usize::from(u16::from_le_bytes([self.byte(), self.byte()]))
    }

    pub fn rest(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.0)
    }

    /// The file as it was, but for some bytes and perhaps its end.
    pub fn damage(&mut self, file: &[u8]) -> Vec<u8> {
        let mut damaged = file.to_vec();
        let cut = self.number();
        if cut > 0 {
            damaged.truncate(file.len() * cut / usize::from(u16::MAX));
        }
        while let (Some(value), false) = (self.next(), damaged.is_empty()) {
            let at = (self.number() << 8 | usize::from(self.byte())) % damaged.len();
            damaged[at] ^= value;
        }
        damaged
    }
}
