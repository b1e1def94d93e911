//! Quoted strings, and values without quotes (H.248.1 Annex B.2 `quotedString`, `VALUE`).

use super::{
    Generator,
    lexis::{REST, SAFE_SIGNS},
};

/// What UTF-8 makes of characters beyond ASCII: two, three and four octets.
const WIDE: &[&str] = &["\u{fc}", "\u{80}", "\u{7ff}", "\u{20ac}", "\u{1f4de}"];

/// How much of a string is more than letters, digits and blanks.
#[derive(Clone, Copy)]
struct Mixture {
    signs: bool,
    rest: bool,
    /// Line ends and octets above 0x7F, which version 3 brought.
    wide: bool,
}

impl Generator {
    /// `quotedString`: no quote within; line ends and octets above 0x7F since version 3.
    pub(crate) fn quoted_string(&mut self) {
        self.rule("quotedString");
        let mixture = Mixture {
            signs: self.coin(),
            rest: self.once_in(4),
            wide: self.since(3) && self.once_in(8),
        };
        let length = match self.chance.u8(0..12) {
            0 => 0,
            1 => self.chance.usize(20..150),
            _ => self.chance.usize(1..20),
        };
        self.put("\"");
        for _ in 0..length {
            self.character(mixture);
        }
        self.put("\"");
    }

    /// One character in quotes.
    pub(crate) fn quoted_character(&mut self) {
        self.rule("quotedString");
        self.put("\"");
        let wide = self.since(3) && self.coin();
        if wide {
            self.wide_character();
        } else {
            let octet = self.letter_or_digit();
            self.out.push(octet);
        }
        self.put("\"");
    }

    /// This text in quotes.
    pub(crate) fn quoted(&mut self, text: &str) {
        self.rule("quotedString");
        self.put("\"");
        self.put(text);
        self.put("\"");
    }

    fn character(&mut self, mixture: Mixture) {
        let octet = match self.chance.u8(0..16) {
            0 | 1 => b' ',
            2 if mixture.rest => b'\t',
            3 | 4 if mixture.rest => self.pick(REST),
            5 if mixture.wide => {
                let end = self.pick(&["\n", "\r\n", "\r"]);
                return self.put(end);
            }
            6 | 7 if mixture.wide => return self.wide_character(),
            8 if mixture.signs => self.pick(SAFE_SIGNS),
            _ => self.letter_or_digit(),
        };
        self.out.push(octet);
    }

    fn wide_character(&mut self) {
        self.traits.eighth_bit = true;
        let character = self.pick(WIDE);
        self.put(character);
    }

    /// `VALUE` without quotes, of any octets that it may have.
    pub(crate) fn bare_value(&mut self) {
        let wide = self.since(3) && self.once_in(4);
        for _ in 0..self.chance.usize(1..12) {
            match self.chance.u8(0..8) {
                0 if wide => self.wide_character(),
                1 => {
                    let sign = self.pick(SAFE_SIGNS);
                    self.out.push(sign);
                }
                _ => {
                    let octet = self.letter_or_digit();
                    self.out.push(octet);
                }
            }
        }
    }
}
