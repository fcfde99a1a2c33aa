//! Files that appear under their name when they are whole, and not before.

#[cfg(feature = "results")]
mod folder;
mod replace;
mod whole;

#[cfg(feature = "results")]
pub(crate) use self::folder::{fill_folder, write_together};
pub(crate) use self::replace::replace_file;
#[cfg(feature = "results")]
pub(crate) use self::whole::{Whole, write_whole};
