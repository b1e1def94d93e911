use std::time::{Duration, Instant};

use mg_contract::AudioCodec;

use super::*;
use crate::frame::Frame;

mod flow;
mod loss;

/// Near the wrap of time stamps.
const START: u32 = u32::MAX - 5000;
/// The payload type of the codec of a test.
const TYPE: u8 = 96;

impl Playout {
    /// Takes a packet if it is understood.
    fn take(&mut self, packet: &View<'_>, order: Order, arrival: Instant) -> Option<Filed> {
        let content = self.content(packet)?;
        Some(self.insert(packet, content, order, arrival))
    }

    /// Plays the frame of a tick.
    fn pull(&mut self, frame: &mut Frame, at: Instant) -> Pulled {
        let pulled = self.play(frame.rate(), at);
        match pulled {
            Pulled::Silence => frame.clear(frame.rate()),
            Pulled::Sound | Pulled::Noise => frame.copy(self.frame()),
        }
        pulled
    }
}

/// A playout and a source whose samples tell their place in the stream.
struct Rig {
    playout: Playout,
    begin: Instant,
    /// Ticks so far.
    ticks: u64,
    frames: Vec<Vec<i16>>,
}

impl Rig {
    fn new() -> Self {
        let mut playout = Playout::new();
        let codec = AudioCodec::L16(Rate::Narrow);
        let format = PayloadFormat {
            payload_type: TYPE,
            codec,
        };
        playout.understand(&[format], Rate::Narrow);
        let mut rig = Self {
            playout,
            begin: Instant::now(),
            ticks: 0,
            frames: vec![],
        };
        // The first tick tells when ticks are.
        rig.pull();
        rig.frames.clear();
        rig
    }

    /// Lets the samples from `at` on arrive, a part of a tick in ms after the last one.
    fn insert(&mut self, at: u32, samples: u32, order: Order, phase: f64) -> Filed {
        let payload: Vec<u8> = (at..at + samples)
            .flat_map(|at| sample(at).to_be_bytes())
            .collect();
        let packet = View {
            payload_type: TYPE,
            sequence: 0,
            time_stamp: at.wrapping_add(START),
            ssrc: 0,
            payload: &payload,
        };
        let arrival = self.at(self.ticks - 1) + Duration::from_secs_f64(phase / 1000.0);
        self.playout.take(&packet, order, arrival).unwrap()
    }

    fn pull(&mut self) -> Pulled {
        let mut frame = Frame::silence(Rate::Narrow);
        let pulled = self.playout.pull(&mut frame, self.at(self.ticks));
        self.ticks += 1;
        self.frames.push(frame.samples().to_vec());
        pulled
    }

    fn at(&self, tick: u64) -> Instant {
        self.begin + Duration::from_millis(20 * tick)
    }

    /// Sound that waits, in samples.
    fn waiting(&self) -> i64 {
        let end = self.playout.store.end().unwrap_or(self.playout.next);
        (end.max(self.playout.next) - self.playout.played()) / 6
    }

    /// Samples that were played and do not follow from the one before.
    fn breaks(&self) -> usize {
        let samples: Vec<i16> = self.frames.concat();
        let first = samples.iter().position(|&sample| sample != 0).unwrap_or(0);
        // Where sound begins it fades in.
        let samples = &samples[first + 40..];
        let breaks = samples
            .windows(2)
            .filter(|pair| pair[1] != pair[0] % 251 + 1);
        breaks.count()
    }
}

/// The samples go in a circle of 251, which no frame is a multiple of.
fn sample(at: u32) -> i16 {
    (at % 251) as i16 + 1
}

#[test]
fn packets_of_any_usual_length_are_played_whole_at_the_tick_after_their_arrival() {
    for length in [80, 160, 240, 320, 480, 960] {
        for phase in [1.0, 5.0, 9.0, 15.0, 18.0] {
            let mut rig = Rig::new();
            let mut sent = 0;
            for tick in 0..1000 {
                // What is sent has been said before.
                while f64::from(sent) / 8.0 <= f64::from(tick) * 20.0 + 20.0 - phase {
                    let at = f64::from(sent) / 8.0 - f64::from(tick) * 20.0 + phase;
                    assert_eq!(rig.insert(sent, length, Order::Advances, at), Filed::Kept);
                    sent += length;
                }
                rig.pull();
            }
            let case = format!("{length} samples, phase {phase}");
            assert_eq!(rig.breaks(), 0, "{case}");
            assert_eq!(rig.playout.gaps(), 0, "{case}");
            assert_ne!(rig.frames[0], [0; 160], "no tick is waited: {case}");
        }
    }
}

#[test]
fn a_frame_of_silence_comes_from_an_empty_playout() {
    let mut rig = Rig::new();
    assert_eq!(rig.pull(), Pulled::Silence);
    assert_eq!(rig.frames[0], [0; 160]);
}

#[test]
fn a_lost_packet_is_concealed_and_what_follows_keeps_its_place() {
    let mut rig = Rig::new();
    for n in 0..10 {
        if n != 5 {
            rig.insert(n * 160, 160, Order::Advances, 5.0);
        }
        rig.pull();
    }
    let concealed = rig.frames[5].iter().filter(|&&sample| sample != 0).count();
    assert!(concealed > 150);
    assert_eq!(rig.frames[6][60], sample(6 * 160 + 60));
    assert_eq!(rig.playout.gaps(), 1);
}

#[test]
fn an_overtaken_packet_takes_its_place() {
    let mut rig = Rig::new();
    for pair in 0..500 {
        let at = pair * 320;
        rig.insert(at + 160, 160, Order::Advances, 5.0);
        rig.insert(at, 160, Order::Overtaken, 6.0);
        rig.pull();
        rig.pull();
    }
    assert_eq!(rig.playout.gaps(), 0);
    assert_eq!(rig.breaks(), 0);
}

#[test]
fn packets_that_come_late_again_and_again_make_the_delay_longer() {
    let mut rig = Rig::new();
    let mut late = 0;
    for n in 0..500 {
        // Every tenth comes 60 ms late.
        if n % 10 != 5 {
            rig.insert(n * 160, 160, Order::Advances, 5.0);
        }
        if n % 10 == 8 {
            let filed = rig.insert((n - 3) * 160, 160, Order::Overtaken, 5.0);
            late += usize::from(filed == Filed::Late);
        }
        rig.pull();
    }
    assert!(late <= 3, "{late}");
    assert!(rig.playout.gaps() <= 3, "{}", rig.playout.gaps());
}

#[test]
fn a_way_that_becomes_longer_costs_few_packets() {
    let mut rig = Rig::new();
    let mut late = 0;
    for tick in 0..200 {
        // 20 ms are added.
        if tick != 100 {
            let n = if tick < 100 { tick } else { tick - 1 };
            let filed = rig.insert(n * 160, 160, Order::Advances, 5.0);
            late += usize::from(filed == Filed::Late);
        }
        rig.pull();
    }
    assert!((1..=2).contains(&late), "{late}");
}

#[test]
fn delay_that_nobody_needs_is_given_up() {
    let mut rig = Rig::new();
    // A burst of 140 ms, then evenly.
    for n in 0..7 {
        rig.insert(n * 160, 160, Order::Advances, 5.0);
    }
    for n in 7..607 {
        rig.insert(n * 160, 160, Order::Advances, 5.0);
        rig.pull();
    }
    assert!(rig.waiting() < 320, "{}", rig.waiting());
    assert_eq!(rig.playout.gaps(), 0);
}

#[test]
fn a_flood_never_makes_more_than_the_bound_wait() {
    let mut rig = Rig::new();
    for n in 0..1000 {
        rig.insert(n * 160, 160, Order::Advances, 5.0);
        assert!(rig.waiting() <= 1600);
    }
    assert!(rig.waiting() >= 320);
}

#[test]
fn a_pause_of_the_source_is_silence_and_the_next_spurt_is_whole() {
    let mut rig = Rig::new();
    for n in (0..20).chain(100..120) {
        if n == 100 {
            (0..80).for_each(|_| {
                rig.pull();
            });
            assert_eq!(rig.pull(), Pulled::Silence);
            rig.frames.clear();
        }
        rig.insert(n * 160, 160, Order::Advances, 5.0);
        rig.pull();
    }
    assert_eq!(rig.breaks(), 0);
    assert_eq!(rig.frames[0][60], sample(100 * 160 + 60));
}

#[test]
fn a_source_that_sets_its_clock_anew_is_followed() {
    for second in [10, 100_000] {
        let mut rig = Rig::new();
        for n in (1000..1020).chain(second..second + 20) {
            let filed = rig.insert(n * 160, 160, Order::Advances, 5.0);
            assert_eq!(filed, Filed::Kept);
            rig.pull();
        }
        assert_eq!(rig.frames[39][60], sample((second + 19) * 160 + 60));
        assert_eq!(rig.playout.gaps(), 0, "nothing was missing");
    }
}

#[test]
fn a_new_source_follows_the_former() {
    let mut rig = Rig::new();
    for n in (0..20).chain(5000..5020) {
        if n == 5000 {
            rig.playout.begin_source();
        }
        rig.insert(n * 160, 160, Order::Advances, 5.0);
        rig.pull();
    }
    assert_eq!(rig.playout.gaps(), 0);
    assert_eq!(rig.frames[20][60], sample(5000 * 160 + 60));
}

#[test]
fn ticks_that_were_skipped_leave_the_delay_as_it_was() {
    let mut rig = Rig::new();
    for n in 0..20 {
        rig.insert(n * 160, 160, Order::Advances, 5.0);
        if n < 10 {
            rig.pull();
        } else {
            rig.ticks += 1;
        }
    }
    rig.ticks -= 1;
    rig.pull();
    assert_eq!(rig.waiting(), 0);
    assert_eq!(rig.frames[10][60], sample(19 * 160 + 60));
}

#[test]
fn what_was_heard_for_another_use_is_forgotten() {
    let mut rig = Rig::new();
    for n in 0..5 {
        rig.insert(n * 160, 160, Order::Advances, 5.0);
    }
    rig.pull();
    rig.playout.forget();
    assert_eq!(rig.pull(), Pulled::Silence);
    rig.insert(7 * 160, 160, Order::Advances, 5.0);
    for _ in 0..6 {
        rig.pull();
    }
    // As long after its time stamp as what was said before.
    assert_eq!(rig.frames[7][60], sample(7 * 160 + 60));
}
