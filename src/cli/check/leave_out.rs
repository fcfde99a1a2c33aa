//! Prints what the configuration leaves out of the survey.

use super::report::Report;
use crate::run::Plan;
use crate::words::plural;

pub(super) fn tell(plan: &Plan, report: &mut Report) {
    let survey = &plan.survey;
    if survey.left_out.is_empty() {
        return;
    }
    let of_file = survey.places().len() + survey.left_out_count;
    report.line(&format!("  left out by [leave_out]: {} of {of_file}", plural(survey.left_out_count, "sounding")));
    for rule in &survey.left_out {
        match rule.warning() {
            Some(warning) => report.warning(&warning),
            None if rule.data > 0 => report.line(&format!("    {}: {} data", rule.rule, rule.data)),
            None => report.line(&format!("    {}: {}", rule.rule, plural(rule.soundings, "sounding"))),
        }
    }
}
