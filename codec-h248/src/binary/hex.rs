//! Octets in hexadecimal digits (H.248.1 Annex B.3).

const DIGITS: [u8; 16] = *b"0123456789abcdef";

/// The digits of octets, behind a prefix.
pub(super) fn text(prefix: &str, octets: &[u8]) -> String {
    let mut text = String::with_capacity(prefix.len() + 2 * octets.len());
    text.push_str(prefix);
    for octet in octets {
        text.extend(digits(*octet).map(char::from));
    }
    text
}

/// The digits of an octet.
pub(super) fn digits(octet: u8) -> [u8; 2] {
    [octet >> 4, octet & 0xf].map(|digit| DIGITS[usize::from(digit)])
}

/// The octets that digits are.
pub(super) fn octets(digits: impl AsRef<[u8]>) -> Option<Vec<u8>> {
    digits.as_ref().chunks(2).map(octet).collect()
}

/// The octet that two digits are.
pub(super) fn octet(pair: &[u8]) -> Option<u8> {
    let &[high, low] = pair else { return None };
    let digit = |octet: u8| char::from(octet).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}
