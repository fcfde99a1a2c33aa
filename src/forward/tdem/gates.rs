//! Closed forms of the gates' records for a ground whose response is one exponential.
//!
//! A Debye term i w tau / (1 + i w tau) and low-pass filters 1 / (1 + i w/a)^n make the transfer function
//!
//! ```text
//! H(s) = s/(s + p) prod_i (a_i/(s + a_i))^{n_i},   p = 1/tau
//!      = c_0 + sum over poles b and powers m of c_bm / (s + b)^m
//! ```
//!
//! whose terms in time are u^{m-1}/(m-1)! exp(-b u). With C(u) the average over a gate, with its weighting, of the source u
//! earlier, the gate records c_0 C(0) + sum c_bm int_0^inf u^{m-1}/(m-1)! exp(-b u) C(u) du. The source is a piecewise
//! polynomial that changes sign every half period P, hence so is C, and with q = exp(-b P)
//!
//! ```text
//! int_0^inf u^{m-1}/(m-1)! e^{-bu} C(u) du = sum_r S_r int_0^P u^{m-r-1}/(m-r-1)! e^{-bu} C(u) du,
//! sum_r S_r z^r = 1 / (1 + q e^{Pz})
//! ```
//!
//! The waveform is not digitised, and no series of harmonics is truncated.

use super::waveform::WaveformSource;
use crate::system::{Gate, GateWeighting, LowPassFilter, TdemSystem};

/// A length that is more than the highest order of all filters together which the readers of systems accept.
const MAX_ORDER: usize = 16;

/// A truncated power series.
type Series = [f64; MAX_ORDER];

/// The gates of one system.
#[derive(Debug)]
pub(super) struct Gates {
    half_period_s: f64,
    filters: Vec<Pole>,
    /// For each gate, the average over the gate of the source a time u earlier.
    lagged: Vec<Lagged>,
}

/// A filter (b/(s + b))^order.
#[derive(Debug, Clone, Copy)]
struct Pole {
    rate: f64,
    order: usize,
}

impl Gates {
    pub(super) fn new(system: &TdemSystem, source: &WaveformSource) -> Self {
        let half_period_s = system.half_period_s();
        let lagged = system.gates.iter().map(|gate| Lagged::new(gate, system.gate_weighting, source, half_period_s));
        Self { half_period_s, filters: poles(&system.low_pass_filters), lagged: lagged.collect() }
    }

    /// Computes what each gate records of a Debye term with time constant `tau_s`. The time constant is changed
    /// slightly where it would coincide with a filter's. Returns the time constant that was used.
    pub(super) fn debye(&self, tau_s: f64, record: &mut [f64]) -> f64 {
        let mut rate = 1.0 / tau_s;
        while self.filters.iter().any(|f| (rate / f.rate - 1.0).abs() < 0.03) {
            rate *= 1.07;
        }
        let mut poles = self.filters.clone();
        poles.push(Pole { rate, order: 1 });
        record.fill(0.0);
        if self.filters.is_empty() {
            record.iter_mut().zip(&self.lagged).for_each(|(r, lagged)| *r += lagged.at_zero);
        }
        for (i, pole) in poles.iter().enumerate() {
            let coefficients = self.partial_fractions(&poles, i, rate);
            let repeats = repeats(pole.rate * self.half_period_s, self.half_period_s);
            for (r, lagged) in record.iter_mut().zip(&self.lagged) {
                let moments = lagged.moments(pole.rate, pole.order);
                for m in 1..=pole.order {
                    let periodic: f64 = (0..m).map(|k| repeats[k] * moments[m - k - 1]).sum();
                    *r += coefficients[m - 1] * periodic;
                }
            }
        }
        1.0 / rate
    }

    /// Returns the coefficients of 1/(s + b), 1/(s + b)^2, ... for the pole b = `poles[i]`, by expanding the rest of H
    /// about -b.
    fn partial_fractions(&self, poles: &[Pole], i: usize, debye_rate: f64) -> Series {
        let Pole { rate, order } = poles[i];
        let debye = poles.len() - 1;
        // With x = s + b: s = x - b
        let mut rest = [0.0; MAX_ORDER];
        rest[0] = -rate;
        rest[1] = 1.0;
        for (j, other) in poles.iter().enumerate() {
            // The numerator of the Debye term is 1, that of a filter its rate.
            let numerator = if j == debye { 1.0 } else { other.rate };
            let distance = if j == debye { debye_rate - rate } else { other.rate - rate };
            for _ in 0..other.order {
                if j == i {
                    rest.iter_mut().for_each(|c| *c *= numerator);
                } else {
                    divide_by_shift(&mut rest, distance, numerator);
                }
            }
        }
        let mut coefficients = [0.0; MAX_ORDER];
        for m in 1..=order {
            coefficients[m - 1] = rest[order - m];
        }
        coefficients
    }
}

/// Returns filters as poles. Poles that are so close that their partial fractions would lose more than nine digits are
/// replaced by one pole at their geometric mean; the error is of second order in their distance.
fn poles(filters: &[LowPassFilter]) -> Vec<Pole> {
    let mut poles: Vec<Pole> = Vec::new();
    for filter in filters {
        let (rate, order) = (2.0 * std::f64::consts::PI * filter.cutoff_hz, filter.order as usize);
        let too_close = |pole: &&mut Pole| (pole.rate / rate - 1.0).abs().powi((pole.order + order - 1) as i32) < 1e-9;
        match poles.iter_mut().find(too_close) {
            Some(pole) => {
                let share = order as f64 / (pole.order + order) as f64;
                *pole = Pole { rate: pole.rate * (rate / pole.rate).powf(share), order: pole.order + order };
            }
            None => poles.push(Pole { rate, order }),
        }
    }
    poles
}

/// Multiplies `series` by `numerator` / (x + `shift`).
fn divide_by_shift(series: &mut Series, shift: f64, numerator: f64) {
    let mut previous = 0.0;
    for c in series.iter_mut() {
        *c = (*c * numerator - previous) / shift;
        previous = *c;
    }
}

/// Returns S_r of the module's text, for `decay` = b P.
fn repeats(decay: f64, half_period_s: f64) -> Series {
    let q = (-decay).exp();
    let mut denominator = [0.0; MAX_ORDER];
    let mut term = q;
    for (r, d) in denominator.iter_mut().enumerate() {
        *d = if r == 0 { 1.0 + q } else { term };
        term *= half_period_s / (r + 1) as f64;
    }
    let mut inverse = [0.0; MAX_ORDER];
    inverse[0] = 1.0 / denominator[0];
    for r in 1..MAX_ORDER {
        let sum: f64 = (1..=r).map(|k| denominator[k] * inverse[r - k]).sum();
        inverse[r] = -sum / denominator[0];
    }
    inverse
}

/// The function C(u) for u from 0 to the half period, in polynomial pieces of third degree.
#[derive(Debug)]
struct Lagged {
    at_zero: f64,
    pieces: Vec<Piece>,
}

/// A piece C(u) = sum c_k x^k with x = (u - start) / length from 0 to 1.
#[derive(Debug)]
struct Piece {
    start: f64,
    length: f64,
    coefficients: [f64; 4],
}

impl Lagged {
    fn new(gate: &Gate, weighting: GateWeighting, source: &WaveformSource, half_period_s: f64) -> Self {
        let parts = gate_parts(gate, weighting);
        let average = |u: f64| -> f64 {
            parts.iter().map(|&(start, end, weights)| source.weighted_integral(start - u, end - u, weights)).sum()
        };
        let edges = parts.iter().flat_map(|part| [part.0, part.1]);
        let mut knots: Vec<f64> =
            edges.flat_map(|e| source.breaks().iter().map(move |b| (e - b).rem_euclid(half_period_s))).collect();
        knots.extend([0.0, half_period_s]);
        knots.sort_by(f64::total_cmp);
        let smallest = 1e-13 * half_period_s;
        knots.dedup_by(|b, a| *b - *a < smallest);
        let pieces = knots.windows(2).map(|pair| {
            let (start, length) = (pair[0], pair[1] - pair[0]);
            // The points avoid the ends, where rounding might reach into the next piece.
            let values = INSIDE.map(|x| average(start + x * length));
            Piece { start, length, coefficients: interpolate(values) }
        });
        Self { at_zero: average(0.0), pieces: pieces.collect() }
    }

    /// Returns int_0^P u^{m-1}/(m-1)! exp(-rate u) C(u) du for m = 1..=order.
    fn moments(&self, rate: f64, order: usize) -> Series {
        let mut moments = [0.0; MAX_ORDER];
        for piece in &self.pieces {
            // Beyond `end` the exponential is negligible, whatever the power of u.
            let end = (piece.start + piece.length).min((60.0 + 3.0 * order as f64) / rate);
            let mut from = piece.start;
            while from < end {
                let to = (from + 2.0 / rate).min(end);
                let half = 0.5 * (to - from);
                for (x, w) in GAUSS_10 {
                    let u = from + half * (1.0 + x);
                    let position = (u - piece.start) / piece.length;
                    let [c0, c1, c2, c3] = piece.coefficients;
                    let value = c0 + position * (c1 + position * (c2 + position * c3));
                    let mut term = half * w * value * (-rate * u).exp();
                    for (m, moment) in moments[..order].iter_mut().enumerate() {
                        *moment += term;
                        term *= u / (m + 1) as f64;
                    }
                }
                from = to;
            }
        }
        moments
    }
}

/// Returns (start, end, (weight at start, weight at end)) of the straight parts of a gate's weighting, whose integral
/// is 1.
fn gate_parts(gate: &Gate, weighting: GateWeighting) -> Vec<(f64, f64, (f64, f64))> {
    let &Gate { start_s, end_s } = gate;
    let width = end_s - start_s;
    match weighting {
        GateWeighting::Boxcar | GateWeighting::AreaUnderCurve => vec![(start_s, end_s, (1.0 / width, 1.0 / width))],
        GateWeighting::LinearTaper => {
            let full = 0.5 / width;
            vec![
                (start_s - width, start_s, (0.0, full)),
                (start_s, end_s, (full, full)),
                (end_s, end_s + width, (full, 0.0)),
            ]
        }
    }
}

const INSIDE: [f64; 4] = [0.05, 0.35, 0.65, 0.95];

/// Returns the coefficients of the polynomial of third degree through `values` at [`INSIDE`].
fn interpolate(values: [f64; 4]) -> [f64; 4] {
    // Newton's divided differences
    let mut differences = values;
    for level in 1..4 {
        for i in (level..4).rev() {
            differences[i] = (differences[i] - differences[i - 1]) / (INSIDE[i] - INSIDE[i - level]);
        }
    }
    let mut coefficients = [differences[3], 0.0, 0.0, 0.0];
    for level in (0..3).rev() {
        for k in (1..4).rev() {
            coefficients[k] = coefficients[k - 1] - INSIDE[level] * coefficients[k];
        }
        coefficients[0] = differences[level] - INSIDE[level] * coefficients[0];
    }
    coefficients
}

/// Nodes and weights of Gauss-Legendre quadrature on [-1, 1], exact to degree 19.
const GAUSS_10: [(f64, f64); 10] = [
    (-0.973_906_528_517_171_7, 0.066_671_344_308_688_14),
    (-0.865_063_366_688_984_5, 0.149_451_349_150_580_6),
    (-0.679_409_568_299_024_4, 0.219_086_362_515_982_04),
    (-0.433_395_394_129_247_2, 0.269_266_719_309_996_35),
    (-0.148_874_338_981_631_22, 0.295_524_224_714_752_87),
    (0.148_874_338_981_631_22, 0.295_524_224_714_752_87),
    (0.433_395_394_129_247_2, 0.269_266_719_309_996_35),
    (0.679_409_568_299_024_4, 0.219_086_362_515_982_04),
    (0.865_063_366_688_984_5, 0.149_451_349_150_580_6),
    (0.973_906_528_517_171_7, 0.066_671_344_308_688_14),
];
