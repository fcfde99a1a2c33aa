//! What a report shows, from the results of a survey.

use std::path::{Path, PathBuf};

use super::plot_data::{section_data, sounding_data};
use super::plot_line::Line;
use super::plot_map::{details, map_data};
use crate::error::{Error, Result};
use crate::export::{Quantity, Slice, Survey};
use crate::plot::{FigureOptions, ReportData, plot_map, plot_sounding};
use crate::schema::{Status, field};

/// Quantities that pictures show, for the glossary.
const WORDS: [(&str, &str); 7] = [
    ("conductivity_p50", "median"),
    ("credible_width", "5–95 % width"),
    ("information_gain", "information gained"),
    ("depth_of_investigation", "depth of investigation"),
    ("layer_count_p50", "number of layers"),
    ("misfit_p50", "χ² per datum"),
    ("rhat_layer_count", "R-hat"),
];

/// All lines of `survey`, maps at `slices`, and pictures of the `worst` worst-fitting soundings. Pictures are made in `folder`.
pub(super) fn report_data(
    survey: &Survey,
    slices: &[Slice],
    worst: usize,
    options: &FigureOptions,
    folder: &Path,
) -> Result<ReportData> {
    let mut lines = Vec::new();
    let (mut rhat, mut effective_samples, mut cpu_seconds) = (Vec::new(), Vec::new(), Vec::new());
    for number in survey.line_numbers() {
        let line = Line::find(survey.path(), number)?;
        let words = line.statuses()?.iter().map(|status| status.name().replace('_', " ")).collect();
        rhat.extend(extreme(&line, ["rhat_layer_count", "rhat_misfit", "rhat_log10_conductivity"], f64::max)?);
        effective_samples.extend(extreme(
            &line,
            ["ess_layer_count", "ess_misfit", "ess_log10_conductivity"],
            f64::min,
        )?);
        cpu_seconds.extend(
            line.values("cpu_seconds")?.into_iter().map(|seconds| if seconds > 0.0 { seconds } else { f64::NAN }),
        );
        lines.push((section_data(&line)?, words));
    }
    let count = |status: Status| survey.statuses().iter().filter(|&&other| other == status).count();
    let statuses = Status::ALL.map(|status| (status.name().replace('_', " "), count(status)));
    let configuration = survey.text("configuration")?;
    Ok(ReportData {
        title: format!("Airborne electromagnetic survey, {}", survey.lines_in_words()),
        subtitle: details(survey),
        facts: facts(survey)?,
        statuses: statuses.into_iter().filter(|(_, count)| *count > 0).collect(),
        lines,
        rhat,
        effective_samples,
        cpu_seconds,
        targets: targets(&configuration),
        maps: maps(survey, slices, options, folder)?,
        worst: worst_soundings(survey, worst, options, folder)?,
        glossary: glossary(),
        configuration,
    })
}

/// The largest, or smallest, of some variables for each sounding.
fn extreme(line: &Line, names: [&str; 3], choose: fn(f64, f64) -> f64) -> Result<Vec<f64>> {
    let count = line.statuses()?.len();
    let mut extremes = vec![f64::NAN; count];
    for name in names {
        let values = line.values(name)?;
        let width = values.len() / count;
        for (extreme, of_sounding) in extremes.iter_mut().zip(values.chunks_exact(width.max(1))) {
            *extreme = of_sounding.iter().copied().fold(*extreme, choose);
        }
    }
    Ok(extremes)
}

fn facts(survey: &Survey) -> Result<Vec<(String, String)>> {
    let mut facts: Vec<(String, String)> =
        survey.provenance()?.into_iter().map(|(name, text)| (name.replace('_', " "), text)).collect();
    facts.push(("coordinates".to_owned(), survey.crs().unwrap_or_else(|| "not named".to_owned())));
    Ok(facts)
}

/// R-hat and effective sample size that were asked for.
fn targets(configuration: &str) -> (f64, f64) {
    let configuration: toml::Table = configuration.parse().unwrap_or_default();
    let sampler = configuration.get("sampler");
    let target = |name: &str| {
        let value = sampler.and_then(|sampler| sampler.get(name));
        value.and_then(|value| value.as_float().or_else(|| value.as_integer().map(|whole| whole as f64)))
    };
    (target("rhat_target").unwrap_or(f64::NAN), target("ess_target").unwrap_or(f64::NAN))
}

/// Each a picture, so that a page breaks between them.
fn maps(survey: &Survey, slices: &[Slice], options: &FigureOptions, folder: &Path) -> Result<Vec<(Vec<u8>, String)>> {
    let path = folder.join("map.png");
    let mut maps = Vec::new();
    for (name, caption) in [
        ("conductivity_p50", "Median conductivity at several depths, fading where it is uncertain."),
        ("depth_of_investigation", "Depth of investigation."),
        ("misfit_p50", "Median χ² per datum; about 1 where models fit as well as the errors say."),
    ] {
        let quantity = Quantity::read(survey, name)?;
        plot_map(&map_data(survey, &quantity, slices)?, None, options, &path)?;
        maps.push((std::fs::read(&path).map_err(Error::io(&path))?, caption.to_owned()));
    }
    Ok(maps)
}

/// The largest misfits first.
fn worst_soundings(
    survey: &Survey,
    count: usize,
    options: &FigureOptions,
    folder: &Path,
) -> Result<Vec<(Vec<u8>, String)>> {
    let misfits = Quantity::read(survey, "misfit_p50")?.values;
    let mut order: Vec<usize> = (0..survey.len()).filter(|&i| misfits[i].is_finite()).collect();
    order.sort_by(|&a, &b| misfits[b].total_cmp(&misfits[a]));
    let path = folder.join("sounding.png");
    let mut pictures = Vec::new();
    for &i in order.iter().take(count) {
        let (number, fiducial) = survey.name_of(i);
        let line = Line::find(survey.path(), number)?;
        let Some(data) = sounding_data(&line, line.sounding(fiducial)?)? else { continue };
        plot_sounding(&data, options, &path)?;
        let caption = format!("Line {}, fiducial {fiducial}: χ² per datum {:.2}.", data.line_label, misfits[i]);
        pictures.push((std::fs::read(&path).map_err(Error::io(&path))?, caption));
    }
    Ok(pictures)
}

fn glossary() -> Vec<(String, String)> {
    let word = |(name, word): (&str, &str)| Some((word.to_owned(), field(name)?.full_meaning()));
    WORDS.into_iter().filter_map(word).collect()
}

/// A folder that is removed, with all that is in it.
pub(super) struct Scratch(PathBuf);

impl Scratch {
    /// A new one beside a file that is to be written.
    pub(super) fn beside(output: &Path) -> Result<Self> {
        let mut name = std::ffi::OsString::from(".");
        name.push(output.file_name().unwrap_or_default());
        name.push(format!(".{}.scratch", std::process::id()));
        let folder = output.with_file_name(name);
        std::fs::create_dir(&folder).map_err(Error::io(output))?;
        Ok(Self(folder))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
