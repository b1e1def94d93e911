//! What Local and Remote come to for the engine.

use std::net::{IpAddr, SocketAddr};

use mg_contract::{
    AudioCodec, EventFormat, Opus, PacketTime, PayloadFormat, SendSettings, Srtp, SrtpKey,
    StreamSettings,
};

use super::{
    formats::{audio_formats, digit_events, noise},
    security::is_secure,
};
use crate::{
    codecs::{Codecs, OPUS_BITS},
    gateway::{
        sdp::{Attribute, Connection, Description, Port},
        stream::Stream,
    },
};

/// The two descriptions that hold, one of each direction.
#[derive(Clone, Copy, Debug)]
struct Agreed<'a> {
    local: Option<&'a Description>,
    remote: &'a Description,
    srtp: Option<Srtp>,
}

/// How a stream receives and sends, but for what its mode makes of it. While one direction is protected
/// and the other is not, or not in the same way, nothing passes.
pub(crate) fn settings(stream: &Stream, codecs: &Codecs) -> StreamSettings {
    let local = stream.local.as_deref().unwrap_or_default();
    let remote = stream.remote.as_deref().unwrap_or_default();
    let agreed = agreed(local, remote);
    let heard = |one: &&Description| match &agreed {
        Some(agreed) if agreed.srtp.is_some() => agreed.local == Some(*one),
        Some(_) => !is_secure(one),
        None => remote.is_empty() && !is_secure(one),
    };
    let heard: Vec<&Description> = local.iter().filter(heard).collect();
    StreamSettings {
        receive: receive_formats(&heard),
        receive_events: receive_events(&heard),
        receive_noise: (heard.iter()).find_map(|one| noise(one, &audio_formats(one))),
        send: agreed.and_then(|agreed| agreed.send(codecs)),
        rtcp_mux: agreed.is_some_and(|agreed| agreed.rtcp_mux()),
        srtp: agreed.and_then(|agreed| agreed.srtp),
        ..StreamSettings::default()
    }
}

/// Whether Local and Remote, where both are known, are protected in the same way.
pub(super) fn agree(stream: &Stream) -> bool {
    let local = stream.local.as_deref().unwrap_or_default();
    let remote = stream.remote.as_deref().unwrap_or_default();
    local.is_empty() || remote.is_empty() || agreed(local, remote).is_some()
}

fn agreed<'a>(local: &'a [Description], remote: &'a [Description]) -> Option<Agreed<'a>> {
    remote.iter().find_map(|remote| match is_secure(remote) {
        true => local.iter().find_map(|local| {
            Some(Agreed {
                local: Some(local),
                remote,
                srtp: Some(srtp(local, remote)?),
            })
        }),
        false => {
            let plain = local.iter().find(|one| !is_secure(one));
            (local.is_empty() || plain.is_some()).then_some(Agreed {
                local: plain,
                remote,
                srtp: None,
            })
        }
    })
}

/// The keys of both directions: each side says the one that it sends with (RFC 4568 6.1).
fn srtp(local: &Description, remote: &Description) -> Option<Srtp> {
    let crypto = |one: &Description| {
        let found = one.attributes.iter().find_map(|attribute| match attribute {
            Attribute::Crypto(crypto) => Some((crypto.suite?, crypto.key?)),
            Attribute::Rtpmap { .. }
            | Attribute::Fmtp { .. }
            | Attribute::Rtcp { .. }
            | Attribute::Other(_) => None,
        });
        found.filter(|_| is_secure(one))
    };
    let (suite, send): (_, SrtpKey) = crypto(local)?;
    let (theirs, receive) = crypto(remote)?;
    (suite == theirs).then_some(Srtp {
        suite,
        send,
        receive,
    })
}

impl Agreed<'_> {
    /// Both have to say it (RFC 5761 5.1.1).
    fn rtcp_mux(&self) -> bool {
        let says = |one: &Description| one.attribute("rtcp-mux").is_some();
        self.local.is_some_and(says) && says(self.remote)
    }

    /// Where and how is sent; nowhere while the address is the unspecified one, by which an older far end
    /// says that it is on hold (RFC 3264 8.4).
    fn send(&self, codecs: &Codecs) -> Option<SendSettings> {
        let one = self.remote;
        let mut format = audio_formats(one).first().copied()?;
        if let AudioCodec::Opus(Opus { bit_rate, .. }) = &mut format.codec {
            *bit_rate = codecs.opus_bit_rate.min(*bit_rate).max(OPUS_BITS.0);
        }
        let (to, rtcp_to) = destination(one)?;
        let events = digit_events(one, &[format]).first().copied();
        let heard = |local| noise(local, &audio_formats(local)).is_some();
        let noise = noise(one, &[format]).filter(|_| self.local.is_some_and(heard));
        (!to.ip().is_unspecified()).then_some(SendSettings {
            to,
            rtcp_to: if self.rtcp_mux() { to } else { rtcp_to },
            format,
            packet_time: packet_time(one),
            events: events.map(|event| event.payload_type),
            noise,
        })
    }
}

/// Every format that these descriptions understand, each payload type once. What Opus is sent with
/// does not matter to who receives it.
fn receive_formats(local: &[&Description]) -> Vec<PayloadFormat> {
    let mut formats: Vec<PayloadFormat> = Vec::new();
    for mut format in local.iter().flat_map(|one| audio_formats(one)) {
        if let AudioCodec::Opus(parameters) = &mut format.codec {
            *parameters = Opus::default();
        }
        let is_same = |other: &PayloadFormat| other.payload_type == format.payload_type;
        if !formats.iter().any(is_same) {
            formats.push(format);
        }
    }
    formats
}

/// The telephone events that they understand, one for each clock rate.
fn receive_events(local: &[&Description]) -> Vec<EventFormat> {
    let mut found: Vec<EventFormat> = Vec::new();
    for event in local
        .iter()
        .flat_map(|one| digit_events(one, &audio_formats(one)))
    {
        if !found
            .iter()
            .any(|other| other.clock_rate == event.clock_rate)
        {
            found.push(event);
        }
    }
    found
}

/// How much a packet holds: what is nearest to `ptime`, and not above `maxptime` (RFC 4566 6).
fn packet_time(one: &Description) -> PacketTime {
    let millis = |name| {
        let said = one
            .attribute(name)
            .and_then(|value| value.parse::<u32>().ok());
        said.filter(|millis| *millis > 0)
    };
    let wanted = millis("ptime").unwrap_or(PacketTime::default().millis());
    let longest = millis("maxptime").unwrap_or(u32::MAX);
    let allowed = PacketTime::ALL
        .into_iter()
        .filter(|time| time.millis() <= longest);
    let nearest = allowed.min_by_key(|time| time.millis().abs_diff(wanted));
    nearest.unwrap_or(PacketTime::ALL[0])
}

/// The RTP and RTCP addresses of a Remote, where both are said (RFC 3605).
pub(super) fn destination(one: &Description) -> Option<(SocketAddr, SocketAddr)> {
    let (Some(Connection::Address(address)), Port::Number(port)) = (one.connection, one.media.port)
    else {
        return None;
    };
    let said = one.attributes.iter().find_map(|attribute| match attribute {
        Attribute::Rtcp { port, rest } => Some((*port, rtcp_address(rest).unwrap_or(address))),
        Attribute::Rtpmap { .. }
        | Attribute::Fmtp { .. }
        | Attribute::Crypto(_)
        | Attribute::Other(_) => None,
    });
    let (rtcp_port, rtcp_address) = match said {
        Some(said) => said,
        None => (port.checked_add(1)?, address),
    };
    let to = SocketAddr::new(address, port);
    Some((to, SocketAddr::new(rtcp_address, rtcp_port)))
}

/// The address of `IN IP4 address`, behind the port.
fn rtcp_address(rest: &str) -> Option<IpAddr> {
    let mut words = rest.split_ascii_whitespace();
    match (words.next()?, words.next()?, words.next()?) {
        ("IN", "IP4" | "IP6", address) => address.parse().ok(),
        _ => None,
    }
}
