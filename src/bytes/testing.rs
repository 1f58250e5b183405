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

/// How many rounds a mutation test goes: `usual` in the normal suite, and `HF_RELEASE_LONG_TESTS` times as many where that
/// is set to a number.
pub(crate) fn rounds(usual: usize) -> usize {
    let times = std::env::var("HF_RELEASE_LONG_TESTS").ok().and_then(|times| times.parse::<usize>().ok());
    usual * times.unwrap_or(1)
}

/// Demands that a run costs no more than its input has grown by: twice as much may cost some three times as long, and what
/// is quadratic costs four times. The best of a few tries counts.
pub(crate) fn grows_evenly(what: &str, full: usize, run: impl Fn(usize)) {
    let time = |size| {
        let start = crate::testing::Stopwatch::start();
        run(size);
        start.elapsed()
    };
    let (mut half, mut whole) = (time(full / 2), time(full));
    // What takes no time at all is measured badly.
    let noise = std::time::Duration::from_millis(30);
    for _ in 0..4 {
        if whole <= half * 3 + noise {
            return;
        }
        (half, whole) = (half.min(time(full / 2)), whole.min(time(full)));
    }
    panic!("{what}: {whole:?}, and half of it takes {half:?}");
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

/// A file whose start and end are given and which is zeros between; counts the bytes that are read of it.
pub(crate) struct Sparse {
    head: Vec<u8>,
    tail: Vec<u8>,
    size: u64,
    at: u64,
    read: u64,
}

impl Sparse {
    pub(crate) fn new(head: &[u8], size: u64) -> Self {
        Self { head: head.to_vec(), tail: Vec::new(), size, at: 0, read: 0 }
    }

    pub(crate) fn ending(mut self, tail: &[u8]) -> Self {
        self.tail = tail.to_vec();
        self
    }

    pub(crate) fn read_bytes(&self) -> u64 {
        self.read
    }
}

impl std::io::Read for Sparse {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let length = buffer.len().min(self.size.saturating_sub(self.at) as usize);
        let buffer = &mut buffer[..length];
        buffer.fill(0);
        let tail_start = self.size - self.tail.len() as u64;
        for (part, start) in [(&self.head, 0), (&self.tail, tail_start)] {
            let from = self.at.max(start);
            let to = (self.at + length as u64).min(start + part.len() as u64);
            if from < to {
                let target = &mut buffer[(from - self.at) as usize..(to - self.at) as usize];
                target.copy_from_slice(&part[(from - start) as usize..(to - start) as usize]);
            }
        }
        self.at += length as u64;
        self.read += length as u64;
        Ok(length)
    }
}

impl std::io::Seek for Sparse {
    fn seek(&mut self, to: std::io::SeekFrom) -> std::io::Result<u64> {
        let std::io::SeekFrom::Start(at) = to else { panic!("only from the start") };
        self.at = at;
        Ok(at)
    }
}

/// A zip of stored members, without data descriptors.
pub(crate) fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    zip_of(members.iter().map(|(name, content)| Member::stored(name, content)))
}

/// A member of a zip with everything that can be said of it, true or not.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) local_name: String,
    pub(crate) packed: Vec<u8>,
    pub(crate) method: u16,
    pub(crate) flags: u16,
    pub(crate) local_flags: u16,
    pub(crate) crc: u32,
    pub(crate) size: u32,
    pub(crate) compressed: u32,
    /// Where the directory says it stands, if not where it does.
    pub(crate) offset: Option<u32>,
}

impl Member {
    pub(crate) fn stored(name: &str, content: &[u8]) -> Self {
        let mut crc = flate2::Crc::new();
        crc.update(content);
        Self {
            name: name.to_owned(),
            local_name: name.to_owned(),
            packed: content.to_vec(),
            method: 0,
            flags: 0,
            local_flags: 0,
            crc: crc.sum(),
            size: content.len() as u32,
            compressed: content.len() as u32,
            offset: None,
        }
    }

    /// Packed by some method, whose bytes are given.
    pub(crate) fn packed(name: &str, content: &[u8], method: u16, packed: Vec<u8>) -> Self {
        let compressed = packed.len() as u32;
        Self { packed, method, compressed, ..Self::stored(name, content) }
    }
}

/// A zip of such members.
pub(crate) fn zip_of(members: impl IntoIterator<Item = Member>) -> Vec<u8> {
    let (mut file, mut directory, mut count) = (Vec::new(), Vec::new(), 0_u16);
    for member in members {
        let offset = member.offset.unwrap_or(file.len() as u32);
        let common = |flags: u16, name: &str| {
            let mut common = vec![20, 0];
            common.extend(flags.to_le_bytes());
            common.extend(member.method.to_le_bytes());
            common.extend([0, 0, 0x21, 0]);
            common.extend(member.crc.to_le_bytes());
            common.extend(member.compressed.to_le_bytes());
            common.extend(member.size.to_le_bytes());
            common.extend((name.len() as u16).to_le_bytes());
            common.extend([0, 0]);
            common
        };
        file.extend(b"PK\x03\x04");
        file.extend(common(member.local_flags, &member.local_name));
        file.extend(member.local_name.as_bytes());
        file.extend(&member.packed);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(common(member.flags, &member.name));
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(member.name.as_bytes());
        count += 1;
    }
    let start = file.len() as u32;
    file.extend(&directory);
    file.extend(b"PK\x05\x06\0\0\0\0");
    file.extend(count.to_le_bytes());
    file.extend(count.to_le_bytes());
    file.extend((directory.len() as u32).to_le_bytes());
    file.extend(start.to_le_bytes());
    file.extend([0, 0]);
    file
}

/// A tar of files.
pub(crate) fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = Vec::new();
    for (name, content) in members {
        let mut header = vec![0; 512];
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[100..108].copy_from_slice(b"0000644\0");
        header[124..136].copy_from_slice(format!("{:011o}\0", content.len()).as_bytes());
        header[148..156].fill(b' ');
        header[156] = b'0';
        header[257..265].copy_from_slice(b"ustar\x0000");
        let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
        header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        file.extend(header);
        file.extend(*content);
        file.resize(file.len().next_multiple_of(512), 0);
    }
    file.resize(file.len() + 1024, 0);
    file
}
