//! One stream: what its far side says and is sent, and whom it hears.

use std::{net::SocketAddr, time::Instant};

use mg_contract::{
    Detected, Direction, GroupId, LineRef, Rate, SignalRef, StreamSettings, StreamStatistics,
};

use crate::{
    clock::Clock,
    detect::{Detector, Finding},
    frame::Frame,
    hearing::Hearing,
    jitter::Pulled,
    line::{Line, Peer, Recorder, Telephone},
    network::Network,
    outbox::Outbox,
    receiver::{Refused, Use},
    rtp::View,
    signals::{Occasion, Signals},
    sound::Player,
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
    /// The line that it is open to, if it is to one.
    pub(crate) line: Option<LineRef>,
    /// The line once more, if what it is sent is recorded.
    recorded: Option<LineRef>,
    /// The peer that is the far side of that line.
    peer: Option<Peer>,
    settings: StreamSettings,
    /// What was received for this tick.
    frame: Frame,
    pulled: Pulled,
    /// What is played on it; `None` until something was.
    signals: Option<Box<Signals>>,
    /// What looks for what is looked for.
    detector: Option<Box<Detector>>,
}

impl Leg {
    /// Opens a stream.
    pub(crate) fn new(far_side: FarSide, group: GroupId, settings: StreamSettings) -> Self {
        let mut leg = Self {
            group,
            hearing: Hearing::default(),
            far_side,
            line: None,
            recorded: None,
            peer: None,
            settings,
            frame: Frame::silence(Rate::Narrow),
            pulled: Pulled::Silence,
            signals: None,
            detector: None,
        };
        leg.tell_far_side();
        leg
    }

    /// Makes it a stream to a line.
    pub(crate) fn on_line(mut self, line: LineRef, configured: &Line) -> Self {
        self.line = Some(line);
        self.recorded = configured.recorded.then_some(line);
        self.peer = configured.peer();
        let settings = self.settings.clone();
        self.modify(settings);
        self
    }

    /// Replaces the settings.
    pub(crate) fn modify(&mut self, mut settings: StreamSettings) {
        if let Some(peer) = &self.peer {
            peer.settle(&mut settings);
        }
        self.settings = settings;
        self.tell_far_side();
    }

    /// Takes an RTP packet.
    pub(crate) fn receive(
        &mut self,
        packet: &View<'_>,
        from: SocketAddr,
        clock: &Clock,
        now: Instant,
    ) -> Result<(), Refused> {
        let Some(far_end) = self.network() else {
            return Ok(());
        };
        let event = far_end.receive(packet, from, clock, now)?;
        if let (Some(event), Some(detector)) = (event, &mut self.detector) {
            detector.event(event);
        }
        Ok(())
    }

    /// Looks for this from now on, and for nothing else.
    pub(crate) fn detect(&mut self, tones: Detected) {
        self.detector = Detector::new(tones).map(Box::new);
    }

    /// Has the phone of a line carry what its far side says, or not.
    pub(crate) fn speak(&mut self, speaks: bool) {
        match &mut self.far_side {
            FarSide::Telephone(far) => far.speaks = speaks,
            FarSide::Network(_) => {}
        }
    }

    /// Tells whether anything is looked for.
    pub(crate) fn detects(&self) -> bool {
        self.detector.is_some()
    }

    /// Returns the next thing that was found of tones.
    pub(crate) fn poll_finding(&mut self) -> Option<Finding> {
        self.detector.as_mut()?.poll()
    }

    /// Plays a signal from the next tick on. Returns whether it can.
    pub(crate) fn play(&mut self, signal: SignalRef, player: Player, direction: Direction) -> bool {
        let signals = self.signals.get_or_insert_with(|| Box::new(Signals::new()));
        signals.start(signal, player, direction)
    }

    /// Ends a signal with the next tick.
    pub(crate) fn stop(&mut self, signal: SignalRef) {
        if let Some(signals) = &mut self.signals {
            signals.stop(signal);
        }
    }

    /// Returns the signals that are played.
    pub(crate) fn playing(&self) -> impl Iterator<Item = SignalRef> {
        self.signals.iter().flat_map(|signals| signals.all())
    }

    /// Takes out a signal that is over by itself.
    pub(crate) fn poll_over(&mut self) -> Option<SignalRef> {
        self.signals.as_mut()?.poll_over()
    }

    /// Takes what the far side says in this tick, and plays what is played.
    pub(crate) fn pull(&mut self, tick: Tick) {
        let use_ = self.use_();
        self.pulled = match &mut self.far_side {
            FarSide::Network(far) => {
                far.use_for(use_);
                far.pull(&mut self.frame)
            }
            FarSide::Telephone(far) => far.pull(&mut self.frame),
        };
        if use_ == Use::Dropped {
            self.pulled = Pulled::Silence;
        }
        let send = self.settings.send;
        if let Some(signals) = self.signals.as_mut().filter(|signals| !signals.is_quiet()) {
            let events = send.is_some_and(|send| send.events.is_some());
            let occasion = Occasion { tick, events };
            signals.play(&mut self.frame, &mut self.pulled, occasion);
            if self.settings.contributes && self.pulled == Pulled::Sound {
                signals.join_inward(&self.frame);
            }
        }
        if let Some(detector) = &mut self.detector {
            let heard = (self.pulled == Pulled::Sound).then_some(&self.frame);
            detector.hear(heard.and_then(Frame::narrow));
            if let FarSide::Network(far) = &self.far_side {
                detector.count(far.arrivals());
            }
        }
    }

    /// Returns what the group hears of it in this tick.
    pub(crate) fn contributed(&self) -> Option<&Frame> {
        let signals = self.signals.as_ref().and_then(|signals| signals.inward());
        signals.or(match self.pulled {
            Pulled::Sound if self.settings.contributes => Some(&self.frame),
            Pulled::Sound | Pulled::Silence => None,
        })
    }

    /// Tells whether it sends what the group says.
    pub(crate) fn listens(&self) -> bool {
        self.settings.listens
    }

    /// Returns what it sends in this tick beside what the group says.
    pub(crate) fn own_sent(&self) -> impl Iterator<Item = &Frame> {
        let returned = self.settings.loopback && self.pulled == Pulled::Sound;
        let returned = returned.then_some(&self.frame);
        let signals = self.signals.as_ref().and_then(|signals| signals.outward());
        returned.into_iter().chain(signals)
    }

    /// Sends what the group says, or what the far side said if it is looped back, and what is played
    /// to the far side whatever the mode (H.248.1 7.1.7). Returns false if that found no room.
    pub(crate) fn send(&mut self, heard: &Frame, tick: Tick, outlets: &mut Outlets) -> bool {
        let base = match (self.settings.loopback, self.settings.listens) {
            (true, _) => match self.pulled {
                Pulled::Sound => Some(&self.frame),
                Pulled::Silence => Some(Frame::silent(self.frame.rate())),
            },
            (false, true) => Some(heard),
            (false, false) => None,
        };
        let signals = self.signals.as_ref();
        let mut sum;
        let frame = match (base, signals.and_then(|signals| signals.outward())) {
            (Some(base), Some(outward)) => {
                sum = base.clone();
                sum.add(outward);
                Some(&sum)
            }
            (base, outward) => base.or(outward),
        };
        let kept = self.recorded.is_none_or(|line| {
            // A tick in which nothing is sent is silence.
            let frame = frame.unwrap_or_else(|| Frame::silent(self.frame.rate()));
            outlets.recorder.push(line, frame)
        });
        let sent = match &mut self.far_side {
            FarSide::Network(far) => {
                let event = signals.and_then(|signals| signals.event());
                far.send(frame, event, tick, &mut outlets.outbox)
            }
            FarSide::Telephone(far) => {
                far.hear(frame.is_some());
                true
            }
        };
        kept && sent
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

    /// Returns the counts since the stream was opened.
    pub(crate) fn statistics(&self) -> StreamStatistics {
        match &self.far_side {
            FarSide::Network(far) => far.statistics(),
            FarSide::Telephone(far) => far.statistics(),
        }
    }

    fn tell_far_side(&mut self) {
        let use_ = self.use_();
        if let FarSide::Network(far) = &mut self.far_side {
            far.modify(&self.settings);
            far.use_for(use_);
        }
    }

    fn use_(&self) -> Use {
        let loops = || self.signals.as_ref().is_some_and(|signals| signals.loops());
        if self.settings.loopback {
            Use::Returned
        } else if self.settings.contributes {
            Use::Mixed
        } else if self.detects() || loops() {
            Use::Heard
        } else {
            Use::Dropped
        }
    }
}
