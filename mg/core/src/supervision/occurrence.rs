//! What happens at a Termination, as events of packages.

use std::time::{Duration, Instant};

use codec_h248::{
    Name, PackageItem, ParmValue, Value,
    descriptor::{NamedParameter, StreamId},
};
use mg_contract::{AudioCodec, Tone};

use super::signals::Ended;
use crate::{
    digit_map::{Completion, Symbol},
    gateway::packages::{self, sounds},
};

/// What is detected at a Termination.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Detected {
    /// A tone has begun.
    ToneBegan(Tone),
    /// A tone has ended that had lasted so long.
    ToneEnded(Tone, Duration),
    /// The handset was taken off the hook, or put on it.
    Hook {
        /// Whether it is off now.
        off: bool,
    },
    /// The hook was flashed, for as long as was asked for.
    Flash,
    /// What arrives has another codec than before.
    Codec(AudioCodec),
    /// So many of a hundred packets are lost.
    Loss(u8),
    /// Somebody begins to talk, at a level in -dBov.
    TalkBegan(u8),
    /// Somebody has ended to talk who has talked so long.
    TalkEnded(Duration),
    /// A recording is complete: its file, if all could be written, and how long it is.
    Recorded(Option<String>, Duration),
}

/// One event as it was detected; which of the armed ones it is comes out later.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Occurrence {
    pub(super) name: PackageItem<'static>,
    pub(super) stream: Option<StreamId>,
    pub(super) at: Instant,
    pub(super) parameters: Vec<NamedParameter<'static>>,
    /// The tone that it is about.
    pub(super) tone: Option<Tone>,
    /// The percentages between which it lies: the second is told, and the first was told before.
    risen: Option<(u8, u8)>,
}

impl Occurrence {
    fn new(
        package: &'static str,
        item: &'static str,
        stream: Option<StreamId>,
        at: Instant,
    ) -> Self {
        Self {
            name: PackageItem::known(package, item),
            stream,
            at,
            parameters: Vec::new(),
            tone: None,
            risen: None,
        }
    }

    fn with(mut self, name: &'static str, value: Value<'static>) -> Self {
        self.parameters.push(NamedParameter {
            name: Name::from(name),
            value: ParmValue::Equal(value),
        });
        self
    }

    fn about(mut self, tone: Tone) -> Self {
        self.tone = Some(tone);
        self
    }

    /// The symbol that it is for a digit map: that of a digit's own event.
    pub(super) fn symbol(&self) -> Option<Symbol> {
        let Some(Tone::Dtmf(digit)) = self.tone else {
            return None;
        };
        if !self.name.package.eq_ignore_ascii_case("dd") {
            return None;
        }
        let sign = b"0123456789EFABCD".get(usize::from(digit.0))?;
        Symbol::new(*sign)
    }

    /// The end of a signal (H.248.1 E.1.2.2).
    pub(super) fn completion(ended: &Ended, at: Instant) -> Self {
        let mut one = Self::new("g", "sc", ended.stream, at)
            .with("SigID", Value::quoted(ended.name.to_string()))
            .with("Meth", Value::bare(ended.how.as_str()));
        if let Some(list) = ended.list {
            one = one.with("SLID", Value::bare(list.to_string()));
        }
        if let Some(request) = ended.request_id {
            one = one.with("RID", Value::bare(request.to_string()));
        }
        one
    }

    /// The end of a digit map (H.248.1 E.6.2).
    pub(super) fn dialled(done: &Completion, at: Instant) -> Self {
        Self::dialling(&done.dialled, at).with("Meth", Value::bare(done.method.as_str()))
    }

    /// What is dialled so far.
    pub(super) fn dialling(dialled: &str, at: Instant) -> Self {
        Self::new("dd", "ce", None, at).with("ds", Value::quoted(dialled.to_owned()))
    }

    /// A loss of quality that was `before` and is `now`, in percent (H.248.1 E.11.2).
    pub(super) fn quality((before, now): (u8, u8), stream: Option<StreamId>, at: Instant) -> Self {
        let risen = Some((before, now));
        let one = Self::new("nt", "qualert", stream, at);
        Self { risen, ..one }.with("th", Value::bare(now.to_string()))
    }

    /// Another payload (H.248.1 E.12.2).
    fn transition(codec: AudioCodec, stream: Option<StreamId>, at: Instant) -> Self {
        let mut one = Self::new("rtp", "pltrans", stream, at);
        one.parameters.push(NamedParameter {
            name: Name::from("rtppltype"),
            value: ParmValue::AllOf(vec![Value::quoted(codec.name())]),
        });
        one
    }

    /// Somebody talks, or not any more.
    fn talk(talks: bool, stream: Option<StreamId>, at: Instant) -> Self {
        let state = if talks { "ON" } else { "OFF" };
        Self::new(TALK.0, TALK.1, stream, at).with("on", Value::bare(state))
    }

    /// The end of a recording (H.248.9): a code of the project's where it failed.
    fn recorded(file: Option<&str>, time: Duration, at: Instant) -> Self {
        let Some(file) = file else {
            let failed = Self::new("aasrec", "audfail", None, at);
            return failed.with("rc", Value::bare(NOT_RECORDED));
        };
        let tens = time.as_millis() / 10;
        Self::new("aasrec", "precsucc", None, at)
            .with("ri", Value::quoted(file.to_owned()))
            .with("rdur", Value::bare(tens.to_string()))
    }

    /// The end of a continuity test (H.248.1 E.10.2).
    pub(super) fn continuity(success: bool, at: Instant) -> Self {
        let result = if success { "success" } else { "failure" };
        Self::new("ct", "cmp", None, at).with("res", Value::bare(result))
    }

    /// A state of the hook that was there when it was asked for (H.248.1 E.9.2).
    pub(super) fn initial_hook(off: bool, at: Instant) -> Self {
        hook(off, at).with("init", Value::bare("on"))
    }

    /// A tone that has lasted so long.
    pub(super) fn long_tone(tone: Tone, stream: Option<StreamId>, at: Instant) -> Self {
        of_tone("ltd", tone, stream, at)
    }
}

/// The events of one detection; those of a loss are [`Occurrence::quality`].
pub(super) fn of(what: &Detected, stream: Option<StreamId>, at: Instant) -> Vec<Occurrence> {
    match *what {
        Detected::ToneBegan(Tone::Continuity)
        | Detected::ToneEnded(Tone::Continuity, _)
        | Detected::Loss(_) => Vec::new(),
        Detected::Codec(codec) => vec![Occurrence::transition(codec, stream, at)],
        Detected::ToneBegan(tone) => {
            let (package, item) = name(tone);
            let own = Occurrence::new(package, item, stream, at).about(tone);
            vec![own, of_tone("std", tone, stream, at)]
        }
        Detected::ToneEnded(tone, time) => {
            let ended = of_tone("etd", tone, stream, at);
            let ms = Value::bare(time.as_millis().to_string());
            vec![ended.with("dur", ms)]
        }
        Detected::Hook { off } => vec![hook(off, at)],
        Detected::Recorded(ref file, time) => {
            vec![Occurrence::recorded(file.as_deref(), time, at)]
        }
        Detected::TalkBegan(level) => {
            let began = Occurrence::talk(true, stream, at);
            vec![began.with("lvl", Value::bare(level.to_string()))]
        }
        Detected::TalkEnded(time) => {
            let ended = Occurrence::talk(false, stream, at);
            vec![ended.with("dur", Value::bare(time.as_millis().to_string()))]
        }
        Detected::Flash => vec![Occurrence::new("al", "fl", None, at)],
    }
}

fn hook(off: bool, at: Instant) -> Occurrence {
    Occurrence::new("al", if off { "of" } else { "on" }, None, at)
}

fn of_tone(item: &'static str, tone: Tone, stream: Option<StreamId>, at: Instant) -> Occurrence {
    let (_, id) = name(tone);
    Occurrence::new("tonedet", item, stream, at)
        .about(tone)
        .with("tid", Value::bare(id))
}

/// The package that a tone is detected by, and its name there.
pub(super) fn name(tone: Tone) -> (&'static str, &'static str) {
    match tone {
        Tone::Dtmf(digit) => ("dd", sounds::digit_name(digit)),
        Tone::Dial => ("cd", "dt"),
        Tone::Ringing => ("cd", "rt"),
        Tone::Busy => ("cd", "bt"),
        Tone::Congestion => ("cd", "ct"),
        Tone::SpecialInformation => ("cd", "sit"),
        Tone::Warning => ("cd", "wt"),
        Tone::Payphone => ("cd", "prt"),
        Tone::CallWaiting => ("cd", "cw"),
        Tone::CallerWaiting => ("cd", "cr"),
        Tone::Continuity => ("ct", "ct"),
    }
}

/// The return code of a recording that could not be written (project).
const NOT_RECORDED: &str = "620";

/// The event of talkers.
const TALK: (&str, &str) = ("zconfmix", "talk");

/// How an event is asked for, in an Events or an EventBuffer descriptor.
pub(super) struct Asked<'a, I> {
    pub(super) name: &'a PackageItem<'static>,
    pub(super) stream: Option<StreamId>,
    pub(super) parameters: I,
}

/// The longest time that a long tone is waited for where none is named (project).
pub(super) const LONG_TONE: Duration = Duration::from_secs(1);

/// The threshold of quality alert in percent where none is named (project): more is heard in speech.
const QUALITY_ALERT: u32 = 10;

impl<'a, I: Iterator<Item = &'a NamedParameter<'static>> + Clone> Asked<'a, I> {
    /// Whether it is asked for this.
    pub(super) fn takes(&self, one: &Occurrence) -> bool {
        self.takes_name(one)
            && self.takes_stream(one)
            && self.takes_tone(one)
            && self.takes_rise(one)
    }

    fn takes_name(&self, one: &Occurrence) -> bool {
        let asked = self.name;
        let item = asked.item.eq_ignore_ascii_case(&one.name.item);
        let package = asked.package.eq_ignore_ascii_case(&one.name.package);
        if asked.item == "*" {
            // A wildcard stands for the package's own events, and those want no times. Who talks is told to
            // those only who name the package (project): it is the most frequent event of all.
            let any = asked.package == "*" && !one.name.is(TALK.0, TALK.1);
            let own = package || any;
            return own && !one.name.is("tonedet", "ltd");
        }
        let inherited = match one.tone {
            Some(tone) => asked.package.eq_ignore_ascii_case(name(tone).0),
            None => packages::inherits(&asked.package, &one.name.package),
        };
        item && (package || inherited)
    }

    fn takes_stream(&self, one: &Occurrence) -> bool {
        let asked = self.stream.filter(|stream| stream.0 != 0);
        asked.is_none() || one.stream.is_none() || asked == one.stream
    }

    fn takes_tone(&self, one: &Occurrence) -> bool {
        let mut lists = self.parameters.clone().filter(|own| own.name.is("tl"));
        let (Some(tone), Some(list)) = (one.tone, lists.next()) else {
            return true;
        };
        let (_, id) = name(tone);
        let is_it = |value: &Value<'_>| value.is_all() || value.text.eq_ignore_ascii_case(id);
        packages::members(&list.value).is_some_and(|values| values.iter().any(is_it))
    }

    /// A rise is an event where it crosses the threshold.
    fn takes_rise(&self, one: &Occurrence) -> bool {
        let threshold = self.number("th").unwrap_or(QUALITY_ALERT);
        one.risen
            .is_none_or(|(before, now)| u32::from(before) <= threshold && threshold < now.into())
    }

    /// A parameter that is a number.
    pub(super) fn number(&self, name: &str) -> Option<u32> {
        let found = self.parameters.clone().find(|own| own.name.is(name))?;
        packages::number_of(&found.value)
    }
}
