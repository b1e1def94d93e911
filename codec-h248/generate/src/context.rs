//! Actions, and attributes of Contexts.

use super::{
    Generator,
    chance::Part,
    items::Where,
    place::{Context, Place},
};

impl Generator {
    fn any_context(&mut self, other_than: &[Context]) -> Context {
        let context = match self.chance.u8(0..10) {
            0 => Context::Null,
            1..=2 => Context::Choose,
            3 => Context::All,
            _ => Context::Known,
        };
        if other_than.contains(&context) {
            Context::Known
        } else {
            context
        }
    }

    pub(crate) fn action_request(&mut self) {
        self.rule("actionRequest");
        let context = self.any_context(&[]);
        self.place = Place {
            context,
            ..Place::default()
        };
        self.key("CtxToken", "Context", "C");
        self.context_id(context);
        self.open();
        let attributes = context != Context::Null && self.once_in(4);
        if attributes {
            self.context_request();
        }
        let owes = self.place.owes_choose || context == Context::Choose;
        if !attributes || owes || self.coin() {
            if attributes {
                self.comma();
            }
            self.command_request_list();
        }
        self.close();
    }

    /// A Context that is to be made has nothing to ask for.
    fn context_request(&mut self) {
        self.rule("contextRequest");
        let properties = self.place.context == Context::Choose || self.coin();
        if properties {
            self.context_properties();
        }
        if self.place.context != Context::Choose && (!properties || self.coin()) {
            if properties {
                self.comma();
            }
            self.context_audit();
        }
    }

    fn context_properties(&mut self) {
        self.rule("contextProperties");
        let mut kinds: Vec<Part> = vec![Self::topology_descriptor, Self::priority, Self::emergency];
        if self.since(3) {
            kinds.push(Self::ieps_value);
            kinds.push(Self::context_attr_descriptor);
        }
        let kinds = self.some(1, kinds);
        self.each(kinds, |g, kind| {
            g.rule("contextProperty");
            kind(g);
        });
    }

    /// Before version 3 only a gateway says that there is no emergency.
    fn emergency(&mut self) {
        if (self.since(3) || self.place.reply) && self.coin() {
            self.token("EmergencyOffToken", "EmergencyOff", "EGO");
        } else {
            self.token("EmergencyToken", "Emergency", "EG");
        }
    }

    pub(crate) fn priority(&mut self) {
        self.rule("priority");
        self.key("PriorityToken", "Priority", "PR");
        let priority = self.chance.u16(0..=15);
        self.this_uint16(priority);
    }

    pub(crate) fn ieps_value(&mut self) {
        self.rule("iepsValue");
        self.key("IEPSToken", "IEPSCall", "IEPS");
        self.on_or_off();
    }

    pub(crate) fn on_or_off(&mut self) {
        let value = self.pick(&["ON", "OFF"]);
        self.word(value);
    }

    pub(crate) fn context_attr_descriptor(&mut self) {
        self.rule("contextAttrDescriptor");
        self.token("ContextAttrToken", "ContextAttr", "CT");
        self.open();
        if self.coin() {
            self.context_id_list();
        } else {
            self.property_parms(Where::Context, 4);
        }
        self.close();
    }

    fn context_id_list(&mut self) {
        self.rule("contextIdList");
        self.key("ContextListToken", "ContextList", "CLT");
        self.braces(|g| g.list(1, 12, Self::context_number));
    }

    pub(crate) fn action_reply(&mut self) {
        self.rule("actionReply");
        let fails = self.once_in(6);
        let chosen: &[Context] = if fails { &[] } else { &[Context::Choose] };
        let context = self.any_context(chosen);
        self.place = Place {
            reply: true,
            context,
            ..Place::default()
        };
        self.key("CtxToken", "Context", "C");
        self.context_id(context);
        let named_alone = self.since(3) && !fails && self.once_in(8);
        if named_alone {
            return;
        }
        self.open();
        if fails && self.coin() {
            self.error_descriptor();
        } else {
            self.command_reply();
            if fails {
                self.comma();
                self.error_descriptor();
            }
        }
        self.close();
    }

    fn command_reply(&mut self) {
        self.rule("commandReply");
        let properties = self.place.context != Context::Null && self.once_in(5);
        if properties {
            self.context_properties();
        }
        if !properties || self.coin() {
            if properties {
                self.comma();
            }
            self.rule("commandReplyList");
            self.list(1, 6, Self::command_replys);
        }
    }
}
