//! `h248 phones`: simulated legs in a Call of a running platform.

use std::{path::PathBuf, sync::Arc, time::Duration};

use futures_util::FutureExt as _;
use lab::{
    api::{Api, ApiError},
    phones::{Frame, Frequency, Hearing, Level, Phone, Phones, Source, Tone, Window, sdp, tone},
    stage,
};

use super::{Codec, Interruption, Trouble, chain};
use crate::output::say;

/// What is kept is what is looked at.
const KEPT: Duration = Duration::from_secs(2);
/// How much audio is judged every second.
const LISTEN: Duration = Duration::from_millis(400);

/// Who joins what.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The platform: ADDRESS:PORT or a URL
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    api: String,
    /// The bearer token to show it
    #[arg(long)]
    token: Option<String>,
    /// The Call to join; a new one where absent
    #[arg(long)]
    call: Option<String>,
    /// The Seg of that Call to join; the main one where absent
    #[arg(long, requires = "call")]
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

/// Joins them, prints what they hear, and takes them out again.
pub(crate) async fn run(arguments: Arguments) -> Result<Vec<String>, Trouble> {
    // Ctrl-C ends the joining and the listening; the legs are taken out all the same.
    let mut interruption = Interruption::new()?;
    let wav = match &arguments.wav {
        Some(path) => {
            let source = Source::wav(path);
            Some(source.map_err(|error| format!("{}: {}", path.display(), chain(&error)))?)
        }
        None => None,
    };
    let api = Api::with_token(&arguments.api, arguments.token.as_deref())?;
    let mut visit = Visit::begin(api, &arguments).await?;
    let stayed = visit.stay(&arguments, wav, &mut interruption).await;
    let left = visit.leave().await;
    match stayed {
        Ok(()) => Ok(left),
        Err(trouble) if left.is_empty() => Err(trouble),
        Err(trouble) => {
            let left = left.join("; ");
            Err(format!("{}; and then: {left}", chain(trouble.as_ref())).into())
        }
    }
}

struct Leg {
    id: String,
    phone: Arc<Phone>,
}

/// Our legs in a Call, from the first to the last.
struct Visit {
    api: Api,
    call: String,
    /// Whether we have made the Call and so must end it.
    is_own: bool,
    phones: Phones,
    legs: Vec<Leg>,
    /// The tones of the Call: first those that legs of others may send, then ours.
    tones: Vec<Tone>,
    /// How many of them are others'.
    others: usize,
}

impl Visit {
    /// Makes the Call or finds it, with whoever is in it already.
    async fn begin(api: Api, arguments: &Arguments) -> Result<Self, Trouble> {
        let others = match &arguments.call {
            Some(call) => api.legs(call).await?.len(),
            None => 0,
        };
        let count = usize::from(arguments.legs);
        let tones = tone::shared(others + count);
        let tones = tones.ok_or_else(|| {
            format!("{count} legs beside {others} in the Call: there are not so many tones")
        })?;
        let phones = Phones::start(KEPT)?;
        let call = match &arguments.call {
            Some(call) => call.clone(),
            None => api.create_call().await?.id,
        };
        say!("Call {call}");
        if others > 0 {
            say!("Legs of others in it: {others}; ours take the tones after theirs.");
        }
        Ok(Self {
            is_own: arguments.call.is_none(),
            api,
            call,
            phones,
            legs: Vec::new(),
            tones,
            others,
        })
    }

    /// Joins all legs and listens, until the time is up or we are interrupted.
    async fn stay(
        &mut self,
        arguments: &Arguments,
        mut wav: Option<Source>,
        interruption: &mut Interruption,
    ) -> Result<(), Trouble> {
        for place in 0..usize::from(arguments.legs) {
            if interruption.comes().now_or_never().is_some() {
                return Ok(());
            }
            self.join(arguments, wav.take(), place).await?;
        }
        say!("Levels are in dB of full scale: 0 dB is a sine that just does not clip.");
        tokio::select! {
            () = self.listen(arguments.seconds) => {}
            _ = interruption.comes() => {}
        }
        Ok(())
    }

    async fn join(
        &mut self,
        arguments: &Arguments,
        wav: Option<Source>,
        place: usize,
    ) -> Result<(), Trouble> {
        let tone = self.tones[self.others + place];
        let (Frequency(hz), Level(level)) = (tone.frequency, tone.level);
        let sends = match (&arguments.wav, &wav) {
            (Some(path), Some(_)) => format!("plays {}", path.display()),
            _ => format!("sends {hz} Hz at {level:.0} dB"),
        };
        let source = wav.unwrap_or_else(|| Source::tone(tone));
        let phone = self.phones.add(&source, arguments.codec.of(place))?;
        let seg = arguments.seg.as_deref();
        let added = self.api.add_leg(&self.call, seg, &phone.offer()).await?;
        say!("leg{} = {} {sends}", place + 1, added.id);
        let id = added.id;
        self.legs.push(Leg {
            id,
            phone: Arc::clone(&phone),
        });
        phone.set_remote(Some(sdp::answer(&added.sdp)?.rtp));
        Ok(())
    }

    /// Prints every second what each leg hears.
    async fn listen(&self, seconds: Option<u64>) {
        let mut second = 0;
        while seconds.is_none_or(|seconds| second < seconds) {
            tokio::time::sleep(Duration::from_secs(1)).await;
            second += 1;
            say!("after {second} s");
            let window = Window::before(stage::now(), LISTEN);
            for (place, leg) in self.legs.iter().enumerate() {
                let frames = leg.phone.frames(window);
                let hearing = Hearing::of(&frames, &self.tones);
                let Level(level) = loudness(&frames);
                let heard = in_words(&hearing, &self.tones, self.others);
                say!("  leg{:<3} {level:>4.0} dB: hears {heard}", place + 1);
            }
        }
    }

    /// Takes our legs out and ends our Call; returns what could not be done. What is not there any
    /// more, such as after somebody else's end of the Call, is done.
    async fn leave(self) -> Vec<String> {
        let mut done = Vec::new();
        for leg in &self.legs {
            done.push(self.api.delete_leg(&self.call, &leg.id).await);
        }
        if self.is_own {
            done.push(self.api.delete_call(&self.call).await);
        }
        let failed = done.into_iter().filter_map(Result::err);
        let failed = failed.filter(|error| !error.is_unknown());
        failed.map(|error: ApiError| chain(&error)).collect()
    }
}

/// The level of a sine with the power of all that is received.
fn loudness(frames: &[Frame]) -> Level {
    let samples = frames.iter().flat_map(Frame::samples);
    let squares: Vec<f64> = samples.map(|sample| f64::from(sample).powi(2)).collect();
    let mean = squares.iter().sum::<f64>() / squares.len().max(1) as f64;
    Level::of_peak((2.0 * mean).sqrt())
}

/// Which tones are heard; the first `others` of them are those of legs that are not ours.
fn in_words(hearing: &Hearing, tones: &[Tone], others: usize) -> String {
    let heard = hearing.heard().iter().enumerate();
    let name = |(place, _): (usize, &bool)| {
        let level = hearing.levels()[place].0;
        match place.checked_sub(others) {
            Some(own) => format!("leg{} ({level:.0} dB)", own + 1),
            None => format!("{} Hz of others ({level:.0} dB)", tones[place].frequency.0),
        }
    };
    let names: Vec<String> = heard.filter(|(_, heard)| **heard).map(name).collect();
    if names.is_empty() {
        "nobody".to_owned()
    } else {
        names.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::TcpListener,
        task::JoinHandle,
    };

    use super::*;

    #[derive(clap::Parser)]
    struct Line {
        #[command(flatten)]
        arguments: Arguments,
    }

    /// A platform that gives these answers, one after another; returns its address and what it
    /// is asked.
    async fn platform(answers: Vec<(u16, String)>) -> (String, JoinHandle<Vec<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let asked = tokio::spawn(async move {
            let mut asked = Vec::new();
            for (status, body) in answers {
                let (mut socket, _) = listener.accept().await.unwrap();
                let mut request = vec![0; 8_192];
                let length = socket.read(&mut request).await.unwrap();
                let request = String::from_utf8_lossy(&request[..length]).into_owned();
                let line = request.lines().next().unwrap_or_default();
                asked.push(line.trim_end_matches(" HTTP/1.1").to_owned());
                let head = format!("HTTP/1.1 {status} X\r\nconnection: close\r\n");
                let answer = format!("{head}content-length: {}\r\n\r\n{body}", body.len());
                socket.write_all(answer.as_bytes()).await.unwrap();
            }
            asked
        });
        (address, asked)
    }

    async fn phones(address: &str, more: &[&str]) -> Result<Vec<String>, Trouble> {
        let line = ["h248", "--api", address, "--seconds", "0", "--legs", "2"];
        let line = Line::try_parse_from(line.iter().chain(more)).unwrap();
        run(line.arguments).await
    }

    fn answers(texts: &[(u16, &str)]) -> Vec<(u16, String)> {
        let sdp = r"v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 9 RTP/AVP 0\r\n";
        let own = |&(status, text): &(u16, &str)| (status, text.replace("SDP", sdp));
        texts.iter().map(own).collect()
    }

    #[tokio::test]
    async fn a_joining_that_fails_half_way_leaves_nothing_behind() {
        let (address, asked) = platform(answers(&[
            (201, r#"{"id":"call_a","mainSeg":"seg_a"}"#),
            (201, r#"{"id":"leg_a","seg":"seg_a","sdp":"SDP"}"#),
            (503, r#"{"code":"gateway.none","detail":"no gateway"}"#),
            (204, ""),
            (204, ""),
        ]))
        .await;
        let trouble = phones(&address, &[]).await.unwrap_err().to_string();
        assert!(
            trouble.ends_with("503 gateway.none: no gateway"),
            "{trouble}"
        );
        let asked = asked.await.unwrap();
        assert_eq!(
            asked[3..],
            [
                "DELETE /v1/calls/call_a/legs/leg_a",
                "DELETE /v1/calls/call_a"
            ]
        );
    }

    #[tokio::test]
    async fn who_is_gone_already_is_no_fault_and_who_cannot_be_taken_out_is_one() {
        let (address, asked) = platform(answers(&[
            (200, r#"[{"id":"leg_x"}]"#),
            (201, r#"{"id":"leg_a","seg":"seg_a","sdp":"SDP"}"#),
            (201, r#"{"id":"leg_b","seg":"seg_a","sdp":"SDP"}"#),
            (500, ""),
            (404, r#"{"code":"call.unknown"}"#),
        ]))
        .await;
        let faults = phones(&address, &["--call", "call_a"]).await.unwrap();
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert!(faults[0].contains("legs/leg_a: 500"), "{faults:?}");
        assert_eq!(asked.await.unwrap().len(), 5);
    }

    #[tokio::test]
    async fn a_file_that_cannot_be_played_is_told_before_a_call_is_made() {
        let told = phones("127.0.0.1:1", &["--wav", "no-such.wav"]).await;
        let told = told.unwrap_err().to_string();
        assert!(told.starts_with("no-such.wav: "), "{told}");
    }

    #[test]
    fn a_seg_without_its_call_is_refused() {
        assert!(Line::try_parse_from(["h248", "--seg", "seg_a"]).is_err());
    }
}
