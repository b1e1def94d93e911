//! What the payload types of a session description stand for.

use mg_contract::{AudioCodec, EventFormat, Opus, PayloadFormat, Rate};

use super::opus;
use crate::{
    codecs::{Codecs, alike},
    gateway::sdp::{Attribute, Description, Format, Port},
};

/// The first payload type that has no meaning of old (RFC 3551 6), and the one after the last.
const DYNAMIC: std::ops::Range<u8> = 96..128;
/// Formats of old, which need no `a=rtpmap` (RFC 3551 6). L16 of old, 10 and 11, has a rate that is not
/// among those of the engine.
const OF_OLD: [PayloadFormat; 3] = [
    PayloadFormat {
        payload_type: 0,
        codec: AudioCodec::Pcmu,
    },
    PayloadFormat {
        payload_type: 8,
        codec: AudioCodec::Pcma,
    },
    PayloadFormat {
        payload_type: 9,
        codec: AudioCodec::G722,
    },
];
/// Comfort noise of old (RFC 3551 6).
const NOISE_OF_OLD: u8 = 13;

/// The audio formats of a description that the engine knows, in the description's order; none where it
/// is no audio, or switched off.
pub(crate) fn audio_formats(one: &Description) -> Vec<PayloadFormat> {
    let media = &one.media;
    let protocol = matches!(media.protocol.as_str(), "RTP/AVP" | "RTP/SAVP");
    if media.kind != "audio" || !protocol || media.port == Port::Number(0) {
        return Vec::new();
    }
    let mut formats: Vec<PayloadFormat> = Vec::new();
    for payload_type in payload_types(one) {
        let known = formats
            .iter()
            .any(|other| other.payload_type == payload_type);
        let format = audio_format(one, payload_type).filter(|_| !known);
        formats.extend(format);
    }
    formats
}

/// The payload types of the media line, in its order.
pub(super) fn payload_types(one: &Description) -> impl Iterator<Item = u8> {
    let mut formats = one.media.formats.iter();
    std::iter::from_fn(move || {
        formats.find_map(|format| match format {
            Format::PayloadType(number) => Some(*number),
            Format::Choose | Format::Word(_) => None,
        })
    })
}

fn audio_format(one: &Description, payload_type: u8) -> Option<PayloadFormat> {
    let Some((encoding, rate)) = rtpmap(one, payload_type) else {
        let of_old = OF_OLD.iter().find(|one| one.payload_type == payload_type);
        return of_old.copied();
    };
    let codec = match codec(encoding, rate)? {
        AudioCodec::Opus(_) => AudioCodec::Opus(opus::sent(parameters(one, payload_type))),
        codec @ (AudioCodec::Pcmu | AudioCodec::Pcma | AudioCodec::G722 | AudioCodec::L16(_)) => {
            codec
        }
    };
    Some(PayloadFormat {
        payload_type,
        codec,
    })
}

/// The codec of an `a=rtpmap`: its name, in any case, its clock rate, and its channels where it says any.
/// Opus has two whatever it carries (RFC 7587 7), which some leave out.
fn codec(encoding: &str, rate: &str) -> Option<AudioCodec> {
    let (hz, channels) = rate.split_once('/').unwrap_or((rate, "1"));
    let is = |name: &str| encoding.eq_ignore_ascii_case(name);
    match (hz, channels) {
        ("48000", "1" | "2") if is("opus") => Some(AudioCodec::Opus(Opus::default())),
        ("8000", "1") if is("PCMU") => Some(AudioCodec::Pcmu),
        ("8000", "1") if is("PCMA") => Some(AudioCodec::Pcma),
        ("8000", "1") if is("G722") => Some(AudioCodec::G722),
        (hz, "1") if is("L16") => {
            let mut rates = Rate::ALL.into_iter();
            let rate = rates.find(|rate| rate.hz().to_string() == hz)?;
            Some(AudioCodec::L16(rate))
        }
        _ => None,
    }
}

/// What `a=rtpmap` says of a codec behind its payload type: name, and rate with channels.
fn map_of(codec: AudioCodec) -> (&'static str, String) {
    let channels = match codec {
        AudioCodec::Opus(_) => "/2",
        AudioCodec::Pcmu | AudioCodec::Pcma | AudioCodec::G722 | AudioCodec::L16(_) => "",
    };
    (codec.name(), format!("{}{channels}", codec.clock_rate()))
}

fn rtpmap(one: &Description, wanted: u8) -> Option<(&str, &str)> {
    one.attributes.iter().find_map(|attribute| match attribute {
        Attribute::Rtpmap {
            payload_type,
            encoding,
            rate,
        } if *payload_type == wanted => Some((encoding.as_str(), rate.as_str())),
        Attribute::Rtpmap { .. }
        | Attribute::Fmtp { .. }
        | Attribute::Rtcp { .. }
        | Attribute::Crypto(_)
        | Attribute::Other(_) => None,
    })
}

/// What the first `a=fmtp` of a payload type says.
pub(super) fn parameters(one: &Description, wanted: u8) -> Option<&str> {
    one.attributes.iter().find_map(|attribute| match attribute {
        Attribute::Fmtp {
            payload_type,
            parameters,
        } if *payload_type == wanted => Some(parameters.as_str()),
        Attribute::Fmtp { .. }
        | Attribute::Rtpmap { .. }
        | Attribute::Rtcp { .. }
        | Attribute::Crypto(_)
        | Attribute::Other(_) => None,
    })
}

/// The telephone events of a description, which are beside the audio and no alternative to it: whatever
/// their events, but at the clock of one of `formats` (RFC 4733 2.1).
pub(super) fn events(one: &Description, formats: &[PayloadFormat]) -> Vec<EventFormat> {
    let event = |payload_type| {
        let (encoding, rate) = rtpmap(one, payload_type)?;
        let clock_rate = rate.strip_suffix("/1").unwrap_or(rate).parse().ok()?;
        let fits = |format: &PayloadFormat| format.codec.clock_rate() == clock_rate;
        let is_event = encoding.eq_ignore_ascii_case("telephone-event");
        (is_event && formats.iter().any(fits)).then_some(EventFormat {
            payload_type,
            clock_rate,
        })
    };
    payload_types(one).filter_map(event).collect()
}

/// Those of them that stand for DTMF, one for each clock rate.
pub(super) fn digit_events(one: &Description, formats: &[PayloadFormat]) -> Vec<EventFormat> {
    let mut found: Vec<EventFormat> = Vec::new();
    for event in events(one, formats) {
        let known = found
            .iter()
            .any(|other| other.clock_rate == event.clock_rate);
        if !known && has_digits(parameters(one, event.payload_type)) {
            found.push(event);
        }
    }
    found
}

/// The payload type of comfort noise (RFC 3389), which is beside audio with its clock of 8 kHz.
pub(super) fn noise(one: &Description, formats: &[PayloadFormat]) -> Option<u8> {
    let is_noise = |payload_type: &u8| match rtpmap(one, *payload_type) {
        Some((encoding, rate)) => {
            encoding.eq_ignore_ascii_case("CN") && matches!(rate, "8000" | "8000/1")
        }
        None => *payload_type == NOISE_OF_OLD,
    };
    let fits = |format: &PayloadFormat| format.codec.clock_rate() == Rate::Narrow.hz();
    let fits = formats.iter().any(fits);
    payload_types(one).find(is_noise).filter(|_| fits)
}

/// Whether the digits 0 to 9, `*` and `#` are among the events of a payload type: all of DTMF are
/// where its `fmtp` does not list others (RFC 4733 2.4.1).
fn has_digits(listed: Option<&str>) -> bool {
    let Some(listed) = listed else {
        return true;
    };
    let ranges = listed.split(',').filter_map(|range| {
        let range = range.trim().trim_start_matches("events=");
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        Some(first.parse::<u8>().ok()?..=last.parse::<u8>().ok()?)
    });
    let ranges: Vec<_> = ranges.collect();
    (0..=11).all(|digit| ranges.iter().any(|range| range.contains(&digit)))
}

/// Puts formats in place of `$` on the media line: all that the gateway speaks, or those that
/// `a=rtpmap:$` names, with the payload types that the other direction has for them.
pub(super) fn fill_in(one: &mut Description, far: &[PayloadFormat], codecs: &Codecs) {
    let choose = |format: &Format| *format == Format::Choose;
    let Some(place) = one.media.formats.iter().position(choose) else {
        return;
    };
    let mut taken: Vec<u8> = payload_types(one).collect();
    let mut listed = audio_formats(one);
    let named = named(one);
    let mut chosen = Vec::new();
    for codec in codecs.all() {
        let is_named = named.is_empty() || named.iter().flatten().any(|name| alike(*name, codec));
        let is_listed = listed.iter().any(|format| alike(format.codec, codec));
        if !is_named || is_listed {
            continue;
        }
        let Some(payload_type) = free_type(codec, far, &taken) else {
            continue;
        };
        let format = PayloadFormat {
            payload_type,
            codec,
        };
        taken.push(payload_type);
        listed.push(format);
        chosen.push(Format::PayloadType(payload_type));
        if !OF_OLD.contains(&format) {
            one.attributes.push(rtpmap_of(format));
        }
    }
    one.media.formats.splice(place..=place, chosen);
    one.media.formats.retain(|format| !choose(format));
}

/// What `a=rtpmap:$` names; one that is not understood is `None`.
fn named(one: &Description) -> Vec<Option<AudioCodec>> {
    let maps = one
        .attributes
        .iter()
        .filter_map(|attribute| match attribute {
            Attribute::Other(text) => text.strip_prefix("rtpmap:")?.trim().strip_prefix('$'),
            Attribute::Rtpmap { .. }
            | Attribute::Fmtp { .. }
            | Attribute::Rtcp { .. }
            | Attribute::Crypto(_) => None,
        });
    let codec = |map: &str| {
        let (encoding, rate) = map.trim().split_once('/')?;
        codec(encoding, rate)
    };
    maps.map(codec).collect()
}

fn free_type(codec: AudioCodec, far: &[PayloadFormat], taken: &[u8]) -> Option<u8> {
    let of = |formats: &[PayloadFormat]| {
        let mut formats = formats.iter();
        let found = formats.find(|format| alike(format.codec, codec));
        found.map(|format| format.payload_type)
    };
    let is_free = |payload_type: &u8| !taken.contains(payload_type);
    if let Some(of_old) = of(&OF_OLD) {
        return Some(of_old).filter(is_free);
    }
    let of_others = |number: &u8| far.iter().any(|format| format.payload_type == *number);
    let unused = DYNAMIC.filter(|number| is_free(number) && !of_others(number));
    of(far).filter(is_free).or(unused.min())
}

/// The `a=rtpmap` of a format.
fn rtpmap_of(format: PayloadFormat) -> Attribute {
    let (encoding, rate) = map_of(format.codec);
    Attribute::Rtpmap {
        payload_type: format.payload_type,
        encoding: encoding.to_owned(),
        rate,
    }
}

/// The codecs that the gateway speaks, each with a payload type and its `a=rtpmap`, for an audit.
pub(super) fn every_format(codecs: &Codecs) -> Vec<(PayloadFormat, Option<Attribute>)> {
    let mut taken = Vec::new();
    let mut formats = Vec::new();
    for codec in codecs.all() {
        let Some(payload_type) = free_type(codec, &[], &taken) else {
            continue;
        };
        taken.push(payload_type);
        let format = PayloadFormat {
            payload_type,
            codec,
        };
        let map = (!OF_OLD.contains(&format)).then(|| rtpmap_of(format));
        formats.push((format, map));
    }
    formats
}
