//! Values by their types, in every relation (H.248.1 12.2, Annex B.2 `parmValue`).

use codec_h248::package::{ValueForm, ValueType};

use super::{
    Generator,
    items::{Form, Item, Parameter, Where},
};

impl Generator {
    /// `VALUE` of a form.
    pub(crate) fn value(&mut self, form: Form) {
        self.rule("VALUE");
        match form {
            Form::Of(form, package) => self.typed_value(form, package),
            Form::Free => self.free_value(),
            Form::Vendor => {
                if self.coin() {
                    self.bare_value();
                } else {
                    self.quoted_string();
                }
            }
        }
    }

    fn typed_value(&mut self, form: &ValueForm, package: &str) {
        match &form.value_type {
            ValueType::String => self.quoted_string(),
            ValueType::Integer => self.number(form, i32::MIN.into(), u32::MAX.into()),
            ValueType::Double => self.number(form, i64::MIN, i64::MAX),
            ValueType::Unsigned => self.number(form, 0, u32::MAX.into()),
            ValueType::Character => self.quoted_character(),
            ValueType::Enumeration(_) => self.enumeration(&form.value_type),
            ValueType::Boolean => {
                let value = self.pick(&["on", "off"]);
                self.word(value);
            }
            ValueType::OctetString => {
                let octets = self.few(1, 12);
                self.hex(octets * 2);
            }
            ValueType::PackageItemName => self.quoted_signal_name(),
            ValueType::ToneId => self.tone(package),
        }
    }

    /// A value that no package explains, in one of the forms that there are.
    fn free_value(&mut self) {
        match self.chance.u8(0..4) {
            0 => self.put_number(i64::from(i32::MIN), u32::MAX.into()),
            1 => self.on_or_off(),
            2 => self.quoted_string(),
            _ => {
                let name = self.pick(&["enum", "a/b", "x+y", "on_hook", "7up"]);
                self.word(name);
            }
        }
    }

    /// A number of the package's range within the type's.
    fn number(&mut self, form: &ValueForm, least: i64, greatest: i64) {
        let (low, high) = form.bounds.unwrap_or((least, greatest));
        self.put_number(low.max(least), high.min(greatest));
    }

    /// Mostly a small number; hexadecimal digits now and then, of what is not negative. Binary
    /// says it in decimal digits.
    fn put_number(&mut self, least: i64, greatest: i64) {
        let number = match self.chance.u8(0..10) {
            0 => least,
            1 => greatest,
            2 => self.chance.i64(least..=greatest),
            _ => self.chance.i64(least.max(0)..=greatest.min(1_000)),
        };
        if number >= 0 && self.once_in(80) {
            self.text_only();
            return self.word(&format!("0x{number:x}"));
        }
        self.put(&number.to_string());
    }

    /// `parmValue`: one plain value mostly, and always of what is told.
    pub(crate) fn parm_value(&mut self, form: Form) {
        self.rule("parmValue");
        let told = self.tells_one();
        if !told && !form.is_list() && self.once_in(8) {
            self.inequal();
            return self.value(form);
        }
        self.equal();
        self.rule("alternativeValue");
        if form.is_list() {
            return self.square_brackets(|g| g.list(1, 6, |g| g.value(form)));
        }
        match self.chance.u8(0..20) {
            0 if form.is_number() && !told => self.range(form),
            1 | 2 if !told => self.braces(|g| g.list(1, 5, |g| g.value(form))),
            3 if self.may_choose() && !told => self.wildcard("$"),
            4 if !told && self.once_in(3) => self.wildcard("*"),
            _ => self.value(form),
        }
    }

    fn wildcard(&mut self, sign: &str) {
        self.rule("VALUE");
        self.put(sign);
    }

    /// Nothing stands around the colon.
    fn range(&mut self, form: Form) {
        self.square_brackets(|g| {
            g.value(form);
            g.colon();
            g.value(form);
        });
    }

    /// `propertyParm`, one to so many, no two of one property.
    pub(crate) fn property_parms(&mut self, place: Where, most: usize) {
        let mut items: Vec<Item> = Vec::new();
        for _ in 0..self.few(1, most) {
            let item = self.property(place);
            if !items.iter().any(|other| other.is(item.package, item.name)) {
                items.push(item);
            }
        }
        self.each(items, |g, item| {
            g.rule("propertyParm");
            g.pkgd_name(item);
            g.parm_value(item.form());
        });
    }

    /// `pkgdName` of an item.
    pub(crate) fn pkgd_name(&mut self, item: Item) {
        if item.is_vendor() {
            self.vendor();
        }
        self.rule("pkgdName");
        self.package_name(item.package);
        self.slash();
        self.rule("ItemID");
        self.rule("NAME");
        self.word(item.name);
    }

    fn package_name(&mut self, name: &str) {
        self.rule("PackageName");
        self.rule("NAME");
        self.word(name);
    }

    /// `pkgdName` of an item, of all items of its package, or of all that there are: whether it is
    /// the item's.
    pub(crate) fn pkgd_name_or_all(&mut self, item: Item) -> bool {
        match self.chance.u8(0..20) {
            0 => {
                self.rule("pkgdName");
                self.put("*/*");
                false
            }
            1 => {
                if item.is_vendor() {
                    self.vendor();
                }
                self.rule("pkgdName");
                self.package_name(item.package);
                self.slash();
                self.put("*");
                false
            }
            _ => {
                self.pkgd_name(item);
                true
            }
        }
    }

    /// The name of a parameter.
    pub(crate) fn parameter_name(&mut self, name: &str) {
        self.rule("NAME");
        self.word(name);
    }

    /// A parameter and its value, under the rule of its name.
    pub(crate) fn parameter(&mut self, rule: &'static str, parameter: Parameter) {
        self.rule(rule);
        self.parameter_name(parameter.name);
        self.parm_value(parameter.form);
    }
}
