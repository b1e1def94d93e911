//! What goes wrong without anyone being told, counted since start.

/// The engine's counters.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Counters {
    /// Ticks that were played.
    pub ticks: u64,
    /// Packets of sound that were encoded; more are sent, where several hear the same.
    pub encoded: u64,
    /// Ticks that were skipped because their time had passed.
    pub late_ticks: u64,
    /// Datagrams on the RTP port that are not RTP version 2, or with lengths that do not fit.
    pub malformed: u64,
    /// Datagrams on the RTCP port that are not RTCP, at least not to their end.
    pub malformed_rtcp: u64,
    /// Packets whose protection does not hold: made with another key, changed, or cut off.
    pub unauthentic: u64,
    /// Protected packets that came a second time, or too late to know.
    pub replayed: u64,
    /// Packets on a port without a stream.
    pub unknown_port: u64,
    /// Packets of a type that the stream was not told to understand.
    pub unknown_payload_type: u64,
    /// Packets from a source that is not the stream's.
    pub strangers: u64,
    /// Packets that came a second time.
    pub duplicates: u64,
    /// Packets whose sequence number fitted nothing.
    pub strays: u64,
    /// Packets that came after their time to be played.
    pub late_packets: u64,
    /// Packets that were not sent because the shell had not taken those before.
    pub transmits_dropped: u64,
    /// Streams that were not opened: too many, or number or port in use.
    pub opens_refused: u64,
    /// Tones that were not reported because the shell had not taken the reports before.
    pub tones_dropped: u64,
    /// Ticks in which streams were on their way from one engine to another, summed up over these.
    pub ticks_missed_moving: u64,
}
