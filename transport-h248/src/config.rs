//! Every number of the link, with the reason for it.

use std::{ops::RangeInclusive, sync::Arc, time::Duration};

use codec_h248::{Style, binary::BinaryProfile};

use crate::{Authentication, Encoding};

/// Timers and manners of an endpoint.
#[derive(Clone, Debug)]
pub struct Config {
    /// LONG-TIMER (D.1.2): how long a reply is kept. 30 s, longer than any transaction lives.
    pub long_timer: Duration,
    /// T-MAX (D.1.3): after this a request without any answer has failed. 25 s: LONG-TIMER less the
    /// 5 s for which a datagram may be under way.
    pub t_max: Duration,
    /// The delay before the first repetition while nothing has been measured. 200 ms, as suggested.
    pub first_delay: Duration,
    /// The least delay before a repetition, however near the peer is. 100 ms: below that, a pause
    /// of the peer's scheduler looks like a loss.
    pub delay_min: Duration,
    /// The longest delay between repetitions (D.1.3). 4 s, so that no copy arrives after LONG-TIMER.
    pub delay_max: Duration,
    /// The delay between repetitions over a carrier that loses nothing while it holds (D.2). 4 s: a
    /// connection that broke has come about again.
    pub reliable_delay: Duration,
    /// An executing request gets a Pending after this, and repetitions of it no two within this.
    /// 500 ms: two repetitions of a peer that has measured nothing.
    pub pending_after: Duration,
    /// A request that goes on executing gets a Pending again each time this has passed. 2 s: two
    /// reach the peer, or one when one is lost, before its provisional timer ends.
    pub pending_again: Duration,
    /// After a Pending the request is repeated each time this has passed without another (D.1.4).
    /// 5 s, above `delay_max`, because the peer has shown that it is there.
    pub provisional_timer: Duration,
    /// A request fails this long after its first copy even if Pendings go on arriving. 120 s: no
    /// command takes that long, and a peer must not hold a request for ever.
    pub pending_life: Duration,
    /// How long segments of a reply that are missing are waited for (E.14), and how long a peer is
    /// thought to wait for ours. 4 s: several repetitions, and the default of gateways in the field.
    pub segment_wait: Duration,
    /// The encoding in which a peer is spoken to that has not spoken yet; any other is spoken to in
    /// its own.
    pub encoding: Encoding,
    /// The numbers of our requests. All of 1 to 2,147,483,647: common analysers read them as signed.
    /// Programs that share a name have each a range of their own (8.1.1).
    pub ids: RangeInclusive<u32>,
    /// A reply is acknowledged with the next message to the peer that carries a transaction of ours,
    /// or after this; `None`: only replies that ask for it are acknowledged (D.1.2.2).
    pub ack_after: Option<Duration>,
    /// How text is written.
    pub style: Style,
    /// What binary calls packages and Terminations.
    pub names: Arc<BinaryProfile>,
    /// Octets up to which transactions that go to one peer share a message. 0: none do, since not
    /// every peer reads more than the first.
    pub batch_octets: usize,
    /// The highest version spoken; [`crate::Endpoint::set_version`] never goes above it.
    pub version: u8,
    /// Who is listened to by authentication headers (10.2); `None`: everybody, and headers are not
    /// looked at.
    pub authentication: Option<Authentication>,
    /// Whether each message is handed out as a [`crate::Trace`] too.
    pub trace: bool,
    /// How much is held.
    pub limits: Limits,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            long_timer: Duration::from_secs(30),
            t_max: Duration::from_secs(25),
            first_delay: Duration::from_millis(200),
            delay_min: Duration::from_millis(100),
            delay_max: Duration::from_secs(4),
            reliable_delay: Duration::from_secs(4),
            pending_after: Duration::from_millis(500),
            pending_again: Duration::from_secs(2),
            provisional_timer: Duration::from_secs(5),
            pending_life: Duration::from_secs(120),
            segment_wait: Duration::from_secs(4),
            ids: 1..=0x7FFF_FFFF,
            ack_after: None,
            encoding: Encoding::Text,
            style: Style::Pretty,
            names: Arc::default(),
            batch_octets: 0,
            authentication: None,
            trace: false,
            version: 3,
            limits: Limits::default(),
        }
    }
}

/// Bounds on what peers can make an endpoint hold.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limits {
    /// Peers. 4,096 gateways at one controller. Over it the oldest peer that has nothing under
    /// way and with which the program has done no more than answer makes room, kept replies or not;
    /// else the newcomer's message is dropped and counted.
    pub peers: usize,
    /// Requests of one peer that execute at the same time. 512: more than a gateway's burst of
    /// Notifies. Over it a request is refused with 510.
    pub executing_per_peer: usize,
    /// Requests of one peer that execute or whose reply is kept. 65,536: 2,000 a second for
    /// LONG-TIMER. Over it a new request is refused with 510, because forgetting an old one would
    /// let a copy of it execute again.
    pub kept_per_peer: usize,
    /// Octets of the replies kept for one peer. 32 MiB: 65,536 replies of 512 octets. Over it, as
    /// for `kept_per_peer`.
    pub kept_octets_per_peer: usize,
    /// Octets of the replies kept for all peers. 128 MiB. Over it, peers with which the program has
    /// done no more than answer make room; then a new request is refused with 510, unless its peer
    /// holds less than its part of this.
    pub kept_octets: usize,
    /// Refusals that are remembered for one peer, so that a repeat meets the same answer. 1,024.
    /// Over it a request is dropped without an answer, and counted; the peer will repeat it.
    pub refusals_per_peer: usize,
    /// Requests of ours to one peer that are remembered after their end. 65,536. Over it the oldest
    /// is forgotten; an answer that still comes for it counts as foreign.
    pub finished_per_peer: usize,
    /// Replies of one peer that wait to be acknowledged. 1,024, as ranges fewer. Over it they are
    /// acknowledged at once.
    pub acks_per_peer: usize,
    /// Requests of all peers that execute at the same time. 16,384. Over it a request is refused
    /// with 510.
    pub executing: usize,
    /// Events that wait to be polled. 16,384. Over it requests are refused with 510, and message
    /// errors dropped; answers to our own requests always find room.
    pub events: usize,
    /// Transactions that wait to be polled as messages. 16,384. Over it the new one is dropped as if lost.
    pub transmits: usize,
    /// Messages that wait to be polled as traces. 16,384. Over it one more is not traced, and
    /// counted.
    pub traces: usize,
    /// Octets of a message that is sent. 65,531: as many as a TPKT holds; over UDP, and where a peer
    /// takes less ([`crate::Terms::pdu_max`]), it is fewer.
    pub message_octets: usize,
    /// Segments of one reply, sent or received. 4,096: 4 MiB in messages of 1 KiB. Over it a
    /// reply of ours becomes error 533, and one of the peer's is given up.
    pub segments: usize,
    /// Octets of one reply in segments. 4 MiB: 64 of the longest messages. Over it, as for
    /// `segments`.
    pub segmented_octets: usize,
    /// What a received message may hold.
    pub decode: codec_h248::Limits,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            peers: 4_096,
            executing_per_peer: 512,
            kept_per_peer: 65_536,
            kept_octets_per_peer: 32 << 20,
            kept_octets: 128 << 20,
            refusals_per_peer: 1_024,
            finished_per_peer: 65_536,
            acks_per_peer: 1_024,
            executing: 16_384,
            events: 16_384,
            transmits: 16_384,
            traces: 16_384,
            message_octets: 65_531,
            segments: 4_096,
            segmented_octets: 4 << 20,
            decode: codec_h248::Limits {
                octets: 65_531,
                ..codec_h248::Limits::default()
            },
        }
    }
}
