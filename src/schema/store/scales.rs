//! HDF5 dimension scales (HDF5 Dimension Scale Specification, The HDF Group): what makes an HDF5 file netCDF-4.

use std::collections::BTreeMap;

use hdf5_metno::types::VarLenArray;
use hdf5_metno::{Dataset, File, H5Type, ObjectReference1};

use super::text::write_text;
use crate::schema::fields::{Dim, Field};

/// An entry of a scale's list of its users.
#[derive(H5Type, Clone, Copy)]
#[repr(C)]
struct Reference {
    dataset: ObjectReference1,
    dimension: i32,
}

/// Datasets that use each scale, collected while datasets are created.
#[derive(Default)]
pub(super) struct Scales {
    users: BTreeMap<Dim, Vec<Reference>>,
}

impl Scales {
    /// Makes `dataset` the scale of its dimension.
    pub(super) fn mark(dataset: &Dataset, dim: Dim) -> hdf5_metno::Result<()> {
        write_text(dataset, "CLASS", "DIMENSION_SCALE")?;
        write_text(dataset, "NAME", dim.name())
    }

    /// Attaches the scales of all dimensions of `dataset`, which holds `field`.
    pub(super) fn attach(&mut self, file: &File, dataset: &Dataset, field: &Field) -> hdf5_metno::Result<()> {
        let mut list = Vec::new();
        for (axis, dim) in field.dims.iter().enumerate() {
            let scale: ObjectReference1 = file.reference(dim.name())?;
            list.push(VarLenArray::from_slice(&[scale]));
            let dataset = file.reference(field.name)?;
            self.users.entry(*dim).or_default().push(Reference { dataset, dimension: axis as i32 });
        }
        dataset.new_attr_builder().with_data(&list).create("DIMENSION_LIST")?;
        Ok(())
    }

    /// Writes the list of users of every scale.
    pub(super) fn finish(self, file: &File) -> hdf5_metno::Result<()> {
        for (dim, users) in self.users {
            file.dataset(dim.name())?.new_attr_builder().with_data(&users).create("REFERENCE_LIST")?;
        }
        Ok(())
    }
}
