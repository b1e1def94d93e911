//! Messages, transactions, actions.

use super::{Check, Walk, words::is_quoted};
use crate::{
    AckRange, ActionReply, ActionRequest, AuthenticationHeader, Message, MessageBody, Transaction,
    TransactionReply, TransactionRequest, TransactionResult, descriptor::ErrorDescriptor,
};

impl Check for Message<'_> {
    fn check(&self, walk: &mut Walk) {
        walk.member("authHeader", &self.authentication);
        walk.at("version", |walk| {
            walk.wants((1..=3).contains(&self.version), "1, 2 or 3");
        });
        walk.member("mId", &self.mid);
        walk.at("messageBody", |walk| match &self.body {
            MessageBody::Error(error) => walk.member("messageError", error),
            MessageBody::Transactions(entries) => walk.filled("transactions", entries),
        });
    }
}

impl Check for AuthenticationHeader {
    fn check(&self, walk: &mut Walk) {
        walk.at("ad", |walk| {
            walk.wants((12..=32).contains(&self.data.len()), "12 to 32 octets");
        });
    }
}

impl Check for ErrorDescriptor<'_> {
    fn check(&self, walk: &mut Walk) {
        walk.at("errorCode", |walk| {
            walk.wants(self.code.0 <= 9999, "a number up to 9999");
        });
        walk.at("errorText", |walk| {
            let text = self.text.as_deref().unwrap_or_default();
            walk.wants(is_quoted(text), "quotedString");
        });
    }
}

impl Check for Transaction<'_> {
    fn check(&self, walk: &mut Walk) {
        match self {
            Self::Request(request) => walk.member("transactionRequest", request),
            Self::Reply(reply) => walk.member("transactionReply", reply),
            Self::ResponseAck(ranges) => walk.filled("transactionResponseAck", ranges),
            Self::Pending(_) | Self::SegmentReply(_) => {}
        }
    }
}

impl Check for AckRange {
    fn check(&self, walk: &mut Walk) {
        walk.at("lastAck", |walk| {
            walk.wants(self.first <= self.last, "a number not below firstAck");
        });
    }
}

impl Check for TransactionRequest<'_> {
    fn check(&self, walk: &mut Walk) {
        walk.filled("actions", &self.actions);
    }
}

impl Check for TransactionReply<'_> {
    fn check(&self, walk: &mut Walk) {
        walk.at("transactionResult", |walk| match &self.result {
            TransactionResult::Error(error) => walk.member("transactionError", error),
            TransactionResult::Actions(actions) => walk.filled("actionReplies", actions),
        });
    }
}

impl Check for ActionRequest<'_> {
    fn check(&self, walk: &mut Walk) {
        walk.member("contextId", &self.context);
        walk.member("contextRequest", &self.properties);
        walk.member("contextAttrAuditReq", &self.audit);
        walk.member("commandRequests", &self.commands);
        let empty = self.properties.is_empty() && self.audit.is_none() && self.commands.is_empty();
        walk.wants(
            !empty,
            "contextRequest, contextAttrAuditReq or commandRequests",
        );
    }
}

impl Check for ActionReply<'_> {
    fn check(&self, walk: &mut Walk) {
        walk.member("contextId", &self.context);
        walk.member("contextReply", &self.properties);
        walk.member("commandReply", &self.commands);
        walk.member("errorDescriptor", &self.error);
    }
}
