//! Phones around an engine, in virtual time.

pub(crate) mod sounds;

use std::{
    f64::consts::TAU,
    net::SocketAddr,
    time::{Duration, Instant, UNIX_EPOCH},
};

use mg_contract::{
    AudioCodec, Command, GroupId, PacketTime, PayloadFormat, Rate, Report, RtpPort, SendSettings,
    StreamRef, StreamSettings, StreamStatistics, Ticket,
};

use crate::{
    Config, Engine, Kind,
    codec::{Decoder, Encoder},
    frame::Frame,
    rtp::{Header, View},
};

/// When in a tick phones send, so that nothing depends on order within an instant.
const PHASE: Duration = Duration::from_millis(7);
/// Octets of the longest payload that phones send.
const PAYLOAD_MAX: usize = 2_000;
/// The payload type of telephone events where a test agrees on them.
pub(crate) const EVENTS: u8 = 101;

/// The payload type of comfort noise.
pub(crate) const NOISE: u8 = 13;

/// Telephone events as a stream takes them.
pub(crate) fn events() -> mg_contract::EventFormat {
    mg_contract::EventFormat {
        payload_type: EVENTS,
        clock_rate: 8_000,
    }
}

/// 20 ms at 8 kHz in which all samples are alike.
pub(crate) fn constant(value: i16) -> Frame {
    let mut frame = Frame::silence(Rate::Narrow);
    frame.samples_mut().fill(value);
    frame
}

/// One packet that a phone received.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) payload: Vec<u8>,
    pub(crate) marker: bool,
    pub(crate) sequence: u16,
    pub(crate) time_stamp: u32,
    pub(crate) ssrc: u32,
    pub(crate) samples: Vec<i16>,
}

/// A far end that sends its tone and keeps what it receives.
#[derive(Debug)]
pub(crate) struct Phone {
    pub(crate) packet_time: PacketTime,
    encoder: Encoder,
    decoder: Decoder,
    pub(crate) port: RtpPort,
    pub(crate) address: SocketAddr,
    pub(crate) codec: AudioCodec,
    pub(crate) tone: f64,
    pub(crate) sequence: u16,
    pub(crate) ssrc: u32,
    pub(crate) samples_sent: u32,
    pub(crate) received: Vec<Received>,
    /// Telephone events among them, whose samples are the payload's octets.
    pub(crate) events: Vec<Received>,
    /// Comfort noise among them, without samples.
    pub(crate) noise: Vec<Received>,
    /// Packets that were sent to another address than its own.
    pub(crate) elsewhere: usize,
    pub(crate) rtcp: Vec<Vec<u8>>,
}

impl Phone {
    /// The next packet of its tone.
    pub(crate) fn packet(&mut self, samples: u32) -> Vec<u8> {
        self.packet_as_loud(samples, 8000.0)
    }

    /// The same with another amplitude.
    pub(crate) fn packet_as_loud(&mut self, samples: u32, amplitude: f64) -> Vec<u8> {
        let tone: Vec<i16> = (0..samples)
            .map(|n| {
                let at = f64::from(self.samples_sent + n) / f64::from(self.codec.rate().hz());
                ((TAU * self.tone * at).sin() * amplitude) as i16
            })
            .collect();
        self.packet_of(&tone)
    }

    /// The next packet, with these samples.
    pub(crate) fn packet_of(&mut self, samples: &[i16]) -> Vec<u8> {
        let mut octets = self.header(payload_type(self.codec), self.now());
        octets.resize(12 + PAYLOAD_MAX, 0);
        let length = self.encoder.encode(samples, &mut octets[12..]);
        octets.truncate(12 + length);
        self.samples_sent += samples.len() as u32;
        octets
    }

    /// The next packet, with a telephone event that began at some time stamp.
    pub(crate) fn event_packet(&mut self, time_stamp: u32, payload: [u8; 4]) -> Vec<u8> {
        let header = self.header(EVENTS, time_stamp);
        [&header[..], &payload].concat()
    }

    /// The next packet, with comfort noise, and so many samples of silence after it.
    pub(crate) fn noise_packet(&mut self, payload: &[u8], samples: u32) -> Vec<u8> {
        let header = self.header(NOISE, self.now());
        self.samples_sent += samples;
        [&header[..], payload].concat()
    }

    /// The time stamp of what comes next.
    pub(crate) fn now(&self) -> u32 {
        let (clock, rate) = (self.codec.clock_rate(), self.codec.rate().hz());
        let units = u64::from(self.samples_sent) * u64::from(clock) / u64::from(rate);
        (units as u32).wrapping_add(0xffff_f000)
    }

    fn header(&mut self, payload_type: u8, time_stamp: u32) -> Vec<u8> {
        let header = Header {
            marker: false,
            payload_type,
            sequence: self.sequence,
            time_stamp,
            ssrc: self.ssrc,
        };
        self.sequence = self.sequence.wrapping_add(1);
        header.octets().to_vec()
    }

    /// The amplitude of a tone in the last packets received.
    pub(crate) fn hears(&self, tone: f64, packets: usize) -> f64 {
        let from = self.received.len().saturating_sub(packets);
        let samples: Vec<i16> = self.received[from..]
            .iter()
            .flat_map(|packet| packet.samples.clone())
            .collect();
        amplitude_at(self.codec.rate(), &samples, tone)
    }

    fn decode(&mut self, payload: &[u8]) -> Vec<i16> {
        let mut samples = vec![0; self.decoder.samples(payload).unwrap_or_default()];
        self.decoder
            .decode(payload, &mut samples)
            .expect("the engine sends what can be decoded");
        samples
    }
}

/// The amplitude of a tone at 8 kHz.
pub(crate) fn amplitude(samples: &[i16], tone: f64) -> f64 {
    amplitude_at(Rate::Narrow, samples, tone)
}

/// The amplitude of a tone, by Goertzel's algorithm.
pub(crate) fn amplitude_at(rate: Rate, samples: &[i16], tone: f64) -> f64 {
    let turn = 2.0 * (TAU * tone / f64::from(rate.hz())).cos();
    let (mut before, mut last) = (0.0, 0.0);
    for &sample in samples {
        (before, last) = (last, f64::from(sample) + turn * last - before);
    }
    let power = last * last + before * before - turn * last * before;
    2.0 * power.max(0.0).sqrt() / samples.len() as f64
}

/// An engine and its phones.
#[derive(Debug)]
pub(crate) struct Bench {
    pub(crate) engine: Engine,
    pub(crate) now: Instant,
    pub(crate) phones: Vec<Phone>,
    /// What was recorded.
    pub(crate) recorded: Vec<(crate::Source, Vec<i16>)>,
    tickets: u64,
}

impl Bench {
    /// Starts without phones.
    pub(crate) fn new() -> Self {
        Self::with(Config::default())
    }

    /// Starts without phones, with an engine that is told this.
    pub(crate) fn with(config: Config) -> Self {
        let now = Instant::now();
        let engine = Engine::new(config, 42, (now, UNIX_EPOCH), now);
        Self {
            engine,
            now,
            phones: Vec::new(),
            recorded: Vec::new(),
            tickets: 0,
        }
    }

    /// Adds a phone to a group. Its tone is 400 Hz and 100 more for each before it.
    pub(crate) fn join(&mut self, group: u32, codec: AudioCodec) -> usize {
        self.join_with(group, codec, PacketTime::Ms20)
    }

    /// The same, with packets of another length to be sent to it.
    pub(crate) fn join_with(
        &mut self,
        group: u32,
        codec: AudioCodec,
        packet_time: PacketTime,
    ) -> usize {
        let n = self.phones.len();
        let phone = Phone {
            packet_time,
            encoder: Encoder::new(codec),
            decoder: Decoder::new(codec, codec.rate()),
            port: RtpPort(20_000 + 2 * n as u16),
            address: SocketAddr::from(([192, 0, 2 + (n / 250) as u8, (n % 250) as u8 + 1], 4000)),
            codec,
            tone: 400.0 + 100.0 * n as f64,
            sequence: 65_500,
            ssrc: n as u32,
            samples_sent: 0,
            received: Vec::new(),
            events: Vec::new(),
            noise: Vec::new(),
            elsewhere: 0,
            rtcp: Vec::new(),
        };
        let (port, settings) = (phone.port, settings(&phone));
        self.phones.push(phone);
        let (stream, group) = (StreamRef(n as u32), GroupId(group));
        self.command(Command::Open {
            stream,
            port,
            group,
            settings,
        });
        n
    }

    /// Gives a command.
    pub(crate) fn command(&mut self, command: Command) {
        self.engine.handle_command(command, self.now);
        self.deliver();
    }

    /// Asks for a phone's statistics.
    pub(crate) fn statistics(&mut self, phone: usize) -> StreamStatistics {
        self.tickets += 1;
        let ticket = Ticket(self.tickets);
        self.command(Command::Audit {
            stream: StreamRef(phone as u32),
            ticket,
        });
        match self.engine.poll_report() {
            Some(Report::Statistics {
                ticket: answered,
                statistics,
            }) if answered == ticket => statistics,
            other => panic!("expected statistics, found {other:?}"),
        }
    }

    /// Hands the engine a packet of a phone.
    pub(crate) fn arrive(&mut self, phone: usize, octets: &[u8]) {
        let Phone { port, address, .. } = self.phones[phone];
        self.engine.handle_rtp(port, octets, address, self.now);
    }

    /// Lets all phones send, and the tick pass, so many times.
    pub(crate) fn run(&mut self, ticks: usize) {
        for _ in 0..ticks {
            self.talk();
            self.tick();
        }
    }

    /// Lets one phone send a packet in the middle of a tick, or none, and the tick pass.
    pub(crate) fn say(&mut self, phone: usize, octets: Option<&[u8]>) {
        self.now += PHASE;
        if let Some(octets) = octets {
            self.arrive(phone, octets);
        }
        self.now -= PHASE;
        self.tick();
    }

    /// Lets all phones send 20 ms in the middle of a tick.
    pub(crate) fn talk(&mut self) {
        self.now += PHASE;
        for n in 0..self.phones.len() {
            let frame = self.phones[n].codec.rate().frame();
            let octets = self.phones[n].packet(frame as u32);
            self.arrive(n, &octets);
        }
        self.now -= PHASE;
    }

    /// Goes on to the next tick and delivers what it sends.
    pub(crate) fn tick(&mut self) {
        let (at, _why) = self.engine.poll_timeout().unwrap();
        self.tick_at(at);
    }

    /// Wakes the engine at some instant.
    pub(crate) fn tick_at(&mut self, at: Instant) {
        self.now = at;
        self.engine.handle_timeout(at);
        self.deliver();
    }

    fn deliver(&mut self) {
        while let Some(recorded) = self.engine.poll_recorded() {
            self.recorded
                .push((recorded.source, recorded.samples.to_vec()));
        }
        while let Some(transmit) = self.engine.poll_transmit() {
            let Some(phone) = self.phones.iter_mut().find(|p| p.port == transmit.port) else {
                panic!("sent from a port without a phone");
            };
            match transmit.kind {
                Kind::Rtcp => phone.rtcp.push(transmit.octets.to_vec()),
                Kind::Rtp => {
                    if transmit.to != phone.address {
                        phone.elsewhere += 1;
                        continue;
                    }
                    let view = View::new(transmit.octets).unwrap();
                    let samples = match view.payload_type {
                        EVENTS => view.payload.iter().copied().map(i16::from).collect(),
                        NOISE => Vec::new(),
                        other => {
                            assert_eq!(other, payload_type(phone.codec));
                            phone.decode(view.payload)
                        }
                    };
                    let received = Received {
                        marker: transmit.octets[1] & 0x80 != 0,
                        sequence: view.sequence,
                        time_stamp: view.time_stamp,
                        ssrc: view.ssrc,
                        payload: view.payload.to_vec(),
                        samples,
                    };
                    match view.payload_type {
                        EVENTS => phone.events.push(received),
                        NOISE => phone.noise.push(received),
                        _ => phone.received.push(received),
                    }
                }
            }
        }
    }
}

/// The settings of a stream to a phone, both ways.
pub(crate) fn settings(phone: &Phone) -> StreamSettings {
    let format = format(phone.codec);
    let rtcp_to = SocketAddr::new(phone.address.ip(), phone.address.port() + 1);
    StreamSettings {
        receive: vec![format],
        send: Some(SendSettings {
            to: phone.address,
            rtcp_to,
            format,
            packet_time: phone.packet_time,
            events: None,
            noise: None,
        }),
        ..StreamSettings::member()
    }
}

/// The static payload format of a codec (RFC 3551 6).
pub(crate) fn format(codec: AudioCodec) -> PayloadFormat {
    PayloadFormat {
        payload_type: payload_type(codec),
        codec,
    }
}

fn payload_type(codec: AudioCodec) -> u8 {
    match codec {
        AudioCodec::Pcmu => 0,
        AudioCodec::Pcma => 8,
        AudioCodec::G722 => 9,
        AudioCodec::L16(_) | AudioCodec::Opus(_) => 96,
    }
}
