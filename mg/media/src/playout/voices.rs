//! The decoders of a stream, one for each format that is understood.

use mg_contract::{AudioCodec, PayloadFormat, Rate};
use smallvec::SmallVec;

use super::{Content, UNITS, Units, reel::Reel};
use crate::{
    codec::{Decoder, Undecodable},
    converter::Converter,
};

/// Milliseconds of sound that a packet holds at most.
const PACKET_MAX: usize = 120;
/// Octets of Opus that may wait: 200 ms at the highest rate that is in use, several times over.
const OPUS_OCTETS: usize = 8192;
/// Octets of a codec of 64 kbit/s that may wait: 200 ms and a packet of 50.
const OCTETS: usize = 2048;

/// A format, and what decodes it to the rate of the leg.
#[derive(Debug)]
struct Voice {
    format: PayloadFormat,
    decoder: Decoder,
    /// Where its rate is not the leg's.
    conversion: Option<Box<Conversion>>,
}

#[derive(Debug)]
struct Conversion {
    converter: Converter,
    /// A packet's samples before it.
    decoded: Box<[i16]>,
}

impl Voice {
    fn new(format: PayloadFormat, leg: Rate) -> Self {
        let decoder = Decoder::new(format.codec, leg);
        let rate = decoder.rate();
        let convert = || Conversion {
            converter: Converter::new(rate, leg),
            decoded: vec![0; rate.hz() as usize / 1000 * PACKET_MAX].into(),
        };
        let conversion = (rate != leg).then(|| Box::new(convert()));
        Self {
            format,
            decoder,
            conversion,
        }
    }

    fn is(&self, payload_type: u8) -> bool {
        self.format.payload_type == payload_type
    }
}

/// The decoders. Nearly all streams have one.
#[derive(Debug, Default)]
pub(super) struct Voices(SmallVec<[Voice; 1]>);

impl Voices {
    /// Makes them, and keeps those that go on: their rate was `before`. This is where memory is
    /// allocated.
    pub(super) fn understand(&mut self, formats: &[PayloadFormat], leg: Rate, before: Rate) {
        let mut former = std::mem::take(&mut self.0);
        for &format in formats {
            let goes_on = |voice: &Voice| voice.format == format && leg == before;
            let voice = match former.iter().position(goes_on) {
                Some(place) => former.swap_remove(place),
                None => Voice::new(format, leg),
            };
            self.0.push(voice);
        }
    }

    /// Reads a little of the first format, so that it is at hand.
    pub(super) fn glance(&self) -> usize {
        let first = self.0.first();
        usize::from(first.map_or(0, |voice| voice.format.payload_type))
    }

    /// The codec of a payload type.
    pub(super) fn codec(&self, payload_type: u8) -> Option<AudioCodec> {
        self.get(payload_type).map(|voice| voice.format.codec)
    }

    /// Octets that may wait.
    pub(super) fn octets(&self) -> usize {
        let octets = self.0.iter().map(|voice| match voice.format.codec {
            AudioCodec::Pcmu | AudioCodec::Pcma | AudioCodec::G722 => OCTETS,
            AudioCodec::L16(rate) => rate.hz() as usize / 5 * 2,
            AudioCodec::Opus(_) => OPUS_OCTETS,
        });
        octets.max().unwrap_or(0)
    }

    /// What a payload says; `None` if there is nothing in it, or more than 120 ms.
    pub(super) fn content(&self, payload_type: u8, payload: &[u8]) -> Option<Content> {
        let Voice {
            format, decoder, ..
        } = self.get(payload_type)?;
        if decoder.is_silence(payload) {
            return Some(Content::Silence);
        }
        let rate = decoder.rate().hz();
        let samples = decoder.samples(payload).filter(|&count| count > 0)?;
        let fits = samples <= rate as usize / 1000 * PACKET_MAX;
        fits.then(|| Content::Sound {
            length: samples as Units * (UNITS / Units::from(rate)),
            clock_rate: format.codec.clock_rate(),
        })
    }

    /// Appends a payload's sound. Returns how many samples it was.
    pub(super) fn decode(
        &mut self,
        payload_type: u8,
        payload: &[u8],
        reel: &mut Reel,
    ) -> Result<usize, Undecodable> {
        let voice = self.get_mut(payload_type).ok_or(Undecodable)?;
        let count = voice.decoder.samples(payload).ok_or(Undecodable)?;
        let Some(conversion) = &mut voice.conversion else {
            if voice.decoder.is_zero(payload) {
                reel.append_silence(count);
                return Ok(count);
            }
            let mut result = Err(Undecodable);
            reel.append(count, |out| {
                result = voice.decoder.decode(payload, out);
                result.unwrap_or(0)
            });
            return result;
        };
        let Conversion { converter, decoded } = &mut **conversion;
        let count = voice.decoder.decode(payload, decoded)?;
        let (from, to) = (voice.decoder.rate(), reel.rate());
        let whole = count - count % (from.hz() / to.hz()).max(1) as usize;
        let mut converted = 0;
        for block in decoded[..whole].chunks(from.frame()) {
            let count = block.len() * to.frame() / from.frame();
            reel.append(count, |out| {
                converter.convert(block, out);
                count
            });
            converted += count;
        }
        Ok(converted)
    }

    /// Whether the codec makes up by itself what is lost.
    pub(super) fn conceals(&self, payload_type: u8) -> bool {
        self.codec(payload_type)
            .is_some_and(|codec| matches!(codec, AudioCodec::Opus(_)))
    }

    /// Appends what the codec makes up where a packet is lost, if it does that.
    pub(super) fn conceal(&mut self, payload_type: u8, count: usize, reel: &mut Reel) -> bool {
        self.fill(payload_type, count, reel, |decoder, out| {
            decoder.conceal(out)
        })
    }

    /// Appends what the packet after it tells of one that is lost, if it tells anything.
    pub(super) fn restore(
        &mut self,
        payload_type: u8,
        next: &[u8],
        count: usize,
        reel: &mut Reel,
    ) -> bool {
        self.fill(payload_type, count, reel, |decoder, out| {
            decoder.restore(next, out)
        })
    }

    fn fill(
        &mut self,
        payload_type: u8,
        count: usize,
        reel: &mut Reel,
        fill: impl FnOnce(&mut Decoder, &mut [i16]) -> bool,
    ) -> bool {
        let Some(voice) = self.get_mut(payload_type) else {
            return false;
        };
        if voice.conversion.is_some() {
            return false;
        }
        let mut filled = false;
        reel.append(count, |out| {
            filled = fill(&mut voice.decoder, out);
            if filled { out.len() } else { 0 }
        });
        filled
    }

    fn get(&self, payload_type: u8) -> Option<&Voice> {
        self.0.iter().find(|voice| voice.is(payload_type))
    }

    fn get_mut(&mut self, payload_type: u8) -> Option<&mut Voice> {
        self.0.iter_mut().find(|voice| voice.is(payload_type))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constant_octet_is_silence_only_where_it_stands_for_zero() {
        for (codec, octet, silent) in [
            (AudioCodec::Pcmu, 0xff, true),
            (AudioCodec::Pcmu, 0x7f, true),
            (AudioCodec::Pcmu, 0xfe, false),
            (AudioCodec::Pcma, 0xd5, false),
        ] {
            let mut voices = Voices::default();
            let payload_type = 0;
            let format = PayloadFormat {
                payload_type,
                codec,
            };
            voices.understand(&[format], Rate::Narrow, Rate::Narrow);
            let mut reel = Reel::new(Rate::Narrow);
            for _ in 0..12 {
                let decoded = voices.decode(payload_type, &[octet; 160], &mut reel);
                assert_eq!((decoded, reel.unplayed()), (Ok(160), 160));
                assert_eq!(reel.play(160), silent, "{codec:?} {octet:x}");
            }
            assert_eq!(reel.is_blank(), silent, "{codec:?} {octet:x}");
        }
    }
}
