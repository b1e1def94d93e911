//! The packages of the codec's tables, each with the items that it inherits; and choices of them.

use std::sync::LazyLock;

use codec_h248::package::{ItemKind, PackageDefinition, PackageRegistry, PropertyPlace, ValueType};

use super::{
    Generator,
    items::{Item, Kind, Package, Where},
};

static REGISTRY: LazyLock<PackageRegistry> = LazyLock::new(PackageRegistry::standard);
static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(Catalogue::new);

/// Binary ids from here on are private (H.248.1 6.2.3).
const PRIVATE: u16 = 0x8000;

/// Items by their packages, so that a large package is no likelier than a small one.
struct Catalogue {
    events: Vec<Vec<Item>>,
    signals: Vec<Vec<Item>>,
    statistics: Vec<Vec<Item>>,
    properties: Vec<Vec<Item>>,
    packages: Vec<Package>,
}

impl Catalogue {
    fn new() -> Self {
        let packages = known().map(|package| Package {
            name: &package.name,
            version: package.version,
            vendor: false,
        });
        Self {
            events: items(ItemKind::Event),
            signals: items(ItemKind::Signal),
            statistics: items(ItemKind::Statistic),
            properties: items(ItemKind::Property),
            packages: packages.collect(),
        }
    }
}

/// The packages that other codecs know: private ones mean something to one vendor alone.
fn known() -> impl Iterator<Item = &'static PackageDefinition> {
    REGISTRY.packages().filter(|package| package.id < PRIVATE)
}

/// All items of a kind.
fn items(kind: ItemKind) -> Vec<Vec<Item>> {
    let of = |package| items_of(package, kind);
    let packages = known().map(of);
    packages.filter(|items| !items.is_empty()).collect()
}

/// The items of a package, and those of the packages that it extends that it has none of the same
/// name or number for.
fn items_of(package: &'static PackageDefinition, kind: ItemKind) -> Vec<Item> {
    let mut items: Vec<(Item, u16)> = Vec::new();
    let mut next = Some(package);
    while let Some(definition) = next {
        for item in definition.items_of(kind) {
            let hidden = |&(known, id): &(Item, u16)| known.name == item.name || id == item.id;
            if !items.iter().any(hidden) {
                let own = Item::known(&package.name, &item.name, &item.details);
                items.push((own, item.id));
            }
        }
        next = definition
            .extends
            .as_ref()
            .and_then(|base| REGISTRY.package(base));
    }
    items.into_iter().map(|(item, _)| item).collect()
}

/// The tones of a package.
fn tones(package: &str) -> Vec<&'static str> {
    let definition = REGISTRY.package(package);
    let names = definition.into_iter().flat_map(|package| {
        let mut items = items_of(package, ItemKind::Signal);
        items.extend(items_of(package, ItemKind::Event));
        items
    });
    names
        .map(|item| item.name)
        .filter(|name| REGISTRY.tone(package, name).is_some())
        .collect()
}

impl Generator {
    /// An item; now and then one of a package that nobody knows, or of `acme`.
    pub(crate) fn item(&mut self, kind: Kind) -> Item {
        if self.once_in(80) {
            let name = self.pick(&["level", "blink", "T", "Add"]);
            return Item::vendor(name);
        }
        if self.once_in(30) {
            let name = self.pick(&["id_0001", "id_00a2", "id_fffe"]);
            return Item::numbered(name);
        }
        let items = match kind {
            Kind::Event => &CATALOGUE.events,
            Kind::Signal => &CATALOGUE.signals,
            Kind::Statistic => &CATALOGUE.statistics,
        };
        let package = &items[self.chance.usize(0..items.len())];
        self.pick(package)
    }

    /// One to so many items, no two alike.
    pub(crate) fn different_items(&mut self, kind: Kind, most: usize) -> Vec<Item> {
        let mut items: Vec<Item> = Vec::new();
        for _ in 0..self.few(1, most) {
            let item = self.item(kind);
            if !items.iter().any(|other| other.is(item.package, item.name)) {
                items.push(item);
            }
        }
        items
    }

    /// A property that stands there. A controller sets none that is read-only.
    pub(crate) fn property(&mut self, place: Where) -> Item {
        if self.once_in(80) {
            return Item::vendor("level");
        }
        let known = match place {
            Where::TerminationState => Some(PropertyPlace::TerminationState),
            Where::LocalControl => Some(PropertyPlace::LocalControl),
            Where::Context | Where::Modem => None,
        };
        let written = !self.place.reply;
        if let Some(place) = known
            && !self.once_in(20)
        {
            let all = CATALOGUE.properties.iter().flatten();
            let here: Vec<Item> = all
                .filter(|item| item.stands(place, written))
                .copied()
                .collect();
            return self.pick(&here);
        }
        let name = self.pick(&["id_0001", "id_0002", "id_00A3", "id_FFFE"]);
        Item::numbered(name)
    }

    /// A package and its version.
    pub(crate) fn package(&mut self) -> Package {
        if self.once_in(60) {
            return Package {
                name: "acme",
                version: 1,
                vendor: true,
            };
        }
        self.pick(&CATALOGUE.packages)
    }

    /// The name of a tone. Where the package has none of its own, that of all.
    pub(crate) fn tone(&mut self, package: &str) {
        let tones = tones(package);
        if tones.is_empty() {
            return self.put("*");
        }
        let name = self.pick(&tones);
        self.word(name);
    }

    /// The name of a signal, in quotes.
    pub(crate) fn quoted_signal_name(&mut self) {
        let packages = &CATALOGUE.signals;
        let package = &packages[self.chance.usize(0..packages.len())];
        let item = self.pick(package);
        self.quoted(&format!("{}/{}", item.package, item.name));
    }

    /// Notes down that an item of `acme` is named.
    pub(crate) fn vendor(&mut self) {
        self.traits.vendor = true;
        self.text_only();
    }

    /// One value of an enumeration.
    pub(crate) fn enumeration(&mut self, value_type: &ValueType) {
        if let ValueType::Enumeration(values) = value_type {
            let place = self.chance.usize(0..values.len());
            self.word(&values[place].name);
        }
    }
}
