//! Comparison with converged numbers of another program, and for geometries without such numbers with Reference
//! accuracy, which `brute_force` checks. The tables of docs/forward.md come from
//!
//!     cargo test --test tests forward_tdem::accuracy -- --nocapture

use super::*;
use GeometryParameter::{TxRxDx, TxRxDz};

/// Largest allowed P of 99 in 100 values, and of all values.
type Limits = (f64, f64);

/// Hot copies of parallel tempering need only an approximate posterior, because the chain at temperature 1 corrects it.
const COARSE: Limits = (2e-1, 5e-1);
const STANDARD: Limits = (1e-3, 1e-2);
const HIGH: Limits = (1e-4, 1e-3);
/// The converged numbers have ten digits and are themselves converged to 1e-8 of the response, more where gates cancel.
const REFERENCE: Limits = (1e-6, 2e-5);
/// Limits near the ground. For a loop on the ground and a coil 7 to 11 m behind it, gates from 4 us on depend on the
/// small part of the field that diffuses to the coil. For a helicopter at 8 to 20 m, nodes are sparse at the small
/// wavenumbers of late gates.
const NEAR_GROUND: [(Accuracy, Limits); 2] = [(Accuracy::Standard, (1e-2, 5e-2)), (Accuracy::High, (3e-4, 3e-3))];

const ALL: [(Accuracy, Limits); 4] = [
    (Accuracy::Coarse, COARSE),
    (Accuracy::Standard, STANDARD),
    (Accuracy::High, HIGH),
    (Accuracy::Reference, REFERENCE),
];

/// Prints the distribution of P of every system and component, and asserts that all are within the limits.
fn check(names: &[&str], instrument: &TdemInstrument, cases: &[Case], limits: &[(Accuracy, Limits)]) {
    let noise = noise(instrument);
    let mut wrong = Vec::new();
    println!("{TABLE_HEAD}");
    for &(accuracy, (p99, max)) in limits {
        let predicted = predict_all(instrument, accuracy, cases);
        let p: Vec<_> = predicted.iter().zip(cases).map(|(got, case)| differences(got, &case.data, &noise)).collect();
        for ((system, component), spread) in spreads(instrument, &p) {
            let row = table_row(names[system], component, &format!("`{accuracy:?}`"), spread);
            println!("{row}");
            if spread.p99 > p99 || spread.max > max {
                wrong.push(format!("{row} allowed P99 {p99:e}, max {max:e}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Would catch: a wrong term, sign, unit or constant anywhere from ground to gate; too few nodes or frequencies.
#[test]
fn skytem_is_as_accurate_as_promised() {
    let cases = cases(SKYTEM_CONVERGED);
    assert_eq!(cases.len(), 100);
    check(&["SkyTEM LM", "SkyTEM HM"], &instrument(&SKYTEM), &cases, &ALL);
}

/// Would catch: such errors for the B field of a current that is never off, for X and for offsets as long as heights.
#[test]
fn tempest_is_as_accurate_as_promised() {
    let cases = cases(TEMPEST_CONVERGED);
    assert_eq!(cases.len(), 65);
    check(&["Tempest"], &instrument(&TEMPEST), &cases, &ALL);
}

/// The models of a table over which `instrument` flies at other geometries, with data of Reference accuracy.
fn moved(table: &str, instrument: &TdemInstrument, geometry: impl Fn(usize, &Geometry) -> Geometry) -> Vec<Case> {
    let mut cases = cases(table);
    for (i, case) in cases.iter_mut().enumerate() {
        case.geometry = geometry(i, &case.geometry);
    }
    let truth = predict_all(instrument, Accuracy::Reference, &cases);
    cases.iter_mut().zip(truth).for_each(|(case, data)| case.data = data);
    cases
}

/// Would catch: nodes that are accurate only for the couplings of level coils.
#[test]
fn turned_coils_are_as_accurate() {
    let turn = |i: usize, level: &Geometry| tilted(level, i);
    let skytem = instrument(&SKYTEM);
    check(&["SkyTEM LM, tilted", "SkyTEM HM, tilted"], &skytem, &moved(SKYTEM_CONVERGED, &skytem, turn), &ALL[..3]);
    let tempest = instrument_of(instrument(&TEMPEST).systems.into_iter().map(with_all_components).collect());
    check(&["Tempest, tilted"], &tempest, &moved(TEMPEST_CONVERGED, &tempest, turn), &ALL[..3]);
}

/// The receiver is up to six times as far away as the path up and down is long.
///
/// Would catch: too few nodes for Bessel functions that oscillate where the exponential is still near 1.
#[test]
fn a_receiver_far_away_is_as_accurate() {
    let instrument = instrument(&SKYTEM[..1]);
    let geometry = |i: usize, _: &Geometry| Geometry::level(20.0 + 20.0 * even(i, 0)).with(TxRxDx, -300.0 * even(i, 1));
    check(&["SkyTEM LM, wide"], &instrument, &moved(SKYTEM_CONVERGED, &instrument, geometry), &ALL[..3]);
}

/// Would catch: nodes that are accurate only at the usual heights of helicopters.
#[test]
fn a_low_helicopter_is_nearly_as_accurate() {
    let instrument = instrument(&SKYTEM);
    let geometry = |i: usize, level: &Geometry| level.with(GeometryParameter::Height, 8.0 + 12.0 * even(i, 0));
    let cases = moved(SKYTEM_CONVERGED, &instrument, geometry);
    check(&["SkyTEM LM, low", "SkyTEM HM, low"], &instrument, &cases, &NEAR_GROUND);
}

/// Would catch: nodes that are inaccurate for systems towed on the ground.
#[test]
fn a_towed_loop_is_nearly_as_accurate() {
    let instrument = instrument_of(vec![example("towed.stm")]);
    let geometry = |i: usize, _: &Geometry| {
        Geometry::level(0.3 + 0.7 * even(i, 0)).with(TxRxDx, -7.0 - 4.0 * even(i, 1)).with(TxRxDz, 0.2 * even(i, 2))
    };
    check(&["towed"], &instrument, &moved(SKYTEM_CONVERGED, &instrument, geometry), &NEAR_GROUND);
}

/// Asserts the limits of Standard accuracy over `cases`, with nodes that were placed for the geometries of `first`.
fn check_moved(instrument: &TdemInstrument, first: &[Geometry], cases: &[Case], (p99, max): Limits) {
    let noise = noise(instrument);
    let operator = Arc::new(TdemOperator::new(instrument, Accuracy::Standard));
    let p = |(first, case): (&Geometry, &Case)| {
        let mut forward = TdemForward::new(Arc::clone(&operator), first);
        differences(&predict_with(&mut forward, &case.earth, &case.geometry), &case.data, &noise)
    };
    let p: Vec<_> = first.iter().zip(cases).map(p).collect();
    for ((system, _), spread) in spreads(instrument, &p) {
        println!("{}, moved: {spread:?}", instrument.systems[system].name);
        assert!(spread.p99 <= p99 && spread.max <= max, "system {system}: {spread:?}");
    }
}

/// Would catch: nodes that are only accurate for the geometry for which they were placed, when geometry is part of the
/// model.
#[test]
fn coils_may_move_from_where_their_nodes_were_placed() {
    let skytem = instrument(&SKYTEM);
    let first: Vec<Geometry> = cases(SKYTEM_CONVERGED).iter().map(|case| case.geometry).collect();
    let place = |i: usize, level: &Geometry| {
        let height_m = level.height_m() * (0.9 + 0.2 * even(i, 6));
        tilted(level, i).with(GeometryParameter::Height, height_m).with(TxRxDx, -13.0 + 10.0 * even(i, 7) - 5.0)
    };
    check_moved(&skytem, &first, &moved(SKYTEM_CONVERGED, &skytem, place), STANDARD);

    let towed = instrument_of(vec![example("towed.stm")]);
    let first = vec![Geometry::level(0.6).with(TxRxDx, -9.0); first.len()];
    let place = |i: usize, _: &Geometry| Geometry::level(0.5 + 0.2 * even(i, 0)).with(TxRxDx, -7.5 - 3.0 * even(i, 1));
    check_moved(&towed, &first, &moved(SKYTEM_CONVERGED, &towed, place), NEAR_GROUND[0].1);
}
