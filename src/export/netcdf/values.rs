//! Values by sounding, read and written some soundings at a time.

use netcdf::GroupMut;

use super::writing::{DEFLATE, NULL, Written, coordinate};
use crate::quantities::{Quantity, SurveySelection};
use crate::schema::fields;

/// Number of soundings that are read and written at a time; a chunk of the file has this many.
const BLOCK: usize = 1024;
/// Bytes of a chunk of the hitmap before compression.
const CHUNK_BYTES: usize = 1 << 20;

/// A variable by sounding, or by sounding and depth. It holds one quantity, or several along a further dimension.
pub(super) struct Column {
    pub(super) name: String,
    /// Names of the quantities.
    of: Vec<String>,
    is_by_depth: bool,
    unit: String,
    long_name: String,
    comment: String,
    /// Least and largest value so far.
    range: Option<(f32, f32)>,
}

impl Column {
    /// Makes a column of one quantity.
    pub(super) fn of(quantity: &Quantity) -> Self {
        Self {
            name: quantity.name.clone(),
            of: vec![quantity.name.clone()],
            is_by_depth: quantity.is_by_depth(),
            unit: quantity.unit.clone(),
            long_name: quantity.long_name.clone(),
            comment: quantity.meaning.clone(),
            range: None,
        }
    }

    /// Makes a column of percentiles of conductivity, along their dimension.
    pub(super) fn of_percentiles(survey: &SurveySelection, names: &[&str]) -> crate::error::Result<Self> {
        let first = Quantity::read(survey, names[0])?;
        Ok(Self {
            name: "conductivity_percentile".to_owned(),
            of: names.iter().map(|&name| name.to_owned()).collect(),
            long_name: "percentiles of conductivity".to_owned(),
            ..Self::of(&first)
        })
    }

    fn dimensions(&self) -> &'static [&'static str] {
        match (self.of.len(), self.is_by_depth) {
            (1, false) => &["index"],
            (1, true) => &["index", "layer_depth"],
            _ => &["index", "layer_depth", "percentile"],
        }
    }

    pub(super) fn declare(&self, group: &mut GroupMut<'_>, survey: &SurveySelection) -> Written<()> {
        let mut variable = group.add_variable::<f32>(&self.name, self.dimensions())?;
        let sizes = [survey.len().min(BLOCK), survey.depth_bounds_m.len() - 1, self.of.len()];
        variable.set_chunking(&sizes[..self.dimensions().len()])?;
        variable.set_compression(DEFLATE, true)?;
        variable.set_fill_value(NULL)?;
        for (name, text) in [("long_name", &self.long_name), ("comment", &self.comment), ("units", &self.unit)] {
            variable.put_attribute(name, text.as_str())?;
        }
        variable.put_attribute("null_value", NULL)?;
        variable.put_attribute("grid_mapping", "spatial_ref")?;
        variable.put_attribute("coordinates", "x y")?;
        Ok(())
    }

    /// Reads values of some soundings, of one quantity after the other, in the order in which they are stored.
    fn read(&mut self, part: &SurveySelection) -> crate::error::Result<Vec<f32>> {
        let quantities: Vec<Quantity> =
            self.of.iter().map(|name| Quantity::read(part, name)).collect::<crate::error::Result<_>>()?;
        let places = 0..quantities[0].values.len();
        let values = places.flat_map(|place| quantities.iter().map(move |quantity| quantity.values[place] as f32));
        Ok(values.map(|value| self.stored(value)).collect())
    }

    fn stored(&mut self, value: f32) -> f32 {
        if value.is_finite() {
            let (least, most) = self.range.unwrap_or((value, value));
            self.range = Some((least.min(value), most.max(value)));
        }
        if value.is_nan() { NULL } else { value }
    }
}

/// Writes the values of all columns, and their ranges.
pub(super) fn write_blocks(group: &mut GroupMut<'_>, survey: &SurveySelection, columns: &mut [Column]) -> Written<()> {
    for first in (0..survey.len()).step_by(BLOCK) {
        let soundings = first..(first + BLOCK).min(survey.len());
        let part = survey.part(soundings.clone());
        for column in &mut *columns {
            let values = column.read(&part)?;
            let mut variable = variable(group, &column.name)?;
            match column.dimensions().len() {
                1 => variable.put_values(&values, soundings.clone())?,
                2 => variable.put_values(&values, (soundings.clone(), ..))?,
                _ => variable.put_values(&values, (soundings.clone(), .., ..))?,
            }
        }
    }
    for column in columns {
        let (least, most) = column.range.unwrap_or((NULL, NULL));
        variable(group, &column.name)?.put_attribute("valid_range", vec![least, most])?;
    }
    Ok(())
}

fn variable<'g>(group: &'g mut GroupMut<'_>, name: &str) -> Written<netcdf::VariableMut<'g>> {
    let variable = group.variable_mut(name);
    Ok(variable.ok_or_else(|| netcdf::Error::Str(format!("no variable {name}")))?)
}

/// Writes the numbers of samples by depth and log10 conductivity.
pub(super) fn write_hitmap(group: &mut GroupMut<'_>, survey: &SurveySelection) -> Written<()> {
    let bounds = survey.results().bounds(&fields::LOG10_CONDUCTIVITY_BOUNDS)?;
    let centers: Vec<f64> = bounds.windows(2).map(|b| 0.5 * (b[0] + b[1])).collect();
    let of_conductivity = fields::LOG10_CONDUCTIVITY.name;
    let of_bounds = format!("{of_conductivity}_bnds");
    group.add_dimension(of_conductivity, centers.len())?;
    let texts = [("long_name", "log10 of conductivity in S/m"), ("units", "1"), ("bounds", of_bounds.as_str())];
    coordinate(group, of_conductivity, &centers, &texts)?;
    let mut pairs = group.add_variable::<f64>(&of_bounds, &[of_conductivity, "nv"])?;
    pairs.put_values(&bounds.windows(2).flatten().copied().collect::<Vec<f64>>(), ..)?;
    let mut hitmap = group.add_variable::<i32>(fields::HITMAP.name, &["index", "layer_depth", of_conductivity])?;
    // The type is signed, because CF 1.8 has no unsigned numbers. Whole soundings are written chunk by chunk, because
    // the library's default chunks contain parts of thousands of soundings.
    let (cells, columns) = (survey.depth_bounds_m.len() - 1, centers.len());
    let rows = (CHUNK_BYTES / (cells * columns * size_of::<i32>())).clamp(1, survey.len());
    hitmap.set_chunking(&[rows, cells, columns])?;
    hitmap.set_compression(DEFLATE, true)?;
    hitmap.put_attribute("long_name", "posterior counts")?;
    hitmap.put_attribute("comment", "samples by log10 conductivity at the centre of the depth cell")?;
    hitmap.put_attribute("units", "1")?;
    hitmap.put_attribute("grid_mapping", "spatial_ref")?;
    hitmap.put_attribute("coordinates", "x y")?;
    for first in (0..survey.len()).step_by(rows) {
        let soundings = first..(first + rows).min(survey.len());
        let counts: Vec<i32> = survey.hitmaps(soundings.clone())?.into_iter().map(u32::cast_signed).collect();
        hitmap.put_values(&counts, (soundings, .., ..))?;
    }
    Ok(())
}
