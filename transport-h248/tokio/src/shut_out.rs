//! Sources whose datagrams the kernel does not take for a while.
//!
//! A flood of large datagrams fills the socket's queue in the time in which one of them is read and
//! carried out, and what others send is lost. So the kernel drops what comes from who floods: that
//! costs nothing here, and leaves the queue to the others.

use std::{
    net::{IpAddr, SocketAddr},
    time::{Duration, Instant},
};

use socket2::{SockFilter, SockRef};
use tokio::net::UdpSocket;

/// How long a source is shut out; it may go on flooding and be shut out again.
const TIME: Duration = Duration::from_millis(250);
/// Sources that are shut out at a time; the one for longest gets in again for one more. 256: the
/// kernel takes 4,096 instructions, and an IPv6 source is 11.
const SOURCES: usize = 256;

/// The sources that are shut out of one socket, the first for longest.
#[derive(Debug, Default)]
pub(crate) struct ShutOut {
    sources: Vec<(SocketAddr, Instant)>,
}

impl ShutOut {
    /// Shuts one more out.
    pub(crate) fn add(&mut self, socket: &UdpSocket, source: SocketAddr, now: Instant) {
        self.sources.retain(|(one, _)| *one != source);
        if self.sources.len() == SOURCES {
            self.sources.remove(0);
        }
        self.sources.push((source, now + TIME));
        self.apply(socket);
    }

    /// Lets those in whose time is over.
    pub(crate) fn lift(&mut self, socket: &UdpSocket, now: Instant) {
        if self.lifted_at().is_some_and(|at| at <= now) {
            self.sources.retain(|(_, until)| *until > now);
            self.apply(socket);
        }
    }

    /// Returns when the first is let in again.
    pub(crate) fn lifted_at(&self) -> Option<Instant> {
        self.sources.first().map(|(_, until)| *until)
    }

    fn apply(&self, socket: &UdpSocket) {
        let socket = SockRef::from(socket);
        let result = if self.sources.is_empty() {
            socket.detach_filter()
        } else {
            socket.attach_filter(&program(&self.sources))
        };
        if let Err(error) = result {
            tracing::debug!(%error, "nobody can be shut out");
        }
    }
}

// Classic BPF, as `linux/filter.h` and `linux/bpf_common.h` have it.
const LOAD_WORD: u16 = 0x20;
const LOAD_HALF: u16 = 0x28;
const JUMP_IF_EQUAL: u16 = 0x15;
const RETURN: u16 = 0x06;
/// Added to a place in the network header; without it a place is one in the UDP header.
const NETWORK: u32 = 0xFFF0_0000;
const IPV4_SOURCE: u32 = 12;
const IPV6_SOURCE: u32 = 8;
const UDP_SOURCE: u32 = 0;

/// Drops datagrams of these sources.
fn program(sources: &[(SocketAddr, Instant)]) -> Vec<SockFilter> {
    let each = sources.iter().flat_map(|(source, _)| drop_of(*source));
    let take = SockFilter::new(RETURN, 0, 0, u32::MAX);
    each.chain([take]).collect()
}

/// Drops a datagram of this source; else goes on behind.
fn drop_of(source: SocketAddr) -> Vec<SockFilter> {
    let words: Vec<(u32, u32)> = match source.ip().to_canonical() {
        IpAddr::V4(ip) => vec![(IPV4_SOURCE, ip.to_bits())],
        IpAddr::V6(ip) => (0..4)
            .map(|word: u8| {
                let shift = 96 - 32 * u32::from(word);
                let bits = (ip.to_bits() >> shift) & u128::from(u32::MAX);
                // It has been cut to 32 bits.
                (IPV6_SOURCE + 4 * u32::from(word), bits as u32)
            })
            .collect(),
    };
    let port = (LOAD_HALF, UDP_SOURCE, u32::from(source.port()));
    let words = words.into_iter();
    let words = words.map(|(at, value)| (LOAD_WORD, NETWORK + at, value));
    let tests: Vec<_> = words.chain([port]).collect();
    let mut program = Vec::new();
    let mut left = tests.len();
    for (load, at, value) in tests {
        left -= 1;
        // Behind this come two instructions for each further test, and the return.
        let behind = u8::try_from(2 * left + 1).expect("there are five tests at most");
        program.push(SockFilter::new(load, 0, 0, at));
        program.push(SockFilter::new(JUMP_IF_EQUAL, 0, behind, value));
    }
    program.push(SockFilter::new(RETURN, 0, 0, 0));
    program
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods, reason = "a test begins at some time")]

    use super::*;
    use crate::udp;

    async fn arrives(from: &UdpSocket, to: &UdpSocket) -> bool {
        let address = to.local_addr().unwrap();
        from.send_to(b"x", address).await.unwrap();
        let mut buffer = [0; 4];
        let received = tokio::time::timeout(TIME / 4, to.recv_from(&mut buffer));
        received.await.is_ok()
    }

    #[tokio::test]
    async fn who_is_shut_out_is_not_heard_and_others_are() {
        for host in ["127.0.0.1:0", "[::1]:0"] {
            let host = host.parse().unwrap();
            let [ours, a, b] = [host; 3].map(|host| udp::bind(host).unwrap());
            let mut shut_out = ShutOut::default();
            let now = Instant::now();
            shut_out.add(&ours, a.local_addr().unwrap(), now);
            assert!(!arrives(&a, &ours).await);
            assert!(arrives(&b, &ours).await);
            shut_out.add(&ours, b.local_addr().unwrap(), now + TIME / 2);
            assert!(!arrives(&a, &ours).await && !arrives(&b, &ours).await);
            shut_out.lift(&ours, now + TIME);
            assert!(arrives(&a, &ours).await && !arrives(&b, &ours).await);
            shut_out.lift(&ours, now + TIME * 2);
            assert!(arrives(&b, &ours).await);
            assert_eq!(shut_out.lifted_at(), None);
        }
    }

    #[tokio::test]
    async fn many_can_be_shut_out_at_once() {
        let [ours, a] = ["127.0.0.1:0"; 2].map(|host| udp::bind(host.parse().unwrap()).unwrap());
        let mut shut_out = ShutOut::default();
        for port in 1..=300 {
            shut_out.add(
                &ours,
                SocketAddr::new([127, 0, 0, 9].into(), port),
                Instant::now(),
            );
        }
        shut_out.add(&ours, a.local_addr().unwrap(), Instant::now());
        assert_eq!(shut_out.sources.len(), SOURCES);
        assert!(!arrives(&a, &ours).await);
    }
}
