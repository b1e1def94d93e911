//! Streams that are carried from one engine to another, each of which has a thread of its own.
//!
//! Engines that were begun at one instant count ticks and time stamps alike, so that a stream whose
//! ticks are played now here and now there runs on.

use mg_contract::{GroupId, RtpPort, StreamRef};

use super::Engine;
use crate::{
    latch::Former,
    leg::{FarSide, Leg},
};

/// A stream on its way to another engine: all of it but what topology said.
#[derive(Debug)]
pub struct Parcel {
    stream: StreamRef,
    leg: Box<Leg>,
    /// The tick that it is played in next.
    next_tick: u64,
}

impl Parcel {
    /// Returns the stream.
    pub fn stream(&self) -> StreamRef {
        self.stream
    }

    /// Returns the port pair that goes with it.
    pub fn port(&self) -> Option<RtpPort> {
        match &self.leg.far_side {
            FarSide::Network(far) => Some(far.port),
            FarSide::Telephone(_) => None,
        }
    }
}

/// Who had a port pair that is not in use, for the engine that is to use it.
#[derive(Debug)]
pub struct PortParcel {
    port: RtpPort,
    former: Vec<Former>,
}

impl Engine {
    /// Takes a stream out, for a group of another engine that was begun at the same instant. `None`:
    /// there is no such stream.
    pub fn release(&mut self, stream: StreamRef, group: GroupId) -> Option<Parcel> {
        let slot = self.by_stream.remove(&stream)?;
        self.detecting.remove(&stream);
        self.leave(slot);
        let mut leg = self.legs.take(slot)?;
        for _ in leg.recording() {
            self.outlets.recorder.leave();
        }
        for signal in leg.playing() {
            self.by_signal.remove(&signal);
        }
        if let Some(line) = leg.line {
            self.by_line.remove(&line);
        }
        if let Some(far_end) = leg.network() {
            self.by_port.free(far_end.port);
        }
        leg.group = group;
        Some(Parcel {
            stream,
            leg: Box::new(leg),
            next_tick: self.next_tick,
        })
    }

    /// Takes a stream over. Ticks that were played here meanwhile are skipped in it, and counted.
    ///
    /// # Errors
    ///
    /// It was played in a tick that is still to be played here: the parcel comes back, to be given
    /// again after [`Self::handle_timeout`].
    pub fn adopt(&mut self, parcel: Parcel) -> Result<(), Parcel> {
        if self.by_stream.is_empty() {
            self.next_tick = self.next_tick.max(parcel.next_tick);
        }
        if parcel.next_tick > self.next_tick {
            return Err(parcel);
        }
        let missed = self.next_tick - parcel.next_tick;
        let leg = *parcel.leg;
        self.counters.ticks_missed_moving += missed;
        self.index(parcel.stream, leg);
        Ok(())
    }

    fn index(&mut self, stream: StreamRef, leg: Leg) {
        let playing: Vec<_> = leg.playing().collect();
        for _ in leg.recording() {
            self.outlets.recorder.begin();
        }
        let (line, detects) = (leg.line, leg.detects());
        let port = match &leg.far_side {
            FarSide::Network(far) => Some(far.port),
            FarSide::Telephone(_) => None,
        };
        let slot = self.place(stream, leg);
        self.by_signal
            .extend(playing.into_iter().map(|signal| (signal, slot)));
        if detects {
            self.detecting.insert(stream, slot);
        }
        self.reserve_reports();
        if let Some(line) = line {
            self.by_line.insert(line, slot);
            self.outlets.recorder.reserve(self.by_line.len());
        }
        if let Some(port) = port {
            self.by_port.give(port, slot);
        }
    }

    /// Takes out what is known of a port pair that no stream has.
    pub fn release_port(&mut self, port: RtpPort) -> PortParcel {
        let former = self.former.remove(&port).unwrap_or_default();
        PortParcel { port, former }
    }

    /// Takes over what is known of a port pair.
    pub fn adopt_port(&mut self, parcel: PortParcel) {
        self.former.insert(parcel.port, parcel.former);
    }
}
