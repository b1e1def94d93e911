//! Chooses among the alternatives of a Local or a Remote (H.248.1 7.1.7, 7.1.8).

use mg_contract::{AudioCodec, PayloadFormat};

use super::{
    formats::{audio_formats, events, fill_in, noise},
    security::{self, Security},
};
use crate::{
    CommandError,
    codecs::{Codecs, alike},
    gateway::{
        sdp::{Attribute, Crypto, Description, Format},
        stream::Control,
    },
};

/// The other direction of a stream, as it is or will be: what is chosen is to fit it.
#[derive(Debug, Default)]
pub(super) struct Far {
    formats: Vec<PayloadFormat>,
    security: Vec<Security>,
}

impl Far {
    /// That of what is understood of these descriptions.
    pub(super) fn of(descriptions: &[Description], codecs: &Codecs) -> Self {
        let mut far = Self::default();
        for one in descriptions {
            let formats = audio_formats(one);
            let known = formats
                .into_iter()
                .filter(|format| codecs.has(format.codec));
            let before = far.formats.len();
            far.formats.extend(known);
            if far.formats.len() > before {
                far.security.extend(security::all_of(one));
            }
        }
        far
    }

    fn has(&self, codec: AudioCodec) -> bool {
        self.formats.iter().any(|format| alike(format.codec, codec))
    }
}

/// Who chooses.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chooser<'a> {
    /// The codecs that the gateway speaks.
    pub(super) codecs: &'a Codecs,
    /// How many are to be chosen.
    pub(super) control: &'a Control,
    /// Whether we write it, and may choose a key.
    pub(super) makes_keys: bool,
}

/// An alternative of which something is understood.
struct Known {
    description: Description,
    formats: Vec<PayloadFormat>,
    /// Its place among all.
    security: Option<Crypto>,
    /// Whether packets are protected as those of the other direction are.
    fits: bool,
}

impl Chooser<'_> {
    /// Chooses one format of one description, or as many as are to be reserved. Formats that the other
    /// direction has, too, come before those that it has not, and before all a description whose packets
    /// are protected as those of the other direction.
    pub(super) fn choose(
        self,
        offers: &[Description],
        far: &Far,
    ) -> Result<Vec<Description>, CommandError> {
        let known: Vec<Known> = offers
            .iter()
            .filter_map(|one| self.known(one, far))
            .collect();
        let Some(first) = known.first() else {
            return if self.control.reserve_value || self.control.reserve_group {
                Ok(Vec::new())
            } else {
                Err(CommandError::UnsupportedMedia)
            };
        };
        if !self.control.reserve_group {
            let common = |one: &&Known| one.formats.iter().any(|format| far.has(format.codec));
            let mut fitting = known.iter().filter(|one| one.fits);
            let best = fitting.clone().find(common).or(fitting.next());
            let best = best.or(known.iter().find(common)).unwrap_or(first);
            return Ok(vec![self.narrowed(best, far)]);
        }
        let mut picked: Vec<Description> = Vec::new();
        for description in known.iter().map(|one| self.narrowed(one, far)) {
            if !picked.iter().any(|other| conflict(other, &description)) {
                picked.push(description);
            }
        }
        Ok(picked)
    }

    /// What is understood of an alternative, with something in place of each `$` of its media line but
    /// the port.
    fn known(self, offer: &Description, far: &Far) -> Option<Known> {
        let mut description = offer.clone();
        let media = &mut description.media;
        if media.kind == "$" {
            "audio".clone_into(&mut media.kind);
        }
        if media.protocol == "$" {
            security::protocol(&far.security).clone_into(&mut media.protocol);
        }
        fill_in(&mut description, &far.formats, self.codecs);
        let mut formats = audio_formats(&description);
        formats.retain(|format| self.codecs.has(format.codec));
        let security = security::choose(&description, &far.security, self.makes_keys)?;
        (!formats.is_empty()).then(|| Known {
            fits: security::fits(security.as_ref(), &far.security),
            description,
            formats,
            security,
        })
    }

    fn narrowed(self, known: &Known, far: &Far) -> Description {
        let formats = &known.formats;
        let common = || formats.iter().find(|format| far.has(format.codec));
        let kept = match self.control.reserve_value {
            true => formats.as_slice(),
            false => std::slice::from_ref(common().unwrap_or(&formats[0])),
        };
        narrow(&known.description, kept, known.security.as_ref())
    }
}

/// Whether one payload type means two things.
fn conflict(one: &Description, other: &Description) -> bool {
    let others = audio_formats(other);
    audio_formats(one).iter().any(|format| {
        let mut same = others
            .iter()
            .filter(|o| o.payload_type == format.payload_type);
        same.any(|o| !alike(o.codec, format.codec))
    })
}

/// Keeps `formats`, the comfort noise and events that go with them, the key of `security`, and what is said of those.
fn narrow(
    offer: &Description,
    formats: &[PayloadFormat],
    security: Option<&Crypto>,
) -> Description {
    let mut one = offer.clone();
    let events = events(offer, formats);
    let events = events.iter().map(|event| event.payload_type);
    let audio = formats.iter().map(|format| format.payload_type);
    let kept: Vec<u8> = audio.chain(noise(offer, formats)).chain(events).collect();
    one.media.formats = kept.iter().copied().map(Format::PayloadType).collect();
    one.attributes.retain(|attribute| match attribute {
        Attribute::Rtpmap { payload_type, .. } | Attribute::Fmtp { payload_type, .. } => {
            kept.contains(payload_type)
        }
        Attribute::Crypto(_) => false,
        Attribute::Rtcp { .. } => true,
        Attribute::Other(text) => !["rtpmap:", "fmtp:", "crypto:"]
            .iter()
            .any(|name| text.starts_with(name)),
    });
    one.attributes
        .extend(security.cloned().map(Attribute::Crypto));
    one
}
