//! Time-domain response of finite loops over a layered earth (docs/forward.md).
//!
//! Reflection coefficients are computed on a mesh of wavenumbers and frequencies ([`mesh`]). Sums with weights that
//! depend only on geometry ([`coils`], [`nodes`], [`placement`]) give a spectrum per component. A small matrix per
//! system gives the gates' records from the spectrum ([`gate_matrix`], from the closed forms of [`gates`] and
//! [`waveform`]). A change of the earth needs new reflection coefficients, a change of geometry only new weights. Air
//! and ground are quasi-static with the permeability of free space.

mod coils;
mod digitised;
mod forward;
mod gate_matrix;
mod gates;
mod mesh;
mod nodes;
mod operator;
mod path;
mod placement;
mod sensitivity;
mod waveform;
mod workspace;

pub use self::digitised::DigitisedTdem;
pub use self::forward::TdemForward;
pub use self::operator::{TdemOperator, component_without_primary};
