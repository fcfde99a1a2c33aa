//! Chooses the waveform of a system file and checks it.

use std::path::{Path, PathBuf};

use super::block::{self, Block, NumberRow};
use super::reading::{Reading, pair};
use super::{Waveform, WaveformKind};
use crate::error::{Error, InputError};
use crate::text::read_text;

/// Times in files are rounded. Differences up to this fraction of half a period are accepted.
pub(super) const TIME_ROUNDING: f64 = 1e-4;
/// Largest accepted difference between the second half of a waveform and the first with opposite sign, relative to the
/// largest value.
const HALVES_DIFFER: f64 = 1e-3;
/// Longest time that may be missing at the end of a half period, relative to half a period.
const LONGEST_GAP: f64 = 0.05;
const POINTS: &str = "at least 2 rows of a time in s and a value";

/// A waveform. When its points are in a separate file, `self_contained_text` is the system file's text with the points
/// in it.
pub(super) struct Found {
    pub waveform: Waveform,
    pub self_contained_text: Option<String>,
}

/// One place where a system file gives a waveform.
struct WaveformBlock<'b> {
    kind: WaveformKind,
    block: &'b Block,
    from_file: bool,
}

/// Reads the waveform of the block Transmitter. `half_period_s` is NaN when the half period is not known.
pub(super) fn read(reading: &mut Reading, transmitter: &Block, text: &str, half_period_s: f64) -> Option<Found> {
    let sources = sources(transmitter);
    let Some(chosen) = sources.first() else {
        let block = transmitter.block("WaveformCurrent").or(transmitter.block("WaveformReceived"));
        match block {
            Some(block) => reading.wrong(block.line, format_args!("no rows in {}", block.name), POINTS),
            None => reading.wrong(transmitter.line, "no waveform in Transmitter", "`WaveformCurrent Begin`"),
        }
        return None;
    };
    warn_of_others(reading, chosen, &sources[1..]);
    let file = chosen.block.key("File").filter(|_| chosen.from_file);
    let folder = reading.path.parent().unwrap_or(Path::new(""));
    let file = file.map(|key| folder.join(&key.value));
    let file_text = match file.as_deref().map(read_text).transpose() {
        Ok(text) => text,
        Err(error) => {
            reading.errors.push(error);
            return None;
        }
    };
    let before = reading.errors.len();
    let mut points = match (&file, &file_text) {
        (Some(path), Some(text)) => WaveformPoints::in_file(path, text, &mut reading.errors),
        _ => WaveformPoints::of_rows(reading.path, chosen.block.line, &chosen.block.rows, &mut reading.errors),
    };
    if reading.errors.len() == before {
        if let Some(note) = points.close(half_period_s) {
            reading.warnings.push(note);
        }
        points.check(half_period_s, &mut reading.errors);
    }
    let waveform = Waveform { kind: chosen.kind, time_s: points.time_s, value: points.value };
    let self_contained_text = file_text.map(|points| self_contained(text, &points, chosen, &sources[1..]));
    Some(Found { waveform, self_contained_text })
}

/// Returns all waveforms in the file; the first one is the one that GA-AEM uses.
fn sources(transmitter: &Block) -> Vec<WaveformBlock<'_>> {
    use WaveformKind::{Current, Received};
    let order = [(Received, true), (Current, true), (Current, false), (Received, false)];
    let source = |(kind, from_file)| {
        let block = transmitter.block(if kind == Current { "WaveformCurrent" } else { "WaveformReceived" })?;
        let is_given = if from_file { block.key("File").is_some() } else { !block.rows.is_empty() };
        is_given.then_some(WaveformBlock { kind, block, from_file })
    };
    order.into_iter().filter_map(source).collect()
}

fn warn_of_others(reading: &mut Reading, chosen: &WaveformBlock, others: &[WaveformBlock]) {
    let file = if chosen.from_file { "the file of " } else { "" };
    for other in others {
        let what = if other.from_file { "the file of" } else { "the rows of" };
        let (name, first) = (&other.block.name, &chosen.block.name);
        let message = format!("{what} `{name}` have no effect: {file}`{first}` is the waveform");
        let message = if other.from_file { message.replace(" have ", " has ") } else { message };
        reading.warn(other.block.line, message);
    }
}

/// Returns the system file's text with the points of a separate waveform file in it and without the other waveforms.
fn self_contained(text: &str, points: &str, chosen: &WaveformBlock, others: &[WaveformBlock]) -> String {
    let inside = |block: &Block, line: usize| (block.line + 1..block.end_line).contains(&line);
    let is_other = |line| others.iter().any(|other| (other.block.line..=other.block.end_line).contains(&line));
    let file_line = chosen.block.key("File").map(|key| key.line);
    let mut all = Vec::new();
    for (line, row) in (1..).zip(text.lines()) {
        // The chosen block may also be in `others`, with its rows.
        let is_chosen_edge = line == chosen.block.line || line == chosen.block.end_line;
        if !is_chosen_edge && (is_other(line) || inside(chosen.block, line)) {
            all.push(format!("// {row}"));
        } else {
            all.push(row.to_owned());
        }
        if Some(line) == file_line {
            all.extend(points.strip_prefix('\u{feff}').unwrap_or(points).lines().map(str::to_owned));
        }
    }
    all.push(String::new());
    all.join("\n")
}

/// The points of a waveform and their lines in the file.
struct WaveformPoints {
    path: PathBuf,
    /// Line of the block; `None` when the points are in a separate file.
    block_line: Option<usize>,
    lines: Vec<usize>,
    time_s: Vec<f64>,
    value: Vec<f64>,
}

impl WaveformPoints {
    fn in_file(path: &Path, text: &str, errors: &mut Vec<Error>) -> Self {
        let mut rows = Vec::new();
        for (line, text) in block::lines(text) {
            let numbers = block::numbers(text);
            if numbers.is_none() {
                errors.push(InputError::line(path, line, format_args!("`{text}`"), "a time in s and a value"));
            }
            rows.push(NumberRow { numbers, line });
        }
        Self { block_line: None, ..Self::of_rows(path, 1, &rows, errors) }
    }

    fn of_rows(path: &Path, block_line: usize, rows: &[NumberRow], errors: &mut Vec<Error>) -> Self {
        let path = path.to_path_buf();
        let mut points =
            Self { path, block_line: Some(block_line), lines: Vec::new(), time_s: Vec::new(), value: Vec::new() };
        for row in rows {
            if let Some([time_s, value]) = pair(row, "a time in s and a value", &points.path, errors) {
                points.lines.push(row.line);
                points.time_s.push(time_s);
                points.value.push(value);
            }
        }
        points
    }

    /// Adds the last point of a half period if only this point is missing, and returns what the user should know.
    fn close(&mut self, half_period_s: f64) -> Option<String> {
        let (&first_s, &last_s, &line) = (self.time_s.first()?, self.time_s.last()?, self.lines.last()?);
        let step_s = self.time_s.windows(2).map(|pair| pair[1] - pair[0]).fold(f64::INFINITY, f64::min);
        let missing_s = half_period_s - (last_s - first_s);
        let longest_s =
            (LONGEST_GAP * half_period_s).min((1.0 + TIME_ROUNDING) * step_s + TIME_ROUNDING * half_period_s);
        // A comparison with NaN is false.
        if !(missing_s > TIME_ROUNDING * half_period_s && missing_s <= longest_s && step_s > 0.0) {
            return None;
        }
        let (end_s, value) = (first_s + half_period_s, 0.0 - self.value[0]);
        self.lines.push(line);
        self.time_s.push(end_s);
        self.value.push(value);
        let path = self.path.display();
        Some(format!(
            "{path}, line {line}: the waveform ends {missing_s:.3e} s before half a period is over, at most one step of its points; \
             the point {value} at {end_s:.6e} s is added, the first with opposite sign"
        ))
    }

    fn check(&self, half_period_s: f64, errors: &mut Vec<Error>) {
        let before = errors.len();
        if self.time_s.len() < 2 {
            return errors.push(self.wrong(format_args!("{} points in the waveform", self.time_s.len()), POINTS));
        }
        for (i, pair) in self.time_s.windows(2).enumerate().filter(|(_, pair)| pair[1] <= pair[0]) {
            let expected = format!("a time after {} s, that of the point before", pair[0]);
            errors.push(InputError::line(&self.path, self.lines[i + 1], format_args!("time {} s", pair[1]), expected));
        }
        if self.value.iter().all(|&value| value == 0.0) {
            errors.push(self.wrong("a waveform of zeros", "a value other than 0"));
        }
        if errors.len() == before && half_period_s.is_finite() {
            self.check_span(half_period_s, errors);
        }
    }

    fn check_span(&self, half_period_s: f64, errors: &mut Vec<Error>) {
        let span = self.time_s[self.time_s.len() - 1] - self.time_s[0];
        let got = format!("a waveform over {span:.6e} s");
        if span < (1.0 - TIME_ROUNDING) * half_period_s {
            let expected = format!("at least half a period of the base frequency, {half_period_s:.6e} s");
            errors.push(self.wrong(got, expected));
        } else if span > (2.0 + TIME_ROUNDING) * half_period_s {
            let expected = format!("at most a period of the base frequency, {:.6e} s", 2.0 * half_period_s);
            errors.push(self.wrong(got, expected));
        } else if span > (1.0 + TIME_ROUNDING) * half_period_s
            && let Some(i) = self.first_unlike(half_period_s)
        {
            let got = format!("value {} at {} s", self.value[i], self.time_s[i]);
            let expected = "that of half a period away with opposite sign";
            errors.push(InputError::line(&self.path, self.lines[i], got, expected));
        }
    }

    /// Returns the first point whose value differs from the value half a period away with opposite sign.
    fn first_unlike(&self, half_period_s: f64) -> Option<usize> {
        let tolerance = HALVES_DIFFER * self.value.iter().fold(0.0, |largest: f64, value| largest.max(value.abs()));
        let is_unlike = |&i: &usize| {
            let others = [self.time_s[i] - half_period_s, self.time_s[i] + half_period_s].map(|time| self.at(time));
            others.into_iter().flatten().any(|other| (self.value[i] + other).abs() > tolerance)
        };
        (0..self.time_s.len()).find(is_unlike)
    }

    /// Returns the value at a time, `None` before the first and after the last point.
    fn at(&self, time: f64) -> Option<f64> {
        let after = self.time_s.partition_point(|&t| t < time);
        if self.time_s.get(after) == Some(&time) {
            return Some(self.value[after]);
        }
        let before = after.checked_sub(1).filter(|_| after < self.time_s.len())?;
        let fraction = (time - self.time_s[before]) / (self.time_s[after] - self.time_s[before]);
        Some(self.value[before] + fraction * (self.value[after] - self.value[before]))
    }

    /// Makes an error about the waveform as a whole.
    fn wrong(&self, got: impl std::fmt::Display, expected: impl std::fmt::Display) -> Error {
        match self.block_line {
            Some(line) => InputError::line(&self.path, line, got, expected),
            None => InputError::file(&self.path, got, expected),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::TdemSystem;
    use super::super::parse::tests::{FILE_TEXT, messages, parse, with};
    use super::*;

    const ROWS: &str = "-4e-3 0\n            -1e-3 1\n            0 0\n            6e-3 0";

    fn with_rows(rows: &str) -> String {
        with(ROWS, rows)
    }

    #[test]
    fn rounded_times_are_half_a_period() {
        for last in ["5.9999995e-3", "6.0000005e-3"] {
            assert!(parse(&with_rows(&format!("-4e-3 0\n-1e-3 1\n0 0\n{last} 0"))).is_ok(), "{last}");
        }
    }

    #[test]
    fn a_whole_period_repeats_with_opposite_sign() {
        let rows = "-10e-3 0\n-9.9e-3 1\n-1e-4 1\n0 0\n1e-4 -1\n9.9e-3 -1.0005\n10e-3 0";
        assert_eq!(parse(&with_rows(rows)).unwrap().waveform.time_s.len(), 7);
        assert_eq!(
            messages(&with_rows(&rows.replace("-1.0005", "-0.9"))),
            [", line 12: got value 1 at -0.0001 s, expected that of half a period away with opposite sign"]
        );
        assert_eq!(
            messages(&with_rows("-4e-3 0\n-1e-3 1\n0 0\n7e-3 0")),
            [", line 13: got value 0 at 0.007 s, expected that of half a period away with opposite sign"]
        );
    }

    #[test]
    fn a_half_period_without_its_last_sample_is_closed() {
        let sine = |count: usize| -> String {
            let value = |i: usize| (std::f64::consts::PI * i as f64 / 100.0).sin() + 0.25 * f64::from(u8::from(i == 0));
            (0..count).map(|i| format!("{:.7e} {}\n", -4e-3 + 1e-4 * i as f64, value(i))).collect()
        };
        let whole = parse(&with_rows(&format!("{}6e-3 -0.25", sine(100)))).unwrap();
        assert_eq!(whole.warnings, Vec::<String>::new());
        let closed = parse(&with_rows(&sine(100))).unwrap();
        assert_eq!(closed.waveform.value, whole.waveform.value);
        assert!((closed.waveform.time_s[100] - 6e-3).abs() < 1e-12);
        assert!(closed.warnings[0].contains("line 109: the waveform ends 1.000e-4 s before"), "{:?}", closed.warnings);
        // Two samples are missing.
        assert!(messages(&with_rows(&sine(99)))[0].contains("expected at least half a period"));
        // The smallest step counts: 10 us are missing after steps of 5 us.
        let ramps = "-4e-3 0\n-3.995e-3 1\n0 1\n5e-6 0\n5.99e-3 0";
        assert!(messages(&with_rows(ramps))[0].contains("expected at least half a period"));
        assert_eq!(parse(&with_rows(&ramps.replace("5.99e-3", "5.996e-3"))).unwrap().waveform.time_s.len(), 6);
    }

    #[test]
    fn a_whole_period_without_its_last_sample_is_read() {
        let rows: String = (0..200)
            .map(|i| {
                format!(
                    "{:.7e} {}\n",
                    -10e-3 + 1e-4 * f64::from(i),
                    (std::f64::consts::PI * f64::from(i) / 100.0).sin()
                )
            })
            .collect();
        assert_eq!(parse(&with_rows(&rows)).unwrap().waveform.time_s.len(), 200);
    }

    #[test]
    fn rows_that_are_no_waveform_are_refused() {
        for (rows, expected) in [
            ("", "9: got no rows in WaveformCurrent, expected at least 2 rows of a time in s and a value"),
            ("0 1", "9: got 1 points in the waveform, expected at least 2 rows of a time in s and a value"),
            ("-4e-3 0\n6e-3 0", "9: got a waveform of zeros, expected a value other than 0"),
            ("-4e-3 0\n6e-3 0 1", "11: got `0.006 0 1`, expected a time in s and a value"),
            ("-4e-3 0\n6e-3 inf", "11: got `0.006 inf`, expected a time in s and a value"),
            ("-4e-3 0\n0 1\n0 0\n6e-3 0", "12: got time 0 s, expected a time after 0 s, that of the point before"),
            (
                "-4e-3 0\n0 1\n5e-3 0",
                "9: got a waveform over 9.000000e-3 s, expected at least half a period of the base frequency, 1.000000e-2 s",
            ),
            (
                "-4e-3 0\n0 1\n2e-2 0",
                "9: got a waveform over 2.400000e-2 s, expected at most a period of the base frequency, 2.000000e-2 s",
            ),
        ] {
            assert_eq!(messages(&with_rows(rows)), [format!(", line {expected}")], "{rows}");
        }
        let none = FILE_TEXT.replace(ROWS, "").replace("WaveformCurrent Begin", "").replace("WaveformCurrent End", "");
        assert_eq!(messages(&none), [", line 4: got no waveform in Transmitter, expected `WaveformCurrent Begin`"]);
    }

    #[test]
    fn current_comes_before_received() {
        let received = "WaveformReceived Begin\n-4e-3 1\n6e-3 0\nWaveformReceived End\n";
        let both = with("Transmitter End", &format!("{received}Transmitter End"));
        let system = parse(&both).unwrap();
        assert_eq!((system.waveform.kind, system.waveform.time_s.len()), (WaveformKind::Current, 4));
        assert_eq!(
            system.warnings,
            [
                "data/bird.stm, line 15: the rows of `WaveformReceived` have no effect: `WaveformCurrent` is the waveform"
            ]
        );
        let only = FILE_TEXT.replace("WaveformCurrent", "WaveformReceived");
        assert_eq!(parse(&only).unwrap().waveform.kind, WaveformKind::Received);
    }

    #[test]
    fn a_waveform_in_its_own_file_becomes_part_of_the_text() {
        let folder = tempfile::tempdir().unwrap();
        let stm = folder.path().join("bird.stm");
        fs::write(folder.path().join("sine.cfm"), "\u{feff}// a pulse\r\n-4e-3 0 // on\r\n\r\n0 2\n6e-3 0").unwrap();
        let received = "WaveformReceived Begin\n-4e-3 1\nFile = sine.cfm\n6e-3 0\nWaveformReceived End\n";
        let text = with("Transmitter End", &format!("{received}Transmitter End"));
        let system = TdemSystem::parse(&text, &stm).unwrap();
        assert_eq!(
            (system.waveform.kind, system.waveform.value.as_slice()),
            (WaveformKind::Received, &[0., 2., 0.][..])
        );
        let warnings: Vec<&str> = system.warnings.iter().map(|text| text.rsplit(", ").next().unwrap()).collect();
        assert_eq!(
            warnings,
            [
                "line 9: the rows of `WaveformCurrent` have no effect: the file of `WaveformReceived` is the waveform",
                "line 15: the rows of `WaveformReceived` have no effect: the file of `WaveformReceived` is the waveform"
            ]
        );
        let again = parse(&system.source_text).unwrap();
        assert_eq!((again.waveform, again.warnings.len()), (system.waveform, 0));
    }

    #[test]
    fn mistakes_in_a_waveforms_own_file_name_it() {
        let folder = tempfile::tempdir().unwrap();
        let (stm, cfm) = (folder.path().join("bird.stm"), folder.path().join("pulse.cfm"));
        let message = || {
            let error = TdemSystem::parse(&with_rows("File = pulse.cfm"), &stm).unwrap_err().to_string();
            error.strip_prefix(cfm.to_str().unwrap()).unwrap_or(&error).to_owned()
        };
        assert!(message().starts_with(": "), "{}", message());
        for (points, expected) in [
            ("-4e-3 0\ntime 1\n", ", line 2: got `time 1`, expected a time in s and a value"),
            (
                "-4e-3 0\n\n-5e-3 1",
                ", line 3: got time -0.005 s, expected a time after -0.004 s, that of the point before",
            ),
            ("", ": got 0 points in the waveform, expected at least 2 rows of a time in s and a value"),
        ] {
            fs::write(&cfm, points).unwrap();
            assert_eq!(message(), expected);
        }
    }
}
