//! Writes survey files that [`SurveyFile`](super::SurveyFile) reads back unchanged.

use std::io::{self, Write};
use std::path::Path;

use crate::error::Result;
use crate::system::FdemSystem;

use super::sounding::{Sounding, all_have_std};
use crate::files::replace_file;

/// Writes `soundings` as a survey file with the column names of GeoBIPy: metres, ppm, NaN where a value is missing.
///
/// Standard deviations are written when all soundings have them. A file at `path` is replaced when the new one is
/// complete.
///
/// # Errors
///
/// [`Error::Io`](crate::error::Error::Io) when the file cannot be written; an older file is then unchanged.
pub fn write_csv(path: &Path, system: &FdemSystem, soundings: &[Sounding]) -> Result<()> {
    let has_std = all_have_std(soundings);
    replace_file(path, |out| {
        write_header(out, system, has_std)?;
        soundings.iter().try_for_each(|sounding| write_row(out, sounding, has_std))
    })
}

fn write_header(out: &mut impl Write, system: &FdemSystem, has_std: bool) -> io::Result<()> {
    write!(out, "Line_number,Fiducial,Easting,Northing,Height,Elevation")?;
    let frequencies = system.frequency_labels(|hz| format!("{hz:?}"));
    for suffix in if has_std { &["", "_std"][..] } else { &[""] } {
        for part in ["In_Phase", "Quadrature"] {
            for hz in &frequencies {
                write!(out, ",{part}_{hz}{suffix}")?;
            }
        }
    }
    writeln!(out)
}

/// Writes a row; numbers have the fewest digits that read back exactly.
fn write_row(out: &mut impl Write, sounding: &Sounding, has_std: bool) -> io::Result<()> {
    let Sounding { line_number, fiducial, easting_m, northing_m, geometry, elevation_m, .. } = sounding;
    let height_m = geometry.height_m();
    write!(out, "{line_number},{fiducial},{easting_m},{northing_m},{height_m},{elevation_m}")?;
    let std = sounding.std.as_deref().filter(|_| has_std).unwrap_or_default();
    for value in sounding.observed.iter().chain(std) {
        write!(out, ",{value}")?;
    }
    writeln!(out)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use proptest::prelude::*;

    use super::super::options::ReadOptions;
    use super::super::tests::Whole;
    use super::*;
    use crate::error::Error;
    use crate::system::Geometry;
    use crate::system::System;

    fn system() -> FdemSystem {
        let stm = "freq,tor,tmom,tx,ty,tzoff,ror,rmom,rx,ry,rzoff\n\
                   380,z,1,0,0,0,z,1,7.93,0,0\n\
                   380,x,1,0,0,0,x,1,7.91,0,0\n";
        FdemSystem::parse(stm, Path::new("bird.stm")).unwrap()
    }

    fn sounding(fiducial: f64, values: [f64; 4], std: Option<Vec<f64>>) -> Sounding {
        Sounding {
            line_number: 30010.0,
            fiducial,
            easting_m: values[0],
            northing_m: values[1],
            elevation_m: values[2],
            geometry: Geometry::level(30.1),
            observed: values.to_vec(),
            std,
            file_line: 2,
        }
    }

    /// Compares debug output, which distinguishes every f64 and takes NaN for equal.
    fn same(left: &[Sounding], right: &[Sounding]) -> bool {
        format!("{left:?}") == format!("{right:?}")
    }

    fn written(soundings: &[Sounding]) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.csv");
        write_csv(&path, &system(), soundings).unwrap();
        fs::read_to_string(path).unwrap()
    }

    #[test]
    fn columns_are_called_as_geobipy_calls_them() {
        assert_eq!(
            written(&[sounding(1.5, [0.1, -2.0, f64::NAN, 1e21], None)]),
            "Line_number,Fiducial,Easting,Northing,Height,Elevation,\
             In_Phase_380.0,In_Phase_380.0_2,Quadrature_380.0,Quadrature_380.0_2\n\
             30010,1.5,0.1,-2,30.1,NaN,0.1,-2,NaN,1000000000000000000000\n"
        );
    }

    #[test]
    fn standard_deviations_are_written_when_all_soundings_have_them() {
        let with = sounding(1.0, [1.0; 4], Some(vec![0.5; 4]));
        let without = sounding(2.0, [1.0; 4], None);
        assert!(written(&[with.clone(), without]).ends_with("\n30010,2,1,1,30.1,1,1,1,1,1\n"));
        let text = written(&[with]);
        let header = text.lines().next().unwrap();
        assert!(
            header.ends_with(",In_Phase_380.0_std,In_Phase_380.0_2_std,Quadrature_380.0_std,Quadrature_380.0_2_std")
        );
        assert!(text.ends_with(",1,1,1,1,0.5,0.5,0.5,0.5\n"));
        assert!(!written(&[]).contains("std"));
    }

    #[test]
    fn a_failure_leaves_the_folder_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let taken = folder.path().join("taken");
        fs::create_dir(&taken).unwrap();
        let error = write_csv(&taken, &system(), &[]).unwrap_err();
        assert!(error.to_string().starts_with(&taken.display().to_string()), "{error}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert!(matches!(write_csv(Path::new(".."), &system(), &[]), Err(Error::Io { .. })));
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back_exactly(
            values in prop::array::uniform4(prop::num::f64::NORMAL | prop::num::f64::SUBNORMAL | prop::num::f64::ZERO),
            datum in prop::num::f64::NORMAL | prop::num::f64::QUIET_NAN,
            std in prop::option::of(1e-300..1e300_f64),
        ) {
            let mut original = sounding(1.0, values, None);
            original.observed[3] = if datum.is_nan() { f64::NAN } else { datum };
            original.std = std.map(|s| vec![s, s, s, if datum.is_nan() { f64::NAN } else { s }]);
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("s.csv");
            fs::write(&path, "an older file").unwrap();
            write_csv(&path, &system(), std::slice::from_ref(&original)).unwrap();
            let survey = Whole::open(&path, &System::Fdem(system()), &ReadOptions::default()).unwrap();
            prop_assert!(survey.rejected.is_empty());
            prop_assert_eq!(survey.has_std, std.is_some());
            prop_assert!(same(&survey.soundings, &[original]));
        }
    }
}
