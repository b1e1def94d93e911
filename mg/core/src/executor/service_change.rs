//! ServiceChange from the controller (H.248.1 7.2.8).

use std::time::{Duration, Instant};

use codec_h248::{
    MId, ServiceChangeRequest, TerminationId, ToBoundedStatic,
    descriptor::{ServiceChangeDescriptor, ServiceChangeMethod},
};

use super::{item::Item, target::Member};
use crate::{
    CommandError, Service,
    gateway::{Gateway, root::RootService},
};

/// Termination taken out of service (H.248.8): why, where the controller does not say it.
const TAKEN_OUT: u16 = 905;

/// Carries out what the controller orders of a Termination. It stays where it is: what is out of
/// service is silent, and neither added nor moved.
pub(crate) fn execute(
    gateway: &mut Gateway,
    member: &Member,
    request: &ServiceChangeRequest<'_>,
    now: Instant,
) -> Result<Item, CommandError> {
    let services = &request.services;
    check_extensions(services)?;
    let reason = services.reason_code().unwrap_or(TAKEN_OUT);
    let delay = delay(services);
    let order = match services.method {
        ServiceChangeMethod::Restart => {
            if let Some(delay) = delay {
                gateway.order_return(member.key, delay, now);
                return Ok(Item::of(gateway, member, Vec::new()));
            }
            Service::In
        }
        ServiceChangeMethod::Forced => Service::Out {
            reason,
            graceful: None,
        },
        ServiceChangeMethod::Graceful => Service::Out {
            reason,
            graceful: Some(delay),
        },
        // A gateway is handed over, not a part of it.
        ServiceChangeMethod::HandOff => return Err(CommandError::ParameterValue("HandOff")),
        // Only a gateway says these.
        ServiceChangeMethod::Failover => return Err(CommandError::ParameterValue("Failover")),
        ServiceChangeMethod::Disconnected => {
            return Err(CommandError::ParameterValue("Disconnected"));
        }
        ServiceChangeMethod::Extension(_) => {
            return Err(CommandError::NotImplemented("extension method"));
        }
    };
    gateway.order_service(member.key, order, now);
    Ok(Item::of(gateway, member, Vec::new()))
}

/// After how long it is to be; `None`: at once.
fn delay(services: &ServiceChangeDescriptor<'_>) -> Option<Duration> {
    let delay = services.delay_s.filter(|delay| *delay > 0);
    delay.map(|delay| Duration::from_secs(delay.into()))
}

/// Carries out what the controller orders of the whole gateway: to be used or not, or to go to
/// another controller (H.248.1 11.5). What is connected stays. ROOT is always in the null Context, so
/// that Graceful without a delay takes it out at once.
pub(crate) fn execute_root(
    gateway: &mut Gateway,
    request: &ServiceChangeRequest<'_>,
    now: Instant,
) -> Result<Item, CommandError> {
    let services = &request.services;
    check_extensions(services)?;
    let at = delay(services).map(|delay| now + delay);
    let root = &mut gateway.root;
    match services.method {
        ServiceChangeMethod::HandOff => root.hand_off = Some(next_controller(services)?),
        ServiceChangeMethod::Restart => root.service = root.service.restarted(at),
        ServiceChangeMethod::Forced => root.service = RootService::Out { back: None },
        ServiceChangeMethod::Graceful => root.service = root.service.left(at),
        ServiceChangeMethod::Failover => return Err(CommandError::ParameterValue("Failover")),
        ServiceChangeMethod::Disconnected => {
            return Err(CommandError::ParameterValue("Disconnected"));
        }
        ServiceChangeMethod::Extension(_) => {
            return Err(CommandError::NotImplemented("extension method"));
        }
    }
    Ok(Item::null(TerminationId::ROOT, Vec::new()))
}

/// To whom a controller hands the gateway over.
fn next_controller(services: &ServiceChangeDescriptor<'_>) -> Result<MId<'static>, CommandError> {
    match &services.mgc_id {
        Some(MId::Address { host, port }) if host.0.is_unspecified() || *port == Some(0) => {
            Err(CommandError::ParameterValue("MgcIdToTry: nobody is there"))
        }
        Some(mgc @ (MId::Address { .. } | MId::Domain { .. })) => Ok(mgc.to_static()),
        Some(MId::Device(_) | MId::Mtp(_)) => Err(CommandError::ParameterValue(
            "MgcIdToTry: a name that leads to no address",
        )),
        None => Err(CommandError::InformationMissing("MgcIdToTry")),
    }
}

/// `X+` must be understood, `X-` may be ignored (H.248.1 7.2.8).
fn check_extensions(services: &ServiceChangeDescriptor<'_>) -> Result<(), CommandError> {
    let mandatory = |name: &str| {
        let prefix = name.get(..2).unwrap_or_default();
        prefix.eq_ignore_ascii_case("X+")
    };
    match services.extensions.iter().find(|(name, _)| mandatory(name)) {
        Some((name, _)) => Err(CommandError::UnknownParameter(name.to_string())),
        None => Ok(()),
    }
}
