//! Soundings, layers and interfaces as features of a GeoPackage.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::column::{Column, ColumnValues};
use super::feature_style::{styles_by_depth, with_fields};
use super::qgis_project::qgis_project;
use super::table::Table;
use crate::error::Result;
use crate::files::replace_file;
use crate::files::write_together;
use crate::gis::{FeatureColumn, FeatureField, FeatureLayer, Shapes, write_geopackage};
use crate::quantities::SurveySelection;
use crate::schema::{Status, fields};

/// QGIS styles of the layers.
const SOUNDINGS_STYLE: &str = include_str!("../../styles/soundings.qml");
const FLIGHT_LINES_STYLE: &str = include_str!("../../styles/flight_lines.qml");
const LAYERS_STYLE: &str = include_str!("../../styles/layers.qml");
const INTERFACES_STYLE: &str = include_str!("../../styles/interfaces.qml");

/// Returns the files that [`write_features`] writes beside `path`.
pub fn features_companions(path: &Path) -> Vec<PathBuf> {
    vec![path.with_extension("qgs")]
}

/// Writes a GeoPackage. Its layers are `soundings` as points with the columns of `table`, `flight_lines`, `layers` of
/// the best models as vertical lines at their true position, and `interfaces` as points where most samples have an
/// interface. A QGIS project beside it shows the soundings at each depth. Returns the paths written.
///
/// # Errors
/// A file cannot be written.
pub fn write_features(survey: &SurveySelection, table: &Table, path: &Path) -> Result<Vec<PathBuf>> {
    let lines = FlightLines::new(survey);
    let (layers, interfaces) = (Layers::read(survey)?, Interfaces::read(survey)?);
    let layers = [lines.layer(), soundings(survey, table), layers.layer(), interfaces.layer()].map(with_fields);
    let crs = survey.crs();
    write_together(path, |partial| {
        write_geopackage(partial, &layers, crs.as_deref())?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let project = qgis_project(&name, &layers, crs.as_deref(), &survey.places())?;
        replace_file(&partial.with_extension("qgs"), |out| out.write_all(project.as_bytes()))
    })?;
    Ok(std::iter::once(path.to_path_buf()).chain(features_companions(path)).collect())
}

/// Makes the layer of soundings, coloured by each conductivity at each depth, or by status when there is no
/// conductivity.
fn soundings<'a>(survey: &SurveySelection, table: &'a Table) -> FeatureLayer<'a> {
    let mut labels = BTreeSet::new();
    let mut field = |column: &'a Column| FeatureColumn {
        name: column.name.clone(),
        // Labels must differ from each other.
        label: Some(labelled(&column.long_name, &column.unit))
            .filter(|label| labels.insert(label.clone()))
            .unwrap_or_else(|| format!("{}, {}", column.long_name, column.name)),
        meaning: column.meaning.clone(),
        values: match &column.cells {
            ColumnValues::Numbers(values, _) => FeatureField::Numbers(values),
            ColumnValues::Integers(values) => FeatureField::Integers(values),
            ColumnValues::Texts(values) => FeatureField::Texts(values),
        },
    };
    let mut styles = styles_by_depth(table);
    styles.push(("status".to_owned(), SOUNDINGS_STYLE.to_owned()));
    FeatureLayer {
        name: "soundings",
        description: "Soundings with their values",
        shapes: Shapes::Points(survey.places()),
        fields: table.columns.iter().map(&mut field).collect(),
        styles,
    }
}

/// Returns a label such as `depth (m)`.
fn labelled(long_name: &str, unit: &str) -> String {
    if unit == "1" { long_name.to_owned() } else { format!("{long_name} ({unit})") }
}

/// Makes a field whose label is also its meaning.
fn column<'a>(name: &str, label: &str, values: FeatureField<'a>) -> FeatureColumn<'a> {
    FeatureColumn { name: name.to_owned(), label: label.to_owned(), meaning: label.to_owned(), values }
}

/// Flight lines with at least two soundings.
#[derive(Default)]
struct FlightLines {
    lines: Vec<Vec<(f64, f64)>>,
    line_number: Vec<f64>,
    soundings: Vec<i64>,
    converged: Vec<i64>,
    usable: Vec<i64>,
}

impl FlightLines {
    fn new(survey: &SurveySelection) -> Self {
        let mut flown = Self::default();
        let places = survey.places();
        for line in survey.lines() {
            let known = |place: &&(f64, f64)| place.0.is_finite() && place.1.is_finite();
            let points: Vec<(f64, f64)> = places[line.clone()].iter().filter(known).copied().collect();
            if points.len() < 2 {
                continue;
            }
            flown.lines.push(points);
            flown.line_number.push(survey.line_number[line.start]);
            flown.soundings.push(line.len() as i64);
            let count = |wanted: Status| survey.status[line.clone()].iter().filter(|&&status| status == wanted).count();
            flown.converged.push(count(Status::Converged) as i64);
            flown.usable.push(count(Status::Usable) as i64);
        }
        flown
    }

    fn layer(&self) -> FeatureLayer<'_> {
        FeatureLayer {
            name: "flight_lines",
            description: "Flight lines with their numbers of soundings, of converged and of usable soundings",
            shapes: Shapes::Lines(self.lines.clone()),
            fields: vec![
                column("line_number", "flight line", FeatureField::Numbers(&self.line_number)),
                column("soundings", "number of soundings", FeatureField::Integers(&self.soundings)),
                column("converged", "number of converged soundings", FeatureField::Integers(&self.converged)),
                column("usable", "number of usable soundings", FeatureField::Integers(&self.usable)),
            ],
            styles: vec![("default".to_owned(), FLIGHT_LINES_STYLE.to_owned())],
        }
    }
}

/// Layers of the best models.
#[derive(Default)]
struct Layers {
    segments: Vec<[(f64, f64, f64); 2]>,
    line_number: Vec<f64>,
    fiducial: Vec<f64>,
    layer: Vec<i64>,
    conductivity: Vec<f64>,
    resistivity: Vec<f64>,
    depth_top: Vec<f64>,
    depth_bottom: Vec<f64>,
}

impl Layers {
    fn read(survey: &SurveySelection) -> Result<Self> {
        let (counts, depths) = (survey.read(&fields::BEST_LAYER_COUNT)?, survey.read(&fields::BEST_INTERFACE_DEPTH)?);
        let values = survey.read(&fields::BEST_LN_CONDUCTIVITY)?;
        let most = depths.len() / survey.len();
        let mut layers = Self::default();
        for (i, &(easting, northing)) in survey.places().iter().enumerate() {
            // Without a posterior there is no best model.
            let count = if counts[i].is_finite() { counts[i] as usize } else { 0 };
            let (mut top, ground_m) = (0.0, survey.ground_m(i));
            for layer in 0..count.min(most) {
                // The halfspace is drawn down to the end of the results.
                let bottom = if layer + 1 < count { depths[i * most + layer] } else { survey.deepest_m() };
                let conductivity = values[i * most + layer].exp();
                let at = |depth: f64| (easting, northing, ground_m - depth);
                layers.segments.push([at(top), at(bottom)]);
                layers.line_number.push(survey.line_number[i]);
                layers.fiducial.push(survey.fiducial[i]);
                layers.layer.push(layer as i64 + 1);
                layers.conductivity.push(conductivity);
                layers.resistivity.push(1.0 / conductivity);
                layers.depth_top.push(top);
                layers.depth_bottom.push(bottom);
                top = bottom;
            }
        }
        Ok(layers)
    }

    fn layer(&self) -> FeatureLayer<'_> {
        let number = |name: &str, label: &str, values| column(name, label, FeatureField::Numbers(values));
        FeatureLayer {
            name: "layers",
            description: "Layers of the best models, S/m, ohm m and m",
            shapes: Shapes::Segments(self.segments.clone()),
            fields: vec![
                number("line_number", "flight line", &self.line_number),
                number("fiducial", "fiducial", &self.fiducial),
                column("layer", "layer, from 1 at the top", FeatureField::Integers(&self.layer)),
                number("conductivity", "conductivity of the best model (S/m)", &self.conductivity),
                number("resistivity", "resistivity of the best model (ohm m)", &self.resistivity),
                number("depth_top", "depth of the top (m)", &self.depth_top),
                number("depth_bottom", "depth of the bottom (m)", &self.depth_bottom),
            ],
            styles: vec![("default".to_owned(), LAYERS_STYLE.to_owned())],
        }
    }
}

/// Depths at which most samples have an interface.
#[derive(Default)]
struct Interfaces {
    points: Vec<(f64, f64, f64)>,
    line_number: Vec<f64>,
    fiducial: Vec<f64>,
    depth: Vec<f64>,
    count: Vec<f64>,
}

impl Interfaces {
    fn read(survey: &SurveySelection) -> Result<Self> {
        let depths = survey.read(&fields::PROBABLE_INTERFACE_DEPTH)?;
        let counts = survey.read(&fields::PROBABLE_INTERFACE_COUNT)?;
        let most = depths.len() / survey.len();
        let mut interfaces = Self::default();
        for (i, &(easting, northing)) in survey.places().iter().enumerate() {
            for place in (i * most..(i + 1) * most).filter(|&place| depths[place].is_finite()) {
                interfaces.points.push((easting, northing, survey.ground_m(i) - depths[place]));
                interfaces.line_number.push(survey.line_number[i]);
                interfaces.fiducial.push(survey.fiducial[i]);
                interfaces.depth.push(depths[place]);
                interfaces.count.push(counts[place]);
            }
        }
        Ok(interfaces)
    }

    fn layer(&self) -> FeatureLayer<'_> {
        let number = |name: &str, label: &str, values| column(name, label, FeatureField::Numbers(values));
        FeatureLayer {
            name: "interfaces",
            description: "Depths near which most samples have an interface, m, and their mean number of interfaces",
            shapes: Shapes::Points3d(self.points.clone()),
            fields: vec![
                number("line_number", "flight line", &self.line_number),
                number("fiducial", "fiducial", &self.fiducial),
                number("depth", "depth (m)", &self.depth),
                number("interface_count", "mean number of interfaces near this depth", &self.count),
            ],
            styles: vec![("default".to_owned(), INTERFACES_STYLE.to_owned())],
        }
    }
}
