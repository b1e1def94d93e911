//! The two session descriptions that a phone needs: its offer, and the answer to it (RFC 4566).

use std::{
    fmt::Write as _,
    net::{IpAddr, SocketAddr},
};

use super::codec::Codec;

/// Why an answer cannot be used.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the SDP answer has no usable {0} line")]
pub struct SdpError(&'static str);

/// What a phone takes from an answer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Answer {
    /// Where to send RTP.
    pub rtp: SocketAddr,
    /// The formats, best first.
    pub payload_types: Vec<u8>,
}

/// The offer of a phone that receives RTP at `rtp` in one codec.
pub fn offer(rtp: SocketAddr, codec: Codec) -> String {
    let family = if rtp.is_ipv4() { "IP4" } else { "IP6" };
    let (address, port) = (rtp.ip(), rtp.port());
    let (number, encoding) = (codec.payload_type(), codec.encoding());
    let mut sdp = String::new();
    let lines = [
        "v=0".to_owned(),
        format!("o=- {port} 1 IN {family} {address}"),
        "s=-".to_owned(),
        format!("c=IN {family} {address}"),
        "t=0 0".to_owned(),
        format!("m=audio {port} RTP/AVP {number}"),
        format!("a=rtpmap:{number} {encoding}"),
        "a=ptime:20".to_owned(),
        "a=sendrecv".to_owned(),
    ];
    for line in lines {
        write!(sdp, "{line}\r\n").expect("a string takes all that is written");
    }
    sdp
}

/// Reads an answer: the first audio line, and the connection line that holds for it.
pub fn answer(sdp: &str) -> Result<Answer, SdpError> {
    let (mut address, mut audio) = (None, None);
    for line in sdp.lines() {
        if let Some(value) = line.strip_prefix("c=") {
            address = connection(value).or(address);
        } else if let Some(value) = line.strip_prefix("m=") {
            if audio.is_some() {
                break;
            }
            audio = media(value);
        }
    }
    let (port, payload_types) = audio.ok_or(SdpError("m=audio"))?;
    let address = address.ok_or(SdpError("c="))?;
    Ok(Answer {
        rtp: SocketAddr::new(address, port),
        payload_types,
    })
}

fn connection(value: &str) -> Option<IpAddr> {
    value.split_ascii_whitespace().nth(2)?.parse().ok()
}

fn media(value: &str) -> Option<(u16, Vec<u8>)> {
    let mut words = value.split_ascii_whitespace();
    let (kind, port) = (words.next()?, words.next()?.parse().ok()?);
    let protocol = words.next()?;
    if kind != "audio" || protocol != "RTP/AVP" || port == 0 {
        return None;
    }
    Some((port, words.filter_map(|word| word.parse().ok()).collect()))
}

/// The port of the first media line, as written, for people to read.
pub(crate) fn media_port(sdp: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(sdp).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("m="))?;
    line.split_ascii_whitespace().nth(1).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offer_reads_back_as_it_was_meant() {
        let rtp: SocketAddr = "127.0.0.1:40020".parse().unwrap();
        let read = answer(&offer(rtp, Codec::Pcma)).unwrap();
        assert_eq!(read.rtp, rtp);
        assert_eq!(read.payload_types, [8]);
    }

    #[test]
    fn an_answer_without_a_usable_audio_line_is_refused() {
        assert_eq!(
            answer("v=0\r\nc=IN IP4 127.0.0.1\r\n"),
            Err(SdpError("m=audio"))
        );
        assert_eq!(answer("m=audio 4000 RTP/AVP 0\r\n"), Err(SdpError("c=")));
        assert!(answer("c=IN IP4 127.0.0.1\r\nm=audio 0 RTP/AVP 0\r\n").is_err());
        assert!(answer("c=IN\r\nm=\r\nm=audio\r\n\u{1f}").is_err());
    }
}
