//! Writes session descriptions in the order that RFC 4566 wants.

use std::{fmt, net::IpAddr};

use super::{Attribute, Connection, Description, Format, Port};

/// Writes descriptions one after another, each beginning with `v=0`.
pub(crate) fn write(descriptions: &[Description]) -> Vec<u8> {
    descriptions
        .iter()
        .map(Description::to_string)
        .collect::<String>()
        .into_bytes()
}

impl fmt::Display for Description {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("v=0\r\n")?;
        line(f, 'o', self.origin.as_ref())?;
        line(f, 's', self.name.as_ref())?;
        line(f, 'c', self.connection.as_ref())?;
        line(f, 't', self.time.as_ref())?;
        let media = &self.media;
        write!(f, "m={} {} {}", media.kind, media.port, media.protocol)?;
        for format in &media.formats {
            write!(f, " {format}")?;
        }
        f.write_str("\r\n")?;
        self.attributes
            .iter()
            .try_for_each(|attribute| line(f, 'a', Some(attribute)))
    }
}

fn line(f: &mut fmt::Formatter<'_>, kind: char, value: Option<impl fmt::Display>) -> fmt::Result {
    match value {
        Some(value) => write!(f, "{kind}={value}\r\n"),
        None => Ok(()),
    }
}

impl fmt::Display for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Choose => f.write_str("IN IP4 $"),
            Self::Address(address @ IpAddr::V4(_)) => write!(f, "IN IP4 {address}"),
            Self::Address(address @ IpAddr::V6(_)) => write!(f, "IN IP6 {address}"),
        }
    }
}

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Choose => f.write_str("$"),
            Self::Number(number) => number.fmt(f),
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Choose => f.write_str("$"),
            Self::PayloadType(number) => number.fmt(f),
            Self::Word(word) => f.write_str(word),
        }
    }
}

impl fmt::Display for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rtpmap {
                payload_type,
                encoding,
                rate,
            } => write!(f, "rtpmap:{payload_type} {encoding}/{rate}"),
            Self::Fmtp {
                payload_type,
                parameters,
            } => write!(f, "fmtp:{payload_type} {parameters}"),
            Self::Rtcp { port, rest } if rest.is_empty() => write!(f, "rtcp:{port}"),
            Self::Rtcp { port, rest } => write!(f, "rtcp:{port} {rest}"),
            Self::Crypto(crypto) => crypto.fmt(f),
            Self::Other(value) => f.write_str(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;

    #[test]
    fn what_is_written_reads_back_the_same() {
        let text = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP6 2001:db8::1\r\nt=0 0\r\n\
                    m=audio 20000 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n\
                    a=fmtp:101 0-15\r\na=rtcp:20001\r\na=ptime:20\r\n";
        let descriptions = read(text.as_bytes()).expect("it reads");
        assert_eq!(write(&descriptions), text.as_bytes());
    }
}
