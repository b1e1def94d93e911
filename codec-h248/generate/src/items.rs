//! Items of packages with the types of their values (H.248.1 Annex E, H.248.7, H.248.14).

/// What a value looks like (H.248.1 12.2).
#[derive(Clone, Copy, Debug)]
pub(crate) enum Type {
    Integer,
    Boolean,
    Text,
    /// Symbols of a digit map's dial string.
    Digits,
    Name(&'static [&'static str]),
    Octets,
    /// `"package/signal"`
    SignalName,
    /// A list of these names.
    Names(&'static [&'static str]),
    /// A list of integers.
    Integers,
}

/// A parameter: its name and type.
pub(crate) type Parameter = (&'static str, Type);

const TONES: &[&str] = &["d0", "d9", "da", "ds", "do"];
const WAYS: &[&str] = &["ext", "int", "both"];

/// Properties of LocalControl.
pub(crate) const LOCAL: &[Parameter] = &[
    ("nt/jit", Type::Integer),
    ("tdmc/ec", Type::Boolean),
    ("tdmc/gain", Type::Integer),
];

/// Properties of TerminationState.
pub(crate) const STATE: &[Parameter] = &[
    ("root/maxTerminationsPerContext", Type::Integer),
    ("root/normalMGExecutionTime", Type::Integer),
    ("root/MGCOriginatedPendingLimit", Type::Integer),
    ("id_8001/id_0001", Type::Integer),
];

/// Properties of a Context, of a package that nobody knows.
pub(crate) const CONTEXT: &[Parameter] = &[
    ("id_8001/id_0002", Type::Integer),
    ("id_8001/id_0003", Type::Boolean),
];

/// Events with what is asked of them.
pub(crate) const EVENTS: &[(&str, &[Parameter])] = &[
    ("g/cause", &[]),
    ("g/sc", &[]),
    (
        "al/on",
        &[("strict", Type::Name(&["exact", "state", "failWrong"]))],
    ),
    (
        "al/fl",
        &[("mindur", Type::Integer), ("maxdur", Type::Integer)],
    ),
    ("nt/netfail", &[]),
    ("nt/qualert", &[("th", Type::Integer)]),
    ("ct/cmp", &[]),
    ("dd/d0", &[]),
    ("dd/std", &[("tl", Type::Names(TONES))]),
    ("cd/dt", &[]),
];

/// Events with what is observed of them.
pub(crate) const OBSERVED: &[(&str, &[Parameter])] = &[
    (
        "g/cause",
        &[
            (
                "Generalcause",
                Type::Name(&["NR", "UR", "FT", "FP", "IW", "UN"]),
            ),
            ("Failurecause", Type::Octets),
        ],
    ),
    (
        "g/sc",
        &[
            ("SigID", Type::SignalName),
            ("Meth", Type::Name(&["TO", "EV", "SD", "NC"])),
            ("SLID", Type::Integer),
        ],
    ),
    ("al/of", &[("init", Type::Boolean)]),
    ("nt/netfail", &[("cs", Type::Text)]),
    ("nt/qualert", &[("th", Type::Integer)]),
    ("ct/cmp", &[("res", Type::Name(&["success", "failure"]))]),
    (
        "dd/ce",
        &[
            ("ds", Type::Digits),
            ("Meth", Type::Name(&["UM", "PM", "FM"])),
        ],
    ),
    (
        "dd/etd",
        &[("tid", Type::Name(TONES)), ("dur", Type::Integer)],
    ),
];

/// Signals with their parameters.
pub(crate) const SIGNALS: &[(&str, &[Parameter])] = &[
    ("cg/dt", &[("btd", Type::Name(WAYS))]),
    ("cg/bt", &[]),
    ("al/ri", &[("cad", Type::Integers), ("freq", Type::Integer)]),
    ("dg/d1", &[("btd", Type::Name(WAYS))]),
    (
        "tonegen/pt",
        &[("tl", Type::Names(TONES)), ("ind", Type::Integer)],
    ),
    (
        "an/apf",
        &[
            ("an", Type::Integer),
            ("noc", Type::Integer),
            ("av", Type::Text),
            ("di", Type::Name(WAYS)),
        ],
    ),
    ("ct/ct", &[]),
];

/// Statistics.
pub(crate) const STATISTICS: &[&str] = &[
    "nt/dur",
    "nt/os",
    "nt/or",
    "rtp/ps",
    "rtp/pr",
    "rtp/jit",
    "rtp/delay",
];

/// Packages that a Termination may have.
pub(crate) const PACKAGES: &[&str] = &["g", "root", "dd", "cg", "al", "nt", "rtp", "tdmc", "an"];
