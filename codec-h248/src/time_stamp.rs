//! The protocol's date and time, in hundredths of a second (H.248.1 Annex B.2 `TimeStamp`).

use std::fmt;

use bounded_static::ToStatic;

/// `20261124T06380000`: the digits of a date and of a time, as the sender wrote them.
///
/// ```
/// use codec_h248::TimeStamp;
///
/// let moment = TimeStamp::from_unix_centiseconds(179_550_228_000);
/// assert_eq!(moment.to_string(), "20261124T06380000");
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, ToStatic)]
pub struct TimeStamp {
    /// yyyymmdd as a number below 100,000,000.
    pub date: u32,
    /// hhmmssss as a number below 100,000,000; the last two digits are hundredths.
    pub time: u32,
}

impl TimeStamp {
    /// The moment `centiseconds` after 1970-01-01T00:00 UTC.
    pub fn from_unix_centiseconds(centiseconds: u64) -> Self {
        const DAY: u64 = 8_640_000;
        let (year, month, day) = civil_from_days(centiseconds / DAY);
        let rest = centiseconds % DAY;
        let (hour, minute) = (rest / 360_000, rest / 6_000 % 60);
        let time = hour * 1_000_000 + minute * 10_000 + rest % 6_000;
        Self {
            date: u32::try_from(year * 10_000 + month * 100 + day).unwrap_or(99_991_231),
            time: u32::try_from(time).expect("below 24,000,000"),
        }
    }
}

/// Days since 1970-01-01 to a Gregorian date, counting years from March so that the leap day is
/// the last of its year.
fn civil_from_days(days: u64) -> (u64, u64, u64) {
    let shifted = days + 719_468;
    let era = shifted / 146_097;
    let day_of_era = shifted % 146_097;
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    (year_of_era + era * 400 + u64::from(month <= 2), month, day)
}

impl fmt::Display for TimeStamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08}T{:08}", self.date, self.time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unix_time_becomes_a_calendar_date() {
        let written = |seconds: u64| TimeStamp::from_unix_centiseconds(seconds * 100).to_string();
        assert_eq!(written(0), "19700101T00000000");
        assert_eq!(written(951_782_399), "20000228T23595900");
        assert_eq!(written(951_782_400), "20000229T00000000");
        assert_eq!(written(1_795_502_280), "20261124T06380000");
    }
}
