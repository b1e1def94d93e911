//! The sockets of RTP port pairs.

mod pair;
mod pairs;
mod reading;

use std::{
    hint::black_box,
    io,
    net::{IpAddr, SocketAddr},
    os::fd::OwnedFd,
    time::Instant,
};

use mg_contract::RtpPort;
use mg_media::Kind;
use mio::net::UdpSocket;
use rustix::{
    buffer::spare_capacity,
    event::{
        Timespec,
        epoll::{self, CreateFlags, Event, EventData, EventFlags},
    },
    process::{Resource, getrlimit},
};
use transport_h248::Anchor;
use transport_h248_tokio::clock;

pub(crate) use self::{
    pair::Pair,
    reading::{Datagram, Reading, Turn},
};
use self::{
    pair::{Ear, Place, Use},
    pairs::Pairs,
    reading::Room,
};

/// Nothing is waited for.
const NO_TIME: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 0,
};

/// Datagrams that make an RTP socket a busy one.
const BUSY_AFTER: u8 = 16;
/// Datagrams of a tick that come one after the other. Where there are more, all that have come are read.
const FEW: u16 = 2;
/// Looks into a busy socket that find nothing and make it a quiet one again: a second's.
const QUIET_AFTER: u8 = 50;
/// Sockets that are connected between two times of reading at most: each takes longer than a packet.
const CONNECTED_MAX: u8 = 16;

/// Busy sockets that are told of before the first of them is read.
const AT_HAND: usize = 16;

/// What a look into a busy socket has found.
#[derive(Clone, Copy, Debug)]
enum Found {
    /// A datagram that another may follow.
    MoreMaybe,
    /// All that is expected.
    All,
    /// Nothing, as for some time.
    NothingForLong,
}

/// All sockets of a media thread, by port.
///
/// Readiness of a quiet one is told as long as it lasts, so that one of which a datagram was read needs
/// no second read only to learn that it is empty. A busy one is looked into with each tick and asks for
/// nothing else: to be told of it would cost half as much again as the read.
#[derive(Debug)]
pub(crate) struct Sockets {
    pairs: Pairs,
    /// The RTP sockets that are busy.
    busy: Vec<Place>,
    epoll: OwnedFd,
    bound: usize,
    /// Descriptors from which on none is taken for a socket that could be done without.
    enough: u64,
    /// Sockets that may be connected until it is read again.
    connects: u8,
}

impl Sockets {
    /// Starts without sockets.
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self {
            pairs: Pairs::new(),
            busy: Vec::new(),
            epoll: epoll::create(CreateFlags::CLOEXEC)?,
            bound: 0,
            enough: getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX) / 2,
            connects: CONNECTED_MAX,
        })
    }

    /// Takes a pair to read from.
    pub(crate) fn put(&mut self, pair: Pair) -> io::Result<()> {
        let places = pair.places();
        self.pairs.insert(pair);
        for place in places {
            self.be_told_of(place)?;
            self.bound += 1;
        }
        Ok(())
    }

    /// Gives a pair away, with what has arrived and was not read.
    pub(crate) fn take(&mut self, port: RtpPort) -> io::Result<Option<Pair>> {
        let Some(mut pair) = self.pairs.remove(port) else {
            return Ok(None);
        };
        for place in pair.places() {
            self.bound -= 1;
            let rtp = pair.rtp(place.ear);
            if let Some(Use::Busy { .. }) = rtp.map(|rtp| rtp.use_) {
                self.busy.retain(|&busy| busy != place);
            } else if let Some(socket) = pair.socket(place.ear) {
                epoll::delete(&self.epoll, socket)?;
            }
        }
        Ok(Some(pair))
    }

    /// Reads what has arrived, one datagram of each socket after another, until there is none or the end
    /// of the time for it.
    pub(crate) fn receive(
        &mut self,
        reading: &mut Reading,
        end: Instant,
        mut take: impl FnMut(Turn<'_>),
    ) -> io::Result<()> {
        self.connects = CONNECTED_MAX;
        reading.busy.clear();
        reading.busy.extend_from_slice(&self.busy);
        let before = std::mem::replace(&mut reading.last, clock::now());
        for round in 0..u16::MAX {
            self.look_into_busy(reading, (round, before), &mut take);
            let any = self.read_quiet(reading, &mut take)?;
            if !any && reading.busy.is_empty() || clock::now() > end {
                break;
            }
        }
        while let Some(place) = reading.quiet.pop() {
            self.calm(place)?;
        }
        Ok(())
    }

    /// Reads a datagram from each busy socket that may hold one. `round`: how often it was done for
    /// this tick; `before`: what has arrived until then was there the last time.
    fn look_into_busy(
        &mut self,
        reading: &mut Reading,
        (round, before): (u16, Instant),
        take: &mut impl FnMut(Turn<'_>),
    ) {
        if reading.busy.is_empty() {
            return;
        }
        let read = clock::anchor();
        std::mem::swap(&mut reading.busy, &mut reading.looked);
        reading.busy.clear();
        for places in reading.looked.chunks(AT_HAND) {
            for place in places {
                let pair = self.pairs.get(place.port);
                black_box(pair.map(|pair| pair.glance()));
                take(Turn::Soon(place.port));
            }
            for &place in places {
                let room = &mut reading.room;
                match self.look_into(place, room, (round, before, read), take) {
                    Found::MoreMaybe => reading.busy.push(place),
                    Found::All => {}
                    Found::NothingForLong => reading.quiet.push(place),
                }
            }
        }
    }

    /// Reads a datagram from a busy socket.
    fn look_into(
        &mut self,
        place: Place,
        room: &mut Room,
        (round, before, read): (u16, Instant, Anchor),
        take: &mut impl FnMut(Turn<'_>),
    ) -> Found {
        let pair = self.pairs.get_mut(place.port);
        let Some(rtp) = pair.and_then(|pair| pair.rtp(place.ear)) else {
            return Found::All;
        };
        let Use::Busy { usual, idle } = &mut rtp.use_ else {
            return Found::All;
        };
        let Some(datagram) = room.read(&rtp.socket, place, read) else {
            *usual = round.max(1);
            *idle += u8::from(round == 0);
            return match *idle {
                QUIET_AFTER => Found::NothingForLong,
                _ => Found::All,
            };
        };
        let arrived = datagram.at;
        take(Turn::Came(datagram));
        *idle = 0;
        // If it was there already when the one before it was read, there may be more of them, and
        // also where its time is that of the read: a kernel that has only begun to note when
        // packets come tells that of those before.
        let waited = arrived < before || arrived >= read.instant;
        *usual = (*usual).max(round.saturating_add(1 + u16::from(waited)));
        match round.saturating_add(1) < *usual || *usual > FEW {
            true => Found::MoreMaybe,
            false => Found::All,
        }
    }

    /// Reads a datagram from each quiet socket that holds one; returns whether there was any.
    fn read_quiet(
        &mut self,
        reading: &mut Reading,
        take: &mut impl FnMut(Turn<'_>),
    ) -> io::Result<bool> {
        self.find_ready(&mut reading.ready)?;
        let Reading { ready, room, .. } = reading;
        let read = clock::anchor();
        for event in &*ready {
            let place = Place::of(event.data.u64());
            let socket = self.socket(place);
            // Where there is none after all, what a far end's host has answered was told, which
            // leaves the socket as it is.
            if let Some(datagram) = socket.and_then(|socket| room.read(socket, place, read)) {
                take(Turn::Came(datagram));
                self.count(place)?;
            }
        }
        Ok(!ready.is_empty())
    }

    /// Counts a datagram of a quiet socket, which may be a busy one now.
    fn count(&mut self, place: Place) -> io::Result<()> {
        let pair = self.pairs.get_mut(place.port);
        let Some(rtp) = pair.and_then(|pair| pair.rtp(place.ear)) else {
            return Ok(());
        };
        let Use::Quiet { read } = &mut rtp.use_ else {
            return Ok(());
        };
        *read += 1;
        if *read == BUSY_AFTER {
            rtp.use_ = Use::Busy { usual: 1, idle: 0 };
            epoll::delete(&self.epoll, &rtp.socket)?;
            self.busy.push(place);
        }
        Ok(())
    }

    /// A busy socket is a quiet one again.
    fn calm(&mut self, place: Place) -> io::Result<()> {
        self.busy.retain(|&busy| busy != place);
        self.be_told_of(place)
    }

    /// Has `epoll` tell of a socket, as long as it is quiet.
    fn be_told_of(&mut self, place: Place) -> io::Result<()> {
        let Some(pair) = self.pairs.get_mut(place.port) else {
            return Ok(());
        };
        if let Some(rtp) = pair.rtp(place.ear) {
            rtp.use_ = Use::UNKNOWN;
        }
        let data = EventData::new_u64(place.data());
        pair.socket(place.ear).map_or(Ok(()), |socket| {
            Ok(epoll::add(&self.epoll, socket, data, EventFlags::IN)?)
        })
    }

    fn socket(&self, place: Place) -> Option<&UdpSocket> {
        self.pairs.get(place.port)?.socket(place.ear)
    }

    fn find_ready(&self, ready: &mut Vec<Event>) -> io::Result<()> {
        ready.clear();
        if self.bound == 0 {
            return Ok(());
        }
        ready.reserve(self.bound);
        match epoll::wait(&self.epoll, spare_capacity(ready), Some(&NO_TIME)) {
            Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Sends a datagram from one port of a pair.
    pub(crate) fn send(
        &mut self,
        port: RtpPort,
        kind: Kind,
        to: SocketAddr,
        octets: &[u8],
    ) -> io::Result<()> {
        let pair = self.pairs.get_mut(port);
        let pair = pair.ok_or(io::ErrorKind::NotConnected)?;
        let media = kind == Kind::Rtp;
        if media && pair.send_connected(to, octets) {
            return Ok(());
        }
        let settled = media && self.connects > 0 && pair.settles(to);
        let sent = pair.send(kind, to, octets);
        if settled {
            self.connect(port, to);
        }
        sent
    }

    /// Connects a pair to a far end, if that can be done.
    fn connect(&mut self, port: RtpPort, to: SocketAddr) {
        self.connects -= 1;
        let Some(pair) = self.pairs.get_mut(port) else {
            return;
        };
        if !pair.connect(to, self.enough) {
            return;
        }
        let (port, ear) = (pair.port, Ear::Connected);
        match self.be_told_of(Place { port, ear }) {
            Ok(()) => self.bound += 1,
            Err(_) => self.disconnect(port),
        }
    }

    fn disconnect(&mut self, port: RtpPort) {
        if let Some(pair) = self.pairs.get_mut(port) {
            pair.disconnect();
        }
    }
}

/// Finds out whether media can be received at an address: it must be one of this machine.
pub(crate) fn try_address(address: IpAddr) -> io::Result<()> {
    UdpSocket::bind(SocketAddr::new(address, 0)).map(drop)
}

#[cfg(test)]
mod tests;
