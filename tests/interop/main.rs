//! What programs that we did not write say about our messages.

mod otp;
mod recorded;
mod tshark;
