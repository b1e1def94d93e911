//! What tests on real sockets have in common.

use std::{
    iter,
    net::{IpAddr, Ipv4Addr},
};

use mg_contract::RtpPort;

pub(crate) const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// What `bind` gives for a port pair that is free.
pub(crate) fn at_free_port<T>(bind: impl FnMut(RtpPort) -> Option<T>) -> T {
    let ports = iter::repeat_with(|| RtpPort(fastrand::u16(15_000..25_000) * 2));
    ports.take(10_000).find_map(bind).expect("a pair is free")
}
