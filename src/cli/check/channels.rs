//! Prints what `geobipy check` finds in the channels.

use super::report::Report;
use crate::check::{ChannelCount, Counts, NOISE};
use crate::run::Plan;

/// Prints a row for each group of channels, and the unusual channels.
pub(super) fn tell(counts: &Counts, plan: &Plan, report: &mut Report) {
    let std = expected_std_words(plan);
    report.heading(&format!("channels (noise: below {NOISE} standard deviations, {std})"));
    report.line(&format!("  {:14} {:>8} {:>9} {:>9} {:>9}", "group", "channels", "present", "negative", "noise"));
    let run = &plan.run;
    for (group, name) in run.error_group_names.iter().enumerate() {
        let members: Vec<&ChannelCount> = counts
            .channels
            .iter()
            .zip(&run.channel_error_group)
            .filter(|(_, of)| **of == group)
            .map(|(channel, _)| channel)
            .collect();
        let sum = |of: fn(&ChannelCount) -> usize| members.iter().map(|channel| of(channel)).sum::<usize>() as f64;
        let present = sum(|channel| channel.present);
        let share =
            |part: f64, whole: f64| if whole > 0.0 { format!("{:.1} %", 100.0 * part / whole) } else { "-".into() };
        report.line(&format!(
            "  {name:14} {:>8} {:>9} {:>9} {:>9}",
            members.len(),
            share(present, (members.len() * counts.soundings) as f64),
            share(sum(|channel| channel.negative), present),
            share(sum(|channel| channel.noise), present)
        ));
    }
    tell_channels(counts, plan, report);
    let without_std = plan.survey.without_std;
    if without_std > 0 {
        report.warning(&format!("{without_std} data of the survey are left out: they have no standard deviation"));
    }
    if counts.empty == counts.soundings {
        report.error("no sounding has any datum");
    } else if counts.empty > 0 {
        report.warning(&format!("{} soundings have no datum: they will be no_data", counts.empty));
    }
}

fn tell_channels(counts: &Counts, plan: &Plan, report: &mut Report) {
    let names = |is: &dyn Fn(&ChannelCount) -> bool| -> Vec<&str> {
        let named = counts.channels.iter().zip(&plan.run.channel_names);
        named.filter(|(channel, _)| is(channel)).map(|(_, name)| &name[..]).collect()
    };
    let missing = names(&|channel| channel.present == 0);
    let noisy = names(&ChannelCount::is_noisy);
    let saturated = names(&ChannelCount::is_saturated);
    for (names, what) in [
        (missing, "without any datum"),
        (noisy, "with mostly noise, which contain little information; harmless when the errors are right"),
        (saturated, "whose largest value occurs again and again: saturated, or filled in"),
    ] {
        if !names.is_empty() && names.len() < counts.channels.len() {
            report.warning(&format!("{} channels {what}: {}", names.len(), abbreviated(&names)));
        }
    }
}

/// Describes the standard deviations that a check uses.
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
