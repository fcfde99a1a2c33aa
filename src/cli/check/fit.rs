//! Prints how well halfspaces fit, for `geobipy check`.

use super::channels::expected_std_words;
use super::report::Report;
use crate::check::{ALIKE, Fits, HalfspaceFit, Reading, ReadingFit, Readings};
use crate::run::Plan;
use crate::survey::{Convention, line_label};

/// If a halfspace fits within this factor, unit and instrument are right.
const FACTOR: f64 = 3.0;
/// Ratio of data to predictions from which a wrong unit is suspected.
const OTHER_UNIT: f64 = 100.0;

/// Chi-square per datum that no earth explains; the standard deviations would be a thousandth of the true errors.
const ABSURD: f64 = 1e6;

/// log10 of conductivities in S/m at the edges of the search for halfspaces.
const EDGES: (f64, f64) = (-4.95, 2.95);
/// Share of the soundings with a halfspace at an edge from which there is a warning.
const AT_EDGE: f64 = 0.2;

/// Prints how well halfspaces fit, and whether units, signs and the prior seem right. Returns whether another unit or sign is
/// necessary.
pub(super) fn tell(
    fits: &Fits,
    readings: Option<&Readings>,
    are_heights_doubtful: bool,
    plan: &Plan,
    report: &mut Report,
) -> bool {
    report.heading(&format!("best halfspaces of {} soundings", fits.fits.len()));
    if fits.fits.is_empty() {
        return false;
    }
    let [low, median, high] =
        [0.05, 0.5, 0.95].map(|share| 10f64.powf(fits.quantile(|fit| fit.log10_conductivity, share)));
    report.line(&format!("  conductivity {low:.2e} to {high:.2e} S/m (5 to 95 %), median {median:.2e} S/m"));
    let chi2 = fits.quantile(|fit| fit.chi2_per_datum, 0.5);
    let std = expected_std_words(plan);
    report.line(&format!("  chi2 per datum: median {chi2:.3e} (layers will do better; 1 is as good as the errors)"));
    report.line(&format!("  these errors are {std}"));
    let far: Vec<&HalfspaceFit> = fits.fits.iter().filter(|fit| fit.log10_ratio.abs() > FACTOR.log10()).collect();
    let are_most_far = 4 * far.len() > 3 * fits.fits.len();
    if are_heights_doubtful && (are_most_far || readings.is_some_and(|readings| !readings.better.is_empty())) {
        report.error("halfspaces do not fit the data. Correct the heights first, about which there is a warning above");
        return true;
    }
    let better: &[ReadingFit] = readings.map_or(&[], |readings| &readings.better);
    let has_other_unit = better.first().is_some_and(|best| best.reading.data != -1.0);
    if let Some(readings) = readings.filter(|_| has_other_unit) {
        tell_reading(readings, plan, report);
        return true;
    }
    if tell_signs(fits, plan, report) {
        return true;
    }
    if let Some(readings) = readings.filter(|readings| !readings.better.is_empty()) {
        tell_reading(readings, plan, report);
        return true;
    }
    if chi2 > ABSURD {
        report.error(
            "the errors, or the file's standard deviations, are far too small: look at [errors], columns.std_kind",
        );
    }
    let ratio = 10f64.powf(fits.quantile(|fit| fit.log10_ratio, 0.5));
    if !(1.0 / OTHER_UNIT..OTHER_UNIT).contains(&ratio) {
        report.error(&format!(
            "the data are {ratio:.0e} times what any halfspace gives: their unit is not the system file's ({}); \
                 columns.data_scale = {:.0e}?",
            plan.system.data_unit(),
            plan.config.columns.data_scale / ratio
        ));
    }
    let at_edge = |fit: &&HalfspaceFit| fit.log10_conductivity < EDGES.0 || fit.log10_conductivity > EDGES.1;
    let count = fits.fits.iter().filter(at_edge).count();
    if count as f64 > AT_EDGE * fits.fits.len() as f64 {
        report.warning(&format!(
            "the best halfspaces of {count} soundings are at an edge of the search (1e-5 or 1e3 S/m): no halfspace explains \
             these data; look at columns.data_scale, [errors] and the heights"
        ));
    }
    if far.is_empty() {
        report
            .line(&format!("  everywhere the middle channel is within a factor of {FACTOR} of that of some halfspace"));
    } else {
        let shown: Vec<String> = far.iter().take(5).map(|fit| name(fit)).collect();
        let text = format!(
            "at {} of these the middle channel differs by more than a factor of {FACTOR} from that of any halfspace: {}{}",
            far.len(),
            shown.join("; "),
            if far.len() > shown.len() { "; ..." } else { "" }
        );
        if are_most_far {
            report.error(&format!("{text}: columns, units, order of the systems or geometry are wrong"));
        } else {
            report.warning(&text);
        }
    }
    tell_prior(fits, plan, report);
    false
}

/// Prints under which reading of the file halfspaces fit better.
fn tell_reading(readings: &Readings, plan: &Plan, report: &mut Report) {
    let present = &readings.present;
    let [best, others @ ..] = &readings.better[..] else { return };
    let words = |fit: &ReadingFit| match fit.reading.height {
        1.0 => format!("columns.data_scale = {:?}", scale(plan, fit)),
        _ => "heights taken as feet".to_owned(),
    };
    let unit = plan.system.data_unit();
    let reason = match best.reading {
        Reading { data: 1.0, .. } => "the heights must be in metres: convert them in the file".to_owned(),
        Reading { data: -1.0, .. } => format!("the data have the opposite sign: set {}", words(best)),
        Reading { data, .. } if data < 0.0 => {
            format!("the sign is opposite and their unit is not the system file's ({unit}): set {}", words(best))
        }
        reading if !reading.is_unit() => format!(
            "they are not divided by the moment (turns, area and current), or twice: set {}, if that is the moment's size",
            words(best)
        ),
        Reading { .. } => format!("their unit is not the system file's ({unit}): set {}", words(best)),
    };
    let equal: Vec<String> = others
        .iter()
        .filter(|fit| fit.reading.is_unit() && fit.factor < ALIKE * best.factor)
        .take(2)
        .map(words)
        .collect();
    let or =
        if equal.is_empty() { String::new() } else { format!(" (or {}, which fits as well)", equal.join(", or ")) };
    report.error(&format!(
        "the data differ from those of halfspaces by a factor of {}, with {:.0e} S/m in the middle; with {} they differ by a \
         factor of {} only, with {:.0e} S/m. Probably {reason}{or}",
        short(present.factor),
        10f64.powf(present.log10_conductivity),
        words(best),
        short(best.factor),
        10f64.powf(best.log10_conductivity)
    ));
}

/// Returns the value of columns.data_scale of a reading, without the error of its multiplication.
fn scale(plan: &Plan, fit: &ReadingFit) -> f64 {
    let exact = plan.config.columns.data_scale * fit.reading.data;
    // Factors that are no unit are known roughly.
    let text = if fit.reading.is_unit() { format!("{exact:.9e}") } else { format!("{exact:.1e}") };
    text.parse().unwrap_or(exact)
}

fn short(factor: f64) -> String {
    if factor < 100.0 { format!("{factor:.1}") } else { format!("{factor:.0e}") }
}

/// Prints the groups with opposite signs; returns whether there are any.
fn tell_signs(fits: &Fits, plan: &Plan, report: &mut Report) -> bool {
    let groups = fits.groups_of_other_sign(plan);
    if groups.is_empty() {
        return false;
    }
    let names: Vec<&str> = groups.iter().map(|&group| &plan.run.error_group_names[group][..]).collect();
    let columns = &plan.config.columns;
    let what = if columns.data_scale < 0.0 {
        format!("columns.data_scale = {:?} changes the sign; make it positive", columns.data_scale)
    } else if plan.system.is_time_domain() {
        let (present, other) = match columns.convention() {
            Convention::GeoBipy => ("geobipy", "ga_aem"),
            Convention::GaAem => ("ga_aem", "geobipy"),
        };
        format!(
            "for z, try columns.convention = \"{other}\" instead of \"{present}\"; for x and y, put a minus sign before the \
             column, as in columns.data.x = \"-NAME\""
        )
    } else {
        "change the signs of the coil moments in the system file, or put a minus sign before the columns of data"
            .to_owned()
    };
    report.error(&format!("the data of {} have the opposite sign of any halfspace's: {what}", names.join(", ")));
    true
}

fn tell_prior(fits: &Fits, plan: &Plan, report: &mut Report) {
    let prior = &plan.prior.conductivity;
    let share = 100.0 * fits.share_in_prior(plan);
    let [low, high] =
        [-1.96, 1.96].map(|width| (prior.mean + width * prior.std).clamp(prior.bounds.0, prior.bounds.1).exp());
    let text = format!("{share:.0} % of them inside the middle 95 % of the prior, {low:.2e} to {high:.2e} S/m");
    if share < 80.0 {
        report.warning(&format!(
            "only {text}: change prior.conductivity_center_s_per_m, or widen prior.conductivity_log10_std"
        ));
    } else {
        report.line(&format!("  {text}"));
    }
}

fn name(fit: &HalfspaceFit) -> String {
    format!("line {} fiducial {}", line_label(fit.line_number), fit.fiducial)
}
