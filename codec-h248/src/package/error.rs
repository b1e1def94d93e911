//! Why a package is refused.

use std::fmt;

/// A package that cannot be added.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PackageError {
    /// What in the package, such as `acme/event low/parameter at`.
    pub place: String,
    /// What is wrong with it.
    pub fault: PackageFault,
}

/// What is wrong with a package or a part of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum PackageFault {
    /// It is not a `NAME`: a letter, then letters, digits and underscores, 64 at most.
    Name,
    /// The name is a word of the grammar, or begins with `EPA` or `SPA` (H.248.1 12.2).
    Reserved,
    /// The binary id means something else.
    Id {
        /// The id.
        found: u16,
        /// The least that is free to use.
        least: u16,
        /// The greatest.
        greatest: u16,
    },
    /// The version is not from 1 to 99.
    Version(u16),
    /// Something else has the name.
    NameTaken {
        /// What has it.
        by: String,
    },
    /// Something else has the id.
    IdTaken {
        /// The id.
        id: u16,
        /// What has it.
        by: String,
    },
    /// No package has the name of the one that it extends; it must be added first.
    Base(String),
    /// It is more than the last of so many packages that extend each other.
    Line(usize),
    /// An enumeration without values, or a value that is not of the unquoted form.
    Enumeration,
    /// Bounds of what is not a number, or the lower above the upper.
    Bounds,
    /// The parameter is another one where the event is observed than where it is requested.
    Differs,
}

impl fmt::Display for PackageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.fault)
    }
}

impl fmt::Display for PackageFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name => f.write_str("expected NAME"),
            Self::Reserved => f.write_str("the name is reserved"),
            Self::Id {
                found,
                least,
                greatest,
            } => write!(
                f,
                "expected an id from {least:#06X} to {greatest:#06X}, found {found:#06X}"
            ),
            Self::Version(found) => write!(f, "expected a version from 1 to 99, found {found}"),
            Self::NameTaken { by } => write!(f, "the name is that of {by}"),
            Self::IdTaken { id, by } => write!(f, "the id {id:#06X} is that of {by}"),
            Self::Line(most) => {
                write!(f, "expected at most {most} packages that extend each other")
            }
            Self::Base(base) => write!(f, "it extends {base}, which is not known"),
            Self::Enumeration => {
                f.write_str("expected the names of an enumeration, without quotes")
            }
            Self::Bounds => f.write_str("expected bounds of a number, the lower one first"),
            Self::Differs => f.write_str("it is another one where the event is requested"),
        }
    }
}

impl std::error::Error for PackageError {}
