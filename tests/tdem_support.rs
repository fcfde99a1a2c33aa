//! Shared parts of the tests of time-domain systems: the example instruments, with many sampled parameters of the
//! geometry.

use std::path::Path;
use std::sync::Arc;

use geobipy::bayes::{
    Correlation, DepthScale, Deviation, ErrorPrior, ErrorReference, GaussNewton, LayerCountLaw, Likelihood, Model,
    NoiseModel, Prior,
};
use geobipy::earth::LayeredEarth;
use geobipy::forward::{Accuracy, EarthResponse, ForwardModel, TdemForward, TdemOperator};
use geobipy::system::{Geometry, GeometryParameter, MeasuredField, TdemInstrument, TdemSystem};

use crate::sampler_support::{geometry_prior, prior};

/// An instrument of two error groups at one sounding.
pub struct Sounding {
    pub name: &'static str,
    operator: Arc<TdemOperator>,
    pub prior: Prior,
    pub noise: Arc<NoiseModel>,
    /// Data of an earth of three layers.
    pub observed: Vec<f64>,
}

/// Both example instruments with two error groups: one with two moments, one with two components and the primary field
/// in them.
pub fn soundings() -> [Sounding; 2] {
    let helicopter = instrument(&["helicopter_lm.stm", "helicopter_hm.stm"], MeasuredField::Secondary);
    let fixed_wing = instrument(&["fixed_wing.stm"], MeasuredField::Total);
    [
        Sounding::new("helicopter", &helicopter, measured(35.0, -13.0, 2.0), (1e-15, 1e-13)),
        Sounding::new("fixed wing", &fixed_wing, measured(115.0, -120.0, -35.0), (1e-3, 1e-1)),
    ]
}

pub fn instrument(files: &[&str], field: MeasuredField) -> TdemInstrument {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/tdem");
    let systems = files.iter().map(|file| TdemSystem::read(&folder.join(file)).unwrap()).collect();
    TdemInstrument { systems, field, vector_amplitude: false }
}

fn measured(height_m: f64, dx_m: f64, dz_m: f64) -> Geometry {
    Geometry::level(height_m).with(GeometryParameter::TxRxDx, dx_m).with(GeometryParameter::TxRxDz, dz_m)
}

impl Sounding {
    /// Height, offset and receiver pitch are sampled, so widely that new nodes are computed now and then. The errors
    /// are also sampled, the additive ones between `additive`.
    fn new(name: &'static str, instrument: &TdemInstrument, measured: Geometry, additive: (f64, f64)) -> Self {
        let mut prior =
            prior(LayerCountLaw::Uniform, DepthScale::LogOffset { offset_m: 10.0 }, Correlation::Independent);
        let sampled = [
            (GeometryParameter::Height, Deviation::Normal { std: 0.06 * measured.height_m() }),
            (GeometryParameter::TxRxDx, Deviation::Uniform { half_width: 3.0 }),
            (GeometryParameter::RxPitch, Deviation::Uniform { half_width: 4.0 }),
        ];
        prior.geometry = geometry_prior(measured, &sampled);
        prior.relative_error = vec![prior.relative_error[0]; 2];
        // Their widths differ, so that an exchange of the groups would be found.
        prior.additive_error = [1.0, 3.0]
            .map(|factor| ErrorPrior::LogUniform {
                ln_minimum: additive.0.ln(),
                ln_maximum: (factor * additive.1).ln(),
            })
            .to_vec();
        let (channels, groups) = (instrument.channels(), instrument.groups());
        let group =
            |c: &geobipy::system::TdemChannel| groups.iter().position(|&g| g == (c.system, c.component)).unwrap();
        let noise = NoiseModel {
            group: channels.iter().map(group).collect(),
            additive_shape: channels.iter().map(|c| (c.gate.center_s() / 1e-3).powf(-0.5)).collect(),
            relative_to: ErrorReference::Predicted,
        };
        assert_eq!(noise.group_count(), 2);
        let mut sounding = Self {
            name,
            operator: Arc::new(TdemOperator::new(instrument, Accuracy::Standard)),
            prior,
            noise: Arc::new(noise),
            observed: vec![0.0; channels.len()],
        };
        let truth = LayeredEarth::from_thicknesses(&[0.01, 0.1, 0.02], &[15.0, 25.0]).unwrap();
        sounding.observed = sounding.predict(&truth, &measured);
        sounding
    }

    /// Shifts the prior of the additive errors.
    pub fn multiply_additive_errors(&mut self, factor: f64) {
        for prior in &mut self.prior.additive_error {
            if let ErrorPrior::LogUniform { ln_minimum, ln_maximum } = prior {
                *ln_minimum += factor.ln();
                *ln_maximum += factor.ln();
            }
        }
    }

    pub fn forward(&self) -> TdemForward {
        TdemForward::new(Arc::clone(&self.operator), self.prior.geometry.measured())
    }

    /// Prediction of a new forward model.
    pub fn predict(&self, earth: &LayeredEarth, geometry: &Geometry) -> Vec<f64> {
        let mut predicted = vec![f64::NAN; self.observed.len()];
        self.forward().predict(earth, geometry, &mut EarthResponse::default(), &mut predicted);
        predicted
    }

    pub fn likelihood(&self) -> Likelihood {
        self.likelihood_of(&self.observed)
    }

    /// Likelihood of other data than [`observed`](Self::observed).
    pub fn likelihood_of(&self, observed: &[f64]) -> Likelihood {
        Likelihood::new(observed, None, &self.noise)
    }

    /// Linearisation about the mean of the prior; the data have the weight `data_weight`.
    pub fn gauss_newton(&self, likelihood: &Likelihood, data_weight: f64) -> GaussNewton {
        let cells = GaussNewton::cell_depths_m(self.prior.interfaces.maximum_depth_m()).len();
        let profile = vec![self.prior.conductivity.mean; cells];
        let measured = self.prior.geometry.measured();
        GaussNewton::new(profile, measured, &self.prior, likelihood, &mut self.forward()).with_data_weight(data_weight)
    }

    /// Deviation of a sampled parameter from its measured value, in standard deviations of the prior.
    pub fn deviation(&self, model: &Model, parameter: GeometryParameter) -> f64 {
        let prior = &self.prior.geometry;
        (model.geometry.get(parameter) - prior.measured().get(parameter)) / prior.deviation(parameter).std()
    }
}
