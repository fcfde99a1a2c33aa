//! Reads GA-AEM's files of time-domain systems.

use std::path::Path;

use super::block::{self, Block};
use super::gates;
use super::grammar::{FILE, FORWARD_MODELLING, RECEIVER, REFERENCE_GEOMETRY, REFERENCE_KEYS, TRANSMITTER};
use super::reading::{Reading, is_whole_in};
use super::waveform;
use super::{GateWeighting, LowPassFilter, Normalisation, Output, TdemSystem};
use crate::error::{Error, InputError, Result};
use crate::system::{Geometry, GeometryParameter};
use crate::text::read_text;

impl TdemSystem {
    /// Reads a `.stm` file; [`parse`](Self::parse) says what the file may hold.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] when the file cannot be read, and the errors of [`parse`](Self::parse).
    pub fn read(path: &Path) -> Result<Self> {
        let text = read_text(path)?;
        Self::parse(&text, path)
    }

    /// Reads the text of a GA-AEM `.stm` file. `path` names the system if the text does not, is where a separate
    /// waveform file is looked for, and appears in errors.
    ///
    /// The text has blocks, keys and rows of numbers. Upper and lower case make no difference, `//` begins a comment,
    /// and American spelling (`Digitizing`, `Normalization`) is accepted. Keys in brackets are optional:
    ///
    /// ```text
    /// System Begin
    ///     [Name] = text                       // else the name of the file
    ///     Type = Time Domain
    ///     Transmitter Begin
    ///         NumberOfTurns = 1
    ///         PeakCurrent = 1                 // A
    ///         LoopArea = 1                    // m^2, of one turn
    ///         BaseFrequency = 25              // Hz
    ///         [WaveformDigitisingFrequency] = 409600   // Hz, else 16384 times the base frequency
    ///         WaveformCurrent Begin           // or WaveformReceived: dB/dt of the primary field as a receiver sees it
    ///             -0.02 0.0                   // rows of time in s and value, or File = name of a file of such rows
    ///             ...                         // over half a period, or a whole one whose halves have opposite sign
    ///         WaveformCurrent End
    ///     Transmitter End
    ///     Receiver Begin
    ///         NumberOfWindows = 1
    ///         WindowTimes Begin
    ///             1e-5 2e-5                   // rows of start and end in s
    ///         WindowTimes End
    ///         WindowWeightingScheme = Boxcar  // or AreaUnderCurve, LinearTaper
    ///         [TimeShift] = 0                 // s, added to all windows
    ///         [LowPassFilter Begin]
    ///             CutOffFrequency = 3e5 4.5e5 // Hz, for any number of filters
    ///             Order = 1 2                 // of each filter, 1 to 8
    ///         [LowPassFilter End]
    ///     Receiver End
    ///     ForwardModelling Begin
    ///         [ModellingLoopRadius] = 10      // m; the transmitter is a dipole without this key or with 0
    ///         OutputType = dB/dt              // or B
    ///         [XOutputScaling] = 0            // factor of the data; 0 or no key: not measured; at least one is not 0
    ///         [YOutputScaling] = 0
    ///         [ZOutputScaling] = 1
    ///         [SecondaryFieldNormalisation] = none  // or PPM, PPMPEAKTOPEAK: of the primary field at the reference
    ///         [FrequenciesPerDecade] = 5      // at least 5
    ///         [NumberOfAbsiccaInHankelTransformEvaluation] = 21   // at least 17
    ///         [SaveDiagnosticFiles] = no      // has no effect
    ///     ForwardModelling End
    ///     [ReferenceGeometry Begin]           // needed for PPM, PPMPEAKTOPEAK; m and degrees, 0 where left out
    ///         [tx_height, tx_roll, tx_pitch, tx_yaw, txrx_dx, txrx_dy, txrx_dz, rx_roll, rx_pitch, rx_yaw] = 0
    ///     [ReferenceGeometry End]
    /// System End
    /// ```
    ///
    /// When there are several waveforms, GA-AEM's order decides: `WaveformReceived` with a file, `WaveformCurrent` with
    /// a file, `WaveformCurrent`, `WaveformReceived`. The points of a separate waveform file become part of
    /// [`source_text`](Self::source_text). [`warnings`](Self::warnings) names unknown keys, unknown blocks and unused
    /// waveforms.
    ///
    /// # Errors
    ///
    /// [`Error::Input`] when the text holds no block or is a frequency-domain system, otherwise [`Error::Many`] with
    /// every mistake. When blocks are not nested correctly, only the nesting errors are given.
    pub fn parse(text: &str, path: &Path) -> Result<Self> {
        check_is_blocks(text, path)?;
        let (file, errors) = block::read(text, path).map_err(Error::Many)?;
        let mut reading = Reading { path, errors, warnings: Vec::new() };
        let system = read_system(&mut reading, &file, text);
        match system {
            Some(system) if reading.errors.is_empty() => Ok(Self { warnings: reading.warnings, ..system }),
            _ => Err(Error::Many(reading.errors)),
        }
    }
}

fn check_is_blocks(text: &str, path: &Path) -> Result<()> {
    let Some((line, first)) = block::lines(text).find(|(_, row)| !row.starts_with('#')) else {
        return Err(InputError::file(path, "no block", "`System Begin` ... `System End`"));
    };
    if first.split(',').count() > 1 && first.split(',').any(|cell| cell.trim().eq_ignore_ascii_case("freq")) {
        let got = "a table of frequency-domain coil pairs";
        return Err(InputError::line(path, line, got, "a time-domain system"));
    }
    Ok(())
}

/// Reads the system, with placeholders for wrong values; returns `None` when a block is missing.
fn read_system(reading: &mut Reading, file: &Block, text: &str) -> Option<TdemSystem> {
    reading.check_known(file, &FILE);
    let Some(system) = file.block("System") else {
        reading.errors.push(InputError::file(reading.path, "no block System", "`System Begin` ... `System End`"));
        return None;
    };
    reading.choice(system, "Type", None, &[("Time Domain", ())]);
    let stem = reading.path.file_stem().unwrap_or_default().to_string_lossy();
    let name = system.key("Name").map(|key| key.value.clone()).filter(|name| !name.is_empty());
    let transmitter = reading.block(system, TRANSMITTER.name);
    let receiver = reading.block(system, RECEIVER.name);
    let modelling = reading.block(system, FORWARD_MODELLING.name);

    let base_frequency_hz = transmitter.map_or(f64::NAN, |block| reading.positive(block, "BaseFrequency"));
    let half_period_s = 0.5 / base_frequency_hz;
    let found = transmitter.and_then(|block| waveform::read(reading, block, text, half_period_s));
    let transmitter = transmitter.map(|block| read_transmitter(reading, block, base_frequency_hz));
    let first_s = found.as_ref().and_then(|found| found.waveform.time_s.first().copied());
    let gates = receiver.map(|block| gates::read(reading, block, first_s.unwrap_or(f64::NAN), half_period_s));
    let receiver = receiver.map(|block| (read_weighting(reading, block), read_filters(reading, block)));
    let modelling = modelling.map(|block| read_modelling(reading, block));
    let normalisation = modelling.as_ref().map_or(Normalisation::None, |modelling| modelling.normalisation);
    let reference_geometry = read_reference(reading, system, normalisation);

    let (found, transmitter, modelling) = (found?, transmitter?, modelling?);
    let (gate_weighting, low_pass_filters) = receiver?;
    Some(TdemSystem {
        name: name.unwrap_or(stem.into_owned()),
        turn_count: transmitter.turn_count,
        peak_current_a: transmitter.peak_current_a,
        loop_area_m2: transmitter.loop_area_m2,
        base_frequency_hz,
        waveform: found.waveform,
        digitising_frequency_hz: transmitter.digitising_frequency_hz,
        gates: gates?,
        gate_weighting,
        low_pass_filters,
        loop_radius_m: modelling.loop_radius_m,
        output: modelling.output,
        output_scaling: modelling.output_scaling,
        normalisation,
        reference_geometry,
        frequencies_per_decade: modelling.frequencies_per_decade,
        abscissa_count: modelling.abscissa_count,
        source_text: found.self_contained_text.unwrap_or(text.to_owned()),
        warnings: Vec::new(),
    })
}

struct Transmitter {
    turn_count: f64,
    peak_current_a: f64,
    loop_area_m2: f64,
    digitising_frequency_hz: f64,
}

fn read_transmitter(reading: &mut Reading, block: &Block, base_frequency_hz: f64) -> Transmitter {
    // The default is a power of two that resolves the steepest ramps in use.
    let default = Some(base_frequency_hz * f64::from(1 << 14));
    let positive = |value| value > 0.0;
    Transmitter {
        turn_count: reading.positive(block, "NumberOfTurns"),
        peak_current_a: reading.positive(block, "PeakCurrent"),
        loop_area_m2: reading.positive(block, "LoopArea"),
        digitising_frequency_hz: reading.number(
            block,
            "WaveformDigitisingFrequency",
            default,
            "a number more than 0",
            positive,
        ),
    }
}

fn read_weighting(reading: &mut Reading, receiver: &Block) -> GateWeighting {
    let choices = [
        ("Boxcar", GateWeighting::Boxcar),
        ("AreaUnderCurve", GateWeighting::AreaUnderCurve),
        ("LinearTaper", GateWeighting::LinearTaper),
    ];
    reading.choice(receiver, "WindowWeightingScheme", None, &choices)
}

/// Largest sum of all filter orders for which there are closed forms.
const MAX_TOTAL_ORDER: f64 = 12.0;

fn read_filters(reading: &mut Reading, receiver: &Block) -> Vec<LowPassFilter> {
    let Some(block) = receiver.block("LowPassFilter") else { return Vec::new() };
    let cutoffs = reading.numbers(block, "CutOffFrequency", "numbers more than 0", |hz| hz > 0.0);
    let orders = reading.numbers(block, "Order", "whole numbers from 1 to 8", |order| is_whole_in(order, &(1..=8)));
    let (Some(cutoffs), Some(orders)) = (cutoffs, orders) else { return Vec::new() };
    if orders.len() != cutoffs.len() {
        let line = block.key("Order").map_or(block.line, |key| key.line);
        let expected = format!("{} as in CutOffFrequency", cutoffs.len());
        reading.wrong(line, format_args!("{} numbers in Order", orders.len()), expected);
    }
    if orders.iter().sum::<f64>() > MAX_TOTAL_ORDER {
        let got = format_args!("orders of {} in total", orders.iter().sum::<f64>());
        let line = block.key("Order").map_or(block.line, |key| key.line);
        reading.wrong(line, got, format_args!("at most {MAX_TOTAL_ORDER}"));
    }
    let filter = |(&cutoff_hz, &order): (&f64, &f64)| LowPassFilter { cutoff_hz, order: order as u32 };
    cutoffs.iter().zip(&orders).map(filter).collect()
}

struct Modelling {
    loop_radius_m: f64,
    output: Output,
    output_scaling: [f64; 3],
    normalisation: Normalisation,
    frequencies_per_decade: usize,
    abscissa_count: usize,
}

fn read_modelling(reading: &mut Reading, block: &Block) -> Modelling {
    let normalisations =
        [("none", Normalisation::None), ("PPM", Normalisation::Ppm), ("PPMPEAKTOPEAK", Normalisation::PpmPeakToPeak)];
    let scalings = ["XOutputScaling", "YOutputScaling", "ZOutputScaling"];
    let output_scaling = scalings.map(|name| reading.number(block, name, Some(0.0), "a number", |_| true));
    if output_scaling == [0.0; 3] {
        reading.wrong(
            block.line,
            "no component to be measured",
            "an XOutputScaling, YOutputScaling or ZOutputScaling other than 0",
        );
    }
    let (radius, abscissae) = ("ModellingLoopRadius", "NumberOfAbsiccaInHankelTransformEvaluation");
    Modelling {
        loop_radius_m: reading.number(block, radius, Some(0.0), "a number of at least 0", |radius| radius >= 0.0),
        output: reading.choice(block, "OutputType", None, &[("B", Output::B), ("dB/dt", Output::DbDt)]),
        output_scaling,
        normalisation: reading.choice(block, "SecondaryFieldNormalisation", Some(Normalisation::None), &normalisations),
        frequencies_per_decade: reading.whole(block, "FrequenciesPerDecade", Some(5), 5..=1000),
        abscissa_count: reading.whole(block, abscissae, Some(21), 17..=10_000),
    }
}

fn read_reference(reading: &mut Reading, system: &Block, normalisation: Normalisation) -> Geometry {
    let mut geometry = Geometry::default();
    let block = system.block(REFERENCE_GEOMETRY.name);
    if let Some(block) = block {
        for (parameter, key) in GeometryParameter::ALL.into_iter().zip(REFERENCE_KEYS) {
            geometry.set(parameter, reading.number(block, key, Some(0.0), "a number", |_| true));
        }
    }
    if normalisation != Normalisation::None {
        let place = "the place of the receiver that data in ppm are relative to";
        match block {
            None => reading.wrong(system.line, "no block ReferenceGeometry in System", place),
            Some(block) if geometry.offset_m() == [0.0; 3] => {
                let expected = "a txrx_dx, txrx_dy or txrx_dz other than 0: data are in ppm of the primary field";
                reading.wrong(block.line, "transmitter and receiver in one place", expected);
            }
            Some(_) => {}
        }
    }
    geometry
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::system::{Gate, Waveform, WaveformKind};

    /// Half a period from -4 to 6 ms at 50 Hz.
    pub const FILE_TEXT: &str = "\
System Begin
    Name = Bird
    Type = Time Domain
    Transmitter Begin
        NumberOfTurns = 2
        PeakCurrent = 30
        LoopArea = 100
        BaseFrequency = 50
        WaveformCurrent Begin
            -4e-3 0
            -1e-3 1
            0 0
            6e-3 0
        WaveformCurrent End
    Transmitter End
    Receiver Begin
        NumberOfWindows = 2
        WindowWeightingScheme = areaundercurve
        WindowTimes Begin
            1e-3 2e-3
            2e-3 4e-3
        WindowTimes End
        LowPassFilter Begin
            CutOffFrequency = 3e5 4.5e5
            Order = 1 2
        LowPassFilter End
    Receiver End
    ForwardModelling Begin
        OutputType = dB/dt
        XOutputScaling = 0
        ZOutputScaling = 1e12
    ForwardModelling End
System End
";

    pub fn parse(text: &str) -> Result<TdemSystem> {
        TdemSystem::parse(text, Path::new("data/bird.stm"))
    }

    /// Returns the file with `old` replaced by `new`.
    pub fn with(old: &str, new: &str) -> String {
        assert_eq!(FILE_TEXT.matches(old).count(), 1, "{old}");
        FILE_TEXT.replace(old, new)
    }

    /// Returns the messages about a file, without its name.
    pub fn messages(text: &str) -> Vec<String> {
        let text = parse(text).unwrap_err().to_string();
        text.lines().map(|line| line.strip_prefix("data/bird.stm").unwrap_or(line).to_owned()).collect()
    }

    #[test]
    fn all_that_a_file_says_is_read() {
        let system = parse(FILE_TEXT).unwrap();
        let filter = |cutoff_hz, order| LowPassFilter { cutoff_hz, order };
        let expected = TdemSystem {
            name: "Bird".to_owned(),
            turn_count: 2.0,
            peak_current_a: 30.0,
            loop_area_m2: 100.0,
            base_frequency_hz: 50.0,
            waveform: Waveform {
                kind: WaveformKind::Current,
                time_s: vec![-4e-3, -1e-3, 0.0, 6e-3],
                value: vec![0.0, 1.0, 0.0, 0.0],
            },
            digitising_frequency_hz: 819_200.0,
            gates: vec![Gate { start_s: 1e-3, end_s: 2e-3 }, Gate { start_s: 2e-3, end_s: 4e-3 }],
            gate_weighting: GateWeighting::AreaUnderCurve,
            low_pass_filters: vec![filter(3e5, 1), filter(4.5e5, 2)],
            loop_radius_m: 0.0,
            output: Output::DbDt,
            output_scaling: [0.0, 0.0, 1e12],
            normalisation: Normalisation::None,
            reference_geometry: Geometry::default(),
            frequencies_per_decade: 5,
            abscissa_count: 21,
            source_text: FILE_TEXT.to_owned(),
            warnings: Vec::new(),
        };
        assert_eq!(system, expected);
    }

    #[test]
    fn keys_that_may_be_left_out_are_read() {
        let more = "OutputType = B\n ModellingLoopRadius = 10.5\n SecondaryFieldNormalization = ppmPeakToPeak\n\
                    FrequenciesPerDecade = 6\n NumberOfAbsiccaInHankelTransformEvaluation = 81\n SaveDiagnosticFiles = no";
        let text = with("OutputType = dB/dt", more)
            .replace("BaseFrequency", "WaveformDigitizingFrequency = 1e6\nBaseFrequency")
            .replace("NumberOfWindows", "TimeShift = -5e-4\nNumberOfWindows")
            .replace(
                "System End",
                "ReferenceGeometry Begin\nTXRX_DX = -120\nrx_yaw = 2\nReferenceGeometry End\nSystem End",
            );
        let system = parse(&text).unwrap();
        assert_eq!((system.output, system.loop_radius_m), (Output::B, 10.5));
        assert_eq!((system.frequencies_per_decade, system.abscissa_count), (6, 81));
        assert_eq!((system.normalisation, system.digitising_frequency_hz), (Normalisation::PpmPeakToPeak, 1e6));
        assert_eq!(system.gates[0], Gate { start_s: 1e-3 - 5e-4, end_s: 2e-3 - 5e-4 });
        let reference = Geometry::default().with(GeometryParameter::TxRxDx, -120.0).with(GeometryParameter::RxYaw, 2.0);
        assert_eq!((system.reference_geometry, system.warnings.len()), (reference, 0));
    }

    #[test]
    fn a_system_without_name_has_that_of_its_file() {
        assert_eq!(parse(&with("Name = Bird", "")).unwrap().name, "bird");
    }

    #[test]
    fn what_has_no_effect_is_a_warning() {
        let text = with("LoopArea = 100", "LoopArea = 100\nLopArea = 3\nColour = red")
            .replace("Receiver End", "LowPasFilter Begin\n 1 2\nLowPasFilter End\nReceiver End");
        assert_eq!(
            parse(&text).unwrap().warnings,
            [
                "data/bird.stm, line 8: unknown key `LopArea` has no effect; did you mean `LoopArea`?",
                "data/bird.stm, line 9: unknown key `Colour` has no effect",
                "data/bird.stm, line 29: unknown block `LowPasFilter` has no effect; did you mean `LowPassFilter`?",
            ]
        );
    }

    #[test]
    fn other_files_are_refused() {
        assert_eq!(messages("\n// nothing\n"), [": got no block, expected `System Begin` ... `System End`"]);
        assert_eq!(
            messages("# a bird\nfreq, tor, tmom\n380,z,1\n"),
            [", line 2: got a table of frequency-domain coil pairs, expected a time-domain system"]
        );
        assert_eq!(messages("A Begin\nA End"), [": got no block System, expected `System Begin` ... `System End`"]);
        assert_eq!(
            messages("System Begin\nType = Frequency Domain\nSystem End"),
            [
                ", line 2: got Type = \"Frequency Domain\", expected Time Domain",
                ", line 1: got no block Transmitter in System, expected `Transmitter Begin`",
                ", line 1: got no block Receiver in System, expected `Receiver Begin`",
                ", line 1: got no block ForwardModelling in System, expected `ForwardModelling Begin`",
            ]
        );
    }

    #[test]
    fn blocks_that_are_not_nested_are_refused() {
        let all = messages(&with("Transmitter End", "Receiver End"));
        assert_eq!(
            all,
            [
                ", line 15: got `Receiver End`, expected `Transmitter End` for the block that begins in line 4",
                ", line 33: got `System End`, expected `Transmitter End` for the block that begins in line 4"
            ]
        );
    }

    #[test]
    fn every_wrong_value_is_refused() {
        for (old, new, expected) in [
            ("NumberOfTurns = 2", "NumberOfTurns = 0", "5: got NumberOfTurns = \"0\", expected a number more than 0"),
            ("PeakCurrent = 30", "PeakCurrent = -1", "6: got PeakCurrent = \"-1\", expected a number more than 0"),
            ("LoopArea = 100", "LoopArea = 1 m", "7: got LoopArea = \"1 m\", expected a number more than 0"),
            ("LoopArea = 100", "", "4: got no LoopArea in Transmitter, expected a number more than 0"),
            (
                "BaseFrequency = 50",
                "BaseFrequency = inf",
                "8: got BaseFrequency = \"inf\", expected a number more than 0",
            ),
            (
                "LoopArea = 100",
                "LoopArea = 1\nWaveformDigitisingFrequency = 0",
                "8: got WaveformDigitisingFrequency = \"0\", expected a number more than 0",
            ),
            (
                "LoopArea = 100",
                "LoopArea = 1\n7",
                "8: got a row of numbers in Transmitter, expected `key = value` or a block",
            ),
            (
                "NumberOfWindows = 2",
                "",
                "16: got no NumberOfWindows in Receiver, expected a whole number from 1 to 100000",
            ),
            (
                "NumberOfWindows = 2",
                "NumberOfWindows = 3",
                "19: got 2 rows in WindowTimes, expected 3 as NumberOfWindows in line 17 says",
            ),
            (
                "areaundercurve",
                "box",
                "18: got WindowWeightingScheme = \"box\", expected one of Boxcar, AreaUnderCurve, LinearTaper",
            ),
            (
                "NumberOfWindows = 2",
                "NumberOfWindows = 2\nTimeShift = x",
                "18: got TimeShift = \"x\", expected a number",
            ),
            ("1e-3 2e-3", "1e-3", "20: got `0.001`, expected start and end of a window in s"),
            ("1e-3 2e-3", "1e-3 nan", "20: got `0.001 NaN`, expected start and end of a window in s"),
            ("1e-3 2e-3", "2e-3 2e-3", "20: got a window from 0.002 to 0.002 s, expected a start before its end"),
            (
                "2e-3 4e-3",
                "2e-3 1.7e-2",
                "21: got a window from 2.000000e-3 to 1.700000e-2 s, expected one within the waveform's period, from \
                 -4.000000e-3 to 1.600000e-2 s",
            ),
            (
                "1e-3 2e-3",
                "-5e-3 2e-3",
                "20: got a window from -5.000000e-3 to 2.000000e-3 s, expected one within the waveform's period, from \
                 -4.000000e-3 to 1.600000e-2 s",
            ),
            (
                "2e-3 4e-3",
                "2e-3 1.3e-2",
                "21: got a window from 2.000000e-3 to 1.300000e-2 s, expected one no longer than half a period, \
                 1.000000e-2 s",
            ),
            ("3e5 4.5e5", "3e5 0", "24: got CutOffFrequency = \"3e5 0\", expected numbers more than 0"),
            ("Order = 1 2", "Order = 1 9", "25: got Order = \"1 9\", expected whole numbers from 1 to 8"),
            ("Order = 1 2", "Order = 1.5 2", "25: got Order = \"1.5 2\", expected whole numbers from 1 to 8"),
            ("Order = 1 2", "Order =", "25: got Order = \"\", expected whole numbers from 1 to 8"),
            ("Order = 1 2", "Order = 1", "25: got 1 numbers in Order, expected 2 as in CutOffFrequency"),
            ("Order = 1 2", "", "23: got no Order in LowPassFilter, expected whole numbers from 1 to 8"),
            ("OutputType = dB/dt", "OutputType = H", "29: got OutputType = \"H\", expected one of B, dB/dt"),
            ("OutputType = dB/dt", "", "28: got no OutputType in ForwardModelling, expected one of B, dB/dt"),
            ("XOutputScaling = 0", "XOutputScaling = nan", "30: got XOutputScaling = \"nan\", expected a number"),
            (
                "ZOutputScaling = 1e12",
                "ZOutputScaling = 0",
                "28: got no component to be measured, expected an XOutputScaling, YOutputScaling or ZOutputScaling other \
                 than 0",
            ),
            (
                "XOutputScaling = 0",
                "ModellingLoopRadius = -1",
                "30: got ModellingLoopRadius = \"-1\", expected a number of at least 0",
            ),
            (
                "XOutputScaling = 0",
                "FrequenciesPerDecade = 4",
                "30: got FrequenciesPerDecade = \"4\", expected a whole number from 5 to 1000",
            ),
            (
                "XOutputScaling = 0",
                "NumberOfAbsiccaInHankelTransformEvaluation = 16",
                "30: got NumberOfAbsiccaInHankelTransformEvaluation = \"16\", expected a whole number from 17 to 10000",
            ),
            (
                "XOutputScaling = 0",
                "SecondaryFieldNormalisation = percent",
                "30: got SecondaryFieldNormalisation = \"percent\", expected one of none, PPM, PPMPEAKTOPEAK",
            ),
            (
                "XOutputScaling = 0",
                "SecondaryFieldNormalisation = PPM",
                "1: got no block ReferenceGeometry in System, expected the place of the receiver that data in ppm are \
                 relative to",
            ),
            (
                "System End",
                "ReferenceGeometry Begin\ntx_roll = up\nReferenceGeometry End\nSystem End",
                "34: got tx_roll = \"up\", expected a number",
            ),
        ] {
            assert_eq!(messages(&with(old, new)), [format!(", line {expected}")], "{new}");
        }
    }

    #[test]
    fn ppm_of_a_field_without_bound_are_refused() {
        let text = with("XOutputScaling = 0", "SecondaryFieldNormalisation = PPM")
            .replace("System End", "ReferenceGeometry Begin\ntx_height = 30\nReferenceGeometry End\nSystem End");
        let expected = ", line 33: got transmitter and receiver in one place, expected a txrx_dx, txrx_dy or txrx_dz \
                        other than 0: data are in ppm of the primary field";
        assert_eq!(messages(&text), [expected]);
    }

    #[test]
    fn all_mistakes_are_named_at_once() {
        let text = with("NumberOfTurns = 2", "NumberOfTurns 2").replace("1e-3 2e-3", "1e-3 x").replace("= 30", "= x");
        let all = messages(&text);
        let lines: Vec<&str> = all.iter().map(|message| message.split(':').next().unwrap()).collect();
        assert_eq!(lines, [", line 5", ", line 20", ", line 4", ", line 6"], "{all:?}");
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        let error = TdemSystem::read(Path::new("no/such.stm")).unwrap_err();
        assert!(matches!(&error, Error::Io { .. }), "{error}");
        assert!(error.to_string().starts_with("no/such.stm: "), "{error}");
    }

    #[test]
    fn examples_are_systems_without_warnings() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/tdem");
        for (file, components, gates) in
            [("helicopter_lm", 1, 16), ("helicopter_hm", 1, 20), ("fixed_wing", 2, 15), ("towed", 1, 14)]
        {
            let system = TdemSystem::read(&folder.join(file).with_extension("stm"));
            let system = system.unwrap_or_else(|error| panic!("{error}"));
            assert!(system.warnings.is_empty(), "{:?}", system.warnings);
            assert_eq!((system.components().len(), system.gates.len()), (components, gates), "{file}");
        }
    }

    proptest! {
        #[test]
        fn arbitrary_text_never_panics(text in any::<String>(), rows in "([-0-9.eE=/ \r\n\0]|Begin|End|nan|inf|x){0,120}",
                                       place in 0..FILE_TEXT.len()) {
            let _ = parse(&text);
            let _ = parse(&rows);
            let _ = parse(&format!("{}{rows}{}", &FILE_TEXT[..place], &FILE_TEXT[place..]));
            let _ = parse(&format!("{}{text}{}", &FILE_TEXT[..place], &FILE_TEXT[place..]));
        }
    }
}
