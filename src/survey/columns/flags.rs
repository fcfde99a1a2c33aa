//! Finds columns of flags that say whether a datum is used, one for each column of data.

use crate::error::{Error, Result};
use crate::survey::cells::{Flag, SignedColumn};
use crate::survey::table::Table;

/// Words of names of flags, and whether 1 means that a datum is left out.
const WORDS: [(&str, bool); 6] =
    [("inuse", false), ("use", false), ("used", false), ("cull", true), ("culled", true), ("masked", true)];
/// Words of data that the names of their flags may lack.
const DATA_WORDS: [&str; 4] = ["dbdt", "data", "gate", "em"];

/// The name of a flag without the word that makes it one.
struct FlagName {
    rest: Vec<String>,
    culls: bool,
}

/// Returns whether a name is that of a flag.
pub(super) fn is_flag(name: &str) -> bool {
    flag_name(name).is_some()
}

fn flag_name(name: &str) -> Option<FlagName> {
    let mut words = words(name);
    // "In_Use" is "InUse".
    if let Some(at) = words.windows(2).position(|pair| pair == ["in", "use"]) {
        words.splice(at..at + 2, ["inuse".to_owned()]);
    }
    let found = words.iter().enumerate().find_map(|(at, word)| {
        WORDS.iter().find_map(|(flag, culls)| match word.strip_suffix(flag) {
            Some(before) if before.is_empty() || DATA_WORDS.contains(&before) => Some((at, before.to_owned(), *culls)),
            _ => None,
        })
    });
    let (at, before, culls) = found?;
    let before = if before.is_empty() { Vec::new() } else { vec![before] };
    words.splice(at..=at, before);
    (!words.is_empty()).then_some(FlagName { rest: words, culls })
}

/// Returns the parts of a name in lower case that blanks, brackets and other marks separate.
fn words(name: &str) -> Vec<String> {
    let lower = name.to_lowercase();
    lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Returns the flags of each group of data columns.
///
/// # Errors
///
/// When only some data of a group have flags, or when a datum has two.
pub(super) fn flags(table: &Table, groups: &[Vec<SignedColumn>]) -> Result<Vec<Option<Vec<Flag>>>> {
    let all: Vec<(usize, FlagName)> =
        (0..table.names.len()).filter_map(|column| Some((column, flag_name(&table.names[column])?))).collect();
    if all.is_empty() {
        return Ok(vec![None; groups.len()]);
    }
    let of_group = |group: &Vec<SignedColumn>| {
        let mut flags = Vec::new();
        for datum in group {
            let data_words = words(&table.names[datum.index]);
            let short: Vec<&String> = data_words.iter().filter(|word| !DATA_WORDS.contains(&&word[..])).collect();
            let is_own = |name: &FlagName| name.rest == data_words || name.rest.iter().collect::<Vec<_>>() == short;
            let own: Vec<&(usize, FlagName)> = all.iter().filter(|(_, name)| is_own(name)).collect();
            match own[..] {
                [] => {}
                [(column, name)] => flags.push(Flag { column: *column, culls: name.culls }),
                [(first, _), (second, _), ..] => {
                    let got = format!("a second flag of {}", table.names[datum.index]);
                    let expected = format!("one flag, {} or this one: remove a column", table.names[*first]);
                    return Err(table.name_error(*second, got, expected));
                }
            }
        }
        match flags.len() {
            0 => Ok(None),
            count if count == group.len() => Ok(Some(flags)),
            count => Err(partial(table, group, &flags, count)),
        }
    };
    groups.iter().map(of_group).collect()
}

fn partial(table: &Table, group: &[SignedColumn], flags: &[Flag], count: usize) -> Error {
    let got = format!(
        "flags such as {} for {count} of the {} data from {} on",
        table.names[flags[0].column],
        group.len(),
        table.names[group[0].index]
    );
    table.header_error(got, "a flag for each datum, or none")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn found(names: &str, data: &[usize]) -> std::result::Result<Vec<Option<Vec<Flag>>>, String> {
        let table = Table::of_text(&format!("{names}\n1,2\n"), Path::new("s.csv")).unwrap();
        let columns = data.iter().map(|&column| SignedColumn::from(column)).collect();
        flags(&table, &[columns]).map_err(|error| error.to_string())
    }

    #[test]
    fn a_flag_has_the_words_of_its_datum() {
        for (names, culls) in [
            ("DBDT_Ch1GT1,DBDT_INUSE_Ch1GT1", false),
            ("Gate_Ch01_01,InUse_Ch01_01", false),
            ("DATA_1,DATAUSE_1", false),
            ("DATA_1,DATA_1_use", false),
            ("LM_Z_G01[0],LM_Z_use_G01[0]", false),
            ("I_420,In_Use_I_420", false),
            ("LMZ_1,cull_LMZ_1", true),
        ] {
            assert_eq!(found(names, &[0]), Ok(vec![Some(vec![Flag { column: 1, culls }])]), "{names}");
        }
        for names in ["DATA_1,use", "DATA_1,DATAUSE_2", "DATA_1,house_1", "DATA_1,cause_1"] {
            assert_eq!(found(names, &[0]), Ok(vec![None]), "{names}");
        }
    }

    #[test]
    fn all_data_have_one_flag_or_none() {
        let some = found("DATA_1,DATA_2,DATAUSE_1", &[0, 1]).unwrap_err();
        assert_eq!(
            some,
            "s.csv, line 1: got flags such as DATAUSE_1 for 1 of the 2 data from DATA_1 on, \
             expected a flag for each datum, or none"
        );
        let two = found("DATA_1,DATA_use_1,DATA_cull_1", &[0]).unwrap_err();
        assert!(two.contains("column DATA_cull_1: got a second flag of DATA_1"), "{two}");
    }
}
