//! Plays a scenario against a gateway in virtual time, as its controller.

use std::sync::Arc;

use lab::scenario::{
    HookCall, HookOutcome, Library, Outcome, Player, Program, Role, Script, Settings, Verdict,
};
use transport_h248::Encoding;

use crate::rig::{self, Rig};

/// The lines and the trunks that purposes find.
const LINES: [(&str, &str); 2] = [("lines", "4"), ("trunks", "1")];
/// Items of the catalogue's section 3 that our gateway has not.
const LACKED: [&str; 7] = [
    "PIC_MUX",
    "PIC_MAXTRANS",
    "PIC_UNDET",
    "PIC_WARM",
    "PIC_CAPCHG",
    "PIC_SCINC",
    "PIC_MINVER",
];

/// Why a purpose is not played here, if it is not.
pub(crate) fn unselected(script: &Script) -> Option<String> {
    let unmet = script.pics().find(|item| {
        let bare = item.trim_start_matches('!');
        LACKED.contains(&bare) != item.starts_with('!')
    });
    match unmet {
        Some(item) => Some(format!("the gateway has no {item}")),
        None if script.is_over_tcp() => Some("it is about octets of a connection".to_owned()),
        None => None,
    }
}

/// What is random in the gateway.
const SEED: u64 = 7;

/// A gateway, and who plays with it.
struct Stage {
    rig: Rig,
    player: Player,
    config: mg_core::Config,
    restarts: u64,
}

/// Plays a scenario; the gateway is as it has left it.
pub(crate) fn play(script: &Script, encoding: Encoding, states: &Library) -> (Outcome, Rig) {
    let program = Program::new(script, states)
        .unwrap_or_else(|error| panic!("{}: {error}", script.path.display()));
    let mut wanted = script.config.clone();
    if script.purpose {
        let lines = LINES.map(|(name, count)| (name.to_owned(), count.to_owned()));
        wanted.splice(0..0, lines);
    }
    let config = rig::config(encoding, &wanted);
    let mut settings = Settings::new(Role::Mgc, encoding);
    settings.names = config.transport.names.clone();
    for place in ["mgc2", "mgc3", "stranger"] {
        let at = rig::place(place);
        let mid = format!("[{}]:{}", at.ip(), at.port());
        settings.mids.insert(place.to_owned(), mid);
    }
    let rig = Rig::new(config.clone(), SEED, lab::sim::start());
    let player = Player::new(program, Arc::new(settings), rig.now);
    let mut stage = Stage {
        rig,
        player,
        config,
        restarts: 0,
    };
    let outcome = stage.run();
    (outcome, stage.rig)
}

impl Stage {
    fn run(&mut self) -> Outcome {
        loop {
            self.settle();
            let now = self.rig.now;
            self.player.handle_timeout(now);
            self.settle();
            if let Some(outcome) = self.player.poll_end() {
                return self.checked(outcome);
            }
            let wakes = [self.rig.next_wake(), self.player.poll_timeout()];
            let at = wakes.into_iter().flatten().min().expect("it has not ended");
            let player = &mut self.player;
            self.rig.advance(at, |rig| packets(player, rig));
        }
    }

    /// Carries over whatever each side has for the other.
    fn settle(&mut self) {
        loop {
            let now = self.rig.now;
            while let Some((phone, octets)) = self.rig.packets.pop_front() {
                self.player.handle_rtp(phone, &octets, now);
            }
            if let Some((to, octets)) = self.rig.inbox.pop_front() {
                self.player.handle_message(&rig::name_of(to), &octets, now);
            } else if let Some(transmit) = self.player.poll_transmit() {
                self.rig.send(&transmit.octets, rig::place(&transmit.place));
            } else if let Some(call) = self.player.poll_hook() {
                let outcome = self.hook(&call);
                self.player.handle_hook(call.id, outcome, now);
            } else {
                return;
            }
        }
    }

    /// What happens to the gateway itself.
    fn hook(&mut self, call: &HookCall) -> HookOutcome {
        let now = self.rig.now;
        let word = call.words.first().map_or("", String::as_str);
        match call.name.as_str() {
            "PROMPT_COLD" => {
                self.restarts += 1;
                self.rig = Rig::new(self.config.clone(), SEED + self.restarts, now);
            }
            "PROMPT_SHUTDOWN" => self.rig.mg.handle_shutdown(now),
            "PROMPT_FAIL" | "PROMPT_RESTORE" => {
                self.rig.serve(word, call.name == "PROMPT_RESTORE");
            }
            "ENGINE" => self.rig.stalled = word == "stalls",
            "DRAIN" => {
                let delay = humantime::parse_duration(word).expect("drain TIME");
                self.rig.mg.handle_drain(delay, now);
            }
            other => {
                return HookOutcome {
                    told: format!("virtual time has no {other}"),
                    ..HookOutcome::default()
                };
            }
        }
        self.rig.pump();
        HookOutcome {
            status: Some(0),
            ..HookOutcome::default()
        }
    }

    /// No Context is empty.
    fn checked(&self, mut outcome: Outcome) -> Outcome {
        let snapshot = self.rig.mg.snapshot();
        let mut contexts = snapshot.contexts.iter();
        if let Some(context) = contexts.find(|one| one.terminations.is_empty())
            && outcome.verdict == Verdict::Pass
        {
            outcome.verdict = Verdict::Fail;
            outcome.reason = format!("Context {} has no Termination", context.id);
        }
        outcome
    }
}

/// What phones send now.
fn packets(player: &mut Player, rig: &mut Rig) {
    while let Some(rtp) = player.poll_rtp(rig.now) {
        rig.rtp(rtp.port, &rtp.octets, rtp.phone);
    }
}
