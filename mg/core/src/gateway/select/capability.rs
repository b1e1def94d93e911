//! The session description of everything that can be received or sent (H.248.1 7.2.6).

use std::fmt::Write as _;

use codec_h248::descriptor::SessionDescription;
use mg_contract::CryptoSuite;

use super::formats::every_format;
use crate::codecs::Codecs;

/// The payload type of telephone events at the first clock; those at others follow.
const EVENTS: u8 = 101;

/// What can be received or sent, in the clear and, where keys can be made, by SRTP.
pub(crate) fn capability(codecs: &Codecs, makes_keys: bool) -> SessionDescription<'static> {
    let mut text = description(codecs, "RTP/AVP");
    if makes_keys {
        text.push_str(&description(codecs, "RTP/SAVP"));
        for (place, suite) in CryptoSuite::ALL.into_iter().enumerate() {
            let _ = write!(text, "a=crypto:{} {} inline:$\r\n", place + 1, suite.name());
        }
    }
    SessionDescription::new(text.into_bytes())
}

fn description(codecs: &Codecs, protocol: &str) -> String {
    let mut clocks: Vec<u32> = Vec::new();
    let (mut types, mut attributes) = (String::new(), String::new());
    for (format, map) in every_format(codecs) {
        let _ = write!(types, " {}", format.payload_type);
        if let Some(map) = map {
            let _ = write!(attributes, "a={map}\r\n");
        }
        let clock = format.codec.clock_rate();
        if !clocks.contains(&clock) {
            clocks.push(clock);
        }
    }
    for (number, clock) in (EVENTS..).zip(clocks) {
        let _ = write!(types, " {number}");
        let _ = write!(attributes, "a=rtpmap:{number} telephone-event/{clock}\r\n");
        let _ = write!(attributes, "a=fmtp:{number} 0-15\r\n");
    }
    format!(
        "v=0\r\no=- $ 1 IN IP4 $\r\ns=-\r\nc=IN IP4 $\r\nt=0 0\r\nm=audio $ {protocol}{types}\r\n\
         {attributes}a=maxptime:60\r\na=rtcp-mux\r\n"
    )
}
