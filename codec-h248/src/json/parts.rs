//! What is a bare tuple in the model and has names in JSON.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{
    PackageItem, ParmValue, TransactionId,
    descriptor::{IndividualStream, RequestId, Signal, StreamId},
};

/// `transactionPending`
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Pending {
    transaction_id: TransactionId,
}

/// `indAudEventsDescriptor`
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    deny_unknown_fields,
    rename_all = "camelCase",
    bound(deserialize = "'de: 'a")
)]
pub(crate) struct IndividualEvents<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<RequestId>,
    pkgd_name: PackageItem<'a>,
}

/// `indAudSeqSigList`
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, bound(deserialize = "'de: 'a"))]
pub(crate) struct IndividualSignalList<'a> {
    id: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    signal: Option<Signal<'a>>,
}

/// One stream of `indAudMediaDescriptor`.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    deny_unknown_fields,
    rename_all = "camelCase",
    bound(deserialize = "'de: 'a")
)]
pub(crate) struct IndividualStreamDescriptor<'a> {
    stream_id: StreamId,
    stream_parms: IndividualStream<'a>,
}

/// One `X-…` or `X+…` parameter.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, bound(deserialize = "'de: 'a"))]
pub(crate) struct Extension<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    value: ParmValue<'a>,
}

/// [`Pending`] for the bare number.
pub(crate) mod pending {
    use super::{Deserialize, Deserializer, Pending, Serialize, Serializer, TransactionId};

    pub(crate) fn serialize<S: Serializer>(
        id: &TransactionId,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let transaction_id = *id;
        Pending { transaction_id }.serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<TransactionId, D::Error> {
        Ok(Pending::deserialize(deserializer)?.transaction_id)
    }
}

/// [`IndividualEvents`] for the pair.
pub(crate) mod individual_events {
    use super::{
        Deserialize, Deserializer, IndividualEvents, PackageItem, RequestId, Serialize, Serializer,
    };

    pub(crate) fn serialize<S: Serializer>(
        request_id: &Option<RequestId>,
        name: &PackageItem<'_>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let named = IndividualEvents {
            request_id: *request_id,
            pkgd_name: name.clone(),
        };
        named.serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<(Option<RequestId>, PackageItem<'de>), D::Error> {
        let named = IndividualEvents::deserialize(deserializer)?;
        Ok((named.request_id, named.pkgd_name))
    }
}

/// [`IndividualSignalList`] for the pair.
pub(crate) mod individual_signal_list {
    use super::{Deserialize, Deserializer, IndividualSignalList, Serialize, Serializer, Signal};

    pub(crate) fn serialize<S: Serializer>(
        id: &u16,
        signal: &Option<Signal<'_>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let named = IndividualSignalList {
            id: *id,
            signal: signal.clone(),
        };
        named.serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<(u16, Option<Signal<'de>>), D::Error> {
        let named = IndividualSignalList::deserialize(deserializer)?;
        Ok((named.id, named.signal))
    }
}

/// [`IndividualStreamDescriptor`] for each pair.
pub(crate) mod individual_streams {
    use super::{
        Deserialize, Deserializer, IndividualStream, IndividualStreamDescriptor, Serializer,
        StreamId,
    };

    pub(crate) fn serialize<S: Serializer>(
        streams: &[(StreamId, IndividualStream<'_>)],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(
            streams
                .iter()
                .map(|(id, parms)| IndividualStreamDescriptor {
                    stream_id: *id,
                    stream_parms: parms.clone(),
                }),
        )
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<(StreamId, IndividualStream<'de>)>, D::Error> {
        let named = Vec::<IndividualStreamDescriptor<'de>>::deserialize(deserializer)?;
        let pairs = named
            .into_iter()
            .map(|one| (one.stream_id, one.stream_parms));
        Ok(pairs.collect())
    }
}

/// [`Extension`] for each pair.
pub(crate) mod extensions {
    use super::{Cow, Deserialize, Deserializer, Extension, ParmValue, Serializer};

    pub(crate) fn serialize<S: Serializer>(
        extensions: &[(Cow<'_, str>, ParmValue<'_>)],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(extensions.iter().map(|(name, value)| Extension {
            name: name.clone(),
            value: value.clone(),
        }))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<(Cow<'de, str>, ParmValue<'de>)>, D::Error> {
        let named = Option::<Vec<Extension<'de>>>::deserialize(deserializer)?;
        let pairs = named.into_iter().flatten().map(|one| (one.name, one.value));
        Ok(pairs.collect())
    }
}
