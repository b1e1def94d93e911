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

/// Formats of a media line that are told.
const FORMATS_TOLD: usize = 4;

/// The first media line for people to read: its port as written, and its formats by their names.
pub(crate) fn media_in_short(sdp: &[u8], out: &mut String) {
    let text = std::str::from_utf8(sdp).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("m="));
    let mut words = line.unwrap_or_default().split_ascii_whitespace();
    out.push_str(words.nth(1).unwrap_or("-"));
    for (n, format) in words.skip(1).enumerate() {
        if n == FORMATS_TOLD {
            out.push('…');
            break;
        }
        out.push(if n == 0 { '/' } else { ',' });
        let mapped = text.lines().find_map(|line| rtpmap(line, format));
        out.push_str(mapped.unwrap_or_else(|| static_name(format)));
    }
}

/// The name that an `a=rtpmap` line gives to a format.
fn rtpmap<'t>(line: &'t str, format: &str) -> Option<&'t str> {
    let (number, encoding) = line.strip_prefix("a=rtpmap:")?.split_once(' ')?;
    (number == format).then(|| encoding.split('/').next().unwrap_or(encoding))
}

/// The name of a format that needs no `a=rtpmap` (RFC 3551), or the format itself.
fn static_name(format: &str) -> &str {
    match format {
        "0" => "PCMU",
        "3" => "GSM",
        "4" => "G723",
        "8" => "PCMA",
        "9" => "G722",
        "13" => "CN",
        "15" => "G728",
        "18" => "G729",
        other => other,
    }
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
    fn a_media_line_is_told_by_port_and_formats() {
        let short = |sdp: &str| {
            let mut out = String::new();
            media_in_short(sdp.as_bytes(), &mut out);
            out
        };
        let audio = "v=0\r\nm=audio 16756 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n";
        assert_eq!(short(audio), "16756/PCMA,telephone-event");
        assert_eq!(short("m=image 15580 udptl t38\r\n"), "15580/t38");
        assert_eq!(short("m=audio $ RTP/AVP $\n"), "$/$");
        assert_eq!(
            short("m=audio 4 RTP/AVP 0 3 4 8 9\n"),
            "4/PCMU,GSM,G723,PCMA…"
        );
        assert_eq!(
            (short("m="), short("v=0")),
            ("-".to_owned(), "-".to_owned())
        );
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
