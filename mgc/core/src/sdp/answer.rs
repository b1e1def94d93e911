//! The answer to an offer (RFC 3264 6), with what the gateway chose.

use std::fmt::Write as _;

use super::{Audio, Offer, offer::Line, parse::Direction};

/// Packet time where neither the offer nor the gateway names one.
const PTIME_MS: u32 = 20;

/// The answer: the gateway's stream in the place of the chosen one, the others refused.
pub(crate) fn answer(offer: &Offer, local: &Audio, session: u32) -> String {
    let kind = local.address_type();
    let address = local.address;
    let mut text = format!(
        "v=0\r\no=- {session} 1 IN {kind} {address}\r\ns=-\r\nc=IN {kind} {address}\r\nt={}\r\n",
        offer.timing
    );
    for (index, line) in offer.lines.iter().enumerate() {
        if index == offer.chosen {
            accept(&mut text, offer, local);
        } else {
            refuse(&mut text, line);
        }
    }
    text
}

fn accept(text: &mut String, offer: &Offer, local: &Audio) {
    local.write_media(text, &local.port.to_string());
    local.write_formats(text, |_| true);
    let ptime = local.ptime_ms.or(offer.audio.ptime_ms).unwrap_or(PTIME_MS);
    local.write_ptime(text, Some(ptime));
    local.write_transport(text);
    let direction = mirrored(offer.direction);
    let _ = write!(text, "a={direction}\r\n");
}

fn refuse(text: &mut String, line: &Line) {
    let Line {
        kind,
        transport,
        formats,
    } = line;
    let _ = write!(text, "m={kind} 0 {transport} {formats}\r\n");
}

/// What a party sends is what the other one receives (RFC 3264 6.1).
fn mirrored(direction: Direction) -> &'static str {
    match direction {
        Direction::SendRecv => "sendrecv",
        Direction::SendOnly => "recvonly",
        Direction::RecvOnly => "sendonly",
        Direction::Inactive => "inactive",
    }
}
