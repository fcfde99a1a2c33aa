//! Sections and soundings, drawn into files.

use std::path::Path;

use super::data::{SectionData, SoundingData};
use super::heading::line_name;
use super::options::FigureOptions;
use super::output;
use super::section::{Section, SectionOptions};
use super::sounding::{Sounding, SoundingOptions};
use crate::error::{Error, Result};

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
            let message = format!("{} has no sounding with a result", line_name(&line.line_label));
            return Err(Error::figure(path, message));
        }
    }
    let section = Section::new(lines, options, figure, path)?;
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
    let sounding = Sounding::new(data, options, figure, path)?;
    output::write(path, &figure.style, sounding.height_px(), |canvas| sounding.draw(canvas))
}
