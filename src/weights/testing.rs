//! What the tests of this folder share.

/// A small deterministic generator (xorshift), so that a failing mutation fails again.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number under `limit`, which must not be 0.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }
}

/// A copy with a few bytes changed, added or removed, or the end cut off.
pub(crate) fn mutate(seed: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=random.below(4) {
        if bytes.is_empty() {
            break;
        }
        let at = random.below(bytes.len());
        let byte = random.next() as u8;
        match random.below(6) {
            0 => bytes[at] = byte,
            1 => bytes[at] ^= 1 << (byte & 7),
            2 => bytes.insert(at, byte),
            3 => drop(bytes.remove(at)),
            4 => bytes[at] = [0, 1, 0x7F, 0x80, 0xFF, b'0', b'9', b'"'][usize::from(byte & 7)],
            _ if random.below(8) == 0 => bytes.truncate(at),
            _ => {
                let other = random.below(bytes.len());
                bytes.swap(at, other);
            }
        }
    }
    bytes
}
