//! Writes time-domain survey files that [`SurveyFile`](super::SurveyFile) reads back unchanged.

use std::io::{self, Write};
use std::path::Path;

use crate::error::{Error, Result};
use crate::system::{GeometryParameter, TdemInstrument};

use super::cells::negative;
use super::columns::{ChannelGroup, primary_name, tdem_groups};
use super::options::{Convention, PARTS};
use super::sounding::{Sounding, all_have_std};
use crate::files::replace_file;

/// The geometry in GeoBIPy's order, without the height, which comes before it.
const GEOMETRY: [GeometryParameter; 9] = [
    GeometryParameter::TxPitch,
    GeometryParameter::TxRoll,
    GeometryParameter::TxYaw,
    GeometryParameter::TxRxDx,
    GeometryParameter::TxRxDy,
    GeometryParameter::TxRxDz,
    GeometryParameter::RxPitch,
    GeometryParameter::RxRoll,
    GeometryParameter::RxYaw,
];

/// Writes `soundings` as a survey file with the column names of GeoBIPy and the signs of `convention`, NaN where a
/// value is missing.
///
/// For every kind of `instrument` data, the file has secondary fields of single components. `observed` (and `std`) of
/// the soundings must be these fields, in order of systems, components x, y, z and gates, with the program's signs. For
/// an instrument of total fields, `primary` has the primary field of every component of every system in that order, one
/// list per sounding. [`SurveyFile`](super::SurveyFile) then adds the two, and computes amplitudes when the instrument's data
/// are amplitudes.
///
/// Standard deviations are written when all soundings have them. A file at `path` is replaced when the new one is
/// complete.
///
/// # Errors
///
/// [`Error::Io`] when the file cannot be written; an older file is then unchanged. [`Error::Config`] when the number of
/// values differs from the number of the instrument's gates and components.
pub fn write_tdem_csv(
    path: &Path,
    instrument: &TdemInstrument,
    soundings: &[Sounding],
    primary: Option<&[Vec<f64>]>,
    convention: Convention,
) -> Result<()> {
    let groups = tdem_groups(instrument);
    check_counts(&groups, soundings, primary)?;
    let has_std = all_have_std(soundings);
    let turned = |group: &ChannelGroup| convention.turns_part(group.part);
    let turned_groups: Vec<bool> = groups.iter().map(turned).collect();
    let turned_gates: Vec<bool> = groups.iter().flat_map(|g| std::iter::repeat_n(turned(g), g.len())).collect();
    replace_file(path, |out| {
        write_header(out, &groups, instrument.systems.len(), primary.is_some(), has_std)?;
        for (i, sounding) in soundings.iter().enumerate() {
            write_place(out, sounding, convention)?;
            write_signed(out, primary.map(|primary| &primary[i][..]).unwrap_or_default(), &turned_groups)?;
            write_signed(out, &sounding.observed, &turned_gates)?;
            let std = sounding.std.as_deref().filter(|_| has_std).unwrap_or_default();
            std.iter().try_for_each(|std| write!(out, ",{std}"))?;
            writeln!(out)?;
        }
        Ok(())
    })
}

fn check_counts(groups: &[ChannelGroup], soundings: &[Sounding], primary: Option<&[Vec<f64>]>) -> Result<()> {
    let gate_count: usize = groups.iter().map(|group| group.gates().len()).sum();
    let check = |what: &str, got: usize, expected: usize| match got == expected {
        true => Ok(()),
        false => Err(Error::Config(format!("got {got} {what} to write, expected {expected}"))),
    };
    for sounding in soundings {
        check("data of a sounding", sounding.observed.len(), gate_count)?;
        let std_count = sounding.std.as_ref().map_or(gate_count, Vec::len);
        check("standard deviations of a sounding", std_count, gate_count)?;
    }
    if let Some(primary) = primary {
        check("lists of primary fields", primary.len(), soundings.len())?;
        primary.iter().try_for_each(|fields| check("primary fields of a sounding", fields.len(), groups.len()))?;
    }
    Ok(())
}

fn write_header(
    out: &mut impl Write,
    groups: &[ChannelGroup],
    system_count: usize,
    has_primary: bool,
    has_std: bool,
) -> io::Result<()> {
    write!(out, "Line_number,Fiducial,Easting,Northing,Height,Elevation")?;
    for parameter in GEOMETRY {
        write!(out, ",{}", parameter.name())?;
    }
    for group in groups.iter().filter(|_| has_primary) {
        write!(out, ",{}", primary_name(group, system_count))?;
    }
    for suffix in if has_std { &["", "_std"][..] } else { &[""] } {
        for group in groups {
            let axis = PARTS[group.part].to_ascii_uppercase();
            for gate in group.gates() {
                write!(out, ",S{}{axis}_time_{}{suffix}", group.system_index, time_label(gate.center_s()))?;
            }
        }
    }
    writeln!(out)
}

/// Returns four digits and an exponent of at least two, such as `3.834e-04`.
fn time_label(time_s: f64) -> String {
    let label = format!("{time_s:.3e}");
    let (digits, exponent) = label.split_once('e').unwrap_or((&label, "0"));
    let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |exponent| ('-', exponent));
    format!("{digits}e{sign}{exponent:0>2}")
}

/// Writes key and place; numbers have the fewest digits that read back exactly.
fn write_place(out: &mut impl Write, sounding: &Sounding, convention: Convention) -> io::Result<()> {
    let Sounding { line_number, fiducial, easting_m, northing_m, geometry, elevation_m, .. } = sounding;
    let height_m = geometry.height_m();
    write!(out, "{line_number},{fiducial},{easting_m},{northing_m},{height_m},{elevation_m}")?;
    let turned = GEOMETRY.map(|parameter| convention.turns_parameter(parameter));
    write_signed(out, &GEOMETRY.map(|parameter| geometry.get(parameter)), &turned)
}

fn write_signed(out: &mut impl Write, values: &[f64], turned: &[bool]) -> io::Result<()> {
    let signed = values.iter().zip(turned).map(|(&value, &turn)| if turn { negative(value) } else { value });
    signed.into_iter().try_for_each(|value| write!(out, ",{value}"))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use proptest::prelude::*;

    use super::super::options::ReadOptions;
    use super::super::tests::Whole;
    use super::super::tests::tdem::{instrument, system};
    use super::*;
    use crate::system::System;
    use crate::system::{Geometry, MeasuredField};

    fn sounding(fiducial: f64, observed: Vec<f64>, std: Option<Vec<f64>>) -> Sounding {
        Sounding {
            line_number: 30010.0,
            fiducial,
            easting_m: 0.1,
            northing_m: -2.0,
            elevation_m: f64::NAN,
            geometry: Geometry::level(30.1).with(GeometryParameter::TxPitch, 1.5),
            observed,
            std,
            file_line: 2,
        }
    }

    fn options() -> ReadOptions {
        ReadOptions { convention: Convention::GeoBipy, ..Default::default() }
    }

    #[test]
    fn columns_are_called_and_signed_as_by_geobipy() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.csv");
        let instrument = instrument(vec![system("a", [1.0, 0.0, 1.0], &[1e-5, 1.00001e-5])]);
        let original = sounding(1.5, vec![1.0, 2.0, -3.0, f64::NAN], None);
        write_tdem_csv(&path, &instrument, std::slice::from_ref(&original), None, Convention::GeoBipy).unwrap();
        assert_eq!(
            fs::read_to_string(&path).unwrap(),
            "Line_number,Fiducial,Easting,Northing,Height,Elevation,tx_pitch,tx_roll,tx_yaw,\
             txrx_dx,txrx_dy,txrx_dz,rx_pitch,rx_roll,rx_yaw,\
             S0X_time_1.000e-05,S0X_time_1.000e-05,S0Z_time_1.000e-05,S0Z_time_1.000e-05\n\
             30010,1.5,0.1,-2,30.1,NaN,-1.5,0,0,0,0,0,0,0,0,1,2,3,NaN\n"
        );
        let survey = Whole::open(&path, &System::Tdem(instrument.clone()), &options()).unwrap();
        assert_eq!(format!("{:?}", survey.soundings), format!("{:?}", [original]));
    }

    #[test]
    fn total_fields_are_written_in_two_parts() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.csv");
        let systems = vec![system("a", [1.0, 0.0, 1.0], &[1e-5]), system("b", [0.0, 0.0, 1.0], &[2e-5])];
        let mut instrument = instrument(systems);
        instrument.field = MeasuredField::Total;
        let mut original = sounding(1.0, vec![1.0, 2.0, 3.0], Some(vec![0.5, 0.25, 0.125]));
        original.geometry.set(GeometryParameter::TxRxDx, -100.0);
        let primary = Some(&[vec![10.0, 20.0, 30.0]][..]);
        write_tdem_csv(&path, &instrument, &[original.clone()], primary, Convention::GeoBipy).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(",S0PX,S0PZ,S1PZ,S0X_time_1.000e-05,"), "{text}");
        assert!(text.ends_with(",10,-20,-30,1,-2,-3,0.5,0.25,0.125\n"), "{text}");
        let survey = Whole::open(&path, &System::Tdem(instrument.clone()), &options()).unwrap();
        assert_eq!(survey.soundings[0].observed, [11.0, 22.0, 33.0]);

        original.geometry.set(GeometryParameter::TxRxDx, 0.0);
        write_tdem_csv(&path, &instrument, &[original], primary, Convention::GeoBipy).unwrap();
        let survey = Whole::open(&path, &System::Tdem(instrument.clone()), &options()).unwrap();
        let message = survey.rejected[0].errors[0].to_string();
        assert!(message.contains("line 2, column txrx_dx") && message.contains("infinite"), "{message}");
    }

    #[test]
    fn times_are_printed_as_python_prints_them() {
        for (time_s, expected) in
            [(3.834e-4, "3.834e-04"), (0.0, "0.000e+00"), (-12.0, "-1.200e+01"), (1e-123, "1.000e-123")]
        {
            assert_eq!(time_label(time_s), expected);
        }
    }

    #[test]
    fn values_for_another_instrument_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.csv");
        let instrument = instrument(vec![system("a", [0.0, 0.0, 1.0], &[1e-5])]);
        let message = |sounding: Sounding, primary: Option<&[Vec<f64>]>| {
            write_tdem_csv(&path, &instrument, &[sounding], primary, Convention::GeoBipy).unwrap_err().to_string()
        };
        assert_eq!(message(sounding(1.0, vec![], None), None), "got 0 data of a sounding to write, expected 1");
        assert_eq!(
            message(sounding(1.0, vec![1.0], Some(vec![])), None),
            "got 0 standard deviations of a sounding to write, expected 1"
        );
        let primary = |primary: &[Vec<f64>]| message(sounding(1.0, vec![1.0], None), Some(primary));
        assert_eq!(primary(&[]), "got 0 lists of primary fields to write, expected 1");
        assert_eq!(primary(&[vec![1.0, 2.0]]), "got 2 primary fields of a sounding to write, expected 1");
        assert!(!path.exists());
    }

    fn any_number() -> impl Strategy<Value = f64> {
        // Adding 0 changes -0 to the 0 as which it is read back.
        (prop::num::f64::NORMAL | prop::num::f64::SUBNORMAL | prop::num::f64::ZERO).prop_map(|value| value + 0.0)
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back_exactly(
            data in prop::array::uniform4(any_number()),
            geometry in prop::array::uniform10(any_number()),
            height in 1e-300..1e4_f64,
            is_missing in any::<bool>(),
            is_geobipy in any::<bool>(),
            std in prop::option::of(1e-300..1e300_f64),
            starts in prop::array::uniform2(-1e-2..1e-1_f64),
        ) {
            let systems = vec![system("a", [1.0, 0.0, 1.0], &starts[..1]), system("b", [0.0, 0.0, 1e15], &starts)];
            let instrument = instrument(systems);
            let mut original = sounding(1.0, data.to_vec(), std.map(|std| vec![std; 4]));
            for (parameter, value) in GeometryParameter::ALL.into_iter().zip(geometry) {
                original.geometry.set(parameter, value);
            }
            original.geometry.set(GeometryParameter::Height, height);
            if is_missing {
                original.observed[3] = f64::NAN;
                original.std.iter_mut().for_each(|std| std[3] = f64::NAN);
            }
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("s.csv");
            let convention = if is_geobipy { Convention::GeoBipy } else { Convention::GaAem };
            write_tdem_csv(&path, &instrument, std::slice::from_ref(&original), None, convention).unwrap();
            let survey = Whole::open(&path, &System::Tdem(instrument.clone()), &ReadOptions { convention, ..options() }).unwrap();
            prop_assert!(survey.rejected.is_empty());
            prop_assert_eq!(survey.has_std, std.is_some());
            prop_assert_eq!(format!("{:?}", survey.soundings), format!("{:?}", [original]));
        }
    }
}
