//! Checks of the channels: gaps, signs, noise.

use super::super::inputs::noise_model;
use super::super::plan::Plan;
use super::super::prior::expected_std;
use super::file_signs;
use super::report::Report;
use crate::bayes::{NoiseModel, Prior};
use crate::survey::Sounding;

/// A datum smaller than this many standard deviations is noise.
const NOISE: f64 = 2.0;
/// Least share of soundings with exactly the same largest value, and their least number, for a channel to be regarded
/// as saturated. Rounded or interpolated data repeat a few times.
const SATURATED: (f64, usize) = (0.02, 10);

/// Statistics of one channel.
#[derive(Debug, Clone, Default)]
struct Channel {
    present: usize,
    negative: usize,
    noise: usize,
    /// Largest absolute value, and how often exactly this value occurs.
    largest: f64,
    at_largest: usize,
}

/// Statistics of all channels.
#[derive(Debug)]
pub(super) struct Counts<'a> {
    channels: Vec<Channel>,
    /// Sign of each channel in the survey file.
    signs: Vec<f64>,
    soundings: usize,
    empty: usize,
    noise: NoiseModel,
    prior: &'a Prior,
}

impl<'a> Counts<'a> {
    pub(super) fn new(plan: &'a Plan) -> Self {
        Self {
            channels: vec![Channel::default(); plan.system.channel_count()],
            signs: file_signs(plan),
            soundings: 0,
            empty: 0,
            noise: noise_model(&plan.config, &plan.system),
            prior: &plan.prior,
        }
    }

    pub(super) fn add(&mut self, sounding: &Sounding) {
        let std = expected_std(sounding, &self.noise, self.prior);
        self.soundings += 1;
        self.empty += usize::from(sounding.observed.iter().all(|datum| datum.is_nan()));
        let data = sounding.observed.iter().zip(&self.signs).map(|(datum, sign)| sign * datum);
        for ((channel, datum), std) in self.channels.iter_mut().zip(data).zip(std) {
            if datum.is_nan() {
                continue;
            }
            channel.present += 1;
            channel.negative += usize::from(datum < 0.0);
            channel.noise += usize::from(datum.abs() < NOISE * std);
            if datum.abs() > channel.largest {
                (channel.largest, channel.at_largest) = (datum.abs(), 1);
            } else if datum.abs() == channel.largest {
                channel.at_largest += 1;
            }
        }
    }

    /// Prints a row for each group of channels, and the unusual channels.
    pub(super) fn tell(&self, plan: &Plan, report: &mut Report) {
        let std = expected_std_words(plan);
        report.heading(&format!("channels (noise: below {NOISE} standard deviations, {std})"));
        report.line(&format!("  {:14} {:>8} {:>9} {:>9} {:>9}", "group", "channels", "present", "negative", "noise"));
        let run = &plan.run;
        for (group, name) in run.error_group_names.iter().enumerate() {
            let members: Vec<&Channel> = self
                .channels
                .iter()
                .zip(&run.channel_error_group)
                .filter(|(_, of)| **of == group)
                .map(|(channel, _)| channel)
                .collect();
            let sum = |of: fn(&Channel) -> usize| members.iter().map(|channel| of(channel)).sum::<usize>() as f64;
            let present = sum(|channel| channel.present);
            let share =
                |part: f64, whole: f64| if whole > 0.0 { format!("{:.1} %", 100.0 * part / whole) } else { "-".into() };
            report.line(&format!(
                "  {name:14} {:>8} {:>9} {:>9} {:>9}",
                members.len(),
                share(present, (members.len() * self.soundings) as f64),
                share(sum(|channel| channel.negative), present),
                share(sum(|channel| channel.noise), present)
            ));
        }
        self.tell_channels(plan, report);
        let without_std = plan.survey.without_std;
        if without_std > 0 {
            report.warning(&format!("{without_std} data of the survey are left out: they have no standard deviation"));
        }
        if self.empty == self.soundings {
            report.error("no sounding has any datum");
        } else if self.empty > 0 {
            report.warning(&format!("{} soundings have no datum: they will be no_data", self.empty));
        }
    }

    fn tell_channels(&self, plan: &Plan, report: &mut Report) {
        let names = |is: &dyn Fn(&Channel) -> bool| -> Vec<&str> {
            let named = self.channels.iter().zip(&plan.run.channel_names);
            named.filter(|(channel, _)| is(channel)).map(|(_, name)| &name[..]).collect()
        };
        let missing = names(&|channel| channel.present == 0);
        let noisy = names(&|channel| channel.present > 0 && 2 * channel.noise > channel.present);
        let saturated = names(&|channel| {
            channel.at_largest >= SATURATED.1 && channel.at_largest as f64 > SATURATED.0 * channel.present as f64
        });
        for (names, what) in [
            (missing, "without any datum"),
            (noisy, "with mostly noise, which tell little; harmless when the errors are right"),
            (saturated, "whose largest value occurs again and again: saturated, or filled in"),
        ] {
            if !names.is_empty() && names.len() < self.channels.len() {
                report.warning(&format!("{} channels {what}: {}", names.len(), abbreviated(&names)));
            }
        }
    }
}

/// Describes in words the standard deviations of [`expected_std`].
pub(super) fn expected_std_words(plan: &Plan) -> String {
    if !plan.survey.has_std() {
        return "the middle of the error priors".to_owned();
    }
    let mut factors: Vec<f64> = plan.prior.relative_error.iter().map(|prior| prior.ln_center().exp()).collect();
    factors.dedup();
    let own = if plan.config.errors.quoted_noise().is_some() { "the quoted ones" } else { "the file's" };
    match factors[..] {
        [factor] if (factor - 1.0).abs() < 1e-9 => own.to_owned(),
        [factor] => format!("{own} times {factor:.2}, the middle of their factor's prior"),
        _ => format!("{own} times the middle of their factors' priors"),
    }
}

fn abbreviated(names: &[&str]) -> String {
    const SHOWN: usize = 12;
    match names.len().checked_sub(SHOWN) {
        Some(more) if more > 0 => format!("{} and {more} more", names[..SHOWN].join(", ")),
        _ => names.join(", "),
    }
}
