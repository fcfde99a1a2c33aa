//! Curtains and depth slices for ParaView: structured grids at their true position, together in a multi-block file.

use std::fmt::Write as _;
use std::io::Write as _;
use std::ops::Range;
use std::path::Path;

use vtkio::model::{Attribute, Attributes, ByteOrder, DataSet, Extent, IOBuffer, StructuredGridPiece, Version, Vtk};

use crate::error::{Error, Result};
use crate::files::fill_folder;
use crate::files::replace_file;
use crate::gis::{Gridding, RasterGrid, grid_values};
use crate::quantities::{MapOptions, Quantity, Slice, SurveySelection, grid};
use crate::survey::line_label;

/// Writes a multi-block file (.vtm) at `path`, and beside it a folder of its name with a curtain of each line (.vts),
/// and with a sheet of each of `slices`, gridded with the options `map`. Both have the quantities of `names`. Lines are
/// read one after the other. Elevations are those of the survey, or depths below 0 when it has none. Returns the number
/// of lines.
///
/// # Errors
/// A slice lies outside the depth cells, or a file cannot be written.
pub fn write_vtk(
    survey: &SurveySelection,
    names: &[String],
    slices: &[Slice],
    map: &MapOptions,
    path: &Path,
) -> Result<usize> {
    survey.check_slices(slices)?;
    survey.check_metres("depths of curtains are in m, too", "leave --crs out for the coordinates of the results")?;
    let folder = path.with_extension("");
    let stem = escaped(&folder.file_name().unwrap_or_default().to_string_lossy());
    let lines = survey.lines();
    let mut blocks = String::new();
    fill_folder(&folder, |partial| {
        let mut write = |grid: Vtk, name: &str| {
            let file = format!("{}.vts", name.replace(' ', "_"));
            let block = format!("    <DataSet name=\"{name}\" file=\"{stem}/{file}\"/>");
            let _ = writeln!(blocks, "{block}");
            grid.export(partial.join(&file)).map_err(|error| Error::results(&folder.join(&file), error))
        };
        for line in &lines {
            let name = format!("line {}", line_label(survey.line_number[line.start]));
            let line = survey.part(line.clone());
            write(curtain(&line, &read(&line, names)?, &name), &name)?;
        }
        let quantities = if slices.is_empty() { Vec::new() } else { read(survey, names)? };
        for slice in slices {
            let name = format!("slice {slice}");
            write(sheet(survey, &quantities, slice, map, &name)?, &name)?;
        }
        Ok(())
    })?;
    let mut told = String::new();
    for (name, text) in survey.provenance()? {
        let _ = writeln!(told, "{name}: {}", text.replace("--", "- -"));
    }
    replace_file(path, |out| {
        writeln!(out, "<?xml version=\"1.0\"?>\n<!--\n{told}-->")?;
        writeln!(out, "<VTKFile type=\"vtkMultiBlockDataSet\" version=\"1.0\" byte_order=\"LittleEndian\">")?;
        writeln!(out, "  <vtkMultiBlockDataSet>\n{blocks}  </vtkMultiBlockDataSet>\n</VTKFile>")
    })?;
    Ok(lines.len())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

fn read(survey: &SurveySelection, names: &[String]) -> Result<Vec<Quantity>> {
    names.iter().map(|name| Quantity::read(survey, name)).collect()
}

/// Makes a column of cells under every sounding of a line, which reaches half way to its neighbours.
fn curtain(survey: &SurveySelection, quantities: &[Quantity], name: &str) -> Vtk {
    let line: Range<usize> = 0..survey.len();
    let bounds = &survey.depth_bounds_m;
    let cells = bounds.len() - 1;
    let place = |i: usize| [survey.easting_m[i], survey.northing_m[i], survey.ground_m(i)];
    let tops: Vec<[f64; 3]> = edges(&line.clone().map(place).collect::<Vec<_>>());
    // x runs along the line, y is one point thick, z points down.
    let points = bounds.iter().flat_map(|depth| tops.iter().flat_map(move |top| [top[0], top[1], top[2] - depth]));
    let cell = |quantity: &Quantity, i: usize, depth: usize| {
        quantity.values[i * quantity.width + if quantity.is_by_depth() { depth } else { 0 }] as f32
    };
    let values = |quantity: &Quantity| -> Attribute {
        let line = line.clone();
        let of_depth = |depth: usize| line.clone().map(move |i| cell(quantity, i, depth));
        let data: Vec<f32> = (0..cells).flat_map(of_depth).collect();
        Attribute::scalars(quantity.name.as_str(), 1).with_data(data)
    };
    let extent = [0..=line.len() as i32, 0..=0, 0..=cells as i32];
    structured_grid(name, extent, points.collect(), quantities.iter().map(values).collect())
}

/// Makes the cells of a map at a depth below the ground, or at an elevation.
fn sheet(
    survey: &SurveySelection,
    quantities: &[Quantity],
    slice: &Slice,
    map: &MapOptions,
    name: &str,
) -> Result<Vtk> {
    /// VTK's flag HIDDENCELL.
    const HIDDEN: u8 = 32;
    let places = survey.places();
    let cells = grid(&places, map)?;
    // The corners of cells are gridded like centres. All corners of cells with a value are within the distance.
    let corners = RasterGrid {
        west_m: cells.west_m - 0.5 * cells.cell_m,
        north_m: cells.north_m + 0.5 * cells.cell_m,
        columns: cells.columns + 1,
        rows: cells.rows + 1,
        blank_m: cells.blank_m + cells.cell_m,
        ..cells
    };
    let ground: Vec<f64> = (0..survey.len()).map(|i| survey.ground_m(i)).collect();
    let mean_m = ground.iter().sum::<f64>() / ground.len() as f64;
    let grounds = grid_values(&places, &ground, &corners, Gridding::InverseDistance)?;
    let elevation = |ground_m: f32| {
        let ground_m = if ground_m.is_nan() { mean_m } else { f64::from(ground_m) };
        match *slice {
            Slice::Depth(depth) => ground_m - depth,
            Slice::Interval(top, bottom) => ground_m - 0.5 * (top + bottom),
            Slice::Elevation(elevation) => elevation,
        }
    };
    let point = |(i, &ground_m): (usize, &f32)| {
        let (column, row) = (i % corners.columns, i / corners.columns);
        let east = cells.west_m + column as f64 * cells.cell_m;
        let north = cells.north_m - row as f64 * cells.cell_m;
        [east, north, elevation(ground_m)]
    };
    let points = grounds.iter().enumerate().flat_map(point).collect();

    let mut hidden = vec![HIDDEN; cells.columns * cells.rows];
    let mut attributes = Vec::new();
    for quantity in quantities {
        let in_log10 = |value: f64| if quantity.is_logarithmic { value.log10() } else { value };
        let values: Vec<f64> = quantity.at(survey, slice)?.into_iter().map(in_log10).collect();
        let mut gridded = grid_values(&places, &values, &cells, map.gridding)?;
        if quantity.is_logarithmic {
            gridded.iter_mut().for_each(|value| *value = 10_f32.powf(*value));
        }
        hidden.iter_mut().zip(&gridded).filter(|(_, value)| value.is_finite()).for_each(|(hidden, _)| *hidden = 0);
        attributes.push(Attribute::scalars(quantity.name.as_str(), 1).with_data(gridded));
    }
    attributes.push(Attribute::scalars("vtkGhostType", 1).with_data(hidden));
    let extent = [0..=cells.columns as i32, 0..=cells.rows as i32, 0..=0];
    Ok(structured_grid(name, extent, points, attributes))
}

fn structured_grid(
    title: &str,
    extent: [std::ops::RangeInclusive<i32>; 3],
    points: Vec<f64>,
    cell: Vec<Attribute>,
) -> Vtk {
    Vtk {
        version: Version::Auto,
        title: title.to_owned(),
        byte_order: ByteOrder::LittleEndian,
        file_path: None,
        data: DataSet::inline(StructuredGridPiece {
            extent: Extent::Ranges(extent),
            points: IOBuffer::F64(points),
            data: Attributes { point: Vec::new(), cell },
        }),
    }
}

/// Returns the points half way between neighbours, and as far beyond the first and last; a single place is 1 m wide.
fn edges(places: &[[f64; 3]]) -> Vec<[f64; 3]> {
    let add = |a: [f64; 3], b: [f64; 3], factor: f64| std::array::from_fn(|i| a[i] + factor * (b[i] - a[i]));
    match places {
        [] => Vec::new(),
        [one] => vec![[one[0] - 0.5, one[1], one[2]], [one[0] + 0.5, one[1], one[2]]],
        [first, second, ..] => {
            let (last, before) = (places[places.len() - 1], places[places.len() - 2]);
            let mut edges = vec![add(*first, *second, -0.5)];
            edges.extend(places.windows(2).map(|pair| add(pair[0], pair[1], 0.5)));
            edges.push(add(last, before, -0.5));
            edges
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_lie_between_soundings() {
        let places = [[0.0, 0.0, 10.0], [10.0, 0.0, 12.0], [30.0, 0.0, 12.0]];
        let expected = [[-5.0, 0.0, 9.0], [5.0, 0.0, 11.0], [20.0, 0.0, 12.0], [40.0, 0.0, 12.0]];
        assert_eq!(edges(&places), expected);
        assert_eq!(edges(&places[..1]).len(), 2);
    }
}
