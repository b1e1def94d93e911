//! Whether each leg heard those who talked, by their tones.

use super::{
    rooms::Rooms,
    traffic::Heard,
    voices::{VOICES, tones},
};
use crate::phones::{
    HEARD_WITHIN_DB, Stretch,
    codec::{self, Codec},
    opus::Stretcher,
};

/// The latest packets that are judged, 200 ms.
const JUDGED: usize = 10;

/// The legs that did not hear exactly the voices of those who talked.
pub(super) fn deaf(rooms: Rooms, heard: &[Heard]) -> usize {
    let legs = heard.iter().enumerate();
    legs.filter(|(leg, heard)| !hears(rooms, *leg, heard))
        .count()
}

fn hears(rooms: Rooms, leg: usize, heard: &Heard) -> bool {
    let mut stretcher = Stretcher::default();
    let frame = |payload: &Vec<u8>| match rooms.codec(leg) {
        Codec::Opus => stretcher.decode(payload).to_vec(),
        Codec::Pcmu | Codec::Pcma => {
            let octets = payload.iter();
            octets.map(|&o| codec::decode(codec::Law::Mu, o)).collect()
        }
    };
    let frames: Vec<Vec<i16>> = heard.iter().map(frame).collect();
    let late = frames.len().saturating_sub(JUDGED);
    let stretch = Stretch::hann(&frames[late..].concat());
    tones().iter().enumerate().all(|(voice, tone)| {
        let mut talkers = (voice..rooms.talking).step_by(VOICES);
        let must = talkers.any(|talker| talker != rooms.place(leg));
        let level = stretch.level(tone.frequency).0;
        must == (level >= tone.level.0 - HEARD_WITHIN_DB)
    })
}
