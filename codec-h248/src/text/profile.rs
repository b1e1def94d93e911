//! How a peer wants its text.

/// White space, and with it the form of keywords.
///
/// ```
/// use codec_h248::{Limits, Style, TextProfile, decode, encode};
///
/// let message = decode(b"!/1 mg1 PN=7{}", &Limits::default())?;
/// let mut out = Vec::new();
/// encode(&message, &TextProfile::of(Style::Pretty), &mut out);
/// assert_eq!(out, b"MEGACO/1 mg1\nPending = 7 {\n}\n");
/// # Ok::<(), codec_h248::DecodeError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Style {
    /// Long keywords, one idea a line.
    #[default]
    Pretty,
    /// Short keywords, no white space that can be left out.
    Compact,
}

/// What a peer wants of its text. The default is what the grammar prints.
///
/// ```
/// use codec_h248::{
///     EmptySignals, KeywordCase, KeywordForm, Limits, Style, TextProfile, decode, encode,
/// };
///
/// let message = decode(b"!/1 mg1 T=7{C=1{MF=a{SG{}}}}", &Limits::default())?;
/// let profile = TextProfile {
///     keywords: KeywordForm::Long,
///     case: KeywordCase::Lower,
///     empty_signals: EmptySignals::Bare,
///     version: Some(2),
///     ..TextProfile::of(Style::Compact)
/// };
/// let mut out = Vec::new();
/// encode(&message, &profile, &mut out);
/// assert_eq!(out, b"megaco/2 mg1 transaction=7{context=1{modify=a{signals}}}");
/// # Ok::<(), codec_h248::DecodeError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct TextProfile {
    /// White space.
    pub style: Style,
    /// Which spelling of a keyword is written.
    pub keywords: KeywordForm,
    /// In which case keywords are written.
    pub case: KeywordCase,
    /// How all signals are stopped.
    pub empty_signals: EmptySignals,
    /// The version whose grammar and number are written, where it is not the message's own.
    pub version: Option<u8>,
}

impl TextProfile {
    /// The profile of a style alone.
    pub const fn of(style: Style) -> Self {
        Self {
            style,
            keywords: KeywordForm::OfStyle,
            case: KeywordCase::AsPrinted,
            empty_signals: EmptySignals::OfVersion,
            version: None,
        }
    }
}

/// Which spelling of a keyword is written (H.248.1 Annex B.2, tokens).
///
/// ```
/// use codec_h248::{KeywordForm, TextProfile};
///
/// assert_eq!(TextProfile::default().keywords, KeywordForm::OfStyle);
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum KeywordForm {
    /// Long in pretty text, short in compact text.
    #[default]
    OfStyle,
    /// The long spelling.
    Long,
    /// The short spelling.
    Short,
}

/// In which case keywords are written; a reader takes any.
///
/// ```
/// use codec_h248::{KeywordCase, TextProfile};
///
/// assert_eq!(TextProfile::default().case, KeywordCase::AsPrinted);
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum KeywordCase {
    /// As the grammar prints them.
    #[default]
    AsPrinted,
    /// In capitals.
    Upper,
    /// In small letters.
    Lower,
}

/// How all signals are stopped: the grammars of the versions differ, and so do peers.
///
/// ```
/// use codec_h248::{EmptySignals, TextProfile};
///
/// assert_eq!(TextProfile::default().empty_signals, EmptySignals::OfVersion);
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum EmptySignals {
    /// `Signals{}` in versions 1 and 2, `Signals` in version 3.
    #[default]
    OfVersion,
    /// `Signals{}`
    Braces,
    /// `Signals`
    Bare,
}
