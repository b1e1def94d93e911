//! Which media thread has which stream.
//!
//! A group is one thread's. A stream whose group is another thread's from now on is carried there;
//! what is said of it meanwhile waits there for it. Sockets follow the streams that are opened on
//! them.

use std::collections::BTreeMap;

use mg_contract::{
    AudioCodec, Command, GroupId, LineRef, RtpPort, SignalRef, StreamRef, StreamSettings,
};

/// A thread's number.
pub(crate) type Thread = usize;

/// The load of a thread from which on others are given groups, too: 3 ms of 20 at most, by
/// `docs/performance.md`. A thread that has little to do costs as much for each of its legs in waking
/// as in mixing.
pub(crate) const ENOUGH: usize = 200;

/// A thread that a stream has led to keeps the group that begins with it, unless its load is above
/// [`ENOUGH`], and above the least by a quarter and so much.
const SLACK: usize = 16;

/// Whom something is about: it waits for those that are still to come.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct About(pub(crate) Option<StreamRef>, pub(crate) Option<StreamRef>);

/// What is to be done for a command, in this order.
#[derive(Debug, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly all are of the largest kind, and soon gone"
)]
pub(crate) enum Way {
    /// A thread carries the command out.
    Do(Thread, About, Command),
    /// A thread gets the sockets of a pair that no thread had yet.
    Give(Thread, RtpPort),
    /// A thread is to wait for a stream, or for what it is opened on.
    Expect(Thread, StreamRef),
    /// A thread gives a stream to another, for a group there.
    Carry {
        from: Thread,
        to: Thread,
        stream: StreamRef,
        group: GroupId,
    },
    /// A thread gives a pair that is free to another, which is to open a stream on it. It may still
    /// wait for the stream that had it.
    Hand {
        from: Thread,
        to: Thread,
        port: RtpPort,
        had: StreamRef,
        stream: StreamRef,
    },
}

/// The tables.
#[derive(Debug)]
pub(crate) struct Routes {
    streams: BTreeMap<StreamRef, Stream>,
    groups: BTreeMap<GroupId, Group>,
    /// The signals that were neither over nor stopped.
    signals: BTreeMap<SignalRef, StreamRef>,
    /// Who had the pair last, and where.
    ports: BTreeMap<RtpPort, (Thread, StreamRef)>,
    /// The pairs of the lines that have one.
    lines: Vec<Option<RtpPort>>,
    /// What the groups of each thread weigh.
    loads: Vec<usize>,
    /// What a thread has before others are given groups, too.
    enough: usize,
}

#[derive(Debug)]
struct Stream {
    group: GroupId,
    thread: Thread,
    weight: usize,
    port: Option<RtpPort>,
    signals: Vec<SignalRef>,
}

#[derive(Debug)]
struct Group {
    thread: Thread,
    streams: usize,
    /// What its streams weigh.
    weight: usize,
}

/// What a group is taken to weigh at least, since others follow its first stream. Without that as many
/// groups as a thread may have streams would begin in one, and all that follow would be there.
const WEIGHT_LEAST: usize = 4;

impl Group {
    /// What it costs its thread.
    fn load(&self) -> usize {
        match self.streams {
            0 => 0,
            _ => self.weight.max(WEIGHT_LEAST),
        }
    }
}

impl Routes {
    /// So many threads without streams; `lines` are the pairs of the peers of lines. A thread is given
    /// groups until it has `enough`, before another is.
    pub(crate) fn new(threads: usize, lines: Vec<Option<RtpPort>>, enough: usize) -> Self {
        Self {
            streams: BTreeMap::new(),
            groups: BTreeMap::new(),
            signals: BTreeMap::new(),
            ports: BTreeMap::new(),
            lines,
            loads: vec![0; threads.max(1)],
            enough,
        }
    }

    /// Says what is to be done for a command. One about a stream that is not there goes to the first
    /// thread, which answers it.
    pub(crate) fn route(&mut self, command: Command, ways: &mut Vec<Way>) {
        match command {
            Command::Open {
                stream,
                port,
                group,
                ref settings,
            } => {
                let weight = weight(settings);
                self.open((stream, group, weight), Some(port), command, ways);
            }
            Command::OpenLine {
                stream,
                line,
                group,
                ref settings,
            } => {
                let weight = weight(settings);
                self.open((stream, group, weight), self.port_of(line), command, ways);
            }
            Command::Move { stream, group } => self.move_to(stream, group, command, ways),
            Command::Close { stream, .. } => {
                ways.push(self.about(stream, command));
                self.close(stream);
            }
            Command::Play { signal, stream, .. } => {
                if let Some(at) = self.streams.get_mut(&stream) {
                    at.signals.push(signal);
                    self.signals.insert(signal, stream);
                }
                ways.push(self.about(stream, command));
            }
            Command::Stop { signal } => {
                if let Some(stream) = self.played(signal) {
                    ways.push(self.about(stream, command));
                }
            }
            Command::Hear {
                listener, source, ..
            } => {
                let thread = self.thread(listener);
                ways.push(Way::Do(
                    thread,
                    About(Some(listener), Some(source)),
                    command,
                ));
            }
            Command::Modify {
                stream,
                ref settings,
            } => {
                self.weigh(stream, weight(settings));
                ways.push(self.about(stream, command));
            }
            Command::Audit { stream, .. }
            | Command::Detect { stream, .. }
            | Command::Speak { stream, .. } => ways.push(self.about(stream, command)),
        }
    }

    /// Forgets a signal that is over; returns its stream.
    pub(crate) fn played(&mut self, signal: SignalRef) -> Option<StreamRef> {
        let stream = self.signals.remove(&signal)?;
        if let Some(at) = self.streams.get_mut(&stream) {
            at.signals.retain(|other| *other != signal);
        }
        Some(stream)
    }

    fn about(&self, stream: StreamRef, command: Command) -> Way {
        Way::Do(self.thread(stream), About(Some(stream), None), command)
    }

    fn thread(&self, stream: StreamRef) -> Thread {
        self.streams.get(&stream).map_or(0, |at| at.thread)
    }

    fn port_of(&self, line: LineRef) -> Option<RtpPort> {
        self.lines.get(line.0 as usize).copied().flatten()
    }

    fn open(
        &mut self,
        (stream, group, weight): (StreamRef, GroupId, usize),
        port: Option<RtpPort>,
        command: Command,
        ways: &mut Vec<Way>,
    ) {
        let thread = self.join(group, weight, None);
        let had = port.and_then(|port| self.ports.insert(port, (thread, stream)));
        match (port, had) {
            (Some(port), None) => ways.push(Way::Give(thread, port)),
            (Some(port), Some((from, had))) if from != thread => {
                let to = thread;
                ways.push(Way::Expect(to, stream));
                ways.push(Way::Hand {
                    from,
                    to,
                    port,
                    had,
                    stream,
                });
            }
            (Some(_) | None, _) => {}
        }
        let had = had.map(|(_, had)| had);
        ways.push(Way::Do(thread, About(Some(stream), had), command));
        let at = Stream {
            group,
            thread,
            weight,
            port,
            signals: Vec::new(),
        };
        self.streams.insert(stream, at);
    }

    fn move_to(
        &mut self,
        stream: StreamRef,
        group: GroupId,
        command: Command,
        ways: &mut Vec<Way>,
    ) {
        let Some(at) = self.streams.get(&stream) else {
            return;
        };
        let (from, left, weight) = (at.thread, at.group, at.weight);
        self.leave(left, weight);
        let to = self.join(group, weight, Some(from));
        if let Some(at) = self.streams.get_mut(&stream) {
            (at.thread, at.group) = (to, group);
            if let Some(port) = at.port {
                self.ports.insert(port, (to, stream));
            }
        }
        if from == to {
            return ways.push(self.about(stream, command));
        }
        ways.push(Way::Expect(to, stream));
        ways.push(Way::Carry {
            from,
            to,
            stream,
            group,
        });
    }

    fn close(&mut self, stream: StreamRef) {
        let Some(at) = self.streams.remove(&stream) else {
            return;
        };
        self.leave(at.group, at.weight);
        for signal in at.signals {
            self.signals.remove(&signal);
        }
    }

    /// A stream has another weight than before.
    fn weigh(&mut self, stream: StreamRef, weight: usize) {
        if let Some(at) = self.streams.get_mut(&stream) {
            let (group, before) = (at.group, std::mem::replace(&mut at.weight, weight));
            self.change(group, |group| group.weight = group.weight - before + weight);
        }
    }

    /// Counts one more stream of a group, which may begin with it; returns its thread.
    fn join(&mut self, group: GroupId, weight: usize, led: Option<Thread>) -> Thread {
        let thread = match self.groups.get(&group) {
            Some(group) => group.thread,
            None => self.choose(led),
        };
        let begun = Group {
            thread,
            streams: 0,
            weight: 0,
        };
        self.groups.entry(group).or_insert(begun);
        self.change(group, |group| {
            group.streams += 1;
            group.weight += weight;
        });
        thread
    }

    fn leave(&mut self, group: GroupId, weight: usize) {
        self.change(group, |group| {
            group.streams -= 1;
            group.weight -= weight;
        });
    }

    /// Changes a group, which ends with its last stream.
    fn change(&mut self, id: GroupId, change: impl FnOnce(&mut Group)) {
        let Some(group) = self.groups.get_mut(&id) else {
            return;
        };
        let before = group.load();
        change(group);
        let load = &mut self.loads[group.thread];
        *load = *load + group.load() - before;
        if group.streams == 0 {
            self.groups.remove(&id);
        }
    }

    fn choose(&self, led: Option<Thread>) -> Thread {
        let loads = self.loads.iter().copied().enumerate();
        let (least, load) = loads.min_by_key(|(_, load)| *load).unwrap_or_default();
        let room = self.enough.max(load + load / 4 + SLACK);
        let led = led.filter(|led| self.loads[*led] <= room);
        let begun = self.loads.iter().position(|load| *load < self.enough);
        led.or(begun).unwrap_or(least)
    }
}

/// What a stream costs its thread if it talks, G.711 being 1.
fn weight(settings: &StreamSettings) -> usize {
    match settings.send.map(|send| send.format.codec) {
        Some(AudioCodec::Opus(_)) => 16,
        Some(AudioCodec::G722) => 4,
        Some(AudioCodec::Pcmu | AudioCodec::Pcma | AudioCodec::L16(_)) | None => 1,
    }
}

#[cfg(test)]
mod tests;
