//! Prints whether the errors suit the data, for `geobipy check`.

use super::report::Report;
use crate::check::{AdditiveDoubt, ChannelCount, Counts, NOISE};
use crate::run::Plan;

/// Shares of the data that are noise: most of them, and nearly all.
const NOISY: (f64, f64) = (0.9, 0.99);

/// Prints additive errors in another unit, and surveys that are noise only.
pub(super) fn tell(doubts: &[AdditiveDoubt], counts: &Counts, plan: &Plan, report: &mut Report) {
    let unit = plan.system.data_unit();
    let key = if plan.config.errors.additive_per_channel.is_empty() {
        "errors.additive_minimum and errors.additive_maximum"
    } else {
        "errors.additive_per_channel"
    };
    for is_too_large in [true, false] {
        let of_kind: Vec<&AdditiveDoubt> = doubts.iter().filter(|doubt| doubt.is_too_large == is_too_large).collect();
        if of_kind.is_empty() {
            continue;
        }
        let groups: Vec<&str> = of_kind.iter().map(|doubt| &doubt.group[..]).collect();
        let range = |of: fn(&AdditiveDoubt) -> (f64, f64)| {
            let ends = of_kind.iter().map(|doubt| of(doubt));
            ends.fold((f64::INFINITY, 0.0), |all: (f64, f64), (low, high)| (all.0.min(low), all.1.max(high)))
        };
        let (bounds, sizes) = (range(|doubt| doubt.bounds), range(|doubt| doubt.sizes));
        let text = format!(
            "the additive errors of {} are {:.0e} to {:.0e} {unit}, but the data are {:.0e} to {:.0e} {unit} (the middle of \
             the smallest and of the largest channel)",
            groups.join(", "),
            bounds.0,
            bounds.1,
            sizes.0,
            sizes.1
        );
        let advice = format!(
            "{key} must be in {unit}; {:.0e} to {:.0e} are values to try",
            1e-3 * sizes.0,
            sizes.0.max(1e-2 * sizes.1)
        );
        if is_too_large {
            report.error(&format!("{text}: the data would be noise only. {advice}; or columns.data_scale is wrong"));
        } else {
            report.warning(&format!("{text}: the errors have no effect. {advice}"));
        }
    }
    let sum = |of: fn(&ChannelCount) -> usize| counts.channels.iter().map(of).sum::<usize>() as f64;
    let share = sum(|channel| channel.noise) / sum(|channel| channel.present);
    if share > NOISY.0 && !doubts.iter().any(|doubt| doubt.is_too_large) {
        let text = format!(
            "{:.1} % of all data are below {NOISE} standard deviations: results would be little more than the prior; look at \
             [errors], columns.std_kind and columns.data_scale",
            100.0 * share
        );
        if share > NOISY.1 { report.error(&text) } else { report.warning(&text) }
    }
}
