//! What a Termination holds: what its descriptors have made of it.

use std::{collections::BTreeMap, time::Duration};

use codec_h248::{
    Name, ParmValue,
    descriptor::{
        AmmDescriptor, DigitMapDescriptor, DigitMapValue, EventBufferControl,
        EventBufferDescriptor, EventDigitMap, EventParameter, EventsDescriptor,
        LocalControlDescriptor, MediaDescriptor, RequestedEvent, Signal, SignalParm,
        SignalsDescriptor, StreamMode, StreamParms, Streams,
    },
};

use super::parcels::Kind;

/// What is known of a Termination, or of ROOT.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Known {
    pub(super) kind: Kind,
    /// Whether it is out of service.
    pub(super) out: bool,
    pub(super) lanes: BTreeMap<u16, Lane>,
    pub(super) lock_step: bool,
    pub(super) buffer: EventBufferDescriptor<'static>,
    pub(super) events: EventsDescriptor<'static>,
    pub(super) signals: Vec<Playing>,
    pub(super) maps: BTreeMap<Name<'static>, DigitMapValue<'static>>,
    pub(super) dialling: Option<Dialling>,
    /// Names of the statistics that are kept.
    pub(super) kept: Vec<String>,
    /// Since when nt/dur counts.
    pub(super) since: Option<Duration>,
}

/// A stream.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Lane {
    pub(super) mode: StreamMode,
    pub(super) reserves: bool,
    /// Properties of packages.
    pub(super) properties: BTreeMap<String, String>,
    /// Whether Local and Remote are given.
    pub(super) port: bool,
}

/// A signal, or a list, that plays.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Playing {
    pub(super) parm: SignalParm<'static>,
    until: Option<Duration>,
}

/// A digit map that is active.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Dialling {
    pub(super) name: Option<Name<'static>>,
    until: Duration,
    keeps: bool,
}

impl Lane {
    fn new(kind: Kind) -> Self {
        let trunk: &[_] = &[("tdmc/ec", "OFF"), ("tdmc/gain", "0")];
        let own = if kind == Kind::Trunk { trunk } else { &[] };
        let all = [("nt/jit", "60")].into_iter().chain(own.iter().copied());
        Self {
            mode: StreamMode::Inactive,
            reserves: false,
            properties: all.map(|(a, b)| (a.to_owned(), b.to_owned())).collect(),
            port: false,
        }
    }

    /// A new LocalControl replaces the former one (H.248.1 7.1.7).
    fn control(&mut self, kind: Kind, given: &LocalControlDescriptor<'_>) {
        let fresh = Self::new(kind);
        self.mode = given.mode.unwrap_or_default();
        self.reserves = given.reserved_value == Some(true);
        self.properties = fresh.properties;
        for parm in &given.properties {
            if let ParmValue::Equal(value) = &parm.value {
                let name = parm.name.to_string();
                self.properties.insert(name, value.text.to_string());
            }
        }
    }
}

impl Known {
    /// A Termination of that kind, as it is made or provisioned.
    pub(super) fn new(kind: Kind) -> Self {
        let physical = matches!(kind, Kind::Analog | Kind::Trunk);
        let lanes = physical.then(|| (1, Lane::new(kind)));
        Self {
            kind,
            out: false,
            lanes: lanes.into_iter().collect(),
            lock_step: false,
            buffer: EventBufferDescriptor::default(),
            events: EventsDescriptor::default(),
            signals: Vec::new(),
            maps: BTreeMap::new(),
            dialling: None,
            kept: all_statistics(kind),
            since: None,
        }
    }

    /// How many port pairs it has.
    pub(super) fn ports(&self) -> usize {
        self.lanes.values().filter(|lane| lane.port).count()
    }

    /// Whether descriptors want so many port pairs more.
    pub(super) fn wants_ports(&self, given: &[AmmDescriptor<'static>]) -> usize {
        let streams = given.iter().flat_map(|one| match one {
            AmmDescriptor::Media(media) => streams(media),
            _ => Vec::new(),
        });
        let wants = streams.filter(|(id, parms)| {
            parms.local.is_some() && !self.lanes.get(id).is_some_and(|lane| lane.port)
        });
        wants.count()
    }

    /// Whether each digit map that descriptors name, or delete, is defined.
    pub(super) fn defines(&self, root: &Self, given: &[AmmDescriptor<'static>]) -> bool {
        let mut right = true;
        let map = given.iter().find_map(|one| match one {
            AmmDescriptor::DigitMap(map) => Some(map),
            _ => None,
        });
        if let Some(DigitMapDescriptor {
            name: Some(name),
            value: None,
        }) = map
        {
            right &= self.maps.contains_key(name);
        }
        let has = |wanted: &Name<'_>| match map {
            Some(map) if map.name.as_ref() == Some(wanted) => {
                map.value.is_some() || root.maps.contains_key(wanted)
            }
            _ => self.maps.contains_key(wanted) || root.maps.contains_key(wanted),
        };
        let events = given.iter().flat_map(|one| match one {
            AmmDescriptor::Events(events) => events.events.as_slice(),
            _ => &[],
        });
        for event in events {
            if let Some(EventDigitMap::Name(name)) = map_of(event) {
                right &= has(name);
            }
        }
        right
    }

    /// Takes descriptors, at that time; `root` is the gateway's.
    pub(super) fn take(&mut self, root: &Self, given: &[AmmDescriptor<'static>], now: Duration) {
        for one in given {
            if let AmmDescriptor::DigitMap(map) = one {
                self.map(map);
            }
        }
        for one in given {
            match one {
                AmmDescriptor::Media(media) => self.media(media),
                AmmDescriptor::Events(events) => self.arm(root, events, now),
                AmmDescriptor::Signals(signals) => self.play(signals, now),
                AmmDescriptor::EventBuffer(buffer) => self.buffer = buffer.clone(),
                AmmDescriptor::Statistics(given) => {
                    let names = given.statistics.iter().map(|one| one.name.to_string());
                    let before = std::mem::replace(&mut self.kept, names.collect());
                    let dur = "nt/dur".to_owned();
                    if self.kept.contains(&dur) && !before.contains(&dur) {
                        self.since = self.since.map(|_| now);
                    }
                }
                _ => {}
            }
        }
    }

    fn map(&mut self, map: &DigitMapDescriptor<'static>) {
        let Some(name) = map.name.clone() else { return };
        match &map.value {
            Some(value) => self.maps.insert(name, value.clone()),
            None => self.maps.remove(&name),
        };
    }

    fn media(&mut self, media: &MediaDescriptor<'static>) {
        let state = media.termination_state.as_ref();
        if let Some(buffer) = state.and_then(|state| state.buffer) {
            self.lock_step = buffer == EventBufferControl::LockStep;
        }
        let kind = self.kind;
        for (id, parms) in streams(media) {
            let lane = self.lanes.entry(id).or_insert_with(|| Lane::new(kind));
            if let Some(control) = &parms.local_control {
                lane.control(kind, control);
            }
            lane.port |= parms.local.is_some();
        }
    }

    fn arm(&mut self, root: &Self, events: &EventsDescriptor<'static>, now: Duration) {
        self.events = events.clone();
        self.dialling = events.events.iter().find_map(|event| {
            let (name, value) = match map_of(event)? {
                EventDigitMap::Value(value) => (None, value),
                EventDigitMap::Name(name) => {
                    let own = self.maps.get(name);
                    (Some(name.clone()), own.or_else(|| root.maps.get(name))?)
                }
            };
            let start = value.timers.start_s.expect("every map says T");
            Some(Dialling {
                name,
                until: now + Duration::from_secs(start.into()),
                keeps: event.parameters.contains(&EventParameter::KeepActive),
            })
        });
    }

    /// Signals replace the former ones, but for a list of the same number, and for those that are to be
    /// kept (H.248.1 7.1.11).
    fn play(&mut self, given: &SignalsDescriptor<'static>, now: Duration) {
        let mut former = std::mem::take(&mut self.signals);
        for parm in &given.parms {
            let stays = |one: &Playing| match (&one.parm, parm) {
                (SignalParm::List(one), SignalParm::List(other)) => one.id == other.id,
                (SignalParm::Signal(one), SignalParm::Signal(other)) => {
                    other.keep_active && one.name == other.name
                }
                _ => false,
            };
            if let Some(place) = former.iter().position(stays) {
                self.signals.push(former.remove(place));
                continue;
            }
            if matches!(parm, SignalParm::Signal(signal) if signal.keep_active) {
                continue;
            }
            let time = lasts(parm).map(|time| now + time);
            self.signals.push(Playing {
                parm: parm.clone(),
                until: time,
            });
        }
    }

    /// Lets time pass; says whether a digit map has ended, which the controller is told.
    pub(super) fn pass(&mut self, now: Duration) -> bool {
        let over = self.dialling.as_ref().filter(|one| one.until <= now);
        let ended = over.map(|one| one.keeps);
        self.signals
            .retain(|one| one.until.is_none_or(|until| until > now));
        if let Some(keeps) = ended {
            self.dialling = None;
            if !keeps {
                self.signals.clear();
            }
        }
        ended.is_some()
    }
}

/// Statistics that a Termination of that kind has (H.248.1 E.11.4, E.12.4).
fn all_statistics(kind: Kind) -> Vec<String> {
    let all = [
        "nt/dur",
        "nt/os",
        "nt/or",
        "rtp/ps",
        "rtp/pr",
        "rtp/pl",
        "rtp/jit",
        "rtp/delay",
    ];
    let count = match kind {
        Kind::Rtp => 8,
        Kind::Analog | Kind::Trunk => 3,
        Kind::Root => 0,
    };
    all.iter()
        .take(count)
        .map(|name| (*name).to_owned())
        .collect()
}

/// Streams that a Media descriptor speaks of.
fn streams<'m>(media: &'m MediaDescriptor<'static>) -> Vec<(u16, &'m StreamParms<'static>)> {
    match &media.streams {
        Streams::Single(parms) if *parms == StreamParms::default() => Vec::new(),
        Streams::Single(parms) => vec![(1, parms)],
        Streams::Several(all) => all.iter().map(|one| (one.id.0, &one.parms)).collect(),
    }
}

fn map_of<'e>(event: &'e RequestedEvent<'static>) -> Option<&'e EventDigitMap<'static>> {
    event.parameters.iter().find_map(|one| match one {
        EventParameter::DigitMap(map) => Some(map),
        _ => None,
    })
}

/// How long a signal or a list lasts; `None`: until it is stopped.
fn lasts(parm: &SignalParm<'_>) -> Option<Duration> {
    let time = |signal: &Signal<'_>| {
        signal
            .duration_cs
            .map(|cs| Duration::from_millis(10) * cs.into())
    };
    match parm {
        SignalParm::Signal(signal) => time(signal),
        SignalParm::List(list) => list.signals.iter().map(time).sum(),
    }
}
