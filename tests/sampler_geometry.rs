//! Moves of the geometry of time-domain systems, with several sampled parameters and two error groups: they keep the
//! prior with the likelihood off, and leave correct states with it on, after any moves of the coils over the same
//! earth.

use geobipy::bayes::{
    Chain, ChainRng, Context, ErrorPrior, GaussNewton, Model, Move, MoveMix, MoveWorkspace, Prior, State, Target,
    accept, chain_rng,
};
use geobipy::forward::{EarthResponse, ForwardModel, Sensitivity};
use geobipy::system::{Geometry, GeometryParameter};
use rand_distr::{Distribution, StandardNormal};

use crate::sampler_support::{Quantity, assert_same_quantities};
use crate::support::assert_close;
use crate::tdem_support::{Sounding, soundings};

const DRAWS: usize = 10_000;
/// Number of moves of each model.
const STEPS: usize = 12;
/// Weight of the data in informed proposals that makes their steps large enough to show an error.
const DATA_WEIGHT: f64 = 0.005;

/// Quantities with sums of different parameters: a walk in directions that the data leave open must not correlate them.
const QUANTITIES: [(&str, Quantity); 11] = [
    ("layer count", |m| m.earth.layer_count() as f64),
    ("ln conductivity at 15 m", |m| m.earth.ln_conductivity_at(15.0)),
    ("ln relative error of group 0", |m| m.ln_relative_error[0]),
    ("ln relative error of group 1", |m| m.ln_relative_error[1]),
    ("ln additive error of group 0", |m| m.ln_additive_error[0]),
    ("ln additive error of group 1", |m| m.ln_additive_error[1]),
    ("height", |m| m.geometry.height_m()),
    ("txrx_dx", |m| m.geometry.get(GeometryParameter::TxRxDx)),
    ("rx_pitch", |m| m.geometry.get(GeometryParameter::RxPitch)),
    ("height + txrx_dx", |m| m.geometry.height_m() + m.geometry.get(GeometryParameter::TxRxDx)),
    ("txrx_dx - rx_pitch", |m| m.geometry.get(GeometryParameter::TxRxDx) - m.geometry.get(GeometryParameter::RxPitch)),
];

fn draws(prior: &Prior, seed: u64) -> Vec<Model> {
    let mut rng = chain_rng(seed, 0.0, 0.0, 0);
    (0..DRAWS).map(|_| prior.draw(&mut rng)).collect()
}

/// The model after steps that move only the chosen `part` of the geometry, accepted by the prior; adds to `accepted`.
fn moved_by_part(
    sounding: &Sounding,
    part: usize,
    start: Model,
    gauss_newton: &mut GaussNewton,
    rng: &mut ChainRng,
    accepted: &mut usize,
) -> Model {
    let prior = &sounding.prior;
    let (mut model, mut candidate) = (start.clone(), start);
    for _ in 0..STEPS {
        candidate.clone_from(&model);
        let mut context = Context {
            prior,
            scale: 1.0,
            part,
            gauss_newton: Some(&mut *gauss_newton),
            work: &mut MoveWorkspace::default(),
        };
        let ln_q_ratio = Move::Geometry.propose(&mut candidate, &mut context, rng).unwrap();
        if accept(ln_q_ratio + prior.ln_density(&candidate) - prior.ln_density(&model), rng) {
            std::mem::swap(&mut model, &mut candidate);
            *accepted += 1;
        }
    }
    model
}

/// Would catch: a walk whose steps depend on its position, a parameter moved as another, a prior left out of the ratio.
#[test]
fn every_part_of_the_geometry_move_keeps_the_prior() {
    for sounding in soundings() {
        let fresh = draws(&sounding.prior, 1);
        let mut gauss_newton = sounding.gauss_newton(&sounding.likelihood(), DATA_WEIGHT);
        let sampled = sounding.prior.geometry.sampled();
        for part in 0..=sampled.len() {
            let mut accepted = 0;
            let starts = draws(&sounding.prior, 2);
            let after: Vec<Model> = (0..)
                .zip(&starts)
                .map(|(i, start)| {
                    let mut rng = chain_rng(41, part as f64, f64::from(i), 0);
                    moved_by_part(&sounding, part, start.clone(), &mut gauss_newton, &mut rng, &mut accepted)
                })
                .collect();
            let what = format!("part {part} of {}", sounding.name);
            assert!((DRAWS * STEPS / 5..DRAWS * STEPS).contains(&accepted), "{what}: {accepted} accepted");
            assert_moves(&sounding, sampled, part, &starts, &after);
            assert_same_quantities(&what, &QUANTITIES, &after, &fresh);
        }
    }
}

/// Checks that each parameter of `part` moves far enough for an error to show, and that all others stay.
fn assert_moves(sounding: &Sounding, sampled: &[GeometryParameter], part: usize, before: &[Model], after: &[Model]) {
    for (i, &parameter) in sampled.iter().enumerate() {
        let squares = before.iter().zip(after).map(|(before, after)| {
            (sounding.deviation(after, parameter) - sounding.deviation(before, parameter)).powi(2)
        });
        let rms = (squares.sum::<f64>() / before.len() as f64).sqrt();
        let is_moved = part == i || part == sampled.len();
        let what = format!("part {part} of {} moves {} by {rms} std", sounding.name, parameter.name());
        assert!(if is_moved { rms > 0.2 } else { rms == 0.0 }, "{what}");
    }
}

/// The models to which a frozen chain moves each start, with the data switched off.
fn moved(
    sounding: &Sounding,
    starts: Vec<Model>,
    run: impl Fn(&mut Chain<ChainRng>, &Target, &mut dyn ForwardModel),
) -> Vec<Model> {
    let target = Target::new(sounding.prior.clone(), sounding.likelihood());
    let linearised = sounding.gauss_newton(&target.likelihood, DATA_WEIGHT);
    let mut forward = sounding.forward();
    let finish = |(i, model): (usize, Model)| {
        let mut chain =
            Chain::new(model, &target, &mut forward, chain_rng(78, 0.0, i as f64, 1)).with_inverse_temperature(0.0);
        chain.set_gauss_newton(linearised.clone());
        chain.freeze();
        run(&mut chain, &target, &mut forward);
        chain.state().model.clone()
    };
    starts.into_iter().enumerate().map(finish).collect()
}

/// Would catch: a choice of parts that depends on the model, errors of one group moved or judged as another's.
#[test]
fn moves_of_geometry_and_errors_by_group_keep_the_prior() {
    for sounding in soundings() {
        let fresh = draws(&sounding.prior, 1);
        for kind in [Move::Geometry, Move::RelativeError, Move::AdditiveError] {
            let after = moved(&sounding, draws(&sounding.prior, 2), |chain, target, forward| {
                (0..2 * STEPS).for_each(|_| chain.try_move(kind, target, forward));
            });
            assert_same_quantities(&format!("{} of {}", kind.name(), sounding.name), &QUANTITIES, &after, &fresh);
        }
    }
}

#[test]
fn all_moves_together_reach_the_prior_of_geometry_and_errors() {
    for sounding in soundings() {
        let start = sounding.prior.draw(&mut chain_rng(3, 0.0, 0.0, 0));
        let after = moved(&sounding, vec![start; 4_000], |chain, target, forward| {
            (0..300).for_each(|_| chain.iterate(target, forward));
        });
        let what = format!("standard mix of {}", sounding.name);
        assert_same_quantities(&what, &QUANTITIES, &after, &draws(&sounding.prior, 1));
    }
}

/// Like `sampler_invariance`, which gives the reason: data are drawn from models that are drawn from the prior, and
/// chains that start at the model of their data keep the prior, with the data switched on and informed proposals at
/// full weight.
///
/// Would catch: errors that prior recovery cannot find, such as predictions of another geometry or a walk that depends
/// on its position.
#[test]
fn posterior_chains_started_at_the_truth_keep_the_prior_of_geometry() {
    const COUNT: usize = 3_000;
    for mut sounding in soundings() {
        // An error relative to the observed datum gives no density of that datum, so that it cannot be drawn from.
        sounding.prior.relative_error = vec![ErrorPrior::Fixed { ln_value: -30.0 }; 2];
        // Less accurate data allow steps without adaptation.
        sounding.multiply_additive_errors(if sounding.name == "helicopter" { 1e3 } else { 30.0 });
        let prior = &sounding.prior;
        let truths = &draws(prior, 4)[..COUNT];
        let mixes = [("standard mix", MoveMix::standard(prior)), ("geometry", MoveMix::new(&[(Move::Geometry, 1.0)]))];
        for (name, mix) in mixes {
            let mut accepted = 0;
            let after: Vec<Model> = (0..)
                .zip(truths)
                .map(|(i, truth)| {
                    let mut rng = chain_rng(71, 0.0, f64::from(i), 0);
                    let likelihood = sounding.likelihood_of(&noisy(&sounding, truth, &mut rng));
                    let target = Target { prior: prior.clone(), likelihood, mix: mix.clone() };
                    let mut forward = sounding.forward();
                    let mut chain = Chain::new(truth.clone(), &target, &mut forward, rng);
                    chain.set_gauss_newton(sounding.gauss_newton(&target.likelihood, 1.0));
                    chain.freeze();
                    (0..60).for_each(|_| chain.iterate(&target, &mut forward));
                    accepted += chain.counts()[Move::Geometry.index()].accepted;
                    chain.state().model.clone()
                })
                .collect();
            let what = format!("{name} of {}", sounding.name);
            // A mix that never moves would pass any test.
            println!("{what}: {accepted}");
            assert!(accepted > 10 * COUNT as u64, "{what} hardly moves: {accepted} acceptances");
            assert_same_quantities(&what, &QUANTITIES, &after, &draws(prior, 1));
        }
    }
}

/// Data of `truth` with its errors.
fn noisy(sounding: &Sounding, truth: &Model, rng: &mut ChainRng) -> Vec<f64> {
    let mut data = sounding.predict(&truth.earth, &truth.geometry);
    for (channel, datum) in data.iter_mut().enumerate() {
        let normal: f64 = StandardNormal.sample(rng);
        let additive = truth.ln_additive_error[sounding.noise.group[channel]].exp();
        *datum += additive * sounding.noise.additive_shape[channel] * normal;
    }
    data
}

/// A state computed from the model alone, by a new forward model.
fn rebuilt(sounding: &Sounding, target: &Target, model: &Model) -> State {
    let response = &mut EarthResponse::default();
    State::new(model.clone(), &target.prior, &target.likelihood, &mut sounding.forward(), response)
}

/// Checks that predictions, misfit and densities equal those of a newly computed state, to rounding.
#[track_caller]
fn assert_whole(sounding: &Sounding, target: &Target, state: &State, what: &str) {
    let expected = rebuilt(sounding, target, &state.model);
    for (channel, (got, expected)) in state.fit.predicted.iter().zip(&expected.fit.predicted).enumerate() {
        assert_close(*got, *expected, 1e-12, 0.0, &format!("{what}: prediction of channel {channel}"));
    }
    assert_close(state.fit.misfit, expected.fit.misfit, 1e-9, 1e-9, &format!("{what}: misfit"));
    assert_close(state.fit.ln_likelihood, expected.fit.ln_likelihood, 1e-9, 1e-9, &format!("{what}: ln likelihood"));
    assert_eq!(state.ln_prior_earth, expected.ln_prior_earth, "{what}");
    assert_eq!(state.ln_prior_rest, expected.ln_prior_rest, "{what}");
}

/// Would catch: the response of an earlier earth used for a new geometry; predictions kept of a rejected move; nodes of
/// one height used for another.
#[test]
fn states_stay_whole_through_moves_of_earth_and_geometry() {
    for sounding in soundings() {
        let target = Target::new(sounding.prior.clone(), sounding.likelihood());
        let mut forward = sounding.forward();
        let (mut accepted, mut rejected) = ([0; 2], [0; 2]);
        for start in 0..25 {
            let mut rng = chain_rng(51, 0.0, f64::from(start), 0);
            let mut chain = Chain::new(target.prior.draw(&mut rng), &target, &mut forward, rng);
            chain.set_gauss_newton(sounding.gauss_newton(&target.likelihood, 1.0));
            chain.freeze();
            for (round, kind) in (0..10).flat_map(|round| Move::ALL.iter().map(move |&kind| (round, kind))) {
                // The last move is the geometry: several steps over each earth reuse its response.
                for _ in 0..if kind == Move::Geometry { 8 } else { 2 } {
                    let before = chain.state().clone();
                    let count = chain.counts()[kind.index()].accepted;
                    chain.try_move(kind, &target, &mut forward);
                    let what = format!("{}, chain {start}, round {round}, {}", sounding.name, kind.name());
                    if chain.counts()[kind.index()].accepted == count {
                        rejected[usize::from(kind == Move::Geometry)] += 1;
                        assert_eq!(*chain.state(), before, "{what}");
                    } else {
                        accepted[usize::from(kind == Move::Geometry)] += 1;
                        assert_whole(&sounding, &target, chain.state(), &what);
                    }
                }
            }
        }
        let enough = accepted.iter().chain(&rejected).all(|&count| count > 200);
        assert!(enough, "{}: {accepted:?} accepted, {rejected:?} rejected", sounding.name);
    }
}

/// Would catch: such errors in normal use: many iterations of the mix with adapting step sizes, and then one check.
#[test]
fn states_are_whole_after_many_iterations() {
    for sounding in soundings() {
        let mut target = Target::new(sounding.prior.clone(), sounding.likelihood());
        let mixes = [target.mix.clone(), MoveMix::new(&[(Move::Geometry, 1.0)])];
        for (i, mix) in mixes.into_iter().enumerate() {
            target.mix = mix;
            let mut forward = sounding.forward();
            let mut rng = chain_rng(52, 0.0, i as f64, 0);
            let mut chain = Chain::new(target.prior.draw(&mut rng), &target, &mut forward, rng);
            chain.set_gauss_newton(sounding.gauss_newton(&target.likelihood, 1.0));
            for stage in 0..4 {
                (0..500).for_each(|_| chain.iterate(&target, &mut forward));
                let what = format!("{}, mix {i}, stage {stage}", sounding.name);
                assert_whole(&sounding, &target, chain.state(), &what);
            }
        }
    }
}

/// Geometries around the measured one: near, with the same path, and so far away that new nodes are computed.
fn places(measured: &Geometry) -> Vec<Geometry> {
    let by = |parameter, by| measured.with(parameter, measured.get(parameter) + by);
    vec![
        *measured,
        by(GeometryParameter::Height, 0.3),
        by(GeometryParameter::Height, 0.4 * measured.height_m()),
        by(GeometryParameter::RxPitch, 3.0),
        by(GeometryParameter::TxRxDx, 2.0).with(GeometryParameter::RxRoll, -2.0),
        by(GeometryParameter::Height, -0.2 * measured.height_m()).with(GeometryParameter::TxPitch, 1.5),
        by(GeometryParameter::TxRxDy, 4.0).with(GeometryParameter::RxYaw, 5.0),
    ]
}

/// Would catch: a forward model that depends on earlier positions of the coils, or on earlier earths.
#[test]
fn predictions_do_not_depend_on_the_geometries_before() {
    for sounding in soundings() {
        let mut rng = chain_rng(61, 0.0, 0.0, 0);
        let earths: Vec<_> = (0..3).map(|_| sounding.prior.draw(&mut rng).earth).collect();
        let places = places(sounding.prior.geometry.measured());
        let mut forward = sounding.forward();
        let (mut predicted, mut sensitivity) = (vec![0.0; sounding.observed.len()], Sensitivity::default());
        for earth in &earths {
            let expected: Vec<Vec<f64>> = places.iter().map(|place| sounding.predict(earth, place)).collect();
            for from in 0..places.len() {
                // A response at one place can be used at all places, in any order.
                let mut response = EarthResponse::default();
                forward.predict(earth, &places[from], &mut response, &mut predicted);
                assert_eq!(predicted, expected[from], "{}: place {from}", sounding.name);
                for step in 0..places.len() {
                    let to = (from + 3 * step + 1) % places.len();
                    if step == 2 {
                        // Derivatives elsewhere, over another earth, must have no effect.
                        forward.predict_with_sensitivity(&earths[0], &places[step], &mut predicted, &mut sensitivity);
                    }
                    forward.predict_moved(earth, &places[to], &response, &mut predicted);
                    assert_eq!(predicted, expected[to], "{}: place {to} with the response of {from}", sounding.name);
                }
            }
            assert!((1..places.len()).all(|i| expected[i] != expected[0]), "{}: a place has no effect", sounding.name);
        }
    }
}
