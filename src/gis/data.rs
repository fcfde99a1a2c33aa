//! What this room is given and gives: tables of points, features, grids and rasters.

/// Named columns of numbers of equal length, NaN where one is missing.
pub type PointTable = Vec<(String, Vec<f64>)>;

/// What the coordinates of a reference system are.
#[derive(Debug, Clone, PartialEq)]
pub struct Axes {
    /// Whether they are longitude and latitude.
    pub is_geographic: bool,
    /// Whether they are eastings and northings in m.
    pub is_metric: bool,
    /// Their unit.
    pub unit: String,
}

/// Features of one kind that are to be written.
#[derive(Debug)]
pub struct FeatureLayer<'a> {
    /// Name of the layer.
    pub name: &'a str,
    /// What it is.
    pub description: &'a str,
    /// Where the features are.
    pub shapes: Shapes,
    /// Values, one per feature.
    pub fields: Vec<FeatureColumn<'a>>,
    /// QGIS styles: names and QML; with the first one the layer opens.
    pub styles: Vec<(String, String)>,
}

/// A field of features.
#[derive(Debug)]
pub struct FeatureColumn<'a> {
    /// Name.
    pub name: String,
    /// What people call it, with its unit; differs from field to field.
    pub label: String,
    /// What it is, in full.
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
    /// Number of features.
    pub fn len(&self) -> usize {
        match self {
            Shapes::Points(points) => points.len(),
            Shapes::Points3d(points) => points.len(),
            Shapes::Lines(lines) => lines.len(),
            Shapes::Segments(segments) => segments.len(),
        }
    }

    /// Whether there is none.
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

/// How values between points, mostly soundings, come about, in the words that users read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Gridding {
    /// Mean of the 16 nearest soundings, weighted by 1 / distance^2
    InverseDistance,
    /// That of the nearest sounding
    Nearest,
    /// Linear within triangles of soundings
    Linear,
}

/// Values at points that are to become a band.
#[derive(Debug)]
pub struct RasterBand {
    /// Name.
    pub name: String,
    /// Unit.
    pub unit: String,
    /// What it is.
    pub meaning: String,
    /// Whether logarithms are gridded.
    pub in_log10: bool,
    /// Values, NaN where there is none.
    pub values: Vec<f64>,
}

/// Values at points that are to become a raster.
#[derive(Debug)]
pub struct Raster<'a> {
    /// Easting and northing of the points in m.
    pub places: &'a [(f64, f64)],
    /// Values at the points, band by band.
    pub bands: Vec<RasterBand>,
    /// The cells.
    pub grid: RasterGrid,
    /// How values between points come about.
    pub gridding: Gridding,
    /// Coordinate reference system.
    pub crs: Option<&'a str>,
    /// Names and texts of the file.
    pub metadata: Vec<(&'static str, String)>,
}

/// Value of an attribute of a grid mapping.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub enum MappingValue {
    Text(String),
    Numbers(Vec<f64>),
}
