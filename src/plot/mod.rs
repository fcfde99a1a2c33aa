//! Figures for reports: a section along a line, one sounding in detail and others, as PNG or SVG.
//!
//! The figures are drawn from plain data ([`SectionData`], [`SoundingData`]) in a [`Style`]. Each is first laid out on
//! a canvas in printed points and then rendered by plotters; the extension `.png` or `.svg` chooses the format. Fonts
//! are embedded in the library; SVG files name DejaVu Sans and fall back to any sans-serif font.

use std::path::Path;

mod axes;
mod canvas;
mod colour;
mod colour_bar;
mod convergence;
mod data;
mod data_scale;
mod fit;
mod font;
mod heading;
mod key;
mod legend;
mod map;
mod map_frame;
mod output;
mod panel;
mod report;
mod section;
mod sounding;
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
pub use legend::{ColourScale, Fading, Legend, Uncertainty};
pub use map::{MapData, MapGround, MapPanel, plot_map};
pub use report::{ReportData, ReportLine, ReportPicture, ReportPrior, write_report};
pub use section::{Investigation, SectionOptions, Strip};
pub use sounding::SoundingOptions;
pub use style::Style;
pub use survey::{ProfileData, SurveyData, plot_survey};
pub use track::Along;
pub use unit::{printed_unit, with_unit};

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
fn drawn_depth(path: &Path, deepest_m: f64, maximum_m: Option<f64>) -> Result<f64> {
    match maximum_m {
        None => Ok(deepest_m),
        Some(depth) if depth > 0.0 => Ok(depth.min(deepest_m)),
        Some(depth) => Err(Error::figure(path, format!("maximum depth: got {depth} m, expected more than 0"))),
    }
}

/// Draws sections below each other: a quantity along lines against elevation, with its uncertainty.
///
/// # Errors
/// There is nothing to draw, options do not fit together, or the file cannot be written.
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

/// Draws one sounding: posterior of conductivity and interfaces against depth, number of layers, fit to the data, data
/// errors, geometry, and the misfit along the chains. Time-domain data and sampled geometry make the figure higher than
/// the style's height.
///
/// # Errors
/// Options do not fit together, the page is too narrow, or the file cannot be written.
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
