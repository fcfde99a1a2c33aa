//! Whole posteriors compared with known ones: a Gaussian in closed form, and a two-layer earth by quadrature over all
//! its parameters.

use geobipy::bayes::{
    Chain, ConductivityPrior, Correlation, DepthScale, ErrorPrior, GaussNewton, GeometryPrior, InterfacePrior,
    LayerCountLaw, LayerCountPrior, Model, Move, MoveMix, Prior, Target, chain_rng, convergence,
};
use geobipy::earth::LayeredEarth;
use geobipy::forward::{Accuracy, EarthResponse, FdemForward, ForwardModel, Sensitivity};
use geobipy::system::Geometry;

use crate::sampler_support::{chi_square_deviate, geometry, likelihood, system};

/// d_c = sum over layers of exp(-c (layer + 1) / 3) ln conductivity: linear, and as badly conditioned as real data.
struct Linear {
    channels: usize,
}

impl Linear {
    fn coefficient(channel: usize, layer: usize) -> f64 {
        (-((channel * (layer + 1)) as f64) / 3.0).exp()
    }
}

impl ForwardModel for Linear {
    fn channel_count(&self) -> usize {
        self.channels
    }

    fn predict(&mut self, earth: &LayeredEarth, _: &Geometry, _: &mut EarthResponse, predicted: &mut [f64]) {
        for (channel, d) in predicted.iter_mut().enumerate() {
            *d = earth.ln_conductivity().iter().enumerate().map(|(l, m)| Self::coefficient(channel, l) * m).sum();
        }
    }

    fn predict_moved(&mut self, _: &LayeredEarth, _: &Geometry, _: &EarthResponse, _: &mut [f64]) {
        panic!("the geometry is fixed");
    }

    fn predict_with_sensitivity(
        &mut self,
        earth: &LayeredEarth,
        geometry: &Geometry,
        predicted: &mut [f64],
        sensitivity: &mut Sensitivity,
    ) {
        self.predict(earth, geometry, &mut EarthResponse::default(), predicted);
        sensitivity.resize(self.channels, earth.layer_count());
        for channel in 0..self.channels {
            let (by_ln_conductivity, ..) = sensitivity.row_mut(channel);
            for (layer, s) in by_ln_conductivity.iter_mut().enumerate() {
                // For the proposal only its shape matters.
                *s = 0.3 * Self::coefficient(channel, layer.min(2));
            }
        }
    }
}

/// Gauss-Jordan inverse.
fn inverse(mut a: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let n = a.len();
    for (i, row) in a.iter_mut().enumerate() {
        row.extend((0..n).map(|j| f64::from(u8::from(i == j))));
    }
    for i in 0..n {
        let pivot = a[i][i];
        a[i].iter_mut().for_each(|x| *x /= pivot);
        for j in (0..n).filter(|&j| j != i) {
            let (factor, source) = (a[j][i], a[i].clone());
            a[j].iter_mut().zip(source).for_each(|(x, s)| *x -= factor * s);
        }
    }
    a.into_iter().map(|row| row[n..].to_vec()).collect()
}

/// Three layers of fixed depths, linear data and Gaussian distributions: mean and covariance are known. Would catch: a
/// step that is scaled wrongly (GeoBIPy's sampler gives half the variance on this problem) and a prior that is counted
/// twice or not at all.
#[test]
fn linear_gaussian_posterior_has_the_right_mean_and_covariance() {
    let depths = vec![5.0, 20.0];
    let observed = [-2.0, -1.0, 0.3, 0.5];
    let std = [0.2, 0.1, 0.2, 0.1];
    for correlation in [
        Correlation::Independent,
        Correlation::ByIndex { gradient_std: 0.8 },
        Correlation::ByDistance { length_m: 9.0 },
    ] {
        let prior = Prior {
            layer_count: LayerCountPrior::new(LayerCountLaw::Uniform, 3),
            interfaces: InterfacePrior::new(DepthScale::Linear, 1.0, 50.0, 0.5, 2).unwrap(),
            conductivity: ConductivityPrior { mean: -1.0, std: 1.2, correlation, bounds: (-60.0, 60.0) },
            relative_error: vec![ErrorPrior::Fixed { ln_value: 0.0 }],
            additive_error: vec![ErrorPrior::Fixed { ln_value: 0.0 }],
            geometry: GeometryPrior::fixed(geometry()),
        };
        let earth = LayeredEarth::new(depths.clone(), vec![-1.0; 3]).unwrap();
        let (mut diagonal, mut beside) = (Vec::new(), Vec::new());
        prior.conductivity.precision(&earth, &mut diagonal, &mut beside);
        let mut precision = vec![vec![0.0; 3]; 3];
        let mut right = vec![0.0; 3];
        for i in 0..3 {
            precision[i][i] = diagonal[i];
            if i > 0 {
                precision[i][i - 1] = beside[i - 1];
                precision[i - 1][i] = beside[i - 1];
            }
        }
        for i in 0..3 {
            right[i] = precision[i].iter().sum::<f64>() * prior.conductivity.mean;
        }
        for (channel, (d, s)) in observed.iter().zip(&std).enumerate() {
            for (i, row) in precision.iter_mut().enumerate() {
                right[i] += Linear::coefficient(channel, i) * d / (s * s);
                for (j, element) in row.iter_mut().enumerate() {
                    *element += Linear::coefficient(channel, i) * Linear::coefficient(channel, j) / (s * s);
                }
            }
        }
        let covariance = inverse(precision);
        let mean: Vec<f64> = covariance.iter().map(|row| row.iter().zip(&right).map(|(c, r)| c * r).sum()).collect();

        let likelihood = likelihood(&observed, Some(&std));
        let mix = MoveMix::new(&[(Move::All, 0.6), (Move::ConductivityBlock, 0.4)]);
        let target = Target { prior: prior.clone(), likelihood, mix };
        let mut forward = Linear { channels: 4 };
        let mut traces = vec![Vec::new(); 9];
        for seed in 0..4 {
            let model = Model {
                earth: earth.clone(),
                ln_relative_error: vec![0.0],
                ln_additive_error: vec![0.0],
                geometry: geometry(),
            };
            let mut chain = Chain::new(model, &target, &mut forward, chain_rng(seed, 0.0, 0.0, 0));
            let cells = GaussNewton::cell_depths_m(50.0).len();
            chain.set_gauss_newton(GaussNewton::new(
                vec![-1.0; cells],
                &geometry(),
                &prior,
                &target.likelihood,
                &mut forward,
            ));
            (0..2_000).for_each(|_| chain.iterate(&target, &mut forward));
            chain.freeze();
            let mut trace = vec![Vec::new(); 9];
            for _ in 0..60_000 {
                chain.iterate(&target, &mut forward);
                let m = chain.state().model.earth.ln_conductivity();
                for i in 0..3 {
                    trace[i].push(m[i]);
                    for j in 0..=i {
                        trace[3 + i * (i + 1) / 2 + j].push((m[i] - mean[i]) * (m[j] - mean[j]));
                    }
                }
            }
            traces.iter_mut().zip(trace).for_each(|(all, one)| all.push(one));
        }
        let mut expected = mean.clone();
        for (i, row) in covariance.iter().enumerate() {
            expected.extend(&row[..=i]);
        }
        for (i, (chains, expected)) in traces.iter().zip(&expected).enumerate() {
            let all: Vec<f64> = chains.concat();
            let average = all.iter().sum::<f64>() / all.len() as f64;
            let variance = all.iter().map(|x| (x - average).powi(2)).sum::<f64>() / all.len() as f64;
            let ess = convergence(chains).ess;
            assert!(ess > 1_000.0, "moment {i} with {correlation:?}: only {ess:.0} effective samples");
            let deviate = (average - expected) / (variance / ess).sqrt();
            // 27 comparisons at 4.5 standard deviations: false alarm once in 5000 runs.
            assert!(
                deviate.abs() < 4.5,
                "moment {i} with {correlation:?}: {average} against {expected}, {deviate:.1} sd"
            );
        }
    }
}

/// Errors of given residuals, by summing prior times the density of the data over a grid. The density is written out
/// here, because a likelihood with a determinant that is a few percent off, which shifts all errors in the same way,
/// would pass a comparison with itself.
#[test]
fn errors_agree_with_quadrature() {
    const CHANNELS: usize = 60;
    const CELLS: usize = 400;
    let earth = LayeredEarth::halfspace(1.0);
    let mut forward = Linear { channels: CHANNELS };
    let mut predicted = vec![0.0; CHANNELS];
    forward.predict(&earth, &geometry(), &mut EarthResponse::default(), &mut predicted);
    let typical: Vec<f64> = predicted.iter().map(|p| (0.1 * p).hypot(0.05)).collect();
    let observed: Vec<f64> = (0..CHANNELS).map(|c| predicted[c] + 1.3 * (2.0 * c as f64).sin() * typical[c]).collect();
    let std: Vec<f64> = typical.iter().map(|std| 0.6 * std).collect();
    let between = |low: f64, high: f64| ErrorPrior::LogUniform { ln_minimum: low.ln(), ln_maximum: high.ln() };
    let fixed = ErrorPrior::Fixed { ln_value: 0.0 };
    for (std, relative, additive) in
        [(None, between(0.01, 1.0), between(0.005, 0.5)), (Some(&std[..]), between(0.5, 5.0), fixed)]
    {
        let variance = |channel: usize, relative: f64, additive: f64| match std {
            None => (relative * predicted[channel]).powi(2) + additive.powi(2),
            Some(std) => (relative * std[channel]).powi(2),
        };
        let cells = |prior: &ErrorPrior| match *prior {
            ErrorPrior::Fixed { ln_value } => vec![ln_value],
            ErrorPrior::LogUniform { ln_minimum, ln_maximum } => {
                (0..CELLS).map(|i| ln_minimum + (ln_maximum - ln_minimum) * (i as f64 + 0.5) / CELLS as f64).collect()
            }
        };
        let (mut mass, mut sums) = (0.0, [0.0; 2]);
        for &ln_relative in &cells(&relative) {
            for &ln_additive in &cells(&additive) {
                let of_channel = |c: usize| {
                    let variance = variance(c, ln_relative.exp(), ln_additive.exp());
                    -0.5 * ((observed[c] - predicted[c]).powi(2) / variance + (variance / typical[c].powi(2)).ln())
                };
                let density = (0..CHANNELS).map(of_channel).sum::<f64>().exp();
                mass += density;
                sums[0] += density * ln_relative;
                sums[1] += density * ln_additive;
            }
        }

        let bounds = (-60.0, 60.0);
        let prior = Prior {
            layer_count: LayerCountPrior::new(LayerCountLaw::Uniform, 1),
            interfaces: InterfacePrior::new(DepthScale::Linear, 1.0, 50.0, 0.5, 0).unwrap(),
            conductivity: ConductivityPrior { mean: 0.0, std: 1.0, correlation: Correlation::Independent, bounds },
            relative_error: vec![relative],
            additive_error: vec![additive],
            geometry: GeometryPrior::fixed(geometry()),
        };
        let mix = MoveMix::new(&[(Move::RelativeError, 0.5), (Move::AdditiveError, 0.5)]);
        let target = Target { prior: prior.clone(), likelihood: likelihood(&observed, std), mix };
        let mut traces = [const { Vec::new() }; 2];
        for seed in 0..4 {
            let mut rng = chain_rng(seed, 0.0, 0.0, 0);
            let model = Model { earth: earth.clone(), ..prior.draw(&mut rng) };
            let mut chain = Chain::new(model, &target, &mut forward, rng);
            (0..2_000).for_each(|_| chain.iterate(&target, &mut forward));
            chain.freeze();
            let mut trace = [const { Vec::new() }; 2];
            for _ in 0..50_000 {
                chain.iterate(&target, &mut forward);
                let model = &chain.state().model;
                trace[0].push(model.ln_relative_error[0]);
                trace[1].push(model.ln_additive_error[0]);
            }
            traces.iter_mut().zip(trace).for_each(|(all, one)| all.push(one));
        }
        for (error, (chains, sum)) in [relative, additive].iter().zip(traces.iter().zip(sums)) {
            if !error.is_sampled() {
                continue;
            }
            let all = chains.concat();
            let average = all.iter().sum::<f64>() / all.len() as f64;
            let variance = all.iter().map(|x| (x - average).powi(2)).sum::<f64>() / all.len() as f64;
            let ess = convergence(chains).ess;
            let deviate = (average - sum / mass) / (variance / ess).sqrt();
            // 3 comparisons at 4.5 standard deviations; a determinant that is 3 % off is more than 10 away.
            assert!(
                ess > 10_000.0 && deviate.abs() < 4.5,
                "{error:?}: {average} against {}, {deviate:.1} sd, ess {ess:.0}",
                sum / mass
            );
        }
    }
}

/// One or two layers under a real system: layer count, depth and both conductivities by summing prior times likelihood
/// over a grid. Would catch: any error in the trans-dimensional part that prior recovery cannot find.
#[test]
fn two_layer_posterior_agrees_with_quadrature() {
    let (mean, std) = (0.02_f64.ln(), 1.2);
    let bounds = (1e-3_f64.ln(), 0.5_f64.ln());
    let prior = Prior {
        layer_count: LayerCountPrior::new(LayerCountLaw::Uniform, 2),
        interfaces: InterfacePrior::new(DepthScale::LogOffset { offset_m: 10.0 }, 1.0, 80.0, 1.0, 1).unwrap(),
        conductivity: ConductivityPrior { mean, std, correlation: Correlation::Independent, bounds },
        relative_error: vec![ErrorPrior::Fixed { ln_value: 0.1_f64.ln() }],
        additive_error: vec![ErrorPrior::Fixed { ln_value: 15_f64.ln() }],
        geometry: GeometryPrior::fixed(geometry()),
    };
    let mut forward = FdemForward::new(&system(), geometry().height_m(), Accuracy::Standard);
    let mut observed = vec![0.0; forward.channel_count()];
    let truth = LayeredEarth::from_thicknesses(&[0.015, 0.05], &[18.0]).unwrap();
    forward.predict(&truth, &geometry(), &mut EarthResponse::default(), &mut observed);
    let likelihood = likelihood(&observed, None);
    let model = |earth: LayeredEarth| Model {
        earth,
        ln_relative_error: vec![0.1_f64.ln()],
        ln_additive_error: vec![15_f64.ln()],
        geometry: geometry(),
    };

    // Mass of each cell of a histogram: [k = 2], then depth, upper and lower ln conductivity of two-layer models.
    const CELLS: usize = 8;
    const FINE: usize = 8;
    let n = CELLS * FINE;
    let (low, high) = bounds;
    let values: Vec<f64> = (0..n).map(|i| low + (high - low) * (i as f64 + 0.5) / n as f64).collect();
    let dm = (high - low) / n as f64;
    let mut weight = |earth: LayeredEarth| {
        let model = model(earth);
        let mut predicted = vec![0.0; 8];
        forward.predict(&model.earth, &model.geometry, &mut EarthResponse::default(), &mut predicted);
        (prior.ln_density_earth(&model.earth) + likelihood.evaluate(&predicted, &model).1).exp()
    };
    let one_layer: f64 = values.iter().map(|&m| weight(LayeredEarth::halfspace(m)) * dm).sum();
    let mut cells = [[0.0; CELLS]; 3];
    let mut two_layers = 0.0;
    for iz in 0..n {
        let z = 1.0 + 79.0 * (iz as f64 + 0.5) / n as f64;
        for (iu, &upper) in values.iter().enumerate() {
            for (il, &lower) in values.iter().enumerate() {
                let mass = weight(LayeredEarth::new(vec![z], vec![upper, lower]).unwrap()) * dm * dm * 79.0 / n as f64;
                two_layers += mass;
                cells[0][iz / FINE] += mass;
                cells[1][iu / FINE] += mass;
                cells[2][il / FINE] += mass;
            }
        }
    }

    let target = Target { mix: MoveMix::standard(&prior), prior: prior.clone(), likelihood };
    let mut forward = FdemForward::new(&system(), geometry().height_m(), Accuracy::Standard);
    let mut indicator = Vec::new();
    let mut quantities = [const { Vec::new() }; 3];
    for seed in 0..4 {
        let mut rng = chain_rng(seed, 0.0, 0.0, 0);
        let mut chain = Chain::new(prior.draw(&mut rng), &target, &mut forward, rng);
        let cell_count = GaussNewton::cell_depths_m(80.0).len();
        let linearised =
            GaussNewton::new(vec![mean; cell_count], &geometry(), &prior, &target.likelihood, &mut forward);
        chain.set_gauss_newton(linearised);
        (0..3_000).for_each(|_| chain.iterate(&target, &mut forward));
        chain.freeze();
        let mut trace = Vec::new();
        for _ in 0..150_000 {
            chain.iterate(&target, &mut forward);
            let earth = &chain.state().model.earth;
            trace.push(earth.layer_count() as f64 - 1.0);
            if let (&[z], &[upper, lower]) = (earth.interface_depth_m(), earth.ln_conductivity()) {
                for (quantity, x) in quantities.iter_mut().zip([
                    (z - 1.0) / 79.0,
                    (upper - low) / (high - low),
                    (lower - low) / (high - low),
                ]) {
                    quantity.push(x);
                }
            }
        }
        indicator.push(trace);
    }
    let expected = two_layers / (one_layer + two_layers);
    let all = indicator.concat();
    let got = all.iter().sum::<f64>() / all.len() as f64;
    let ess = convergence(&indicator).ess;
    let deviate = (got - expected) / (expected * (1.0 - expected) / ess).sqrt();
    assert!((0.1..0.99).contains(&expected), "the problem should leave the layer count open: {expected}");
    assert!(
        ess > 2_000.0 && deviate.abs() < 4.5,
        "P(two layers): {got} against {expected}, {deviate:.1} sd, ess {ess:.0}"
    );
    for (name, (samples, cells)) in ["depth", "upper", "lower"].iter().zip(quantities.iter().zip(&cells)) {
        // The chain's samples are correlated, so that each counts as its share of an effective sample.
        let ess = convergence(&samples.chunks(samples.len() / 4).take(4).map(<[f64]>::to_vec).collect::<Vec<_>>()).ess;
        let mut counts = [0.0; CELLS];
        samples.iter().for_each(|x| counts[((x * CELLS as f64) as usize).min(CELLS - 1)] += ess / samples.len() as f64);
        let (mut chi2, mut used) = (0.0, 0.0);
        for (count, mass) in counts.iter().zip(cells) {
            let expected = mass / two_layers * ess;
            if expected > 5.0 {
                chi2 += (count - expected).powi(2) / expected;
                used += 1.0;
            }
        }
        let deviate = chi_square_deviate(chi2, used - 1.0);
        assert!(deviate < 4.3, "{name}: {counts:?} against {cells:?}, {deviate:.1} sd");
    }
}
