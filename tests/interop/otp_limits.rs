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
        holds: |_, text| text.contains("TP{") && text.contains(",ST="),
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
        holds: |_, text| text.contains("two\r\nlines"),
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
        holds: |_, text| text.contains("X-") || text.contains("X+"),
    },
    Limit {
        name: "service-change-audit",
        holds: |_, text| text.contains(",M}") || text.contains(",M,"),
    },
    Limit {
        name: "service-change-device",
        holds: |_, text| text.contains("AD=m") || text.contains("AD=g"),
    },
    Limit {
        name: "iteration",
        holds: |_, text| text.contains("IR"),
    },
    Limit {
        name: "value-list",
        holds: |_, text| has_value(text, "=[", &["AD", "MG"]),
    },
    Limit {
        name: "reserved-words",
        holds: |_, text| text.contains("=ext") || text.contains("=int") || text.contains("=both"),
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
    let value = |octet: u8| octet.is_ascii_alphanumeric() || matches!(octet, b'"' | b'$');
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
