//! The summary of one sounding: computes every product of the schema from its results.

use std::collections::BTreeMap;

use super::depth_of_information::depth_of_information;
use super::interfaces::probable_interfaces;
use super::marginal::{Marginal, information_bias_bits};
use super::percentiles::{values_percentile, values_percentiles};
use super::samples::SampledEarths;
use crate::earth::LayeredEarth;
use crate::schema::{Field, Values, fields};

/// A range of conductivity with a name that the user chooses.
#[derive(Debug, Clone, PartialEq)]
pub struct ConductivityClass {
    /// Name of the class, without blanks.
    pub name: String,
    /// Lowest conductivity in S/m.
    pub minimum: f64,
    /// Highest conductivity in S/m.
    pub maximum: f64,
}

/// The parts of the results that all soundings of a survey share.
#[derive(Debug, Clone)]
pub struct ProductSettings {
    /// Bounds of the depth cells in m, one more than cells.
    pub depth_bounds_m: Vec<f64>,
    /// Bounds of the cells of log10 conductivity, one more than cells.
    pub log10_conductivity_bounds: Vec<f64>,
    /// Prior mean number of interfaces in each depth cell.
    pub prior_interface_count: Vec<f64>,
    /// Classes whose probability is computed.
    pub classes: Vec<ConductivityClass>,
    /// Number of probable interfaces to find.
    pub probable_interfaces: usize,
}

/// Results of one sounding with a posterior, named as in the schema.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Posterior<'a> {
    pub hitmap: &'a [u32],
    pub interface_histogram: &'a [u32],
    pub layer_count_histogram: &'a [u32],
    pub prior_log10_conductivity_probability: &'a [f32],
    pub sample_misfit: &'a [f32],
    pub ess_log10_conductivity: &'a [f64],
    pub samples: SampledEarths<'a>,
    /// Errors and geometry of the samples, one sample after the other.
    pub sample_relative_error: &'a [f32],
    pub sample_additive_error: &'a [f32],
    pub sample_geometry: &'a [f32],
    /// Number of samples.
    pub sample_count: usize,
    pub best: LayeredEarth,
    /// Number of channels with a datum.
    pub active_channels: usize,
}

/// Products by name, without those of a sounding that has no posterior.
pub type SoundingProducts = BTreeMap<&'static str, Values>;

/// Number of conductivity cells that are joined for the information gain, 0.2 decades together.
pub const JOINED_CELLS: usize = 5;

/// Computes all products of a sounding except `depth_of_investigation_relative`, which needs the whole line.
pub fn sounding_products(cells: &ProductSettings, posterior: &Posterior<'_>) -> SoundingProducts {
    let mut products = SoundingProducts::new();
    conductivity(&mut products, cells, posterior);
    interfaces(&mut products, cells, posterior);
    if !cells.classes.is_empty() {
        classes(&mut products, cells, posterior);
    }
    for (values, to) in [
        (posterior.sample_relative_error, RELATIVE_ERRORS),
        (posterior.sample_additive_error, ADDITIVE_ERRORS),
        (posterior.sample_geometry, GEOMETRY),
    ] {
        percentiles_of_samples(&mut products, values, posterior.sample_count, to);
    }
    let misfits: Vec<f64> = posterior.sample_misfit.iter().map(|&misfit| f64::from(misfit)).collect();
    let per_datum = values_percentile(&misfits, 0.5) / posterior.active_channels as f64;
    products.insert(fields::MISFIT_P50.name, Values::F32(vec![per_datum as f32]));
    products
}

/// The fields of the percentiles of [`FRACTIONS`] of the samples.
type Percentiles = [&'static Field; 3];
const FRACTIONS: [f64; 3] = [0.05, 0.5, 0.95];
const RELATIVE_ERRORS: Percentiles =
    [&fields::RELATIVE_ERROR_P05, &fields::RELATIVE_ERROR_P50, &fields::RELATIVE_ERROR_P95];
const ADDITIVE_ERRORS: Percentiles =
    [&fields::ADDITIVE_ERROR_P05, &fields::ADDITIVE_ERROR_P50, &fields::ADDITIVE_ERROR_P95];
const GEOMETRY: Percentiles = [&fields::GEOMETRY_P05, &fields::GEOMETRY_P50, &fields::GEOMETRY_P95];

/// Computes percentiles over samples of each of several values that a sample has.
fn percentiles_of_samples(products: &mut SoundingProducts, values: &[f32], sample_count: usize, to: Percentiles) {
    let width = values.len() / sample_count.max(1);
    let of = |place: usize| -> Vec<f64> { values.iter().skip(place).step_by(width).map(|&x| f64::from(x)).collect() };
    let percentiles: Vec<[f64; 3]> = (0..width).map(|place| values_percentiles(&of(place), FRACTIONS)).collect();
    for (i, field) in to.into_iter().enumerate() {
        products.insert(field.name, Values::F32(percentiles.iter().map(|of_place| of_place[i] as f32).collect()));
    }
}

fn conductivity(products: &mut SoundingProducts, cells: &ProductSettings, posterior: &Posterior<'_>) {
    let marginals: Vec<Option<Marginal<'_>>> = marginals(cells, posterior).collect();
    let at_depths = |of: &dyn Fn(&Marginal<'_>) -> f64| -> Vec<f32> {
        marginals.iter().map(|marginal| marginal.map_or(f32::NAN, |marginal| of(&marginal) as f32)).collect()
    };
    let conductivity = |of: &dyn Fn(&Marginal<'_>) -> f64| Values::F32(at_depths(&|m| 10_f64.powf(of(m))));
    products.insert(fields::CONDUCTIVITY_P05.name, conductivity(&|m| m.percentile(0.05)));
    products.insert(fields::CONDUCTIVITY_P10.name, conductivity(&|m| m.percentile(0.10)));
    products.insert(fields::CONDUCTIVITY_P50.name, conductivity(&|m| m.percentile(0.50)));
    products.insert(fields::CONDUCTIVITY_P90.name, conductivity(&|m| m.percentile(0.90)));
    products.insert(fields::CONDUCTIVITY_P95.name, conductivity(&|m| m.percentile(0.95)));
    products.insert(fields::CONDUCTIVITY_MEAN.name, conductivity(&|m| m.mean()));
    products.insert(fields::CONDUCTIVITY_MODE.name, conductivity(&|m| m.mode()));
    products.insert(fields::CREDIBLE_WIDTH.name, Values::F32(at_depths(&|m| m.percentile(0.95) - m.percentile(0.05))));
    products.insert(fields::ENTROPY.name, Values::F32(at_depths(&|m| m.entropy_bits())));
    let prior: Vec<f64> = posterior.prior_log10_conductivity_probability.iter().map(|&p| f64::from(p)).collect();
    let gain = at_depths(&|m| m.information_gain_bits(&prior, JOINED_CELLS));
    let wide_gain: Vec<f64> = gain.iter().map(|&bits| f64::from(bits)).collect();
    let effective_samples = posterior.ess_log10_conductivity.iter().copied().fold(f64::NAN, f64::min);
    let bias = information_bias_bits(&prior, JOINED_CELLS, effective_samples);
    let depth_m = depth_of_information(&cells.depth_bounds_m, &wide_gain, bias);
    products.insert(fields::DEPTH_OF_INFORMATION.name, Values::F32(vec![depth_m as f32]));
    products.insert(fields::INFORMATION_GAIN.name, Values::F32(gain));
    let best = |b: &[f64]| posterior.best.ln_conductivity_at(0.5 * (b[0] + b[1])).exp() as f32;
    products.insert(fields::CONDUCTIVITY_BEST.name, Values::F32(cells.depth_bounds_m.windows(2).map(best).collect()));
}

fn interfaces(products: &mut SoundingProducts, cells: &ProductSettings, posterior: &Posterior<'_>) {
    let layer_counts = posterior.layer_count_histogram;
    let recorded: f64 = layer_counts.iter().map(|&count| f64::from(count)).sum();
    let share = |&count: &u32| f64::from(count) / recorded;
    let expected: Vec<f64> = posterior.interface_histogram.iter().map(share).collect();
    let most = cells.probable_interfaces;
    let found = probable_interfaces(&cells.depth_bounds_m, &expected, &cells.prior_interface_count, most);
    let padded = |values: Vec<f64>| {
        Values::F32((0..most).map(|i| values.get(i).map_or(f32::NAN, |&value| value as f32)).collect())
    };
    products.insert(fields::PROBABLE_INTERFACE_DEPTH.name, padded(found.iter().map(|f| f.depth_m).collect()));
    products.insert(fields::PROBABLE_INTERFACE_COUNT.name, padded(found.iter().map(|f| f.expected).collect()));
    let thickness_m = cells.depth_bounds_m.windows(2).map(|b| b[1] - b[0]);
    let density = expected.iter().zip(thickness_m).map(|(&number, thickness_m)| (number / thickness_m) as f32);
    products.insert(fields::INTERFACE_DENSITY.name, Values::F32(density.collect()));
    let probability = posterior.samples.interface_probability(&cells.depth_bounds_m);
    products
        .insert(fields::INTERFACE_PROBABILITY.name, Values::F32(probability.into_iter().map(|p| p as f32).collect()));

    let mut below = 0.0;
    let median = layer_counts.iter().position(|count| {
        below += share(count);
        below >= 0.5
    });
    products.insert(fields::LAYER_COUNT_P50.name, Values::I32(vec![median.map_or(0, |i| i as i32 + 1)]));
    let probability = layer_counts.iter().map(|count| share(count) as f32).collect();
    products.insert(fields::LAYER_COUNT_PROBABILITY.name, Values::F32(probability));
}

fn classes(products: &mut SoundingProducts, cells: &ProductSettings, posterior: &Posterior<'_>) {
    let mut probability = Vec::new();
    let (mut most, mut most_probability) = (Vec::new(), Vec::new());
    for marginal in marginals(cells, posterior) {
        let of = |class: &ConductivityClass| {
            marginal.map_or(f64::NAN, |m| m.probability_between(class.minimum.log10(), class.maximum.log10()))
        };
        let at_depth: Vec<f64> = cells.classes.iter().map(of).collect();
        let best =
            at_depth.iter().enumerate().fold((-1, 0.0), |best, (i, &p)| if p > best.1 { (i as i8, p) } else { best });
        most.push(best.0);
        most_probability.push(best.1 as f32);
        probability.extend(at_depth.iter().map(|&p| p as f32));
    }
    products.insert(fields::CLASS_PROBABILITY.name, Values::F32(probability));
    products.insert(fields::MOST_PROBABLE_CLASS.name, Values::I8(most));
    products.insert(fields::MOST_PROBABLE_CLASS_PROBABILITY.name, Values::F32(most_probability));
}

fn marginals<'a>(cells: &'a ProductSettings, posterior: &Posterior<'a>) -> impl Iterator<Item = Option<Marginal<'a>>> {
    let bounds = &cells.log10_conductivity_bounds;
    posterior.hitmap.chunks_exact(bounds.len() - 1).map(|counts| Marginal::new(bounds, counts))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{FIELDS, Role};

    fn cells() -> ProductSettings {
        let class = |name: &str, minimum, maximum| ConductivityClass { name: name.to_owned(), minimum, maximum };
        ProductSettings {
            depth_bounds_m: vec![0.0, 10.0, 30.0],
            log10_conductivity_bounds: (0..=40).map(|i| -3.0 + 0.1 * f64::from(i)).collect(),
            prior_interface_count: vec![0.2, 0.2],
            classes: vec![class("clay", 0.1, 1.0), class("sand", 0.01, 0.1)],
            probable_interfaces: 3,
        }
    }

    /// 100 samples; the upper cell is 0.03 to 0.32 S/m, and the lower one is unknown.
    #[test]
    fn every_product_of_the_schema_is_computed() {
        let n = f32::NAN;
        let interface_depth_m = [8.0, n, n, 3.0, 4.0, n, n, n, n];
        let mut hitmap = vec![0_u32; 80];
        hitmap[15..25].fill(10);
        hitmap[40..].fill(5);
        let posterior = Posterior {
            hitmap: &hitmap,
            interface_histogram: &[90, 10],
            layer_count_histogram: &[10, 80, 10],
            prior_log10_conductivity_probability: &[0.025; 40],
            sample_misfit: &[3.0, 4.0, 5.0],
            ess_log10_conductivity: &[400.0, 90.0],
            samples: SampledEarths::new(&[2, 3, 1], &interface_depth_m, &[-1.0; 9]),
            sample_relative_error: &[0.1, 1.0, 0.2, 2.0, 0.3, 3.0],
            sample_additive_error: &[5.0; 6],
            sample_geometry: &[30.0, 31.0, 32.0],
            sample_count: 3,
            best: LayeredEarth::new(vec![8.0], vec![-1.0, -2.0]).unwrap(),
            active_channels: 4,
        };
        let products = sounding_products(&cells(), &posterior);
        let expected = FIELDS.iter().filter(|f| f.role == Role::Product && f.name != "depth_of_investigation_relative");
        for field in expected {
            assert_eq!(products.get(field.name).map(Values::kind), Some(field.kind), "{}", field.name);
        }
        let first = |name: &str| match &products[name] {
            Values::F32(values) => f64::from(values[0]),
            Values::I32(values) => f64::from(values[0]),
            values => panic!("{name}: {values:?}"),
        };
        let close = |name: &str, expected: f64| {
            assert!(
                (first(name) - expected).abs() < 1e-4 * expected.abs(),
                "{name}: {}, expected {expected}",
                first(name)
            );
        };
        close("conductivity_p50", 0.1);
        close("conductivity_p05", 10_f64.powf(-1.45));
        close("conductivity_best", (-1.0_f64).exp());
        close("credible_width", 0.9);
        close("information_gain", 2.0);
        close("depth_of_information", 10.0);
        close("class_probability", 0.5);
        close("layer_count_p50", 2.0);
        close("misfit_p50", 1.0);
        close("relative_error_p50", 0.2);
        close("geometry_p50", 31.0);
        // The sum over both cells: the number falls from one to the other.
        close("probable_interface_count", 1.0);
        close("interface_density", 0.09);
        close("interface_probability", 2.0 / 3.0);
    }
}
