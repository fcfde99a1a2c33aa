//! `geobipy export geopackage`.

use clap::Args;

use super::source::{ChoiceArgs, SourceArgs, whole};
use crate::error::Result;
use crate::export::{Table, TableLayout, write_features};

/// Flight lines, soundings as points with quantities, layers of the best models as vertical lines, interfaces as points; styled for QGIS.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  geobipy export geopackage survey.h5 -o survey.gpkg --depth 10 --depth 20:40")]
pub(in crate::cli) struct FeaturesArgs {
    #[command(flatten)]
    source: SourceArgs,
    #[command(flatten)]
    choice: ChoiceArgs,
}

impl FeaturesArgs {
    pub(super) fn write(&self) -> Result<()> {
        let source = self.source.open()?;
        let quantities = self.choice.quantities(source.survey())?;
        let slices = self.choice.slices(source.survey());
        let table = Table::new(source.survey(), TableLayout::Sounding, &quantities, &slices)?;
        let output = &self.source.output;
        whole(output, |partial| write_features(source.survey(), &table, partial))?;
        say!("{}, their layers and interfaces: {}", source.soundings(), output.display());
        Ok(())
    }
}
