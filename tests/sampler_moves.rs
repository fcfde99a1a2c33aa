//! Every move by itself: its ratio compared with closed forms, its effect undone when rejected, its state equal to a
//! newly computed one when accepted.

use geobipy::bayes::{
    Chain, Context, Correlation, DepthScale, GaussNewton, LayerCountLaw, Model, Move, MoveMix, MoveWorkspace, Prior,
    State, StepSizes, Target, chain_rng,
};
use geobipy::forward::{Accuracy, EarthResponse, FdemForward};

use crate::sampler_support::{geometry, likelihood, prior, prior_with_factor, system};

const CORRELATIONS: [Correlation; 3] =
    [Correlation::Independent, Correlation::ByIndex { gradient_std: 1.0 }, Correlation::ByDistance { length_m: 8.0 }];

/// Many proposals of `kind` from draws of the prior: (before, after, ln q ratio), those within the prior.
fn proposals(kind: Move, prior: &Prior, mut gauss_newton: Option<GaussNewton>) -> Vec<(Model, Model, f64)> {
    let mut rng = chain_rng(21, 0.0, 0.0, kind.index() as u64);
    let scales = StepSizes::new(prior);
    let mut made = Vec::new();
    for _ in 0..4_000 {
        let before = prior.draw(&mut rng);
        let mut after = before.clone();
        let part = kind.choose_part(prior, &mut rng);
        let gauss_newton = gauss_newton.as_mut();
        let mut context =
            Context { prior, scale: scales.get(kind, part), part, gauss_newton, work: &mut MoveWorkspace::default() };
        if let Ok(ln_q_ratio) = kind.propose(&mut after, &mut context, &mut rng)
            && prior.ln_density(&after).is_finite()
        {
            made.push((before, after, ln_q_ratio));
        }
    }
    assert!(made.len() > 200, "{} proposes too little to test: {}", kind.name(), made.len());
    made
}

fn wide_prior(correlation: Correlation) -> Prior {
    let mut prior = prior(LayerCountLaw::Reciprocal, DepthScale::LogOffset { offset_m: 10.0 }, correlation);
    // Without truncation the closed forms below also hold for correlated layers.
    prior.conductivity.bounds = (-60.0, 60.0);
    prior
}

fn ln_factorial(n: usize) -> f64 {
    (1..=n).map(|i| (i as f64).ln()).sum()
}

/// Birth and death of layers whose values come from the prior: prior and proposal cancel except for p(k')/p(k) (n! Z_n)
/// / (n'! Z_n'), for any draw. A birth and the death that undoes it are such a pair.
#[test]
fn birth_and_death_ratio_is_that_of_counting_sets() {
    let prior = wide_prior(Correlation::Independent);
    for (before, after, ln_q_ratio) in proposals(Move::BirthDeath, &prior, None) {
        let (n, m) = (before.earth.layer_count() - 1, after.earth.layer_count() - 1);
        let of =
            |n: usize| prior.layer_count.ln_probability(n + 1) - prior.interfaces.ln_normalization(n) - ln_factorial(n);
        let got = prior.ln_density(&after) - prior.ln_density(&before) + ln_q_ratio;
        assert!((got - (of(m) - of(n))).abs() < 1e-9, "{n} -> {m} interfaces: {got}");
    }
}

/// A merge undoes a split: the ratio of one, from its definition, is minus that of the other.
#[test]
fn split_and_merge_ratios_are_each_others_inverse() {
    let prior = wide_prior(Correlation::Independent);
    let mut both = [0, 0];
    for (before, after, ln_q_ratio) in proposals(Move::SplitMerge, &prior, None) {
        let split = after.earth.layer_count() > before.earth.layer_count();
        both[usize::from(split)] += 1;
        let (small, large) = if split { (&before, &after) } else { (&after, &before) };
        let interface = (0..large.earth.layer_count() - 1)
            .find(|&i| small.earth.interface_depth_m().get(i) != Some(&large.earth.interface_depth_m()[i]))
            .unwrap();
        let v = large.earth.ln_conductivity()[interface + 1] - large.earth.ln_conductivity()[interface];
        let z = large.earth.interface_depth_m()[interface];
        let ln_normal = -0.5 * v * v - 0.5 * (2.0 * std::f64::consts::PI).ln();
        let ln_split = prior.interfaces.ln_density_of_one(z) + ln_normal;
        let ln_merge = -((large.earth.layer_count() - 1) as f64).ln();
        let expected = if split { ln_merge - ln_split } else { ln_split - ln_merge };
        assert!((ln_q_ratio - expected).abs() < 1e-9);
        // The thickness-weighted mean is kept.
        let mean = |earth: &geobipy::earth::LayeredEarth| -> f64 {
            let bottom = 1.5 * prior.interfaces.maximum_depth_m();
            let thickness = |i: usize| {
                let top = earth.top_m(i);
                earth.interface_depth_m().get(i).copied().unwrap_or(bottom) - top
            };
            earth.ln_conductivity().iter().enumerate().map(|(i, m)| m * thickness(i)).sum()
        };
        assert!((mean(&before.earth) - mean(&after.earth)).abs() < 1e-8);
    }
    assert!(both.iter().all(|&count| count > 100));
}

/// Interface moves cancel the prior of the depths exactly; the prior of the values they change remains.
#[test]
fn interface_moves_are_reversible_under_the_prior_of_depths() {
    for kind in [Move::InterfaceJump, Move::InterfaceShift] {
        let prior = wide_prior(Correlation::Independent);
        for (before, after, ln_q_ratio) in proposals(kind, &prior, None) {
            let depths = |m: &Model| prior.interfaces.ln_density(m.earth.interface_depth_m());
            let got = depths(&after) - depths(&before) + ln_q_ratio;
            assert!(got.abs() < 1e-9, "{}: {got}", kind.name());
        }
    }
}

/// Layers beside a shifted interface, and a stretched layer, keep value or conductance; a stretch has the Jacobian
/// h'/h.
#[test]
fn shifts_and_stretches_keep_value_or_conductance() {
    let prior = wide_prior(Correlation::Independent);
    for kind in [Move::InterfaceShift, Move::LayerStretch] {
        let mut kept_conductance = 0;
        for (before, after, ln_q_ratio) in proposals(kind, &prior, None) {
            assert_eq!(before.earth.layer_count(), after.earth.layer_count());
            let growth = |layer: usize| (after.earth.thickness_m(layer) / before.earth.thickness_m(layer)).ln();
            let change = |layer: usize| after.earth.ln_conductivity()[layer] - before.earth.ln_conductivity()[layer];
            for layer in 0..before.earth.layer_count() {
                let kept = change(layer) == 0.0 || (change(layer) + growth(layer)).abs() < 1e-9;
                assert!(kept, "{}: layer {layer} by {}, {}", kind.name(), change(layer), growth(layer));
                kept_conductance += usize::from(change(layer) != 0.0);
            }
            if kind == Move::LayerStretch {
                let changed = (0..before.earth.layer_count()).find(|&layer| change(layer) != 0.0);
                let expected = changed.map_or(0.0, growth);
                assert!((ln_q_ratio - expected).abs() < 1e-9, "{ln_q_ratio} against {expected}");
            }
        }
        assert!(kept_conductance > 100);
    }
}

/// Births and deaths of contrasts have the ratio of the module's text, computed here from a separate inverse of H. The
/// adjustment of the other values changes the linearised data less than the new contrast alone would.
#[test]
fn contrast_moves_have_the_ratio_of_their_definition() {
    let prior = wide_prior(Correlation::ByDistance { length_m: 8.0 });
    let likelihood = likelihood(&[150.0, 220.0, 400.0, 700.0, 120.0, 90.0, 300.0, 150.0], None);
    let mut forward = FdemForward::new(&system(), geometry().height_m(), Accuracy::Standard);
    let profile = vec![-4.0; GaussNewton::cell_depths_m(prior.interfaces.maximum_depth_m()).len()];
    let mut gauss_newton = GaussNewton::new(profile, &geometry(), &prior, &likelihood, &mut forward);
    let mut both = [0, 0];
    for (before, after, ln_q_ratio) in proposals(Move::ContrastBirthDeath, &prior, Some(gauss_newton.clone())) {
        let birth = after.earth.layer_count() > before.earth.layer_count();
        both[usize::from(birth)] += 1;
        let (small, large) = if birth { (&before, &after) } else { (&after, &before) };
        let interface = (0..large.earth.layer_count() - 1)
            .find(|&i| small.earth.interface_depth_m().get(i) != Some(&large.earth.interface_depth_m()[i]))
            .unwrap();
        let (direction, std) = gauss_newton.contrast(large, interface, &prior).unwrap();
        let values = large.earth.ln_conductivity();
        let contrast = values[interface + 1] - values[interface];
        let old = |layer: usize| small.earth.ln_conductivity()[if layer > interface { layer - 1 } else { layer }];
        for (layer, value) in values.iter().enumerate() {
            assert!((value - old(layer) - contrast * direction[layer]).abs() < 1e-8, "layer {layer}");
        }
        let height = large.geometry.height_m() - small.geometry.height_m();
        assert!((height - contrast * direction[values.len()]).abs() < 1e-8);
        let z = large.earth.interface_depth_m()[interface];
        let ln_normal = -0.5 * (contrast / std).powi(2) - 0.5 * (2.0 * std::f64::consts::PI).ln() - std.ln();
        let ln_birth_over_death =
            prior.interfaces.ln_density_of_one(z) + ln_normal + ((large.earth.layer_count() - 1) as f64).ln();
        let expected = if birth { -ln_birth_over_death } else { ln_birth_over_death };
        assert!((ln_q_ratio - expected).abs() < 1e-7, "{ln_q_ratio} against {expected}");
    }
    assert!(both.iter().all(|&count| count > 100), "{both:?}");
}

/// A relocation and its reverse cancel: the sum of their ln ratios is 0.
#[test]
fn relocations_keep_contrasts_in_standard_deviations() {
    let prior = wide_prior(Correlation::Independent);
    let likelihood = likelihood(&[150.0, 220.0, 400.0, 700.0, 120.0, 90.0, 300.0, 150.0], None);
    let mut forward = FdemForward::new(&system(), geometry().height_m(), Accuracy::Standard);
    let profile = vec![-4.0; GaussNewton::cell_depths_m(prior.interfaces.maximum_depth_m()).len()];
    let mut gauss_newton = GaussNewton::new(profile, &geometry(), &prior, &likelihood, &mut forward);
    for kind in [Move::ContrastJump, Move::ContrastShift] {
        for (before, after, ln_q_ratio) in proposals(kind, &prior, Some(gauss_newton.clone())) {
            let (old, new) = (before.earth.interface_depth_m(), after.earth.interface_depth_m());
            let gone = old.iter().position(|z| !new.contains(z)).unwrap();
            let come = new.iter().position(|z| !old.contains(z)).unwrap();
            let mut of = |model: &Model, interface: usize| {
                let std = gauss_newton.contrast(model, interface, &prior).unwrap().1;
                let values = model.earth.ln_conductivity();
                (std, (values[interface + 1] - values[interface]) / std)
            };
            let ((old_std, old_contrast), (new_std, new_contrast)) = (of(&before, gone), of(&after, come));
            assert!((old_contrast - new_contrast).abs() < 1e-6 * (1.0 + old_contrast.abs()), "{}", kind.name());
            let g = |z: f64| prior.interfaces.ln_density_of_one(z);
            let expected = g(old[gone]) - g(new[come]) + (new_std / old_std).ln();
            assert!((ln_q_ratio - expected).abs() < 1e-9, "{}: {ln_q_ratio} against {expected}", kind.name());
        }
    }
}

/// The block move keeps the Gaussian prior, correlated or not.
#[test]
fn block_moves_are_reversible_under_the_prior() {
    for correlation in CORRELATIONS {
        let prior = wide_prior(correlation);
        for (before, after, ln_q_ratio) in proposals(Move::ConductivityBlock, &prior, None) {
            let got = prior.ln_density(&after) - prior.ln_density(&before) + ln_q_ratio;
            assert!(got.abs() < 1e-8, "block with {correlation:?}: {got}");
        }
    }
}

#[test]
fn random_walks_are_symmetric_and_leave_the_rest_alone() {
    let errors = [Move::All, Move::RelativeError, Move::AdditiveError, Move::Geometry];
    check_random_walks(&wide_prior(Correlation::Independent), None, &errors);
    check_random_walks(&prior_with_factor(), Some(&[12.0; 8]), &[Move::All, Move::RelativeError, Move::Geometry]);
}

fn check_random_walks(prior: &Prior, std: Option<&[f64]>, kinds: &[Move]) {
    let likelihood = likelihood(&[150.0, 220.0, 400.0, 700.0, 120.0, 90.0, 300.0, 150.0], std);
    let mut forward = FdemForward::new(&system(), geometry().height_m(), Accuracy::Standard);
    let profile = vec![-4.0; GaussNewton::cell_depths_m(prior.interfaces.maximum_depth_m()).len()];
    let gauss_newton = GaussNewton::new(profile, &geometry(), prior, &likelihood, &mut forward);
    for &kind in kinds {
        for (before, after, ln_q_ratio) in proposals(kind, prior, Some(gauss_newton.clone())) {
            assert_eq!(ln_q_ratio, 0.0);
            assert_ne!(before, after);
            assert_eq!(before.earth.interface_depth_m(), after.earth.interface_depth_m());
            assert_eq!(before.earth == after.earth, !kind.changes_earth());
            assert_eq!(before.geometry == after.geometry, !matches!(kind, Move::Geometry | Move::All));
        }
    }
}

/// The forward model is called only for proposals within the prior; a rejected move changes nothing; an accepted one
/// gives the same state as a new computation.
#[test]
fn states_are_whole_after_acceptance_and_untouched_after_rejection() {
    let prior = prior(LayerCountLaw::Uniform, DepthScale::Linear, Correlation::ByDistance { length_m: 8.0 });
    check_states(&prior, None, Move::ALL);
    check_states(&prior_with_factor(), Some(&[12.0; 8]), &[Move::RelativeError, Move::All]);
}

fn check_states(prior: &Prior, std: Option<&[f64]>, kinds: &[Move]) {
    let likelihood = likelihood(&[150.0, 220.0, 400.0, 700.0, 120.0, f64::NAN, 300.0, 150.0], std);
    let mut forward = FdemForward::new(&system(), geometry().height_m(), Accuracy::Standard);
    for &kind in kinds {
        let target = Target { prior: prior.clone(), likelihood: likelihood.clone(), mix: MoveMix::new(&[(kind, 1.0)]) };
        let mut rng = chain_rng(31, 0.0, 0.0, kind.index() as u64);
        let (mut accepted, mut rejected) = (0, 0);
        for start in 0..40 {
            let model = prior.draw(&mut rng);
            let profile = vec![-4.0; GaussNewton::cell_depths_m(prior.interfaces.maximum_depth_m()).len()];
            let mut chain = Chain::new(model, &target, &mut forward, chain_rng(32, start as f64, 0.0, 0));
            chain.set_gauss_newton(GaussNewton::new(profile, &geometry(), prior, &likelihood, &mut forward));
            chain.freeze();
            for _ in 0..40 {
                let before = chain.state().clone();
                let count = chain.counts()[kind.index()].accepted;
                chain.try_move(kind, &target, &mut forward);
                if chain.counts()[kind.index()].accepted == count {
                    rejected += 1;
                    assert_eq!(*chain.state(), before, "{}", kind.name());
                } else {
                    accepted += 1;
                    let model = chain.state().model.clone();
                    let rebuilt = State::new(model, prior, &likelihood, &mut forward, &mut EarthResponse::default());
                    assert_eq!(*chain.state(), rebuilt, "{}", kind.name());
                }
            }
        }
        assert!(accepted > 20 && rejected > 20, "{}: {accepted} accepted, {rejected} rejected", kind.name());
    }
}
