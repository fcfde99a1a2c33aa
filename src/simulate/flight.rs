//! Models along the flight, and the measured geometry of the coils.

use super::earths::{Flown, read_earth};
use super::noise::Noise;
use super::settings::{Models, Simulation};
use super::setup::Setup;
use super::track::Track;
use super::{draws, noise};
use crate::earth::LayeredEarth;
use crate::error::{Error, Result};
use crate::survey::{ModelRow, read_models};
use crate::system::{Geometry, GeometryParameter};

/// Soundings of the flight, in order of the survey.
pub(super) struct Flight {
    /// Layers and the true geometry.
    pub(super) models: Vec<ModelRow>,
    /// Measured geometry.
    pub(super) measured: Vec<Geometry>,
    pub(super) noise: Noise,
}

/// Geometry that comes neither from models nor from a track, in the order of [`GeometryParameter::ALL`].
type Known = [Option<f64>; GeometryParameter::ALL.len()];

impl Flight {
    /// Reads or makes the models.
    pub(super) fn new(simulation: &Simulation, setup: &Setup, notes: &mut Vec<String>) -> Result<Self> {
        let known = setup.known_geometry();
        let told = told_geometry(simulation, &known)?;
        let (models, measured, noise) = match &simulation.models {
            Models::Table(path) => {
                let mut models = read_models(path)?;
                models.iter_mut().for_each(|model| place(&mut model.geometry, &told));
                check_heights(&models)?;
                let mut measured = geometries(&models);
                measured.iter_mut().for_each(|geometry| place(geometry, &known));
                (models, measured, noise::given(simulation, &setup.written)?)
            }
            Models::PriorDraws(count) => {
                // The ground is level, and the geometry deviates from its nominal values only by the draws.
                let flown = Flown { height_variation_m: Some(0.0), terrain_m: Some(0.0), ..Flown::default() };
                let level = track(simulation, *count, &known, &flown).fly(|_, _| LayeredEarth::halfspace(0.0));
                let level = placed(level, &known, &told)?;
                let measured = geometries(&level);
                let (models, noise) = draws::draw(setup, level, simulation.seed, notes)?;
                (models, measured, noise)
            }
            Models::Wedge { count, earth } => {
                let (wedge, flown) = read_earth(earth.as_deref(), &setup.system)?;
                let track = track(simulation, *count, &known, &flown);
                let models = placed(track.fly(|_, along| wedge.at(along)), &known, &told)?;
                let measured = geometries(&models);
                (models, measured, noise::given(simulation, &setup.written)?)
            }
        };
        Ok(Self { models, measured, noise })
    }
}

fn geometries(models: &[ModelRow]) -> Vec<Geometry> {
    models.iter().map(|model| model.geometry).collect()
}

/// Returns the lines that arguments, configuration and earth describe; earlier ones have precedence.
fn track(simulation: &Simulation, count: u32, known: &Known, flown: &Flown) -> Track {
    let told_m = simulation.height_m.or(known[GeometryParameter::Height.index()]);
    let height_m = told_m.or(flown.height_m);
    // A given height is constant.
    let variation_m = flown.height_variation_m.filter(|_| told_m.is_none());
    Track {
        soundings: count as usize,
        lines: simulation.lines as usize,
        line_number: flown.line_number.unwrap_or(30010.0),
        spacing_m: simulation.spacing_m.or(flown.spacing_m).unwrap_or(10.0),
        height_m: height_m.unwrap_or(30.0),
        height_variation_m: simulation.height_variation_m.or(variation_m).unwrap_or(if height_m.is_some() {
            0.0
        } else {
            4.0
        }),
        terrain_m: simulation.terrain_m.or(flown.terrain_m).unwrap_or(15.0),
    }
}

/// Returns the geometry of the arguments. They must not contradict the configuration, which would not read these values
/// from the survey.
fn told_geometry(simulation: &Simulation, known: &Known) -> Result<Known> {
    use GeometryParameter::{Height, TxRxDx, TxRxDy, TxRxDz};
    let refuse = |option: &str, parameter: GeometryParameter, got: f64, known: f64| {
        let key = format!("geometry.{}.value_{}", parameter.name(), parameter.unit());
        Err(Error::setting(
            option,
            format!("{option}: got {got}, expected none: the configuration has {key} = {known}"),
        ))
    };
    let offset = [TxRxDx, TxRxDy, TxRxDz].into_iter().zip(simulation.offset_m.iter().flatten());
    let options = offset.map(|(parameter, &value)| ("--offset", parameter, value));
    let mut told = Known::default();
    for (option, parameter, value) in options.chain(simulation.height_m.map(|height_m| ("--height", Height, height_m)))
    {
        told[parameter.index()] = Some(value);
        if let Some(known) = known[parameter.index()].filter(|&known| known != value) {
            return refuse(option, parameter, value, known);
        }
    }
    if let (Some(known), Some(by)) = (known[Height.index()], simulation.height_variation_m.filter(|&by| by > 0.0)) {
        return refuse("--height-variation", Height, by, known);
    }
    // A height that varies comes from the track.
    if simulation.height_variation_m.is_some() {
        told[Height.index()] = None;
    }
    Ok(told)
}

/// Returns the models with the known geometry.
fn placed(mut models: Vec<ModelRow>, known: &Known, told: &Known) -> Result<Vec<ModelRow>> {
    for model in &mut models {
        place(&mut model.geometry, known);
        place(&mut model.geometry, told);
    }
    check_heights(&models)?;
    Ok(models)
}

fn place(geometry: &mut Geometry, known: &Known) {
    for (parameter, &value) in GeometryParameter::ALL.into_iter().zip(known) {
        value.into_iter().for_each(|value| geometry.set(parameter, value));
    }
}

fn check_heights(models: &[ModelRow]) -> Result<()> {
    let on_ground = |model: &&ModelRow| {
        let height_m = model.geometry.height_m();
        !(height_m > 0.0 && height_m + model.geometry.get(GeometryParameter::TxRxDz) > 0.0)
    };
    match models.iter().find(on_ground) {
        None => Ok(()),
        Some(model) => Err(Error::Config(format!(
            "fiducial {}: got a transmitter {} m and a receiver {} m above ground, expected both above it",
            model.fiducial,
            model.geometry.height_m(),
            model.geometry.height_m() + model.geometry.get(GeometryParameter::TxRxDz)
        ))),
    }
}
