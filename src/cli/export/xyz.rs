//! `geobipy export xyz`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::source::SourceArgs;
use crate::error::Result;
use crate::export::write_xyz;

/// Write models for Aarhus Workbench: median resistivity and its standard deviation factor by depth cell.
///
/// The name ends in _inv.xyz, by which Workbench recognises models; the ending is added if necessary.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  geobipy export xyz survey.h5 -o survey_inv.xyz")]
pub(in crate::cli) struct XyzArgs {
    #[command(flatten)]
    source: SourceArgs,
}

impl XyzArgs {
    pub(super) fn write(&self) -> Result<()> {
        let output = named(&self.source.output);
        let source = self.source.open_for(&output, &[])?;
        write_xyz(source.survey(), &output)?;
        say!("{}: {}", source.soundings(), output.display());
        Ok(())
    }
}

/// Returns the name with the ending that Workbench requires for models: `survey_inv.xyz` for `survey` and `survey.xyz`.
fn named(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let stem = name.strip_suffix(".xyz").unwrap_or(&name);
    let stem = stem.strip_suffix("_inv").unwrap_or(stem);
    path.with_file_name(format!("{stem}_inv.xyz"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_end_as_workbench_wants_them() {
        for name in ["a/b", "a/b.xyz", "a/b_inv", "a/b_inv.xyz"] {
            assert_eq!(named(Path::new(name)), Path::new("a/b_inv.xyz"), "{name}");
        }
        assert_eq!(named(Path::new("b.2.xyz")), Path::new("b.2_inv.xyz"));
    }
}
