//! One stream: what it receives, what it sends, what it reports.

use std::{net::SocketAddr, time::Instant};

use mg_contract::{GroupId, RtpPort, StreamSettings, StreamStatistics};

use crate::{
    FRAME, Frame,
    clock::Clock,
    jitter::Pulled,
    latch::{Former, Latch},
    outbox::{Kind, Outbox},
    receiver::{Receiver, Refused, Use},
    reporter::{Last, Moment, Reporter},
    rtcp::{Item, parse},
    rtp::View,
    sender::Sender,
};

/// Why an RTCP packet is not believed to its end.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum RtcpRefused {
    /// It comes from an IP address that is not the far end's.
    Stranger,
    /// It is not RTCP, at least not to its end.
    Malformed,
}

/// Where a tick is in time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tick {
    /// When it was due.
    pub(crate) at: Instant,
    /// The same in time stamp units.
    pub(crate) time_stamp: u32,
}

/// A stream that is open.
#[derive(Debug)]
pub(crate) struct Leg {
    /// Its port pair.
    pub(crate) port: RtpPort,
    /// Whom it is mixed with.
    pub(crate) group: GroupId,
    settings: StreamSettings,
    receiver: Receiver,
    sender: Sender,
    reporter: Reporter,
    /// Where RTCP came from; used where the far end's is not known by signalling.
    rtcp_source: Option<SocketAddr>,
    /// What was received for this tick.
    frame: Frame,
    pulled: Pulled,
}

impl Leg {
    /// Opens a stream on a port that others had before.
    pub(crate) fn new(
        (port, former): (RtpPort, Vec<Former>),
        group: GroupId,
        settings: StreamSettings,
        rng: &mut fastrand::Rng,
        now: Instant,
    ) -> Self {
        let mut latch = Latch::after(former);
        latch.signal(settings.send.map(|send| send.to));
        let receiver = Receiver::new(settings.receive.clone(), use_of(&settings), latch);
        Self {
            port,
            group,
            settings,
            receiver,
            sender: Sender::new(rng),
            reporter: Reporter::new(rng, now),
            rtcp_source: None,
            frame: [0; FRAME],
            pulled: Pulled::Silence,
        }
    }

    /// Replaces the settings; SSRC, numbers and time stamps run on.
    pub(crate) fn modify(&mut self, settings: StreamSettings) {
        self.receiver
            .modify(settings.receive.clone(), use_of(&settings));
        let (before, far_end) = (self.far_end(), settings.send.map(|send| send.to));
        if far_end != before {
            self.rtcp_source = None;
        }
        self.receiver.latch.signal(far_end);
        self.settings = settings;
    }

    /// Takes an RTP packet.
    pub(crate) fn receive(
        &mut self,
        packet: &View<'_>,
        from: SocketAddr,
        clock: &Clock,
        now: Instant,
    ) -> Result<(), Refused> {
        self.receiver
            .receive(packet, from, clock.time_stamp(now), now)
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

    /// Takes this tick's frame out of the playout buffer. Returns it if it is to be mixed.
    pub(crate) fn pull(&mut self) -> Option<&Frame> {
        self.pulled = match use_of(&self.settings) {
            Use::Mixed | Use::Returned => self.receiver.pull(&mut self.frame),
            Use::Dropped => Pulled::Silence,
        };
        self.mixed()
    }

    /// Returns this tick's own frame if it is part of the group's sum.
    pub(crate) fn mixed(&self) -> Option<&Frame> {
        match self.pulled {
            Pulled::Sound if self.settings.contributes => Some(&self.frame),
            Pulled::Sound | Pulled::Silence => None,
        }
    }

    /// Gives up frames whose ticks were skipped.
    pub(crate) fn skip_frames(&mut self, frames: u64) {
        self.receiver.skip_frames(frames);
    }

    /// Sends what the group says, or what the far end said if it is looped back. Returns false if
    /// the packet found no room.
    pub(crate) fn send(&mut self, heard: &Frame, tick: Tick, outbox: &mut Outbox) -> bool {
        let wanted = self.settings.listens || self.settings.loopback;
        let route = self
            .settings
            .send
            .filter(|_| wanted)
            .zip(self.receiver.latch.destination());
        let Some((send, to)) = route else {
            self.sender.pause();
            return true;
        };
        let frame = match (self.settings.loopback, self.pulled) {
            (false, _) => heard,
            (true, Pulled::Sound) => &self.frame,
            (true, Pulled::Silence) => &[0; FRAME],
        };
        let sender = &mut self.sender;
        outbox.push(self.port, Kind::Rtp, to, |out| {
            sender.write(frame, send.format, tick.time_stamp, out)
        })
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

    /// Ends the stream; returns who has had its port now.
    pub(crate) fn into_former(self) -> Vec<Former> {
        self.receiver.latch.into_former()
    }

    /// Returns the counts since the stream was opened.
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
        outbox.push(self.port, Kind::Rtcp, to, |out| {
            reporter.write(sender, block, last, moment, out)
        })
    }

    fn far_end(&self) -> Option<SocketAddr> {
        self.settings.send.map(|send| send.to)
    }

    /// RTCP follows RTP: if that comes from elsewhere than signalled, so will this.
    fn rtcp_destination(&self) -> Option<SocketAddr> {
        let send = self.settings.send?;
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

fn use_of(settings: &StreamSettings) -> Use {
    match (settings.loopback, settings.contributes) {
        (true, _) => Use::Returned,
        (false, true) => Use::Mixed,
        (false, false) => Use::Dropped,
    }
}
