//! Values by their types: text to octets and back, and what peers send instead.

use super::{
    super::statistics,
    element,
    nouns::{
        octets, parameter_octets, parameter_of, property_octets, property_of, property_read, read,
        write,
    },
    profile,
};
use crate::{
    PackageItem, ParmValue, Value,
    descriptor::{Statistic, StatisticValue},
    package::PackageDefinition,
};

/// The octets of a property whose value element is this.
fn with_value(name: &str, value: &str, extra: &str) -> Vec<u8> {
    let value = octets(value);
    let mut all = octets("80 04");
    all.extend(octets(name));
    all.extend([
        0xa1,
        u8::try_from(value.len()).expect("values here are short"),
    ]);
    all.extend(value);
    all.extend(octets(extra));
    all
}

/// A property in text is these octets, and these octets are the property.
fn is(text: &str, name: &str, value: &str, extra: &str) {
    let property = property_of(text);
    let expected = with_value(name, value, extra);
    let written = property_octets(&property).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(written, expected, "{text}");
    let read = property_read(&expected).unwrap_or_else(|error| panic!("{error}: {text}"));
    assert_eq!(read, property, "{text}");
}

#[test]
fn types_have_elements_of_their_own() {
    is("nt/jit=40", "000b0007", "0403 020128", "");
    is("tdmc/gain=-5", "000d000a", "0403 0201fb", "");
    is(
        "tdmc/gain=4294967295",
        "000d000a",
        "0407 020500ffffffff",
        "",
    );
    is("tdmc/ec=on", "000d0008", "0403 0101ff", "");
    is("tdmc/ec=OFF", "000d0008", "0403 010100", "");
}

#[test]
fn strings_and_octets_are_told_apart() {
    is("dtd/tid=\"x9\"", "001c0001", "0404 16027839", "");
    is("dtd/tid=\"9\"", "001c0001", "0403 160139", "");
    is("dtd/tid=\"\"", "001c0001", "0402 1600", "");
    is("dtd/tid=\"é\"", "001c0001", "0404 0c02c3a9", "");
    is("mgcinfo/db=0aFF", "00a00001", "0404 04020aff", "");
    is("mgcinfo/db=\"\"", "00a00001", "0402 0400", "");
}

#[test]
fn numbers_come_back_as_they_were() {
    for number in (0..120).chain([255, 1_000, i64::MAX, i64::MIN, -1]) {
        let property = property_of(&format!("nt/jit={number}"));
        let read = property_read(&property_octets(&property).unwrap()).unwrap();
        assert_eq!(read.value, property.value);
    }
}

#[test]
fn a_number_in_hex_is_that_number() {
    let written = property_octets(&property_of("nt/jit=0x10")).unwrap();
    assert_eq!(written, with_value("000b0007", "0403 020110", ""));
    let read = property_read(&written).unwrap();
    assert_eq!(read.value, ParmValue::Equal(Value::bare("16")));
}

#[test]
fn what_is_said_of_values_stands_behind_them() {
    is("nt/jit>20", "000b0007", "0403 020114", "a203 800100");
    is("nt/jit<20", "000b0007", "0403 020114", "a203 800101");
    is("nt/jit#20", "000b0007", "0403 020114", "a203 800102");
    is(
        "nt/jit=[1:2]",
        "000b0007",
        "0403 020101 0403 020102",
        "a203 8101ff",
    );
    is(
        "nt/jit=[1,2]",
        "000b0007",
        "0403 020101 0403 020102",
        "a203 8201ff",
    );
    is("nt/jit=[1]", "000b0007", "0403 020101", "a203 8201ff");
    is(
        "nt/jit={1,2}",
        "000b0007",
        "0403 020101 0403 020102",
        "a203 820100",
    );
    is("nt/jit={1}", "000b0007", "0403 020101", "a203 820100");
    is("nt/jit=$", "000b0007", "", "");
}

#[test]
fn wildcards_are_no_strings() {
    is("nt/jit=*", "000b0007", "0403 0c012a", "");
    is("dtd/tid=*", "001c0001", "0403 0c012a", "");
    is("dtd/tid=\"*\"", "001c0001", "0403 16012a", "");
    is("dtd/tid=\"$\"", "001c0001", "0403 160124", "");
    is(
        "nt/jit={1,$}",
        "000b0007",
        "0403 020101 0403 0c0124",
        "a203 820100",
    );
    is("id_8123/id_0001=\"*\"", "81230001", "0403 16012a", "");
    is("id_8123/id_0001=*", "81230001", "0403 0c012a", "");
}

#[test]
fn without_a_type_text_tells_the_element() {
    let unknown = |text: &str, value: &str| {
        is(&format!("id_8123/id_0001={text}"), "81230001", value, "");
    };
    unknown("40", "0403 020128");
    unknown("-129", "0404 0202ff7f");
    unknown("040", "0405 1603303430");
    unknown("ON", "0403 0101ff");
    unknown("off", "0403 010100");
    unknown("enum_5", "0403 0a0105");
    unknown("enum_05", "0409 1607656e756d5f3035");
    unknown("0x0a1B", "0404 04020a1b");
    unknown("0x", "0402 0400");
    unknown("0x0", "0405 1603307830");
    unknown("abc", "0405 1603616263");
    unknown("\"ON\"", "0404 16024f4e");
    unknown("\"40\"", "0404 16023430");
    unknown("\"a b\"", "0405 1603612062");
    is("nt/id_7777=1", "000b7777", "0403 020101", "");
    is("nt/*=$", "000bffff", "", "");
}

#[test]
fn packet_loss_has_a_point() {
    let mut profile = profile();
    let extension = PackageDefinition {
        name: "loss".into(),
        id: 0x8123,
        version: 1,
        extends: Some("rtp".into()),
        items: Vec::new().into(),
    };
    profile
        .packages
        .add(extension)
        .expect("nobody has its names");
    for (name, digits) in [("rtp", "000c0006"), ("loss", "81230006")] {
        let mut all = octets("8004");
        all.extend(octets(digits));
        all.extend(octets("a108 0406 0204 214a3c93"));
        let all = element(0x30, &[&all]);
        let found = read(&all, &profile, statistics::read).unwrap();
        let text = Value::bare("0.130039011");
        let expected = Statistic {
            name: PackageItem {
                package: name.into(),
                item: "pl".into(),
            },
            value: Some(StatisticValue::One(text)),
        };
        assert_eq!(found.statistics, [expected]);
        let written = write(1, &profile, |w| statistics::write(w, &found));
        assert_eq!(written, Ok(all));
    }
}

#[test]
fn what_peers_send_instead_is_read() {
    let read = |name: &str, value: &str| {
        let property = property_read(&with_value(name, value, "")).unwrap();
        let ParmValue::Equal(value) = property.value else {
            panic!("not one value: {property:?}")
        };
        value.to_string()
    };
    // The octets of the text, without an element around them.
    assert_eq!(read("000b0007", "0402 3430"), "40");
    assert_eq!(read("000d0008", "0402 6f6e"), "on");
    assert_eq!(read("001c0001", "0402 7839"), "\"x9\"");
    assert_eq!(read("81230001", "0403 612062"), "\"a b\"");
    assert_eq!(read("81230001", "0402 0105"), "0x0105");
    // An element of another type.
    assert_eq!(read("000b0007", "0403 0a0105"), "\"enum_5\"");
    assert_eq!(read("000b0007", "0403 0401ff"), "\"0xff\"");
    assert_eq!(read("001c0001", "0403 020105"), "5");
    // A length in the long form, segments, more octets than a number has.
    assert_eq!(read("000b0007", "0405 0282000128"), "40");
    assert_eq!(read("001c0001", "0408 3606 160178 160139"), "\"x9\"");
    assert_eq!(read("000b0007", "2407 0402 0201 0401 28"), "40");
    assert_eq!(
        read("000b0007", "040b 0209 010000000000000000"),
        "\"0x0209010000000000000000\""
    );
    assert_eq!(read("000b0007", "0402 0200"), "\"0x0200\"");
    // ALL of more than one sign.
    assert_eq!(read("001c0001", "0404 0c022a2a"), "\"**\"");
}

#[test]
fn a_relation_is_of_as_many_values_as_it_is() {
    let wrong = |value: &str, extra: &str| {
        let error = property_read(&with_value("000b0007", value, extra)).unwrap_err();
        error.expected.to_string()
    };
    let two = "0403 020101 0403 020102";
    assert_eq!(
        wrong(two, "a203 800100"),
        "expected one value of a relation"
    );
    assert_eq!(
        wrong("0403 020101", "a203 8101ff"),
        "expected two values of a range"
    );
    let three = "0403 020101 0403 020102 0403 020103";
    assert_eq!(
        wrong(three, "a203 8101ff"),
        "expected two values of a range"
    );
    assert_eq!(
        wrong(two, "a203 800103"),
        "expected a known value of Relation"
    );
    assert_eq!(wrong(two, "a203 830100"), "expected extraInfo");
    let read = |extra| {
        property_read(&with_value("000b0007", two, extra))
            .unwrap()
            .value
    };
    assert_eq!(read(""), property_of("nt/jit={1,2}").value);
    assert_eq!(read("a203 810100"), property_of("nt/jit={1,2}").value);
}

#[test]
fn a_value_that_is_not_of_its_type_is_named() {
    let wrong = |text: &str| property_octets(&property_of(text)).unwrap_err().to_string();
    let jit = "\"nt/jit = abc\" is no Integer in value[1]";
    assert_eq!(wrong("nt/jit=abc"), jit);
    assert_eq!(wrong("nt/jit=0.5"), jit.replace("abc", "0.5"));
    assert_eq!(
        wrong("nt/jit=9223372036854775808"),
        jit.replace("abc", "9223372036854775808")
    );
    assert_eq!(
        wrong("tdmc/ec=1"),
        "\"tdmc/ec = 1\" is no Boolean in value[1]"
    );
    assert_eq!(
        wrong("mgcinfo/db={0a,0}"),
        "\"mgcinfo/db = 0\" is no Octet string in value[1] #1"
    );
    assert_eq!(
        wrong("nt/jip=1"),
        "the property \"nt/jip\" has no binary name"
    );
    assert_eq!(
        wrong("nope/x=1"),
        "the property \"nope/x\" has no binary name"
    );
    // What has a name has no other, and all has only its sign.
    for (text, name) in [("nt/id_ffff=1", "nt/id_ffff"), ("id_ffff/*=1", "id_ffff/*")] {
        let told = format!("the property {name:?} has no binary name");
        assert_eq!(wrong(text), told);
    }
    assert_eq!(
        wrong("id_000b/jit=1"),
        "the property \"id_000b/jit\" has no binary name"
    );
    assert_eq!(
        wrong("nt/id_0007=1"),
        "the property \"nt/id_0007\" has no binary name"
    );
}

/// The octets of an event's parameter, in hex.
fn parameter(event: &str, text: &str) -> Vec<u8> {
    let parameter = parameter_of(event, text);
    parameter_octets(event, &parameter).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn enumerations_names_and_tones_are_numbers() {
    let is = |event: &str, text: &str, digits: &str| {
        assert_eq!(parameter(event, text), octets(digits), "{event} {text}");
    };
    is("g/sc", "Meth=to", "8002 0002 a105 0403 0a0101");
    is("g/sc", "Meth=enum_9", "8002 0002 a105 0403 0a0109");
    is(
        "g/sc",
        "SigID=\"cg/dt\"",
        "8002 0001 a108 0406 0404 00070030",
    );
    is(
        "g/sc",
        "SigID=\"id_8123/id_0001\"",
        "8002 0001 a108 0406 0404 81230001",
    );
    is(
        "dd/std",
        "tl=[d0,ds]",
        "8002 0001 a10a 0403 0a0110 0403 0a0120 a203 8201ff",
    );
    is("dd/std", "tl=*", "8002 0001 a105 0403 0a0100");
    is("dd/std", "tl=enum_99", "8002 0001 a105 0403 0a0163");
    is(
        "al/fl",
        "mindur={1,2}",
        "8002 0004 a10a 0403 020101 0403 020102",
    );
    is("al/fl", "id_7777=1", "8002 7777 a105 0403 020101");
    // What extends it is meant.
    is(
        "tonedet/std",
        "tl=[d0,dt]",
        "8002 0001 a10a 0403 0a0110 0403 0a0130 a203 8201ff",
    );
    let wrong = |event: &str, text: &str| {
        let parameter = parameter_of(event, text);
        parameter_octets(event, &parameter)
            .unwrap_err()
            .what
            .to_string()
    };
    assert_eq!(
        wrong("g/sc", "Meth=XX"),
        "\"Meth = XX\" is no value of the enumeration"
    );
    assert_eq!(
        wrong("g/sc", "Meth=enum_1"),
        "\"Meth = enum_1\" is no value of the enumeration"
    );
    assert_eq!(
        wrong("g/sc", "SigID=x"),
        "\"SigID = x\" is no name of a signal"
    );
    assert_eq!(wrong("dd/std", "tl=zz"), "\"tl = zz\" is no tone");
    assert_eq!(wrong("dd/std", "tl=enum_16"), "\"tl = enum_16\" is no tone");
    assert_eq!(
        wrong("dd/std", "zz=1"),
        "the parameter \"zz\" has no binary name"
    );
}
