//! Writes one moment of a time-domain system as a `.stm` file.

use std::f64::consts::PI;

/// Largest difference between a waveform and its negative half a period earlier, relative to the peak.
const HALVES_DIFFER: f64 = 0.02;
/// Rounding error of times, relative to half a period.
const TIME_ROUNDING: f64 = 1e-6;

/// Content of the file.
pub(super) struct Description {
    pub name: String,
    /// What the file is made from, and what it says that the `.stm` file has no key for; one line each.
    pub comments: Vec<String>,
    pub base_frequency_hz: f64,
    /// Times in s, and currents relative to the peak, over half a period.
    pub waveform: Vec<(f64, f64)>,
    /// Turns, peak current in A and area in m^2, each 1 if the data are divided by it.
    pub moment: [f64; 3],
    pub gates_s: Vec<[f64; 2]>,
    /// Added to all gates, in s.
    pub time_shift_s: f64,
    /// Corner frequencies in Hz, and orders.
    pub filters: Vec<(f64, u32)>,
    /// What the file says of the filters.
    pub filters_comment: &'static str,
    pub loop_area_m2: f64,
    pub output: &'static str,
    /// Factors of the components x, y, z; 0 for a component that is not measured.
    pub scaling: [f64; 3],
    /// Position of the receiver relative to the transmitter: ahead, left, up.
    pub offset_m: [f64; 3],
}

impl Description {
    /// Returns the components that are measured, as in `xz`.
    pub fn components(&self) -> String {
        "xyz".chars().zip(self.scaling).filter(|(_, scaling)| *scaling != 0.0).map(|(axis, _)| axis).collect()
    }

    pub fn to_stm(&self) -> String {
        let [turns, current, area] = self.moment;
        let ([dx, dy, dz], [x, y, z]) = (self.offset_m, self.scaling);
        let waveform: String =
            self.waveform.iter().map(|(t, i)| format!("            {t:>16.9e}  {i:>13.6e}\n")).collect();
        let gates: String =
            self.gates_s.iter().map(|[start, end]| format!("            {start:>13e} {end:>13e}\n")).collect();
        let comments: String = self.comments.iter().map(|comment| format!("// {comment}\n")).collect();
        let shift = match self.time_shift_s {
            0.0 => String::new(),
            shift => format!("        // Seconds, added to all gates.\n        TimeShift = {shift:e}\n"),
        };
        format!(
            "\
// {name}, components {components}
//
{comments}// Position of the receiver relative to the transmitter, for a survey without columns for it:
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
{shift}
        // Start and end of each gate in s, as the file has them.
        WindowTimes Begin
{gates}        WindowTimes End
{filters}    Receiver End

    ForwardModelling Begin
        // Radius in m of a circle with an area of {loop_area:.1} m^2.
        ModellingLoopRadius = {radius:.6}
        OutputType = {output}
        XOutputScaling = {x}
        YOutputScaling = {y}
        // 1e12 where the data are in units of 1e-12.
        ZOutputScaling = {z}
        SecondaryFieldNormalisation = none

        // Only the comparison with GA-AEM uses these.
        FrequenciesPerDecade = 5
        NumberOfAbsiccaInHankelTransformEvaluation = 21
    ForwardModelling End
System End
",
            name = self.name,
            components = self.components(),
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
        if self.filters.is_empty() {
            return String::new();
        }
        let row = |of: fn(&(f64, u32)) -> String| self.filters.iter().map(of).collect::<Vec<_>>().join(" ");
        format!(
            "
        // {}
        LowPassFilter Begin
            CutOffFrequency = {}
            Order = {}
        LowPassFilter End
",
            self.filters_comment,
            row(|(hz, _)| hz.to_string()),
            row(|(_, order)| order.to_string())
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
