//! Figures for reports: a section along a line, one sounding in detail and others, as PNG or SVG.
//!
//! The figures are drawn from plain data ([`SectionData`], [`SoundingData`]) in a [`Style`]. Each is first laid out on
//! a canvas in printed points and then rendered by plotters; the extension `.png` or `.svg` chooses the format. Fonts
//! are embedded in the library; SVG files name DejaVu Sans and fall back to any sans-serif font.

mod axes;
mod canvas;
mod colour;
mod colour_bar;
mod convergence;
mod data;
mod data_scale;
mod draw;
mod fit;
mod font;
mod heading;
mod key;
mod legend;
mod map;
mod map_frame;
mod noise;
mod options;
mod output;
mod panel;
mod read;
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
pub use draw::{plot_section, plot_sounding};
pub use fit::{FitData, FitGroup, plot_fit};
pub use legend::{ColourScale, Fading, Legend, Uncertainty};
pub use map::{MapData, MapGround, MapPanel, plot_map};
pub use noise::{NoiseCurves, NoiseFigure, plot_noise};
pub use options::FigureOptions;
pub use read::{
    Limits, UncertaintyShown, add_ground, convergence_data, fading_variable, fit_data, map_data, report_data,
    section_data, shown, sounding_data,
};
pub use report::{ReportData, ReportLine, ReportPicture, ReportPrior, write_report};
pub use section::{Investigation, SectionOptions, Strip};
pub use sounding::SoundingOptions;
pub use style::Style;
pub use survey::{ProfileData, SurveyData, plot_survey};
pub use track::Along;
pub use unit::{printed_unit, with_unit};
