//! All that a gateway's core and its media engine say to each other.
//!
//! The core decides, the engine carries out. The core speaks in [`Command`]s, which are carried
//! out in the order given; the engine answers those that hold a [`Ticket`] with one [`Report`].

mod audio;
pub mod call_progress;
mod srtp;

use std::{net::SocketAddr, time::Duration};

pub use audio::{AudioCodec, Opus, PacketTime, Rate};
pub use srtp::{CryptoSuite, Srtp, SrtpKey};

/// A stream of a Termination, as core and engine name it. Never used twice.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct StreamRef(pub u32);

/// The streams that are mixed with each other: those of one Context with one StreamID.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct GroupId(pub u32);

/// The even port of an RTP pair; RTCP is the port after it (RFC 3550 11).
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct RtpPort(pub u16);

/// A simulated line, by its place in the configuration that core and engine share: the far side of a
/// physical Termination.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct LineRef(pub u32);

/// A signal that the engine plays. Never used twice.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct SignalRef(pub u32);

/// Ties a report to the command that asked for it.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct Ticket(pub u64);

/// What the core wants of the engine. A command about an unknown stream does nothing, but its
/// ticket is answered all the same.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Command {
    /// Starts a stream on a port pair that is bound and free.
    Open {
        /// The new stream.
        stream: StreamRef,
        /// The port pair, the stream's own until it is closed.
        port: RtpPort,
        /// Whom it is mixed with.
        group: GroupId,
        /// How it receives and sends.
        settings: StreamSettings,
    },
    /// Starts a stream whose far side is a simulated line, which it needs no port pair for.
    OpenLine {
        /// The new stream.
        stream: StreamRef,
        /// The line, the stream's own until it is closed.
        line: LineRef,
        /// Whom it is mixed with.
        group: GroupId,
        /// How it receives and sends; formats do not matter here.
        settings: StreamSettings,
    },
    /// Replaces the settings of a stream. SSRC, sequence numbers and time stamps run on.
    Modify {
        /// The stream.
        stream: StreamRef,
        /// The new settings, whole.
        settings: StreamSettings,
    },
    /// Mixes a stream with another group from the next tick on: there everybody hears everybody until
    /// [`Command::Hear`] says otherwise. Nothing else about it changes.
    Move {
        /// The stream.
        stream: StreamRef,
        /// The new group.
        group: GroupId,
    },
    /// Ends a stream; its last statistics are reported, and its port pair is free then.
    Close {
        /// The stream.
        stream: StreamRef,
        /// Answered by [`Report::Statistics`].
        ticket: Ticket,
    },
    /// Says what one stream hears of another of its group (Topology, H.248.1 7.1.18).
    Hear {
        /// Who hears.
        listener: StreamRef,
        /// Who is heard.
        source: StreamRef,
        /// What of it.
        hears: Hears,
    },
    /// Plays a signal from the next tick on, until it is over, which is reported, or is stopped.
    /// Signals that play at once on one stream are added up, and what is heard anyhow goes on; the
    /// mode does not matter (H.248.1 7.1.7). Digits that are played at once follow each other.
    Play {
        /// The new signal.
        signal: SignalRef,
        /// The stream that it is played on.
        stream: StreamRef,
        /// What is played.
        sound: Sound,
        /// Who hears it.
        direction: Direction,
    },
    /// Stops a signal, if it still plays; that is not reported.
    Stop {
        /// The signal.
        signal: SignalRef,
    },
    /// Says what is looked for in what a stream receives; what was looked for before is not any more.
    Detect {
        /// The stream.
        stream: StreamRef,
        /// What is looked for.
        tones: Detected,
    },
    /// Says whether the phone of a simulated line carries what its far side says: not with the handset
    /// down, nor while it dials. Until this is said it does. An RTP peer is its own phone, and says what
    /// it says.
    Speak {
        /// The stream to the line.
        stream: StreamRef,
        /// Whether it does.
        speaks: bool,
    },
    /// Asks for a stream's statistics.
    Audit {
        /// The stream.
        stream: StreamRef,
        /// Answered by [`Report::Statistics`].
        ticket: Ticket,
    },
}

/// How a stream receives and sends; by default not at all.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct StreamSettings {
    /// The formats that are understood when they arrive.
    pub receive: Vec<PayloadFormat>,
    /// The telephone events (RFC 4733) that are understood when they arrive: one at most for each clock
    /// rate of the formats.
    pub receive_events: Vec<EventFormat>,
    /// The payload type of comfort noise (RFC 3389), with a clock of 8 kHz, if it is understood.
    pub receive_noise: Option<u8>,
    /// Where and how to send; `None` until the far end is known.
    pub send: Option<SendSettings>,
    /// Whether received media enters the group.
    pub contributes: bool,
    /// Whether the group's media is sent out.
    pub listens: bool,
    /// Whether received media goes straight back (Mode Loopback); the two above are false then.
    pub loopback: bool,
    /// How much louder what is received is made before anybody hears it, in dB: -40 to 20.
    pub gain: i8,
    /// Whether RTCP goes through the RTP port in both directions (RFC 5761); then `rtcp_to` is `to`.
    pub rtcp_mux: bool,
    /// How packets are protected; `None`: not at all. While the far end's key is still unknown,
    /// nothing is understood when it arrives, and nothing is sent.
    pub srtp: Option<Srtp>,
}

impl StreamSettings {
    /// Of a stream that its group hears and that hears its group, once formats are agreed on.
    pub fn member() -> Self {
        Self {
            contributes: true,
            listens: true,
            ..Self::default()
        }
    }
}

/// Where and how to send.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct SendSettings {
    /// The far end's RTP address.
    pub to: SocketAddr,
    /// The far end's RTCP address.
    pub rtcp_to: SocketAddr,
    /// The format to send.
    pub format: PayloadFormat,
    /// How much a packet holds.
    pub packet_time: PacketTime,
    /// The payload type in which DTMF is sent as telephone events (RFC 4733), at the clock rate of the
    /// format; in the audio where absent.
    pub events: Option<u8>,
    /// The payload type in which comfort noise (RFC 3389) is sent while nobody talks, with a clock of
    /// 8 kHz, which is that of the format; silence is sent as sound where absent.
    pub noise: Option<u8>,
}

/// What one stream hears of another. Nobody hears another twice, directly and in what a third one
/// sends, nor himself there; and what that third one hears by a fourth one's sending is not heard.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Hears {
    /// What the source receives from outside: what everybody hears of everybody without topology.
    pub received: bool,
    /// What the source sends to the outside (OnewayExternal, OnewayBoth).
    pub sent: bool,
}

/// Where a signal goes (H.248.1 7.1.11.9).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Direction {
    /// Out of the Context, to the far side of the stream, added to what the Context says.
    #[default]
    External,
    /// Into the Context, as if it had been received.
    Internal,
    /// Both.
    Both,
    /// Into the Context as if the far side had sent it, detection included: what the phone of a
    /// simulated line does.
    Received,
}

/// What follows a DTMF digit and belongs to it, so that the next one is told from it: the 40 ms that
/// receivers need (Q.24), and a frame that may be lost.
pub const DIGIT_PAUSE: Duration = Duration::from_millis(60);

/// What a signal sounds like.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Sound {
    /// Steps one after the other.
    Tones {
        /// The steps.
        steps: Vec<ToneStep>,
        /// Whether they begin again after the last; then they never end by themselves.
        repeats: bool,
    },
    /// A DTMF digit and its pause ([`DIGIT_PAUSE`]), so that digits may follow each other. Towards the
    /// far side it is a telephone event, in place of all sound, where that is agreed on.
    Dtmf {
        /// The digit.
        digit: Dtmf,
        /// How long.
        time: Duration,
    },
    /// An announcement of the configuration.
    Announcement {
        /// Its number.
        number: u32,
        /// How often; `None`: until it is stopped.
        cycles: Option<u32>,
        /// By how many dB everything else is lowered meanwhile that is heard where it is heard.
        duck: u8,
    },
    /// Nothing that is heard, for a time or until it is stopped: what only a line shows, such as
    /// ringing.
    Silence {
        /// How long.
        time: Option<Duration>,
    },
    /// What is received from the far side, sent back to it (continuity test, response end).
    Loop,
    /// Nothing that is heard: what is heard is recorded, by the direction: External what is received from
    /// the far side, Internal what the Context says to it, Both the two together. When its file is
    /// complete, [`Report::Recorded`] follows, however it ended.
    Record {
        /// The name of the file, which is made to fit.
        name: String,
        /// How long at most.
        time: Duration,
    },
}

/// A step of a tone.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ToneStep {
    /// Frequencies that sound together, in Hz; none: silence.
    pub frequencies: Vec<u16>,
    /// The level of each frequency in dBm0, at most 3.
    pub level: i8,
    /// How long.
    pub time: Duration,
}

/// A DTMF digit: 0 to 9 as such, 10 `*`, 11 `#`, 12 to 15 A to D, as RFC 4733 numbers them.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct Dtmf(pub u8);

/// What is looked for in what a stream receives.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Detected {
    /// DTMF, in the audio and as telephone events.
    pub dtmf: bool,
    /// Call progress tones.
    pub call_progress: bool,
    /// The tone of a continuity test.
    pub continuity: bool,
    /// Another codec than before in what arrives, where there is RTP.
    pub codec: bool,
    /// Packets that are lost, where there is RTP.
    pub loss: bool,
    /// Whether somebody talks.
    pub talk: bool,
}

/// A tone that was detected.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub enum Tone {
    /// DTMF.
    Dtmf(Dtmf),
    /// Call progress: dial.
    Dial,
    /// Call progress: ringing.
    Ringing,
    /// Call progress: busy.
    Busy,
    /// Call progress: congestion.
    Congestion,
    /// Call progress: special information.
    SpecialInformation,
    /// Call progress: warning, such as of a recording.
    Warning,
    /// Call progress: payphone recognition.
    Payphone,
    /// Call progress: call waiting.
    CallWaiting,
    /// Call progress: caller waiting.
    CallerWaiting,
    /// The tone of a continuity test.
    Continuity,
}

/// A payload type and what it stands for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PayloadFormat {
    /// RTP payload type, 0 to 127.
    pub payload_type: u8,
    /// The codec.
    pub codec: AudioCodec,
}

/// Telephone events (RFC 4733) as one payload type carries them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct EventFormat {
    /// RTP payload type, 0 to 127.
    pub payload_type: u8,
    /// Time stamp units of a second.
    pub clock_rate: u32,
}

/// What the engine answers and tells.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Report {
    /// To [`Command::Close`] and [`Command::Audit`].
    Statistics {
        /// The ticket of the command.
        ticket: Ticket,
        /// The statistics; all zero for an unknown stream.
        statistics: StreamStatistics,
    },
    /// A signal is over by itself.
    Played {
        /// The signal.
        signal: SignalRef,
        /// Whether it was played to its end; else it could not be played.
        completed: bool,
    },
    /// A tone that is looked for has begun.
    ToneBegan {
        /// The stream.
        stream: StreamRef,
        /// The tone.
        tone: Tone,
    },
    /// A tone has ended whose begin was reported.
    ToneEnded {
        /// The stream.
        stream: StreamRef,
        /// The tone.
        tone: Tone,
        /// How long it was heard.
        time: Duration,
    },
    /// What arrives has another codec than before, which is looked for; once in a tick at most.
    CodecChanged {
        /// The stream.
        stream: StreamRef,
        /// The codec that it has now.
        codec: AudioCodec,
    },
    /// Somebody begins to talk, which is looked for.
    TalkBegan {
        /// The stream.
        stream: StreamRef,
        /// How loud, in -dBov: 0 is the loudest, 127 silence (RFC 6464 3).
        level: u8,
    },
    /// Somebody has ended to talk whose begin was reported.
    TalkEnded {
        /// The stream.
        stream: StreamRef,
        /// How long he talked.
        time: Duration,
    },
    /// A recording is over, and its file complete.
    Recorded {
        /// The signal that it was.
        signal: SignalRef,
        /// The name of the file; `None` if not all could be written.
        file: Option<String>,
        /// How long it is.
        time: Duration,
    },
    /// How much was lost lately, which is looked for: each second in which it is not 0, or not what it was.
    Loss {
        /// The stream.
        stream: StreamRef,
        /// The share of the packets of the last 5 seconds that never came, rounded down.
        percent: u8,
    },
}

/// Counts of a stream since it was opened (H.248.1 E.11, E.12).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct StreamStatistics {
    /// RTP packets sent.
    pub packets_sent: u64,
    /// RTP packets received and accepted.
    pub packets_received: u64,
    /// Payload octets sent.
    pub octets_sent: u64,
    /// Payload octets received.
    pub octets_received: u64,
    /// Packets that were expected and never came.
    pub packets_lost: u64,
    /// Interarrival jitter in time stamp units (RFC 3550 6.4.1).
    pub jitter: u32,
    /// Round-trip delay by RTCP, in time stamp units; 0 until it is known.
    pub delay: u32,
}
