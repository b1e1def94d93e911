use std::time::UNIX_EPOCH;

use super::*;

fn options(arguments: &[&str]) -> Options {
    Options::try_parse_from([&["mg"], arguments].concat()).unwrap()
}

fn at(text: &str) -> SocketAddr {
    text.parse().unwrap()
}

#[test]
fn all_options_have_loopback_defaults() {
    let settings = options(&[]).settle().unwrap();
    let expected = Settings {
        mgcs: vec![at("127.0.0.1:2944").into()],
        h248: Listen {
            carrier: None,
            socket: at("127.0.0.1:2946"),
        },
        encoding: Encoding::Text,
        h248_version: 3,
        style: Style::Pretty,
        strict: false,
        zconfmix: false,
        mwd: WaitingDelay(Duration::from_millis(2_500)),
        profile: None,
        graceful: None,
        authentication: authentication::Options::default(),
        mid: None,
        rtp_address: "127.0.0.1".parse().unwrap(),
        rtp_ports: PortRange {
            first: 20_000,
            last: 29_999,
        },
        codecs: mg_core::Codecs::default(),
        media_threads: std::thread::available_parallelism()
            .unwrap()
            .get()
            .min(MEDIA_THREADS_MAX),
        lines: None,
        announcements: None,
        duck: DUCK,
        loudest: None,
        recordings: None,
        packages: None,
        limits: mg_core::Limits::default(),
        log: LogFilter::info(),
        capture: None,
        hep: None,
        ladder: false,
    };
    assert_eq!(settings, expected);
    let core = settings
        .core(at("127.0.0.1:40000"), &Lines::default())
        .unwrap();
    assert_eq!(core.mid.to_string(), "[127.0.0.1]:40000");
    assert_eq!(core.rtp_ports, 20_000..=29_999);
    let engine = settings.engine(at("127.0.0.1:40000"), &Lines::default());
    assert_eq!((engine.streams_max, engine.loudest), (5_000, None));
}

#[test]
fn the_engine_is_told_how_many_are_heard_and_none_is_all() {
    let told = |settings: Settings| settings.engine(at("127.0.0.1:1"), &Lines::default());
    let file = || toml::from_str::<Options>("loudest = 3\n").unwrap();
    let loudest = |arguments| told(options(arguments).over(file()).unwrap()).loudest;
    assert_eq!(loudest(&[]), NonZeroUsize::new(3));
    assert_eq!(loudest(&["--loudest", "5"]), NonZeroUsize::new(5));
    assert_eq!(loudest(&["--loudest", "0"]), None);
}

#[test]
fn style_and_strictness_may_stand_in_the_file() {
    let core = |settings: Settings| settings.core(at("127.0.0.1:1"), &Lines::default()).unwrap();
    let usual = core(options(&[]).settle().unwrap());
    assert_eq!(
        (usual.transport.style, usual.strict),
        (Style::Pretty, false)
    );
    let given = core(options(&["--compact", "--strict"]).settle().unwrap());
    assert_eq!(
        (given.transport.style, given.strict),
        (Style::Compact, true)
    );
    let file = toml::from_str("compact = true\nstrict = true\n").unwrap();
    let written = core(options(&[]).over(file).unwrap());
    assert_eq!(
        (written.transport.style, written.strict),
        (Style::Compact, true)
    );
}

#[test]
fn the_command_line_wins_over_the_file() {
    let text = "h248 = \"127.0.0.1:1\"\nrtp-ports = \"1000-1001\"\nmid = \"mg7\"\n";
    let file = toml::from_str(text).unwrap();
    let settings = options(&["--rtp-ports", "3000-3999"]);
    let settings = settings.over(file).unwrap();
    assert_eq!(settings.h248.socket.port(), 1);
    assert_eq!(settings.rtp_ports.ports(), 3000..=3999);
    assert_eq!(
        settings
            .core(at("127.0.0.1:1"), &Lines::default())
            .unwrap()
            .mid
            .to_string(),
        "mg7"
    );
}

#[test]
fn controllers_are_named_in_the_order_of_trying_and_with_their_carriers() {
    let settings = options(&["--mgc", "tcp:127.0.0.1:1", "--mgc", "127.0.0.1:2"]);
    let settings = settings.settle().unwrap();
    let told: Vec<_> = settings.mgcs.iter().map(Address::to_string).collect();
    assert_eq!(told, ["tcp:127.0.0.1:1", "127.0.0.1:2"]);
    let binary = options(&["--encoding", "binary", "--h248-version", "2"]);
    let binary = binary.settle().unwrap();
    assert_eq!(binary.mgcs[0].to_string(), "127.0.0.1:2945");
    let core = binary
        .core(at("127.0.0.1:1"), &Lines::default())
        .unwrap()
        .transport;
    assert_eq!((core.encoding, core.version), (Encoding::Binary, 2));
}

const KEY: &str = "256:md5:c0ffee0102030405060708090a0b0c0d";

#[test]
fn keys_may_stand_in_the_file_and_are_not_shown_where_they_are_wrong() {
    let text = format!("ah-key = [\"{KEY}\"]\nah-required = true\n");
    let file: Options = toml::from_str(&text).unwrap();
    assert!(!format!("{file:?}").contains("c0ffee"));
    let settings = options(&[]).over(file).unwrap();
    let here = [at("127.0.0.1:1")];
    let link = settings.authentication.link(&here, UNIX_EPOCH).unwrap();
    assert!(link.unwrap().required);
    let wrong = options(&["--ah-key", KEY, "--ah-key", "7:md5:c0ffee"]);
    let told = wrong.settle().unwrap_err().to_string();
    assert_eq!(told, "ah-key 2: md5 has keys of 16 octets, this one has 3");
    let missed = options(&["--ah-required"]).settle().unwrap_err();
    assert_eq!(
        missed.to_string(),
        "ah-required and ah-silent want an ah-key"
    );
}

#[test]
fn keys_are_refused_where_ipv6_is_spoken() {
    let there = options(&["--ah-key", KEY, "--mgc", "[::1]:2944"]);
    let told = there.settle().unwrap_err().to_string();
    assert_eq!(told, "mgc [::1]:2944: ah-key is for IPv4 only");
    let here = options(&["--ah-key", KEY]).settle().unwrap();
    let here = here.authentication.link(&[at("[::1]:1")], UNIX_EPOCH);
    assert!(here.unwrap_err().to_string().starts_with("[::1]:1: "));
}

#[test]
fn an_address_or_a_level_that_is_none_is_refused_with_what_was_expected() {
    let given = |option, text| {
        let error = Options::try_parse_from(["mg", option, text]).unwrap_err();
        error.to_string()
    };
    let written = |text| toml::from_str::<Options>(text).unwrap_err().to_string();
    for told in [
        given("--mgc", "2944"),
        given("--h248", ":2944"),
        written("mgc = \"2944\""),
        written("h248 = \":2944\""),
    ] {
        let expected = "expected [udp:|tcp:|sctp:]HOST:PORT such as 127.0.0.1:2944";
        assert!(told.contains(expected), "{told}");
    }
    for told in [given("--log", "loud"), written("log = \"loud\"")] {
        let expected = "`loud` is no level; expected error, warn, info, debug, trace or off";
        assert!(told.contains(expected), "{told}");
    }
}

#[test]
fn the_waiting_delay_is_a_time_or_a_type_of_gateway() {
    let delay = |text| {
        options(&["--mwd", text])
            .settle()
            .unwrap()
            .mwd
            .0
            .as_millis()
    };
    let told = ["0", "1.5", "residential", "t1", "t3", "media-server"].map(delay);
    assert_eq!(told, [0, 1_500, 600_000, 2_500, 60, 2_500]);
    let written = |text: &str| {
        toml::from_str::<Options>(text)
            .unwrap()
            .mwd
            .map(|mwd| mwd.0)
    };
    for (text, expected) in [("mwd = 0", 0), ("mwd = 1.5", 1_500), ("mwd = \"t3\"", 60)] {
        assert_eq!(written(text), Some(Duration::from_millis(expected)));
    }
    for wrong in ["-1", "nan", "soon", "86401"] {
        let error = Options::try_parse_from(["mg", "--mwd", wrong]);
        assert!(error.is_err(), "{wrong}");
    }
}

#[test]
fn a_key_that_is_not_known_is_named() {
    for key in ["rtp-port", "config"] {
        let text = format!("{key} = \"127.0.0.1:2\"");
        let error = toml::from_str::<Options>(&text).unwrap_err().to_string();
        assert!(error.contains(&format!("unknown field `{key}`")), "{error}");
    }
}

#[test]
fn names_are_read_as_messages_have_them() {
    for name in [
        "[192.0.2.1]:2944",
        "<mg1.example.net>:2944",
        "<mg1.example.net>",
        "mg1",
    ] {
        let Mid(mid) = name.parse().unwrap();
        assert_eq!(mid.to_string(), name);
    }
    for name in ["", "mg 1", "[192.0.2.1", "<>", "a{b}", "mg1\n"] {
        assert!(name.parse::<Mid>().is_err(), "{name:?}");
    }
}

#[test]
fn ports_that_hold_no_pair_are_refused() {
    for range in [
        "20001-20001",
        "20000-20000",
        "20001-20002",
        "2-1",
        "0-9",
        "x-9",
        "9",
        "65535-65535",
    ] {
        assert!(range.parse::<PortRange>().is_err(), "{range}");
    }
    assert!("65533-65535".parse::<PortRange>().is_ok());
}

#[test]
fn addresses_that_say_nothing_are_refused() {
    let error = options(&["--rtp-address", "0.0.0.0"]).settle().unwrap_err();
    assert!(
        error.to_string().starts_with("rtp-address 0.0.0.0"),
        "{error}"
    );
    let settings = options(&["--h248", "0.0.0.0:2946"]).settle().unwrap();
    let error = settings
        .core(at("0.0.0.0:2946"), &Lines::default())
        .unwrap_err();
    assert!(error.to_string().contains("`mid`"), "{error}");
}
