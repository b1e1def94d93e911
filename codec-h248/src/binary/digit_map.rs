//! Digit maps (H.248.1 Annex A.2 `DigitMapDescriptor`, `DigitMapValue`).

use super::{
    Unsayable,
    ber::{BerError, BerReader, BerWriter, leaf},
};
use crate::{
    Name,
    descriptor::{DigitMapDescriptor, DigitMapTimers, DigitMapValue},
};

/// The highest timer, in its unit.
const LONGEST: u8 = 99;

/// `DigitMapDescriptor`
pub(super) fn read<'a>(r: &mut BerReader<'a>) -> Result<DigitMapDescriptor<'a>, BerError> {
    let name = r.optional(0, "digitMapName", name)?;
    let value = r.optional(1, "digitMapValue", value)?;
    Ok(DigitMapDescriptor { name, value })
}

/// `DigitMapName`
pub(super) fn name<'a>(r: &mut BerReader<'a>) -> Result<Name<'a>, BerError> {
    let number = leaf::array(r).map(u16::from_be_bytes)?;
    Ok(r.profile().digit_map_name(number))
}

/// `DigitMapValue`
pub(super) fn value<'a>(r: &mut BerReader<'a>) -> Result<DigitMapValue<'a>, BerError> {
    let start_s = r.optional(0, "startTimer", timer)?;
    let short_s = r.optional(1, "shortTimer", timer)?;
    let long_s = r.optional(2, "longTimer", timer)?;
    let body = r.value(3, "digitMapBody", |r| {
        leaf::text_up_to(r, r.limits().digit_map)
    })?;
    let duration_ds = r.optional(4, "durationTimer", timer)?;
    r.extensions(4)?;
    let timers = DigitMapTimers {
        start_s,
        short_s,
        long_s,
        duration_ds,
    };
    Ok(DigitMapValue { timers, body })
}

fn timer(r: &mut BerReader<'_>) -> Result<u8, BerError> {
    leaf::within(r, 0..=LONGEST)
}

/// `DigitMapDescriptor`
pub(super) fn write(w: &mut BerWriter<'_>, digit_map: &DigitMapDescriptor<'_>) {
    if let Some(value) = &digit_map.value {
        w.constructed(1, "digitMapValue", |w| write_value(w, value));
    }
    if let Some(name) = &digit_map.name {
        write_name(w, name);
    }
}

/// `DigitMapName`
pub(super) fn write_name(w: &mut BerWriter<'_>, name: &Name<'_>) {
    match w.profile().digit_map_number(name) {
        Some(number) => w.octets(0, &number.to_be_bytes()),
        None => w.fail(Unsayable::Name("digit map", name.as_str().to_owned())),
    }
}

/// `DigitMapValue`
pub(super) fn write_value(w: &mut BerWriter<'_>, value: &DigitMapValue<'_>) {
    w.extensions();
    let timers = &value.timers;
    if timers.duration_ds.is_some() {
        w.since(2, "durationTimer");
    }
    write_timer(w, 4, timers.duration_ds);
    w.text(3, &value.body);
    write_timer(w, 2, timers.long_s);
    write_timer(w, 1, timers.short_s);
    write_timer(w, 0, timers.start_s);
}

fn write_timer(w: &mut BerWriter<'_>, number: u8, timer: Option<u8>) {
    let Some(timer) = timer else { return };
    if timer > LONGEST {
        w.fail(Unsayable::Value("timer", timer.to_string()));
    }
    w.unsigned(number, timer);
}
