//! The parameters of Opus (RFC 7587 6.1).

use mg_contract::{Opus, Rate};

use crate::codecs::OPUS_BITS;

/// What we write of what we like to receive where a controller says nothing of it: packets that help to
/// restore the one before.
const WITH_FEC: &str = "useinbandfec=1";

/// How a far end that says this is sent to. What it says of what it sends does not matter, nor does
/// `stereo`, by which it may have mono.
pub(super) fn sent(parameters: Option<&str>) -> Opus {
    let usual = Opus::default();
    let value = |wanted: &str| {
        let mut all = pairs(parameters.unwrap_or_default());
        let found = all.find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        found.and_then(|(_, value)| value.parse::<u32>().ok())
    };
    let bits = value("maxaveragebitrate");
    Opus {
        rate: match value("maxplaybackrate") {
            Some(..=8_000) => Rate::Narrow,
            Some(..=16_000) => Rate::Wide,
            Some(_) | None => usual.rate,
        },
        fec: value("useinbandfec") == Some(1),
        dtx: value("usedtx") == Some(1),
        bit_rate: bits.map_or(OPUS_BITS.1, |bits| bits.clamp(OPUS_BITS.0, OPUS_BITS.1)),
    }
}

/// What our Local says where a controller says this of it: one channel, since that is what is mixed, and
/// something in place of each `$`.
pub(super) fn received(parameters: Option<&str>) -> String {
    let mut has_fec = false;
    let mut kept = Vec::new();
    for (name, value) in pairs(parameters.unwrap_or_default()) {
        let is = |wanted: &str| name.eq_ignore_ascii_case(wanted);
        has_fec |= is("useinbandfec") && value != "$";
        let open = value == "$" || name == "$";
        let is_rate = is("maxplaybackrate") || is("sprop-maxcapturerate");
        match (open, is("stereo") || is("sprop-stereo")) {
            (false, false) if value.is_empty() => kept.push(name.to_owned()),
            (false, false) => kept.push(format!("{name}={value}")),
            (true, false) if is_rate => kept.push(format!("{name}=48000")),
            (true, _) | (_, true) => {}
        }
    }
    if !has_fec {
        kept.push(WITH_FEC.to_owned());
    }
    kept.join(";")
}

/// Names and values.
fn pairs(parameters: &str) -> impl Iterator<Item = (&str, &str)> {
    parameters.split(';').filter_map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let name = name.trim();
        (!name.is_empty()).then_some((name, value.trim()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: Opus = Opus {
        rate: Rate::Full,
        fec: false,
        dtx: false,
        bit_rate: 128_000,
    };

    #[test]
    fn the_far_ends_parameters_say_how_it_is_sent_to() {
        let fec = Opus { fec: true, ..USUAL };
        let rate = |rate| Opus { rate, ..USUAL };
        let bits = |bit_rate| Opus { bit_rate, ..USUAL };
        for (parameters, expected) in [
            ("", USUAL),
            ("minptime=10;useinbandfec=1", fec),
            (" UseInbandFec = 1 ; x ; =1;;", fec),
            ("useinbandfec=0;usedtx=0", USUAL),
            ("useinbandfec=yes;usedtx=-1", USUAL),
            ("usedtx=1", Opus { dtx: true, ..USUAL }),
            ("maxplaybackrate=8000", rate(Rate::Narrow)),
            ("maxplaybackrate=12000", rate(Rate::Wide)),
            ("maxplaybackrate=16000", rate(Rate::Wide)),
            ("maxplaybackrate=24000", rate(Rate::Full)),
            ("maxplaybackrate=99999999999", rate(Rate::Full)),
            (
                "sprop-maxcapturerate=8000;sprop-stereo=1;stereo=1;cbr=1",
                USUAL,
            ),
            ("maxaveragebitrate=1", bits(6_000)),
            ("maxaveragebitrate=20000", bits(20_000)),
            ("maxaveragebitrate=510000", bits(128_000)),
            ("maxaveragebitrate=-5", USUAL),
        ] {
            assert_eq!(sent(Some(parameters)), expected, "{parameters}");
        }
        assert_eq!(sent(None), USUAL);
    }

    #[test]
    fn our_own_are_mono_and_say_something_for_each_that_is_left_to_us() {
        for (given, expected) in [
            (None, "useinbandfec=1"),
            (Some("$"), "useinbandfec=1"),
            (Some("useinbandfec=0"), "useinbandfec=0"),
            (Some("stereo=1; sprop-stereo=1"), "useinbandfec=1"),
            (Some("useinbandfec=$;stereo=$;usedtx=$"), "useinbandfec=1"),
            (
                Some("minptime=10; usedtx=1;maxplaybackrate=$"),
                "minptime=10;usedtx=1;maxplaybackrate=48000;useinbandfec=1",
            ),
        ] {
            assert_eq!(received(given), expected, "{given:?}");
        }
    }
}
