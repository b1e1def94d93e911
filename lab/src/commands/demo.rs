//! `h248 demo`: the seed's private chat between separate processes, on real audio.

use std::time::Duration;

use clap::ValueEnum;
use lab::{
    api::{Api, Strategy},
    capture::CaptureFile,
    gap::{self, Continuity},
    ladder::Ladder,
    phones::tone,
    programs::Programs,
    stage::{self, AFTER_MOVE, BEFORE_MOVE, Moved, Stage},
};
use transport_h248::Carrier;

use super::{Codec, Trouble, blame, chain, folders::Folders, registered};
use crate::output::say;

/// Longer than any demo, so that every move can be looked at when it is over.
const KEPT: Duration = Duration::from_secs(60);
/// Legs that go to the private room.
const MOVERS: usize = 2;

/// How the demo goes.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// How legs are moved
    #[arg(long, value_enum, default_value = "two-step")]
    strategy: Choice,
    /// What the legs speak
    #[arg(long, value_enum, default_value = "pcmu")]
    codec: Codec,
    /// How many legs the Call has
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(3..=20))]
    legs: u16,
    /// What carries H.248: udp, tcp or sctp
    #[arg(long, default_value = "udp")]
    transport: Carrier,
    #[command(flatten)]
    folders: Folders,
}

/// One strategy, or each in turn.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Choice {
    /// Closes to the first media channel, then connects to the second, each confirmed
    TwoStep,
    /// One Move
    Move,
    /// Subtract, then Add on the same port
    SubtractAdd,
    /// One after another
    All,
}

impl Choice {
    fn strategies(self) -> &'static [Strategy] {
        match self {
            Self::TwoStep => &[Strategy::TwoStep],
            Self::Move => &[Strategy::Move],
            Self::SubtractAdd => &[Strategy::SubtractAdd],
            Self::All => &[Strategy::TwoStep, Strategy::Move, Strategy::SubtractAdd],
        }
    }
}

/// Runs it; returns what was not as it must be.
pub(crate) async fn run(arguments: Arguments) -> Result<Vec<String>, Trouble> {
    let mut places = arguments.folders.places("demo.pcapng")?;
    places.carrier = arguments.transport;
    let started = stage::now();
    let mut programs = Programs::start(&places).await?;
    say!(
        "mgc speaks H.248 on {} and HTTP on {}; mg speaks H.248 on {}",
        programs.h248,
        programs.http,
        programs.gateway
    );
    let mut demo = match Demo::start(&arguments, &mut programs).await {
        Ok(demo) => demo,
        Err(trouble) => return Err(blame(&mut programs, trouble).await),
    };
    if let Err(error) = demo.play(arguments.strategy.strategies()).await {
        demo.stage.faults.push(chain(error.as_ref()));
    }
    let (capture, port) = (programs.capture.clone(), programs.h248.port());
    say!("\nmg and mgc are told to end (SIGINT).");
    let unclean = programs.stop().await;
    let unclean = unclean.iter().map(ToString::to_string);
    // First of all: what else is not right may follow from it.
    demo.stage.faults.splice(..0, unclean);
    demo.drawing.draw()?;
    say!("\n{}\n{}", gap::table(&demo.rows), gap::LEGEND);
    say!("\nThe capture of all H.248 messages, for another reader:");
    let decoded = match arguments.transport {
        Carrier::Udp => format!("udp.port=={port},megaco"),
        Carrier::Tcp => format!("tcp.port=={port},megaco"),
        Carrier::Sctp => format!("udp.port=={port},sctp"),
    };
    say!("    tshark -r {} -d {decoded}", capture.display());
    let took = stage::now().duration_since(started).as_secs_f64();
    if demo.stage.faults.is_empty() {
        say!("All is as it must be, after {took:.1} s.");
    } else {
        say!("It took {took:.1} s.");
    }
    Ok(demo.stage.faults)
}

/// The ladder of what was captured so far.
struct Drawing {
    capture: CaptureFile,
    ladder: Ladder,
}

impl Drawing {
    /// Draws what was captured since the last time.
    fn draw(&mut self) -> Result<(), Trouble> {
        for datagram in self.capture.read_on()? {
            for line in self.ladder.draw(&datagram) {
                say!("    {line}");
            }
        }
        Ok(())
    }
}

struct Demo {
    stage: Stage,
    drawing: Drawing,
    rows: Vec<gap::Row>,
    moves: usize,
    looks: usize,
}

impl Demo {
    /// Waits for the gateway and joins all legs to the main Seg.
    async fn start(arguments: &Arguments, programs: &mut Programs) -> Result<Self, Trouble> {
        let api = Api::new(&format!("http://{}", programs.http))?;
        let events = api.events().await?;
        let mut drawing = Drawing {
            capture: CaptureFile::new(&programs.capture),
            ladder: Ladder::with_controller(programs.h248),
        };
        let gateway = registered(&api, programs).await?;
        drawing.draw()?;
        say!("Gateway {} is registered.", gateway.id);
        let legs = usize::from(arguments.legs);
        let tones = tone::plan(legs, legs - 1).ok_or("too many legs")?;
        let stage = Stage::open(api, events, tones, KEPT).await?;
        let mut demo = Self {
            stage,
            drawing,
            rows: Vec::new(),
            moves: 0,
            looks: 0,
        };
        say!("\nAS -> Parlay  create a Call: {}", demo.stage.call.id);
        for place in 0..legs {
            demo.join(arguments.codec, place).await?;
        }
        Ok(demo)
    }

    async fn join(&mut self, codec: Codec, place: usize) -> Result<(), Trouble> {
        let codec = codec.of(place);
        let place = self.stage.join(None, codec).await?;
        self.drawing.draw()?;
        let (member, hz) = (
            &self.stage.members[place],
            self.stage.tones[place].frequency.0,
        );
        say!(
            "AS <- Parlay  {} has joined: {}, {codec:?}, {hz} Hz",
            member.name,
            member.leg
        );
        Ok(())
    }

    /// All that is shown, once the legs have joined.
    async fn play(&mut self, strategies: &[Strategy]) -> Result<(), Trouble> {
        self.look("all in the main Seg").await?;
        self.private_chats(strategies).await?;
        self.tear_down().await
    }

    /// For each strategy: a private Seg, the last legs into it, and back.
    async fn private_chats(&mut self, strategies: &[Strategy]) -> Result<(), Trouble> {
        let movers = self.stage.members.len() - MOVERS..self.stage.members.len();
        let main = self.stage.call.main_seg.clone();
        for &strategy in strategies {
            let name = strategy.name();
            say!("\n== Private chat, moved by {name} ==");
            say!("AS -> Parlay  CreateSegReq");
            let seg = self.stage.create_seg("private").await?;
            self.drawing.draw()?;
            say!("AS <- Parlay  CreateSegRes {seg}");
            for leg in movers.clone() {
                self.move_leg(leg, &seg, strategy, "main -> private")
                    .await?;
            }
            self.look(&format!("{name}: two in private")).await?;
            say!("");
            for leg in movers.clone() {
                self.move_leg(leg, &main, strategy, "private -> main")
                    .await?;
            }
            self.look(&format!("{name}: back in the main Seg")).await?;
            say!("\nAS -> Parlay  delete {seg}");
            self.stage.api.delete_seg(&self.stage.call.id, &seg).await?;
            self.drawing.draw()?;
        }
        Ok(())
    }

    async fn move_leg(
        &mut self,
        leg: usize,
        seg: &str,
        strategy: Strategy,
        way: &str,
    ) -> Result<(), Trouble> {
        let name = self.stage.members[leg].name.clone();
        say!("AS -> Parlay  AttachMediaReq {name} into {seg}");
        let accepted = |operation: &str| say!("AS <- Parlay  AttachMediaRes {operation}");
        let moved = self.stage.attach(leg, seg, strategy, accepted).await?;
        self.drawing.draw()?;
        let event = moved.report.event.as_deref().unwrap_or("?");
        let took = moved.reported.duration_since(moved.asked).as_secs_f64() * 1e3;
        say!("AS <- Parlay  LegEventReport {name} {event} [{took:.1} ms after the request]");
        self.stage.settle(&moved, seg);
        self.moves += 1;
        // The pictures of two moves must not overlap.
        tokio::time::sleep(AFTER_MOVE + BEFORE_MOVE).await;
        self.picture(&moved, strategy, format!("{name} {way}"));
        Ok(())
    }

    /// Measures what a move did to the audio, and judges what the strategy promises.
    fn picture(&mut self, moved: &Moved, strategy: Strategy, way: String) {
        let (stage, name) = (&mut self.stage, strategy.name());
        let own = [moved.leg];
        let received = stage.around(moved.leg, moved, &moved.old_room, &moved.new_room);
        let others = |room: &[usize], old: &[usize], new: &[usize]| {
            room.iter()
                .map(|&listener| stage.around(listener, moved, old, new))
                .collect::<Vec<_>>()
        };
        let old_room = others(&moved.old_room, &own, &[]);
        let new_room = others(&moved.new_room, &[], &own);
        let unmoved = (0..stage.members.len()).filter(|&place| place != moved.leg);
        let jumps = unmoved
            .map(|place| Continuity::of(&stage.around(place, moved, &[], &[])).time_stamp_jumps);
        let row = gap::Row {
            late_ticks: jumps.min().unwrap_or(0),
            strategy: name,
            way,
            hears: gap::heard_by_moved(&received),
            heard: gap::heard_from_moved(&old_room, &new_room),
            stream: Continuity::of(&received),
        };
        let broken = promises(strategy, &row);
        stage.faults.extend(broken);
        let both = !moved.old_room.is_empty() && !moved.new_room.is_empty();
        if both && (row.hears.is_none() || row.heard.is_none()) {
            let fault = format!("{name}, {}: not heard in both rooms", row.way);
            stage.faults.push(fault);
        }
        self.rows.push(row);
    }

    /// Prints the matrix and the gateway's Contexts, and judges both.
    async fn look(&mut self, when: &str) -> Result<(), Trouble> {
        let measured = self.stage.listen(when).await;
        let drawing = measured.draw(&self.stage.names(), &self.stage.expected());
        say!("\nHearing, {when} (rows listen, columns talk):");
        for line in drawing.lines() {
            say!("    {line}");
        }
        if self.looks == 0 {
            say!("    ● hears, · does not; nobody is to hear itself");
        }
        self.looks += 1;
        self.stage.check_legs(when).await?;
        let audit = self.stage.audit(when).await?;
        self.drawing.draw()?;
        say!("    audit: {audit}");
        Ok(())
    }

    async fn tear_down(&mut self) -> Result<(), Trouble> {
        say!("AS -> Parlay  delete the Call");
        self.stage.close().await?;
        self.drawing.draw()?;
        let audit = self.stage.audit("after the end").await?;
        self.drawing.draw()?;
        if audit.is_empty() {
            say!("audit: error 431 on the wildcard (as it must be: no Context is left)");
        } else {
            say!("audit: {audit}");
        }
        self.stage.check_events(self.moves);
        Ok(())
    }
}

/// What a strategy promises of the moved leg's stream and does not keep.
fn promises(strategy: Strategy, row: &gap::Row) -> Vec<String> {
    let stream = &row.stream;
    let mut broken = Vec::new();
    if stream.packets == 0 {
        broken.push("receives nothing around the move".to_owned());
    }
    if stream.address_changes > 0 {
        broken.push("receives from another port".to_owned());
    }
    match strategy {
        Strategy::SubtractAdd => {}
        Strategy::TwoStep => {
            if stream.source_changes > 0 || stream.missing + stream.disordered > 0 {
                broken.push(format!("receives a broken stream: {stream:?}"));
            }
        }
        Strategy::Move | Strategy::Topology => {
            let lost = stream.missing + stream.disordered;
            if lost + row.own_jumps() + stream.source_changes > 0 {
                broken.push(format!("receives a broken stream: {stream:?}"));
            }
            if let Some(silence) = row.hears.filter(|silence| silence.frames > 1) {
                broken.push(format!("hears nothing for {} frames", silence.frames));
            }
        }
    }
    let name = |what| format!("{}, {}: {what}", row.strategy, row.way);
    broken.into_iter().map(name).collect()
}

#[cfg(test)]
mod tests {
    use lab::gap::{Row, Silence};

    use super::*;

    fn row(frames: usize, stream: Continuity) -> Row {
        Row {
            strategy: "move",
            way: "leg5 main -> private".to_owned(),
            hears: Some(Silence {
                length: Duration::from_millis(20) * frames as u32,
                frames,
            }),
            heard: None,
            stream: Continuity {
                packets: 30,
                ..stream
            },
            late_ticks: 0,
        }
    }

    #[test]
    fn a_move_promises_an_unbroken_stream_and_at_most_one_silent_frame() {
        let unbroken = Continuity::default();
        let jump = Continuity {
            time_stamp_jumps: 1,
            ..unbroken
        };
        assert!(promises(Strategy::Move, &row(1, unbroken)).is_empty());
        assert_eq!(promises(Strategy::Move, &row(2, unbroken)).len(), 1);
        assert_eq!(promises(Strategy::Move, &row(0, jump)).len(), 1);
        let late = Row {
            late_ticks: 1,
            ..row(0, jump)
        };
        assert!(promises(Strategy::Move, &late).is_empty());
        assert!(promises(Strategy::TwoStep, &row(4, jump)).is_empty());
    }

    #[test]
    fn subtract_and_add_promise_the_same_port() {
        let port = Continuity {
            source_changes: 1,
            address_changes: 1,
            ..Continuity::default()
        };
        assert_eq!(promises(Strategy::SubtractAdd, &row(4, port)).len(), 1);
    }
}
