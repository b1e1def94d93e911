//! The engine: all streams of one media thread, and the tick that moves them.

use std::{
    collections::{BTreeMap, VecDeque},
    num::NonZeroUsize,
    time::{Instant, SystemTime},
};

use mg_contract::{
    Command, LineRef, Report, RtpPort, SignalRef, StreamRef, StreamStatistics, Ticket,
};

use crate::{
    Counters, Line, Recorded, Samples, Transmit,
    clock::Clock,
    frame::Frame,
    group::{Groups, Slot},
    latch::Former,
    leg::{Leg, Outlets, Tick},
    legs::{Legs, Ports},
    outbox::Outbox,
    reporter::Moment,
    room::{Cost, Desk},
    rtcp::CNAME_MAX,
};

mod datagrams;
mod detection;
mod parcels;
mod signals;
mod streams;

use datagrams::OPENED_MAX;
pub use parcels::{Parcel, PortParcel};

/// Packets that [`Engine::handle_timeout_and_send`] gives away at a time: what they need is still at hand then.
const AT_HAND: usize = 16;

/// What the engine is told once.
#[derive(Clone, Debug)]
pub struct Config {
    /// The canonical name in RTCP (RFC 3550 6.5.1); more than 64 octets are cut off.
    pub cname: String,
    /// Streams that may be open at once; one more is refused and counted.
    pub streams_max: usize,
    /// Members of a group who are heard at a time at most, the loudest; `None`: all of them.
    pub loudest: Option<NonZeroUsize>,
    /// The announcements that can be played, by number.
    pub announcements: BTreeMap<u32, Samples>,
    /// The simulated lines, in the order in which [`mg_contract::LineRef`] counts them.
    pub lines: Vec<Line>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            cname: "mg".into(),
            // One for each port pair that there is; the sum of a group holds twice as many.
            streams_max: 32_768,
            loudest: None,
            announcements: BTreeMap::new(),
            lines: Vec::new(),
        }
    }
}

/// Why [`Engine::handle_timeout`] is wanted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Why {
    /// The next 20 ms are to be mixed.
    Tick,
}

/// The media engine.
#[derive(Debug)]
pub struct Engine {
    config: Config,
    clock: Clock,
    rng: fastrand::Rng,
    legs: Legs,
    by_stream: BTreeMap<StreamRef, Slot>,
    by_port: Ports,
    /// Who had the ports that are not in use now.
    former: BTreeMap<RtpPort, Vec<Former>>,
    /// The lines that streams are open to.
    by_line: BTreeMap<LineRef, Slot>,
    /// The streams of signals that were neither over nor stopped.
    by_signal: BTreeMap<SignalRef, Slot>,
    /// The streams on which tones are looked for.
    detecting: BTreeMap<StreamRef, Slot>,
    groups: Groups,
    /// The tick that is due next.
    next_tick: u64,
    desk: Desk,
    /// Octets that the legs send in a tick at most.
    room: usize,
    outlets: Outlets,
    /// One for each ticket; the core bounds how many are under way.
    reports: VecDeque<Report>,
    /// What remains of a packet that was protected.
    opened: Box<[u8; OPENED_MAX]>,
    counters: Counters,
}

impl Engine {
    /// Returns an engine without streams. Ticks are counted from `now`; `wall` is one instant and
    /// the wall time of it, for RTCP.
    pub fn new(mut config: Config, seed: u64, wall: (Instant, SystemTime), now: Instant) -> Self {
        while config.cname.len() > CNAME_MAX {
            config.cname.pop();
        }
        Frame::make_silence();
        Self {
            desk: Desk::new(config.loudest),
            config,
            clock: Clock::new(wall, now),
            rng: fastrand::Rng::with_seed(seed),
            legs: Legs::default(),
            by_stream: BTreeMap::new(),
            by_port: Ports::new(),
            former: BTreeMap::new(),
            by_line: BTreeMap::new(),
            by_signal: BTreeMap::new(),
            detecting: BTreeMap::new(),
            groups: Groups::default(),
            next_tick: 0,
            room: 0,
            outlets: Outlets::default(),
            reports: VecDeque::new(),
            opened: Box::new([0; OPENED_MAX]),
            counters: Counters::default(),
        }
    }

    /// Carries out a command of the core.
    pub fn handle_command(&mut self, command: Command, now: Instant) {
        match command {
            Command::Open {
                stream,
                port,
                group,
                settings,
            } => self.open((stream, port, group), settings, now),
            Command::OpenLine {
                stream,
                line,
                group,
                settings,
            } => self.open_line((stream, line, group), settings, now),
            Command::Modify { stream, settings } => self.modify(stream, settings),
            Command::Move { stream, group } => self.move_to(stream, group),
            Command::Close { stream, ticket } => {
                let statistics = self.close(stream, now).unwrap_or_default();
                self.answer(ticket, statistics);
            }
            Command::Audit { stream, ticket } => {
                let statistics = self
                    .leg(stream)
                    .map(|leg| leg.statistics())
                    .unwrap_or_default();
                self.answer(ticket, statistics);
            }
            Command::Hear {
                listener,
                source,
                hears,
            } => self.hear(listener, source, hears),
            Command::Play {
                signal,
                stream,
                sound,
                direction,
            } => self.play(signal, stream, sound, direction),
            Command::Stop { signal } => self.stop(signal),
            Command::Detect { stream, tones } => self.detect(stream, tones),
            Command::Speak { stream, speaks } => {
                if let Some(leg) = self.leg(stream) {
                    leg.speak(speaks);
                }
            }
        }
    }

    /// Plays the tick that is due. Ticks whose successor is due too are skipped and counted; time
    /// stamps keep with real time.
    pub fn handle_timeout(&mut self, now: Instant) {
        self.play_due(now, |_| ());
    }

    /// The same, and has `send` take most packets while it goes on, in their order; the others are left to
    /// [`Self::poll_transmit`].
    pub fn handle_timeout_and_send(&mut self, now: Instant, mut send: impl FnMut(Transmit<'_>)) {
        self.play_due(now, |outbox| {
            while let Some(transmit) = outbox.pop() {
                send(transmit);
            }
        });
    }

    /// Plays the tick that is due; `send` empties the outbox, or leaves it as it is.
    fn play_due(&mut self, now: Instant, send: impl FnMut(&mut Outbox)) {
        let due = self.clock.tick(now);
        if due < self.next_tick || self.by_stream.is_empty() {
            return;
        }
        let late = due - self.next_tick;
        self.next_tick = due + 1;
        if late > 0 {
            self.skip_ticks(late);
        }
        let at = self.clock.at(due);
        let tick = Tick {
            number: due,
            at,
            units: self.clock.units(at),
            time_stamp: self.clock.time_stamp(at),
        };
        self.tick(tick, send);
    }

    /// Returns the next packet to send. To be called until `None` after each `handle_…`.
    pub fn poll_transmit(&mut self) -> Option<Transmit<'_>> {
        self.outlets.outbox.pop()
    }

    /// Returns the next 20 ms that were recorded. To be called until `None` after each
    /// [`Self::handle_timeout`] and [`Self::handle_command`].
    pub fn poll_recorded(&mut self) -> Option<Recorded<'_>> {
        let now = self.clock.at(self.next_tick);
        self.outlets.recorder.pop(now)
    }

    /// Returns the next answer to a command.
    pub fn poll_report(&mut self) -> Option<Report> {
        self.reports.pop_front()
    }

    /// Returns when [`Self::handle_timeout`] is next due; `None` while no stream is open.
    pub fn poll_timeout(&self) -> Option<(Instant, Why)> {
        let any = !self.by_stream.is_empty();
        any.then(|| (self.clock.at(self.next_tick), Why::Tick))
    }

    /// Returns the counters.
    pub fn counters(&self) -> Counters {
        let open: u64 = self.legs.all().map(Leg::gaps).sum();
        Counters {
            gaps_filled: self.counters.gaps_filled + open,
            ..self.counters
        }
    }

    fn tick(&mut self, tick: Tick, mut send: impl FnMut(&mut Outbox)) {
        let moment = Moment {
            cname: &self.config.cname,
            clock: &self.clock,
            now: tick.at,
        };
        for group in self.groups.all() {
            let (legs, outlets) = (&mut self.legs, &mut self.outlets);
            // While what a leg needs is at hand.
            let after = |leg: &mut Leg, outlets: &mut Outlets| {
                if let Some(far_end) = leg.network() {
                    let sent = far_end.report(moment, &mut self.rng, &mut outlets.outbox);
                    self.counters.transmits_dropped += u64::from(!sent);
                }
                if outlets.outbox.waiting() >= AT_HAND {
                    send(&mut outlets.outbox);
                }
            };
            let Cost { encoded, dropped } = self.desk.tick(group, legs, tick, outlets, after);
            self.counters.encoded += encoded;
            self.counters.transmits_dropped += dropped;
        }
        self.counters.ticks += 1;
        self.report_played();
        self.report_found();
    }

    fn skip_ticks(&mut self, late: u64) {
        self.counters.late_ticks += late;
    }

    fn answer(&mut self, ticket: Ticket, statistics: StreamStatistics) {
        self.reports
            .push_back(Report::Statistics { ticket, statistics });
    }

    fn leg(&mut self, stream: StreamRef) -> Option<&mut Leg> {
        self.legs.at_mut(*self.by_stream.get(&stream)?)
    }
}

fn leg_of<'a>(port: RtpPort, by_port: &Ports, legs: &'a mut Legs) -> Option<&'a mut Leg> {
    legs.at_mut(by_port.get(port)?)
}

#[cfg(test)]
mod tests;
