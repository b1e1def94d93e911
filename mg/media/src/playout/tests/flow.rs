//! Flows of packets in virtual time: jitter, drift, and whatever else a source may send.

use std::f64::consts::TAU;

use super::*;
use crate::codec::Encoder;

/// A source, the network after it, and a playout.
pub(super) struct Flow {
    pub(super) playout: Playout,
    pub(super) codec: AudioCodec,
    rate: Rate,
    encoder: Encoder,
    begin: Instant,
    /// Packets sent.
    sent: u32,
    /// Samples sent.
    samples: u64,
    /// How much sooner than the source's clock says it sends, as a share of the time.
    pub(super) drift: f64,
    /// What is on its way: when it arrives in ms, its number, its time stamp, and its payload.
    way: Vec<(f64, u32, u32, Vec<u8>)>,
    /// The newest number that has arrived.
    newest: Option<u32>,
    pub(super) late: u32,
    ticks: u64,
    pub(super) played: Vec<i16>,
    /// From arrival to the tick in which a packet is played if what comes before it is, by packet, in ms.
    pub(super) waited: Vec<f64>,
}

impl Flow {
    pub(super) fn new(codec: AudioCodec) -> Self {
        let rate = codec.rate();
        let mut playout = Playout::new();
        let format = PayloadFormat {
            payload_type: TYPE,
            codec,
        };
        playout.understand(&[format], rate);
        Self {
            playout,
            codec,
            rate,
            encoder: Encoder::new(codec),
            begin: Instant::now(),
            sent: 0,
            samples: 0,
            drift: 0.0,
            way: vec![],
            newest: None,
            late: 0,
            ticks: 0,
            played: vec![],
            waited: vec![],
        }
    }

    /// Sends 20 ms of a sound at a time for so many ticks; `way` says how long each packet is on its
    /// way, in ms, or that it is lost.
    pub(super) fn run(
        &mut self,
        ticks: u32,
        sound: impl Fn(u64) -> f64,
        mut way: impl FnMut() -> Option<f64>,
    ) {
        for _ in 0..ticks {
            let tick = self.ticks as f64 * 20.0;
            while self.sent_at() < tick {
                let (at, way) = (self.sent_at(), way());
                let packet = self.encode(&sound);
                if let Some(way) = way.filter(|_| !packet.is_empty()) {
                    let time_stamp = self.sent.wrapping_mul(self.codec.clock_rate() / 50);
                    self.way.push((at + way, self.sent, time_stamp, packet));
                }
                self.sent += 1;
            }
            self.deliver(tick);
            let mut frame = Frame::silence(self.rate);
            let at = self.at(tick);
            self.playout.pull(&mut frame, at);
            self.played.extend(frame.samples());
            self.ticks += 1;
        }
    }

    fn sent_at(&self) -> f64 {
        7.0 + f64::from(self.sent) * 20.0 * (1.0 - self.drift)
    }

    fn encode(&mut self, sound: impl Fn(u64) -> f64) -> Vec<u8> {
        let frame = self.rate.frame() as u64;
        let said: Vec<i16> = (self.samples..self.samples + frame)
            .map(|n| sound(n) as i16)
            .collect();
        self.samples += frame;
        let mut out = vec![0; 4000];
        let length = self.encoder.encode(&said, &mut out);
        out.truncate(length);
        out
    }

    fn deliver(&mut self, tick: f64) {
        self.way.sort_by(|a, b| a.0.total_cmp(&b.0));
        let arrived = self.way.partition_point(|packet| packet.0 <= tick);
        let arrived: Vec<_> = self.way.drain(..arrived).collect();
        for (at, number, time_stamp, payload) in arrived {
            let advances = self.newest.is_none_or(|newest| number > newest);
            let order = if advances {
                self.newest = Some(number);
                Order::Advances
            } else {
                Order::Overtaken
            };
            let packet = View {
                payload_type: TYPE,
                sequence: number as u16,
                time_stamp,
                ssrc: 0,
                payload: &payload,
            };
            let arrival = self.at(at);
            let filed = self.playout.take(&packet, order, arrival).unwrap();
            self.late += u32::from(filed == Filed::Late);
            // It is played in this tick if nothing else waits.
            let before = self.playout.end - TICK - self.playout.played();
            let frames = before.max(0).div_euclid(TICK);
            self.waited.push(tick - at + frames as f64 * 20.0);
        }
    }

    fn at(&self, ms: f64) -> Instant {
        self.begin + Duration::from_secs_f64(ms.max(0.0) / 1000.0)
    }
}

/// A tone at a rate.
pub(super) fn tone(rate: Rate, hz: f64) -> impl Fn(u64) -> f64 + Copy {
    move |n| (TAU * hz * n as f64 / f64::from(rate.hz())).sin() * 8000.0
}

/// The largest part of a tone's amplitude by which a sample differs from what the two before it say
/// that it is: 0 for a tone without a break, around 1 where its phase jumps by a radian.
pub(super) fn largest_break(samples: &[i16], rate: Rate, hz: f64) -> f64 {
    let turn = 2.0 * (TAU * hz / f64::from(rate.hz())).cos();
    let differences = samples.windows(3).map(|three| {
        let [a, b, c] = [three[0], three[1], three[2]].map(f64::from);
        (a + c - turn * b).abs() / 8000.0
    });
    differences.fold(0.0, f64::max)
}

#[test]
fn without_jitter_a_packet_is_played_at_the_next_tick() {
    for codec in [AudioCodec::Pcmu, AudioCodec::G722] {
        let mut flow = Flow::new(codec);
        flow.run(1000, tone(codec.rate(), 440.0), || Some(5.0));
        assert_eq!((flow.late, flow.playout.gaps()), (0, 0));
        assert!(flow.waited[1..].iter().all(|&waited| waited < 9.0));
    }
}

#[test]
fn jitter_of_30_ms_is_adapted_to_within_2_s_and_given_up_within_10() {
    let mut worst = [0.0_f64; 2];
    for seed in 0..20 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let codec = AudioCodec::Pcmu;
        let sound = tone(codec.rate(), 440.0);
        let mut flow = Flow::new(codec);
        flow.run(250, sound, || Some(5.0));
        let mut jitter = || Some(5.0 + rng.f64() * 30.0);
        flow.run(100, sound, &mut jitter);
        let (late, gaps) = (flow.late, flow.playout.gaps());
        flow.run(1500, sound, &mut jitter);
        let late = f64::from(flow.late - late) / 15.0;
        let gaps = (flow.playout.gaps() - gaps) as f64 / 15.0;
        worst = [worst[0].max(late), worst[1].max(gaps)];
        flow.run(500, sound, || Some(5.0));
        flow.waited.clear();
        let gaps = flow.playout.gaps();
        flow.run(500, sound, || Some(5.0));
        assert_eq!(flow.playout.gaps(), gaps);
        let waited = flow.waited.iter().copied().fold(0.0, f64::max);
        assert!(waited < 9.0, "seed {seed}: {waited} ms again after 10 s");
    }
    println!(
        "under 30 ms of jitter {:.2} % late, {:.2} % concealed at most",
        worst[0], worst[1]
    );
    assert!(worst.iter().all(|&percent| percent < 1.0));
}

#[test]
fn a_clock_that_is_fast_or_slow_by_200_ppm_for_30_minutes_is_not_heard() {
    for drift in [200e-6, -200e-6] {
        let codec = AudioCodec::L16(Rate::Narrow);
        let sound = tone(codec.rate(), 441.0);
        let mut flow = Flow::new(codec);
        flow.drift = drift;
        let mut waiting = 0;
        for _ in 0..1800 {
            flow.run(50, sound, || Some(5.0));
            waiting = waiting.max(flow.playout.end - flow.playout.played());
        }
        let gaps = (flow.late, flow.playout.gaps());
        let broken = largest_break(&flow.played[400..], Rate::Narrow, 441.0);
        let waited = flow.waited[1..].iter().copied().fold(0.0, f64::max);
        println!(
            "{:+.0} ppm: largest break {:.1} dB, at most {} ms wait, {waited:.1} ms to a tick",
            drift * 1e6,
            20.0 * broken.log10(),
            waiting / MILLISECOND,
        );
        assert_eq!(gaps, (0, 0), "late packets and gaps at {drift}");
        assert!(waiting <= 45 * MILLISECOND, "{waiting}");
        assert!(waited <= 41.5, "{waited}");
        assert!(broken < 0.05, "{broken}");
    }
}

#[test]
fn a_codec_that_changes_with_its_rate_and_clock_makes_no_gap() {
    let codecs = [AudioCodec::Pcmu, AudioCodec::L16(Rate::Wide)];
    let formats = [0, 1].map(|n| PayloadFormat {
        payload_type: n as u8,
        codec: codecs[n],
    });
    let begin = Instant::now();
    let mut playout = Playout::new();
    playout.understand(&formats, Rate::Narrow);
    let mut frame = Frame::silence(Rate::Narrow);
    playout.pull(&mut frame, begin);
    let mut encoders = codecs.map(Encoder::new);
    let mut samples = vec![];
    for n in 0..400_u32 {
        let which = n as usize / 50 % 2;
        let rate = codecs[which].rate();
        let sound = tone(rate, 400.0);
        let said: Vec<i16> = (0..rate.frame() as u64)
            .map(|at| sound(u64::from(n) * rate.frame() as u64 + at) as i16)
            .collect();
        let mut payload = vec![0; 640];
        let length = encoders[which].encode(&said, &mut payload);
        let packet = View {
            payload_type: which as u8,
            sequence: n as u16,
            time_stamp: n * codecs[which].clock_rate() / 50,
            ssrc: 0,
            payload: &payload[..length],
        };
        let arrival = begin + Duration::from_millis(u64::from(n) * 20 + 5);
        let filed = playout.take(&packet, Order::Advances, arrival);
        assert_eq!(filed, Some(Filed::Kept));
        let at = begin + Duration::from_millis(u64::from(n) * 20 + 20);
        assert_eq!(playout.pull(&mut frame, at), Pulled::Sound);
        samples.extend_from_slice(frame.samples());
    }
    assert_eq!(playout.gaps(), 0);
    // At the change only the converter's delay is heard.
    let broken = samples.chunks(160).skip(2).filter(|part| {
        let power: f64 = part.iter().map(|&s| f64::from(s).powi(2)).sum();
        power < 160.0 * 0.8 * 8000_f64.powi(2) / 2.0
    });
    assert_eq!(broken.count(), 0);
}

#[test]
fn a_pause_that_opus_announces_is_no_gap() {
    let codec = AudioCodec::Opus(mg_contract::Opus::default());
    let mut flow = Flow::new(codec);
    let sound = tone(codec.rate(), 441.0);
    flow.run(100, sound, || Some(5.0));
    // A far end that sends what says that there is silence.
    let packet = View {
        payload_type: TYPE,
        sequence: 100,
        time_stamp: 100 * 960,
        ssrc: 0,
        payload: &[0x78],
    };
    let arrival = flow.at(2007.0);
    let filed = flow.playout.take(&packet, Order::Advances, arrival);
    assert_eq!(filed, Some(Filed::Kept));
    let mut frame = Frame::silence(codec.rate());
    let pulled: Vec<_> = (0..20)
        .map(|n| {
            let at = flow.at(2000.0 + 20.0 * f64::from(n));
            flow.playout.pull(&mut frame, at)
        })
        .collect();
    assert_eq!(pulled[10..], [Pulled::Silence; 10]);
    assert_eq!(flow.playout.gaps(), 0);
}

#[test]
fn random_packets_keep_everything_bounded() {
    let codecs = [
        AudioCodec::Pcmu,
        AudioCodec::G722,
        AudioCodec::L16(Rate::Full),
        AudioCodec::Opus(mg_contract::Opus::default()),
    ];
    let formats: Vec<_> = (0..)
        .zip(codecs)
        .map(|(payload_type, codec)| PayloadFormat {
            payload_type,
            codec,
        })
        .collect();
    for (seed, rate) in (0..).zip(Rate::ALL) {
        let mut rng = fastrand::Rng::with_seed(seed);
        let mut playout = Playout::new();
        playout.understand(&formats, rate);
        let mut now = Instant::now() + Duration::from_secs(100);
        let mut frame = Frame::silence(rate);
        let mut base = 0_u32;
        for _ in 0..30_000 {
            base = if rng.u8(..) == 0 {
                rng.u32(..)
            } else {
                base.wrapping_add(rng.u32(..2000))
            };
            let mut payload = vec![0; rng.usize(..6000)];
            payload.truncate(if rng.bool() { 160 } else { 6000 });
            rng.fill(&mut payload);
            let packet = View {
                payload_type: rng.u8(..5),
                sequence: 0,
                time_stamp: base.wrapping_sub(rng.u32(..800)),
                ssrc: 0,
                payload: &payload,
            };
            let order = if rng.bool() {
                Order::Advances
            } else {
                Order::Overtaken
            };
            let arrival = now - Duration::from_micros(rng.u64(..40_000));
            playout.take(&packet, order, arrival);
            match rng.u8(..100) {
                0 => playout.begin_source(),
                1 => playout.forget(),
                2 => now += Duration::from_micros(rng.u64(..1_000_000)),
                3..50 => {
                    now += Duration::from_millis(20);
                    playout.pull(&mut frame, now);
                }
                _ => {}
            }
            let waiting = playout.store.end().map_or(0, |end| end - playout.played());
            assert!(waiting <= WAITING_MAX, "{waiting}");
        }
    }
}

/// What insert and pull cost: `cargo test --release -p mg-media playout_costs -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement"]
fn playout_costs() {
    const TICKS: u64 = 2000;
    const LEGS: usize = 1000;
    let begin = Instant::now();
    let format = PayloadFormat {
        payload_type: 0,
        codec: AudioCodec::Pcmu,
    };
    let mut legs: Vec<_> = (0..LEGS).map(|_| Playout::new()).collect();
    for leg in &mut legs {
        leg.understand(&[format], Rate::Narrow);
    }
    let payload: Vec<u8> = (0..160).map(|n| n as u8).collect();
    let mut frame = Frame::silence(Rate::Narrow);
    let (mut insert, mut pull) = (Duration::ZERO, Duration::ZERO);
    for tick in 0..TICKS {
        let at = begin + Duration::from_millis(tick * 20);
        let packet = View {
            payload_type: 0,
            sequence: tick as u16,
            time_stamp: tick as u32 * 160,
            ssrc: 0,
            payload: &payload,
        };
        let start = Instant::now();
        for leg in &mut legs {
            leg.take(&packet, Order::Advances, at - Duration::from_millis(5));
        }
        let middle = Instant::now();
        for leg in &mut legs {
            leg.pull(&mut frame, at);
        }
        insert += middle - start;
        pull += middle.elapsed();
    }
    let each = |time: Duration| time.as_nanos() / u128::from(TICKS) / LEGS as u128;
    println!("insert {} ns, pull {} ns", each(insert), each(pull));
    assert_eq!(legs.iter().map(Playout::gaps).sum::<u64>(), 0);
}
