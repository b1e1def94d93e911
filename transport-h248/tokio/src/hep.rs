//! Export of all H.248 messages to a Homer collector: HEP version 3 over UDP, protocol type 7.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::{Duration, SystemTime},
};

use transport_h248::{Carrier, Trace};

use crate::{capture::Ends, sinks::Sink};

/// What every packet begins with.
const MAGIC: &[u8; 4] = b"HEP3";
/// The protocol type of H.248.
const H248: u8 = 0x07;
/// The largest packet: a UDP datagram over IPv4.
const PACKET_MAX: usize = 65_507;

/// The kinds of chunks (HEP version 3, vendor 0).
mod chunk {
    pub(super) const FAMILY: u16 = 1;
    pub(super) const PROTOCOL: u16 = 2;
    pub(super) const SOURCE_V4: u16 = 3;
    pub(super) const TARGET_V4: u16 = 4;
    pub(super) const SOURCE_V6: u16 = 5;
    pub(super) const TARGET_V6: u16 = 6;
    pub(super) const SOURCE_PORT: u16 = 7;
    pub(super) const TARGET_PORT: u16 = 8;
    pub(super) const SECONDS: u16 = 9;
    pub(super) const MICROSECONDS: u16 = 10;
    pub(super) const TYPE: u16 = 11;
    pub(super) const AGENT: u16 = 12;
    pub(super) const PAYLOAD: u16 = 15;
}

#[expect(
    clippy::disallowed_types,
    reason = "this module is part of a shell, and sends where nobody answers"
)]
type UdpSocket = std::net::UdpSocket;

/// A collector to which all messages go.
#[derive(Debug)]
pub struct Hep {
    socket: UdpSocket,
    agent: u32,
    packet: Vec<u8>,
}

impl Hep {
    /// Exports to the collector at that place, under the number of a capture agent.
    ///
    /// # Errors
    ///
    /// There is no socket, or no way to the collector.
    pub fn open(collector: SocketAddr, agent: u32) -> io::Result<Self> {
        let any: IpAddr = match collector {
            SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
            SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
        };
        let socket = UdpSocket::bind((any, 0))?;
        socket.connect(collector)?;
        socket.set_nonblocking(true)?;
        Ok(Self {
            socket,
            agent,
            packet: Vec::new(),
        })
    }

    fn write(&mut self, trace: &Trace, ends: &Ends, time: SystemTime) {
        let since = time.duration_since(SystemTime::UNIX_EPOCH);
        let since = since.unwrap_or(Duration::ZERO);
        // The field has no more bits.
        let seconds = u32::try_from(since.as_secs()).unwrap_or(u32::MAX);
        let protocol = match trace.route.address.carrier {
            Carrier::Udp => 17,
            Carrier::Tcp => 6,
            Carrier::Sctp => 132,
        };
        self.packet.clear();
        self.packet.extend_from_slice(MAGIC);
        self.packet.extend_from_slice(&[0, 0]);
        self.addresses(ends);
        self.put(chunk::PROTOCOL, &[protocol]);
        self.put(chunk::SOURCE_PORT, &ends.source.port().to_be_bytes());
        self.put(chunk::TARGET_PORT, &ends.target.port().to_be_bytes());
        self.put(chunk::SECONDS, &seconds.to_be_bytes());
        self.put(chunk::MICROSECONDS, &since.subsec_micros().to_be_bytes());
        self.put(chunk::TYPE, &[H248]);
        self.put(chunk::AGENT, &self.agent.to_be_bytes());
        let room = PACKET_MAX - self.packet.len() - HEADER;
        // A longer one is cut: the collector shows its beginning.
        let shown = &trace.octets[..trace.octets.len().min(room)];
        self.put(chunk::PAYLOAD, shown);
        let length = u16::try_from(self.packet.len()).unwrap_or(u16::MAX);
        self.packet[4..6].copy_from_slice(&length.to_be_bytes());
    }

    fn addresses(&mut self, ends: &Ends) {
        // 2 and 10: AF_INET and AF_INET6 of Linux, which collectors expect from everybody.
        match (ends.source.ip(), ends.target.ip()) {
            (IpAddr::V4(source), IpAddr::V4(target)) => {
                self.put(chunk::FAMILY, &[2]);
                self.put(chunk::SOURCE_V4, &source.octets());
                self.put(chunk::TARGET_V4, &target.octets());
            }
            (source, target) => {
                self.put(chunk::FAMILY, &[10]);
                self.put(chunk::SOURCE_V6, &as_v6(source).octets());
                self.put(chunk::TARGET_V6, &as_v6(target).octets());
            }
        }
    }

    fn put(&mut self, kind: u16, value: &[u8]) {
        let length = u16::try_from(HEADER + value.len()).unwrap_or(u16::MAX);
        self.packet.extend_from_slice(&[0, 0]);
        self.packet.extend_from_slice(&kind.to_be_bytes());
        self.packet.extend_from_slice(&length.to_be_bytes());
        self.packet.extend_from_slice(value);
    }
}

/// The octets before the value of a chunk: vendor, kind, length of the whole.
const HEADER: usize = 6;

fn as_v6(address: IpAddr) -> Ipv6Addr {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped(),
        IpAddr::V6(address) => address,
    }
}

impl Sink for Hep {
    fn name(&self) -> &'static str {
        "the export to the collector"
    }

    fn record(&mut self, trace: &Trace, local: SocketAddr, time: SystemTime) -> Result<(), String> {
        self.write(trace, &Ends::of(trace, local), time);
        match self.socket.send(&self.packet) {
            Ok(_) => Ok(()),
            Err(error) if is_passing(&error) => Ok(()),
            Err(error) => Err(error.to_string()),
        }
    }
}

/// Whether a later packet may get through: the collector is away, or the kernel has no room.
fn is_passing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::ConnectionRefused | io::ErrorKind::OutOfMemory
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use bytes::Bytes;
    use transport_h248::{Address, Direction};

    use super::*;

    /// The chunks that a collector receives of a message.
    fn received(peer: &str, octets: &[u8]) -> BTreeMap<u16, Vec<u8>> {
        let collector = UdpSocket::bind("127.0.0.1:0").unwrap();
        let mut hep = Hep::open(collector.local_addr().unwrap(), 2_000).unwrap();
        let trace = Trace {
            time: crate::clock::now(),
            direction: Direction::In,
            route: peer.parse::<Address>().unwrap().into(),
            octets: Bytes::copy_from_slice(octets),
            error: None,
        };
        let time = SystemTime::UNIX_EPOCH + Duration::from_micros(1_795_502_280_000_007);
        hep.record(&trace, "127.0.0.1:2944".parse().unwrap(), time)
            .unwrap();
        let mut buffer = vec![0; 70_000];
        let length = collector.recv(&mut buffer).unwrap();
        assert_eq!(&buffer[..4], MAGIC);
        assert_eq!(
            usize::from(u16::from_be_bytes([buffer[4], buffer[5]])),
            length
        );
        let mut chunks = BTreeMap::new();
        let mut rest = &buffer[6..length];
        while !rest.is_empty() {
            assert_eq!(rest[..2], [0, 0]);
            let whole = usize::from(u16::from_be_bytes([rest[4], rest[5]]));
            let kind = u16::from_be_bytes([rest[2], rest[3]]);
            assert_eq!(chunks.insert(kind, rest[HEADER..whole].to_vec()), None);
            rest = &rest[whole..];
        }
        chunks
    }

    #[test]
    fn a_message_goes_out_with_its_addresses_time_and_type() {
        let chunks = received("tcp:192.0.2.9:40000", b"MEGACO/3 mg ");
        assert_eq!(chunks[&chunk::FAMILY], [2]);
        assert_eq!(chunks[&chunk::PROTOCOL], [6]);
        assert_eq!(chunks[&chunk::SOURCE_V4], [192, 0, 2, 9]);
        assert_eq!(chunks[&chunk::TARGET_V4], [127, 0, 0, 1]);
        assert_eq!(chunks[&chunk::SOURCE_PORT], 40_000_u16.to_be_bytes());
        assert_eq!(chunks[&chunk::TARGET_PORT], 2_944_u16.to_be_bytes());
        assert_eq!(chunks[&chunk::SECONDS], 1_795_502_280_u32.to_be_bytes());
        assert_eq!(chunks[&chunk::MICROSECONDS], 7_u32.to_be_bytes());
        assert_eq!(chunks[&chunk::TYPE], [7]);
        assert_eq!(chunks[&chunk::AGENT], 2_000_u32.to_be_bytes());
        assert_eq!(chunks[&chunk::PAYLOAD], b"MEGACO/3 mg ");
    }

    #[test]
    fn ipv6_and_what_is_too_long_for_a_packet_go_out_too() {
        let chunks = received("[2001:db8::9]:2944", &[b'x'; 65_500]);
        assert_eq!(chunks[&chunk::FAMILY], [10]);
        assert_eq!(chunks[&chunk::SOURCE_V6][..2], [0x20, 0x01]);
        let length = chunks[&chunk::PAYLOAD].len();
        assert!((65_000..65_500).contains(&length), "{length}");
    }
}
