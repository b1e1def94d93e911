//! The ServiceChange descriptor.

use super::{Check, Walk, words::is_extension};
use crate::{
    MId,
    descriptor::{
        ServiceChangeAddress, ServiceChangeDescriptor, ServiceChangeMethod, ServiceChangeProfile,
        ServiceChangeReplyDescriptor,
    },
};

/// The highest `Version` that two digits can say.
const HIGHEST: u8 = 99;

impl Check for ServiceChangeDescriptor<'_> {
    fn check(&self, walk: &mut Walk) {
        walk.at("serviceChangeMethod", |walk| {
            if let ServiceChangeMethod::Extension(name) = &self.method {
                walk.wants(is_extension(name), "extensionParameter");
            }
        });
        walk.member("serviceChangeReason", &self.reason);
        shared(
            walk,
            &self.address,
            &self.mgc_id,
            &self.profile,
            self.version,
        );
        walk.member("timeStamp", &self.time_stamp);
        walk.member("serviceChangeInfo", &self.info);
        let extensions: Vec<_> = self.extensions.iter().map(Extension).collect();
        walk.member("extensions", &extensions);
        walk.member("nonStandardData", &self.non_standard);
    }
}

impl Check for ServiceChangeReplyDescriptor<'_> {
    fn check(&self, walk: &mut Walk) {
        shared(
            walk,
            &self.address,
            &self.mgc_id,
            &self.profile,
            self.version,
        );
        walk.member("timeStamp", &self.time_stamp);
    }
}

/// What requests and replies both have. Address and MgcId exclude each other.
fn shared(
    walk: &mut Walk,
    address: &Option<ServiceChangeAddress<'_>>,
    mgc_id: &Option<MId<'_>>,
    profile: &Option<ServiceChangeProfile<'_>>,
    version: Option<u8>,
) {
    walk.member("serviceChangeAddress", address);
    walk.at("serviceChangeMgcId", |walk| {
        let both = address.is_some() && mgc_id.is_some();
        walk.wants(
            !both,
            "serviceChangeAddress or serviceChangeMgcId, not both",
        );
        mgc_id.check(walk);
    });
    walk.member("serviceChangeProfile", profile);
    walk.at("serviceChangeVersion", |walk| {
        walk.wants(
            version.is_none_or(|version| version <= HIGHEST),
            "a number up to 99",
        );
    });
}

impl Check for ServiceChangeAddress<'_> {
    fn check(&self, walk: &mut Walk) {
        match self {
            Self::Port(_) => {}
            Self::MId(MId::Device(name)) => {
                let port = name.len() <= 10 && name.parse::<u16>().is_ok();
                walk.wants(!port, "a pathNAME that is no port");
                MId::Device(name.clone()).check(walk);
            }
            Self::MId(mid) => mid.check(walk),
        }
    }
}

impl Check for ServiceChangeProfile<'_> {
    fn check(&self, walk: &mut Walk) {
        walk.member("profileName", &self.name);
        walk.at("version", |walk| {
            walk.wants(self.version <= HIGHEST, "a number up to 99");
        });
    }
}

/// An `X-…` or `X+…` parameter.
struct Extension<'e, 'a>(&'e (std::borrow::Cow<'a, str>, crate::ParmValue<'a>));

impl Check for Extension<'_, '_> {
    fn check(&self, walk: &mut Walk) {
        let (name, value) = self.0;
        walk.at("name", |walk| {
            walk.wants(is_extension(name), "extensionParameter")
        });
        walk.member("value", value);
    }
}
