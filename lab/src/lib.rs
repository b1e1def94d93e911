//! The laboratory: simulated legs, what they hear, and how H.248 looked meanwhile.

pub mod phones;
