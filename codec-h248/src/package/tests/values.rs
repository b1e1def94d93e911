//! Values of each type, as text.

use std::borrow::Cow;

use crate::{
    ParmValue, Value,
    package::{EnumerationValue, ItemKind, PackageRegistry, ValueForm, ValueType, boolean},
};

fn enumeration() -> ValueType {
    let value = |name, id| EnumerationValue {
        name: Cow::Borrowed(name),
        id,
    };
    ValueType::Enumeration(Cow::Owned(vec![value("ext", 1), value("int", 2)]))
}

fn good(value_type: &ValueType, text: &str) -> bool {
    let bare = value_type.check(&Value::bare(text)).is_ok();
    let quoted = value_type.check(&Value::quoted(text)).is_ok();
    assert_eq!(bare, quoted, "quotes make no difference to {text}");
    bare
}

#[test]
fn each_type_takes_its_values_and_no_others() {
    let table: [(ValueType, &[&str], &[&str]); 10] = [
        (ValueType::String, &["", "any thing", "ä"], &[]),
        (
            ValueType::Integer,
            &[
                "0",
                "40",
                "-2147483648",
                "4294967295",
                "0xFFFFFFFF",
                "0X1f",
                "007",
            ],
            &[
                "",
                "-",
                "4294967296",
                "-2147483649",
                "0x100000000",
                "0x",
                "-0x1",
                "0x-1",
                "+1",
                "1.5",
                "1e3",
                " 1",
            ],
        ),
        (
            ValueType::Double,
            &[
                "9223372036854775807",
                "-9223372036854775808",
                "0x7FFFFFFFFFFFFFFF",
            ],
            &["9223372036854775808", "0.13", "99999999999999999999999999"],
        ),
        (
            ValueType::Unsigned,
            &["0", "4294967295"],
            &["-1", "4294967296"],
        ),
        (ValueType::Character, &["a", "ä", "€"], &["", "ab"]),
        (enumeration(), &["ext", "INT"], &["", "both", "1"]),
        (
            ValueType::Boolean,
            &["on", "OFF", "On"],
            &["", "true", "1", "yes"],
        ),
        (
            ValueType::OctetString,
            &["", "00", "0aFf"],
            &["0", "0x00", "gg", "ä"],
        ),
        (
            ValueType::PackageItemName,
            &["cg/dt", "an/apf"],
            &["", "cg", "cg/", "/dt", "1/dt", "cg/dt/x"],
        ),
        (ValueType::ToneId, &["d0", "dt"], &["", "1", "d 0"]),
    ];
    for (value_type, goods, bads) in table {
        for text in goods {
            assert!(good(&value_type, text), "{value_type:?} {text}");
        }
        for text in bads {
            assert!(!good(&value_type, text), "{value_type:?} {text}");
        }
    }
}

#[test]
fn wildcards_pass_unless_they_are_quoted() {
    for wildcard in ["$", "*"] {
        assert!(ValueType::Integer.check(&Value::bare(wildcard)).is_ok());
        assert!(ValueType::Integer.check(&Value::quoted(wildcard)).is_err());
    }
}

#[test]
fn numbers_and_booleans_have_their_values() {
    assert_eq!(ValueType::Integer.number("0x28"), Some(40));
    assert_eq!(ValueType::Integer.number("-40"), Some(-40));
    assert_eq!(ValueType::Integer.number("0xFFFFFFFF"), Some(0xFFFF_FFFF));
    assert_eq!(ValueType::String.number("40"), None);
    assert_eq!(boolean("oN"), Some(true));
    assert_eq!(boolean("off"), Some(false));
    assert_eq!(boolean("of"), None);
}

#[test]
fn enumerations_go_both_ways() {
    assert_eq!(enumeration().enumeration_id("EXT"), Some(1));
    assert_eq!(enumeration().enumeration_name(2), Some("int"));
    assert_eq!(enumeration().enumeration_name(3), None);
    assert_eq!(ValueType::Integer.enumeration_name(1), None);
}

fn fault(form: &ValueForm, value: &ParmValue<'_>) -> String {
    match form.check(value) {
        Ok(()) => "none".to_owned(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn bounds_hold_for_every_value_in_every_relation() {
    let packages = PackageRegistry::standard();
    let alert = packages
        .item(ItemKind::Event, "nt", "qualert")
        .expect("in the tables");
    let form = &alert.parameter("th").expect("in the tables").form;
    let value = |text: &'static str| Value::bare(text);
    let expected = "expected 0 to 99, found 100";
    for bad in [
        ParmValue::Equal(value("100")),
        ParmValue::NotEqual(value("100")),
        ParmValue::Greater(value("100")),
        ParmValue::Less(value("100")),
        ParmValue::Range(value("1"), value("100")),
        ParmValue::OneOf(vec![value("1"), value("100")]),
    ] {
        assert_eq!(fault(form, &bad), expected);
    }
    assert_eq!(
        fault(form, &ParmValue::Range(value("0"), value("99"))),
        "none"
    );
    assert_eq!(fault(form, &ParmValue::Equal(value("$"))), "none");
    let contexts = packages.item(ItemKind::Property, "root", "maxNumberOfContexts");
    let form = contexts
        .and_then(|item| item.form())
        .expect("in the tables");
    assert_eq!(
        fault(form, &ParmValue::Equal(value("0"))),
        "expected 1 or more, found 0"
    );
}

#[test]
fn only_lists_have_all_of_several_values() {
    let packages = PackageRegistry::standard();
    let values = ParmValue::AllOf(vec![Value::bare("100"), Value::bare("x")]);
    let ring = packages
        .item(ItemKind::Signal, "al", "ri")
        .expect("in the tables");
    let form = |name: &str| &ring.parameter(name).expect("in the tables").form;
    assert_eq!(
        fault(form("freq"), &values),
        "expected one value, found a list of 2"
    );
    assert_eq!(
        fault(form("cad"), &values),
        "expected an integer of 4 octets, found x"
    );
    let one = ParmValue::Equal(Value::bare("100"));
    assert_eq!(fault(form("cad"), &one), "none");
}

#[test]
fn errors_name_what_was_expected_and_repeat_little() {
    let long = Value::bare("ä".repeat(1000));
    let error = ValueType::Boolean.check(&long).expect_err("it is none");
    assert!(error.found.len() < 100);
    let error = enumeration()
        .check(&Value::bare("x"))
        .expect_err("it is none");
    assert_eq!(error.to_string(), "expected one of ext, int, found x");
}
