//! The far side of a stream as a network has it: RTP and RTCP on a port pair.

use std::{net::SocketAddr, ops::RangeInclusive, time::Instant};

use mg_contract::{Rate, RtpPort, SendSettings, Srtp, StreamSettings, StreamStatistics};

use crate::{
    clock::Clock,
    codec::Standing,
    detect::Arrivals,
    frame::{Frame, FrameRef},
    hush::{Hush, Turn},
    latch::{Former, Latch},
    leg::{Choice, Tick},
    outbox::{Kind, Outbox, REPORT_MAX, Way},
    outgoing::{Outgoing, Sent},
    playout::Pulled,
    receiver::{Receiver, Refused, Use},
    reporter::{Last, Moment, Reporter},
    room::Cost,
    rtcp::{Item, parse},
    rtp::{HEADER_LENGTH, View},
    sender::Sender,
    shared::Wrapping,
    srtp::{Protection, RTCP_GROWTH, TAG_MAX, Unopened},
    telephone_event::{Arrived, EventPacket},
};

/// Packets of sound in one tick at most.
const PACKETS_PER_TICK: usize = 2;

/// Types of RTCP packets, where they come to the port of RTP (RFC 5761 4).
const RTCP_TYPES: RangeInclusive<u8> = 192..=223;

/// Why an RTCP packet is not believed to its end.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum RtcpRefused {
    /// It comes from an IP address that is not the far end's.
    Stranger,
    /// It is not RTCP, at least not to its end.
    Malformed,
}

/// A far end that RTP comes from and goes to.
#[derive(Debug)]
pub(crate) struct Network {
    /// The port pair.
    pub(crate) port: RtpPort,
    /// What came to the port before was not for this stream.
    opened: Instant,
    send: Option<SendSettings>,
    receiver: Receiver,
    sender: Sender,
    /// `None` until it is known how to send.
    outgoing: Option<Outgoing>,
    /// Where it is sent comfort noise in place of silence.
    hush: Option<Box<Hush>>,
    reporter: Reporter,
    /// Where RTCP came from; used where the far end's is not known by signalling.
    rtcp_source: Option<SocketAddr>,
    /// Whether RTCP goes through the RTP port.
    rtcp_mux: bool,
    /// What protects packets, if anything does.
    protection: Option<Box<Protection>>,
}

impl Network {
    /// Opens a port that others had before; [`Self::modify`] must follow.
    pub(crate) fn new(
        (port, former): (RtpPort, Vec<Former>),
        rng: &mut fastrand::Rng,
        now: Instant,
    ) -> Self {
        Self {
            port,
            opened: now,
            send: None,
            receiver: Receiver::new(Latch::after(former)),
            sender: Sender::new(rng),
            outgoing: None,
            hush: None,
            reporter: Reporter::new(rng, now),
            rtcp_source: None,
            rtcp_mux: false,
            protection: None,
        }
    }

    /// Replaces the settings; SSRC, numbers and time stamps run on.
    pub(crate) fn modify(&mut self, settings: &StreamSettings, rate: Rate) {
        self.receiver.understand(settings, rate);
        let (before, far_end) = (self.far_end(), settings.send.map(|send| send.to));
        if far_end != before {
            self.rtcp_source = None;
        }
        self.receiver.latch.signal(far_end);
        if self.send != settings.send {
            let noise = settings.send.and_then(|send| send.noise);
            self.hush = noise.map(|payload_type| Box::new(Hush::new(payload_type)));
        }
        self.send = settings.send;
        self.rtcp_mux = settings.rtcp_mux;
        self.protect(settings.srtp.as_ref());
        self.wrap();
    }

    fn protect(&mut self, settings: Option<&Srtp>) {
        match (settings, &mut self.protection) {
            (Some(settings), Some(protection)) => protection.modify(settings),
            (Some(settings), None) => {
                self.protection = Some(Box::new(Protection::new(settings)));
            }
            (None, _) => self.protection = None,
        }
    }

    /// Tells whether what came to the RTP port is RTCP: if that may come there, payload types that
    /// RTP does not have then say so (RFC 5761 4).
    pub(crate) fn is_rtcp(&self, octets: &[u8]) -> bool {
        self.rtcp_mux && octets.get(1).is_some_and(|kind| RTCP_TYPES.contains(kind))
    }

    /// Takes the protection off an RTP packet, with `room` for what remains.
    pub(crate) fn open_rtp<'a>(
        &mut self,
        octets: &'a [u8],
        room: &'a mut [u8],
    ) -> Result<&'a [u8], Unopened> {
        match &mut self.protection {
            Some(protection) => protection.open_rtp(octets, room),
            None => Ok(octets),
        }
    }

    /// The same for RTCP.
    pub(crate) fn open_rtcp<'a>(
        &mut self,
        octets: &'a [u8],
        room: &'a mut [u8],
    ) -> Result<&'a [u8], Unopened> {
        match &mut self.protection {
            Some(protection) => protection.open_rtcp(octets, room),
            None => Ok(octets),
        }
    }

    /// Makes what its packets need; what they have already goes on.
    fn wrap(&mut self) {
        let wrapping = self.send.map(|send| Wrapping {
            codec: send.format.codec,
            packet_time: send.packet_time,
        });
        if self.wrapping() == wrapping {
            return;
        }
        self.outgoing = wrapping.map(Outgoing::new);
        if let Some(wrapping) = wrapping {
            self.sender.count_in(wrapping.codec.clock_rate());
        }
    }

    /// Reads a little of what is needed for each packet, so that it is at hand.
    pub(crate) fn glance(&self) -> usize {
        self.receiver.glance() ^ usize::from(self.outgoing.is_some()) ^ usize::from(self.rtcp_mux)
    }

    /// Takes an RTP packet. Returns the telephone event that it holds, if it is one.
    pub(crate) fn receive(
        &mut self,
        packet: &View<'_>,
        from: SocketAddr,
        now: Instant,
    ) -> Result<Option<Arrived>, Refused> {
        if now < self.opened {
            return Err(Refused::Stray);
        }
        self.receiver.receive(packet, from, now)
    }

    /// Takes an RTCP packet.
    pub(crate) fn receive_rtcp(
        &mut self,
        octets: &[u8],
        from: SocketAddr,
        clock: &Clock,
        now: Instant,
    ) -> Result<(), RtcpRefused> {
        if !self.receiver.latch.knows(from) {
            return Err(RtcpRefused::Stranger);
        }
        let whole = parse(octets, |item| self.take_item(item, clock, now));
        if !whole {
            return Err(RtcpRefused::Malformed);
        }
        self.rtcp_source = Some(from);
        Ok(())
    }

    /// Returns what has arrived.
    pub(crate) fn arrivals(&self) -> Arrivals {
        self.receiver.arrivals()
    }

    /// Says what becomes of what is heard.
    pub(crate) fn use_for(&mut self, use_: Use) {
        self.receiver.use_for(use_);
    }

    /// Plays a tick's frame.
    pub(crate) fn play(&mut self, rate: Rate, tick: Tick) -> Pulled {
        self.receiver.play(rate, tick.at)
    }

    /// The frame that was played last, if it was no silence.
    pub(crate) fn frame(&self) -> FrameRef<'_> {
        self.receiver.frame()
    }

    /// Gaps in sound that were filled in.
    pub(crate) fn gaps(&self) -> u64 {
        self.receiver.gaps()
    }

    /// How it is sent what others are sent too.
    pub(crate) fn wrapping(&self) -> Option<Wrapping> {
        self.outgoing.as_ref().map(Outgoing::wrapping)
    }

    /// Octets of what it is sent in one tick at most.
    pub(crate) fn room(&self) -> usize {
        let sound = self.wrapping().map_or(0, |way| {
            PACKETS_PER_TICK * (HEADER_LENGTH + way.payload_max() + TAG_MAX)
        });
        sound + 3 * REPORT_MAX
    }

    /// Decides how it is sent what it hears in a tick; `differs`: it hears what others do not.
    pub(crate) fn choose(&mut self, differs: bool, tick: Tick) -> Choice {
        let Some(outgoing) = &mut self.outgoing else {
            return Choice::Nothing;
        };
        let rests = self.hush.as_ref().is_some_and(|hush| hush.is_silent());
        match outgoing.decide(differs, rests, tick.number) {
            true => Choice::Alone,
            false => Choice::Alike(outgoing.wrapping()),
        }
    }

    /// Remembers what all heard in the tick before.
    pub(crate) fn remember(&mut self, past: &Frame, tick: Tick) {
        if let Some(outgoing) = &mut self.outgoing {
            outgoing.remember(past, tick.number);
        }
    }

    /// Tells where the far end's decoder stands.
    pub(crate) fn standing(&self) -> Standing {
        let outgoing = self.outgoing.as_ref();
        outgoing.map_or_else(Standing::default, Outgoing::standing)
    }

    /// Leaves those with whom it heard that. Returns whether it did not hear it, but something else.
    pub(crate) fn depart(&mut self, heard: &Frame) -> bool {
        self.outgoing
            .as_mut()
            .is_some_and(|outgoing| outgoing.depart(heard))
    }

    /// Sends an event where events are agreed on, else what is heard, or comfort noise in its place where
    /// that is agreed on and nobody talks.
    pub(crate) fn send(
        &mut self,
        sent: Sent<'_>,
        event: Option<EventPacket>,
        tick: Tick,
        outbox: &mut Outbox,
    ) -> Cost {
        let destination = self.send.zip(self.receiver.latch.destination());
        let (Some((send, to)), Some(outgoing)) = (destination, &mut self.outgoing) else {
            self.pause();
            return Cost::default();
        };
        let (port, kind) = (self.port, Kind::Rtp);
        let way = Way { port, kind, to };
        if let Some((event, payload_type)) = event.zip(send.events) {
            return self.send_event(&event, payload_type, way, outbox);
        }
        let mut hush = self.hush.as_deref_mut();
        if let Some(hush) = &mut hush {
            hush.hear(sent.frame, sent.talks);
        }
        let (sender, protection) = (&mut self.sender, &mut self.protection);
        let mut cost = Cost::default();
        let most = HEADER_LENGTH + outgoing.wrapping().payload_max() + TAG_MAX;
        cost.encoded = outgoing.pack(sent, tick.number, |piece, payload| {
            let units = tick.units.after_ms(piece.offset_ms);
            let turn = hush.as_mut().map_or(Turn::Sound, |hush| hush.turn());
            if turn == Turn::Nothing {
                sender.pause();
                return;
            }
            let sent = outbox.push(way, most, |out| {
                let room = out.len() - TAG_MAX;
                let (head, payload_type) = (&mut out[..room], send.format.payload_type);
                let length = match turn {
                    Turn::Noise(noise, level) => sender.write_noise(noise, units, level, head),
                    Turn::Sound | Turn::Nothing => sender.write(payload_type, units, head, payload),
                };
                close_rtp(protection, out, length)
            });
            cost.dropped += u64::from(!sent);
        });
        cost
    }

    fn send_event(
        &mut self,
        event: &EventPacket,
        payload_type: u8,
        way: Way,
        outbox: &mut Outbox,
    ) -> Cost {
        self.interrupt();
        let (sender, protection) = (&mut self.sender, &mut self.protection);
        let sent = outbox.push(way, REPORT_MAX, |out| {
            let length = sender.write_event(event, payload_type, out);
            close_rtp(protection, out, length)
        });
        Cost {
            dropped: u64::from(!sent),
            ..Cost::default()
        }
    }

    /// A tick passes in which nothing is sent.
    pub(crate) fn pause(&mut self) {
        self.sender.pause();
        self.interrupt();
    }

    /// A tick passes without sound.
    fn interrupt(&mut self) {
        if let Some(outgoing) = &mut self.outgoing {
            outgoing.pause();
        }
        if let Some(hush) = &mut self.hush {
            hush.speak();
        }
    }

    /// Sends a report if one is due. Returns false if it found no room.
    pub(crate) fn report(
        &mut self,
        moment: Moment<'_>,
        rng: &mut fastrand::Rng,
        outbox: &mut Outbox,
    ) -> bool {
        !self.reporter.take_due(rng, moment.now) || self.send_report(Last::No, moment, outbox)
    }

    /// Sends a goodbye, unless nothing was sent before (RFC 3550 6.3.7). Returns false if it found
    /// no room.
    pub(crate) fn say_goodbye(&mut self, moment: Moment<'_>, outbox: &mut Outbox) -> bool {
        let unheard = self.sender.sent() == (0, 0) && !self.reporter.has_reported();
        unheard || self.send_report(Last::Bye, moment, outbox)
    }

    /// Closes the port; returns who has had it now.
    pub(crate) fn into_former(self) -> Vec<Former> {
        self.receiver.latch.into_former()
    }

    /// Returns the counts since the port was opened.
    pub(crate) fn statistics(&self) -> StreamStatistics {
        let mut statistics = StreamStatistics::default();
        self.sender.fill_in(&mut statistics);
        self.receiver.fill_in(&mut statistics);
        statistics.delay = self.reporter.delay();
        statistics
    }

    fn take_item(&mut self, item: Item, clock: &Clock, now: Instant) {
        match item {
            Item::SenderReport { ssrc, ntp_middle } => {
                self.receiver.sender_reported(ssrc, ntp_middle, now);
            }
            Item::Block {
                ssrc,
                last_sender_report,
                delay,
            } => {
                if ssrc == self.sender.ssrc() {
                    self.reporter
                        .reported(last_sender_report, delay, clock, now);
                }
            }
            Item::Bye { ssrc } => self.receiver.source_ended(ssrc),
        }
    }

    fn send_report(&mut self, last: Last, moment: Moment<'_>, outbox: &mut Outbox) -> bool {
        let Some(to) = self.rtcp_destination() else {
            return true;
        };
        let block = self.receiver.report_block(moment.now);
        let (reporter, sender) = (&mut self.reporter, &self.sender);
        let (port, protection) = (self.port, &mut self.protection);
        let kind = match self.rtcp_mux {
            true => Kind::Rtp,
            false => Kind::Rtcp,
        };
        outbox.push(Way { port, kind, to }, REPORT_MAX, |out| {
            let most = REPORT_MAX - RTCP_GROWTH;
            let length = reporter.write(sender, block, last, moment, &mut out[..most]);
            match protection {
                Some(protection) => protection.close_rtcp(out, length),
                None => length,
            }
        })
    }

    fn far_end(&self) -> Option<SocketAddr> {
        self.send.map(|send| send.to)
    }

    /// RTCP follows RTP: if that comes from elsewhere than signalled, so will this.
    fn rtcp_destination(&self) -> Option<SocketAddr> {
        let send = self.send?;
        if self.rtcp_mux {
            return self.receiver.latch.destination();
        }
        let elsewhere = self
            .receiver
            .latch
            .destination()
            .filter(|at| *at != send.to);
        let Some(source) = elsewhere else {
            return Some(send.rtcp_to);
        };
        match self.rtcp_source.filter(|at| at.ip() == source.ip()) {
            Some(rtcp_source) => Some(rtcp_source),
            None => Some(SocketAddr::new(source.ip(), source.port().checked_add(1)?)),
        }
    }
}

fn close_rtp(protection: &mut Option<Box<Protection>>, out: &mut [u8], length: usize) -> usize {
    match protection {
        Some(protection) => protection.close_rtp(out, length),
        None => length,
    }
}
