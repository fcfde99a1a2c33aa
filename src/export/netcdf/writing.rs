//! What all parts of a file are written with.

use netcdf::GroupMut;

use crate::error::Error;

/// Number that marks a missing value, which the convention requires.
pub(super) const NULL: f32 = -9999.0;
/// Level of compression.
pub(super) const DEFLATE: i32 = 4;

/// Why a file was not written.
pub(super) enum Failure {
    Format(netcdf::Error),
    Reading(Error),
}

impl From<netcdf::Error> for Failure {
    fn from(error: netcdf::Error) -> Self {
        Failure::Format(error)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::Reading(error)
    }
}

pub(super) type Written<T> = std::result::Result<T, Failure>;

/// Writes the variable of a dimension.
pub(super) fn coordinate<T: netcdf::NcTypeDescriptor>(
    group: &mut GroupMut<'_>,
    name: &str,
    values: &[T],
    texts: &[(&str, &str)],
) -> netcdf::Result<()> {
    let mut variable = group.add_variable::<T>(name, &[name])?;
    variable.put_values(values, ..)?;
    texts.iter().try_for_each(|(name, text)| variable.put_attribute(name, *text).map(drop))
}
