//! Time-domain benchmark, with all parts in one run: `cargo bench --no-default-features --bench tdem`. Prints the
//! tables of docs/forward.md: cost of a prediction and of all derivatives compared with GA-AEM's scheme, and the parts
//! of an iteration's time. With `--answer` it answers the questions of `peers.py --gatdaem1d`.

use std::alloc::{GlobalAlloc, Layout, System as SystemAllocator};
use std::cell::Cell;
use std::hint::black_box;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use cpu_time::ThreadTime;
use geobipy::bayes::{
    Chain, ConductivityPrior, Correlation, DepthScale, Deviation, ErrorPrior, ErrorReference, GaussNewton,
    GeometryPrior, InterfacePrior, LayerCountLaw, LayerCountPrior, Likelihood, Move, NoiseModel, Prior, Target,
    chain_rng,
};
use geobipy::earth::LayeredEarth;
use geobipy::forward::{Accuracy, DigitisedTdem, EarthResponse, ForwardModel, Sensitivity, TdemForward, TdemOperator};
use geobipy::system::{Geometry, GeometryParameter, MeasuredField, TdemInstrument, TdemSystem};
use rand_distr::{Distribution, StandardNormal};

/// Counts allocations, of which the sampling loop must have none.
struct Counting;

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);

// SAFETY: passes everything on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        unsafe { SystemAllocator.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { SystemAllocator.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const CASES: [(&str, usize); 4] = [("SkyTEM LM+HM", 5), ("SkyTEM LM+HM", 20), ("Tempest X+Z", 5), ("Tempest X+Z", 20)];

fn instrument(files: &[&str], field: MeasuredField) -> TdemInstrument {
    let read = |file: &&str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(file);
        TdemSystem::read(&path).expect("the reference system files are valid")
    };
    TdemInstrument { systems: files.iter().map(read).collect(), field, vector_amplitude: false }
}

fn skytem() -> (TdemInstrument, Geometry) {
    let geometry = Geometry::level(35.0).with(GeometryParameter::TxRxDx, -13.0).with(GeometryParameter::TxRxDz, 2.0);
    (instrument(&["skytem_lm_reference.stm", "skytem_hm_reference.stm"], MeasuredField::Secondary), geometry)
}

fn tempest(field: MeasuredField) -> (TdemInstrument, Geometry) {
    let geometry =
        Geometry::level(115.0).with(GeometryParameter::TxRxDx, -107.0).with(GeometryParameter::TxRxDz, -45.0);
    (instrument(&["tempest_reference.stm"], field), geometry)
}

/// Earths like those of the reference sets: conductivity log-uniform 1e-4..10 S/m, thickness log-uniform 1..100 m.
fn earths(layer_count: usize) -> Vec<LayeredEarth> {
    let mut state = 12345_u64;
    let mut uniform = move || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    (0..16)
        .map(|_| {
            let conductivity: Vec<f64> = (0..layer_count).map(|_| 10_f64.powf(-4.0 + 5.0 * uniform())).collect();
            let thickness_m: Vec<f64> = (1..layer_count).map(|_| 10_f64.powf(2.0 * uniform())).collect();
            LayeredEarth::from_thicknesses(&conductivity, &thickness_m).expect("positive")
        })
        .collect()
}

/// Microseconds per call: the fastest of several rounds over all earths.
fn fastest_us(earths: &[LayeredEarth], rounds: usize, mut call: impl FnMut(&LayeredEarth)) -> f64 {
    let round = |call: &mut dyn FnMut(&LayeredEarth)| {
        let start = Instant::now();
        earths.iter().for_each(&mut *call);
        start.elapsed().as_secs_f64() * 1e6 / earths.len() as f64
    };
    (0..rounds).map(|_| round(&mut call)).fold(f64::INFINITY, f64::min)
}

fn forward_table() {
    println!(
        "| system | layers | points | prediction, us | all derivatives besides, us | another geometry, us | GA-AEM's scheme in this run, us | ratio |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for (name, layers) in CASES {
        let (instrument, geometry) = if name.starts_with("Sky") { skytem() } else { tempest(MeasuredField::Secondary) };
        let operator = Arc::new(TdemOperator::new(&instrument, Accuracy::Standard));
        let mut forward = TdemForward::new(operator, &geometry);
        let scheme = DigitisedTdem::new(&instrument).expect("the reference systems can be digitised");
        let earths = earths(layers);
        let mut response = EarthResponse::default();
        let mut sensitivity = Sensitivity::default();
        let mut data = vec![0.0; forward.channel_count()];
        let predict = fastest_us(&earths, 300, |earth| forward.predict(earth, &geometry, &mut response, &mut data));
        let derive = fastest_us(&earths, 200, |earth| {
            forward.predict_with_sensitivity(earth, &geometry, &mut data, &mut sensitivity);
        });
        let mut x = geometry.offset_m()[0];
        let moved = fastest_us(&earths, 300, |earth| {
            x += 1e-6;
            let geometry = geometry.with(GeometryParameter::TxRxDx, x);
            forward.predict_moved(earth, &geometry, &response, &mut data);
        });
        let scheme = fastest_us(&earths, 30, |earth| scheme.predict(earth, &geometry, black_box(&mut data)));
        println!(
            "| {name} | {layers} | {} | {predict:.1} | {derive:.1} | {moved:.1} | {scheme:.0} | {:.0} |",
            forward.point_count(),
            scheme / predict
        );
    }
}

/// A forward model whose calls are timed.
struct Timed {
    inner: TdemForward,
    predict: Rc<Cell<Duration>>,
    moved: Rc<Cell<Duration>>,
}

fn timed<T>(total: &Cell<Duration>, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = work();
    total.set(total.get() + start.elapsed());
    result
}

impl ForwardModel for Timed {
    fn channel_count(&self) -> usize {
        self.inner.channel_count()
    }
    fn predict(&mut self, earth: &LayeredEarth, geometry: &Geometry, response: &mut EarthResponse, data: &mut [f64]) {
        timed(&self.predict, || self.inner.predict(earth, geometry, response, data));
    }
    fn predict_moved(&mut self, earth: &LayeredEarth, geometry: &Geometry, response: &EarthResponse, data: &mut [f64]) {
        timed(&self.moved, || self.inner.predict_moved(earth, geometry, response, data));
    }
    fn moves_cheaply(&self) -> bool {
        self.inner.moves_cheaply()
    }
    fn predict_with_sensitivity(
        &mut self,
        earth: &LayeredEarth,
        geometry: &Geometry,
        data: &mut [f64],
        sensitivity: &mut Sensitivity,
    ) {
        self.inner.predict_with_sensitivity(earth, geometry, data, sensitivity);
    }
}

/// The target of a survey with the instrument at default settings, for data of a three-layer earth.
fn target(instrument: &TdemInstrument, geometry: &Geometry, sampled: &[(GeometryParameter, f64)]) -> Target {
    let channels = instrument.channels();
    let groups = instrument.groups();
    let fixed_wing = instrument.field == MeasuredField::Total;
    let shape = |time_s: f64| if fixed_wing { 1.0 } else { (time_s / 1e-3).powf(-0.5) };
    let noise = NoiseModel {
        group: channels
            .iter()
            .map(|c| groups.iter().position(|&g| g == (c.system, c.component)).expect("every channel has a group"))
            .collect(),
        additive_shape: channels.iter().map(|c| shape(c.gate.center_s())).collect(),
        relative_to: ErrorReference::Predicted,
    };
    let (relative, additive) = if fixed_wing { (0.001, [0.003, 0.003]) } else { (0.03, [1e-14, 1e-15]) };
    let operator = Arc::new(TdemOperator::new(instrument, Accuracy::High));
    let earth = LayeredEarth::from_thicknesses(&[0.01, 0.1, 0.0333], &[25.0, 60.0]).expect("positive");
    let mut data = vec![0.0; channels.len()];
    TdemForward::new(operator, geometry).predict(&earth, geometry, &mut EarthResponse::default(), &mut data);
    let mut rng = chain_rng(1, 0.0, 0.0, 99);
    for (i, datum) in data.iter_mut().enumerate() {
        let normal: f64 = StandardNormal.sample(&mut rng);
        *datum += normal * (relative * *datum).hypot(additive[noise.group[i]] * noise.additive_shape[i]);
    }
    let mut deviations = [Deviation::Fixed; GeometryParameter::ALL.len()];
    sampled.iter().for_each(|&(p, half_width)| deviations[p.index()] = Deviation::Uniform { half_width });
    let log_uniform = |low: f64, high: f64| ErrorPrior::LogUniform { ln_minimum: low.ln(), ln_maximum: high.ln() };
    let prior = Prior {
        layer_count: LayerCountPrior::new(LayerCountLaw::Geometric { ratio: 0.6 }, 30),
        interfaces: InterfacePrior::new(DepthScale::LogOffset { offset_m: 10.0 }, 0.5, 400.0, 0.5, 29).expect("fits"),
        conductivity: ConductivityPrior {
            mean: 0.03_f64.ln(),
            std: std::f64::consts::LN_10,
            correlation: Correlation::Independent,
            bounds: (1e-5_f64.ln(), 100_f64.ln()),
        },
        relative_error: vec![log_uniform(0.1 * relative, 10.0 * relative); groups.len()],
        additive_error: additive.iter().map(|a| log_uniform(0.1 * a, 100.0 * a)).collect(),
        geometry: GeometryPrior::new(*geometry, deviations),
    };
    Target::new(prior, Likelihood::new(&data, None, &noise))
}

/// Time of `work`, `None` if other programs had the processor in between.
fn uninterrupted(work: impl FnOnce()) -> Option<Duration> {
    let (start, processor) = (Instant::now(), ThreadTime::now());
    work();
    let (time, processor) = (start.elapsed(), processor.elapsed());
    (time < processor.mul_f64(1.03)).then_some(time)
}

fn iteration_table(name: &str, instrument: &TdemInstrument, geometry: &Geometry, sampled: &[(GeometryParameter, f64)]) {
    let target = target(instrument, geometry, sampled);
    let operator = Arc::new(TdemOperator::new(instrument, Accuracy::Standard));
    let (predict, moved) = (Rc::new(Cell::default()), Rc::new(Cell::default()));
    let mut forward =
        Timed { inner: TdemForward::new(operator, geometry), predict: Rc::clone(&predict), moved: Rc::clone(&moved) };
    let mut rng = chain_rng(1, 0.0, 0.0, 0);
    let mut chain = Chain::new(target.prior.draw(&mut rng), &target, &mut forward, rng);
    let depths = GaussNewton::cell_depths_m(400.0);
    for stage in 0..3 {
        let profile = depths.iter().map(|&z| chain.state().model.earth.ln_conductivity_at(z));
        let profile = if stage == 0 { vec![target.prior.conductivity.mean; depths.len()] } else { profile.collect() };
        chain.set_gauss_newton(GaussNewton::new(profile, geometry, &target.prior, &target.likelihood, &mut forward));
        (0..5_000).for_each(|_| chain.iterate(&target, &mut forward));
    }
    chain.freeze();
    let (segments, iterations) = (500, 200);
    let mut layers = 0.0;
    let [mut total, mut predicting, mut moving] = [0.0; 3];
    let mut kept = 0_u32;
    let allocations = ALLOCATIONS.load(Ordering::Relaxed);
    for _ in 0..segments {
        predict.set(Duration::ZERO);
        moved.set(Duration::ZERO);
        let time = uninterrupted(|| {
            for _ in 0..iterations {
                chain.iterate(&target, &mut forward);
                layers += chain.state().model.earth.layer_count() as f64;
            }
        });
        if let Some(time) = time {
            total += time.as_secs_f64();
            predicting += predict.get().as_secs_f64();
            moving += moved.get().as_secs_f64();
            kept += 1;
        }
    }
    let [total, predict, moved] = [total, predicting, moving].map(|s| s * 1e6 / f64::from(kept * iterations));
    let allocations = ALLOCATIONS.load(Ordering::Relaxed) - allocations;
    let linear_algebra = linear_algebra_us(&mut chain, &target, &mut forward);
    let rest = total - predict - moved - linear_algebra;
    println!(
        "| {name} | {:.1} | {total:.1} | {predict:.1} | {moved:.1} | {linear_algebra:.1} | {rest:.1} | {:.0} % | {:.5} |",
        layers / f64::from(segments * iterations),
        100.0 * (total - predict - moved) / total,
        allocations as f64 / f64::from(segments * iterations)
    );
}

/// Microseconds per iteration for the shape of steps of all conductivities: the cost of these moves beyond that of the
/// simplest moves.
fn linear_algebra_us<R: rand::Rng>(chain: &mut Chain<R>, target: &Target, forward: &mut Timed) -> f64 {
    let mut outside = |kind: Move| {
        let segment = || {
            forward.predict.set(Duration::ZERO);
            let time = uninterrupted(|| (0..200).for_each(|_| chain.try_move(kind, target, forward)))?;
            Some((time - forward.predict.get()).as_secs_f64() * 1e6 / 200.0)
        };
        let times: Vec<f64> = std::iter::repeat_with(segment).take(50).flatten().collect();
        times.iter().sum::<f64>() / times.len() as f64
    };
    let share = 0.20 / 1.10;
    share * (outside(Move::All) - outside(Move::ConductivityBlock)).max(0.0)
}

/// Answers questions. A line "system,layers,what" asks for microseconds of processor time per `predict` or `derive` (a
/// prediction with all derivatives), in passes over all earths, or for the `data` of all earths.
fn answer_questions() {
    for line in std::io::stdin().lines() {
        let line = line.expect("a line of text");
        let [system, layers, what] = line.split(',').collect::<Vec<_>>()[..] else { panic!("system,layers,what") };
        let (instrument, geometry) =
            if system.starts_with("Sky") { skytem() } else { tempest(MeasuredField::Secondary) };
        let operator = Arc::new(TdemOperator::new(&instrument, Accuracy::Standard));
        let mut forward = TdemForward::new(operator, &geometry);
        let earths = earths(layers.parse().expect("a number of layers"));
        let mut response = EarthResponse::default();
        let mut sensitivity = Sensitivity::default();
        let mut data = vec![0.0; forward.channel_count()];
        let mut call = |earth: &LayeredEarth, data: &mut [f64]| {
            if what == "derive" {
                forward.predict_with_sensitivity(earth, &geometry, data, &mut sensitivity);
            } else {
                forward.predict(earth, &geometry, &mut response, data);
            }
        };
        if what == "data" {
            for earth in &earths {
                call(earth, &mut data);
                data.iter().for_each(|datum| print!("{datum:e} "));
            }
            println!();
            continue;
        }
        const PASSES: usize = 20;
        earths.iter().for_each(|earth| call(earth, &mut data));
        let start = ThreadTime::now();
        for _ in 0..PASSES {
            earths.iter().for_each(|earth| call(earth, black_box(&mut data)));
        }
        println!("{}", start.elapsed().as_secs_f64() * 1e6 / (PASSES * earths.len()) as f64);
    }
}

fn main() {
    if std::env::args().any(|argument| argument == "--answer") {
        answer_questions();
        return;
    }
    forward_table();
    println!();
    println!(
        "| sounding | layers, mean | iteration, us | predictions | other geometries | linear algebra | rest | not predictions | allocations |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    let (instrument, geometry) = skytem();
    iteration_table("SkyTEM LM+HM", &instrument, &geometry, &[]);
    iteration_table("SkyTEM LM+HM, height sampled", &instrument, &geometry, &[(GeometryParameter::Height, 2.0)]);
    let (instrument, geometry) = tempest(MeasuredField::Total);
    let sampled =
        [(GeometryParameter::TxRxDx, 5.0), (GeometryParameter::TxRxDz, 5.0), (GeometryParameter::RxPitch, 5.0)];
    iteration_table("Tempest X+Z, dx, dz, pitch sampled", &instrument, &geometry, &sampled);
}
