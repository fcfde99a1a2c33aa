//! `geobipy export xyz`.

use clap::Args;

use super::source::SourceArgs;
use crate::error::Result;
use crate::export::write_xyz;

/// Models as Aarhus Workbench has them (_inv.xyz): median resistivity and its standard deviation factor by depth cell.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  geobipy export xyz survey.h5 -o survey_inv.xyz")]
pub(in crate::cli) struct XyzArgs {
    #[command(flatten)]
    source: SourceArgs,
    /// Coordinate reference system, as in EPSG:28354, where results have none or another
    #[arg(long)]
    crs: Option<String>,
}

impl XyzArgs {
    pub(super) fn write(&self) -> Result<()> {
        let source = self.source.open()?;
        write_xyz(&source.survey, self.crs.as_deref(), &self.source.output)?;
        say!("{} soundings: {}", source.survey.len(), self.source.output.display());
        Ok(())
    }
}
