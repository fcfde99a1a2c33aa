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
mod data;
mod font;
mod heading;
mod key;
mod output;
mod panel;
mod section;
mod sounding;
mod style;
mod survey;
#[cfg(test)]
mod tests;

pub use colour::ColourTable;
pub use data::{
    ChannelData, Decay, Distribution, ErrorGroup, GeometryMarginal, Response, SectionData, SoundingData, Spectrum,
};
pub use style::Style;
pub use survey::{ProfileData, SurveyData, plot_survey};

use crate::error::{Error, Result};

/// What can be chosen for a figure.
#[derive(Debug, Clone, Default)]
pub struct FigureOptions {
    /// Sizes, fonts and colours.
    pub style: Style,
    /// Lowest and highest conductivity of the colour bar or axis, S/m; chosen from the data when `None`.
    pub conductivity_range: Option<(f64, f64)>,
    /// Label colour bar and axes with resistivity, ohm m, instead of conductivity. Colours and places stay the same.
    pub resistivity: bool,
    /// Draw no deeper than this, m.
    pub maximum_depth_m: Option<f64>,
    /// Heading instead of the line's (and sounding's) name.
    pub title: Option<String>,
}

impl FigureOptions {
    /// The range chosen as log10 conductivity.
    fn log10_range(&self, path: &Path) -> Result<Option<(f64, f64)>> {
        match self.conductivity_range {
            None => Ok(None),
            Some((low, high)) if 0.0 < low && low < high && high.is_finite() => Ok(Some((low.log10(), high.log10()))),
            Some((low, high)) => Err(Error::figure(
                path,
                format!("conductivity range: got {low} to {high} S/m, expected two rising positive numbers"),
            )),
        }
    }

    /// How deep to draw when there are results down to `deepest`.
    fn depth(&self, path: &Path, deepest: f64) -> Result<f64> {
        match self.maximum_depth_m {
            None => Ok(deepest),
            Some(depth) if depth > 0.0 => Ok(depth.min(deepest)),
            Some(depth) => Err(Error::figure(path, format!("maximum depth: got {depth} m, expected more than 0"))),
        }
    }

    /// Title of an axis of conductivity.
    fn conductivity_label(&self) -> &'static str {
        if self.resistivity { "resistivity (Ω m)" } else { "conductivity (S/m)" }
    }
}

/// Draws a section: conductivity along a line against elevation, fading where it is uncertain, below strips with
/// misfit and number of layers.
pub fn plot_section(data: &SectionData, options: &FigureOptions, path: &Path) -> Result<()> {
    data.check(path)?;
    let section = section::Section::new(data, options, path)?;
    let page = &options.style.page;
    output::write(path, page, page.section_height_px, |canvas| section.draw(canvas))
}

/// Draws one sounding: posterior of conductivity and interfaces against depth, number of layers, fit to the data,
/// data errors, geometry and the chains' way to it. The figure is higher than the style says by what time-domain data
/// and sampled geometry need in addition.
pub fn plot_sounding(data: &SoundingData, options: &FigureOptions, path: &Path) -> Result<()> {
    data.check(path)?;
    let sounding = sounding::Sounding::new(data, options, path)?;
    output::write(path, &options.style.page, sounding.height_px(), |canvas| sounding.draw(canvas))
}
