//! Finds the variables of all groups of a netCDF file.

use ::netcdf::types::NcVariableType;
use ::netcdf::{File, Group, Variable};

use super::attributes;
use crate::survey::table::body::MAX_COLUMNS;
use crate::survey::table::netcdf_rows::NetcdfVariable;

/// Largest depth of groups, and number of variables; real files have five and hundreds.
const MAX_DEPTH: usize = 32;
const MAX_VARIABLES: usize = 10_000;
/// Name of the dimension of soundings in the GS convention.
pub(super) const INDEX: &str = "index";
/// Name of the grid mapping in the GS convention.
const GRID_MAPPING: &str = "spatial_ref";

/// A variable, its group, and the dimension of its rows.
pub(super) struct FoundVariable {
    pub(super) variable: NetcdfVariable,
    /// Names of its groups.
    pub(super) group: String,
    /// Name and length of the dimension.
    pub(super) rows: (String, usize),
}

/// Returns the variables of numbers that have a dimension.
pub(super) fn walk(file: &File) -> ::netcdf::Result<Vec<FoundVariable>> {
    let mut found = Vec::new();
    let crs = mapping(file.variable(GRID_MAPPING)).or_else(|| mapping(file.variable("crs")));
    found.extend(file.variables().filter_map(|variable| of_variable(&variable, "", &crs)));
    if file.root().is_some() {
        for group in file.groups()? {
            walk_group(&group, "", crs.as_ref(), MAX_DEPTH, &mut found);
        }
    }
    Ok(found)
}

fn walk_group(group: &Group<'_>, above: &str, crs: Option<&String>, depth: usize, found: &mut Vec<FoundVariable>) {
    let path = if above.is_empty() { group.name() } else { format!("{above}/{}", group.name()) };
    let own = mapping(group.variable(GRID_MAPPING));
    let crs = own.or_else(|| crs.cloned());
    for variable in group.variables() {
        if found.len() < MAX_VARIABLES {
            found.extend(of_variable(&variable, &path, &crs));
        }
    }
    if depth > 0 {
        group.groups().for_each(|inner| walk_group(&inner, &path, crs.as_ref(), depth - 1, found));
    }
}

fn mapping(variable: Option<Variable<'_>>) -> Option<String> {
    attributes::crs(&variable?)
}

/// Describes a variable; `None` when it has no numbers, no dimension, or too many columns.
fn of_variable(variable: &Variable<'_>, group: &str, crs: &Option<String>) -> Option<FoundVariable> {
    let is_number = matches!(variable.vartype(), NcVariableType::Int(_) | NcVariableType::Float(_));
    let dimensions = variable.dimensions();
    if !is_number || dimensions.is_empty() {
        return None;
    }
    let row_axis = dimensions.iter().position(|dimension| dimension.name().eq_ignore_ascii_case(INDEX)).unwrap_or(0);
    let rows = (dimensions[row_axis].name(), dimensions[row_axis].len());
    let name = variable.name();
    let variable = NetcdfVariable {
        path: if group.is_empty() { name } else { format!("{group}/{name}") },
        shape: dimensions.iter().map(|dimension| dimension.len()).collect(),
        row_axis,
        missing: attributes::missing(variable),
        scale: attributes::number(variable, "scale_factor").unwrap_or(1.0),
        offset: attributes::number(variable, "add_offset").unwrap_or(0.0),
        crs: crs.clone(),
    };
    let is_small = (1..=MAX_COLUMNS / 10).contains(&variable.count());
    is_small.then(|| FoundVariable { variable, group: group.to_owned(), rows })
}
