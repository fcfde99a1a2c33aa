//! What is known of the variables of a netCDF file before their numbers are read.

/// A variable with numbers for each row.
#[cfg(feature = "netcdf")]
#[derive(Debug, Clone)]
pub(super) struct NetcdfVariable {
    /// Names of its groups and its own, with `/` between them.
    pub(super) path: String,
    /// Lengths of its dimensions, and which of them is that of the rows.
    pub(super) shape: Vec<usize>,
    pub(super) row_axis: usize,
    /// Numbers that mean a missing value.
    pub(super) missing: Vec<f64>,
    pub(super) scale: f64,
    pub(super) offset: f64,
    pub(super) crs: Option<String>,
}

#[cfg(feature = "netcdf")]
impl NetcdfVariable {
    pub(super) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    /// Returns the number of columns.
    pub(super) fn count(&self) -> usize {
        let others = (0..self.shape.len()).filter(|&axis| axis != self.row_axis);
        others.fold(1, |count, axis| count.saturating_mul(self.shape[axis]))
    }
}

/// The variables of a table with their rows.
#[cfg(feature = "netcdf")]
#[derive(Debug, Clone)]
pub(super) struct NetcdfRows {
    pub(super) variables: Vec<NetcdfVariable>,
    /// For each column, the index of its variable, and its number in the variable.
    pub(super) columns: Vec<(usize, usize)>,
    pub(super) row_count: usize,
}

#[cfg(feature = "netcdf")]
impl NetcdfRows {
    pub(super) fn row_count(&self) -> usize {
        self.row_count
    }
}

/// The rows of a netCDF file. A build that cannot read such files has none.
#[cfg(not(feature = "netcdf"))]
#[derive(Debug, Clone)]
pub(super) enum NetcdfRows {}

#[cfg(not(feature = "netcdf"))]
impl NetcdfRows {
    pub(super) fn row_count(&self) -> usize {
        match *self {}
    }
}
