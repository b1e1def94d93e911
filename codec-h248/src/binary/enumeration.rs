//! Numbers of an ENUMERATED that no table has: `enum_5`.

const PREFIX: &str = "enum_";

/// The name of a number.
pub(super) fn unknown_name(number: i64) -> String {
    let mut digits = itoa::Buffer::new();
    [PREFIX, digits.format(number)].concat()
}

/// The number that a name spells.
pub(super) fn unknown_number(name: &str) -> Option<i64> {
    let (prefix, digits) = name.split_at_checked(PREFIX.len())?;
    let number: i64 = prefix
        .eq_ignore_ascii_case(PREFIX)
        .then(|| digits.parse().ok())
        .flatten()?;
    // Nothing but what the number is read as.
    (itoa::Buffer::new().format(number) == digits).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_one_name() {
        for number in [0, 5, 4_000_000_000, -1] {
            assert_eq!(unknown_number(&unknown_name(number)), Some(number));
        }
        assert_eq!(unknown_number("ENUM_17"), Some(17));
        for other in [
            "enum_05", "enum_+5", "enum_", "enum", "x", "enum_5x", "énum_5",
        ] {
            assert_eq!(unknown_number(other), None, "{other}");
        }
    }
}
