//! The JSON form: what it looks like, and that nothing is lost in it.

mod corpus;
mod generated;
mod golden;
mod hostile;
mod refused;
mod schema;
