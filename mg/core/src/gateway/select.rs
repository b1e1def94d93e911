//! Makes Local and Remote concrete: formats, address and port (H.248.1 7.1.8).

use std::net::{IpAddr, SocketAddr};

use codec_h248::{
    PropertyParm,
    descriptor::{LocalControlDescriptor, SessionDescription, StreamParms},
};
use mg_contract::{AudioCodec, EventFormat, PacketTime, PayloadFormat, RtpPort, SendSettings};

use super::{
    kept::Kept,
    packages::{self, Set},
    ports::{Availability, Ports},
    sdp::{self, Attribute, Connection, Description, Format, Port},
    stream::{Control, PortChange, Stream, description},
};
use crate::{CommandError, Line, command_error::Stop};

/// The formats of the engine in our order of preference, with their static payload types.
const PREFERENCE: [PayloadFormat; 2] = [
    PayloadFormat {
        payload_type: 8,
        codec: AudioCodec::Pcma,
    },
    PayloadFormat {
        payload_type: 0,
        codec: AudioCodec::Pcmu,
    },
];

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
        let wanted = codecs(heard.unwrap_or_default());
        plan_local(&mut change, &offers, &wanted, resources)?;
    }
    if let Some(offers) = remote {
        plan_remote(&mut change, offers, resources.address)?;
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
    change.stream.control = Control {
        mode: given.mode.unwrap_or_default(),
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
    wanted: &[AudioCodec],
    resources: &Resources<'_>,
) -> Result<(), Stop> {
    if offers.is_empty() {
        change.stream.local = Some(Vec::new());
        change.port = release(&change.stream);
        return Ok(());
    }
    let mut picked = choose(offers, wanted, &change.stream.control)?;
    let Some(first) = picked.first() else {
        // A reservation that nothing satisfies is answered with an empty Local.
        change.stream.local = Some(Vec::new());
        change.port = release(&change.stream);
        change.chosen.local = Some(SessionDescription::default());
        return Ok(());
    };
    let number = plan_port(change, first.media.port, resources)?;
    picked.retain(|one| matches!(one.media.port, Port::Choose) || one.media.port == number);
    for one in &mut picked {
        make_local(one, number, resources.address)?;
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
) -> Result<Port, Stop> {
    let held = change.stream.media.and_then(|media| media.port);
    let (availability, refusal) = match (asked, held) {
        (Port::Choose, Some(port)) => return Ok(Port::Number(port.0)),
        (Port::Number(number), Some(port)) if number == port.0 => {
            return Ok(Port::Number(number));
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
            Ok(Port::Number(port.0))
        }
        Availability::Bindable(port) => Err(Stop::Bind(port)),
        Availability::Unavailable => Err(refusal.into()),
    }
}

/// Fills in what is the gateway's to say.
fn make_local(one: &mut Description, port: Port, address: IpAddr) -> Result<(), CommandError> {
    match one.connection {
        Some(Connection::Address(given)) if given != address => {
            return Err(CommandError::ForeignAddress);
        }
        Some(Connection::Address(_) | Connection::Choose) | None => {}
    }
    one.connection = Some(Connection::Address(address));
    one.media.port = port;
    one.complete();
    one.attributes
        .retain(|attribute| !matches!(attribute, Attribute::Rtcp { .. }));
    Ok(())
}

fn plan_remote(
    change: &mut StreamChange,
    offers: Vec<Description>,
    address: IpAddr,
) -> Result<(), CommandError> {
    if offers.is_empty() {
        change.stream.remote = Some(offers);
        return Ok(());
    }
    let wanted = codecs(change.stream.local.as_deref().unwrap_or_default());
    let picked = choose(&offers, &wanted, &change.stream.control)?;
    let reachable = |one: &Description| {
        let far = destination(one).map(|(to, _)| to.ip());
        far.is_some_and(|far| far.is_ipv4() == address.is_ipv4() && is_one_host(far))
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

/// Chooses among alternatives: one format of one description, or as many as are to be reserved.
/// Formats that the other direction has, too, come before those that it has not.
fn choose(
    offers: &[Description],
    wanted: &[AudioCodec],
    control: &Control,
) -> Result<Vec<Description>, CommandError> {
    let known: Vec<(&Description, Vec<PayloadFormat>)> = offers
        .iter()
        .map(|offer| (offer, audio_formats(offer)))
        .filter(|(_, formats)| !formats.is_empty())
        .collect();
    if known.is_empty() {
        return if control.reserve_value || control.reserve_group {
            Ok(Vec::new())
        } else {
            Err(CommandError::UnsupportedMedia)
        };
    }
    let common = |formats: &[PayloadFormat]| {
        let found = formats.iter().find(|one| wanted.contains(&one.codec));
        found.copied()
    };
    let first_common = known
        .iter()
        .position(|(_, formats)| common(formats).is_some());
    let narrowed = |(offer, formats): &(&Description, Vec<PayloadFormat>)| {
        if control.reserve_value {
            return narrow(offer, formats);
        }
        let one = common(formats).unwrap_or(formats[0]);
        narrow(offer, &[one])
    };
    if !control.reserve_group {
        return Ok(vec![narrowed(&known[first_common.unwrap_or(0)])]);
    }
    let mut picked: Vec<Description> = Vec::new();
    for description in known.iter().map(narrowed) {
        if !picked.iter().any(|other| conflict(other, &description)) {
            picked.push(description);
        }
    }
    Ok(picked)
}

/// Whether one payload type means two things.
fn conflict(one: &Description, other: &Description) -> bool {
    let others = audio_formats(other);
    audio_formats(one).iter().any(|format| {
        let mut same = others
            .iter()
            .filter(|o| o.payload_type == format.payload_type);
        same.any(|o| o.codec != format.codec)
    })
}

/// Keeps `formats`, the events that go with them, and what is said of either.
fn narrow(offer: &Description, formats: &[PayloadFormat]) -> Description {
    let mut one = offer.clone();
    let events = offer
        .media
        .formats
        .iter()
        .filter_map(|format| match format {
            Format::PayloadType(number) if is_telephone_event(offer, *number) => Some(*number),
            Format::PayloadType(_) | Format::Choose | Format::Word(_) => None,
        });
    let kept: Vec<u8> = formats
        .iter()
        .map(|format| format.payload_type)
        .chain(events)
        .collect();
    one.media.formats = kept.iter().copied().map(Format::PayloadType).collect();
    one.attributes.retain(|attribute| match attribute {
        Attribute::Rtpmap { payload_type, .. } | Attribute::Fmtp { payload_type, .. } => {
            kept.contains(payload_type)
        }
        Attribute::Rtcp { .. } | Attribute::Other(_) => true,
    });
    one
}

/// The audio formats of a description that the engine knows, in the description's order.
fn audio_formats(one: &Description) -> Vec<PayloadFormat> {
    let media = &one.media;
    if media.kind != "audio" || media.protocol != "RTP/AVP" || media.port == Port::Number(0) {
        return Vec::new();
    }
    let mut formats: Vec<PayloadFormat> = Vec::new();
    for format in &media.formats {
        let known: Vec<PayloadFormat> = match format {
            Format::Choose => PREFERENCE.to_vec(),
            Format::PayloadType(number) => audio_format(one, *number).into_iter().collect(),
            Format::Word(_) => Vec::new(),
        };
        for format in known {
            if !formats
                .iter()
                .any(|other| other.payload_type == format.payload_type)
            {
                formats.push(format);
            }
        }
    }
    formats
}

fn audio_format(one: &Description, payload_type: u8) -> Option<PayloadFormat> {
    let Some((encoding, rate)) = rtpmap(one, payload_type) else {
        let mut of_old = PREFERENCE
            .iter()
            .filter(|one| one.payload_type == payload_type);
        return of_old.next().copied();
    };
    if !matches!(rate, "8000" | "8000/1") {
        return None;
    }
    let codec = if encoding.eq_ignore_ascii_case("PCMU") {
        AudioCodec::Pcmu
    } else if encoding.eq_ignore_ascii_case("PCMA") {
        AudioCodec::Pcma
    } else {
        return None;
    };
    Some(PayloadFormat {
        payload_type,
        codec,
    })
}

fn is_telephone_event(one: &Description, payload_type: u8) -> bool {
    rtpmap(one, payload_type)
        .is_some_and(|(encoding, _)| encoding.eq_ignore_ascii_case("telephone-event"))
}

/// The payload type in which a description has DTMF as telephone events at the rate of the audio,
/// which is beside the audio and no alternative to it (RFC 4733 2.1).
fn telephone_events(one: &Description) -> Option<u8> {
    let mut formats = one.media.formats.iter();
    formats.find_map(|format| match format {
        Format::PayloadType(number) => {
            let (_, rate) = rtpmap(one, *number)?;
            let fits = is_telephone_event(one, *number) && matches!(rate, "8000" | "8000/1");
            (fits && has_digits(one, *number)).then_some(*number)
        }
        Format::Choose | Format::Word(_) => None,
    })
}

/// Whether the digits 0 to 9, `*` and `#` are among the events of a payload type: all of DTMF are
/// where its `fmtp` does not list others (RFC 4733 2.4.1).
fn has_digits(one: &Description, wanted: u8) -> bool {
    let listed = one.attributes.iter().find_map(|attribute| match attribute {
        Attribute::Fmtp {
            payload_type,
            parameters,
        } if *payload_type == wanted => Some(parameters),
        Attribute::Fmtp { .. }
        | Attribute::Rtpmap { .. }
        | Attribute::Rtcp { .. }
        | Attribute::Other(_) => None,
    });
    let Some(listed) = listed else {
        return true;
    };
    let ranges = listed.split(',').filter_map(|range| {
        let range = range.trim().trim_start_matches("events=");
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        Some(first.parse::<u8>().ok()?..=last.parse::<u8>().ok()?)
    });
    let ranges: Vec<_> = ranges.collect();
    (0..=11).all(|digit| ranges.iter().any(|range| range.contains(&digit)))
}

/// The payload type in which a Local takes DTMF as telephone events.
pub(crate) fn receive_events(local: &[Description]) -> Vec<EventFormat> {
    let found = local.iter().find_map(telephone_events);
    let at_8_khz = found.map(|payload_type| EventFormat {
        payload_type,
        clock_rate: 8_000,
    });
    at_8_khz.into_iter().collect()
}

fn rtpmap(one: &Description, wanted: u8) -> Option<(&str, &str)> {
    one.attributes.iter().find_map(|attribute| match attribute {
        Attribute::Rtpmap {
            payload_type,
            encoding,
            rate,
        } if *payload_type == wanted => Some((encoding.as_str(), rate.as_str())),
        Attribute::Rtpmap { .. }
        | Attribute::Fmtp { .. }
        | Attribute::Rtcp { .. }
        | Attribute::Other(_) => None,
    })
}

fn codecs(descriptions: &[Description]) -> Vec<AudioCodec> {
    let formats = descriptions.iter().flat_map(audio_formats);
    formats.map(|format| format.codec).collect()
}

/// Every format that a Local understands, each payload type once.
pub(crate) fn receive_formats(local: &[Description]) -> Vec<PayloadFormat> {
    let mut formats: Vec<PayloadFormat> = Vec::new();
    for format in local.iter().flat_map(audio_formats) {
        if !formats.contains(&format) {
            formats.push(format);
        }
    }
    formats
}

/// Where and how a Remote is sent to; nowhere while its address is the unspecified one, by which
/// an older far end says that it is on hold (RFC 3264 8.4).
pub(crate) fn send_settings(remote: &[Description]) -> Option<SendSettings> {
    let one = remote.first()?;
    let format = audio_formats(one).first().copied()?;
    let (to, rtcp_to) = destination(one)?;
    (!to.ip().is_unspecified()).then_some(SendSettings {
        to,
        rtcp_to,
        format,
        packet_time: PacketTime::default(),
        events: telephone_events(one),
    })
}

/// The RTP and RTCP addresses of a Remote, where both are said.
fn destination(one: &Description) -> Option<(SocketAddr, SocketAddr)> {
    let (Some(Connection::Address(address)), Port::Number(port)) = (one.connection, one.media.port)
    else {
        return None;
    };
    let said = one.attributes.iter().find_map(|attribute| match attribute {
        Attribute::Rtcp { port, .. } => Some(*port),
        Attribute::Rtpmap { .. } | Attribute::Fmtp { .. } | Attribute::Other(_) => None,
    });
    let rtcp_port = said.or(port.checked_add(1))?;
    let to = SocketAddr::new(address, port);
    Some((to, SocketAddr::new(address, rtcp_port)))
}

/// The session description of everything that can be received or sent (H.248.1 7.2.6).
pub(crate) fn capability() -> SessionDescription<'static> {
    let formats = PREFERENCE.map(|format| format.payload_type.to_string());
    let text = format!(
        "v=0\r\no=- $ 1 IN IP4 $\r\ns=-\r\nc=IN IP4 $\r\nt=0 0\r\nm=audio $ RTP/AVP {} 101\r\n\
         a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n",
        formats.join(" ")
    );
    SessionDescription::new(text.into_bytes())
}
