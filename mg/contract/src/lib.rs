//! All that a gateway's core and its media engine say to each other.
//!
//! The core decides, the engine carries out. The core speaks in [`Command`]s, which are carried
//! out in the order given; the engine answers those that hold a [`Ticket`] with one [`Report`].

use std::net::SocketAddr;

/// A stream of a Termination, as core and engine name it. Never used twice.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct StreamRef(pub u32);

/// The streams that are mixed with each other: those of one Context with one StreamID.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct GroupId(pub u32);

/// The even port of an RTP pair; RTCP is the port after it (RFC 3550 11).
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct RtpPort(pub u16);

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
    /// Replaces the settings of a stream. SSRC, sequence numbers and time stamps run on.
    Modify {
        /// The stream.
        stream: StreamRef,
        /// The new settings, whole.
        settings: StreamSettings,
    },
    /// Mixes a stream with another group from the next tick on; nothing else about it changes.
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
    /// Asks for a stream's statistics.
    Audit {
        /// The stream.
        stream: StreamRef,
        /// Answered by [`Report::Statistics`].
        ticket: Ticket,
    },
}

/// How a stream receives and sends.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StreamSettings {
    /// The formats that are understood when they arrive.
    pub receive: Vec<PayloadFormat>,
    /// Where and how to send; `None` until the far end is known.
    pub send: Option<SendSettings>,
    /// Whether received media enters the group.
    pub contributes: bool,
    /// Whether the group's media is sent out.
    pub listens: bool,
    /// Whether received media goes straight back (Mode Loopback); the two above are false then.
    pub loopback: bool,
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
}

/// A payload type and what it stands for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PayloadFormat {
    /// RTP payload type, 0 to 127.
    pub payload_type: u8,
    /// The codec.
    pub codec: AudioCodec,
}

/// The audio codecs of the engine.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum AudioCodec {
    /// G.711 µ-law, 8 kHz.
    Pcmu,
    /// G.711 A-law, 8 kHz.
    Pcma,
}

/// What the engine answers.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Report {
    /// To [`Command::Close`] and [`Command::Audit`].
    Statistics {
        /// The ticket of the command.
        ticket: Ticket,
        /// The statistics; all zero for an unknown stream.
        statistics: StreamStatistics,
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
