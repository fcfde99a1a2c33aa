//! Coil pairs of any axes and offsets against direct quadrature (studies/coil_pairs.py).

use std::path::Path;

use geobipy::earth::LayeredEarth;
use geobipy::forward::{Accuracy, EarthResponse, FdemForward, ForwardModel, Sensitivity};
use geobipy::system::{FdemSystem, Geometry, GeometryParameter};
use num_complex::Complex64;

use crate::support::data_file;

/// One row of the table.
struct Case {
    system: FdemSystem,
    axes: String,
    /// An xx pair in line with its offset.
    in_line: bool,
    hz: f64,
    height_m: f64,
    earth: LayeredEarth,
    least_conductivity: f64,
    expected: Complex64,
}

fn cases() -> Vec<Case> {
    let text = std::fs::read_to_string(data_file("coil_pairs_quadrature.csv")).unwrap();
    let case = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let number = |cell: usize| cells[cell].parse::<f64>().unwrap();
        let list = |cell: usize| -> Vec<f64> { cells[cell].split(' ').filter_map(|x| x.parse().ok()).collect() };
        let [hz, tx, rx] = [cells[0], cells[1], cells[2]];
        let row = format!("{hz},{tx},1,0,0,0,{rx},1,{},{},{}", cells[3], cells[4], cells[5]);
        let table = format!("freq,tor,tmom,tx,ty,tzoff,ror,rmom,rx,ry,rzoff\n{row}\n");
        let conductivity = list(7);
        Case {
            system: FdemSystem::parse(&table, Path::new("bird.stm")).unwrap(),
            axes: format!("{tx}{rx}"),
            in_line: tx == "x" && rx == "x" && number(4) == 0.0,
            hz: number(0),
            height_m: number(6),
            earth: LayeredEarth::from_thicknesses(&conductivity, &list(8)).unwrap(),
            least_conductivity: conductivity.into_iter().fold(f64::INFINITY, f64::min),
            expected: Complex64::new(number(9), number(10)),
        }
    };
    text.lines().skip(1).map(case).collect()
}

fn predict(case: &Case, accuracy: Accuracy) -> Complex64 {
    let mut forward = FdemForward::new(&case.system, case.height_m, accuracy);
    let mut data = [f64::NAN; 2];
    forward.predict(&case.earth, &Geometry::level(case.height_m), &mut EarthResponse::default(), &mut data);
    Complex64::new(data[0], data[1])
}

/// Would catch: a wrong sign, factor or Bessel function of any pair; a TM part that is missing or wrong; a primary field of
/// other axes.
#[test]
fn all_pairs_agree_with_quadrature() {
    let all = cases();
    assert!(
        all.len() > 400
            && ["xx", "yy", "zz", "xz", "zx", "yz", "zy"].iter().all(|axes| all.iter().any(|c| c.axes == *axes))
    );
    for (accuracy, relative) in [(Accuracy::Standard, 1e-3), (Accuracy::High, 2e-5), (Accuracy::Reference, 1e-7)] {
        for case in &all {
            let got = predict(case, accuracy);
            // The TM part is that of a good conductor.
            let has_tm = case.axes == "xx" || case.axes == "yy";
            let ratio = (case.hz * 5.6e-11 / case.least_conductivity).sqrt();
            let left_out = if has_tm { 2e-8 * case.hz * case.hz * ratio } else { 0.0 };
            // In-line xx pairs are without it.
            let left_out = if case.in_line { 1.5e-9 * case.hz * case.hz } else { left_out };
            let error = (got - case.expected).norm();
            let allowed = relative * case.expected.norm() + left_out + 1e-6;
            assert!(
                error <= allowed,
                "{} {:?} at {} Hz, {} m: {got} for {}, off by {error}, allowed {allowed}",
                case.axes,
                case.system.coil_pairs[0].rx_offset_m,
                case.hz,
                case.height_m,
                case.expected
            );
        }
    }
}

/// Would catch: derivatives by height without the TM part.
#[test]
fn derivatives_by_height_are_those_of_the_response() {
    for case in cases().iter().step_by(7) {
        let mut forward = FdemForward::new(&case.system, case.height_m, Accuracy::High);
        let (mut data, mut sensitivity) = ([0.0; 2], Sensitivity::default());
        forward.predict_with_sensitivity(&case.earth, &Geometry::level(case.height_m), &mut data, &mut sensitivity);
        let step_m = 1e-3;
        let mut at = |height_m: f64| {
            let mut data = [0.0; 2];
            forward.predict(&case.earth, &Geometry::level(height_m), &mut EarthResponse::default(), &mut data);
            data
        };
        let (above, below) = (at(case.height_m + step_m), at(case.height_m - step_m));
        for channel in 0..2 {
            let expected = (above[channel] - below[channel]) / (2.0 * step_m);
            let got = sensitivity.by_geometry(channel, GeometryParameter::Height);
            let size = case.expected.norm() / case.height_m;
            assert!((got - expected).abs() < 1e-6 * size, "{} at {} Hz: {got} for {expected}", case.axes, case.hz);
        }
    }
}
