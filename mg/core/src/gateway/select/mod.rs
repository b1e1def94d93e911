//! Makes Local and Remote concrete: formats, keys, address and port (H.248.1 7.1.8).

mod capability;
mod choice;
mod formats;
mod local;
mod opus;
mod security;
mod settings;

use std::net::{IpAddr, SocketAddr};

use codec_h248::{
    PropertyParm,
    descriptor::{LocalControlDescriptor, SessionDescription, StreamParms},
};
use mg_contract::RtpPort;
use transport_h248::mutants::{Mutant, seeded};

pub(crate) use self::{capability::capability, settings::settings};
use self::{
    choice::{Chooser, Far},
    local::make_local,
    settings::{agree, destination},
};
use super::{
    kept::Kept,
    packages::{self, Set},
    ports::{Availability, Ports},
    sdp::{self, Description, Port},
    stream::{Control, PortChange, Stream, description},
};
use crate::{CommandError, Line, codecs::Codecs, command_error::Stop, keys::Keys};

/// What a command does to one stream, decided before anything changes.
#[derive(Clone, Debug)]
pub(crate) struct StreamChange {
    /// The stream as it will be, but for its port pair.
    pub(crate) stream: Stream,
    /// What becomes of its port pair.
    pub(crate) port: PortChange,
    /// What the gateway chose, for the reply.
    pub(crate) chosen: StreamParms<'static>,
}

/// What a choice is made from.
pub(crate) struct Resources<'a> {
    /// The address on which media is received.
    pub(crate) address: IpAddr,
    /// The packages.
    pub(crate) packages: Set<'a>,
    /// The port pairs.
    pub(crate) ports: &'a Ports,
    /// The codecs that the gateway speaks.
    pub(crate) codecs: &'a Codecs,
    /// What keys for SRTP come from, if any are made.
    pub(crate) keys: Option<&'a Keys>,
    /// Port pairs that the same command has chosen already.
    pub(crate) taken: &'a [RtpPort],
}

/// Decides what `parms` make of `current`.
pub(crate) fn plan_stream(
    current: &Stream,
    parms: &StreamParms<'_>,
    resources: &Resources<'_>,
) -> Result<StreamChange, Stop> {
    let mut change = begin(current, parms, resources.packages)?;
    if let Some(given) = &parms.local_control {
        plan_control(&mut change, given, resources.packages, Vec::new())?;
    }
    let local = parms.local.as_ref().map(read).transpose()?;
    let remote = parms.remote.as_ref().map(read).transpose()?;
    let heard = remote.as_deref().or(current.remote.as_deref());
    if let Some(offers) = local {
        let far = Far::of(heard.unwrap_or_default(), resources.codecs);
        plan_local(&mut change, &offers, &far, resources)?;
    }
    let are_both_given = parms.local.is_some() && remote.is_some();
    if let Some(offers) = remote {
        plan_remote(&mut change, offers, resources)?;
    }
    // One after the other they may be on their way from one kind of protection to another.
    if are_both_given && !agree(&change.stream) {
        return Err(CommandError::UnsupportedMedia.into());
    }
    if sends_to_itself(&change, resources.address) {
        return Err(CommandError::RemoteAddress.into());
    }
    Ok(change)
}

/// The stream as it is, but for what is said of its statistics.
fn begin(
    current: &Stream,
    parms: &StreamParms<'_>,
    packages: Set<'_>,
) -> Result<StreamChange, CommandError> {
    let mut stream = current.clone();
    if let Some(given) = &parms.statistics {
        stream.kept = Kept::of_stream(packages, given)?;
    }
    Ok(StreamChange {
        stream,
        port: PortChange::Keep,
        chosen: StreamParms::default(),
    })
}

fn read(description: &SessionDescription<'_>) -> Result<Vec<Description>, CommandError> {
    sdp::read(&description.octets).map_err(CommandError::InvalidSdp)
}

/// Decides what `parms` make of the stream of a physical Termination. There is nothing to say in Local
/// and Remote of a circuit.
pub(crate) fn plan_line(
    current: &Stream,
    parms: &StreamParms<'_>,
    line: &Line,
    packages: Set<'_>,
) -> Result<StreamChange, Stop> {
    let said = |given: &Option<SessionDescription<'_>>| {
        given.as_ref().is_some_and(|given| !given.octets.is_empty())
    };
    if said(&parms.local) {
        return Err(CommandError::UnknownDescriptor("Local").into());
    }
    if said(&parms.remote) {
        return Err(CommandError::UnknownDescriptor("Remote").into());
    }
    let mut change = begin(current, parms, packages)?;
    if let Some(given) = &parms.local_control {
        plan_control(&mut change, given, packages, line.provisioned())?;
    }
    Ok(change)
}

/// A LocalControl descriptor replaces the former one whole; what it leaves out is as it is provisioned
/// (H.248.1 7.1.7).
fn plan_control(
    change: &mut StreamChange,
    given: &LocalControlDescriptor<'_>,
    packages: Set<'_>,
    provisioned: Vec<PropertyParm<'static>>,
) -> Result<(), CommandError> {
    let kept = packages.local_control(&given.properties)?;
    let chosen = kept.iter().filter(|kept| kept.chosen);
    let chosen: Vec<_> = chosen.map(|kept| kept.parm.clone()).collect();
    let (mode, provisioned) = if seeded(Mutant::M09) {
        let former = &change.stream.control;
        (former.mode, former.properties.clone())
    } else {
        (Control::default().mode, provisioned)
    };
    change.stream.control = Control {
        mode: given.mode.unwrap_or(mode),
        reserve_value: given.reserved_value.unwrap_or_default(),
        reserve_group: given.reserved_group.unwrap_or_default(),
        properties: packages::over(provisioned, kept.iter().map(|kept| &kept.parm)),
    };
    if !chosen.is_empty() {
        change.chosen.local_control = Some(LocalControlDescriptor {
            properties: chosen,
            ..LocalControlDescriptor::default()
        });
    }
    Ok(())
}

fn plan_local(
    change: &mut StreamChange,
    offers: &[Description],
    far: &Far,
    resources: &Resources<'_>,
) -> Result<(), Stop> {
    if offers.is_empty() {
        change.stream.local = Some(Vec::new());
        change.port = release(&change.stream);
        return Ok(());
    }
    let chooser = Chooser {
        codecs: resources.codecs,
        control: &change.stream.control,
        makes_keys: resources.keys.is_some(),
    };
    let mut picked = chooser.choose(offers, far)?;
    let Some(first) = picked.first() else {
        // A reservation that nothing satisfies is answered with an empty Local.
        change.stream.local = Some(Vec::new());
        change.port = release(&change.stream);
        change.chosen.local = Some(SessionDescription::default());
        return Ok(());
    };
    let number = plan_port(change, first.media.port, resources)?;
    picked.retain(|one| {
        matches!(one.media.port, Port::Choose) || one.media.port == Port::Number(number)
    });
    for one in &mut picked {
        make_local(one, number, resources.address, resources.keys)?;
    }
    if picked != offers {
        change.chosen.local = Some(description(&picked));
    }
    change.stream.local = Some(picked);
    Ok(())
}

fn release(stream: &Stream) -> PortChange {
    match stream.media {
        Some(_) => PortChange::Release,
        None => PortChange::Keep,
    }
}

/// Finds the port pair that `asked` stands for, and returns its number.
fn plan_port(
    change: &mut StreamChange,
    asked: Port,
    resources: &Resources<'_>,
) -> Result<u16, Stop> {
    let held = change.stream.media.and_then(|media| media.port);
    let (availability, refusal) = match (asked, held) {
        (Port::Choose, Some(port)) => return Ok(port.0),
        (Port::Number(number), Some(port)) if number == port.0 => {
            return Ok(number);
        }
        (Port::Number(number), _) => {
            let port = RtpPort(number);
            let refusal = CommandError::PortUnavailable(port);
            if resources.taken.contains(&port) {
                return Err(refusal.into());
            }
            (resources.ports.specific(port), refusal)
        }
        (Port::Choose, None) => (resources.ports.any(resources.taken), CommandError::NoPort),
    };
    match availability {
        Availability::Free(port) => {
            change.port = PortChange::Take(port);
            Ok(port.0)
        }
        Availability::Bindable(port) => Err(Stop::Bind(port)),
        Availability::Unavailable => Err(refusal.into()),
    }
}

fn plan_remote(
    change: &mut StreamChange,
    offers: Vec<Description>,
    resources: &Resources<'_>,
) -> Result<(), CommandError> {
    if offers.is_empty() {
        change.stream.remote = Some(offers);
        return Ok(());
    }
    let far = Far::of(
        change.stream.local.as_deref().unwrap_or_default(),
        resources.codecs,
    );
    let chooser = Chooser {
        codecs: resources.codecs,
        control: &change.stream.control,
        makes_keys: false,
    };
    let picked = chooser.choose(&offers, &far)?;
    let is_host = |to: SocketAddr| {
        let far = to.ip();
        far.is_ipv4() == resources.address.is_ipv4() && is_one_host(far)
    };
    let reachable = |one: &Description| {
        destination(one).is_some_and(|(to, rtcp_to)| is_host(to) && is_host(rtcp_to))
    };
    if !picked.iter().all(reachable) {
        return Err(CommandError::RemoteAddress);
    }
    if picked != offers {
        change.chosen.remote = Some(description(&picked));
    }
    change.stream.remote = Some(picked);
    Ok(())
}

/// Whether media sent there goes to one receiver: a controller must not have us flood a network.
fn is_one_host(address: IpAddr) -> bool {
    let address = address.to_canonical();
    let is_broadcast = matches!(address, IpAddr::V4(address) if address.is_broadcast());
    !(is_broadcast || address.is_multicast())
}

/// Whether what the stream sends would come back to its own port pair.
fn sends_to_itself(change: &StreamChange, address: IpAddr) -> bool {
    let port = match change.port {
        PortChange::Keep => change.stream.media.and_then(|media| media.port),
        PortChange::Take(port) => Some(port),
        PortChange::Release => None,
    };
    let Some(RtpPort(rtp)) = port else {
        return false;
    };
    let is_own = |to: SocketAddr| {
        to.ip().to_canonical() == address.to_canonical()
            && (to.port() == rtp || Some(to.port()) == rtp.checked_add(1))
    };
    let mut remote = change.stream.remote.iter().flatten();
    remote.any(|one| destination(one).is_some_and(|(to, rtcp_to)| is_own(to) || is_own(rtcp_to)))
}
