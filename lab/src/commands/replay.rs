//! `h248 replay`: one side of a capture, played against a live peer.

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

/// Plays it; every step is judged, and what differs ends nothing.
pub(crate) async fn run(arguments: Arguments) -> Result<Verdict, Trouble> {
    let script = parse(&arguments.derivation.text()?, 1)?;
    let role = match arguments.derivation.side {
        Side::Mgc => Role::Mgc,
        Side::Mg => Role::Mg,
    };
    let playing = &arguments.playing;
    let outcome = playing.play(&script, Some(role), true).await?;
    tell(&outcome, playing.quiet);
    Ok(outcome.verdict)
}
