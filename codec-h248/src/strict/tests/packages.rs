//! What is told of packages, and what is not.

use super::{super::rules::table::*, decoded, found, is_legal};
use crate::package::{
    Access, ItemDefinition, ItemDetails, PackageDefinition, PackageRegistry, PropertyPlace,
    ValueForm, ValueType,
};

#[test]
fn nothing_is_told_of_packages_that_are_not_known_or_not_checked() {
    for inside in [
        "E=1{vendor/x{y=1}}",
        "E=1{xdd/ce{y=1}}",
        "SG{an/apf{an=\"three\"}}",
        "SG{mpp/nothing{x=1}}",
        "M{O{gm/x=1}}",
    ] {
        is_legal(&format!("!/3 mg T=1{{C=1{{MF=a{{{inside}}}}}}}"));
    }
}

/// A vendor's package with one property, which extends another package.
fn vendor(extends: &'static str) -> PackageRegistry {
    let mut packages = PackageRegistry::standard();
    let details = ItemDetails::Property {
        form: ValueForm::one(ValueType::Boolean),
        place: PropertyPlace::LocalControl,
        access: Access::ReadWrite,
    };
    let item = ItemDefinition {
        name: "own".into(),
        id: 1,
        details,
    };
    let package = PackageDefinition {
        name: "acme".into(),
        id: 0x8001,
        version: 1,
        extends: Some(extends.into()),
        items: vec![item].into(),
    };
    packages.add(package).expect("nothing stands against it");
    packages
}

#[test]
fn packages_of_a_vendor_are_looked_into() {
    let text = "!/3 mg T=1{C=1{MF=a{M{O{acme/own=5,acme/jit=x,acme/other=1}}}}}";
    let message = decoded(text);
    let rules: Vec<_> = found(&message, &vendor("nt"))
        .into_iter()
        .map(|(rule, _)| rule)
        .collect();
    assert_eq!(rules, [&VALUE_TYPE, &VALUE_TYPE, &UNKNOWN_PROPERTY]);
}

#[test]
fn what_extends_a_package_that_was_not_checked_is_let_pass() {
    let message = decoded("!/3 mg T=1{C=1{MF=a{SG{acme/play}}}}");
    assert_eq!(found(&message, &vendor("aasb")), []);
}
