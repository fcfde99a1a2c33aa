//! Prints how well halfspaces fit, for `geobipy check`.

use super::channels::expected_std_words;
use super::report::Report;
use crate::check::{Fits, HalfspaceFit};
use crate::run::Plan;
use crate::survey::line_label;

/// If a halfspace fits within this factor, unit and instrument are right.
const FACTOR: f64 = 3.0;
/// Ratio of data to predictions from which a wrong unit is suspected.
const OTHER_UNIT: f64 = 100.0;

/// Chi-square per datum that no earth explains; the standard deviations would be a thousandth of the true errors.
const ABSURD: f64 = 1e6;

/// Prints how well halfspaces fit, and whether units, signs and the prior seem right.
pub(super) fn tell(fits: &Fits, plan: &Plan, report: &mut Report) {
    report.heading(&format!("best halfspaces of {} soundings", fits.fits.len()));
    if fits.fits.is_empty() {
        return;
    }
    let [low, median, high] =
        [0.05, 0.5, 0.95].map(|share| 10f64.powf(fits.quantile(|fit| fit.log10_conductivity, share)));
    report.line(&format!("  conductivity {low:.2e} to {high:.2e} S/m (5 to 95 %), median {median:.2e} S/m"));
    let chi2 = fits.quantile(|fit| fit.chi2_per_datum, 0.5);
    let std = expected_std_words(plan);
    report.line(&format!("  chi2 per datum: median {chi2:.3e} (layers will do better; 1 is as good as the errors)"));
    report.line(&format!("  these errors are {std}"));
    if chi2 > ABSURD {
        report.error(
            "the errors, or the file's standard deviations, are far too small: look at [errors], columns.std_kind",
        );
    }
    let ratio = 10f64.powf(fits.quantile(|fit| fit.log10_ratio, 0.5));
    let signs_differ = tell_signs(fits, plan, report);
    // If the signs differ, the best halfspace is the one with the smallest predictions, so its ratio says nothing.
    if !signs_differ && !(1.0 / OTHER_UNIT..OTHER_UNIT).contains(&ratio) {
        report.error(&format!(
            "the data are {ratio:.0e} times what any halfspace gives: their unit is not the system file's ({}); \
                 columns.data_scale = {:.0e}?",
            plan.system.data_unit(),
            plan.config.columns.data_scale / ratio
        ));
    }
    if signs_differ {
        return;
    }
    let far: Vec<&HalfspaceFit> = fits.fits.iter().filter(|fit| fit.log10_ratio.abs() > FACTOR.log10()).collect();
    if far.is_empty() {
        report
            .line(&format!("  everywhere the middle channel is within a factor of {FACTOR} of that of some halfspace"));
    } else {
        let shown: Vec<String> = far.iter().take(5).map(|fit| name(fit)).collect();
        let text = format!(
            "at {} of these the middle channel is more than a factor of {FACTOR} off that of any halfspace: {}{}",
            far.len(),
            shown.join("; "),
            if far.len() > shown.len() { "; ..." } else { "" }
        );
        if 4 * far.len() > 3 * fits.fits.len() {
            report.error(&format!("{text}: columns, units, order of the systems or geometry are wrong"));
        } else {
            report.warning(&text);
        }
    }
    tell_prior(fits, plan, report);
}

/// Prints the groups with opposite signs; returns whether there are any.
fn tell_signs(fits: &Fits, plan: &Plan, report: &mut Report) -> bool {
    let groups = fits.groups_of_other_sign(plan);
    for &group in &groups {
        let name = &plan.run.error_group_names[group];
        let what = if plan.system.is_time_domain() {
            "columns.convention, or a minus sign before the column"
        } else {
            "the sign of the coil moments in the system file"
        };
        report.error(&format!("the data of {name} have the other sign than any halfspace gives: look at {what}"));
    }
    !groups.is_empty()
}

fn tell_prior(fits: &Fits, plan: &Plan, report: &mut Report) {
    let prior = &plan.prior.conductivity;
    let share = 100.0 * fits.share_in_prior(plan);
    let [low, high] =
        [-1.96, 1.96].map(|width| (prior.mean + width * prior.std).clamp(prior.bounds.0, prior.bounds.1).exp());
    let text = format!("{share:.0} % of them inside the middle 95 % of the prior, {low:.2e} to {high:.2e} S/m");
    if share < 80.0 {
        report.warning(&format!("only {text}: widen or move the prior"));
    } else {
        report.line(&format!("  {text}"));
    }
}

fn name(fit: &HalfspaceFit) -> String {
    format!("line {} fiducial {}", line_label(fit.line_number), fit.fiducial)
}
