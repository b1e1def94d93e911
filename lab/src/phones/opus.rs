//! Opus as the phones speak it, by libopus: whole stretches are coded and decoded at once.

use audiopus::{
    Application, Bitrate, Channels, MutSignals, SampleRate,
    coder::{Decoder, Encoder},
    packet::Packet,
};
use bytes::Bytes;

/// A packet of 20 ms has no more octets (RFC 6716 3.2.1).
pub const LONGEST: usize = 1_275;
/// Bits a second that are sent.
pub const BIT_RATE: i32 = 32_000;
/// Samples of a packet where the sound has 8 kHz.
const NARROW: usize = 160;

/// An encoder of voices; `dtx` is whether it says what need not be sent.
pub fn encoder(rate: SampleRate, dtx: bool) -> audiopus::Result<Encoder> {
    let mut encoder = Encoder::new(rate, Channels::Mono, Application::Voip)?;
    encoder.set_bitrate(Bitrate::BitsPerSecond(BIT_RATE))?;
    encoder.set_dtx(dtx)?;
    Ok(encoder)
}

/// Packets of 20 ms; where the encoder says that one need not be sent (DTX), it is empty. What does
/// not fill the last one is left out.
pub fn encode(
    encoder: &Encoder,
    samples: &[i16],
    packet_samples: usize,
) -> audiopus::Result<Vec<Bytes>> {
    let mut octets = [0; LONGEST];
    let packets = samples.chunks_exact(packet_samples).map(|packet| {
        let length = encoder.encode(packet, &mut octets)?;
        // A packet of one octet or two need not be sent (RFC 7587 3.1.3).
        let sent = if length > 2 { length } else { 0 };
        Ok(Bytes::copy_from_slice(&octets[..sent]))
    });
    packets.collect()
}

/// A stretch at 8 kHz that is sent over and over, as packets.
pub(super) fn encode_loop(samples: &[i16]) -> audiopus::Result<Vec<Bytes>> {
    let encoder = encoder(SampleRate::Hz8000, false)?;
    // The second round begins as the first one ended.
    encode(&encoder, samples, NARROW)?;
    encode(&encoder, samples, NARROW)
}

/// Decodes packets that follow each other to samples at 8 kHz; what does not decode is silence.
#[derive(Debug)]
pub struct Stretcher(Option<Decoder>);

impl Default for Stretcher {
    fn default() -> Self {
        Self(Decoder::new(SampleRate::Hz8000, Channels::Mono).ok())
    }
}

impl Stretcher {
    /// The next 20 ms.
    pub fn decode(&mut self, payload: &[u8]) -> [i16; NARROW] {
        let mut samples = [0; NARROW];
        let packet = Packet::try_from(payload);
        let room = MutSignals::try_from(&mut samples[..]);
        let decoded = match (&mut self.0, packet, room) {
            (Some(decoder), Ok(packet), Ok(room)) => decoder.decode(Some(packet), room, false).ok(),
            _ => None,
        };
        if decoded.is_none() {
            samples = [0; NARROW];
        }
        samples
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phones::{Frequency, Level, Source, Stretch, Tone};

    #[test]
    fn a_tone_comes_out_as_it_went_in_and_silence_need_not_be_sent() {
        let tone = Tone {
            frequency: Frequency(1_000.0),
            level: Level::of_peak(4_000.0),
        };
        let packets = encode_loop(Source::tone(tone).samples()).unwrap();
        let mut stretcher = Stretcher::default();
        let heard: Vec<i16> = packets.iter().flat_map(|p| stretcher.decode(p)).collect();
        assert_eq!(heard.len(), 16_000);
        let level = Stretch::hann(&heard[8_000..]).level(tone.frequency);
        assert!((level.0 - tone.level.0).abs() < 1.0, "{level:?}");
        let silent = encoder(SampleRate::Hz48000, true).unwrap();
        let packets = encode(&silent, &[0; 960 * 50], 960).unwrap();
        let sent = packets.iter().filter(|packet| !packet.is_empty()).count();
        assert!((5..20).contains(&sent), "{sent}");
    }

    #[test]
    fn rubbish_is_silence() {
        let mut stretcher = Stretcher::default();
        for length in 0..40 {
            let _ = stretcher.decode(&vec![0xff; length]);
        }
        assert_eq!(stretcher.decode(&[]), [0; NARROW]);
    }
}
