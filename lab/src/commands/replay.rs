//! `h248 replay`: one side of a capture, played against a live peer.

use std::time::Duration;

use lab::{
    replay::Side,
    scenario::{Role, Verdict, parse},
};

use super::{
    Trouble,
    playing::{Playing, tell},
    script::Derivation,
};

/// Which side of which capture, against whom.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    derivation: Derivation,
    #[command(flatten)]
    playing: Playing,
}

/// A replay has so long, and twice what the capture took.
const LEAST: Duration = Duration::from_secs(600);

/// Plays it; every step is judged, and what differs ends nothing. Of a capture that is not whole nobody
/// knows how the exchange went on: no pass.
pub(crate) async fn run(mut arguments: Arguments) -> Result<Verdict, Trouble> {
    let derived = arguments.derivation.derived()?;
    let script = parse(&derived.text, 1)?;
    let role = match arguments.derivation.side {
        Side::Mgc => Role::Mgc,
        Side::Mg => Role::Mg,
    };
    let playing = &mut arguments.playing;
    playing.limit_at(LEAST.saturating_add(derived.length.saturating_mul(2)));
    let mut outcome = playing.play(&script, Some(role), true).await?;
    if let Some(flaw) = derived.flaw
        && outcome.verdict <= Verdict::Pass
    {
        outcome.verdict = Verdict::Inconc;
        outcome.reason = format!("the capture is not whole: {flaw}");
    }
    tell(&outcome, playing.quiet);
    Ok(outcome.verdict)
}
