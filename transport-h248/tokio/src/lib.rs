//! The thin shell that both H.248 programs share: the clock, sockets, signals, capture files,
//! the log, options and their file.

pub mod authentication;
pub mod capture;
pub mod clock;
pub mod config_file;
mod connection;
pub mod counters;
pub mod descriptors;
pub mod hep;
pub mod ladder;
pub mod log;
pub mod mid;
pub mod network;
pub mod options;
pub mod profile;
pub mod program;
pub mod sctp;
mod shut_out;
pub mod signals;
pub mod sinks;
mod tcp;
pub mod tpkt;
mod turns;
mod udp;
