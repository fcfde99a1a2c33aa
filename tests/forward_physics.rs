//! The forward model compared with physics: limits with closed forms, symmetries, and its own derivatives.

use std::f64::consts::PI;
use std::path::Path;

use geobipy::constants::{EPSILON_0, MU_0};
use geobipy::earth::LayeredEarth;
use geobipy::forward::{Accuracy, EarthResponse, FdemForward, ForwardModel, Sensitivity};
use geobipy::survey::{ModelRow, read_models};
use geobipy::system::{FdemSystem, Geometry, GeometryParameter};
use num_complex::Complex64;

use crate::support::order::judged;
use crate::support::{assert_close, data_file, reference_system};

const HEADER: &str = "freq, tor, tmom, tx, ty, tzoff, ror, rmom, rx, ry, rzoff";

fn system(rows: &str) -> FdemSystem {
    FdemSystem::parse(&format!("{HEADER}\n{rows}\n"), Path::new("bird.stm")).unwrap()
}

fn predict(forward: &mut FdemForward, earth: &LayeredEarth, height_m: f64) -> Vec<f64> {
    let mut data = vec![f64::NAN; forward.channel_count()];
    forward.predict(earth, &Geometry::level(height_m), &mut EarthResponse::default(), &mut data);
    data
}

/// Complex responses by coil pair.
fn responses(system: &FdemSystem, earth: &LayeredEarth, height_m: f64, accuracy: Accuracy) -> Vec<Complex64> {
    complex(&predict(&mut FdemForward::new(system, height_m, accuracy), earth, height_m))
}

fn complex(data: &[f64]) -> Vec<Complex64> {
    let (in_phase, quadrature) = data.split_at(data.len() / 2);
    in_phase.iter().zip(quadrature).map(|(&re, &im)| Complex64::new(re, im)).collect()
}

fn halfspace(conductivity: f64) -> LayeredEarth {
    LayeredEarth::halfspace(conductivity.ln())
}

fn earth(conductivity: &[f64], thickness_m: &[f64]) -> LayeredEarth {
    LayeredEarth::from_thicknesses(conductivity, thickness_m).unwrap()
}

fn relative_error(got: Complex64, expected: Complex64) -> f64 {
    (got - expected).norm() / expected.norm()
}

fn random_models(count: usize) -> Vec<ModelRow> {
    let mut models = read_models(&data_file("resolve_quadrature_with_displacement.csv")).unwrap();
    models.truncate(count);
    models
}

// Derivatives

/// Number of times that the step of the central differences is halved.
const HALVINGS: usize = 6;
/// Checks the derivatives of all channels by one parameter; `changed` is the model with that parameter moved. Returns
/// how many could be judged.
fn judge(
    forward: &mut FdemForward,
    derivatives: &[f64],
    first_step: f64,
    changed: impl Fn(f64) -> (LayeredEarth, f64),
    what: &str,
) -> usize {
    let (unchanged, height_m) = changed(0.0);
    let size: Vec<f64> = complex(&predict(forward, &unchanged, height_m)).iter().map(|z| z.norm()).collect();
    let steps: Vec<f64> = (0..HALVINGS).map(|i| first_step * 0.5_f64.powi(i as i32)).collect();
    let moved: Vec<[Vec<f64>; 2]> = steps
        .iter()
        .map(|&step| {
            [step, -step].map(|by| {
                let (earth, height_m) = changed(by);
                predict(forward, &earth, height_m)
            })
        })
        .collect();
    (0..derivatives.len())
        .filter(|&channel| {
            let differences: Vec<(f64, f64)> = steps
                .iter()
                .zip(&moved)
                .map(|(&step, [plus, minus])| (step, (plus[channel] - minus[channel]) / (2.0 * step)))
                .collect();
            let what = format!("{what}, channel {channel}");
            judged(derivatives[channel], &differences, size[channel % size.len()], &what)
        })
        .count()
}

/// Would catch: any wrong term of the analytic derivatives, by any parameter, however small.
#[test]
fn errors_of_central_differences_fall_as_the_step_squared() {
    let system = reference_system();
    let (mut count, mut of) = ([0; 3], [0; 3]);
    for model in random_models(12) {
        let mut forward = FdemForward::new(&system, model.geometry.height_m(), Accuracy::Standard);
        let channels = forward.channel_count();
        let (mut data, mut sensitivity) = (vec![0.0; channels], Sensitivity::default());
        forward.predict_with_sensitivity(&model.earth, &model.geometry, &mut data, &mut sensitivity);
        let id = model.model_id.unwrap();
        let (depths, values) = (model.earth.interface_depth_m(), model.earth.ln_conductivity());

        for layer in 0..values.len() {
            let derivatives: Vec<f64> = (0..channels).map(|c| sensitivity.by_ln_conductivity(c)[layer]).collect();
            let changed = |by: f64| {
                let mut values = values.to_vec();
                values[layer] += by;
                (LayeredEarth::new(depths.to_vec(), values).unwrap(), model.geometry.height_m())
            };
            let what = format!("model {id}, ln conductivity of layer {layer}");
            count[0] += judge(&mut forward, &derivatives, 0.04, changed, &what);
            of[0] += channels;
        }
        for interface in 0..depths.len() {
            let derivatives: Vec<f64> = (0..channels).map(|c| sensitivity.by_interface_depth(c)[interface]).collect();
            let changed = |by: f64| {
                let mut depths = depths.to_vec();
                depths[interface] += by;
                (LayeredEarth::new(depths, values.to_vec()).unwrap(), model.geometry.height_m())
            };
            let thinnest = model
                .earth
                .thickness_m(interface)
                .min(model.earth.thickness_m(interface + 1))
                .min(model.geometry.height_m());
            let what = format!("model {id}, depth of interface {interface}");
            count[1] += judge(&mut forward, &derivatives, 0.02 * thinnest, changed, &what);
            of[1] += channels;
        }
        let derivatives: Vec<f64> =
            (0..channels).map(|c| sensitivity.by_geometry(c, GeometryParameter::Height)).collect();
        let changed = |by: f64| (model.earth.clone(), model.geometry.height_m() + by);
        let what = format!("model {id}, height");
        count[2] += judge(&mut forward, &derivatives, 0.02 * model.geometry.height_m(), changed, &what);
        of[2] += channels;
    }
    println!("judged by ln conductivity, interface depth, height: {count:?} of {of:?}");
    // Many of the layers are below conductors and have no effect: their derivatives are lost in rounding, as they
    // should be.
    assert!(count[0] * 4 > of[0] && count[1] * 4 > of[1] && count[2] == of[2], "{count:?} of {of:?}");
}

/// Would catch: data of [`ForwardModel::predict_with_sensitivity`] that differ from those the likelihood uses.
#[test]
fn data_are_the_same_with_and_without_derivatives() {
    let system = reference_system();
    for model in random_models(30) {
        let mut forward = FdemForward::new(&system, model.geometry.height_m(), Accuracy::Standard);
        let plain = predict(&mut forward, &model.earth, model.geometry.height_m());
        let mut data = vec![f64::NAN; plain.len()];
        forward.predict_with_sensitivity(&model.earth, &model.geometry, &mut data, &mut Sensitivity::default());
        for (got, expected) in complex(&data).into_iter().zip(complex(&plain)) {
            assert!(relative_error(got, expected) < 1e-12, "model {:?}: {got}, {expected}", model.model_id);
        }
    }
}

// Symmetries

/// Would catch: a recursion with an effect of an interface where conductivity does not change.
#[test]
fn a_layer_split_in_two_changes_nothing() {
    let system = reference_system();
    for model in random_models(30) {
        let whole = responses(&system, &model.earth, model.geometry.height_m(), Accuracy::Standard);
        for layer in 0..model.earth.layer_count() {
            let (mut depths, mut values) =
                (model.earth.interface_depth_m().to_vec(), model.earth.ln_conductivity().to_vec());
            let top = if layer == 0 { 0.0 } else { depths[layer - 1] };
            depths.insert(layer, top + 0.37 * model.earth.thickness_m(layer).min(100.0));
            values.insert(layer, values[layer]);
            let split = LayeredEarth::new(depths, values).unwrap();
            for (got, expected) in
                responses(&system, &split, model.geometry.height_m(), Accuracy::Standard).iter().zip(&whole)
            {
                let error = relative_error(*got, *expected);
                assert!(error < 1e-12, "model {:?}, layer {layer}: {got} split, {expected} whole", model.model_id);
            }
        }
    }
}

/// Would catch: overflow or cancellation in thick layers.
#[test]
fn what_lies_very_deep_changes_nothing() {
    let system = reference_system();
    for conductivity in [1e-4, 1e-2, 1.0, 100.0] {
        let expected = responses(&system, &halfspace(conductivity), 30.0, Accuracy::Standard);
        // In a resistive earth the field decays only with distance, as (height / depth)^3.
        for (depth_m, allowed) in [(1e4, 1e-4), (1e6, 1e-12), (1e9, 1e-12)] {
            for below in [1e-5, 100.0] {
                let layered = earth(&[conductivity, below], &[depth_m]);
                for (got, expected) in responses(&system, &layered, 30.0, Accuracy::Standard).iter().zip(&expected) {
                    let error = relative_error(*got, *expected);
                    assert!(error < allowed, "{conductivity} over {below} S/m at {depth_m} m: {got}, {expected}");
                }
            }
        }
    }
}

/// Would catch: offsets of only one of the coils used, or used with the wrong sign of the other.
#[test]
fn transmitter_and_receiver_can_be_exchanged() {
    let layered = earth(&[0.02, 0.3, 0.005], &[12.0, 20.0]);
    let there = system("1776,z,1,0.2,0.1,0.7,z,1,8.1,-0.4,-0.4\n3345,x,-1,-0.3,0,0.7,x,1,8.7,0,-0.9");
    let back = system("1776,z,1,8.1,-0.4,-0.4,z,1,0.2,0.1,0.7\n3345,x,-1,8.7,0,-0.9,x,1,-0.3,0,0.7");
    let there = responses(&there, &layered, 35.0, Accuracy::Standard);
    let back = responses(&back, &layered, 35.0, Accuracy::Standard);
    for (there, back) in there.iter().zip(&back) {
        assert!(relative_error(*there, *back) < 1e-12, "{there} there, {back} back");
    }
}

/// Would catch: vertical offsets with the wrong sign or counted once.
#[test]
fn coils_a_metre_higher_are_a_bird_a_metre_higher() {
    let layered = earth(&[0.02, 0.3, 0.005], &[12.0, 20.0]);
    let flat = system("1776,z,1,0,0,0.25,z,1,7.9,0,-0.5\n3345,x,-1,0,0,0.25,x,1,9,0,-0.5");
    let lifted = system("1776,z,1,0,0,1.25,z,1,7.9,0,0.5\n3345,x,-1,0,0,1.25,x,1,9,0,0.5");
    let higher = responses(&flat, &layered, 36.0, Accuracy::Reference);
    let same = responses(&flat, &layered, 35.0, Accuracy::Reference);
    let lifted = responses(&lifted, &layered, 35.0, Accuracy::Reference);
    for ((lifted, higher), same) in lifted.iter().zip(&higher).zip(&same) {
        assert!(relative_error(*lifted, *higher) < 1e-9, "{lifted} lifted, {higher} higher");
        assert!(relative_error(*lifted, *same) > 1e-2, "height has no effect");
    }
}

// Limits with closed forms

/// The coplanar and the coaxial pair at 380 Hz, where displacement currents are of order (k_0 l)^2 = 2e-7.
const LOW_FREQUENCY_HZ: f64 = 380.0;
const COPLANAR_SEPARATION_M: f64 = 7.93;
const COAXIAL_SEPARATION_M: f64 = 9.03;

fn low_frequency_pairs() -> FdemSystem {
    system(&format!(
        "{LOW_FREQUENCY_HZ},z,1,0,0,0,z,1,{COPLANAR_SEPARATION_M},0,0\n\
         {LOW_FREQUENCY_HZ},x,-1,0,0,0,x,1,{COAXIAL_SEPARATION_M},0,0"
    ))
}

/// Field of the image of each dipole in a perfectly conducting ground, `distance_m` below it, in ppm of the primary
/// field.
///
/// The field of a unit dipole along its own direction, at r, `along` of it in that direction, is (3 along^2 / r^2 - 1)
/// / (4 pi r^3). At a perfect conductor the vertical field vanishes, so that the image of a vertical dipole has the
/// opposite direction and that of a horizontal one the same direction. Primary fields are -1/(4 pi s^3) coplanar and
/// 2/(4 pi s^3) coaxial; the coaxial transmitter's moment of -1 changes its sign.
fn image_response(distance_m: Complex64) -> [Complex64; 2] {
    let field = |separation_m: f64, along: Complex64| {
        let r_squared = separation_m * separation_m + distance_m * distance_m;
        (3.0 * along * along / r_squared - 1.0) / (r_squared * r_squared.sqrt())
    };
    let [s, x] = [COPLANAR_SEPARATION_M, COAXIAL_SEPARATION_M];
    let coplanar = -field(s, distance_m) / (-1.0 / s.powi(3));
    let coaxial = -field(x, Complex64::new(x, 0.0)) / (2.0 / x.powi(3));
    [1e6 * coplanar, 1e6 * coaxial]
}

/// Would catch: a wrong sign, scale or geometry factor of either orientation, a wrong sign of the time dependence.
#[test]
fn a_perfect_conductor_answers_as_the_image_dipole() {
    const CONDUCTIVITY: f64 = 1e8;
    let angular_frequency = 2.0 * PI * LOW_FREQUENCY_HZ;
    let skin_depth_m = (2.0 / (angular_frequency * MU_0 * CONDUCTIVITY)).sqrt();
    for height_m in [10.0, 30.0, 100.0] {
        let got = responses(&low_frequency_pairs(), &halfspace(CONDUCTIVITY), height_m, Accuracy::Reference);
        let perfect = image_response(Complex64::new(2.0 * height_m, 0.0));
        // The field enters a skin depth, which moves the image; the response falls with the third power of distance,
        // somewhat faster near the coils.
        let allowed = 4.0 * 2.0_f64.sqrt() * skin_depth_m / (2.0 * height_m);
        // To second order of the skin depth the image is at the complex distance 2 h + (1 - i) delta (Wait 1969).
        let moved = image_response(Complex64::new(2.0 * height_m + skin_depth_m, -skin_depth_m));
        for pair in 0..2 {
            let (got, perfect, moved) = (got[pair], perfect[pair], moved[pair]);
            assert!(perfect.re > 0.0, "contractors deliver positive in-phase data over a conductor");
            assert!(relative_error(got, perfect) < allowed, "pair {pair}, {height_m} m: {got}, image {perfect}");
            let error = relative_error(got, moved);
            // displacement currents: (k_0 2 h)^2 = 2.5e-6 at 100 m
            assert!(error < 3e-6, "pair {pair}, {height_m} m: {got}, image at complex depth {moved}, off by {error:e}");
        }
    }
}

/// Would catch: a wrong factor of omega mu sigma, quadratures exchanged, a wrong sign of i.
///
/// For |gamma| l << 1, gamma^2 = i omega mu sigma, r_TE -> -gamma^2 / (4 lambda^2) and the coplanar response becomes
/// gamma^2 s^3 / (4 R), R^2 = 4 h^2 + s^2: McNeill's (1980) i omega mu sigma s^2 / 4 on the ground. The next term comes
/// from lambda ~ |gamma|: the integral over x from 0 of 1/4 - x^2 (sqrt(x^2 + 1) - x)^2 is 4/15, which makes the
/// response smaller by the factor 1 - (16/15) gamma R. The remaining terms are of order (gamma R)^2 ln(1/(gamma R)),
/// and k_0 R by displacement currents, so that the frequency is lower than any bird's.
#[test]
fn at_low_induction_numbers_the_response_is_proportional_to_conductivity() {
    const FREQUENCY_HZ: f64 = 5.0;
    let s = COPLANAR_SEPARATION_M;
    let pair = system(&format!("{FREQUENCY_HZ},z,1,0,0,0,z,1,{s},0,0"));
    let angular_frequency = 2.0 * PI * FREQUENCY_HZ;
    for (height_m, conductivity) in [(10.0, 1e-5), (30.0, 1e-5), (30.0, 1e-4), (60.0, 1e-3)] {
        let gamma = Complex64::new(0.0, angular_frequency * MU_0 * conductivity).sqrt();
        let r = f64::hypot(2.0 * height_m, s);
        let expected = 1e6 * gamma * gamma * s.powi(3) / (4.0 * r) * (1.0 - 16.0 / 15.0 * gamma * r);
        let got = responses(&pair, &halfspace(conductivity), height_m, Accuracy::Reference)[0];
        let error = relative_error(got, expected);
        let gamma_r = (gamma * r).norm();
        let allowed = gamma_r * gamma_r * (1.0 / gamma_r).ln() + angular_frequency * (MU_0 * EPSILON_0).sqrt() * r;
        assert!(error < allowed, "{conductivity} S/m, {height_m} m: {got}, expected {expected}, off by {error:e}");
        let second_term = 16.0 / 15.0 * gamma_r;
        assert!(allowed < 0.2 * second_term, "the tolerance {allowed:e} hides the second term {second_term:e}");
    }
}

/// J_0 or J_1 by its integral over half a turn: the trapezoid rule converges geometrically once it resolves x.
fn bessel(order: i32, x: f64) -> f64 {
    const POINTS: usize = 64;
    let value = |i: usize| {
        let angle = PI * (i as f64 + 0.5) / POINTS as f64;
        (f64::from(order) * angle - x * angle.sin()).cos()
    };
    (0..POINTS).map(value).sum::<f64>() / POINTS as f64
}

/// The reflection coefficient at horizontal wavenumber `lambda` without displacement currents, by impedances and
/// hyperbolic tangents (Wait 1951), which is another method than the program's.
fn quasi_static_reflection(
    lambda: f64,
    angular_frequency: f64,
    conductivity: &[f64],
    thickness_m: &[f64],
) -> Complex64 {
    let wavenumber = |sigma: f64| Complex64::new(lambda * lambda, angular_frequency * MU_0 * sigma).sqrt();
    let mut admittance = wavenumber(conductivity[thickness_m.len()]);
    for (sigma, h) in conductivity.iter().zip(thickness_m).rev() {
        let u = wavenumber(*sigma);
        let tanh = (u * *h).tanh();
        admittance = u * (admittance + u * tanh) / (u + admittance * tanh);
    }
    (lambda - admittance) / (lambda + admittance)
}

/// Coplanar and coaxial response in ppm by brute force along the real axis: Simpson's rule in ln lambda.
fn brute_force(height_m: f64, conductivity: &[f64], thickness_m: &[f64]) -> [Complex64; 2] {
    const INTERVALS: usize = 20_000;
    let (first, last) = (1e-7_f64.ln(), (25.0 / height_m).ln());
    let step = (last - first) / INTERVALS as f64;
    let angular_frequency = 2.0 * PI * LOW_FREQUENCY_HZ;
    let [s, x] = [COPLANAR_SEPARATION_M, COAXIAL_SEPARATION_M];
    let [mut coplanar, mut coaxial] = [Complex64::default(); 2];
    for i in 0..=INTERVALS {
        let lambda = (first + step * i as f64).exp();
        let simpson = if i == 0 || i == INTERVALS { 1.0 } else { [2.0, 4.0][i % 2] } * step / 3.0;
        let reflected = quasi_static_reflection(lambda, angular_frequency, conductivity, thickness_m)
            * (-2.0 * lambda * height_m).exp()
            * simpson
            * lambda;
        coplanar += reflected * lambda * lambda * bessel(0, lambda * s);
        coaxial += reflected * (lambda * lambda * bessel(0, lambda * x) - lambda / x * bessel(1, lambda * x));
    }
    [1e6 * coplanar / (-1.0 / s.powi(3)), -1e6 * coaxial / (2.0 / x.powi(3))]
}

/// Would catch: an error in reflection, Bessel functions or path that tests with the program's own functions cannot
/// find.
#[test]
fn classical_integrals_by_brute_force_give_the_same() {
    for (height_m, conductivity, thickness_m) in [
        (30.0, &[0.01][..], &[][..]),
        (30.0, &[0.01, 0.5, 0.002], &[10.0, 15.0]),
        (60.0, &[1.0, 1e-3, 0.1, 5.0], &[3.0, 40.0, 20.0]),
    ] {
        let got = responses(&low_frequency_pairs(), &earth(conductivity, thickness_m), height_m, Accuracy::Reference);
        let expected = brute_force(height_m, conductivity, thickness_m);
        for pair in 0..2 {
            let error = relative_error(got[pair], expected[pair]);
            // displacement currents, which the brute force leaves out: (k_0 l)^2 = 1e-6
            assert!(
                error < 2e-6,
                "pair {pair}, {conductivity:?} S/m: {}, brute force {}, off by {error:e}",
                got[pair],
                expected[pair]
            );
        }
    }
}

/// Would catch: too few nodes for oscillating Bessel functions, when the bird is as low as its coils are apart.
#[test]
fn a_low_bird_is_as_accurate() {
    for height_m in [1.5, 3.0, 6.0, 9.0] {
        for conductivity in [1e-3, 0.1, 5.0] {
            let got = responses(&low_frequency_pairs(), &halfspace(conductivity), height_m, Accuracy::Standard);
            let expected = brute_force(height_m, &[conductivity], &[]);
            for pair in 0..2 {
                let error = relative_error(got[pair], expected[pair]);
                assert!(
                    error < NODE_TOLERANCE,
                    "pair {pair} at {height_m} m over {conductivity} S/m: off by {error:e}"
                );
            }
        }
    }
}

/// Would catch: the two ends of the response exchanged, a response that does not vanish with conductivity.
#[test]
fn a_more_conductive_halfspace_moves_quadrature_into_in_phase() {
    let at = |conductivity: f64| responses(&low_frequency_pairs(), &halfspace(conductivity), 30.0, Accuracy::High)[0];
    let [resistive, middle, conductive] = [1e-5, 0.3, 1e4].map(at);
    assert!(resistive.im > 100.0 * resistive.re.abs(), "{resistive}");
    assert!(middle.re > 0.0 && middle.im > resistive.im && middle.im > conductive.im, "{middle}");
    assert!(conductive.re > 50.0 * conductive.im && conductive.im > 0.0, "{conductive}");
    assert_close(at(1e-12).norm() / resistive.norm(), 0.0, 0.0, 1e-6, "response of almost nothing");
}

// Nodes

const NODE_TOLERANCE: f64 = 2e-4;
/// Tolerance for heights between those for which nodes are placed.
const MOVED_NODE_TOLERANCE: f64 = 2.5e-4;

/// The largest relative error at Standard accuracy, with nodes for `height_m` and the bird at `flown_m`, compared with
/// Reference, and where it is.
fn largest_node_error(height_m: f64, flown_m: f64) -> (f64, String) {
    let system = reference_system();
    let mut forward = FdemForward::new(&system, height_m, Accuracy::Standard);
    let halfspaces = (-4..=1).map(|exponent| halfspace(10.0_f64.powi(exponent)));
    let mut largest = (0.0, String::new());
    for earth in halfspaces.chain(random_models(100).into_iter().map(|model| model.earth)) {
        let got = complex(&predict(&mut forward, &earth, flown_m));
        let expected = responses(&system, &earth, flown_m, Accuracy::Reference);
        for ((got, expected), pair) in got.into_iter().zip(expected).zip(&system.coil_pairs) {
            let error = relative_error(got, expected);
            if error > largest.0 {
                let conductivity: Vec<String> =
                    earth.ln_conductivity().iter().map(|m| format!("{:.1e}", m.exp())).collect();
                let place = format!(
                    "{error:.2e} at {flown_m:.1} m, {} Hz, |response| {:.3} ppm, layers of {} S/m",
                    pair.frequency_hz,
                    expected.norm(),
                    conductivity.join(" ")
                );
                largest = (error, place);
            }
        }
    }
    largest
}

/// Asserts for every height that the largest error is at most `allowed` when flown at `factor` times the height of the
/// nodes.
fn check_nodes(factor: f64, allowed: f64) {
    let heights = [10.0, 15.0, 20.0, 30.0, 45.0, 60.0, 90.0, 120.0, 160.0, 200.0];
    let errors = heights.map(|height_m| largest_node_error(height_m, factor * height_m));
    let wrong: Vec<&str> =
        errors.iter().filter(|(error, _)| *error > allowed).map(|(_, place)| place.as_str()).collect();
    assert!(wrong.is_empty(), "more than {allowed:e} with nodes for {factor:.3} times less:\n{}", wrong.join("\n"));
}

/// Would catch: a rule that only suits the heights for which it was tuned.
#[test]
fn standard_accuracy_holds_at_all_heights() {
    check_nodes(1.0, NODE_TOLERANCE);
}

/// Would catch: nodes that are only accurate at the height for which they were placed, when height is part of the
/// model.
#[test]
fn a_bird_may_fly_at_another_height_than_it_was_placed_at() {
    for factor in [1.045, 1.3, 2.5] {
        check_nodes(factor, MOVED_NODE_TOLERANCE);
    }
}

/// Would catch: responses that depend on earlier heights, which would make a chain wrong.
#[test]
fn responses_depend_on_the_height_and_not_on_those_before() {
    let mut forward = FdemForward::new(&reference_system(), 30.0, Accuracy::Standard);
    let mut at = |height_m: f64| {
        let mut response = vec![0.0; forward.channel_count()];
        let geometry = Geometry::level(height_m);
        forward.predict(&halfspace(0.05), &geometry, &mut EarthResponse::default(), &mut response);
        response
    };
    let first = at(30.5);
    for height_m in [80.0, 29.0, 12.0, 33.1] {
        at(height_m);
    }
    assert_eq!(at(30.5), first);
}
