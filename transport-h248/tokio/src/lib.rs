//! The thin shell that both H.248 programs share: the clock, UDP sockets and capture files.

pub mod capture;
pub mod clock;
pub mod udp;
