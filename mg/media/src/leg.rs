//! One stream: what its far side says and is sent, and whom it hears.

use std::{net::SocketAddr, time::Instant};

use mg_contract::{
    Detected, Direction, GroupId, LineRef, Rate, SendSettings, SignalRef, StreamSettings,
    StreamStatistics,
};

use crate::{
    clock::Units,
    codec::Standing,
    converters::Converters,
    detect::{Detector, Finding},
    frame::{Frame, FrameRef},
    hearing::Hearing,
    limiter::Limiter,
    line::{Line, Peer, Telephone},
    mix::{Sum, Sums},
    narrowing::Narrowing,
    network::Network,
    outbox::Outbox,
    outgoing::Sent,
    playout::Pulled,
    receiver::{Refused, Use},
    recorder::{Recorder, Source},
    room::Cost,
    rtp::View,
    shared::Wrapping,
    signals::{Occasion, Signals},
    sound::Player,
    voice::{self, FADE_MAX, Voice},
};

/// Where a tick is in time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tick {
    /// Which it is.
    pub(crate) number: u64,
    /// When it was due.
    pub(crate) at: Instant,
    /// The same as media counts it.
    pub(crate) units: Units,
    /// The same in time stamp units.
    pub(crate) time_stamp: u32,
}

/// Who is at the other end.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly all are on the network, and are found with one step less"
)]
pub(crate) enum FarSide {
    /// A far end on the network.
    Network(Network),
    /// A simulated line.
    Telephone(Telephone),
}

/// Where what is sent goes.
#[derive(Debug, Default)]
pub(crate) struct Outlets {
    /// To the network.
    pub(crate) outbox: Outbox,
    /// What is recorded.
    pub(crate) recorder: Recorder,
}

/// How a leg is sent what it hears in a tick.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Choice {
    /// In packets that all others who hear it are sent.
    Alike(Wrapping),
    /// In its own.
    Alone,
    /// It hears nothing.
    Nothing,
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
    /// How much louder what it says is made.
    gain: f32,
    /// What was received for this tick, unless it still lies where it was decoded; its rate is that of all that
    /// it says and hears.
    frame: Frame,
    /// Whether it still lies there.
    lent: bool,
    pulled: Pulled,
    /// How it comes in where it is heard.
    voice: Voice,
    /// Whether anything of the frame is heard.
    says: bool,
    /// Whether it has been in its group for a tick.
    settled: bool,
    /// What keeps what it hears alone within bounds.
    limiter: Limiter,
    /// Whether it was sent anything in the tick before.
    sent: bool,
    /// Whether it hears another group than in the tick before.
    turned: bool,
    /// The end of what it heard last alone; once it has turned, what fades out of that, or of what all heard in
    /// the group before.
    end: Box<[i16; FADE_MAX]>,
    /// What it hears where topology applies to members of different rates.
    converters: Option<Box<Converters>>,
    /// What is played on it; `None` until something was.
    signals: Option<Box<Signals>>,
    /// What looks for what is looked for.
    detector: Option<Box<Detector>>,
    /// What brings what is said to the rate at which it looks.
    narrowing: Option<Box<Narrowing>>,
    /// The gain of what the group says while something is played to the far side.
    lowered: f32,
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
            gain: voice::gain(settings.gain.into()),
            settings,
            frame: Frame::silence(Rate::Narrow),
            lent: false,
            pulled: Pulled::Silence,
            voice: Voice::new(),
            says: false,
            settled: false,
            limiter: Limiter::new(),
            sent: false,
            turned: true,
            end: Box::new([0; FADE_MAX]),
            converters: None,
            signals: None,
            detector: None,
            narrowing: None,
            lowered: 1.0,
        };
        leg.settle();
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
        // What becomes of it may be forgotten where it was decoded.
        self.take_back();
        self.gain = voice::gain(settings.gain.into());
        self.settings = settings;
        self.settle();
    }

    /// The rate of all that it says and hears.
    pub(crate) fn rate(&self) -> Rate {
        self.frame.rate()
    }

    /// How it is sent what others are sent too, if it is sent anything.
    pub(crate) fn wrapping(&self) -> Option<Wrapping> {
        match &self.far_side {
            FarSide::Network(far) => far.wrapping(),
            FarSide::Telephone(_) => None,
        }
    }

    /// Octets of what it is sent in one tick at most.
    pub(crate) fn room(&self) -> usize {
        match &self.far_side {
            FarSide::Network(far) => far.room(),
            FarSide::Telephone(_) => 0,
        }
    }

    /// What its group heard of it in the tick before, if it was there.
    pub(crate) fn said_last(&self) -> Option<FrameRef<'_>> {
        self.contributed().filter(|_| self.settled)
    }

    /// Leaves its group for another. `heard` is what all heard there last who said nothing.
    pub(crate) fn depart(&mut self, heard: Option<&Frame>) {
        // Who was sent nothing has heard nothing.
        let heard = heard.filter(|_| self.sent);
        let alike = match &mut self.far_side {
            FarSide::Network(far) => heard.filter(|heard| !far.depart(heard)),
            FarSide::Telephone(_) => None,
        };
        if !std::mem::replace(&mut self.turned, true) {
            match alike {
                Some(heard) => {
                    voice::fade_after(heard, &mut *self.end);
                }
                None if !self.sent => self.end.fill(0),
                None => voice::fade(&mut self.end[..voice::end(self.frame.rate())]),
            }
        }
        self.voice.enter();
        (self.settled, self.says) = (false, false);
        self.converters = None;
    }

    /// Makes what it needs to hear members of those rates by topology.
    pub(crate) fn provide(&mut self, rates: &[Rate]) {
        let rate = self.rate();
        let converters = self.converters.get_or_insert_default();
        converters.provide(rates, &[rate]);
    }

    /// Reads a little of what a packet needs: memory brings that of several legs in the time of one.
    pub(crate) fn glance(&self) -> usize {
        match &self.far_side {
            FarSide::Network(far) => far.glance(),
            FarSide::Telephone(_) => 0,
        }
    }

    /// The same of what a tick needs.
    pub(crate) fn glance_all(&self) -> usize {
        let own = usize::from(self.settings.loopback) ^ usize::from(self.voice.speaks());
        let frame = if self.lent { 0 } else { self.frame.glance() };
        self.glance() ^ own ^ frame ^ usize::from(self.signals.is_some())
    }

    /// Takes an RTP packet.
    pub(crate) fn receive(
        &mut self,
        packet: &View<'_>,
        from: SocketAddr,
        now: Instant,
    ) -> Result<(), Refused> {
        let Some(far_end) = self.network() else {
            return Ok(());
        };
        let event = far_end.receive(packet, from, now)?;
        if let (Some(event), Some(detector)) = (event, &mut self.detector) {
            detector.event(event);
        }
        Ok(())
    }

    /// Looks for this from now on, and for nothing else.
    pub(crate) fn detect(&mut self, tones: Detected) {
        self.detector = Detector::new(tones).map(Box::new);
        self.narrow();
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
    pub(crate) fn play(
        &mut self,
        signal: SignalRef,
        player: Player,
        direction: Direction,
        duck: u8,
    ) -> bool {
        let signals = self.signals.get_or_insert_with(|| Box::new(Signals::new()));
        signals.start(signal, player, direction, duck)
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

    /// Returns those of them that record.
    pub(crate) fn recording(&self) -> impl Iterator<Item = SignalRef> {
        self.signals.iter().flat_map(|signals| signals.recording())
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
                far.play(self.frame.rate(), tick)
            }
            FarSide::Telephone(far) => far.pull(&mut self.frame),
        };
        self.lent = matches!(self.far_side, FarSide::Network(_));
        if use_ == Use::Dropped {
            self.pulled = Pulled::Silence;
        }
        let send = self.settings.send;
        let signals = self.signals.as_ref();
        let plays = signals.is_some_and(|signals| !signals.is_quiet());
        if plays {
            self.take_back();
        }
        if let Some(signals) = self.signals.as_mut().filter(|_| plays) {
            let clock = |send: SendSettings| send.events.map(|_| send.format.codec.clock_rate());
            let events = send.and_then(clock);
            let occasion = Occasion { tick, events };
            signals.play(&mut self.frame, &mut self.pulled, occasion);
        }
        let received = received(&self.far_side, &self.frame, self.lent);
        let heard = (self.pulled == Pulled::Sound).then_some(received);
        self.voice.measure(heard);
        if let Some(detector) = &mut self.detector {
            let mut heard = heard;
            if let Some(narrowing) = &mut self.narrowing {
                let silent = Frame::silent(self.frame.rate());
                heard = Some(narrowing.narrow(heard.unwrap_or(silent.into())).into());
            }
            detector.hear(heard.and_then(FrameRef::narrow));
            if let FarSide::Network(far) = &self.far_side {
                detector.count(far.arrivals());
            }
            detector.measure(self.voice.energy());
        }
    }

    /// What was received for this tick, if it is no silence.
    fn received(&self) -> FrameRef<'_> {
        received(&self.far_side, &self.frame, self.lent)
    }

    /// Has what was received be where it can be changed.
    fn take_back(&mut self) {
        let lent = std::mem::take(&mut self.lent);
        if let FarSide::Network(far) = &self.far_side
            && lent
            && self.pulled != Pulled::Silence
        {
            self.frame.copy(far.frame());
        }
    }

    /// By how many dB others are lowered while something is played to them here.
    pub(crate) fn ducking(&self) -> u8 {
        let signals = self.signals.as_ref();
        signals.map_or(0, |signals| signals.ducking().1)
    }

    /// How loud it is among those who are to be heard; 0 if it says nothing.
    pub(crate) fn loudness(&self) -> u64 {
        match self.settings.contributes && self.voice.speaks() {
            true => self.voice.loudness(),
            false => 0,
        }
    }

    /// Brings what it says to how it is heard: at all if it is as loud as `least`.
    pub(crate) fn contribute(&mut self, least: u64, duck: u8) {
        let speaks = self.voice.speaks() || self.pulled == Pulled::Noise;
        let heard = self.settings.contributes && speaks && self.loudness() >= least;
        let gain = match heard {
            true => self.gain * voice::gain(-i32::from(duck)),
            false => 0.0,
        };
        self.says = if self.pulled == Pulled::Silence {
            self.voice.pause();
            false
        } else if self.voice.leaves(gain) {
            gain > 0.0
        } else {
            self.take_back();
            self.voice.shape(&mut self.frame, gain)
        };
        // Where anything joins it, signals have had it taken back.
        if let Some(signals) = self.signals.as_mut().filter(|_| self.says) {
            signals.join_inward(&self.frame);
        }
        self.settled = true;
    }

    /// Returns what the group hears of it in this tick.
    pub(crate) fn contributed(&self) -> Option<FrameRef<'_>> {
        let signals = self.signals.as_ref().and_then(|signals| signals.inward());
        let signals = signals.map(FrameRef::from);
        signals.or_else(|| self.says.then(|| self.received()))
    }

    /// Tells whether what the group hears of it is more than comfort noise.
    pub(crate) fn talks(&self) -> bool {
        let signals = self.signals.as_ref().and_then(|signals| signals.inward());
        signals.is_some() || self.says && self.pulled != Pulled::Noise
    }

    /// Tells whether it sends what the group says.
    pub(crate) fn listens(&self) -> bool {
        self.settings.listens
    }

    /// Returns what it sends in this tick beside what the group says.
    pub(crate) fn own_sent(&self) -> impl Iterator<Item = FrameRef<'_>> {
        let returned = self.settings.loopback && self.pulled != Pulled::Silence;
        let returned = returned.then(|| self.received());
        let signals = self.signals.as_ref().and_then(|signals| signals.outward());
        returned.into_iter().chain(signals.map(FrameRef::from))
    }

    /// Decides how it is sent what it hears in this tick.
    pub(crate) fn choose(&mut self, tick: Tick) -> Choice {
        let signals = self.signals.as_ref();
        let played = signals.is_some_and(|signals| signals.plays_outward());
        if !(self.settings.listens || self.settings.loopback || played) {
            return Choice::Nothing;
        }
        let records_heard = signals.is_some_and(|signals| signals.records_heard());
        let differs = played
            || self.lowered != 1.0
            || self.settings.loopback
            || self.recorded.is_some()
            || records_heard
            || !self.hearing.is_plain()
            || self.turned
            || self.contributed().is_some();
        match &mut self.far_side {
            FarSide::Network(far) => match far.choose(differs, tick) {
                // It is sent nowhere, and recorded all the same.
                Choice::Nothing if records_heard => Choice::Alone,
                choice @ (Choice::Alike(_) | Choice::Alone | Choice::Nothing) => choice,
            },
            FarSide::Telephone(_) => Choice::Alone,
        }
    }

    /// Remembers what all heard in the tick before, in case it was one of them.
    pub(crate) fn remember(&mut self, past: &Frame, tick: Tick) {
        if self.turned {
            return;
        }
        if let Some(far) = self.network() {
            far.remember(past, tick);
        }
    }

    /// Tells where the far end's decoder stands.
    pub(crate) fn standing(&self) -> Standing {
        match &self.far_side {
            FarSide::Network(far) => far.standing(),
            FarSide::Telephone(_) => Standing::default(),
        }
    }

    /// Takes together what it hears of members of all rates.
    pub(crate) fn collect(&mut self, said: &Sums, heard: &mut Sum) {
        match &mut self.converters {
            Some(converters) => converters.collect(said, heard),
            None => heard.copy(said.at(heard.rate())),
        }
    }

    /// Hears what the group says.
    pub(crate) fn hear(&mut self, sum: &Sum, heard: &mut Frame) {
        heard.turn_to(sum.rate());
        self.limiter.limit(sum.samples(), heard.samples_mut());
    }

    /// Sends what it has `heard`, or what the far side said if it is looped back, and what is played to
    /// the far side whatever the mode (H.248.1 7.1.7). The group says nothing but comfort noise unless one
    /// `talks`.
    pub(crate) fn send_alone(
        &mut self,
        heard: &mut Frame,
        talks: bool,
        tick: Tick,
        outlets: &mut Outlets,
    ) -> Cost {
        if self.settings.loopback {
            match self.pulled {
                Pulled::Sound | Pulled::Noise => heard.copy(self.received()),
                Pulled::Silence => heard.clear(self.frame.rate()),
            }
        } else if !self.settings.listens {
            heard.clear(self.frame.rate());
        }
        self.play_outward(heard);
        if std::mem::take(&mut self.turned) {
            voice::turn(heard, &*self.end);
        }
        voice::end_of(&*heard, &mut *self.end);
        self.sent = true;
        // A tick in which nothing is sent is silence to who records.
        let kept = self
            .recorded
            .is_none_or(|line| (outlets.recorder).push(Source::Line(line), tick.at, heard))
            && self.record(heard, tick, &mut outlets.recorder);
        let mut cost = match &mut self.far_side {
            FarSide::Network(far) => {
                let signals = self.signals.as_ref();
                let played = signals.is_some_and(|signals| signals.plays_outward());
                let sent = Sent {
                    frame: heard,
                    packets: None,
                    talks: talks || played || self.settings.loopback,
                };
                let event = signals.and_then(|signals| signals.event());
                far.send(sent, event, tick, &mut outlets.outbox)
            }
            FarSide::Telephone(far) => {
                far.hear(true);
                Cost::default()
            }
        };
        cost.dropped += u64::from(!kept);
        cost
    }

    /// Adds what is played to the far side, and lowers all else meanwhile if it is to be lowered.
    fn play_outward(&mut self, heard: &mut Frame) {
        let Some(signals) = &self.signals else {
            return;
        };
        let before = self.lowered;
        self.lowered = voice::gain(-i32::from(signals.ducking().0));
        if (before, self.lowered) != (1.0, 1.0) {
            voice::amplify(heard.samples_mut(), before, self.lowered);
        }
        if let Some(outward) = signals.outward() {
            heard.add(outward);
        }
    }

    /// Sends what all others hear.
    pub(crate) fn send(&mut self, sent: Sent<'_>, tick: Tick, outlets: &mut Outlets) -> Cost {
        self.sent = true;
        let silent = Frame::silent(self.frame.rate());
        let kept = self.record(silent, tick, &mut outlets.recorder);
        let mut cost = match &mut self.far_side {
            FarSide::Network(far) => far.send(sent, None, tick, &mut outlets.outbox),
            FarSide::Telephone(_) => Cost::default(),
        };
        cost.dropped += u64::from(!kept);
        cost
    }

    /// Has signals record what it says, and what it has heard. Returns false if that found no room.
    fn record(&mut self, heard: &Frame, tick: Tick, recorder: &mut Recorder) -> bool {
        let Some(signals) = self.signals.as_mut().filter(|signals| signals.records()) else {
            return true;
        };
        let silent = Frame::silent(self.frame.rate());
        let said = if self.says { &self.frame } else { silent };
        signals.record(said, heard, tick, recorder)
    }

    /// A tick passes in which it is sent nothing.
    pub(crate) fn send_nothing(&mut self, tick: Tick, outlets: &mut Outlets) -> Cost {
        self.sent = false;
        let silent = Frame::silent(self.rate());
        let kept = self
            .recorded
            .is_none_or(|line| (outlets.recorder).push(Source::Line(line), tick.at, silent))
            && self.record(silent, tick, &mut outlets.recorder);
        match &mut self.far_side {
            FarSide::Network(far) => far.pause(),
            FarSide::Telephone(far) => far.hear(false),
        }
        Cost {
            dropped: u64::from(!kept),
            ..Cost::default()
        }
    }

    /// Returns the far end, if it is on the network.
    pub(crate) fn network(&mut self) -> Option<&mut Network> {
        match &mut self.far_side {
            FarSide::Network(far) => Some(far),
            FarSide::Telephone(_) => None,
        }
    }

    /// Gaps in what was received that were filled in.
    pub(crate) fn gaps(&self) -> u64 {
        match &self.far_side {
            FarSide::Network(far) => far.gaps(),
            FarSide::Telephone(_) => 0,
        }
    }

    /// Returns the counts since the stream was opened.
    pub(crate) fn statistics(&self) -> StreamStatistics {
        match &self.far_side {
            FarSide::Network(far) => far.statistics(),
            FarSide::Telephone(far) => far.statistics(),
        }
    }

    fn settle(&mut self) {
        let rate = self.rate_wanted();
        if rate != self.rate() {
            self.frame.clear(rate);
            self.end.fill(0);
            self.says = false;
            self.narrow();
        }
        let use_ = self.use_();
        if let FarSide::Network(far) = &mut self.far_side {
            far.modify(&self.settings, rate);
            far.use_for(use_);
        }
    }

    /// Makes what tones are looked for in at 8 kHz.
    fn narrow(&mut self) {
        let rate = self.rate();
        let needed = self.detects() && rate != Rate::Narrow;
        self.narrowing = needed.then(|| Box::new(Narrowing::new(rate)));
    }

    /// The rate of the codec that it is sent, or while that is not known, would be understood of it.
    fn rate_wanted(&self) -> Rate {
        let StreamSettings { receive, send, .. } = &self.settings;
        let format = send.as_ref().map(|send| send.format);
        match &self.far_side {
            FarSide::Network(_) => format
                .or_else(|| receive.first().copied())
                .map_or(Rate::Narrow, |format| format.codec.rate()),
            FarSide::Telephone(_) => Rate::Narrow,
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

/// What was received: what the far side has played, if that still lies there, or the frame.
fn received<'a>(far_side: &'a FarSide, frame: &'a Frame, lent: bool) -> FrameRef<'a> {
    match far_side {
        FarSide::Network(far) if lent => far.frame(),
        FarSide::Network(_) | FarSide::Telephone(_) => frame.into(),
    }
}
