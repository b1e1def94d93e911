//! Where messages begin and end in what TCP carries: TPKT frames, or one message behind the other.

mod binary;
mod text;

use super::{
    Encoding, Kind, Transport,
    detect::{ENOUGH, looks, may_begin},
    outlet::Outlet,
};

/// A message without a frame may not be longer, decodable or not.
const LONGEST: usize = 256 << 10;
/// Octets of a TPKT header (RFC 1006 6).
const HEADER: usize = 4;

/// How one way of a connection is framed, as far as that is known.
#[derive(Debug, Default)]
pub(super) enum Framing {
    #[default]
    Unknown,
    Tpkt,
    Text(text::Scan),
    Binary(binary::Walk),
    Other,
}

/// What stands at the beginning of octets.
enum Next {
    /// Something of so many octets, which is dealt with.
    Past(usize),
    /// A message without a frame, of so many octets.
    Message(usize),
    /// Another framing.
    Turns(Framing),
    /// The beginning of something.
    Part,
    /// Nothing that can be framed.
    Lost,
}

impl Framing {
    /// Gives the messages that `octets` begin with; returns how many octets are done with, the rest
    /// being the beginning of a message. `pushed` is whether the sender has nothing more to say.
    pub(super) fn take(
        &mut self,
        octets: &[u8],
        pushed: bool,
        outlet: &mut Outlet<'_, '_>,
    ) -> usize {
        let mut used = 0;
        while used < octets.len() {
            let rest = &octets[used..];
            match self.next(rest, pushed, outlet) {
                Next::Past(length) => used += length,
                Next::Turns(framing) => *self = framing,
                Next::Part => return used,
                Next::Message(length) => {
                    outlet.transport = Transport::Tcp;
                    outlet.judge(&rest[..length]);
                    used += length;
                    *self = Self::Unknown;
                }
                Next::Lost => {
                    outlet.count(Kind::BadFrame);
                    *self = Self::Unknown;
                    return octets.len();
                }
            }
        }
        used
    }

    fn next(&mut self, rest: &[u8], pushed: bool, outlet: &mut Outlet<'_, '_>) -> Next {
        let found = match self {
            Self::Unknown => return begin(rest, outlet),
            Self::Tpkt => return frame(rest, outlet),
            Self::Other => {
                outlet.count(Kind::OtherProtocol);
                return Next::Past(rest.len());
            }
            Self::Text(scan) => scan.end(rest, pushed),
            Self::Binary(walk) => walk.end(rest),
        };
        match found {
            Some(length) => Next::Message(length),
            None if rest.len() > LONGEST => Next::Lost,
            None => Next::Part,
        }
    }

    /// Whether what comes is of no use unless it begins a message.
    pub(super) fn is_other(&self) -> bool {
        matches!(self, Self::Other)
    }
}

/// How a connection is framed that goes on like this.
fn begin(octets: &[u8], outlet: &Outlet<'_, '_>) -> Next {
    if octets[0] == 3 {
        return begin_frame(octets, outlet);
    }
    match looks(octets, usize::MAX) {
        Some(Encoding::Text) => Next::Turns(Framing::Text(text::Scan::default())),
        Some(Encoding::Binary) => Next::Turns(Framing::Binary(binary::Walk::default())),
        None if may_begin(octets) => Next::Part,
        None if outlet.expected() => Next::Lost,
        None => Next::Turns(Framing::Other),
    }
}

fn begin_frame(octets: &[u8], outlet: &Outlet<'_, '_>) -> Next {
    let Some(length) = frame_length(octets) else {
        return if octets.len() < HEADER {
            Next::Part
        } else {
            Next::Turns(Framing::Other)
        };
    };
    let body = &octets[HEADER..length.min(octets.len())];
    if looks(body, length - HEADER).is_some() || outlet.expected() {
        return Next::Turns(Framing::Tpkt);
    }
    let whole = octets.len() >= length && length > HEADER;
    if !whole && may_begin(body) && octets.len() < ENOUGH {
        return Next::Part;
    }
    Next::Turns(Framing::Other)
}

/// The length of a TPKT frame with its header; nothing where there is no header.
fn frame_length(octets: &[u8]) -> Option<usize> {
    let [3, _, high, low] = octets.first_chunk::<HEADER>()? else {
        return None;
    };
    let length = usize::from(u16::from_be_bytes([*high, *low]));
    (length >= HEADER).then_some(length)
}

fn frame(octets: &[u8], outlet: &mut Outlet<'_, '_>) -> Next {
    match frame_length(octets) {
        Some(length) if octets.len() >= length => {
            outlet.transport = Transport::Tpkt;
            outlet.judge(&octets[HEADER..length]);
            Next::Past(length)
        }
        Some(_) => Next::Part,
        None if octets.len() < HEADER && octets[0] == 3 => Next::Part,
        None => Next::Lost,
    }
}
