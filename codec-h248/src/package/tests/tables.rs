//! The tables of the packages agree with themselves, and are found.

use crate::{
    descriptor::SignalType,
    package::{
        Access, ItemDetails, ItemKind, PackageRegistry, PropertyPlace, UNVERIFIED, adding,
        standard::STANDARD,
    },
};

#[test]
fn packages_are_found_by_name_in_any_case_and_by_id() {
    let packages = PackageRegistry::standard();
    for package in STANDARD {
        let upper = package.name.to_ascii_uppercase();
        assert_eq!(packages.package(&upper), Some(package));
        assert_eq!(packages.package(&package.name), Some(package));
        assert_eq!(packages.package_by_id(package.id), Some(package));
    }
    assert!(STANDARD.is_sorted_by_key(|package| package.id));
    assert_eq!(packages.packages().count(), STANDARD.len());
}

#[test]
fn what_is_no_package_is_not_found() {
    let packages = PackageRegistry::standard();
    let long = "g".repeat(1 << 20);
    for name in ["", "*", "$", "gg", "rt", "rtpx", "müll", long.as_str()] {
        assert_eq!(packages.package(name), None);
    }
    for id in [0x0000, 0x0039, 0x0071, 0x0101, 0x8000, 0xFFFF] {
        assert_eq!(packages.package_by_id(id), None);
    }
}

/// Also that what an event is requested with and observed with share one space of ids.
#[test]
fn no_name_and_no_id_is_there_twice() {
    let packages = PackageRegistry::standard();
    for package in STANDARD {
        let base = package.extends.as_deref();
        let base = base.map(|base| packages.package(base).expect(base));
        let found = adding::contents(&packages, base, package);
        let found = found.map_err(|error| error.to_string());
        let expected = match package.name.as_ref() {
            "edtmf" => Err("edtmf/event extkey: the id 0x0002 is that of etd in dd".to_owned()),
            _ => Ok(()),
        };
        assert_eq!(found, expected);
    }
}

#[test]
fn items_are_found_by_name_and_by_id() {
    let packages = PackageRegistry::standard();
    for package in STANDARD {
        for item in package.items.iter() {
            let upper = item.name.to_ascii_uppercase();
            let kind = item.kind();
            assert_eq!(packages.item(kind, &package.name, &upper), Some(item));
            assert_eq!(packages.item_by_id(kind, package.id, item.id), Some(item));
            for parameter in item.parameters() {
                let upper = parameter.name.to_ascii_uppercase();
                assert_eq!(item.parameter(&upper), Some(parameter));
                assert_eq!(item.parameter_by_id(parameter.id), Some(parameter));
            }
        }
    }
}

#[test]
fn items_are_of_one_kind() {
    let packages = PackageRegistry::standard();
    assert!(packages.item(ItemKind::Signal, "al", "ri").is_some());
    assert!(packages.item(ItemKind::Event, "al", "ri").is_none());
    assert_eq!(
        packages.item_by_id(ItemKind::Signal, 0x0009, 0x0004),
        None,
        "0004 is an event of al"
    );
    let network = packages.package("nt").expect("it is in the tables");
    let statistics = network.items_of(ItemKind::Statistic);
    let names: Vec<&str> = statistics.map(|item| item.name.as_ref()).collect();
    assert_eq!(names, ["dur", "os", "or"]);
}

#[test]
fn a_package_has_the_items_of_what_it_extends() {
    let packages = PackageRegistry::standard();
    let own = packages.item(ItemKind::Statistic, "nt", "dur");
    assert!(own.is_some());
    assert_eq!(packages.item(ItemKind::Statistic, "rtp", "dur"), own);
    assert_eq!(packages.item_by_id(ItemKind::Statistic, 0x000C, 1), own);
    assert_eq!(
        packages
            .item(ItemKind::Property, "tdmc", "jit")
            .map(|item| item.id),
        Some(7)
    );
    assert!(packages.item(ItemKind::Signal, "cg", "pt").is_some());
    assert!(
        packages.item(ItemKind::Event, "edtmf", "d0").is_some(),
        "of dd"
    );
    assert!(
        packages.item(ItemKind::Event, "edtmf", "std").is_some(),
        "of tonedet"
    );
    assert!(packages.item(ItemKind::Statistic, "nt", "ps").is_none());
}

#[test]
fn an_item_of_its_own_comes_before_that_of_the_base() {
    let packages = PackageRegistry::standard();
    let parameter = |package: &str, name: &str| {
        let play = packages.item(ItemKind::Signal, package, "play")?;
        Some(play.parameter(name)?.id)
    };
    assert_eq!(parameter("aasb", "btn"), None);
    assert_eq!(parameter("mpp", "btn"), Some(0x0007));
    assert_eq!(parameter("aasdc", "an"), Some(0x0001));
}

#[test]
fn tones_are_what_extensions_of_tonegen_and_tonedet_add() {
    let packages = PackageRegistry::standard();
    for (package, name, id) in [
        ("dd", "do", Some(0x0021)),
        ("DG", "D0", Some(0x0010)),
        ("cd", "cr", Some(0x0038)),
        ("edtmf", "d9", Some(0x0019)),
        ("dd", "ce", None),
        ("dd", "std", None),
        ("cg", "pt", None),
        ("tonegen", "pt", None),
        ("aasdc", "playcol", None),
        ("nowhere", "d0", None),
    ] {
        assert_eq!(packages.tone(package, name), id, "{package}/{name}");
    }
    assert_eq!(packages.tone_by_id(0x0007, 0x0030), Some("dt"));
    assert_eq!(packages.tone_by_id(0x0006, 0x0004), None);
}

#[test]
fn kinds_say_what_a_gateway_asks() {
    let packages = PackageRegistry::standard();
    let details = |kind, package, item| {
        let item = packages.item(kind, package, item);
        &item.expect("it is in the tables").details
    };
    assert!(matches!(
        details(ItemKind::Property, "tdmc", "ec"),
        ItemDetails::Property {
            place: PropertyPlace::LocalControl,
            access: Access::ReadWrite,
            ..
        }
    ));
    assert!(matches!(
        details(ItemKind::Property, "root", "maxNumberOfContexts"),
        ItemDetails::Property {
            place: PropertyPlace::TerminationState,
            access: Access::ReadOnly,
            ..
        }
    ));
    assert!(matches!(
        details(ItemKind::Signal, "cg", "rt"),
        ItemDetails::Signal {
            default_type: SignalType::TimeOut,
            ..
        }
    ));
    assert!(matches!(
        details(ItemKind::Signal, "dg", "d1"),
        ItemDetails::Signal {
            default_type: SignalType::Brief,
            ..
        }
    ));
}

#[test]
fn what_is_unverified_is_of_known_packages_in_their_order() {
    let packages = PackageRegistry::standard();
    let id = |package: &str| packages.package(package).expect(package).id;
    assert!(UNVERIFIED.is_sorted_by_key(|unverified| id(unverified.package)));
}
