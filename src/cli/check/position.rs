//! Prints where the soundings are, and what is doubtful about it, for `geobipy check`.

use super::report::Report;
use crate::check::{Area, Relief, ReliefDoubt, Steps, area, degrees};
use crate::run::{Plan, missing_crs};
use crate::survey::{ColumnQuantity, Place, line_label};
use crate::words::plural;

/// Share of soundings with the coordinates of their neighbour from which there is a warning, and their least number.
const REPEATED: (f64, usize) = (0.05, 5);

/// Prints the range of the coordinates, the coordinate reference system, and where the first sounding is.
pub(super) fn tell_places(plan: &Plan, places: &[Place], report: &mut Report) {
    let range = |of: fn(&Place) -> f64| {
        let values = || places.iter().map(of);
        (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max))
    };
    let (east, north) = (range(|place| place.easting_m), range(|place| place.northing_m));
    report.line(&format!("  eastings {:.0} to {:.0} m, northings {:.0} to {:.0} m", east.0, east.1, north.0, north.1));
    let is_degrees = |(low, high): (f64, f64)| low >= -180.0 && high <= 180.0 && high - low < 10.0;
    let are_degrees =
        is_degrees(east) && is_degrees(north) && places.len() > 1 && (east, north) != ((0.0, 0.0), (0.0, 0.0));
    if are_degrees {
        report.warning(
            "eastings and northings look like degrees, but they must be metres of a projection: columns.easting and \
             columns.northing need other columns",
        );
    }
    match &plan.config.survey.crs {
        Some(crs) => {
            let first = if are_degrees { String::new() } else { first_in_degrees(crs, places) };
            report.line(&format!("  coordinate reference system {crs}{first}"));
            if !are_degrees {
                tell_area(crs, places, report);
            }
        }
        None => {
            report.warning(&missing_crs(&plan.survey));
            if let Some(crs) = plan.survey.crs().filter(|_| !are_degrees) {
                report.line(&format!("  with {crs}{}", first_in_degrees(crs, places)));
            }
        }
    }
    // A null among the coordinates has its own message.
    let nulls = plan
        .survey
        .suspects()
        .iter()
        .any(|suspect| suspect.quantity == ColumnQuantity::Coordinate && suspect.is_certain);
    if !nulls && !are_degrees {
        tell_steps(&Steps::new(places), places.len(), report);
    }
}

/// Returns the words for longitude and latitude of the first sounding, if they are known.
fn first_in_degrees(crs: &str, places: &[Place]) -> String {
    let Some(first) = places.first() else { return String::new() };
    let Some((longitude, latitude)) = degrees(crs, first) else { return String::new() };
    let side = |value: f64, positive: char, negative: char| {
        let letter = if value < 0.0 { negative } else { positive };
        format!("{:.4} {letter}", value.abs())
    };
    format!(
        "; the first sounding, line {} fiducial {}, is at {}, {}",
        line_label(first.line_number),
        first.fiducial,
        side(latitude, 'N', 'S'),
        side(longitude, 'E', 'W')
    )
}

fn tell_area(crs: &str, places: &[Place], report: &mut Report) {
    match area(crs, places) {
        Area::Inside => {}
        Area::Near => report.warning(&format!(
            "most soundings are up to 3 degrees outside the area of that system ({crs}): survey.crs may be that of the next zone"
        )),
        Area::InsideExchanged => report.warning(&format!(
            "the soundings are outside the area of that system, but inside it with eastings and northings exchanged: \
             exchange columns.easting and columns.northing, or correct survey.crs ({crs})"
        )),
        Area::InsideInFeet => report.warning(
            "the soundings are outside the area of that system, but inside it if the coordinates are in feet: \
             eastings and northings must be in metres",
        ),
        Area::Outside => report.warning(
            "the soundings are outside the area of that system: correct survey.crs, or columns.easting and columns.northing",
        ),
    }
}

fn tell_steps(steps: &Steps, count: usize, report: &mut Report) {
    if let Some(first) = &steps.first_jump {
        report.warning(&format!(
            "{} along a line {} more than 300 times the usual {:.0} m, as {:.0} m to line {} fiducial {} (row {} of the \
             file): wrong line numbers, fiducials or coordinates (columns.line_number, columns.fiducial, columns.easting, \
             columns.northing)",
            plural(steps.jump_count, "step"),
            if steps.jump_count == 1 { "is" } else { "are" },
            steps.middle_m,
            first.distance_m,
            line_label(first.to.line_number),
            first.to.fiducial,
            first.to.file_line()
        ));
    }
    let repeated = steps.repeated_count;
    if let Some(first) = &steps.first_repeated
        && repeated >= REPEATED.1
        && repeated as f64 > REPEATED.0 * count as f64
    {
        report.warning(&format!(
            "{} have exactly the coordinates of the sounding before, as line {} fiducial {}: coordinates are filled in, or \
             columns.easting and columns.northing are other columns",
            plural(repeated, "sounding"),
            line_label(first.line_number),
            first.fiducial
        ));
    }
}

/// Prints what is doubtful about heights and elevations, and returns whether heights are probably wrong. `has_column` is false
/// for a height that the configuration gives.
pub(super) fn tell_relief(relief: &Relief, has_column: bool, report: &mut Report) -> bool {
    let Some(doubt) = relief.doubt().filter(|_| has_column) else { return false };
    report.warning(&match doubt {
        ReliefDoubt::Equal => {
            "heights equal elevations: columns.geometry.height must be above ground, columns.elevation is the ground's".to_owned()
        }
        ReliefDoubt::Parallel(clearance_m) => format!(
            "heights follow the elevations, {clearance_m:.0} m above them: columns.geometry.height seems to be an altitude above \
             sea level, but it must be the height above ground"
        ),
        ReliefDoubt::Exchanged(height_m, elevation_m) => format!(
            "the middle height is {height_m:.0} m and the middle elevation {elevation_m:.0} m: columns.geometry.height and \
             columns.elevation may be exchanged"
        ),
        ReliefDoubt::Constant(height_m) => format!(
            "all soundings have the height {height_m} m: columns.geometry.height must be the measured height; harmless for a \
             towed system and for synthetic data"
        ),
    });
    !matches!(doubt, ReliefDoubt::Constant(_))
}
