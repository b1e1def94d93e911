//! Whether signals can be played, and what they are made of: the packages, the items, their
//! parameters, in this order.

use std::time::Duration;

use codec_h248::{
    PackageItem, ToBoundedStatic,
    descriptor::{
        NamedParameter, NotificationReason, Signal, SignalDirection, SignalList, SignalParm,
        SignalType, SignalsDescriptor,
    },
    package::{ItemDetails, ItemKind},
};
use mg_contract::{DIGIT_PAUSE, Direction, Sound};

use super::{
    Set, line, recording, sounds,
    table::{self, Plays},
    values::{Wrong, by_file, by_table, members, number, word},
};
use crate::CommandError;

/// More signals in one descriptor than this are refused with 510: with a wildcard, one message plays
/// them on every Termination.
const SIGNALS_MAX: usize = 32;
/// A line rings for so long where ringing is to end by itself.
const RING: Duration = Duration::from_secs(1);

/// A signal, ready to be played.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Prepared {
    /// How it ends.
    pub(crate) ends: SignalType,
    /// When it ends at the latest, where it ends by time.
    pub(crate) time: Option<Duration>,
    /// What is heard, one after the other; nothing for a signal that means nothing here.
    pub(crate) sounds: Vec<Sound>,
    /// How often all of it.
    pub(crate) rounds: u32,
    /// Who hears it.
    pub(crate) direction: Direction,
}

impl Set<'_> {
    /// Refuses too many signals, those that cannot be played, and parameters that they do not have.
    pub(crate) fn check_signals(self, signals: &SignalsDescriptor<'_>) -> Result<(), CommandError> {
        let all = || signals.parms.iter().flat_map(members_of);
        if all().count() > SIGNALS_MAX {
            return Err(CommandError::TooManySignals);
        }
        for signal in all() {
            self.check_package(&signal.name)?;
        }
        for signal in all() {
            self.check_item(&signal.name)?;
        }
        for parm in &signals.parms {
            match parm {
                SignalParm::Signal(signal) => {
                    self.prepare(signal)?;
                }
                SignalParm::List(list) => self.check_list(list)?,
            }
        }
        Ok(())
    }

    fn check_list(self, list: &SignalList<'_>) -> Result<(), CommandError> {
        for (index, signal) in list.signals.iter().enumerate() {
            let prepared = self.prepare(signal)?;
            let is_last = index + 1 == list.signals.len();
            if prepared.ends == SignalType::OnOff && !is_last {
                let what = "a signal of a list that does not end, before others";
                return Err(CommandError::SupervisionSyntax(what));
            }
        }
        Ok(())
    }

    fn check_item(self, name: &PackageItem<'_>) -> Result<(), CommandError> {
        if name.item == "*" || name.package == "*" {
            return Err(CommandError::SupervisionSyntax("a signal by wildcard"));
        }
        let known =
            self.signal(name).is_some() || self.vendor_item(ItemKind::Signal, name).is_some();
        if known {
            return Ok(());
        }
        Err(CommandError::NoSuchSignal(name.to_static()))
    }

    /// The signal of the tables with that name.
    fn signal(self, name: &PackageItem<'_>) -> Option<&'static table::Signal> {
        let package = self.package(&name.package)?;
        let mut all = line(package).flat_map(|package| package.signals);
        all.find(|signal| signal.name.eq_ignore_ascii_case(&name.item))
    }

    /// What a signal is made of.
    ///
    /// # Errors
    /// What stands against it.
    pub(crate) fn prepare(self, signal: &Signal<'_>) -> Result<Prepared, CommandError> {
        if let Some(known) = self.signal(&signal.name) {
            let wrong = by_table(
                &signal.name.package,
                known.parameters,
                signal.parameters.iter(),
            );
            refuse(wrong, &signal.name)?;
            let (ends, time) = ending(signal, known.ends, known.time)?;
            self.check_announcement(known, signal)?;
            recording::check(known, signal)?;
            let (sounds, rounds) = self.sounds(known, signal, ends, time);
            return Ok(Prepared {
                ends,
                time,
                sounds,
                rounds,
                direction: direction(signal),
            });
        }
        let item = self.vendor_item(ItemKind::Signal, &signal.name);
        let Some(ItemDetails::Signal {
            default_type,
            parameters,
        }) = item.map(|item| &item.details)
        else {
            return Err(CommandError::NoSuchSignal(signal.name.to_static()));
        };
        refuse(by_file(parameters, signal.parameters.iter()), &signal.name)?;
        let (ends, time) = ending(signal, *default_type, None)?;
        Ok(Prepared {
            ends,
            time,
            sounds: Vec::new(),
            rounds: 1,
            direction: direction(signal),
        })
    }

    /// Refuses an announcement that there is not, and one with variable parts.
    fn check_announcement(
        self,
        known: &table::Signal,
        signal: &Signal<'_>,
    ) -> Result<(), CommandError> {
        if matches!(known.plays, Plays::Record | Plays::Segment) {
            return self.check_segments(signal);
        }
        if !matches!(known.plays, Plays::Announcement) {
            return Ok(());
        }
        let wanted = number(&signal.parameters, "an");
        let there = wanted.is_some_and(|wanted| self.packages.announcements.contains(&wanted));
        let variable = word(&signal.parameters, "sp").is_some()
            || number(&signal.parameters, "num").is_some_and(|parts| parts > 0);
        if there && !variable {
            return Ok(());
        }
        let name = word(&signal.parameters, "an").unwrap_or_default();
        Err(CommandError::NoSuchAnnouncement(name.to_owned()))
    }

    /// The same of the announcements that a recording is made with.
    fn check_segments(self, signal: &Signal<'_>) -> Result<(), CommandError> {
        let has = |number| self.packages.announcements.contains(&number);
        let mut named = recording::segments(signal);
        match named.find(|(_, number)| !number.is_some_and(has)) {
            Some((name, _)) => Err(CommandError::NoSuchAnnouncement(name.to_owned())),
            None => Ok(()),
        }
    }

    fn sounds(
        self,
        known: &table::Signal,
        signal: &Signal<'_>,
        ends: SignalType,
        time: Option<Duration>,
    ) -> (Vec<Sound>, u32) {
        let brief = ends == SignalType::Brief;
        let one = match known.plays {
            Plays::Tone(tone) if brief => tone.once(),
            Plays::Tone(tone) => tone.lasting(time),
            Plays::ToneList => {
                return (
                    tone_list(&signal.parameters),
                    if brief { 1 } else { u32::MAX },
                );
            }
            Plays::Announcement => announcement(&signal.parameters, ends, time, self.packages.duck),
            Plays::Segment => recording::play(&signal.parameters, self.packages.duck),
            Plays::Record => {
                return (recording::record(&signal.parameters, self.packages.duck), 1);
            }
            Plays::Nothing => return (Vec::new(), 1),
            Plays::Silence => Sound::Silence {
                time: brief.then_some(RING),
            },
            Plays::Loop => Sound::Loop,
        };
        iterations(one, signal)
    }
}

/// A sound, and how often: the cycles of an announcement one by one, where each is to be told of.
fn iterations(sound: Sound, signal: &Signal<'_>) -> (Vec<Sound>, u32) {
    let reasons = signal.notify_completion.as_deref().unwrap_or_default();
    if let Sound::Announcement {
        number,
        cycles: Some(rounds),
        duck,
    } = sound
        && reasons.contains(&NotificationReason::Iteration)
    {
        let once = Sound::Announcement {
            number,
            cycles: Some(1),
            duck,
        };
        return (vec![once], rounds);
    }
    (vec![sound], 1)
}

/// The signals of an entry.
pub(crate) fn members_of<'p, 'a>(parm: &'p SignalParm<'a>) -> &'p [Signal<'a>] {
    match parm {
        SignalParm::Signal(signal) => std::slice::from_ref(signal),
        SignalParm::List(list) => &list.signals,
    }
}

fn refuse(wrong: Option<Wrong>, name: &PackageItem<'_>) -> Result<(), CommandError> {
    let name = || name.to_static();
    match wrong {
        None => Ok(()),
        Some(Wrong::Unknown | Wrong::Twice) => Err(CommandError::SignalParameter(name())),
        Some(Wrong::Value) => Err(CommandError::PackageParameterValue(name())),
        Some(Wrong::Missing(parameter)) => Err(CommandError::MissingParameter(parameter, name())),
    }
}

/// How a signal ends, and when: a type that is not the package's own and ends by time needs a Duration
/// (H.248.1 7.1.11).
fn ending(
    signal: &Signal<'_>,
    by_default: SignalType,
    default_time: Option<Duration>,
) -> Result<(SignalType, Option<Duration>), CommandError> {
    let ends = signal.signal_type.unwrap_or(by_default);
    if ends != SignalType::TimeOut {
        return Ok((ends, None));
    }
    let given = signal
        .duration_cs
        .map(|units| Duration::from_millis(10) * units.into());
    if given.is_none() && by_default != SignalType::TimeOut {
        let name = signal.name.to_static();
        return Err(CommandError::MissingParameter("Duration", name));
    }
    Ok((ends, given.or(default_time)))
}

/// Who hears it: what the protocol's parameter says, else the package's, else the far side.
fn direction(signal: &Signal<'_>) -> Direction {
    match signal.direction {
        Some(SignalDirection::External) => return Direction::External,
        Some(SignalDirection::Internal) => return Direction::Internal,
        Some(SignalDirection::Both) => return Direction::Both,
        None => {}
    }
    let mut names = ["btd", "di", "rd"].into_iter();
    let own = names.find_map(|name| word(&signal.parameters, name));
    match own {
        Some(own) if own.eq_ignore_ascii_case("int") => Direction::Internal,
        Some(own) if own.eq_ignore_ascii_case("both") => Direction::Both,
        Some(_) | None => Direction::External,
    }
}

/// The pause between the tones of a list where nobody says, in milliseconds (project).
const PAUSE_MS: u32 = 100;

fn tone_list(parameters: &[NamedParameter<'_>]) -> Vec<Sound> {
    let pause = number(parameters, "ind").unwrap_or(PAUSE_MS);
    let pause = Duration::from_millis(pause.into());
    let list = parameters.iter().find(|one| one.name.is("tl"));
    let names = list.and_then(|list| members(&list.value));
    let mut all = Vec::new();
    for tone in names.unwrap_or_default() {
        let tone = sounds::tone(&tone.text).map(sounds::ToneOf::once);
        let own = match &tone {
            Some(Sound::Dtmf { .. }) => DIGIT_PAUSE,
            Some(_) | None => Duration::ZERO,
        };
        all.extend(tone);
        let time = pause.saturating_sub(own);
        if !time.is_zero() {
            all.push(Sound::Silence { time: Some(time) });
        }
    }
    all
}

/// An announcement is played once where nobody says how often, and for as long as is said where a time
/// is (project).
fn announcement(
    parameters: &[NamedParameter<'_>],
    ends: SignalType,
    time: Option<Duration>,
    duck: u8,
) -> Sound {
    let said = number(parameters, "noc");
    let cycles = match ends {
        SignalType::OnOff => None,
        SignalType::TimeOut if time.is_some() => said,
        SignalType::TimeOut | SignalType::Brief => Some(said.unwrap_or(1)),
    };
    Sound::Announcement {
        number: number(parameters, "an").unwrap_or_default(),
        cycles,
        duck,
    }
}
