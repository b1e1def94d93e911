//! ServiceChange (H.248.1 Annex A.2 `ServiceChangeParm`, `ServiceChangeResParm`).

use std::borrow::Cow;

use super::{
    Unsayable, audit,
    ber::{BerError, BerReader, BerWriter, leaf},
    extension,
    kind::Kind,
    mid, non_standard, time_stamp,
    typed::Typed,
    value::{self, Values},
};
use crate::{
    Expected, Name, Value,
    descriptor::{
        ServiceChangeAddress, ServiceChangeDescriptor, ServiceChangeMethod, ServiceChangeProfile,
        ServiceChangeReplyDescriptor,
    },
    name::is_name,
    package::ValueType,
};

/// `ServiceChangeMethod`; the numbers are the places.
const METHODS: [ServiceChangeMethod<'static>; 6] = [
    ServiceChangeMethod::Failover,
    ServiceChangeMethod::Forced,
    ServiceChangeMethod::Graceful,
    ServiceChangeMethod::Restart,
    ServiceChangeMethod::Disconnected,
    ServiceChangeMethod::HandOff,
];

/// Characters of a profile's name and version.
const LONGEST_PROFILE: usize = 67;
/// The highest version that two digits can say.
const HIGHEST: u8 = 99;
/// The type of a reason, which no package defines.
static REASON: ValueType = ValueType::String;

/// `ServiceChangeParm`
pub(super) fn read<'a>(r: &mut BerReader<'a>) -> Result<ServiceChangeDescriptor<'a>, BerError> {
    let start = r.offset();
    let method = r.mandatory(0, "serviceChangeMethod", method)?;
    let address = r.optional(1, "serviceChangeAddress", address)?;
    let version = r.optional_value(2, "serviceChangeVersion", version)?;
    let profile = r.optional(3, "serviceChangeProfile", profile)?;
    let reason = r.mandatory(4, "serviceChangeReason", reason)?;
    let mut services = ServiceChangeDescriptor::new(method, reason);
    services.delay_s = r.optional_unsigned(5, "serviceChangeDelay")?;
    services.mgc_id = r.optional(6, "serviceChangeMgcId", mid::read)?;
    services.time_stamp = r.optional(7, "timeStamp", time_stamp::read)?;
    if let Some(data) = r.optional(8, "nonStandardData", non_standard::read)? {
        match extension::of(data) {
            Ok(extension) => services.extensions.push(extension),
            Err(data) => services.non_standard = Some(Box::new(data)),
        }
    }
    let info = r.optional(9, "serviceChangeInfo", audit::read)?;
    let incomplete = r.optional_value(10, "serviceChangeIncompleteFlag", leaf::null)?;
    r.extensions(10)?;
    services.address = address;
    services.version = version;
    services.profile = profile;
    services.info = info.map(|audit| audit.items).unwrap_or_default();
    services.incomplete = incomplete.is_some();
    let both = services.address.is_some() && services.mgc_id.is_some();
    address_or_mgc_id(r, start, both)?;
    Ok(services)
}

/// `ServiceChangeResParm`
pub(super) fn read_reply<'a>(
    r: &mut BerReader<'a>,
) -> Result<ServiceChangeReplyDescriptor<'a>, BerError> {
    let start = r.offset();
    let mgc_id = r.optional(0, "serviceChangeMgcId", mid::read)?;
    let address = r.optional(1, "serviceChangeAddress", address)?;
    let version = r.optional_value(2, "serviceChangeVersion", version)?;
    let profile = r.optional(3, "serviceChangeProfile", profile)?;
    let time_stamp = r.optional(4, "timestamp", time_stamp::read)?;
    r.extensions(4)?;
    address_or_mgc_id(r, start, address.is_some() && mgc_id.is_some())?;
    Ok(ServiceChangeReplyDescriptor {
        address,
        mgc_id,
        profile,
        version,
        time_stamp,
    })
}

/// Address and MgcId exclude each other.
fn address_or_mgc_id(r: &BerReader<'_>, start: usize, both: bool) -> Result<(), BerError> {
    if both {
        let rule = "serviceChangeAddress or serviceChangeMgcId";
        return Err(r.wrong_since(start, Expected::Once(rule)));
    }
    Ok(())
}

/// `ServiceChangeMethod`
fn method(r: &mut BerReader<'_>) -> Result<ServiceChangeMethod<'static>, BerError> {
    let start = r.offset();
    let number: usize = leaf::unsigned(r)?;
    let method = METHODS.get(number).cloned();
    method.ok_or_else(|| r.wrong_since(start, Expected::Known("ServiceChangeMethod")))
}

/// `ServiceChangeAddress`
fn address<'a>(r: &mut BerReader<'a>) -> Result<ServiceChangeAddress<'a>, BerError> {
    if r.alternative() == Some(0) {
        let port = r.unsigned(0, "portNumber")?;
        return Ok(ServiceChangeAddress::Port(port));
    }
    mid::read_shifted(r, 1).map(ServiceChangeAddress::MId)
}

fn version(r: &mut BerReader<'_>) -> Result<u8, BerError> {
    leaf::within(r, 0..=HIGHEST)
}

/// `ServiceChangeProfile`
fn profile<'a>(r: &mut BerReader<'a>) -> Result<ServiceChangeProfile<'a>, BerError> {
    let start = r.offset();
    let name = r.value(0, "profileName", |r| leaf::text_up_to(r, LONGEST_PROFILE))?;
    split_profile(name).ok_or_else(|| r.wrong_since(start, Expected::Rule("name/version")))
}

/// The parts of `name/version`.
fn split_profile(profile: Cow<'_, str>) -> Option<ServiceChangeProfile<'_>> {
    let (name, version) = match &profile {
        Cow::Borrowed(profile) => {
            let (name, version) = profile.split_once('/')?;
            (Cow::Borrowed(name), version)
        }
        Cow::Owned(profile) => {
            let (name, version) = profile.split_once('/')?;
            (Cow::Owned(name.to_owned()), version)
        }
    };
    let two_digits =
        (1..=2).contains(&version.len()) && version.bytes().all(|octet| octet.is_ascii_digit());
    let version = version.parse().ok().filter(|_| two_digits)?;
    is_name(name.as_bytes()).then(|| ServiceChangeProfile {
        name: Name::from(name),
        version,
    })
}

/// `Value` of a reason.
fn reason<'a>(r: &mut BerReader<'a>) -> Result<Value<'a>, BerError> {
    let start = r.offset();
    let mut values = Values::default();
    value::read(r, Kind::Of(&REASON, 0), &mut values)?;
    values
        .first
        .filter(|_| values.more.is_empty())
        .ok_or_else(|| r.wrong_since(start, Expected::Rule("serviceChangeReason of one value")))
}

/// `ServiceChangeParm`
pub(super) fn write(w: &mut BerWriter<'_>, services: &ServiceChangeDescriptor<'_>) {
    w.extensions();
    if services.incomplete {
        w.since(3, "serviceChangeIncompleteFlag");
        w.null(10);
    }
    if !services.info.is_empty() {
        w.since(2, "serviceChangeInfo");
        w.constructed(9, "serviceChangeInfo", |w| {
            audit::write_items(w, &services.info);
        });
    }
    write_non_standard(w, services);
    if let Some(time_stamp) = services.time_stamp {
        w.constructed(7, "timeStamp", |w| time_stamp::write(w, time_stamp));
    }
    if let Some(mgc_id) = &services.mgc_id {
        w.constructed(6, "serviceChangeMgcId", |w| mid::write(w, mgc_id));
    }
    if let Some(delay_s) = services.delay_s {
        w.unsigned(5, delay_s);
    }
    w.constructed(4, "serviceChangeReason", |w| {
        Typed::new(Kind::Of(&REASON, 0), &"serviceChangeReason").write(w, &services.reason);
    });
    write_profile(w, services.profile.as_ref());
    write_version(w, services.version);
    write_address(w, services.address.as_ref());
    write_method(w, &services.method);
}

/// `NonStandardData`, which text has as an extension.
fn write_non_standard(w: &mut BerWriter<'_>, services: &ServiceChangeDescriptor<'_>) {
    let extensions = services.extensions.len();
    if extensions + usize::from(services.non_standard.is_some()) > 1 {
        w.fail(Unsayable::Twice("nonStandardData"));
    }
    if let Some(data) = &services.non_standard {
        w.constructed(8, "nonStandardData", |w| non_standard::write(w, data));
    } else if let Some((name, value)) = services.extensions.first() {
        w.constructed(8, "nonStandardData", |w| extension::write(w, name, value));
    }
}

/// `ServiceChangeMethod`
fn write_method(w: &mut BerWriter<'_>, method: &ServiceChangeMethod<'_>) {
    let known = (0_u32..).zip(&METHODS).find(|(_, known)| *known == method);
    match known {
        Some((number, _)) => w.unsigned(0, number),
        None => w.fail(Unsayable::TextOnly("extension of ServiceChangeMethod")),
    }
}

/// `ServiceChangeAddress`
fn write_address(w: &mut BerWriter<'_>, address: Option<&ServiceChangeAddress<'_>>) {
    let Some(address) = address else { return };
    w.constructed(1, "serviceChangeAddress", |w| match address {
        ServiceChangeAddress::Port(port) => w.unsigned(0, *port),
        ServiceChangeAddress::MId(mid) => mid::write_shifted(w, 1, mid),
    });
}

fn write_version(w: &mut BerWriter<'_>, version: Option<u8>) {
    let Some(version) = version else { return };
    if version > HIGHEST {
        w.fail(Unsayable::Value("version", version.to_string()));
    }
    w.unsigned(2, version);
}

/// `ServiceChangeProfile`
fn write_profile(w: &mut BerWriter<'_>, profile: Option<&ServiceChangeProfile<'_>>) {
    let Some(profile) = profile else { return };
    let name = format!("{}/{}", profile.name, profile.version);
    if name.len() > LONGEST_PROFILE || profile.version > HIGHEST {
        w.fail(Unsayable::Value("serviceChangeProfile", name.clone()));
    }
    w.constructed(3, "serviceChangeProfile", |w| w.text(0, &name));
}

/// `ServiceChangeResParm`
pub(super) fn write_reply(w: &mut BerWriter<'_>, services: &ServiceChangeReplyDescriptor<'_>) {
    w.extensions();
    if let Some(time_stamp) = services.time_stamp {
        w.constructed(4, "timestamp", |w| time_stamp::write(w, time_stamp));
    }
    write_profile(w, services.profile.as_ref());
    write_version(w, services.version);
    write_address(w, services.address.as_ref());
    if let Some(mgc_id) = &services.mgc_id {
        w.constructed(0, "serviceChangeMgcId", |w| mid::write(w, mgc_id));
    }
}
