//! A report of a survey: one HTML file without references to other files.

use super::legend::{ColourScale, Legend};
use std::fmt::Write;
use std::fs;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use ndarray::Array2;
use serde_json::{Value, json};

use super::convergence::Outcome;
use super::data::SectionData;
use super::options::FigureOptions;
use super::output::replace;
use super::track::{Along, SectionTrack};
use crate::error::{Error, Result};

/// The page, with placeholders.
const TEMPLATE: &str = include_str!("../../styles/report.html");
/// Value that marks a missing conductivity.
const NONE: i16 = i16::MIN;

/// A line of a report.
#[derive(Debug, Clone, Default)]
pub struct ReportLine {
    /// The line's section; values are log10 of median conductivities.
    pub section: SectionData,
    /// 5th percentile of log10 conductivity, (sounding, depth).
    pub log10_conductivity_p05: Array2<f64>,
    /// 95th percentile of log10 conductivity, (sounding, depth).
    pub log10_conductivity_p95: Array2<f64>,
    /// Status of each sounding in words.
    pub statuses: Vec<String>,
}

/// The figure of a sounding.
#[derive(Debug, Clone, Default)]
pub struct ReportPicture {
    /// Index of its line.
    pub line: usize,
    /// Index of the sounding on its line.
    pub sounding: usize,
    /// The figure as PNG.
    pub png: Vec<u8>,
}

/// The prior.
#[derive(Debug, Clone, Default)]
pub struct ReportPrior {
    /// Probability of each number of layers, one layer first.
    pub layer_count: Vec<f64>,
    /// Mean number of interfaces per m in each depth cell.
    pub interfaces_per_m: Vec<f64>,
    /// Bounds of the cells of log10 conductivity (S/m).
    pub log10_conductivity_bounds: Vec<f64>,
    /// Probability of each of these cells for a sounding in the middle of the survey; empty where not known.
    pub log10_conductivity: Vec<f64>,
}

/// Contents of a report.
#[derive(Debug, Clone, Default)]
pub struct ReportData {
    /// Heading.
    pub title: String,
    /// Second line of the heading.
    pub subtitle: String,
    /// Facts about the run: names and texts.
    pub facts: Vec<(String, String)>,
    /// Numbers of soundings by status.
    pub statuses: Vec<(String, usize)>,
    /// The lines.
    pub lines: Vec<ReportLine>,
    /// Width of the prior's 5 to 95 % interval, decades. Where the posterior is as wide, the data have no information.
    pub prior_width: Option<f64>,
    /// Largest R-hat of each sounding, NaN where it was not computed.
    pub rhat: Vec<f64>,
    /// Least effective sample size of each sounding.
    pub effective_samples: Vec<f64>,
    /// Processor time of each sounding, s.
    pub cpu_seconds: Vec<f64>,
    /// Targets of a converged sounding: largest R-hat and least effective sample size.
    pub targets: (f64, f64),
    /// The prior.
    pub prior: ReportPrior,
    /// Figures of soundings, which open from the sections.
    pub pictures: Vec<ReportPicture>,
    /// Figures of maps (PNG) and their descriptions.
    pub maps: Vec<(Vec<u8>, String)>,
    /// Figures of the soundings with the worst fit (PNG) and their descriptions.
    pub worst: Vec<(Vec<u8>, String)>,
    /// Terms and their meanings.
    pub glossary: Vec<(String, String)>,
    /// The configuration.
    pub configuration: String,
}

/// Writes a report.
///
/// # Errors
/// There is no sounding with a result, or the file cannot be written.
pub fn write_report(data: &ReportData, options: &FigureOptions, path: &Path) -> Result<()> {
    if !path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("html")) {
        return Err(Error::figure(path, "expected a name that ends in .html"));
    }
    for line in &data.lines {
        line.section.check(path)?;
    }
    let mut legend = Legend { scale: ColourScale::Conductivity, ..Legend::default() };
    let medians = data.lines.iter().flat_map(|line| line.section.values.iter().copied());
    legend.suit(&medians.collect::<Vec<_>>());
    let Some(range) = legend.limits else { return Err(Error::figure(path, "no sounding has a result")) };
    // No text may end the script or begin another.
    let numbers = numbers(data, options, range).to_string().replace('<', "\\u003c");
    let parts = [
        ("{{title}}", escaped(options.title.as_deref().unwrap_or(&data.title))),
        ("{{subtitle}}", escaped(&data.subtitle)),
        ("{{facts}}", table(data.facts.iter().map(|(name, text)| (name.as_str(), text.clone())), "")),
        ("{{status}}", table(data.statuses.iter().map(|(name, count)| (name.as_str(), count.to_string())), "number")),
        ("{{pictures}}", pictures_in_words(data)),
        ("{{maps}}", pictures(&data.maps)),
        ("{{worst}}", pictures(&data.worst)),
        ("{{glossary}}", table(data.glossary.iter().map(|(name, text)| (name.as_str(), text.clone())), "")),
        ("{{configuration}}", escaped(&data.configuration)),
        ("{{data}}", numbers),
    ];
    fs::metadata(path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")))
        .map_err(Error::io(path))?;
    replace(path, filled(TEMPLATE, &parts).as_bytes())
}

/// Returns the template with its placeholders replaced; the replacements are not searched for placeholders.
fn filled(template: &str, parts: &[(&str, String)]) -> String {
    let mut page = String::new();
    let mut rest = template;
    while let Some(start) = rest.find("{{") {
        page.push_str(&rest[..start]);
        rest = &rest[start..];
        let part = parts.iter().find(|(name, _)| rest.starts_with(name));
        let (name, text) = part.map_or(("{{", "{{"), |(name, text)| (name, text));
        page.push_str(text);
        rest = &rest[name.len()..];
    }
    page + rest
}

fn numbers(data: &ReportData, options: &FigureOptions, (low, high): (f64, f64)) -> Value {
    let colours: Vec<u8> = (0..256).flat_map(|i| options.style.conductivity.at(f64::from(i) / 255.0).0).collect();
    let depth_bounds = data.lines.first().map_or(&[][..], |line| &line.section.depth_bounds_m);
    json!({
        "colours": BASE64.encode(colours),
        "log10_range": [low, high],
        "prior_width": data.prior_width.unwrap_or(4.0),
        "depth_bounds": depth_bounds,
        "rhat": singles(&data.rhat),
        "ess": singles(&data.effective_samples),
        "cpu": singles(&data.cpu_seconds),
        "rhat_target": data.targets.0,
        "ess_target": data.targets.1,
        "prior": {
            "layers": data.prior.layer_count,
            "interfaces_per_m": data.prior.interfaces_per_m,
            "log10_bounds": data.prior.log10_conductivity_bounds,
            "conductivity": data.prior.log10_conductivity,
        },
        "pictures": data.pictures.iter().map(picture_numbers).collect::<Vec<_>>(),
        "lines": data.lines.iter().map(line_numbers).collect::<Vec<_>>(),
    })
}

fn picture_numbers(picture: &ReportPicture) -> Value {
    json!({ "line": picture.line, "sounding": picture.sounding, "png": BASE64.encode(&picture.png) })
}

fn pictures_in_words(data: &ReportData) -> String {
    let soundings: usize = data.lines.iter().map(|line| line.section.inverted.len()).sum();
    format!("{} of {soundings} soundings have one.", data.pictures.len())
}

fn line_numbers(whole: &ReportLine) -> Value {
    let line = &whole.section;
    let along = Along::Distance.known([line.places()].into_iter());
    let unit_m = along.unit_m([line.places()].into_iter());
    let track = SectionTrack::new(line.places(), &line.inverted, along, unit_m);
    let (left, right): (Vec<f64>, Vec<f64>) = track.cells.iter().copied().unzip();
    let middles: Vec<f64> = track.cells.iter().map(|(left, right)| 0.5 * (left + right)).collect();
    let knows_ground = line.elevation_m.iter().all(|elevation| elevation.is_finite());
    let ground = if knows_ground { line.elevation_m.clone() } else { vec![0.0; line.elevation_m.len()] };
    let thousandths = |values: &Array2<f64>| {
        let whole = |value: &f64| if value.is_finite() { (value * 1e3).round() as i16 } else { NONE };
        BASE64.encode(bytemuck::cast_slice(&values.iter().map(whole).collect::<Vec<i16>>()))
    };
    let count = |outcome: Outcome| line.outcomes.iter().filter(|other| **other == outcome).count();
    let (converged, usable) = (count(Outcome::Converged), count(Outcome::Usable));
    json!({
        "label": escaped(&line.line_label),
        "title": escaped(&super::heading::line_name(&line.line_label)),
        "details": format!("{} soundings, {converged} converged, {usable} usable", line.inverted.len()),
        "axis": along.title(unit_m),
        "level": if knows_ground { "elevation (m)" } else { "level below ground (m)" },
        "fiducials": line.fiducial,
        "statuses": whole.statuses,
        "along": singles(&middles),
        "left": singles(&left),
        "right": singles(&right),
        "ground": singles(&ground),
        "height": singles(&line.height_m),
        "investigated": singles(&line.depth_of_investigation_m),
        "misfit": singles(&line.normalized_misfit),
        "layers": singles(&line.layer_count_p50),
        "p05": thousandths(&whole.log10_conductivity_p05),
        "p50": thousandths(&line.values),
        "p95": thousandths(&whole.log10_conductivity_p95),
    })
}

/// Returns numbers in single precision, in the form that browsers unpack.
fn singles(values: &[f64]) -> String {
    let singles: Vec<f32> = values.iter().map(|&value| value as f32).collect();
    BASE64.encode(bytemuck::cast_slice(&singles))
}

fn table<'a>(rows: impl Iterator<Item = (&'a str, String)>, class: &str) -> String {
    let mut html = "<table>".to_owned();
    for (name, text) in rows {
        let _ = write!(
            html,
            "<tr><th scope=\"row\">{}</th><td class=\"{class}\">{}</td></tr>",
            escaped(name),
            escaped(&text)
        );
    }
    html + "</table>"
}

fn pictures(pictures: &[(Vec<u8>, String)]) -> String {
    let mut html = String::new();
    for (png, caption) in pictures {
        let caption = escaped(caption);
        let _ = write!(
            html,
            "<figure><img alt=\"{caption}\" src=\"data:image/png;base64,{}\"><figcaption>{caption}</figcaption></figure>",
            BASE64.encode(png)
        );
    }
    if html.is_empty() { "<p>None.</p>".to_owned() } else { html }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_filled_in_is_left_as_it_is() {
        let parts = [("{{a}}", "{{b}}".to_owned()), ("{{b}}", "<x>".to_owned())];
        assert_eq!(filled("1 {{a}} 2 {{b}} 3 {{c}}", &parts), "1 {{b}} 2 <x> 3 {{c}}");
    }

    #[test]
    fn every_place_of_the_page_is_filled_and_hostile_texts_do_no_harm() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.html");
        let hostile = "</script><script>alert(1)</script>";
        let section = crate::plot::tests::example_section();
        let line = ReportLine {
            log10_conductivity_p05: &section.values - 0.2,
            log10_conductivity_p95: &section.values + 0.2,
            statuses: vec![hostile.to_owned(); section.inverted.len()],
            section,
        };
        let data = ReportData {
            title: hostile.to_owned(),
            configuration: hostile.to_owned(),
            lines: vec![line],
            worst: vec![(vec![1, 2, 3], hostile.to_owned())],
            ..ReportData::default()
        };
        write_report(&data, &FigureOptions::default(), &path).unwrap();
        let page = fs::read_to_string(&path).unwrap();
        assert!(!page.contains("{{") && !page.contains("<script>alert"), "{page}");
        assert!(!page.contains("http://") && !page.contains("https://"), "needs the network");
        assert!(write_report(&ReportData::default(), &FigureOptions::default(), &path).is_err());
    }
}
