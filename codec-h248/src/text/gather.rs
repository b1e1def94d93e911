//! Octets that are gathered a few at a time and appended many at a time.

use std::{fmt, io::Write};

/// The longest chunk.
const CHUNK: usize = 32;
/// Room for what is gathered: as much as is cleared without a call.
const ROOM: usize = 256;

/// What is on its way to the end of a vector.
pub(super) struct Gathered<'o> {
    out: &'o mut Vec<u8>,
    octets: [u8; ROOM],
    /// How many are gathered.
    length: usize,
}

impl<'o> Gathered<'o> {
    #[inline]
    pub(super) fn new(out: &'o mut Vec<u8>) -> Self {
        Self {
            out,
            octets: [0; ROOM],
            length: 0,
        }
    }

    /// The first `length` octets of a chunk. What is behind them is overwritten by what follows.
    #[inline]
    pub(super) fn chunk<const N: usize>(&mut self, chunk: [u8; N], length: usize) {
        const { assert!(N <= CHUNK) }
        let at = self.place();
        self.octets[at..at + N].copy_from_slice(&chunk);
        self.length = at + length;
    }

    /// Where a chunk has room.
    #[inline]
    fn place(&mut self) -> usize {
        if self.length <= ROOM - CHUNK {
            self.length
        } else {
            self.append();
            0
        }
    }

    /// Appends what is gathered.
    #[cold]
    #[inline(never)]
    fn append(&mut self) {
        self.finish();
        self.length = 0;
    }

    /// Any octets.
    pub(super) fn octets(&mut self, octets: &[u8]) {
        let length = octets.len();
        if length > CHUNK {
            self.append();
            self.out.extend_from_slice(octets);
            return;
        }
        let at = self.place();
        copy_short(octets, &mut self.octets[at..at + length]);
        self.length = at + length;
    }

    /// What is rare enough to be formatted.
    pub(super) fn display(&mut self, value: impl fmt::Display) {
        self.append();
        write!(self.out, "{value}").expect("a Vec takes every octet");
    }

    /// A number in as few digits as it has.
    #[inline]
    pub(super) fn number(&mut self, number: u32) {
        if number < 10 {
            self.chunk([b'0' + number as u8], 1);
        } else {
            self.octets(itoa::Buffer::new().format(number).as_bytes());
        }
    }

    /// The last eight digits of a number.
    pub(super) fn eight_digits(&mut self, number: u32) {
        let mut digits = [b'0'; 8];
        let mut rest = number;
        for digit in digits.iter_mut().rev() {
            *digit += (rest % 10) as u8;
            rest /= 10;
        }
        self.chunk(digits, 8);
    }

    /// Two hexadecimal digits for each octet.
    pub(super) fn hex(&mut self, octets: &[u8]) {
        for octet in octets {
            let digit = |four_bits: u8| b"0123456789ABCDEF"[usize::from(four_bits)];
            self.chunk([digit(octet >> 4), digit(octet & 0xF)], 2);
        }
    }

    /// The octet at the end.
    pub(super) fn last(&self) -> Option<u8> {
        match self.length.checked_sub(1) {
            Some(last) => Some(self.octets[last]),
            None => self.out.last().copied(),
        }
    }

    /// Appends the rest.
    #[inline]
    pub(super) fn finish(&mut self) {
        self.out.extend_from_slice(&self.octets[..self.length]);
    }
}

/// Copies at most 32 octets, in two chunks that may overlap.
#[inline]
fn copy_short(from: &[u8], to: &mut [u8]) {
    if from.len() >= 8 {
        both_ends::<16>(from, to).or_else(|| both_ends::<8>(from, to));
    } else if both_ends::<4>(from, to).is_none() && !from.is_empty() {
        for at in [0, from.len() / 2, from.len() - 1] {
            to[at] = from[at];
        }
    }
}

#[inline]
fn both_ends<const N: usize>(from: &[u8], to: &mut [u8]) -> Option<()> {
    *to.first_chunk_mut()? = *from.first_chunk::<N>()?;
    *to.last_chunk_mut()? = *from.last_chunk::<N>()?;
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gathered(write: impl FnOnce(&mut Gathered<'_>)) -> String {
        let mut out = Vec::new();
        let mut gathered = Gathered::new(&mut out);
        write(&mut gathered);
        gathered.finish();
        String::from_utf8(out).expect("it is text")
    }

    #[test]
    fn numbers_are_written_as_they_are_displayed() {
        let powers = (0..10).map(|power| 10_u32.pow(power));
        let around = powers.flat_map(|power| [power - 1, power, power + 1, power * 2 + 37]);
        for number in around.chain(0..=10_000).chain([12_345_678, u32::MAX]) {
            assert_eq!(gathered(|g| g.number(number)), number.to_string());
            let last = format!("{:08}", number % 100_000_000);
            assert_eq!(gathered(|g| g.eight_digits(number)), last);
        }
    }

    #[test]
    fn octets_are_written_in_hexadecimal_digits() {
        assert_eq!(gathered(|g| g.hex(&[0x00, 0x9A, 0xBF])), "009ABF");
    }

    #[test]
    fn octets_of_every_length_are_written_in_order() {
        let text: String = ('a'..='z').cycle().take(80).collect();
        let lengths = || (0..=80).chain((0..=80).rev());
        let expected: String = lengths().map(|length| &text[..length]).collect();
        let written = gathered(|g| {
            for length in lengths() {
                g.octets(&text.as_bytes()[..length]);
                assert!(length == 0 || g.last() == Some(text.as_bytes()[length - 1]));
            }
        });
        assert_eq!(written, expected);
    }
}
