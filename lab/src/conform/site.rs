//! What the benches of a campaign have in common: places, hooks and values, as PIXIT and command line say.

use std::{
    env, fs,
    net::{IpAddr, SocketAddr},
    path::Path,
};

use transport_h248::Encoding;

use super::{
    catalogue::{CatalogueError, Source},
    pixit::Pixit,
    purpose::Role,
};
use crate::scenario::{
    self, Names,
    live::{self, Commands, Operator},
};

/// Where controllers are expected to listen, for text and for binary (clause 9).
const CONTROLLER_PORTS: (u16, u16) = (2_944, 2_945);

/// Why no bench can be made.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// The PIXIT says what cannot be.
    #[error("{0} is {1}; expected {2}")]
    Value(&'static str, String, &'static str),
    /// The states of the catalogue cannot be read.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// Several implementations at a time have to be started by us, each at its own place.
    #[error("more than one job needs a hook PROMPT_COLD, which starts an implementation for each")]
    Alone,
    /// A place cannot be taken, or a folder not be made.
    #[error("{0}: {1}")]
    Io(String, std::io::Error),
}

/// What all benches of a campaign have in common.
#[derive(Debug)]
pub struct Site<'a> {
    /// Who is under test.
    pub role: Role,
    /// The catalogue, for its states.
    pub source: &'a Source,
    /// What is known of what is under test.
    pub pixit: &'a Pixit,
    /// Where it listens, where that is known beforehand.
    pub target: Option<SocketAddr>,
    /// The seed of what is random.
    pub seed: u64,
    /// The folder of the campaign.
    pub folder: &'a Path,
    /// Who does by hand what no hook does.
    pub operator: Option<Operator>,
}

/// The hooks of the PIXIT, `h248` among their words being this program.
pub(super) fn commands(site: &Site<'_>, number: u16) -> Result<Commands, BenchError> {
    let state = site.folder.join(format!("state/{number}"));
    let made = fs::create_dir_all(&state);
    made.map_err(|error| BenchError::Io(state.display().to_string(), error))?;
    let state = state.canonicalize().unwrap_or(state);
    let own =
        env::current_exe().map_or_else(|_| "h248".to_owned(), |path| path.display().to_string());
    let mut commands = Commands::default();
    for (name, line) in &site.pixit.values {
        let is_hook = ["PROMPT", "TRIG", "NORTH"]
            .iter()
            .any(|kind| name.starts_with(kind));
        if is_hook && !line.trim().is_empty() {
            let line = match line.strip_prefix("h248 ") {
                Some(rest) => format!("'{own}' {rest}"),
                None => line.clone(),
            };
            commands.lines.insert(name.clone(), line);
        }
    }
    let value = |name: &str| site.pixit.value(name).unwrap_or_default().to_owned();
    commands.variables = vec![
        ("H248_STATE".to_owned(), state.display().to_string()),
        ("H248_ROLE".to_owned(), site.role.word().to_owned()),
        ("H248_TRANSPORT".to_owned(), value("PX_TRANSPORT")),
        ("H248_ENCODING".to_owned(), value("PX_ENCODING")),
        ("H248_VERSION".to_owned(), value("PX_VERSION")),
    ];
    commands.operator = site.operator.clone();
    commands.limit = site.pixit.time("PX_T_HOOK").unwrap_or(commands.limit);
    Ok(commands)
}

/// Where and how the tool speaks.
pub(super) fn options(site: &Site<'_>, commands: &Commands) -> Result<live::Options, BenchError> {
    let pixit = site.pixit;
    let said = |name: &str| pixit.value(name).unwrap_or_default().to_owned();
    let mut options = live::Options::new(match site.role {
        Role::Mg => scenario::Role::Mgc,
        Role::Mgc => scenario::Role::Mg,
    });
    options.encoding = match said("PX_ENCODING").as_str() {
        "text" => Encoding::Text,
        "binary" => Encoding::Binary,
        other => {
            return Err(BenchError::Value(
                "PX_ENCODING",
                other.to_owned(),
                "text or binary",
            ));
        }
    };
    let transport = said("PX_TRANSPORT");
    options.carrier = match transport.parse() {
        Ok(carrier) => carrier,
        Err(_) => {
            let expected = "udp, tcp or sctp";
            return Err(BenchError::Value("PX_TRANSPORT", transport, expected));
        }
    };
    // What a hook starts is told where we are; all others look where controllers are.
    let started = commands.has("PROMPT_COLD");
    options.port = match (started, options.role, options.encoding) {
        (false, scenario::Role::Mgc, Encoding::Text) => CONTROLLER_PORTS.0,
        (false, scenario::Role::Mgc, Encoding::Binary) => CONTROLLER_PORTS.1,
        (true, _, _) | (_, scenario::Role::Mg, _) => 0,
    };
    let tester = said("PX_TESTER_ADDR");
    if let Ok(at) = tester.parse::<SocketAddr>() {
        (options.address, options.port) = (at.ip(), at.port());
    } else {
        let address = tester.parse::<IpAddr>();
        let wanted = "IP or IP:PORT";
        options.address =
            address.map_err(|_| BenchError::Value("PX_TESTER_ADDR", tester, wanted))?;
    }
    options.target = site.target;
    Ok(options)
}

/// The values that scripts have.
pub(super) fn values(site: &Site<'_>) -> Names {
    let mut values = Names::new();
    values.insert("PX_ROLE".to_owned(), site.role.to_string());
    let known = site.pixit.values.iter();
    values.extend(known.map(|(name, value)| (name.clone(), value.clone())));
    values
}

/// What a row is configured with that says nothing of it: `NAME=VALUE …`.
pub(super) fn config(pixit: &Pixit) -> Result<Vec<(String, String)>, BenchError> {
    let words = pixit
        .value("PX_CONFIG")
        .unwrap_or_default()
        .split_whitespace();
    let pair = |word: &str| {
        let (name, value) = word
            .split_once('=')
            .ok_or_else(|| BenchError::Value("PX_CONFIG", word.to_owned(), "NAME=VALUE …"))?;
        Ok((name.to_owned(), value.to_owned()))
    };
    words.map(pair).collect()
}

pub(super) fn version(pixit: &Pixit) -> Result<u8, BenchError> {
    let version = pixit.value("PX_VERSION").unwrap_or("3");
    let number = version
        .parse()
        .ok()
        .filter(|number| (1..=3).contains(number));
    number.ok_or_else(|| BenchError::Value("PX_VERSION", version.to_owned(), "1, 2 or 3"))
}
