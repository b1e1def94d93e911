use std::borrow::Cow;

use super::{TerminationKind, TerminationLevels, binary, name};
use crate::TerminationId;

fn provisioned() -> TerminationLevels {
    let padded = TerminationKind {
        digits: 5,
        ..TerminationKind::new("ann", 9)
    };
    let kinds = vec![
        TerminationKind::new("tdm", 1),
        TerminationKind::new("rtp", 2),
        padded,
    ];
    TerminationLevels::new(vec![8, 8, 8], kinds).unwrap()
}

/// Both ways, with the id in hex behind the wildcard fields.
fn check(levels: &TerminationLevels, spelled: &str, expected: (&[u8], &[u8])) {
    let found = binary(levels, spelled).unwrap_or_else(|| panic!("{spelled} has no id"));
    assert_eq!(
        (found.fields.as_slice(), found.id.as_slice()),
        expected,
        "{spelled}"
    );
    reads(levels, expected, spelled);
}

fn reads(levels: &TerminationLevels, (fields, id): (&[u8], &[u8]), spelled: &str) {
    let mut found = TerminationId::ROOT;
    name(levels, fields, Cow::Borrowed(id), &mut found);
    assert_eq!(found.as_str(), spelled);
}

#[test]
fn names_by_levels_are_exact_both_ways() {
    let levels = provisioned();
    check(&levels, "tdm/1/3", (&[], &[1, 1, 3]));
    check(&levels, "rtp/17", (&[], &[2, 0, 17]));
    check(&levels, "rtp/0", (&[], &[2, 0, 0]));
    check(&levels, "tdm/1/0", (&[], &[1, 1, 0]));
    check(&levels, "ann/00017", (&[], &[9, 0, 17]));
    check(&levels, "ROOT", (&[], &[0xff; 8]));
    check(&levels, "*", (&[0xd7], &[0, 0, 0]));
    check(&levels, "$", (&[0x57], &[0, 0, 0]));
    check(&levels, "rtp/*", (&[0x87], &[2, 0, 0]));
    check(&levels, "tdm/1/*", (&[0x87], &[1, 1, 0]));
    check(&levels, "tdm/*/3", (&[0x8f], &[1, 0, 3]));
    check(&levels, "tdm/$/$", (&[0x4f], &[1, 0, 0]));
    check(&levels, "tdm/$/*", (&[0x0f, 0x87], &[1, 0, 0]));
    check(&levels, "$/30/$", (&[0x17, 0x07], &[0, 30, 0]));
    check(&levels, "*/*", (&[0x97, 0x87], &[0, 0, 0]));
    check(&levels, "*/3", (&[0x97], &[0, 0, 3]));
}

#[test]
fn names_of_low_numbers_are_borrowed_and_those_behind_them_are_spelled_alike() {
    let kinds = vec![
        TerminationKind::new("line", 1),
        TerminationKind::new("rtp", 3),
    ];
    let levels = TerminationLevels::new(vec![8, 4, 12], kinds).unwrap();
    let borrowed = |id: &[u8]| {
        let mut found = TerminationId::ROOT;
        name(&levels, &[], Cow::Borrowed(id), &mut found);
        matches!(found.text_mut(), Cow::Borrowed(_))
    };
    check(&levels, "line/0", (&[], &[1, 0, 0]));
    check(&levels, "line/255", (&[], &[1, 0, 255]));
    check(&levels, "line/256", (&[], &[1, 1, 0]));
    check(&levels, "line/1/0", (&[], &[1, 0x10, 0]));
    check(&levels, "rtp/0", (&[], &[3, 0, 0]));
    check(&levels, "rtp/255", (&[], &[3, 0, 255]));
    reads(&levels, (&[], &[2, 0, 7]), "id_020007");
    assert!(borrowed(&[3, 0, 255]) && !borrowed(&[3, 1, 0]) && !borrowed(&[2, 0, 7]));
}

#[test]
fn what_a_wildcard_covers_is_ignored() {
    let levels = provisioned();
    reads(&levels, (&[0xd7], &[7, 8, 9]), "*");
    reads(&levels, (&[0x97, 0x8f, 0x87], &[7, 8, 9]), "*");
    reads(&levels, (&[0x87], &[1, 1, 0x55]), "tdm/1/*");
    reads(&levels, (&[0x0f, 0x07], &[1, 8, 9]), "tdm/$/$");
}

#[test]
fn names_that_would_be_read_as_others_cannot_be_said() {
    let levels = provisioned();
    for spelled in [
        "rtp",
        "rtp/017",
        "rtp/",
        "rtp/256",
        "tdm/0/5",
        "tdm/1/2/3",
        "*/*/*",
        "rtp/1*",
        "ann/17",
        "ann/0000017",
        "line/1",
        "2/17",
        "rtp/+1",
        "",
        "rtp/99999999999999999999",
    ] {
        assert_eq!(binary(&levels, spelled), None, "{spelled}");
    }
    assert_eq!(binary(&levels, "RTP/17"), binary(&levels, "rtp/17"));
}

#[test]
fn ids_that_have_no_other_name_are_spelled_in_hex() {
    let levels = provisioned();
    check(&levels, "id_030011", (&[], &[3, 0, 0x11]));
    check(&levels, "id_0102", (&[], &[1, 2]));
    check(&levels, "id_010203_90*", (&[0x90], &[1, 2, 3]));
    check(&levels, "id_010203_57$_87*", (&[0x57, 0x87], &[1, 2, 3]));
    check(&levels, "id_ffffffffffffffff_ff*", (&[0xff], &[0xff; 8]));
    let none = TerminationLevels::default();
    check(&none, "id_0000000000000000", (&[], &[0; 8]));
    check(&none, "id_7274702f31", (&[], b"rtp/1"));
    check(&none, "id_526f6f7400000000", (&[], b"Root\0\0\0\0"));
    check(&none, "id_69645f3031000000", (&[], b"id_01\0\0\0"));
    check(&none, "id_7274702f00310000", (&[], b"rtp/\x001\0\0"));
    check(&none, "id_722a000000000000", (&[], b"r*\0\0\0\0\0\0"));
    check(&none, "id_7274702f00000000_9f*", (&[0x9f], b"rtp/\0\0\0\0"));
    for spelled in [
        "id_",
        "id_1",
        "id_0x",
        "id_010203040506070809",
        "id_01_87$",
        "id_01_87",
        "id_01_",
    ] {
        assert_eq!(binary(&levels, spelled), None, "{spelled}");
    }
}

#[test]
fn names_without_levels_are_their_own_octets() {
    let none = TerminationLevels::default();
    check(&none, "rtp/1", (&[], b"rtp/1\0\0\0"));
    check(&none, "rtp/1234", (&[], b"rtp/1234"));
    check(&none, "id_x", (&[], b"id_x\0\0\0\0"));
    check(&none, "ROOT", (&[], &[0xff; 8]));
    check(&none, "*", (&[0xff], &[0; 8]));
    check(&none, "$", (&[0x7f], &[0; 8]));
    check(&none, "rtp/*", (&[0xdf], b"rtp/\0\0\0\0"));
    check(&none, "rtp/$", (&[0x5f], b"rtp/\0\0\0\0"));
    check(&none, "card1/1*", (&[0xc7], b"card1/1\0"));
    reads(&none, (&[0xdf], b"rtp/1234"), "rtp/*");
    for spelled in ["rtp/12345", "card1/12*", "*/3", "a*b", "", "$$", "rüm"] {
        assert_eq!(binary(&none, spelled), None, "{spelled}");
    }
}

#[test]
fn levels_of_any_width_fill_an_id_from_its_end() {
    let kinds = vec![
        TerminationKind::new("tdm", 5),
        TerminationKind::new("rtp", 0),
    ];
    let levels = TerminationLevels::new(vec![3, 7, 10], kinds).unwrap();
    check(&levels, "tdm/127/1023", (&[], &[0x0b, 0xff, 0xff]));
    check(&levels, "rtp/1", (&[], &[0, 0, 1]));
    check(&levels, "*", (&[0xd3], &[0, 0, 0]));
    reads(&levels, (&[], &[0x10, 0, 1]), "id_100001");
    assert_eq!(binary(&levels, "rtp/1024"), None);
    let flat = TerminationLevels::new(vec![64], vec![TerminationKind::new("gw", u64::MAX - 1)]);
    let flat = flat.unwrap();
    check(
        &flat,
        "gw",
        (&[], &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe]),
    );
    check(&flat, "*", (&[0xff], &[0; 8]));
    reads(&flat, (&[0x80 | 0x3f], &[0; 8]), "*");
    assert_eq!(binary(&flat, "gw/1"), None);
}

#[test]
fn levels_that_make_no_sense_are_refused() {
    let refused = |widths: &[u8], names: &[(&str, u64)]| {
        let kinds = names
            .iter()
            .map(|&(name, number)| TerminationKind::new(name, number));
        TerminationLevels::new(widths.to_vec(), kinds.collect()).unwrap_err();
    };
    refused(&[], &[]);
    refused(&[8, 0], &[]);
    refused(&[60, 8], &[]);
    refused(&[8], &[("rtp", 256)]);
    refused(&[8], &[("rtp", 1), ("RTP", 2)]);
    refused(&[8], &[("rtp", 1), ("tdm", 1)]);
    refused(&[8], &[("r/p", 1)]);
    refused(&[8], &[("root", 1)]);
    refused(&[8], &[("id_01", 1)]);
}
