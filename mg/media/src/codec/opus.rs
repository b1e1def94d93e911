//! Opus (RFC 6716, RFC 7587) by libopus, which also converts rates and mixes stereo down.

use audiopus::{
    Application, Bitrate, Channels, MutSignals, SampleRate,
    coder::{Decoder as LibDecoder, Encoder as LibEncoder, GenericCtl},
    packet::{Packet, nb_samples},
};
use mg_contract::{Opus, Rate};

use super::Undecodable;

/// The longest payload that holds no sound: the table of contents, and a count of frames.
const EMPTY_MAX: usize = 2;
/// Bits of a second that libopus can keep to with one channel.
const BIT_RATES: std::ops::RangeInclusive<u32> = 6_000..=256_000;
/// Room for packets that nobody gets, more than [`BIT_RATES`] fill in 20 ms.
const THROWN_AWAY: usize = 1_275;
/// How hard the encoder tries, 0 to 10. Of speech at 48 kHz and 32 kbit/s the spectrum is off by 0.66 dB
/// with 0, by 0.60 with 5, by 0.57 with 9; 20 ms take 66, 139 and 260 µs. At 16 kHz it is much the same; at
/// 48 kHz and 24 kbit/s 9 gains more, 0.55 for 0.68. (One synthetic speaker, 12 s.)
const COMPLEXITY: u8 = 5;
/// Per cent of packets thought lost where FEC is asked for. Many listeners share an encoder, so it is not
/// what one of them reports.
const LOSS: u8 = 10;

/// Decodes one stream to mono at the rate wanted, whatever it was sent at.
#[derive(Debug)]
pub(super) struct Decoder {
    lib: LibDecoder,
    rate: SampleRate,
}

impl Decoder {
    pub(super) fn new(rate: Rate) -> Self {
        let rate = sample_rate(rate);
        let lib = LibDecoder::new(rate, Channels::Mono).expect("there is memory for a decoder");
        Self { lib, rate }
    }

    /// By the table of contents (RFC 6716 3.1): up to 120 ms.
    pub(super) fn samples(&self, payload: &[u8]) -> Option<usize> {
        let packet = Packet::try_from(payload).ok()?;
        nb_samples(packet, self.rate)
            .ok()
            .filter(|&count| count > 0)
    }

    pub(super) fn decode(&mut self, payload: &[u8], out: &mut [i16]) -> Result<usize, Undecodable> {
        let packet = Packet::try_from(payload).map_err(|_| Undecodable)?;
        self.run(Some(packet), out, false)
    }

    pub(super) fn conceal(&mut self, out: &mut [i16]) -> bool {
        self.run(None, out, false).is_ok()
    }

    pub(super) fn restore(&mut self, next: &[u8], out: &mut [i16]) -> bool {
        if !has_redundancy(next) {
            return false;
        }
        let Ok(packet) = Packet::try_from(next) else {
            return false;
        };
        self.run(Some(packet), out, true).is_ok()
    }

    fn run(
        &mut self,
        packet: Option<Packet<'_>>,
        out: &mut [i16],
        fec: bool,
    ) -> Result<usize, Undecodable> {
        let out = MutSignals::try_from(out).map_err(|_| Undecodable)?;
        self.lib.decode(packet, out, fec).map_err(|_| Undecodable)
    }
}

/// Whether a payload says that there is silence (RFC 7587 3.1.3).
pub(super) fn is_silence(payload: &[u8]) -> bool {
    payload.len() <= EMPTY_MAX
}

/// Whether a packet holds a second, coarser copy of the sound before it (RFC 6716 4.2.3, 4.2.4): the
/// bit after the voice flags, one for each 20 ms, with which the SILK layer begins.
fn has_redundancy(payload: &[u8]) -> bool {
    let Some(&contents) = payload.first() else {
        return false;
    };
    let (configuration, stereo) = (contents >> 3, contents & 4 != 0);
    // 12 of SILK alone, 4 of SILK and CELT; the rest have no SILK layer.
    let voice_flags = match configuration {
        0..12 => [1, 1, 2, 3][usize::from(configuration & 3)],
        12..16 => 1,
        _ => return false,
    };
    let Some(&flags) = first_frame(payload).and_then(|frame| frame.first()) else {
        return false;
    };
    let middle = flags >> (7 - voice_flags) & 1 == 1;
    let side = stereo && flags >> (6 - 2 * voice_flags) & 1 == 1;
    middle || side
}

/// What follows the lengths of a packet's frames (RFC 6716 3.2): `None` if that is past its end.
fn first_frame(payload: &[u8]) -> Option<&[u8]> {
    let (&contents, rest) = payload.split_first()?;
    let lengths_from = |rest: &[u8], count: usize| {
        let mut at = 0;
        for _ in 0..count {
            at += if *rest.get(at)? < 252 { 1 } else { 2 };
        }
        Some(at)
    };
    match contents & 3 {
        0 | 1 => Some(rest),
        2 => rest.get(lengths_from(rest, 1)?..),
        _ => {
            let (&head, mut rest) = rest.split_first()?;
            let (variable, padded) = (head & 0x80 != 0, head & 0x40 != 0);
            // 255 says that another count of padding follows.
            let mut counts = padded;
            while counts {
                let (&padding, after) = rest.split_first()?;
                (counts, rest) = (padding == 255, after);
            }
            let count = usize::from(head & 0x3f).checked_sub(1)?;
            let skipped = if variable {
                lengths_from(rest, count)?
            } else {
                0
            };
            rest.get(skipped..)
        }
    }
}

/// Encodes one mono stream.
#[derive(Debug)]
pub(super) struct Encoder {
    lib: LibEncoder,
    dtx: bool,
}

impl Encoder {
    pub(super) fn new(how: Opus) -> Self {
        let lib = configured(how).expect("there is memory for an encoder");
        Self { lib, dtx: how.dtx }
    }

    pub(super) fn encode(&self, samples: &[i16], out: &mut [u8]) -> usize {
        let length = self.lib.encode(samples, out).unwrap_or(0);
        if self.dtx && length <= EMPTY_MAX {
            0
        } else {
            length
        }
    }

    pub(super) fn begin(&mut self, past: &[i16]) {
        // libopus refuses neither.
        let _ = self.lib.reset_state();
        let _ = self.lib.encode(past, &mut [0; THROWN_AWAY]);
    }
}

fn configured(how: Opus) -> audiopus::Result<LibEncoder> {
    let mut lib = LibEncoder::new(sample_rate(how.rate), Channels::Mono, Application::Voip)?;
    let bit_rate = how.bit_rate.clamp(*BIT_RATES.start(), *BIT_RATES.end());
    lib.set_bitrate(Bitrate::BitsPerSecond(bit_rate.cast_signed()))?;
    lib.set_complexity(COMPLEXITY)?;
    lib.set_dtx(how.dtx)?;
    lib.set_inband_fec(how.fec)?;
    if how.fec {
        lib.set_packet_loss_perc(LOSS)?;
    }
    Ok(lib)
}

fn sample_rate(rate: Rate) -> SampleRate {
    match rate {
        Rate::Narrow => SampleRate::Hz8000,
        Rate::Wide => SampleRate::Hz16000,
        Rate::Full => SampleRate::Hz48000,
    }
}

#[cfg(test)]
mod tests;
