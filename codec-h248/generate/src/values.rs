//! Values by their types, in every relation (H.248.1 Annex B.2 `parmValue`).

use super::{
    Generator,
    items::{Parameter, Type},
};

impl Generator {
    /// `VALUE` of a type.
    pub(crate) fn value(&mut self, of: Type) {
        self.rule("VALUE");
        match of {
            Type::Integer => self.integer(),
            Type::Boolean => {
                let value = self.pick(&["on", "off"]);
                self.word(value);
            }
            Type::Text => self.quoted_string(),
            Type::Digits => {
                let digits = self.pick(&["", "4711", "E1F", "0123456789ABCDEF"]);
                self.rule("quotedString");
                self.put(&format!("\"{digits}\""));
            }
            Type::Name(names) | Type::Names(names) => {
                let name = self.pick(names);
                self.word(name);
            }
            Type::Octets => {
                let octets = self.chance.usize(1..6);
                self.hex(octets * 2);
            }
            Type::SignalName => {
                let name = self.pick(&["\"cg/dt\"", "\"an/apf\"", "\"al/ri\""]);
                self.put(name);
            }
            Type::Integers => self.integer(),
        }
    }

    fn integer(&mut self) {
        let number = match self.chance.u8(0..5) {
            0 => 0,
            1 => self.chance.i64(0..=0x7fff_ffff),
            _ => self.chance.i64(0..1_000),
        };
        self.put(&number.to_string());
    }

    /// `parmValue`: a plain value, mostly.
    pub(crate) fn parm_value(&mut self, of: Type) {
        self.rule("parmValue");
        let list = matches!(of, Type::Names(_) | Type::Integers);
        if !list && self.once_in(8) {
            self.inequal();
            return self.value(of);
        }
        self.equal();
        self.rule("alternativeValue");
        if list {
            return self.sub_list(of);
        }
        match self.chance.u8(0..16) {
            0 if matches!(of, Type::Integer) => self.range(),
            1 => self.braces(|g| g.list(2, 3, |g| g.value(of))),
            2 => {
                self.rule("VALUE");
                self.put("$");
            }
            _ => self.value(of),
        }
    }

    fn sub_list(&mut self, of: Type) {
        self.open_square();
        self.list(1, 3, |g| g.value(of));
        self.close_square();
    }

    fn range(&mut self) {
        let low = self.chance.u32(0..100);
        let high = self.chance.u32(100..10_000);
        self.open_square();
        self.rule("VALUE");
        self.number(low);
        self.lwsp();
        self.put(":");
        self.lwsp();
        self.number(high);
        self.close_square();
    }

    pub(crate) fn property_parm(&mut self, from: &[Parameter]) {
        self.rule("propertyParm");
        let (name, of) = self.pick(from);
        self.pkgd_name(name);
        self.parm_value(of);
    }

    /// `pkgdName`
    pub(crate) fn pkgd_name(&mut self, name: &str) {
        self.rule("pkgdName");
        self.rule("PackageName");
        self.rule("ItemID");
        self.word(name);
    }

    /// A parameter of the list, which is not empty.
    pub(crate) fn parameter(&mut self, name_rule: &'static str, (name, of): Parameter) {
        self.rule(name_rule);
        self.word(name);
        self.parm_value(of);
    }
}
