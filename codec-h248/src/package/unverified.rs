//! What in the tables was not checked against the text of its Recommendation.

/// Something in the tables that was not checked.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Unverified {
    /// The text id of a package.
    pub package: &'static str,
    /// What of it.
    pub what: &'static str,
}

const fn of(package: &'static str, what: &'static str) -> Unverified {
    Unverified { package, what }
}

const NAME: &str = "text name";

/// All that was not checked, by the ids of the packages.
pub static UNVERIFIED: &[Unverified] = &[
    of("cg", "parameter btd of each signal"),
    of("dtd", "types of tid and tst, and where they stand"),
    of("an", "signal type; types of the parameters"),
    of("bcp", "text name; type of BNCChar, and where it stands"),
    of("bnct", NAME),
    of("ri", NAME),
    of(
        "gb",
        "text name; signal types; parameters, of which none is known",
    ),
    of("bt", NAME),
    of("bcg", "text name; that it extends tonegen; signal types"),
    of(
        "xcg",
        "text name; tones cmft, roh, nack, vac and spec have no known ids",
    ),
    of(
        "srvtn",
        "text name; tones rdt, conf, ht and mwt have no known ids",
    ),
    of("xsrvtn", NAME),
    of("int", NAME),
    of("biztn", NAME),
    of("chp", NAME),
    of("h245", NAME),
    of("h323bc", NAME),
    of("h324", NAME),
    of("h245com", NAME),
    of("h245ind", NAME),
    of("threegup", NAME),
    of("threegtfoc", NAME),
    of("aasb", "play: signal type; unit of iv; values of di"),
    of(
        "aasdc",
        "playcol: signal type; ids but those of kdg, cb and rtk; types of keys, vi, vc and ipt",
    ),
    of(
        "aasrec",
        "playrec: signal type; ids from 001D on; types of keys and sm; values of rd; units of timers",
    ),
    of(
        "aasrec",
        "makepers: signal type and parameter; maxtrl: where it stands; precsucc: type of res",
    ),
    of(
        "aassm",
        "signal types; ctlnam: type, access, and where it stands",
    ),
    of("qac", NAME),
    of("conftn", "text name; tones have no known ids"),
    of("alert", NAME),
    of("andisp", NAME),
    of("xal", NAME),
    of("amet", NAME),
    of("it", "text name; unit of mit"),
    of("prf", NAME),
    of("ocp", "text name; event mg_overload"),
    of("xdd", NAME),
    of("edd", NAME),
    of("fcp", NAME),
    of("volcon", NAME),
    of("voldet", NAME),
    of("volmix", NAME),
    of("mixvolcon", NAME),
    of("rtcpxr", NAME),
    of("xrbm", NAME),
    of("ds", NAME),
    of("gm", NAME),
    of("tman", NAME),
    of("gri", NAME),
    of("ntr", NAME),
    of("hangterm", "text name; event thb and its parameter"),
    of("ipnapt", NAME),
    of("nb", "text name; property notreg"),
    of("bcontext", NAME),
    of("adid", NAME),
    of("mgcinfo", "text name; property db, and where it stands"),
    of("seg", "text name; names and ids of the properties"),
    of(
        "asr",
        "signal types; parameters of the signals, of which none is known; types of asrr and asrrft",
    ),
    of(
        "aastts",
        "signal types; parameters of the signals, of which none is known; types of mv and tv",
    ),
    of("mpp", "play: as of aasb; types of btn and ctn"),
    of("mrp", "playrec: as of aasrec"),
    of(
        "edtmf",
        "event extkey, which has the id of tonedet's etd; ids of Meth and type; type of type; parameter umr, which has no known id of its own",
    ),
];
