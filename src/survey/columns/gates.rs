//! Finds data columns by name and checks the times in the names.

use crate::error::{Error, Result};

use super::flags::is_flag;
use super::groups::ChannelGroup;
use super::kind::{ColumnKind, STD};
use super::missing::Missing;
use crate::survey::listed::listed;
use crate::survey::options::PARTS;
use crate::survey::table::{Table, alternatives};
use crate::system::Gate;

/// Parts of names of data columns, after GeoBIPy.
const DATA: [&str; 4] = ["off_time", "x_time", "y_time", "z_time"];
/// Largest relative difference of a time in a name. Times in names are rounded, and gates may be wide.
const TIME_TOLERANCE: f64 = 0.05;

/// Returns the columns of each group that the table has by name, `None` when there are no standard deviations.
///
/// # Errors
///
/// [`Error::Many`] when their number differs from that of the gates, or when a component or time in a name differs from
/// the gate's.
pub(super) fn named_columns(
    table: &Table,
    groups: &[ChannelGroup],
    kind: ColumnKind,
    missing: &mut Vec<Missing>,
) -> Result<Option<Vec<Vec<usize>>>> {
    let is_kind = |&column: &usize| kind_of(&table.names[column]) == Some(kind);
    let columns: Vec<usize> = (0..table.names.len()).filter(is_kind).collect();
    if columns.is_empty() && kind == ColumnKind::Std {
        return Ok(None);
    }
    let gate_count: usize = groups.iter().map(ChannelGroup::len).sum();
    if columns.is_empty() {
        let names = format!("{gate_count} columns with {} in their names", alternatives(&DATA));
        missing.push(Missing::described("columns.data", format!("{names}: {}", listed_gates(groups))));
        return Ok(None);
    }
    if columns.len() != gate_count {
        return Err(count_error(table, &columns, groups, kind, gate_count));
    }
    let mut rest = &columns[..];
    let mut errors = Vec::new();
    let mut found = Vec::with_capacity(groups.len());
    for group in groups {
        let (gates, after) = rest.split_at(group.len());
        rest = after;
        errors.extend(gates.iter().filter_map(|&column| component_error(table, column, group)));
        errors.extend(group.name_errors(table, gates));
        found.push(gates.to_vec());
    }
    if errors.is_empty() { Ok(Some(found)) } else { Err(Error::Many(errors)) }
}

/// Returns whether any column has the name of data.
pub(super) fn has_data(table: &Table) -> bool {
    table.names.iter().any(|name| kind_of(name) == Some(ColumnKind::Data))
}

fn kind_of(name: &str) -> Option<ColumnKind> {
    let name = name.to_ascii_lowercase();
    let contains_any = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
    (contains_any(&DATA) && !is_flag(&name))
        .then(|| if contains_any(&STD) { ColumnKind::Std } else { ColumnKind::Data })
}

fn count_error(
    table: &Table,
    columns: &[usize],
    groups: &[ChannelGroup],
    kind: ColumnKind,
    gate_count: usize,
) -> Error {
    let names = match columns {
        [] => String::new(),
        _ => format!(" ({})", listed(columns.iter().map(|&column| &table.names[column]))),
    };
    let got = format!("{} {} columns{names}", columns.len(), kind.words());
    let key = kind.key();
    let expected = format!("{gate_count}: {}; columns.{key} in the configuration can name them", listed_gates(groups));
    table.header_error(got, expected)
}

fn listed_gates(groups: &[ChannelGroup]) -> String {
    let of_group =
        |group: &ChannelGroup| format!("{} for {} of system {}", group.len(), PARTS[group.part], group.system_name);
    groups.iter().map(of_group).collect::<Vec<_>>().join(", ")
}

/// Makes an error when a name has another component. Only GeoBIPy's names, such as `S0Z_time_...`, contain the
/// component.
fn component_error(table: &Table, column: usize, group: &ChannelGroup) -> Option<Error> {
    let name = table.names[column].to_ascii_lowercase();
    let named = ["x", "y", "z"]
        .into_iter()
        .find(|axis| name.contains(&format!("{axis}_time")) || name.contains(&format!("{axis}_off_time")))?;
    let expected = PARTS[group.part];
    (named != expected).then(|| {
        let expected = format_args!("{expected}, the next component of system {}", group.system_name);
        table.name_error(column, format_args!("component {named}"), expected)
    })
}

/// Returns errors about names with another time than that of the gate.
pub(super) fn time_errors(table: &Table, columns: &[usize], gates: &[Gate], system_name: &str) -> Vec<Error> {
    let error = |(&column, gate): (&usize, &Gate)| {
        let named_s = time_in_name(&table.names[column])?;
        let center_s = gate.center_s();
        let tolerance_s = TIME_TOLERANCE * center_s.abs().max(gate.end_s - gate.start_s);
        let agrees = (named_s - center_s).abs() <= tolerance_s;
        let expected = format_args!("{center_s:.3e} s, the middle of the next gate of system {system_name}");
        (!agrees).then(|| table.name_error(column, format_args!("{named_s:.3e} s"), expected))
    };
    columns.iter().zip(gates).filter_map(error).collect()
}

/// Returns the number with an exponent after `time_`; numbers without exponent may be counters or have another unit.
fn time_in_name(name: &str) -> Option<f64> {
    let name = name.to_ascii_lowercase();
    let after = &name[name.find("time_")? + "time_".len()..];
    let end = after.find(|c: char| !(c.is_ascii_digit() || "e.+-".contains(c))).unwrap_or(after.len());
    let (number, after) = after.split_at(end);
    let is_whole = after.is_empty() || after.starts_with(['_', '[', ' ']);
    let value = number.parse().ok().filter(|value: &f64| value.is_finite());
    value.filter(|_| number.contains('e') && is_whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_in_names_have_an_exponent() {
        for (name, expected) in [
            ("S0Z_time_3.834e-04", Some(3.834e-4)),
            ("s0x_TIME_1E-3_std", Some(1e-3)),
            ("S0Z_time_-1.000e-05", Some(-1e-5)),
            ("EM_time_1e-3[2]", Some(1e-3)),
            ("S0Z_time_0.3834", None),
            ("Z_time_3e-1ms", None),
            ("X_off_time[16]", None),
            ("off_time_1", None),
            ("time_1e999", None),
            ("S0Z", None),
        ] {
            assert_eq!(time_in_name(name), expected, "{name}");
        }
    }

    #[test]
    fn kinds_follow_geobipy() {
        for (name, expected) in [
            ("S0Z_time_3.834e-04", Some(ColumnKind::Data)),
            ("S0Z_time_3.834e-04_STD", Some(ColumnKind::Std)),
            ("Off_time[0]", Some(ColumnKind::Data)),
            ("X_on_time", None),
            ("off_time_err_3", Some(ColumnKind::Std)),
            ("TIMESTAMP", None),
            ("GPS_Time", None),
        ] {
            assert_eq!(kind_of(name), expected, "{name}");
        }
    }
}
