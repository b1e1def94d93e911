//! ServiceChange: its parameters, and its extensions.

use super::{
    super::service_change,
    EncodeError,
    nouns::{commands, octets, read, write},
    profile,
};
use crate::{
    Command, ParmValue, Value,
    descriptor::{
        NonStandardData, NonStandardIdentifier, ServiceChangeDescriptor, ServiceChangeMethod,
        ServiceChangeReplyDescriptor,
    },
};

/// Services in text.
fn services(text: &str) -> ServiceChangeDescriptor<'static> {
    match commands(&format!("SC=ROOT{{SV{{{text}}}}}")).as_slice() {
        [Command::ServiceChange(change)] => (*change.services).clone(),
        other => panic!("not one ServiceChange: {other:?}"),
    }
}

fn written(version: u8, services: &ServiceChangeDescriptor<'_>) -> Result<Vec<u8>, EncodeError> {
    write(version, &profile(), |w| service_change::write(w, services))
}

/// Services in text are read as what they were when they are written in binary.
fn stays(text: &str) {
    let profile = profile();
    let services = services(text);
    let octets = written(3, &services).unwrap_or_else(|error| panic!("{error}: {text}"));
    let again = read(&octets, &profile, service_change::read);
    assert_eq!(again, Ok(services), "{text}");
}

#[test]
fn parameters_stay() {
    stays("MT=RS,RE=\"901 Cold Boot\",PF=resgw/1,V=3,20260102T03040512");
    stays("MT=FL,RE=\"909\",DL=4294967295,AD=2944");
    stays("MT=FO,RE=901,AD=[192.0.2.1]:2944,SIC");
    stays("MT=GR,RE=\"905 x\",AD=<mg.example.net>");
    stays("MT=DC,RE=\"900\",AD=[2001:db8::1]");
    stays("MT=HO,RE=\"903\",MG=MTP{0a12}");
    stays("MT=HO,RE=\"903\",AD=mg1,M,E,M{O{MO}}");
}

#[test]
fn an_extension_is_data_outside_the_standard() {
    stays("MT=RS,RE=\"901\",X-abc=1");
    stays("MT=RS,RE=\"901\",X+abcdef=\"a b\"");
    for value in ["$", "*", "\"$\"", "\"*\"", "\"\"", "\"x;y\""] {
        stays(&format!("MT=RS,RE=\"901\",X-a={value}"));
    }
    let octets = written(3, &services("MT=RS,RE=\"901\",X-abc=v1")).unwrap();
    let expected = "800103 a407 0405 1603393031 a80e a00a 8208582d616263202020 8100";
    let expected = expected.replace("a80e", "a810").replace("8100", "81027631");
    assert_eq!(octets, self::octets(&expected));
}

#[test]
fn other_data_outside_the_standard_stays() {
    let kept = |identifier: NonStandardIdentifier<'static>, data: &'static [u8]| {
        let mut services = services("MT=RS,RE=\"901\"");
        services.non_standard = Some(Box::new(NonStandardData {
            identifier,
            data: data.into(),
        }));
        let octets = written(1, &services).unwrap();
        let profile = profile();
        assert_eq!(read(&octets, &profile, service_change::read), Ok(services));
    };
    let experimental = |name: &'static str| NonStandardIdentifier::Experimental(name.into());
    kept(
        NonStandardIdentifier::Object(b"\x2a\x03".into()),
        b"\x00\xff",
    );
    let h221 = NonStandardIdentifier::H221 {
        country_1: 181,
        country_2: 0,
        extension: 255,
        manufacturer: 65535,
    };
    kept(h221, b"");
    kept(experimental("X-abc   "), b"\xff");
    kept(experimental("X-abc   "), b"say \"x\"");
    kept(experimental("X-      "), b"x");
    kept(experimental("abcdefgh"), b"x");
    kept(experimental("X-a b   "), b"x");
}

#[test]
fn what_cannot_be_said_is_named() {
    let no = |version: u8, text: &str, expected: &str| {
        let error = written(version, &services(text)).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    };
    let twice = "nonStandardData stands twice";
    no(3, "MT=RS,RE=\"901\",X-a=1,X-b=2", twice);
    no(
        3,
        "MT=RS,RE=\"901\",X-a#1",
        "binary has no extension of ServiceChange that is no one value",
    );
    no(
        3,
        "MT=X-abc,RE=\"901\"",
        "binary has no extension of ServiceChangeMethod",
    );
    no(
        2,
        "MT=RS,RE=\"901\",SIC",
        "serviceChangeIncompleteFlag exists since version 3",
    );
    no(
        1,
        "MT=RS,RE=\"901\",M",
        "serviceChangeInfo exists since version 2",
    );
    let mut both = services("MT=RS,RE=\"901\",X-a=1");
    both.non_standard = Some(Box::new(NonStandardData {
        identifier: NonStandardIdentifier::Experimental("abcdefgh".into()),
        data: b"x".into(),
    }));
    assert!(
        written(3, &both)
            .unwrap_err()
            .to_string()
            .starts_with(twice)
    );
    both.extensions.clear();
    both.version = Some(100);
    let error = written(3, &both).unwrap_err().to_string();
    assert_eq!(error, "\"100\" is no version");
}

#[test]
fn reasons_of_peers_are_read() {
    let profile = profile();
    let reason = |value: &str| {
        let digits = format!("800103 {value}");
        let octets = octets(&digits);
        read(&octets, &profile, service_change::read).map(|services| services.reason.to_string())
    };
    assert_eq!(reason("a407 0405 1603393031").as_deref(), Ok("\"901\""));
    assert_eq!(reason("a405 0403 393031").as_deref(), Ok("\"901\""));
    assert_eq!(reason("a406 0404 02020385").as_deref(), Ok("901"));
    let none = reason("a400").unwrap_err().expected.to_string();
    assert_eq!(none, "expected serviceChangeReason of one value");
    assert!(reason("a408 0402 1600 0402 1600").is_err());
}

#[test]
fn what_makes_no_sense_is_refused() {
    let profile = profile();
    let reason = "a407 0405 1603393031";
    let refused = |digits: &str| {
        let octets = octets(digits);
        let error = read(&octets, &profile, service_change::read).unwrap_err();
        error.expected.to_string()
    };
    assert_eq!(
        refused(&format!("800106 {reason}")),
        "expected a known value of ServiceChangeMethod"
    );
    assert_eq!(
        refused(&format!("800103 a300 {reason}").replace("a300", "a305 80037265 73")),
        "expected name/version"
    );
    assert_eq!(
        refused(&format!("800103 a307 8005 612f313030 {reason}")),
        "expected name/version"
    );
    assert_eq!(
        refused(&format!("800103 a306 8004 2d612f31 {reason}")),
        "expected name/version"
    );
    assert_eq!(
        refused(&format!("800103 a103 80010a {reason} a604 84020a12")),
        "expected serviceChangeAddress or serviceChangeMgcId at most once"
    );
    assert_eq!(
        refused(&format!("800103 820164 {reason}")),
        "expected INTEGER in range"
    );
}

#[test]
fn replies_stay() {
    let profile = profile();
    let stays = |reply: &ServiceChangeReplyDescriptor<'_>| {
        let octets = write(1, &profile, |w| service_change::write_reply(w, reply)).unwrap();
        let again = read(&octets, &profile, service_change::read_reply);
        assert_eq!(again.as_ref(), Ok(reply));
    };
    stays(&ServiceChangeReplyDescriptor::default());
    let request = services("MT=RS,RE=\"901\",AD=2944,PF=resgw/99,V=1,20260102T03040512");
    stays(&ServiceChangeReplyDescriptor {
        address: request.address,
        mgc_id: None,
        profile: request.profile,
        version: request.version,
        time_stamp: request.time_stamp,
    });
    let request = services("MT=RS,RE=\"901\",MG=[192.0.2.1]:2945");
    stays(&ServiceChangeReplyDescriptor {
        mgc_id: request.mgc_id,
        ..ServiceChangeReplyDescriptor::default()
    });
    let both = octets("a004 84020a12 a103 80010a");
    assert!(read(&both, &profile, service_change::read_reply).is_err());
}

#[test]
fn a_wildcard_is_no_reason() {
    let mut services = ServiceChangeDescriptor::new(ServiceChangeMethod::Restart, Value::bare("*"));
    services.extensions = vec![("X-a".into(), ParmValue::Equal(Value::bare("x")))];
    let octets = written(3, &services).unwrap();
    let profile = profile();
    assert_eq!(read(&octets, &profile, service_change::read), Ok(services));
}
