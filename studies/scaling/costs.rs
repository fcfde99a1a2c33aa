//! Costs of soundings: measured stretches of lines, combined to surveys of any size.

use std::path::Path;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Number of consecutive soundings that stay together, because neighbours may have similar costs, which a schedule may
/// use.
const BLOCK: usize = 12;
const SEED: u64 = 1;

/// CPU seconds of consecutive soundings, in stretches.
pub struct Measured {
    pub name: &'static str,
    stretches: Vec<Vec<f64>>,
}

impl Measured {
    /// Reads `studies/data/costs_<name>.csv`.
    pub fn read(name: &'static str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("studies/data/costs_{name}.csv"));
        let mut reader =
            csv::ReaderBuilder::new().comment(Some(b'#')).from_path(path).expect("measured costs can be read");
        let rows: Vec<(usize, f64, f64, f64, String)> =
            reader.deserialize().collect::<Result<_, _>>().expect("stretch, line, fiducial, cpu_seconds, status");
        let stretches = rows
            .chunk_by(|a, b| a.0 == b.0)
            .map(|stretch| stretch.iter().map(|&(_, _, _, seconds, _)| seconds).collect())
            .collect();
        Self { name, stretches }
    }

    /// Returns the stretches of two measurements.
    pub fn mixed(name: &'static str, one: &Self, other: &Self) -> Self {
        Self { name, stretches: [one.stretches.as_slice(), &other.stretches].concat() }
    }

    /// Returns blocks of consecutive soundings drawn at random, until there are `count`; every stretch has the same
    /// probability.
    pub fn survey(&self, count: usize) -> Vec<f64> {
        let blocks: Vec<Vec<&[f64]>> = self.stretches.iter().map(|stretch| stretch.windows(BLOCK).collect()).collect();
        let mut rng = ChaCha8Rng::seed_from_u64(SEED);
        let mut costs = Vec::with_capacity(count + BLOCK);
        while costs.len() < count {
            let stretch = &blocks[rng.random_range(0..blocks.len())];
            costs.extend_from_slice(stretch[rng.random_range(0..stretch.len())]);
        }
        costs.truncate(count);
        costs
    }

    pub fn mean_s(&self) -> f64 {
        let all = self.stretches.concat();
        all.iter().sum::<f64>() / all.len() as f64
    }

    /// Returns number, mean, standard deviation, least and greatest, and correlation of neighbours, as text.
    pub fn describe(&self) -> String {
        let all = self.stretches.concat();
        let mean = self.mean_s();
        let variance = all.iter().map(|cost| (cost - mean).powi(2)).sum::<f64>() / all.len() as f64;
        let beside: Vec<f64> = self
            .stretches
            .iter()
            .flat_map(|stretch| stretch.windows(2).map(|pair| (pair[0] - mean) * (pair[1] - mean)))
            .collect();
        format!(
            "{}: {} soundings measured, mean {mean:.1} s, standard deviation {:.1} s, {:.1} to {:.1} s, correlation of \
             neighbours {:.2}",
            self.name,
            all.len(),
            variance.sqrt(),
            all.iter().copied().fold(f64::INFINITY, f64::min),
            all.iter().copied().fold(0.0, f64::max),
            beside.iter().sum::<f64>() / beside.len() as f64 / variance,
        )
    }
}
