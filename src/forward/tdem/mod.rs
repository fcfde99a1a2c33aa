//! Time-domain response of finite loops over a layered earth (docs/forward.md).
//!
//! Reflection coefficients on a mesh of wavenumbers and frequencies ([`mesh`]), summed with weights that hold all geometry
//! ([`coils`], [`nodes`], [`placement`]), give a spectrum per component; a small matrix per system takes it to what the gates
//! record ([`gate_matrix`], from closed forms: [`gates`], [`waveform`]). A change of the earth needs new reflection
//! coefficients, a change of geometry only new weights. Air and ground are quasi-static with the permeability of free space.

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
