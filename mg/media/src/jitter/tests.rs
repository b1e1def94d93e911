use super::*;

/// What octet `n` decodes to: one above, so that nothing played is silence.
static DECODED: [i16; 256] = {
    let mut table = [0; 256];
    let mut n = 0;
    while n < 256 {
        table[n] = n as i16 + 1;
        n += 1;
    }
    table
};

/// A playout buffer and a source whose samples tell their place in the stream.
struct Rig {
    playout: Playout,
    frames: Vec<Narrow>,
}

impl Rig {
    fn new() -> Self {
        Self {
            playout: Playout::new(),
            frames: vec![],
        }
    }

    /// Files the samples from `at` on.
    fn insert(&mut self, at: u32, samples: u32, order: Order) -> Filed {
        let payload: Vec<u8> = (at..at + samples).map(octet).collect();
        self.playout
            .insert(at.wrapping_add(START), &payload, &DECODED, order)
    }

    fn pull(&mut self) -> Pulled {
        let mut frame = [0; FRAME];
        let pulled = self.playout.pull(&mut frame);
        self.frames.push(frame);
        pulled
    }

    /// Frames that were played and do not follow from the frame before.
    fn breaks(&self) -> usize {
        let samples: Vec<i16> = self.frames.concat();
        let first = samples.iter().position(|&sample| sample != 0).unwrap_or(0);
        let samples = &samples[first..];
        let breaks = samples
            .windows(2)
            .filter(|pair| pair[1] != pair[0] % 251 + 1);
        breaks.count()
    }
}

/// Near the wrap of time stamps.
const START: u32 = u32::MAX - 5000;

/// The samples go in a circle of 251, which no frame is a multiple of.
fn octet(at: u32) -> u8 {
    (at % 251) as u8
}

/// Lets packets of one length arrive in time; `phase` is the part of a tick before it, in samples.
fn steady(length: u32, phase: u32, ticks: u32) -> Rig {
    let mut rig = Rig::new();
    let mut sent = 0;
    for tick in 1..=ticks {
        while sent + phase <= tick * 160 {
            rig.insert(sent, length, Order::Advances);
            sent += length;
        }
        rig.pull();
    }
    rig
}

#[test]
fn packets_of_any_usual_length_are_played_whole_and_soon() {
    for length in [80, 160, 240, 320, 480] {
        for phase in [1, 40, 79, 120, 159] {
            let rig = steady(length, phase, 1000);
            assert_eq!(rig.breaks(), 0, "{length} samples, phase {phase}");
            assert_eq!(rig.frames[0], [0; FRAME], "a tick is waited");
            assert_ne!(rig.frames[1], [0; FRAME], "no more than needed is waited");
        }
    }
}

#[test]
fn a_frame_of_silence_comes_from_an_empty_buffer() {
    let mut rig = Rig::new();
    assert_eq!(rig.pull(), Pulled::Silence);
    assert_eq!(rig.frames[0], [0; FRAME]);
}

#[test]
fn a_lost_packet_is_concealed_and_what_follows_keeps_its_place() {
    let mut rig = Rig::new();
    for n in 0..10 {
        if n != 5 {
            rig.insert(n * 160, 160, Order::Advances);
        }
        rig.pull();
    }
    // Narrow n is played at pull n + 1.
    assert!(
        rig.frames[6].iter().filter(|&&sample| sample != 0).count() > 150,
        "concealed"
    );
    assert_eq!(rig.frames[7][0], i16::from(octet(6 * 160)) + 1);
}

#[test]
fn an_overtaken_packet_takes_its_place() {
    let mut rig = Rig::new();
    for pair in 0..50 {
        let at = pair * 320;
        if pair == 0 {
            rig.insert(0, 320, Order::Advances);
            rig.pull();
            rig.pull();
            continue;
        }
        rig.pull();
        assert_eq!(rig.insert(at + 160, 160, Order::Advances), Filed::Kept);
        assert_eq!(rig.insert(at, 160, Order::Overtaken), Filed::Kept);
        rig.pull();
    }
    assert_eq!(rig.breaks(), 0);
}

#[test]
fn packets_that_come_late_again_and_again_make_the_delay_longer() {
    let mut rig = Rig::new();
    let mut late = 0;
    for n in 0..200 {
        // Every tenth comes 60 ms late.
        if n % 10 != 5 {
            rig.insert(n * 160, 160, Order::Advances);
        }
        if n % 10 == 8 && rig.insert((n - 3) * 160, 160, Order::Overtaken) == Filed::Late {
            late += 1;
        }
        rig.pull();
    }
    assert!((1..=3).contains(&late), "{late}");
}

#[test]
fn delay_that_nobody_needs_is_given_up() {
    let mut rig = Rig::new();
    // A burst of 140 ms, then evenly.
    for n in 0..7 {
        rig.insert(n * 160, 160, Order::Advances);
    }
    for n in 7..607 {
        rig.insert(n * 160, 160, Order::Advances);
        rig.pull();
    }
    assert!(
        rig.playout.level() <= 2 * FRAME_LENGTH,
        "{}",
        rig.playout.level()
    );
    assert!(rig.breaks() <= 6, "{}", rig.breaks());
}

#[test]
fn a_flood_never_makes_more_than_the_bound_wait() {
    let mut rig = Rig::new();
    for n in 0..1000 {
        rig.insert(n * 160, 160, Order::Advances);
        assert!(rig.playout.level() <= LEVEL_MAX);
    }
    assert!(rig.playout.level() >= LEVEL_KEPT);
}

#[test]
fn a_clock_that_is_slightly_fast_or_slow_costs_single_frames() {
    for drift in [-1, 1] {
        let mut rig = Rig::new();
        let (mut sent, mut next) = (0, 0);
        for tick in 0..20_000_i64 {
            // 0.1 %: a frame in a thousand.
            while next <= tick * 16_000 + 7000 {
                rig.insert(sent, 160, Order::Advances);
                sent += 160;
                next += 16_000 - drift * 16;
            }
            rig.pull();
            assert!(rig.playout.level() <= 640);
        }
        let breaks = rig.breaks();
        // Twenty frames too many or too few; every sample of a concealed one counts.
        assert!((10..=22 * 161).contains(&breaks), "drift {drift}: {breaks}");
        let silent = rig
            .frames
            .iter()
            .filter(|frame| **frame == [0; FRAME])
            .count();
        assert_eq!(silent, 1, "drift {drift}");
    }
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
        rig.insert(n * 160, 160, Order::Advances);
        rig.pull();
    }
    assert_eq!(rig.breaks(), 0);
    assert_eq!(rig.frames[0], [0; FRAME]);
    assert_eq!(rig.frames[1][0], i16::from(octet(100 * 160)) + 1);
}

#[test]
fn a_source_that_sets_its_clock_back_is_followed() {
    let mut rig = Rig::new();
    for n in (1000..1020).chain(10..30) {
        assert_eq!(rig.insert(n * 160, 160, Order::Advances), Filed::Kept);
        rig.pull();
    }
    assert_eq!(rig.frames[39][0], i16::from(octet(28 * 160)) + 1);
}

#[test]
fn ticks_that_were_skipped_leave_the_delay_as_it_was() {
    let mut rig = Rig::new();
    for n in 0..20 {
        rig.insert(n * 160, 160, Order::Advances);
        if n < 10 {
            rig.pull();
        }
    }
    rig.playout.skip_frames(9);
    rig.pull();
    assert_eq!(rig.playout.level(), FRAME_LENGTH);
    assert_eq!(rig.frames[10][0], i16::from(octet(18 * 160)) + 1);
}

#[test]
fn random_packets_keep_the_buffer_bounded() {
    let mut rng = fastrand::Rng::with_seed(1);
    let mut rig = Rig::new();
    let payload = [5; PAYLOAD_MAX];
    let mut base = 0_u32;
    for _ in 0..100_000 {
        base = if rng.u8(..) == 0 {
            rng.u32(..)
        } else {
            base.wrapping_add(rng.u32(..400))
        };
        let time_stamp = base.wrapping_sub(rng.u32(..800));
        let order = if rng.bool() {
            Order::Advances
        } else {
            Order::Overtaken
        };
        let payload = &payload[..rng.usize(..=PAYLOAD_MAX)];
        rig.playout.insert(time_stamp, payload, &DECODED, order);
        assert!(rig.playout.level() <= LEVEL_MAX, "{}", rig.playout.level());
        if rng.bool() {
            rig.pull();
        }
    }
    // Nothing is left where nothing waits.
    let level = rig.playout.level() as usize;
    let left = rig
        .playout
        .ring
        .iter()
        .filter(|&&sample| sample != ABSENT)
        .count();
    assert!(left <= level, "{left} of {level}");
}
