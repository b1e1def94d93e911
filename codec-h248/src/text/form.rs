//! The forms of text. A writer knows its own when it is compiled, so that nothing is asked twice.

use super::{KeywordCase, KeywordForm, Style, TextProfile};

/// White space and the spelling of keywords.
pub(super) trait Form: Copy {
    /// White space.
    fn style(self) -> Style;
    /// Whether keywords are short.
    fn short(self) -> bool;
    /// The case of keywords.
    fn case(self) -> KeywordCase;
}

/// The form of [`Style::Compact`] alone.
#[derive(Clone, Copy)]
pub(super) struct Compact;

impl Form for Compact {
    fn style(self) -> Style {
        Style::Compact
    }

    fn short(self) -> bool {
        true
    }

    fn case(self) -> KeywordCase {
        KeywordCase::AsPrinted
    }
}

/// The form of [`Style::Pretty`] alone.
#[derive(Clone, Copy)]
pub(super) struct Pretty;

impl Form for Pretty {
    fn style(self) -> Style {
        Style::Pretty
    }

    fn short(self) -> bool {
        false
    }

    fn case(self) -> KeywordCase {
        KeywordCase::AsPrinted
    }
}

/// Any form.
#[derive(Clone, Copy)]
pub(super) struct Special {
    style: Style,
    short: bool,
    case: KeywordCase,
}

impl Special {
    /// The form that the profile asks for.
    pub(super) fn of(profile: &TextProfile) -> Self {
        let short = match profile.keywords {
            KeywordForm::OfStyle => profile.style == Style::Compact,
            KeywordForm::Long => false,
            KeywordForm::Short => true,
        };
        Self {
            style: profile.style,
            short,
            case: profile.case,
        }
    }
}

impl Form for Special {
    fn style(self) -> Style {
        self.style
    }

    fn short(self) -> bool {
        self.short
    }

    fn case(self) -> KeywordCase {
        self.case
    }
}

/// The style, where nothing else is asked of the form.
pub(super) fn style_alone(profile: &TextProfile) -> Option<Style> {
    let alone = profile.keywords == KeywordForm::OfStyle && profile.case == KeywordCase::AsPrinted;
    alone.then_some(profile.style)
}

/// Lets a writer of the profile's form write to the end of a vector.
macro_rules! write_with {
    ($version:expr, $profile:expr, $out:expr, |$w:ident| $write:expr) => {
        match $crate::text::form::style_alone($profile) {
            Some($crate::Style::Compact) => {
                let form = $crate::text::form::Compact;
                let mut $w = $crate::text::write::Writer::new(form, $version, $profile, $out);
                $write;
                $w.finish();
            }
            Some($crate::Style::Pretty) => {
                let form = $crate::text::form::Pretty;
                let mut $w = $crate::text::write::Writer::new(form, $version, $profile, $out);
                $write;
                $w.finish();
            }
            None => {
                let form = $crate::text::form::Special::of($profile);
                let mut $w = $crate::text::write::Writer::new(form, $version, $profile, $out);
                $write;
                $w.finish();
            }
        }
    };
}
pub(super) use write_with;
