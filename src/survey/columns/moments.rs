//! Finds data columns in contractors' files, whose names have a moment or component and a counter.

use crate::error::{Error, Result};
use crate::survey::listed::shortened;
use crate::survey::options::{PARTS, Preset};
use crate::survey::table::Table;

use super::groups::ChannelGroup;
use super::kind::ColumnKind;
use super::missing::Missing;
use super::segments::segment_column;

/// Returns the columns of each group, `None` when there are no standard deviations.
///
/// # Errors
///
/// [`Error::Many`] when a group has another number of columns than of gates, columns of another time, or two sets of
/// columns. Groups without columns are added to `missing`.
pub(super) fn named_columns(
    table: &Table,
    groups: &[ChannelGroup],
    kind: ColumnKind,
    preset: Preset,
    missing: &mut Vec<Missing>,
) -> Result<Option<Vec<Vec<usize>>>> {
    let system_count = groups.last().map_or(0, |last| last.system_index) + 1;
    let mut errors = Vec::new();
    let mut of_group = |group: &ChannelGroup| {
        let stems = stems(table, group, kind, preset, system_count);
        let found = stems.iter().map(|stem| family(table, stem)).find(|sets| !sets.is_empty()).unwrap_or_default();
        if let [first, second, ..] = &found[..] {
            errors.push(two_sets(table, group, kind, first, second));
        }
        (stems, found.into_iter().next().unwrap_or_default())
    };
    let found: Vec<(Vec<String>, Vec<usize>)> = groups.iter().map(&mut of_group).collect();
    if !errors.is_empty() {
        return Err(Error::Many(errors));
    }
    if found.iter().all(|(_, columns)| columns.is_empty()) {
        if preset == Preset::Workbench && system_count > 1 && groups.len() == system_count {
            let shared = shared_columns(table, groups, kind)?;
            if shared.is_some() {
                return Ok(shared);
            }
        }
        if kind == ColumnKind::Std {
            return Ok(None);
        }
    }
    for (group, (stems, columns)) in groups.iter().zip(&found) {
        if columns.len() == group.len() {
            errors.extend(group.name_errors(table, columns));
            continue;
        }
        let (part, words) = (PARTS[group.part], kind.words());
        let named = match &stems[..] {
            [] => "a system file with LM or HM in its name".to_owned(),
            stems => format!("{} columns named {} and a counter", group.len(), stems.join(" or ")),
        };
        let key = format!("columns.{}.{part}", kind.key());
        if columns.is_empty() && kind == ColumnKind::Data {
            missing.push(Missing::described(format!("{key} (system {})", group.system_name), named));
        } else {
            let got = format!("{} {words} columns for {part} of system {}", columns.len(), group.system_name);
            errors.push(table.header_error(got, format!("{named}, or {key} in the configuration")));
        }
    }
    if errors.is_empty() {
        Ok(Some(found.into_iter().map(|(_, columns)| columns).collect()))
    } else {
        Err(Error::Many(errors))
    }
}

/// Returns whether any column has the name of data.
pub(super) fn has_data(table: &Table, groups: &[ChannelGroup], preset: Preset) -> bool {
    let system_count = groups.last().map_or(0, |last| last.system_index) + 1;
    let mut stems = groups.iter().flat_map(|group| stems(table, group, ColumnKind::Data, preset, system_count));
    stems.any(|stem| !family(table, &stem).is_empty())
}

fn two_sets(table: &Table, group: &ChannelGroup, kind: ColumnKind, first: &[usize], second: &[usize]) -> Error {
    let [first, second] = [first, second].map(|columns| shortened(&table.names[columns[0]]));
    let (part, key) = (PARTS[group.part], kind.key());
    let got = format!(
        "two sets of {} columns for {part} of system {}, {first} and {second}",
        kind.words(),
        group.system_name
    );
    let expected = format!("one: columns.{key}.{part} = [{first:?}] in the configuration chooses it");
    table.header_error(got, expected)
}

/// Returns the columns `DATA_1`, `DATA_2`, ... of several systems: one after another when there is a column for each
/// gate of each system, and the same ones when there are as many as the largest system has gates and a column of
/// segments says whose they are.
fn shared_columns(table: &Table, groups: &[ChannelGroup], kind: ColumnKind) -> Result<Option<Vec<Vec<usize>>>> {
    let stem = if kind == ColumnKind::Std { "datastd" } else { "data" };
    let sets = family(table, stem);
    let [columns] = &sets[..] else { return Ok(None) };
    let lengths = groups.iter().map(ChannelGroup::len);
    let (sum, most) = (lengths.clone().sum::<usize>(), lengths.max().unwrap_or(0));
    if columns.len() == sum {
        let mut rest = &columns[..];
        let mut next = |group: &ChannelGroup| {
            let (own, others) = rest.split_at(group.len());
            rest = others;
            own.to_vec()
        };
        return Ok(Some(groups.iter().map(&mut next).collect()));
    }
    if columns.len() == most && segment_column(table).is_some() {
        return Ok(Some(groups.iter().map(|group| columns[..group.len()].to_vec()).collect()));
    }
    let got = format!("{} columns {stem}_1, ... for {} systems", columns.len(), groups.len());
    let expected = format!(
        "{sum}, the gates of all systems in order, or {most} and a column SEGMENT with the number of the system"
    );
    Err(table.header_error(got, expected))
}

/// Returns possible beginnings of the names of a group's columns, in lower case, the likeliest first.
fn stems(table: &Table, group: &ChannelGroup, kind: ColumnKind, preset: Preset, system_count: usize) -> Vec<String> {
    let part = PARTS[group.part];
    let name = group.system_name.to_ascii_lowercase();
    let moment = MOMENTS.iter().position(|moment| name.contains(moment));
    let number = group.system_index + 1;
    let alone = system_count == 1;
    match (preset, kind) {
        (Preset::Workbench, ColumnKind::Data) => {
            let alone = alone.then(|| "data".to_owned());
            [format!("dbdt_ch{number}gt"), format!("gate_ch0{number}_")].into_iter().chain(alone).collect()
        }
        (Preset::Workbench, ColumnKind::Std) => {
            let alone = alone.then(|| "datastd".to_owned());
            [format!("dbdt_std_ch{number}gt"), format!("std_ch0{number}_")].into_iter().chain(alone).collect()
        }
        (Preset::Tempest, kind) => {
            let std = if kind == ColumnKind::Std { "_std" } else { "" };
            ["nonhprg", "hprg"].map(|correction| format!("em{part}_{correction}{std}")).into()
        }
        (_, kind) => match (moment, alone) {
            (Some(moment), _) => {
                let word = MOMENTS[moment];
                let own = of_moment(&format!("{word}_"), part, kind).into_iter().chain(of_moment(word, part, kind));
                let relative = (kind == ColumnKind::Std).then(|| relative_stems(table, moment, part));
                own.chain(relative.into_iter().flatten()).collect()
            }
            (None, true) => of_moment("", part, kind),
            (None, false) => Vec::new(),
        },
    }
}

/// The moments of SkyTEM in the order of its software channels: SWch1 and SWch2.
const MOMENTS: [&str; 2] = ["lm", "hm"];

/// Returns beginnings of SkyTEM's relative standard deviations. Their software channels are numbered; the only one of a
/// file belongs to the only moment of the file.
fn relative_stems(table: &Table, moment: usize, part: &str) -> Vec<String> {
    let has = |start: &str| table.names.iter().any(|name| name.to_ascii_lowercase().starts_with(start));
    let (own, other) = (moment + 1, 2 - moment);
    let only_other = has(&format!("relunc_swch{other}")) && !has(&format!("relunc_swch{own}"));
    let is_alone = !has(MOMENTS[1 - moment]);
    let channel = if only_other && is_alone { other } else { own };
    let word = MOMENTS[moment];
    let of_channel = [format!("relunc_{word}_{part}"), format!("relunc_swch{channel}_{part}")];
    // Without a component, the standard deviations are those of z.
    let without_component = [format!("relunc_{word}"), format!("relunc_swch{channel}")];
    of_channel.into_iter().chain(without_component.into_iter().filter(|_| part == "z")).collect()
}

fn of_moment(moment: &str, part: &str, kind: ColumnKind) -> Vec<String> {
    match kind {
        ColumnKind::Data => [part, "data", "dbdt", "gate"].map(|word| format!("{moment}{word}")).into(),
        ColumnKind::Std => {
            [&format!("{part}_std")[..], "datastd", "data_std", "std"].map(|word| format!("{moment}{word}")).into()
        }
    }
}

/// Returns the sets of columns named by `stem` and a counter, or an ASEG-GDF2 field with the name `stem`. Words between
/// stem and counter, as in `LM_Z_G01[0]` and `LM_Z_dBdt[0]`, tell the sets apart.
fn family(table: &Table, stem: &str) -> Vec<Vec<usize>> {
    if let Ok(columns) = table.field(stem)
        && columns.len() > 1
    {
        return vec![columns.collect()];
    }
    let mut sets: Vec<(String, Vec<(u64, usize)>)> = Vec::new();
    for (column, name) in table.names.iter().enumerate() {
        let lower = name.to_ascii_lowercase();
        let Some((set, counter)) = lower.strip_prefix(stem).and_then(set_and_counter) else { continue };
        match sets.iter_mut().find(|(known, _)| known == set) {
            Some((_, columns)) => columns.push((counter, column)),
            None => sets.push((set.to_owned(), vec![(counter, column)])),
        }
    }
    let in_order = |(_, mut columns): (String, Vec<(u64, usize)>)| {
        columns.sort_unstable();
        columns.into_iter().map(|(_, column)| column).collect()
    };
    sets.into_iter().map(in_order).collect()
}

/// Returns the words before the counter at the end of a name, without its stem, and the counter; `None` when there is no
/// counter or when other words stand before it. A counter of a gate set is in brackets.
fn set_and_counter(rest: &str) -> Option<(&str, u64)> {
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = |text: &str| text.parse().ok().filter(|_| is_digits(text));
    if let Some(inside) = rest.strip_suffix([']', ')']) {
        let (words, counter) = inside.rsplit_once(['[', '('])?;
        let is_known =
            |word: &str| matches!(word, "" | "dbdt" | "merge" | "avg") || word.strip_prefix('g').is_some_and(is_digits);
        let counter = number(counter.trim())?;
        return words.split(['_', ' ']).all(is_known).then_some((words, counter));
    }
    let counter = rest.strip_prefix("_g").or_else(|| rest.strip_prefix('g')).unwrap_or(rest);
    Some(("", number(counter.trim_matches(|c: char| "_[]() ".contains(c)))?))
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
            assert_eq!(family(&table, stem).concat(), expected, "{stem}");
        }
    }
}
