//! The figure of the survey: a map of the soundings, and the data along some lines.

use std::path::Path;

use super::fit::Fits;
use super::signs::file_signs;
use crate::error::Result;
use crate::plot::{FigureOptions, ProfileData, SurveyData, plot_survey};
use crate::run::{Plan, evenly};
use crate::survey::{Place, Sounding, line_label};
use crate::words::plural;

/// Largest number of profiles in the figure.
const PROFILES: usize = 4;
/// Largest number of soundings in a profile.
const PROFILE_SOUNDINGS: usize = 3_000;

/// Draws the `places` of a survey, the halfspaces of some, and the data along the longest lines into `path`.
///
/// # Errors
/// A file cannot be read or written.
pub fn draw_survey(plan: &Plan, places: &[Place], fits: &Fits, path: &Path) -> Result<()> {
    let lines: Vec<&[Place]> = places.chunk_by(|a, b| a.line_number == b.line_number).collect();
    let groups = &plan.run.error_group_names;
    let mut profiles = Vec::new();
    // The longest lines show most of the survey.
    let mut longest = lines.clone();
    longest.sort_by_key(|line| std::cmp::Reverse(line.len()));
    for line in longest.iter().take(PROFILES.div_ceil(groups.len())) {
        let soundings = plan.survey.read(&evenly(line, PROFILE_SOUNDINGS))?;
        for group in 0..groups.len().min(PROFILES) {
            profiles.push(profile(plan, &soundings, group));
        }
    }
    let name = plan.survey.path().file_name().unwrap_or_default().to_string_lossy().into_owned();
    let data = SurveyData {
        title: name,
        details: format!("{} on {}", plural(places.len(), "sounding"), plural(lines.len(), "line")),
        easting_m: places.iter().map(|place| place.easting_m).collect(),
        northing_m: places.iter().map(|place| place.northing_m).collect(),
        halfspaces: fits.fits.iter().map(|fit| (fit.place_m.0, fit.place_m.1, fit.log10_conductivity)).collect(),
        profiles,
        unit: plan.system.data_unit(),
    };
    plot_survey(&data, &FigureOptions::default(), path)
}

fn profile(plan: &Plan, soundings: &[Sounding], group: usize) -> ProfileData {
    let mut distance_m = vec![0.0; soundings.len().min(1)];
    for pair in soundings.windows(2) {
        let step = (pair[1].easting_m - pair[0].easting_m).hypot(pair[1].northing_m - pair[0].northing_m);
        distance_m.push(distance_m[distance_m.len() - 1] + step);
    }
    let signs = file_signs(plan);
    let of_group = (0..plan.system.channel_count()).filter(|&c| plan.run.channel_error_group[c] == group);
    ProfileData {
        label: format!("line {}, {}", line_label(soundings[0].line_number), plan.run.error_group_names[group]),
        distance_m,
        channels: of_group.map(|c| soundings.iter().map(|s| signs[c] * s.observed[c]).collect()).collect(),
    }
}
