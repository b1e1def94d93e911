//! The thin shell that both H.248 programs share: the clock, UDP sockets, signals and
//! capture files.

pub mod capture;
pub mod clock;
pub mod signals;
pub mod udp;
