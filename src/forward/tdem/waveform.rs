//! The source of the ground's response, as a function of time that changes sign every half period.

use crate::system::{Output, TdemSystem, WaveformKind};

/// Coefficients of a piece, lowest power first; the integral of a received waveform is of second degree.
type Coefficients = [f64; 3];

/// A piecewise polynomial D with D(t + P) = -D(t), where P is the half period. Data are averages over gates of D
/// convolved with the impulse response of ground and receiver.
#[derive(Debug, Clone)]
pub(super) struct WaveformSource {
    half_period_s: f64,
    /// Starts of the pieces in s, from `starts[0]` to within one half period after it; the last piece ends at
    /// `starts[0] + half_period_s`.
    starts: Vec<f64>,
    /// Coefficients of each piece, as a function of the time since its start.
    pieces: Vec<Coefficients>,
}

impl WaveformSource {
    /// Returns the source D of `system`:
    ///
    /// | measured | waveform of the current I | waveform V received |
    /// |---|---|---|
    /// | dB/dt | dI/dt | V |
    /// | B | I | the integral of V |
    pub(super) fn new(system: &TdemSystem) -> Self {
        let lines = Self::straight_lines(system);
        match (system.waveform.kind, system.output) {
            (WaveformKind::Current, Output::DbDt) => lines.derivative(),
            (WaveformKind::Current, Output::B) | (WaveformKind::Received, Output::DbDt) => lines,
            (WaveformKind::Received, Output::B) => lines.integral(),
        }
    }

    /// Returns half a period of the waveform itself.
    fn straight_lines(system: &TdemSystem) -> Self {
        let half_period_s = system.half_period_s();
        let waveform = &system.waveform;
        let first = waveform.time_s[0];
        let end = first + half_period_s;
        // The second half period follows from the first; its times may differ from the half period's end by rounding.
        let inside = waveform.time_s.iter().take_while(|&&t| t < end - 1e-4 * half_period_s).count();
        let mut points: Vec<(f64, f64)> =
            waveform.time_s.iter().copied().zip(waveform.value.iter().copied()).take(inside).collect();
        let last = points[inside - 1];
        let next = waveform.time_s.get(inside).zip(waveform.value.get(inside));
        let value_at_end =
            next.map_or(last.1, |(&t, &v)| last.1 + (v - last.1) * ((end - last.0) / (t - last.0)).min(1.0));
        let largest = waveform.value.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
        if (value_at_end + points[0].1).abs() > 1e-3 * largest {
            // A jump between half periods becomes a ramp of one sample, as in a digitised waveform.
            let before = (end - 1.0 / system.digitising_frequency_hz).max(0.5 * (last.0 + end));
            points.push((before, last.1 + (value_at_end - last.1) * (before - last.0) / (end - last.0)));
        }
        points.push((end, -points[0].1));
        let slope = |pair: &[(f64, f64)]| (pair[1].1 - pair[0].1) / (pair[1].0 - pair[0].0);
        Self {
            half_period_s,
            starts: points[..points.len() - 1].iter().map(|p| p.0).collect(),
            pieces: points.windows(2).map(|pair| [pair[0].1, slope(pair), 0.0]).collect(),
        }
    }

    fn derivative(mut self) -> Self {
        self.pieces.iter_mut().for_each(|c| *c = [c[1], 2.0 * c[2], 0.0]);
        self
    }

    /// Returns the antiderivative that also changes sign every half period; pieces must be of first degree at most.
    fn integral(mut self) -> Self {
        let mut sum = 0.0;
        for i in 0..self.pieces.len() {
            let [c0, c1, _] = self.pieces[i];
            self.pieces[i] = [sum, c0, 0.5 * c1];
            sum += self.length(i) * (c0 + 0.5 * c1 * self.length(i));
        }
        self.pieces.iter_mut().for_each(|c| c[0] -= 0.5 * sum);
        self
    }

    fn length(&self, piece: usize) -> f64 {
        let end = self.starts.get(piece + 1).copied().unwrap_or(self.starts[0] + self.half_period_s);
        end - self.starts[piece]
    }

    /// Starts of the pieces in s within one half period.
    pub(super) fn breaks(&self) -> &[f64] {
        &self.starts
    }

    /// Returns the largest |D|.
    pub(super) fn largest(&self) -> f64 {
        let ends = |i: usize| [self.polynomial(i, 0.0).abs(), self.polynomial(i, self.length(i)).abs()];
        (0..self.pieces.len()).flat_map(ends).fold(0.0, f64::max)
    }

    /// Returns the integral from `start` to `end` of D(t) times a weight, which is `weights.0` at the start,
    /// `weights.1` at the end and linear between. It is summed piece by piece, so that nothing cancels.
    pub(super) fn weighted_integral(&self, start: f64, end: f64, weights: (f64, f64)) -> f64 {
        let mut sum = 0.0;
        let mut from = start;
        while from < end {
            let (piece, offset, sign) = self.locate(from);
            // The step is slightly larger than rounding errors, so that every step advances.
            let rest = (self.length(piece) - offset).max(f64::EPSILON * (1.0 + from.abs()));
            let to = if rest < end - from { from + rest } else { end };
            let half = 0.5 * (to - from);
            for (x, w) in GAUSS_3 {
                let inside = half * (1.0 + x);
                let share = (from + inside - start) / (end - start);
                let weight = weights.0 + (weights.1 - weights.0) * share;
                sum += sign * half * w * weight * self.polynomial(piece, offset + inside);
            }
            from = to;
        }
        sum
    }

    /// Returns the piece that contains `time_s`, the time since its start, and the sign of its half period.
    fn locate(&self, time_s: f64) -> (usize, f64, f64) {
        let turns = ((time_s - self.starts[0]) / self.half_period_s).floor();
        let inside = (time_s - turns * self.half_period_s).max(self.starts[0]);
        let piece = self.starts.partition_point(|&s| s <= inside) - 1;
        let sign = if turns.rem_euclid(2.0) == 0.0 { 1.0 } else { -1.0 };
        (piece, inside - self.starts[piece], sign)
    }

    fn polynomial(&self, piece: usize, x: f64) -> f64 {
        let [c0, c1, c2] = self.pieces[piece];
        c0 + x * (c1 + x * c2)
    }
}

/// Nodes and weights of Gauss-Legendre quadrature on [-1, 1], exact to degree 5.
const GAUSS_3: [(f64, f64); 3] =
    [(-0.774_596_669_241_483_4, 5.0 / 9.0), (0.0, 8.0 / 9.0), (0.774_596_669_241_483_4, 5.0 / 9.0)];
