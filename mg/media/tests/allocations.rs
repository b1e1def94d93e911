//! Memory is allocated by commands alone: no packet and no tick does, whatever is spoken in a room.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test has a clock, and panics"
)]

use std::{
    net::SocketAddr,
    time::{Duration, Instant, UNIX_EPOCH},
};

use audiopus::{Application, Channels, SampleRate, coder};
use mg_contract::{
    AudioCodec, Command, Detected, Direction, GroupId, Opus, PacketTime, PayloadFormat, Rate,
    RtpPort, SendSettings, SignalRef, Sound, StreamRef, StreamSettings, ToneStep,
};
use mg_media::{Config, Engine, Samples};

/// The payload type of comfort noise.
const NOISE: u8 = 13;
const TICK: Duration = Duration::from_millis(20);
/// What each phone in turn speaks, and how long its packets are.
const PHONES: [(AudioCodec, PacketTime); 8] = [
    (AudioCodec::Pcmu, PacketTime::Ms20),
    (AudioCodec::Pcma, PacketTime::Ms10),
    (AudioCodec::Pcma, PacketTime::Ms60),
    (AudioCodec::G722, PacketTime::Ms20),
    (AudioCodec::L16(Rate::Wide), PacketTime::Ms20),
    (AudioCodec::L16(Rate::Full), PacketTime::Ms10),
    (OPUS, PacketTime::Ms20),
    (OPUS, PacketTime::Ms40),
];
const OPUS: AudioCodec = AudioCodec::Opus(Opus {
    rate: Rate::Full,
    fec: true,
    dtx: false,
    bit_rate: 32_000,
});

/// Packets of a phone, numbered.
struct Voice {
    codec: AudioCodec,
    encoder: coder::Encoder,
    sent: u32,
    octets: Vec<u8>,
}

impl Voice {
    fn new(codec: AudioCodec) -> Self {
        let (rate, channels) = (SampleRate::Hz48000, Channels::Mono);
        Self {
            codec,
            encoder: coder::Encoder::new(rate, channels, Application::Voip).unwrap(),
            sent: 0,
            octets: vec![0; 2_000],
        }
    }

    /// The next 20 ms, which nobody may say without having said those before.
    fn packet(&mut self, talks: bool) -> &[u8] {
        let is_noise = self.codec == AudioCodec::Pcmu && !talks;
        let payload_type = if is_noise { NOISE } else { 96 };
        let time_stamp = self.sent * (self.codec.clock_rate() / 50);
        self.octets[..2].copy_from_slice(&[0x80, payload_type]);
        self.octets[2..4].copy_from_slice(&(self.sent as u16).to_be_bytes());
        self.octets[4..8].copy_from_slice(&time_stamp.to_be_bytes());
        self.octets[8..12].copy_from_slice(&[1; 4]);
        self.sent += 1;
        if is_noise {
            self.octets[12] = 40;
            return &self.octets[..13];
        }
        let length = self.payload(talks);
        &self.octets[..12 + length]
    }

    fn payload(&mut self, talks: bool) -> usize {
        let out = &mut self.octets[12..];
        let value = |n: usize| if talks { [9_000, -9_000][n / 8 % 2] } else { 0 };
        match self.codec {
            AudioCodec::Opus(_) => {
                let samples: Vec<i16> = (0..960).map(value).collect();
                self.encoder.encode(&samples, out).unwrap()
            }
            AudioCodec::L16(rate) => {
                for (n, sample) in out[..2 * rate.frame()].chunks_exact_mut(2).enumerate() {
                    sample.copy_from_slice(&value(n).to_be_bytes());
                }
                2 * rate.frame()
            }
            AudioCodec::Pcmu | AudioCodec::Pcma | AudioCodec::G722 => {
                for (n, octet) in out[..160].iter_mut().enumerate() {
                    *octet = if talks { [0x10, 0x90][n / 8 % 2] } else { 0xff };
                }
                160
            }
        }
    }
}

fn settings((codec, packet_time): (AudioCodec, PacketTime), to: SocketAddr) -> StreamSettings {
    let format = PayloadFormat {
        payload_type: 96,
        codec,
    };
    StreamSettings {
        receive: vec![format],
        receive_noise: Some(NOISE),
        send: Some(SendSettings {
            to,
            rtcp_to: to,
            format,
            packet_time,
            events: None,
            noise: (codec.clock_rate() == 8_000).then_some(NOISE),
        }),
        ..StreamSettings::member()
    }
}

fn address(phone: usize) -> SocketAddr {
    SocketAddr::from(([192, 0, 2, 1], 4_000 + phone as u16))
}

/// An announcement that is kept at two rates.
fn config() -> Config {
    let square =
        |rate: Rate| Vec::from_iter((0..rate.hz()).map(|n| [900, -900][n as usize / 4 % 2]));
    let sound = Samples::new(Rate::Narrow, square(Rate::Narrow));
    let sound = sound.with(Rate::Full, square(Rate::Full));
    Config {
        announcements: [(1, sound)].into(),
        ..Config::default()
    }
}

/// Three rooms: of each kind of phone one, and all kinds together twice.
fn rooms(engine: &mut Engine, now: Instant) -> usize {
    let rooms = [1, 2, 2];
    for phone in 0..rooms.len() * PHONES.len() {
        let stream = StreamRef(phone as u32);
        let open = Command::Open {
            stream,
            port: RtpPort(20_000 + 2 * phone as u16),
            group: GroupId(rooms[phone / PHONES.len()]),
            settings: settings(PHONES[phone % PHONES.len()], address(phone)),
        };
        engine.handle_command(open, now);
        let tones = Detected {
            dtmf: true,
            talk: true,
            ..Detected::default()
        };
        engine.handle_command(Command::Detect { stream, tones }, now);
    }
    let tone = ToneStep {
        frequencies: vec![440],
        level: -20,
        time: Duration::from_secs(1),
    };
    let play = Command::Play {
        signal: SignalRef(1),
        stream: StreamRef(3),
        sound: Sound::Tones {
            steps: vec![tone],
            repeats: true,
        },
        direction: Direction::Both,
    };
    engine.handle_command(play, now);
    // Legs of all rates, of which it is kept at two.
    for phone in 0..PHONES.len() as u32 {
        let play = Command::Play {
            signal: SignalRef(2 + phone),
            stream: StreamRef(phone),
            sound: Sound::Announcement {
                number: 1,
                cycles: None,
                duck: 6,
            },
            direction: Direction::Both,
        };
        engine.handle_command(play, now);
    }
    rooms.len() * PHONES.len()
}

#[test]
fn no_packet_and_no_tick_allocates() {
    let mut now = Instant::now();
    let mut engine = Engine::new(config(), 7, (now, UNIX_EPOCH), now);
    let mut count = 0;
    let opened = allocation_counter::measure(|| count = rooms(&mut engine, now));
    assert!(opened.count_total > 0, "what is measured is not counted");
    let mut voices: Vec<Voice> = (0..count)
        .map(|phone| Voice::new(PHONES[phone % PHONES.len()].0))
        .collect();
    let (mut sent, mut noise) = (0, 0);
    for tick in 0..400_usize {
        for (phone, voice) in voices.iter_mut().enumerate() {
            // Some talk, then others, then nobody, but some send noise; some packets are lost, some come
            // late.
            let hushed = (200..300).contains(&tick);
            let talks = (tick / 60 + phone) % 3 == 0 && !hushed;
            let is_sound = voice.codec != AudioCodec::Pcmu;
            let packet = voice.packet(talks);
            let port = RtpPort(20_000 + 2 * phone as u16);
            let late = Duration::from_millis(if (tick / 100) % 2 == 1 { 17 } else { 3 });
            let arrived = allocation_counter::measure(|| {
                if (tick * 7 + phone) % 31 != 0 && !(hushed && is_sound) {
                    engine.handle_rtp(port, packet, address(phone), now + late);
                }
            });
            assert_eq!(arrived.count_total, 0, "a packet of {:?}", voice.codec);
        }
        now += TICK;
        let ticked = allocation_counter::measure(|| {
            engine.handle_timeout(now);
            while let Some(transmit) = engine.poll_transmit() {
                sent += 1;
                noise += usize::from(transmit.octets[1] == NOISE);
            }
            while engine.poll_report().is_some() {}
        });
        assert_eq!(ticked.count_total, 0, "tick {tick}");
    }
    assert!(sent > 400 * count * 3 / 4, "{sent} packets");
    assert!(noise > 8, "{noise} packets of comfort noise");
}
