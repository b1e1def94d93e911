//! One stream: what its far side says and is sent, and whom it hears.

use std::time::Instant;

use mg_contract::{GroupId, StreamSettings, StreamStatistics};

use crate::{
    FRAME, Frame,
    hearing::Hearing,
    jitter::Pulled,
    line::{Recorder, Telephone},
    network::Network,
    outbox::Outbox,
    receiver::Use,
};

/// Where a tick is in time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tick {
    /// When it was due.
    pub(crate) at: Instant,
    /// The same in time stamp units.
    pub(crate) time_stamp: u32,
}

/// Who is at the other end.
#[derive(Debug)]
pub(crate) enum FarSide {
    /// A far end on the network.
    Network(Box<Network>),
    /// A simulated line.
    Telephone(Telephone),
}

/// Where what is sent goes.
#[derive(Debug, Default)]
pub(crate) struct Outlets {
    /// To the network.
    pub(crate) outbox: Outbox,
    /// What lines were sent.
    pub(crate) recorder: Recorder,
}

/// A stream that is open.
#[derive(Debug)]
pub(crate) struct Leg {
    /// Whom it is mixed with.
    pub(crate) group: GroupId,
    /// What it hears of them.
    pub(crate) hearing: Hearing,
    /// Who is at the other end.
    pub(crate) far_side: FarSide,
    settings: StreamSettings,
    /// What was received for this tick.
    frame: Frame,
    pulled: Pulled,
}

impl Leg {
    /// Opens a stream.
    pub(crate) fn new(far_side: FarSide, group: GroupId, settings: StreamSettings) -> Self {
        let mut leg = Self {
            group,
            hearing: Hearing::default(),
            far_side,
            settings,
            frame: [0; FRAME],
            pulled: Pulled::Silence,
        };
        leg.tell_far_side();
        leg
    }

    /// Replaces the settings.
    pub(crate) fn modify(&mut self, settings: StreamSettings) {
        self.settings = settings;
        self.tell_far_side();
    }

    /// Takes what the far side says in this tick.
    pub(crate) fn pull(&mut self) {
        self.pulled = match (self.use_(), &mut self.far_side) {
            (Use::Dropped, _) => Pulled::Silence,
            (Use::Mixed | Use::Returned, FarSide::Network(far)) => far.pull(&mut self.frame),
            (Use::Mixed | Use::Returned, FarSide::Telephone(far)) => far.pull(&mut self.frame),
        };
    }

    /// Returns what the group hears of it in this tick.
    pub(crate) fn contributed(&self) -> Option<&Frame> {
        match self.pulled {
            Pulled::Sound if self.settings.contributes => Some(&self.frame),
            Pulled::Sound | Pulled::Silence => None,
        }
    }

    /// Tells whether it sends what the group says.
    pub(crate) fn listens(&self) -> bool {
        self.settings.listens
    }

    /// Returns what it sends in this tick beside what the group says.
    pub(crate) fn own_sent(&self) -> Option<&Frame> {
        match self.pulled {
            Pulled::Sound if self.settings.loopback => Some(&self.frame),
            Pulled::Sound | Pulled::Silence => None,
        }
    }

    /// Sends what the group says, or what the far side said if it is looped back. Returns false if
    /// that found no room.
    pub(crate) fn send(&mut self, heard: &Frame, tick: Tick, outlets: &mut Outlets) -> bool {
        let frame = match (self.settings.loopback, self.settings.listens) {
            (true, _) => match self.pulled {
                Pulled::Sound => Some(&self.frame),
                Pulled::Silence => Some(&[0; FRAME]),
            },
            (false, true) => Some(heard),
            (false, false) => None,
        };
        match &mut self.far_side {
            FarSide::Network(far) => far.send(frame, tick, &mut outlets.outbox),
            FarSide::Telephone(far) => far.hear(frame, &mut outlets.recorder),
        }
    }

    /// Gives up frames whose ticks were skipped.
    pub(crate) fn skip_frames(&mut self, frames: u64) {
        if let FarSide::Network(far) = &mut self.far_side {
            far.skip_frames(frames);
        }
    }

    /// Returns the far end, if it is on the network.
    pub(crate) fn network(&mut self) -> Option<&mut Network> {
        match &mut self.far_side {
            FarSide::Network(far) => Some(far),
            FarSide::Telephone(_) => None,
        }
    }

    /// Returns the counts since the stream was opened; a line counts nothing.
    pub(crate) fn statistics(&self) -> StreamStatistics {
        match &self.far_side {
            FarSide::Network(far) => far.statistics(),
            FarSide::Telephone(_) => StreamStatistics::default(),
        }
    }

    fn tell_far_side(&mut self) {
        let use_ = self.use_();
        if let FarSide::Network(far) = &mut self.far_side {
            far.modify(&self.settings, use_);
        }
    }

    fn use_(&self) -> Use {
        match (self.settings.loopback, self.settings.contributes) {
            (true, _) => Use::Returned,
            (false, true) => Use::Mixed,
            (false, false) => Use::Dropped,
        }
    }
}
