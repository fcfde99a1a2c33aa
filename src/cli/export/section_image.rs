//! `geobipy export section-image`.

use clap::Args;

use super::source::SourceArgs;
use crate::cli::source::positive;
use crate::error::Result;
use crate::export::{SectionImageOptions, write_section_images};
use crate::plot::{Along, ColourTable};
use crate::quantities::Quantity;
use crate::schema::fields;
use crate::words::plural;

/// Write a section of each line as PNG with a world file, for section views of geographic information systems.
///
/// The output is a folder with line_NUMBER.png, .pgw, and .png.aux.xml, which explains the colours.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  geobipy export section-image survey.h5 -o sections --quantity resistivity_p50 --exaggeration 5"
)]
pub(in crate::cli) struct SectionImageArgs {
    #[command(flatten)]
    source: SourceArgs,
    /// A quantity by depth, named as in `geobipy schema`, or resistivity_p50 and the like
    #[arg(long, value_name = "NAME", default_value = fields::CONDUCTIVITY_P50.name)]
    quantity: String,
    /// Horizontal axis of the sections
    #[arg(long, value_enum, default_value_t = Along::Distance)]
    along: Along,
    /// Vertical exaggeration [default: one that suits the longest line]
    #[arg(long, value_name = "FACTOR", value_parser = positive)]
    exaggeration: Option<f64>,
    /// Size of a pixel in m [default: a quarter of the distance between soundings]
    #[arg(long, value_name = "M", value_parser = positive)]
    pixel: Option<f64>,
    /// Values of the first and last colour [default: all but 2 % at either end of the survey]
    #[arg(long, num_args = 2, value_names = ["LOW", "HIGH"], allow_negative_numbers = true)]
    range: Option<Vec<f64>>,
    /// Keep full colours where little is known; without this, colours fade as the 90 % interval grows to three decades
    #[arg(long)]
    no_fade: bool,
    /// Colours: spectrum, lagoon, viridis, cividis, turbo, ...
    #[arg(long, value_name = "NAME", default_value = "spectrum", value_parser = ColourTable::built_in)]
    colours: ColourTable,
}

impl SectionImageArgs {
    pub(super) fn write(&self) -> Result<()> {
        let source = self.source.open()?;
        let quantity = Quantity::read(source.survey(), &self.quantity)?;
        let options = SectionImageOptions {
            along: self.along,
            exaggeration: self.exaggeration,
            pixel_m: self.pixel,
            range: self.range.as_ref().map(|range| (range[0], range[1])),
            fade: !self.no_fade,
            colours: self.colours.clone(),
        };
        let lines = write_section_images(source.survey(), &quantity, &options, &self.source.output)?;
        say!("{}{}: {}/", plural(lines, "section"), source.left_out(), self.source.output.display());
        Ok(())
    }
}
