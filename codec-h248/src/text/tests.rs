//! Tests of the text encoding as a whole.

mod corpus;
