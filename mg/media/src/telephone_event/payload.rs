//! The payload of an event (RFC 4733 2.3).

use mg_contract::Dtmf;

/// Octets of one event.
pub(crate) const PAYLOAD_LENGTH: usize = 4;
/// Set in the second octet of an event's last packets.
const END: u8 = 0x80;
/// The level of the digits that we send, in −dBm0.
const VOLUME: u8 = 8;
/// Events from 0 on that are DTMF digits (RFC 4733 3.2).
const DIGITS: u8 = 16;

/// A digit as a packet has it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Payload {
    /// The digit.
    pub(crate) digit: Dtmf,
    /// Whether it is over.
    pub(crate) end: bool,
    /// How long it has lasted since the packet's time stamp, in its units.
    pub(crate) duration: u16,
}

impl Payload {
    /// Reads the first event of a packet; `None` if it is none, or no digit.
    pub(crate) fn read(octets: &[u8]) -> Option<Self> {
        let [event, flags, d0, d1] = *octets.first_chunk::<PAYLOAD_LENGTH>()?;
        (event < DIGITS).then_some(Self {
            digit: Dtmf(event),
            end: flags & END != 0,
            duration: u16::from_be_bytes([d0, d1]),
        })
    }

    /// Returns it as a packet has it.
    pub(crate) fn octets(self) -> [u8; PAYLOAD_LENGTH] {
        let end = if self.end { END } else { 0 };
        let [d0, d1] = self.duration.to_be_bytes();
        [self.digit.0, end | VOLUME, d0, d1]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_other_events_are_not() {
        let payload = Payload {
            digit: Dtmf(11),
            end: true,
            duration: 0x1234,
        };
        assert_eq!(payload.octets(), [11, 0x88, 0x12, 0x34]);
        assert_eq!(Payload::read(&payload.octets()), Some(payload));
        assert_eq!(Payload::read(&[16, 0, 0, 1]), None);
        assert_eq!(Payload::read(&[1, 0, 0]), None);
    }
}
