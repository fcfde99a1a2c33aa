//! Tables of files that are not text: named columns of numbers.

use crate::gis::PointTable;

/// Columns of one length in memory; NaN where a value is missing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Numbers {
    /// Names of the columns.
    pub(crate) names: Vec<String>,
    /// The numbers of each column.
    pub(crate) columns: Vec<Vec<f64>>,
}

impl From<PointTable> for Numbers {
    fn from(table: PointTable) -> Self {
        let (names, columns) = table.into_iter().unzip();
        Self { names, columns }
    }
}

impl Numbers {
    pub(super) fn row_count(&self) -> usize {
        self.columns.first().map_or(0, Vec::len)
    }

    pub(super) fn value(&self, row: usize, column: usize) -> f64 {
        self.columns[column][row]
    }
}
