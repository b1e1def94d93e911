//! Contexts, their attributes and audits of these.

use super::{Check, Walk};
use crate::{ContextAudit, ContextAuditItem, ContextId, ContextProperty, TopologyTriple};

impl Check for ContextId {
    fn check(&self, walk: &mut Walk) {
        let legal = match self {
            Self::Null | Self::Choose | Self::All => true,
            Self::Id(id) => (1..=0xffff_fffd).contains(id),
        };
        walk.wants(legal, "a number from 1 to 4294967293");
    }
}

impl Check for ContextProperty<'_> {
    fn check(&self, walk: &mut Walk) {
        match self {
            Self::Topology(triples) => walk.filled("topologyReq", triples),
            Self::Properties(properties) => walk.filled("contextProp", properties),
            Self::ContextList(contexts) => walk.filled("contextList", contexts),
            Self::Priority(_) | Self::Emergency(_) | Self::Ieps(_) => {}
        }
    }
}

impl Check for TopologyTriple<'_> {
    fn check(&self, walk: &mut Walk) {
        walk.member("terminationFrom", &self.from);
        walk.member("terminationTo", &self.to);
    }
}

impl Check for ContextAudit<'_> {
    fn check(&self, walk: &mut Walk) {
        walk.wants(!self.items.is_empty(), "one entry or more");
        self.items.check(walk);
    }
}

impl Check for ContextAuditItem<'_> {
    fn check(&self, walk: &mut Walk) {
        match self {
            Self::Property(name) => walk.member("contextPropAud", name),
            Self::Attributes(items) => {
                walk.filled("contextAttr", items);
                let nested = |item: &Self| matches!(item, Self::Attributes(_));
                walk.wants(!items.iter().any(nested), "no contextAttr within another");
            }
            Self::SelectProperties(properties) => walk.filled("selectContextProp", properties),
            Self::SelectContexts(contexts) => walk.filled("selectContextList", contexts),
            Self::Topology
            | Self::Emergency
            | Self::Priority
            | Self::Ieps
            | Self::SelectPriority(_)
            | Self::SelectEmergency(_)
            | Self::SelectIeps(_)
            | Self::And
            | Self::Or => {}
        }
    }
}
