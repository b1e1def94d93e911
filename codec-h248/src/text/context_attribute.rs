//! Attributes of a Context and audits of them (H.248.1 Annex B.2 `contextProperty`,
//! `contextAudit`).

use super::{
    error::{Read, fail},
    form::Form,
    reader::{ON_OFF, Reader, fill},
    token::Token,
    topology,
    value::{Found, property_into, property_or_name, write_package_item, write_property},
    write::{Put, Writer},
};
use crate::{ContextAudit, ContextAuditItem, ContextId, ContextProperty, PropertyParm};

/// The values of `emergencyValue`, and the two properties of the same spelling.
const EMERGENCY: &[(Token, bool)] = &[(Token::Emergency, true), (Token::EmergencyOff, false)];

/// `contextProperty` behind this keyword; nothing for another.
#[inline(always)]
pub(super) fn read<'a>(
    token: Option<Token>,
    r: &mut Reader<'a>,
) -> Option<Read<'a, ContextProperty<'a>>> {
    match token {
        Some(Token::Topology) => Some(topology::read(r).map(ContextProperty::Topology)),
        Some(Token::Priority) => {
            let priority = r.equal_uint16("priority");
            Some(priority.map(ContextProperty::Priority))
        }
        Some(Token::Emergency) => Some(Ok(ContextProperty::Emergency(true))),
        Some(Token::EmergencyOff) => Some(Ok(ContextProperty::Emergency(false))),
        Some(Token::Ieps) => Some(r.flag().map(ContextProperty::Ieps)),
        Some(Token::ContextAttr) => Some(attributes(r)),
        _ => None,
    }
}

/// `contextAttrDescriptor` behind its keyword.
fn attributes<'a>(r: &mut Reader<'a>) -> Read<'a, ContextProperty<'a>> {
    let start = r.rest();
    let mut contexts = None;
    let mut properties = Vec::new();
    r.each(|r| {
        let at = r.rest();
        if r.keyword("contextAttrDescriptor")? == Some(Token::ContextList) {
            return fill(&mut contexts, at, "contextIdList", context_list(r));
        }
        r.go_to(at);
        property_into(r, &mut properties)
    })?;
    match contexts {
        Some(contexts) if properties.is_empty() => Ok(ContextProperty::ContextList(contexts)),
        None => Ok(ContextProperty::Properties(properties)),
        Some(_) => fail(start, "contextIdList or propertyParm, not both"),
    }
}

/// `contextIdList` behind its keyword.
fn context_list<'a>(r: &mut Reader<'a>) -> Read<'a, Vec<ContextId>> {
    r.equal()?;
    r.list(super::action::context_id)
}

/// `contextAudit` behind its keyword.
pub(super) fn read_audit<'a>(r: &mut Reader<'a>) -> Read<'a, ContextAudit<'a>> {
    let items = r.list(|r| {
        let at = r.rest();
        match r.keyword("contextAuditProperties")? {
            Some(Token::ContextAttr) => audit_attributes(r),
            token => audit_item(r, at, token),
        }
    })?;
    Ok(ContextAudit { items })
}

/// `ContextAttr{…}` in an audit: what it holds says whether it selects or asks.
fn audit_attributes<'a>(r: &mut Reader<'a>) -> Read<'a, ContextAuditItem<'a>> {
    let items = r.list(|r| {
        let at = r.rest();
        match r.keyword("contextAuditProperties")? {
            Some(Token::ContextAttr) => selector(r),
            Some(Token::ContextList) => Ok(ContextAuditItem::SelectContexts(context_list(r)?)),
            token => audit_item(r, at, token),
        }
    })?;
    Ok(only_selectors(items))
}

/// `contextAttrDescriptor` as a selector, behind its keyword.
fn selector<'a>(r: &mut Reader<'a>) -> Read<'a, ContextAuditItem<'a>> {
    let start = r.rest();
    match attributes(r)? {
        ContextProperty::ContextList(contexts) => Ok(ContextAuditItem::SelectContexts(contexts)),
        ContextProperty::Properties(properties) => {
            Ok(ContextAuditItem::SelectProperties(properties))
        }
        ContextProperty::Topology(_)
        | ContextProperty::Priority(_)
        | ContextProperty::Emergency(_)
        | ContextProperty::Ieps(_) => fail(start, "contextAttrDescriptor"),
    }
}

/// One list of Contexts, or properties with values alone, are a selector; else it is a question.
fn only_selectors(mut items: Vec<ContextAuditItem<'_>>) -> ContextAuditItem<'_> {
    if let [ContextAuditItem::SelectContexts(contexts)] = items.as_mut_slice() {
        return ContextAuditItem::SelectContexts(std::mem::take(contexts));
    }
    let one_property = |item: &ContextAuditItem<'_>| matches!(item, ContextAuditItem::SelectProperties(properties) if properties.len() == 1);
    if !items.iter().all(one_property) {
        return ContextAuditItem::Attributes(items);
    }
    let mut all = Vec::with_capacity(items.len());
    for item in items {
        if let ContextAuditItem::SelectProperties(properties) = item {
            all.extend(properties);
        }
    }
    ContextAuditItem::SelectProperties(all)
}

/// `contextAuditProperties` of this keyword, which stands at `at`, but for `ContextAttr`.
fn audit_item<'a>(
    r: &mut Reader<'a>,
    at: &'a [u8],
    token: Option<Token>,
) -> Read<'a, ContextAuditItem<'a>> {
    let selects = r.next_is(b'=');
    match token {
        Some(Token::Topology) => Ok(ContextAuditItem::Topology),
        Some(Token::Emergency) => Ok(ContextAuditItem::Emergency),
        Some(Token::Priority) if selects => Ok(ContextAuditItem::SelectPriority(
            r.equal_uint16("priority")?,
        )),
        Some(Token::Priority) => Ok(ContextAuditItem::Priority),
        Some(Token::Ieps) if selects => Ok(ContextAuditItem::SelectIeps(r.flag()?)),
        Some(Token::Ieps) => Ok(ContextAuditItem::Ieps),
        Some(Token::EmergencyValue) => {
            let on = r.equal_choice("emergencyValue", EMERGENCY)?;
            Ok(ContextAuditItem::SelectEmergency(on))
        }
        Some(Token::AndLogic) => Ok(ContextAuditItem::And),
        Some(Token::OrLogic) => Ok(ContextAuditItem::Or),
        _ => {
            r.go_to(at);
            match property_or_name(r)? {
                Found::Property(name) => Ok(ContextAuditItem::Property(name)),
                Found::PropertyIs(property) => {
                    Ok(ContextAuditItem::SelectProperties(vec![property]))
                }
            }
        }
    }
}

/// `contextProperty`
pub(super) fn write(w: &mut Writer<'_, impl Form>, property: &ContextProperty<'_>) {
    match property {
        ContextProperty::Topology(triples) => topology::write(w, triples),
        ContextProperty::Priority(priority) => w.pair(Token::Priority, priority),
        ContextProperty::Emergency(on) => w.choice(EMERGENCY, *on),
        ContextProperty::Ieps(on) => write_ieps(w, *on),
        ContextProperty::Properties(properties) => write_properties(w, properties),
        ContextProperty::ContextList(contexts) => write_contexts(w, contexts),
    }
}

fn write_ieps(w: &mut Writer<'_, impl Form>, on: bool) {
    w.key(Token::Ieps);
    w.choice(ON_OFF, on);
}

fn write_properties(w: &mut Writer<'_, impl Form>, properties: &[PropertyParm<'_>]) {
    w.token(Token::ContextAttr);
    w.block(properties, write_property);
}

fn write_contexts(w: &mut Writer<'_, impl Form>, contexts: &[ContextId]) {
    w.token(Token::ContextAttr);
    w.block([contexts], |w, contexts| {
        w.key(Token::ContextList);
        w.braces(contexts, |w, context| context.put(w));
    });
}

/// `contextAudit`
pub(super) fn write_audit(w: &mut Writer<'_, impl Form>, audit: &ContextAudit<'_>) {
    w.token(Token::ContextAudit);
    w.block(&audit.items, write_audit_item);
}

fn write_audit_item(w: &mut Writer<'_, impl Form>, item: &ContextAuditItem<'_>) {
    match item {
        ContextAuditItem::Topology => w.token(Token::Topology),
        ContextAuditItem::Emergency => w.token(Token::Emergency),
        ContextAuditItem::Priority => w.token(Token::Priority),
        ContextAuditItem::Ieps => w.token(Token::Ieps),
        ContextAuditItem::Property(name) => write_package_item(w, name),
        ContextAuditItem::Attributes(items) => {
            w.token(Token::ContextAttr);
            w.block(items, write_audit_item);
        }
        ContextAuditItem::SelectPriority(priority) => w.pair(Token::Priority, priority),
        ContextAuditItem::SelectEmergency(on) => {
            w.key(Token::EmergencyValue);
            w.choice(EMERGENCY, *on);
        }
        ContextAuditItem::SelectIeps(on) => write_ieps(w, *on),
        ContextAuditItem::SelectProperties(properties) => write_properties(w, properties),
        ContextAuditItem::SelectContexts(contexts) => write_contexts(w, contexts),
        ContextAuditItem::And => w.token(Token::AndLogic),
        ContextAuditItem::Or => w.token(Token::OrLogic),
    }
}
