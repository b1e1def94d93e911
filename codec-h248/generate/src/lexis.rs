//! Keywords, punctuation, numbers and white space (H.248.1 Annex B.2, terminals).

use super::{Generator, Spelling};

/// `RestChar`
pub(crate) const REST: &[u8] = b";[]{}:,#<>=";
/// `SafeChar` that is neither letter nor digit.
pub(crate) const SAFE_SIGNS: &[u8] = b"+-&!_/'?@^`~*$\\()%|.";

impl Generator {
    pub(crate) fn put(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    pub(crate) fn wild(&self) -> bool {
        self.spelling == Spelling::Wild
    }

    /// Text without case: in any case where the spelling is wild.
    pub(crate) fn word(&mut self, text: &str) {
        if !self.wild() {
            return self.put(text);
        }
        for octet in text.bytes() {
            let octet = if self.coin() {
                octet.to_ascii_uppercase()
            } else {
                octet.to_ascii_lowercase()
            };
            self.out.push(octet);
        }
    }

    /// A keyword.
    pub(crate) fn token(&mut self, rule: &'static str, long: &str, short: &str) {
        self.rule(rule);
        let long_form = match self.spelling {
            Spelling::Pretty => true,
            Spelling::Compact => false,
            Spelling::Wild => self.coin(),
        };
        self.word(if long_form { long } else { short });
    }

    /// A keyword, `=`.
    pub(crate) fn key(&mut self, rule: &'static str, long: &str, short: &str) {
        self.token(rule, long, short);
        self.equal();
    }

    /// `LWSP`: only wild spelling has it where it is not needed.
    pub(crate) fn lwsp(&mut self) {
        self.rule("LWSP");
        while self.wild() && self.once_in(3) {
            self.some_space();
        }
    }

    /// White space, or a comment.
    fn some_space(&mut self) {
        match self.chance.u8(0..8) {
            0..=4 => self.put(" "),
            5 => self.put("\t"),
            6 => self.eol(),
            _ => self.comment(),
        }
    }

    /// White space alone, where wild spelling may have some: `;` would mean itself here.
    pub(crate) fn plain_space(&mut self) {
        while self.wild() && self.once_in(3) {
            let space = self.pick(&[" ", "\t", "\n", "\r\n"]);
            self.put(space);
        }
    }

    fn eol(&mut self) {
        self.rule("EOL");
        let end = self.pick(&["\n", "\r\n", "\r"]);
        self.put(end);
    }

    fn comment(&mut self) {
        self.rule("COMMENT");
        self.put(";");
        for _ in 0..self.few(0, 20) {
            let octet = match self.chance.u8(0..8) {
                0 => self.pick(REST),
                1 => self.pick(SAFE_SIGNS),
                2 => self.pick(b" \t\""),
                _ => self.letter_or_digit(),
            };
            self.out.push(octet);
        }
        self.eol();
    }

    /// `SEP`
    pub(crate) fn separator(&mut self) {
        self.rule("SEP");
        match self.spelling {
            Spelling::Pretty => self.put("\n"),
            Spelling::Compact => self.put(" "),
            Spelling::Wild => {
                self.some_space();
                self.lwsp();
            }
        }
    }

    fn sign(&mut self, rule: &'static str, sign: &str, pretty: &str) {
        self.rule(rule);
        match self.spelling {
            Spelling::Pretty => self.put(pretty),
            Spelling::Compact => self.put(sign),
            Spelling::Wild => {
                self.lwsp();
                self.put(sign);
                self.lwsp();
            }
        }
    }

    pub(crate) fn equal(&mut self) {
        self.sign("EQUAL", "=", " = ");
    }

    pub(crate) fn comma(&mut self) {
        self.sign("COMMA", ",", ",\n");
    }

    pub(crate) fn open(&mut self) {
        self.sign("LBRKT", "{", " {\n");
    }

    pub(crate) fn close(&mut self) {
        self.sign("RBRKT", "}", "\n}");
    }

    /// `{`, what `inside` writes, `}`
    pub(crate) fn braces(&mut self, inside: impl FnOnce(&mut Self)) {
        self.open();
        inside(self);
        self.close();
    }

    /// `[`, what `inside` writes, `]`
    pub(crate) fn square_brackets(&mut self, inside: impl FnOnce(&mut Self)) {
        self.sign("LSBRKT", "[", "[ ");
        inside(self);
        self.sign("RSBRKT", "]", " ]");
    }

    pub(crate) fn inequal(&mut self) {
        self.rule("INEQUAL");
        let sign = self.pick(&[">", "<", "#"]);
        self.lwsp();
        self.put(sign);
        self.lwsp();
    }

    /// `:`, around which nothing stands.
    pub(crate) fn colon(&mut self) {
        self.rule("COLON");
        self.put(":");
    }

    /// `/`, around which nothing stands.
    pub(crate) fn slash(&mut self) {
        self.rule("SLASH");
        self.put("/");
    }

    /// A decimal number of at most so many digits.
    pub(crate) fn decimal(&mut self, number: u32, most_digits: usize) {
        let digits = number.to_string();
        if self.wild() && self.once_in(8) {
            let zeros = self.few(0, most_digits.saturating_sub(digits.len()));
            self.put(&"0".repeat(zeros));
        }
        self.put(&digits);
    }

    /// `UINT16` that is this number.
    pub(crate) fn this_uint16(&mut self, number: u16) {
        self.rule("UINT16");
        self.decimal(number.into(), 5);
    }

    pub(crate) fn uint16(&mut self) {
        let number = match self.chance.u8(0..6) {
            0 => 0,
            1 => self.chance.u16(..),
            2 => u16::MAX,
            _ => self.chance.u16(1..3_000),
        };
        self.this_uint16(number);
    }

    /// `UINT32` that is this number.
    pub(crate) fn this_uint32(&mut self, number: u32) {
        self.rule("UINT32");
        self.decimal(number, 10);
    }

    pub(crate) fn uint32(&mut self) {
        let number = match self.chance.u8(0..8) {
            0 => u32::MAX,
            1 => self.chance.u32(..),
            2 => 0,
            _ => self.chance.u32(1..100_000),
        };
        self.this_uint32(number);
    }

    /// `HEXDIG`, so many.
    pub(crate) fn hex(&mut self, digits: usize) {
        for _ in 0..digits {
            self.rule("HEXDIG");
            let digit = self.pick(b"0123456789ABCDEF");
            self.word(char::from(digit).encode_utf8(&mut [0; 4]));
        }
    }

    /// `ALPHA`
    pub(crate) fn letter(&mut self) -> u8 {
        self.pick(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    }

    /// `ALPHA` or `DIGIT`
    pub(crate) fn letter_or_digit(&mut self) -> u8 {
        self.pick(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
    }

    /// `NAME`: a letter, then letters, digits and underscores, 64 at most. Keywords are names too.
    pub(crate) fn name(&mut self) {
        self.rule("NAME");
        if self.once_in(3) {
            let names = [
                "Add", "E", "T", "SG", "di", "int", "it", "M", "Media", "ROOT", "x", "S", "ST",
            ];
            let name = self.pick(&names);
            return self.word(name);
        }
        let first = self.letter();
        self.out.push(first);
        let more = if self.once_in(30) {
            63
        } else {
            self.chance.usize(0..12)
        };
        for _ in 0..more {
            let octet = match self.chance.u8(0..12) {
                0 => b'_',
                _ => self.letter_or_digit(),
            };
            self.out.push(octet);
        }
    }
}
