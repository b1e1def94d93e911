//! The receive side of a stream.

use std::{net::SocketAddr, time::Instant};

use mg_contract::{AudioCodec, EventFormat, Rate, StreamSettings, StreamStatistics};
use smallvec::SmallVec;

use crate::{
    detect::Arrivals,
    frame::FrameRef,
    latch::Latch,
    playout::{Filed, Order, Playout, Pulled},
    rtcp::ReportBlock,
    rtp::{Statistics, Step, View},
    telephone_event::{Arrived, Payload},
};

/// Time stamp units of a second of comfort noise.
const NOISE_CLOCK: u32 = Rate::Narrow.hz();

/// Why a packet is not played.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Refused {
    /// The payload is none of its codec, or longer than any that is understood.
    Malformed,
    /// It comes from a source that is not the stream's.
    Stranger,
    /// Its payload type is not one of the stream's.
    UnknownPayloadType,
    /// It was here before.
    Duplicate,
    /// Its number fits nothing, or it came before the stream was opened.
    Stray,
    /// Its time had passed.
    Late,
}

/// What becomes of the sound that arrives.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Use {
    /// It is played to the group.
    Mixed,
    /// It is played to the far end that it comes from.
    Returned,
    /// It is listened to, but goes nowhere by itself.
    Heard,
    /// It is counted and dropped.
    Dropped,
}

/// Receives one stream from one source at a time.
#[derive(Debug)]
pub(crate) struct Receiver {
    /// The telephone events that are understood: one format in nearly all streams.
    events: SmallVec<[EventFormat; 1]>,
    /// The payload type of comfort noise.
    noise: Option<u8>,
    use_: Use,
    /// Who may send.
    pub(crate) latch: Latch,
    source: Option<Statistics>,
    /// The codec of the newest packet of sound.
    heard: Option<AudioCodec>,
    playout: Playout,
    packets: u64,
    octets: u64,
    /// Packets lost from sources before this one.
    lost_before: u64,
    /// Middle 32 bits of the NTP time of the source's last sender report, and its arrival.
    last_sender_report: Option<(u32, Instant)>,
}

impl Receiver {
    /// Returns a receiver that has heard nobody, and understands nothing.
    pub(crate) fn new(latch: Latch) -> Self {
        Self {
            events: SmallVec::new(),
            noise: None,
            use_: Use::Dropped,
            latch,
            source: None,
            heard: None,
            playout: Playout::new(),
            packets: 0,
            octets: 0,
            lost_before: 0,
            last_sender_report: None,
        }
    }

    /// Replaces what is understood; sound is handed out at this rate.
    pub(crate) fn understand(&mut self, settings: &StreamSettings, rate: Rate) {
        self.playout.understand(&settings.receive, rate);
        self.events = SmallVec::from_slice(&settings.receive_events);
        self.noise = settings.receive_noise;
    }

    /// Says what becomes of what is heard. What was heard for one use is not played for another: it
    /// may be long ago, and was not said to those who would hear it.
    pub(crate) fn use_for(&mut self, use_: Use) {
        if self.use_ != use_ {
            self.playout.forget();
        }
        self.use_ = use_;
    }

    /// Reads a little of what is needed for each packet, so that it is at hand.
    pub(crate) fn glance(&self) -> usize {
        let known = usize::from(self.latch.source().is_some()) ^ usize::from(self.source.is_some());
        known ^ self.events.len() ^ self.playout.glance()
    }

    /// Takes a packet that arrived `now`. Returns the telephone event that it holds, if it is one.
    pub(crate) fn receive(
        &mut self,
        packet: &View<'_>,
        from: SocketAddr,
        now: Instant,
    ) -> Result<Option<Arrived>, Refused> {
        if !self.latch.admits(from, now) {
            return Err(Refused::Stranger);
        }
        let mut events = self.events.iter();
        if let Some(format) = events.find(|one| one.payload_type == packet.payload_type) {
            let clock_rate = format.clock_rate;
            let payload = self.receive_event(packet, from, now)?;
            return Ok(Some(Arrived {
                ssrc: packet.ssrc,
                time_stamp: packet.time_stamp,
                clock_rate,
                payload,
            }));
        }
        let Some(codec) = self.playout.codec(packet.payload_type) else {
            return self.receive_noise(packet, from, now).map(|()| None);
        };
        let Some(content) = self.playout.content(packet) else {
            return Err(Refused::Malformed);
        };
        self.latch.hold(from, now);
        let order = self.count(packet, codec.clock_rate(), now)?;
        if order == Order::Advances {
            self.heard = Some(codec);
        }
        match self.use_ {
            Use::Dropped => Ok(None),
            Use::Mixed | Use::Returned | Use::Heard => {
                match self.playout.insert(packet, content, order, now) {
                    Filed::Kept => Ok(None),
                    Filed::Late => Err(Refused::Late),
                }
            }
        }
    }

    /// Comfort noise is counted as all packets are; its level is what is played until sound comes.
    fn receive_noise(
        &mut self,
        packet: &View<'_>,
        from: SocketAddr,
        now: Instant,
    ) -> Result<(), Refused> {
        if self.noise != Some(packet.payload_type) {
            self.pass_over(packet, from);
            return Err(Refused::UnknownPayloadType);
        }
        if packet.payload.is_empty() {
            return Err(Refused::Malformed);
        }
        self.latch.hold(from, now);
        let order = self.count(packet, NOISE_CLOCK, now)?;
        if self.use_ == Use::Dropped {
            return Ok(());
        }
        match self.playout.insert_noise(packet, order) {
            Filed::Kept => Ok(()),
            Filed::Late => Err(Refused::Late),
        }
    }

    /// Plays the frame of the tick that is due at `at`. It is silent if it has another rate than was
    /// said.
    pub(crate) fn play(&mut self, rate: Rate, at: Instant) -> Pulled {
        self.playout.play(rate, at)
    }

    /// The frame that was played last, if it was no silence.
    pub(crate) fn frame(&self) -> FrameRef<'_> {
        self.playout.frame()
    }

    /// Gaps in sound that were filled in.
    pub(crate) fn gaps(&self) -> u64 {
        self.playout.gaps()
    }

    /// Takes note of a sender report of the source.
    pub(crate) fn sender_reported(&mut self, ssrc: u32, ntp_middle: u32, now: Instant) {
        if self.hears(ssrc) {
            self.last_sender_report = Some((ntp_middle, now));
        }
    }

    /// Lets the source go that has said goodbye.
    pub(crate) fn source_ended(&mut self, ssrc: u32) {
        if self.hears(ssrc) {
            self.latch.release();
        }
    }

    /// Returns what a report says about the source; `None` if nothing came from it since the
    /// report before (RFC 3550 6.4).
    pub(crate) fn report_block(&mut self, now: Instant) -> Option<ReportBlock> {
        let source = self.source.as_mut()?;
        if !source.sequence.heard_since_report() {
            return None;
        }
        let (last_sender_report, delay) = match self.last_sender_report {
            Some((middle, at)) => (middle, in_65536ths(at, now)),
            None => (0, 0),
        };
        Some(ReportBlock {
            ssrc: source.ssrc,
            fraction_lost: source.sequence.take_fraction_lost(),
            lost: source.sequence.lost(),
            highest: source.sequence.highest(),
            jitter: source.jitter(),
            last_sender_report,
            delay,
        })
    }

    /// Returns what has arrived.
    pub(crate) fn arrivals(&self) -> Arrivals {
        Arrivals {
            codec: self.heard,
            received: self.packets,
            lost: self.lost_before + self.lost(),
        }
    }

    /// Fills in the receive side's part of the statistics.
    pub(crate) fn fill_in(&self, statistics: &mut StreamStatistics) {
        statistics.packets_received = self.packets;
        statistics.octets_received = self.octets;
        statistics.packets_lost = self.lost_before + self.lost();
        statistics.jitter = self.source.map_or(0, |source| source.jitter());
    }

    /// A packet of the source that is not understood is no loss either.
    fn pass_over(&mut self, packet: &View<'_>, from: SocketAddr) {
        if let Some(source) = &mut self.source
            && source.ssrc == packet.ssrc
            && self.latch.source() == Some(from)
        {
            source.sequence.step(packet.sequence);
        }
    }

    /// Events are packets of the stream as others are, but their time stamps, which stand still, say
    /// nothing of jitter.
    fn receive_event(
        &mut self,
        packet: &View<'_>,
        from: SocketAddr,
        now: Instant,
    ) -> Result<Payload, Refused> {
        let Some(payload) = Payload::read(packet.payload) else {
            self.pass_over(packet, from);
            return Err(Refused::UnknownPayloadType);
        };
        self.latch.hold(from, now);
        let known = self.source.as_mut();
        let step = known
            .filter(|source| source.ssrc == packet.ssrc)
            .map(|source| source.sequence.step(packet.sequence));
        self.take_step(step, packet, None, now)?;
        Ok(payload)
    }

    fn count(
        &mut self,
        packet: &View<'_>,
        clock_rate: u32,
        now: Instant,
    ) -> Result<Order, Refused> {
        let known = self.source.as_mut();
        let step = known
            .filter(|source| source.ssrc == packet.ssrc)
            .map(|source| source.step(packet.sequence, (packet.time_stamp, clock_rate), now));
        self.take_step(step, packet, Some(clock_rate), now)
    }

    /// Counts a packet by what its number says (`None`: it is the first of its source) and, where it
    /// is sound, its time stamp.
    fn take_step(
        &mut self,
        step: Option<Step>,
        packet: &View<'_>,
        clock_rate: Option<u32>,
        now: Instant,
    ) -> Result<Order, Refused> {
        let order = match step {
            Some(Step::Advances) => Order::Advances,
            Some(Step::Overtaken) => Order::Overtaken,
            Some(Step::Duplicate) => return Err(Refused::Duplicate),
            Some(Step::Stray) => return Err(Refused::Stray),
            Some(Step::Restarted) | None => {
                self.start(packet, clock_rate, now);
                Order::Advances
            }
        };
        self.packets += 1;
        self.octets += packet.payload.len() as u64;
        Ok(order)
    }

    fn start(&mut self, packet: &View<'_>, clock_rate: Option<u32>, now: Instant) {
        self.lost_before += self.lost();
        self.last_sender_report = None;
        self.playout.begin_source();
        let mut source = Statistics::new(packet.ssrc, packet.sequence);
        if let Some(clock_rate) = clock_rate {
            source.measure((packet.time_stamp, clock_rate), now);
        }
        self.source = Some(source);
    }

    fn lost(&self) -> u64 {
        self.source.map_or(0, |source| source.sequence.lost())
    }

    fn hears(&self, ssrc: u32) -> bool {
        self.source.is_some_and(|source| source.ssrc == ssrc)
    }
}

fn in_65536ths(from: Instant, now: Instant) -> u32 {
    (now.saturating_duration_since(from).as_micros() * 65_536 / 1_000_000) as u32
}
