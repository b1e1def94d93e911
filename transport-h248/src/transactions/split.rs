//! A reply that no message can hold becomes segments (H.248.1 8.2.2, version 3): each is a reply by
//! itself, with some of the actions' and commands' replies, in their order.

use bytes::Bytes;
use codec_h248::{
    ActionReply, AmmsReply, AuditReply, CommandReply, List, NotifyReply, Segment,
    ServiceChangeReply, ServiceChangeResult, TransactionId,
    descriptor::{AuditReturn, ErrorCode, ErrorDescriptor},
    list,
};

use crate::scribe::Scribe;

/// Octets that a segment has around its actions, at most: number, marks and braces of pretty text,
/// or four headers of BER.
const AROUND_ACTIONS: usize = 80;
/// Octets between actions, and by which an action's own grow when it has commands.
const AROUND_ACTION: usize = 32;
/// Octets between commands.
const AROUND_COMMAND: usize = 16;

/// How large a segment may be, and how many and how large all may be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// Octets of one as a transaction.
    pub(crate) octets: usize,
    /// Number of them.
    pub(crate) segments: usize,
    /// Octets of all of them.
    pub(crate) total: usize,
}

/// Splits a reply into as many transactions as it needs; one is a reply in one piece. One command's
/// reply that no message can hold becomes an error of that command (533): what comes of the others
/// is told all the same.
///
/// # Errors
///
/// What the reply says instead: it needs too many segments or octets, or something in it that is not a
/// command's reply is too large (533), or its encoding has no form for it (500).
pub(crate) fn split(
    id: TransactionId,
    immediate_ack: bool,
    actions: &[ActionReply<'_>],
    scribe: &Scribe<'_>,
    bounds: Bounds,
) -> Result<Vec<Bytes>, ErrorCode> {
    let room = bounds.octets.saturating_sub(AROUND_ACTIONS);
    let mut cutter = Cutter {
        scribe,
        room,
        left: room,
        full: Vec::new(),
        open: Vec::new(),
    };
    for action in actions {
        cutter.add(action)?;
    }
    cutter.next();
    let full = cutter.full;
    let count = u16::try_from(full.len()).ok();
    let count = count.filter(|&count| usize::from(count) <= bounds.segments);
    let count = count.ok_or(ErrorCode::REPLY_TOO_LARGE)?;
    let write = |(number, actions): (u16, Vec<Bytes>)| {
        let last = number == count;
        let segment = (count > 1).then_some(Segment { number, last });
        // The acknowledgement that is asked for is of the whole reply.
        scribe.reply(id, segment, immediate_ack && last, &actions)
    };
    let segments: Vec<Bytes> = (1..).zip(full).map(write).collect::<Result<_, _>>()?;
    if segments.iter().map(Bytes::len).sum::<usize>() > bounds.total {
        return Err(ErrorCode::REPLY_TOO_LARGE);
    }
    Ok(segments)
}

/// Fills segment after segment.
struct Cutter<'s> {
    scribe: &'s Scribe<'s>,
    /// Octets that a segment has for actions.
    room: usize,
    /// Octets that the open one has left.
    left: usize,
    full: Vec<Vec<Bytes>>,
    open: Vec<Bytes>,
}

/// What of one action goes into one segment.
struct Piece<'a> {
    /// Context, properties and error.
    head: ActionReply<'a>,
    commands: Vec<Bytes>,
}

impl<'a> Piece<'a> {
    /// The part of an action that has nothing but its Context.
    fn bare(action: &ActionReply<'a>) -> Self {
        let head = ActionReply {
            context: action.context,
            properties: List::new(),
            commands: List::new(),
            error: None,
        };
        Self {
            head,
            commands: Vec::new(),
        }
    }

    fn is_bare(&self) -> bool {
        self.head.properties.is_empty() && self.head.error.is_none() && self.commands.is_empty()
    }
}

impl Cutter<'_> {
    fn add(&mut self, action: &ActionReply<'_>) -> Result<(), ErrorCode> {
        let bare = self.cost(&Piece::bare(action))?;
        let mut piece = Piece::bare(action);
        piece.head.properties.clone_from(&action.properties);
        let cost = self.cost(&piece)?;
        if cost > self.left {
            self.next();
        }
        self.take(cost)?;
        for command in &action.commands {
            let octets = self.command(command, bare)?;
            piece = self.fit(piece, octets.len() + AROUND_COMMAND, bare)?;
            piece.commands.push(octets);
        }
        if let Some(error) = &action.error {
            let mut alone = Piece::bare(action);
            alone.head.error = Some(error.clone());
            piece = self.fit(piece, self.cost(&alone)?, bare)?;
            piece.head.error = Some(error.clone());
        }
        self.close(&piece)
    }

    /// Octets of a piece as it is.
    fn cost(&self, piece: &Piece<'_>) -> Result<usize, ErrorCode> {
        Ok(self.scribe.action(&piece.head, &piece.commands)?.len() + AROUND_ACTION)
    }

    /// Writes a command's reply, or an error where it does not fit even when it is alone with its
    /// Context, which needs `bare`.
    fn command(&self, command: &CommandReply<'_>, bare: usize) -> Result<Bytes, ErrorCode> {
        let octets = self.scribe.command(command)?;
        if octets.len() + AROUND_COMMAND + bare <= self.room {
            return Ok(octets);
        }
        self.scribe.command(&refused(command))
    }

    /// Makes room for something of a piece's action: where there is none, the piece goes on in the
    /// next segment.
    fn fit<'a>(
        &mut self,
        piece: Piece<'a>,
        cost: usize,
        bare: usize,
    ) -> Result<Piece<'a>, ErrorCode> {
        if cost <= self.left {
            self.take(cost)?;
            return Ok(piece);
        }
        if !piece.is_bare() {
            self.close(&piece)?;
        }
        self.next();
        self.take(bare + cost)?;
        Ok(Piece::bare(&piece.head))
    }

    fn take(&mut self, cost: usize) -> Result<(), ErrorCode> {
        let left = self.left.checked_sub(cost);
        self.left = left.ok_or(ErrorCode::REPLY_TOO_LARGE)?;
        Ok(())
    }

    fn close(&mut self, piece: &Piece<'_>) -> Result<(), ErrorCode> {
        let octets = self.scribe.action(&piece.head, &piece.commands)?;
        self.open.push(octets);
        Ok(())
    }

    /// Begins the next segment.
    fn next(&mut self) {
        self.left = self.room;
        if !self.open.is_empty() {
            self.full.push(std::mem::take(&mut self.open));
        }
    }
}

/// What a command says instead of what no message can hold.
fn refused<'a>(command: &CommandReply<'a>) -> CommandReply<'a> {
    let error = ErrorDescriptor::new(ErrorCode::REPLY_TOO_LARGE);
    let amms = |reply: &AmmsReply<'a>| AmmsReply {
        terminations: reply.terminations.clone(),
        descriptors: list![AuditReturn::Error(error.clone())],
    };
    let audit = |reply: &AuditReply<'a>| match reply {
        AuditReply::Context(_) | AuditReply::ContextError(_) => {
            AuditReply::ContextError(error.clone())
        }
        AuditReply::Termination(reply) => AuditReply::Termination(amms(reply)),
    };
    match command {
        CommandReply::Add(reply) => CommandReply::Add(amms(reply)),
        CommandReply::Move(reply) => CommandReply::Move(amms(reply)),
        CommandReply::Modify(reply) => CommandReply::Modify(amms(reply)),
        CommandReply::Subtract(reply) => CommandReply::Subtract(amms(reply)),
        CommandReply::AuditValue(reply) => CommandReply::AuditValue(audit(reply)),
        CommandReply::AuditCapability(reply) => CommandReply::AuditCapability(audit(reply)),
        CommandReply::Notify(reply) => CommandReply::Notify(NotifyReply {
            terminations: reply.terminations.clone(),
            error: Some(error),
        }),
        CommandReply::ServiceChange(reply) => CommandReply::ServiceChange(ServiceChangeReply {
            terminations: reply.terminations.clone(),
            result: ServiceChangeResult::Error(error),
        }),
    }
}

#[cfg(test)]
mod tests;
