//! What a gateway is told at the start, and every bound on what it holds.

use std::{collections::BTreeSet, net::IpAddr, ops::RangeInclusive, time::Duration};

use codec_h248::{MId, descriptor::ServiceChangeProfile, package::PackageDefinition};
use transport_h248::Address;

use crate::{Codecs, Line, Secret};

/// What a gateway is told at the start.
#[derive(Clone, Debug)]
pub struct Config {
    /// The name by which it speaks.
    pub mid: MId<'static>,
    /// Where its controllers listen, in the order of trying; one at least.
    pub mgcs: Vec<Address>,
    /// The longest random delay before the first registration: the maximum waiting delay, MWD, which
    /// keeps all gateways of a place from registering at once when its power comes back (H.248.1 9.2).
    pub waiting_max: Duration,
    /// The profile that is offered; `None`: no profile (H.248.1 13).
    pub profile: Option<ServiceChangeProfile<'static>>,
    /// The address on which media is received.
    pub rtp_address: IpAddr,
    /// The ports for media. A pair is an even port and the one after it, both in the range.
    pub rtp_ports: RangeInclusive<u16>,
    /// How many port pairs are kept bound and free, ahead of need.
    pub ports_ahead: usize,
    /// The codecs that it speaks.
    pub codecs: Codecs,
    /// What keys for SRTP are made of; `None`: none is made, and only keys that a controller gives are
    /// used.
    pub secret: Option<Secret>,
    /// The physical Terminations; their places here are what [`mg_contract::LineRef`] says.
    pub lines: Vec<Line>,
    /// Packages of vendors, of which the gateway knows names and types (H.248.1 12). One that
    /// the tables of `codec_h248` do not let in is left out.
    pub packages: Vec<PackageDefinition>,
    /// The announcements that the engine can play, by number.
    pub announcements: BTreeSet<u32>,
    /// By how many dB all else is lowered where and while an announcement is heard.
    pub duck: u8,
    /// Whether what is heard can be recorded.
    pub records: bool,
    /// Whether the project's own package `zconfmix` is had. A peer whose binary codec knows no private
    /// package cannot read an audit that names one.
    pub zconfmix: bool,
    /// Whether a request is refused for what its version does not have (422, 442); else it is taken, as
    /// from peers that speak the newer version under the older number.
    pub strict: bool,
    /// How much is held.
    pub limits: Limits,
    /// How transactions are carried.
    pub transport: transport_h248::Config,
}

impl Config {
    /// A gateway of that name without lines and packages of vendors, with everything else as usual.
    pub fn new(mid: MId<'static>, mgcs: Vec<Address>, rtp_address: IpAddr) -> Self {
        Self {
            mid,
            mgcs,
            waiting_max: Duration::ZERO,
            profile: None,
            rtp_address,
            rtp_ports: 20_000..=29_999,
            ports_ahead: 4,
            codecs: Codecs::default(),
            secret: None,
            lines: Vec::new(),
            packages: Vec::new(),
            announcements: BTreeSet::new(),
            duck: 12,
            records: false,
            zconfmix: false,
            strict: false,
            limits: Limits::default(),
            transport: transport_h248::Config::default(),
        }
    }
}

/// Bounds on what a controller can make a gateway hold.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limits {
    /// Contexts. 100,000: ten times a large bridge. Over it CHOOSE is refused with 412.
    pub contexts: usize,
    /// Terminations that are made. 200,000: two for each Context. Over it CHOOSE is refused with 432.
    pub terminations: usize,
    /// Terminations of one Context. 1,024. Over it Add and Move are refused with 434.
    pub terminations_per_context: usize,
    /// Directions between two Terminations, and streams of them, in all topologies that differ from
    /// everybody hears everybody. 1,048,576: everybody of one full Context isolated. Over it a
    /// Topology descriptor is refused with 510.
    pub topologies: usize,
    /// Streams of one Termination. 8: audio, video and spares. Over it a command is refused with
    /// 510.
    pub streams_per_termination: usize,
    /// Transactions that wait while another executes. 1,024. Over it one is refused with 510.
    pub queued_transactions: usize,
    /// Items of the replies to the transactions of one message. 262,144: an audit of everything that may exist. A
    /// command that would lead over it is refused with 533.
    pub reply_items: usize,
    /// Descriptors in the replies to the transactions of one message, and what they list: properties,
    /// events, signals, parameters, values, and text by 64 octets. 1,048,576: Media of everything that
    /// may exist, and about one second of work. The command that comes over it is refused with 533
    /// and is the last of its transaction.
    pub reply_parts: usize,
    /// Load, in percent of any of these limits, of port pairs or of the processor, from which on the
    /// controller is told of overload. 90.
    pub overload_percent: u8,
    /// How busy the processor may be, in percent, until what is not urgent is refused with 510. 95.
    pub processor_percent: u8,
    /// Terminations that the wildcards of one message are compared with; for each that a command is
    /// carried out on, its descriptors and what they list count as two each. 4,194,304: twenty
    /// wildcards over everything that may exist, and less than one second of work. Over it an action
    /// is refused with 510.
    pub wildcard_looks: usize,
}

/// Octets of a reply for each Termination: Media as it is spelled out at length, and for some a
/// session description.
const REPLY_OCTETS: usize = 256;

impl Limits {
    /// The usual limits of the link, but that an audit of the Media of everything that these limits let
    /// exist is answered, and kept beside the usual replies until it is acknowledged. It is bounded by
    /// them: 51 MB for 200,000 Terminations, and once for a controller, since a request over
    /// `kept_octets_per_peer` is refused.
    pub fn of_link(&self) -> transport_h248::Limits {
        let usual = transport_h248::Limits::default();
        let everything = self.terminations.saturating_mul(REPLY_OCTETS);
        let reply = usual.segmented_octets.max(everything);
        transport_h248::Limits {
            segmented_octets: reply,
            kept_octets_per_peer: usual.kept_octets_per_peer.saturating_add(reply),
            kept_octets: usual.kept_octets.saturating_add(reply),
            ..usual
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            contexts: 100_000,
            terminations: 200_000,
            terminations_per_context: 1_024,
            topologies: 1_048_576,
            streams_per_termination: 8,
            queued_transactions: 1_024,
            reply_items: 262_144,
            reply_parts: 1_048_576,
            overload_percent: 90,
            processor_percent: 95,
            wildcard_looks: 4_194_304,
        }
    }
}
