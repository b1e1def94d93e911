//! Digit maps.

use super::Generator;

/// `digitMapLetter` of events: the digits, and what else can be dialled.
const DIALLED: &[u8] = b"0123456789ABCDEFGHIJKabcdefghijk";
/// `digitMapLetter` of timers. Version 2 brought the last.
const TIMERS: &[u8] = b"LSZT";

impl Generator {
    /// The name of a map that both sides know.
    pub(crate) fn digit_map_name(&mut self) {
        self.rule("digitMapName");
        if self.once_in(40) {
            self.traits.other_names = true;
            self.text_only();
            return self.name();
        }
        self.rule("NAME");
        let name = format!("dialplan{}", self.chance.u8(1..=9));
        self.word(&name);
    }

    pub(crate) fn digit_map_descriptor(&mut self) {
        self.rule("digitMapDescriptor");
        self.key("DigitMapToken", "DigitMap", "DM");
        let named = self.coin();
        if named {
            self.digit_map_name();
        }
        if !named || self.coin() {
            self.braces(Self::digit_map_value);
        }
    }

    pub(crate) fn digit_map_value(&mut self) {
        self.rule("digitMapValue");
        let timers: &[&str] = if self.since(2) {
            &["T", "S", "L", "Z"]
        } else {
            &["T", "S", "L"]
        };
        for letter in timers {
            if self.once_in(3) {
                self.word(letter);
                self.colon();
                self.rule("Timer");
                let time = self.chance.u32(0..=99);
                self.decimal(time, 2);
                self.comma();
            }
        }
        self.digit_map();
    }

    fn digit_map(&mut self) {
        self.rule("digitMap");
        if self.once_in(4) {
            return self.digit_string();
        }
        self.lwsp();
        self.put("(");
        self.lwsp();
        self.digit_string_list();
        self.lwsp();
        self.put(")");
        self.lwsp();
    }

    fn digit_string_list(&mut self) {
        self.rule("digitStringList");
        for place in 0..self.few(1, 12) {
            if place > 0 {
                self.lwsp();
                self.put("|");
                self.lwsp();
            }
            self.digit_string();
        }
    }

    fn digit_string(&mut self) {
        self.rule("digitString");
        for _ in 0..self.few(1, 24) {
            self.digit_string_element();
        }
    }

    fn digit_string_element(&mut self) {
        self.rule("digitStringElement");
        self.digit_position();
        if self.once_in(6) {
            self.rule("DOT");
            self.put(".");
        }
    }

    fn digit_position(&mut self) {
        self.rule("digitPosition");
        if self.coin() {
            self.digit_map_letter();
        } else {
            self.digit_map_range();
        }
    }

    fn digit_map_range(&mut self) {
        self.rule("digitMapRange");
        if self.coin() {
            return self.word("x");
        }
        self.lwsp();
        self.put("[");
        self.lwsp();
        self.digit_letter();
        self.lwsp();
        self.put("]");
        self.lwsp();
    }

    /// Ranges of digits, and letters; nothing at all now and then, which the grammar has.
    fn digit_letter(&mut self) {
        self.rule("digitLetter");
        let least = usize::from(!self.once_in(20));
        for _ in 0..self.few(least, 6) {
            if self.coin() {
                self.digit_map_letter();
            } else {
                let low = self.chance.u32(0..=8);
                let high = self.chance.u32(low + 1..=9);
                self.put(&format!("{low}-{high}"));
            }
        }
    }

    fn digit_map_letter(&mut self) {
        self.rule("digitMapLetter");
        let letter = if self.once_in(12) {
            let known = if self.since(2) { 4 } else { 3 };
            self.pick(&TIMERS[..known])
        } else {
            self.pick(DIALLED)
        };
        self.word(char::from(letter).encode_utf8(&mut [0; 4]));
    }
}
