#![deny(missing_docs)]
#![doc = include_str!("../README.md")]
//!
//! # One sounding
//!
//! A survey in about as many lines is `examples/one_line.rs`.
//!
//! ```
#![doc = include_str!("../examples/one_sounding.rs")]
//! ```
//!
//! # Conventions
//!
//! SI units. Conductivity in S/m; resistivity only in configuration, export and plots. A name that holds a logarithm says
//! `ln_` or `log10_`. Depth is positive down from the ground, height and elevation positive up. Layers are numbered from
//! the top, the last is the halfspace and has no thickness. Time dependence exp(+i omega t). Axes: x along flight, y left,
//! z up. Misfit is chi-square over the active channels; std^2 = (relative_error |d|)^2 + additive_error^2, relative_error
//! a fraction.
//!
//! A layer has one property, a real conductivity that does not depend on frequency. Induced polarisation and magnetic
//! permeability are not modelled: they would need more properties per layer in `LayeredEarth` and in the priors.
//!
//! # Rooms, each of which uses only those before it
//!
//! - `constants`: Constants of nature.
//! - `error`: The one error type: what went wrong, where, what was found and what was expected.
//! - `earth`: A layered earth, and the grids that posteriors are counted on.
//! - `system`: Instruments, and the files that describe them.
//! - `forward`: Physics: the data that an instrument measures over an earth, and their derivatives.
//! - `gis`: Coordinate reference systems, polygons, points and rasters, by GDAL.
//! - `survey`: Soundings, and the survey files of all kinds that they are read from.
//! - `bayes`: Computes the posterior of one sounding: priors, likelihood, moves, chains, convergence.
//! - `schema`: Defines results: the table of all variables, and the files that have them.
//! - `products`: Quantities computed from a posterior: percentiles, interfaces, probabilities of classes.
//! - `results`: Reads results, from one file or from many.
//! - `merge`: Joins the files of lines into the file of a survey, with products.
//! - `parallel`: Distributes soundings to the threads of a process, or to the ranks of an MPI job.
//! - `quantities`: Quantities of merged results to draw and export, at depths and in maps.
//! - `plot`: Draws figures of results.
//! - `export`: Writes results in the formats of other programs.
//! - `config`: The configuration of a run: keys, defaults, ranges, and the text that explains them.
//! - `import`: Translates files of other programs to configurations and instruments: options of GeoBIPy, YAML of gspy, Aarhus .gex files.
//! - `run`: Inverts a survey: the settings that all soundings share, the targets of each, the result files.
//! - `simulate`: Makes survey files from known earths.
//! - `check`: Finds errors in a survey before its inversion, and estimates the cost of the inversion.
//! - `init`: Makes a first configuration from what the files of a survey say.
//! - `noise`: Estimates the noise of a survey from its own data.
//! - `cli`: The command line: arguments, progress bars, printing.
//!
//! `bayes` knows no files and no threads; `forward` knows no randomness. `tests/architecture.rs` keeps the order.

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
mod files;
pub mod forward;
#[cfg(test)]
mod fuzz;
pub mod gis;
#[cfg(feature = "import")]
pub mod import;
#[cfg(feature = "run")]
pub mod init;
#[cfg(feature = "results")]
pub mod merge;
#[cfg(feature = "run")]
pub mod noise;
pub mod parallel;
#[cfg(feature = "plot")]
pub mod plot;
pub mod products;
mod quantiles;
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
mod text;
#[cfg(any(feature = "plot", feature = "run"))]
mod words;
