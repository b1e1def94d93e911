//! Audits of Contexts.

use super::{Generator, chance::Part, items::Where};

impl Generator {
    pub(crate) fn context_audit(&mut self) {
        self.rule("contextAudit");
        self.token("ContextAuditToken", "ContextAudit", "CA");
        self.open();
        if self.since(3) && self.once_in(4) {
            self.ind_aud_context_attr_descriptor();
        } else {
            self.all_context_audit_properties();
        }
        self.close();
    }

    /// Binary asks for the same without the descriptor.
    fn ind_aud_context_attr_descriptor(&mut self) {
        self.text_only();
        self.rule("indAudcontextAttrDescriptor");
        self.token("ContextAttrToken", "ContextAttr", "CT");
        self.braces(Self::all_context_audit_properties);
    }

    /// `contextAuditProperties`, some of them: three questions, and what version 3 added.
    fn all_context_audit_properties(&mut self) {
        let mut parts: Vec<Part> = vec![
            |g| g.token("TopologyToken", "Topology", "TP"),
            |g| g.token("EmergencyToken", "Emergency", "EG"),
            |g| g.token("PriorityToken", "Priority", "PR"),
        ];
        if self.since(3) {
            parts.extend::<[Part; 5]>([
                |g| g.token("IEPSToken", "IEPSCall", "IEPS"),
                |g| {
                    let property = g.property(Where::Context);
                    g.pkgd_name(property);
                },
                Self::context_audit_selector,
                Self::context_audit_selector_of_attributes,
                Self::audit_select_logic,
            ]);
        }
        let parts = self.some(1, parts);
        self.each(parts, |g, part| {
            g.rule("contextAuditProperties");
            part(g);
        });
    }

    fn context_audit_selector(&mut self) {
        self.rule("contextAuditSelector");
        self.some_of(&[Self::priority, Self::emergency_value, Self::ieps_value]);
    }

    /// Binary has no selection by a list of Contexts.
    fn context_audit_selector_of_attributes(&mut self) {
        self.text_only();
        self.rule("contextAuditSelector");
        self.context_attr_descriptor();
    }

    fn emergency_value(&mut self) {
        self.rule("emergencyValue");
        self.key("EmergencyValueToken", "EmergencyValue", "EGV");
        if self.coin() {
            self.token("EmergencyToken", "Emergency", "EG");
        } else {
            self.token("EmergencyOffToken", "EmergencyOff", "EGO");
        }
    }

    fn audit_select_logic(&mut self) {
        self.rule("contextAuditSelector");
        self.rule("auditSelectLogic");
        if self.coin() {
            self.token("AndAUDITSelectToken", "ANDLgc", "ANDLgc");
        } else {
            self.token("OrAUDITSelectToken", "ORLgc", "ORLgc");
        }
    }
}
