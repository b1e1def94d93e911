//! What files become.

use std::{
    net::SocketAddr,
    time::{Duration, UNIX_EPOCH},
};

use mg_contract::{
    AudioCodec, Command, Direction, GroupId, PacketTime, PayloadFormat, RtpPort, SendSettings,
    SignalRef, StreamRef, StreamSettings,
};
use mg_media::{Config, Engine, Kind};

use super::*;

/// Writes two channels, of which the second is silent, at a rate.
fn write(path: &Path, rate: u32, left: impl Fn(f64) -> f64) {
    let spec = hound::WavSpec {
        channels: 2,
        sample_rate: rate,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(path, spec).unwrap();
    for n in 0..rate {
        let value = left(f64::from(n) / f64::from(rate));
        writer.write_sample((value * 20_000.0) as i16).unwrap();
        writer.write_sample(0_i16).unwrap();
    }
    writer.finalize().unwrap();
}

/// The root of the mean square but for the ends.
fn loudness(samples: &[i16]) -> f64 {
    let middle = &samples[1_000..samples.len() - 1_000];
    let squares = middle.iter().map(|&sample| f64::from(sample).powi(2));
    (squares.sum::<f64>() / middle.len() as f64).sqrt()
}

/// A file of this test process.
fn file(name: &str) -> std::path::PathBuf {
    std::env::temp_dir().join(format!("mg-sound-{}-{name}.wav", std::process::id()))
}

fn tone(hz: f64) -> impl Fn(f64) -> f64 {
    move |at: f64| (at * hz * std::f64::consts::TAU).sin()
}

#[test]
fn what_is_no_file_is_not_waited_for() {
    assert!(matches!(
        read(Path::new("/dev/null"), 0),
        Err(SoundError::NoFile(_))
    ));
}

#[test]
fn channels_are_averaged_and_each_rate_of_the_engine_up_to_the_files_has_its_own() {
    let path = file("rates");
    for (rate, best) in [
        (8_000, Rate::Narrow),
        (11_025, Rate::Wide),
        (16_000, Rate::Wide),
        (44_100, Rate::Full),
        (48_000, Rate::Full),
        (96_000, Rate::Full),
    ] {
        write(&path, rate, tone(1_000.0));
        let sound = read(&path, usize::MAX).unwrap();
        assert_eq!(sound.best, best);
        for own in Rate::ALL {
            let Some(samples) = sound.samples.at(own) else {
                assert!(own > best);
                continue;
            };
            assert!(own <= best);
            let second = own.hz() as usize;
            assert!(samples.len().abs_diff(second) <= 2, "{}", samples.len());
            // Half of 20,000, over the root of two.
            let loudness = loudness(samples);
            assert!(
                (loudness - 7_071.0).abs() < 50.0,
                "{rate}, {own:?}: {loudness}"
            );
        }
    }
    // What 8 kHz cannot hold is left out, and comes back as nothing else.
    write(&path, 48_000, tone(7_000.0));
    let narrow = read(&path, 0).unwrap().samples;
    let loudness = loudness(narrow.at(Rate::Narrow).unwrap());
    assert!(loudness < 10.0, "{loudness}");
    std::fs::remove_file(&path).unwrap();
    let error = read(&path, 0).map(|_| ()).unwrap_err().to_string();
    assert!(error.starts_with(&path.display().to_string()), "{error}");
}

#[test]
fn higher_rates_are_kept_as_far_as_there_is_room() {
    let path = file("room");
    write(&path, 48_000, tone(1_000.0));
    for (room, wide, kept) in [
        (31_999, 0, [true, false, false]),
        (32_000, 32_000, [true, true, false]),
        (127_999, 32_000, [true, true, false]),
        (128_000, 128_000, [true, true, true]),
    ] {
        let sound = read(&path, room).unwrap();
        assert_eq!((sound.best, sound.wide), (Rate::Full, wide));
        assert_eq!(Rate::ALL.map(|rate| sound.samples.at(rate).is_some()), kept);
    }
    std::fs::remove_file(&path).unwrap();
}

/// What a room of one member of L16 at a rate hears of a file that is played there: a second of it,
/// without its first 100 ms.
fn heard(sound: &Samples, rate: Rate) -> Vec<i16> {
    let now = transport_h248_tokio::clock::now();
    let config = Config {
        announcements: [(7, sound.clone())].into(),
        ..Config::default()
    };
    let mut engine = Engine::new(config, 1, (now, UNIX_EPOCH), now);
    let stream = StreamRef(1);
    let open = Command::Open {
        stream,
        port: RtpPort(20_000),
        group: GroupId(1),
        settings: to_member(rate),
    };
    let play = Command::Play {
        signal: SignalRef(1),
        stream,
        sound: mg_contract::Sound::Announcement {
            number: 7,
            cycles: Some(2),
            duck: 0,
        },
        direction: Direction::External,
    };
    engine.handle_command(open, now);
    engine.handle_command(play, now);
    let mut samples = Vec::new();
    for tick in 1..=55 {
        engine.handle_timeout(now + Duration::from_millis(20) * tick);
        while let Some(transmit) = engine.poll_transmit() {
            if transmit.kind == Kind::Rtp {
                let octets = transmit.octets[12..].chunks_exact(2);
                samples.extend(octets.map(|two| i16::from_be_bytes([two[0], two[1]])));
            }
        }
    }
    samples.split_off(5 * rate.frame())
}

fn to_member(rate: Rate) -> StreamSettings {
    let to = SocketAddr::from(([192, 0, 2, 1], 4_000));
    let format = PayloadFormat {
        payload_type: 96,
        codec: AudioCodec::L16(rate),
    };
    StreamSettings {
        receive: vec![format],
        send: Some(SendSettings {
            to,
            rtcp_to: to,
            format,
            packet_time: PacketTime::Ms20,
            events: None,
            noise: None,
        }),
        ..StreamSettings::member()
    }
}

/// The amplitude of a tone in whole seconds.
fn amplitude(samples: &[i16], hz: f64, rate: Rate) -> f64 {
    let turn = hz * std::f64::consts::TAU / f64::from(rate.hz());
    let parts = samples.iter().enumerate().map(|(n, &sample)| {
        let (sine, cosine) = (turn * n as f64).sin_cos();
        (f64::from(sample) * sine, f64::from(sample) * cosine)
    });
    let (sine, cosine) = parts.fold((0.0, 0.0), |all, one| (all.0 + one.0, all.1 + one.1));
    2.0 * f64::hypot(sine, cosine) / samples.len() as f64
}

#[test]
fn a_room_of_48_khz_hears_what_one_of_8_khz_cannot_and_there_nothing_comes_of_it() {
    let path = file("quality");
    write(&path, 48_000, tone(10_000.0));
    let high = read(&path, usize::MAX).unwrap().samples;
    let full = heard(&high, Rate::Full);
    // Half of 20,000; a tenth of a decibel is 1.2 % of it.
    let level = amplitude(&full, 10_000.0, Rate::Full);
    assert!((level - 10_000.0).abs() < 115.0, "{level}");
    // 70 dB below, all that is heard together.
    for rate in [Rate::Narrow, Rate::Wide] {
        // Without where it begins again, which is a sound of all frequencies.
        let loudness = loudness(&heard(&high, rate)[..40 * rate.frame()]);
        assert!(loudness < 7_071.0 / 3_162.0, "{rate:?}: {loudness}");
    }
    // A tone that all can hold is as loud everywhere.
    write(&path, 48_000, tone(1_000.0));
    let low = read(&path, usize::MAX).unwrap().samples;
    for rate in Rate::ALL {
        let level = amplitude(&heard(&low, rate), 1_000.0, rate);
        assert!((level - 10_000.0).abs() < 115.0, "{rate:?}: {level}");
    }
    std::fs::remove_file(&path).unwrap();
}
