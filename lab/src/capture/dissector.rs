//! From packets to messages, through the layers.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use etherparse::{IpNumber, LaxIpSlice, TcpSlice, UdpSlice, ip_number};

use super::{
    Address, Kind, Sink, Transport,
    fragments::Fragments,
    link::{self, Inside},
    mtp3,
    outlet::{At, Books, Outlet},
    sctp::{self, Associations},
    tcp::Connections,
};

/// All that is remembered between packets.
#[derive(Debug, Default)]
pub(super) struct Dissector {
    pub(super) books: Books,
    fragments: Fragments,
    connections: Connections,
    associations: Associations,
}

/// From where to where, over which protocol.
#[derive(Clone, Copy)]
struct Way {
    from: IpAddr,
    to: IpAddr,
    protocol: IpNumber,
}

impl Dissector {
    /// Takes one packet.
    #[inline]
    pub(super) fn packet(&mut self, link: u32, octets: &[u8], at: At, sink: &mut Sink<'_>) {
        let taken = match link::inside(link, octets) {
            Ok(Inside::Ip(packet)) => self.ip(packet, at, sink),
            Ok(Inside::Sctp(packet)) => {
                let way = Way::nowhere(ip_number::SCTP);
                self.payload(way, packet, at, sink)
            }
            Ok(Inside::Mtp3(unit)) => {
                let way = Way::nowhere(ip_number::SCTP);
                mtp3::unit(unit, &mut way.outlet((0, 0), at, &mut self.books, sink));
                Ok(())
            }
            Err(kind) => Err(kind),
        };
        if let Err(kind) = taken {
            self.books.counts.add(kind);
        }
    }

    /// Nothing more comes.
    pub(super) fn finish(&mut self, at: At, sink: &mut Sink<'_>) {
        for _ in 0..self.fragments.left() {
            self.books.counts.add(Kind::FragmentMissing);
        }
        self.fragments = Fragments::default();
        for _ in 0..self.associations.left() {
            self.books.counts.add(Kind::ChunkMissing);
        }
        let way = Way::nowhere(ip_number::TCP);
        let mut outlet = way.outlet((0, 0), at, &mut self.books, sink);
        self.connections.finish(&mut outlet);
    }

    #[inline]
    fn ip(&mut self, packet: &[u8], at: At, sink: &mut Sink<'_>) -> Result<(), Kind> {
        let (ip, _stop) = LaxIpSlice::from_slice(packet).map_err(|_| Kind::BadHeader)?;
        let payload = ip.payload();
        let way = Way {
            from: ip.source_addr(),
            to: ip.destination_addr(),
            protocol: payload.ip_number,
        };
        if payload.fragmented {
            let whole = self.fragments.push(&ip, at.frame)?;
            return whole.map_or(Ok(()), |whole| self.payload(way, &whole, at, sink));
        }
        if payload.incomplete {
            self.books.counts.add(Kind::CutShort);
        }
        self.payload(way, payload.payload, at, sink)
    }

    #[inline]
    fn payload(
        &mut self,
        way: Way,
        payload: &[u8],
        at: At,
        sink: &mut Sink<'_>,
    ) -> Result<(), Kind> {
        match way.protocol {
            ip_number::UDP => {
                let udp = UdpSlice::from_slice_lax(payload).map_err(|_| Kind::BadHeader)?;
                let ports = (udp.source_port(), udp.destination_port());
                let mut outlet = way.outlet(ports, at, &mut self.books, sink);
                if sctp::is_carried(udp.payload()) {
                    return self.associations.packet(udp.payload(), &mut outlet);
                }
                outlet.judge(udp.payload());
                Ok(())
            }
            ip_number::TCP => {
                let tcp = TcpSlice::from_slice(payload).map_err(|_| Kind::BadHeader)?;
                let ports = (tcp.source_port(), tcp.destination_port());
                let mut outlet = way.outlet(ports, at, &mut self.books, sink);
                self.connections.segment(&tcp, &mut outlet);
                Ok(())
            }
            ip_number::SCTP => {
                let ports = sctp::ports(payload)?;
                let mut outlet = way.outlet(ports, at, &mut self.books, sink);
                self.associations.packet(payload, &mut outlet)
            }
            _ => Err(Kind::OtherTransport),
        }
    }
}

impl Way {
    /// Where there are no addresses.
    fn nowhere(protocol: IpNumber) -> Self {
        let nobody = Ipv4Addr::UNSPECIFIED.into();
        Self {
            from: nobody,
            to: nobody,
            protocol,
        }
    }

    #[inline]
    fn outlet<'o, 's>(
        self,
        ports: (u16, u16),
        at: At,
        books: &'o mut Books,
        sink: &'o mut Sink<'s>,
    ) -> Outlet<'o, 's> {
        Outlet {
            at,
            from: Address::Ip(SocketAddr::new(self.from, ports.0)),
            to: Address::Ip(SocketAddr::new(self.to, ports.1)),
            transport: Transport::Udp,
            books,
            sink,
        }
    }
}
