//! Statistics and packages.

use super::{
    Generator,
    items::{Item, Kind, Package},
};

impl Generator {
    /// Each statistic at most once. Since version 3 there may be none; who asks for some gives no
    /// values, mostly.
    pub(crate) fn statistics_descriptor(&mut self) {
        self.rule("statisticsDescriptor");
        self.token("StatsToken", "Statistics", "SA");
        if self.since(3) && self.once_in(8) {
            return;
        }
        let statistics = self.different_items(Kind::Statistic, 8);
        self.braces(|g| g.each(statistics, Self::statistics_parameter));
    }

    fn statistics_parameter(&mut self, statistic: Item) {
        self.rule("statisticsParameter");
        self.pkgd_name(statistic);
        let told = if self.place.reply {
            !self.once_in(10)
        } else {
            self.once_in(10)
        };
        if !told {
            return;
        }
        let form = statistic.form();
        if !form.is_list() {
            self.equal();
            self.value(form);
        } else if self.since(3) {
            self.equal();
            self.square_brackets(|g| g.list(1, 5, |g| g.value(form)));
        }
    }

    pub(crate) fn packages_item(&mut self, package: Package) {
        self.rule("packagesItem");
        self.rule("NAME");
        if package.vendor {
            self.vendor();
        }
        self.word(package.name);
        self.put("-");
        let version = match self.chance.u8(0..6) {
            0 => self.chance.u16(1..100),
            _ => package.version,
        };
        self.this_uint16(version);
    }

    pub(crate) fn packages_descriptor(&mut self) {
        self.rule("packagesDescriptor");
        self.token("PackagesToken", "Packages", "PG");
        let packages = (0..self.few(1, 12)).map(|_| self.package()).collect();
        self.braces(|g| g.each(packages, Self::packages_item));
    }
}
