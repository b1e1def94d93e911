//! Every number of the platform, with the reason for it.

use std::time::Duration;

use codec_h248::{MId, descriptor::ServiceChangeProfile};

use crate::manners::GatewayProfiles;

/// What a controller is made with.
#[derive(Clone, Debug)]
pub struct Config {
    /// The name by which it speaks.
    pub mid: MId<'static>,
    /// A gateway that has said nothing for so long is asked whether it is there; `None`: it is not.
    pub heartbeat: Option<Duration>,
    /// Each gateway is asked to notify when we have said nothing for so long (H.248.14); `None`: it is
    /// not. Above `heartbeat`, so that it never has to.
    pub inactivity: Option<Duration>,
    /// The profiles that a gateway may have; where there are some, it must have one of them
    /// (H.248.1 13).
    pub profiles: Vec<ServiceChangeProfile<'static>>,
    /// Whether what is held is told as [`crate::Record`]s, to be written down before anything that
    /// follows from it is sent.
    pub durable: bool,
    /// What the operator says of the gateways.
    pub gateways: GatewayProfiles,
    /// Whether gateways are asked what they counted of a Termination that is subtracted.
    pub statistics: bool,
    /// How much is held.
    pub limits: Limits,
    /// Timers and manners of the link.
    pub transport: transport_h248::Config,
}

impl Config {
    /// The defaults under this name.
    pub fn new(mid: MId<'static>) -> Self {
        Self {
            mid,
            heartbeat: None,
            inactivity: None,
            profiles: Vec::new(),
            durable: false,
            gateways: GatewayProfiles::default(),
            statistics: true,
            limits: Limits::default(),
            transport: transport_h248::Config::default(),
        }
    }
}

/// Bounds on what the application and the gateways can make a controller hold.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limits {
    /// Registered gateways. 4,096, as many as the link has peers. Over it a registration is
    /// refused with 510.
    pub gateways: usize,
    /// Calls. 100,000.
    pub calls: usize,
    /// Segs of one Call, the main one included. 1,000.
    pub segs_per_call: usize,
    /// Legs of one Call. 10,000.
    pub legs_per_call: usize,
    /// Legs of one Seg other than the main one, of those that say nothing themselves or more.
    /// `None`: as many as the Call has.
    pub legs_per_seg: Option<usize>,
    /// Legs of one Call whose Segs share a Context. 200, as each move names all of them in one
    /// message.
    pub legs_per_hall: usize,
    /// Legs of which one SplitSeg or MergeSeg tells. 1,000, as what is known of all of them is
    /// written down with each.
    pub legs_per_request: usize,
    /// Operations that are remembered; 100,000. The finished ones make room, oldest first; where
    /// all of them run, a request is refused.
    pub operations: usize,
    /// So long something is played or digits are collected where the request does not say; 10 min,
    /// and no longer than `wait_max`.
    pub wait: Duration,
    /// The most that a request may say; 1 h.
    pub wait_max: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            gateways: 4_096,
            calls: 100_000,
            segs_per_call: 1_000,
            legs_per_call: 10_000,
            legs_per_seg: None,
            legs_per_hall: 200,
            legs_per_request: 1_000,
            operations: 100_000,
            wait: Duration::from_secs(600),
            wait_max: Duration::from_secs(3_600),
        }
    }
}
