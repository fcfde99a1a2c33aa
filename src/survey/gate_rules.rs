//! Data of gates and frequencies that a user leaves out.

use super::interval::Interval;
use super::leave_out::{GateRange, LeftOut};
use super::sounding::Sounding;
use crate::error::{Error, Result};
use crate::system::{Channel, Domain, System};

/// The channels of one [`GateRange`], on an interval of lines or on all lines.
#[derive(Debug)]
pub(super) struct GateRule {
    channels: Vec<usize>,
    lines: Option<Interval>,
}

impl GateRule {
    /// Returns the rules with their words. A range with several intervals of lines gives a rule for each, so that a line
    /// that the survey does not have is noticed.
    ///
    /// # Errors
    /// [`Error::Many`] with every range that the instrument does not have.
    pub(super) fn of(ranges: &[GateRange], system: &System) -> Result<Vec<(Self, LeftOut)>> {
        let mut rules = Vec::new();
        let mut errors = Vec::new();
        for range in ranges {
            match channels_of(range, system) {
                Ok(channels) => {
                    let lines: Vec<Option<Interval>> = match range.lines.as_slice() {
                        [] => vec![None],
                        lines => lines.iter().copied().map(Some).collect(),
                    };
                    rules.extend(lines.into_iter().map(|lines| {
                        let on = lines.map_or_else(String::new, |lines| format!(" on line {lines}"));
                        let words = format!("leave_out.gates {}{on}", words(range, system));
                        let left_out = LeftOut::new(words, Some("the soundings there have no such data"));
                        (Self { channels: channels.clone(), lines }, left_out)
                    }));
                }
                Err((key, got, expected)) => {
                    let which = words(range, system);
                    let message = format!("leave_out.gates {which}: got {key} = {got}, expected {expected}");
                    errors.push(Error::setting("leave_out.gates", message));
                }
            }
        }
        if errors.is_empty() { Ok(rules) } else { Err(Error::Many(errors)) }
    }

    /// Returns the number of data of `sounding` that the rule names.
    pub(super) fn count(&self, sounding: &Sounding) -> usize {
        self.channels_on(sounding).filter(|&&channel| !sounding.observed[channel].is_nan()).count()
    }

    /// Makes the data of the rule missing.
    pub(super) fn remove(&self, sounding: &mut Sounding) {
        let Sounding { line_number, observed, std, .. } = sounding;
        if self.has_line(*line_number) {
            for &channel in &self.channels {
                observed[channel] = f64::NAN;
                if let Some(std) = std {
                    std[channel] = f64::NAN;
                }
            }
        }
    }

    fn has_line(&self, line_number: f64) -> bool {
        self.lines.is_none_or(|lines| lines.contains(line_number))
    }

    fn channels_on(&self, sounding: &Sounding) -> impl Iterator<Item = &usize> {
        let is_here = self.has_line(sounding.line_number);
        self.channels.iter().filter(move |_| is_here)
    }
}

/// What a key of a range has, and what it must have.
type Wrong = (&'static str, String, String);

/// Returns the channels of a range.
fn channels_of(range: &GateRange, system: &System) -> std::result::Result<Vec<usize>, Wrong> {
    let moments = named_moments(range, system)?;
    let channels: Vec<(usize, Channel)> = system.channels().into_iter().enumerate().collect();
    let mut parts: Vec<(usize, String)> = Vec::new();
    for (_, channel) in channels.iter().filter(|(_, channel)| moments.contains(&channel.moment)) {
        let part = (channel.moment, part(channel));
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    if let Some(wanted) = &range.component {
        let mut known: Vec<String> = parts.iter().map(|(_, part)| format!("{part:?}")).collect();
        known.sort();
        known.dedup();
        parts.retain(|(_, part)| part == wanted);
        if system.is_amplitude() {
            let expected = "no component: survey.vector_amplitude makes one datum of the components of a gate";
            return Err(("component", format!("{wanted:?}"), expected.to_owned()));
        }
        if parts.is_empty() {
            return Err(("component", format!("{wanted:?}"), known.join(" or ")));
        }
    }
    let mut chosen = Vec::new();
    for of_part in &parts {
        let all: Vec<usize> = channels
            .iter()
            .filter(|(_, channel)| (channel.moment, part(channel)) == *of_part)
            .map(|(index, _)| *index)
            .collect();
        let count = all.len();
        let (from, to) = (range.from.unwrap_or(1), range.to.unwrap_or(count));
        for (key, number) in [("from", from), ("to", to)] {
            if !(1..=count).contains(&number) {
                return Err((key, number.to_string(), limits(of_part.0, count, range, system)));
            }
        }
        chosen.extend(all.get(from - 1..to).unwrap_or_default());
    }
    Ok(chosen)
}

/// Returns the indices of the time-domain systems that a range names, or of all systems.
fn named_moments(range: &GateRange, system: &System) -> std::result::Result<Vec<usize>, Wrong> {
    let moments = system.moments();
    let Some(wanted) = &range.system else { return Ok((0..moments.len().max(1)).collect()) };
    let got = format!("{wanted:?}");
    if moments.is_empty() {
        return Err(("system", got, "no system: frequency-domain data have one".to_owned()));
    }
    let named: Vec<usize> =
        (0..moments.len()).filter(|&moment| moments[moment].name.eq_ignore_ascii_case(wanted)).collect();
    match named.len() {
        1 => Ok(named),
        0 => {
            let names: Vec<String> = moments.iter().map(|moment| format!("{:?}", moment.name)).collect();
            Err(("system", got, names.join(" or ")))
        }
        count => Err(("system", got, format!("a name of one system: {count} instrument files have the name"))),
    }
}

/// Says which numbers a range may have.
fn limits(moment: usize, count: usize, range: &GateRange, system: &System) -> String {
    match system.moments() {
        [] => format!("a frequency by number, from 1 to {count}"),
        moments => {
            let help = if moments.len() > 1 && range.system.is_none() { "; `system` names one system" } else { "" };
            format!("a gate of {} by number, from 1 to {count}{help}", moments[moment].name)
        }
    }
}

/// Returns the name of a channel's component or part.
fn part(channel: &Channel) -> String {
    match channel.domain {
        Domain::Time(_) => channel.component.map_or_else(String::new, |axis| axis.to_string()),
        Domain::Frequency { quadrature, .. } => if quadrature { "quadrature" } else { "in_phase" }.to_owned(),
    }
}

/// Returns a range in words.
fn words(range: &GateRange, system: &System) -> String {
    let what = if system.is_time_domain() { "gates" } else { "frequencies" };
    let number =
        |number: Option<usize>, otherwise: &str| number.map_or_else(|| otherwise.to_owned(), |n| n.to_string());
    let numbers = format!("{what} {} to {}", number(range.from, "1"), number(range.to, "the last"));
    let names = range.system.iter().chain(&range.component).map(|name| format!("{name} "));
    names.chain([numbers]).collect()
}
