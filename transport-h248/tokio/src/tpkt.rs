//! Messages in a stream of octets: TPKT (H.248.1 D.2, RFC 1006 6).

use std::io;

use bytes::{Buf, BufMut, Bytes, BytesMut};
use tokio_util::codec::{Decoder, Encoder};

/// Octets of a header: version, reserved, and the length of header and message.
const HEADER: usize = 4;
/// The only version.
const VERSION: u8 = 3;
/// The longest message that the length can tell of.
pub const MESSAGE_MAX: usize = u16::MAX as usize - HEADER;

/// What is no TPKT, or cannot become one.
#[derive(Debug, thiserror::Error)]
pub enum TpktError {
    /// The stream ended or failed.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The version.
    #[error("expected TPKT version 3, found {0}")]
    Version(u8),
    /// The length.
    #[error("expected a TPKT length of at least 4, found {0}")]
    Length(u16),
    /// A message of ours.
    #[error("a message of {0} octets; a TPKT holds {MESSAGE_MAX}")]
    TooLong(usize),
}

/// The octets of the first message with its header, once its length has come.
pub(crate) fn length(stream: &[u8]) -> Option<usize> {
    let [_, _, high, low, ..] = stream else {
        return None;
    };
    Some(u16::from_be_bytes([*high, *low]).into())
}

/// The framing; one for each direction of a connection, without state.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tpkt;

impl Decoder for Tpkt {
    type Item = Bytes;
    type Error = TpktError;

    /// Takes the next message out of what has come, once it is whole. The reserved octet is
    /// ignored.
    fn decode(&mut self, stream: &mut BytesMut) -> Result<Option<Bytes>, TpktError> {
        let [version, rest @ ..] = &stream[..] else {
            return Ok(None);
        };
        if *version != VERSION {
            return Err(TpktError::Version(*version));
        }
        let [_, high, low, ..] = rest else {
            return Ok(None);
        };
        let length = u16::from_be_bytes([*high, *low]);
        let whole = usize::from(length);
        if whole < HEADER {
            return Err(TpktError::Length(length));
        }
        if stream.len() < whole {
            return Ok(None);
        }
        let mut frame = stream.split_to(whole);
        frame.advance(HEADER);
        Ok(Some(frame.freeze()))
    }
}

impl Encoder<Bytes> for Tpkt {
    type Error = TpktError;

    fn encode(&mut self, message: Bytes, stream: &mut BytesMut) -> Result<(), TpktError> {
        let too_long = || TpktError::TooLong(message.len());
        let length = u16::try_from(HEADER + message.len()).map_err(|_| too_long())?;
        stream.reserve(HEADER + message.len());
        stream.put_slice(&[VERSION, 0]);
        stream.put_u16(length);
        stream.put_slice(&message);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(messages: &[&'static [u8]]) -> BytesMut {
        let mut stream = BytesMut::new();
        for message in messages {
            let message = Bytes::from_static(message);
            Tpkt.encode(message, &mut stream).unwrap();
        }
        stream
    }

    #[test]
    fn messages_come_out_as_they_went_in_however_the_stream_is_cut() {
        let messages: [&[u8]; 3] = [b"MEGACO/1", b"", b"!/1"];
        let octets = encoded(&messages);
        for piece in 1..=octets.len() {
            let mut stream = BytesMut::new();
            let mut found = vec![];
            for part in octets.chunks(piece) {
                stream.extend_from_slice(part);
                while let Some(message) = Tpkt.decode(&mut stream).unwrap() {
                    found.push(message);
                }
            }
            assert_eq!(found, messages, "in pieces of {piece}");
            assert!(stream.is_empty());
        }
    }

    #[test]
    fn the_longest_message_has_65_531_octets() {
        let mut stream = BytesMut::new();
        let longest = Bytes::from(vec![b' '; MESSAGE_MAX]);
        Tpkt.encode(longest.clone(), &mut stream).unwrap();
        assert_eq!(stream[..4], [3, 0, 0xff, 0xff]);
        assert_eq!(Tpkt.decode(&mut stream).unwrap(), Some(longest));
        let longer = Bytes::from(vec![b' '; MESSAGE_MAX + 1]);
        let error = Tpkt.encode(longer, &mut stream).unwrap_err();
        assert_eq!(
            error.to_string(),
            "a message of 65532 octets; a TPKT holds 65531"
        );
        assert!(stream.is_empty());
    }

    #[test]
    fn what_is_no_tpkt_is_told_from_its_first_octets() {
        let error = |octets: &[u8]| Tpkt.decode(&mut octets.into()).unwrap_err().to_string();
        assert_eq!(error(b"M"), "expected TPKT version 3, found 77");
        assert_eq!(
            error(&[3, 0, 0, 3]),
            "expected a TPKT length of at least 4, found 3"
        );
    }

    #[test]
    fn the_reserved_octet_is_ignored() {
        let mut stream = BytesMut::from(&[3, 9, 0, 5, b'x'][..]);
        let message = Tpkt.decode(&mut stream).unwrap();
        assert_eq!(message, Some(Bytes::from_static(b"x")));
    }
}
