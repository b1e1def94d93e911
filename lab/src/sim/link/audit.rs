//! What must hold at the end of a run, when nothing happens any more.

use transport_h248::{Counters, Endpoint, Held};

use super::program::Program;

/// What a program must not hold when nothing happens any more.
pub(super) fn left(program: &Program) -> Option<String> {
    let held = program.endpoint.as_ref().map(Endpoint::held);
    let timer = program.poll_timeout();
    let nothing = held == Some(Held::default()) && timer.is_none();
    let side = program.side;
    (!nothing).then(|| format!("{side:?} is left with {held:?}, timer {timer:?}"))
}

/// What must not have been counted: everything here can be read, and finds room on its way.
pub(super) fn miscounted(counters: &Counters) -> Option<String> {
    let Counters {
        decode_errors,
        from_elsewhere,
        dropped,
        oversized,
        unsayable,
        stray_replies,
        abandoned,
        ..
    } = *counters;
    let none = [decode_errors, from_elsewhere, dropped, oversized, unsayable];
    (none != [0; 5] || stray_replies > abandoned).then(|| format!("wrong counts: {counters:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::{Side, link::traffic::Traffic};

    #[test]
    fn what_is_left_in_a_table_is_told() {
        let (traffic, now) = (Traffic::new(), crate::sim::start());
        let mut program = Program::new(Side::Gateway);
        assert!(left(&program).is_some(), "it was never started");
        program.start(&traffic, |_| {}, &mut fastrand::Rng::with_seed(1), now);
        let told = left(&program).unwrap();
        assert!(told.contains("waiting: 1"), "{told}");
        program.forget(1, now);
        assert_eq!(left(&program), None);
    }

    #[test]
    fn what_may_not_be_counted_is_told() {
        assert_eq!(miscounted(&Counters::default()), None);
        for wrong in [
            Counters {
                decode_errors: 1,
                ..Counters::default()
            },
            Counters {
                stray_replies: 2,
                abandoned: 1,
                ..Counters::default()
            },
        ] {
            assert!(miscounted(&wrong).is_some());
        }
    }
}
