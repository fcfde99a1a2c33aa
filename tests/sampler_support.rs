//! Shared parts of the sampler's tests: priors, a system, chi-square tests with a stated false-alarm rate.

use std::path::Path;

use geobipy::bayes::{
    ConductivityPrior, Correlation, DepthScale, Deviation, ErrorPrior, GeometryPrior, InterfacePrior, LayerCountLaw,
    LayerCountPrior, Likelihood, Model, NoiseModel, Prior,
};
use geobipy::system::{FdemSystem, Geometry, GeometryParameter};

/// The measured geometry of the bird.
pub fn geometry() -> Geometry {
    Geometry::level(35.0)
}

/// Four coil pairs: enough to inform the layers, cheap to run.
pub fn system() -> FdemSystem {
    let text = "freq, tor, tmom, tx, ty, tzoff, ror, rmom, rx, ry, rzoff\n\
        380, z, 1, 0, 0, 0, z, 1, 7.9, 0, 0\n3345, x, -1, 0, 0, 0, x, 1, 9, 0, 0\n\
        8171, z, 1, 0, 0, 0, z, 1, 7.9, 0, 0\n129550, z, 1, 0, 0, 0, z, 1, 7.9, 0, 0\n";
    FdemSystem::parse(text, Path::new("test.stm")).unwrap()
}

/// A prior with every part sampled.
pub fn prior(law: LayerCountLaw, scale: DepthScale, correlation: Correlation) -> Prior {
    Prior {
        layer_count: LayerCountPrior::new(law, 12),
        interfaces: InterfacePrior::new(scale, 0.5, 120.0, 1.0, 11).unwrap(),
        conductivity: ConductivityPrior {
            mean: 0.02_f64.ln(),
            std: 1.5,
            correlation,
            bounds: (1e-4_f64.ln(), 3_f64.ln()),
        },
        relative_error: vec![ErrorPrior::LogUniform { ln_minimum: 0.01_f64.ln(), ln_maximum: 0.3_f64.ln() }],
        additive_error: vec![ErrorPrior::LogUniform { ln_minimum: 1_f64.ln(), ln_maximum: 30_f64.ln() }],
        geometry: geometry_prior(geometry(), &[(GeometryParameter::Height, Deviation::Uniform { half_width: 2.0 })]),
    }
}

/// A prior for standard deviations that come with the data: a factor of them replaces the errors.
pub fn prior_with_factor() -> Prior {
    Prior {
        relative_error: vec![ErrorPrior::LogUniform { ln_minimum: 0.0, ln_maximum: 5_f64.ln() }],
        additive_error: vec![ErrorPrior::Fixed { ln_value: 0.0 }],
        ..prior(LayerCountLaw::Uniform, DepthScale::LogOffset { offset_m: 10.0 }, Correlation::Independent)
    }
}

/// Parameters that are sampled around `measured`, the others fixed.
pub fn geometry_prior(measured: Geometry, sampled: &[(GeometryParameter, Deviation)]) -> GeometryPrior {
    let mut deviations = [Deviation::Fixed; GeometryParameter::ALL.len()];
    for &(parameter, deviation) in sampled {
        deviations[parameter.index()] = deviation;
    }
    GeometryPrior::new(measured, deviations)
}

/// Data whose errors are all of one group.
pub fn likelihood(observed: &[f64], std: Option<&[f64]>) -> Likelihood {
    Likelihood::new(observed, std, &NoiseModel::uniform(observed.len()))
}

/// A number of a model that can be compared.
pub type Quantity = fn(&Model) -> f64;

/// The compared numbers of a model.
pub const QUANTITIES: [(&str, Quantity); 11] = [
    ("layer count", |m| m.earth.layer_count() as f64),
    ("first interface", |m| m.earth.interface_depth_m().first().copied().unwrap_or(-1.0)),
    ("last interface", |m| m.earth.interface_depth_m().last().copied().unwrap_or(-1.0)),
    ("interfaces above 20 m", |m| m.earth.interface_depth_m().iter().filter(|&&z| z < 20.0).count() as f64),
    ("thinnest layer between interfaces", |m| {
        m.earth.interface_depth_m().windows(2).map(|z| z[1] - z[0]).reduce(f64::min).unwrap_or(-1.0)
    }),
    ("ln conductivity at the top", |m| m.earth.ln_conductivity_at(0.0)),
    ("ln conductivity at 15 m", |m| m.earth.ln_conductivity_at(15.0)),
    ("ln conductivity of the halfspace", |m| *m.earth.ln_conductivity().last().unwrap()),
    ("ln relative error", |m| m.ln_relative_error[0]),
    ("ln additive error", |m| m.ln_additive_error[0]),
    ("height", |m| m.geometry.height_m()),
];

/// One-sided false-alarm rate of a single comparison, as a standard normal deviate: 4.3 is 1e-5. There are about 700
/// comparisons in all, so that a correct sampler with new seeds fails once in 140 runs; seeds are fixed.
const ALARM: f64 = 4.3;

/// Compares all quantities of two sets of independent models.
pub fn assert_same_distribution(what: &str, got: &[Model], expected: &[Model]) {
    assert_same_quantities(what, &QUANTITIES, got, expected);
}

/// Compares `quantities` of two sets of independent models.
pub fn assert_same_quantities(what: &str, quantities: &[(&str, Quantity)], got: &[Model], expected: &[Model]) {
    for (name, quantity) in quantities {
        let of = |models: &[Model]| models.iter().map(quantity).collect::<Vec<f64>>();
        let deviate = two_sample_deviate(&of(got), &of(expected));
        assert!(deviate < ALARM, "{what}: {name} has the wrong distribution, {deviate:.1} standard deviations off");
    }
}

/// Chi-square test of two independent samples having one distribution, as a standard normal deviate.
pub fn two_sample_deviate(a: &[f64], b: &[f64]) -> f64 {
    let mut all: Vec<f64> = a.iter().chain(b).copied().collect();
    all.sort_by(f64::total_cmp);
    // Twelfths of the pooled sample; equal bounds of discrete quantities are merged.
    let mut bounds: Vec<f64> = (1..12).map(|i| all[i * all.len() / 12]).collect();
    bounds.dedup();
    let counts = |sample: &[f64]| {
        let mut counts = vec![0.0; bounds.len() + 1];
        sample.iter().for_each(|x| counts[bounds.partition_point(|b| b <= x)] += 1.0);
        counts
    };
    let (na, nb) = (a.len() as f64, b.len() as f64);
    let (mut chi2, mut cells) = (0.0, 0.0);
    for (ca, cb) in counts(a).into_iter().zip(counts(b)) {
        if ca + cb > 0.0 {
            chi2 += (ca * (nb / na).sqrt() - cb * (na / nb).sqrt()).powi(2) / (ca + cb);
            cells += 1.0;
        }
    }
    chi_square_deviate(chi2, cells - 1.0)
}

/// Wilson & Hilferty (1931): the cube root of chi-square is nearly normal.
pub fn chi_square_deviate(chi2: f64, degrees: f64) -> f64 {
    if degrees < 1.0 {
        return 0.0;
    }
    let spread = 2.0 / (9.0 * degrees);
    ((chi2 / degrees).cbrt() - (1.0 - spread)) / spread.sqrt()
}
