//! The thin shell that both H.248 programs share: the clock, UDP sockets, signals, capture files,
//! the log, options and their file.

pub mod capture;
pub mod clock;
pub mod config_file;
pub mod log;
pub mod options;
pub mod signals;
pub mod udp;
