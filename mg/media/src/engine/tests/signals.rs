//! Signals: who hears them, how long, and what is reported.

use super::*;
use crate::testing::amplitude;

/// The tone that is played; no phone says it.
const SIGNAL: f64 = 1000.0;

/// Two phones in one group and a third in another.
fn three() -> Bench {
    three_of(Config::default())
}

fn three_of(config: Config) -> Bench {
    let mut bench = Bench::with(config);
    for group in [1, 1, 2] {
        bench.join(group, Pcmu);
    }
    bench
}

fn play_on(bench: &mut Bench, stream: u32, number: u32, sound: Sound, direction: Direction) {
    bench.command(Command::Play {
        signal: SignalRef(number),
        stream: StreamRef(stream),
        sound,
        direction,
    });
}

/// Plays on phone 0.
fn play(bench: &mut Bench, number: u32, sound: Sound, direction: Direction) {
    play_on(bench, 0, number, sound, direction);
}

fn tone(frequencies: &[u16], milliseconds: u64) -> ToneStep {
    ToneStep {
        frequencies: frequencies.to_vec(),
        level: -9,
        time: Duration::from_millis(milliseconds),
    }
}

/// The tone for so long; zero is without an end.
fn sound(milliseconds: u64) -> Sound {
    Sound::Tones {
        steps: vec![tone(&[SIGNAL as u16], milliseconds.max(1))],
        repeats: milliseconds == 0,
    }
}

fn digit(digit: u8, milliseconds: u64) -> Sound {
    Sound::Dtmf {
        digit: Dtmf(digit),
        time: Duration::from_millis(milliseconds),
    }
}

/// Who hears a tone now.
fn hear(bench: &Bench, tone: f64) -> [bool; 3] {
    [0, 1, 2].map(|phone| bench.phones[phone].hears(tone, 5) > 4000.0)
}

/// What was reported.
fn reports(bench: &mut Bench) -> Vec<(u32, bool)> {
    std::iter::from_fn(|| bench.engine.poll_report())
        .map(|report| match report {
            Report::Played { signal, completed } => (signal.0, completed),
            other @ (Report::Statistics { .. }
            | Report::ToneBegan { .. }
            | Report::ToneEnded { .. }
            | Report::CodecChanged { .. }
            | Report::Loss { .. }
            | Report::TalkBegan { .. }
            | Report::TalkEnded { .. }
            | Report::Recorded { .. }) => panic!("{other:?}"),
        })
        .collect()
}

/// Gives phone 0 other settings.
fn modify(bench: &mut Bench, change: impl FnOnce(&mut StreamSettings)) {
    let mut changed = settings(&bench.phones[0]);
    change(&mut changed);
    bench.command(Command::Modify {
        stream: StreamRef(0),
        settings: changed,
    });
}

#[test]
fn the_direction_says_who_hears_it_and_conversation_goes_on() {
    for (direction, heard) in [
        (Direction::External, [true, false, false]),
        (Direction::Internal, [false, true, false]),
        (Direction::Both, [true, true, false]),
        (Direction::Received, [false, true, false]),
    ] {
        let mut bench = three();
        bench.run(20);
        play(&mut bench, 1, sound(0), direction);
        bench.run(20);
        assert_eq!(hear(&bench, SIGNAL), heard, "{direction:?}");
        assert_eq!(hear(&bench, 400.0), [false, true, false], "{direction:?}");
        assert_eq!(hear(&bench, 500.0), [true, false, false], "{direction:?}");
        let signal = SignalRef(1);
        bench.command(Command::Stop { signal });
        bench.run(20);
        assert_eq!(hear(&bench, SIGNAL), [false; 3], "{direction:?}");
        assert_eq!(reports(&mut bench), []);
    }
}

#[test]
fn a_signal_is_heard_whatever_the_mode() {
    for mode in 0..4 {
        let mut bench = three();
        modify(&mut bench, |settings| {
            settings.contributes = mode == 1;
            settings.listens = mode == 2;
            settings.loopback = mode == 3;
        });
        play(&mut bench, 1, sound(0), Direction::Both);
        bench.run(20);
        assert_eq!(hear(&bench, SIGNAL), [true, true, false], "{mode}");
        let own = bench.phones[0].hears(400.0, 5) > 4000.0;
        assert_eq!(own, mode == 3);
    }
}

#[test]
fn several_sound_at_once_and_each_tells_its_end() {
    let mut bench = three();
    play(&mut bench, 1, sound(200), Direction::External);
    let other = Sound::Tones {
        steps: vec![tone(&[1500, 2000], 250), tone(&[], 10)],
        repeats: false,
    };
    play(&mut bench, 2, other, Direction::External);
    let mut over = Vec::new();
    for tick in 1..=20 {
        bench.run(1);
        over.extend(reports(&mut bench).into_iter().map(|report| (tick, report)));
        if tick == 10 {
            for frequency in [SIGNAL, 1500.0, 2000.0] {
                assert!(hear(&bench, frequency)[0], "{frequency}");
            }
        }
    }
    assert_eq!(over, [(10, (1, true)), (13, (2, true))]);
    assert_eq!(hear(&bench, SIGNAL), [false; 3]);
}

#[test]
fn an_announcement_is_played_so_often_and_one_that_is_not_there_is_not() {
    let announcements = BTreeMap::from([(7, square(800))]);
    let mut bench = three_of(Config {
        announcements,
        ..Config::default()
    });
    let announcement = |number, cycles| Sound::Announcement {
        number,
        cycles,
        duck: 0,
    };
    play(&mut bench, 1, announcement(8, None), Direction::External);
    assert_eq!(reports(&mut bench), [(1, false)]);
    play(&mut bench, 2, announcement(7, Some(3)), Direction::Internal);
    bench.run(14);
    assert_eq!(hear(&bench, SIGNAL), [false, true, false]);
    assert_eq!(reports(&mut bench), []);
    bench.run(1);
    assert_eq!(reports(&mut bench), [(2, true)]);
    play(&mut bench, 3, announcement(7, None), Direction::External);
    bench.run(500);
    assert_eq!(hear(&bench, SIGNAL), [true, false, false]);
}

#[test]
fn silence_takes_its_time_and_is_not_heard() {
    let mut bench = three();
    let time = Some(Duration::from_millis(100));
    play(&mut bench, 1, Sound::Silence { time }, Direction::External);
    play(
        &mut bench,
        2,
        Sound::Silence { time: None },
        Direction::External,
    );
    bench.run(4);
    assert_eq!(reports(&mut bench), []);
    bench.run(500);
    assert_eq!(reports(&mut bench), [(1, true)]);
    assert_eq!(hear(&bench, 500.0), [true, false, false]);
}

#[test]
fn a_loop_sends_back_what_is_received_in_any_mode() {
    let mut bench = three();
    modify(&mut bench, |settings| {
        (settings.contributes, settings.listens) = (false, false);
    });
    play(&mut bench, 1, Sound::Loop, Direction::External);
    bench.run(30);
    assert_eq!(hear(&bench, 400.0), [true, false, false]);
    bench.command(Command::Stop {
        signal: SignalRef(1),
    });
    bench.run(30);
    let sent = bench.phones[0].received.len();
    bench.run(30);
    assert_eq!(bench.phones[0].received.len(), sent);
}

#[test]
fn digits_go_in_the_audio_where_no_events_are_agreed_on_one_after_the_other() {
    let mut bench = three();
    play(&mut bench, 1, digit(5, 100), Direction::External);
    play(&mut bench, 2, digit(5, 100), Direction::External);
    bench.run(5);
    let dtmf = [770.0, 1336.0];
    let sounds = |bench: &Bench| dtmf.map(|tone| bench.phones[0].hears(tone, 3) > 5000.0);
    assert_eq!(sounds(&bench), [true; 2]);
    bench.run(3);
    assert_eq!(sounds(&bench), [false; 2]);
    assert_eq!(reports(&mut bench), [(1, true)]);
    bench.run(5);
    assert_eq!(sounds(&bench), [true; 2]);
    bench.run(3);
    assert_eq!(reports(&mut bench), [(2, true)]);
    assert!(bench.phones[0].events.is_empty());
}

/// Agrees on events with phone 0.
fn agree_on_events(bench: &mut Bench) {
    modify(bench, |settings| {
        if let Some(send) = &mut settings.send {
            send.events = Some(EVENTS);
        }
    });
}

#[test]
fn digits_go_as_events_where_these_are_agreed_on() {
    let mut bench = three();
    agree_on_events(&mut bench);
    bench.run(10);
    play(&mut bench, 1, digit(11, 70), Direction::External);
    bench.run(20);
    let phone = &bench.phones[0];
    let (events, audio) = (&phone.events, &phone.received);
    let seen: Vec<_> = events
        .iter()
        .map(|event| (event.marker, event.samples.clone()))
        .collect();
    let event = |end: i16, duration: i16| vec![11, end + 8, duration >> 8, duration & 255];
    assert_eq!(
        seen,
        [
            (true, event(0, 160)),
            (false, event(0, 320)),
            (false, event(0, 480)),
            (false, event(128, 560)),
            (false, event(128, 560)),
            (false, event(128, 560)),
        ]
    );
    // The numbers run on, the time stamp is that of the sound that it stands for.
    let before = &audio[9];
    for (n, event) in (1..).zip(events) {
        assert_eq!(event.sequence, before.sequence.wrapping_add(n));
        assert_eq!(event.time_stamp, before.time_stamp.wrapping_add(160));
        assert_eq!(event.ssrc, before.ssrc);
    }
    let after = &audio[10];
    assert!(after.marker);
    assert_eq!(after.sequence, before.sequence.wrapping_add(7));
    assert_eq!(after.time_stamp, before.time_stamp.wrapping_add(7 * 160));
    assert_eq!(reports(&mut bench), [(1, true)]);
    for tone in [941.0, 1477.0] {
        assert_eq!(hear(&bench, tone), [false; 3]);
    }
}

#[test]
fn an_event_that_is_stopped_is_ended_and_others_hear_the_sound() {
    let mut bench = three();
    agree_on_events(&mut bench);
    bench.run(10);
    play(&mut bench, 1, digit(0, 5000), Direction::Both);
    bench.run(10);
    let heard: Vec<i16> = bench.phones[1].received[15..]
        .iter()
        .flat_map(|packet| packet.samples.clone())
        .collect();
    assert!(amplitude(&heard, 941.0) > 5000.0 && amplitude(&heard, 1336.0) > 5000.0);
    bench.command(Command::Stop {
        signal: SignalRef(1),
    });
    bench.run(10);
    let events = &bench.phones[0].events;
    let ends = events.iter().filter(|event| event.samples[1] & 128 != 0);
    let durations: Vec<_> = ends.map(|event| event.samples[2..].to_vec()).collect();
    assert_eq!(durations, vec![vec![1600 >> 8, 1600 & 255]; 3]);
    assert_eq!(reports(&mut bench), []);
}

#[test]
fn what_cannot_be_played_is_told_at_once() {
    let mut bench = three();
    play_on(&mut bench, 99, 1, sound(100), Direction::External);
    assert_eq!(reports(&mut bench), [(1, false)]);
    for number in 0..40 {
        play(&mut bench, number, sound(0), Direction::External);
    }
    assert_eq!(reports(&mut bench).len(), 8);
    let (stream, ticket) = (StreamRef(0), Ticket(1));
    bench.command(Command::Close { stream, ticket });
    bench.engine.poll_report();
    bench.run(20);
    assert_eq!(reports(&mut bench), []);
    bench.command(Command::Stop {
        signal: SignalRef(3),
    });
}

#[test]
fn a_watcher_hears_signals_to_him_whom_he_watches() {
    let mut bench = three();
    bench.command(Command::Hear {
        listener: StreamRef(1),
        source: StreamRef(0),
        hears: Hears {
            received: false,
            sent: true,
        },
    });
    play(&mut bench, 1, sound(0), Direction::External);
    bench.run(20);
    assert_eq!(hear(&bench, SIGNAL), [true, true, false]);
    assert_eq!(hear(&bench, 400.0), [false; 3]);
}
