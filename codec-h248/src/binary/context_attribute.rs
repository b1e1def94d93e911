//! Attributes of a Context and audits of them (H.248.1 Annex A.2 `ContextRequest`,
//! `ContextAttrAuditRequest`).

use super::{
    Unsayable,
    action::{context_id, write_context_id},
    ber::{BerError, BerReader, BerWriter, Tag, leaf},
    property, topology,
};
use crate::{
    ContextAudit, ContextAuditItem, ContextId, ContextProperty, Expected, List, PropertyParm,
    TopologyTriple,
};

/// The highest priority of a Context.
const HIGHEST_PRIORITY: u16 = 15;

/// `ContextRequest`, added to the list.
pub(super) fn read<'a>(
    r: &mut BerReader<'a>,
    list: &mut List<ContextProperty<'a>>,
) -> Result<(), BerError> {
    let priority = r.optional_value(0, "priority", priority)?;
    let emergency = r.optional_value(1, "emergency", leaf::boolean)?;
    let topology = r.optional(2, "topologyReq", |r| {
        r.each_sequence("TopologyRequest", topology::read)
    })?;
    list.extend(topology.map(ContextProperty::Topology));
    list.extend(priority.map(ContextProperty::Priority));
    list.extend(emergency.map(ContextProperty::Emergency));
    let ieps = r.optional_value(3, "iepscallind", leaf::boolean)?;
    list.extend(ieps.map(ContextProperty::Ieps));
    let properties = r.optional(4, "contextProp", property::read_list)?;
    list.extend(properties.map(ContextProperty::Properties));
    let contexts = r.optional(5, "contextList", |r| {
        r.each(|r| r.element(Tag::INTEGER, "ContextID", context_id))
    })?;
    list.extend(contexts.map(ContextProperty::ContextList));
    r.extensions(5)
}

fn priority(r: &mut BerReader<'_>) -> Result<u16, BerError> {
    leaf::within(r, 0..=HIGHEST_PRIORITY)
}

/// `ContextAttrAuditRequest`
pub(super) fn read_audit<'a>(r: &mut BerReader<'a>) -> Result<ContextAudit<'a>, BerError> {
    let mut items = Vec::new();
    let asked = [
        ("topology", ContextAuditItem::Topology),
        ("emergency", ContextAuditItem::Emergency),
        ("priority", ContextAuditItem::Priority),
        ("iepscallind", ContextAuditItem::Ieps),
    ];
    for (number, (name, item)) in (0..).zip(asked) {
        if r.optional_value(number, name, leaf::null)?.is_some() {
            items.push(item);
        }
    }
    r.optional(4, "contextPropAud", |r| {
        r.every(|r| {
            r.element(Tag::SEQUENCE, "IndAudPropertyParm", |r| {
                audited_property(r, &mut items)
            })
        })
    })?;
    let selected = r.optional_value(5, "selectpriority", priority)?;
    items.extend(selected.map(ContextAuditItem::SelectPriority));
    let selected = r.optional_value(6, "selectemergency", leaf::boolean)?;
    items.extend(selected.map(ContextAuditItem::SelectEmergency));
    let selected = r.optional_value(7, "selectiepscallind", leaf::boolean)?;
    items.extend(selected.map(ContextAuditItem::SelectIeps));
    items.extend(r.optional(8, "selectLogic", logic)?);
    r.extensions(8)?;
    Ok(ContextAudit { items })
}

/// `IndAudPropertyParm`: a property that is asked for, or one of the values that select.
fn audited_property<'a>(
    r: &mut BerReader<'a>,
    items: &mut Vec<ContextAuditItem<'a>>,
) -> Result<(), BerError> {
    let (name, value) = property::read_audited(r)?;
    match (value, items.last_mut()) {
        (None, _) => items.push(ContextAuditItem::Property(name)),
        (Some(value), Some(ContextAuditItem::SelectProperties(values))) => values.push(value),
        (Some(value), _) => items.push(ContextAuditItem::SelectProperties(vec![value])),
    }
    Ok(())
}

/// `SelectLogic`
fn logic<'a>(r: &mut BerReader<'a>) -> Result<ContextAuditItem<'a>, BerError> {
    match r.alternative() {
        Some(0) => r
            .value(0, "andAUDITSelect", leaf::null)
            .map(|()| ContextAuditItem::And),
        Some(1) => r
            .value(1, "orAUDITSelect", leaf::null)
            .map(|()| ContextAuditItem::Or),
        Some(_) | None => Err(r.wrong(Expected::Rule("SelectLogic"))),
    }
}

/// What a `ContextRequest` holds, each at most once.
#[derive(Default)]
struct Attributes<'m, 'a> {
    priority: Option<u16>,
    emergency: Option<bool>,
    topology: Option<&'m [TopologyTriple<'a>]>,
    ieps: Option<bool>,
    properties: Option<&'m [PropertyParm<'a>]>,
    contexts: Option<&'m [ContextId]>,
}

/// `ContextRequest`
pub(super) fn write(w: &mut BerWriter<'_>, properties: &[ContextProperty<'_>]) {
    let attributes = sorted(w, properties);
    w.extensions();
    if let Some(contexts) = attributes.contexts {
        w.since(3, "contextList");
        w.constructed(5, "contextList", |w| {
            w.each(contexts, |w, context| {
                write_context_id(w, Tag::INTEGER, *context)
            });
        });
    }
    if let Some(properties) = attributes.properties {
        w.since(3, "contextProp");
        w.constructed(4, "contextProp", |w| {
            w.each_sequence(properties, property::write)
        });
    }
    if let Some(on) = attributes.ieps {
        w.since(3, "iepscallind");
        w.boolean(3, on);
    }
    if let Some(triples) = attributes.topology {
        w.constructed(2, "topologyReq", |w| {
            w.each_sequence(triples, topology::write)
        });
    }
    if let Some(on) = attributes.emergency {
        w.boolean(1, on);
    }
    if let Some(priority) = attributes.priority {
        write_priority(w, 0, priority);
    }
}

fn sorted<'m, 'a>(
    w: &mut BerWriter<'_>,
    properties: &'m [ContextProperty<'a>],
) -> Attributes<'m, 'a> {
    let mut all = Attributes::default();
    for property in properties {
        match property {
            ContextProperty::Priority(priority) => {
                once(w, &mut all.priority, *priority, "priority");
            }
            ContextProperty::Emergency(on) => once(w, &mut all.emergency, *on, "emergency"),
            ContextProperty::Topology(triples) => {
                once(w, &mut all.topology, &**triples, "topologyReq");
            }
            ContextProperty::Ieps(on) => once(w, &mut all.ieps, *on, "iepscallind"),
            ContextProperty::Properties(properties) => {
                once(w, &mut all.properties, &**properties, "contextProp");
            }
            ContextProperty::ContextList(contexts) => {
                once(w, &mut all.contexts, &**contexts, "contextList");
            }
        }
    }
    all
}

/// Puts `value` into `slot`, which must be free.
pub(super) fn once<T>(w: &mut BerWriter<'_>, slot: &mut Option<T>, value: T, name: &'static str) {
    if slot.replace(value).is_some() {
        w.fail(Unsayable::Twice(name));
    }
}

fn write_priority(w: &mut BerWriter<'_>, number: u8, priority: u16) {
    if priority > HIGHEST_PRIORITY {
        w.fail(Unsayable::Value("priority", priority.to_string()));
    }
    w.unsigned(number, priority);
}

/// What a `ContextAttrAuditRequest` holds.
#[derive(Default)]
struct Audited<'m, 'a> {
    topology: Option<()>,
    emergency: Option<()>,
    priority: Option<()>,
    ieps: Option<()>,
    properties: Vec<AuditedProperty<'m, 'a>>,
    select_priority: Option<u16>,
    select_emergency: Option<bool>,
    select_ieps: Option<bool>,
    logic: Option<bool>,
}

/// A property that is asked for, or a value that selects.
enum AuditedProperty<'m, 'a> {
    Name(&'m crate::PackageItem<'a>),
    Value(&'m PropertyParm<'a>),
}

/// `ContextAttrAuditRequest`
pub(super) fn write_audit(w: &mut BerWriter<'_>, audit: &ContextAudit<'_>) {
    let mut audited = Audited::default();
    collect(w, &mut audited, &audit.items);
    w.extensions();
    if let Some(and) = audited.logic {
        w.since(3, "selectLogic");
        w.constructed(8, "selectLogic", |w| w.null(if and { 0 } else { 1 }));
    }
    if let Some(on) = audited.select_ieps {
        w.since(3, "selectiepscallind");
        w.boolean(7, on);
    }
    if let Some(on) = audited.select_emergency {
        w.since(3, "selectemergency");
        w.boolean(6, on);
    }
    if let Some(priority) = audited.select_priority {
        w.since(3, "selectpriority");
        write_priority(w, 5, priority);
    }
    if !audited.properties.is_empty() {
        w.since(3, "contextPropAud");
        w.constructed(4, "contextPropAud", |w| {
            w.each_sequence(&audited.properties, |w, property| match property {
                AuditedProperty::Name(name) => property::write_audited(w, name, None),
                AuditedProperty::Value(value) => {
                    property::write_audited(w, &value.name, Some(value));
                }
            });
        });
    }
    if audited.ieps.is_some() {
        w.since(3, "iepscallind");
        w.null(3);
    }
    w.null_if(2, audited.priority.is_some());
    w.null_if(1, audited.emergency.is_some());
    w.null_if(0, audited.topology.is_some());
}

fn collect<'m, 'a>(
    w: &mut BerWriter<'_>,
    audited: &mut Audited<'m, 'a>,
    items: &'m [ContextAuditItem<'a>],
) {
    for item in items {
        match item {
            ContextAuditItem::Topology => once(w, &mut audited.topology, (), "topology"),
            ContextAuditItem::Emergency => once(w, &mut audited.emergency, (), "emergency"),
            ContextAuditItem::Priority => once(w, &mut audited.priority, (), "priority"),
            ContextAuditItem::Ieps => once(w, &mut audited.ieps, (), "iepscallind"),
            ContextAuditItem::Property(name) => {
                audited.properties.push(AuditedProperty::Name(name));
            }
            ContextAuditItem::Attributes(items) => collect(w, audited, items),
            ContextAuditItem::SelectPriority(priority) => {
                once(w, &mut audited.select_priority, *priority, "selectpriority");
            }
            ContextAuditItem::SelectEmergency(on) => {
                once(w, &mut audited.select_emergency, *on, "selectemergency");
            }
            ContextAuditItem::SelectIeps(on) => {
                once(w, &mut audited.select_ieps, *on, "selectiepscallind");
            }
            ContextAuditItem::SelectProperties(values) => {
                let values = values.iter().map(AuditedProperty::Value);
                audited.properties.extend(values);
            }
            ContextAuditItem::SelectContexts(_) => {
                w.fail(Unsayable::TextOnly("selection by a list of Contexts"));
            }
            ContextAuditItem::And => once(w, &mut audited.logic, true, "selectLogic"),
            ContextAuditItem::Or => once(w, &mut audited.logic, false, "selectLogic"),
        }
    }
}
