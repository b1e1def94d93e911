//! Conformance campaigns: which purposes of the catalogue are played, and what is told of them.

pub mod bench;
pub mod catalogue;
mod decoded;
pub mod known;
pub mod outcome;
pub mod pics;
pub mod pixit;
pub mod postamble;
pub mod proforma;
pub mod purpose;
pub mod report;
mod review;
pub mod run;
mod seen;
pub mod select;
pub mod site;
pub mod verdict;

pub use review::review;
