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
}

impl XyzArgs {
    pub(super) fn write(&self) -> Result<()> {
        let source = self.source.open()?;
        write_xyz(source.survey(), &self.source.output)?;
        say!("{}: {}", source.soundings(), self.source.output.display());
        Ok(())
    }
}
