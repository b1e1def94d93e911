use super::{BerError, BerReader, BerWriter, Tag, leaf};
use crate::{
    DecodeError, Expected, Limits, Step,
    binary::{BinaryProfile, Unsayable},
};

/// What `read` makes of an element 30 with these contents, to its end.
fn read_with<T>(
    contents: &[u8],
    limits: &Limits,
    read: impl FnOnce(&mut BerReader<'_>) -> Result<T, BerError>,
) -> Result<T, DecodeError> {
    let mut octets = vec![0x30, u8::try_from(contents.len()).unwrap()];
    octets.extend(contents);
    let profile = BinaryProfile::default();
    let mut reader = BerReader::new(&octets, limits, &profile);
    reader
        .element(Tag::SEQUENCE, "Test", read)
        .map_err(DecodeError::from)
}

fn read<T>(
    contents: &[u8],
    read: impl FnOnce(&mut BerReader<'_>) -> Result<T, BerError>,
) -> Result<T, DecodeError> {
    read_with(contents, &Limits::default(), read)
}

/// What a value is read as, whose element has context tag 0.
fn value<T>(
    element: &[u8],
    leaf: impl FnOnce(&mut BerReader<'_>) -> Result<T, BerError>,
) -> Result<T, DecodeError> {
    read(element, |r| r.mandatory(0, "value", leaf))
}

fn written(write: impl FnOnce(&mut BerWriter<'_>)) -> Vec<u8> {
    let profile = BinaryProfile::default();
    let mut out = vec![0xee];
    let mut w = BerWriter::new(3, &profile, &mut out);
    write(&mut w);
    w.finish().unwrap();
    assert_eq!(out.remove(0), 0xee);
    out
}

#[test]
fn components_stand_in_the_order_of_the_module() {
    let two = |r: &mut BerReader<'_>| {
        let first: Option<u8> = r.optional(0, "first", leaf::unsigned)?;
        let second: u8 = r.mandatory(1, "second", leaf::unsigned)?;
        Ok((first, second))
    };
    assert_eq!(read(&[0x80, 1, 7, 0x81, 1, 8], two), Ok((Some(7), 8)));
    assert_eq!(read(&[0x81, 1, 8], two), Ok((None, 8)));
    let wrong = |contents: &[u8]| {
        let error = read(contents, two).unwrap_err();
        (error.expected, error.span)
    };
    let missing = Expected::Rule("second");
    let end = Expected::Rule("end of contents");
    assert_eq!(wrong(&[0x80, 1, 7]), (missing.clone(), 5..5));
    assert_eq!(wrong(&[0x80, 1, 7, 0x80, 1, 7]), (missing, 5..6));
    assert_eq!(wrong(&[0x81, 1, 8, 0x80, 1, 7]), (end.clone(), 5..6));
    assert_eq!(wrong(&[0x81, 1, 8, 0x82, 1, 7]), (end, 5..6));
}

#[test]
fn what_the_module_does_not_know_is_skipped_at_an_extension_marker() {
    let known = |r: &mut BerReader<'_>| {
        let known: Option<u8> = r.optional(1, "known", leaf::unsigned)?;
        r.extensions(1)?;
        Ok(known)
    };
    let unknown = [
        0x81, 1, 7, 0x82, 0, 0xa3, 0x80, 0xa0, 0x80, 0, 0, 4, 1, 0, 0, 0, 0xbf, 0x81, 0x01, 1, 0,
    ];
    assert_eq!(read(&unknown, known), Ok(Some(7)));
    assert_eq!(read(&[0x82, 0], known), Ok(None));
    for known_again in [[0x81, 0], [0x80, 0], [0x02, 0], [0x42, 0], [0xc2, 0]] {
        let contents = [&[0x81, 1, 7], &known_again[..]].concat();
        assert!(read(&contents, known).is_err(), "{contents:02x?}");
    }
}

#[test]
fn elements_that_do_not_end_are_refused() {
    let none = |r: &mut BerReader<'_>| r.extensions(0);
    for contents in [
        &[0xa9][..],
        &[0xa9, 1],
        &[0xa9, 0x80],
        &[0xa9, 0x80, 0],
        &[0xa9, 0x80, 0, 1],
        &[0x89, 0x80, 0, 0],
        &[0xa9, 0x82, 1],
        &[0xa9, 0x84, 0xff, 0xff, 0xff, 0xff],
        &[0xa9, 0x89, 1, 0, 0, 0, 0, 0, 0, 0, 0],
        &[0xa9, 0xff, 0],
        &[0xbf],
        &[0xbf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0],
    ] {
        assert!(read(contents, none).is_err(), "{contents:02x?}");
    }
}

#[test]
fn lengths_are_taken_in_every_form() {
    let inner = |r: &mut BerReader<'_>| {
        r.mandatory(0, "outer", |r| {
            let list: Vec<u32> = r.each(|r| r.element(Tag::INTEGER, "item", leaf::unsigned))?;
            Ok(list)
        })
    };
    for contents in [
        &[0xa0, 3, 2, 1, 7][..],
        &[0xa0, 0x81, 3, 2, 1, 7],
        &[0xa0, 0x84, 0, 0, 0, 4, 2, 0x81, 1, 7],
        &[0xa0, 0x8a, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 2, 1, 7],
        &[0xa0, 0x80, 2, 1, 7, 0, 0],
        &[0xa0, 0x80, 2, 0x82, 0, 1, 7, 0, 0],
    ] {
        assert_eq!(read(contents, inner), Ok(vec![7]), "{contents:02x?}");
    }
    assert_eq!(read(&[0xa0, 0], inner), Ok(vec![]));
    assert_eq!(read(&[0xa0, 0x80, 0, 0], inner), Ok(vec![]));
    assert!(read(&[0xa0, 0x80, 2, 1, 7, 0], inner).is_err());
    assert!(read(&[0xa0, 0x80, 2, 1, 7], inner).is_err());
    assert!(read(&[0xa0, 5, 2, 1, 7, 0, 0], inner).is_err());
}

#[test]
fn an_element_that_looks_like_an_end_of_contents_does_not_end_them() {
    let wildcard = |r: &mut BerReader<'_>| {
        r.mandatory(1, "outer", |r| {
            r.mandatory(0, "wildcard", |r| {
                r.every(|r| r.element(Tag::INTEGER, "x", leaf::null))
            })?;
            r.mandatory(1, "id", leaf::array::<1>)
        })
    };
    let contents = [0xa1, 0x80, 0xa0, 0, 0x81, 1, 5, 0, 0];
    assert_eq!(read(&contents, wildcard), Ok([5]));
}

#[test]
fn strings_are_joined_from_their_segments() {
    let text = |element: &[u8]| value(element, |r| leaf::text(r).map(|text| text.into_owned()));
    for element in [
        &[0x80, 3, b'a', b'b', b'c'][..],
        &[0xa0, 7, 4, 1, b'a', 4, 2, b'b', b'c'],
        &[0xa0, 0x80, 4, 0, 4, 3, b'a', b'b', b'c', 0, 0],
        &[
            0xa0, 0x80, 0x24, 0x80, 4, 1, b'a', 4, 1, b'b', 0, 0, 0x16, 1, b'c', 0, 0,
        ],
    ] {
        assert_eq!(text(element).as_deref(), Ok("abc"), "{element:02x?}");
    }
    assert_eq!(text(&[0xa0, 0]).as_deref(), Ok(""));
    assert!(text(&[0xa0, 3, 2, 1, b'a']).is_err());
    assert!(text(&[0x80, 1, 0xff]).is_err());
    let array = |element: &[u8]| value(element, leaf::array::<3>);
    assert_eq!(array(&[0xa0, 7, 4, 1, 1, 4, 2, 2, 3]), Ok([1, 2, 3]));
    assert!(array(&[0x80, 2, 1, 2]).is_err());
}

#[test]
fn what_is_in_one_piece_is_borrowed() {
    let borrowed = |element: &[u8]| {
        value(element, |r| {
            leaf::octets(r).map(|octets| matches!(octets, std::borrow::Cow::Borrowed(_)))
        })
    };
    assert_eq!(borrowed(&[0x80, 1, 7]), Ok(true));
    assert_eq!(borrowed(&[0xa0, 3, 4, 1, 7]), Ok(true));
    assert_eq!(borrowed(&[0xa0, 6, 4, 1, 7, 4, 1, 8]), Ok(false));
}

#[test]
fn integers_are_read_within_their_range() {
    let number = |contents: &[u8]| {
        let length = u8::try_from(contents.len()).unwrap();
        value(&[&[0x80, length], contents].concat(), leaf::unsigned::<u32>).ok()
    };
    assert_eq!(number(&[0]), Some(0));
    assert_eq!(number(&[0x7f]), Some(127));
    assert_eq!(number(&[0, 0x80]), Some(128));
    assert_eq!(number(&[0, 0xff, 0xff, 0xff, 0xfe]), Some(0xffff_fffe));
    assert_eq!(number(&[0, 0, 0, 0, 0, 0, 0, 7]), Some(7));
    for wrong in [
        &[][..],
        &[0x80],
        &[0xff, 0xff],
        &[1, 0, 0, 0, 0],
        &[0xff, 0xff, 0xff, 0xff],
    ] {
        assert_eq!(number(wrong), None, "{wrong:02x?}");
    }
    let small = |octet| value(&[0x80, 1, octet], |r| leaf::within(r, 0_u8..=15)).ok();
    assert_eq!((small(15), small(16)), (Some(15), None));
    assert!(value(&[0x80, 2, 1, 0], leaf::unsigned::<u8>).is_err());
    assert!(value(&[0xa0, 1, 7], leaf::unsigned::<u8>).is_err());
}

#[test]
fn other_values_are_read_in_every_form() {
    let boolean = |octet| value(&[0x80, 1, octet], leaf::boolean).unwrap();
    assert_eq!([boolean(0), boolean(1), boolean(0xff)], [false, true, true]);
    assert!(value(&[0x80, 0], leaf::boolean).is_err());
    assert_eq!(value(&[0x80, 0], leaf::null), Ok(()));
    assert!(value(&[0x80, 1, 0], leaf::null).is_err());
    assert!(value(&[0xa0, 0], leaf::null).is_err());
    let bits = |contents: &[u8]| {
        let length = u8::try_from(contents.len()).unwrap();
        value(&[&[0x80, length], contents].concat(), leaf::bits).ok()
    };
    assert_eq!(bits(&[0]), Some(0));
    assert_eq!(bits(&[7, 0x80]), Some(1));
    assert_eq!(bits(&[0, 0x80]), Some(1));
    assert_eq!(bits(&[6, 0x3f, 0xff]), Some(0b11_1111_1100));
    assert_eq!(bits(&[0, 0x40, 0, 0, 0, 0, 1]), Some(2));
    assert_eq!(bits(&[]), None);
    assert_eq!(bits(&[8, 0]), None);
    assert_eq!(bits(&[1]), None);
    let words = &[(0, 'a'), (3, 'b')];
    let word = |octet| value(&[0x80, 1, octet], |r| leaf::enumerated(r, "word", words));
    assert_eq!(word(3), Ok('b'));
    assert_eq!(word(1).unwrap_err().expected, Expected::Known("word"));
}

#[test]
fn a_value_is_no_element_with_others() {
    let nested =
        |r: &mut BerReader<'_>| r.mandatory(0, "outer", |r| r.optional(1, "inner", leaf::null));
    assert_eq!(read(&[0xa0, 2, 0x81, 0], nested), Ok(Some(())));
    let error = read(&[0x80, 2, 0x81, 0], nested).unwrap_err();
    assert_eq!(error.expected, Expected::Rule("constructed element"));
    assert!(read(&[0x80, 0], nested).is_err());
}

#[test]
fn errors_name_the_way_to_their_place() {
    let list = |r: &mut BerReader<'_>| {
        r.mandatory(4, "list", |r| {
            r.each_sequence("Item", |r| r.mandatory(0, "number", leaf::unsigned::<u8>))
        })
    };
    let error = read(
        &[0xa4, 11, 0x30, 3, 0x80, 1, 1, 0x30, 4, 0x80, 2, 1, 1],
        list,
    )
    .unwrap_err();
    let path = [
        Step::Component("list", 4),
        Step::Element(1),
        Step::Component("number", 0),
    ];
    assert_eq!(error.path, path);
    assert_eq!(error.span, 13..15);
    assert_eq!(
        error.to_string(),
        "expected INTEGER in range at octet 13 (Message) in list[4] #1 number[0]"
    );
}

#[test]
fn limits_hold() {
    let tight = Limits {
        entries: 3,
        entries_total: 5,
        depth: 4,
        value: 2,
        ..Limits::default()
    };
    let numbers = |r: &mut BerReader<'_>| {
        r.each(|r| r.mandatory(0, "x", |r| r.each(|r| r.mandatory(0, "y", leaf::null))))
    };
    let list = |sizes: &[u8]| {
        let one = |&size: &u8| [&[0xa0, 2 * size][..], &[0x80, 0].repeat(size.into())].concat();
        read_with(
            &sizes.iter().flat_map(one).collect::<Vec<_>>(),
            &tight,
            numbers,
        )
        .map_err(|error| error.expected)
    };
    assert!(list(&[3]).is_ok());
    assert_eq!(
        list(&[4]).unwrap_err(),
        Expected::AtMost(3, "entries of a list")
    );
    assert!(list(&[2, 1]).is_ok());
    assert_eq!(list(&[2, 2]).unwrap_err(), Expected::AtMost(5, "entries"));
    let long = |r: &mut BerReader<'_>| r.mandatory(0, "x", leaf::octets).map(|_| ());
    assert!(read_with(&[0x80, 2, 0, 0], &tight, long).is_ok());
    assert!(read_with(&[0x80, 3, 0, 0, 0], &tight, long).is_err());
    assert!(read_with(&[0xa0, 6, 4, 1, 0, 4, 1, 0], &tight, long).is_ok());
    let nested = |levels: u8| {
        let headers = (0..levels).rev().flat_map(|inner| [0xa9, 2 * inner]);
        let contents: Vec<u8> = headers.collect();
        read_with(&contents, &tight, |r| r.extensions(0))
    };
    assert!(
        nested(20).is_ok(),
        "what is skipped by its length is not looked into"
    );
    let open = |levels: usize| {
        let contents = [[0xa9, 0x80].repeat(levels), [0, 0].repeat(levels)].concat();
        read_with(&contents, &tight, |r| r.extensions(0)).map_err(|error| error.expected)
    };
    assert!(open(3).is_ok());
    assert_eq!(
        open(4).unwrap_err(),
        Expected::AtMost(4, "levels of elements")
    );
}

#[test]
fn segments_within_segments_end_somewhere() {
    let wide = Limits {
        depth: usize::MAX,
        ..Limits::default()
    };
    let mut octets = vec![0xa0, 0x80];
    octets.extend([0x24, 0x80].repeat(100_000));
    let profile = BinaryProfile::default();
    let mut reader = BerReader::new(&octets, &wide, &profile);
    let error = reader.mandatory(0, "x", leaf::octets).unwrap_err();
    let error = DecodeError::from(error);
    assert_eq!(error.expected, Expected::AtMost(256, "levels of elements"));
}

#[test]
fn values_are_written_in_their_shortest_form() {
    let integer = |value| written(|w| w.integer(Tag::INTEGER, value));
    assert_eq!(integer(0), [2, 1, 0]);
    assert_eq!(integer(127), [2, 1, 127]);
    assert_eq!(integer(128), [2, 2, 0, 128]);
    assert_eq!(integer(-1), [2, 1, 0xff]);
    assert_eq!(integer(-128), [2, 1, 0x80]);
    assert_eq!(integer(-129), [2, 2, 0xff, 0x7f]);
    assert_eq!(integer(i64::MIN), [2, 8, 0x80, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(
        integer(i64::MAX),
        [2, 8, 0x7f, 255, 255, 255, 255, 255, 255, 255]
    );
    assert_eq!(
        written(|w| w.unsigned(3, u32::MAX)),
        [0x83, 5, 0, 255, 255, 255, 255]
    );
    let bits = |bits| written(|w| w.bits(0, bits));
    assert_eq!(bits(0), [0x80, 1, 0]);
    assert_eq!(bits(1), [0x80, 2, 7, 0x80]);
    assert_eq!(bits(0b1_1111_1100), [0x80, 3, 7, 0x3f, 0x80]);
    assert_eq!(bits(u32::MAX), [0x80, 5, 0, 255, 255, 255, 255]);
    assert_eq!(written(|w| w.boolean(1, true)), [0x81, 1, 0xff]);
    assert_eq!(written(|w| w.null(2)), [0x82, 0]);
    assert_eq!(written(|w| w.text(0, "ab")), [0x80, 2, b'a', b'b']);
}

#[test]
fn lengths_are_written_in_their_shortest_form() {
    for (length, header) in [
        (0, &[0x80, 0][..]),
        (127, &[0x80, 127]),
        (128, &[0x80, 0x81, 128]),
        (255, &[0x80, 0x81, 255]),
        (256, &[0x80, 0x82, 1, 0]),
        (65_536, &[0x80, 0x83, 1, 0, 0]),
    ] {
        let octets = written(|w| w.octets(0, &vec![7; length]));
        assert_eq!(octets, [header, &vec![7; length]].concat());
    }
}

#[test]
fn room_grows_with_what_is_written() {
    let list: Vec<u32> = (0..2000).collect();
    let octets = written(|w| {
        w.constructed(0, "list", |w| {
            w.each(&list, |w, item| w.unsigned(Tag::INTEGER, *item))
        });
    });
    let profile = BinaryProfile::default();
    let mut reader = BerReader::new(&octets, &Limits::default(), &profile);
    let read = reader.mandatory(0, "list", |r| {
        r.each(|r| r.element(Tag::INTEGER, "item", leaf::unsigned::<u32>))
    });
    assert_eq!(read.unwrap(), list);
}

#[test]
fn what_cannot_be_said_is_told_with_its_place_and_leaves_nothing_behind() {
    let profile = BinaryProfile::default();
    let mut out = vec![0xee];
    let mut w = BerWriter::new(1, &profile, &mut out);
    w.constructed(0, "outer", |w| {
        w.constructed(2, "behind", |w| w.null(0));
        w.constructed(1, "list", |w| {
            w.each(&[1_u8, 2, 3], |w, item| {
                if *item == 2 {
                    w.since(3, "new");
                }
                w.unsigned(Tag::INTEGER, *item);
            });
        });
        w.constructed(0, "before", |w| w.since(2, "other"));
    });
    let error = w.finish().unwrap_err();
    let what = Unsayable::Newer {
        component: "new",
        version: 3,
    };
    assert_eq!(error.what, what);
    let path = "new exists since version 3 in outer[0] list[1] #1";
    assert_eq!(error.to_string(), path);
    assert_eq!(out, [0xee]);
}
