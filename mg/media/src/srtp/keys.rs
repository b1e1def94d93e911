//! Session keys, and what they do (RFC 3711 4).

use std::fmt;

use aes::{
    Aes128,
    cipher::{Block, BlockCipherEncrypt as _, KeyInit as _},
};
use hmac::{Hmac, Mac as _};
use mg_contract::SrtpKey;
use sha1::Sha1;

/// Octets of a block.
const BLOCK: usize = 16;
/// Blocks that are encrypted at once.
const BLOCKS: usize = 8;

/// What the keys of RTP or of RTCP are derived for (RFC 3711 4.3.2).
#[derive(Clone, Copy, Debug)]
pub(super) struct Labels {
    cipher: u8,
    tag: u8,
    salt: u8,
}

/// RTP.
pub(super) const RTP: Labels = Labels {
    cipher: 0,
    tag: 1,
    salt: 2,
};

/// RTCP.
pub(super) const RTCP: Labels = Labels {
    cipher: 3,
    tag: 4,
    salt: 5,
};

/// The session keys of one direction and kind.
#[derive(Clone)]
pub(super) struct Keys {
    cipher: Aes128,
    salt: [u8; 14],
    tag: Hmac<Sha1>,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(secret)")
    }
}

impl Keys {
    /// Derives them from the master key (RFC 3711 4.3.1), with a key derivation rate of 0.
    pub(super) fn new(master: &SrtpKey, labels: Labels) -> Self {
        let deriving = Aes128::new(&master.key.into());
        let derive = |label: u8, octets: &mut [u8]| {
            let mut counter = [0; BLOCK];
            counter[..14].copy_from_slice(&master.salt);
            counter[7] ^= label;
            octets.fill(0);
            apply(&deriving, counter, octets);
        };
        let (mut key, mut salt, mut tag) = ([0; 16], [0; 14], [0; 20]);
        derive(labels.cipher, &mut key);
        derive(labels.salt, &mut salt);
        derive(labels.tag, &mut tag);
        // A key that is shorter than a block of the hash is filled up with zeros (RFC 2104 2).
        let mut block = [0; 64];
        block[..tag.len()].copy_from_slice(&tag);
        Self {
            cipher: Aes128::new(&key.into()),
            salt,
            tag: Hmac::new(&block.into()),
        }
    }

    /// Encrypts or decrypts what a packet of that source and index holds (RFC 3711 4.1.1).
    pub(super) fn cipher(&self, ssrc: u32, index: u64, octets: &mut [u8]) {
        let mut counter = [0; BLOCK];
        counter[..14].copy_from_slice(&self.salt);
        mix(&mut counter[4..8], &ssrc.to_be_bytes());
        mix(&mut counter[8..14], &index.to_be_bytes()[2..]);
        apply(&self.cipher, counter, octets);
    }

    /// Returns the tag of a packet and what follows it without being sent.
    pub(super) fn tag(&self, octets: &[u8], unsent: &[u8]) -> [u8; 20] {
        self.hash(octets, unsent).finalize().into_bytes().into()
    }

    /// Tells whether a tag is right, in a time that says nothing of how wrong it is.
    pub(super) fn is_right(&self, tag: &[u8], octets: &[u8], unsent: &[u8]) -> bool {
        self.hash(octets, unsent).verify_truncated_left(tag).is_ok()
    }

    fn hash(&self, octets: &[u8], unsent: &[u8]) -> Hmac<Sha1> {
        let mut hash = self.tag.clone();
        hash.update(octets);
        hash.update(unsent);
        hash
    }
}

/// Adds the key stream that begins with a counter whose last two octets are 0.
fn apply(cipher: &Aes128, counter: [u8; BLOCK], octets: &mut [u8]) {
    for (at, part) in (0u16..).zip(octets.chunks_mut(BLOCK * BLOCKS)) {
        let mut stream = [Block::<Aes128>::from(counter); BLOCKS];
        for (block, number) in stream.iter_mut().zip(at * BLOCKS as u16..) {
            block[14..].copy_from_slice(&number.to_be_bytes());
        }
        let blocks = part.len().div_ceil(BLOCK);
        cipher.encrypt_blocks(&mut stream[..blocks]);
        for (part, block) in part.chunks_mut(BLOCK).zip(&stream) {
            mix(part, block);
        }
    }
}

fn mix(octets: &mut [u8], with: &[u8]) {
    for (octet, with) in octets.iter_mut().zip(with) {
        *octet ^= with;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(text: &str) -> Vec<u8> {
        let digits: Vec<u8> = text
            .chars()
            .filter_map(|digit| digit.to_digit(16))
            .map(|digit| digit as u8)
            .collect();
        digits
            .chunks(2)
            .map(|pair| pair[0] << 4 | pair[1])
            .collect()
    }

    /// RFC 3711 B.3.
    #[test]
    fn session_keys_are_those_of_the_standard() {
        let master = SrtpKey {
            key: hex("E1F97A0D3E018BE0D64FA32C06DE4139").try_into().unwrap(),
            salt: hex("0EC675AD498AFEEBB6960B3AABE6").try_into().unwrap(),
        };
        let keys = Keys::new(&master, RTP);
        assert_eq!(keys.salt[..], hex("30CBBC08863D8C85D49DB34A9AE1"));
        let cipher = Aes128::new(
            &<[u8; 16]>::try_from(hex("C61E7A93744F39EE10734AFE3FF7A087"))
                .unwrap()
                .into(),
        );
        let (mut ours, mut theirs) = ([Block::<Aes128>::default()], [Block::<Aes128>::default()]);
        keys.cipher.encrypt_blocks(&mut ours);
        cipher.encrypt_blocks(&mut theirs);
        assert_eq!(ours, theirs);
        let tag = hex("CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4");
        let mut standard = Hmac::<Sha1>::new_from_slice(&tag).unwrap();
        standard.update(b"packet and counter");
        let standard: [u8; 20] = standard.finalize().into_bytes().into();
        assert_eq!(keys.tag(b"packet", b" and counter"), standard);
    }

    /// RFC 3711 B.2.
    #[test]
    fn the_key_stream_is_that_of_the_standard() {
        let key: [u8; 16] = hex("2B7E151628AED2A6ABF7158809CF4F3C").try_into().unwrap();
        let counter = hex("F0F1F2F3F4F5F6F7F8F9FAFBFCFD0000").try_into().unwrap();
        let mut octets = vec![0; 0xff02 * 16];
        apply(&Aes128::new(&key.into()), counter, &mut octets);
        let first = hex(
            "E03EAD0935C95E80E166B16DD92B4EB4 D23513162B02D0F72A43A2FE4A5F97AB 41E95B3BB0A2E8DD477901E4FCA894C0",
        );
        assert_eq!(octets[..48], first);
        let last = hex(
            "EC8CDF7398607CB0F2D21675EA9EA1E4 362B7C3C6773516318A077D7FC5073AE 6A2CC3787889374FBEB4C81B17BA6C44",
        );
        assert_eq!(octets[0xfeff * 16..], last);
    }
}
