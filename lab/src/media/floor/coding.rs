//! From packets to samples and back, in the floor's own way: tables for G.711, libopus for Opus.

use std::time::Duration;

use audiopus::{
    Channels, MutSignals, SampleRate,
    coder::{Decoder, Encoder},
    packet::Packet,
};

use super::{
    super::{MediaError, traffic::LONGEST},
    mixing::{FULL, Mix, NARROW, Own},
    thread_time,
};
use crate::phones::{
    codec::{self, Codec, Law},
    opus,
};

/// How hard an encoder tries; the gateway's do the same.
const COMPLEXITY: u8 = 5;

/// The tables of µ-law.
pub(super) struct Laws {
    decoded: [i16; 256],
    encoded: Vec<u8>,
}

impl Default for Laws {
    fn default() -> Self {
        let encoded = (i16::MIN..=i16::MAX).map(|sample| codec::encode(Law::Mu, sample));
        Self {
            decoded: std::array::from_fn(|octet| codec::decode(Law::Mu, octet as u8)),
            encoded: encoded.collect(),
        }
    }
}

/// How one leg is spoken to.
pub(super) enum Coder {
    /// µ-law.
    Law,
    /// Opus; one who does not talk needs neither.
    Opus(Option<(Decoder, Encoder)>),
}

impl Coder {
    pub(super) fn new(codec: Codec, talks: bool) -> Result<Self, MediaError> {
        Ok(match codec {
            Codec::Pcmu | Codec::Pcma => Self::Law,
            Codec::Opus if talks => {
                let decoder = Decoder::new(SampleRate::Hz48000, Channels::Mono)?;
                Self::Opus(Some((decoder, encoder()?)))
            }
            Codec::Opus => Self::Opus(None),
        })
    }

    /// Decodes what came; how long that took where it is Opus.
    pub(super) fn decode(&mut self, laws: &Laws, payload: &[u8], own: &mut Own) -> Duration {
        match self {
            Self::Law if payload.len() == NARROW => {
                let narrow = narrow(own);
                for (sample, &octet) in narrow.iter_mut().zip(payload) {
                    *sample = laws.decoded[usize::from(octet)];
                }
                Duration::ZERO
            }
            Self::Opus(Some((decoder, _))) if !payload.is_empty() => {
                let before = thread_time();
                if decode(decoder, payload, full(own)).is_none() {
                    *own = Own::Silent;
                }
                thread_time().saturating_sub(before)
            }
            Self::Law | Self::Opus(_) => {
                *own = Own::Silent;
                Duration::ZERO
            }
        }
    }

    /// Encodes what one hears who says `own`: how many octets, and how long that took where it is
    /// Opus.
    pub(super) fn encode(
        &self,
        laws: &Laws,
        mix: &mut Mix,
        own: &Own,
        out: &mut [u8],
    ) -> (usize, Duration) {
        match (self, own) {
            (Self::Law, own) => {
                let encode = |sample: i16| laws.encoded[(i32::from(sample) + 0x8000) as usize];
                mix.narrow(own).write(&mut out[..NARROW], encode);
                (NARROW, Duration::ZERO)
            }
            (Self::Opus(Some((_, encoder))), Own::Full(_)) => {
                let before = thread_time();
                let length = encode(encoder, mix, own, out);
                (length, thread_time().saturating_sub(before))
            }
            (Self::Opus(_), _) => shared(mix, out),
        }
    }
}

/// What all hear who do not talk, encoded for the first of them.
pub(super) struct Shared {
    encoder: Option<Encoder>,
    packet: [u8; LONGEST],
    length: usize,
}

impl Shared {
    pub(super) fn new(wanted: bool) -> Result<Self, MediaError> {
        Ok(Self {
            encoder: wanted.then(encoder).transpose()?,
            packet: [0; LONGEST],
            length: 0,
        })
    }

    /// The next 20 ms begin.
    pub(super) fn forget(&mut self) {
        self.length = 0;
    }
}

fn shared(mix: &mut Mix, out: &mut [u8]) -> (usize, Duration) {
    let mut took = Duration::ZERO;
    if mix.shared.length == 0 {
        let before = thread_time();
        let mut packet = [0; LONGEST];
        if let Some(encoder) = &mix.shared.encoder {
            mix.shared.length = encode(encoder, mix, &Own::Silent, &mut packet);
        }
        mix.shared.packet = packet;
        took = thread_time().saturating_sub(before);
    }
    let length = mix.shared.length;
    out[..length].copy_from_slice(&mix.shared.packet[..length]);
    (length, took)
}

fn encoder() -> Result<Encoder, MediaError> {
    let mut encoder = opus::encoder(SampleRate::Hz48000, false)?;
    encoder.set_complexity(COMPLEXITY)?;
    Ok(encoder)
}

fn encode(encoder: &Encoder, mix: &Mix, own: &Own, out: &mut [u8]) -> usize {
    let mut heard = [0; FULL];
    mix.full(own).write(&mut heard, |sample| sample);
    let room = out.len().min(opus::LONGEST);
    // What cannot be encoded is not sent, and missed at the far end.
    encoder.encode(&heard, &mut out[..room]).unwrap_or(0)
}

fn decode(decoder: &mut Decoder, payload: &[u8], samples: &mut [i16; FULL]) -> Option<usize> {
    let packet = Packet::try_from(payload).ok()?;
    let room = MutSignals::try_from(&mut samples[..]).ok()?;
    decoder.decode(Some(packet), room, false).ok()
}

/// Room for samples at 8 kHz; it is made once.
fn narrow(own: &mut Own) -> &mut [i16; NARROW] {
    if !matches!(own, Own::Narrow(_)) {
        *own = Own::Narrow(Box::new([0; NARROW]));
    }
    match own {
        Own::Narrow(samples) => samples,
        Own::Silent | Own::Full(_) => unreachable!("it has just been made"),
    }
}

/// The same at 48 kHz.
fn full(own: &mut Own) -> &mut [i16; FULL] {
    if !matches!(own, Own::Full(_)) {
        *own = Own::Full(Box::new([0; FULL]));
    }
    match own {
        Own::Full(samples) => samples,
        Own::Silent | Own::Narrow(_) => unreachable!("it has just been made"),
    }
}
