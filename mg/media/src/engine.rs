//! The engine: all streams of one media thread, and the tick that moves them.

use std::{
    collections::{BTreeMap, VecDeque},
    net::SocketAddr,
    sync::Arc,
    time::{Instant, SystemTime},
};

use mg_contract::{
    Command, GroupId, Hears, LineRef, Report, RtpPort, StreamRef, StreamSettings, StreamStatistics,
    Ticket,
};

use crate::{
    Counters, Line, Transmit,
    clock::Clock,
    group::{self, Groups, Mixes, Slot},
    latch::Former,
    leg::{FarSide, Leg, Outlets, Tick},
    line::Telephone,
    network::{Network, RtcpRefused},
    receiver::Refused,
    reporter::Moment,
    rtcp::CNAME_MAX,
    rtp::View,
};

/// What the engine is told once.
#[derive(Clone, Debug)]
pub struct Config {
    /// The canonical name in RTCP (RFC 3550 6.5.1); more than 64 octets are cut off.
    pub cname: String,
    /// Streams that may be open at once; one more is refused and counted.
    pub streams_max: usize,
    /// The announcements that can be played, by number: 8 kHz, linear.
    pub announcements: BTreeMap<u32, Arc<[i16]>>,
    /// The simulated lines, in the order in which [`mg_contract::LineRef`] counts them.
    pub lines: Vec<Line>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            cname: "mg".into(),
            // One for each port pair that there is; the sum of a group holds twice as many.
            streams_max: 32_768,
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
    /// The legs; a slot is used again after its leg was closed.
    legs: Vec<Option<Leg>>,
    free: Vec<Slot>,
    by_stream: BTreeMap<StreamRef, Slot>,
    by_port: BTreeMap<RtpPort, Slot>,
    /// Who had the ports that are not in use now.
    former: BTreeMap<RtpPort, Vec<Former>>,
    /// The lines that streams are open to.
    by_line: BTreeMap<LineRef, Slot>,
    groups: Groups,
    /// The tick that is due next.
    next_tick: u64,
    mixes: Mixes,
    outlets: Outlets,
    /// One for each ticket; the core bounds how many are under way.
    reports: VecDeque<Report>,
    counters: Counters,
}

impl Engine {
    /// Returns an engine without streams. Ticks are counted from `now`; `wall` is one instant and
    /// the wall time of it, for RTCP.
    pub fn new(mut config: Config, seed: u64, wall: (Instant, SystemTime), now: Instant) -> Self {
        while config.cname.len() > CNAME_MAX {
            config.cname.pop();
        }
        Self {
            config,
            clock: Clock::new(wall, now),
            rng: fastrand::Rng::with_seed(seed),
            legs: Vec::new(),
            free: Vec::new(),
            by_stream: BTreeMap::new(),
            by_port: BTreeMap::new(),
            former: BTreeMap::new(),
            by_line: BTreeMap::new(),
            groups: Groups::default(),
            next_tick: 0,
            mixes: Mixes::new(),
            outlets: Outlets::default(),
            reports: VecDeque::new(),
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
            Command::Modify { stream, settings } => {
                if let Some(leg) = self.leg(stream) {
                    leg.modify(settings);
                }
            }
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
            Command::Play { .. } | Command::Stop { .. } | Command::Detect { .. } => {}
        }
    }

    /// Takes a datagram from the RTP socket of a port pair.
    pub fn handle_rtp(&mut self, port: RtpPort, octets: &[u8], from: SocketAddr, now: Instant) {
        let Some(far_end) = far_end_of(port, &self.by_port, &mut self.legs) else {
            self.counters.unknown_port += 1;
            return;
        };
        let Some(packet) = View::new(octets) else {
            self.counters.malformed += 1;
            return;
        };
        if let Err(refused) = far_end.receive(&packet, from, &self.clock, now) {
            *match refused {
                Refused::Malformed => &mut self.counters.malformed,
                Refused::Stranger => &mut self.counters.strangers,
                Refused::UnknownPayloadType => &mut self.counters.unknown_payload_type,
                Refused::Duplicate => &mut self.counters.duplicates,
                Refused::Stray => &mut self.counters.strays,
                Refused::Late => &mut self.counters.late_packets,
            } += 1;
        }
    }

    /// Takes a datagram from the RTCP socket of a port pair.
    pub fn handle_rtcp(&mut self, port: RtpPort, octets: &[u8], from: SocketAddr, now: Instant) {
        let Some(far_end) = far_end_of(port, &self.by_port, &mut self.legs) else {
            self.counters.unknown_port += 1;
            return;
        };
        match far_end.receive_rtcp(octets, from, &self.clock, now) {
            Ok(()) => {}
            Err(RtcpRefused::Malformed) => self.counters.malformed_rtcp += 1,
            Err(RtcpRefused::Stranger) => self.counters.strangers += 1,
        }
    }

    /// Plays the tick that is due. Ticks whose successor is due too are skipped and counted; time
    /// stamps keep with real time.
    pub fn handle_timeout(&mut self, now: Instant) {
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
        self.tick(Tick {
            at,
            time_stamp: self.clock.time_stamp(at),
        });
    }

    /// Returns the next packet to send. To be called until `None` after each `handle_…`.
    pub fn poll_transmit(&mut self) -> Option<Transmit<'_>> {
        self.outlets.outbox.pop()
    }

    /// Returns the next 20 ms that a recorded line was sent, linear, 8 kHz. To be called until `None`
    /// after each [`Self::handle_timeout`].
    pub fn poll_recorded(&mut self) -> Option<(LineRef, &[i16])> {
        self.outlets.recorder.pop()
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
        self.counters
    }

    fn tick(&mut self, tick: Tick) {
        for members in self.groups.members() {
            self.counters.transmits_dropped += group::tick(
                members,
                &mut self.legs,
                &mut self.mixes,
                tick,
                &mut self.outlets,
            );
        }
        let moment = Moment {
            cname: &self.config.cname,
            clock: &self.clock,
            now: tick.at,
        };
        for leg in self.legs.iter_mut().flatten() {
            if let Some(far_end) = leg.network() {
                let sent = far_end.report(moment, &mut self.rng, &mut self.outlets.outbox);
                self.counters.transmits_dropped += u64::from(!sent);
            }
        }
    }

    fn skip_ticks(&mut self, late: u64) {
        self.counters.late_ticks += late;
        for leg in self.legs.iter_mut().flatten() {
            leg.skip_frames(late);
        }
    }

    fn open(
        &mut self,
        (stream, port, group): (StreamRef, RtpPort, GroupId),
        settings: StreamSettings,
        now: Instant,
    ) {
        if !self.has_room_for(stream) || self.by_port.contains_key(&port) {
            self.counters.opens_refused += 1;
            return;
        }
        let former = self.former.remove(&port).unwrap_or_default();
        let far_end = Network::new((port, former), &mut self.rng, now);
        let far_side = FarSide::Network(Box::new(far_end));
        let slot = self.start(stream, Leg::new(far_side, group, settings), now);
        self.by_port.insert(port, slot);
        self.outlets.outbox.reserve(self.by_port.len());
    }

    fn open_line(
        &mut self,
        (stream, line, group): (StreamRef, LineRef, GroupId),
        settings: StreamSettings,
        now: Instant,
    ) {
        let configured = self.config.lines.get(line.0 as usize);
        let free = self.has_room_for(stream) && !self.by_line.contains_key(&line);
        let Some(configured) = configured.filter(|_| free) else {
            self.counters.opens_refused += 1;
            return;
        };
        let far_side = FarSide::Telephone(Telephone::new(line, configured));
        let slot = self.start(stream, Leg::new(far_side, group, settings), now);
        self.by_line.insert(line, slot);
        self.outlets.recorder.reserve(self.by_line.len());
    }

    fn has_room_for(&self, stream: StreamRef) -> bool {
        self.by_stream.len() < self.config.streams_max && !self.by_stream.contains_key(&stream)
    }

    fn start(&mut self, stream: StreamRef, leg: Leg, now: Instant) -> Slot {
        if self.by_stream.is_empty() {
            // Ticks nobody wanted are not late; this one has begun.
            self.next_tick = self.next_tick.max(self.clock.tick(now) + 1);
        }
        let group = leg.group;
        let slot = self.store(leg);
        self.by_stream.insert(stream, slot);
        self.groups.join(group, slot);
        slot
    }

    fn store(&mut self, leg: Leg) -> Slot {
        if let Some(slot) = self.free.pop() {
            self.legs[slot] = Some(leg);
            return slot;
        }
        self.legs.push(Some(leg));
        self.legs.len() - 1
    }

    fn move_to(&mut self, stream: StreamRef, group: GroupId) {
        let Some(&slot) = self.by_stream.get(&stream) else {
            return;
        };
        self.leave(slot);
        if let Some(leg) = &mut self.legs[slot] {
            leg.group = group;
            self.groups.join(group, slot);
        }
    }

    /// Takes a stream out of its group, and what topology said of it.
    fn leave(&mut self, slot: Slot) {
        let Some(leg) = &mut self.legs[slot] else {
            return;
        };
        leg.hearing.clear();
        let group = leg.group;
        self.groups.leave(group, slot);
        for &member in self.groups.of(group) {
            if let Some(leg) = &mut self.legs[member] {
                leg.hearing.forget(slot);
            }
        }
    }

    fn hear(&mut self, listener: StreamRef, source: StreamRef, hears: Hears) {
        let slots = (self.by_stream.get(&listener), self.by_stream.get(&source));
        let (Some(&listener), Some(&source)) = slots else {
            return;
        };
        let group = |slot: Slot| self.legs[slot].as_ref().map(|leg| leg.group);
        if listener == source || group(listener) != group(source) {
            return;
        }
        if let Some(leg) = &mut self.legs[listener] {
            leg.hearing.set(source, hears);
        }
    }

    fn close(&mut self, stream: StreamRef, now: Instant) -> Option<StreamStatistics> {
        let slot = self.by_stream.remove(&stream)?;
        self.leave(slot);
        let mut leg = self.legs[slot].take()?;
        self.free.push(slot);
        let moment = Moment {
            cname: &self.config.cname,
            clock: &self.clock,
            now,
        };
        if let Some(far_end) = leg.network() {
            let sent = far_end.say_goodbye(moment, &mut self.outlets.outbox);
            self.counters.transmits_dropped += u64::from(!sent);
        }
        let statistics = leg.statistics();
        match leg.far_side {
            FarSide::Network(far_end) => {
                self.by_port.remove(&far_end.port);
                self.former.insert(far_end.port, far_end.into_former());
            }
            FarSide::Telephone(telephone) => {
                self.by_line.remove(&telephone.line);
            }
        }
        Some(statistics)
    }

    fn answer(&mut self, ticket: Ticket, statistics: StreamStatistics) {
        self.reports
            .push_back(Report::Statistics { ticket, statistics });
    }

    fn leg(&mut self, stream: StreamRef) -> Option<&mut Leg> {
        self.legs[*self.by_stream.get(&stream)?].as_mut()
    }
}

fn far_end_of<'a>(
    port: RtpPort,
    by_port: &BTreeMap<RtpPort, Slot>,
    legs: &'a mut [Option<Leg>],
) -> Option<&'a mut Network> {
    legs[*by_port.get(&port)?].as_mut()?.network()
}

#[cfg(test)]
mod tests;
