//! The quantity that colours show, its limits and its fading.

use std::str::FromStr;

use crate::error::{Error, Result};
use crate::plot::legend::{ColourScale, Fading, Legend, Uncertainty};
use crate::plot::unit::with_unit;
use crate::products::values_percentile;
use crate::quantities::{Quantity, SurveySelection};
use crate::schema::{Field, Status, fields};

/// The way in which the ends of a colour scale are chosen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Limits {
    /// Limits that suit the values drawn.
    Drawn,
    /// Limits that suit the whole survey, so that its figures can be compared.
    Survey,
    /// Limits in the unit of the quantity.
    Given(f64, f64),
}

impl FromStr for Limits {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        match text {
            "auto-line" => return Ok(Limits::Drawn),
            "auto-survey" => return Ok(Limits::Survey),
            _ => {}
        }
        let wrong = || format!("got '{text}', expected LOW:HIGH, auto-line or auto-survey");
        let (low, high) = text.split_once(':').ok_or_else(wrong)?;
        let number = |part: &str| part.trim().parse::<f64>().ok().filter(|number| number.is_finite());
        let (low, high) = (number(low).ok_or_else(wrong)?, number(high).ok_or_else(wrong)?);
        if low < high {
            Ok(Limits::Given(low, high))
        } else {
            Err(format!("got {low} to {high}, expected LOW below HIGH"))
        }
    }
}

/// How uncertain values look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum UncertaintyShown {
    /// Colours fade as the 90 % interval widens, and are gone where it is as wide as the prior's
    Fade,
    /// Hatched where the 90 % interval is wider than half of the prior's
    Hatch,
    /// Colours fade as the Monte Carlo error of the percentile grows, which another seed would change, and are gone
    /// where its probability is off by 0.2
    MonteCarlo,
    /// Not drawn
    None,
}

impl UncertaintyShown {
    /// What figures make of it.
    pub fn uncertainty(self) -> Uncertainty {
        match self {
            UncertaintyShown::Fade | UncertaintyShown::MonteCarlo => Uncertainty::Fade,
            UncertaintyShown::Hatch => Uncertainty::Hatch,
            UncertaintyShown::None => Uncertainty::Hidden,
        }
    }
}

const CLASSES: &Field = &fields::MOST_PROBABLE_CLASS;

/// Returns whether a few values may be many times the others.
fn is_spread(quantity: &Quantity) -> bool {
    quantity.name.starts_with("misfit_") || quantity.name == fields::CPU_SECONDS.name
}

/// Returns the variable for the uncertainty of a quantity; only conductivities and resistivities by depth have one.
pub fn fading_variable(quantity: &Quantity, uncertainty: UncertaintyShown) -> Option<&'static Field> {
    if !(quantity.is_logarithmic && quantity.is_by_depth()) {
        return None;
    }
    if uncertainty != UncertaintyShown::MonteCarlo {
        return Some(&fields::CREDIBLE_WIDTH);
    }
    let is_low = [&fields::CONDUCTIVITY_P05, &fields::CONDUCTIVITY_P10].contains(&quantity.field);
    let is_high = [&fields::CONDUCTIVITY_P90, &fields::CONDUCTIVITY_P95].contains(&quantity.field);
    Some(match (is_low, is_high) {
        (true, _) => &fields::MONTE_CARLO_ERROR_P05,
        (_, true) => &fields::MONTE_CARLO_ERROR_P95,
        _ => &fields::MONTE_CARLO_ERROR_P50,
    })
}

/// Monte Carlo error at which colours have faded to nothing.
const FULL_MONTE_CARLO_ERROR: f64 = 0.2;

/// Returns the uncertainty by which a quantity fades, and its value at which colours have faded to nothing.
fn fading(
    survey: &SurveySelection,
    quantity: &Quantity,
    uncertainty: UncertaintyShown,
) -> Result<(Fading, Option<f64>)> {
    match fading_variable(quantity, uncertainty) {
        None => Ok((Fading::CredibleWidth, None)),
        Some(field) if *field == fields::CREDIBLE_WIDTH => Ok((Fading::CredibleWidth, prior_width(survey)?)),
        Some(field) if !survey.has(field) => {
            let message = "has no Monte Carlo errors, which came with schema 2.5: invert again";
            Err(Error::results(survey.name(), message))
        }
        Some(_) => Ok((Fading::MonteCarloError, Some(FULL_MONTE_CARLO_ERROR))),
    }
}

/// Returns a quantity with its colours for figures; `Limits::Survey` are the limits of its values.
///
/// # Errors
/// Results lack what it fades by, or limits are not above 0 where they must be.
pub fn shown(
    survey: &SurveySelection,
    quantity: &Quantity,
    limits: Limits,
    uncertainty: UncertaintyShown,
) -> Result<Legend> {
    let scale = match quantity.name.as_str() {
        name if name == CLASSES.name => ColourScale::Classes(survey.results().names(&fields::CLASS, "class_names")?),
        name if name == fields::STATUS.name => ColourScale::Classes(Status::ALL.map(Status::words).to_vec()),
        name if name.starts_with("resistivity_") => ColourScale::Resistivity,
        _ if quantity.is_logarithmic => ColourScale::Conductivity,
        _ if is_spread(quantity) => ColourScale::Log10,
        _ => ColourScale::Even,
    };
    let (fading, full_width) = fading(survey, quantity, uncertainty)?;
    let mut shown = Legend { label: label(quantity), fading, full_width, limits: None, scale };
    match limits {
        Limits::Drawn => {}
        Limits::Survey => shown.suit(&scaled(quantity)),
        Limits::Given(low, high) => {
            let (low, high) = (scaled_value(quantity, low), scaled_value(quantity, high));
            if !(low.is_finite() && high.is_finite()) {
                let message = format!("--limits: {} is logarithmic, expected numbers above 0", quantity.name);
                return Err(Error::setting("--limits", message));
            }
            shown.limits = Some((low.min(high), low.max(high)));
        }
    }
    Ok(shown)
}

/// Returns the label of the colour bar; a formula replaces words that are too long.
fn label(quantity: &Quantity) -> String {
    match quantity.name.strip_prefix("probability_above_") {
        Some(limit) => format!("P(σ > {limit} S/m)"),
        None if quantity.name == CLASSES.name => "class".to_owned(),
        None => with_unit(&quantity.long_name, &quantity.unit),
    }
}

/// Returns values on the scale of their colours.
pub(super) fn scaled(quantity: &Quantity) -> Vec<f64> {
    quantity.values.iter().map(|&value| scaled_value(quantity, value)).collect()
}

pub(super) fn scaled_value(quantity: &Quantity, value: f64) -> f64 {
    match quantity.name.as_str() {
        name if name.starts_with("resistivity_") => -value.log10(),
        _ if quantity.is_logarithmic || is_spread(quantity) => value.log10(),
        _ => value,
    }
}

/// Returns the width of the prior's 90 % interval in decades. Where the posterior is as wide, the data say nothing.
pub(super) fn prior_width(survey: &SurveySelection) -> Result<Option<f64>> {
    let results = survey.results();
    let high = results.all_numbers(&fields::PRIOR_LOG10_CONDUCTIVITY_P95)?;
    let low = results.all_numbers(&fields::PRIOR_LOG10_CONDUCTIVITY_P05)?;
    let widths = high.iter().zip(&low).map(|(high, low)| high - low);
    let widths: Vec<f64> = widths.filter(|width| width.is_finite()).collect();
    Ok(Some(values_percentile(&widths, 0.5)).filter(|width| *width > 0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_read() {
        assert_eq!("auto-line".parse(), Ok(Limits::Drawn));
        assert_eq!("auto-survey".parse(), Ok(Limits::Survey));
        assert_eq!("0.001:1".parse(), Ok(Limits::Given(0.001, 1.0)));
        assert_eq!("-3:3".parse(), Ok(Limits::Given(-3.0, 3.0)));
        for wrong in ["", "auto", "1", "1:x", "1:inf", "1:1", "2:1"] {
            assert!(wrong.parse::<Limits>().is_err(), "{wrong}");
        }
    }
}
