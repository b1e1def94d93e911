//! The OpenAPI document, made from the handlers.

use axum::{extract::State, http::header, response::IntoResponse};
use utoipa::{OpenApi, openapi::OpenApi as Document};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Platform, attach_media, calls, common, consent, contexts, counters, detach_media,
    event_data::EventData, events, gateways, groups, health, legs, modify_leg, modify_seg,
    operations, problem::Body as Problem, record, seg_play, seg_record, segs, supervision, trace,
};

/// What the handlers do not tell about themselves.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "mgc",
        description = "The Parlay platform: voice conferences with private chat, carried out at \
            media gateways by H.248.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    components(schemas(Problem, EventData)),
    tags(
        (name = "calls", description = "Voice conferences."),
        (name = "segs", description = "The rooms of a conference."),
        (name = "legs", description = "The members of a conference."),
        (name = "operations", description = "Requests that are being carried out."),
        (name = "events", description = "What happens."),
        (name = "gateways", description = "The media gateways."),
        (name = "trace", description = "The H.248 messages of the operations."),
        (name = "health", description = "Whether it works."),
        (name = "counters", description = "What the control side has counted."),
    )
)]
struct Frame;

/// The routes of the API, and the document that describes them.
pub(super) fn routes() -> (axum::Router<Platform>, Document) {
    let (router, mut document) = OpenApiRouter::with_openapi(Frame::openapi())
        .routes(routes!(calls::create_call, calls::list_calls))
        .routes(routes!(calls::get_call, calls::delete_call))
        .routes(routes!(segs::create_seg, segs::list_segs))
        .routes(routes!(segs::get_seg, segs::delete_seg))
        .routes(routes!(modify_seg::modify_seg))
        .routes(routes!(groups::split_seg))
        .routes(routes!(groups::merge_seg))
        .routes(routes!(legs::add_leg, legs::list_legs))
        .routes(routes!(legs::get_leg, legs::delete_leg))
        .routes(routes!(modify_leg::modify_leg))
        .routes(routes!(seg_play::play_seg, seg_play::stop_seg_play))
        .routes(routes!(seg_record::record_seg, seg_record::stop_seg_record))
        .routes(routes!(supervision::play, supervision::stop_play))
        .routes(routes!(supervision::collect, supervision::stop_collect))
        .routes(routes!(record::record, record::stop_record))
        .routes(routes!(attach_media::attach_media))
        .routes(routes!(detach_media::detach_media))
        .routes(routes!(operations::get_operation))
        .routes(routes!(consent::consent))
        .routes(routes!(events::events))
        .routes(routes!(events::events_ws))
        .routes(routes!(gateways::list_gateways))
        .routes(routes!(gateways::drain))
        .routes(routes!(gateways::hand_off))
        .routes(routes!(contexts::list_contexts))
        .routes(routes!(counters::get_counters))
        .routes(routes!(trace::get_trace))
        .routes(routes!(health::get_health))
        .routes(routes!(health::get_readiness))
        .routes(routes!(health::get_metrics))
        .split_for_parts();
    common::complete(&mut document);
    (router, document)
}

/// The document as text, as it is served and checked in.
pub(super) fn text(document: &Document) -> String {
    let mut text = document
        .to_pretty_json()
        .expect("texts, numbers and lists can always be written as JSON");
    text.push('\n');
    text
}

/// Serves the document.
pub(super) async fn document(State(platform): State<Platform>) -> impl IntoResponse {
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (kind, platform.document.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHECKED_IN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");

    #[test]
    fn the_document_that_is_checked_in_is_the_one_that_is_served() {
        let made = text(&routes().1);
        if std::env::var_os("UPDATE_OPENAPI").is_some() {
            std::fs::write(CHECKED_IN, &made).unwrap();
        }
        let checked_in = std::fs::read_to_string(CHECKED_IN).unwrap_or_default();
        assert!(
            checked_in == made,
            "openapi.json is not what the code says; run the tests with UPDATE_OPENAPI=1"
        );
    }

    #[test]
    fn the_operations_have_the_names_of_the_method() {
        let document = serde_json::to_value(routes().1).unwrap();
        let paths = document["paths"].as_object().unwrap();
        let mut names: Vec<_> = paths
            .values()
            .flat_map(|path| path.as_object().unwrap().values())
            .map(|operation| operation["operationId"].as_str().unwrap())
            .collect();
        names.sort_unstable();
        let expected = [
            "AddLeg",
            "AttachMediaReq",
            "Collect",
            "Consent",
            "CreateCall",
            "CreateSegReq",
            "DeleteCall",
            "DeleteLeg",
            "DeleteSeg",
            "DetachMediaReq",
            "Drain",
            "Events",
            "EventsWebSocket",
            "GetCall",
            "GetCounters",
            "GetHealth",
            "GetLeg",
            "GetMetrics",
            "GetOperation",
            "GetReadiness",
            "GetSeg",
            "GetTrace",
            "HandOff",
            "ListCalls",
            "ListContexts",
            "ListGateways",
            "ListLegs",
            "ListSegs",
            "MergeSeg",
            "ModifyLeg",
            "ModifySeg",
            "Play",
            "PlaySeg",
            "Record",
            "RecordSeg",
            "SplitSeg",
            "StopCollect",
            "StopPlay",
            "StopRecord",
            "StopSegPlay",
            "StopSegRecord",
        ];
        assert_eq!(names, expected);
    }
}
