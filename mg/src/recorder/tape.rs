//! One file that is recorded to, which can be read to its last second whenever the program is killed.

use std::{
    io::{self, BufWriter},
    time::{Duration, Instant},
};

use audiopus::{Application, Channels, SampleRate, coder::Encoder};
use mg_contract::Rate;
use mg_media::Converter;
use ogg::{PacketWriteEndInfo, PacketWriter};

use super::{File, name::Format};

/// 20 ms.
const FRAME: Duration = Duration::from_millis(20);
/// Frames of a second, after which what was written is made readable.
const FLUSHED: u64 = 50;
/// Silence that is written at once at most, in frames: a minute.
const GAP_MAX: u64 = 3_000;
/// The most octets that 20 ms of Opus take (RFC 6716 3.2.1).
const PACKET_MAX: usize = 1_275;
/// Samples of 20 ms as Ogg counts those of Opus: at 48 kHz always (RFC 7845 4).
const GRANULE: u64 = 960;
/// The one stream in a file of Ogg.
const SERIAL: u32 = 1;

/// A file and what it has heard so far. All of it has one rate: that of its first frame.
pub(super) struct Tape {
    writer: Writer,
    rate: Rate,
    /// When it heard its first frame; `None`: what is lost is left out.
    began: Option<Instant>,
    /// Frames that were written.
    frames: u64,
    /// What brings other rates to this one.
    converter: Option<(Rate, Converter)>,
}

enum Writer {
    Wav(hound::WavWriter<BufWriter<File>>),
    Opus(Box<Opus>),
}

struct Opus {
    writer: PacketWriter<'static, BufWriter<File>>,
    encoder: Encoder,
    /// The newest packet, which is written with the next one, or as the last.
    held: Option<Vec<u8>>,
    packets: u64,
}

impl Tape {
    /// Begins a file that hears its first frame at `began`, if it keeps real time.
    pub(super) fn new(
        file: File,
        format: Format,
        rate: Rate,
        began: Option<Instant>,
    ) -> Result<Self, hound::Error> {
        let file = BufWriter::new(file);
        let writer = match format {
            Format::Wav => Writer::Wav(hound::WavWriter::new(
                file,
                hound::WavSpec {
                    channels: 1,
                    sample_rate: rate.hz(),
                    bits_per_sample: 16,
                    sample_format: hound::SampleFormat::Int,
                },
            )?),
            Format::Opus => Writer::Opus(Box::new(Opus::new(file, rate)?)),
        };
        Ok(Self {
            writer,
            rate,
            began,
            frames: 0,
            converter: None,
        })
    }

    /// Writes a frame that was heard at some time; what was lost before it is silence.
    pub(super) fn write(
        &mut self,
        at: Instant,
        rate: Rate,
        samples: &[i16],
    ) -> Result<(), hound::Error> {
        let began = self.began.unwrap_or(at);
        let passed = at.saturating_duration_since(began) + FRAME / 2;
        let due = (passed.as_nanos() / FRAME.as_nanos()) as u64;
        let silence = [0; Rate::Full.frame()];
        for _ in 0..due.saturating_sub(self.frames).min(GAP_MAX) {
            self.put(&silence[..self.rate.frame()])?;
        }
        if rate == self.rate {
            return self.put(samples);
        }
        let mut own = silence;
        let own = &mut own[..self.rate.frame()];
        let known = self.converter.take().filter(|(from, _)| *from == rate);
        let (_, mut converter) = known.unwrap_or_else(|| (rate, Converter::new(rate, self.rate)));
        converter.convert(samples, own);
        self.converter = Some((rate, converter));
        self.put(own)
    }

    /// How long it is.
    pub(super) fn time(&self) -> Duration {
        Duration::from_millis(20 * self.frames)
    }

    /// Ends the file.
    pub(super) fn end(self) -> Result<(), hound::Error> {
        match self.writer {
            Writer::Wav(writer) => writer.finalize(),
            Writer::Opus(opus) => opus.end(),
        }
    }

    fn put(&mut self, samples: &[i16]) -> Result<(), hound::Error> {
        self.frames += 1;
        let flushes = self.frames.is_multiple_of(FLUSHED);
        match &mut self.writer {
            Writer::Wav(writer) => {
                let mut samples = samples.iter();
                samples.try_for_each(|&sample| writer.write_sample(sample))?;
                if flushes { writer.flush() } else { Ok(()) }
            }
            Writer::Opus(opus) => opus.write(samples, flushes),
        }
    }
}

impl Opus {
    /// Writes the two headers (RFC 7845 5).
    fn new(file: BufWriter<File>, rate: Rate) -> Result<Self, hound::Error> {
        let encoder = Encoder::new(sample_rate(rate), Channels::Mono, Application::Audio);
        let encoder = encoder.map_err(failed)?;
        let ahead = encoder.lookahead().map_err(failed)?;
        let skipped = (ahead * Rate::Full.hz() / rate.hz()) as u16;
        let mut head = b"OpusHead\x01\x01".to_vec();
        head.extend(skipped.to_le_bytes());
        head.extend(rate.hz().to_le_bytes());
        // No gain, one channel.
        head.extend([0; 3]);
        let mut tags = b"OpusTags".to_vec();
        let vendor = b"mg";
        tags.extend((vendor.len() as u32).to_le_bytes());
        tags.extend(vendor);
        tags.extend([0; 4]);
        let mut writer = PacketWriter::new(file);
        for header in [head, tags] {
            writer.write_packet(header, SERIAL, PacketWriteEndInfo::EndPage, 0)?;
        }
        Ok(Self {
            writer,
            encoder,
            held: None,
            packets: 0,
        })
    }

    fn write(&mut self, samples: &[i16], flushes: bool) -> Result<(), hound::Error> {
        let mut packet = vec![0; PACKET_MAX];
        let length = self.encoder.encode(samples, &mut packet).map_err(failed)?;
        packet.truncate(length);
        if let Some(held) = self.held.replace(packet) {
            let end = if flushes {
                PacketWriteEndInfo::EndPage
            } else {
                PacketWriteEndInfo::NormalPacket
            };
            self.put(held, end)?;
        }
        if flushes {
            io::Write::flush(self.writer.inner_mut())?;
        }
        Ok(())
    }

    fn end(mut self) -> Result<(), hound::Error> {
        let last = self.held.take().unwrap_or_default();
        self.put(last, PacketWriteEndInfo::EndStream)?;
        io::Write::flush(self.writer.inner_mut())?;
        Ok(())
    }

    fn put(&mut self, packet: Vec<u8>, end: PacketWriteEndInfo) -> Result<(), hound::Error> {
        self.packets += 1;
        let heard = self.packets * GRANULE;
        Ok(self.writer.write_packet(packet, SERIAL, end, heard)?)
    }
}

fn failed(error: audiopus::Error) -> hound::Error {
    io::Error::other(error).into()
}

fn sample_rate(rate: Rate) -> SampleRate {
    match rate {
        Rate::Narrow => SampleRate::Hz8000,
        Rate::Wide => SampleRate::Hz16000,
        Rate::Full => SampleRate::Hz48000,
    }
}
