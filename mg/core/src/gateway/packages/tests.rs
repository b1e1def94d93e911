//! The tables of the gateway beside those of the codec, which know names, ids and types.

use codec_h248::package::{ItemDefinition, ItemDetails, ItemKind, PackageRegistry};

use super::{TABLES, table::Package};

fn names(package: &Package, kind: ItemKind) -> Vec<&'static str> {
    match kind {
        ItemKind::Event => package.events.iter().map(|one| one.name).collect(),
        ItemKind::Signal => package.signals.iter().map(|one| one.name).collect(),
        ItemKind::Property => package.properties.iter().map(|one| one.name).collect(),
        ItemKind::Statistic => Vec::new(),
    }
}

#[test]
fn every_item_of_a_package_is_had() {
    let registry = PackageRegistry::standard();
    for package in &TABLES {
        let known = registry.package(package.name).expect(package.name);
        assert_eq!(known.version, package.version, "{}", package.name);
        assert_eq!(known.extends.as_deref(), package.base, "{}", package.name);
        for kind in [ItemKind::Event, ItemKind::Signal, ItemKind::Property] {
            let mut ours = names(package, kind);
            let mut theirs: Vec<&str> = known.items_of(kind).map(|item| &*item.name).collect();
            ours.sort_unstable();
            theirs.sort_unstable();
            assert_eq!(ours, theirs, "{} of {}", kind.as_str(), package.name);
        }
    }
}

#[test]
fn every_parameter_is_had_and_signals_end_as_their_packages_say() {
    let registry = PackageRegistry::standard();
    for package in &TABLES {
        let known = registry.package(package.name).expect(package.name);
        for event in package.events {
            let item = known.item(ItemKind::Event, event.name).expect(event.name);
            let ItemDetails::Event { requested, .. } = &item.details else {
                panic!("an event");
            };
            let ours: Vec<&str> = event.parameters.iter().map(|one| one.name).collect();
            let theirs: Vec<&str> = requested.iter().map(|one| &*one.name).collect();
            assert_eq!(ours, theirs, "{}/{}", package.name, event.name);
        }
        for signal in package.signals {
            let item = known
                .item(ItemKind::Signal, signal.name)
                .expect(signal.name);
            check_signal(package.name, signal, item);
        }
    }
}

fn check_signal(package: &str, signal: &super::table::Signal, item: &ItemDefinition) {
    let ItemDetails::Signal {
        default_type,
        parameters,
    } = &item.details
    else {
        panic!("a signal");
    };
    let ours: Vec<&str> = signal.parameters.iter().map(|one| one.name).collect();
    let theirs: Vec<&str> = parameters.iter().map(|one| &*one.name).collect();
    assert_eq!(ours, theirs, "{package}/{}", signal.name);
    assert_eq!(signal.ends, *default_type, "{package}/{}", signal.name);
}
