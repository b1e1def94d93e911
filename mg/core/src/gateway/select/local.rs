//! Fills in what is the gateway's to say in a Local that has been chosen (H.248.1 7.1.8).

use std::net::IpAddr;

use mg_contract::{AudioCodec, PacketTime};

use super::{
    formats::{audio_formats, parameters},
    opus,
};
use crate::{
    CommandError,
    gateway::sdp::{Attribute, Connection, Description, Port},
    keys::Keys,
};

/// Puts address, port, key and parameters where they are left to us.
pub(super) fn make_local(
    one: &mut Description,
    port: u16,
    address: IpAddr,
    keys: Option<&Keys>,
) -> Result<(), CommandError> {
    match one.connection {
        Some(Connection::Address(given)) if given != address => {
            return Err(CommandError::ForeignAddress);
        }
        Some(Connection::Address(_) | Connection::Choose) | None => {}
    }
    one.connection = Some(Connection::Address(address));
    one.media.port = Port::Number(port);
    one.complete();
    settle_attributes(one, port);
    settle_opus(one);
    for attribute in &mut one.attributes {
        if let (Attribute::Crypto(crypto), Some(keys)) = (attribute, keys) {
            crypto.key.get_or_insert_with(|| keys.take());
        }
    }
    Ok(())
}

/// Says what attributes leave open that we know, and drops those that leave open what we do not know.
/// Where RTCP goes is not the controller's to say.
fn settle_attributes(one: &mut Description, port: u16) {
    let rtcp = match one.attribute("rtcp-mux") {
        Some(_) => port,
        None => port.saturating_add(1),
    };
    one.attributes.retain_mut(|attribute| match attribute {
        Attribute::Rtcp { .. } => false,
        Attribute::Other(text) => {
            let (name, value) = text.split_once(':').unwrap_or((text, ""));
            let chosen = match (name.trim_end(), value.trim()) {
                ("ptime", "$") => format!("ptime:{}", PacketTime::default().millis()),
                ("maxptime", "$") => format!("maxptime:{}", PacketTime::Ms60.millis()),
                ("rtcp", "$") => format!("rtcp:{rtcp}"),
                (_, "$") => return false,
                _ => return true,
            };
            *text = chosen;
            true
        }
        Attribute::Rtpmap { .. } | Attribute::Fmtp { .. } | Attribute::Crypto(_) => true,
    });
}

/// Says how we like to receive Opus, behind its `a=rtpmap`.
fn settle_opus(one: &mut Description) {
    for format in audio_formats(one) {
        if !matches!(format.codec, AudioCodec::Opus(_)) {
            continue;
        }
        let number = format.payload_type;
        let settled = Attribute::Fmtp {
            payload_type: number,
            parameters: opus::received(parameters(one, number)),
        };
        let is = |attribute: &Attribute, said: bool| match attribute {
            Attribute::Fmtp { payload_type, .. } => said && *payload_type == number,
            Attribute::Rtpmap { payload_type, .. } => !said && *payload_type == number,
            Attribute::Rtcp { .. } | Attribute::Crypto(_) | Attribute::Other(_) => false,
        };
        let attributes = &mut one.attributes;
        let said = attributes.iter().position(|attribute| is(attribute, true));
        let mapped = attributes.iter().position(|attribute| is(attribute, false));
        match (said, mapped) {
            (Some(place), _) => attributes[place] = settled,
            (None, Some(place)) => attributes.insert(place + 1, settled),
            (None, None) => attributes.push(settled),
        }
    }
}
