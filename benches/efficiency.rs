//! Measures effective samples per second of processor time. Prints the table of docs/sampler.md.
//!
//!     cargo bench --no-default-features --bench efficiency [-- NAME]
//!
//! Six soundings are inverted with two seeds each, at default settings except for three times the usual effective
//! samples, which makes the result more precise. Five have known earths and the example instruments; the sixth is a
//! real one of the Upper Darling Floodplain, if ../shared/field exists. The result is the smallest bulk effective
//! sample size over layer count, misfit and log10 conductivity at five depths, by processor second, with burn-in and
//! checks of convergence.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use cpu_time::ThreadTime;
use geobipy::bayes::{
    ConductivityPrior, Correlation, DepthScale, Deviation, ErrorPrior, ErrorReference, GeometryPrior, Grids,
    InterfacePrior, LayerCountLaw, LayerCountPrior, Likelihood, Move, NoiseModel, Prior, SamplerSettings,
    SoundingPosterior, Target, chain_rng, invert_sounding,
};
use geobipy::earth::LayeredEarth;
use geobipy::forward::{Accuracy, EarthResponse, FdemForward, ForwardModel, TdemForward, TdemOperator, best_halfspace};
use geobipy::system::{FdemSystem, Geometry, GeometryParameter, MeasuredField, TdemInstrument, TdemSystem};
use rand_distr::{Distribution, StandardNormal};

const SEEDS: [u64; 2] = [1, 2];

/// One sounding to invert.
struct Case {
    name: &'static str,
    target: Target,
    forward: Box<dyn ForwardModel>,
}

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    println!(
        "| sounding | R-hat | least ESS | of | iterations x 4 | us each | CPU s | least ESS per CPU s | median ESS per CPU s |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    let mut details = String::new();
    for mut case in cases() {
        if wanted.is_empty() || wanted.iter().any(|name| case.name.contains(name.as_str())) {
            details += &measure(&mut case);
        }
    }
    println!("\nAcceptance in %:\n{details}");
}

/// Prints a row of the table; returns the acceptance rates.
fn measure(case: &mut Case) -> String {
    let grids = Grids::new(&case.target.prior);
    let (mut least, mut middle, mut seconds, mut iterations, mut rhat) = (0.0, 0.0, 0.0, 0, 0.0_f64);
    let mut slowest = String::new();
    let mut last = None;
    for seed in SEEDS {
        let settings = SamplerSettings {
            seed,
            chain_count: 4,
            temperature_count: 5,
            maximum_temperature: 4.0,
            maximum_burn_in: 20_000,
            maximum_iterations: 100_000,
            record_every: 10,
            rhat_target: 1.05,
            ess_target: 600.0,
            sample_count: 200,
        };
        let start = ThreadTime::now();
        let callback = &mut || ControlFlow::Continue(());
        let posterior = invert_sounding(&case.target, case.forward.as_mut(), &settings, &grids, 1.0, 1.0, callback)
            .expect("nothing interrupts");
        seconds += start.elapsed().as_secs_f64();
        let mut quantities = quantities(&posterior, &grids);
        quantities.sort_by(|a, b| a.1.total_cmp(&b.1));
        least += quantities[0].1;
        middle += quantities[quantities.len() / 2].1;
        slowest = format!("{slowest} {}", quantities[0].0);
        iterations += posterior.burn_in + posterior.iterations;
        rhat = rhat.max(posterior.diagnostics.maximum_rhat());
        last = Some(posterior);
    }
    let runs = SEEDS.len() as f64;
    println!(
        "| {} | {rhat:.3} | {:.0} |{slowest} | {} | {:.1} | {:.2} | **{:.0}** | {:.0} |",
        case.name,
        least / runs,
        iterations / SEEDS.len(),
        1e6 * seconds / (4.0 * iterations as f64),
        seconds / runs,
        least / seconds,
        middle / seconds
    );
    let counts = last.expect("there are seeds").counts;
    let rate = |kind: &Move| {
        let count = counts[kind.index()];
        format!(" {}:{:.1}", kind.name(), 100.0 * count.accepted as f64 / count.tried as f64)
    };
    format!("{}:{}\n", case.name, Move::ALL.iter().map(rate).collect::<String>())
}

fn quantities(posterior: &SoundingPosterior, grids: &Grids) -> Vec<(String, f64)> {
    let diagnostics = &posterior.diagnostics;
    let mut all = vec![("layers".into(), diagnostics.layer_count.ess), ("misfit".into(), diagnostics.misfit.ess)];
    let depths = grids.diagnostic_depths_m.iter().zip(&diagnostics.log10_conductivity);
    all.extend(depths.map(|(z, convergence)| (format!("{z:.0}m"), convergence.ess)));
    all
}

fn cases() -> Vec<Case> {
    let mut cases = vec![resolve()];
    for (name, conductivity) in [
        ("SkyTEM, glacial", [0.01, 0.1, 0.0333]),
        ("SkyTEM, resistive basement", [0.01, 0.1, 0.0001]),
        ("SkyTEM, saline clay", [0.01, 0.1, 1.0]),
    ] {
        cases.push(skytem(name, &conductivity));
    }
    cases.push(tempest());
    cases.extend(floodplain());
    cases
}

fn log_uniform(minimum: f64, maximum: f64) -> ErrorPrior {
    ErrorPrior::LogUniform { ln_minimum: minimum.ln(), ln_maximum: maximum.ln() }
}

/// The default prior.
fn prior(
    center: f64,
    maximum_depth_m: f64,
    relative: Vec<ErrorPrior>,
    additive: Vec<ErrorPrior>,
    geometry: GeometryPrior,
) -> Prior {
    let scale = DepthScale::LogOffset { offset_m: 10.0 };
    Prior {
        layer_count: LayerCountPrior::new(LayerCountLaw::Geometric { ratio: 0.6 }, 30),
        interfaces: InterfacePrior::new(scale, 0.5, maximum_depth_m, 0.5, 29).expect("29 interfaces fit"),
        conductivity: ConductivityPrior {
            mean: center.ln(),
            std: std::f64::consts::LN_10,
            correlation: Correlation::Independent,
            bounds: (1e-5_f64.ln(), 100_f64.ln()),
        },
        relative_error: relative,
        additive_error: additive,
        geometry,
    }
}

/// Data of `earth` at `geometry`, with noise from the errors of each group.
fn observe(
    forward: &mut dyn ForwardModel,
    earth: &LayeredEarth,
    geometry: &Geometry,
    noise: &NoiseModel,
    errors: &[(f64, f64)],
) -> Vec<f64> {
    let mut observed = vec![0.0; forward.channel_count()];
    forward.predict(earth, geometry, &mut EarthResponse::default(), &mut observed);
    let mut rng = chain_rng(11, 0.0, 0.0, 0);
    for (channel, datum) in observed.iter_mut().enumerate() {
        let (relative, additive) = errors[noise.group[channel]];
        let normal: f64 = StandardNormal.sample(&mut rng);
        *datum += noise.variance(channel, *datum, (relative.powi(2), additive.powi(2))).sqrt() * normal;
    }
    observed
}

fn resolve() -> Case {
    let system = FdemSystem::parse(include_str!("../examples/resolve/resolve.stm"), Path::new("resolve.stm"))
        .expect("our own file");
    let geometry = Geometry::level(30.0);
    let mut forward = FdemForward::new(&system, 30.0, Accuracy::Standard);
    let noise = NoiseModel::uniform(forward.channel_count());
    let earth = LayeredEarth::from_thicknesses(&[0.01, 0.1, 0.0333], &[5.0, 20.0]).expect("three layers");
    let observed = observe(&mut forward, &earth, &geometry, &noise, &[(0.05, 5.0)]);
    let prior =
        prior(0.05, 150.0, vec![log_uniform(0.005, 0.5)], vec![log_uniform(0.5, 50.0)], GeometryPrior::fixed(geometry));
    let likelihood = Likelihood::new(&observed, None, &noise);
    Case { name: "RESOLVE, glacial", target: Target::new(prior, likelihood), forward: Box::new(forward) }
}

fn instrument(folder: &Path, files: &[&str], field: MeasuredField) -> TdemInstrument {
    let systems = files.iter().map(|file| TdemSystem::read(&folder.join(file)).expect("a system file")).collect();
    TdemInstrument { systems, field, vector_amplitude: false }
}

fn examples() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/tdem"))
}

/// Error groups of the channels, with additive errors that decrease with the square root of time if `falls` is true.
fn tdem_noise(instrument: &TdemInstrument, falls: bool) -> NoiseModel {
    let (channels, groups) = (instrument.channels(), instrument.groups());
    let group = |system, component| groups.iter().position(|&g| g == (system, component)).expect("a group of its own");
    NoiseModel {
        group: channels.iter().map(|c| group(c.system, c.component)).collect(),
        additive_shape: channels
            .iter()
            .map(|c| if falls { (c.gate.center_s() / 1e-3).powf(-0.5) } else { 1.0 })
            .collect(),
        relative_to: ErrorReference::Predicted,
    }
}

fn skytem(name: &'static str, conductivity: &[f64]) -> Case {
    let instrument = instrument(examples(), &["helicopter_lm.stm", "helicopter_hm.stm"], MeasuredField::Secondary);
    let geometry = Geometry::level(35.0).with(GeometryParameter::TxRxDx, -13.0).with(GeometryParameter::TxRxDz, 2.0);
    let mut deviations = GeometryParameter::ALL.map(|_| Deviation::Fixed);
    deviations[GeometryParameter::Height.index()] = Deviation::Normal { std: 0.5 };
    let noise = tdem_noise(&instrument, true);
    let mut forward = TdemForward::new(Arc::new(TdemOperator::new(&instrument, Accuracy::Standard)), &geometry);
    let earth = LayeredEarth::from_thicknesses(conductivity, &[20.0, 60.0]).expect("three layers");
    let observed = observe(&mut forward, &earth, &geometry, &noise, &[(0.03, 3e-14), (0.03, 3e-15)]);
    let prior = prior(
        0.05,
        400.0,
        vec![log_uniform(0.005, 0.3); 2],
        vec![log_uniform(1e-15, 1e-12), log_uniform(1e-16, 1e-13)],
        GeometryPrior::new(geometry, deviations),
    );
    let likelihood = Likelihood::new(&observed, None, &noise);
    Case { name, target: Target::new(prior, likelihood), forward: Box::new(forward) }
}

fn tempest() -> Case {
    let instrument = instrument(examples(), &["fixed_wing.stm"], MeasuredField::Total);
    let geometry =
        Geometry::level(115.0).with(GeometryParameter::TxRxDx, -120.0).with(GeometryParameter::TxRxDz, -35.0);
    let mut deviations = GeometryParameter::ALL.map(|_| Deviation::Fixed);
    for parameter in [GeometryParameter::TxRxDx, GeometryParameter::TxRxDz, GeometryParameter::RxPitch] {
        deviations[parameter.index()] = Deviation::Uniform { half_width: 5.0 };
    }
    let noise = tdem_noise(&instrument, false);
    let mut forward = TdemForward::new(Arc::new(TdemOperator::new(&instrument, Accuracy::Standard)), &geometry);
    let earth = LayeredEarth::from_thicknesses(&[0.01, 0.1, 0.0333], &[20.0, 60.0]).expect("three layers");
    let truth = geometry.with(GeometryParameter::TxRxDx, -118.0).with(GeometryParameter::RxPitch, 1.0);
    let observed = observe(&mut forward, &earth, &truth, &noise, &[(1e-4, 0.01), (1e-4, 0.01)]);
    let prior = prior(
        0.05,
        400.0,
        vec![log_uniform(1e-5, 1e-3); 2],
        vec![log_uniform(1e-3, 0.1); 2],
        GeometryPrior::new(geometry, deviations),
    );
    let likelihood = Likelihood::new(&observed, None, &noise);
    Case { name: "Tempest, glacial", target: Target::new(prior, likelihood), forward: Box::new(forward) }
}

/// The sounding in the middle of line 100502. The data are smooth; the relative error is at least 2 %, about the
/// contractors' calibration error.
fn floodplain() -> Option<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/field/udf_skytem");
    let text = std::fs::read_to_string(folder.join("twolines.dat")).ok()?;
    let rows: Vec<Vec<f64>> = text
        .lines()
        .map(|line| line.split_whitespace().map(|cell| cell.parse().unwrap_or(f64::NAN)).collect())
        .filter(|row: &Vec<f64>| row[71] == 100502.0)
        .collect();
    let row = &rows[rows.len() / 2];
    let instrument = instrument(&folder, &["udf_lm.stm", "udf_hm.stm"], MeasuredField::Secondary);
    let geometry = Geometry::level(row[3])
        .with(GeometryParameter::TxRxDx, row[4])
        .with(GeometryParameter::TxRxDy, row[5])
        .with(GeometryParameter::TxRxDz, row[6]);
    let mut forward = TdemForward::new(Arc::new(TdemOperator::new(&instrument, Accuracy::Standard)), &geometry);
    let noise = tdem_noise(&instrument, true);
    let observed: Vec<f64> = row[15..33].iter().chain(&row[48..71]).map(|pico| -pico).collect();
    let std: Vec<f64> = observed.iter().map(|d| 0.03 * d.abs() + 1e-3).collect();
    let center = best_halfspace(&mut forward, &geometry, &observed, &std).expect("a halfspace that fits").exp();
    let prior = prior(
        center,
        400.0,
        vec![log_uniform(0.02, 0.3); 2],
        vec![log_uniform(1e-3, 1.0), log_uniform(1e-4, 0.1)],
        GeometryPrior::fixed(geometry),
    );
    let likelihood = Likelihood::new(&observed, None, &noise);
    Some(Case { name: "UDF, real", target: Target::new(prior, likelihood), forward: Box::new(forward) })
}
