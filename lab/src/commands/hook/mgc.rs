//! The hooks of our controller: it is started and stopped, and asked for what the catalogue calls
//! triggers, over its API.

use std::path::Path;

use lab::api::{ApiError, Place};
use reqwest::Method;
use rustix::process::Signal;
use serde_json::{Value, json};

use super::{
    End, Folder, Trouble, Words, config,
    legs::{self, Desk},
    listening, name, sees,
    started::Started,
};

/// The header that names gateways which did not answer an audit.
const SILENT: &str = "x-silent-gateways";

pub(super) async fn hook(
    folder: &Folder,
    bin_dir: &Path,
    mut words: Words<'_>,
) -> Result<End, Trouble> {
    let verb = words.need("a verb")?.to_ascii_lowercase();
    match verb.as_str() {
        "cold" => return cold(folder, bin_dir).await,
        "shutdown" => return shutdown(folder).await,
        "auditcap" => return cannot("sends no AuditCapability"),
        "oos" => return cannot("takes no Termination out of service"),
        "pair" => return cannot("sends each command in a transaction of its own"),
        "fail" | "restore" | "warm" => return cannot("has no such prompt"),
        _ => {}
    }
    let desk = Desk::open(folder)?;
    match verb.as_str() {
        "sees" => sees::hook(&desk, words).await,
        "create" => desk.create(words).await,
        "add" => desk.add(words).await,
        verb => taken(desk.trigger(verb, words).await),
    }
}

fn cannot(what: &str) -> Result<End, Trouble> {
    Ok(End::Cannot(format!("mgc {what}")))
}

/// What the gateway made of a request is not the trigger's failure, nor that the controller first
/// ends what it does about the Leg.
fn taken(asked: Result<End, Trouble>) -> Result<End, Trouble> {
    let trouble = match asked {
        Ok(end) => return Ok(end),
        Err(trouble) => trouble,
    };
    let error = *trouble.downcast::<ApiError>()?;
    let passes = match &error {
        ApiError::Refused { problem, .. } => {
            let kinds = ["gateway.", "operation.", "leg.busy"];
            kinds.iter().any(|kind| problem.code.starts_with(kind))
        }
        ApiError::Http { source, .. } => source.is_timeout(),
        ApiError::Status { .. } | ApiError::NoEvent(..) | ApiError::Named(_) => false,
    };
    Ok(if passes { End::Done } else { error.into() })
}

/// Kills what runs, forgets the row, and starts anew.
async fn cold(folder: &Folder, bin_dir: &Path) -> Result<End, Trouble> {
    if let Some(running) = Started::of(folder, "mgc") {
        running.end(Signal::KILL).await?;
    }
    legs::forget(folder)?;
    let any = "127.0.0.1:0";
    let h248 = format!("{}{any}", listening());
    let mut arguments: Vec<String> = ["--h248", &h248, "--h248-binary", &h248, "--http", any]
        .map(str::to_owned)
        .to_vec();
    for (option, value) in config()? {
        arguments.push(format!("--{option}"));
        arguments.push(value);
    }
    let mgc = Started::start(folder, bin_dir, "mgc", arguments).await?;
    let text = mgc.address(folder, "h248").await?;
    let binary = mgc.address(folder, "h248-binary").await?;
    let http = mgc.address(folder, "http").await?;
    folder.write("api", &format!("http://{http}"))?;
    name("IUT_ADDR", text);
    name("IUT_BINARY", binary);
    name("IUT_PID", mgc.pid);
    Ok(End::Done)
}

async fn shutdown(folder: &Folder) -> Result<End, Trouble> {
    if let Some(running) = Started::of(folder, "mgc") {
        running.end(Signal::INT).await?;
    }
    Ok(End::Done)
}

impl Desk<'_> {
    async fn trigger(&self, verb: &str, mut words: Words<'_>) -> Result<End, Trouble> {
        match verb {
            "end" => {
                let quiet = ["--statistics", "false"].map(str::to_owned);
                let is_quiet = Started::of(self.folder, "mgc")
                    .is_some_and(|mgc| mgc.arguments.windows(2).any(|pair| pair == quiet));
                if words.has("without-statistics") && !is_quiet {
                    return cannot(
                        "asks for statistics where it was started without --statistics false",
                    );
                }
                let call = words.next().map(str::parse).transpose()?;
                let call = self.call(call)?;
                self.ask(Method::DELETE, &["calls", &call], None).await?;
            }
            "audit" => return self.audit().await,
            "handoff" => return self.hand_off(words).await,
            _ => {
                let number = words.number("a leg")?;
                let (call, leg) = self.known(number).await?;
                return self.of_leg(verb, (&call, &leg), words).await;
            }
        }
        words.end()?;
        Ok(End::Done)
    }

    async fn of_leg(
        &self,
        verb: &str,
        (call, leg): (&str, &str),
        mut words: Words<'_>,
    ) -> Result<End, Trouble> {
        let own = ["calls", call, "legs", leg];
        let under = |last| ["calls", call, "legs", leg, last];
        match verb {
            "release" => self.ask(Method::DELETE, &own, None).await?,
            "mute" | "unmute" => {
                let body = json!({ "muted": verb == "mute" });
                self.ask(Method::PATCH, &own, Some(body)).await?
            }
            "change" => {
                let body = json!({ "sdp": legs::offer(&mut words, 1)? });
                self.ask(Method::PATCH, &own, Some(body)).await?
            }
            "move" => {
                let room = words.need("a room")?;
                let strategy = words.next();
                self.attach((call, leg), room, strategy).await?
            }
            "isolate" => self.attach((call, leg), "new", Some("topology")).await?,
            "watch" => {
                let map = words.next().unwrap_or("x");
                self.ask(Method::DELETE, &under("collect"), None).await?;
                self.collect(&under("collect"), map).await?
            }
            "unwatch" => self.ask(Method::DELETE, &under("collect"), None).await?,
            "collect" => {
                let map = words.need("a digit map")?;
                self.collect(&under("collect"), map).await?
            }
            "play" => {
                let body = json!({ "tone": words.next().unwrap_or("cg/dt") });
                self.ask(Method::POST, &under("play"), Some(body)).await?
            }
            "stop" => self.ask(Method::DELETE, &under("play"), None).await?,
            _ => return Ok(End::Cannot(format!("mgc has no trigger {verb}"))),
        };
        words.end()?;
        Ok(End::Done)
    }

    async fn collect(&self, path: &[&str], map: &str) -> Result<Value, ApiError> {
        let body = json!({ "map": map });
        self.ask(Method::POST, path, Some(body)).await
    }

    /// Moves a Leg into a room, which is made where it is `new`.
    async fn attach(
        &self,
        (call, leg): (&str, &str),
        room: &str,
        strategy: Option<&str>,
    ) -> Result<Value, Trouble> {
        let seg = if room == "new" {
            let path = ["calls", call, "segs"];
            let made = self.ask(Method::POST, &path, Some(json!({}))).await?;
            made["seg"].as_str().ok_or("a Seg without id")?.to_owned()
        } else {
            self.room(call, room).await?
        };
        let mut body = json!({ "seg": seg });
        if let Some(strategy) = strategy {
            body["strategy"] = strategy.into();
        }
        let path = ["calls", call, "legs", leg, "attach-media"];
        Ok(self.ask(Method::POST, &path, Some(body)).await?)
    }

    /// Asks for all Contexts, and writes down what came.
    async fn audit(&self) -> Result<End, Trouble> {
        let number = self.folder.claim("audit")?;
        let place = Place {
            path: vec!["contexts"],
            query: Vec::new(),
        };
        let contexts = self.api.ask_whole(Method::GET, &place, None).await;
        let told = match contexts {
            // Who did not tell is named beside what the others told.
            Ok((_, headers)) if headers.contains_key(SILENT) => json!({ "refused": SILENT }),
            Ok((contexts, _)) => contexts,
            Err(ApiError::Refused { problem, .. }) => json!({ "refused": problem.code }),
            Err(other) => return Err(other.into()),
        };
        self.folder.write(&format!("audit-{number}"), &told)?;
        Ok(End::Done)
    }

    async fn hand_off(&self, mut words: Words<'_>) -> Result<End, Trouble> {
        let mgc = words.need("the MId of a controller")?;
        let gateway = match words.next() {
            Some(gateway) => gateway.to_owned(),
            None => {
                let all = self.api.gateways().await?;
                let first = all.into_iter().next();
                first.ok_or("no gateway is registered")?.id
            }
        };
        self.api.hand_off(&gateway, mgc).await?;
        Ok(End::Done)
    }
}
