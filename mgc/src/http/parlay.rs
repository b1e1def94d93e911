//! Problems in the words of Parlay: the exception of 3GPP TS 29.198 and the message of Parlay X
//! (TS 29.199) that a reader of those would expect.

use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

/// A problem in the words of Parlay.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ParlayError)]
pub(crate) struct Parlay {
    /// The exception.
    #[schema(example = "P_INVALID_SESSION_ID")]
    exception: &'static str,
    /// The service or policy message.
    #[schema(example = "SVC0002")]
    message_id: &'static str,
}

/// An error of the service.
const SERVICE: &str = "SVC0001";
/// A value that is none.
const INPUT: &str = "SVC0002";
/// A correlator that was used before.
const CORRELATOR: &str = "SVC0005";
/// What the policy forbids.
const POLICY: &str = "POL0001";

impl Parlay {
    /// What a problem of this status and code is called there.
    pub(super) fn of(status: StatusCode, code: &str) -> Self {
        let (exception, message_id) = of_code(code).unwrap_or_else(|| of_status(status));
        Self {
            exception,
            message_id,
        }
    }
}

fn of_code(code: &str) -> Option<(&'static str, &'static str)> {
    Some(match code {
        "call.unknown" | "seg.unknown" | "leg.unknown" => ("P_INVALID_SESSION_ID", INPUT),
        "operation.unknown" => ("P_INVALID_ASSIGNMENT_ID", INPUT),
        "operation.cancelled" | "operation.interrupted" => ("P_TASK_CANCELLED", SERVICE),
        "idempotency.mismatch" | "idempotency.conflict" => {
            ("P_INVALID_PARAMETER_VALUE", CORRELATOR)
        }
        "gateway.refused" | "gateway.answer" => ("P_TASK_REFUSED", SERVICE),
        _ => return None,
    })
}

fn of_status(status: StatusCode) -> (&'static str, &'static str) {
    match status.as_u16() {
        401 | 403 => ("P_ACCESS_DENIED", POLICY),
        405 => ("P_METHOD_NOT_SUPPORTED", INPUT),
        409 => ("P_INVALID_NETWORK_STATE", SERVICE),
        412 => ("P_INVALID_STATE", SERVICE),
        429 => ("P_RESOURCES_UNAVAILABLE", POLICY),
        400..=499 => ("P_INVALID_PARAMETER_VALUE", INPUT),
        502..=504 => ("P_RESOURCES_UNAVAILABLE", SERVICE),
        _ => ("P_TASK_REFUSED", SERVICE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_called_by_its_code_and_else_by_its_status() {
        let told = |status: u16, code| {
            let told = Parlay::of(StatusCode::from_u16(status).unwrap(), code);
            (told.exception, told.message_id)
        };
        assert_eq!(
            told(404, "leg.unknown"),
            ("P_INVALID_SESSION_ID", "SVC0002")
        );
        assert_eq!(
            told(409, "leg.busy"),
            ("P_INVALID_NETWORK_STATE", "SVC0001")
        );
        let cancelled = told(409, "operation.cancelled");
        assert_eq!(cancelled, ("P_TASK_CANCELLED", "SVC0001"));
        assert_eq!(told(429, "limit"), ("P_RESOURCES_UNAVAILABLE", "POL0001"));
        let reused = told(422, "idempotency.mismatch");
        assert_eq!(reused, ("P_INVALID_PARAMETER_VALUE", "SVC0005"));
        assert_eq!(told(500, "internal"), ("P_TASK_REFUSED", "SVC0001"));
    }
}
