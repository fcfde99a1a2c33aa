//! Text attributes as netCDF and the dimension-scale convention want them: fixed length, NUL-terminated. The HDF5 crate
//! only writes NUL-padded ones, which `H5DSis_scale` refuses.

use std::ffi::CString;

use hdf5_metno::types::TypeDescriptor;
use hdf5_metno::{Location, globals, sync};
use hdf5_metno_sys::{h5a, h5p, h5s, h5t};

/// Separator between labels of error groups; the labels may have blanks.
pub(super) const LABEL_SEPARATOR: &str = "; ";

/// Writes the scalar text attribute `name` of `location`. NUL characters in `text` are dropped.
pub(super) fn write_text(location: &Location, name: &str, text: &str) -> hdf5_metno::Result<()> {
    let c_string = |s: &str| CString::new(s.replace('\0', "")).expect("no NUL left");
    let (c_name, c_text) = (c_string(name), c_string(text));
    let bytes = c_text.as_bytes_with_nul();
    let failed = || hdf5_metno::Error::from(format!("cannot write attribute {name}"));
    // SAFETY: every handle is checked before use and closed; the buffer has the length the type was given.
    sync::sync(|| unsafe {
        let text_type = h5t::H5Tcopy(*globals::H5T_C_S1);
        let space = h5s::H5Screate(h5s::H5S_class_t::H5S_SCALAR);
        let mut written = false;
        if text_type >= 0 && space >= 0 && h5t::H5Tset_size(text_type, bytes.len()) >= 0 {
            let attribute =
                h5a::H5Acreate2(location.id(), c_name.as_ptr(), text_type, space, h5p::H5P_DEFAULT, h5p::H5P_DEFAULT);
            if attribute >= 0 {
                written = h5a::H5Awrite(attribute, text_type, bytes.as_ptr().cast()) >= 0;
                h5a::H5Aclose(attribute);
            }
        }
        if text_type >= 0 {
            h5t::H5Tclose(text_type);
        }
        if space >= 0 {
            h5s::H5Sclose(space);
        }
        if written { Ok(()) } else { Err(failed()) }
    })
}

/// Reads a scalar text attribute written by [`write_text`].
pub(super) fn read_text(location: &Location, name: &str) -> hdf5_metno::Result<String> {
    let attribute = location.attr(name)?;
    let text_type = attribute.dtype()?;
    if !matches!(text_type.to_descriptor()?, TypeDescriptor::FixedAscii(_)) || !attribute.is_scalar() {
        return Err(format!("attribute {name} is not a text").into());
    }
    let mut bytes = vec![0_u8; text_type.size()];
    // SAFETY: the buffer has the length of the attribute's own type, which is read without conversion.
    let status = sync::sync(|| unsafe { h5a::H5Aread(attribute.id(), text_type.id(), bytes.as_mut_ptr().cast()) });
    if status < 0 {
        return Err(format!("cannot read attribute {name}").into());
    }
    let end = bytes.iter().position(|&b| b == 0).unwrap_or(bytes.len());
    Ok(String::from_utf8_lossy(&bytes[..end]).into_owned())
}
