//! One small matrix per system, from the ground's spectrum at a few frequencies to the gates' records.
//!
//! Everything after the frequency response is linear: waveform, filters, gates. The response of a layered earth is close to a
//! sum of Debye terms i w tau / (1 + i w tau), for each of which the gates' record is known in closed form
//! ([`gates`](super::gates)). With Phi the terms' real and imaginary parts at the frequencies (rows) and B the records
//! (columns), both with columns scaled by s_tau and Phi with rows of unit length, Phi = U S V^T, the matrix is
//!
//! ```text
//! M = B V diag(S / (S^2 + eps^2 S_1^2)) U^T
//! ```
//!
//! which needs no fit per earth and no training.

use nalgebra::DMatrix;

use super::gates::Gates;
use super::mesh::FREQUENCY_BLOCK;
use super::waveform::WaveformSource;
use crate::system::TdemSystem;

/// Time constants of the terms: from 1 ns to 10 s.
const TAU_DECADES: (f64, f64) = (-9.0, 1.0);

/// Parameters of the representation of responses by Debye terms.
#[derive(Debug, Clone, Copy)]
pub(super) struct DebyeFit {
    /// Time constants per decade.
    pub(super) tau_per_decade: usize,
    /// Regularisation.
    pub(super) epsilon: f64,
}

/// Returns frequencies in Hz, equally spaced in logarithm between `lowest_hz` and `highest_hz`: at least `per_decade`
/// per decade, their number a multiple of [`FREQUENCY_BLOCK`].
pub(super) fn frequencies_hz(lowest_hz: f64, highest_hz: f64, per_decade: f64) -> Vec<f64> {
    let decades = (highest_hz / lowest_hz).log10();
    let blocks = ((decades * per_decade + 1.0) / FREQUENCY_BLOCK as f64).ceil() as usize;
    let count = blocks * FREQUENCY_BLOCK;
    (0..count).map(|i| lowest_hz * (highest_hz / lowest_hz).powf(i as f64 / (count - 1) as f64)).collect()
}

/// Returns the matrix from a response at `frequencies_hz` to the records of the gates of `system`, before scaling.
/// There is one row per gate; the columns are the real parts of all frequencies, then the imaginary parts. Frequencies
/// below `lowest_hz` are not used.
pub(super) fn gate_matrix(system: &TdemSystem, frequencies_hz: &[f64], lowest_hz: f64, fit: DebyeFit) -> Vec<f64> {
    let source = WaveformSource::new(system);
    let gates = Gates::new(system, &source);
    let gate_count = system.gates.len();
    let used: Vec<usize> = (0..frequencies_hz.len()).filter(|&i| frequencies_hz[i] >= lowest_hz).collect();

    let tau_count = ((TAU_DECADES.1 - TAU_DECADES.0) * fit.tau_per_decade as f64) as usize + 1;
    let mut terms = DMatrix::<f64>::zeros(2 * used.len(), tau_count);
    let mut records = DMatrix::<f64>::zeros(gate_count, tau_count);
    let mut record = vec![0.0; gate_count];
    for column in 0..tau_count {
        let tau = 10_f64.powf(TAU_DECADES.0 + column as f64 / fit.tau_per_decade as f64);
        let tau = gates.debye(tau, &mut record);
        // Slow terms are rarely large in the ground, hence their smaller scale.
        let scale = (tau / 1e-7).sqrt().recip().min(1.0);
        for (row, &frequency) in used.iter().enumerate() {
            let x = 2.0 * std::f64::consts::PI * frequencies_hz[frequency] * tau;
            terms[(row, column)] = scale * x * x / (1.0 + x * x);
            terms[(used.len() + row, column)] = scale * x / (1.0 + x * x);
        }
        for (gate, r) in record.iter().enumerate() {
            records[(gate, column)] = scale * r;
        }
    }
    let norms: Vec<f64> = terms.row_iter().map(|row| row.norm()).collect();
    for (mut row, norm) in terms.row_iter_mut().zip(&norms) {
        row /= *norm;
    }
    let svd = terms.svd(true, true);
    let (u, v_t) = (svd.u.expect("asked for"), svd.v_t.expect("asked for"));
    let largest = svd.singular_values.max();
    let filtered = svd.singular_values.map(|s| s / (s * s + (fit.epsilon * largest).powi(2)));
    let matrix = records * v_t.transpose() * DMatrix::from_diagonal(&filtered) * u.transpose();

    let columns = 2 * frequencies_hz.len();
    let mut rows = vec![0.0; gate_count * columns];
    for gate in 0..gate_count {
        for (i, &frequency) in used.iter().enumerate() {
            rows[gate * columns + frequency] = matrix[(gate, i)] / norms[i];
            rows[gate * columns + frequencies_hz.len() + frequency] =
                matrix[(gate, used.len() + i)] / norms[used.len() + i];
        }
    }
    rows
}
