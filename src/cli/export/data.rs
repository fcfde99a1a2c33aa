//! `geobipy export data`.

use clap::Args;

use super::source::SourceArgs;
use super::table::write_tables;
use crate::error::{Error, Result};
use crate::export::{
    Content, csv_companions, data_xyz_paths, gdf2_companions, write_csv, write_data_xyz, write_gdf2, write_parquet,
};

/// Write observed and predicted data, standard deviations and residuals of every channel, with a row per sounding.
///
/// The ending of the name chooses the format: .csv, .dat (ASEG-GDF2), .parquet, or .xyz for the pair NAME_dat.xyz and
/// NAME_syn.xyz of Aarhus Workbench. Predictions are medians of the posterior without noise; a residual is observed
/// minus predicted, divided by the standard deviation.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  geobipy export data survey.h5 -o data.csv\n  \
    geobipy export data survey.h5 -o survey.xyz --line 30010")]
pub(in crate::cli) struct DataArgs {
    #[command(flatten)]
    source: SourceArgs,
}

impl DataArgs {
    pub(super) fn write(&self) -> Result<()> {
        let output = &self.source.output;
        let open = |companions: &[std::path::PathBuf]| self.source.open_for(output, companions);
        match output.extension().unwrap_or_default().to_string_lossy().as_ref() {
            "csv" => {
                let source = open(&csv_companions(output))?;
                write_tables(&source, Content::Data, |tables| write_csv(tables, output))
            }
            "dat" => {
                let source = open(&gdf2_companions(output))?;
                write_tables(&source, Content::Data, |tables| write_gdf2(tables, output))
            }
            "parquet" => write_tables(&open(&[])?, Content::Data, |tables| write_parquet(tables, output)),
            "xyz" => {
                let paths = data_xyz_paths(output);
                let source = self.source.open_for(&paths[0], &paths[1..])?;
                write_data_xyz(source.survey(), &paths)?;
                say!("{}: {}, {}", source.soundings(), paths[0].display(), paths[1].display());
                Ok(())
            }
            _ => {
                let message =
                    format!("{}: expected a name that ends in .csv, .dat, .parquet or .xyz", output.display());
                Err(Error::Config(message))
            }
        }
    }
}
