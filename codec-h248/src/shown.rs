//! What a peer has written, as it is shown in logs and on screens: it begins no line of its own there and moves no cursor.

use std::fmt::{self, Write};

/// Whether a screen does something with the letter rather than show it: controls, ends of lines, and what turns the
/// direction of writing.
pub(crate) fn acts_on_screens(letter: char) -> bool {
    let turns = matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    letter.is_control() || turns || matches!(letter, '\u{2028}' | '\u{2029}')
}

/// Writes a letter; one that would act on a screen is escaped.
pub(crate) fn write_letter(to: &mut impl Write, letter: char) -> fmt::Result {
    match acts_on_screens(letter) {
        true => write!(to, "{}", letter.escape_default()),
        false => to.write_char(letter),
    }
}

/// Writes a text, letter by letter.
pub(crate) fn write_shown(to: &mut impl Write, text: &str) -> fmt::Result {
    text.chars().try_for_each(|letter| write_letter(to, letter))
}
