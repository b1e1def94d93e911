use std::f64::consts::TAU;

use super::*;

/// Octets that any packet of these tests fits in.
const ROOM: usize = 1_500;

fn how(rate: Rate) -> Opus {
    Opus {
        rate,
        ..Opus::default()
    }
}

/// A voice-like hum of 150 Hz that swells four times a second.
fn hum(rate: Rate, count: usize) -> Vec<i16> {
    let hz = f64::from(rate.hz());
    (0..count)
        .map(|at| {
            let t = at as f64 / hz;
            let swell = 0.6 + 0.4 * (TAU * 4.0 * t).sin();
            let tones: f64 = (1..=12)
                .map(|k| (TAU * 150.0 * f64::from(k) * t).sin() / f64::from(k))
                .sum();
            (4_000.0 * swell * tones) as i16
        })
        .collect()
}

fn packets(encoder: &Encoder, sound: &[i16], length: usize) -> Vec<Vec<u8>> {
    sound
        .chunks_exact(length)
        .map(|samples| {
            let mut out = vec![0; ROOM];
            let length = encoder.encode(samples, &mut out);
            out.truncate(length);
            out
        })
        .collect()
}

fn power(samples: &[i16]) -> f64 {
    let sum: f64 = samples.iter().map(|&s| f64::from(s).powi(2)).sum();
    sum / samples.len() as f64
}

fn power_of_difference(a: &[i16], b: &[i16]) -> f64 {
    let sum: f64 = a
        .iter()
        .zip(b)
        .map(|(&a, &b)| (f64::from(a) - f64::from(b)).powi(2))
        .sum();
    sum / a.len() as f64
}

#[test]
fn every_rate_and_packet_time_comes_through_at_every_rate_with_its_power() {
    for sent in Rate::ALL {
        for millis in [10, 20, 40, 60] {
            let length = sent.frame() * millis / 20;
            let sound = hum(sent, length * (1_200 / millis));
            let encoder = Encoder::new(how(sent));
            for heard in Rate::ALL {
                let mut decoder = Decoder::new(heard);
                let mut all = Vec::new();
                for packet in packets(&encoder, &sound, length) {
                    let count = decoder.samples(&packet).expect("a packet");
                    assert_eq!(count, heard.frame() * millis / 20);
                    let mut out = vec![0; count];
                    assert_eq!(decoder.decode(&packet, &mut out), Ok(count));
                    all.extend(out);
                }
                let lost = 10.0 * (power(&sound) / power(&all[all.len() / 4..])).log10();
                assert!(
                    lost.abs() < 1.5,
                    "{sent:?} as {heard:?} by {millis} ms: {lost:.2} dB lost"
                );
            }
        }
    }
}

#[test]
fn the_bit_rate_is_kept() {
    for bit_rate in [12_000, 24_000, 64_000] {
        let encoder = Encoder::new(Opus {
            bit_rate,
            ..how(Rate::Full)
        });
        let sound = hum(Rate::Full, 48_000 * 4);
        let octets: usize = packets(&encoder, &sound, 960).iter().map(Vec::len).sum();
        let used = octets as f64 * 8.0 / 4.0;
        let share = used / f64::from(bit_rate);
        assert!((0.6..1.15).contains(&share), "{used} of {bit_rate}");
    }
}

#[test]
fn silence_goes_unsent_with_dtx_only_and_its_payloads_are_known() {
    for (dtx, quiet) in [(true, 150..200), (false, 0..1)] {
        let encoder = Encoder::new(Opus {
            dtx,
            ..how(Rate::Wide)
        });
        let sent = packets(&encoder, &[0; 320 * 200], 320);
        let unsent = sent.iter().filter(|packet| packet.is_empty()).count();
        assert!(quiet.contains(&unsent), "{unsent} with dtx {dtx}");
        assert!(sent.iter().all(|p| p.is_empty() || !is_silence(p)));
    }
    assert!(is_silence(&[0x08]) && is_silence(&[0x0b, 0x81]) && is_silence(&[]));
}

/// Returns the hum's third second, of which every tenth packet is lost, with what `fill` makes of them,
/// and the same without a loss.
fn lossy(how: Opus, fill: impl Fn(&mut Decoder, &[u8], &mut [i16])) -> (Vec<i16>, Vec<i16>) {
    let sound = hum(Rate::Wide, 16_000 * 3);
    let encoder = Encoder::new(how);
    let sent = packets(&encoder, &sound, 320);
    let (mut lossy, mut whole) = (Decoder::new(Rate::Wide), Decoder::new(Rate::Wide));
    let (mut with, mut without) = (Vec::new(), Vec::new());
    for (at, packet) in sent.iter().enumerate() {
        let (mut a, mut b) = ([0; 320], [0; 320]);
        if at % 10 == 9 && at + 1 < sent.len() {
            fill(&mut lossy, &sent[at + 1], &mut a);
        } else {
            lossy.decode(packet, &mut a).expect("a packet");
        }
        whole.decode(packet, &mut b).expect("a packet");
        with.extend(a);
        without.extend(b);
    }
    (with.split_off(32_000), without.split_off(32_000))
}

#[test]
fn a_lost_packet_is_concealed_and_restored_better_from_the_next() {
    let fec = Opus {
        fec: true,
        bit_rate: 24_000,
        ..how(Rate::Wide)
    };
    let error = |fill: fn(&mut Decoder, &[u8], &mut [i16])| {
        let (with, without) = lossy(fec, fill);
        10.0 * (power_of_difference(&with, &without) / power(&without)).log10()
    };
    let empty = error(|_, _, _| {});
    let concealed = error(|decoder, _, out| assert!(decoder.conceal(out)));
    let restored = error(|decoder, next, out| {
        // Where the encoder hears no voice there is nothing.
        assert!(decoder.restore(next, out) || decoder.conceal(out));
    });
    println!(
        "error: nothing {empty:.1} dB, concealed {concealed:.1} dB, restored {restored:.1} dB"
    );
    assert!(concealed < empty - 1.0 && restored < concealed - 3.0);
}

#[test]
fn a_packet_without_redundancy_restores_nothing() {
    for (rate, bit_rate) in [(Rate::Wide, 24_000), (Rate::Full, 64_000)] {
        let encoder = Encoder::new(Opus {
            bit_rate,
            ..how(rate)
        });
        let sent = packets(&encoder, &hum(rate, rate.frame() * 50), rate.frame());
        let mut decoder = Decoder::new(rate);
        let mut out = vec![0; rate.frame()];
        assert!(sent.iter().all(|packet| !decoder.restore(packet, &mut out)));
    }
}

#[test]
fn redundancy_is_found_behind_every_way_to_pack_frames() {
    // 20 ms of SILK at 16 kHz: voiced, with redundancy.
    let frame = [0xc0, 1, 2];
    let contents = 9 << 3;
    let heads: [&[u8]; 6] = [
        &[contents],
        &[contents | 1],
        &[contents | 2, 3],
        &[contents | 3, 2],
        &[contents | 3, 0x40 | 2, 255, 4],
        &[contents | 3, 0x80 | 2, 3],
    ];
    for head in heads {
        let with = [head, &frame].concat();
        assert!(has_redundancy(&with), "{head:?}");
        let mut without = with;
        without[head.len()] = 0x80;
        assert!(!has_redundancy(&without), "{head:?}");
    }
    assert!(!has_redundancy(&[contents | 3, 0x80 | 4, 252]));
    assert!(!has_redundancy(&[31 << 3, 0xff]));
}

#[test]
fn hostile_payloads_do_no_harm() {
    let mut rng = fastrand::Rng::with_seed(7);
    let encoder = Encoder::new(Opus {
        fec: true,
        ..how(Rate::Full)
    });
    let good = packets(&encoder, &hum(Rate::Full, 960 * 20), 960);
    let mut decoder = Decoder::new(Rate::Full);
    let mut out = vec![0; 5_760];
    let mut refused = 0;
    for round in 0..20_000 {
        let mut payload = good[round % good.len()].clone();
        match round % 3 {
            0 => payload = (0..rng.usize(0..80)).map(|_| rng.u8(..)).collect(),
            1 => payload.truncate(rng.usize(0..=payload.len())),
            _ => payload.iter_mut().for_each(|octet| {
                if rng.u8(0..10) == 0 {
                    *octet = rng.u8(..);
                }
            }),
        }
        let count = decoder.samples(&payload);
        assert!(count.is_none_or(|count| count <= out.len()));
        decoder.restore(&payload, &mut out[..960]);
        refused += usize::from(decoder.decode(&payload, &mut out).is_err());
    }
    println!("{refused} refused");
    assert!((1..20_000).contains(&refused));
    assert!(decoder.decode(&good[0], &mut out).is_ok());
    assert_eq!(decoder.decode(&good[0], &mut [0; 100]), Err(Undecodable));
}
