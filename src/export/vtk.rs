//! Curtains for ParaView: each line a structured grid of its depth cells in their true place, all lines in a multi-block file.

use std::fmt::Write;
use std::fs;
use std::ops::Range;
use std::path::Path;

use vtkio::model::{Attribute, Attributes, ByteOrder, DataSet, Extent, IOBuffer, StructuredGridPiece, Version, Vtk};

use super::quantity::Quantity;
use super::survey::Survey;
use crate::error::{Error, Result};
use crate::survey::line_label;

/// Writes `path`, a multi-block file (.vtm), and beside it a folder of its name with the grid of each line (.vts). Elevations are
/// of the survey, or depths below 0 where it has none. Returns the number of lines.
///
/// # Errors
/// A file cannot be written.
pub fn write_curtains(survey: &Survey, quantities: &[Quantity], path: &Path) -> Result<usize> {
    let folder = path.with_extension("");
    fs::create_dir_all(&folder).map_err(Error::io(&folder))?;
    let stem = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut blocks = String::new();
    let lines: Vec<Range<usize>> = lines(survey);
    for (index, line) in lines.iter().enumerate() {
        let label = line_label(survey.line_number[line.start]);
        let file = folder.join(format!("line_{label}.vts"));
        let curtain = curtain(survey, quantities, line.clone(), &label);
        curtain.export(&file).map_err(|error| Error::results(&file, error))?;
        let _ =
            writeln!(blocks, "    <DataSet index=\"{index}\" name=\"line {label}\" file=\"{stem}/line_{label}.vts\"/>");
    }
    let text = format!(
        "<?xml version=\"1.0\"?>\n<VTKFile type=\"vtkMultiBlockDataSet\" version=\"1.0\" byte_order=\"LittleEndian\">\n  \
         <vtkMultiBlockDataSet>\n{blocks}  </vtkMultiBlockDataSet>\n</VTKFile>\n"
    );
    fs::write(path, text).map_err(Error::io(path))?;
    Ok(lines.len())
}

/// The soundings of each line.
fn lines(survey: &Survey) -> Vec<Range<usize>> {
    let mut start = 0;
    let each = survey.line_number.chunk_by(|a, b| a == b).map(|line| {
        start += line.len();
        start - line.len()..start
    });
    each.collect()
}

/// A column of cells under every sounding, half way to its neighbours.
fn curtain(survey: &Survey, quantities: &[Quantity], line: Range<usize>, label: &str) -> Vtk {
    let bounds = &survey.depth_bounds_m;
    let cells = bounds.len() - 1;
    let ground = |i: usize| if survey.elevation_m[i].is_finite() { survey.elevation_m[i] } else { 0.0 };
    let tops: Vec<[f64; 3]> =
        edges(&line.clone().map(|i| [survey.easting_m[i], survey.northing_m[i], ground(i)]).collect::<Vec<_>>());
    // x runs along the line, y is one point thick, z down.
    let points: Vec<f64> =
        bounds.iter().flat_map(|depth| tops.iter().flat_map(move |top| [top[0], top[1], top[2] - depth])).collect();
    let cell = |quantity: &Quantity, i: usize, depth: usize| {
        quantity.values[i * quantity.width + if quantity.is_by_depth() { depth } else { 0 }] as f32
    };
    let values = |quantity: &Quantity| -> Attribute {
        let line = line.clone();
        let of_depth = |depth: usize| line.clone().map(move |i| cell(quantity, i, depth));
        let data: Vec<f32> = (0..cells).flat_map(of_depth).collect();
        Attribute::scalars(quantity.name.as_str(), 1).with_data(data)
    };
    Vtk {
        version: Version::Auto,
        title: format!("line {label}"),
        byte_order: ByteOrder::LittleEndian,
        file_path: None,
        data: DataSet::inline(StructuredGridPiece {
            extent: Extent::Ranges([0..=line.len() as i32, 0..=0, 0..=cells as i32]),
            points: IOBuffer::F64(points),
            data: Attributes { point: Vec::new(), cell: quantities.iter().map(values).collect() },
        }),
    }
}

/// Half way between neighbours, and as far beyond the first and last; a lone place is 1 m wide.
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
