//! Topology (H.248.1 Annex A.2 `TopologyRequest`).

use super::{
    ber::{BerError, BerReader, BerWriter, leaf},
    termination_id,
};
use crate::{TopologyDirection, TopologyTriple};

/// `topologyDirection`
const DIRECTIONS: &[(u32, TopologyDirection)] = &[
    (0, TopologyDirection::Bothway),
    (1, TopologyDirection::Isolate),
    (2, TopologyDirection::Oneway),
];

/// `topologyDirectionExtension`
const EXTENSIONS: &[(u32, TopologyDirection)] = &[
    (0, TopologyDirection::OnewayExternal),
    (1, TopologyDirection::OnewayBoth),
];

/// `TopologyRequest`
pub(super) fn read<'a>(r: &mut BerReader<'a>) -> Result<TopologyTriple<'a>, BerError> {
    let from = r.mandatory(0, "terminationFrom", termination_id::read)?;
    let to = r.mandatory(1, "terminationTo", termination_id::read)?;
    let direction = r.value(2, "topologyDirection", |r| {
        leaf::enumerated(r, "topologyDirection", DIRECTIONS)
    })?;
    let stream = r.optional_unsigned(3, "streamID")?;
    let extension = r.optional_value(4, "topologyDirectionExtension", |r| {
        leaf::enumerated(r, "topologyDirectionExtension", EXTENSIONS)
    })?;
    r.extensions(4)?;
    Ok(TopologyTriple {
        from,
        to,
        direction: extension.unwrap_or(direction),
        stream,
    })
}

/// `TopologyRequest`; what has an extension must have a direction too.
pub(super) fn write(w: &mut BerWriter<'_>, triple: &TopologyTriple<'_>) {
    w.extensions();
    let direction = match triple.direction {
        TopologyDirection::OnewayExternal | TopologyDirection::OnewayBoth => {
            w.since(3, "topologyDirectionExtension");
            w.enumerated(4, EXTENSIONS, triple.direction);
            TopologyDirection::Oneway
        }
        direction @ (TopologyDirection::Bothway
        | TopologyDirection::Isolate
        | TopologyDirection::Oneway) => direction,
    };
    if let Some(stream) = triple.stream {
        w.since(2, "streamID");
        w.unsigned(3, stream);
    }
    w.enumerated(2, DIRECTIONS, direction);
    w.constructed(1, "terminationTo", |w| termination_id::write(w, &triple.to));
    w.constructed(0, "terminationFrom", |w| {
        termination_id::write(w, &triple.from)
    });
}
