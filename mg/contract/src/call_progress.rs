//! What call progress tones sound like (project): ETSI's 425 Hz and its cadences, which the reference
//! leaves to provisioning. The core has them played by this, and the engine knows its test by it.

/// Hz, and for how many milliseconds; 0 Hz is silence.
pub type Step = (u16, u64);

/// A tone without a pause ends after this many milliseconds where it is to end by itself.
pub const BRIEF: u64 = 1_000;

/// Dial.
pub const DIAL: &[Step] = &[(425, BRIEF)];
/// Ringing.
pub const RINGING: &[Step] = &[(425, 1_000), (0, 4_000)];
/// Busy.
pub const BUSY: &[Step] = &[(425, 500), (0, 500)];
/// Congestion.
pub const CONGESTION: &[Step] = &[(425, 250), (0, 250)];
/// Special information.
pub const SPECIAL_INFORMATION: &[Step] = &[(950, 330), (1_400, 330), (1_800, 330), (0, 1_000)];
/// Warning.
pub const WARNING: &[Step] = &[(1_400, 400), (0, 15_000)];
/// Payphone recognition.
pub const PAYPHONE: &[Step] = &[(1_200, 200), (800, 200), (0, 2_000)];
/// Call waiting.
pub const CALL_WAITING: &[Step] = &[(425, 200), (0, 600), (425, 200), (0, 3_000)];
/// Caller waiting.
pub const CALLER_WAITING: &[Step] = &[(425, 1_000), (0, 200), (425, 200), (0, 3_600)];
