use super::*;
use crate::testing::{LOOPBACK, at_free_port};

/// More than it takes until a socket is connected.
const MANY: u8 = 20;

/// The sockets of one pair, and what is read of them.
struct Near {
    sockets: Sockets,
    reading: Reading,
    port: RtpPort,
}

impl Near {
    fn new() -> Self {
        let mut sockets = Sockets::new().unwrap();
        let pair = at_free_port(|port| Pair::bind(LOOPBACK, port).ok());
        let port = pair.port;
        sockets.put(pair).unwrap();
        Self {
            sockets,
            reading: Reading::new(),
            port,
        }
    }

    fn address(&self) -> SocketAddr {
        SocketAddr::new(LOOPBACK, self.port.0)
    }

    fn send(&mut self, to: SocketAddr, octet: u8) {
        self.sockets
            .send(self.port, Kind::Rtp, to, &[octet])
            .unwrap();
    }

    /// What has come, as by a tick: who has sent it, and its octet.
    fn hear(&mut self) -> Vec<(SocketAddr, u8)> {
        let mut heard = Vec::new();
        let end = clock::now() + std::time::Duration::from_secs(1);
        let take = |turn: Turn<'_>| {
            if let Turn::Came(datagram) = turn {
                heard.push((datagram.from, datagram.octets[0]));
            }
        };
        self.sockets.receive(&mut self.reading, end, take).unwrap();
        heard.sort_unstable_by_key(|(_, octet)| *octet);
        heard
    }

    /// Sends to a far end until all are sent by a socket of its own.
    fn settle(&mut self, to: &UdpSocket) {
        for octet in 0..MANY {
            self.send(to.local_addr().unwrap(), octet);
            assert_eq!(heard(to), [(self.address(), octet)]);
        }
        let pair = self.sockets.pairs.get(self.port);
        assert_eq!(pair.unwrap().places().count(), 3);
        assert_eq!(self.sockets.bound, 3);
    }

    /// Both are heard, whatever there are sockets for, in this tick or the next.
    fn hears_both(&mut self, first: &UdpSocket, second: &UdpSocket) {
        let [from, other] = [first, second].map(|far| far.local_addr().unwrap());
        let (mut all, mut sent) = (Vec::new(), Vec::new());
        for octet in 0..MANY {
            first.send_to(&[octet], self.address()).unwrap();
            second.send_to(&[octet + 100], self.address()).unwrap();
            sent.extend([(from, octet), (other, octet + 100)]);
            all.extend(self.hear());
            assert!(all.len() + 1 >= sent.len());
        }
        all.extend(self.hear());
        all.sort_unstable_by_key(|(_, octet)| *octet);
        sent.sort_unstable_by_key(|(_, octet)| *octet);
        assert_eq!(all, sent);
    }
}

fn far() -> UdpSocket {
    UdpSocket::bind(SocketAddr::new(LOOPBACK, 0)).unwrap()
}

fn heard(far: &UdpSocket) -> Vec<(SocketAddr, u8)> {
    let mut octets = [0; 2];
    let mut all = Vec::new();
    while let Ok((_, from)) = far.recv_from(&mut octets) {
        all.push((from, octets[0]));
    }
    all
}

#[test]
fn a_far_end_that_is_sent_to_for_a_while_has_a_socket_of_its_own_and_others_are_heard_too() {
    let (mut near, first, second) = (Near::new(), far(), far());
    near.hears_both(&first, &second);
    near.settle(&first);
    near.hears_both(&first, &second);
    near.settle(&second);
    near.hears_both(&first, &second);
    let pair = near.sockets.take(near.port).unwrap().unwrap();
    assert_eq!((near.sockets.bound, near.hear()), (0, Vec::new()));
    near.sockets.put(pair).unwrap();
    near.hears_both(&first, &second);
    near.settle(&second);
}

#[test]
fn what_came_before_it_was_connected_is_heard_and_nobody_else_can_have_the_port() {
    let (mut near, first, second) = (Near::new(), far(), far());
    first.send_to(&[1], near.address()).unwrap();
    second.send_to(&[2], near.address()).unwrap();
    near.settle(&first);
    let [from, other] = [&first, &second].map(|far| far.local_addr().unwrap());
    assert_eq!(near.hear(), [(from, 1), (other, 2)]);
    let third = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::DGRAM, None).unwrap();
    third.set_reuse_port(true).unwrap();
    third.set_reuse_address(true).unwrap();
    let error = third.bind(&near.address().into()).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::AddrInUse);
}

#[test]
fn a_far_end_that_is_not_there_for_a_while_costs_no_packet() {
    let (mut near, gone) = (Near::new(), far());
    near.settle(&gone);
    let to = gone.local_addr().unwrap();
    for octet in 0..MANY {
        gone.send_to(&[octet], near.address()).unwrap();
        assert_eq!(near.hear(), [(to, octet)]);
    }
    drop(gone);
    for octet in 0..MANY {
        near.send(to, octet);
        assert_eq!(near.hear(), []);
    }
    near.send(to, 1);
    let back = UdpSocket::bind(to).unwrap();
    back.send_to(&[7], near.address()).unwrap();
    assert_eq!(near.hear(), [(to, 7)]);
    drop(back);
    near.send(to, 1);
    let back = UdpSocket::bind(to).unwrap();
    for octet in 0..MANY {
        near.send(to, octet);
        assert_eq!(heard(&back), [(near.address(), octet)]);
    }
}

#[test]
fn where_descriptors_are_few_all_goes_by_one_socket() {
    let (mut near, first, second) = (Near::new(), far(), far());
    near.sockets.enough = 0;
    let to = first.local_addr().unwrap();
    for octet in 0..MANY {
        near.send(to, octet);
        assert_eq!(heard(&first), [(near.address(), octet)]);
    }
    assert_eq!(near.sockets.bound, 2);
    near.hears_both(&first, &second);
}

#[test]
fn an_address_of_another_machine_is_no_address_for_media() {
    for address in ["127.0.0.1", "::1"] {
        try_address(address.parse().unwrap()).unwrap();
    }
    // Set aside for documents, so no machine has it (RFC 5737 3).
    let error = try_address("192.0.2.1".parse().unwrap()).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::AddrNotAvailable);
    let text = error.to_string();
    assert!(
        text.starts_with("Cannot assign requested address"),
        "{text}"
    );
}
