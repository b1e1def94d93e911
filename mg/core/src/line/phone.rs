//! The phone of an analog line, and the hook as the line sees it (H.248.1 E.9).

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use mg_contract::Dtmf;

use super::script::{Move, Step};

/// How long a hook flash is where nobody says: from the least to the most (project).
const FLASH: Flash = Flash {
    least: Duration::from_millis(100),
    most: Duration::from_millis(1_000),
};

/// A phone, its hook, and what somebody does with it.
#[derive(Clone, Debug)]
pub(crate) struct Phone {
    on_ring: Vec<Step>,
    to_come: VecDeque<(Duration, Move)>,
    /// When the first of those comes.
    due: Option<Instant>,
    hook: Hook,
    ringing: bool,
    /// Whether digits are dialled: then nothing else is said.
    dials: bool,
}

/// The hook as the line sees it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Hook {
    On,
    Off,
    /// On since then, which may be a flash until so long after.
    Pressed {
        since: Instant,
        flash: Flash,
    },
}

/// How long a press of the hook is a flash; a shorter one is nothing, a longer one is on-hook.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Flash {
    /// The least time.
    pub(crate) least: Duration,
    /// The most.
    pub(crate) most: Duration,
}

/// What the line notices of its phone.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Noticed {
    /// al/of.
    OffHook,
    /// al/on.
    OnHook,
    /// al/fl.
    Flash,
    /// A digit is heard from here on.
    Tone(Dtmf),
}

impl Default for Flash {
    fn default() -> Self {
        FLASH
    }
}

impl Phone {
    /// A phone with its handset down, and what is done with it when it rings.
    pub(crate) fn new(on_ring: &[Step]) -> Self {
        Self {
            on_ring: on_ring.to_vec(),
            to_come: VecDeque::new(),
            due: None,
            hook: Hook::On,
            ringing: false,
            dials: false,
        }
    }

    /// From `now` on these steps are done with it, in place of what else was to come.
    pub(crate) fn follow(&mut self, steps: &[Step], now: Instant) {
        self.to_come = steps.iter().flat_map(Step::moves).collect();
        self.due = self.to_come.front().map(|(after, _)| now + *after);
        self.dials = false;
    }

    /// Whether the line is open: a press that may be a flash does not count.
    pub(crate) fn is_off_hook(&self) -> bool {
        match self.hook {
            Hook::On => false,
            Hook::Off | Hook::Pressed { .. } => true,
        }
    }

    /// Whether the line carries what is said into it: not on-hook, nor from the first digit of a number
    /// until the pause after the last is over.
    pub(crate) fn speaks(&self) -> bool {
        self.hook == Hook::Off && !self.dials
    }

    /// Takes that it rings from now on. Who is called does what the script for it says, in place of
    /// what else was to come.
    pub(crate) fn handle_ring(&mut self, now: Instant) {
        if self.ringing || self.is_off_hook() {
            return;
        }
        self.ringing = true;
        if !self.on_ring.is_empty() {
            let steps = self.on_ring.clone();
            self.follow(&steps, now);
        }
    }

    /// Takes that it does not ring any more: nobody answers what has ended.
    pub(crate) fn handle_silence(&mut self) {
        let unanswered = self.ringing && !self.is_off_hook();
        self.ringing = false;
        if unanswered && !self.on_ring.is_empty() {
            self.to_come.clear();
            self.due = None;
        }
    }

    /// When something happens next.
    pub(crate) fn poll_timeout(&self) -> Option<Instant> {
        let pressed = match self.hook {
            Hook::Pressed { since, flash } => Some(since + flash.most),
            Hook::On | Hook::Off => None,
        };
        [self.due, pressed].into_iter().flatten().min()
    }

    /// What the line notices until `now`, and when; `flash` is what counts as one, where anybody wants
    /// to know.
    pub(crate) fn poll_noticed(
        &mut self,
        flash: Option<Flash>,
        now: Instant,
    ) -> Option<(Instant, Noticed)> {
        loop {
            let at = self.poll_timeout().filter(|at| *at <= now)?;
            if let Hook::Pressed { since, flash } = self.hook
                && at >= since + flash.most
            {
                self.hook = Hook::On;
                return Some((at, Noticed::OnHook));
            }
            let (_, next) = self.to_come.pop_front()?;
            self.due = self.to_come.front().map(|(after, _)| at + *after);
            if let Some(noticed) = self.make(next, flash, at) {
                return Some((at, noticed));
            }
        }
    }

    fn make(&mut self, next: Move, flash: Option<Flash>, at: Instant) -> Option<Noticed> {
        self.dials = matches!(next, Move::Tone(_));
        match (next, self.hook) {
            (Move::OffHook, Hook::On) => {
                self.hook = Hook::Off;
                Some(Noticed::OffHook)
            }
            (Move::OffHook, Hook::Pressed { since, flash }) => {
                self.hook = Hook::Off;
                (at >= since + flash.least).then_some(Noticed::Flash)
            }
            (Move::OnHook, Hook::Off) => match flash {
                Some(flash) => {
                    self.hook = Hook::Pressed { since: at, flash };
                    None
                }
                None => {
                    self.hook = Hook::On;
                    Some(Noticed::OnHook)
                }
            },
            (Move::Tone(digit), Hook::Off) => Some(Noticed::Tone(digit)),
            (Move::OffHook, Hook::Off)
            | (Move::OnHook, Hook::On | Hook::Pressed { .. })
            | (Move::Tone(_), Hook::On | Hook::Pressed { .. })
            | (Move::Rest, _) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scripted(texts: &[&str], now: Instant) -> Phone {
        let mut phone = Phone::new(&[]);
        phone.follow(&steps(texts), now);
        phone
    }

    fn steps(texts: &[&str]) -> Vec<Step> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    /// What is noticed within a minute, with its milliseconds.
    fn noticed(phone: &mut Phone, flash: Option<Flash>, start: Instant) -> Vec<(u128, Noticed)> {
        let end = start + Duration::from_secs(60);
        let each = std::iter::from_fn(|| phone.poll_noticed(flash, end));
        each.map(|(at, what)| ((at - start).as_millis(), what))
            .collect()
    }

    #[test]
    fn a_script_is_followed_step_by_step() {
        let now = Instant::now();
        let mut phone = scripted(&["2s off-hook", "1s dial 12", "5s on-hook"], now);
        assert_eq!(phone.poll_timeout(), Some(now + Duration::from_secs(2)));
        assert_eq!(phone.poll_noticed(None, now), None);
        assert_eq!(
            noticed(&mut phone, None, now),
            [
                (2_000, Noticed::OffHook),
                (3_000, Noticed::Tone(Dtmf(1))),
                (3_200, Noticed::Tone(Dtmf(2))),
                (8_400, Noticed::OnHook),
            ]
        );
        assert_eq!(phone.poll_timeout(), None);
    }

    #[test]
    fn a_phone_says_nothing_on_hook_and_while_it_dials() {
        let now = Instant::now();
        let mut phone = scripted(&["1s off-hook", "1s dial 12", "1s flash 50ms"], now);
        let mut changes = Vec::new();
        let mut spoke = phone.speaks();
        assert!(!spoke);
        for ms in 0..5_000 {
            while phone
                .poll_noticed(Some(FLASH), now + Duration::from_millis(ms))
                .is_some()
            {}
            if phone.speaks() != spoke {
                spoke = !spoke;
                changes.push(ms);
            }
        }
        assert_eq!(changes, [1_000, 2_000, 2_400, 3_400, 3_450]);
    }

    #[test]
    fn a_press_is_nothing_a_flash_or_on_hook_by_its_length() {
        let now = Instant::now();
        for (press, expected) in [
            ("50ms", vec![]),
            ("100ms", vec![(1_100, Noticed::Flash)]),
            ("999ms", vec![(1_999, Noticed::Flash)]),
            (
                "2s",
                vec![(2_000, Noticed::OnHook), (3_000, Noticed::OffHook)],
            ),
        ] {
            let mut phone = scripted(&["off-hook", &format!("1s flash {press}")], now);
            let found = noticed(&mut phone, Some(Flash::default()), now);
            assert_eq!(found[0], (0, Noticed::OffHook));
            assert_eq!(found[1..], expected, "{press}");
        }
        // Where nobody wants to know of flashes, there are none.
        let mut phone = scripted(&["off-hook", "1s flash 300ms"], now);
        let found = noticed(&mut phone, None, now);
        assert_eq!(
            found[1..],
            [(1_000, Noticed::OnHook), (1_300, Noticed::OffHook)]
        );
    }

    #[test]
    fn who_is_rung_answers_unless_it_stops_before() {
        let now = Instant::now();
        let mut phone = Phone::new(&steps(&["3s off-hook", "4s on-hook"]));
        phone.handle_ring(now);
        phone.handle_ring(now + Duration::from_secs(1));
        assert_eq!(phone.poll_timeout(), Some(now + Duration::from_secs(3)));
        phone.handle_silence();
        assert_eq!(phone.poll_timeout(), None);
        phone.handle_ring(now);
        assert_eq!(
            phone.poll_noticed(None, now + Duration::from_secs(3)),
            Some((now + Duration::from_secs(3), Noticed::OffHook))
        );
        // Whoever has answered goes on when the bell is silent.
        phone.handle_silence();
        assert_eq!(noticed(&mut phone, None, now), [(7_000, Noticed::OnHook)]);
    }

    #[test]
    fn nothing_is_dialled_with_the_handset_down() {
        let now = Instant::now();
        let mut phone = scripted(&["dial 5", "on-hook", "off-hook", "off-hook"], now);
        assert_eq!(noticed(&mut phone, None, now), [(200, Noticed::OffHook)]);
    }
}
