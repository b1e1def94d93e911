//! From the sums of all rates to what is heard at one.

use mg_contract::Rate;

use crate::{
    converter::Converter,
    frame::FRAME_MAX,
    mix::{Sum, Sums, place},
};

const RATES: usize = Rate::ALL.len();
/// Ticks for which a converter goes on after its sum has become silent: what it holds back.
const TAIL: u8 = 2;

/// Converts between the rates that a group has; each pair once, whoever listens.
#[derive(Debug, Default)]
pub(crate) struct Converters([[Option<Box<One>>; RATES]; RATES]);

#[derive(Debug)]
struct One {
    converter: Converter,
    /// Ticks until what it holds back is silence.
    left: u8,
    room: [i32; FRAME_MAX],
}

impl Converters {
    /// Makes what is needed to hear sounds of these rates at those rates.
    pub(crate) fn provide(&mut self, from: &[Rate], to: &[Rate]) {
        for &to in to {
            for &from in from.iter().filter(|&&from| from != to) {
                self.0[place(to)][place(from)].get_or_insert_with(|| Box::new(One::new(from, to)));
            }
        }
    }

    /// Makes `heard` all that is said, at its rate.
    pub(crate) fn collect(&mut self, said: &Sums, heard: &mut Sum) {
        let rate = heard.rate();
        heard.copy(said.at(rate));
        for (one, sum) in self.0[place(rate)].iter_mut().zip(said.all()) {
            if let Some(converted) = one.as_mut().and_then(|one| one.convert(sum, rate)) {
                heard.join(converted);
            }
        }
    }
}

impl One {
    fn new(from: Rate, to: Rate) -> Self {
        Self {
            converter: Converter::new(from, to),
            left: 0,
            room: [0; FRAME_MAX],
        }
    }

    fn convert(&mut self, sum: &Sum, to: Rate) -> Option<&[i32]> {
        self.left = if sum.sounds() {
            TAIL
        } else {
            self.left.checked_sub(1)?
        };
        let out = &mut self.room[..to.frame()];
        self.converter.convert_sum(sum.samples(), out);
        Some(out)
    }
}
