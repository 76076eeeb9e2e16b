//! What a request is told when it is not answered: a closed code, and a number to read out on the telephone.

use axum::Json;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hub::Failure;
use nursery::core::{Code, Refusal};
use serde::de::IntoDeserializer;
use serde::de::value::StrDeserializer;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// Not answered. Nothing was changed and nothing was lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    status: StatusCode,
    code: Cow<'static, str>,
    /// For the log alone. Never holds what people wrote.
    detail: String,
}

#[derive(Serialize)]
struct Told<'a> {
    code: &'a str,
    /// For whoever reads logs and answers; screens have sentences of their own, in the reader's language.
    message: &'static str,
    support: &'a str,
}

impl Problem {
    /// A code of the closed list.
    #[must_use]
    pub fn code(code: Code) -> Self {
        Self::named(code.as_str())
    }

    /// No session, or a session that has ended: the browser shows its sign-in page.
    #[must_use]
    pub fn signed_out() -> Self {
        Self { status: StatusCode::UNAUTHORIZED, code: "signed_out".into(), detail: String::new() }
    }

    /// Come again later; `detail` is for the log.
    #[must_use]
    pub fn busy(detail: impl Into<String>) -> Self {
        Self { status: StatusCode::SERVICE_UNAVAILABLE, code: "store".into(), detail: detail.into() }
    }

    /// Too many tries from one address.
    #[must_use]
    pub fn too_many() -> Self {
        Self { status: StatusCode::TOO_MANY_REQUESTS, code: "too_many".into(), detail: String::new() }
    }

    /// The request did not come whole in time; it may have been taken all the same.
    #[must_use]
    pub fn too_slow() -> Self {
        Self { status: StatusCode::REQUEST_TIMEOUT, code: "store".into(), detail: String::new() }
    }

    /// A code that the judge gave.
    #[must_use]
    pub fn refused(code: &str) -> Self {
        Self { status: status(code), code: code.to_owned().into(), detail: String::new() }
    }

    fn named(code: &'static str) -> Self {
        Self { status: status(code), code: code.into(), detail: String::new() }
    }

    /// What an answer of the framework means: a body too large, of another type, an unknown path.
    fn of_status(status: StatusCode) -> Self {
        let code = match status {
            StatusCode::UNAUTHORIZED => "signed_out",
            StatusCode::FORBIDDEN => "not_allowed",
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => "not_found",
            StatusCode::PAYLOAD_TOO_LARGE => "too_large",
            StatusCode::TOO_MANY_REQUESTS => "too_many",
            status if status.is_server_error() => "store",
            _ => "bad_input",
        };
        Self { status, code: code.into(), detail: String::new() }
    }

    /// The problem behind a response, if it is one.
    #[must_use]
    pub fn behind(response: &Response) -> Option<Self> {
        let known = response.extensions().get::<Self>().cloned();
        let failed = response.status().is_client_error() || response.status().is_server_error();
        known.or_else(|| failed.then(|| Self::of_status(response.status())))
    }

    /// As the reader gets it.
    #[must_use]
    pub fn told(&self, support: &str, headers: &HeaderMap) -> Response {
        let mut response =
            (self.status, Json(Told { code: &self.code, message: sentence(&self.code), support })).into_response();
        for name in [header::ALLOW, header::SET_COOKIE] {
            if let Some(value) = headers.get(&name) {
                response.headers_mut().insert(name, value.clone());
            }
        }
        if matches!(self.status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS) {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        response
    }

    /// Code and detail, for the log.
    #[must_use]
    pub fn for_log(&self) -> (&str, &str) {
        (&self.code, &self.detail)
    }
}

fn status(code: &str) -> StatusCode {
    match code {
        "not_found" => StatusCode::NOT_FOUND,
        "too_large" => StatusCode::PAYLOAD_TOO_LARGE,
        "already_done" | "changed" | "look_first" | "confirm_date" => StatusCode::CONFLICT,
        "gone" | "invitation_over" => StatusCode::GONE,
        "bad_input" | "day_not_offered" | "day_closed" | "outside_hours" | "not_collector" | "bad_head"
        | "incomplete" | "upgrade" | "bad_signature" => StatusCode::BAD_REQUEST,
        "busy" | "recovering" | "store" | "fault" => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::FORBIDDEN,
    }
}

/// What a code means, in a sentence.
fn sentence(code: &str) -> &'static str {
    match code {
        "signed_out" => "Sign in or pair again; nothing was lost.",
        "too_many" => "Too many tries from this address; come again after Retry-After.",
        "busy" => "This could not be taken just now; come again.",
        "bad_signature" => "The signature does not fit the key of this device: pair again.",
        "new_incarnation" => "There is a copy of this device's store: begin a new incarnation and send the same again.",
        _ => closed(code).map_or("This was not done; nothing was changed.", sentence_of),
    }
}

/// The code of the closed list that is written so.
fn closed(code: &str) -> Option<Code> {
    let written: StrDeserializer<'_, serde::de::value::Error> = code.into_deserializer();
    Code::deserialize(written).ok()
}

/// Without a `_`, so that nobody adds a code and forgets its sentence.
fn sentence_of(code: Code) -> &'static str {
    match code {
        Code::NotFound => "Not there, or not yours: the answer is the same.",
        Code::NotAllowed => "This is not yours to do.",
        Code::WhoIsThere => "Nobody has been chosen as the recording person.",
        Code::PinNeeded => "A PIN is needed, or it was wrong.",
        Code::PinLocked => "Too many wrong tries; wait, then try again.",
        Code::CallDirector => "This adult must not collect the child: call the director.",
        Code::ConfirmDate => "The date must be confirmed by a person first.",
        Code::BadInput => "What was sent makes no sense here.",
        Code::DayNotOffered => "Nothing may be announced about this day: it is over, or too far ahead.",
        Code::DayClosed => "The site is closed on this day.",
        Code::OutsideHours => "The site is not open at this time.",
        Code::NotCollector => "Nobody who may collect this child, as far as the asking person may know.",
        Code::AlreadyDone => "This was done already.",
        Code::Changed => "It is no longer as the screen showed it; look again.",
        Code::LookFirst => "Too many versions stand unread; look at them first.",
        Code::Incomplete => "The beginning of this record is missing.",
        Code::BadHead => "Head or audiences are not what the server computes.",
        Code::Gone => "Whom this is about was erased.",
        Code::TooLarge => "This is larger than allowed.",
        Code::Upgrade => "The server does not know this kind yet.",
        Code::Recovering => "The server was restored and waits for what has not come yet; come again.",
        Code::InvitationOver => "This link was used, has expired, was taken back, or never was.",
        Code::Fault => "The server failed at this twice; its operator has it.",
        Code::Store => "This could not be read or written just now; come again.",
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.status;
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Code> for Problem {
    fn from(code: Code) -> Self {
        Self::code(code)
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        // the detail of a store that failed is the operator's; any other may quote what somebody typed
        let detail = if refusal.code == Code::Store { refusal.detail } else { String::new() };
        Self { detail, ..Self::code(refusal.code) }
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Busy(detail) => Self::busy(detail),
            Failure::Refused { code, .. } => Self::named(code),
        }
    }
}

impl From<nursery::core::Fault> for Problem {
    fn from(fault: nursery::core::Fault) -> Self {
        Self::busy(fault.0)
    }
}

impl From<hub::StoreError> for Problem {
    fn from(error: hub::StoreError) -> Self {
        Failure::from(error).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_of_the_closed_list_is_told_in_its_own_sentence() {
        assert_eq!(sentence(Code::DayClosed.as_str()), sentence_of(Code::DayClosed));
        assert_eq!(sentence(Code::NotCollector.as_str()), sentence_of(Code::NotCollector));
    }

    #[test]
    fn a_code_that_nobody_knows_promises_nothing() {
        assert_eq!(sentence("of_another_build"), "This was not done; nothing was changed.");
    }
}
