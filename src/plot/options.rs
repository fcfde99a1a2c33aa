//! What can be chosen for a figure of any kind.

use std::path::Path;

use super::style::Style;
use crate::error::{Error, Result};

/// Options of all figures.
#[derive(Debug, Clone, Default)]
pub struct FigureOptions {
    /// Sizes, fonts and colours.
    pub style: Style,
    /// Heading instead of the line's (and sounding's) name.
    pub title: Option<String>,
}

/// Returns the depth down to which results are drawn, from their depth `deepest_m` and the option `maximum_m`.
pub(super) fn drawn_depth(path: &Path, deepest_m: f64, maximum_m: Option<f64>) -> Result<f64> {
    match maximum_m {
        None => Ok(deepest_m),
        Some(depth) if depth > 0.0 => Ok(depth.min(deepest_m)),
        Some(depth) => Err(Error::figure(path, format!("maximum depth: got {depth} m, expected more than 0"))),
    }
}
