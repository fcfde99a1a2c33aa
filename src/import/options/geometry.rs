//! Options for the position and the angles of the system.

use super::draft::Draft;
use super::keys::{maximum_change, solve};
use super::reading::Reading;
use super::value::DataKind;

/// A parameter of this program and the equivalent parameters of GeoBIPy; the one that takes effect there comes first.
struct Same {
    table: &'static str,
    width: &'static str,
    theirs: &'static [&'static str],
}

const fn length(table: &'static str, theirs: &'static [&'static str]) -> Same {
    Same { table, width: "half_width_m", theirs }
}

const fn angle(table: &'static str, theirs: &'static [&'static str]) -> Same {
    Same { table, width: "half_width_deg", theirs }
}

const FREQUENCY_DOMAIN: &[Same] = &[length("geometry.height", &["z", "height"])];
const TIME_DOMAIN: &[Same] = &[
    length("geometry.height", &["transmitter_z", "height"]),
    angle("geometry.tx_roll", &["transmitter_roll"]),
    angle("geometry.tx_pitch", &["transmitter_pitch"]),
    length("geometry.txrx_dx", &["receiver_x"]),
    length("geometry.txrx_dy", &["receiver_y"]),
    length("geometry.txrx_dz", &["receiver_z"]),
    angle("geometry.rx_roll", &["receiver_roll"]),
    angle(RX_PITCH, &["receiver_pitch"]),
    angle("geometry.rx_yaw", &["receiver_yaw"]),
];
const RX_PITCH: &str = "geometry.rx_pitch";

/// Writes the priors of the sampled parameters, and the receiver's pitch if it is given.
pub(super) fn geometry(reading: &mut Reading, draft: &mut Draft, kind: DataKind) {
    for same in if kind == DataKind::Fdem { FREQUENCY_DOMAIN } else { TIME_DOMAIN } {
        draft.table(same.table);
        // All options are read, so that none is reported as having no effect.
        let solved: Vec<&str> = same.theirs.iter().copied().filter(|theirs| reading.flag(&solve(theirs))).collect();
        if let Some(theirs) = solved.first() {
            prior(reading, draft, same, theirs);
        }
        if same.table == RX_PITCH
            && kind == DataKind::Tempest
            && let Some(pitch_deg) = reading.number("initial_receiver_pitch")
        {
            draft.number(
                "value_deg",
                0.0 - pitch_deg,
                "initial_receiver_pitch",
                "GeoBIPy counts it nose up, here it is nose down",
            );
        }
    }
}

fn prior(reading: &mut Reading, draft: &mut Draft, same: &Same, theirs: &str) {
    let remark = match theirs {
        "height" => "GeoBIPy reads this option nowhere and keeps the height; here it is sampled",
        _ => "",
    };
    draft.text("prior", "uniform", &solve(theirs), remark);
    let option = maximum_change(theirs);
    if let Some(change) = reading.required(&option, "a number", Reading::number) {
        draft.number(same.width, change, &option, "either way from the measured value");
    }
}
