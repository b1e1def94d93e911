//! ServiceChange.

use super::{Generator, items::Type};

impl Generator {
    pub(crate) fn service_change_descriptor(&mut self) {
        self.rule("serviceChangeDescriptor");
        self.token("ServicesToken", "Services", "SV");
        self.open();
        self.rule("serviceChangeParm");
        self.service_change_method();
        self.comma();
        self.service_change_reason();
        let mut parts: Vec<fn(&mut Self)> = vec![
            Self::address_or_mgc_id,
            Self::service_change_profile,
            Self::time_stamp,
            Self::service_change_version,
            |g| {
                g.rule("extension");
                g.extension_parameter();
                g.traits.text_only = true;
                g.parm_value(Type::Text);
            },
        ];
        if self.since(3) {
            parts.push(|g| g.token("ServiceChangeIncompleteToken", "ServiceChangeInc", "SIC"));
        }
        if self.since(2) {
            parts.push(Self::plain_audit_item);
        }
        if self.coin() {
            self.comma();
            self.some_of(1, &parts);
        }
        self.close();
    }

    pub(crate) fn service_change_reply_descriptor(&mut self) {
        self.rule("serviceChangeReplyDescriptor");
        self.token("ServicesToken", "Services", "SV");
        self.open();
        self.rule("servChgReplyParm");
        self.some_of(
            1,
            &[
                Self::address_or_mgc_id,
                Self::service_change_profile,
                Self::service_change_version,
                Self::time_stamp,
            ],
        );
        self.close();
    }

    /// The method, and where it is Graceful the delay.
    fn service_change_method(&mut self) {
        self.rule("serviceChangeMethod");
        self.key("MethodToken", "Method", "MT");
        match self.chance.u8(0..7) {
            0 => self.token("FailoverToken", "Failover", "FL"),
            1 => self.token("ForcedToken", "Forced", "FO"),
            2 => {
                self.token("GracefulToken", "Graceful", "GR");
                self.comma();
                self.rule("serviceChangeDelay");
                self.key("DelayToken", "Delay", "DL");
                self.uint32();
            }
            3 => self.token("RestartToken", "Restart", "RS"),
            4 => self.token("DisconnectedToken", "Disconnected", "DC"),
            5 => self.token("HandOffToken", "HandOff", "HO"),
            _ => {
                self.traits.text_only = true;
                self.extension_parameter();
            }
        }
    }

    fn service_change_reason(&mut self) {
        self.rule("serviceChangeReason");
        self.key("ReasonToken", "Reason", "RE");
        self.rule("VALUE");
        self.rule("quotedString");
        let reason = self.pick(&[
            "\"901 Cold Boot\"",
            "\"900\"",
            "\"905 Termination taken out\"",
        ]);
        self.put(reason);
    }

    fn address_or_mgc_id(&mut self) {
        match self.chance.u8(0..3) {
            0 => {
                self.rule("serviceChangeMgcId");
                self.key("MgcIdToken", "MgcIdToTry", "MG");
                self.m_id();
            }
            1 => {
                self.rule("serviceChangeAddress");
                self.key("ServiceChangeAddressToken", "ServiceChangeAddress", "AD");
                self.m_id();
            }
            _ => {
                self.rule("serviceChangeAddress");
                self.key("ServiceChangeAddressToken", "ServiceChangeAddress", "AD");
                self.port_number();
            }
        }
    }

    fn service_change_profile(&mut self) {
        self.rule("serviceChangeProfile");
        self.key("ProfileToken", "Profile", "PF");
        self.name();
        self.put("/");
        self.rule("Version");
        let version = self.chance.u32(1..=99);
        self.number(version);
    }

    fn service_change_version(&mut self) {
        self.rule("serviceChangeVersion");
        self.key("VersionToken", "Version", "V");
        self.rule("Version");
        let version = self.chance.u32(1..=3);
        self.number(version);
    }
}
