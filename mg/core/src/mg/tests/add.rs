//! Add (H.248.1 7.2.1), and what becomes of Local and Remote (H.248.1 7.1.8).

use mg_contract::{AudioCodec, Command, EventFormat, PayloadFormat, RtpPort};

use super::bench::{Bench, add, config, media};
use crate::Limits;

const LOCAL: &str = "v=0|o=- 20000 1 IN IP4 192.0.2.10|s=-|c=IN IP4 192.0.2.10|t=0 0|";

fn format(payload_type: u8, codec: AudioCodec) -> PayloadFormat {
    PayloadFormat {
        payload_type,
        codec,
    }
}

fn events(payload_type: u8) -> EventFormat {
    EventFormat {
        payload_type,
        clock_rate: 8_000,
    }
}

/// Adds one Termination with this Local and Remote, and returns the reply.
fn add_sdp(bench: &mut Bench, control: &str, local: &str, remote: Option<&str>) -> String {
    let remote = remote.map_or(String::new(), |remote| format!(",Remote{{\n{remote}\n}}"));
    bench.ask(&format!(
        "Context=${{Add=${{Media{{LocalControl{{{control}}},Local{{\n{local}\n}}{remote}}}}}}}"
    ))
}

#[test]
fn the_first_add_makes_the_context_and_fills_in_local() {
    let mut bench = Bench::usual();
    let reply = bench.ask(&format!("Context=${{{}}}", add(40_000)));
    let local = format!("|{LOCAL}m=audio 20000 RTP/AVP 8|");
    assert_eq!(
        reply,
        format!("C=1{{A=rtp/1{{M{{ST=1{{L{{{local}}}}}}}}}}}")
    );
    assert_eq!(bench.members(), [(1, vec!["rtp/1".to_owned()])]);
    let (_, stream) = bench.stream("rtp/1");
    assert_eq!(stream.port, Some(RtpPort(20_000)));
    assert_eq!(stream.settings.receive, [format(8, AudioCodec::Pcma)]);
    let send = stream.settings.send.expect("the far end is known");
    assert_eq!(send.to.to_string(), "198.51.100.1:40000");
    assert_eq!(send.rtcp_to.to_string(), "198.51.100.1:40001");
    assert_eq!(send.format, format(8, AudioCodec::Pcma));
}

#[test]
fn all_adds_of_one_choose_action_meet_in_one_context() {
    let mut bench = Bench::usual();
    bench.ask(&format!("Context=${{{},Add=rtp/$}}", add(40_000)));
    bench.ask(&format!("Context=${{{}}}", add(40_002)));
    bench.ask(&format!("Context=1{{{}}}", add(40_004)));
    let names = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
    let expected = [
        (1, names(&["rtp/1", "rtp/2", "rtp/4"])),
        (2, names(&["rtp/3"])),
    ];
    assert_eq!(bench.members(), expected);
    let group = |name: &str| bench.stream(name).1.group;
    assert_eq!(group("rtp/1"), group("rtp/4"));
    assert_ne!(group("rtp/1"), group("rtp/3"));
}

#[test]
fn without_media_nothing_is_held_and_the_reply_is_bare() {
    let mut bench = Bench::usual();
    assert_eq!(bench.ask("Context=${Add=$}"), "C=1{A=rtp/1}");
    assert_eq!(bench.mg.snapshot().ports.owned, 0);
    assert_eq!(bench.engine.log, []);
}

#[test]
fn a_stream_is_inactive_until_a_mode_is_given() {
    let mut bench = Bench::usual();
    bench.ask("Context=${Add=${Media{Local{\nc=IN IP4 $\nm=audio $ RTP/AVP 0\n}}}}");
    let settings = bench.stream("rtp/1").1.settings;
    assert!(!settings.contributes && !settings.listens && !settings.loopback);
}

#[test]
fn modes_are_seen_from_the_context() {
    let mut bench = Bench::usual();
    let modes = [
        ("SendOnly", (false, true, false)),
        ("ReceiveOnly", (true, false, false)),
        ("SendReceive", (true, true, false)),
        ("Inactive", (false, false, false)),
        ("Loopback", (false, false, true)),
    ];
    for (number, (mode, expected)) in modes.into_iter().enumerate() {
        bench.ask(&format!(
            "Context=${{Add=${{{}}}}}",
            media(mode, "0", 40_000)
        ));
        let settings = bench.stream(&format!("rtp/{}", number + 1)).1.settings;
        let found = (settings.contributes, settings.listens, settings.loopback);
        assert_eq!(found, expected, "{mode}");
    }
}

#[test]
fn the_format_that_both_directions_have_is_chosen_by_the_order_of_local() {
    let mut bench = Bench::usual();
    let local = "m=audio $ RTP/AVP 18 8 0 101\na=rtpmap:101 telephone-event/8000\na=ptime:20";
    let remote =
        "c=IN IP4 198.51.100.1\nm=audio 40000 RTP/AVP 3 0 96\na=rtpmap:96 telephone-event/8000";
    let reply = add_sdp(&mut bench, "Mode=SendReceive", local, Some(remote));
    let chosen = "m=audio 20000 RTP/AVP 0 101|a=rtpmap:101 telephone-event/8000|a=ptime:20|";
    assert!(reply.contains(&format!("L{{|{LOCAL}{chosen}}}")), "{reply}");
    let chosen = "m=audio 40000 RTP/AVP 0 96|a=rtpmap:96 telephone-event/8000|";
    let lines = "v=0|o=- 40000 1 IN IP4 198.51.100.1|s=-|c=IN IP4 198.51.100.1|t=0 0|";
    let remote = format!("R{{|{lines}{chosen}}}");
    assert!(reply.contains(&remote), "{reply}");
    let settings = bench.stream("rtp/1").1.settings;
    assert_eq!(settings.receive, [format(0, AudioCodec::Pcmu)]);
    assert_eq!(settings.receive_events, [events(101)]);
    assert_eq!(settings.send.unwrap().events, Some(96));
}

#[test]
fn telephone_events_are_used_where_they_stand_for_digits_at_the_rate_of_the_audio() {
    for (attributes, expected) in [
        ("a=rtpmap:101 telephone-event/8000", Some(101)),
        (
            "a=rtpmap:101 TELEPHONE-EVENT/8000/1\na=fmtp:101 0-15,66",
            Some(101),
        ),
        (
            "a=rtpmap:101 telephone-event/8000\na=fmtp:101 0-9,10,11",
            Some(101),
        ),
        ("a=rtpmap:101 telephone-event/8000\na=fmtp:101 0-9,66", None),
        ("a=rtpmap:101 telephone-event/16000", None),
        ("a=rtpmap:101 red/8000", None),
        ("a=ptime:20", None),
    ] {
        let mut bench = Bench::usual();
        let local = format!("m=audio $ RTP/AVP 8 101\n{attributes}");
        let remote = format!("c=IN IP4 198.51.100.1\nm=audio 40000 RTP/AVP 8 101\n{attributes}");
        let reply = add_sdp(&mut bench, "Mode=SendReceive", &local, Some(&remote));
        let settings = bench.stream("rtp/1").1.settings;
        let received: Vec<_> = expected.map(events).into_iter().collect();
        assert_eq!(settings.receive_events, received, "{attributes}");
        assert_eq!(settings.send.unwrap().events, expected, "{attributes}");
        if expected.is_some() {
            let kept = attributes.replace('\n', "|");
            assert!(reply.contains(&kept), "{reply}");
        }
    }
}

#[test]
fn formats_that_only_one_direction_has_are_used_in_that_direction() {
    let mut bench = Bench::usual();
    let remote = "c=IN IP4 198.51.100.1\nm=audio 40000 RTP/AVP 0";
    add_sdp(
        &mut bench,
        "Mode=SendReceive",
        "m=audio $ RTP/AVP 8",
        Some(remote),
    );
    let settings = bench.stream("rtp/1").1.settings;
    assert_eq!(settings.receive, [format(8, AudioCodec::Pcma)]);
    let send = settings.send.expect("the far end is known");
    assert_eq!(send.format, format(0, AudioCodec::Pcmu));
}

#[test]
fn dynamic_payload_types_and_choose_as_format_are_understood() {
    let mut bench = Bench::usual();
    let local = "m=audio $ RTP/AVP 97\na=rtpmap:97 pcmu/8000/1";
    add_sdp(&mut bench, "Mode=SendReceive", local, None);
    let settings = bench.stream("rtp/1").1.settings;
    assert_eq!(settings.receive, [format(97, AudioCodec::Pcmu)]);
    let reply = add_sdp(&mut bench, "Mode=SendReceive", "m=audio $ RTP/AVP $", None);
    assert!(reply.contains("m=audio 20002 RTP/AVP 8|"), "{reply}");
}

#[test]
fn reserved_values_keep_every_format_and_reserved_groups_every_description() {
    let mut bench = Bench::usual();
    let local = "m=audio $ RTP/AVP 18 8 0";
    let reply = add_sdp(&mut bench, "ReservedValue=ON", local, None);
    assert!(reply.contains("m=audio 20000 RTP/AVP 8 0|"), "{reply}");
    let two = "v=0\nm=audio $ RTP/AVP 8\nv=0\nm=audio $ RTP/AVP 0\nv=0\nm=image $ udptl t38";
    let reply = add_sdp(&mut bench, "ReservedGroup=ON", two, None);
    assert!(reply.contains("m=audio 20002 RTP/AVP 8|v=0"), "{reply}");
    assert!(reply.contains("m=audio 20002 RTP/AVP 0|"), "{reply}");
    assert_eq!(bench.stream("rtp/2").1.settings.receive.len(), 2);
    let reply = add_sdp(&mut bench, "ReservedGroup=ON", "m=audio $ RTP/AVP 18", None);
    assert_eq!(reply, "C=3{A=rtp/3{M{ST=1{L{}}}}}");
}

#[test]
fn the_first_description_with_a_known_format_is_chosen() {
    let mut bench = Bench::usual();
    let two = "v=0\nm=image $ udptl t38\nv=0\nm=audio $ RTP/AVP 0";
    let reply = add_sdp(&mut bench, "Mode=ReceiveOnly", two, None);
    assert!(
        reply.contains(&format!("L{{|{LOCAL}m=audio 20000 RTP/AVP 0|}}")),
        "{reply}"
    );
}

#[test]
fn a_local_that_says_everything_is_not_returned() {
    let mut bench = Bench::usual();
    let local = "v=0\no=- 1 1 IN IP4 192.0.2.10\ns=-\nc=IN IP4 192.0.2.10\nt=0 0\n\
                 m=audio 20006 RTP/AVP 8";
    assert_eq!(
        add_sdp(&mut bench, "Mode=ReceiveOnly", local, None),
        "C=1{A=rtp/1}"
    );
    assert_eq!(bench.stream("rtp/1").1.port, Some(RtpPort(20_006)));
}

#[test]
fn a_far_end_can_say_where_its_rtcp_goes() {
    let mut bench = Bench::usual();
    let remote = "c=IN IP4 198.51.100.1\nm=audio 40000 RTP/AVP 8\na=rtcp:53020";
    add_sdp(
        &mut bench,
        "Mode=SendReceive",
        "m=audio $ RTP/AVP 8",
        Some(remote),
    );
    let send = bench
        .stream("rtp/1")
        .1
        .settings
        .send
        .expect("the far end is known");
    assert_eq!(send.rtcp_to.port(), 53_020);
}

#[test]
fn streams_of_one_command_get_port_pairs_of_their_own() {
    let mut bench = Bench::usual();
    let stream = |id| format!("Stream={id}{{Local{{\nm=audio $ RTP/AVP 8\n}}}}");
    let reply = bench.ask(&format!(
        "Context=${{Add=${{Media{{{},{}}}}}}}",
        stream(1),
        stream(2)
    ));
    assert!(
        reply.contains("audio 20000") && reply.contains("audio 20002"),
        "{reply}"
    );
    #[expect(clippy::wildcard_enum_match_arm, reason = "one kind is looked for")]
    let group = |command: &Command| match command {
        Command::Open { group, .. } => Some(*group),
        _ => None,
    };
    let groups: Vec<_> = bench.engine.log.iter().filter_map(group).collect();
    assert_ne!(
        groups[0], groups[1],
        "streams with different numbers are not mixed"
    );
}

#[test]
fn events_that_can_be_detected_are_kept_and_empty_signals_accepted() {
    let mut bench = Bench::usual();
    let reply = bench.ask("Context=${Add=${Events=7{g/cause,nt/netfail},Signals{}}}");
    assert_eq!(reply, "C=1{A=rtp/1}");
    let reply = bench.ask("Context=1{AuditValue=rtp/1{Audit{Events,Signals}}}");
    assert_eq!(reply, "C=1{AV=rtp/1{E=7{g/cause,nt/netfail},SG}}");
}

#[test]
fn what_is_asked_for_by_audit_is_returned_whole() {
    let mut bench = Bench::usual();
    let media = media("SendReceive", "8", 40_000);
    let audit = "Audit{Media,Events,Statistics,Packages}";
    let reply = bench.ask(&format!("Context=${{Add=${{{media},{audit}}}}}"));
    assert_eq!(reply.matches("M{").count(), 1, "{reply}");
    for part in [
        "TS{SI=IV,BF=OFF}",
        "O{MO=SR,nt/jit=60}",
        ",E,",
        "SA{nt/dur=0",
        "PG{g-2,nt-1,rtp-1,dg-2,dd-1,cg-2,cd-1,ct-1,an-1}",
    ] {
        assert!(reply.contains(part), "{part} in {reply}");
    }
}

#[test]
fn a_specific_port_pair_is_given_where_it_is_free() {
    let mut bench = Bench::usual();
    let asked = |port: u16| format!("c=IN IP4 $\nm=audio {port} RTP/AVP 8");
    let reply = add_sdp(&mut bench, "Mode=ReceiveOnly", &asked(20_050), None);
    assert!(
        reply.contains("m=audio 20050 RTP/AVP 8"),
        "bound on demand: {reply}"
    );
    let reply = add_sdp(&mut bench, "Mode=ReceiveOnly", &asked(20_050), None);
    assert!(reply.contains("ER=510"), "held: {reply}");
    let reply = add_sdp(&mut bench, "Mode=ReceiveOnly", &asked(30_000), None);
    assert!(reply.contains("ER=510"), "outside the range: {reply}");
    let reply = add_sdp(&mut bench, "Mode=ReceiveOnly", &asked(20_051), None);
    assert!(reply.contains("ER=510"), "odd: {reply}");
    bench.unbindable.insert(RtpPort(20_060));
    let reply = add_sdp(&mut bench, "Mode=ReceiveOnly", &asked(20_060), None);
    assert!(reply.contains("ER=510"), "another program's: {reply}");
}

#[test]
fn limits_refuse_with_their_codes() {
    let mut config = config();
    config.limits = Limits {
        contexts: 2,
        terminations: 4,
        terminations_per_context: 2,
        ..Limits::default()
    };
    let mut bench = Bench::registered(config);
    assert_eq!(bench.ask("Context=${Add=$,Add=$}"), "C=1{A=rtp/1,A=rtp/2}");
    let reply = bench.ask("Context=1{Add=$}");
    assert!(reply.starts_with("C=1{A=${ER=434{"), "{reply}");
    bench.ask("Context=${Add=$}");
    let reply = bench.ask("Context=${Add=$}");
    assert!(reply.starts_with("C=${ER=412{"), "{reply}");
    let reply = bench.ask("Context=2{Move=rtp/1,Move=rtp/2}");
    assert!(
        reply.starts_with("C=2{MV=rtp/1,MV=rtp/2{ER=434{"),
        "{reply}"
    );
}

#[test]
fn no_more_terminations_than_allowed_are_made() {
    let mut config = config();
    config.limits.terminations = 1;
    let mut bench = Bench::registered(config);
    bench.ask("Context=${Add=$}");
    let reply = bench.ask("Context=${Add=$}");
    assert!(reply.starts_with("C=${A=${ER=432{"), "{reply}");
    assert_eq!(bench.members().len(), 1, "no Context is left behind");
}

#[test]
fn no_more_streams_than_allowed_are_made() {
    let mut bench = Bench::usual();
    let stream = |id| format!("Stream={id}{{LocalControl{{Mode=SendOnly}}}}");
    let streams: Vec<String> = (1..=9).map(stream).collect();
    let reply = bench.ask(&format!(
        "Context=${{Add=${{Media{{{}}}}}}}",
        streams.join(",")
    ));
    assert!(reply.contains("ER=510"), "{reply}");
}

#[test]
fn without_a_free_port_pair_an_add_is_refused_and_leaves_nothing() {
    let mut config = config();
    config.rtp_ports = 20_000..=20_003;
    let mut bench = Bench::registered(config);
    bench.ask(&format!("Context=${{{}}}", add(40_000)));
    bench.ask(&format!("Context=${{{}}}", add(40_002)));
    let before = bench.state();
    let reply = bench.ask(&format!("Context=${{{}}}", add(40_004)));
    assert!(reply.starts_with("C=${A=${ER=510{"), "{reply}");
    assert_eq!(bench.state(), before);
}

#[test]
fn a_description_with_a_format_of_the_far_end_comes_before_one_without() {
    let mut bench = Bench::usual();
    let two = "v=0\nm=audio $ RTP/AVP 8\nv=0\nm=audio $ RTP/AVP 0";
    let remote = "c=IN IP4 198.51.100.1\nm=audio 40000 RTP/AVP 0";
    let reply = add_sdp(&mut bench, "Mode=SendReceive", two, Some(remote));
    assert!(reply.contains("m=audio 20000 RTP/AVP 0|}"), "{reply}");
}

#[test]
fn a_payload_type_never_stands_for_two_formats() {
    let mut bench = Bench::usual();
    let two = "v=0\nm=audio $ RTP/AVP 97\na=rtpmap:97 PCMU/8000\n\
               v=0\nm=audio $ RTP/AVP 97\na=rtpmap:97 PCMA/8000";
    add_sdp(&mut bench, "ReservedGroup=ON", two, None);
    let settings = bench.stream("rtp/1").1.settings;
    assert_eq!(settings.receive, [format(97, AudioCodec::Pcmu)]);
}

#[test]
fn a_far_end_without_an_address_is_not_sent_to() {
    let mut bench = Bench::usual();
    let remote = "c=IN IP4 0.0.0.0\nm=audio 40000 RTP/AVP 8";
    add_sdp(
        &mut bench,
        "Mode=SendReceive",
        "m=audio $ RTP/AVP 8",
        Some(remote),
    );
    assert_eq!(bench.stream("rtp/1").1.settings.send, None);
}

#[test]
fn a_refused_add_is_answered_by_the_name_that_it_had() {
    let mut bench = Bench::registered(config());
    for name in ["$", "rtp/$"] {
        let local = "v=0\r\nc=IN IP4 $\r\nm=audio $ RTP/AVP 4\r\n";
        let reply = bench.ask(&format!(
            "Context=${{Add={name}{{Media{{Local{{{local}}}}}}}}}"
        ));
        let refused = format!("C=${{A={name}{{ER=515");
        assert!(reply.starts_with(&refused), "{reply}");
    }
}
