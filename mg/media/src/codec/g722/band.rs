//! One band: a prediction, and the difference from it in steps that adapt (G.722, 3.3 to 3.6 and 6.2).

use super::tables::{
    HIGHER, HIGHER_BORDER, HIGHER_WEIGHTS, LOWER_4, LOWER_6, LOWER_BORDERS, LOWER_WEIGHTS, POWERS,
};

/// Keeps a value to 16 bits.
pub(super) fn limited(value: i32) -> i32 {
    value.clamp(i16::MIN.into(), i16::MAX.into())
}

/// How wide the steps are, kept as a logarithm of 11 bits after the point (blocks 3L and 3H).
#[derive(Clone, Debug)]
struct Scale {
    logarithm: i32,
    width: i32,
    /// The greatest logarithm, a whole number of octaves.
    most: i32,
}

impl Scale {
    fn adapt(&mut self, weight: i32) {
        let faded = (self.logarithm * 127) >> 7;
        self.logarithm = (faded + weight).clamp(0, self.most);
        let power = POWERS[(self.logarithm >> 6 & 31) as usize];
        let octaves = (self.most >> 11) - (self.logarithm >> 11);
        self.width = (power << 1) >> octaves << 2;
    }
}

/// Predicts the next sample from six differences and two samples (blocks 4L and 4H).
#[derive(Clone, Debug, Default)]
struct Predictor {
    /// The prediction.
    estimate: i32,
    /// What of it came from the differences.
    from_zeros: i32,
    /// Differences, the newest first, and their weights.
    differences: [i32; 6],
    zeros: [i32; 6],
    /// Rebuilt samples, the newest first, and their weights.
    rebuilt: [i32; 2],
    poles: [i32; 2],
    /// Signs of the last two partly rebuilt samples.
    signs: [bool; 2],
}

impl Predictor {
    /// Takes in what the sample was found to differ by, and predicts the next one.
    fn adapt(&mut self, difference: i32) {
        let sample = limited(self.estimate + difference);
        let negative = (self.from_zeros + difference) < 0;
        self.adapt_poles(negative);
        self.adapt_zeros(difference);
        self.signs = [negative, self.signs[0]];
        self.rebuilt = [sample, self.rebuilt[0]];
        let terms = self.rebuilt.iter().zip(self.poles);
        let from_poles = limited(terms.map(|(&s, pole)| (limited(s * 2) * pole) >> 15).sum());
        let terms = self.differences.iter().zip(self.zeros);
        self.from_zeros = limited(terms.map(|(&d, zero)| (limited(d * 2) * zero) >> 15).sum());
        self.estimate = limited(from_poles + self.from_zeros);
    }

    fn adapt_poles(&mut self, negative: bool) {
        let [first, second] = self.poles;
        let (like_last, like_before) = (negative == self.signs[0], negative == self.signs[1]);
        let pull = limited(first << 2);
        let pull = if like_last { (-pull).min(32_767) } else { pull };
        let push = if like_before { 128 } else { -128 };
        let second = (push + (pull >> 7) + ((second * 32_512) >> 15)).clamp(-12_288, 12_288);
        let push = if like_last { 192 } else { -192 };
        let most = 15_360 - second;
        let first = limited(push + ((first * 32_640) >> 15)).clamp(-most, most);
        self.poles = [first, second];
    }

    fn adapt_zeros(&mut self, difference: i32) {
        let push = if difference == 0 { 0 } else { 128 };
        for (zero, &before) in self.zeros.iter_mut().zip(&self.differences) {
            let alike = (before < 0) == (difference < 0);
            let push = if alike { push } else { -push };
            *zero = limited(push + ((*zero * 32_640) >> 15));
        }
        self.differences.copy_within(..5, 1);
        self.differences[0] = difference;
    }
}

/// The lower band.
#[derive(Clone, Debug)]
pub(super) struct Lower {
    scale: Scale,
    predictor: Predictor,
}

impl Lower {
    pub(super) fn new() -> Self {
        let scale = Scale {
            logarithm: 0,
            width: 32,
            most: 18_432,
        };
        Self {
            scale,
            predictor: Predictor::default(),
        }
    }

    /// Returns the sample that 6 bits of code stand for.
    pub(super) fn decode(&mut self, code: u8) -> i32 {
        let step = (self.scale.width * LOWER_6[usize::from(code & 0x3f)]) >> 15;
        let sample = self.predictor.estimate + step;
        self.follow(code);
        sample
    }

    /// Returns the 6 bits of code for a sample.
    pub(super) fn encode(&mut self, sample: i32) -> u8 {
        let difference = limited(sample - self.predictor.estimate);
        let negative = difference < 0;
        let magnitude = if negative { !difference } else { difference };
        let width = self.scale.width;
        let below = |border: &i32| (border * width) >> 12 <= magnitude;
        let place = LOWER_BORDERS.partition_point(below) as u8;
        // Codes fall as magnitudes grow (table 14, `ILN` and `ILP`).
        let code = match (negative, place) {
            (true, 0..2) => 63 - place,
            (true, _) => 33 - place,
            (false, _) => 61 - place,
        };
        self.follow(code);
        code
    }

    fn follow(&mut self, code: u8) {
        let upper = usize::from(code >> 2 & 0xf);
        let difference = (self.scale.width * LOWER_4[upper]) >> 15;
        self.scale.adapt(LOWER_WEIGHTS[upper]);
        self.predictor.adapt(difference);
    }
}

/// The higher band.
#[derive(Clone, Debug)]
pub(super) struct Higher {
    scale: Scale,
    predictor: Predictor,
}

impl Higher {
    pub(super) fn new() -> Self {
        let scale = Scale {
            logarithm: 0,
            width: 8,
            most: 22_528,
        };
        Self {
            scale,
            predictor: Predictor::default(),
        }
    }

    /// Returns the sample that 2 bits of code stand for.
    pub(super) fn decode(&mut self, code: u8) -> i32 {
        let estimate = self.predictor.estimate;
        estimate + self.follow(code)
    }

    /// Returns the 2 bits of code for a sample.
    pub(super) fn encode(&mut self, sample: i32) -> u8 {
        let difference = limited(sample - self.predictor.estimate);
        let negative = difference < 0;
        let magnitude = if negative { !difference } else { difference };
        let great = magnitude >= (HIGHER_BORDER * self.scale.width) >> 12;
        // Table 14, `IHN` and `IHP`.
        let code = u8::from(!great) + if negative { 0 } else { 2 };
        self.follow(code);
        code
    }

    fn follow(&mut self, code: u8) -> i32 {
        let code = usize::from(code & 3);
        let difference = (self.scale.width * HIGHER[code]) >> 15;
        self.scale.adapt(HIGHER_WEIGHTS[code]);
        self.predictor.adapt(difference);
        difference
    }
}
