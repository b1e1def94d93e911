//! What Erlang/OTP's codec (megaco 4.4) is known to refuse or to change in legal text: the list of
//! `docs/interop.md`, by its names.

/// A construct, and whether a compact message of a version holds it.
pub(crate) struct Limit {
    pub(crate) name: &'static str,
    holds: fn(u8, &str) -> bool,
}

/// Each limit.
pub(crate) const LIMITS: &[Limit] = &[
    Limit {
        name: "authentication",
        holds: |_, text| text.starts_with("AU="),
    },
    Limit {
        name: "mtp-4-octets",
        holds: |_, text| text.contains("MTP{"),
    },
    Limit {
        name: "topology-stream",
        holds: |_, text| {
            text.split("TP{")
                .skip(1)
                .any(|topology| inside(topology).contains(",ST="))
        },
    },
    Limit {
        name: "topology-external",
        holds: |_, text| text.contains(",OWE") || text.contains(",OWB"),
    },
    Limit {
        name: "quoted-signs",
        holds: |_, text| text.contains("\"{}"),
    },
    Limit {
        name: "quoted-lines",
        holds: |_, text| quoted(text).any(|text| text.contains(['\r', '\n'])),
    },
    Limit {
        name: "quoted-eighth-bit",
        holds: |_, text| !text.is_ascii(),
    },
    Limit {
        name: "empty-signals-braces",
        holds: |version, text| version < 3 && text.contains("SG{}"),
    },
    Limit {
        name: "context-audit-v1",
        holds: |version, text| version == 1 && text.contains("CA{"),
    },
    Limit {
        name: "context-audit-attributes",
        holds: |_, text| text.contains("CA{CT{"),
    },
    Limit {
        name: "context-audit-logic",
        holds: |_, text| text.contains("ANDLgc") || text.contains("ORLgc"),
    },
    Limit {
        name: "modem",
        holds: |_, text| text.contains("MD=") || text.contains("MD["),
    },
    Limit {
        name: "mux-nx64k",
        holds: |_, text| text.contains("MX=N64"),
    },
    Limit {
        name: "extension",
        holds: |_, text| {
            ["=X-", ",X-", "=X+", ",X+", "{X-", "{X+", "[X-", "[X+"]
                .iter()
                .any(|mark| text.contains(mark))
        },
    },
    Limit {
        name: "service-change-audit",
        holds: |_, text| has_service_change_item(text),
    },
    Limit {
        name: "service-change-device",
        holds: |_, text| {
            let mut addresses = text.split("AD=").skip(1);
            addresses
                .any(|address| address.starts_with(|c: char| c.is_ascii_alphabetic() || c == '*'))
        },
    },
    Limit {
        name: "iteration",
        holds: |_, text| {
            text.split("NC={")
                .skip(1)
                .any(|reasons| inside(reasons).contains("IR"))
        },
    },
    Limit {
        name: "value-list",
        holds: |_, text| {
            has_value(
                text,
                "=[",
                &["AD", "MG", "A", "MV", "MF", "S", "AV", "AC", "N", "SC"],
            )
        },
    },
    Limit {
        name: "reserved-words",
        holds: has_reserved_word,
    },
    Limit {
        name: "empty-part-of-a-name",
        holds: |_, text| {
            ["//", "/,", "/{", "/}", "/]"]
                .iter()
                .any(|end| body(text).contains(end))
        },
    },
    Limit {
        name: "emergency-off",
        holds: |version, text| version < 3 && text.contains("EGO"),
    },
    Limit {
        name: "audit-of-several-parts",
        holds: |_, text| text.split("AT{").skip(1).any(mixes_parts),
    },
    Limit {
        name: "topology-list-v2",
        holds: |version, text| version == 2 && text.contains("TP{"),
    },
    Limit {
        name: "empty-text",
        holds: |_, text| text.contains("{\"\"}"),
    },
    Limit {
        name: "audit-error",
        holds: |_, text| text.contains("=C{ER"),
    },
    Limit {
        name: "audit-of-description",
        holds: |_, text| text.contains("AT{M{"),
    },
    Limit {
        name: "relation",
        holds: |_, text| has_relation(text),
    },
    Limit {
        name: "context-audit-selector",
        holds: |_, text| text.contains(",CT{") && text.contains("CA{"),
    },
    Limit {
        name: "segment-ack",
        holds: |_, text| text.contains("SM="),
    },
    Limit {
        name: "embedded-empty-signals",
        holds: |_, text| text.contains("EM{SG}") || text.contains("EM{SG,"),
    },
    Limit {
        name: "notify-error",
        holds: |_, text| text.contains("N=") && text.contains("},ER="),
    },
    Limit {
        name: "audit-of-signal",
        holds: |_, text| text.contains("AT{SG{"),
    },
    Limit {
        name: "escaped-brace",
        holds: |_, text| text.contains("\\}"),
    },
    Limit {
        name: "value-alternatives",
        holds: |_, text| has_value(text, "={", &["NC", "DM", "CLT"]),
    },
];

/// The limits that a message touches.
pub(crate) fn of(version: u8, text: &str) -> Vec<&'static str> {
    let touched = LIMITS.iter().filter(|limit| (limit.holds)(version, text));
    touched.map(|limit| limit.name).collect()
}

/// Whether a value stands in another relation than equality; `<` and `>` stand around names too.
fn has_relation(text: &str) -> bool {
    let value = |octet: u8| octet.is_ascii_alphanumeric() || b"\"$*-".contains(&octet);
    text.as_bytes().windows(3).any(|three| match three {
        [_, b'#', _] => true,
        [before, b'<', _] => before.is_ascii_alphanumeric(),
        [_, b'>', behind] => value(*behind),
        _ => false,
    })
}

/// Whether a value begins with these signs behind another keyword than these.
fn has_value(text: &str, signs: &str, keywords: &[&str]) -> bool {
    text.match_indices(signs).any(|(place, _)| {
        let before = &text[..place];
        !keywords.iter().any(|keyword| before.ends_with(keyword))
    })
}

/// What it refuses of binary: version 1 with empty Events that have no RequestID, though the module
/// lets it be left out; and the direction `both`, for which it has another number.
pub(crate) fn of_binary(version: u8, text: &str) -> bool {
    let empty = ["{E}", "{E,", ",E}", ",E,"];
    let no_request = version == 1 && empty.iter().any(|events| text.contains(events));
    no_request || text.contains("SPADI=B")
}

/// What stands up to the brace that closes the one before `text`.
fn inside(text: &str) -> &str {
    let mut depth = 0_usize;
    for (place, sign) in text.char_indices() {
        match sign {
            '{' => depth += 1,
            '}' if depth == 0 => return &text[..place],
            '}' => depth -= 1,
            _ => {}
        }
    }
    text
}

/// The parts of a list between the commas that are in no braces.
fn parts(list: &str) -> Vec<&str> {
    let mut depth = 0_i32;
    let mut quoted = false;
    list.split(|sign: char| {
        match sign {
            '"' => quoted = !quoted,
            '{' | '[' if !quoted => depth += 1,
            '}' | ']' if !quoted => depth -= 1,
            _ => {}
        }
        sign == ',' && depth == 0 && !quoted
    })
    .collect()
}

/// Whether an audit, from its brace on, has a part of a descriptor beside something else.
fn mixes_parts(text: &str) -> bool {
    let parts = parts(inside(text));
    parts.len() > 1 && parts.iter().any(|part| part.contains(['{', '=']))
}

/// Whether a ServiceChange names what it is about.
fn has_service_change_item(text: &str) -> bool {
    let parameter = |part: &&str| {
        let known = [
            "MT=", "RE=", "DL=", "AD=", "PF=", "MG=", "V=", "X-", "X+", "SIC",
        ];
        known.iter().any(|key| part.starts_with(key))
            || part.starts_with(|c: char| c.is_ascii_digit())
    };
    text.split("SV{")
        .skip(1)
        .any(|services| !parts(inside(services)).iter().all(parameter))
}

/// Keywords that a parser takes for nothing else: version 2's, and more in version 3.
const RESERVED: &[&str] = &[
    "DM",
    "DigitMap",
    "EB",
    "EventBuffer",
    "M",
    "MD",
    "MX",
    "Media",
    "Modem",
    "Mux",
    "OE",
    "ObservedEvents",
    "PG",
    "Packages",
    "SA",
    "SG",
    "Signals",
    "Statistics",
];
const RESERVED_SINCE_3: &[&str] = &[
    "ANDLgc",
    "BF",
    "BW",
    "Bothway",
    "Buffer",
    "CLT",
    "CT",
    "ContextAttr",
    "ContextList",
    "EG",
    "EGO",
    "EGV",
    "END",
    "EX",
    "Emergency",
    "EmergencyOff",
    "EmergencyValue",
    "External",
    "IEPS",
    "IEPSCall",
    "IR",
    "IS",
    "IT",
    "ImmediateNotify",
    "Internal",
    "Intersignal",
    "Isolate",
    "MF",
    "MO",
    "MV",
    "Mode",
    "Modify",
    "Move",
    "N64",
    "NBIN",
    "NBNN",
    "NBRN",
    "NeverNotify",
    "Nx64Kservice",
    "ORLgc",
    "OW",
    "OWB",
    "OWE",
    "Oneway",
    "OnewayBoth",
    "OnewayExternal",
    "PR",
    "Priority",
    "RG",
    "RSE",
    "RV",
    "RegulatedNotify",
    "ReservedGroup",
    "ReservedValue",
    "ResetEventsDescriptor",
    "S",
    "SI",
    "SIC",
    "SM",
    "SPAIS",
    "Segment",
    "ServiceChangeInc",
    "ServiceStates",
    "Subtract",
    "TP",
    "Topology",
];

/// Whether a name or an address has a keyword for one of its words.
fn has_reserved_word(version: u8, text: &str) -> bool {
    let is = |word: &str, list: &[&str]| list.iter().any(|key| key.eq_ignore_ascii_case(word));
    let reserved = |word: &str| {
        word.eq_ignore_ascii_case("de")
            || version == 2 && is(word, RESERVED)
            || version == 3 && (is(word, RESERVED) || is(word, RESERVED_SINCE_3))
    };
    let of_entity = |name: &str| {
        name.split([':', '<', '>', '[', ']', '.', '-', '@'])
            .any(reserved)
    };
    let entity = |key: &str| {
        let mut entities = text.split(key).skip(1);
        entities.any(|rest| of_entity(rest.split([',', '}']).next().unwrap_or_default()))
    };
    let in_header = of_entity(mid(text)) || entity("MG=") || entity("AD=");
    let word = |text: &str| {
        let end = text.find([',', '{', '}', ']', '=', '<', '>', '#']);
        text[..end.unwrap_or(text.len())].to_owned()
    };
    let named = |key: &str| text.split(key).skip(1).any(|rest| reserved(&word(rest)));
    let commands = ["A=", "MV=", "MF=", "S=", "AV=", "AC=", "N=", "SC="];
    let own = text.match_indices('=').any(|(place, _)| {
        let key = text[..place].rsplit(['{', ',']).next().unwrap_or_default();
        let own = key.contains(|c: char| c.is_ascii_lowercase()) || key == "T";
        let value = word(&text[place + 1..]);
        own && (reserved(&value) || reserved(key) || version == 3 && key == "di")
    });
    let mut asked = text
        .split("AT{")
        .skip(1)
        .flat_map(|audit| inside(audit).split(['{', '}']));
    let asked =
        asked.any(|name| name.chars().all(|sign| sign.is_ascii_lowercase()) && reserved(name));
    in_header || own || asked || commands.into_iter().any(named)
}

/// The name of the sender.
fn mid(text: &str) -> &str {
    let from = text.find("!/").map_or(0, |place| place + 4);
    let rest = text.get(from..).unwrap_or_default();
    rest.split(' ').next().unwrap_or_default()
}

/// What comes behind the name of the sender.
fn body(text: &str) -> &str {
    let from = mid(text).as_ptr() as usize - text.as_ptr() as usize + mid(text).len();
    &text[from..]
}

/// The strings in quotes, but for those in session descriptions.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    let begins = |place: usize| {
        let before = text[..place].chars().next_back();
        before.is_some_and(|sign| "={,[#<>:".contains(sign))
    };
    let mut from = 0;
    std::iter::from_fn(move || {
        let open = text[from..]
            .match_indices('"')
            .map(|(place, _)| from + place)
            .find(|&place| begins(place))?;
        let close = text[open + 1..].find('"')?;
        from = open + close + 2;
        Some(&text[open + 1..open + 1 + close])
    })
}
