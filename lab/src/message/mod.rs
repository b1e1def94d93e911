//! Messages in files: what octets are, what they say, and the forms in which that is shown.

mod agreed;
mod form;
mod input;
mod reading;
mod tree;

pub(crate) use self::input::read_file;
pub use self::{
    agreed::{AgreedError, agreed},
    form::{Form, FormError, write},
    input::{Encoding, Found, documents, read, read_from, recognise},
    reading::{Read, Reading, Rejection},
    tree::tree,
};
