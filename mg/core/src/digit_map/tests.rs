//! The collection in virtual time, rule by rule (H.248.1 7.1.14.2 to 7.1.14.5).

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use codec_h248::descriptor::{DigitMapTimers, DigitMapValue};

use super::{Collection, Completion, DigitMap, Step, Symbol};

/// What happens, and after how many milliseconds since the beginning.
#[derive(Clone, Copy)]
enum Do {
    /// A symbol that is let go after 80 ms.
    Key(char, u64),
    /// A symbol that is held down for so long.
    Hold(char, u64, u64),
    /// Nothing more.
    Wait,
}
use Do::{Hold, Key, Wait};

struct Line {
    start: Instant,
    now: Instant,
    collection: Collection,
}

impl Line {
    fn new(timers: DigitMapTimers, body: &str) -> Self {
        let map = DigitMap::new(&DigitMapValue {
            timers,
            body: body.into(),
        });
        let start = Instant::now();
        let map = Arc::new(map.expect("a digit map"));
        Self {
            start,
            now: start,
            collection: Collection::new(map, start),
        }
    }

    /// Lets time pass; an end is told with its instant.
    fn pass_to(&mut self, until: Option<u64>) -> Option<(u64, Completion)> {
        let until = until.map(|ms| self.start + Duration::from_millis(ms));
        while let Some(due) = self.collection.poll_timeout() {
            if until.is_some_and(|until| due > until) {
                break;
            }
            self.now = due;
            if let Step::Over(done) = self.collection.handle_timeout(due) {
                return Some((self.elapsed(), done));
            }
        }
        self.now = until.unwrap_or(self.now);
        None
    }

    fn elapsed(&self) -> u64 {
        let elapsed = self.now - self.start;
        u64::try_from(elapsed.as_millis()).expect("short")
    }

    fn press(&mut self, sign: char, at: u64, held: u64) -> Option<(u64, Completion)> {
        if let Some(done) = self.pass_to(Some(at)) {
            return Some(done);
        }
        let symbol = Symbol::new(u8::try_from(sign).expect("ASCII")).expect("a symbol");
        if let Step::Over(done) = self.collection.handle_symbol(symbol, self.now) {
            return Some((self.elapsed(), done));
        }
        if let Some(done) = self.pass_to(Some(at + held)) {
            return Some(done);
        }
        match self.collection.handle_release(self.now) {
            Step::Over(done) => Some((self.elapsed(), done)),
            Step::GoesOn => None,
        }
    }

    /// How and when it ends, as `ds Meth left-over at`.
    fn run(&mut self, what: &[Do]) -> String {
        for one in what {
            let done = match *one {
                Key(sign, at) => self.press(sign, at, 80),
                Hold(sign, at, held) => self.press(sign, at, held),
                Wait => self.pass_to(None),
            };
            if let Some((at, done)) = done {
                let left = done.left_over.map_or('-', Symbol::sign);
                let method = done.method.as_str();
                return format!("{:?} {method} {left} {at}", done.dialled);
            }
        }
        format!("goes on with {:?}", self.collection.dialled())
    }
}

fn timers(start: u8, short: u8, long: u8, press: u8) -> DigitMapTimers {
    DigitMapTimers {
        start_s: Some(start),
        short_s: Some(short),
        long_s: Some(long),
        duration_ds: Some(press),
    }
}

#[track_caller]
fn check(rows: &[(&str, &[Do], &str)]) {
    for (body, what, end) in rows {
        let mut line = Line::new(timers(5, 2, 10, 5), body);
        assert_eq!(line.run(what), *end, "{body}");
    }
}

#[test]
fn the_last_symbol_of_one_string_ends_it_at_once() {
    check(&[
        (
            "(1xx)",
            &[Key('1', 0), Key('2', 500), Key('3', 900)],
            "\"123\" UM - 900",
        ),
        ("1xx", &[Key('1', 0), Key('2', 500)], "goes on with \"12\""),
        ("(0|[1-9]xxx|Exx|9011x.)", &[Key('0', 10)], "\"0\" UM - 10"),
        (
            "(0|[1-9]xxx|Exx|9011x.)",
            &[Key('*', 0), Key('4', 1), Key('2', 2)],
            "\"E42\" UM - 2",
        ),
        // Two strings, both complete, and neither can go on.
        ("(12|x2)", &[Key('1', 0), Key('2', 1)], "\"12\" UM - 1"),
        // A dot in the midst is left by what follows it.
        (
            "(9x.F)",
            &[Key('9', 0), Key('1', 1), Key('#', 2)],
            "\"91F\" UM - 2",
        ),
        ("(9x.F)", &[Key('9', 0), Key('#', 2)], "\"9F\" UM - 2"),
    ]);
}

#[test]
fn a_string_that_could_go_on_waits_for_the_short_timer() {
    check(&[
        (
            "(12|123)",
            &[Key('1', 0), Key('2', 100), Wait],
            "\"12\" FM - 2100",
        ),
        (
            "(12|123)",
            &[Key('1', 0), Key('2', 100), Key('3', 2_000)],
            "\"123\" UM - 2000",
        ),
        (
            "(9x.)",
            &[Key('9', 0), Key('1', 1), Key('2', 2), Wait],
            "\"912\" FM - 2002",
        ),
        // A dot stands for none, too.
        ("(9x.)", &[Key('9', 50), Wait], "\"9\" FM - 2050"),
        ("(x.)", &[Wait], "\"\" FM - 5000"),
    ]);
}

#[test]
fn a_string_that_needs_more_waits_for_the_long_timer() {
    check(&[
        (
            "(1xxx)",
            &[Key('1', 0), Key('2', 100), Wait],
            "\"12\" PM - 10100",
        ),
        (
            "(1xxx)",
            &[Key('1', 0), Key('2', 100), Key('3', 10_000), Wait],
            "\"123\" PM - 20000",
        ),
        // One of two is complete at neither place.
        ("(12|345)", &[Key('3', 0), Wait], "\"3\" PM - 10000"),
    ]);
}

#[test]
fn the_start_timer_runs_until_the_first_symbol() {
    check(&[
        ("(1xxx)", &[Wait], "\"\" PM - 5000"),
        ("(1xxx)", &[Key('1', 4_999), Wait], "\"1\" PM - 14999"),
    ]);
    let mut endless = Line::new(timers(0, 2, 10, 5), "1xxx");
    assert_eq!(endless.run(&[Wait]), "goes on with \"\"");
    assert_eq!(endless.run(&[Key('1', 90_000), Wait]), "\"1\" PM - 100000");
    let mut usual = Line::new(DigitMapTimers::default(), "(1|12|345)");
    assert_eq!(usual.run(&[Wait]), "\"\" PM - 16000");
    let mut usual = Line::new(DigitMapTimers::default(), "(1|12|345)");
    assert_eq!(usual.run(&[Key('1', 0), Wait]), "\"1\" FM - 4000");
    let mut usual = Line::new(DigitMapTimers::default(), "(1|12|345)");
    assert_eq!(usual.run(&[Key('3', 0), Wait]), "\"3\" PM - 16000");
}

#[test]
fn a_symbol_that_matches_nothing_ends_it_and_stays_outside() {
    check(&[
        ("(12x)", &[Key('1', 0), Key('3', 50)], "\"1\" PM 3 50"),
        (
            "(12|123)",
            &[Key('1', 0), Key('2', 1), Key('9', 2)],
            "\"12\" FM 9 2",
        ),
        ("([2-4]x)", &[Key('1', 7)], "\"\" PM 1 7"),
        ("([2-4]x)", &[Key('3', 0), Key('5', 1)], "\"35\" UM - 1"),
        ("[ ]x", &[Key('3', 0)], "\"\" PM 3 0"),
        ("(1x|Ax)", &[Key('A', 0), Key('A', 1)], "\"A\" PM A 1"),
    ]);
}

#[test]
fn a_string_may_name_the_timer_of_what_follows() {
    check(&[
        // S in place of L, and L in place of S.
        ("(1Sxx)", &[Key('1', 0), Wait], "\"1\" PM - 2000"),
        (
            "(1Sxx)",
            &[Key('1', 0), Key('2', 1_000), Wait],
            "\"12\" PM - 3000",
        ),
        (
            "(1SxLx)",
            &[Key('1', 0), Key('2', 1_000), Wait],
            "\"12\" PM - 11000",
        ),
        (
            "(12|12L3)",
            &[Key('1', 0), Key('2', 0), Wait],
            "\"12\" FM - 10000",
        ),
        (
            "(12L|123)",
            &[Key('1', 0), Key('2', 0), Wait],
            "\"12\" FM - 10000",
        ),
        // T in place of S.
        (
            "(12|12T3)",
            &[Key('1', 0), Key('2', 0), Wait],
            "\"12\" FM - 5000",
        ),
        // Two that differ: L.
        ("(1Sx5|1Lx6)", &[Key('1', 0), Wait], "\"1\" PM - 10000"),
        ("(1Sx5|1Tx6)", &[Key('1', 0), Wait], "\"1\" PM - 10000"),
        // Only what is still a candidate counts.
        ("(1Sx5|2Lx6)", &[Key('1', 0), Wait], "\"1\" PM - 2000"),
    ]);
}

#[test]
fn a_long_press_is_told_from_a_short_one() {
    check(&[
        ("(Z1)", &[Hold('1', 0, 200)], "\"\" PM 1 200"),
        ("(Z1)", &[Hold('1', 0, 800)], "\"Z1\" UM - 500"),
        (
            "(Z1x|12)",
            &[Hold('1', 0, 300), Key('2', 400)],
            "\"12\" UM - 400",
        ),
        (
            "(Z1x|12)",
            &[Hold('1', 0, 600), Key('2', 700)],
            "\"Z12\" UM - 700",
        ),
        ("(Z1x|12)", &[Hold('1', 0, 600), Wait], "\"Z1\" PM - 10500"),
        // Nobody asks how long this one is.
        (
            "(Z1x|12)",
            &[Key('1', 0), Hold('2', 200, 900)],
            "\"12\" UM - 200",
        ),
        (
            "(1Zx.)",
            &[
                Key('1', 0),
                Hold('2', 200, 900),
                Hold('3', 2_000, 600),
                Wait,
            ],
            "\"1Z2Z3\" FM - 4500",
        ),
        (
            "(Z[12]F)",
            &[Hold('2', 0, 501), Key('F', 900)],
            "\"Z2F\" UM - 900",
        ),
    ]);
}

#[test]
fn a_dial_string_has_an_end() {
    let mut line = Line::new(timers(5, 2, 10, 5), "x.");
    let many: Vec<Do> = (0..100).map(|index| Key('7', index * 100)).collect();
    let dialled = "7".repeat(super::collection::DIALLED_MAX);
    assert_eq!(line.run(&many), format!("{dialled:?} FM 7 6400"));
}

#[test]
fn a_symbol_costs_as_much_as_the_map_has_places() {
    for body in ["x.".repeat(1_000), format!("({}1)", "x.|".repeat(600))] {
        let places = body.matches('x').count() + body.matches('1').count();
        let strings = body.matches('|').count() + 1;
        let mut line = Line::new(DigitMapTimers::default(), &body);
        for key in 0..5 {
            assert_eq!(line.press('1', key * 100, 80), None);
            let looked_at = line.collection.looked_at;
            assert!(looked_at >= places, "{looked_at} of {places} places");
            assert!(
                looked_at <= 2 * (places + strings),
                "{looked_at} of {places} places"
            );
        }
    }
}
