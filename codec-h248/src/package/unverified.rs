//! What in the tables was not checked against the text of its Recommendation.

use self::Doubt::{Contents, Forms, Ids, Name};

/// Something in the tables that was not checked.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Unverified {
    /// The text id of a package.
    pub package: &'static str,
    /// What about it is in doubt.
    pub doubt: Doubt,
    /// What of it.
    pub what: &'static str,
}

/// What about a package is in doubt.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Doubt {
    /// Its text id.
    Name,
    /// Text ids or binary ids of items or parameters that are in the tables.
    Ids,
    /// Their types, values and units, how signals end, where properties stand.
    Forms,
    /// Items or parameters that the tables lack.
    Contents,
}

const fn of(package: &'static str, doubt: Doubt, what: &'static str) -> Unverified {
    Unverified {
        package,
        doubt,
        what,
    }
}

const TEXT_NAME: &str = "text name";

/// All that was not checked, by the ids of the packages. The tables hold no items of a package that
/// is known by its name alone, and say nothing of them here.
pub static UNVERIFIED: &[Unverified] = &[
    of("cg", Ids, "parameter btd of each signal"),
    of("dtd", Forms, "types of tid and tst, and where they stand"),
    of("an", Forms, "signal types; types of the parameters"),
    of("bcp", Name, TEXT_NAME),
    of("bcp", Forms, "type of BNCChar, and where it stands"),
    of("bnct", Name, TEXT_NAME),
    of("ri", Name, TEXT_NAME),
    of("gb", Name, TEXT_NAME),
    of("gb", Forms, "signal types"),
    of("gb", Contents, "parameters, of which none is known"),
    of("bt", Name, TEXT_NAME),
    of("bcg", Name, TEXT_NAME),
    of("bcg", Forms, "that it extends tonegen; signal types"),
    of("xcg", Name, TEXT_NAME),
    of(
        "xcg",
        Contents,
        "tones cmft, roh, nack, vac and spec, which have no known ids",
    ),
    of("srvtn", Name, TEXT_NAME),
    of(
        "srvtn",
        Contents,
        "tones rdt, conf, ht and mwt, which have no known ids",
    ),
    of("xsrvtn", Name, TEXT_NAME),
    of("int", Name, TEXT_NAME),
    of("biztn", Name, TEXT_NAME),
    of("chp", Name, TEXT_NAME),
    of("h245", Name, TEXT_NAME),
    of("h323bc", Name, TEXT_NAME),
    of("h324", Name, TEXT_NAME),
    of("h245com", Name, TEXT_NAME),
    of("h245ind", Name, TEXT_NAME),
    of("threegup", Name, TEXT_NAME),
    of("threegtfoc", Name, TEXT_NAME),
    of("aasb", Forms, "signal play: type; unit of iv; values of di"),
    of(
        "aasdc",
        Ids,
        "signal playcol: all parameters but kdg, cb and rtk",
    ),
    of(
        "aasdc",
        Forms,
        "signal playcol: type; types of keys, vi, vc and ipt",
    ),
    of(
        "aasrec",
        Ids,
        "signal playrec: parameters from 001D on; signal makepers: parameter",
    ),
    of(
        "aasrec",
        Forms,
        "signal playrec: type; types of keys and sm; values of rd; units of timers",
    ),
    of(
        "aasrec",
        Forms,
        "signal makepers: type; property maxtrl: where it stands; event precsucc: type of res",
    ),
    of(
        "aassm",
        Forms,
        "signal types; property ctlnam: type, access, and where it stands",
    ),
    of("qac", Name, TEXT_NAME),
    of("conftn", Name, TEXT_NAME),
    of("conftn", Contents, "tones, which have no known ids"),
    of("alert", Name, TEXT_NAME),
    of("andisp", Name, TEXT_NAME),
    of("xal", Name, TEXT_NAME),
    of("amet", Name, TEXT_NAME),
    of("it", Name, TEXT_NAME),
    of("it", Forms, "unit of mit"),
    of("prf", Name, TEXT_NAME),
    of("ocp", Name, TEXT_NAME),
    of("ocp", Ids, "event mg_overload"),
    of("xdd", Name, TEXT_NAME),
    of("edd", Name, TEXT_NAME),
    of("fcp", Name, TEXT_NAME),
    of("volcon", Name, TEXT_NAME),
    of("voldet", Name, TEXT_NAME),
    of("volmix", Name, TEXT_NAME),
    of("mixvolcon", Name, TEXT_NAME),
    of("rtcpxr", Name, TEXT_NAME),
    of("xrbm", Name, TEXT_NAME),
    of("ds", Name, TEXT_NAME),
    of("gm", Name, TEXT_NAME),
    of("tman", Name, TEXT_NAME),
    of("gri", Name, TEXT_NAME),
    of("ntr", Name, TEXT_NAME),
    of("hangterm", Name, TEXT_NAME),
    of("hangterm", Ids, "event thb and its parameter"),
    of("ipnapt", Name, TEXT_NAME),
    of("nb", Name, TEXT_NAME),
    of("nb", Ids, "property notreg"),
    of("bcontext", Name, TEXT_NAME),
    of("adid", Name, TEXT_NAME),
    of("mgcinfo", Name, TEXT_NAME),
    of("mgcinfo", Ids, "property db"),
    of("mgcinfo", Forms, "property db: where it stands"),
    of("seg", Name, TEXT_NAME),
    of("seg", Ids, "names and ids of the properties"),
    of("asr", Forms, "signal types; types of asrr and asrrft"),
    of(
        "asr",
        Contents,
        "parameters of the signals, of which none is known",
    ),
    of("aastts", Forms, "signal types; types of mv and tv"),
    of(
        "aastts",
        Contents,
        "parameters of the signals, of which none is known",
    ),
    of(
        "mpp",
        Forms,
        "signal play: as of aasb; types of btn and ctn",
    ),
    of("mrp", Ids, "signal playrec: as of aasrec"),
    of("mrp", Forms, "signal playrec: as of aasrec"),
    of(
        "edtmf",
        Ids,
        "event extkey, which has the id of tonedet's etd; event ce: Meth and type",
    ),
    of("edtmf", Forms, "event ce: type of type"),
    of(
        "edtmf",
        Contents,
        "event ce: parameter umr, which has no known id of its own",
    ),
];
