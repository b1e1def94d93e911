//! Keywords, punctuation and white space (H.248.1 Annex B.2, terminals).

use super::{Generator, Spelling};

impl Generator {
    pub(crate) fn put(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    /// Text without case: in any case where the spelling is wild.
    pub(crate) fn word(&mut self, text: &str) {
        if self.spelling != Spelling::Wild {
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

    /// `LWSP`: only wild spelling has it where it is not needed.
    pub(crate) fn lwsp(&mut self) {
        self.rule("LWSP");
        if self.spelling != Spelling::Wild {
            return;
        }
        while self.once_in(3) {
            match self.chance.u8(0..10) {
                0..=3 => self.put(" "),
                4 => self.put("\t"),
                5 => self.eol(),
                6 => self.put("\r\n"),
                7 => self.comment(),
                _ => self.put("  "),
            }
        }
    }

    fn eol(&mut self) {
        self.rule("EOL");
        let end = self.pick(&["\n", "\r\n", "\r"]);
        self.put(end);
    }

    fn comment(&mut self) {
        self.rule("COMMENT");
        let text = self.pick(&["; a comment", ";", ";{}=,\"[]<>#", ";; T=1{ \t"]);
        self.put(text);
        self.eol();
    }

    /// `SEP`
    pub(crate) fn separator(&mut self) {
        self.rule("SEP");
        match self.spelling {
            Spelling::Pretty => self.put("\n"),
            Spelling::Compact => self.put(" "),
            Spelling::Wild => {
                let first = self.pick(&[" ", "\t", "\n", "\r\n", ";x\n"]);
                self.put(first);
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

    pub(crate) fn open_square(&mut self) {
        self.sign("LSBRKT", "[", "[ ");
    }

    pub(crate) fn close_square(&mut self) {
        self.sign("RSBRKT", "]", " ]");
    }

    pub(crate) fn inequal(&mut self) {
        self.rule("INEQUAL");
        let sign = self.pick(&[">", "<", "#"]);
        self.lwsp();
        self.put(sign);
        self.lwsp();
    }

    /// `{`, what `inside` writes, `}`
    pub(crate) fn braces(&mut self, inside: impl FnOnce(&mut Self)) {
        self.open();
        inside(self);
        self.close();
    }

    /// A keyword, `=`.
    pub(crate) fn key(&mut self, rule: &'static str, long: &str, short: &str) {
        self.token(rule, long, short);
        self.equal();
    }

    pub(crate) fn number(&mut self, number: u32) {
        self.put(&number.to_string());
    }

    pub(crate) fn uint16(&mut self) {
        self.rule("UINT16");
        let number = match self.chance.u8(0..6) {
            0 => 0,
            1 => u16::MAX,
            _ => self.chance.u16(1..3_000),
        };
        self.number(number.into());
    }

    pub(crate) fn uint32(&mut self) {
        self.rule("UINT32");
        let number = match self.chance.u8(0..8) {
            0 => u32::MAX - 2,
            1 => self.chance.u32(1..=u32::MAX - 2),
            _ => self.chance.u32(1..100_000),
        };
        self.number(number);
    }

    pub(crate) fn hex(&mut self, digits: usize) {
        for _ in 0..digits {
            let digit = self.pick(b"0123456789ABCDEF");
            self.rule("HEXDIG");
            self.out.push(digit);
        }
    }

    /// `NAME`: a letter, then letters, digits and underscores.
    pub(crate) fn name(&mut self) {
        self.rule("NAME");
        let name = self.pick(&[
            "a",
            "Add",
            "E",
            "x1",
            "long_name_of_a_thing",
            "T",
            "SG",
            "di",
            "int",
        ]);
        self.word(name);
    }

    /// `quotedString`: no quote within; line ends and octets above 0x7F since version 3.
    pub(crate) fn quoted_string(&mut self) {
        self.rule("quotedString");
        let text = match self.chance.u8(0..6) {
            0 => "",
            1 => "{},=[]<>#;:$ \\ } text",
            2 if self.since(3) => "two\r\nlines",
            3 if self.since(3) => {
                self.traits.eighth_bit = true;
                "gr\u{fc}n"
            }
            _ => "Some words, 42",
        };
        self.put("\"");
        self.put(text);
        self.put("\"");
    }
}
