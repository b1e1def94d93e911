//! Messages in files: what octets are, what they say, and the forms in which that is shown.

mod form;
mod input;
mod reading;
mod tree;

pub use self::{
    form::{Form, FormError, write},
    input::{Encoding, Found, documents, read, recognise},
    reading::{Reading, Rejection},
    tree::tree,
};
