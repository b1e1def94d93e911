//! The offer of a party that joins (RFC 3264 5).

use super::{
    Audio, NO_CODEC,
    parse::{Direction, Section, Session},
};

/// An offer that the platform can answer.
#[derive(Clone, Debug, Eq, PartialEq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Offer {
    /// The audio stream that is taken.
    pub(crate) audio: Audio,
    /// Which of `lines` that is.
    pub(super) chosen: usize,
    /// Which way it flows, seen from the party.
    pub(crate) direction: Direction,
    /// `t=`, which an answer repeats (RFC 3264 6).
    pub(super) timing: String,
    /// Every `m=`, because an answer has as many (RFC 3264 6).
    pub(super) lines: Vec<Line>,
}

/// An `m=` as far as a refusal of it repeats it.
#[derive(Clone, Debug, Eq, PartialEq, serde::Serialize, serde::Deserialize)]
pub(super) struct Line {
    pub(super) kind: String,
    pub(super) transport: String,
    pub(super) formats: String,
}

impl Offer {
    /// That of a Termination which no party sends to or receives from.
    pub(crate) fn of_nobody() -> Self {
        Self {
            audio: Audio::of_nobody(),
            chosen: 0,
            direction: Direction::Inactive,
            timing: String::new(),
            lines: Vec::new(),
        }
    }

    /// That of a Termination which no party sends to or receives from, but which hears what is there: in
    /// the best codec that its gateway receives from any of these.
    pub(crate) fn of_listener<'a>(known: impl Iterator<Item = &'a Audio>) -> Self {
        let mut offer = Self::of_nobody();
        offer.direction = Direction::RecvOnly;
        let best = known
            .filter_map(Audio::best)
            .max_by_key(|format| format.codec.rate());
        if let Some(best) = best {
            offer.audio.formats = vec![best];
        }
        offer
    }

    /// Reads an offer, or says why it cannot be used.
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        if !text.starts_with("v=") {
            return Err("it does not begin with v=0");
        }
        let session = Session::parse(text)?;
        let chosen = choose(&session.sections)?;
        let section = &session.sections[chosen];
        Ok(Self {
            audio: Audio::from_section(&session, section)?,
            chosen,
            direction: section
                .direction
                .or(session.direction)
                .unwrap_or(Direction::SendRecv),
            timing: session.timing.unwrap_or("0 0").to_owned(),
            lines: session.sections.iter().map(Line::of).collect(),
        })
    }
}

impl Line {
    fn of(section: &Section<'_>) -> Self {
        Self {
            kind: section.kind.to_owned(),
            transport: section.transport.to_owned(),
            formats: section.formats.to_owned(),
        }
    }
}

/// The first audio stream that is switched on and speaks a known codec over plain RTP.
fn choose(sections: &[Section<'_>]) -> Result<usize, &'static str> {
    let mut fault = "m=audio is missing";
    for (index, section) in sections.iter().enumerate() {
        if section.kind != "audio" {
            continue;
        }
        fault = if section.port == 0 {
            "the port of m=audio is 0"
        } else if !matches!(section.transport, "RTP/AVP" | "RTP/SAVP") {
            "m=audio is not over RTP/AVP or RTP/SAVP"
        } else if section.transport == "RTP/SAVP" && section.keys().is_empty() {
            "m=audio is over RTP/SAVP without a=crypto"
        } else if !section.has_codec() {
            NO_CODEC
        } else {
            return Ok(index);
        };
    }
    Err(fault)
}
