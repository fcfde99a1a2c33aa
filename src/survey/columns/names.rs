//! Names that quantities have in files of known programs and contractors.

use crate::survey::options::Preset;
use crate::survey::table::Aliases::{self, Any, First};
use crate::system::GeometryParameter;

/// Names of all quantities except data.
#[derive(Debug)]
pub(in super::super) struct ColumnNames {
    pub(in super::super) line_number: Aliases,
    pub(in super::super) fiducial: Aliases,
    pub(in super::super) easting: Aliases,
    pub(in super::super) northing: Aliases,
    pub(in super::super) elevation: Aliases,
    /// Names of geometry parameters, in the order of [`GeometryParameter::ALL`].
    pub(in super::super) geometry: [Aliases; GeometryParameter::ALL.len()],
}

/// Returns names of geometry parameters: `height`, and this program's own names for the others.
const fn geometry(height: Aliases) -> [Aliases; GeometryParameter::ALL.len()] {
    [
        height,
        Any(&["tx_roll"]),
        Any(&["tx_pitch"]),
        Any(&["tx_yaw"]),
        Any(&["txrx_dx"]),
        Any(&["txrx_dy"]),
        Any(&["txrx_dz"]),
        Any(&["rx_roll"]),
        Any(&["rx_pitch"]),
        Any(&["rx_yaw"]),
    ]
}

const GEOBIPY: ColumnNames = ColumnNames {
    line_number: Any(&["line", "linenumber", "line_number"]),
    fiducial: Any(&["fid", "fiducial", "id"]),
    easting: Any(&["e", "x", "easting"]),
    northing: Any(&["n", "y", "northing"]),
    elevation: Any(&["dtm", "dem_elev", "dem_np", "topo", "elev", "elevation"]),
    geometry: geometry(Any(&["alt", "altitude", "laser", "bheight", "height"])),
};

const GA_AEM: ColumnNames = ColumnNames {
    line_number: First(&["line", "line_number"]),
    fiducial: First(&["fiducial", "fid"]),
    easting: First(&["easting", "e", "x"]),
    northing: First(&["northing", "n", "y"]),
    elevation: First(&["dtm", "ground_elevation", "elevation", "elevation_*"]),
    geometry: geometry(First(&["tx_height", "height", "laser_altimeter", "radar_altimeter"])),
};

const SKYTEM: ColumnNames = ColumnNames {
    line_number: First(&["line", "line_no", "lineno", "line_number"]),
    fiducial: First(&["fid", "fiducial", "record"]),
    easting: First(&["e", "easting", "x", "utmx", "e_*"]),
    northing: First(&["n", "northing", "y", "utmy", "n_*"]),
    elevation: First(&["dem", "dtm", "topo", "topography", "elevation"]),
    geometry: geometry(First(&["tx_altitude", "txaltitude", "height", "alt", "altitude", "laser"])),
};

const TEMPEST: ColumnNames = ColumnNames {
    line_number: First(&["line", "line_number"]),
    fiducial: First(&["fiducial", "fid"]),
    easting: First(&["easting", "e", "x"]),
    northing: First(&["northing", "n", "y"]),
    elevation: First(&["dtm", "elevation"]),
    geometry: [
        First(&["tx_height", "height"]),
        Any(&["tx_roll"]),
        Any(&["tx_pitch"]),
        Any(&["tx_yaw"]),
        First(&["hsep_gps", "hsep", "txrx_dx"]),
        First(&["tsep_gps", "tsep", "txrx_dy"]),
        First(&["vsep_gps", "vsep", "txrx_dz"]),
        Any(&["rx_roll"]),
        Any(&["rx_pitch"]),
        Any(&["rx_yaw"]),
    ],
};

const WORKBENCH: ColumnNames = ColumnNames {
    line_number: First(&["line_no", "line", "lineno", "line_number"]),
    fiducial: First(&["fid", "fiducial", "record", "timestamp"]),
    easting: First(&["x", "utmx", "e", "x_*", "e_*"]),
    northing: First(&["y", "utmy", "n", "y_*", "n_*"]),
    elevation: First(&["topo", "elevation", "dem", "topography", "dtm"]),
    geometry: geometry(First(&["tx_altitude", "txaltitude", "alt", "tx_alt", "altitude", "height"])),
};

impl Preset {
    pub(in super::super) fn names(self) -> &'static ColumnNames {
        match self {
            Self::GeoBipy => &GEOBIPY,
            Self::GaAem => &GA_AEM,
            Self::SkyTem => &SKYTEM,
            Self::Tempest => &TEMPEST,
            Self::Workbench => &WORKBENCH,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_of_geobipy_is_a_part_of_a_data_column() {
        let names = &GEOBIPY;
        let all =
            [names.line_number, names.fiducial, names.easting, names.northing, names.elevation, names.geometry[0]];
        for alias in all.into_iter().flat_map(|(Any(list) | First(list))| list) {
            assert!(!["cpi", "i_", "in_phase", "cpq", "q_", "quad"].iter().any(|part| alias.contains(part)), "{alias}");
        }
    }
}
