//! The ladder of one test.

use std::borrow::Cow;

use transport_h248::Carrier;

use crate::{
    capture::{Address, Captured, Encoding, Transport},
    conform::{decoded::is_binary, outcome::Exchanged, purpose::Role},
    ladder::Ladder,
};

/// The messages of a test as lines of a ladder.
pub(super) fn ladder(role: Role, messages: &[Exchanged]) -> String {
    let Some(first) = messages.first() else {
        return String::new();
    };
    let controller = match role {
        Role::Mg => first.local,
        Role::Mgc => first.peer.socket,
    };
    let mut ladder = Ladder::with_controller(controller);
    let numbered = messages.iter().zip(1..);
    let lines = numbered.flat_map(|(message, frame)| ladder.draw(&captured(message, frame)));
    lines.collect::<Vec<_>>().join("\n")
}

fn captured(message: &Exchanged, frame: u64) -> Captured<'_> {
    let (local, peer) = (message.local, message.peer.socket);
    let (from, to) = match message.sent {
        true => (local, peer),
        false => (peer, local),
    };
    Captured {
        time: message.at,
        frame,
        from: Address::from(from),
        to: Address::from(to),
        transport: match message.peer.carrier {
            Carrier::Udp => Transport::Udp,
            Carrier::Tcp => Transport::Tpkt,
            Carrier::Sctp => Transport::Sctp,
        },
        encoding: match is_binary(&message.octets) {
            true => Encoding::Binary,
            false => Encoding::Text,
        },
        octets: Cow::Borrowed(&message.octets),
    }
}
