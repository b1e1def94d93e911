use mg_contract::{AudioCodec, Rate};

use super::*;

mod cost;
mod ffmpeg;
mod law;
mod ogg;
mod switching;

#[test]
fn half_a_sample_is_undecodable() {
    let mut decoder = Decoder::new(AudioCodec::L16(Rate::Wide), Rate::Narrow);
    assert_eq!(decoder.rate(), Rate::Wide);
    let mut out = [0; 4];
    assert_eq!(decoder.samples(&[1, 2, 3]), None);
    assert_eq!(decoder.decode(&[1, 2, 3], &mut out), Err(Undecodable));
    assert_eq!(decoder.decode(&[1, 2, 0xff, 0xfe], &mut out), Ok(2));
    assert_eq!(out[..2], [0x0102, -2]);
}

#[test]
fn what_is_longer_than_the_room_for_it_is_undecodable() {
    for codec in [
        AudioCodec::Pcmu,
        AudioCodec::G722,
        AudioCodec::L16(Rate::Wide),
    ] {
        let mut decoder = Decoder::new(codec, Rate::Full);
        assert_eq!(decoder.decode(&[0; 160], &mut [0; 60]), Err(Undecodable));
    }
}
