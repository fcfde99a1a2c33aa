//! Kinds of surveys, and a configuration to begin with for each.

use std::path::PathBuf;

use super::sections::DecayChoice;
use super::values::PerGroup;
use super::whole::Config;
use crate::forward::Accuracy;
use crate::system::{MeasuredField, Normalisation, Output, System};

/// Kinds of surveys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum SurveyKind {
    /// Helicopter, frequency domain (RESOLVE, DIGHEM)
    Frequency,
    /// Helicopter, time domain (SkyTEM, VTEM, HELITEM)
    Helicopter,
    /// Fixed wing, time domain, with a towed bird, fields in fT (Tempest)
    FixedWing,
    /// Fixed wing, time domain, with a towed bird, secondary fields in ppm of the primary field (GEOTEM, MEGATEM)
    FixedWingPpm,
    /// Loops towed over the ground, time domain
    Towed,
}

impl SurveyKind {
    /// Returns the kind of survey that an instrument is usually flown in. Loops that are towed over the ground are not told
    /// from those of helicopters.
    pub fn of(system: &System) -> Self {
        let moments = system.moments();
        if !system.is_time_domain() {
            Self::Frequency
        } else if moments.iter().any(|moment| moment.normalisation != Normalisation::None) {
            Self::FixedWingPpm
        } else if moments.iter().any(|moment| moment.output == Output::B) {
            Self::FixedWing
        } else {
            Self::Helicopter
        }
    }

    /// Returns a description of the kind.
    pub fn words(self) -> &'static str {
        match self {
            Self::Frequency => "a frequency-domain helicopter survey",
            Self::Helicopter => "a time-domain helicopter survey",
            Self::FixedWing => "a fixed-wing survey with a towed bird",
            Self::FixedWingPpm => "a fixed-wing survey with a towed bird, data in ppm of the primary field",
            Self::Towed => "a survey with loops towed over the ground",
        }
    }

    /// Returns placeholder names for the instrument files, which the user must replace.
    pub fn system_files(self) -> Vec<PathBuf> {
        let names: &[&str] = match self {
            Self::Frequency => &["bird.stm"],
            Self::Helicopter => &["lm.stm", "hm.stm"],
            Self::FixedWing | Self::FixedWingPpm | Self::Towed => &["system.stm"],
        };
        names.iter().map(PathBuf::from).collect()
    }

    /// Returns sensible values for the kind of survey; the caller sets the files.
    pub fn config(self) -> Config {
        let mut config = Config::default();
        let one = |value| Some(PerGroup::One(value));
        match self {
            Self::Frequency => {
                config.model.maximum_depth_m = Some(150.0);
                config.errors.relative_minimum = PerGroup::One(0.01);
                config.errors.additive_minimum = one(0.5);
                config.errors.additive_maximum = one(50.0);
            }
            Self::Helicopter => {
                config.model.maximum_depth_m = Some(400.0);
                config.errors.relative_minimum = PerGroup::One(0.01);
                config.errors.relative_maximum = PerGroup::One(0.3);
                config.errors.additive_minimum = one(1e-16);
                config.errors.additive_maximum = one(1e-12);
                config.errors.additive_decay = Some(DecayChoice::InverseSqrtTime);
                config.geometry.free_height();
            }
            Self::FixedWing => {
                config.model.maximum_depth_m = Some(600.0);
                config.survey.components = vec!["x".into(), "z".into()];
                config.survey.field = MeasuredField::Total;
                config.survey.vector_amplitude = true;
                config.errors.quoted_relative = Some(0.03);
                config.errors.quoted_additive = one(0.005);
                config.geometry.free_bird();
            }
            Self::FixedWingPpm => {
                config.model.maximum_depth_m = Some(400.0);
                config.survey.components = vec!["x".into(), "z".into()];
                config.survey.vector_amplitude = true;
                config.errors.quoted_relative = Some(0.036);
                config.errors.quoted_additive = one(10.0);
                config.geometry.usual_bird();
                config.geometry.free_bird();
            }
            Self::Towed => {
                config.model.maximum_depth_m = Some(100.0);
                config.errors.relative_minimum = PerGroup::One(0.01);
                config.errors.relative_maximum = PerGroup::One(0.3);
                config.errors.additive_minimum = one(1e-14);
                config.errors.additive_maximum = one(1e-11);
                config.forward.accuracy = Accuracy::High;
            }
        }
        config
    }
}
