//! `geobipy export geopackage`.

use clap::Args;

use super::source::{ChoiceArgs, SourceArgs};
use crate::error::Result;
use crate::export::{Table, features_companions, write_features};

/// Write flight lines, soundings as points with quantities, layers of the best models as vertical lines, and interfaces
/// as points, with QGIS styles.
///
/// The project NAME.qgs beside NAME.gpkg opens in QGIS with a layer for each conductivity at each depth.
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
        let source = self.source.open_for(&self.source.output, &features_companions(&self.source.output))?;
        let quantities = self.choice.quantities(source.survey())?;
        let slices = self.choice.slices(source.survey());
        let table = Table::of_soundings(source.survey(), &quantities, &slices)?;
        let paths: Vec<String> = write_features(source.survey(), &table, &self.source.output)?
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        say!("{}, their layers and interfaces: {}", source.soundings(), paths.join(", "));
        Ok(())
    }
}
