//! Attributes of a Context and audits of them (H.248.1 Annex B.2 `contextProperty`,
//! `contextAudit`).

use super::{
    error::{Parsed, fail},
    lex::{equal, next_is, uint16},
    reading::{ON_OFF, Reading, choice, fill, flag, keyword, push},
    token::Token,
    topology,
    value::{Found, property, property_or_name, write_package_item, write_property},
    write::{Put, Writer},
};
use crate::{ContextAudit, ContextAuditItem, ContextId, ContextProperty, PropertyParm};

/// The values of `emergencyValue`, and the two properties of the same spelling.
const EMERGENCY: &[(Token, bool)] = &[(Token::Emergency, true), (Token::EmergencyOff, false)];

/// `contextProperty` of this keyword; nothing for another.
pub(super) fn read<'a>(
    token: Option<Token>,
    after: &'a [u8],
    reading: &Reading<'a>,
) -> Option<Parsed<'a, ContextProperty<'a>>> {
    let parsed = match token {
        Some(Token::Topology) => topology::read(after, reading)
            .map(|(rest, triples)| (rest, ContextProperty::Topology(triples))),
        Some(Token::Priority) => {
            priority(after).map(|(rest, priority)| (rest, ContextProperty::Priority(priority)))
        }
        Some(Token::Emergency) => Ok((after, ContextProperty::Emergency(true))),
        Some(Token::EmergencyOff) => Ok((after, ContextProperty::Emergency(false))),
        Some(Token::Ieps) => flag(after).map(|(rest, on)| (rest, ContextProperty::Ieps(on))),
        Some(Token::ContextAttr) => attributes(after, reading),
        _ => return None,
    };
    Some(parsed)
}

/// `=` and a priority.
fn priority(i: &[u8]) -> Parsed<'_, u16> {
    let (i, ()) = equal(i)?;
    uint16(i, "priority")
}

/// `contextAttrDescriptor` behind its keyword.
fn attributes<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, ContextProperty<'a>> {
    let mut contexts = None;
    let mut properties = Vec::new();
    let (rest, ()) = reading.each(i, |i| {
        let (after, token) = keyword(i, "contextAttrDescriptor")?;
        match token {
            Some(Token::ContextList) => {
                let list = context_list(after, reading);
                fill(&mut contexts, i, "contextIdList", list)
            }
            _ => push(&mut properties, property(i, reading)),
        }
    })?;
    match contexts {
        Some(contexts) if properties.is_empty() => {
            Ok((rest, ContextProperty::ContextList(contexts)))
        }
        None => Ok((rest, ContextProperty::Properties(properties))),
        Some(_) => fail(i, "contextIdList or propertyParm, not both"),
    }
}

/// `contextIdList` behind its keyword.
fn context_list<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, Vec<ContextId>> {
    let (i, ()) = equal(i)?;
    reading.list(i, |i| super::action::context_id(i, reading))
}

/// `contextAudit` behind its keyword.
pub(super) fn read_audit<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, ContextAudit<'a>> {
    let (rest, items) = reading.list(i, |i| {
        let (after, token) = keyword(i, "contextAuditProperties")?;
        match token {
            Some(Token::ContextAttr) => audit_attributes(after, reading),
            _ => audit_item(i, reading),
        }
    })?;
    Ok((rest, ContextAudit { items }))
}

/// `ContextAttr{…}` in an audit: what it holds says whether it selects or asks.
fn audit_attributes<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, ContextAuditItem<'a>> {
    let (rest, items) = reading.list(i, |i| {
        let (after, token) = keyword(i, "contextAuditProperties")?;
        match token {
            Some(Token::ContextAttr) => selector(after, reading),
            Some(Token::ContextList) => {
                let (rest, contexts) = context_list(after, reading)?;
                Ok((rest, ContextAuditItem::SelectContexts(contexts)))
            }
            _ => audit_item(i, reading),
        }
    })?;
    Ok((rest, only_selectors(items)))
}

/// `contextAttrDescriptor` as a selector, behind its keyword.
fn selector<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, ContextAuditItem<'a>> {
    let (rest, property) = attributes(i, reading)?;
    let item = match property {
        ContextProperty::ContextList(contexts) => ContextAuditItem::SelectContexts(contexts),
        ContextProperty::Properties(properties) => ContextAuditItem::SelectProperties(properties),
        ContextProperty::Topology(_)
        | ContextProperty::Priority(_)
        | ContextProperty::Emergency(_)
        | ContextProperty::Ieps(_) => return fail(i, "contextAttrDescriptor"),
    };
    Ok((rest, item))
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

/// `contextAuditProperties`, but for `ContextAttr`.
fn audit_item<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, ContextAuditItem<'a>> {
    let (after, token) = keyword(i, "contextAuditProperties")?;
    let selects = next_is(after, b'=');
    match token {
        Some(Token::Topology) => Ok((after, ContextAuditItem::Topology)),
        Some(Token::Emergency) => Ok((after, ContextAuditItem::Emergency)),
        Some(Token::Priority) if selects => priority(after)
            .map(|(rest, priority)| (rest, ContextAuditItem::SelectPriority(priority))),
        Some(Token::Priority) => Ok((after, ContextAuditItem::Priority)),
        Some(Token::Ieps) if selects => {
            flag(after).map(|(rest, on)| (rest, ContextAuditItem::SelectIeps(on)))
        }
        Some(Token::Ieps) => Ok((after, ContextAuditItem::Ieps)),
        Some(Token::EmergencyValue) => {
            let (after, ()) = equal(after)?;
            let (rest, on) = choice(after, "emergencyValue", EMERGENCY)?;
            Ok((rest, ContextAuditItem::SelectEmergency(on)))
        }
        Some(Token::AndLogic) => Ok((after, ContextAuditItem::And)),
        Some(Token::OrLogic) => Ok((after, ContextAuditItem::Or)),
        _ => {
            let (rest, found) = property_or_name(i, reading)?;
            let item = match found {
                Found::Property(name) => ContextAuditItem::Property(name),
                Found::PropertyIs(property) => ContextAuditItem::SelectProperties(vec![property]),
            };
            Ok((rest, item))
        }
    }
}

/// `contextProperty`
pub(super) fn write(w: &mut Writer<'_>, property: &ContextProperty<'_>) {
    match property {
        ContextProperty::Topology(triples) => topology::write(w, triples),
        ContextProperty::Priority(priority) => w.pair(Token::Priority, priority),
        ContextProperty::Emergency(on) => w.choice(EMERGENCY, *on),
        ContextProperty::Ieps(on) => write_ieps(w, *on),
        ContextProperty::Properties(properties) => write_properties(w, properties),
        ContextProperty::ContextList(contexts) => write_contexts(w, contexts),
    }
}

fn write_ieps(w: &mut Writer<'_>, on: bool) {
    w.key(Token::Ieps);
    w.choice(ON_OFF, on);
}

fn write_properties(w: &mut Writer<'_>, properties: &[PropertyParm<'_>]) {
    w.token(Token::ContextAttr);
    w.block(properties, write_property);
}

fn write_contexts(w: &mut Writer<'_>, contexts: &[ContextId]) {
    w.token(Token::ContextAttr);
    w.block([contexts], |w, contexts| {
        w.key(Token::ContextList);
        w.braces(contexts, |w, context| context.put(w));
    });
}

/// `contextAudit`
pub(super) fn write_audit(w: &mut Writer<'_>, audit: &ContextAudit<'_>) {
    w.token(Token::ContextAudit);
    w.block(&audit.items, write_audit_item);
}

fn write_audit_item(w: &mut Writer<'_>, item: &ContextAuditItem<'_>) {
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
