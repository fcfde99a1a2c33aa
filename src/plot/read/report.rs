//! The data of a report, from the results of a survey.

use std::path::Path;

use super::convergence::convergence_data;
use super::details::details;
use super::map::map_data;
use super::section::{section_data, values_by_depth};
use super::shown::{Limits, UncertaintyShown, fading_variable, prior_width};
use super::sounding::sounding_data;
use crate::error::{Error, Result};
use crate::plot::draw::plot_sounding;
use crate::plot::legend::Uncertainty;
use crate::plot::map::plot_map;
use crate::plot::options::FigureOptions;
use crate::plot::report::{ReportData, ReportLine, ReportPicture, ReportPrior};
use crate::plot::sounding::SoundingOptions;
use crate::quantities::{Quantity, Slice, SurveySelection};
use crate::schema::{Field, Status, fields};

/// Width of pictures on a screen in pixels.
const SCREEN_PX: u32 = 1000;

/// Quantities in the pictures, for the glossary.
const WORDS: [(&Field, &str); 8] = [
    (&fields::CONDUCTIVITY_P50, "median"),
    (&fields::CREDIBLE_WIDTH, "5–95 % width"),
    (&fields::INFORMATION_GAIN, "information gained"),
    (&fields::DEPTH_OF_INVESTIGATION_P50, "depth of investigation"),
    (&fields::LAYER_COUNT_P50, "number of layers"),
    (&fields::MISFIT_P50, "χ² per datum"),
    (&fields::RHAT_LAYER_COUNT, "R-hat"),
    (&fields::ESS_LAYER_COUNT, "effective samples"),
];

/// All lines of `survey`, maps at `slices`, and pictures of the `worst` worst-fitting soundings and of `pictures` others. Pictures are
/// made in `folder`; `news` hears of each of the others, and of how many.
///
/// # Errors
/// A file cannot be read or written.
pub fn report_data(
    survey: &SurveySelection,
    slices: &[Slice],
    (worst, pictures): (usize, usize),
    options: &FigureOptions,
    folder: &Path,
    news: &mut dyn FnMut(usize, usize),
) -> Result<ReportData> {
    let (median, low, high) = (
        Quantity::read(survey, fields::CONDUCTIVITY_P50.name)?,
        Quantity::read(survey, fields::CONDUCTIVITY_P05.name)?,
        Quantity::read(survey, fields::CONDUCTIVITY_P95.name)?,
    );
    let mut lines = Vec::new();
    for number in survey.line_numbers() {
        lines.push(ReportLine {
            section: section_data(survey, number, &median, fading_variable(&median, UncertaintyShown::Fade))?,
            log10_conductivity_p05: values_by_depth(survey, number, &low)?,
            log10_conductivity_p95: values_by_depth(survey, number, &high)?,
            statuses: survey.results().line(number)?.statuses().iter().map(|status| status.words()).collect(),
        });
    }
    let convergence = convergence_data(survey.results())?;
    let count = |status: Status| survey.statuses().iter().filter(|&&other| other == status).count();
    let statuses = Status::IN_WORDS.map(|status| (status.words(), count(status)));
    Ok(ReportData {
        title: format!("Airborne electromagnetic survey, {}", survey.lines_in_words()),
        subtitle: details(survey.results()),
        facts: facts(survey)?,
        statuses: statuses.into_iter().filter(|(_, count)| *count > 0).collect(),
        lines,
        rhat: convergence.rhat,
        effective_samples: convergence.effective_samples,
        cpu_seconds: convergence.cpu_seconds,
        targets: convergence.targets,
        prior_width: prior_width(survey)?,
        maps: maps(survey, slices, options, folder)?,
        worst: worst_soundings(survey, worst, options, folder)?,
        prior: prior(survey)?,
        pictures: spread_pictures(survey, pictures, options, folder, news)?,
        glossary: glossary(),
        configuration: survey.results().configuration()?,
    })
}

fn facts(survey: &SurveySelection) -> Result<Vec<(String, String)>> {
    let mut facts: Vec<(String, String)> =
        survey.provenance()?.into_iter().map(|(name, text)| (name.replace('_', " "), text)).collect();
    facts.push(("coordinates".to_owned(), survey.crs().unwrap_or_else(|| "not named".to_owned())));
    Ok(facts)
}

/// Returns the maps, each as a picture of its own, so that a page can break between them.
fn maps(
    survey: &SurveySelection,
    slices: &[Slice],
    options: &FigureOptions,
    folder: &Path,
) -> Result<Vec<(Vec<u8>, String)>> {
    let path = folder.join("map.png");
    let mut maps = Vec::new();
    for (field, caption) in [
        (&fields::CONDUCTIVITY_P50, "Median conductivity at several depths, fading where it is uncertain."),
        (&fields::DEPTH_OF_INVESTIGATION_P50, "Depth of investigation."),
        (&fields::MISFIT_P50, "Median χ² per datum; about 1 where models fit as well as the errors say."),
    ] {
        // Results of older versions lack some quantities.
        if !survey.has(field) {
            continue;
        }
        let quantity = Quantity::read(survey, field.name)?;
        plot_map(
            &map_data(survey, &quantity, slices, (Limits::Drawn, UncertaintyShown::Fade))?,
            Uncertainty::Fade,
            options,
            &path,
        )?;
        maps.push((std::fs::read(&path).map_err(Error::io(&path))?, caption.to_owned()));
    }
    Ok(maps)
}

/// Returns the soundings with the largest misfits.
fn worst_soundings(
    survey: &SurveySelection,
    count: usize,
    options: &FigureOptions,
    folder: &Path,
) -> Result<Vec<(Vec<u8>, String)>> {
    let misfits = survey.results().all_numbers(&fields::MISFIT_P50)?;
    let mut order: Vec<usize> = (0..survey.len()).filter(|&i| misfits[i].is_finite()).collect();
    order.sort_by(|&a, &b| misfits[b].total_cmp(&misfits[a]));
    let path = folder.join("sounding.png");
    let mut pictures = Vec::new();
    for &i in order.iter().take(count) {
        let (number, fiducial) = survey.name_of(i);
        let sounding = survey.results().line(number)?.find(fiducial)?;
        let Some(data) = sounding_data(&sounding)? else { continue };
        plot_sounding(&data, &SoundingOptions::default(), options, &path)?;
        let caption = format!("Line {}, fiducial {fiducial}: χ² per datum {:.2}.", data.line_label, misfits[i]);
        pictures.push((std::fs::read(&path).map_err(Error::io(&path))?, caption));
    }
    Ok(pictures)
}

/// Returns pictures of soundings with a result, spaced over the survey as evenly as possible; they are smaller than in
/// print.
fn spread_pictures(
    survey: &SurveySelection,
    count: usize,
    options: &FigureOptions,
    folder: &Path,
    news: &mut dyn FnMut(usize, usize),
) -> Result<Vec<ReportPicture>> {
    let known: Vec<usize> = (0..survey.len()).filter(|&i| survey.statuses()[i].has_posterior()).collect();
    let count = count.min(known.len());
    let options = FigureOptions { style: options.style.scaled(SCREEN_PX), title: None };
    let path = folder.join("picture.png");
    let lines = survey.lines();
    let mut pictures = Vec::new();
    for place in 0..count {
        news(place, count);
        let sounding = known[(2 * place + 1) * known.len() / (2 * count)];
        let Some(number) = lines.iter().position(|line| line.contains(&sounding)) else { continue };
        let row = sounding - lines[number].start;
        let (line_number, fiducial) = survey.name_of(sounding);
        let Some(data) = sounding_data(&survey.results().line(line_number)?.find(fiducial)?)? else { continue };
        plot_sounding(&data, &SoundingOptions::default(), &options, &path)?;
        pictures.push(ReportPicture {
            line: number,
            sounding: row,
            png: std::fs::read(&path).map_err(Error::io(&path))?,
        });
    }
    Ok(pictures)
}

fn prior(survey: &SurveySelection) -> Result<ReportPrior> {
    let results = survey.results();
    let interfaces = results.constant(&fields::PRIOR_INTERFACE_COUNT)?;
    let known = results.statuses().iter().position(|status| status.has_posterior());
    Ok(ReportPrior {
        layer_count: results.constant(&fields::PRIOR_LAYER_COUNT)?,
        interfaces_per_m: interfaces
            .iter()
            .zip(results.depth_bounds_m().windows(2))
            .map(|(n, b)| n / (b[1] - b[0]))
            .collect(),
        log10_conductivity_bounds: results.bounds(&fields::LOG10_CONDUCTIVITY_BOUNDS)?,
        log10_conductivity: match known {
            Some(sounding) => results.numbers(&fields::PRIOR_LOG10_CONDUCTIVITY_PROBABILITY, sounding..sounding + 1)?,
            None => Vec::new(),
        },
    })
}

fn glossary() -> Vec<(String, String)> {
    WORDS.map(|(field, word)| (word.to_owned(), field.full_meaning())).into()
}
