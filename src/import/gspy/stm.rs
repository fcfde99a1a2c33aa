//! Writes one moment as a `.stm` file.

use std::f64::consts::PI;

/// Largest difference between a waveform and its negative half a period earlier, relative to the peak.
const HALVES_DIFFER: f64 = 0.02;
/// Rounding error of times, relative to half a period.
const TIME_ROUNDING: f64 = 1e-6;

/// Content of the file.
pub(super) struct Description {
    pub name: String,
    pub base_frequency_hz: f64,
    /// Times in s, and currents relative to the peak, over half a period.
    pub waveform: Vec<(f64, f64)>,
    /// Turns, peak current in A and area in m^2, each 1 if the data are divided by it.
    pub moment: [f64; 3],
    pub gates_s: Vec<[f64; 2]>,
    pub filters_hz: Vec<f64>,
    pub loop_area_m2: f64,
    pub output: &'static str,
    /// Position of the receiver relative to the transmitter: ahead, left, up.
    pub offset_m: [f64; 3],
}

impl Description {
    pub fn to_stm(&self) -> String {
        let [turns, current, area] = self.moment;
        let [dx, dy, dz] = self.offset_m;
        let waveform: String =
            self.waveform.iter().map(|(t, i)| format!("            {t:>14.7e}  {i:>11.4e}\n")).collect();
        let gates: String =
            self.gates_s.iter().map(|[start, end]| format!("            {start:>13.6e} {end:>13.6e}\n")).collect();
        format!(
            "\
// {name}, vertical component
//
// Made from the survey's gspy file. Position of the receiver relative to the transmitter, for a survey without columns for it:
// txrx_dx = {dx}, txrx_dy = {dy}, txrx_dz = {dz} m (ahead, left, up).

System Begin
    Name = {name}
    Type = Time Domain

    Transmitter Begin
        // If all three are 1, the data are per A m^2.
        NumberOfTurns = {turns}
        PeakCurrent = {current}
        LoopArea = {area}
        BaseFrequency = {base}
        // Only the comparison with GA-AEM uses it.
        WaveformDigitisingFrequency = {digitising}

        // Time in s and current relative to the peak: the last half period of the file's waveform.
        WaveformCurrent Begin
{waveform}        WaveformCurrent End
    Transmitter End

    Receiver Begin
        NumberOfWindows = {count}
        WindowWeightingScheme = AreaUnderCurve

        // Start and end of each gate in s, as the file has them.
        WindowTimes Begin
{gates}        WindowTimes End
{filters}    Receiver End

    ForwardModelling Begin
        // Radius in m of a circle with an area of {loop_area:.1} m^2.
        ModellingLoopRadius = {radius:.3}
        OutputType = {output}
        XOutputScaling = 0
        YOutputScaling = 0
        // 1e12 where the data are in units of 1e-12.
        ZOutputScaling = 1
        SecondaryFieldNormalisation = none

        // Only the comparison with GA-AEM uses these.
        FrequenciesPerDecade = 5
        NumberOfAbsiccaInHankelTransformEvaluation = 21
    ForwardModelling End
System End
",
            name = self.name,
            base = self.base_frequency_hz,
            digitising = 16384.0 * self.base_frequency_hz,
            count = self.gates_s.len(),
            filters = self.filters(),
            loop_area = self.loop_area_m2,
            radius = (self.loop_area_m2 / PI).sqrt(),
            output = self.output,
        )
    }

    fn filters(&self) -> String {
        if self.filters_hz.is_empty() {
            return String::new();
        }
        let row = |of: &dyn Fn(f64) -> String| self.filters_hz.iter().map(|&hz| of(hz)).collect::<Vec<_>>().join(" ");
        format!(
            "
        // Low-pass filters of the coil and of the instrument. The file does not give their order; order 1 is assumed.
        LowPassFilter Begin
            CutOffFrequency = {}
            Order = {}
        LowPassFilter End
",
            row(&|hz| hz.to_string()),
            row(&|_| "1".to_owned())
        )
    }
}

/// Returns the last half period of a waveform of times and currents; the error says what was expected.
pub(super) fn half_period(points: &[(f64, f64)], base_frequency_hz: f64) -> Result<Vec<(f64, f64)>, &'static str> {
    let increasing = points.windows(2).all(|pair| pair[0].0 < pair[1].0);
    let (Some(&(first_s, first)), Some(&(end_s, end)), true) = (points.first(), points.last(), increasing) else {
        return Err("times that increase");
    };
    if base_frequency_hz.is_nan() || base_frequency_hz <= 0.0 {
        return Err("a positive base_frequency beside it");
    }
    let half_period_s = 0.5 / base_frequency_hz;
    let start_s = end_s - half_period_s;
    // Times are rounded: a point at the start must not occur twice.
    let rounding_s = TIME_ROUNDING * half_period_s;
    let after: Vec<(f64, f64)> = points.iter().copied().filter(|&(time_s, _)| time_s > start_s + rounding_s).collect();
    let peak = points.iter().fold(0.0, |peak: f64, (_, current)| peak.max(current.abs()));
    // The current is zero before the first point.
    let start = match points.iter().rfind(|&&(time_s, _)| time_s <= start_s + rounding_s) {
        Some(&(before_s, before)) if start_s - before_s > rounding_s => {
            let (next_s, next) = after[0];
            before + (next - before) * (start_s - before_s) / (next_s - before_s)
        }
        Some(&(_, at_start)) => at_start,
        None if first.abs() <= HALVES_DIFFER * peak && first_s > start_s => 0.0,
        None => return Err("a waveform over half a period, or that begins with 0"),
    };
    if (start + end).abs() > HALVES_DIFFER * peak {
        return Err("a waveform that is half a period before its end what it is there, with opposite sign");
    }
    // The half period begins with the negative of its end; 0.0 - end avoids -0.0.
    Ok([(start_s, 0.0 - end)].into_iter().chain(after).collect())
}
