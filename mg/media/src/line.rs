//! Simulated lines: what the far side of a physical Termination says, and what becomes of what it
//! is sent.

use std::sync::Arc;

/// A line of the configuration; [`mg_contract::LineRef`] is its place there.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// What its far side says.
    pub far: Far,
    /// Whether what it is sent is handed to the shell.
    pub recorded: bool,
}

/// What the far side of a line says while a stream is open to it.
#[derive(Clone, Debug, Default)]
pub enum Far {
    /// Nothing.
    #[default]
    Silence,
    /// A tone.
    Tone {
        /// Its frequency in Hz.
        hz: u16,
        /// Its level in dBm0, at most 3.
        dbm0: i8,
    },
    /// Recorded sound, from its begin whenever a stream is opened.
    Samples {
        /// 8 kHz, linear.
        samples: Arc<[i16]>,
        /// Whether it begins again after its end; else silence follows.
        looped: bool,
    },
}
