//! The platform against gateways that are played, over a network that is played, in virtual time.

mod closing;
mod detaching;
mod directions;
mod ending;
mod failover;
mod gateway;
mod groups;
mod holding;
mod joining;
mod life;
mod listening;
mod manners;
mod members;
mod moving;
mod network;
mod races;
mod registering;
mod room_play;
mod rules;
mod settings;
mod silence;
mod strangers;
mod supervision;
mod ties;
mod topology;
mod weather;
