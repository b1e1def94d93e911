//! What programs that we did not write say about our messages.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a sniffer needs its time, and a datagram to see"
)]

mod generated;
mod otp;
mod otp_limits;
mod recorded;
mod sniffed;
mod tshark;
mod tshark_limits;
mod wire;
