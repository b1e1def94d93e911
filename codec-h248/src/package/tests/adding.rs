//! Packages that are added, and those that are refused.

use std::borrow::Cow;

use super::{event, extending, package, parameter, signal};
use crate::package::{
    EnumerationValue, ItemDefinition, ItemDetails, ItemKind, PackageDefinition, PackageRegistry,
    ValueForm, ValueType,
};

fn refused(package: PackageDefinition) -> String {
    let mut packages = PackageRegistry::standard();
    let before = packages.packages().count();
    let refused = packages.add(package).expect_err("it is bad");
    assert_eq!(packages.packages().count(), before);
    refused.to_string()
}

#[test]
fn a_package_that_is_added_is_found_in_every_way() {
    let mut packages = PackageRegistry::standard();
    let beep = signal(
        "beep",
        0x0050,
        vec![parameter("len", 1, ValueType::Integer)],
    );
    packages
        .add(extending("tonegen", vec![beep.clone()]))
        .unwrap();
    let mut second = package(Vec::new());
    second.name = Cow::Borrowed("Aaa");
    second.id = 0x8000;
    packages.add(second).unwrap();
    assert_eq!(packages.package("ACME").map(|found| found.id), Some(0x8001));
    assert_eq!(packages.package("aaa").map(|found| found.id), Some(0x8000));
    assert_eq!(packages.package("rtp").map(|found| found.id), Some(0x000C));
    assert!(packages.package_by_id(0x8001).is_some());
    assert_eq!(packages.item(ItemKind::Signal, "acme", "BEEP"), Some(&beep));
    assert_eq!(
        packages.item_by_id(ItemKind::Signal, 0x8001, 0x0050),
        Some(&beep)
    );
    assert!(packages.item(ItemKind::Signal, "acme", "pt").is_some());
    assert_eq!(packages.tone("acme", "beep"), Some(0x0050));
}

#[test]
fn a_package_that_is_known_by_name_alone_may_be_added_in_full() {
    let mut packages = PackageRegistry::standard();
    let before = packages.packages().count();
    let full = PackageDefinition {
        name: Cow::Borrowed("volumes"),
        id: 0x0070,
        ..package(vec![signal("up", 1, Vec::new())])
    };
    packages.add(full.clone()).unwrap();
    assert_eq!(packages.package_by_id(0x0070), Some(&full));
    assert_eq!(packages.package("volumes"), Some(&full));
    assert_eq!(
        packages.package("volcon"),
        None,
        "the name was not verified"
    );
    assert_eq!(packages.packages().count(), before);
    let again = packages.add(full).expect_err("it is there");
    assert_eq!(
        again.to_string(),
        "volumes: the id 0x0070 is that of volumes"
    );
}

#[test]
fn names_and_ids_of_packages_are_taken() {
    let named = |name, id| PackageDefinition {
        name: Cow::Borrowed(name),
        id,
        ..package(Vec::new())
    };
    assert_eq!(
        refused(named("RTP", 0x8001)),
        "RTP: the name is that of the package 0x000C"
    );
    assert_eq!(
        refused(named("acme", 0x000C)),
        "acme: the id 0x000C is that of rtp"
    );
    assert_eq!(
        refused(named("acme", 0x0048)),
        "acme: the id 0x0048 is that of vvsyx",
        "phrsyx extends it"
    );
    for id in [0x0000, 0xFFFF] {
        let expected = format!("acme: expected an id from 0x0001 to 0xFFFE, found {id:#06X}");
        assert_eq!(refused(named("acme", id)), expected);
    }
    for name in ["", "1acme", "ac-me", "äcme", "*"] {
        assert_eq!(
            refused(named(name, 0x8001)),
            format!("{name}: expected NAME")
        );
    }
}

#[test]
fn versions_and_bases_are_checked() {
    for version in [0, 100] {
        let bad = PackageDefinition {
            version,
            ..package(Vec::new())
        };
        let expected = format!("acme: expected a version from 1 to 99, found {version}");
        assert_eq!(refused(bad), expected);
    }
    let unknown = "acme: it extends nowhere, which is not known";
    assert_eq!(refused(extending("nowhere", Vec::new())), unknown);
    let itself = PackageDefinition {
        name: Cow::Borrowed("fax"),
        id: 0x0012,
        ..extending("fax", Vec::new())
    };
    assert_eq!(refused(itself), "fax: it extends fax, which is not known");
}

#[test]
fn items_of_one_kind_have_names_and_ids_of_their_own() {
    let two = |one: ItemDefinition, other| package(vec![one, other]);
    assert_eq!(
        refused(two(
            signal("up", 1, Vec::new()),
            signal("UP", 2, Vec::new())
        )),
        "acme/signal UP: the name is that of another one, 0x0001"
    );
    assert_eq!(
        refused(two(
            signal("up", 1, Vec::new()),
            signal("down", 1, Vec::new())
        )),
        "acme/signal down: the id 0x0001 is that of up"
    );
    assert_eq!(
        refused(package(vec![signal("up", 0xFFFF, Vec::new())])),
        "acme/signal up: expected an id from 0x0001 to 0xFFFE, found 0xFFFF"
    );
    let apart = two(
        signal("up", 1, Vec::new()),
        event("up", 1, Vec::new(), Vec::new()),
    );
    PackageRegistry::standard().add(apart).unwrap();
}

#[test]
fn items_of_the_base_keep_name_and_id_together() {
    assert_eq!(
        refused(extending("cg", vec![signal("dt", 0x0050, Vec::new())])),
        "acme/signal dt: the name is that of dt in cg"
    );
    assert_eq!(
        refused(extending("cg", vec![signal("beep", 0x0001, Vec::new())])),
        "acme/signal beep: the id 0x0001 is that of pt in cg"
    );
    let again = extending("cg", vec![signal("dt", 0x0030, Vec::new())]);
    PackageRegistry::standard().add(again).unwrap();
}

#[test]
fn parameters_are_checked() {
    let with = |name, id| {
        package(vec![signal(
            "up",
            1,
            vec![parameter(name, id, ValueType::Integer)],
        )])
    };
    assert_eq!(
        refused(with("a b", 1)),
        "acme/signal up/parameter a b: expected NAME"
    );
    for name in ["SPAx", "spa", "Stream", "dr", "NotifyCompletion"] {
        let expected = format!("acme/signal up/parameter {name}: the name is reserved");
        assert_eq!(refused(with(name, 1)), expected);
    }
    let requested = |name| {
        let parameter = parameter(name, 1, ValueType::Integer);
        package(vec![event("low", 1, vec![parameter], Vec::new())])
    };
    for name in ["EPAx", "KA", "DigitMap"] {
        let expected = format!("acme/event low/parameter {name}: the name is reserved");
        assert_eq!(refused(requested(name)), expected);
    }
    PackageRegistry::standard().add(requested("dr")).unwrap();
    assert_eq!(
        refused(with("to", 0)),
        "acme/signal up/parameter to: expected an id from 0x0001 to 0xFFFF, found 0x0000"
    );
    let integer = |name, id| parameter(name, id, ValueType::Integer);
    assert_eq!(
        refused(package(vec![signal(
            "up",
            1,
            vec![integer("a", 1), integer("A", 2)]
        )])),
        "acme/signal up/A: the name is that of another one, 0x0001"
    );
}

#[test]
fn requested_and_observed_parameters_share_their_ids() {
    let at = |value_type| parameter("at", 1, value_type);
    let low = |requested, observed| package(vec![event("low", 1, vec![requested], vec![observed])]);
    let same = low(at(ValueType::Integer), at(ValueType::Integer));
    PackageRegistry::standard().add(same).unwrap();
    let differs = |name| {
        format!("acme/event low/parameter {name}: it is another one where the event is requested")
    };
    assert_eq!(
        refused(low(at(ValueType::Integer), at(ValueType::String))),
        differs("at")
    );
    let other = parameter("level", 1, ValueType::Integer);
    assert_eq!(
        refused(low(at(ValueType::Integer), other)),
        differs("level")
    );
}

#[test]
fn forms_of_values_are_checked() {
    let statistic = |form| {
        package(vec![ItemDefinition {
            name: Cow::Borrowed("count"),
            id: 1,
            details: ItemDetails::Statistic { form },
        }])
    };
    let bounded = |value_type, bounds| ValueForm {
        bounds: Some(bounds),
        ..ValueForm::one(value_type)
    };
    let bounds = "acme/statistic count: expected bounds of a number, the lower one first";
    assert_eq!(
        refused(statistic(bounded(ValueType::Integer, (2, 1)))),
        bounds
    );
    assert_eq!(
        refused(statistic(bounded(ValueType::String, (1, 2)))),
        bounds
    );
    let one_of = |names: &[(&'static str, u16)]| {
        let value = |&(name, id)| EnumerationValue {
            name: Cow::Borrowed(name),
            id,
        };
        let values = names.iter().map(value).collect();
        statistic(ValueForm::one(ValueType::Enumeration(values)))
    };
    let empty = "acme/statistic count: expected the names of an enumeration, without quotes";
    for names in [&[][..], &[("", 1)], &[("a b", 1)], &[("$", 1)]] {
        assert_eq!(refused(one_of(names)), empty);
    }
    assert_eq!(
        refused(one_of(&[("low", 1), ("high", 1)])),
        "acme/statistic count/high: the id 0x0001 is that of low"
    );
}

#[test]
fn a_line_of_packages_that_extend_each_other_has_an_end() {
    let mut packages = PackageRegistry::standard();
    let mut base = "g".to_owned();
    for place in 0..40_u16 {
        let mut next = extending("g", Vec::new());
        next.extends = Some(Cow::Owned(base));
        next.name = Cow::Owned(format!("line{place}"));
        next.id = 0x8100 + place;
        base = next.name.to_string();
        if let Err(error) = packages.add(next) {
            assert_eq!(place, 15);
            let told = "line15: expected at most 16 packages that extend each other";
            assert_eq!(error.to_string(), told);
            return;
        }
    }
    panic!("40 packages in a line");
}
