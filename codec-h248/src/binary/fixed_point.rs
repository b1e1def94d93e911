//! Numbers of 32 bits before the point and 32 behind, sent as one INTEGER (H.248.1 E.12.4).
//!
//! Text has them in decimal. Up to nine digits behind the point, of which the last is not 0, come
//! back as they were; further digits are rounded to the nearest number. Every INTEGER comes back
//! as it was.

/// Digits behind the point that tell all numbers apart.
const MOST_DIGITS: u32 = 10;
/// Digits behind the point that are looked at.
const READ_DIGITS: usize = 18;
/// One.
const ONE: u128 = 1 << 32;

/// The shortest decimal text of a number.
pub(super) fn text(number: i64) -> String {
    let sign = if number < 0 { "-" } else { "" };
    let magnitude = u128::from(number.unsigned_abs());
    let (whole, fraction) = (magnitude / ONE, magnitude % ONE);
    if fraction == 0 {
        return format!("{sign}{whole}");
    }
    let digits = (1..MOST_DIGITS)
        .find(|&digits| from_digits(to_digits(fraction, digits), digits) == fraction)
        .unwrap_or(MOST_DIGITS);
    let width = digits as usize;
    format!("{sign}{whole}.{:0width$}", to_digits(fraction, digits))
}

/// The nearest number of so many digits behind the point.
fn to_digits(fraction: u128, digits: u32) -> u128 {
    (fraction * 10_u128.pow(digits) + ONE / 2) / ONE
}

/// The nearest fraction to a number of so many digits behind the point.
fn from_digits(number: u128, digits: u32) -> u128 {
    let scale = 10_u128.pow(digits);
    (number * ONE + scale / 2) / scale
}

/// The number that a decimal text is.
pub(crate) fn number(text: &str) -> Option<i64> {
    let (negative, magnitude) = match text.strip_prefix('-') {
        Some(magnitude) => (true, magnitude),
        None => (false, text),
    };
    let (whole, fraction) = magnitude.split_once('.').unwrap_or((magnitude, "0"));
    let fraction = fraction.get(..READ_DIGITS).unwrap_or(fraction);
    let parsed = u128::from(digits(whole)?) * ONE
        + from_digits(
            digits(fraction)?.into(),
            u32::try_from(fraction.len()).ok()?,
        );
    let parsed = i128::try_from(parsed).ok()?;
    i64::try_from(if negative { -parsed } else { parsed }).ok()
}

/// Decimal digits and nothing else.
fn digits(text: &str) -> Option<u64> {
    let only = text.bytes().all(|octet| octet.is_ascii_digit());
    text.parse().ok().filter(|_| only)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_come_back_as_they_were() {
        for decimal in [
            "0",
            "5",
            "0.5",
            "0.130039011",
            "99.999999999",
            "0.000000001",
            "-1.25",
            "2147483647.1",
        ] {
            let binary = number(decimal).expect("it is a number");
            assert_eq!(text(binary), decimal);
        }
        assert_eq!(number("1"), Some(1 << 32));
        assert_eq!(number("0.25"), Some(1 << 30));
        assert_eq!(number("0.9999999999999999999"), number("1"));
        assert_eq!(number("0.50"), number("0.5"));
    }

    #[test]
    fn integers_come_back_as_they_were() {
        for binary in [
            0,
            1,
            -1,
            2,
            0xffff_ffff,
            0x1_0000_0001,
            i64::MAX,
            i64::MIN + 1,
        ] {
            assert_eq!(number(&text(binary)), Some(binary), "{}", text(binary));
        }
        let mut random = fastrand::Rng::with_seed(1);
        for _ in 0..10_000 {
            let binary = random.i64(..);
            assert_eq!(number(&text(binary)), Some(binary), "{}", text(binary));
        }
    }

    #[test]
    fn what_is_no_number_is_none() {
        for other in [
            "",
            ".",
            "1.",
            ".5",
            "+1",
            "1.-5",
            "0x10",
            "1e5",
            "--1",
            "2147483648",
        ] {
            assert_eq!(number(other), None, "{other}");
        }
    }
}
