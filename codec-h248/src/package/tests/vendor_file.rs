//! Packages from a TOML file.

use crate::{
    descriptor::SignalType,
    package::{
        Access, ItemDetails, ItemKind, PackageFile, PackageRegistry, PropertyPlace, ValueType,
    },
};

const FILE: &str = include_str!("../example.toml");

fn file(text: &str) -> Result<PackageFile, String> {
    toml::from_str(text).map_err(|error| error.to_string())
}

fn added() -> PackageRegistry {
    let mut packages = PackageRegistry::standard();
    for package in file(FILE).unwrap().package {
        packages.add(package).unwrap();
    }
    packages
}

#[test]
fn a_file_gives_packages_with_all_their_items() {
    let packages = added();
    let lab = packages.package("acmelab").expect("the second package");
    assert_eq!(
        (lab.id, lab.version, lab.extends.as_deref()),
        (0x8002, 2, Some("acme"))
    );
    let agc = packages
        .item(ItemKind::Property, "acmelab", "agc")
        .expect("of its base");
    let ItemDetails::Property {
        form,
        place,
        access,
    } = &agc.details
    else {
        panic!("it is a property");
    };
    assert_eq!(
        (*place, *access),
        (PropertyPlace::LocalControl, Access::ReadOnly)
    );
    assert_eq!(form.bounds, Some((-20, 20)));
    let mode = packages
        .item(ItemKind::Property, "acme", "mode")
        .expect("a property");
    let ItemDetails::Property {
        form,
        place,
        access,
    } = &mode.details
    else {
        panic!("it is a property");
    };
    assert_eq!(
        (*place, *access),
        (PropertyPlace::ContextAttribute, Access::ReadWrite)
    );
    assert_eq!(form.value_type.enumeration_id("fast"), Some(3));
    assert_eq!(form.value_type.enumeration_name(0), Some("off"));
}

#[test]
fn events_and_signals_have_their_parameters() {
    let packages = added();
    let low = packages
        .item(ItemKind::Event, "acme", "low")
        .expect("an event");
    let ItemDetails::Event {
        requested,
        observed,
    } = &low.details
    else {
        panic!("it is an event");
    };
    assert_eq!((requested.len(), observed.len()), (1, 2));
    let levels = low.parameter("levels").expect("a parameter");
    assert!(levels.form.is_list);
    assert_eq!(levels.form.bounds, Some((0, i64::MAX)));
    let chime = packages
        .item(ItemKind::Signal, "acme", "chime")
        .expect("a signal");
    let ItemDetails::Signal { default_type, .. } = chime.details else {
        panic!("it is a signal");
    };
    assert_eq!(default_type, SignalType::TimeOut);
    let after = chime.parameter("after").expect("a parameter");
    assert_eq!(after.form.value_type, ValueType::PackageItemName);
    let alerts = packages.item_by_id(ItemKind::Statistic, 0x8001, 0x0010);
    assert_eq!(
        alerts
            .and_then(|item| item.form())
            .map(|form| &form.value_type),
        Some(&ValueType::Double)
    );
}

#[test]
fn what_a_file_may_not_say_is_named() {
    let with =
        |line: &str| format!("[[package]]\nname = \"acme\"\nid = 0x8001\nversion = 1\n{line}");
    let property = |line: &str| {
        let start = "[[package.property]]\nname = \"agc\"\nid = 1\n";
        with(&format!("{start}{line}"))
    };
    for (text, expected) in [
        (with("vendor = \"Acme\""), "unknown field `vendor`"),
        (with("[[package.events]]"), "unknown field `events`"),
        (
            "[[package]]\nname = \"acme\"\nversion = 1".to_owned(),
            "missing field `id`",
        ),
        ("[[package]]\nid = 0x18001".to_owned(), "98305"),
        (property("type = \"integer\""), "missing field `in`"),
        (
            property("type = \"int\"\nin = \"LocalControl\""),
            "expected string, integer",
        ),
        (
            property("type = \"integer\"\nin = \"Local\""),
            "unknown variant `Local`",
        ),
        (
            property("in = \"LocalControl\"\ntype = { a = 1, b = 1 }"),
            "b has the id 1 of a",
        ),
        (property("in = \"LocalControl\"\ntype = { a = -1 }"), "-1"),
        (
            property("in = \"LocalControl\"\ntype = 1"),
            "expected string, integer",
        ),
        (
            with("[[package.signal]]\nname = \"s\"\nid = 1\ndefault = \"Short\""),
            "unknown variant `Short`",
        ),
        ("[package]".to_owned(), "expected a sequence"),
        ("[[packages]]".to_owned(), "unknown field `packages`"),
    ] {
        let error = file(&text).expect_err(&text);
        assert!(error.contains(expected), "{text}\n{error}");
    }
}

#[test]
fn a_file_without_packages_is_one() {
    assert_eq!(file("").unwrap(), PackageFile::default());
}
