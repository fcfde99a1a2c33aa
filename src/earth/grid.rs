//! Grids on which posteriors are counted, common to a whole survey so that lines can be put side by side.

/// Depth cells from the ground down, uniform in ln(z + z0): thin at the top, where the data resolve more.
#[derive(Debug, Clone, PartialEq)]
pub struct DepthGrid {
    bounds_m: Vec<f64>,
    scale_m: f64,
}

impl DepthGrid {
    /// `cell_count` cells from 0 to `maximum_depth_m`, uniform in ln(z + `scale_m`).
    pub fn new(cell_count: usize, maximum_depth_m: f64, scale_m: f64) -> Self {
        let step = (maximum_depth_m / scale_m).ln_1p() / cell_count as f64;
        let mut bounds_m: Vec<f64> = (0..=cell_count).map(|i| scale_m * (i as f64 * step).exp_m1()).collect();
        bounds_m[cell_count] = maximum_depth_m;
        Self { bounds_m, scale_m }
    }

    /// Number of cells.
    pub fn cell_count(&self) -> usize {
        self.bounds_m.len() - 1
    }

    /// The `cell_count + 1` bounds in m, from 0 to the maximum depth.
    pub fn bounds_m(&self) -> &[f64] {
        &self.bounds_m
    }

    /// Cell centres in m.
    pub fn centers_m(&self) -> impl Iterator<Item = f64> {
        self.bounds_m.windows(2).map(|b| 0.5 * (b[0] + b[1]))
    }

    /// The cell that holds `depth_m`, `None` below the grid.
    pub fn cell_of(&self, depth_m: f64) -> Option<usize> {
        let last = *self.bounds_m.last()?;
        if !(0.0..=last).contains(&depth_m) {
            return None;
        }
        let step = (last / self.scale_m).ln_1p() / self.cell_count() as f64;
        Some((((depth_m / self.scale_m).ln_1p() / step) as usize).min(self.cell_count() - 1))
    }
}

/// Equal cells of log10 conductivity, absolute (never relative to a sounding).
#[derive(Debug, Clone, PartialEq)]
pub struct Log10ConductivityGrid {
    minimum: f64,
    step: f64,
    cell_count: usize,
}

impl Log10ConductivityGrid {
    /// `cell_count` cells between log10 conductivities `minimum` and `maximum`, log10(S/m).
    pub fn new(cell_count: usize, minimum: f64, maximum: f64) -> Self {
        Self { minimum, step: (maximum - minimum) / cell_count as f64, cell_count }
    }

    /// Number of cells.
    pub fn cell_count(&self) -> usize {
        self.cell_count
    }

    /// The `cell_count + 1` bounds, log10(S/m).
    pub fn bounds(&self) -> Vec<f64> {
        (0..=self.cell_count).map(|i| self.minimum + i as f64 * self.step).collect()
    }

    /// Cell centres, log10(S/m).
    pub fn centers(&self) -> Vec<f64> {
        (0..self.cell_count).map(|i| self.minimum + (i as f64 + 0.5) * self.step).collect()
    }

    /// The cell of a value in log10(S/m); values beyond the ends count in the end cells.
    pub fn cell_of(&self, log10_conductivity: f64) -> usize {
        (((log10_conductivity - self.minimum) / self.step).max(0.0) as usize).min(self.cell_count - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_depth_falls_into_its_cell() {
        let grid = DepthGrid::new(100, 200.0, 10.0);
        assert_eq!(grid.bounds_m().len(), 101);
        for (i, z) in grid.centers_m().enumerate() {
            assert_eq!(grid.cell_of(z), Some(i));
        }
        assert_eq!((grid.cell_of(0.0), grid.cell_of(200.0)), (Some(0), Some(99)));
        assert_eq!((grid.cell_of(-0.1), grid.cell_of(200.1), grid.cell_of(f64::NAN)), (None, None, None));
    }

    #[test]
    fn every_conductivity_falls_into_its_cell() {
        let grid = Log10ConductivityGrid::new(140, -5.0, 2.0);
        for (i, c) in grid.centers().into_iter().enumerate() {
            assert_eq!(grid.cell_of(c), i);
        }
        assert_eq!((grid.cell_of(-9.0), grid.cell_of(9.0)), (0, 139));
    }
}
