//! What tshark 4.0 takes for malformed although it is legal: the list of `docs/interop.md`, by its
//! names.

/// A construct that its dissector does not know, and whether a message holds it.
pub(crate) struct Wrong {
    pub(crate) name: &'static str,
    pub(crate) holds: fn(&str) -> bool,
}

/// In compact text.
pub(crate) const TEXT: &[Wrong] = &[
    Wrong {
        name: "segment-ack",
        holds: |text| text.contains("SM="),
    },
    Wrong {
        name: "action-without-braces",
        holds: bare_context,
    },
    Wrong {
        name: "event-buffer",
        holds: |text| text.contains("EB"),
    },
    Wrong {
        name: "modem",
        holds: |text| text.contains("MD"),
    },
    Wrong {
        name: "packages",
        holds: |text| text.contains("PG"),
    },
    Wrong {
        name: "quoted-signs",
        holds: quoted_signs,
    },
    Wrong {
        name: "empty-signals-bare",
        holds: |text| ["SG}", "SG,"].iter().any(|bare| text.contains(bare)),
    },
    Wrong {
        name: "condensed-audit",
        holds: |text| text.contains("AC=C{") || text.contains("AV=C{"),
    },
    Wrong {
        name: "context-without-command",
        holds: context_without_command,
    },
    Wrong {
        name: "immediate-ack-error",
        holds: |text| text.contains("IA,ER"),
    },
    Wrong {
        name: "empty-events",
        holds: |text| {
            ["{E}", ",E}", ",E,", "{E,"]
                .iter()
                .any(|bare| text.contains(bare))
        },
    },
    Wrong {
        name: "bare-descriptor",
        holds: |text| {
            ["OE", "DM", "SA", "MX", "M"]
                .iter()
                .any(|word| bare(text, word))
        },
    },
    Wrong {
        name: "termination-list",
        holds: |text| text.contains("=["),
    },
    Wrong {
        name: "session-lines",
        holds: |text| {
            let lines = ["\ni=", "s=Seminar", "a=crypto", "TCP/MSRP", "udptl"];
            lines.iter().any(|line| text.contains(line))
        },
    },
];

/// In binary, of which this is the compact text.
pub(crate) const BINARY: &[Wrong] = &[
    Wrong {
        name: "version-1-shapes",
        holds: |text| text.contains("!/1"),
    },
    Wrong {
        name: "audit-reply-list",
        holds: |text| text.contains("AC=[") || text.contains("AV=["),
    },
    Wrong {
        name: "cadence",
        holds: |text| text.contains("cad=["),
    },
    Wrong {
        name: "modem-property",
        holds: |text| text.contains("MD"),
    },
    Wrong {
        name: "all-tones",
        holds: |text| text.contains('*'),
    },
];

/// Whether a Context is named and nothing said of it.
fn bare_context(text: &str) -> bool {
    text.match_indices("C=").any(|(place, _)| {
        let rest =
            text[place + 2..].trim_start_matches(|c: char| c.is_ascii_digit() || "*$-".contains(c));
        rest.starts_with('}') || rest.starts_with(",C=")
    })
}

/// Whether a quoted string holds signs that have a meaning outside of it.
fn quoted_signs(text: &str) -> bool {
    let quoted = text.split('"').skip(1).step_by(2);
    quoted
        .into_iter()
        .any(|inside| inside.contains(['{', '}', ',', '=', '"']))
}

/// Whether an action has attributes of a Context, or an audit of them, and no command.
fn context_without_command(text: &str) -> bool {
    let first = |rest: &str| {
        let end = rest.find(['=', '{', ',', '}']).unwrap_or(rest.len());
        matches!(
            &rest[..end],
            "PR" | "EG" | "EGO" | "IEPS" | "TP" | "CT" | "CA" | "ER"
        )
    };
    text.match_indices('{').any(|(place, _)| {
        text[..place].ends_with(|c: char| c.is_ascii_digit() || "*$-".contains(c))
            && first(&text[place + 1..])
    })
}

/// Whether a keyword stands without anything behind it.
fn bare(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(place, _)| {
        text[..place].ends_with(['{', ',']) && text[place + word.len()..].starts_with([',', '}'])
    })
}
