//! Columns of tables.

/// Values of one column.
#[derive(Debug, Clone, PartialEq)]
pub enum Cells {
    /// Numbers, NaN where there is none, that are written with so many decimals or, without a number, with all digits of single
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
    /// Label for people.
    pub long_name: String,
    /// What it is.
    pub meaning: String,
    /// Values.
    pub cells: Cells,
    /// Whether its logarithm is what varies evenly.
    pub is_logarithmic: bool,
}
