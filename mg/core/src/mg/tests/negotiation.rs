//! What an offer in Local and Remote comes to (H.248.1 7.1.8), for each codec and for what is odd.

use mg_contract::{
    AudioCodec, CryptoSuite, EventFormat, Opus, PacketTime, Rate, SendSettings, StreamSettings,
};

use super::bench::{Bench, config};
use crate::{CodecKind, Config};

/// Where the far end is.
const C: &str = "c=IN IP4 198.51.100.1\n";

/// What became of one offer.
struct Outcome {
    /// The media line of Local, and what follows it; the refusal where there is one.
    local: String,
    /// The same of Remote.
    remote: String,
    /// What the engine was told.
    settings: Option<StreamSettings>,
}

impl Outcome {
    fn send(&self) -> SendSettings {
        let settings = self.settings.as_ref().expect("a stream was opened");
        settings.send.expect("the far end is known")
    }

    fn codec(&self) -> (u8, AudioCodec) {
        let format = self.send().format;
        (format.payload_type, format.codec)
    }
}

fn negotiate_by(config: Config, control: &str, local: &str, remote: &str) -> Outcome {
    let mut bench = Bench::registered(config);
    let remote = match remote {
        "" => String::new(),
        remote => format!(",Remote{{\n{C}{remote}\n}}"),
    };
    let media = format!("Media{{LocalControl{{{control}}},Local{{\n{local}\n}}{remote}}}");
    let reply = bench.ask(&format!("Context=${{Add=${{{media}}}}}"));
    if reply.contains("ER=") {
        let settings = None;
        return Outcome {
            local: reply,
            remote: String::new(),
            settings,
        };
    }
    let audit = bench.ask("Context=1{AuditValue=rtp/1{Audit{Media}}}");
    let part = |begin: &str| {
        let part = audit.split_once(begin).map_or("", |(_, part)| part);
        let part = part.split_once('}').map_or(part, |(part, _)| part);
        let start = part.find("m=").unwrap_or(part.len());
        part[start..].trim_end_matches('|').to_owned()
    };
    Outcome {
        local: part("L{"),
        remote: part("R{"),
        settings: Some(bench.stream("rtp/1").1.settings),
    }
}

fn negotiate(local: &str, remote: &str) -> Outcome {
    negotiate_by(config(), "Mode=SendReceive", local, remote)
}

fn opus(change: impl FnOnce(&mut Opus)) -> AudioCodec {
    let mut opus = Opus::default();
    change(&mut opus);
    AudioCodec::Opus(opus)
}

/// What a browser offers, but for the keys that only it can agree on.
const BROWSER: &str = "m=audio 40000 RTP/AVP 111 63 9 0 8 13 110 126\n\
    a=rtpmap:111 opus/48000/2\na=fmtp:111 minptime=10;useinbandfec=1\n\
    a=rtpmap:63 red/48000/2\na=fmtp:63 111/111\na=rtpmap:9 G722/8000\na=rtpmap:0 PCMU/8000\n\
    a=rtpmap:8 PCMA/8000\na=rtpmap:13 CN/8000\na=rtpmap:110 telephone-event/48000\n\
    a=rtpmap:126 telephone-event/8000\na=group:BUNDLE 0\na=mid:0\na=setup:actpass\n\
    a=ice-ufrag:EsAw\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\na=msid:- 1\na=rtcp-mux\na=rtcp-rsize\n\
    a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\na=ssrc:1 cname:x\n\
    a=candidate:1 1 udp 2122260223 192.0.2.9 40000 typ host\na=ptime:20\na=maxptime:60";

#[test]
fn each_codec_is_answered_with_itself() {
    for (offer, local, sent) in [
        (
            "m=audio $ RTP/AVP 0",
            "m=audio 20000 RTP/AVP 0",
            (0, AudioCodec::Pcmu),
        ),
        (
            "m=audio $ RTP/AVP 8",
            "m=audio 20000 RTP/AVP 8",
            (8, AudioCodec::Pcma),
        ),
        (
            "m=audio $ RTP/AVP 9",
            "m=audio 20000 RTP/AVP 9",
            (9, AudioCodec::G722),
        ),
        (
            "m=audio $ RTP/AVP 9\na=rtpmap:9 g722/8000/1",
            "m=audio 20000 RTP/AVP 9|a=rtpmap:9 g722/8000/1",
            (9, AudioCodec::G722),
        ),
        (
            "m=audio $ RTP/AVP 96\na=rtpmap:96 L16/8000",
            "m=audio 20000 RTP/AVP 96|a=rtpmap:96 L16/8000",
            (96, AudioCodec::L16(Rate::Narrow)),
        ),
        (
            "m=audio $ RTP/AVP 97 101\na=rtpmap:97 l16/16000/1\na=rtpmap:101 telephone-event/8000",
            "m=audio 20000 RTP/AVP 97|a=rtpmap:97 l16/16000/1",
            (97, AudioCodec::L16(Rate::Wide)),
        ),
        (
            "m=audio $ RTP/AVP 127\na=rtpmap:127 L16/48000",
            "m=audio 20000 RTP/AVP 127|a=rtpmap:127 L16/48000",
            (127, AudioCodec::L16(Rate::Full)),
        ),
        (
            "m=audio $ RTP/AVP 111\na=rtpmap:111 opus/48000/2",
            "m=audio 20000 RTP/AVP 111|a=rtpmap:111 opus/48000/2|a=fmtp:111 useinbandfec=1",
            (111, opus(|_| {})),
        ),
        (
            "m=audio $ RTP/AVP 96\na=rtpmap:96 OPUS/48000",
            "m=audio 20000 RTP/AVP 96|a=rtpmap:96 OPUS/48000|a=fmtp:96 useinbandfec=1",
            (96, opus(|_| {})),
        ),
    ] {
        let remote = offer.replace('$', "40000");
        let outcome = negotiate(offer, &remote);
        assert_eq!(outcome.local, local, "{offer}");
        assert_eq!(outcome.codec(), sent, "{offer}");
        let received = outcome.settings.expect("a stream was opened").receive;
        let received: Vec<_> = received
            .iter()
            .map(|one| (one.payload_type, one.codec))
            .collect();
        assert_eq!(received, [sent], "{offer}");
    }
}

#[test]
fn what_is_not_understood_is_refused() {
    for offer in [
        "m=audio $ RTP/AVP 10",
        "m=audio $ RTP/AVP 11",
        "m=audio $ RTP/AVP 10\na=rtpmap:10 L16/44100/2",
        "m=audio $ RTP/AVP 96",
        "m=audio $ RTP/AVP 96\na=rtpmap:97 opus/48000/2",
        "m=audio $ RTP/AVP 96\na=rtpmap:96 L16/16000/2",
        "m=audio $ RTP/AVP 96\na=rtpmap:96 L16/32000",
        "m=audio $ RTP/AVP 96\na=rtpmap:96 opus/8000/2",
        "m=audio $ RTP/AVP 96\na=rtpmap:96 opus/48000/3",
        "m=audio $ RTP/AVP 96\na=rtpmap:96 G722/16000",
        "m=audio $ RTP/AVP 9\na=rtpmap:9 G729/8000",
        "m=audio $ RTP/AVP 96\na=rtpmap:96",
        "m=audio $ UDP/TLS/RTP/SAVPF 0",
        "m=video $ RTP/AVP 0",
        "m=audio $ RTP/AVP $\na=rtpmap:$ G729/8000",
    ] {
        let reply = negotiate(offer, "").local;
        assert!(reply.contains("ER=515"), "{offer}: {reply}");
    }
}

#[test]
fn a_browsers_offer_comes_to_its_first_codec_and_what_goes_with_it() {
    let local = "m=audio $ RTP/AVP 111 9 0 8 110 126\na=rtpmap:111 opus/48000/2\n\
                 a=rtpmap:110 telephone-event/48000\na=rtpmap:126 telephone-event/8000\na=rtcp-mux";
    let outcome = negotiate(local, BROWSER);
    assert_eq!(
        outcome.local,
        "m=audio 20000 RTP/AVP 111 110|a=rtpmap:111 opus/48000/2|a=fmtp:111 useinbandfec=1|\
         a=rtpmap:110 telephone-event/48000|a=rtcp-mux"
    );
    assert!(
        outcome.remote.starts_with("m=audio 40000 RTP/AVP 111 110|"),
        "{}",
        outcome.remote
    );
    assert!(!outcome.remote.contains("red/48000"), "{}", outcome.remote);
    let send = outcome.send();
    assert_eq!(send.format.codec, opus(|opus| opus.fec = true));
    assert_eq!((send.events, send.rtcp_to), (Some(110), send.to));
    let settings = outcome.settings.expect("a stream was opened");
    assert!(settings.rtcp_mux);
    let events = EventFormat {
        payload_type: 110,
        clock_rate: 48_000,
    };
    assert_eq!(settings.receive_events, [events]);
}

#[test]
fn comfort_noise_is_understood_beside_a_codec_of_its_clock_where_local_has_it() {
    for (types, attributes, kept, noise) in [
        ("0 13", "", "0 13", Some(13)),
        ("13 8", "", "8 13", Some(13)),
        (
            "0 13",
            "a=rtpmap:13 cn/8000",
            "0 13|a=rtpmap:13 cn/8000",
            Some(13),
        ),
        (
            "0 98",
            "a=rtpmap:98 CN/8000/1",
            "0 98|a=rtpmap:98 CN/8000/1",
            Some(98),
        ),
        ("0 98", "a=rtpmap:98 CN/16000", "0", None),
        ("0 13", "a=rtpmap:13 red/8000", "0", None),
        ("0", "", "0", None),
        (
            "96 13",
            "a=rtpmap:96 L16/16000",
            "96|a=rtpmap:96 L16/16000",
            None,
        ),
    ] {
        let local = format!("m=audio $ RTP/AVP {types}\n{attributes}");
        let remote = local.replace('$', "40000");
        let outcome = negotiate(local.trim(), remote.trim());
        assert_eq!(outcome.local, format!("m=audio 20000 RTP/AVP {kept}"));
        let settings = outcome.settings.expect("a stream was opened");
        assert_eq!(settings.receive_noise, noise, "{types} {attributes}");
        let send = settings.send.expect("the far end is known");
        assert_eq!(send.noise, noise, "{types} {attributes}");
        assert_eq!(settings.receive.len(), 1);
    }
}

#[test]
fn comfort_noise_is_sent_by_remotes_number_where_both_have_it_beside_what_is_sent() {
    let opus = "111 0 13\na=rtpmap:111 opus/48000/2";
    for (local, remote, sent, heard) in [
        ("0 97\na=rtpmap:97 CN/8000", "0 13", Some(13), Some(97)),
        ("0 13", "0", None, Some(13)),
        ("0", "0 13", None, None),
        (opus, opus, None, Some(13)),
    ] {
        let local = format!("m=audio $ RTP/AVP {local}");
        let remote = format!("m=audio 40000 RTP/AVP {remote}");
        let control = "Mode=SendReceive,ReservedValue=ON";
        let outcome = negotiate_by(config(), control, &local, &remote);
        assert_eq!(outcome.send().noise, sent, "{local} {remote}");
        let settings = outcome.settings.expect("a stream was opened");
        assert_eq!(settings.receive_noise, heard, "{local} {remote}");
    }
}

#[test]
fn events_have_the_clock_of_the_codec_that_is_sent_and_one_each_is_received() {
    let both = "m=audio $ RTP/AVP 0 111 110 126\na=rtpmap:111 opus/48000/2\n\
                a=rtpmap:110 telephone-event/48000\na=rtpmap:126 telephone-event/8000";
    let remote = both.replace('$', "40000");
    let outcome = negotiate_by(config(), "Mode=SendReceive,ReservedValue=ON", both, &remote);
    assert_eq!(outcome.codec(), (0, AudioCodec::Pcmu));
    assert_eq!(outcome.send().events, Some(126));
    let settings = outcome.settings.expect("a stream was opened");
    let events: Vec<_> = settings
        .receive_events
        .iter()
        .map(|one| (one.payload_type, one.clock_rate))
        .collect();
    assert_eq!(events, [(110, 48_000), (126, 8_000)]);
    assert_eq!(settings.receive.len(), 2);
    let outcome = negotiate(&both.replace(" 126", ""), &remote);
    assert_eq!(
        outcome.local, "m=audio 20000 RTP/AVP 0",
        "events of Opus are not those of PCMU"
    );
}

#[test]
fn the_far_ends_parameters_say_how_opus_is_sent() {
    for (fmtp, expected) in [
        (
            "useinbandfec=1;usedtx=1",
            opus(|opus| (opus.fec, opus.dtx) = (true, true)),
        ),
        ("stereo=1;sprop-stereo=1", opus(|_| {})),
        ("maxplaybackrate=16000", opus(|opus| opus.rate = Rate::Wide)),
        (
            "maxaveragebitrate=12000",
            opus(|opus| opus.bit_rate = 12_000),
        ),
        ("maxaveragebitrate=510000", opus(|_| {})),
        ("nonsense;=;;cbr", opus(|_| {})),
    ] {
        let local = "m=audio $ RTP/AVP 111\na=rtpmap:111 opus/48000/2";
        let remote = format!("{}\na=fmtp:111 {fmtp}", local.replace('$', "40000"));
        let outcome = negotiate(local, &remote);
        assert_eq!(outcome.codec(), (111, expected), "{fmtp}");
        assert!(outcome.remote.contains(fmtp), "{}", outcome.remote);
    }
    let mut louder = config();
    louder.codecs.opus_bit_rate = 64_000;
    let local = "m=audio $ RTP/AVP 111\na=rtpmap:111 opus/48000/2";
    let outcome = negotiate_by(
        louder,
        "Mode=SendReceive",
        local,
        &local.replace('$', "40000"),
    );
    assert_eq!(outcome.codec().1, opus(|opus| opus.bit_rate = 64_000));
}

#[test]
fn two_entries_of_one_codec_are_two_formats() {
    let two = "m=audio $ RTP/AVP 112 111\na=rtpmap:111 opus/48000/2\na=rtpmap:112 opus/48000/2\n\
               a=fmtp:111 maxplaybackrate=8000\na=fmtp:112 useinbandfec=0";
    let remote = two.replace('$', "40000");
    let outcome = negotiate(two, &remote);
    assert_eq!(
        outcome.local,
        "m=audio 20000 RTP/AVP 112|a=rtpmap:112 opus/48000/2|a=fmtp:112 useinbandfec=0"
    );
    let outcome = negotiate_by(config(), "Mode=SendReceive,ReservedValue=ON", two, &remote);
    assert!(
        outcome.local.starts_with("m=audio 20000 RTP/AVP 112 111|"),
        "{}",
        outcome.local
    );
    assert_eq!(outcome.codec().0, 112);
    assert_eq!(
        outcome.settings.expect("a stream was opened").receive.len(),
        2
    );
}

#[test]
fn the_packet_time_is_the_nearest_that_the_far_end_takes() {
    for (attributes, expected) in [
        ("", PacketTime::Ms20),
        ("a=ptime:10", PacketTime::Ms10),
        ("a=ptime:20", PacketTime::Ms20),
        ("a=ptime:30", PacketTime::Ms20),
        ("a=ptime:35", PacketTime::Ms40),
        ("a=ptime:60", PacketTime::Ms60),
        ("a=ptime: 40 ", PacketTime::Ms40),
        ("a=ptime:0", PacketTime::Ms20),
        ("a=ptime:-20", PacketTime::Ms20),
        ("a=ptime:999999", PacketTime::Ms60),
        ("a=ptime:99999999999999999999", PacketTime::Ms20),
        ("a=ptime:60\na=maxptime:50", PacketTime::Ms40),
        ("a=maxptime:10", PacketTime::Ms10),
        ("a=maxptime:5", PacketTime::Ms10),
        ("a=maxptime:0\na=ptime:40", PacketTime::Ms40),
    ] {
        let remote = format!("m=audio 40000 RTP/AVP 8\n{attributes}");
        let outcome = negotiate("m=audio $ RTP/AVP 8\na=ptime:30\na=maxptime:$", &remote);
        assert_eq!(outcome.send().packet_time, expected, "{attributes}");
        assert_eq!(
            outcome.local,
            "m=audio 20000 RTP/AVP 8|a=ptime:30|a=maxptime:60"
        );
    }
}

#[test]
fn what_is_left_to_choose_is_chosen_by_what_the_far_end_has_and_then_by_our_order() {
    let any = "m=$ $ $ $\na=ptime:$\na=rtcp:$\na=x:$\na=sendrecv";
    let kept = "a=ptime:20|a=rtcp:20001|a=sendrecv";
    let opus = "m=audio 40000 RTP/AVP 120 121\na=rtpmap:120 opus/48000/2\na=rtpmap:121 L16/16000";
    let is_opus = "a=rtpmap:120 opus/48000/2|a=fmtp:120 useinbandfec=1";
    for (local, remote, expected) in [
        (any, "", format!("m=audio 20000 RTP/AVP 8|{kept}")),
        (
            any,
            "m=audio 40000 RTP/AVP 0 8",
            format!("m=audio 20000 RTP/AVP 8|{kept}"),
        ),
        (
            any,
            "m=audio 40000 RTP/AVP 9",
            format!("m=audio 20000 RTP/AVP 9|{kept}"),
        ),
        (
            any,
            opus,
            format!("m=audio 20000 RTP/AVP 120|{kept}|{is_opus}"),
        ),
        (
            "m=audio $ RTP/AVP $\na=rtpmap:$ opus/48000/2\na=rtpmap:$ G722/8000",
            "",
            "m=audio 20000 RTP/AVP 9".to_owned(),
        ),
        (
            "m=audio $ RTP/AVP 0 $",
            opus,
            format!("m=audio 20000 RTP/AVP 120|{is_opus}"),
        ),
        (
            "m=audio $ RTP/AVP 96\na=rtpmap:96 opus/48000/2\na=fmtp:96 useinbandfec=$;stereo=$",
            "",
            "m=audio 20000 RTP/AVP 96|a=rtpmap:96 opus/48000/2|a=fmtp:96 useinbandfec=1".to_owned(),
        ),
    ] {
        assert_eq!(negotiate(local, remote).local, expected, "{local} {remote}");
    }
    let mut ours = config();
    ours.codecs.kinds = vec![CodecKind::Opus, CodecKind::Pcmu];
    let mode = "Mode=SendReceive";
    let outcome = negotiate_by(ours.clone(), mode, "m=audio $ RTP/AVP $", BROWSER);
    assert_eq!(outcome.codec().0, 111, "our order");
    let outcome = negotiate_by(
        ours.clone(),
        mode,
        "m=audio $ RTP/AVP 0 111\na=rtpmap:111 opus/48000/2",
        BROWSER,
    );
    assert_eq!(outcome.codec().0, 0, "the controller's order");
    let refusal = negotiate_by(ours, mode, "m=audio $ RTP/AVP 8 9", "").local;
    assert!(refusal.contains("ER=515"), "{refusal}");
}

#[test]
fn rtcp_goes_where_both_agree_and_else_where_the_far_end_says() {
    let far = |port: u16, last: u8| format!("198.51.100.{last}:{port}").parse().ok();
    let plain = "m=audio $ RTP/AVP 8";
    let muxed = "m=audio $ RTP/AVP 8\na=rtcp-mux";
    for (local, attributes, mux, to) in [
        (plain, "", false, far(40_001, 1)),
        (muxed, "", false, far(40_001, 1)),
        (plain, "a=rtcp-mux", false, far(40_001, 1)),
        (muxed, "a=rtcp-mux", true, far(40_000, 1)),
        (muxed, "a=rtcp:53020\na=rtcp-mux", true, far(40_000, 1)),
        (muxed, "a=rtcp:53020", false, far(53_020, 1)),
        (
            plain,
            "a=rtcp:53020 IN IP4 198.51.100.7",
            false,
            far(53_020, 7),
        ),
        (
            plain,
            "a=rtcp:53020 IN IP4 host.example",
            false,
            far(53_020, 1),
        ),
    ] {
        let outcome = negotiate(local, &format!("m=audio 40000 RTP/AVP 8\n{attributes}"));
        assert_eq!(Some(outcome.send().rtcp_to), to, "{local} {attributes}");
        let settings = outcome.settings.expect("a stream was opened");
        assert_eq!(settings.rtcp_mux, mux, "{local} {attributes}");
    }
    for nobody in [
        "IP4 224.0.0.1",
        "IP4 255.255.255.255",
        "IP6 2001:db8::1",
        "IP4 192.0.2.10",
    ] {
        let remote = format!("m=audio 40000 RTP/AVP 8\na=rtcp:20000 IN {nobody}");
        let refusal = negotiate(plain, &remote).local;
        assert!(refusal.contains("ER=449"), "{nobody}: {refusal}");
    }
}

const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwd";

/// A Local or Remote with SRTP and these lines, where `KEY` stands for a key.
fn secure(port: &str, lines: &[&str]) -> String {
    let mut text = format!("m=audio {port} RTP/SAVP 8");
    for line in lines {
        text.push_str(&format!("\na=crypto:{}", line.replace("KEY", KEY)));
    }
    text
}

#[test]
fn the_first_key_that_is_understood_and_fits_the_other_direction_counts() {
    let [tag_80, tag_32] = CryptoSuite::ALL;
    let (of_80, of_32) = ("AES_CM_128_HMAC_SHA1_80", "AES_CM_128_HMAC_SHA1_32");
    let line = |tag: u32, suite: &str| format!("{tag} {suite} inline:KEY");
    let many = vec![line(1, "AES_256_CM_HMAC_SHA1_80"); 5];
    let many = [many, vec![line(7, of_32), line(8, of_80)]].concat();
    for (local, remote, tag, suite) in [
        (vec![], vec![line(1, of_80)], 1, tag_80),
        (vec![], vec![line(5, of_32), line(6, of_80)], 5, tag_32),
        (vec!["$".to_owned()], vec![line(4, of_32)], 4, tag_32),
        (
            vec![format!("3 {of_80}")],
            vec![line(4, of_32), line(3, of_80)],
            3,
            tag_80,
        ),
        (vec!["$ $ inline:$".to_owned()], many.clone(), 7, tag_32),
        (
            vec![format!("1 {of_80} inline:$"), format!("2 {of_32} inline:$")],
            vec![line(2, of_32)],
            2,
            tag_32,
        ),
    ] {
        let lines = |lines: &[String]| -> Vec<String> { lines.to_vec() };
        let (ours, theirs) = (lines(&local), lines(&remote));
        let ours: Vec<&str> = ours.iter().map(String::as_str).collect();
        let theirs: Vec<&str> = theirs.iter().map(String::as_str).collect();
        let outcome = negotiate(&secure("$", &ours), &secure("40000", &theirs));
        let settings = outcome.settings.expect("a stream was opened");
        let srtp = settings.srtp.expect("it is protected");
        assert_eq!(srtp.suite, suite, "{local:?} {remote:?}");
        assert_eq!(
            srtp.receive.key,
            std::array::from_fn::<u8, 16, _>(|n| n as u8)
        );
        assert_ne!(srtp.send, srtp.receive);
        let begin = format!(
            "m=audio 20000 RTP/SAVP 8|a=crypto:{tag} {} inline:",
            suite.name()
        );
        assert!(outcome.local.starts_with(&begin), "{}", outcome.local);
        assert_eq!(outcome.local.len(), begin.len() + 40, "{}", outcome.local);
        assert!(!outcome.local.contains(KEY) && outcome.remote.contains(KEY));
        assert_eq!(
            outcome.remote.matches("crypto").count(),
            1,
            "{}",
            outcome.remote
        );
        assert!(settings.send.is_some() && settings.receive.len() == 1);
        let printed = format!("{settings:?}", settings = (srtp, settings.receive));
        assert!(printed.contains("SrtpKey(secret)"), "{printed}");
    }
}

#[test]
fn keys_that_are_not_understood_or_do_not_fit_are_refused() {
    let good = "1 AES_CM_128_HMAC_SHA1_80 inline:KEY";
    let long = format!("1 AES_CM_128_HMAC_SHA1_80 inline:{}", "A".repeat(4_000));
    for (local, remote) in [
        (secure("$", &[]), secure("40000", &[])),
        (secure("$", &[]), secure("40000", &["$"])),
        (
            secure("$", &[]),
            secure("40000", &["1 AES_CM_128_HMAC_SHA1_80 inline:$"]),
        ),
        (
            secure("$", &[]),
            secure("40000", &["1 AES_CM_128_HMAC_SHA1_80 inline:KEY|1:4"]),
        ),
        (secure("$", &[]), secure("40000", &[&long])),
        (
            secure("$", &[]),
            secure("40000", &["1 F8_128_HMAC_SHA1_80 inline:KEY"; 90]),
        ),
        (
            secure("$", &["1 AES_CM_128_HMAC_SHA1_32 inline:$"]),
            secure("40000", &[good]),
        ),
        (secure("$", &[]), "m=audio 40000 RTP/AVP 8".to_owned()),
        ("m=audio $ RTP/AVP 8".to_owned(), secure("40000", &[good])),
    ] {
        let refusal = negotiate(&local, &remote).local;
        assert!(refusal.contains("ER=515"), "{local} {remote}: {refusal}");
    }
    // More than 16 lines are not looked at, and more than 8 KiB are not read.
    let many = |count| [vec!["1 AES_CM_128_HMAC_SHA1_80 inline:KEY"; count]].concat();
    let outcome = negotiate(&secure("$", &[]), &secure("40000", &many(90)));
    assert_eq!(
        outcome.remote.matches("crypto").count(),
        1,
        "{}",
        outcome.remote
    );
    let of_80 = secure("$", &["1 AES_CM_128_HMAC_SHA1_80 inline:$"]);
    for (before, is_refused) in [(15, false), (16, true)] {
        let mut lines = ["1 AES_CM_128_HMAC_SHA1_32 inline:KEY"].repeat(before);
        lines.push("2 AES_CM_128_HMAC_SHA1_80 inline:KEY");
        let reply = negotiate(&of_80, &secure("40000", &lines)).local;
        assert_eq!(reply.contains("ER=515"), is_refused, "{before}: {reply}");
    }
    let refusal = negotiate(&secure("$", &[]), &secure("40000", &many(100))).local;
    assert!(refusal.contains("ER=474"), "{refusal}");
}

#[test]
fn nothing_passes_until_both_keys_are_known_and_keys_are_ours_to_make_or_the_controllers_to_give() {
    let outcome = negotiate(&secure("$", &[]), "");
    let settings = outcome.settings.expect("a stream was opened");
    assert_eq!((settings.srtp, settings.send), (None, None));
    assert!(settings.receive.is_empty() && settings.receive_events.is_empty());
    let mut keyless = config();
    keyless.secret = None;
    let mode = "Mode=SendReceive";
    let good = "1 AES_CM_128_HMAC_SHA1_80 inline:KEY";
    let remote = secure("40000", &[good]);
    let refusal = negotiate_by(keyless.clone(), mode, &secure("$", &[]), &remote).local;
    assert!(refusal.contains("ER=515"), "{refusal}");
    let outcome = negotiate_by(keyless, mode, &secure("$", &[good]), &remote);
    let srtp = outcome.settings.expect("a stream was opened").srtp;
    assert!(srtp.is_some_and(|srtp| srtp.send == srtp.receive));
}

#[test]
fn either_kind_of_protection_can_be_reserved_until_the_far_end_is_known() {
    let local = "v=0\nm=audio $ RTP/AVP 8\nv=0\nm=audio $ RTP/SAVP 8";
    let control = "Mode=SendReceive,ReservedGroup=ON";
    let good = "1 AES_CM_128_HMAC_SHA1_80 inline:KEY";
    for (remote, is_secure, receives) in [
        ("", false, 1),
        ("m=audio 40000 RTP/AVP 8", false, 1),
        (secure("40000", &[good]).as_str(), true, 1),
    ] {
        let outcome = negotiate_by(config(), control, local, remote);
        let settings = outcome.settings.expect("a stream was opened");
        assert_eq!(settings.srtp.is_some(), is_secure, "{remote}");
        assert_eq!(settings.receive.len(), receives, "{remote}");
        assert_eq!(settings.send.is_some(), !remote.is_empty(), "{remote}");
    }
    let outcome = negotiate(local, &secure("40000", &[good]));
    assert!(
        outcome.local.starts_with("m=audio 20000 RTP/SAVP 8|"),
        "{}",
        outcome.local
    );
    let outcome = negotiate("m=audio $ $ 8", &secure("40000", &[good]));
    assert!(
        outcome.local.starts_with("m=audio 20000 RTP/SAVP 8|"),
        "{}",
        outcome.local
    );
}
