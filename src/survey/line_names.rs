//! Names of lines that have been read, so that two lines never become one.

use std::collections::HashMap;

use super::line_name::line_name;

/// The names of a file's lines by their numbers.
#[derive(Debug, Default)]
pub(super) struct LineNames {
    of_number: HashMap<u64, FirstName>,
    /// The last cell, because neighbouring rows are of one line.
    last: String,
}

/// The name of a line where it is first in the file.
#[derive(Debug)]
pub(super) struct FirstName {
    name: String,
    pub(super) cell: String,
    pub(super) file_line: usize,
}

impl LineNames {
    /// Adds the name in a cell; returns the first name of this number when it is another one.
    pub(super) fn add(&mut self, number: f64, cell: &str, file_line: usize) -> Option<&FirstName> {
        if cell == self.last {
            return None;
        }
        cell.clone_into(&mut self.last);
        let name = line_name(cell);
        let of_new = || FirstName { name: name.clone(), cell: cell.to_owned(), file_line };
        let first = self.of_number.entry(number.to_bits()).or_insert_with(of_new);
        (first.name != name).then_some(&*first)
    }
}
