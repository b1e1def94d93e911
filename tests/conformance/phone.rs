//! The far side of a Termination: it says tones and digits by RTP, and keeps what it is sent.

use std::{
    collections::VecDeque,
    net::{Ipv4Addr, SocketAddr},
    time::{Duration, Instant},
};

use lab::phones::codec::Codec;
use lab::phones::{Frequency, Stretch, codec};
use mg_contract::RtpPort;

const FRAME: Duration = Duration::from_millis(20);
const SAMPLES: usize = 160;
const HEADER: usize = 12;
/// What is remembered of what comes.
const KEPT: Duration = Duration::from_secs(2);
/// The payload type of telephone events.
const EVENTS: u8 = 101;

/// What a phone says for a time.
#[derive(Clone, Debug)]
enum Says {
    /// Sines of these frequencies; none: silence.
    Tones(Vec<f64>),
    /// A telephone event (RFC 4733), and how many frames it has lasted.
    Event(u8, u16),
    /// No packets.
    Nothing,
}

/// One far side.
#[derive(Debug)]
pub(crate) struct Phone {
    pub(crate) address: SocketAddr,
    codec: Codec,
    /// Where the gateway receives it.
    port: Option<RtpPort>,
    next_at: Instant,
    /// What is said next, each with the frames that it lasts; after the last, silence.
    plan: VecDeque<(Says, u32)>,
    always: Says,
    samples: u32,
    sequence: u16,
    event_began: u32,
    /// Packets lost on the way, of each hundred.
    pub(crate) loss: u32,
    pub(crate) sent: u64,
    /// What came: when, and the payload.
    heard: VecDeque<(Instant, Vec<u8>)>,
    pub(crate) received: u64,
    /// Telephone events that came, by their first packets.
    pub(crate) events: Vec<(u8, u32)>,
}

impl Phone {
    pub(crate) fn new(number: u16, now: Instant) -> Self {
        let host = Ipv4Addr::new(198, 51, 100, 1);
        Self {
            address: SocketAddr::new(host.into(), 40_000 + 2 * number),
            codec: Codec::Pcma,
            port: None,
            next_at: now,
            plan: VecDeque::new(),
            always: Says::Tones(Vec::new()),
            samples: 0,
            sequence: 0,
            event_began: 0,
            loss: 0,
            sent: 0,
            heard: VecDeque::new(),
            received: 0,
            events: Vec::new(),
        }
    }

    /// Sends to this port from now on, silence at first.
    pub(crate) fn connect(&mut self, port: u16, now: Instant) {
        self.port = Some(RtpPort(port));
        self.next_at = now;
    }

    pub(crate) fn speak(&mut self, codec: Codec) {
        self.codec = codec;
    }

    /// Says sines from now on.
    pub(crate) fn says(&mut self, frequencies: Vec<f64>) {
        self.always = Says::Tones(frequencies);
    }

    /// Sends no packets from now on.
    pub(crate) fn falls_silent(&mut self) {
        self.always = Says::Nothing;
    }

    /// Says sines for so long, after what is planned already.
    pub(crate) fn plans(&mut self, frequencies: Vec<f64>, time: Duration) {
        let frames = u32::try_from(time.as_millis() / FRAME.as_millis()).expect("it is short");
        self.plan.push_back((Says::Tones(frequencies), frames));
    }

    /// Sends a digit as a telephone event for so long.
    pub(crate) fn plans_event(&mut self, event: u8, time: Duration) {
        let frames = u32::try_from(time.as_millis() / FRAME.as_millis()).expect("it is short");
        self.plan.push_back((Says::Event(event, 0), frames));
    }

    pub(crate) fn poll_timeout(&self) -> Option<Instant> {
        self.port.map(|_| self.next_at)
    }

    /// The packet that is due.
    pub(crate) fn handle_timeout(&mut self, now: Instant) -> Option<(RtpPort, Vec<u8>)> {
        let port = self.port.filter(|_| self.next_at <= now)?;
        self.next_at += FRAME;
        let packet = self.packet();
        self.samples += SAMPLES as u32;
        let packet = packet?;
        self.sent += 1;
        let lost = self.loss > 0 && (self.sent * 37) % 100 < u64::from(self.loss);
        (!lost).then_some((port, packet))
    }

    fn packet(&mut self) -> Option<Vec<u8>> {
        let mut says = self.always.clone();
        if let Some((planned, left)) = self.plan.front_mut() {
            *left -= 1;
            let last = *left == 0;
            if let Says::Event(event, lasted) = planned {
                *lasted += 1;
                let (event, lasted) = (*event, *lasted);
                if lasted == 1 {
                    self.event_began = self.samples;
                }
                if last {
                    self.plan.pop_front();
                }
                return Some(self.event(event, lasted, last));
            }
            says = planned.clone();
            if last {
                self.plan.pop_front();
            }
        }
        let Says::Tones(frequencies) = says else {
            return None;
        };
        let payload = (0..SAMPLES).map(|n| {
            let at = f64::from(self.samples) + n as f64;
            let sine = |hz: &f64| (std::f64::consts::TAU * hz * at / 8_000.0).sin();
            let sum: f64 = frequencies.iter().map(sine).sum();
            codec::encode(self.law(), (sum * 5_000.0) as i16)
        });
        let payload: Vec<u8> = payload.collect();
        Some(self.framed(self.codec.payload_type(), false, self.samples, &payload))
    }

    fn event(&mut self, event: u8, lasted: u16, last: bool) -> Vec<u8> {
        let duration = (lasted * SAMPLES as u16).to_be_bytes();
        let payload = [event, 10 | u8::from(last) << 7, duration[0], duration[1]];
        self.framed(EVENTS, lasted == 1, self.event_began, &payload)
    }

    fn framed(&mut self, kind: u8, marker: bool, time_stamp: u32, payload: &[u8]) -> Vec<u8> {
        self.sequence = self.sequence.wrapping_add(1);
        let mut packet = vec![0x80, kind | u8::from(marker) << 7];
        packet.extend(self.sequence.to_be_bytes());
        packet.extend(time_stamp.to_be_bytes());
        packet.extend(u32::from(self.address.port()).to_be_bytes());
        packet.extend(payload);
        packet
    }

    pub(crate) fn handle_rtp(&mut self, octets: &[u8], now: Instant) {
        self.received += 1;
        let Some((header, payload)) = octets.split_at_checked(HEADER) else {
            return;
        };
        if header[1] & 0x7f == EVENTS {
            let began = u32::from_be_bytes([header[4], header[5], header[6], header[7]]);
            let event = (payload[0], began);
            if self.events.last() != Some(&event) {
                self.events.push(event);
            }
            return;
        }
        self.heard.push_back((now, payload.to_vec()));
        while self.heard.front().is_some_and(|(at, _)| *at + KEPT < now) {
            self.heard.pop_front();
        }
    }

    fn law(&self) -> codec::Law {
        self.codec.law().expect("these phones speak G.711")
    }

    /// The level of a frequency in what came of late, in dBm0.
    pub(crate) fn level(&self, hz: f64, window: Duration, now: Instant) -> f64 {
        let late = self.heard.iter().filter(|(at, _)| *at + window > now);
        let octets = late.flat_map(|(_, payload)| payload);
        let samples: Vec<i16> = octets
            .map(|&octet| codec::decode(self.law(), octet))
            .collect();
        Stretch::hann(&samples).level(Frequency(hz)).0
    }

    /// The highest sample of what came of late.
    pub(crate) fn peak(&self, window: Duration, now: Instant) -> u16 {
        let late = self.heard.iter().filter(|(at, _)| *at + window > now);
        let octets = late.flat_map(|(_, payload)| payload);
        let samples = octets.map(|&octet| codec::decode(self.law(), octet).unsigned_abs());
        samples.max().unwrap_or(0)
    }

    /// Packets of audio that came within a time.
    pub(crate) fn packets(&self, window: Duration, now: Instant) -> usize {
        self.heard
            .iter()
            .filter(|(at, _)| *at + window > now)
            .count()
    }
}

/// The two frequencies of a DTMF digit, and its number in RFC 4733.
pub(crate) fn dtmf(digit: char) -> (Vec<f64>, u8) {
    const KEYS: [&str; 4] = ["123A", "456B", "789C", "*0#D"];
    const ROWS: [f64; 4] = [697.0, 770.0, 852.0, 941.0];
    const COLUMNS: [f64; 4] = [1_209.0, 1_336.0, 1_477.0, 1_633.0];
    let place = |row: usize| KEYS[row].find(digit).map(|column| (row, column));
    let (row, column) = (0..4).find_map(place).expect("it is a digit of DTMF");
    let event = "0123456789*#ABCD"
        .find(digit)
        .expect("it is a digit of DTMF");
    let event = u8::try_from(event).expect("there are sixteen");
    (vec![ROWS[row], COLUMNS[column]], event)
}
