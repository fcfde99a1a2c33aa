//! Notes of the library on standard error.

use crate::error::Result;

/// What `read` returns; the notes that it makes are printed, also when it fails.
pub(super) fn tell<T>(read: impl FnOnce(&mut Vec<String>) -> Result<T>) -> Result<T> {
    let mut notes = Vec::new();
    let read = read(&mut notes);
    notes.iter().for_each(|note| eprintln!("geobipy: {note}"));
    read
}
