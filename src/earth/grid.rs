//! Grids of depth and conductivity for histograms. All soundings of a survey share them, so that lines can be compared.

/// Depth cells from the ground down, uniform in ln(z + z0): cells are thin near the surface, where the data resolve
/// more.
#[derive(Debug, Clone, PartialEq)]
pub struct DepthGrid {
    bounds_m: Vec<f64>,
    scale_m: f64,
}

impl DepthGrid {
    /// Makes `cell_count` cells from 0 to `maximum_depth_m`, uniform in ln(z + `scale_m`).
    pub fn new(cell_count: usize, maximum_depth_m: f64, scale_m: f64) -> Self {
        let step = (maximum_depth_m / scale_m).ln_1p() / cell_count as f64;
        let mut bounds_m: Vec<f64> = (0..=cell_count).map(|i| scale_m * (i as f64 * step).exp_m1()).collect();
        bounds_m[cell_count] = maximum_depth_m;
        Self { bounds_m, scale_m }
    }

    /// Returns the number of cells.
    pub fn cell_count(&self) -> usize {
        self.bounds_m.len() - 1
    }

    /// Returns the `cell_count + 1` bounds in m, from 0 to the maximum depth.
    pub fn bounds_m(&self) -> &[f64] {
        &self.bounds_m
    }

    /// Returns the cell centres in m.
    pub fn centers_m(&self) -> impl Iterator<Item = f64> {
        self.bounds_m.windows(2).map(|b| 0.5 * (b[0] + b[1]))
    }

    /// Returns the index of the cell that holds `depth_m`, `None` below the grid.
    pub fn cell_of(&self, depth_m: f64) -> Option<usize> {
        let last = *self.bounds_m.last()?;
        if !(0.0..=last).contains(&depth_m) {
            return None;
        }
        let step = (last / self.scale_m).ln_1p() / self.cell_count() as f64;
        Some((((depth_m / self.scale_m).ln_1p() / step) as usize).min(self.cell_count() - 1))
    }
}

/// Cells of equal width in log10 conductivity. They are absolute: they do not depend on a sounding.
#[derive(Debug, Clone, PartialEq)]
pub struct Log10ConductivityGrid {
    minimum: f64,
    step: f64,
    cell_count: usize,
}

impl Log10ConductivityGrid {
    /// Makes `cell_count` cells between the log10 conductivities `minimum` and `maximum`, in log10(S/m).
    pub fn new(cell_count: usize, minimum: f64, maximum: f64) -> Self {
        Self { minimum, step: (maximum - minimum) / cell_count as f64, cell_count }
    }

    /// Returns the number of cells.
    pub fn cell_count(&self) -> usize {
        self.cell_count
    }

    /// Returns the `cell_count + 1` bounds, log10(S/m).
    pub fn bounds(&self) -> Vec<f64> {
        (0..=self.cell_count).map(|i| self.minimum + i as f64 * self.step).collect()
    }

    /// Returns the cell centres, log10(S/m).
    pub fn centers(&self) -> Vec<f64> {
        (0..self.cell_count).map(|i| self.minimum + (i as f64 + 0.5) * self.step).collect()
    }

    /// Returns the cell of a value in log10(S/m). A value beyond an end of the grid belongs to the cell at that end.
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
