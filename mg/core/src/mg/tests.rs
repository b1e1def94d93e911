//! The gateway against a scripted controller and a scripted engine, in virtual time.

mod add;
mod audit;
mod bench;
mod context;
mod desk;
mod digit_maps;
mod events;
mod individual;
mod life;
mod lines;
mod modify;
mod move_to;
mod overload;
mod random;
mod refusals;
mod registration;
mod segments;
mod selection;
mod service_change;
mod services;
mod signals;
mod statistics;
mod subtract;
mod topology;
mod waiting;
