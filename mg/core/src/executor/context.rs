//! Attributes of Contexts: set, audited, and selected by (H.248.1 6.1.1, 7.2.9).

use std::collections::BTreeSet;

use codec_h248::{
    ActionReply, ActionRequest, ContextAuditItem, ContextId, ContextProperty, List, PropertyParm,
    TerminationId, TopologyDirection, TopologyTriple, list, package::ItemKind,
};
use transport_h248::mutants::{Mutant, seeded};

use super::{
    selection::Selection,
    size,
    target::{Budget, Here},
    topology::{self, Triples},
};
use crate::{
    CommandError,
    gateway::{Gateway, context::Attributes, items},
};

/// More items in one audit of Contexts than this, which is more than there are to ask for, are
/// refused with 510: one audit is answered for every Context.
const ITEMS_MAX: usize = 64;

/// What is known of an action before its first command.
#[derive(Debug)]
pub(crate) struct Prepared {
    /// Where its commands are to be carried out.
    pub(crate) here: Here,
    /// Which of all Contexts it is about; all of them where absent.
    pub(crate) only: Option<BTreeSet<u32>>,
    /// What was asked of its one Context.
    pub(crate) properties: Vec<ContextProperty<'static>>,
    /// What was asked of all Contexts.
    pub(crate) replies: List<ActionReply<'static>>,
    /// Whether one criterion of a selection is enough.
    pub(crate) any: bool,
    /// What is still to be said to Terminations that come.
    pub(crate) triples: Triples,
    /// The properties of packages of a Context that is still to be made.
    pub(crate) of_packages: Option<Vec<PropertyParm<'static>>>,
}

/// Finds the Context of an action, sets the attributes that it speaks of, and reads those that it
/// asks for. Nothing is set where a part is refused.
pub(crate) fn prepare(
    gateway: &mut Gateway,
    action: &ActionRequest<'static>,
    budget: &mut Budget,
) -> Result<Prepared, CommandError> {
    let here = locate(gateway, action.context)?;
    let speaks = !action.properties.is_empty() || action.audit.is_some();
    if action.commands.is_empty() {
        if !speaks {
            return Err(CommandError::EmptyAction);
        }
        if let Here::Unmade(_) = here {
            return Err(CommandError::NoContextMade(action.context));
        }
    }
    if !speaks {
        return Ok(Prepared {
            here,
            only: None,
            properties: Vec::new(),
            replies: List::new(),
            any: false,
            triples: Triples::default(),
            of_packages: None,
        });
    }
    match here {
        // The null Context has no attributes.
        Here::Null => Err(CommandError::IllegalAction(action.context)),
        Here::All => prepare_all(gateway, action, budget),
        Here::Made(_) | Here::Unmade(_) => prepare_one(gateway, here, action, budget),
    }
}

fn locate(gateway: &Gateway, context: ContextId) -> Result<Here, CommandError> {
    match context {
        ContextId::Null => Ok(Here::Null),
        ContextId::All => Ok(Here::All),
        ContextId::Choose if gateway.contexts().len() >= gateway.limits().contexts => {
            Err(CommandError::NoContext)
        }
        ContextId::Choose => Ok(Here::Unmade(Attributes::default())),
        ContextId::Id(id) if gateway.context(id).is_some() => Ok(Here::Made(id)),
        ContextId::Id(_) => Err(CommandError::UnknownContext(context)),
    }
}

fn prepare_one(
    gateway: &mut Gateway,
    mut here: Here,
    action: &ActionRequest<'static>,
    budget: &mut Budget,
) -> Result<Prepared, CommandError> {
    let mut attributes = attributes(gateway, here)?;
    set(&mut attributes, here, &action.properties)?;
    let mut of_packages = given_properties(gateway, &action.properties)?;
    let triples = topology::plan(gateway, here, action, budget)?;
    let items = items(action)?;
    let selection = Selection::read(gateway, &items)?;
    check_asked(gateway, &items)?;
    if let Here::Made(id) = here {
        gateway.set_attributes(id, attributes);
        topology::apply(gateway, id, &triples);
        if let Some(parms) = of_packages.take() {
            gateway.set_properties(id, parms);
        }
    } else {
        here = Here::Unmade(attributes);
    }
    let number = match here {
        Here::Made(id) => Some(id),
        Here::Unmade(_) | Here::Null | Here::All => None,
    };
    let present = number.and_then(|id| gateway.context(id));
    let present = present.map(|context| context.properties.as_slice());
    let present = present.or(of_packages.as_deref()).unwrap_or_default();
    let properties = match selection.is_met(number, &attributes, present) {
        true => values(gateway, number, (&attributes, present), &items, budget)?,
        false => Vec::new(),
    };
    Ok(Prepared {
        here,
        only: None,
        properties,
        replies: List::new(),
        any: selection.any,
        triples,
        of_packages,
    })
}

/// Attributes of all Contexts are not set at once; a list of Contexts narrows the action.
fn prepare_all(
    gateway: &Gateway,
    action: &ActionRequest<'static>,
    budget: &mut Budget,
) -> Result<Prepared, CommandError> {
    let listed = listed(gateway, &action.properties)?;
    let items = items(action)?;
    let selection = Selection::read(gateway, &items)?;
    check_asked(gateway, &items)?;
    budget.spend_looks(gateway.contexts().len())?;
    let selected = gateway.contexts().filter(|(id, context)| {
        listed.as_ref().is_none_or(|listed| listed.contains(id))
            && selection.is_met(Some(*id), &context.attributes, &context.properties)
    });
    let only: BTreeSet<u32> = selected.map(|(id, _)| id).collect();
    let asks = items.iter().any(|item| is_asked(item));
    let replies = if action.audit.is_none() || (!asks && !action.commands.is_empty()) {
        List::new()
    } else if only.is_empty() || (selection.by_list && !asks) {
        list![list(&only, selection.by_list)]
    } else {
        budget.spend_items(only.len())?;
        let contexts = only
            .iter()
            .filter_map(|id| Some((*id, gateway.context(*id)?)));
        let each = contexts.map(|(id, context)| {
            let values = values(
                gateway,
                Some(id),
                (&context.attributes, &context.properties),
                &items,
                budget,
            )?;
            Ok(reply(ContextId::Id(id), values.into()))
        });
        let null = seeded(Mutant::M07).then(|| Ok(reply(ContextId::Null, List::new())));
        each.chain(null).collect::<Result<_, CommandError>>()?
    };
    Ok(Prepared {
        here: Here::All,
        only: Some(only),
        properties: Vec::new(),
        replies,
        any: selection.any,
        triples: Triples::default(),
        of_packages: None,
    })
}

/// The Contexts of a ContextList, which have to exist.
fn listed(
    gateway: &Gateway,
    properties: &[ContextProperty<'_>],
) -> Result<Option<BTreeSet<u32>>, CommandError> {
    let mut listed = None;
    for property in properties {
        let ContextProperty::ContextList(ids) = property else {
            return Err(CommandError::IllegalAction(ContextId::All));
        };
        let set: &mut BTreeSet<u32> = listed.get_or_insert_default();
        for id in ids {
            match id {
                ContextId::Id(number) if gateway.context(*number).is_some() => set.insert(*number),
                ContextId::Id(_) => return Err(CommandError::UnknownContext(*id)),
                ContextId::Null | ContextId::Choose | ContextId::All => {
                    return Err(CommandError::IllegalAction(*id));
                }
            };
        }
    }
    Ok(listed)
}

fn list(only: &BTreeSet<u32>, by_list: bool) -> ActionReply<'static> {
    let ids = only.iter().copied().map(ContextId::Id).collect();
    let named = by_list && !only.is_empty();
    let properties = named.then_some(ContextProperty::ContextList(ids));
    reply(ContextId::All, properties.into_iter().collect())
}

fn reply(context: ContextId, properties: List<ContextProperty<'static>>) -> ActionReply<'static> {
    ActionReply {
        context,
        properties,
        commands: List::new(),
        error: None,
    }
}

fn set(
    attributes: &mut Attributes,
    here: Here,
    properties: &[ContextProperty<'_>],
) -> Result<(), CommandError> {
    for property in properties {
        match property {
            // It is planned whole, with the others of the action.
            ContextProperty::Topology(_) => {}
            ContextProperty::Priority(priority @ 0..=15) => attributes.priority = *priority,
            ContextProperty::Priority(_) => return Err(CommandError::ParameterValue("Priority")),
            ContextProperty::Emergency(emergency) => attributes.emergency = *emergency,
            ContextProperty::Ieps(ieps) => attributes.ieps = *ieps,
            // Of these there may be several descriptors; they are taken whole, too.
            ContextProperty::Properties(_) => {}
            ContextProperty::ContextList(_) => return Err(CommandError::IllegalAction(here.id())),
        }
    }
    Ok(())
}

/// What an action asks about its Context, without the braces of ContextAttr.
fn items<'a>(
    action: &'a ActionRequest<'static>,
) -> Result<Vec<&'a ContextAuditItem<'static>>, CommandError> {
    let mut flat = Vec::new();
    for item in action.audit.iter().flat_map(|audit| &audit.items) {
        if let ContextAuditItem::Attributes(inner) = item {
            flat.extend(inner);
        } else {
            flat.push(item);
        }
    }
    if flat.len() > ITEMS_MAX {
        return Err(CommandError::TooManyAuditItems);
    }
    Ok(flat)
}

fn is_asked(item: &ContextAuditItem<'_>) -> bool {
    match item {
        ContextAuditItem::Topology
        | ContextAuditItem::Emergency
        | ContextAuditItem::Priority
        | ContextAuditItem::Ieps
        | ContextAuditItem::Property(_)
        | ContextAuditItem::Attributes(_) => true,
        ContextAuditItem::SelectPriority(_)
        | ContextAuditItem::SelectEmergency(_)
        | ContextAuditItem::SelectIeps(_)
        | ContextAuditItem::SelectProperties(_)
        | ContextAuditItem::SelectContexts(_)
        | ContextAuditItem::And
        | ContextAuditItem::Or => false,
    }
}

fn check_asked(gateway: &Gateway, items: &[&ContextAuditItem<'_>]) -> Result<(), CommandError> {
    for item in items {
        if let ContextAuditItem::Property(name) = item {
            gateway.packages.check_of_context(name)?;
        }
    }
    Ok(())
}

fn values(
    gateway: &Gateway,
    context: Option<u32>,
    (attributes, properties): (&Attributes, &[PropertyParm<'static>]),
    items: &[&ContextAuditItem<'_>],
    budget: &mut Budget,
) -> Result<Vec<ContextProperty<'static>>, CommandError> {
    let mut found: Vec<ContextProperty<'static>> = Vec::new();
    for item in items {
        let value = match item {
            ContextAuditItem::Topology => ContextProperty::Topology(
                context.map_or_else(everybody, |id| topology::audit(gateway, id)),
            ),
            ContextAuditItem::Emergency => ContextProperty::Emergency(attributes.emergency),
            ContextAuditItem::Priority => ContextProperty::Priority(attributes.priority),
            ContextAuditItem::Ieps => ContextProperty::Ieps(attributes.ieps),
            // They stand in one descriptor, behind the others.
            ContextAuditItem::Property(_)
            | ContextAuditItem::Attributes(_)
            | ContextAuditItem::SelectPriority(_)
            | ContextAuditItem::SelectEmergency(_)
            | ContextAuditItem::SelectIeps(_)
            | ContextAuditItem::SelectProperties(_)
            | ContextAuditItem::SelectContexts(_)
            | ContextAuditItem::And
            | ContextAuditItem::Or => continue,
        };
        budget.spend_parts(size::property(&value))?;
        if !found.contains(&value) {
            found.push(value);
        }
    }
    let is_asked = |parm: &&PropertyParm<'_>| {
        items.iter().any(|item| {
            matches!(item, ContextAuditItem::Property(name)
                if items::is_meant(ItemKind::Property, name, &parm.name))
        })
    };
    let asked: Vec<_> = properties.iter().filter(is_asked).cloned().collect();
    if !asked.is_empty() {
        found.push(ContextProperty::Properties(asked));
    }
    Ok(found)
}

/// Puts what is set now in the place of the Topology that was read before the commands of the action,
/// where it speaks of those that they bring.
pub(crate) fn renew_topology(
    gateway: &Gateway,
    context: u32,
    triples: &Triples,
    properties: &mut [ContextProperty<'static>],
) {
    if !triples.await_somebody() || gateway.context(context).is_none() {
        return;
    }
    for property in properties {
        if let ContextProperty::Topology(read) = property {
            *read = topology::audit(gateway, context);
        }
    }
}

fn attributes(gateway: &Gateway, here: Here) -> Result<Attributes, CommandError> {
    match here {
        Here::Null | Here::All => Err(CommandError::IllegalAction(here.id())),
        Here::Unmade(attributes) => Ok(attributes),
        Here::Made(id) => match gateway.context(id) {
            Some(context) => Ok(context.attributes),
            None => Err(CommandError::UnknownContext(here.id())),
        },
    }
}

/// The properties of the last ContextAttr descriptor, which replaces those before it.
fn given_properties(
    gateway: &Gateway,
    properties: &[ContextProperty<'_>],
) -> Result<Option<Vec<PropertyParm<'static>>>, CommandError> {
    let mut given = None;
    for property in properties {
        if let ContextProperty::Properties(parms) = property {
            given = Some(gateway.packages.of_context(parms)?);
        }
    }
    Ok(given)
}

/// Everybody hears everybody.
fn everybody() -> Vec<TopologyTriple<'static>> {
    vec![TopologyTriple {
        from: TerminationId::ALL,
        to: TerminationId::ALL,
        direction: TopologyDirection::Bothway,
        stream: None,
    }]
}
