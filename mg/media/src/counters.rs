//! What goes wrong without anyone being told, counted since start.

/// Makes the struct, and the list of what it has.
macro_rules! counters {
    ($($(#[$about:meta])* $name:ident,)*) => {
        /// The engine's counters.
        #[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
        pub struct Counters {
            $($(#[$about])* pub $name: u64,)*
        }

        impl Counters {
            /// Returns each with its name.
            pub fn each(&self) -> impl Iterator<Item = (&'static str, u64)> {
                [$((stringify!($name), self.$name),)*].into_iter()
            }

            /// Returns what two engines have counted together.
            #[must_use]
            pub fn and(self, other: Self) -> Self {
                Self { $($name: self.$name + other.$name,)* }
            }

            /// Returns what was counted after `before`.
            #[must_use]
            pub fn since(self, before: Self) -> Self {
                Self { $($name: self.$name.saturating_sub(before.$name),)* }
            }
        }
    };
}

counters! {
    /// Ticks that were played.
    ticks,
    /// Packets of sound that were encoded; more are sent, where several hear the same.
    encoded,
    /// Ticks that were skipped because their time had passed.
    late_ticks,
    /// Datagrams on the RTP port that are not RTP version 2, or with lengths that do not fit.
    malformed,
    /// Datagrams on the RTCP port that are not RTCP, at least not to their end.
    malformed_rtcp,
    /// Packets whose protection does not hold: made with another key, changed, or cut off.
    unauthentic,
    /// Protected packets that came a second time, or too late to know.
    replayed,
    /// Packets on a port without a stream.
    unknown_port,
    /// Packets of a type that the stream was not told to understand.
    unknown_payload_type,
    /// Packets from a source that is not the stream's.
    strangers,
    /// Packets that came a second time.
    duplicates,
    /// Packets whose sequence number fitted nothing.
    strays,
    /// Packets that came after their time to be played.
    late_packets,
    /// Gaps in received sound that were filled in, since nothing arrived in time.
    gaps_filled,
    /// Packets that were not sent because the shell had not taken those before.
    transmits_dropped,
    /// Streams that were not opened: too many, or number or port in use.
    opens_refused,
    /// Tones that were not reported because the shell had not taken the reports before.
    tones_dropped,
    /// Ticks in which streams were on their way from one engine to another, summed up over these.
    ticks_missed_moving,
}
