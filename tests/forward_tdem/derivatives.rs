//! Test of the analytic derivatives by order of convergence: the error of a central difference falls to a quarter when
//! its step is halved, unless the derivative is wrong.

use geobipy::forward::Sensitivity;

use super::*;
use crate::support::order::judged;
use GeometryParameter::{Height, RxPitch, RxRoll, RxYaw, TxPitch, TxRoll, TxRxDx, TxRxDy, TxRxDz, TxYaw};

/// Number of times that the step of the central differences is halved.
const HALVINGS: usize = 7;
/// Largest first steps.
const LN_CONDUCTIVITY_STEP: f64 = 0.08;
const ANGLE_STEP_DEG: f64 = 4.0;
/// Step relative to the path up and down; beyond 5 % of the path new nodes are computed.
const PATH_STEP: f64 = 0.04;

/// A sounding whose derivatives are judged.
struct Judge<'a> {
    what: String,
    instrument: &'a TdemInstrument,
    forward: TdemForward,
    earth: LayeredEarth,
    geometry: Geometry,
    sensitivity: Sensitivity,
    /// Per channel the largest datum of its component.
    size: Vec<f64>,
    /// How many derivatives could be judged, and how many there are.
    count: [usize; 2],
}

impl<'a> Judge<'a> {
    fn new(what: &str, instrument: &'a TdemInstrument, earth: &LayeredEarth, geometry: &Geometry) -> Self {
        let mut forward = forward(instrument, Accuracy::Standard, geometry);
        let mut data = vec![f64::NAN; forward.channel_count()];
        let mut sensitivity = Sensitivity::default();
        forward.predict_with_sensitivity(earth, geometry, &mut data, &mut sensitivity);
        let channels = instrument.channels();
        let group = |c: usize| (channels[c].system, channels[c].component);
        let largest =
            |c: usize| (0..data.len()).filter(|&o| group(o) == group(c)).map(|o| data[o].abs()).fold(0.0, f64::max);
        let size = (0..data.len()).map(largest).collect();
        let (earth, geometry) = (earth.clone(), *geometry);
        Self { what: what.to_owned(), instrument, forward, earth, geometry, sensitivity, size, count: [0; 2] }
    }

    /// Judges the derivatives of all channels by one parameter; `changed` is the sounding with that parameter moved.
    fn judge(
        &mut self,
        parameter: &str,
        derivatives: &[f64],
        first_step: f64,
        changed: impl Fn(f64) -> (LayeredEarth, Geometry),
    ) {
        let mut differences = vec![Vec::new(); derivatives.len()];
        for halving in 0..HALVINGS {
            let step = first_step * 0.5_f64.powi(halving as i32);
            let [plus, minus] = [step, -step].map(|by| {
                let (earth, geometry) = changed(by);
                predict_with(&mut self.forward, &earth, &geometry)
            });
            for (channel, of_channel) in differences.iter_mut().enumerate() {
                of_channel.push((step, (plus[channel] - minus[channel]) / (2.0 * step)));
            }
        }
        let names = self.instrument.channel_names();
        for (channel, of_channel) in differences.iter().enumerate() {
            let what = format!("{}, {parameter}, {}", self.what, names[channel]);
            self.count[0] += usize::from(judged(derivatives[channel], of_channel, self.size[channel], &what));
            self.count[1] += 1;
        }
    }

    fn by_channel(&self, of_channel: impl Fn(&Sensitivity, usize) -> f64) -> Vec<f64> {
        (0..self.size.len()).map(|channel| of_channel(&self.sensitivity, channel)).collect()
    }

    fn judge_conductivities(&mut self) {
        let (earth, geometry) = (self.earth.clone(), self.geometry);
        for layer in 0..earth.layer_count() {
            let derivatives = self.by_channel(|sensitivity, channel| sensitivity.by_ln_conductivity(channel)[layer]);
            let changed = |by: f64| {
                let mut values = earth.ln_conductivity().to_vec();
                values[layer] += by;
                (LayeredEarth::new(earth.interface_depth_m().to_vec(), values).unwrap(), geometry)
            };
            self.judge(&format!("ln conductivity {layer}"), &derivatives, LN_CONDUCTIVITY_STEP, changed);
        }
    }

    fn judge_depths(&mut self) {
        let (earth, geometry) = (self.earth.clone(), self.geometry);
        for interface in 0..earth.layer_count() - 1 {
            let derivatives =
                self.by_channel(|sensitivity, channel| sensitivity.by_interface_depth(channel)[interface]);
            let changed = |by: f64| {
                let mut depths = earth.interface_depth_m().to_vec();
                depths[interface] += by;
                (LayeredEarth::new(depths, earth.ln_conductivity().to_vec()).unwrap(), geometry)
            };
            let thinnest = earth.thickness_m(interface).min(earth.thickness_m(interface + 1));
            self.judge(&format!("depth {interface}"), &derivatives, 0.04 * thinnest.min(50.0), changed);
        }
    }

    fn judge_geometry(&mut self) {
        let (earth, geometry) = (self.earth.clone(), self.geometry);
        let path_m = 2.0 * geometry.height_m() + geometry.get(TxRxDz);
        for parameter in GeometryParameter::ALL {
            let derivatives = self.by_channel(|sensitivity, channel| sensitivity.by_geometry(channel, parameter));
            if parameter == TxYaw {
                assert!(derivatives.iter().all(|&d| d == 0.0), "{}: a loop that feels its yaw", self.what);
                continue;
            }
            let first_step = match parameter {
                Height => 0.5 * PATH_STEP * path_m,
                angle if angle.is_angle() => ANGLE_STEP_DEG,
                _ => PATH_STEP * path_m,
            };
            let changed = |by: f64| (earth.clone(), geometry.with(parameter, geometry.get(parameter) + by));
            self.judge(parameter.name(), &derivatives, first_step, changed);
        }
    }

    fn judge_all(mut self) -> [usize; 2] {
        self.judge_conductivities();
        self.judge_depths();
        self.judge_geometry();
        self.count
    }
}

fn earths() -> [LayeredEarth; 3] {
    [
        earth(&[0.02], &[]),
        earth(&[0.05, 0.005, 0.3], &[15.0, 30.0]),
        earth(&[0.001, 0.1, 0.01, 1.0, 0.003], &[8.0, 10.0, 25.0, 40.0]),
    ]
}

/// Level coils, turned coils, and turned coils above each other (moved up by `dz_m` so that a primary field exists).
fn geometries(height_m: f64, dx_m: f64, dz_m: f64) -> [(&'static str, Geometry); 3] {
    let level = geometry(&[(Height, height_m), (TxRxDx, dx_m), (TxRxDz, dz_m)]);
    let turned = geometry(&[
        (Height, height_m),
        (TxRoll, 5.0),
        (TxPitch, -8.0),
        (TxYaw, 20.0),
        (TxRxDx, dx_m),
        (TxRxDy, 4.0),
        (TxRxDz, dz_m),
        (RxRoll, -6.0),
        (RxPitch, 7.0),
        (RxYaw, -12.0),
    ]);
    let above = turned.with(TxRxDx, 0.0).with(TxRxDy, 0.0);
    [("level", level), ("turned", turned), ("above", above)]
}

fn check(name: &str, instrument: &TdemInstrument, geometries: &[(&str, Geometry)]) {
    let mut count = [0; 2];
    for (i, earth) in earths().iter().enumerate() {
        for (place, geometry) in geometries {
            let of_sounding =
                Judge::new(&format!("{name}, earth {i}, {place}"), instrument, earth, geometry).judge_all();
            count = [0, 1].map(|k| count[k] + of_sounding[k]);
        }
    }
    println!("{name}: {} of {} derivatives judged by order", count[0], count[1]);
    // Many of the other derivatives are zero by symmetry.
    assert!(2 * count[0] > count[1], "{name}: {count:?}");
}

/// Would catch: any wrong term of the derivatives by layers and geometry, however small.
#[test]
fn helicopter_derivatives_converge() {
    check("SkyTEM", &instrument(&SKYTEM), &geometries(35.0, -13.0, 2.0));
}

/// Would catch: such errors for all components, and for the primary field in total-field data.
#[test]
fn fixed_wing_derivatives_of_total_fields_converge() {
    let system = with_all_components(example("fixed_wing.stm"));
    let total = TdemInstrument { field: MeasuredField::Total, ..instrument_of(vec![system]) };
    check("total field", &total, &geometries(110.0, -115.0, -40.0));
}

/// Would catch: amplitudes differentiated like sums; a derivative by the receiver's attitude that is not zero.
#[test]
fn derivatives_of_vector_amplitudes_converge() {
    let system = with_all_components(example("fixed_wing.stm"));
    let amplitudes = TdemInstrument { vector_amplitude: true, ..instrument_of(vec![system]) };
    check("amplitude", &amplitudes, &geometries(110.0, -115.0, -40.0));
}

/// Would catch: data of [`ForwardModel::predict_with_sensitivity`] that differ from those the likelihood uses.
#[test]
fn data_are_the_same_with_and_without_derivatives() {
    let instrument = instrument(&SKYTEM);
    for (i, case) in cases(SKYTEM_CONVERGED).iter().take(30).enumerate() {
        let geometry = tilted(&case.geometry, i);
        let mut forward = forward(&instrument, Accuracy::Standard, &geometry);
        let plain = predict_with(&mut forward, &case.earth, &geometry);
        let mut data = vec![f64::NAN; plain.len()];
        forward.predict_with_sensitivity(&case.earth, &geometry, &mut data, &mut Sensitivity::default());
        let p = Spread::of(differences(&data, &plain, &noise(&instrument)));
        assert!(p.max < 1e-11, "model {}: {p:?}", case.id);
    }
}
