//! The forms in which a message is shown.

use codec_h248::{
    Fault, Message, Style, TextProfile,
    binary::{self, BinaryProfile, EncodeError},
    encode, json,
};

use super::tree::tree;

/// A form in which a message is shown.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Form {
    /// An indented tree, in the words of the JSON form.
    Tree,
    /// Text with long keywords, one idea a line.
    Pretty,
    /// Text with short keywords and nothing that can be left out.
    Compact,
    /// BER.
    Binary,
    /// BER in hexadecimal digits, 40 octets a line.
    Hex,
    /// The JSON form.
    Json,
}

/// Why a message has no such form.
#[derive(Debug, thiserror::Error)]
pub enum FormError {
    /// Text cannot say it.
    #[error("text cannot say {0}")]
    Text(Fault),
    /// Binary cannot say it.
    #[error(transparent)]
    Binary(#[from] EncodeError),
    /// The tree cannot be drawn.
    #[error("the tree cannot be drawn: {0}")]
    Tree(#[from] serde_json::Error),
}

/// The octets of a message in a form, binary by what was agreed on. Text and BER are as they are
/// sent, without a line end of their own behind them; the others are lines.
pub fn write(
    message: &Message<'_>,
    form: Form,
    agreed: &BinaryProfile,
) -> Result<Vec<u8>, FormError> {
    match form {
        Form::Tree => draw(message),
        Form::Pretty => text(message, Style::Pretty),
        Form::Compact => text(message, Style::Compact),
        Form::Binary => Ok(ber(message, agreed)?),
        Form::Hex => Ok(hex(&ber(message, agreed)?)),
        Form::Json => Ok(document(message)),
    }
}

fn text(message: &Message<'_>, style: Style) -> Result<Vec<u8>, FormError> {
    let faults = message.validate().into_iter();
    if let Some(fault) = faults.chain(message.binary_only()).next() {
        return Err(FormError::Text(fault));
    }
    let mut out = Vec::new();
    encode(message, &TextProfile::of(style), &mut out);
    Ok(out)
}

fn ber(message: &Message<'_>, agreed: &BinaryProfile) -> Result<Vec<u8>, EncodeError> {
    let mut out = Vec::new();
    binary::encode(message, agreed, &mut out)?;
    Ok(out)
}

fn hex(octets: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(octets.len() * 2 + octets.len() / 40 + 1);
    for line in octets.chunks(40) {
        out.extend(
            line.iter()
                .flat_map(|octet| format!("{octet:02x}").into_bytes()),
        );
        out.push(b'\n');
    }
    out
}

fn document(message: &Message<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    json::encode(message, Style::Pretty, &mut out);
    out.push(b'\n');
    out
}

fn draw(message: &Message<'_>) -> Result<Vec<u8>, FormError> {
    let json = serde_json::to_vec(message)?;
    Ok(tree(&json)?.into_bytes())
}
