//! How many files and sockets the program may have open.

use rustix::process::{Resource, getrlimit, setrlimit};

/// Raises the soft limit to the hard one: each connection takes a descriptor, and the customary 1,024
/// are fewer than a controller of 4,096 gateways needs. What the system does not allow is told and
/// gone without.
pub fn raise_limit() {
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current == limit.maximum {
        return;
    }
    limit.current = limit.maximum;
    if let Err(error) = setrlimit(Resource::Nofile, limit) {
        tracing::warn!(%error, "the limit of open files stays as it is");
    }
}
