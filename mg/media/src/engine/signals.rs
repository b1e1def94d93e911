//! The engine's signals: played, stopped, and over.

use mg_contract::{Direction, Report, SignalRef, Sound, StreamRef};

use super::Engine;
use crate::sound::Player;

impl Engine {
    /// Plays a signal; one that cannot be played is over at once.
    pub(super) fn play(
        &mut self,
        signal: SignalRef,
        stream: StreamRef,
        sound: Sound,
        direction: Direction,
    ) {
        let duck = match &sound {
            Sound::Announcement { duck, .. } => *duck,
            Sound::Tones { .. }
            | Sound::Dtmf { .. }
            | Sound::Silence { .. }
            | Sound::Loop
            | Sound::Record { .. } => 0,
        };
        let records = matches!(sound, Sound::Record { .. });
        let player = Player::new(sound, &self.config.announcements);
        let slot = self.by_stream.get(&stream).copied();
        if let (Some(player), Some(slot)) = (player, slot)
            && let Some(leg) = self.legs.at_mut(slot)
            && (!records || self.outlets.recorder.begin())
        {
            if !leg.play(signal, player, direction, duck) {
                if records {
                    self.outlets.recorder.end(signal);
                }
                self.fail(signal);
                return;
            }
            self.by_signal.insert(signal, slot);
            self.reserve_reports();
        } else {
            if records {
                self.outlets.recorder.refuse(signal);
            }
            self.fail(signal);
        }
    }

    fn fail(&mut self, signal: SignalRef) {
        let completed = false;
        self.reports.push_back(Report::Played { signal, completed });
    }

    /// Stops a signal.
    pub(super) fn stop(&mut self, signal: SignalRef) {
        if let Some(slot) = self.by_signal.remove(&signal)
            && let Some(leg) = self.legs.at_mut(slot)
        {
            leg.stop(signal);
        }
    }

    /// Tells which signals are over by themselves.
    pub(super) fn report_played(&mut self) {
        if self.by_signal.is_empty() {
            return;
        }
        for leg in self.legs.all_mut() {
            while let Some(signal) = leg.poll_over() {
                self.by_signal.remove(&signal);
                let completed = true;
                self.reports.push_back(Report::Played { signal, completed });
            }
        }
    }
}
