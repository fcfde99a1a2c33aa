//! What maps show, from the results of a survey.

use super::plural::plural;
use crate::error::Result;
use crate::export::{Quantity, Slice, Survey};
use crate::plot::{MapData, MapPanel};
use crate::products::values_percentile;
use crate::schema::Status;

/// `quantity` at each of `slices`; one map where it is not by depth.
pub(super) fn map_data(survey: &Survey, quantity: &Quantity, slices: &[Slice]) -> Result<MapData> {
    survey.check_slices(slices)?;
    let at = |quantity: &Quantity, slice: &Slice| -> Vec<f64> {
        let scaled = |value: f64| if quantity.is_logarithmic { value.log10() } else { value };
        (0..survey.len()).map(|sounding| scaled(quantity.at(survey, slice, sounding))).collect()
    };
    let (mut panels, mut full_width) = (Vec::new(), None);
    if quantity.is_by_depth() {
        let fades = quantity.is_logarithmic;
        let width = Quantity::read(survey, "credible_width")?;
        for slice in slices {
            let widths = if fades { at(&width, slice) } else { Vec::new() };
            panels.push(MapPanel { label: name(slice), values: at(quantity, slice), widths });
        }
        full_width = if fades { prior_width(survey)? } else { None };
    } else {
        panels.push(MapPanel { values: quantity.values.clone(), ..MapPanel::default() });
    }
    let unit = match quantity.unit.as_str() {
        "1" => String::new(),
        "ohm m" => " (Ω m)".to_owned(),
        unit => format!(" ({unit})"),
    };
    let (easting_m, northing_m) = survey.places().into_iter().unzip();
    Ok(MapData {
        title: capitalised(&quantity.long_name),
        details: details(survey),
        label: format!("{}{unit}", quantity.long_name),
        logarithmic: quantity.is_logarithmic,
        easting_m,
        northing_m,
        panels,
        full_width,
    })
}

/// How many soundings there are, and how many of them are not as they should be.
pub(super) fn details(survey: &Survey) -> String {
    let mut details = format!("{} of {}", plural(survey.len(), "sounding"), survey.lines_in_words());
    let odd = [(Status::NotConverged, "not converged"), (Status::Failed, "failed"), (Status::NotRun, "not run")];
    for (status, words) in odd {
        let count = survey.statuses().iter().filter(|&&other| other == status).count();
        if count > 0 {
            details += &format!(", {count} {words}");
        }
    }
    details
}

/// Width of the prior's 90 % interval in decades: where the posterior is as wide, nothing is known.
fn prior_width(survey: &Survey) -> Result<Option<f64>> {
    let prior = |p: &str| Quantity::read(survey, &format!("prior_log10_conductivity_{p}")).map(|prior| prior.values);
    let widths = prior("p95")?.into_iter().zip(prior("p05")?).map(|(high, low)| high - low);
    let widths: Vec<f64> = widths.filter(|width| width.is_finite()).collect();
    Ok(Some(values_percentile(&widths, 0.5)).filter(|width| *width > 0.0))
}

fn name(slice: &Slice) -> String {
    match slice {
        Slice::Depth(depth) => format!("{depth} m deep"),
        Slice::Interval(top, bottom) => format!("{top}–{bottom} m deep"),
        Slice::Elevation(elevation) => format!("{elevation} m elevation"),
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + letters.as_str())
}
