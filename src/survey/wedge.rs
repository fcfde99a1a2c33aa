//! The built-in synthetic line: a wedge below topography.

use super::models::ModelRow;
use crate::earth::LayeredEarth;
use crate::system::Geometry;

/// `count` soundings 10 m apart over a conductive layer that rises, thins and leaves, on a hill: cover of 100 ohm m, a
/// layer of 10 ohm m, basement of 300 ohm m; the bird 30 m above ground and breathing by 4 m. Line 30010, fiducials 30000,
/// 30000.1, ...
pub fn wedge(count: usize) -> Vec<ModelRow> {
    (0..count)
        .map(|i| {
            let along = if count > 1 { i as f64 / (count - 1) as f64 } else { 0.0 };
            let cover_m = 25.0 - 22.0 * along;
            let layer_m = 3.0 + 37.0 * along;
            let earth = LayeredEarth::from_thicknesses(&[0.01, 0.1, 1.0 / 300.0], &[cover_m, layer_m]);
            let turns = 2.0 * std::f64::consts::PI * along;
            ModelRow {
                model_id: Some(i as f64),
                earth: earth.expect("thicknesses are positive"),
                geometry: Geometry::level(30.0 + 4.0 * (3.0 * turns).sin()),
                line_number: 30010.0,
                fiducial: (300_000 + i) as f64 / 10.0,
                easting_m: 500_000.0 + 10.0 * i as f64,
                northing_m: 4_000_000.0,
                elevation_m: 1200.0 + 15.0 * turns.sin() + 4.0 * (2.0 * turns).cos(),
            }
        })
        .collect()
}
