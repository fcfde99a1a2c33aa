//! The names that a system file may use.

use crate::system::GeometryParameter;

/// The keys, blocks and rows that one block may hold.
pub(super) struct Known {
    pub name: &'static str,
    pub keys: &'static [&'static str],
    pub blocks: &'static [Known],
    pub has_rows: bool,
}

/// The top level of a system file.
pub(super) const FILE: Known = Known { name: "the file", keys: &[], blocks: &[SYSTEM], has_rows: false };
pub(super) const SYSTEM: Known = Known {
    name: "System",
    keys: &["Name", "Type"],
    blocks: &[TRANSMITTER, RECEIVER, FORWARD_MODELLING, REFERENCE_GEOMETRY],
    has_rows: false,
};
pub(super) const TRANSMITTER: Known = Known {
    name: "Transmitter",
    keys: &["NumberOfTurns", "PeakCurrent", "LoopArea", "BaseFrequency", "WaveformDigitisingFrequency"],
    blocks: &[
        Known { name: "WaveformCurrent", keys: &["File"], blocks: &[], has_rows: true },
        Known { name: "WaveformReceived", keys: &["File"], blocks: &[], has_rows: true },
    ],
    has_rows: false,
};
pub(super) const RECEIVER: Known = Known {
    name: "Receiver",
    keys: &["NumberOfWindows", "WindowWeightingScheme", "TimeShift"],
    blocks: &[
        Known { name: "WindowTimes", keys: &[], blocks: &[], has_rows: true },
        Known { name: "LowPassFilter", keys: &["CutOffFrequency", "Order"], blocks: &[], has_rows: false },
    ],
    has_rows: false,
};
pub(super) const FORWARD_MODELLING: Known = Known {
    name: "ForwardModelling",
    keys: &[
        "ModellingLoopRadius",
        "OutputType",
        "XOutputScaling",
        "YOutputScaling",
        "ZOutputScaling",
        "SecondaryFieldNormalisation",
        "FrequenciesPerDecade",
        "NumberOfAbsiccaInHankelTransformEvaluation",
        "SaveDiagnosticFiles",
    ],
    blocks: &[],
    has_rows: false,
};
pub(super) const REFERENCE_GEOMETRY: Known =
    Known { name: "ReferenceGeometry", keys: &REFERENCE_KEYS, blocks: &[], has_rows: false };

/// The keys of a geometry in order of [`GeometryParameter::ALL`].
pub(super) const REFERENCE_KEYS: [&str; GeometryParameter::ALL.len()] =
    ["tx_height", "tx_roll", "tx_pitch", "tx_yaw", "txrx_dx", "txrx_dy", "txrx_dz", "rx_roll", "rx_pitch", "rx_yaw"];
