//! The sums of a room, one for each rate that is spoken there.

use super::{
    super::{MediaError, rooms::Rooms},
    coding::Shared,
};
use crate::phones::codec::Codec;

/// Samples of 20 ms at 8 kHz.
pub(super) const NARROW: usize = 160;
/// Samples of 20 ms at 48 kHz.
pub(super) const FULL: usize = 960;
/// How many of the one go into one of the other.
const TIMES: usize = FULL / NARROW;

/// What a leg says.
#[derive(Default)]
pub(super) enum Own {
    /// Nothing.
    #[default]
    Silent,
    /// At 8 kHz.
    Narrow(Box<[i16; NARROW]>),
    /// At 48 kHz.
    Full(Box<[i16; FULL]>),
}

/// What a room says.
pub(super) struct Mix {
    narrow: [i32; NARROW],
    full: Box<[i32; FULL]>,
    /// Whether both rates are spoken.
    both: bool,
    /// What all hear who speak Opus and do not talk.
    pub(super) shared: Shared,
}

impl Mix {
    /// A room in which nobody has said anything.
    pub(super) fn new(rooms: Rooms) -> Result<Self, MediaError> {
        let opus = |leg: usize| rooms.codec(leg) == Codec::Opus;
        let count = (0..rooms.legs).filter(|&leg| opus(leg)).count();
        Ok(Self {
            narrow: [0; NARROW],
            full: Box::new([0; FULL]),
            both: count > 0 && count < rooms.legs,
            shared: Shared::new(count > 0)?,
        })
    }

    /// Begins the next 20 ms.
    pub(super) fn begin(&mut self) {
        self.narrow.fill(0);
        self.full.fill(0);
        self.shared.forget();
    }

    /// Adds what a leg says.
    pub(super) fn add(&mut self, own: &Own) {
        match own {
            Own::Silent => {}
            Own::Narrow(samples) => sum(&mut self.narrow, &**samples),
            Own::Full(samples) => sum(&mut *self.full, &**samples),
        }
    }

    /// Adds to each rate what was said at the other one, in the cheapest way.
    pub(super) fn convert(&mut self) {
        if !self.both {
            return;
        }
        for (narrow, full) in self
            .narrow
            .iter_mut()
            .zip(self.full.chunks_exact_mut(TIMES))
        {
            let down = full.iter().sum::<i32>() / TIMES as i32;
            for sample in full {
                *sample += *narrow;
            }
            *narrow += down;
        }
    }

    /// What one who says `own` hears at 8 kHz, to `each` sample in turn.
    pub(super) fn narrow<'a>(&'a self, own: &'a Own) -> Heard<'a> {
        match own {
            Own::Narrow(samples) => Heard(&self.narrow, Some(&**samples)),
            Own::Silent | Own::Full(_) => Heard(&self.narrow, None),
        }
    }

    /// The same at 48 kHz.
    pub(super) fn full<'a>(&'a self, own: &'a Own) -> Heard<'a> {
        match own {
            Own::Full(samples) => Heard(&*self.full, Some(&**samples)),
            Own::Silent | Own::Narrow(_) => Heard(&*self.full, None),
        }
    }
}

/// A sum, and what is not heard of it.
pub(super) struct Heard<'a>(&'a [i32], Option<&'a [i16]>);

impl Heard<'_> {
    /// Gives it to `out`, each sample as `of` makes it.
    pub(super) fn write<Of>(&self, out: &mut [Of], of: impl Fn(i16) -> Of) {
        let clip = |sample: i32| sample.clamp(i16::MIN.into(), i16::MAX.into()) as i16;
        match self.1 {
            Some(own) => {
                for ((out, &total), &own) in out.iter_mut().zip(self.0).zip(own) {
                    *out = of(clip(total - i32::from(own)));
                }
            }
            None => {
                for (out, &total) in out.iter_mut().zip(self.0) {
                    *out = of(clip(total));
                }
            }
        }
    }
}

fn sum(total: &mut [i32], samples: &[i16]) {
    for (total, &sample) in total.iter_mut().zip(samples) {
        *total += i32::from(sample);
    }
}
