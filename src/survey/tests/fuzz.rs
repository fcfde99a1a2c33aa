//! Survey files with small mistakes.

use super::fdem::system;
use super::tdem::{instrument, system as moment};
use super::*;
use crate::fuzz::{FEW, MANY, fuzz, real};

const FDEM: &str =
    "line,fid,x,y,height,dtm,i_380,i_8171,q_380,q_8171\n10,1,5,6,30,100,1,-2,3,4\n10,2,5.5,6,30.5,,1e-3,NaN,-9999,4\n";
const TDEM: &str = "line\tfid\tx\ty\theight\ttxrx_dx\ttxrx_dy\ttxrx_dz\trx_pitch\tS0Z_time_1.000e-03\tS0Z_time_2.000e-03\tS1Z_time_1.000e-05\n\
    10\t1\t5\t6\t30\t-13\t0\t2\t0.5\t1e-9\t-1e-10\t3e-7\n10\t2\t5\t6\t30\t-13\t0\t2\t0.5\t1e-9\t\t3e-7\n";
const WORKBENCH: &str = "/ EXPORT\n/DUMMY\n/ 9999\n/ LINE_NO FID UTMX UTMY ALT TXRX_DX TXRX_DY TXRX_DZ DBDT_Ch1GT1 DBDT_Ch1GT2 DBDT_Ch2GT1\n\
    10 1 5 6 30 -13 0 2 1e-9 1e-10 3e-7\n10 2 5 6 30 -13 0 2 * 9999 3e-7\n";
const GEOSOFT: &str = "/ exported\n/ Fid X Y Height DTM I_380 I_8171 Q_380 Q_8171\n/ - m m m m ppm ppm ppm ppm\nLine L1200:3\n\
    501 5.5 6 30 100 1.5 -2 3 4\n//Flight 4\n502 6.5 7 31 101 * 2.5 3 4\nTie 9010\n503 6.5 7 31 101 * 2.5 3 4\n";
const SKYTEM: &str = "/ Line Date Time E_UTM32N N_UTM32N Height txrx_dx txrx_dy txrx_dz HM_Z_G01[0] HM_Z_G01[1] LM_Z_G01[0] \
    RelUnc_SWch2_G01[0] RelUnc_SWch2_G01[1] RelUnc_SWch1_G01[0] HM_Z_use_G01[0] HM_Z_use_G01[1]\n\
    L100 2018/05/01 10:20:03.5 5 6 30 -13 0 2 1 2 * .1 .1 .1 1 0\n";
const SEGMENTS: &str = "/DUMMY\n/9999\n/ (epsg:32632)\n/ LINE_NO X Y ALT TXRX_DX TXRX_DY TXRX_DZ SEGMENTS DATA_1 DATA_2 DATASTD_1 DATASTD_2\n\
    10 5 6 30 -13 0 2 1 1e-9 2e-9 .1 .1\n10 5 6 30 -13 0 2 2 3e-9 * .1 *\n";
const DECIMAL_COMMA: &str =
    "Line;Fid;X;Y;Height;I_380;I_8171;Q_380;Q_8171;\n\"L10\";1;5,5;6;30,5;1;-2,5e-1;3;4;\nT20;2;5;6;30;1;2;3;4;\n";
const DFN: &str = "DEFN   ST=RECD,RT=COMM;RT:A4;COMMENTS:A76\nDEFN 1 ST=RECD,RT=;Line:I4:NULL=-99,NAME=a: b\n\
    DEFN 2 ST=RECD,RT=;Fiducial:F8.1\nDEFN 3 ST=RECD,RT=; Easting : F8.1 : UNIT=m\nDEFN 4 ST=RECD,RT=;Northing:F8.1\n\
    DEFN 5 ST=RECD,RT=;Tx_Height:F8.1:NULL=-99.9\nDEFN 6 ST=RECD,RT=;Z_off_time:2E12.3:NULL=*\nDEFN 7 ST=RECD,RT=;LM_Z_off_time:1E12.3;END DEFN\n";
const DAT: &str = "  10     1.0     5.0     6.0    30.0   1.000E-09  -1.000E-10   3.000E-07\nCOMM remark\n\
    \x20 10     2.0     5.0     6.0   -99.9           *   1.000E-10   3.000E-07\n";

/// A definition in other spellings, with a text, a null that is wider than its field, and a projection.
const DIALECT: &str = "defn ST=RECD;RT=COMM;RT:A0\nDEFN 1 RT=DATA;RT:A4\nDEFN 1 st = recd, rt = ;Line:I4;\nFiducial:F8.1:UNITS:m\n\
    :NULL:-999999.99\nDEFN 2 Easting:F8.1;Northing:F8.1:DESC=to the\nnorth\nDEFN RT=;Tx_Height:F8.1;Craft:A9:NULL=none\n\
    DEFN 9 ST=RECD,RT=;Z_off_time:3D12.3:NULL=-99999.9999\n;END DEFN\nDEFN 1 ST=RECD,RT=PROJ;RT:A4;END DEFN\nPROJGDA94 / MGA zone 54\n";
const DIALECT_DAT: &str = "DATA  10     1.0     5.0     6.0    30.0 Bell 206   1.000D-09  -1.000E-10  3.000E-107\n\
    DATA  10 9999.99     5.0     6.0    30.0 Bell 206  -1.000E+05  -1.000E-10   3.000E-07\nCOMM EPSG:28354\n\
    DATA  10     3.0     5.0     6.0    30.0 Bell 206\n";

fn moments() -> System {
    System::Tdem(instrument(vec![moment("HM", [0.0, 0.0, 1.0], &[1e-3, 2e-3]), moment("LM", [0.0, 0.0, 1.0], &[1e-5])]))
}

/// Options for files without columns of the receiver.
fn with_fixed_receiver() -> ReadOptions {
    let mut options = Preset::GaAem.options();
    options.fixed_geometry[4..7].copy_from_slice(&[Some(-13.0), Some(0.0), Some(2.0)]);
    options
}

fn corpus(own: &[&str], files: &[&str]) -> Vec<String> {
    let real = files.iter().filter_map(|name| real(name, 12));
    own.iter().map(|&text| text.to_owned()).chain(real).collect()
}

fn tables(count: usize) {
    let files = [
        "resolve_small/Resolve_small.txt",
        "geobipy_synthetic/resolve_glacial.csv",
        "wisconsin_skytem/skytem_processed_data.csv",
        "udf_skytem/twolines.dat",
    ];
    let (bird, moments) = (system(), moments());
    let workbench = Preset::Workbench.options();
    let mut by_number = ReadOptions::default();
    by_number.columns.data[2] = vec!["10".parse().unwrap(), "-12".parse().unwrap()];
    let own = [FDEM, TDEM, WORKBENCH, GEOSOFT, SKYTEM, SEGMENTS, DECIMAL_COMMA];
    let skytem = Preset::SkyTem.options();
    fuzz(&corpus(&own, &files), count, |text| {
        let _ = Whole::of_text(text, &bird, &ReadOptions::default());
        let _ = Whole::of_text(text, &moments, &workbench);
        let _ = Whole::of_text(text, &moments, &by_number);
        let _ = Whole::of_text(text, &moments, &skytem);
    });
}

fn definitions(count: usize) {
    let files = [
        "ausaem_tempest/Tempest-AusAEM-2020.dfn",
        "geotem/Geotem_GSQ823.dfn",
        "bhmar_skytem/bhmar-skytem_synthetic_5_layer.dfn",
    ];
    let data = real("geotem/Geotem_GSQ823.dat", 3).unwrap_or_default();
    let options = with_fixed_receiver();
    let moments = moments();
    fuzz(&corpus(&[DFN, DAT, DIALECT, DIALECT_DAT], &files), count, |text| {
        let _ = Whole::of_text_defined(text, DAT, &moments, &options);
        let _ = Whole::of_text_defined(text, DIALECT_DAT, &moments, &options);
        let _ = Whole::of_text_defined(DIALECT, text, &moments, &options);
        let _ = Whole::of_text_defined(text, &data, &moments, &options);
        let _ = Whole::of_text_defined(DFN, text, &moments, &options);
    });
}

/// The corpus is worth little when it is refused at once.
#[test]
fn the_corpus_is_read() {
    for (dfn, dat) in [(DFN, DAT), (DIALECT, DIALECT_DAT)] {
        let whole = Whole::of_text_defined(dfn, dat, &moments(), &with_fixed_receiver()).unwrap();
        assert!(!whole.soundings.is_empty(), "{:?}", whole.rejections());
    }
}

#[test]
fn tables_that_are_nearly_right() {
    tables(FEW);
}

#[test]
fn definitions_that_are_nearly_right() {
    definitions(FEW);
}

#[test]
#[ignore = "minutes"]
fn a_million_tables() {
    tables(MANY);
}

#[test]
#[ignore = "minutes"]
fn a_million_definitions() {
    definitions(MANY);
}
