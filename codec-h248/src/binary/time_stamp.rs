//! Time stamps (H.248.1 Annex A.2 `TimeNotation`).

use super::ber::{BerError, BerReader, BerWriter, leaf};
use crate::{Expected, TimeStamp};

/// `TimeNotation`
pub(super) fn read(r: &mut BerReader<'_>) -> Result<TimeStamp, BerError> {
    let date = r.value(0, "date", eight_digits)?;
    let time = r.value(1, "time", eight_digits)?;
    Ok(TimeStamp { date, time })
}

fn eight_digits(r: &mut BerReader<'_>) -> Result<u32, BerError> {
    let start = r.offset();
    let digits: [u8; 8] = leaf::array(r)?;
    digits
        .iter()
        .try_fold(0_u32, |number, octet| {
            let digit = octet.is_ascii_digit().then(|| octet - b'0')?;
            Some(number * 10 + u32::from(digit))
        })
        .ok_or_else(|| r.wrong_since(start, Expected::Rule("eight digits")))
}

/// `TimeNotation`
pub(super) fn write(w: &mut BerWriter<'_>, time_stamp: TimeStamp) {
    write_eight_digits(w, 1, time_stamp.time);
    write_eight_digits(w, 0, time_stamp.date);
}

fn write_eight_digits(w: &mut BerWriter<'_>, number: u8, mut value: u32) {
    let mut digits = [b'0'; 8];
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + u8::try_from(value % 10).expect("a digit is below ten");
        value /= 10;
    }
    w.octets(number, &digits);
}
