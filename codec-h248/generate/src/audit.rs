//! Audits of descriptors.

use super::Generator;

/// A keyword: its rule, its long form, its short form.
pub(crate) type Keyword = (&'static str, &'static str, &'static str);

pub(crate) const MUX: Keyword = ("MuxToken", "Mux", "MX");
pub(crate) const MODEM: Keyword = ("ModemToken", "Modem", "MD");
pub(crate) const MEDIA: Keyword = ("MediaToken", "Media", "M");
pub(crate) const DIGIT_MAP: Keyword = ("DigitMapToken", "DigitMap", "DM");
pub(crate) const STATISTICS: Keyword = ("StatsToken", "Statistics", "SA");
pub(crate) const OBSERVED_EVENTS: Keyword = ("ObservedEventsToken", "ObservedEvents", "OE");
pub(crate) const PACKAGES: Keyword = ("PackagesToken", "Packages", "PG");

/// What an AuditCapability may ask for of `auditReturnItem`.
const CAPABILITIES: &[Keyword] = &[MUX, MODEM, MEDIA, STATISTICS, OBSERVED_EVENTS];

/// An item of an audit.
enum Item {
    /// `auditReturnItem`
    Returned(Keyword),
    /// Another keyword.
    Keyword(Keyword),
    /// `indAudauditReturnParameter`
    Part,
}

impl Generator {
    pub(crate) fn audit_descriptor(&mut self) {
        self.rule("auditDescriptor");
        self.token("AuditToken", "Audit", "AT");
        self.open();
        if !self.once_in(6) {
            self.audit_items();
        }
        self.close();
    }

    /// `auditItem`, some of them: whole descriptors, and since version 2 parts of some.
    fn audit_items(&mut self) {
        let mut items: Vec<Item> = CAPABILITIES.iter().copied().map(Item::Returned).collect();
        if !self.in_capability() {
            items.extend([Item::Returned(DIGIT_MAP), Item::Returned(PACKAGES)]);
        }
        items.extend([
            Item::Keyword(("SignalsToken", "Signals", "SG")),
            Item::Keyword(("EventBufferToken", "EventBuffer", "EB")),
            Item::Keyword(("EventsToken", "Events", "E")),
        ]);
        if self.since(2) && self.once_in(3) {
            let parts = self.few(1, 6);
            let whole = self.once_in(3);
            let mut items = if whole {
                self.some(1, items)
            } else {
                Vec::new()
            };
            items.extend((0..parts).map(|_| Item::Part));
            self.rule("indAudterminationAudit");
            self.chance.shuffle(&mut items);
            return self.each(items, Self::audit_item);
        }
        let items = self.some(1, items);
        self.each(items, Self::audit_item);
    }

    fn audit_item(&mut self, item: Item) {
        self.rule("auditItem");
        match item {
            Item::Returned(keyword) => self.audit_return_item(keyword),
            Item::Keyword((rule, long, short)) => self.token(rule, long, short),
            Item::Part => self.ind_aud_parameter(),
        }
    }

    pub(crate) fn audit_return_item(&mut self, (rule, long, short): Keyword) {
        self.rule("auditReturnItem");
        self.token(rule, long, short);
    }

    /// `auditItem` for Media as a whole.
    pub(crate) fn audit_of_media(&mut self) {
        self.audit_item(Item::Returned(MEDIA));
    }

    /// `auditItem` for a part of a descriptor.
    pub(crate) fn audit_of_part(&mut self) {
        self.audit_item(Item::Part);
    }
}
