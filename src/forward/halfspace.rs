//! The halfspace with the smallest misfit of a sounding: it gives a survey's typical conductivity and a start for
//! chains.

use super::{EarthResponse, ForwardModel};
use crate::earth::LayeredEarth;
use crate::system::Geometry;

/// Returns ln conductivity in ln(S/m) of the halfspace with the smallest misfit, among 81 values from 1e-5 to 1e3 S/m,
/// refined by a parabola through the best three. Returns `None` when no channel has both a datum and a standard
/// deviation.
pub fn best_halfspace(
    forward: &mut dyn ForwardModel,
    geometry: &Geometry,
    observed: &[f64],
    std: &[f64],
) -> Option<f64> {
    let active: Vec<usize> = (0..observed.len()).filter(|&i| observed[i].is_finite() && std[i].is_finite()).collect();
    if active.is_empty() {
        return None;
    }
    let mut predicted = vec![0.0; observed.len()];
    let mut response = EarthResponse::default();
    let step = 0.1 * std::f64::consts::LN_10;
    let first = 1e-5_f64.ln();
    let misfits: Vec<f64> = (0..=80)
        .map(|i| {
            let earth = LayeredEarth::halfspace(first + f64::from(i) * step);
            forward.predict(&earth, geometry, &mut response, &mut predicted);
            active.iter().map(|&c| ((observed[c] - predicted[c]) / std[c]).powi(2)).sum()
        })
        .collect();
    let best = (0..misfits.len()).min_by(|&a, &b| misfits[a].total_cmp(&misfits[b]))?;
    let mut ln_conductivity = first + best as f64 * step;
    if best > 0 && best + 1 < misfits.len() {
        let [below, at, above] = [misfits[best - 1], misfits[best], misfits[best + 1]];
        let curvature = below - 2.0 * at + above;
        if curvature > 0.0 {
            ln_conductivity += 0.5 * step * (below - above) / curvature;
        }
    }
    Some(ln_conductivity)
}
