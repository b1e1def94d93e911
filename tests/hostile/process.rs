//! What the system tells of a program.

use std::fs;

/// Begins a new count of the program's peak; returns whether the system can.
pub(crate) fn forget_peak(process: u32) -> bool {
    fs::write(format!("/proc/{process}/clear_refs"), "5").is_ok()
}

/// The most memory that the program has held, in MiB.
pub(crate) fn peak_mib(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.unwrap().trim().trim_end_matches("kB").trim();
    kib.parse::<u64>().unwrap() / 1_024
}
