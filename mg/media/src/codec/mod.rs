//! From octets to linear samples and back.

mod alaw;
mod g722;
mod l16;
mod opus;
mod ulaw;

use mg_contract::{AudioCodec, Rate};

/// Octets that are no sound of the codec.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Undecodable;

/// Decodes one stream.
#[derive(Debug)]
pub(crate) struct Decoder {
    rate: Rate,
    form: DecoderForm,
}

#[derive(Debug)]
enum DecoderForm {
    /// An octet a sample.
    Law(&'static [i16; 256]),
    G722(Box<g722::Decoder>),
    L16,
    Opus(opus::Decoder),
}

impl Decoder {
    /// Starts without a past. This is where memory is allocated. Only Opus can be decoded at any
    /// rate that is wanted: [`Self::rate`] says which it is.
    pub(crate) fn new(codec: AudioCodec, wanted: Rate) -> Self {
        let (rate, form) = match codec {
            AudioCodec::Pcmu | AudioCodec::Pcma => (codec.rate(), DecoderForm::Law(decoded(codec))),
            AudioCodec::G722 => (
                codec.rate(),
                DecoderForm::G722(Box::new(g722::Decoder::new())),
            ),
            AudioCodec::L16(rate) => (rate, DecoderForm::L16),
            AudioCodec::Opus(_) => (wanted, DecoderForm::Opus(opus::Decoder::new(wanted))),
        };
        Self { rate, form }
    }

    /// The rate of what it decodes.
    pub(crate) fn rate(&self) -> Rate {
        self.rate
    }

    /// How many samples a payload holds; `None` if it is none of the codec's. Nothing is decoded.
    pub(crate) fn samples(&self, payload: &[u8]) -> Option<usize> {
        match &self.form {
            DecoderForm::Law(_) => Some(payload.len()),
            DecoderForm::G722(_) => Some(payload.len() * 2),
            DecoderForm::L16 => l16::samples(payload),
            DecoderForm::Opus(decoder) => decoder.samples(payload),
        }
    }

    /// Whether a payload says that there is silence (Opus: DTX), which needs no decoding.
    pub(crate) fn is_silence(&self, payload: &[u8]) -> bool {
        match self.form {
            DecoderForm::Law(_) | DecoderForm::G722(_) | DecoderForm::L16 => false,
            DecoderForm::Opus(_) => opus::is_silence(payload),
        }
    }

    /// Whether all samples of a payload are known to be 0, so that it needs no decoding.
    pub(crate) fn is_zero(&self, payload: &[u8]) -> bool {
        let DecoderForm::Law(values) = self.form else {
            return false;
        };
        let first = payload.first().copied().unwrap_or_default();
        values[usize::from(first)] == 0 && is_constant(payload)
    }

    /// Decodes a payload. Returns how many samples it was: those of [`Self::samples`], for which
    /// `out` must have room.
    pub(crate) fn decode(&mut self, payload: &[u8], out: &mut [i16]) -> Result<usize, Undecodable> {
        if self.samples(payload).is_none_or(|count| count > out.len()) {
            return Err(Undecodable);
        }
        match &mut self.form {
            DecoderForm::Law(values) => {
                decode_each(payload, out, values);
                Ok(payload.len())
            }
            DecoderForm::G722(decoder) => {
                decoder.decode(payload, out);
                Ok(payload.len() * 2)
            }
            DecoderForm::L16 => l16::decode(payload, out),
            DecoderForm::Opus(decoder) => decoder.decode(payload, out),
        }
    }

    /// Fills `out`, a multiple of 2.5 ms, in the codec's own way where a packet is lost. Returns
    /// false if it has none.
    pub(crate) fn conceal(&mut self, out: &mut [i16]) -> bool {
        match &mut self.form {
            DecoderForm::Law(_) | DecoderForm::G722(_) | DecoderForm::L16 => false,
            DecoderForm::Opus(decoder) => decoder.conceal(out),
        }
    }

    /// Restores a lost packet, as long as `out`, from the one that follows it (in-band FEC). Returns
    /// false if nothing helps in there. The one that follows must then be decoded next.
    pub(crate) fn restore(&mut self, next: &[u8], out: &mut [i16]) -> bool {
        match &mut self.form {
            DecoderForm::Law(_) | DecoderForm::G722(_) | DecoderForm::L16 => false,
            DecoderForm::Opus(decoder) => decoder.restore(next, out),
        }
    }
}

/// Encodes one stream from samples at the codec's rate.
#[derive(Debug)]
pub(crate) struct Encoder(EncoderForm);

#[derive(Debug)]
enum EncoderForm {
    /// An octet a sample.
    Law(AudioCodec),
    G722(Box<g722::Encoder>),
    L16,
    Opus(opus::Encoder),
}

impl Encoder {
    /// Starts without a past. This is where memory is allocated.
    pub(crate) fn new(codec: AudioCodec) -> Self {
        Self(match codec {
            AudioCodec::Pcmu | AudioCodec::Pcma => EncoderForm::Law(codec),
            AudioCodec::G722 => EncoderForm::G722(Box::new(g722::Encoder::new())),
            AudioCodec::L16(_) => EncoderForm::L16,
            AudioCodec::Opus(how) => EncoderForm::Opus(opus::Encoder::new(how)),
        })
    }

    /// Encodes one packet's samples (10, 20, 40 or 60 ms). Returns the octets written to `out`, 0 if
    /// nothing need be sent (DTX). `out` must have room for G.711 and L16 as a whole; Opus keeps
    /// within what there is.
    pub(crate) fn encode(&mut self, samples: &[i16], out: &mut [u8]) -> usize {
        match &mut self.0 {
            EncoderForm::Law(codec) => {
                encode(*codec, samples, &mut out[..samples.len()]);
                samples.len()
            }
            EncoderForm::G722(encoder) => {
                encoder.encode(samples, out);
                samples.len() / 2
            }
            EncoderForm::L16 => l16::encode(samples, out),
            EncoderForm::Opus(encoder) => encoder.encode(samples, out),
        }
    }

    /// Whether packets depend on those before them: a change of encoders is then heard unless it is
    /// prepared.
    pub(crate) fn has_past(&self) -> bool {
        match &self.0 {
            EncoderForm::Law(_) | EncoderForm::L16 => false,
            EncoderForm::G722(_) | EncoderForm::Opus(_) => true,
        }
    }

    /// Tells where a decoder stands that was sent all of its packets.
    pub(crate) fn standing(&self) -> Standing {
        match &self.0 {
            EncoderForm::G722(encoder) => Standing(Some(encoder.standing())),
            EncoderForm::Law(_) | EncoderForm::L16 | EncoderForm::Opus(_) => Standing(None),
        }
    }

    /// Starts anew for a decoder that stands so and has played `past`, the last 20 ms, from another
    /// encoder. G.722 goes on from there as that one would have. Opus, which does not tell where it
    /// stands, encodes the past and throws it away, so that both stand much alike. (Packets that need
    /// nothing of those before, which libopus offers too, sound worse than that in every measure.)
    ///
    /// An encoder that has lately heard the same as the other needs no beginning.
    pub(crate) fn begin(&mut self, past: &[i16], standing: &Standing) {
        match &mut self.0 {
            EncoderForm::Law(_) | EncoderForm::L16 => {}
            EncoderForm::G722(encoder) => {
                let standing = standing.0.clone();
                encoder.begin(past, standing.unwrap_or_else(g722::Standing::new));
            }
            EncoderForm::Opus(encoder) => encoder.begin(past),
        }
    }
}

/// Where a decoder stands by the packets that it was sent, if the codec's do tell; by default where it
/// starts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Standing(Option<g722::Standing>);

/// Returns the sample, 16 bits wide, that each octet of the codec stands for.
pub(crate) fn decoded(codec: AudioCodec) -> &'static [i16; 256] {
    match codec {
        AudioCodec::Pcmu => &ulaw::DECODED,
        AudioCodec::Pcma => &alaw::DECODED,
        AudioCodec::G722 | AudioCodec::L16(_) | AudioCodec::Opus(_) => {
            unreachable!("not negotiated")
        }
    }
}

/// Writes the sample that each octet stands for.
fn decode_each(payload: &[u8], out: &mut [i16], values: &[i16; 256]) {
    let first = payload.first().copied().unwrap_or_default();
    // Most who are silent send the same octet all the time.
    if is_constant(payload) {
        out[..payload.len()].fill(values[usize::from(first)]);
        return;
    }
    for (sample, &octet) in out.iter_mut().zip(payload) {
        *sample = values[usize::from(octet)];
    }
}

/// Whether all octets are the same.
fn is_constant(payload: &[u8]) -> bool {
    let first = payload.first().copied().unwrap_or_default();
    payload.iter().fold(0, |all, octet| all | octet ^ first) == 0
}

/// Encodes as many samples as `out` has room for octets.
pub(crate) fn encode(codec: AudioCodec, samples: &[i16], out: &mut [u8]) {
    match codec {
        AudioCodec::Pcmu => encode_each(samples, out, ulaw::encode),
        AudioCodec::Pcma => encode_each(samples, out, alaw::encode),
        AudioCodec::G722 | AudioCodec::L16(_) | AudioCodec::Opus(_) => {
            unreachable!("not negotiated")
        }
    }
}

fn encode_each(samples: &[i16], out: &mut [u8], encode: impl Fn(i16) -> u8) {
    for (octet, &sample) in out.iter_mut().zip(samples) {
        *octet = encode(sample);
    }
}

#[cfg(test)]
mod tests;
