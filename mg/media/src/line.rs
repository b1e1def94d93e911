//! Simulated lines: what the far side of a physical Termination says, and what becomes of what it
//! is sent.

use std::net::SocketAddr;

use mg_contract::{
    EventFormat, PayloadFormat, Rate, RtpPort, SendSettings, StreamSettings, StreamStatistics,
};

use crate::{
    Samples,
    frame::Frame,
    playout::Pulled,
    sound::{Oscillator, Recording},
};

/// Octets of 20 ms in G.711, at whatever rate they are heard.
const OCTETS: u64 = Rate::Narrow.frame() as u64;

/// A line of the configuration; [`mg_contract::LineRef`] is its place there.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// What its far side says.
    pub far: Far,
    /// Whether what it is sent is handed out by [`crate::Engine::poll_recorded`].
    pub recorded: bool,
}

impl Line {
    /// Returns the RTP peer that is its far side, if one is.
    pub(crate) fn peer(&self) -> Option<Peer> {
        match self.far {
            Far::Peer(peer) => Some(peer),
            Far::Silence | Far::Tone { .. } | Far::Samples { .. } => None,
        }
    }
}

/// What the far side of a line says while a stream is open to it.
#[derive(Clone, Debug, Default)]
pub enum Far {
    /// Nothing.
    #[default]
    Silence,
    /// A tone.
    Tone {
        /// Its frequency in Hz.
        hz: u16,
        /// Its level in dBm0, at most 3.
        dbm0: i8,
    },
    /// Recorded sound, from its begin whenever a stream is opened.
    Samples {
        /// The sound.
        samples: Samples,
        /// Whether it begins again after its end; else silence follows.
        looped: bool,
    },
    /// What comes from an RTP peer, which is sent what the line is sent.
    Peer(Peer),
}

/// An RTP peer that is a line's far side.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Peer {
    /// Our port pair, which no other line and no stream has. It is for the shell to bind it.
    pub port: RtpPort,
    /// The peer's RTP address; RTCP is the port after it.
    pub to: SocketAddr,
    /// The format of both directions.
    pub format: PayloadFormat,
    /// The payload type of telephone events (RFC 4733) in both directions.
    pub events: Option<u8>,
}

impl Peer {
    /// Puts what the peer speaks in place of formats that a controller knows nothing of.
    pub(crate) fn settle(&self, settings: &mut StreamSettings) {
        let rtcp_to = SocketAddr::new(self.to.ip(), self.to.port().saturating_add(1));
        settings.receive = vec![self.format];
        let clock_rate = self.format.codec.clock_rate();
        let events = self.events.map(|payload_type| EventFormat {
            payload_type,
            clock_rate,
        });
        settings.receive_events = events.into_iter().collect();
        settings.receive_noise = None;
        settings.send = Some(SendSettings {
            to: self.to,
            rtcp_to,
            format: self.format,
            packet_time: mg_contract::PacketTime::default(),
            events: self.events,
            noise: None,
        });
    }
}

/// The phone of a line that a stream is open to.
#[derive(Debug)]
pub(crate) struct Telephone {
    /// Whether what is said goes down the line; else it waits.
    pub(crate) speaks: bool,
    voice: Voice,
    counts: StreamStatistics,
}

/// What a far side says, and how much of it was said.
#[derive(Debug)]
enum Voice {
    Silent,
    Tone(Oscillator),
    Recording(Box<Recording>),
}

impl Telephone {
    /// Picks up.
    pub(crate) fn new(far: &Far) -> Self {
        let voice = match far {
            Far::Silence | Far::Peer(_) => Voice::Silent,
            Far::Tone { hz, dbm0 } => Voice::Tone(Oscillator::new(*hz, *dbm0)),
            Far::Samples { samples, looped } => {
                let cycles = (!looped).then_some(1);
                Voice::Recording(Box::new(Recording::new(samples, cycles)))
            }
        };
        Self {
            speaks: true,
            voice,
            counts: StreamStatistics::default(),
        }
    }

    /// Says the frame of one tick.
    pub(crate) fn pull(&mut self, frame: &mut Frame) -> Pulled {
        if !self.speaks {
            return Pulled::Silence;
        }
        match &mut self.voice {
            Voice::Silent => return Pulled::Silence,
            Voice::Tone(tone) => {
                let rate = frame.rate();
                frame.samples_mut().fill_with(|| tone.sample(rate) as i16);
            }
            Voice::Recording(recording) if recording.is_over() => return Pulled::Silence,
            Voice::Recording(recording) => recording.play(frame),
        }
        self.counts.octets_received += OCTETS;
        Pulled::Sound
    }

    /// Hears what one tick sends, if it sends anything.
    pub(crate) fn hear(&mut self, anything: bool) {
        self.counts.octets_sent += if anything { OCTETS } else { 0 };
    }

    /// What was said and heard, in octets of G.711, as a circuit has them.
    pub(crate) fn statistics(&self) -> StreamStatistics {
        self.counts
    }
}
