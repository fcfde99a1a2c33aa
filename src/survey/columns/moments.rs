//! Finds data columns in contractors' files, whose names have a moment or component and a counter.

use crate::error::{Error, Result};
use crate::survey::options::{PARTS, Preset};
use crate::survey::table::Table;

use super::groups::ChannelGroup;
use super::kind::ColumnKind;

/// Returns the columns of each group, `None` when there are no standard deviations.
///
/// # Errors
///
/// [`Error::Many`] when a group has no columns, another number of columns than of gates, or columns of another time.
pub(super) fn named_columns(
    table: &Table,
    groups: &[ChannelGroup],
    kind: ColumnKind,
    preset: Preset,
) -> Result<Option<Vec<Vec<usize>>>> {
    let found = families(table, groups, kind, preset);
    if kind == ColumnKind::Std && found.iter().all(|(_, columns)| columns.is_empty()) {
        return Ok(None);
    }
    let mut errors = Vec::new();
    for (group, (stems, columns)) in groups.iter().zip(&found) {
        if columns.len() == group.len() {
            errors.extend(group.name_errors(table, columns));
            continue;
        }
        let (part, words) = (PARTS[group.part], kind.words());
        let got = format!("{} {words} columns for {part} of system {}", columns.len(), group.system_name);
        let named = match &stems[..] {
            [] => "a system file with LM or HM in its name".to_owned(),
            stems => format!("{} columns named {} and a counter", group.len(), stems.join(" or ")),
        };
        let expected = format!("{named}, or columns.{}.{part} in the configuration", kind.key());
        errors.push(table.header_error(got, expected));
    }
    if errors.is_empty() {
        Ok(Some(found.into_iter().map(|(_, columns)| columns).collect()))
    } else {
        Err(Error::Many(errors))
    }
}

/// Returns whether any column has the name of data.
pub(super) fn has_data(table: &Table, groups: &[ChannelGroup], preset: Preset) -> bool {
    families(table, groups, ColumnKind::Data, preset).iter().any(|(_, columns)| !columns.is_empty())
}

/// Returns for each group the possible beginnings of names, and the columns that have one of them.
fn families(
    table: &Table,
    groups: &[ChannelGroup],
    kind: ColumnKind,
    preset: Preset,
) -> Vec<(Vec<String>, Vec<usize>)> {
    let of_group = |group: &ChannelGroup| {
        let stems = stems(group, kind, preset, groups.last().map_or(0, |last| last.system_index) + 1);
        let found = stems.iter().map(|stem| family(table, stem)).find(|columns| !columns.is_empty());
        (stems, found.unwrap_or_default())
    };
    groups.iter().map(of_group).collect()
}

/// Returns possible beginnings of the names of a group's columns, in lower case, the likeliest first.
fn stems(group: &ChannelGroup, kind: ColumnKind, preset: Preset, system_count: usize) -> Vec<String> {
    let part = PARTS[group.part];
    let name = group.system_name.to_ascii_lowercase();
    let moment = ["lm", "hm"].into_iter().find(|moment| name.contains(moment));
    let number = group.system_index + 1;
    let alone = system_count == 1;
    match (preset, kind) {
        (Preset::Workbench, ColumnKind::Data) => {
            let alone = alone.then(|| "data".to_owned());
            [format!("dbdt_ch{number}gt")].into_iter().chain(alone).collect()
        }
        (Preset::Workbench, ColumnKind::Std) => {
            let alone = alone.then(|| "datastd".to_owned());
            [format!("dbdt_std_ch{number}gt")].into_iter().chain(alone).collect()
        }
        (Preset::Tempest, kind) => {
            let std = if kind == ColumnKind::Std { "_std" } else { "" };
            ["nonhprg", "hprg"].map(|correction| format!("em{part}_{correction}{std}")).into()
        }
        (_, kind) => match (moment, alone) {
            (Some(moment), _) => {
                of_moment(&format!("{moment}_"), part, kind).into_iter().chain(of_moment(moment, part, kind)).collect()
            }
            (None, true) => of_moment("", part, kind),
            (None, false) => Vec::new(),
        },
    }
}

fn of_moment(moment: &str, part: &str, kind: ColumnKind) -> Vec<String> {
    match kind {
        ColumnKind::Data => [part, "data", "dbdt", "gate"].map(|word| format!("{moment}{word}")).into(),
        ColumnKind::Std => {
            [&format!("{part}_std")[..], "datastd", "data_std", "std"].map(|word| format!("{moment}{word}")).into()
        }
    }
}

/// Returns columns named by `stem` and a counter, or an ASEG-GDF2 field with the name `stem`.
fn family(table: &Table, stem: &str) -> Vec<usize> {
    if let Ok(columns) = table.field(stem)
        && columns.len() > 1
    {
        return columns.collect();
    }
    let is_counter = |rest: &str| {
        let rest = rest.strip_prefix("_g").or_else(|| rest.strip_prefix('g')).unwrap_or(rest);
        let digits = rest.trim_matches(|c: char| "_[]() ".contains(c));
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    let is_member = |name: &str| name.to_ascii_lowercase().strip_prefix(stem).is_some_and(is_counter);
    (0..table.names.len()).filter(|&column| is_member(&table.names[column])).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn families_have_a_stem_and_a_counter() {
        let text = "LM_Data_0,LM_Data_1,LM_DataSTD_0,LMZ_G01,LMZ_G02,lm_z[1],lm_z[2],LM_Z_x\n1,1,1,1,1,1,1,1\n";
        let table = Table::of_text(text, Path::new("t.csv")).unwrap();
        for (stem, expected) in
            [("lm_data", &[0, 1][..]), ("lm_datastd", &[2]), ("lmz", &[3, 4]), ("lm_z", &[5, 6]), ("hm", &[])]
        {
            assert_eq!(family(&table, stem), expected, "{stem}");
        }
    }
}
