//! Streams that move between groups of several threads.

use std::f64::consts::TAU;

use super::*;

const PHONES: usize = 6;
const GROUPS: u32 = 5;
/// Packets in which a tone is looked for.
const WINDOW: usize = 12;

/// What an octet of µ-law stands for (G.711).
fn linear(octet: u8) -> i32 {
    let octet = i32::from(!octet);
    let size = (((octet & 0x0f) * 2 + 33) << (octet >> 4 & 7)) - 33;
    if octet & 0x80 == 0 {
        4 * size
    } else {
        -4 * size
    }
}

/// A far end that says its tone.
struct Talker {
    phone: Phone,
    port: RtpPort,
    hz: f64,
    group: u32,
    /// The samples of what was heard lately.
    heard: Vec<Vec<f64>>,
    last: Option<u16>,
}

impl Talker {
    fn say(&mut self, octet_of: &[u8]) {
        let first = self.phone.said * SAMPLES as u32;
        let sound = std::array::from_fn(|n| {
            let place = first + n as u32;
            let sample = (TAU * self.hz * f64::from(place) / 8000.0).sin() * 2000.0;
            octet_of[(sample as i32 + 4096) as usize]
        });
        self.phone.say(self.port, &sound);
    }

    /// Hears the next packet, which follows the one before.
    fn hear(&mut self) {
        let mut octets = [0; 172];
        // Reports come to the same socket, and are shorter.
        while io::Read::read(&mut &self.phone.socket, &mut octets).unwrap() < octets.len() {}
        let sequence = u16::from_be_bytes([octets[2], octets[3]]);
        if let Some(last) = self.last.replace(sequence) {
            assert_eq!(sequence, last.wrapping_add(1));
        }
        let samples = octets[12..].iter().map(|octet| linear(*octet).into());
        self.heard.push(samples.collect());
        if self.heard.len() > WINDOW {
            self.heard.remove(0);
        }
    }

    /// How loud a tone is in what it heard lately.
    fn loudness(&self, hz: f64) -> f64 {
        let samples = self.heard.iter().flatten();
        let (mut re, mut im, mut count) = (0.0, 0.0, 0.0);
        for (n, sample) in samples.enumerate() {
            let at = TAU * hz * n as f64 / 8000.0;
            (re, im, count) = (re + sample * at.cos(), im + sample * at.sin(), count + 1.0);
        }
        2.0 * f64::hypot(re, im) / count
    }
}

fn check(talkers: &[Talker], round: usize) {
    for (n, listener) in talkers.iter().enumerate() {
        for (m, other) in talkers.iter().enumerate() {
            let heard = listener.loudness(other.hz);
            let is_right = match n != m && listener.group == other.group {
                // A busy machine may hold a packet up.
                true => heard > 1200.0,
                false => heard < 100.0,
            };
            assert!(is_right, "round {round}: {n} hears {m} at {heard:.0}");
        }
    }
}

#[test]
fn with_moves_at_random_between_threads_everybody_hears_his_room_and_nothing_else() {
    let octet = |sample: i32| (0..=u8::MAX).min_by_key(|octet| (linear(*octet) - sample).abs());
    let octet_of: Vec<u8> = (-4096..4096).map(|sample| octet(sample).unwrap()).collect();
    let (mut media, mut answers) = start(3);
    let mut talkers: Vec<Talker> = (0..PHONES)
        .map(|n| {
            let (phone, port, group) = (Phone::new(), bind(&mut media), n as u32 % GROUPS);
            open(&mut media, n as u32, port, phone.address, group);
            let hz = 400.0 + 250.0 * n as f64;
            Talker {
                phone,
                port,
                hz,
                group,
                heard: Vec::new(),
                last: None,
            }
        })
        .collect();
    let mut rng = fastrand::Rng::with_seed(1);
    for round in 0..12 {
        for _ in 0..2 {
            let stream = rng.u32(..PHONES as u32);
            let group = rng.u32(..GROUPS);
            talkers[stream as usize].group = group;
            let (stream, group) = (StreamRef(stream), GroupId(group));
            order(&mut media, Command::Move { stream, group });
        }
        for _ in 0..WINDOW + 6 {
            for talker in &mut talkers {
                talker.say(&octet_of);
                talker.hear();
            }
        }
        check(&talkers, round);
    }
    for stream in 0..PHONES as u32 {
        let (stream, ticket) = (StreamRef(stream), Ticket(stream.into()));
        order(&mut media, Command::Close { stream, ticket });
        let Report::Statistics { statistics, .. } = report(&mut answers) else {
            panic!("a report was asked for");
        };
        let said = u64::from(talkers[stream.0 as usize].phone.said);
        assert!(statistics.packets_received >= said - 1, "{statistics:?}");
        assert_eq!(statistics.packets_lost, 0);
    }
    media.stop().unwrap();
}
