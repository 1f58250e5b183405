//! The two hashes that git signs its index with (FIPS 180-4). Here they only tell a damaged file from a whole one.

/// SHA-1 of `bytes`.
pub(super) fn sha1(bytes: &[u8]) -> Vec<u8> {
    let mut state: [u32; 5] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0];
    let stretch = |window: &[u32; 16]| (window[13] ^ window[8] ^ window[2] ^ window[0]).rotate_left(1);
    blocks(bytes, stretch, |words: &[u32; 80]| {
        let [mut a, mut b, mut c, mut d, mut e] = state;
        for (round, word) in words.iter().enumerate() {
            let (mix, constant) = match round {
                0..20 => ((b & c) | (!b & d), 0x5a82_7999),
                20..40 => (b ^ c ^ d, 0x6ed9_eba1_u32),
                40..60 => ((b & c) | (b & d) | (c & d), 0x8f1b_bcdc),
                _ => (b ^ c ^ d, 0xca62_c1d6),
            };
            let turned = a.rotate_left(5).wrapping_add(mix).wrapping_add(e);
            let next = turned.wrapping_add(constant).wrapping_add(*word);
            (e, d, c, b, a) = (d, c, b.rotate_left(30), a, next);
        }
        add(&mut state, [a, b, c, d, e]);
    });
    state.iter().flat_map(|word| word.to_be_bytes()).collect()
}

/// SHA-256 of `bytes`.
pub(super) fn sha256(bytes: &[u8]) -> Vec<u8> {
    let mut state: [u32; 8] =
        [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];
    let stretch = |window: &[u32; 16]| {
        let early = window[1].rotate_right(7) ^ window[1].rotate_right(18) ^ (window[1] >> 3);
        let late = window[14].rotate_right(17) ^ window[14].rotate_right(19) ^ (window[14] >> 10);
        window[0].wrapping_add(early).wrapping_add(window[9]).wrapping_add(late)
    };
    blocks(bytes, stretch, |words: &[u32; 64]| {
        let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = state;
        for (constant, word) in SHA256_CONSTANTS.into_iter().zip(words) {
            let high = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
            let choice = (e & f) ^ (!e & g);
            let first = h.wrapping_add(high).wrapping_add(choice).wrapping_add(constant).wrapping_add(*word);
            let low = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
            let majority = (a & b) ^ (a & c) ^ (b & c);
            (h, g, f, e) = (g, f, e, d.wrapping_add(first));
            (d, c, b, a) = (c, b, a, first.wrapping_add(low).wrapping_add(majority));
        }
        add(&mut state, [a, b, c, d, e, f, g, h]);
    });
    state.iter().flat_map(|word| word.to_be_bytes()).collect()
}

/// Calls `each` for every 64-byte block of the padded message, with its sixteen words and those that `stretch` makes of
/// the sixteen before them.
fn blocks<const N: usize>(bytes: &[u8], stretch: impl Fn(&[u32; 16]) -> u32, mut each: impl FnMut(&[u32; N])) {
    let (whole, rest) = bytes.as_chunks::<64>();
    let mut tail = rest.to_vec();
    tail.push(0x80);
    while tail.len() % 64 != 56 {
        tail.push(0);
    }
    tail.extend((bytes.len() as u64 * 8).to_be_bytes());
    let (padding, _) = tail.as_chunks::<64>();
    let mut words = [0; N];
    for block in whole.iter().chain(padding) {
        for (word, bytes) in words.iter_mut().zip(block.as_chunks::<4>().0) {
            *word = u32::from_be_bytes(*bytes);
        }
        for at in 16..N {
            let next = words.get(at - 16..).and_then(|before| before.first_chunk()).map_or(0, &stretch);
            if let Some(word) = words.get_mut(at) {
                *word = next;
            }
        }
        each(&words);
    }
}

fn add<const N: usize>(state: &mut [u32; N], more: [u32; N]) {
    for (word, more) in state.iter_mut().zip(more) {
        *word = word.wrapping_add(more);
    }
}

#[rustfmt::skip]
const SHA256_CONSTANTS: [u32; 64] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
    0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
    0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
];
