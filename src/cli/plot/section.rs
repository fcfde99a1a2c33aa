//! `geobipy plot section`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::args::FigureArgs;
use crate::cli::source::{open_merged, open_results, quantities};
use crate::error::{Error, Result};
use crate::plot::{
    Along, Investigation, Legend, Limits, SectionData, SectionOptions, Strip, UncertaintyShown, fading_variable,
    plot_section, section_data, shown,
};
use crate::results::{ConvergenceTargets, Interval};
use crate::schema::fields;
use crate::survey::line_label;

/// Largest number of lines that are drawn if none is chosen.
const MOST_LINES: usize = 12;

/// Draw quantities along lines against elevation, with colours that fade where they are uncertain, with misfit and
/// layer count; several sections below each other have the same scales.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  geobipy plot section out/resolve --line 30010 -o section.png\n  \
    geobipy plot section survey.h5 --line 30010 --line 30030 --along easting --limits auto-survey -o sections.svg\n  \
    geobipy plot section survey.h5 --line 30010 --quantity conductivity_p05 --quantity conductivity_p95 -o interval.png\n  \
    geobipy plot section survey.h5 --line 30010 --quantity probability_above_0.1 --investigation mask -o clay.png")]
pub(in crate::cli) struct SectionArgs {
    /// Merged file, or directories of results, or line files
    #[arg(required = true, value_name = "RESULTS")]
    results: Vec<PathBuf>,
    /// Flight line, or the lines FIRST:LAST; may be repeated [default: all, if there are at most a dozen]
    #[arg(long = "line", value_name = "NUMBER", allow_negative_numbers = true)]
    lines: Vec<Interval>,
    /// A quantity by depth, named as in `geobipy schema`, or resistivity_p50 and the like, class_probability_NAME,
    /// probability_above_CONDUCTIVITY; may be repeated, with a section for each
    #[arg(long = "quantity", value_name = "NAME", default_value = fields::CONDUCTIVITY_P50.name)]
    quantities: Vec<String>,
    /// Short for --quantity resistivity_p50
    #[arg(long, conflicts_with = "quantities")]
    resistivity: bool,
    /// Range of the colours in the unit of the quantity, LOW:HIGH, or auto-line to suit the values drawn, or
    /// auto-survey to suit all lines
    #[arg(long, value_name = "LIMITS", default_value = "auto-line", allow_hyphen_values = true)]
    limits: Limits,
    /// Horizontal axis of the sections
    #[arg(long, value_enum, default_value_t = Along::Distance)]
    along: Along,
    /// Draw against depth, even if the elevation of the ground is known
    #[arg(long)]
    against_depth: bool,
    /// Largest depth drawn, in m
    #[arg(long, value_name = "M")]
    maximum_depth: Option<f64>,
    /// Display of uncertain conductivities
    #[arg(long, value_enum, default_value_t = UncertaintyShown::Fade)]
    uncertainty: UncertaintyShown,
    /// Display of the depth of investigation
    #[arg(long, value_enum, default_value_t = Investigation::Line)]
    investigation: Investigation,
    /// Strips above each section, separated by commas; "none" for no strips [default: misfit,layers for a single line]
    #[arg(long, value_enum, value_delimiter = ',')]
    strips: Option<Vec<StripArg>>,
    /// Interpolate between soundings and depths instead of drawing blocks; gaps stay empty
    #[arg(long)]
    interpolate: bool,
    /// Leave out the small map of the lines
    #[arg(long)]
    no_inset: bool,
    #[command(flatten)]
    figure: FigureArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum StripArg {
    /// Chi-square per channel
    Misfit,
    /// Number of layers
    Layers,
    /// Largest R-hat
    Convergence,
    /// No strips
    None,
}

impl SectionArgs {
    pub(super) fn draw(&self) -> Result<()> {
        let figure = self.figure.look.options()?;
        let names = if self.resistivity { vec!["resistivity_p50".to_owned()] } else { self.quantities.clone() };
        // Limits of the whole survey need all of its lines.
        let lines = if self.limits == Limits::Survey { &[][..] } else { &self.lines };
        let source = open_merged(&self.results, lines, &self.figure.output)?;
        let survey = &source.survey;
        let drawn = self.chosen(survey.line_numbers(), survey.name())?;
        let quantities = quantities(survey, &names)?;
        if let Some(flat) = quantities.iter().find(|quantity| !quantity.is_by_depth()) {
            let message = format!("{} has no depths to draw: `geobipy plot map` shows it", flat.name);
            return Err(Error::Config(message));
        }
        let mut all_shown: Vec<Legend> =
            quantities.iter().map(|one| shown(survey, one, self.limits, self.uncertainty)).collect::<Result<_>>()?;
        Legend::share_limits(&mut all_shown);
        let options = SectionOptions {
            legends: all_shown,
            along: self.along,
            against_depth: self.against_depth,
            maximum_depth_m: self.maximum_depth,
            uncertainty: self.uncertainty.uncertainty(),
            investigation: self.investigation,
            strips: self.strips(drawn.len() * quantities.len()),
            interpolate: self.interpolate,
            survey_m: if self.no_inset { Vec::new() } else { open_results(&self.results, &[])?.places() },
            rhat_target: ConvergenceTargets::of(survey.results())?.rhat,
        };
        let mut sections = Vec::new();
        for line in drawn {
            for (shown, quantity) in quantities.iter().enumerate() {
                let fading = fading_variable(quantity, self.uncertainty);
                sections.push(SectionData { quantity: shown, ..section_data(survey, line, quantity, fading)? });
            }
        }
        plot_section(&sections, &options, &figure, &self.figure.output)
    }

    /// Returns the chosen lines among the existing ones.
    fn chosen(&self, there: Vec<f64>, path: &std::path::Path) -> Result<Vec<f64>> {
        if let Some(absent) = self.lines.iter().find(|l| !there.iter().any(|&number| l.contains(number))) {
            return Err(absent.absent_from(path, &there));
        }
        let count = there.len();
        if self.lines.is_empty() && count > MOST_LINES {
            let (first, last) = (line_label(there[0]), line_label(there[count - 1]));
            let message = format!("has {count} lines, {first} to {last}: choose some with --line");
            return Err(Error::results(path, message));
        }
        let wanted = |number: &f64| self.lines.is_empty() || self.lines.iter().any(|l| l.contains(*number));
        Ok(there.into_iter().filter(wanted).collect())
    }

    fn strips(&self, section_count: usize) -> Vec<Strip> {
        let usual = if section_count > 1 { vec![] } else { vec![StripArg::Misfit, StripArg::Layers] };
        let strip = |strip| match strip {
            StripArg::Misfit => Some(Strip::Misfit),
            StripArg::Layers => Some(Strip::Layers),
            StripArg::Convergence => Some(Strip::Convergence),
            StripArg::None => None,
        };
        self.strips.clone().unwrap_or(usual).into_iter().filter_map(strip).collect()
    }
}
