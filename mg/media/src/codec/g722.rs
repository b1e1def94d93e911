//! G.722 at 64 kbit/s (ITU-T G.722, mode 1): 16 kHz, split into two bands of 8 kHz that are coded apart,
//! the lower with 6 bits and the higher with 2.

mod band;
mod tables;

use band::{Higher, Lower, limited};

/// Every second value of the filter that parts and joins the bands (table 11), from the first on; the
/// values between them are the same backwards.
const FILTER: [i16; REACH] = [3, -11, 12, 32, -210, 951, 3876, -805, 362, -156, 53, -11];
/// Pairs of samples that the filter reaches over.
const REACH: usize = 12;

/// What the filter needs of the past, the newest last.
#[derive(Clone, Debug, Default)]
struct Filter {
    first: [i16; REACH],
    second: [i16; REACH],
}

impl Filter {
    /// Takes a pair of samples in. Returns what the filter makes of first and of second ones.
    fn step(&mut self, first: i16, second: i16) -> (i32, i32) {
        self.first.copy_within(1.., 0);
        self.second.copy_within(1.., 0);
        self.first[REACH - 1] = first;
        self.second[REACH - 1] = second;
        let product = |(&a, &b): (&i16, &i16)| i32::from(a) * i32::from(b);
        let of_first = self.first.iter().zip(&FILTER).map(product).sum();
        let of_second = self
            .second
            .iter()
            .zip(FILTER.iter().rev())
            .map(product)
            .sum();
        (of_first, of_second)
    }
}

/// What is taken from a band is kept to 15 bits (6.2.1.2, 6.2.2.2), so that two of them make a sample.
fn of_band(sample: i32) -> i16 {
    sample.clamp(-16_384, 16_383) as i16
}

/// Decodes one stream.
#[derive(Clone, Debug)]
pub(super) struct Decoder {
    lower: Lower,
    higher: Higher,
    filter: Filter,
}

impl Decoder {
    pub(super) fn new() -> Self {
        Self {
            lower: Lower::new(),
            higher: Higher::new(),
            filter: Filter::default(),
        }
    }

    /// Decodes two samples an octet.
    pub(super) fn decode(&mut self, payload: &[u8], out: &mut [i16]) {
        for (pair, &octet) in out.as_chunks_mut::<2>().0.iter_mut().zip(payload) {
            let low = of_band(self.lower.decode(octet & 0x3f));
            let high = of_band(self.higher.decode(octet >> 6));
            let (first, second) = self.filter.step(low + high, low - high);
            *pair = [second, first].map(|sum| limited(sum >> 11) as i16);
        }
    }
}

/// Where a decoder stands by the octets that it was sent.
#[derive(Clone, Debug)]
pub(super) struct Standing {
    lower: Lower,
    higher: Higher,
}

impl Standing {
    /// Where a decoder starts.
    pub(super) fn new() -> Self {
        Self {
            lower: Lower::new(),
            higher: Higher::new(),
        }
    }
}

/// Encodes one stream.
#[derive(Clone, Debug)]
pub(super) struct Encoder {
    lower: Lower,
    higher: Higher,
    filter: Filter,
}

impl Encoder {
    pub(super) fn new() -> Self {
        Self {
            lower: Lower::new(),
            higher: Higher::new(),
            filter: Filter::default(),
        }
    }

    pub(super) fn standing(&self) -> Standing {
        Standing {
            lower: self.lower.clone(),
            higher: self.higher.clone(),
        }
    }

    pub(super) fn begin(&mut self, past: &[i16], standing: Standing) {
        let Standing { lower, higher } = standing;
        (self.lower, self.higher) = (lower, higher);
        for &[first, second] in past.as_chunks().0 {
            self.filter.step(first, second);
        }
    }

    /// Encodes an octet for two samples.
    pub(super) fn encode(&mut self, samples: &[i16], out: &mut [u8]) {
        for (octet, &pair) in out.iter_mut().zip(samples.as_chunks().0) {
            *octet = self.octet(pair);
        }
    }

    fn octet(&mut self, [first, second]: [i16; 2]) -> u8 {
        let (first, second) = self.filter.step(first, second);
        let low = self.lower.encode((second + first) >> 14);
        let high = self.higher.encode((second - first) >> 14);
        high << 6 | low
    }
}
