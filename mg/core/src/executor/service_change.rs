//! ServiceChange from the controller (H.248.1 7.2.8).

use codec_h248::{
    MId, ServiceChangeRequest, ToBoundedStatic,
    descriptor::{ServiceChangeDescriptor, ServiceChangeMethod},
};

use crate::CommandError;

/// Plans a change of ROOT: where the controller hands us over, to whom (H.248.1 11.5).
pub(crate) fn plan_root(
    request: &ServiceChangeRequest<'_>,
) -> Result<Option<MId<'static>>, CommandError> {
    if request.services.method != ServiceChangeMethod::HandOff {
        plan(request)?;
        return Ok(None);
    }
    check_extensions(&request.services)?;
    match &request.services.mgc_id {
        Some(MId::Address { host, port }) if host.0.is_unspecified() || *port == Some(0) => {
            Err(CommandError::ParameterValue("MgcIdToTry: nobody is there"))
        }
        Some(mgc @ (MId::Address { .. } | MId::Domain { .. })) => Ok(Some(mgc.to_static())),
        Some(MId::Device(_) | MId::Mtp(_)) => Err(CommandError::ParameterValue(
            "MgcIdToTry: a name that leads to no address",
        )),
        None => Err(CommandError::ParameterValue("HandOff without MgcIdToTry")),
    }
}

/// Restart of what is in service already changes nothing; the other methods are not built.
pub(crate) fn plan(request: &ServiceChangeRequest<'_>) -> Result<(), CommandError> {
    check_extensions(&request.services)?;
    match request.services.method {
        ServiceChangeMethod::Restart => Ok(()),
        ServiceChangeMethod::Forced => Err(CommandError::NotImplemented("Forced")),
        ServiceChangeMethod::Graceful => Err(CommandError::NotImplemented("Graceful")),
        // A gateway is handed over, not a part of it.
        ServiceChangeMethod::HandOff => Err(CommandError::ParameterValue("HandOff")),
        // Only a gateway says these.
        ServiceChangeMethod::Failover => Err(CommandError::ParameterValue("Failover")),
        ServiceChangeMethod::Disconnected => Err(CommandError::ParameterValue("Disconnected")),
        ServiceChangeMethod::Extension(_) => Err(CommandError::NotImplemented("extension method")),
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
