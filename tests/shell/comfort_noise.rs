//! A party that offers comfort noise (RFC 3389) is answered with it, and sent it while nobody talks:
//! separate processes, a Leg of the platform's.

use std::{
    net::UdpSocket,
    time::{Duration, Instant},
};

use serde_json::json;

use super::{
    alone,
    supervision::{Room, tone},
};

/// Payload types as the second octet of a packet has them, and with the marker.
const SOUND: u8 = 0;
const NOISE: u8 = 13;
const MARKER: u8 = 0x80;

/// The second octet of each packet that comes in so long.
fn listen(socket: &UdpSocket, time: Duration) -> Vec<u8> {
    let until = Instant::now() + time;
    let mut octets = [0; 2_048];
    let mut heard = Vec::new();
    while Instant::now() < until {
        if let Ok(length) = socket.recv(&mut octets) {
            let second = octets[1];
            assert_eq!(length, if second == NOISE { 13 } else { 172 });
            heard.push(second);
        }
    }
    heard
}

#[test]
fn a_party_that_offers_comfort_noise_is_sent_it_while_nobody_talks() {
    let _alone = alone();
    let mut room = Room::with(&[]);
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let patience = Some(Duration::from_millis(100));
    socket.set_read_timeout(patience).unwrap();
    let port = socket.local_addr().unwrap().port();
    let sdp = format!(
        "v=0\no=- 1 1 IN IP4 127.0.0.1\ns=-\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio {port} RTP/AVP 0 13\n"
    );
    let legs = format!("/v1/calls/{}/legs", room.call);
    let added = room.ask("POST", &legs, &json!({"sdp": sdp}), 201);
    let answer = added["sdp"].as_str().unwrap();
    assert!(answer.contains(" RTP/AVP 0 13\r\n"), "{answer}");
    assert!(answer.contains("a=rtpmap:13 CN/8000\r\n"), "{answer}");

    let silence = listen(&socket, Duration::from_secs(3));
    let sounds = silence.iter().filter(|octet| **octet != NOISE).count();
    assert!((10..=30).contains(&sounds), "{silence:?}");
    assert!(silence[sounds..].iter().all(|octet| *octet == NOISE));
    assert!((2..=4).contains(&(silence.len() - sounds)), "{silence:?}");

    let (_talker, _leg) = room.join(&tone(700.0));
    let talk = listen(&socket, Duration::from_secs(2));
    let begin = talk.iter().position(|octet| *octet != NOISE).unwrap();
    assert_eq!(talk[begin], SOUND | MARKER);
    assert!(talk.len() > begin + 50, "{talk:?}");
    assert!(talk[begin + 1..].iter().all(|octet| *octet == SOUND));
}
