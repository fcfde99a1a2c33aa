//! A horizontally layered earth.

/// Layers from the top down; the last one is the halfspace and has no thickness.
///
/// The natural logarithm of conductivity is stored because the moves and the priors work with it.
#[derive(Debug, PartialEq)]
pub struct LayeredEarth {
    interface_depth_m: Vec<f64>,
    ln_conductivity: Vec<f64>,
}

impl Clone for LayeredEarth {
    fn clone(&self) -> Self {
        Self { interface_depth_m: self.interface_depth_m.clone(), ln_conductivity: self.ln_conductivity.clone() }
    }

    fn clone_from(&mut self, source: &Self) {
        self.interface_depth_m.clone_from(&source.interface_depth_m);
        self.ln_conductivity.clone_from(&source.ln_conductivity);
    }
}

impl LayeredEarth {
    /// Makes an earth of `k` layers. `interface_depth_m` has the depths of the `k - 1` interfaces, positive down and
    /// strictly increasing. `ln_conductivity` has ln(S/m) of the `k` layers, the halfspace last.
    ///
    /// Returns `None` when the lengths do not fit, a value is not finite or the depths do not increase.
    pub fn new(interface_depth_m: Vec<f64>, ln_conductivity: Vec<f64>) -> Option<Self> {
        let increasing = interface_depth_m.iter().try_fold(0.0, |above, &z| (z > above && z.is_finite()).then_some(z));
        let valid = ln_conductivity.len() == interface_depth_m.len() + 1
            && increasing.is_some()
            && ln_conductivity.iter().all(|m| m.is_finite());
        valid.then_some(Self { interface_depth_m, ln_conductivity })
    }

    /// Makes an earth from conductivities in S/m and the thicknesses in m of all layers except the halfspace. Returns
    /// `None` in the same cases as [`new`](Self::new).
    pub fn from_thicknesses(conductivity: &[f64], thickness_m: &[f64]) -> Option<Self> {
        let mut bottom = 0.0;
        let depths = thickness_m.iter().map(|h| {
            bottom += h;
            bottom
        });
        Self::new(depths.collect(), conductivity.iter().map(|s| s.ln()).collect())
    }

    /// Makes a halfspace with the ln conductivity `ln_conductivity` in ln(S/m).
    pub fn halfspace(ln_conductivity: f64) -> Self {
        Self { interface_depth_m: Vec::new(), ln_conductivity: vec![ln_conductivity] }
    }

    /// Returns the number of layers, halfspace included.
    pub fn layer_count(&self) -> usize {
        self.ln_conductivity.len()
    }

    /// Returns the depths of the interfaces in m, top down.
    pub fn interface_depth_m(&self) -> &[f64] {
        &self.interface_depth_m
    }

    /// Returns ln(S/m) of the layers, top down.
    pub fn ln_conductivity(&self) -> &[f64] {
        &self.ln_conductivity
    }

    /// Returns the thickness in m of layer `layer` counted from 0; infinite for the halfspace.
    pub fn thickness_m(&self, layer: usize) -> f64 {
        self.interface_depth_m.get(layer).copied().unwrap_or(f64::INFINITY) - self.top_m(layer)
    }

    /// Returns the depth in m of the top of layer `layer` counted from 0.
    pub fn top_m(&self, layer: usize) -> f64 {
        if layer == 0 { 0.0 } else { self.interface_depth_m[layer - 1] }
    }

    /// Returns the index of the layer that holds `depth_m`; a depth on an interface belongs to the layer below it.
    pub fn layer_at(&self, depth_m: f64) -> usize {
        self.interface_depth_m.partition_point(|&z| z <= depth_m)
    }

    /// Returns ln(S/m) at `depth_m`.
    pub fn ln_conductivity_at(&self, depth_m: f64) -> f64 {
        self.ln_conductivity[self.layer_at(depth_m)]
    }

    /// Splits a layer at `depth_m` into two layers of the same conductivity, and returns the index of the new
    /// interface. The sampler's moves use this function and those below.
    pub(crate) fn insert(&mut self, depth_m: f64) -> usize {
        let interface = self.interface_depth_m.partition_point(|&z| z < depth_m);
        self.interface_depth_m.insert(interface, depth_m);
        self.ln_conductivity.insert(interface + 1, self.ln_conductivity[interface]);
        interface
    }

    /// Removes an interface and the layer below it. Returns the interface's depth in m and the layer's ln conductivity.
    pub(crate) fn remove(&mut self, interface: usize) -> (f64, f64) {
        (self.interface_depth_m.remove(interface), self.ln_conductivity.remove(interface + 1))
    }

    /// Returns interface depths and ln conductivities as slices, so that a caller can change the values but not their
    /// number.
    pub(crate) fn parts_mut(&mut self) -> (&mut [f64], &mut [f64]) {
        (&mut self.interface_depth_m, &mut self.ln_conductivity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_stacks_are_refused() {
        assert!(LayeredEarth::new(vec![5.0], vec![0.0, 1.0]).is_some());
        assert!(LayeredEarth::new(vec![5.0, 5.0], vec![0.0, 1.0, 2.0]).is_none());
        assert!(LayeredEarth::new(vec![0.0], vec![0.0, 1.0]).is_none());
        assert!(LayeredEarth::new(vec![5.0], vec![0.0]).is_none());
        assert!(LayeredEarth::new(vec![], vec![]).is_none());
        assert!(LayeredEarth::from_thicknesses(&[0.1, -1.0], &[3.0]).is_none());
    }

    #[test]
    fn a_cut_changes_nothing_and_is_undone() {
        let whole = LayeredEarth::from_thicknesses(&[0.1, 0.2, 0.3], &[5.0, 10.0]).unwrap();
        for (depth_m, interface) in [(1.0, 0), (7.0, 1), (20.0, 2)] {
            let mut cut = whole.clone();
            assert_eq!(cut.insert(depth_m), interface);
            assert_eq!((cut.layer_count(), cut.top_m(interface + 1)), (4, depth_m));
            assert!(
                [0.5, 6.0, 8.0, 16.0, 30.0].iter().all(|&z| cut.ln_conductivity_at(z) == whole.ln_conductivity_at(z))
            );
            let value = cut.ln_conductivity()[interface];
            assert_eq!(cut.remove(interface), (depth_m, value));
            assert_eq!(cut, whole);
        }
    }

    #[test]
    fn depths_find_their_layer() {
        let earth = LayeredEarth::from_thicknesses(&[0.1, 0.2, 0.3], &[5.0, 10.0]).unwrap();
        assert_eq!([0.0, 4.9, 5.0, 14.9, 15.0, 1e9].map(|z| earth.layer_at(z)), [0, 0, 1, 1, 2, 2]);
        assert_eq!(earth.thickness_m(1), 10.0);
        assert_eq!(earth.thickness_m(2), f64::INFINITY);
    }
}
