//! Columns of tables.

/// Values of one column.
#[derive(Debug, Clone, PartialEq)]
pub enum ColumnValues {
    /// Numbers, NaN where there is none, and the number of decimals to write; with `None` all digits of single
    /// precision.
    Numbers(Vec<f64>, Option<usize>),
    /// Whole numbers.
    Integers(Vec<i64>),
    /// Short texts of letters, digits and underscores.
    Texts(Vec<&'static str>),
}

/// One column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Name, of letters, digits and underscores.
    pub name: String,
    /// Unit, 1 for none.
    pub unit: String,
    /// Label for people to read.
    pub long_name: String,
    /// Full description.
    pub meaning: String,
    /// Values.
    pub cells: ColumnValues,
    /// True when its logarithm is uniform on a scale.
    pub is_logarithmic: bool,
}
