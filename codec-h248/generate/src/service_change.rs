//! ServiceChange.

use super::{Generator, chance::Part, items::Form};

/// A `serviceChangeMethod`.
#[derive(Clone, Copy)]
struct Method {
    write: Part,
    /// It may take effect later.
    delays: bool,
    restarts: bool,
}

const fn method(write: Part, delays: bool, restarts: bool) -> Method {
    Method {
        write,
        delays,
        restarts,
    }
}

const METHODS: &[Method] = &[
    method(|g| g.token("FailoverToken", "Failover", "FL"), false, false),
    method(|g| g.token("ForcedToken", "Forced", "FO"), false, false),
    method(
        |g| g.token("DisconnectedToken", "Disconnected", "DC"),
        false,
        false,
    ),
    method(|g| g.token("HandOffToken", "HandOff", "HO"), false, false),
    method(|g| g.token("GracefulToken", "Graceful", "GR"), true, false),
    method(|g| g.token("RestartToken", "Restart", "RS"), true, true),
];

impl Generator {
    /// Method and Reason, and what goes with them, in any order.
    pub(crate) fn service_change_descriptor(&mut self) {
        self.rule("serviceChangeDescriptor");
        self.token("ServicesToken", "Services", "SV");
        let method = if self.once_in(24) {
            method(Self::extension_parameter, true, false)
        } else {
            self.pick(METHODS)
        };
        let mut parts = self.further_parameters(method.restarts);
        parts.push(Self::service_change_reason);
        if method.delays && self.coin() {
            parts.push(Self::service_change_delay);
        }
        let place = self.chance.usize(0..=parts.len());
        self.open();
        self.chance.shuffle(&mut parts);
        let mut parts: Vec<Option<Part>> = parts.into_iter().map(Some).collect();
        parts.insert(place, None);
        self.each(parts, |g, part| {
            g.rule("serviceChangeParm");
            match part {
                Some(part) => part(g),
                None => g.service_change_method(method),
            }
        });
        self.close();
    }

    /// What may be left out. Only ROOT registers, and only its restart can be incomplete.
    fn further_parameters(&mut self, restarts: bool) -> Vec<Part> {
        let mut parts: Vec<Part> = vec![Self::address_or_mgc_id, Self::time_stamp];
        if self.once_in(6) {
            parts.push(Self::extension);
        }
        if self.place.root {
            parts.push(Self::service_change_profile);
            parts.push(Self::service_change_version);
            if restarts && self.since(3) {
                parts.push(|g| {
                    g.token("ServiceChangeIncompleteToken", "ServiceChangeInc", "SIC");
                });
            }
        }
        let mut parts = self.some(0, parts);
        if self.since(2) && self.once_in(4) {
            let items = vec![
                Self::audit_of_media as Part,
                Self::audit_of_part,
                Self::audit_of_part,
            ];
            parts.extend(self.some(1, items));
        }
        parts
    }

    pub(crate) fn service_change_reply_descriptor(&mut self) {
        self.rule("serviceChangeReplyDescriptor");
        self.token("ServicesToken", "Services", "SV");
        self.open();
        let parts: Vec<Part> = vec![
            Self::address_or_mgc_id,
            Self::service_change_profile,
            Self::service_change_version,
            Self::time_stamp,
        ];
        let parts = self.some(1, parts);
        self.each(parts, |g, part| {
            g.rule("servChgReplyParm");
            part(g);
        });
        self.close();
    }

    fn service_change_method(&mut self, method: Method) {
        self.rule("serviceChangeMethod");
        self.key("MethodToken", "Method", "MT");
        (method.write)(self);
    }

    fn service_change_delay(&mut self) {
        self.rule("serviceChangeDelay");
        self.key("DelayToken", "Delay", "DL");
        self.uint32();
    }

    /// A code of H.248.8, alone or with words.
    fn service_change_reason(&mut self) {
        self.rule("serviceChangeReason");
        self.key("ReasonToken", "Reason", "RE");
        self.rule("VALUE");
        let code = self.chance.u32(900..=999);
        let words = self.pick(&["", " Service Restored", " Cold Boot", " x; {y} [z]"]);
        self.quoted(&format!("{code}{words}"));
    }

    fn address_or_mgc_id(&mut self) {
        match self.chance.u8(0..3) {
            0 => {
                self.rule("serviceChangeMgcId");
                self.key("MgcIdToken", "MgcIdToTry", "MG");
                self.m_id();
            }
            place => {
                self.rule("serviceChangeAddress");
                self.key("ServiceChangeAddressToken", "ServiceChangeAddress", "AD");
                if place == 1 {
                    self.m_id();
                } else {
                    self.port_number();
                }
            }
        }
    }

    fn service_change_profile(&mut self) {
        self.rule("serviceChangeProfile");
        self.key("ProfileToken", "Profile", "PF");
        self.name();
        self.slash();
        let version = self.chance.u32(1..=99);
        self.this_version(version);
    }

    fn service_change_version(&mut self) {
        self.rule("serviceChangeVersion");
        self.key("VersionToken", "Version", "V");
        let version = self.chance.u32(1..=3);
        self.this_version(version);
    }

    fn extension(&mut self) {
        self.rule("extension");
        self.extension_parameter();
        self.parm_value(Form::Free);
    }
}
