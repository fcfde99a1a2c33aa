#![deny(missing_docs)]
#![doc = include_str!("../README.md")]
//!
//! # Conventions
//!
//! SI units. Conductivity in S/m; resistivity only in configuration, export and plots. A name that holds a logarithm says
//! `ln_` or `log10_`. Depth is positive down from the ground, height and elevation positive up. Layers are numbered from
//! the top, the last is the halfspace and has no thickness. Time dependence exp(+i omega t). Axes: x along flight, y left,
//! z up. Misfit is chi-square over the active channels; std^2 = (relative_error |d|)^2 + additive_error^2, relative_error
//! a fraction.
//!
//! # Modules, in order of dependency
//!
//! [`earth`], [`system`], [`gis`] <- [`survey`], [`forward`] <- [`bayes`] <- [`schema`] <- results, products <- merge, export, plot;
//! parallel <- cli <- the program. `bayes` knows no files and no threads; [`forward`] knows no randomness.

pub mod bayes;
#[cfg(feature = "run")]
pub mod check;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "run")]
pub mod config;
pub mod constants;
pub mod earth;
pub mod error;
#[cfg(feature = "results")]
pub mod export;
pub mod forward;
#[cfg(test)]
mod fuzz;
pub mod gis;
#[cfg(feature = "import")]
pub mod import;
#[cfg(feature = "results")]
pub mod merge;
pub mod parallel;
#[cfg(feature = "plot")]
pub mod plot;
pub mod products;
#[cfg(feature = "results")]
pub mod quantities;
#[cfg(feature = "results")]
pub mod results;
#[cfg(feature = "run")]
pub mod run;
pub mod schema;
#[cfg(feature = "run")]
pub mod simulate;
pub mod survey;
pub mod system;
#[cfg(any(feature = "plot", feature = "run"))]
mod words;
