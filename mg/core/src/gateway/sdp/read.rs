//! Reads session descriptions: what the standard relaxes and what the field does (H.248.1 7.1.8).

use super::{Attribute, Connection, Crypto, Description, Format, MediaLine, Port, SdpError};

/// More octets than this in one Local or Remote are refused: with a wildcard, one message gives its
/// description to every Termination.
const OCTETS_MAX: usize = 8_192;

/// More alternatives than this in one Local or Remote are refused.
const DESCRIPTIONS_MAX: usize = 16;

/// An m= line with more formats than there are payload types, or a description with more
/// attributes than this, is refused.
const FORMATS_MAX: usize = 128;
const ATTRIBUTES_MAX: usize = 256;

/// Reads the descriptions of a Local or Remote; none where it is empty.
///
/// `o=`, `s=` and `t=` may be absent, `v=` is needed only between descriptions, lines may be
/// indented and blank, and the order of lines inside a description does not matter.
pub(crate) fn read(octets: &[u8]) -> Result<Vec<Description>, SdpError> {
    if octets.len() > OCTETS_MAX {
        return Err(SdpError::TooMany);
    }
    let text = std::str::from_utf8(octets).map_err(|_| SdpError::NotText)?;
    let mut descriptions = Vec::new();
    let mut draft = Draft::default();
    for line in text.split(['\r', '\n']).map(str::trim) {
        if line.is_empty() {
            continue;
        }
        let (kind, value) = split(line)?;
        if kind == 'v' {
            if value != "0" {
                return Err(SdpError::Version);
            }
            if draft.begun {
                descriptions.push(draft.finish()?);
                draft = Draft::default();
            }
            if descriptions.len() >= DESCRIPTIONS_MAX {
                return Err(SdpError::TooMany);
            }
        }
        draft.line(kind, value)?;
    }
    if draft.begun {
        descriptions.push(draft.finish()?);
    }
    Ok(descriptions)
}

fn split(line: &str) -> Result<(char, &str), SdpError> {
    let (kind, value) = line.split_once('=').ok_or(SdpError::Line)?;
    let mut letters = kind.trim_end().chars();
    match (letters.next(), letters.next()) {
        (Some(letter), None) if letter.is_ascii_lowercase() => Ok((letter, value.trim_start())),
        _ => Err(SdpError::Line),
    }
}

/// A description that is being read.
#[derive(Default)]
struct Draft {
    begun: bool,
    origin: Option<String>,
    name: Option<String>,
    connection: Option<Connection>,
    time: Option<String>,
    media: Option<MediaLine>,
    attributes: Vec<Attribute>,
}

impl Draft {
    fn line(&mut self, kind: char, value: &str) -> Result<(), SdpError> {
        self.begun = true;
        match kind {
            'o' => self.origin = Some(value.to_owned()),
            's' => self.name = Some(value.to_owned()),
            't' => self.time = Some(value.to_owned()),
            'c' => self.connection = Some(connection(value)?),
            'a' if self.attributes.len() >= ATTRIBUTES_MAX => return Err(SdpError::TooMany),
            'a' => self.attributes.push(attribute(value)?),
            'm' if self.media.is_some() => return Err(SdpError::TwoMedia),
            'm' => self.media = Some(media(value)?),
            // The rest informs people, or says what this gateway does not use.
            _ => {}
        }
        Ok(())
    }

    fn finish(self) -> Result<Description, SdpError> {
        Ok(Description {
            origin: self.origin,
            name: self.name,
            connection: self.connection,
            time: self.time,
            media: self.media.ok_or(SdpError::NoMedia)?,
            attributes: self.attributes,
        })
    }
}

fn connection(value: &str) -> Result<Connection, SdpError> {
    let words: Vec<&str> = value.split_ascii_whitespace().collect();
    let [net, kind, address] = words[..] else {
        return if words == ["$"] {
            Ok(Connection::Choose)
        } else {
            Err(SdpError::Connection)
        };
    };
    if !matches!(net, "IN" | "$") || !matches!(kind, "IP4" | "IP6" | "$") {
        return Err(SdpError::Connection);
    }
    if address == "$" {
        return Ok(Connection::Choose);
    }
    let parsed = address.parse().map_err(|_| SdpError::Connection)?;
    Ok(Connection::Address(parsed))
}

fn media(value: &str) -> Result<MediaLine, SdpError> {
    let mut words = value.split_ascii_whitespace();
    let kind = words.next().ok_or(SdpError::Media)?.to_ascii_lowercase();
    let port = port(words.next().ok_or(SdpError::Media)?)?;
    let protocol = words.next().ok_or(SdpError::Media)?.to_ascii_uppercase();
    let rtp = kind == "audio" && protocol.starts_with("RTP/");
    let formats: Vec<Format> = words
        .map(|word| format(word, rtp))
        .take(FORMATS_MAX + 1)
        .collect::<Result<_, _>>()?;
    if formats.len() > FORMATS_MAX {
        return Err(SdpError::TooMany);
    }
    if formats.is_empty() {
        return Err(SdpError::Media);
    }
    Ok(MediaLine {
        kind,
        port,
        protocol,
        formats,
    })
}

fn port(word: &str) -> Result<Port, SdpError> {
    if word == "$" {
        return Ok(Port::Choose);
    }
    let number = word.split_once('/').map_or(word, |(number, _)| number);
    number
        .parse()
        .map(Port::Number)
        .map_err(|_| SdpError::Media)
}

fn format(word: &str, rtp: bool) -> Result<Format, SdpError> {
    if word == "$" {
        return Ok(Format::Choose);
    }
    match word.parse::<u8>() {
        Ok(number) if number < 128 => Ok(Format::PayloadType(number)),
        _ if rtp => Err(SdpError::PayloadType),
        _ => Ok(Format::Word(word.to_owned())),
    }
}

fn attribute(value: &str) -> Result<Attribute, SdpError> {
    let other = || Ok(Attribute::Other(value.to_owned()));
    let Some((name, rest)) = value.split_once(':') else {
        return other();
    };
    let rest = rest.trim();
    let (first, more) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let more = more.trim_start();
    match name.trim_end() {
        // Of whatever payload types are chosen.
        "rtpmap" | "fmtp" if first == "$" => other(),
        "rtpmap" => {
            let (encoding, rate) = more.split_once('/').unwrap_or((more, "8000"));
            Ok(Attribute::Rtpmap {
                payload_type: payload_type(first)?,
                encoding: encoding.to_owned(),
                rate: rate.to_owned(),
            })
        }
        "fmtp" => match first.parse() {
            Ok(payload_type) => Ok(Attribute::Fmtp {
                payload_type,
                parameters: more.to_owned(),
            }),
            // Formats of other media are words.
            Err(_) => other(),
        },
        "rtcp" => match first.parse() {
            Ok(port) => Ok(Attribute::Rtcp {
                port,
                rest: more.to_owned(),
            }),
            Err(_) => other(),
        },
        "crypto" => match Crypto::read(rest) {
            Some(crypto) => Ok(Attribute::Crypto(crypto)),
            None => other(),
        },
        _ => other(),
    }
}

fn payload_type(word: &str) -> Result<u8, SdpError> {
    match word.parse() {
        Ok(number) if number < 128 => Ok(number),
        _ => Err(SdpError::Attribute),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Description {
        let mut descriptions = read(text.as_bytes()).expect("it reads");
        assert_eq!(descriptions.len(), 1);
        descriptions.remove(0)
    }

    #[test]
    fn a_description_is_read_without_its_optional_lines() {
        let description = one("c=IN IP4 $\r\nm=audio $ RTP/AVP 8 0 101\r\na=ptime:20\r\n");
        assert_eq!(description.connection, Some(Connection::Choose));
        assert_eq!(description.media.port, Port::Choose);
        assert_eq!(description.media.formats.len(), 3);
        assert_eq!(description.origin, None);
    }

    #[test]
    fn indented_and_blank_lines_and_any_order_are_read() {
        let description = one("\n  m=audio 20010/2 rtp/avp 0\n\n\tc=IN IP4 192.0.2.7  \n\n");
        let address = "192.0.2.7".parse().expect("an address");
        assert_eq!(description.connection, Some(Connection::Address(address)));
        assert_eq!(description.media.port, Port::Number(20010));
        assert_eq!(description.media.protocol, "RTP/AVP");
    }

    #[test]
    fn a_version_line_begins_the_next_description() {
        let two = "v=0\nc=IN IP4 $\nm=audio $ RTP/AVP 8\nv=0\nc=IN IP4 $\nm=image $ udptl t38\n";
        let descriptions = read(two.as_bytes()).expect("it reads");
        assert_eq!(descriptions.len(), 2);
        assert_eq!(descriptions[1].media.kind, "image");
        assert_eq!(descriptions[1].media.formats, [Format::Word("t38".into())]);
        assert_eq!(read(b"  \r\n").expect("it reads"), []);
    }

    #[test]
    fn attributes_that_name_a_payload_type_are_taken_apart() {
        let description = one(
            "m=audio 1 RTP/AVP 97\na=rtpmap: 97 PCMA/8000/1\na=fmtp:97 x=1\n\
                               a=rtcp:53020\na=sendrecv\n",
        );
        let rtpmap = Attribute::Rtpmap {
            payload_type: 97,
            encoding: "PCMA".into(),
            rate: "8000/1".into(),
        };
        assert_eq!(description.attributes[0], rtpmap);
        assert_eq!(
            description.attributes[3],
            Attribute::Other("sendrecv".into())
        );
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let error = |text: &str| read(text.as_bytes()).expect_err("it does not read");
        assert_eq!(error("nonsense"), SdpError::Line);
        assert_eq!(error("v=1\nm=audio 1 RTP/AVP 0"), SdpError::Version);
        assert_eq!(error("m=audio one RTP/AVP 0"), SdpError::Media);
        assert_eq!(error("m=audio 70000 RTP/AVP 0"), SdpError::Media);
        assert_eq!(error("m=audio 1 RTP/AVP"), SdpError::Media);
        assert_eq!(error("m=audio 1 RTP/AVP 128"), SdpError::PayloadType);
        assert_eq!(
            error("m=audio 1 RTP/AVP 0\na=rtpmap:x PCMU/8000"),
            SdpError::Attribute
        );
        assert_eq!(
            error("c=IN IP4 host.example\nm=audio 1 RTP/AVP 0"),
            SdpError::Connection
        );
        assert_eq!(error("v=0\nc=IN IP4 $"), SdpError::NoMedia);
        assert_eq!(
            error("m=audio 1 RTP/AVP 0\nm=audio 2 RTP/AVP 0"),
            SdpError::TwoMedia
        );
        let formats = format!("m=audio 1 RTP/AVP{}", " 0".repeat(129));
        assert_eq!(error(&formats), SdpError::TooMany);
        let attributes = format!("m=audio 1 RTP/AVP 0\n{}", "a=x\n".repeat(257));
        assert_eq!(error(&attributes), SdpError::TooMany);
        assert_eq!(read(&[0xff]), Err(SdpError::NotText));
        assert_eq!(read(&[b'\n'; 8_193]), Err(SdpError::TooMany));
        assert_eq!(read(&[b'\n'; 8_192]), Ok(vec![]));
        assert_eq!(
            error(&"v=0\nm=audio 1 RTP/AVP 0\n".repeat(20)),
            SdpError::TooMany
        );
    }
}
