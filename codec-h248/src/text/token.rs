//! The keywords: one table for reader and writer (H.248.1 Annex B.2, tokens).
//!
//! No two keywords share a spelling, so one table serves every place; a place asks for a keyword
//! only where the grammar has one, and elsewhere the same word is a name or a value.

use super::lex::is_safe;

macro_rules! tokens {
    ($($name:ident = $long:literal / $short:literal;)*) => {
        /// A keyword.
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        pub(super) enum Token {
            $($name,)*
        }

        /// Each keyword with its long and its short spelling, in the order of [`Token`].
        const SPELLINGS: &[(Token, &str, &str)] = &[$((Token::$name, $long, $short),)*];
    };
}

tokens! {
    Add = "Add" / "A";
    AndLogic = "ANDLgc" / "ANDLgc";
    Audit = "Audit" / "AT";
    AuditCapability = "AuditCapability" / "AC";
    AuditValue = "AuditValue" / "AV";
    Authentication = "Authentication" / "AU";
    Both = "Both" / "B";
    Bothway = "Bothway" / "BW";
    Brief = "Brief" / "BR";
    Buffer = "Buffer" / "BF";
    Context = "Context" / "C";
    ContextAttr = "ContextAttr" / "CT";
    ContextAudit = "ContextAudit" / "CA";
    ContextList = "ContextList" / "CLT";
    Delay = "Delay" / "DL";
    DigitMap = "DigitMap" / "DM";
    Direction = "SPADirection" / "SPADI";
    Disconnected = "Disconnected" / "DC";
    Duration = "Duration" / "DR";
    Embed = "Embed" / "EM";
    Emergency = "Emergency" / "EG";
    EmergencyOff = "EmergencyOff" / "EGO";
    EmergencyValue = "EmergencyValue" / "EGV";
    End = "END" / "&";
    Error = "Error" / "ER";
    EventBuffer = "EventBuffer" / "EB";
    Events = "Events" / "E";
    External = "External" / "EX";
    Failover = "Failover" / "FL";
    Forced = "Forced" / "FO";
    Graceful = "Graceful" / "GR";
    H221 = "H221" / "H221";
    H223 = "H223" / "H223";
    H226 = "H226" / "H226";
    HandOff = "HandOff" / "HO";
    Ieps = "IEPSCall" / "IEPS";
    ImmAckRequired = "ImmAckRequired" / "IA";
    ImmediateNotify = "ImmediateNotify" / "NBIN";
    Inactive = "Inactive" / "IN";
    InService = "InService" / "IV";
    Internal = "Internal" / "IT";
    InterruptByEvent = "IntByEvent" / "IBE";
    InterruptByNewSignals = "IntBySigDescr" / "IBS";
    Intersignal = "Intersignal" / "SPAIS";
    Isolate = "Isolate" / "IS";
    Iteration = "Iteration" / "IR";
    KeepActive = "KeepActive" / "KA";
    Local = "Local" / "L";
    LocalControl = "LocalControl" / "O";
    LockStep = "LockStep" / "SP";
    Loopback = "Loopback" / "LB";
    Media = "Media" / "M";
    Megaco = "MEGACO" / "!";
    Method = "Method" / "MT";
    MgcIdToTry = "MgcIdToTry" / "MG";
    Mode = "Mode" / "MO";
    Modem = "Modem" / "MD";
    Modify = "Modify" / "MF";
    Move = "Move" / "MV";
    Mtp = "MTP" / "MTP";
    Mux = "Mux" / "MX";
    NeverNotify = "NeverNotify" / "NBNN";
    Notify = "Notify" / "N";
    NotifyCompletion = "NotifyCompletion" / "NC";
    Nx64k = "Nx64Kservice" / "N64";
    ObservedEvents = "ObservedEvents" / "OE";
    Off = "OFF" / "OFF";
    On = "ON" / "ON";
    Oneway = "Oneway" / "OW";
    OnewayBoth = "OnewayBoth" / "OWB";
    OnewayExternal = "OnewayExternal" / "OWE";
    OnOff = "OnOff" / "OO";
    OrLogic = "ORLgc" / "ORLgc";
    OtherReason = "OtherReason" / "OR";
    OutOfService = "OutOfService" / "OS";
    Packages = "Packages" / "PG";
    Pending = "Pending" / "PN";
    Priority = "Priority" / "PR";
    Profile = "Profile" / "PF";
    Reason = "Reason" / "RE";
    ReceiveOnly = "ReceiveOnly" / "RC";
    RegulatedNotify = "RegulatedNotify" / "NBRN";
    Remote = "Remote" / "R";
    Reply = "Reply" / "P";
    RequestId = "SPARequestID" / "SPARQ";
    ReservedGroup = "ReservedGroup" / "RG";
    ReservedValue = "ReservedValue" / "RV";
    ResetEventsDescriptor = "ResetEventsDescriptor" / "RSE";
    ResponseAck = "TransactionResponseAck" / "K";
    Restart = "Restart" / "RS";
    Segment = "Segment" / "SM";
    SendOnly = "SendOnly" / "SO";
    SendReceive = "SendReceive" / "SR";
    ServiceChange = "ServiceChange" / "SC";
    ServiceChangeAddress = "ServiceChangeAddress" / "AD";
    ServiceChangeInc = "ServiceChangeInc" / "SIC";
    Services = "Services" / "SV";
    ServiceStates = "ServiceStates" / "SI";
    SignalList = "SignalList" / "SL";
    Signals = "Signals" / "SG";
    SignalType = "SignalType" / "SY";
    Statistics = "Statistics" / "SA";
    Stream = "Stream" / "ST";
    Subtract = "Subtract" / "S";
    SynchIsdn = "SynchISDN" / "SN";
    TerminationState = "TerminationState" / "TS";
    Test = "Test" / "TE";
    TimeOut = "TimeOut" / "TO";
    Topology = "Topology" / "TP";
    Transaction = "Transaction" / "T";
    V18 = "V18" / "V18";
    V22 = "V22" / "V22";
    V22bis = "V22b" / "V22b";
    V32 = "V32" / "V32";
    V32bis = "V32b" / "V32b";
    V34 = "V34" / "V34";
    V76 = "V76" / "V76";
    V90 = "V90" / "V90";
    V91 = "V91" / "V91";
    Version = "Version" / "V";
}

/// What stands between a keyword and its value in pretty text.
pub(super) const PRETTY_EQUAL: &str = " = ";
/// What stands between a keyword and its value in compact text.
pub(super) const COMPACT_EQUAL: &str = "=";

/// A spelling with room behind it, so that it can be copied without a look at its length. The room
/// begins with the equals sign of the style that has the spelling.
pub(super) struct Spelled<const ROOM: usize> {
    pub(super) octets: [u8; ROOM],
    pub(super) length: usize,
}

static LONG: [Spelled<32>; SPELLINGS.len()] = {
    let mut table = [const { spelled("", "") }; SPELLINGS.len()];
    let mut row = 0;
    while row < SPELLINGS.len() {
        table[row] = spelled(SPELLINGS[row].1, PRETTY_EQUAL);
        row += 1;
    }
    table
};

static SHORT: [Spelled<8>; SPELLINGS.len()] = {
    let mut table = [const { spelled("", "") }; SPELLINGS.len()];
    let mut row = 0;
    while row < SPELLINGS.len() {
        table[row] = spelled(SPELLINGS[row].2, COMPACT_EQUAL);
        row += 1;
    }
    table
};

const fn spelled<const ROOM: usize>(name: &str, equal: &str) -> Spelled<ROOM> {
    let mut octets = [0; ROOM];
    let (head, room) = octets.split_at_mut(name.len());
    head.copy_from_slice(name.as_bytes());
    let (sign, _) = room.split_at_mut(equal.len());
    sign.copy_from_slice(equal.as_bytes());
    Spelled {
        octets,
        length: name.len(),
    }
}

/// Slots of the index, a power of two above four times the number of spellings.
const SLOTS: usize = 1 << SLOT_BITS;
const SLOT_BITS: u32 = 9;

/// One slot: the key of a spelling and its keyword.
#[derive(Clone, Copy)]
struct Slot {
    key: u64,
    token: Option<Token>,
}

/// The key of a free slot, which no word has.
const FREE: u64 = 0;

/// The spellings by the hash of their key; one that finds its slot taken stands in the next.
static INDEX: [Slot; SLOTS] = index();

const fn index() -> [Slot; SLOTS] {
    assert!(SPELLINGS.len() * 4 < SLOTS);
    let free = Slot {
        key: FREE,
        token: None,
    };
    let mut slots = [free; SLOTS];
    let mut row = 0;
    while row < SPELLINGS.len() {
        let (token, long, short) = SPELLINGS[row];
        slots = with_spelling(slots, key(long.as_bytes()), token);
        if key(long.as_bytes()) != key(short.as_bytes()) {
            slots = with_spelling(slots, key(short.as_bytes()), token);
        }
        row += 1;
    }
    slots
}

const fn with_spelling(mut slots: [Slot; SLOTS], key: u64, token: Token) -> [Slot; SLOTS] {
    let mut slot = hash(key);
    while slots[slot].key != FREE {
        slot = (slot + 1) % SLOTS;
    }
    slots[slot] = Slot {
        key,
        token: Some(token),
    };
    slots
}

/// What an octet is to a keyword of one or two letters: 1 to 26 for a letter, [`BEHIND`] for what no
/// word has, [`OTHER`] for the rest.
static LETTERS: [u8; 256] = {
    let mut letters = [BEHIND; 256];
    let mut octet = 0;
    while octet < 256 {
        if is_safe(octet as u8) {
            letters[octet] = letter(octet as u8);
        }
        octet += 1;
    }
    letters
};

const BEHIND: u8 = 0;
const OTHER: u8 = 31;
/// Bits of a letter.
const LETTER_BITS: u32 = 5;

const fn letter(octet: u8) -> u8 {
    match octet {
        b'A'..=b'Z' => octet - b'A' + 1,
        b'a'..=b'z' => octet - b'a' + 1,
        _ => OTHER,
    }
}

/// The keywords of one letter or two, by what these are.
static PAIRS: [Option<Token>; 1 << (2 * LETTER_BITS)] = {
    let mut pairs = [None; 1 << (2 * LETTER_BITS)];
    let mut row = 0;
    while row < SPELLINGS.len() {
        let (token, _, short) = SPELLINGS[row];
        match *short.as_bytes() {
            [one] if one.is_ascii_alphabetic() => pairs[pair(letter(one), BEHIND)] = Some(token),
            [one, two] => pairs[pair(letter(one), letter(two))] = Some(token),
            _ => {}
        }
        row += 1;
    }
    pairs
};

#[inline]
const fn pair(one: u8, two: u8) -> usize {
    (one as usize) << LETTER_BITS | two as usize
}

/// Octets that a key holds as they are.
const KEPT: usize = 8;

/// What the word says in lower case, up to eight octets of it. No two words of `SafeChar` that are
/// no longer have one key, since only a letter becomes a letter by its sixth bit; a longer word has
/// a key of another kind, by the first eight octets and the length.
const fn key(word: &[u8]) -> u64 {
    let mut octets = [0; KEPT];
    let mut at = 0;
    while at < word.len() && at < KEPT {
        octets[at] = word[at];
        at += 1;
    }
    if word.len() > KEPT {
        return long_key(octets, word.len());
    }
    short_key(octets, word.len())
}

/// The key of a word of at most eight octets, which are the first of these.
#[inline]
const fn short_key(octets: [u8; KEPT], length: usize) -> u64 {
    let mask = match u64::MAX.checked_shr(64 - 8 * length as u32) {
        Some(mask) => mask,
        None => 0,
    };
    (u64::from_le_bytes(octets) | 0x2020_2020_2020_2020) & mask
}

/// The key of a word that begins with these octets and goes on.
const fn long_key(octets: [u8; KEPT], length: usize) -> u64 {
    let kind = 0x80 | (length as u64 & 0x7f);
    short_key(octets, KEPT) ^ (kind << 56)
}

/// The last `length` octets of eight, and zeros behind them; `length` is less than eight.
#[inline]
const fn last_octets(octets: [u8; KEPT], length: usize) -> [u8; KEPT] {
    match u64::from_le_bytes(octets).checked_shr(8 * (KEPT - length) as u32) {
        Some(last) => last.to_le_bytes(),
        None => [0; KEPT],
    }
}

#[inline]
const fn hash(key: u64) -> usize {
    (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - SLOT_BITS)) as usize
}

impl Token {
    /// The keyword that the word, of `SafeChar`, spells in either form and any case.
    pub(super) fn read(word: &[u8]) -> Option<Self> {
        Self::of_key(key(word), |token| token.spells(word))
    }

    /// The keyword of one or two letters that comes first, if one does, and how many they are.
    #[inline(always)]
    pub(super) fn read_short(i: &[u8]) -> Option<(Self, usize)> {
        let [one, two, three, ..] = *i else {
            return None;
        };
        let letter = |octet| LETTERS[usize::from(octet)];
        let (one, two) = (letter(one), letter(two));
        if two != BEHIND && letter(three) != BEHIND {
            return None;
        }
        let token = PAIRS[pair(one, two) % PAIRS.len()]?;
        Some((token, if two == BEHIND { 1 } else { 2 }))
    }

    /// The keyword that the first `length` octets of `i` spell.
    #[inline]
    pub(super) fn read_first(i: &[u8], length: usize) -> Option<Self> {
        Self::read_within(i, i, length)
    }

    /// The keyword that the first `length` octets of `i` spell, which is the end of `whole`.
    #[inline(always)]
    pub(super) fn read_within(whole: &[u8], i: &[u8], length: usize) -> Option<Self> {
        match i.first_chunk() {
            Some(&octets) if length <= KEPT => Self::of_key(short_key(octets, length), |_| true),
            Some(&octets) => Self::read_long(octets, &i[..length]),
            None => Self::read_last(whole, i, length),
        }
    }

    #[inline(never)]
    fn read_last(whole: &[u8], i: &[u8], length: usize) -> Option<Self> {
        match whole.last_chunk() {
            Some(&octets) => {
                let octets = last_octets(octets, i.len());
                Self::of_key(short_key(octets, length), |_| true)
            }
            None => Self::read(&i[..length]),
        }
    }

    #[inline(never)]
    fn read_long(octets: [u8; KEPT], word: &[u8]) -> Option<Self> {
        Self::of_key(long_key(octets, word.len()), |token| token.spells(word))
    }

    /// The keyword of this key that is the right one.
    #[inline]
    fn of_key(key: u64, is_right: impl Fn(Self) -> bool) -> Option<Self> {
        let mut slot = hash(key);
        loop {
            let found = &INDEX[slot % SLOTS];
            let token = found.token?;
            if found.key == key && is_right(token) {
                return Some(token);
            }
            slot += 1;
        }
    }

    /// Whether the word, whose key is that of a spelling of this keyword, goes on as that does.
    /// Over eight octets only the long spelling has.
    fn spells(self, word: &[u8]) -> bool {
        let long = self.long();
        let rest = word.get(KEPT..).unwrap_or_default();
        rest.is_empty() || long.octets[KEPT..long.length].eq_ignore_ascii_case(rest)
    }

    /// The long spelling.
    pub(super) fn long(self) -> &'static Spelled<32> {
        &LONG[self as usize]
    }

    /// The short spelling.
    pub(super) fn short(self) -> &'static Spelled<8> {
        &SHORT[self as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_in_any_case_is_its_keyword_and_no_other() {
        for &(token, long, short) in SPELLINGS {
            for name in [long, short] {
                assert_eq!(Token::read(name.as_bytes()), Some(token), "{name}");
                assert_eq!(
                    Token::read(name.to_ascii_lowercase().as_bytes()),
                    Some(token)
                );
                assert_eq!(
                    Token::read(name.to_ascii_uppercase().as_bytes()),
                    Some(token)
                );
            }
            let (written, room) = (token.long(), token.short());
            assert_eq!(&written.octets[..written.length], long.as_bytes());
            assert_eq!(&room.octets[..room.length], short.as_bytes());
            let equal = [
                &written.octets[written.length..],
                &room.octets[room.length..],
            ];
            assert!(equal[0].starts_with(b" = ") && equal[1].starts_with(b"="));
        }
    }

    #[test]
    fn a_keyword_is_found_at_any_distance_from_the_end_of_its_message() {
        for &(token, long, short) in SPELLINGS {
            for name in [long, short] {
                for (before, behind) in [("", ""), ("", "="), ("S=a,", "}}"), ("", "=1234567")] {
                    let whole = format!("{before}{name}{behind}").into_bytes();
                    let found = Token::read_within(&whole, &whole[before.len()..], name.len());
                    assert_eq!(found, Some(token), "{name}");
                }
            }
        }
        let none = Token::read_within(b"Reserved", b"Reserved", 8);
        assert_eq!(none, None);
    }

    #[test]
    fn a_keyword_of_one_or_two_letters_is_found_by_them_and_no_longer_word_is() {
        for &(token, _, short) in SPELLINGS {
            let letters = short.bytes().all(|octet| octet.is_ascii_alphabetic());
            let expected = (letters && short.len() <= 2).then_some((token, short.len()));
            for spelling in [short.to_owned(), short.to_ascii_lowercase()] {
                for behind in ["={", "}}", "\r\n", ",a"] {
                    let text = format!("{spelling}{behind}");
                    assert_eq!(Token::read_short(text.as_bytes()), expected, "{text}");
                }
                let text = format!("{spelling}_x={{");
                assert_eq!(Token::read_short(text.as_bytes()), None, "{text}");
            }
        }
        for text in ["", "A", "A=", "Q={", "=A{", "O-A=", "W-AV", "A1={", "11="] {
            assert_eq!(Token::read_short(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn other_words_are_no_keywords() {
        for word in [
            "",
            "Q",
            "Addd",
            "Adds",
            "di",
            "MTP1",
            "TransactionResponseAcks",
        ] {
            assert_eq!(Token::read(word.as_bytes()), None, "{word}");
        }
    }
}
