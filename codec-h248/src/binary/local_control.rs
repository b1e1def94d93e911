//! LocalControl (H.248.1 Annex A.2 `LocalControlDescriptor`).

use super::{
    ber::{BerError, BerReader, BerWriter, leaf},
    property,
};
use crate::descriptor::{LocalControlDescriptor, StreamMode};

/// `StreamMode`
pub(super) const MODES: &[(u32, StreamMode)] = &[
    (0, StreamMode::SendOnly),
    (1, StreamMode::ReceiveOnly),
    (2, StreamMode::SendReceive),
    (3, StreamMode::Inactive),
    (4, StreamMode::Loopback),
];

/// `LocalControlDescriptor`
pub(super) fn read<'a>(r: &mut BerReader<'a>) -> Result<LocalControlDescriptor<'a>, BerError> {
    let mode = r.optional_value(0, "streamMode", mode)?;
    let reserved_value = r.optional_value(1, "reserveValue", leaf::boolean)?;
    let reserved_group = r.optional_value(2, "reserveGroup", leaf::boolean)?;
    let properties = r.mandatory(3, "propertyParms", property::read_list)?;
    r.extensions(3)?;
    Ok(LocalControlDescriptor {
        mode,
        reserved_value,
        reserved_group,
        properties,
    })
}

/// `StreamMode`
pub(super) fn mode(r: &mut BerReader<'_>) -> Result<StreamMode, BerError> {
    leaf::enumerated(r, "StreamMode", MODES)
}

/// `LocalControlDescriptor`
pub(super) fn write(w: &mut BerWriter<'_>, local_control: &LocalControlDescriptor<'_>) {
    w.extensions();
    w.constructed(3, "propertyParms", |w| {
        property::write_list(w, &local_control.properties);
    });
    if let Some(reserved_group) = local_control.reserved_group {
        w.boolean(2, reserved_group);
    }
    if let Some(reserved_value) = local_control.reserved_value {
        w.boolean(1, reserved_value);
    }
    if let Some(mode) = local_control.mode {
        w.enumerated(0, MODES, mode);
    }
}
