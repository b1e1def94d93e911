//! The tables of packages: one family a file.

mod analog_line;
mod announcement;
mod audio_server;
mod bearer;
mod call_progress;
mod conference;
mod dtmf;
mod generic;
mod index;
mod network;
mod root;
mod row;
mod supervision;
mod tones;

use super::PackageDefinition;

pub(super) use self::index::{by_id, by_name};

/// A package of which the text name is known, and no item.
const fn outline(name: &'static str, id: u16) -> PackageDefinition {
    row::package(name, id, 1, &[])
}

/// The same of one that extends another.
const fn outline_of(base: &'static str, name: &'static str, id: u16) -> PackageDefinition {
    row::extension(base, name, id, 1, &[])
}

/// All packages, by their binary ids.
pub(super) static STANDARD: &[PackageDefinition] = TABLE;

const TABLE: &[PackageDefinition] = &[
    generic::G,
    root::ROOT,
    tones::TONEGEN,
    tones::TONEDET,
    dtmf::DG,
    dtmf::DD,
    call_progress::CG,
    call_progress::CD,
    analog_line::AL,
    analog_line::CT,
    network::NT,
    network::RTP,
    network::TDMC,
    outline("ftmd", 0x000E),
    outline("txc", 0x000F),
    outline("txp", 0x0010),
    outline("ctyp", 0x0011),
    outline("fax", 0x0012),
    outline("ipfax", 0x0013),
    outline("dis", 0x0014),
    outline("key", 0x0015),
    outline("kp", 0x0016),
    outline("labelkey", 0x0017),
    outline("kf", 0x0018),
    outline("ind", 0x0019),
    outline("ks", 0x001A),
    outline("anci", 0x001B),
    announcement::DTD,
    announcement::AN,
    bearer::BCP,
    outline("bnct", 0x001F),
    outline("ri", 0x0020),
    bearer::GB,
    outline("bt", 0x0022),
    bearer::BCG,
    outline("xcg", 0x0024),
    outline("srvtn", 0x0025),
    outline("xsrvtn", 0x0026),
    outline("int", 0x0027),
    outline("biztn", 0x0028),
    supervision::CHP,
    outline("h245", 0x002A),
    outline("h323bc", 0x002B),
    outline("h324", 0x002C),
    outline("h245com", 0x002D),
    outline("h245ind", 0x002E),
    outline("threegup", 0x002F),
    outline("threegcsd", 0x0030),
    outline("threegtfoc", 0x0031),
    outline("threegxcg", 0x0032),
    audio_server::AASB,
    audio_server::AASDC,
    audio_server::AASREC,
    audio_server::AASSM,
    outline("qac", 0x0037),
    outline("conftn", 0x0038),
    outline("alert", 0x003B),
    outline("andisp", 0x003C),
    outline("xal", 0x0043),
    outline("amet", 0x0044),
    supervision::IT,
    outline("threegmlc", 0x0046),
    outline("bannsyx", 0x0047),
    outline_of("bannsyx", "vvsyx", 0x0048),
    outline_of("bannsyx", "setsyx", 0x0049),
    outline_of("vvsyx", "phrsyx", 0x004A),
    outline("prf", 0x0050),
    supervision::OCP,
    outline("xdd", 0x0052),
    outline("edd", 0x0066),
    outline("threegctm", 0x0068),
    outline("isuptn", 0x006C),
    outline("fcp", 0x006E),
    outline("volcon", 0x0070),
    outline("voldet", 0x0072),
    outline("volmix", 0x0073),
    outline("mixvolcon", 0x0074),
    outline("rtcpxr", 0x0080),
    outline("xrbm", 0x0081),
    outline("threegcsden", 0x0082),
    outline("threegiptra", 0x0083),
    outline("threegflex", 0x0084),
    outline("ds", 0x008B),
    outline("gm", 0x008C),
    outline("tman", 0x008D),
    outline("gri", 0x008E),
    outline("ntr", 0x008F),
    outline("icascgen", 0x0094),
    supervision::HANGTERM,
    outline("ipnapt", 0x0099),
    supervision::NB,
    outline("bcontext", 0x009B),
    outline("adid", 0x009C),
    supervision::MGCINFO,
    supervision::SEG,
    audio_server::ASR,
    audio_server::AASTTS,
    audio_server::MPP,
    audio_server::MRP,
    outline("evtnot", 0x00CC),
    outline("monapref", 0x00F8),
    dtmf::EDTMF,
    conference::ZCONFMIX,
];
