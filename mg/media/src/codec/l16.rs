//! 16 bits a sample, in network byte order (RFC 3551 4.5.11).

use super::Undecodable;

/// Octets of a sample.
const WIDTH: usize = 2;

/// How many samples a payload holds: `None` if half a sample is left over.
pub(super) fn samples(payload: &[u8]) -> Option<usize> {
    payload
        .len()
        .is_multiple_of(WIDTH)
        .then_some(payload.len() / WIDTH)
}

pub(super) fn decode(payload: &[u8], out: &mut [i16]) -> Result<usize, Undecodable> {
    let count = samples(payload).ok_or(Undecodable)?;
    for (sample, octets) in out.iter_mut().zip(payload.as_chunks().0) {
        *sample = i16::from_be_bytes(*octets);
    }
    Ok(count)
}

pub(super) fn encode(samples: &[i16], out: &mut [u8]) -> usize {
    for (octets, sample) in out.as_chunks_mut().0.iter_mut().zip(samples) {
        *octets = sample.to_be_bytes();
    }
    samples.len() * WIDTH
}
