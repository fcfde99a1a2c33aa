//! Writes files that are complete or do not exist.

#[cfg(feature = "results")]
mod folder;
mod replace;
mod whole;

#[cfg(feature = "results")]
pub(crate) use self::folder::{fill_folder, write_together};
pub(crate) use self::replace::replace_file;
#[cfg(feature = "results")]
pub(crate) use self::whole::{Whole, write_whole};
