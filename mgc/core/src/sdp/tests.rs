use super::*;

const PHONE: &str = "v=0\r\no=- 1 1 IN IP4 192.0.2.7\r\ns=-\r\nc=IN IP4 192.0.2.7\r\nt=0 0\r\n\
                     m=audio 4000 RTP/AVP 8 0 101\r\na=rtpmap:101 telephone-event/8000\r\na=ptime:20\r\n";

fn fault(text: &str) -> &'static str {
    Offer::parse(text).expect_err("it cannot be used")
}

#[test]
fn local_lets_the_gateway_choose_among_the_offered_codecs_that_are_known() {
    let offer = Offer::parse(PHONE).unwrap();
    assert_eq!(
        offer.audio.choose(),
        "v=0\r\nc=IN IP4 $\r\nm=audio $ RTP/AVP 8 0 101\r\n\
         a=rtpmap:101 telephone-event/8000\r\na=ptime:20\r\n"
    );
    assert_eq!(
        offer.audio.description(),
        "v=0\r\nc=IN IP4 192.0.2.7\r\nm=audio 4000 RTP/AVP 8 0 101\r\n\
         a=rtpmap:101 telephone-event/8000\r\na=ptime:20\r\n"
    );
}

#[test]
fn an_answer_has_what_the_gateway_chose() {
    let offer = Offer::parse(PHONE).unwrap();
    let local =
        Audio::from_local(b"v=0\r\nc=IN IP4 198.51.100.1\r\nm=audio 20010 RTP/AVP 8\r\n").unwrap();
    assert_eq!(
        answer(&offer, &local, 77),
        "v=0\r\no=- 77 1 IN IP4 198.51.100.1\r\ns=-\r\nc=IN IP4 198.51.100.1\r\nt=0 0\r\n\
         m=audio 20010 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na=ptime:20\r\na=sendrecv\r\n"
    );
}

#[test]
fn a_party_on_hold_offers_no_address_and_the_gateway_is_told_so() {
    let offer = Offer::parse(&PHONE.replace("c=IN IP4 192.0.2.7", "c=IN IP4 0.0.0.0")).unwrap();
    assert_eq!(
        offer.audio.description(),
        "v=0\r\nc=IN IP4 0.0.0.0\r\nm=audio 4000 RTP/AVP 8 0 101\r\n\
         a=rtpmap:101 telephone-event/8000\r\na=ptime:20\r\n"
    );
    let local = b"v=0\r\nc=IN IP4 0.0.0.0\r\nm=audio 20010 RTP/AVP 8\r\n";
    assert_eq!(Audio::from_local(local), Err("its Local has no address"));
}

#[test]
fn a_local_may_be_indented_and_have_empty_lines() {
    let plain = Audio::from_local(b"c=IN IP4 198.51.100.1\r\nm=audio 20010 RTP/AVP 8\r\n");
    let indented = b"\r\n  m=audio 20010 RTP/AVP 8 \r\n\r\n\tc=IN IP4 198.51.100.1 \r\n  \r\n";
    assert!(plain.is_ok());
    assert_eq!(Audio::from_local(indented), plain);
}

#[test]
fn other_media_are_refused_in_their_places() {
    let offer = Offer::parse(
        "v=0\nc=IN IP6 2001:db8::7\nt=5 9\nm=video 5000 RTP/AVP 31 34\n\
         m=audio 4000 RTP/SAVP 0\nm=audio 4002 RTP/AVP 96\na=rtpmap:96 pcmu/8000/1\na=sendonly\n",
    )
    .unwrap();
    assert_eq!(
        offer.audio.choose(),
        "v=0\r\nc=IN IP6 $\r\nm=audio $ RTP/AVP 96\r\na=rtpmap:96 PCMU/8000\r\n"
    );
    let local = Audio {
        port: 20_000,
        ..offer.audio.clone()
    };
    let text = answer(&offer, &local, 1);
    let media: Vec<&str> = text.lines().filter(|line| line.starts_with("m=")).collect();
    assert_eq!(
        media,
        [
            "m=video 0 RTP/AVP 31 34",
            "m=audio 0 RTP/SAVP 0",
            "m=audio 20000 RTP/AVP 96"
        ]
    );
    assert!(text.contains("\r\nt=5 9\r\n"));
    assert!(text.ends_with("a=recvonly\r\n"));
}

#[test]
fn the_direction_of_the_stream_wins_over_that_of_the_session() {
    let direction = |session: &str, media: &str| {
        let text = format!("v=0\nc=IN IP4 192.0.2.7\n{session}m=audio 4000 RTP/AVP 0\n{media}");
        Offer::parse(&text).unwrap().direction
    };
    assert_eq!(direction("", ""), Direction::SendRecv);
    assert_eq!(direction("a=sendonly\n", ""), Direction::SendOnly);
    assert_eq!(direction("", "a=recvonly\n"), Direction::RecvOnly);
    assert_eq!(
        direction("a=sendonly\n", "a=inactive\n"),
        Direction::Inactive
    );
    assert_eq!(
        direction("a=inactive\n", "a=sendrecv\n"),
        Direction::SendRecv
    );
}

#[test]
fn an_offer_that_cannot_be_used_says_why() {
    assert_eq!(fault("hello"), "it does not begin with v=0");
    assert_eq!(fault("v=1\r\n"), "v= is not 0");
    assert_eq!(fault("v=0\r\nhello"), "a line is not of the form x=value");
    assert_eq!(fault("v=0\r\nc=IN IP4 192.0.2.7\r\n"), "m=audio is missing");
    assert_eq!(fault("v=0\r\nm=audio 4000 RTP/AVP 0\r\n"), "c= is missing");
    let with = |line: &str| fault(&format!("v=0\r\nc=IN IP4 192.0.2.7\r\n{line}\r\n"));
    assert_eq!(with("m=audio 0 RTP/AVP 0"), "the port of m=audio is 0");
    assert_eq!(
        with("m=audio x RTP/AVP 0"),
        "the port of m= is not a number"
    );
    assert_eq!(
        with("m=audio 70000 RTP/AVP 0"),
        "the port of m= is not a number"
    );
    assert_eq!(
        with("m=audio 4000 RTP/AVP 3 97"),
        "no codec of m=audio is known; PCMU, PCMA, G722, L16 and opus are"
    );
    assert_eq!(
        with("m=audio 4000 RTP/SAVP 0"),
        "m=audio is over RTP/SAVP without a=crypto"
    );
    assert_eq!(
        with("m=audio"),
        "m= is not of the form media port transport formats"
    );
    assert_eq!(
        with("m=audio 4000 RTP/AVP 0\r\na=ptime:0"),
        "a=ptime is not 1 to 1000 ms"
    );
    let connection = |line: &str| fault(&format!("v=0\r\n{line}\r\nm=audio 4000 RTP/AVP 0\r\n"));
    assert_eq!(
        connection("c=IN IP4 phone.example"),
        "the address of c= is not a single IP address"
    );
    for nobody in [
        "IP4 255.255.255.255",
        "IP4 224.0.0.1",
        "IP6 ff02::1",
        "IP6 ::",
        "IP6 ::ffff:255.255.255.255",
    ] {
        assert_eq!(
            connection(&format!("c=IN {nobody}")),
            "the address of c= is not that of a host"
        );
    }
    assert_eq!(
        connection("c=IN IP6 192.0.2.7"),
        "the address of c= is not of the type it says"
    );
}

#[test]
fn a_description_of_any_size_is_refused_rather_than_held() {
    assert_eq!(
        fault(&format!("v=0\r\n{}", "a=x\r\n".repeat(5_000))),
        "it is longer than 16384 octets"
    );
    assert_eq!(
        fault(&format!("v=0\r\n{}", "m=audio 1 RTP/AVP 0\r\n".repeat(33))),
        "it has more than 32 m="
    );
}

/// An offer of all that a phone may say; what a browser says beside is passed over.
const MUCH: &str = "v=0\r\nc=IN IP4 192.0.2.7\r\na=group:BUNDLE 0\r\n\
    m=audio 4000 RTP/SAVP 111 9 97 0 110 126 13\r\na=rtpmap:111 OPUS/48000/2\r\n\
    a=fmtp:111 minptime=10;useinbandfec=1;stereo=1\r\na=rtpmap:97 L16/16000\r\n\
    a=rtpmap:110 telephone-event/48000\r\na=rtpmap:126 telephone-event/8000\r\na=fmtp:126 0-16\r\n\
    a=rtcp:4001 IN IP4 192.0.2.7\r\na=rtcp-mux\r\na=maxptime:60\r\na=ptime:40\r\na=mid:0\r\n\
    a=crypto:3 AES_CM_128_HMAC_SHA1_32 inline:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwd|2^20\r\n";

#[test]
fn what_a_party_says_of_its_codecs_packets_and_keys_reaches_the_gateway_in_its_order() {
    let offer = Offer::parse(MUCH).unwrap();
    assert_eq!(
        offer.audio.description(),
        "v=0\r\nc=IN IP4 192.0.2.7\r\nm=audio 4000 RTP/SAVP 111 9 97 0 110 126 13\r\n\
         a=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10;useinbandfec=1;stereo=1\r\n\
         a=rtpmap:97 L16/16000\r\na=rtpmap:110 telephone-event/48000\r\n\
         a=rtpmap:126 telephone-event/8000\r\na=fmtp:126 0-16\r\na=ptime:40\r\na=maxptime:60\r\n\
         a=rtcp:4001 IN IP4 192.0.2.7\r\na=rtcp-mux\r\n\
         a=crypto:3 AES_CM_128_HMAC_SHA1_32 inline:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwd|2^20\r\n"
    );
    assert_eq!(
        offer.audio.choose(),
        "v=0\r\nc=IN IP4 $\r\nm=audio $ RTP/SAVP 111 9 97 0 110 126 13\r\n\
         a=rtpmap:111 opus/48000/2\r\na=rtpmap:97 L16/16000\r\n\
         a=rtpmap:110 telephone-event/48000\r\na=rtpmap:126 telephone-event/8000\r\na=ptime:40\r\n\
         a=rtcp-mux\r\na=crypto:3 AES_CM_128_HMAC_SHA1_32 inline:$\r\n"
    );
    assert!(
        !format!("{offer:?}").contains("inline:"),
        "keys are not printed"
    );
    let kept = serde_json::to_string(&offer).unwrap();
    assert_eq!(serde_json::from_str::<Offer>(&kept).unwrap(), offer);
}

#[test]
fn what_the_gateway_says_reaches_the_party() {
    let offer = Offer::parse(MUCH).unwrap();
    let chosen = "m=audio 20010 RTP/SAVP 111 110\r\na=rtpmap:111 opus/48000/2\r\n\
                  a=fmtp:111 useinbandfec=1\r\na=rtpmap:110 telephone-event/48000\r\na=ptime:40\r\n\
                  a=rtcp-mux\r\na=crypto:3 AES_CM_128_HMAC_SHA1_32 inline:KEY\r\n";
    let local = format!("v=0\r\nc=IN IP4 198.51.100.1\r\n{chosen}");
    let local = Audio::from_local(local.as_bytes()).unwrap();
    let text = answer(&offer, &local, 77);
    assert!(text.ends_with(&format!("{chosen}a=sendrecv\r\n")), "{text}");
    assert!(
        local.description().ends_with(chosen),
        "it is made anew with the same key"
    );
}

#[test]
fn comfort_noise_that_is_offered_is_answered_where_the_gateway_has_kept_it() {
    let with =
        |types: &str| format!("v=0\r\nc=IN IP4 192.0.2.7\r\nm=audio 4000 RTP/AVP {types}\r\n");
    let noise = "8 98\r\na=rtpmap:98 CN/8000";
    for (offered, kept, answered) in [
        (
            "0 13",
            "0 13",
            "0 13\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:13 CN/8000\r\n",
        ),
        ("0 13", "0", "0\r\na=rtpmap:0 PCMU/8000\r\n"),
        (
            noise,
            noise,
            "8 98\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:98 CN/8000\r\n",
        ),
    ] {
        let offer = Offer::parse(&with(offered)).unwrap();
        assert_eq!(offer.audio.description(), with(offered));
        let media = format!("m=audio $ RTP/AVP {offered}\r\n");
        assert!(offer.audio.choose().ends_with(&media), "{media}");
        let local = Audio::from_local(with(kept).as_bytes()).unwrap();
        let text = answer(&offer, &local, 1);
        let media = format!("m=audio 4000 RTP/AVP {answered}a=ptime:20\r\n");
        assert!(text.contains(&media), "{text}");
    }
    let wide = Offer::parse(&with("9 98\r\na=rtpmap:98 CN/16000")).unwrap();
    assert_eq!(wide.audio.description(), with("9"));
    let fits = |one: &str, other: &str| {
        let audio = |types: &str| Offer::parse(&with(types)).unwrap().audio;
        audio(one).fits(&audio(other))
    };
    assert!(fits("0 13", "8 13 0") && !fits("0 13", "8 13"));
}

#[test]
fn events_and_noise_alone_are_no_audio_and_keys_are_bounded() {
    let with = |line: &str| format!("v=0\r\nc=IN IP4 192.0.2.7\r\nm=audio 4000 {line}\r\n");
    assert_eq!(fault(&with("RTP/AVP 13")), NO_CODEC);
    assert_eq!(
        fault(&with("RTP/AVP 101\r\na=rtpmap:101 telephone-event/8000")),
        "no codec of m=audio is known; PCMU, PCMA, G722, L16 and opus are"
    );
    let keys =
        |key: &str, count| format!("RTP/SAVP 0{}", format!("\r\na=crypto:{key}").repeat(count));
    let many = Offer::parse(&with(&keys("1 X inline:Y", 100))).unwrap();
    assert_eq!(many.audio.description().matches("a=crypto").count(), 16);
    let long = format!("1 X inline:{}", "A".repeat(300));
    assert_eq!(
        fault(&with(&keys(&long, 1))),
        "m=audio is over RTP/SAVP without a=crypto"
    );
    let plain = Offer::parse(&with("RTP/AVP 0\r\na=crypto:1 X inline:Y")).unwrap();
    assert!(!plain.audio.description().contains("crypto"));
}

#[test]
fn what_an_earlier_release_kept_is_read() {
    let kept = r#"{"address":"192.0.2.7","port":4000,"formats":[{"payload_type":8,"codec":"Pcma"}],
                   "ptime_ms":20}"#;
    let audio: Audio = serde_json::from_str(kept).unwrap();
    assert_eq!(
        audio.description(),
        "v=0\r\nc=IN IP4 192.0.2.7\r\nm=audio 4000 RTP/AVP 8\r\na=ptime:20\r\n"
    );
}

#[test]
fn who_listens_receives_the_best_codec_that_is_known() {
    let parties = ["0 8", "9 0", "101 0\r\na=rtpmap:101 telephone-event/48000"].map(|formats| {
        let text = format!(
            "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP {formats}\r\n"
        );
        Offer::parse(&text).unwrap().audio
    });
    let codec = |known: &[Audio]| {
        let offer = Offer::of_listener(known.iter());
        assert_eq!(offer.direction, Direction::RecvOnly);
        assert!(!offer.audio.is_somewhere());
        let [format] = &offer.audio.formats[..] else {
            panic!("{:?}", offer.audio.formats);
        };
        format.codec
    };
    assert_eq!(codec(&[]), Codec::Pcmu);
    assert_eq!(codec(&parties), Codec::G722);
    assert_eq!(codec(&parties[2..]), Codec::Pcmu);
}
