//! Selection of Contexts by their attributes (H.248.1 7.2.9, version 3).

use std::collections::BTreeSet;

use codec_h248::{ContextAuditItem, ContextId, PropertyParm, ToBoundedStatic};

use super::selected;
use crate::{
    CommandError,
    gateway::{Gateway, context::Attributes},
};

/// Which Contexts are meant.
#[derive(Debug)]
pub(crate) struct Selection {
    criteria: Vec<Criterion>,
    /// Whether one criterion is enough.
    pub(crate) any: bool,
    /// Whether a list of Contexts is among the criteria.
    pub(crate) by_list: bool,
}

#[derive(Debug)]
enum Criterion {
    Priority(u16),
    Emergency(bool),
    Ieps(bool),
    Property(PropertyParm<'static>),
    /// One of these; absent where the list says ALL.
    OneOf(Option<BTreeSet<u32>>),
}

impl Selection {
    /// Reads the criteria among the items of an audit.
    pub(crate) fn read(
        gateway: &Gateway,
        items: &[&ContextAuditItem<'_>],
    ) -> Result<Self, CommandError> {
        let mut selection = Self {
            criteria: Vec::new(),
            any: false,
            by_list: false,
        };
        let mut all = false;
        for item in items {
            match item {
                ContextAuditItem::SelectPriority(priority @ 0..=15) => {
                    selection.criteria.push(Criterion::Priority(*priority));
                }
                ContextAuditItem::SelectPriority(_) => {
                    return Err(CommandError::ParameterValue("Priority"));
                }
                ContextAuditItem::SelectEmergency(on) => {
                    selection.criteria.push(Criterion::Emergency(*on));
                }
                ContextAuditItem::SelectIeps(on) => selection.criteria.push(Criterion::Ieps(*on)),
                ContextAuditItem::SelectProperties(parms) => {
                    for parm in parms {
                        gateway.packages.check_of_context(&parm.name)?;
                        selection
                            .criteria
                            .push(Criterion::Property(parm.to_static()));
                    }
                }
                ContextAuditItem::SelectContexts(ids) => {
                    selection.by_list = true;
                    selection.criteria.push(one_of(ids)?);
                }
                ContextAuditItem::And => all = true,
                ContextAuditItem::Or => selection.any = true,
                ContextAuditItem::Topology
                | ContextAuditItem::Emergency
                | ContextAuditItem::Priority
                | ContextAuditItem::Ieps
                | ContextAuditItem::Property(_)
                | ContextAuditItem::Attributes(_) => {}
            }
        }
        if all && selection.any {
            return Err(CommandError::ParameterValue("ANDLgc and ORLgc"));
        }
        Ok(selection)
    }

    /// Whether a Context is meant; one that is not made yet has no number.
    pub(crate) fn is_met(
        &self,
        context: Option<u32>,
        attributes: &Attributes,
        properties: &[PropertyParm<'_>],
    ) -> bool {
        let met = |criterion: &Criterion| match criterion {
            Criterion::Priority(priority) => attributes.priority == *priority,
            Criterion::Emergency(on) => attributes.emergency == *on,
            Criterion::Ieps(on) => attributes.ieps == *on,
            Criterion::Property(wanted) => selected::has(properties, wanted),
            Criterion::OneOf(None) => true,
            Criterion::OneOf(Some(ids)) => context.is_some_and(|id| ids.contains(&id)),
        };
        match self.any && !self.criteria.is_empty() {
            true => self.criteria.iter().any(met),
            false => self.criteria.iter().all(met),
        }
    }
}

fn one_of(ids: &[ContextId]) -> Result<Criterion, CommandError> {
    if ids.contains(&ContextId::All) {
        return Ok(Criterion::OneOf(None));
    }
    let number = |id: &ContextId| match id {
        ContextId::Id(number) => Ok(*number),
        ContextId::Null | ContextId::Choose | ContextId::All => {
            Err(CommandError::IllegalAction(*id))
        }
    };
    let numbers: BTreeSet<u32> = ids.iter().map(number).collect::<Result<_, _>>()?;
    Ok(Criterion::OneOf(Some(numbers)))
}
