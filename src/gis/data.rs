//! What this room is given and gives: tables of points, features, grids and rasters.

/// Named columns of numbers of equal length, NaN where one is missing.
pub type PointTable = Vec<(String, Vec<f64>)>;

/// Kind and unit of the coordinates of a reference system.
#[derive(Debug, Clone, PartialEq)]
pub struct Axes {
    /// True for longitude and latitude.
    pub is_geographic: bool,
    /// True for eastings and northings in m.
    pub is_metric: bool,
    /// Unit of the coordinates.
    pub unit: String,
}

/// Features of one kind, to be written as a layer.
#[derive(Debug)]
pub struct FeatureLayer<'a> {
    /// Name of the layer.
    pub name: &'a str,
    /// Description of the layer.
    pub description: &'a str,
    /// Geometries of the features.
    pub shapes: Shapes,
    /// Values, one per feature.
    pub fields: Vec<FeatureColumn<'a>>,
    /// QGIS styles: names and QML. The layer opens with the first one.
    pub styles: Vec<(String, String)>,
}

/// A field of features.
#[derive(Debug)]
pub struct FeatureColumn<'a> {
    /// Name.
    pub name: String,
    /// Label for people to read, with the unit; labels of fields differ from each other.
    pub label: String,
    /// Full description.
    pub meaning: String,
    /// Values, one per feature.
    pub values: FeatureField<'a>,
}

/// Geometries, easting, northing and elevation in m.
#[derive(Debug)]
#[allow(missing_docs)]
pub enum Shapes {
    Points(Vec<(f64, f64)>),
    Points3d(Vec<(f64, f64, f64)>),
    Lines(Vec<Vec<(f64, f64)>>),
    Segments(Vec<[(f64, f64, f64); 2]>),
}

impl Shapes {
    /// Returns the number of features.
    pub fn len(&self) -> usize {
        match self {
            Shapes::Points(points) => points.len(),
            Shapes::Points3d(points) => points.len(),
            Shapes::Lines(lines) => lines.len(),
            Shapes::Segments(segments) => segments.len(),
        }
    }

    /// Returns whether there are no features.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Values of one field, NaN where there is none.
#[derive(Debug)]
#[allow(missing_docs)]
pub enum FeatureField<'a> {
    Numbers(&'a [f64]),
    Integers(&'a [i64]),
    Texts(&'a [&'static str]),
}

/// A raster with the north up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RasterGrid {
    /// Western edge in m.
    pub west_m: f64,
    /// Northern edge in m.
    pub north_m: f64,
    /// Size of a cell in m.
    pub cell_m: f64,
    /// Cells from west to east.
    pub columns: usize,
    /// Cells from north to south.
    pub rows: usize,
    /// Distance in m from the nearest point beyond which there is no value.
    pub blank_m: f64,
}

/// Methods for values between points. `--help` shows these words to users.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Gridding {
    /// Mean of the 16 nearest soundings, weighted by 1 / distance^2
    InverseDistance,
    /// Value of the nearest sounding
    Nearest,
    /// Linear within triangles of soundings
    Linear,
}

/// Values at points for one band.
#[derive(Debug)]
pub struct RasterBand {
    /// Name.
    pub name: String,
    /// Unit.
    pub unit: String,
    /// Full description.
    pub meaning: String,
    /// True when logarithms are gridded.
    pub in_log10: bool,
    /// Values, NaN where there is none.
    pub values: Vec<f64>,
}

/// Values at points for a raster.
#[derive(Debug)]
pub struct Raster<'a> {
    /// Easting and northing of the points in m.
    pub places: &'a [(f64, f64)],
    /// Values at the points, band by band.
    pub bands: Vec<RasterBand>,
    /// The cells.
    pub grid: RasterGrid,
    /// Method for values between points.
    pub gridding: Gridding,
    /// Coordinate reference system.
    pub crs: Option<&'a str>,
    /// Metadata of the file: names and texts.
    pub metadata: Vec<(&'static str, String)>,
}

/// Value of an attribute of a grid mapping.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub enum MappingValue {
    Text(String),
    Numbers(Vec<f64>),
}
