//! Keys of SRTP in session descriptions (RFC 4568): one `a=crypto` line.

use std::fmt::{self, Write as _};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use mg_contract::{CryptoSuite, SrtpKey};

/// More octets than this in one line are not looked at. A key with everything that is understood beside
/// it has half of that.
const OCTETS_MAX: usize = 256;
/// Octets of a master key and its salt.
const KEY: usize = 30;
/// Characters of the same in Base64, which needs no padding.
const KEY_CHARS: usize = 40;
/// The longest life of a key, in packets (RFC 3711 9.2).
const LIFETIME_MAX: u64 = 1 << 48;

/// `crypto:tag suite inline:key[|lifetime] [parameters]`, and whatever of it is left to choose.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Crypto {
    /// The line's number.
    pub(crate) tag: Option<u32>,
    /// Ciphers and tag length.
    pub(crate) suite: Option<CryptoSuite>,
    /// The key that its writer sends with.
    pub(crate) key: Option<SrtpKey>,
    /// For how many packets the key is, as it is spelled.
    lifetime: Option<String>,
    /// What is said beside, each after a space.
    parameters: String,
}

impl Crypto {
    /// One that leaves everything to choose.
    pub(crate) const OPEN: Self = Self {
        tag: None,
        suite: None,
        key: None,
        lifetime: None,
        parameters: String::new(),
    };

    /// Reads what stands behind `crypto:`; `None` where any of it is not understood, and the line does
    /// not count then (RFC 4568 6.3.7, 7.1.2).
    pub(crate) fn read(value: &str) -> Option<Self> {
        if value.len() > OCTETS_MAX || !value.is_ascii() {
            return None;
        }
        let mut words = value.split_ascii_whitespace();
        let tag = chosen(words.next()?, tag)?;
        let suite = chosen(words.next().unwrap_or("$"), suite)?;
        let (key, lifetime) = match words.next().unwrap_or("$") {
            "$" => (None, None),
            word => key_parameter(word)?,
        };
        let mut parameters = String::new();
        for word in words {
            if !is_harmless(word) {
                return None;
            }
            let _ = write!(parameters, " {word}");
        }
        Some(Self {
            tag,
            suite,
            key,
            lifetime,
            parameters,
        })
    }
}

/// What `read` makes of a word, or nothing yet where it is left to choose.
fn chosen<T>(word: &str, read: impl FnOnce(&str) -> Option<T>) -> Option<Option<T>> {
    if word == "$" {
        return Some(None);
    }
    read(word).map(Some)
}

/// One to nine digits (RFC 4568 9.1).
fn tag(word: &str) -> Option<u32> {
    let digits = word.bytes().all(|octet| octet.is_ascii_digit());
    (digits && word.len() <= 9).then(|| word.parse().ok())?
}

fn suite(word: &str) -> Option<CryptoSuite> {
    let mut all = CryptoSuite::ALL.into_iter();
    all.find(|suite| suite.name().eq_ignore_ascii_case(word))
}

/// `inline:key[|lifetime]`. Several keys, and one with a number of its own (MKI), are not understood.
fn key_parameter(word: &str) -> Option<(Option<SrtpKey>, Option<String>)> {
    let (method, value) = word.split_once(':')?;
    if !method.eq_ignore_ascii_case("inline") {
        return None;
    }
    let (text, lifetime) = match value.split_once('|') {
        Some((text, lifetime)) if is_lifetime(lifetime) => (text, Some(lifetime.to_owned())),
        Some(_) => return None,
        None => (value, None),
    };
    Some((chosen(text, key)?, lifetime))
}

fn key(text: &str) -> Option<SrtpKey> {
    if text.len() != KEY_CHARS {
        return None;
    }
    let mut octets = [0; KEY];
    let length = BASE64_STANDARD.decode_slice(text, &mut octets).ok()?;
    (length == KEY).then(|| SrtpKey {
        key: std::array::from_fn(|n| octets[n]),
        salt: std::array::from_fn(|n| octets[16 + n]),
    })
}

fn is_lifetime(text: &str) -> bool {
    let packets = match text.strip_prefix("2^") {
        Some(power) => power
            .parse()
            .ok()
            .and_then(|power| 1_u64.checked_shl(power)),
        None => text.parse().ok(),
    };
    packets.is_some_and(|packets| (1..=LIFETIME_MAX).contains(&packets))
}

/// What may be passed over: what says so by its `-`, and the hint for a window of replays. Everything
/// else changes how packets are protected.
fn is_harmless(word: &str) -> bool {
    let window = word.strip_prefix("WSH=").map(str::parse::<u32>);
    word.starts_with('-') || matches!(window, Some(Ok(_)))
}

impl fmt::Display for Crypto {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("crypto:")?;
        match self.tag {
            Some(tag) => write!(f, "{tag}")?,
            None => f.write_char('$')?,
        }
        write!(f, " {} inline:", self.suite.map_or("$", CryptoSuite::name))?;
        match &self.key {
            Some(SrtpKey { key, salt }) => {
                let octets = [key.as_slice(), salt.as_slice()].concat();
                f.write_str(&BASE64_STANDARD.encode(octets))?;
            }
            None => f.write_char('$')?,
        }
        if let Some(lifetime) = &self.lifetime {
            write!(f, "|{lifetime}")?;
        }
        f.write_str(&self.parameters)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwd";

    #[test]
    fn a_key_is_read_and_written_and_never_printed() {
        let text = format!("1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}|2^20 WSH=64 -X=1");
        let read = Crypto::read(&text).expect("it is understood");
        assert_eq!(read.to_string(), format!("crypto:{text}"));
        let key = read.key.expect("it has a key");
        assert_eq!(key.key, std::array::from_fn::<u8, 16, _>(|n| n as u8));
        assert_eq!(key.salt, std::array::from_fn::<u8, 14, _>(|n| 16 + n as u8));
        assert!(format!("{read:?}").contains("SrtpKey(secret)"));
    }

    #[test]
    fn what_is_left_to_choose_is_told_from_what_is_not_understood() {
        for open in [
            "$",
            "$ $",
            "$ $ $",
            "$ $ inline:$",
            "1 AES_CM_128_HMAC_SHA1_32",
            "1 aes_cm_128_hmac_sha1_32 $",
        ] {
            let read = Crypto::read(open).expect(open);
            assert_eq!(read.key, None, "{open}");
        }
        let long = format!(
            "1 AES_CM_128_HMAC_SHA1_80 inline:{KEY} {}",
            "-X ".repeat(90)
        );
        let shapes = [
            "",
            "x AES_CM_128_HMAC_SHA1_80 inline:KEY",
            "1234567890 AES_CM_128_HMAC_SHA1_80 inline:KEY",
            "+1 AES_CM_128_HMAC_SHA1_80 inline:KEY",
            "1 F8_128_HMAC_SHA1_80 inline:KEY",
            "1 AES_256_CM_HMAC_SHA1_80 inline:KEY",
            "1 AES_CM_128_HMAC_SHA1_80 KEY",
            "1 AES_CM_128_HMAC_SHA1_80 uri:KEY",
            "1 AES_CM_128_HMAC_SHA1_80 inline:",
            "1 AES_CM_128_HMAC_SHA1_80 inline:AAAA",
            "1 AES_CM_128_HMAC_SHA1_80 inline:KEYAAAA",
            "1 AES_CM_128_HMAC_SHA1_80 inline:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGx==",
            "1 AES_CM_128_HMAC_SHA1_80 inline:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGx!d",
            "1 AES_CM_128_HMAC_SHA1_80 inline:KEY|1:4",
            "1 AES_CM_128_HMAC_SHA1_80 inline:KEY|2^20|1:4",
            "1 AES_CM_128_HMAC_SHA1_80 inline:KEY|2^49",
            "1 AES_CM_128_HMAC_SHA1_80 inline:KEY|2^4294967297",
            "1 AES_CM_128_HMAC_SHA1_80 inline:KEY|0",
            "1 AES_CM_128_HMAC_SHA1_80 inline:KEY;inline:KEY",
            "1 AES_CM_128_HMAC_SHA1_80 inline:KEY KDR=1",
            "1 AES_CM_128_HMAC_SHA1_80 inline:KEY UNENCRYPTED_SRTP",
            "1 AES_CM_128_HMAC_SHA1_80 inline:KEY UNENCRYPTED_SRTCP",
            "1 AES_CM_128_HMAC_SHA1_80 inline:KEY UNAUTHENTICATED_SRTP",
            "1 AES_CM_128_HMAC_SHA1_80 inline:KEY WSH=x",
            &long,
        ];
        for shape in shapes {
            let text = shape.replace("KEY", KEY);
            assert_eq!(Crypto::read(&text), None, "{text}");
        }
    }
}
