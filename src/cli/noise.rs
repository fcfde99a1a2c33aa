//! `geobipy noise`: estimates the noise of a survey from its own data.

use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;

use super::notes::tell;
use super::selection::SelectionArgs;
use crate::error::{Error, Result};
use crate::import::read_config;
use crate::noise::{AdditiveNoise, ChannelNoise, NoiseEstimate, NoiseKeys, NoiseSource};
use crate::results::Interval;
use crate::run::{open_survey, read_system, refuse_rejected_rows};
use crate::survey::{Place, line_label};
use crate::system::{Domain, System};
use crate::words::plural;

/// Estimate the noise of each gate or frequency from the survey's own data.
///
/// Without an option the scatter along the lines is used. Soundings at great height (--above, --high) are better if the
/// survey has them, and repeated lines (--repeat) show the noise from flight to flight. docs/surveys.md describes what
/// each method needs.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  geobipy noise survey.toml --line 100502 --plot noise.png\n  \
    geobipy noise survey.toml --high 9001 --write\n  geobipy noise survey.toml --above 800\n  \
    geobipy noise survey.toml --repeat 2001:2002")]
pub(super) struct NoiseArgs {
    /// Configuration file (TOML), or an options file of GeoBIPy
    config: PathBuf,
    /// A value instead of the configuration's, as in columns.data_scale=1e-12; may be repeated
    #[arg(long = "set", value_name = "KEY=VALUE")]
    sets: Vec<String>,
    /// Use only soundings above this height in m, where the response of the ground is negligible
    #[arg(long, value_name = "METRES", value_parser = metres)]
    above: Option<f64>,
    /// Use only this line at great height, or the lines FIRST:LAST; may be repeated
    #[arg(long, value_name = "LINE", allow_negative_numbers = true)]
    high: Vec<Interval>,
    /// Use the differences between two flights along one line, the lines A and B
    #[arg(long, value_name = "A:B", conflicts_with_all = ["above", "high"], allow_negative_numbers = true)]
    repeat: Option<LinePair>,
    /// Repeated lines: greatest distance of two soundings in m
    #[arg(long, value_name = "METRES", default_value_t = 10.0, requires = "repeat", value_parser = metres)]
    within: f64,
    /// Repeated lines: greatest difference of two heights in m
    #[arg(long, value_name = "METRES", default_value_t = 3.0, requires = "repeat", value_parser = metres)]
    height_within: f64,
    /// Draw noise, data and the configuration's noise, .png or .svg
    #[cfg(feature = "plot")]
    #[arg(long, value_name = "FILE")]
    plot: Option<PathBuf>,
    /// Write the keys into the configuration file, which keeps its comments and order; without this option they are
    /// printed. --set cannot be given: the keys would belong to values that the file does not have
    #[arg(long, conflicts_with = "sets")]
    write: bool,
    /// Print or write the keys even if the scatter of channels may be correlated along the lines
    #[arg(long)]
    allow_correlated: bool,
    #[command(flatten)]
    selection: SelectionArgs,
}

/// Reads a positive length.
fn metres(text: &str) -> std::result::Result<f64, String> {
    let length = text.trim().parse().ok().filter(|length: &f64| length.is_finite() && *length > 0.0);
    length.ok_or_else(|| "expected a positive number of metres".to_owned())
}

/// Two lines, `A:B`.
#[derive(Debug, Clone, Copy)]
struct LinePair(f64, f64);

impl FromStr for LinePair {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let number = |text: &str| text.trim().parse().ok().filter(|number: &f64| number.is_finite());
        match text.split_once(':').map(|(a, b)| (number(a), number(b))) {
            Some((Some(a), Some(b))) if a != b => Ok(Self(a, b)),
            _ => Err("expected the numbers of two different lines, A:B".to_owned()),
        }
    }
}

impl NoiseArgs {
    fn source(&self) -> NoiseSource {
        match self.repeat {
            Some(LinePair(a, b)) => {
                NoiseSource::Repeat { lines: (a, b), distance_m: self.within, height_m: self.height_within }
            }
            None if self.above.is_some() || !self.high.is_empty() => {
                NoiseSource::High { lines: self.high.clone(), above_m: self.above }
            }
            None => NoiseSource::Scatter,
        }
    }
}

pub(super) fn noise(args: &NoiseArgs) -> Result<()> {
    let given = tell(|notes| read_config(&args.config, &args.sets, notes))?;
    let system = tell(|notes| read_system(&given, &args.config, notes))?;
    let mut config = given.clone();
    config.resolve(&system, &args.config)?;
    let survey = open_survey(&config, &system)?;
    tell(|notes| refuse_rejected_rows(&survey, config.survey.allow_rejected_rows, notes))?;
    let has_std = survey.has_std();
    if has_std && args.write {
        return Err(Error::setting(
            "--write",
            format!(
                "{}: --write: the survey has standard deviations (of the file, or quoted), so additive and relative errors \
                 would have no effect",
                args.config.display()
            ),
        ));
    }
    let chosen = args.selection.selection().choose(&survey, config.survey.crs.as_deref())?;
    let places: Vec<Place> = survey.places().iter().zip(chosen).filter(|(_, c)| *c).map(|(p, _)| *p).collect();
    let source = args.source();
    let estimate = NoiseEstimate::new(&source, &given, &system, &survey, &places)?;
    tell_table(&estimate, &system, &source);
    tell_remarks(&estimate, &system, &source);
    if has_std {
        say!("note: the survey has standard deviations (of the file, or quoted); `invert` uses these");
    }
    #[cfg(feature = "plot")]
    if let Some(path) = &args.plot {
        draw(&estimate, &system, args, path)?;
        say!("picture: {}", path.display());
    }
    if estimate.has_correlated() && !args.allow_correlated {
        return match args.write {
            true => Err(Error::setting(
                "--write",
                format!(
                    "{}: --write: the scatter of channels with ? is not known to be white noise, and the noise of averaged data \
                     would be far too small; use --high, --above or --repeat, or --allow-correlated",
                    args.config.display()
                ),
            )),
            false => {
                say!(
                    "no keys for the configuration are printed, because of the channels with ?: --allow-correlated prints them"
                );
                Ok(())
            }
        };
    }
    let keys = NoiseKeys::new(&estimate, &config, &system)?;
    if !keys.without_data.is_empty() {
        say!(
            "note: {} without data: the value for such a channel is that of the nearest one and has no effect",
            plural(keys.without_data.len(), "channel")
        );
    }
    if args.write {
        keys.write_into(&args.config)?;
        say!("\n{}: errors of the channels are written", args.config.display());
    } else {
        say!("\n{}", keys.to_toml().trim_end());
    }
    Ok(())
}

fn tell_table(estimate: &NoiseEstimate, system: &System, source: &NoiseSource) {
    let from = match source {
        NoiseSource::Scatter => "scatter along the lines".to_owned(),
        NoiseSource::High { above_m: Some(above_m), .. } => format!("soundings above {above_m} m"),
        NoiseSource::High { .. } => "lines at great height".to_owned(),
        NoiseSource::Repeat { lines: (a, b), .. } => {
            format!("differences of lines {} and {}", line_label(*a), line_label(*b))
        }
    };
    say!("noise from {from}, in {} (<: at most; ?: not known to be white noise)", system.data_unit());
    let names = estimate.channels.iter().map(|channel| channel.name.chars().count());
    let width = names.max().unwrap_or(0).max("channel".len());
    let domain = if system.is_time_domain() { "time (ms)" } else { "freq. (Hz)" };
    say!(
        "  {:width$} {domain:>10} {:>13} {:>10} {:>10} {:>8} {:>8} {:>8}",
        "channel",
        "median |datum|",
        "additive",
        "given",
        "relative",
        "values",
        "below"
    );
    for (channel, of) in estimate.channels.iter().zip(system.channels()) {
        let at = match of.domain {
            Domain::Time(gate) => format!("{:.4}", 1e3 * gate.center_s()),
            Domain::Frequency { hz, .. } => format!("{hz}"),
        };
        let additive = match channel.additive {
            Some(noise) if channel.is_correlated => format!("? {:.2e}", noise.value()),
            Some(AdditiveNoise::Known(value)) => format!("{value:.2e}"),
            Some(AdditiveNoise::AtMost(value)) => format!("< {value:.2e}"),
            None => "-".to_owned(),
        };
        let dash = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
        let percent = |share: f64| share.is_finite().then(|| format!("{:.1} %", 100.0 * share));
        let median = channel.median.is_finite().then(|| format!("{:.3e}", channel.median));
        say!(
            "  {:width$} {at:>10} {:>14} {additive:>10} {:>10} {:>8} {:>8} {:>8}",
            channel.name,
            dash(median),
            dash(channel.given.map(|given| format!("{given:.2e}"))),
            dash(channel.relative.and_then(percent)),
            channel.count,
            dash(percent(channel.below)),
        );
    }
    say!(
        "  below: data smaller than the additive noise; given: the noise of the configuration, in the middle of its bounds"
    );
}

fn tell_remarks(estimate: &NoiseEstimate, system: &System, source: &NoiseSource) {
    let channels = &estimate.channels;
    let count = |is: fn(&ChannelNoise) -> bool| channels.iter().filter(|channel| is(channel)).count();
    for (name, relative) in system.error_group_names().iter().zip(&estimate.relative) {
        if let Some(relative) = relative {
            say!("relative part of the scatter, {name}: {:.2} %", 100.0 * relative);
        }
    }
    let hidden = count(|channel| matches!(channel.additive, Some(AdditiveNoise::AtMost(_))) && !channel.is_correlated);
    if hidden > 0 {
        say!(
            "note: the additive noise of {} (<) is hidden by scatter that grows with the datum, or cannot be separated from \
             it; the value is an upper limit",
            plural(hidden, "channel")
        );
    }
    let shifted = count(|channel| channel.additive.is_some_and(|noise| channel.at_height > noise.value()));
    if shifted > 0 {
        say!(
            "warning: the medians of {} at great height are larger than the noise: the response of the ground is not \
             negligible there, or zero is shifted. Its changes add to the noise",
            plural(shifted, "channel")
        );
    }
    let correlated = count(|channel| channel.is_correlated);
    if correlated > 0 {
        say!(
            "warning: scatter of {} (?) is correlated along the lines, unlike white noise, or has too few values to tell. Data that \
             were averaged or filtered along the line have more noise than this estimate. Over ground that varies from sounding \
             to sounding, data have less. Use --high, --above or --repeat if the survey has such soundings",
            plural(correlated, "channel")
        );
    }
    if *source == NoiseSource::Scatter {
        say!(
            "note: the scatter includes what changes in the ground within three soundings; it adds to the relative part"
        );
    }
}

#[cfg(feature = "plot")]
fn draw(estimate: &NoiseEstimate, system: &System, args: &NoiseArgs, path: &std::path::Path) -> Result<()> {
    use crate::plot::{FigureOptions, NoiseCurves, NoiseFigure, plot_noise};
    let at = |channel: &crate::system::Channel| match channel.domain {
        Domain::Time(gate) => gate.center_s(),
        Domain::Frequency { hz, .. } => hz,
    };
    let channels = system.channels();
    let is_quadrature = |i: usize| matches!(channels[i].domain, Domain::Frequency { quadrature: true, .. });
    let group_count = system.error_group_names().len();
    let mut groups: Vec<NoiseCurves> = Vec::new();
    for (group, name) in system.error_group_labels().iter().enumerate().take(group_count) {
        for quadrature in [false, true] {
            let all = 0..channels.len();
            let mut members: Vec<usize> =
                all.filter(|&i| estimate.channels[i].group == group && is_quadrature(i) == quadrature).collect();
            members.sort_by(|&i, &j| at(&channels[i]).total_cmp(&at(&channels[j])));
            if members.is_empty() {
                continue;
            }
            let label = match (system.is_time_domain(), quadrature) {
                (true, _) => name.clone(),
                (false, true) => "quadrature".to_owned(),
                (false, false) => "in-phase".to_owned(),
            };
            let of =
                |value: &dyn Fn(&ChannelNoise) -> f64| members.iter().map(|&i| value(&estimate.channels[i])).collect();
            groups.push(NoiseCurves {
                label,
                at: members.iter().map(|&i| at(&channels[i])).collect(),
                median: of(&|channel| channel.median),
                noise: of(&|channel| channel.additive.map_or(f64::NAN, AdditiveNoise::value)),
                is_uncertain: members
                    .iter()
                    .map(|&i| {
                        let channel = &estimate.channels[i];
                        channel.is_correlated || matches!(channel.additive, Some(AdditiveNoise::AtMost(_)))
                    })
                    .collect(),
                given: of(&|channel| channel.given.unwrap_or(f64::NAN)),
            });
        }
    }
    let figure = NoiseFigure {
        title: "Noise from the data".to_owned(),
        details: args.config.display().to_string(),
        axis: if system.is_time_domain() { "time (s)" } else { "frequency (Hz)" }.to_owned(),
        unit: system.data_unit(),
        groups,
    };
    plot_noise(&figure, &FigureOptions::default(), path)
}
