//! Attributes of a Context: set, and audited (H.248.1 6.1.1, 7.2.9).

use codec_h248::{
    ActionRequest, ContextAuditItem, ContextId, ContextProperty, PackageItem, TerminationId,
    ToBoundedStatic, TopologyDirection, TopologyTriple,
};

use super::target::Here;
use crate::{
    CommandError,
    gateway::{Gateway, context::Attributes},
};

/// Packages whose names are known; none of them has a property of a Context.
const KNOWN: [&str; 4] = ["g", "root", "nt", "rtp"];

/// Where the commands of an action are to be carried out.
pub(crate) fn locate(gateway: &Gateway, context: ContextId) -> Result<Here, CommandError> {
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

/// Sets the attributes that an action speaks of, and returns those that it asks for. Nothing is
/// set where a part is refused.
pub(crate) fn prepare(
    gateway: &mut Gateway,
    here: &mut Here,
    action: &ActionRequest<'_>,
) -> Result<Vec<ContextProperty<'static>>, CommandError> {
    if action.properties.is_empty() && action.audit.is_none() {
        return Ok(Vec::new());
    }
    let mut attributes = attributes(gateway, *here)?;
    set(gateway, *here, &mut attributes, &action.properties)?;
    let found = match &action.audit {
        Some(asked) => audit(&attributes, &asked.items)?,
        None => Vec::new(),
    };
    match here {
        Here::Unmade(unmade) => *unmade = attributes,
        Here::Made(id) => gateway.set_attributes(*id, attributes),
        Here::Null | Here::All => {}
    }
    Ok(found)
}

fn set(
    gateway: &Gateway,
    here: Here,
    attributes: &mut Attributes,
    properties: &[ContextProperty<'_>],
) -> Result<(), CommandError> {
    for property in properties {
        match property {
            ContextProperty::Topology(triples) => check_topology(gateway, here, triples)?,
            ContextProperty::Priority(priority @ 0..=15) => attributes.priority = *priority,
            ContextProperty::Priority(_) => return Err(CommandError::ParameterValue("Priority")),
            ContextProperty::Emergency(emergency) => attributes.emergency = *emergency,
            ContextProperty::Ieps(ieps) => attributes.ieps = *ieps,
            ContextProperty::Properties(parms) => {
                if let Some(parm) = parms.first() {
                    return Err(no_property(&parm.name));
                }
            }
            ContextProperty::ContextList(_) => {
                return Err(CommandError::NotImplemented("ContextList"));
            }
        }
    }
    Ok(())
}

fn audit(
    attributes: &Attributes,
    items: &[ContextAuditItem<'_>],
) -> Result<Vec<ContextProperty<'static>>, CommandError> {
    let mut found = Vec::new();
    for item in items {
        match item {
            ContextAuditItem::Topology => found.push(all_bothway()),
            ContextAuditItem::Emergency => {
                found.push(ContextProperty::Emergency(attributes.emergency));
            }
            ContextAuditItem::Priority => {
                found.push(ContextProperty::Priority(attributes.priority))
            }
            ContextAuditItem::Ieps => found.push(ContextProperty::Ieps(attributes.ieps)),
            ContextAuditItem::Property(name) => return Err(no_property(name)),
            ContextAuditItem::Attributes(_)
            | ContextAuditItem::SelectPriority(_)
            | ContextAuditItem::SelectEmergency(_)
            | ContextAuditItem::SelectIeps(_)
            | ContextAuditItem::SelectProperties(_)
            | ContextAuditItem::SelectContexts(_)
            | ContextAuditItem::And
            | ContextAuditItem::Or => {
                return Err(CommandError::NotImplemented("selection of Contexts"));
            }
        }
    }
    Ok(found)
}

/// The null Context has no attributes, and those of all Contexts are never set at once.
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

fn no_property(name: &PackageItem<'_>) -> CommandError {
    let known = |package: &&str| name.package.eq_ignore_ascii_case(package);
    if KNOWN.iter().any(known) {
        CommandError::NoSuchProperty(name.to_static())
    } else {
        CommandError::UnknownPackage(name.to_static())
    }
}

/// Everybody hears everybody: the only topology there is.
fn all_bothway() -> ContextProperty<'static> {
    ContextProperty::Topology(vec![TopologyTriple {
        from: TerminationId::ALL,
        to: TerminationId::ALL,
        direction: TopologyDirection::Bothway,
        stream: None,
    }])
}

/// Accepts what says that everybody hears everybody, and refuses the rest.
fn check_topology(
    gateway: &Gateway,
    here: Here,
    triples: &[TopologyTriple<'_>],
) -> Result<(), CommandError> {
    for triple in triples {
        match triple.direction {
            TopologyDirection::Bothway => {}
            TopologyDirection::Isolate
            | TopologyDirection::Oneway
            | TopologyDirection::OnewayExternal
            | TopologyDirection::OnewayBoth => {
                return Err(CommandError::UnknownDescriptor("Topology"));
            }
        }
        for id in [&triple.from, &triple.to] {
            check_name(gateway, here, id)?;
        }
    }
    Ok(())
}

fn check_name(gateway: &Gateway, here: Here, id: &TerminationId<'_>) -> Result<(), CommandError> {
    if id.is_root() {
        return Err(CommandError::IncorrectIdentifier(TerminationId::ROOT));
    }
    if id.has_all() || id.has_choose() {
        return Ok(());
    }
    let Some(key) = gateway.find(id) else {
        return Err(CommandError::UnknownTermination(id.to_static()));
    };
    let context = gateway.termination(key).and_then(|found| found.context);
    match (here, context) {
        (Here::Made(here), Some(context)) if here == context => Ok(()),
        (Here::Made(_) | Here::Unmade(_) | Here::Null | Here::All, _) => {
            Err(CommandError::NotInContext(id.to_static()))
        }
    }
}
