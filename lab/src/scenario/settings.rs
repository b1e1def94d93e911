//! What a scenario is played with: who the tool is, how it speaks, and what names stand for.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use codec_h248::binary::BinaryProfile;
use transport_h248::Encoding;

use super::pattern::Names;

/// The side that the tool plays.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Role {
    /// The controller; what is under test is a gateway.
    Mgc,
    /// The gateway; what is under test is a controller.
    Mg,
}

impl Role {
    /// Both sides.
    pub(super) const ALL: [Self; 2] = [Self::Mgc, Self::Mg];

    /// The places of the tool.
    pub(super) fn places(self) -> &'static [&'static str] {
        match self {
            Self::Mgc => &["mgc1", "mgc2", "mgc3", "port2", "stranger"],
            Self::Mg => &["mg1", "mg2", "port2", "tcp", "ber"],
        }
    }

    /// The place that speaks where a scenario names none.
    pub fn home(self) -> &'static str {
        match self {
            Self::Mgc => "mgc1",
            Self::Mg => "mg1",
        }
    }
}

/// What a scenario is played with.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The side that the tool plays.
    pub role: Role,
    /// How messages are encoded.
    pub encoding: Encoding,
    /// Places that speak otherwise.
    pub encodings: BTreeMap<String, Encoding>,
    /// The version in headers, until a scenario says another one.
    pub version: u8,
    /// Values that every scenario has (`PX_NAME` and whatever else), by name.
    pub values: Names,
    /// The MIds of places; one that is not here speaks as `PX_MGC_MID` or `PX_MG_MID` says.
    pub mids: BTreeMap<String, String>,
    /// Packages, Termination ids and digit maps that both sides know.
    pub names: Arc<BinaryProfile>,
    /// The number before that of the first transaction.
    pub first_id: u32,
    /// So long a step waits that says nothing else.
    pub patience: Duration,
    /// Whether a request is sent again while no answer comes (Annex D.1).
    pub repeats: bool,
    /// A request that comes again so shortly after its answer has crossed it on the way.
    pub crossing: Duration,
    /// Whether a second error code is a failure where a row does not call it unverified.
    pub strict_codes: bool,
    /// Whether messages and steps are kept for a report.
    pub keeps: bool,
    /// Whether what fails is a difference, behind which the scenario goes on.
    pub goes_on: bool,
    /// How long a `pause` is, of what it says.
    pub pace: f64,
    /// No step waits longer, whatever it says.
    pub longest: Option<Duration>,
    /// So long a hook is waited for, beside what its step says.
    pub hook_limit: Duration,
    /// Where random octets come from.
    pub seed: u64,
}

/// Values of the catalogue's section 3.1, as they are for our own gateway in virtual time.
const DEFAULTS: [(&str, &str); 51] = [
    ("PX_ROLE", "MG"),
    ("PX_VERSION", "3"),
    ("mgcmid", "[192.0.2.1]:2944"),
    ("PX_MGC_MID", "[192.0.2.1]:2944"),
    ("PX_MG_MID", "[192.0.2.10]:2944"),
    ("PX_MGC2", "[192.0.2.2]:2944"),
    ("PX_PORT2", "2955"),
    ("PX_PHYS_1", "line/1"),
    ("PX_PHYS_2", "line/2"),
    ("PX_PHYS_GROUP", "line/*"),
    ("PX_EPH_PATTERN", "rtp/$"),
    ("PX_EPH_GROUP", "rtp/*"),
    ("PX_UNKNOWN_TERM", "nosuch/9"),
    ("PX_UNKNOWN_GROUP", "nosuch/*"),
    ("PX_UNKNOWN_CTX", "4294960000"),
    ("PX_CODEC", "8"),
    ("PX_CODEC2", "0"),
    ("PX_BAD_CODEC", "4"),
    ("PX_EVENT_1", "dd/d1"),
    ("PX_EVENT_2", "dd/d2"),
    ("PX_PHYS_EVENT", "al/of"),
    ("PX_ROOT_EVENT", "it/ito"),
    ("PX_SIGNAL", "cg/dt"),
    ("PX_SIGNAL_HZ", "425"),
    ("PX_SIGNAL_BR", "dg/d5"),
    ("PX_EVENT_1_KEY", "1"),
    ("PX_EVENT_2_KEY", "2"),
    ("PX_EVBUF_SIZE", "64"),
    ("PX_TDM_1", "tr/1/1"),
    ("PX_ONE_FAILS", "Events=4711 {al/of}"),
    ("PX_UNIMPL", "Signals {aasrec/playrec {prt=5}}"),
    ("PX_MAX_TERMS", "3"),
    ("PX_MAX_CTX", "2"),
    ("PX_T_REPLY", "2s"),
    ("PX_T_NOTIFY", "3s"),
    ("PX_T_TOTAL", "30s"),
    ("PX_RTO_MAX", "4s"),
    ("PX_T_MAX", "25s"),
    ("PX_LONG_TIMER", "30s"),
    ("PX_T_PEND", "2s"),
    ("PX_MWD", "2500ms"),
    ("PX_NET_DELAY", "20ms"),
    ("PX_MOVE_GAP", "100ms"),
    ("PX_MEDIA_OBS", "rtp"),
    ("PX_RTP", "198.51.100.1"),
    ("PX_RTP_A", "40000"),
    ("PX_RTP_B", "40002"),
    ("PX_RTP_C", "40004"),
    ("PX_RTP_D", "40006"),
    ("PX_RTP_E", "40008"),
    ("PX_RTP_F", "40010"),
];

/// The values that hold where nobody says others.
pub fn defaults() -> Names {
    let pairs = DEFAULTS.iter();
    pairs
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

impl Settings {
    /// The settings of a side, with the values of our own programs.
    pub fn new(role: Role, encoding: Encoding) -> Self {
        let mut values = defaults();
        values.insert("PX_ENCODING".to_owned(), encoding.to_string());
        Self {
            role,
            encoding,
            encodings: BTreeMap::new(),
            version: 3,
            values,
            mids: BTreeMap::new(),
            names: Arc::new(BinaryProfile::default()),
            first_id: 8_000,
            patience: Duration::from_secs(5),
            repeats: false,
            crossing: Duration::ZERO,
            strict_codes: false,
            keeps: true,
            goes_on: false,
            pace: 1.0,
            longest: None,
            hook_limit: Duration::from_secs(90),
            seed: 20_261_129,
        }
    }

    /// How a place speaks.
    pub fn encoding(&self, place: &str) -> Encoding {
        self.encodings.get(place).copied().unwrap_or(self.encoding)
    }

    /// Who speaks at a place.
    pub fn mid(&self, place: &str) -> &str {
        let own = match self.role {
            Role::Mgc => "PX_MGC_MID",
            Role::Mg => "PX_MG_MID",
        };
        let found = self.mids.get(place).or_else(|| self.values.get(own));
        found.map_or("[127.0.0.1]:2944", String::as_str)
    }
}
