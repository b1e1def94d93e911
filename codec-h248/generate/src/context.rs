//! Actions, and attributes of Contexts.

use super::{Generator, items};

impl Generator {
    pub(crate) fn action_request(&mut self) {
        self.rule("actionRequest");
        self.key("CtxToken", "Context", "C");
        self.context_id();
        self.open();
        let attributes = self.once_in(4);
        if attributes {
            self.context_request();
        }
        if !attributes || self.coin() {
            if attributes {
                self.comma();
            }
            self.command_request_list();
        }
        self.close();
    }

    fn context_request(&mut self) {
        self.rule("contextRequest");
        let properties = self.coin();
        if properties {
            self.context_properties();
        }
        if !properties || self.coin() {
            if properties {
                self.comma();
            }
            self.context_audit();
        }
    }

    fn context_properties(&mut self) {
        self.rule("contextProperties");
        let mut kinds: Vec<fn(&mut Self)> = vec![Self::topology_descriptor, Self::priority, |g| {
            if g.since(3) && g.coin() {
                g.token("EmergencyOffToken", "EmergencyOff", "EGO");
            } else {
                g.token("EmergencyToken", "Emergency", "EG");
            }
        }];
        if self.since(3) {
            kinds.push(Self::ieps_value);
            kinds.push(Self::context_attr_descriptor);
        }
        let counted: Vec<fn(&mut Self)> = kinds;
        self.rule("contextProperty");
        self.some_of(1, &counted);
    }

    fn priority(&mut self) {
        self.rule("priority");
        self.key("PriorityToken", "Priority", "PR");
        let priority = self.chance.u32(0..=15);
        self.rule("UINT16");
        self.number(priority);
    }

    fn ieps_value(&mut self) {
        self.rule("iepsValue");
        self.key("IEPSToken", "IEPSCall", "IEPS");
        let on = self.pick(&["ON", "OFF"]);
        self.word(on);
    }

    fn context_attr_descriptor(&mut self) {
        self.rule("contextAttrDescriptor");
        self.token("ContextAttrToken", "ContextAttr", "CT");
        self.open();
        if self.coin() {
            self.context_id_list();
        } else {
            self.property_parm(items::CONTEXT);
        }
        self.close();
    }

    fn context_id_list(&mut self) {
        self.rule("contextIdList");
        self.key("ContextListToken", "ContextList", "CLT");
        self.braces(|g| {
            g.list(1, 3, |g| {
                g.rule("ContextID");
                let id = g.chance.u32(1..0xffff_fffe);
                g.number(id);
            });
        });
    }

    fn context_audit(&mut self) {
        self.rule("contextAudit");
        self.token("ContextAuditToken", "ContextAudit", "CA");
        self.open();
        if self.since(3) && self.once_in(4) {
            self.ind_aud_context_attr_descriptor();
        } else {
            self.context_audit_properties();
        }
        self.close();
    }

    fn ind_aud_context_attr_descriptor(&mut self) {
        self.rule("indAudcontextAttrDescriptor");
        self.traits.text_only = true;
        self.token("ContextAttrToken", "ContextAttr", "CT");
        self.braces(Self::plain_audit_properties);
    }

    /// Questions alone, which is what every version has.
    fn plain_audit_properties(&mut self) {
        self.rule("contextAuditProperties");
        self.some_of(
            1,
            &[
                |g| g.token("TopologyToken", "Topology", "TP"),
                |g| g.token("EmergencyToken", "Emergency", "EG"),
                |g| g.token("PriorityToken", "Priority", "PR"),
            ],
        );
    }

    fn context_audit_properties(&mut self) {
        if !self.since(3) || self.coin() {
            return self.plain_audit_properties();
        }
        self.rule("contextAuditProperties");
        self.some_of(
            1,
            &[
                |g| g.token("IEPSToken", "IEPSCall", "IEPS"),
                |g| g.pkgd_name("id_8001/id_0002"),
                |g| {
                    g.rule("contextAuditSelector");
                    g.priority();
                },
                |g| {
                    g.rule("emergencyValue");
                    g.key("EmergencyValueToken", "EmergencyValue", "EGV");
                    if g.coin() {
                        g.token("EmergencyToken", "Emergency", "EG");
                    } else {
                        g.token("EmergencyOffToken", "EmergencyOff", "EGO");
                    }
                },
                Self::audit_select_logic,
                |g| {
                    g.traits.text_only = true;
                    g.context_attr_descriptor();
                },
            ],
        );
    }

    fn audit_select_logic(&mut self) {
        self.rule("auditSelectLogic");
        if self.coin() {
            self.token("AndAUDITSelectToken", "ANDLgc", "ANDLgc");
        } else {
            self.token("OrAUDITSelectToken", "ORLgc", "ORLgc");
        }
    }

    fn topology_descriptor(&mut self) {
        self.rule("topologyDescriptor");
        self.token("TopologyToken", "Topology", "TP");
        self.braces(|g| g.list(1, 3, Self::topology_triple));
    }

    fn topology_triple(&mut self) {
        self.rule("topologyTriple");
        self.rule("terminationA");
        self.topology_end();
        self.comma();
        self.rule("terminationB");
        self.topology_end();
        self.comma();
        self.rule("topologyDirection");
        match self.chance.u8(0..5) {
            0 => self.token("BothwayToken", "Bothway", "BW"),
            1 => self.token("IsolateToken", "Isolate", "IS"),
            2 if self.since(3) => self.token("OnewayExternalToken", "OnewayExternal", "OWE"),
            3 if self.since(3) => self.token("OnewayBothToken", "OnewayBoth", "OWB"),
            _ => self.token("OnewayToken", "Oneway", "OW"),
        }
        if self.since(2) && self.once_in(3) {
            self.comma();
            self.event_stream();
        }
    }

    fn topology_end(&mut self) {
        match self.chance.u8(0..6) {
            0 => self.put("*"),
            1 => self.put("$"),
            _ => self.one_termination(),
        }
    }

    pub(crate) fn action_reply(&mut self) {
        self.rule("actionReply");
        self.key("CtxToken", "Context", "C");
        self.context_id();
        if self.since(3) && self.once_in(10) {
            return;
        }
        self.open();
        if self.once_in(6) {
            self.error_descriptor();
        } else {
            self.command_reply();
            if self.once_in(6) {
                self.comma();
                self.error_descriptor();
            }
        }
        self.close();
    }

    fn command_reply(&mut self) {
        self.rule("commandReply");
        let properties = self.once_in(5);
        if properties {
            self.context_properties();
        }
        if !properties || self.coin() {
            if properties {
                self.comma();
            }
            self.rule("commandReplyList");
            self.list(1, 2, Self::command_replys);
        }
    }
}
