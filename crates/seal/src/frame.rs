//! An append-only file of items that survives a torn tail: what was appended wholly is read, what was not is left.

const MARK: usize = 8;
const HEADER: usize = 4 + MARK;
/// Bytes of one item at most; a longer length in a file is a torn or foreign tail.
pub const FRAME_BYTES: usize = 2 << 20;

/// One item as it is appended: `length (4, big endian) ‖ first 8 bytes of BLAKE3(item) ‖ item`.
///
/// Items longer than [`FRAME_BYTES`] cannot be read back; callers stay far below.
#[must_use]
pub fn frame(item: &[u8]) -> Vec<u8> {
    let length = u32::try_from(item.len()).unwrap_or(u32::MAX);
    let mut framed = Vec::with_capacity(HEADER + item.len());
    framed.extend_from_slice(&length.to_be_bytes());
    framed.extend_from_slice(&mark(item));
    framed.extend_from_slice(item);
    framed
}

/// The items of a file from its beginning; ends at the first that is not whole.
#[must_use]
pub fn frames(file: &[u8]) -> Frames<'_> {
    Frames { rest: file, whole_bytes: 0 }
}

/// Iterator over the items of a file.
#[derive(Clone, Debug)]
pub struct Frames<'a> {
    rest: &'a [u8],
    whole_bytes: usize,
}

impl Frames<'_> {
    /// Bytes of the file up to the end of the last item given: after the iterator has ended, the length to which a
    /// file with a torn tail is cut before something is appended.
    #[must_use]
    pub fn whole_bytes(&self) -> usize {
        self.whole_bytes
    }
}

impl<'a> Iterator for Frames<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let (length, rest) = self.rest.split_first_chunk::<4>()?;
        let (expected, rest) = rest.split_first_chunk::<MARK>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok().filter(|l| *l <= FRAME_BYTES)?;
        let (item, rest) = rest.split_at_checked(length)?;
        if mark(item) != *expected {
            return None;
        }
        self.rest = rest;
        self.whole_bytes += HEADER + length;
        Some(item)
    }
}

fn mark(item: &[u8]) -> [u8; MARK] {
    let mut mark = [0; MARK];
    mark.iter_mut().zip(blake3::hash(item).as_bytes()).for_each(|(m, b)| *m = *b);
    mark
}

#[cfg(test)]
mod tests {
    use super::*;

    fn three() -> Vec<u8> {
        [frame(b"one"), frame(b""), frame(b"three")].concat()
    }

    #[test]
    fn items_come_back_in_order() {
        let file = three();
        let mut read = frames(&file);
        assert_eq!(read.by_ref().collect::<Vec<_>>(), [&b"one"[..], b"", b"three"]);
        assert_eq!(read.whole_bytes(), file.len());
    }

    #[test]
    fn a_file_torn_anywhere_gives_the_items_before_the_tear() {
        let file = three();
        let ends = [frame(b"one").len(), frame(b"one").len() + frame(b"").len(), file.len()];
        for end in 0..file.len() {
            let mut read = frames(&file[..end]);
            let whole = ends.iter().filter(|e| **e <= end).count();
            assert_eq!(read.by_ref().count(), whole, "torn at {end}");
            assert_eq!(read.whole_bytes(), ends[..whole].last().copied().unwrap_or(0));
        }
    }

    #[test]
    fn a_changed_byte_ends_the_reading_at_its_item() {
        let file = three();
        for at in 0..frame(b"one").len() {
            let mut changed = file.clone();
            changed[at] ^= 1;
            assert_eq!(frames(&changed).count(), 0, "byte {at}");
        }
    }

    #[test]
    fn a_huge_length_is_a_torn_tail() {
        assert_eq!(frames(&[0xff; 64]).count(), 0);
    }
}
