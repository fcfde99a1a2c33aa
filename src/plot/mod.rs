//! Figures for reports: a section along a line and everything about one sounding, as PNG or SVG.
//!
//! The figures are drawn from plain data ([`SectionData`], [`SoundingData`]) and look as a [`Style`] says. Each is
//! first laid out on a canvas in printed points and then rendered by plotters: an extension `.png` or `.svg` chooses
//! the format. Fonts are embedded in the library; SVG files name DejaVu Sans and fall back to any sans-serif font.

use std::path::Path;

mod axes;
mod canvas;
mod colour;
mod colour_bar;
mod convergence;
mod data;
mod fit;
mod font;
mod heading;
mod key;
mod map;
mod map_frame;
mod output;
mod panel;
mod report;
mod section;
mod shown;
mod sounding;
mod spread;
mod style;
mod survey;
#[cfg(test)]
mod tests;
mod track;
mod unit;

pub use colour::ColourTable;
pub use convergence::{ConvergenceData, Outcome, plot_convergence};
pub use data::{
    ChannelData, Decay, Distribution, ErrorGroup, GeometryMarginal, Response, SectionData, SoundingData, Spectrum,
    TrueModel,
};
pub use fit::{FitData, FitGroup, plot_fit};
pub use map::{MapData, MapGround, MapPanel, plot_map};
pub use report::{ReportData, ReportLine, ReportPicture, ReportPrior, write_report};
pub use section::{Investigation, SectionOptions, Strip};
pub use shown::{ColourScale, Fading, Shown, Uncertainty};
pub use sounding::SoundingOptions;
pub use style::Style;
pub use survey::{ProfileData, SurveyData, plot_survey};
pub use track::Along;
pub use unit::{printed_unit, with_unit};

use crate::error::{Error, Result};

/// What can be chosen for a figure of any kind.
#[derive(Debug, Clone, Default)]
pub struct FigureOptions {
    /// Sizes, fonts and colours.
    pub style: Style,
    /// Heading instead of the line's (and sounding's) name.
    pub title: Option<String>,
}

/// How deep to draw results down to `deepest_m` when `maximum_m` was asked for.
fn drawn_depth(path: &Path, deepest_m: f64, maximum_m: Option<f64>) -> Result<f64> {
    match maximum_m {
        None => Ok(deepest_m),
        Some(depth) if depth > 0.0 => Ok(depth.min(deepest_m)),
        Some(depth) => Err(Error::figure(path, format!("maximum depth: got {depth} m, expected more than 0"))),
    }
}

/// Draws sections below each other: a quantity along lines against elevation, with what is uncertain about it.
///
/// # Errors
/// There is nothing to draw, options do not fit, or the file cannot be written.
pub fn plot_section(
    lines: &[SectionData],
    options: &SectionOptions,
    figure: &FigureOptions,
    path: &Path,
) -> Result<()> {
    for line in lines {
        line.check(path)?;
        if !line.inverted.contains(&true) {
            let message = format!("{} has no sounding with a result", heading::line_name(&line.line_label));
            return Err(Error::figure(path, message));
        }
    }
    let section = section::Section::new(lines, options, figure, path)?;
    output::write(path, &figure.style, section.height_px(), |canvas| section.draw(canvas))
}

/// Draws one sounding: posterior of conductivity and interfaces against depth, number of layers, fit to the data,
/// data errors, geometry and the chains' way to it. The figure is higher than the style says by what time-domain data
/// and sampled geometry need in addition.
///
/// # Errors
/// Options do not fit, the page is too narrow, or the file cannot be written.
pub fn plot_sounding(
    data: &SoundingData,
    options: &SoundingOptions,
    figure: &FigureOptions,
    path: &Path,
) -> Result<()> {
    data.check(path)?;
    figure.style.check_width(path, "a sounding")?;
    let sounding = sounding::Sounding::new(data, options, figure, path)?;
    output::write(path, &figure.style, sounding.height_px(), |canvas| sounding.draw(canvas))
}
