//! Time stamps (H.248.1 Annex B.2 `TimeStamp`).

use super::{
    error::{Read, fail},
    form::Form,
    reader::Reader,
    write::Writer,
};
use crate::TimeStamp;

/// `TimeStamp`
pub(super) fn read<'a>(r: &mut Reader<'a>) -> Read<'a, TimeStamp> {
    let at = r.rest();
    match split(r.word("TimeStamp")?) {
        Some(time_stamp) => Ok(time_stamp),
        None => fail(at, "TimeStamp"),
    }
}

/// Whether a `TimeStamp` or another thing that begins with a digit follows.
pub(super) fn may_follow(r: &Reader<'_>) -> bool {
    r.rest().first().is_some_and(u8::is_ascii_digit)
}

/// `TimeStamp`
pub(super) fn write(w: &mut Writer<'_, impl Form>, time_stamp: TimeStamp) {
    w.eight_digits(time_stamp.date);
    w.sign(b'T');
    w.eight_digits(time_stamp.time);
}

fn split(word: &[u8]) -> Option<TimeStamp> {
    if word.len() != 17 || !word[8].eq_ignore_ascii_case(&b'T') {
        return None;
    }
    Some(TimeStamp {
        date: eight_digits(&word[..8])?,
        time: eight_digits(&word[9..])?,
    })
}

fn eight_digits(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0_u32, |number, octet| {
        let digit = octet.is_ascii_digit().then(|| octet - b'0')?;
        Some(number * 10 + u32::from(digit))
    })
}
