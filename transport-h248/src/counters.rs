//! What has been counted and measured since an endpoint was made.

use std::{
    ops::{Add, AddAssign},
    time::Duration,
};

/// Declares the counters, how they are listed, and how two sets are added.
macro_rules! counters {
    ($($(#[$about:meta])* $name:ident,)*) => {
        /// Plain numbers, one for each kind of thing; they only grow.
        #[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
        pub struct Counters {
            $($(#[$about])* pub $name: u64,)*
        }

        impl Counters {
            /// Returns each counter with its name, in the order of declaration.
            pub fn each(&self) -> impl Iterator<Item = (&'static str, u64)> {
                [$((stringify!($name), self.$name),)*].into_iter()
            }
        }

        impl AddAssign for Counters {
            fn add_assign(&mut self, other: Self) {
                $(self.$name += other.$name;)*
            }
        }
    };
}

counters! {
    /// Messages received.
    messages_received,
    /// Messages handed out for sending.
    messages_sent,
    /// Messages that do not decode, wholly or from some transaction on.
    decode_errors,
    /// Those of them that got an error descriptor as answer.
    errors_sent,
    /// Requests of peers that were passed on as events.
    requests_received,
    /// Requests of ours, without their repetitions.
    requests_sent,
    /// Repetitions of our requests.
    repeats_sent,
    /// Replies that ended a request of ours.
    replies_received,
    /// Replies of ours, without their repetitions.
    replies_sent,
    /// Replies of ours that were sent in segments.
    replies_segmented,
    /// Segments of our replies sent again, since nobody acknowledged them.
    segments_repeated,
    /// Segments of replies received that were missing.
    segments_received,
    /// Replies given up because segments went on missing, or were too many.
    segments_missed,
    /// Requests received again, in any state.
    duplicates,
    /// Replies of ours sent again.
    replies_repeated,
    /// Pendings sent.
    pendings_sent,
    /// Pendings received for a request that waits.
    pendings_received,
    /// Acknowledgements sent.
    acks_sent,
    /// Replies of ours that were acknowledged.
    replies_acknowledged,
    /// Replies to a request that is already answered or given up.
    late_replies,
    /// Pendings for a request that is already answered or given up.
    late_pendings,
    /// Acknowledgements of segments that were acknowledged before.
    late_acks,
    /// Replies, segments of them, Pendings and acknowledgements that belong to nothing here.
    foreign,
    /// Requests, acknowledgements and error messages under a peer's name from an address that is not
    /// its own, replies and Pendings from a host that is not.
    from_elsewhere,
    /// Messages refused for their authentication header, or for having none.
    unauthenticated,
    /// Messages dropped because their authentication header has come before.
    replayed,
    /// Error messages received.
    message_errors,
    /// Requests of ours that ended without a reply.
    timeouts,
    /// Requests of peers refused with 510.
    refused,
    /// Requests of peers ended with 506, since no more Pendings may be sent.
    abandoned,
    /// Requests of ours that the program gave up.
    cancelled,
    /// Associations that made room for another's.
    peers_forgotten,
    /// Messages of new peers dropped because there are too many.
    peers_dropped,
    /// Messages, requests and message errors dropped because a queue was full.
    dropped,
    /// Messages of which no trace was kept, because too many waited.
    untraced,
    /// Transactions of ours that no message can hold.
    oversized,
    /// Transactions of ours for which the peer's encoding has no form.
    unsayable,
    /// Replies of the program above to requests that are not executing.
    stray_replies,
}

impl Add for Counters {
    type Output = Self;

    fn add(mut self, other: Self) -> Self {
        self += other;
        self
    }
}

/// What has been counted and measured of one peer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Statistics {
    /// What was counted.
    pub counters: Counters,
    /// Average delay of its answers and mean deviation of it (D.1.3); `None` until one was measured.
    pub round_trip: Option<(Duration, Duration)>,
}

/// How much is held of transactions at a moment; nothing once LONG-TIMER has passed in silence.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Held {
    /// Requests of ours that wait for their reply.
    pub waiting: usize,
    /// Requests of ours that have ended and are remembered.
    pub finished: usize,
    /// Requests of peers that execute.
    pub executing: usize,
    /// Requests of peers that are answered and remembered.
    pub answered: usize,
    /// Octets of the replies that are kept for them.
    pub kept_octets: usize,
    /// Octets of the segments that have come of replies that are not whole.
    pub gathered_octets: usize,
    /// Ranges of replies of peers that are to be acknowledged.
    pub acks: usize,
}

impl Add for Held {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            waiting: self.waiting + other.waiting,
            finished: self.finished + other.finished,
            executing: self.executing + other.executing,
            answered: self.answered + other.answered,
            kept_octets: self.kept_octets + other.kept_octets,
            gathered_octets: self.gathered_octets + other.gathered_octets,
            acks: self.acks + other.acks,
        }
    }
}
