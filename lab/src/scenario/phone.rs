//! The far side of a Termination: it says tones and digits by RTP, and keeps what it is sent.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use crate::phones::{
    Frequency, Stretch,
    codec::{self, Codec},
};

const FRAME: Duration = Duration::from_millis(20);
const SAMPLES: usize = 160;
const HEADER: usize = 12;
/// What is remembered of what comes.
const KEPT: Duration = Duration::from_secs(2);
/// However fast it comes: packets, and telephone events.
const HEARD_MAX: usize = 4_000;
const EVENTS_MAX: usize = 1_000;
/// What is planned at most, each tone or digit being one.
const PLAN_MAX: usize = 10_000;
/// The payload type of telephone events.
const EVENTS: u8 = 101;

/// The packet that is due, and where it goes.
#[derive(Debug)]
pub(super) struct Spoken {
    pub(super) port: u16,
    pub(super) host: Option<String>,
    pub(super) octets: Vec<u8>,
}

fn frames(time: Duration) -> u32 {
    u32::try_from(time.as_millis() / FRAME.as_millis())
        .unwrap_or(u32::MAX)
        .max(1)
}

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
pub(super) struct Phone {
    number: u32,
    codec: Codec,
    /// Where it sends to: a port, and a host where that is not the one of what is under test.
    port: Option<(u16, Option<String>)>,
    next_at: Instant,
    /// What is said next, each with the frames that it lasts; after the last, silence.
    plan: VecDeque<(Says, u32)>,
    always: Says,
    samples: u32,
    sequence: u16,
    event_began: u32,
    /// Packets lost on the way, of each hundred.
    pub(super) loss: u32,
    pub(super) sent: u64,
    /// What came: when, and the payload.
    heard: VecDeque<(Instant, Vec<u8>)>,
    pub(super) received: u64,
    /// The payload type of the audio that came last.
    pub(super) kind: Option<u8>,
    /// Telephone events that came, by their first packets.
    pub(super) events: Vec<(u8, u32)>,
}

impl Phone {
    pub(super) fn new(number: u32, now: Instant) -> Self {
        Self {
            number,
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
            kind: None,
            events: Vec::new(),
        }
    }

    /// Sends to this port from now on, silence at first.
    pub(super) fn connect(&mut self, port: u16, host: Option<String>, now: Instant) {
        self.port = Some((port, host));
        self.next_at = now;
    }

    pub(super) fn speak(&mut self, codec: Codec) {
        self.codec = codec;
    }

    /// Says sines from now on.
    pub(super) fn says(&mut self, frequencies: Vec<f64>) {
        self.always = Says::Tones(frequencies);
    }

    /// Sends no packets from now on.
    pub(super) fn falls_silent(&mut self) {
        self.always = Says::Nothing;
    }

    /// Says sines for so long, after what is planned already.
    pub(super) fn plans(&mut self, frequencies: Vec<f64>, time: Duration) {
        let frames = frames(time);
        if self.plan.len() < PLAN_MAX {
            self.plan.push_back((Says::Tones(frequencies), frames));
        }
    }

    /// Sends a digit as a telephone event for so long.
    pub(super) fn plans_event(&mut self, event: u8, time: Duration) {
        let frames = frames(time);
        if self.plan.len() < PLAN_MAX {
            self.plan.push_back((Says::Event(event, 0), frames));
        }
    }

    pub(super) fn poll_timeout(&self) -> Option<Instant> {
        self.port.as_ref().map(|_| self.next_at)
    }

    /// The packet that is due.
    pub(super) fn handle_timeout(&mut self, now: Instant) -> Option<Spoken> {
        let (port, host) = self.port.clone().filter(|_| self.next_at <= now)?;
        self.next_at += FRAME;
        let packet = self.packet();
        self.samples = self.samples.wrapping_add(SAMPLES as u32);
        let packet = packet?;
        self.sent += 1;
        let lost = self.loss > 0 && (self.sent * 37) % 100 < u64::from(self.loss);
        (!lost).then_some(Spoken {
            port,
            host,
            octets: packet,
        })
    }

    fn packet(&mut self) -> Option<Vec<u8>> {
        let mut says = self.always.clone();
        if let Some((planned, left)) = self.plan.front_mut() {
            *left -= 1;
            let last = *left == 0;
            if let Says::Event(event, lasted) = planned {
                *lasted = lasted.saturating_add(1);
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
        let duration = lasted.saturating_mul(SAMPLES as u16).to_be_bytes();
        let payload = [event, 10 | u8::from(last) << 7, duration[0], duration[1]];
        self.framed(EVENTS, lasted == 1, self.event_began, &payload)
    }

    fn framed(&mut self, kind: u8, marker: bool, time_stamp: u32, payload: &[u8]) -> Vec<u8> {
        self.sequence = self.sequence.wrapping_add(1);
        let mut packet = vec![0x80, kind | u8::from(marker) << 7];
        packet.extend(self.sequence.to_be_bytes());
        packet.extend(time_stamp.to_be_bytes());
        packet.extend((40_000 + 2 * self.number).to_be_bytes());
        packet.extend(payload);
        packet
    }

    pub(super) fn handle_rtp(&mut self, octets: &[u8], now: Instant) {
        self.received += 1;
        let Some((header, payload)) = octets.split_at_checked(HEADER) else {
            return;
        };
        if header[1] & 0x7f == EVENTS {
            let began = u32::from_be_bytes([header[4], header[5], header[6], header[7]]);
            let Some(event) = payload.first().map(|event| (*event, began)) else {
                return;
            };
            if self.events.last() != Some(&event) && self.events.len() < EVENTS_MAX {
                self.events.push(event);
            }
            return;
        }
        self.kind = Some(header[1] & 0x7f);
        self.heard.push_back((now, payload.to_vec()));
        let late = |at: &Instant| *at + KEPT < now;
        while self.heard.len() > HEARD_MAX || self.heard.front().is_some_and(|(at, _)| late(at)) {
            self.heard.pop_front();
        }
    }

    /// As what comes is encoded, which the payload type says.
    fn heard_law(&self) -> codec::Law {
        let codec = self.kind.and_then(Codec::of_payload_type);
        codec.and_then(Codec::law).unwrap_or_else(|| self.law())
    }

    /// Phones of scenarios speak G.711.
    fn law(&self) -> codec::Law {
        self.codec.law().unwrap_or(codec::Law::A)
    }

    /// The level of a frequency in what came of late, in dBm0.
    pub(super) fn level(&self, hz: f64, window: Duration, now: Instant) -> f64 {
        let late = self.heard.iter().filter(|(at, _)| *at + window > now);
        let octets = late.flat_map(|(_, payload)| payload);
        let samples: Vec<i16> = octets
            .map(|&octet| codec::decode(self.heard_law(), octet))
            .collect();
        Stretch::hann(&samples).level(Frequency(hz)).0
    }

    /// The highest sample of what came of late.
    pub(super) fn peak(&self, window: Duration, now: Instant) -> u16 {
        let late = self.heard.iter().filter(|(at, _)| *at + window > now);
        let octets = late.flat_map(|(_, payload)| payload);
        let samples = octets.map(|&octet| codec::decode(self.heard_law(), octet).unsigned_abs());
        samples.max().unwrap_or(0)
    }

    /// Packets of audio that came within a time.
    pub(super) fn packets(&self, window: Duration, now: Instant) -> usize {
        self.heard
            .iter()
            .filter(|(at, _)| *at + window > now)
            .count()
    }
}

/// The two frequencies of a DTMF digit, and its number in RFC 4733.
pub(super) fn dtmf(digit: char) -> Option<(Vec<f64>, u8)> {
    const KEYS: [&str; 4] = ["123A", "456B", "789C", "*0#D"];
    const ROWS: [f64; 4] = [697.0, 770.0, 852.0, 941.0];
    const COLUMNS: [f64; 4] = [1_209.0, 1_336.0, 1_477.0, 1_633.0];
    let place = |row: usize| KEYS[row].find(digit).map(|column| (row, column));
    let (row, column) = (0..4).find_map(place)?;
    let event = "0123456789*#ABCD".find(digit)?;
    Some((vec![ROWS[row], COLUMNS[column]], u8::try_from(event).ok()?))
}
