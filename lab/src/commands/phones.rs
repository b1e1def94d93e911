//! `h248 phones`: simulated legs in a Call of a running platform.

use std::{path::PathBuf, sync::Arc, time::Duration};

use lab::{
    api::Api,
    phones::{Frame, Frequency, Hearing, Level, Phone, Phones, Source, Tone, Window, sdp, tone},
    stage,
};

use super::{Codec, Trouble};
use crate::output::say;

/// What is kept is what is looked at.
const KEPT: Duration = Duration::from_secs(2);
/// How much audio is judged every second.
const LISTEN: Duration = Duration::from_millis(400);

/// Who joins what.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The platform
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    api: String,
    /// The Call to join; a new one where absent
    #[arg(long)]
    call: Option<String>,
    /// The Seg to join; the main one where absent
    #[arg(long)]
    seg: Option<String>,
    /// How many legs join
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=200))]
    legs: u16,
    /// What they speak
    #[arg(long, value_enum, default_value = "pcmu")]
    codec: Codec,
    /// The first leg plays this file instead of its tone
    #[arg(long)]
    wav: Option<PathBuf>,
    /// How long they stay; until Ctrl-C where absent
    #[arg(long)]
    seconds: Option<u64>,
}

struct Leg {
    id: String,
    phone: Arc<Phone>,
}

/// Joins them, prints what they hear, and takes them out again.
pub(crate) async fn run(arguments: Arguments) -> Result<Vec<String>, Trouble> {
    let api = Api::new(&arguments.api)?;
    let call = match &arguments.call {
        Some(call) => api.call(call).await?.id,
        None => api.create_call().await?.id,
    };
    say!("Call {call}");
    let (phones, legs, tones) = join(&api, &call, &arguments).await?;
    // Ctrl-C ends the listening; the legs are taken out all the same.
    tokio::select! {
        () = listen(&legs, &tones, arguments.seconds) => {}
        interrupted = tokio::signal::ctrl_c() => interrupted?,
    }
    for leg in &legs {
        api.delete_leg(&call, &leg.id).await?;
    }
    if arguments.call.is_none() {
        api.delete_call(&call).await?;
    }
    drop(phones);
    Ok(Vec::new())
}

async fn join(
    api: &Api,
    call: &str,
    arguments: &Arguments,
) -> Result<(Phones, Vec<Leg>, Vec<Tone>), Trouble> {
    let count = usize::from(arguments.legs);
    let tones = tone::plan(count, count.saturating_sub(1)).ok_or("too many legs")?;
    let mut phones = Phones::start(KEPT)?;
    let mut legs = Vec::new();
    for (place, tone) in tones.iter().enumerate() {
        let wav = arguments.wav.as_deref().filter(|_| place == 0);
        let source = match wav {
            Some(path) => Source::wav(path)?,
            None => Source::tone(*tone),
        };
        let phone = phones.add(&source, arguments.codec.of(place))?;
        let added = api
            .add_leg(call, arguments.seg.as_deref(), &phone.offer())
            .await?;
        phone.set_remote(Some(sdp::answer(&added.sdp)?.rtp));
        let Frequency(hz) = tone.frequency;
        match wav {
            Some(path) => say!("leg{} = {} plays {}", place + 1, added.id, path.display()),
            None => say!("leg{} = {} sends {hz} Hz", place + 1, added.id),
        }
        legs.push(Leg {
            id: added.id,
            phone,
        });
    }
    Ok((phones, legs, tones))
}

/// Prints every second what each leg hears.
async fn listen(legs: &[Leg], tones: &[Tone], seconds: Option<u64>) {
    let mut second = 0;
    while seconds.is_none_or(|seconds| second < seconds) {
        tokio::time::sleep(Duration::from_secs(1)).await;
        second += 1;
        say!("after {second} s");
        let window = Window::before(stage::now(), LISTEN);
        for (place, leg) in legs.iter().enumerate() {
            let frames = leg.phone.frames(window);
            let hearing = Hearing::of(&frames, tones);
            let Level(level) = loudness(&frames);
            let heard = in_words(&hearing);
            say!("  leg{:<3} {level:>4.0} dB: hears {heard}", place + 1);
        }
    }
}

/// The level of a sine with the power of all that is received.
fn loudness(frames: &[Frame]) -> Level {
    let samples = frames.iter().flat_map(Frame::samples);
    let squares: Vec<f64> = samples.map(|sample| f64::from(sample).powi(2)).collect();
    let mean = squares.iter().sum::<f64>() / squares.len().max(1) as f64;
    Level::of_peak((2.0 * mean).sqrt())
}

fn in_words(hearing: &Hearing) -> String {
    let heard = hearing.heard().iter().enumerate();
    let names: Vec<String> = heard
        .filter(|(_, heard)| **heard)
        .map(|(place, _)| format!("leg{} ({:.0} dB)", place + 1, hearing.levels()[place].0))
        .collect();
    if names.is_empty() {
        "nobody".to_owned()
    } else {
        names.join(", ")
    }
}
