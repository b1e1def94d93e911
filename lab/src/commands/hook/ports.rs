//! Ports of this machine that nobody has: campaigns run beside each other, and beside gateways of others.

#![expect(
    clippy::disallowed_types,
    reason = "a hook starts programs, and asks the system what is free for them"
)]

use std::net::{Ipv4Addr, UdpSocket};

/// Whether so many ports can be taken for media.
pub(super) fn are_free(first: u16, count: u16) -> bool {
    let mut ports = first..first.saturating_add(count);
    ports.all(|port| UdpSocket::bind((Ipv4Addr::LOCALHOST, port)).is_ok())
}

#[test]
fn what_somebody_has_is_not_free() {
    let taken = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
    let port = taken.local_addr().expect("it is bound").port();
    assert!(!are_free(port, 1));
}
