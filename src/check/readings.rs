//! Tries other units and signs of the data, and heights in feet: a reading under which halfspaces fit far better is probably
//! the right one.

use super::position::FOOT_M;
use crate::earth::LayeredEarth;
use crate::forward::{EarthResponse, Physics};
use crate::quantiles::nearest;
use crate::run::{Plan, physics};
use crate::survey::Sounding;
use crate::system::{Geometry, GeometryParameter};

/// Largest number of soundings on which readings are tried.
pub const READ: usize = 40;
/// Factors of the data are powers of ten with these exponents. Units differ by powers of 1000; the others stand for data that are
/// not divided by the moment, or divided twice.
const EXPONENTS: (f64, f64, usize) = (-12.0, 0.5, 49);
/// log10 of the conductivities of the halfspaces in S/m: the first, the step and the number.
const HALFSPACES: (f64, f64, usize) = (-5.0, 0.2, 41);
/// A datum of the other sign is as bad as a factor of 100.
const OTHER_SIGN: f64 = 2.0;
/// Data and halfspaces differ by less than this factor in a good reading, and by more in a bad one.
const GOOD: f64 = 2.0;
/// log10 of conductivities in S/m that are likely as the middle of a survey, and that are not quite impossible.
const LIKELY: (f64, f64) = (-4.0, 1.0);
const POSSIBLE: (f64, f64) = (-4.7, 1.7);

/// log10 of the most usual conductivity in S/m.
const USUAL: f64 = -1.5;
/// Fits whose factors differ by less than this factor are alike.
pub const ALIKE: f64 = 1.2;

/// Units and signs in which a file may be read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    /// Factor of the data, in addition to the configuration's.
    pub data: f64,
    /// Factor of the heights.
    pub height: f64,
}

impl Reading {
    /// Returns whether the data differ by a power of 1000, as between units.
    pub fn is_unit(&self) -> bool {
        let thousands = self.data.abs().log10() / 3.0;
        (thousands - thousands.round()).abs() < 1e-9
    }
}

/// How well halfspaces fit under a reading.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReadingFit {
    /// The reading.
    pub reading: Reading,
    /// Factor between the middle datum and the best halfspace's, in the middle sounding: 1 is a perfect fit.
    pub factor: f64,
    /// log10 of the conductivity of the middle sounding in S/m.
    pub log10_conductivity: f64,
}

impl ReadingFit {
    fn is_within(&self, (low, high): (f64, f64)) -> bool {
        (low..=high).contains(&self.log10_conductivity)
    }

    fn is_good(&self) -> bool {
        self.factor < GOOD && self.is_within(LIKELY)
    }
}

/// The reading of the configuration, and the better ones.
#[derive(Debug, Clone, PartialEq)]
pub struct Readings {
    /// The reading that the configuration gives.
    pub present: ReadingFit,
    /// Readings that are far better, the best first; empty when the present one is good.
    pub better: Vec<ReadingFit>,
}

impl Readings {
    /// Tries readings of `soundings`; `None` when they have no data.
    pub fn new(plan: &Plan, soundings: &[Sounding]) -> Option<Self> {
        let physics = physics(&plan.config, &plan.system);
        let in_feet = |sounding: &Sounding| {
            let height_m = FOOT_M * sounding.geometry.height_m();
            sounding.geometry.with(GeometryParameter::Height, height_m)
        };
        let measured = |sounding: &Sounding| sounding.geometry;
        let (first, step, count) = EXPONENTS;
        let sizes = (0..count).map(|i| 10_f64.powf(first + step * i as f64));
        let signed: Vec<f64> = sizes.flat_map(|factor| [factor, -factor]).collect();
        let mut all = fits(&physics, soundings, &signed, 1.0, measured);
        all.extend(fits(&physics, soundings, &[1.0], FOOT_M, in_feet));
        let present = *all.iter().find(|fit| fit.reading == Reading { data: 1.0, height: 1.0 })?;
        let is_bad = present.factor > GOOD || !present.is_within(POSSIBLE);
        let is_better = |fit: &ReadingFit| {
            let gain = present.factor.log10() > 2.0 * fit.factor.log10() || !present.is_within(POSSIBLE);
            is_bad && fit.reading != present.reading && fit.is_good() && gain
        };
        let mut better: Vec<ReadingFit> = all.into_iter().filter(is_better).collect();
        let best = better.iter().map(|fit| fit.factor).fold(f64::INFINITY, f64::min);
        // When halfspaces fit alike with several units, the unit with the more usual conductivities comes first.
        better.sort_by(|a, b| {
            let is_odd = |fit: &ReadingFit| !fit.reading.is_unit();
            let is_worse = |fit: &ReadingFit| fit.factor > ALIKE * best;
            let strangeness = |fit: &ReadingFit| (fit.log10_conductivity - USUAL).abs();
            let order = is_odd(a).cmp(&is_odd(b)).then(is_worse(a).cmp(&is_worse(b)));
            order.then(strangeness(a).total_cmp(&strangeness(b)))
        });
        Some(Self { present, better })
    }
}

/// Fits halfspaces to `soundings` with their data multiplied by each of `factors`.
fn fits(
    physics: &Physics,
    soundings: &[Sounding],
    factors: &[f64],
    height: f64,
    geometry: impl Fn(&Sounding) -> Geometry,
) -> Vec<ReadingFit> {
    // For each factor, misfit and log10 conductivity of each sounding.
    let mut found = vec![(Vec::new(), Vec::new()); factors.len()];
    for sounding in soundings {
        let known: Vec<usize> = (0..sounding.observed.len()).filter(|&c| is_signal(sounding.observed[c])).collect();
        if known.is_empty() {
            continue;
        }
        let geometry = geometry(sounding);
        let mut forward = physics.forward(&geometry);
        let mut predicted = vec![0.0; sounding.observed.len()];
        let mut response = EarthResponse::default();
        let mut best = vec![(f64::INFINITY, f64::NAN); factors.len()];
        for step in 0..HALFSPACES.2 {
            let log10_conductivity = HALFSPACES.0 + step as f64 * HALFSPACES.1;
            let earth = LayeredEarth::halfspace(log10_conductivity * std::f64::consts::LN_10);
            forward.predict(&earth, &geometry, &mut response, &mut predicted);
            for (best, factor) in best.iter_mut().zip(factors) {
                let misfit =
                    middle(known.iter().map(|&c| distance(factor * sounding.observed[c], predicted[c])).collect());
                if misfit < best.0 {
                    *best = (misfit, log10_conductivity);
                }
            }
        }
        for ((misfits, conductivities), (misfit, log10_conductivity)) in found.iter_mut().zip(best) {
            misfits.push(misfit);
            conductivities.push(log10_conductivity);
        }
    }
    let fit = |(&data, (misfits, conductivities)): (&f64, (Vec<f64>, Vec<f64>))| ReadingFit {
        reading: Reading { data, height },
        factor: 10_f64.powf(middle(misfits)),
        log10_conductivity: middle(conductivities),
    };
    factors.iter().zip(found).map(fit).filter(|fit| fit.factor.is_finite()).collect()
}

fn is_signal(datum: f64) -> bool {
    datum.is_finite() && datum != 0.0
}

/// Returns the distance of a datum from a prediction in decades. It does not depend on the errors, which are in doubt, too.
fn distance(datum: f64, predicted: f64) -> f64 {
    let ratio = datum / predicted;
    ratio.abs().log10().abs() + if ratio > 0.0 { 0.0 } else { OTHER_SIGN }
}

fn middle(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    nearest(&values, 0.5).unwrap_or(f64::NAN)
}
