//! Comment lines: names of the columns, the mark of missing values, the coordinate reference system.

use std::path::Path;

use super::lines::Position;
use super::separator::{SEPARATORS, Separator};
use crate::error::{Error, InputError, Result};
use crate::survey::gdf2::Null;

/// Beginnings of comment lines, and of a header among them: `/` in files of Aarhus Workbench and Geosoft.
pub(super) const COMMENT: [char; 2] = ['/', '#'];
/// Names of coordinates and lines that nearly every header has.
const PLACES: [&str; 16] = [
    "x", "y", "e", "n", "easting", "northing", "east", "north", "utmx", "utmy", "line", "line_no", "fid", "fiducial",
    "lon", "lat",
];

/// A comment line with its number, counted from 1.
#[derive(Debug, Clone)]
pub(super) struct Comment {
    pub(super) line: usize,
    pub(super) text: String,
}

impl Comment {
    /// Returns the text without the marks of a comment.
    fn content(&self) -> &str {
        self.text.trim_start().trim_start_matches(COMMENT).trim()
    }

    /// Returns the cells of the line at a separator, without a last one that is empty.
    fn cells(&self, separator: Separator) -> Vec<String> {
        let mut cells: Vec<String> = separator.split(self.content()).into_iter().map(Into::into).collect();
        drop_last_if_empty(&mut cells);
        cells
    }
}

/// Removes the last cell when it is empty: a separator at the end of a line makes no column.
pub(super) fn drop_last_if_empty<S: AsRef<str>>(cells: &mut Vec<S>) {
    if cells.len() > 1 && cells.last().is_some_and(|cell| cell.as_ref().is_empty()) {
        cells.pop();
    }
}

/// Returns the line with the names of the columns and the names: the last comment with `count` different names. Lines with
/// at least two names of coordinates and lines come first, and lines that repeat a name, as units do, come last.
///
/// # Errors
///
/// When no comment has `count` names.
pub(super) fn header(
    comments: &[Comment],
    count: usize,
    separator: Separator,
    row: (Position, &str),
    path: &Path,
) -> Result<(usize, Vec<String>)> {
    let named = |comment: &Comment| names_of(comment, count, separator).map(|names| (comment.line, names));
    let candidates: Vec<(usize, Vec<String>)> = comments.iter().filter_map(named).collect();
    let rank = |names: &[String]| (place_count(names) >= 2, !repeats(names));
    let best = candidates.iter().map(|(_, names)| rank(names)).max();
    let found = candidates.into_iter().rev().find(|(_, names)| Some(rank(names)) == best);
    found.ok_or_else(|| without_header(comments, count, separator, row, path))
}

/// Returns the names in a comment when there are `count`. Names may have another separator than numbers.
fn names_of(comment: &Comment, count: usize, separator: Separator) -> Option<Vec<String>> {
    let own = Separator::of_header(comment.content(), None);
    let of_separator = |separator: Separator| comment.cells(separator);
    let mut all = [own, separator].into_iter().chain(SEPARATORS).map(of_separator);
    all.find(|names| names.len() == count && are_names(names))
}

/// Returns whether most of the cells begin with a letter.
fn are_names(cells: &[String]) -> bool {
    let is_name = |cell: &&String| {
        let word = cell.trim_start_matches(['"', '_', '(', '[', '-']);
        word.starts_with(char::is_alphabetic) && word.parse::<f64>().is_err()
    };
    2 * cells.iter().filter(is_name).count() > cells.len()
}

fn place_count(names: &[String]) -> usize {
    let is_place = |name: &&String| PLACES.iter().any(|place| name.eq_ignore_ascii_case(place));
    names.iter().filter(is_place).count()
}

fn repeats(names: &[String]) -> bool {
    let mut lower: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
    lower.sort();
    lower.windows(2).any(|pair| pair[0] == pair[1])
}

/// Makes the error about comments without a header: it shows the line that was probably meant.
fn without_header(
    comments: &[Comment],
    count: usize,
    separator: Separator,
    (start, row): (Position, &str),
    path: &Path,
) -> Error {
    let cells = separator.split(row).len();
    // A separator at the end of a line is counted here, as a user counts it.
    let counted = |comment: &Comment| separator.split(comment.content()).len();
    let likely = |comment: &&Comment| {
        let names = comment.cells(separator);
        names.len() > 2 && are_names(&names) && (place_count(&names) > 0 || 2 * names.len() >= count)
    };
    let fit = |comment: &&Comment| {
        let names = comment.cells(separator);
        (place_count(&names), std::cmp::Reverse(names.len().abs_diff(count)))
    };
    let line = start.line();
    match comments.iter().filter(likely).max_by_key(fit) {
        Some(comment) => {
            let trailing = comment.content().ends_with([',', ';']) || row.trim_end().ends_with([',', ';']);
            Error::Config(format!(
                "{}: line {} names {} columns, the first row (line {line}) has {cells}, separated by {}{}: correct line {}",
                path.display(),
                comment.line,
                counted(comment),
                separator.words(),
                if trailing { " (one at the end of a line begins one more)" } else { "" },
                comment.line
            ))
        }
        None => {
            let expected = format!("a comment line with the names of the {count} columns of the first row");
            InputError::line(path, line, "comments without it", expected)
        }
    }
}

/// Returns the marks of missing values: `*`, and the word after `DUMMY` in a comment.
pub(super) fn dummies(comments: &[Comment]) -> Vec<Null> {
    let mut words = comments.iter().flat_map(|comment| comment.content().split_whitespace());
    let is_dummy = |word: &str| word.trim_end_matches([':', '=']).eq_ignore_ascii_case("dummy");
    let says_dummy = words.any(is_dummy);
    let value =
        words.find(|word| !["=", ":", "value"].contains(&&word.to_ascii_lowercase()[..])).filter(|_| says_dummy);
    ["*"].into_iter().chain(value).map(Null::new).collect()
}

/// Returns `EPSG:` and the code that the comments name; `None` when they name none or several.
pub(super) fn epsg(comments: &[Comment]) -> Option<String> {
    let mut codes: Vec<u32> = comments.iter().flat_map(|comment| codes(&comment.text)).collect();
    codes.sort_unstable();
    codes.dedup();
    match codes[..] {
        [code] => Some(format!("EPSG:{code}")),
        _ => None,
    }
}

fn codes(text: &str) -> Vec<u32> {
    let lower = text.to_ascii_lowercase();
    let after = lower.split("epsg").skip(1);
    let code = |rest: &str| {
        let rest = rest.trim_start_matches([':', ' ', '=', '_', '-']);
        let rest = rest.strip_prefix("code").unwrap_or(rest).trim_start_matches([':', ' ', '=']);
        let digits = &rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())];
        digits.parse().ok().filter(|code| (1024..=32_767).contains(code))
    };
    after.filter_map(code).collect()
}

/// Returns whether a comment between rows gives the columns other names than `names`.
pub(super) fn renames(text: &str, names: &[String], separator: Separator) -> bool {
    let comment = Comment { line: 0, text: text.to_owned() };
    let Some(other) = names_of(&comment, names.len(), separator) else { return false };
    let same = other.iter().zip(names).filter(|(a, b)| a.eq_ignore_ascii_case(b)).count();
    let known = other.iter().filter(|name| names.iter().any(|own| own.eq_ignore_ascii_case(name))).count();
    same < names.len() && 2 * known >= names.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comments(texts: &[&str]) -> Vec<Comment> {
        (1..).zip(texts).map(|(line, text)| Comment { line, text: (*text).to_owned() }).collect()
    }

    fn found(texts: &[&str], row: &str) -> std::result::Result<(usize, Vec<String>), String> {
        let separator = Separator::of_row(row);
        let mut cells = separator.split(row);
        drop_last_if_empty(&mut cells);
        let start = Position { lines: texts.len(), bytes: 0 };
        header(&comments(texts), cells.len(), separator, (start, row), Path::new("s.xyz")).map_err(|e| e.to_string())
    }

    /// Would catch: a line of units, numbers or prose that is taken for the names.
    #[test]
    fn the_last_comment_with_names_is_the_header() {
        for (texts, row, expected) in [
            (&["/ a b", "/ X Y"][..], "1 2", 2),
            (&["/ X Y DATA", "/ m m ppm"], "1 2 3", 1),
            (&["/ X Y T", "/ 1e-5 2e-5 3e-5"], "1 2 3", 1),
            (&["/ X Y T", "/ exported by Montaj"], "1 2 3", 1),
            (&["/ X, Y, gate 1"], "1 2 3", 1),
            (&["/ X, Y, T"], "1 2 3", 1),
            (&["/ X\tY\tgate 1"], "1 2 3", 1),
            (&["/ X, Y, T,"], "1, 2, 3,", 1),
            (&["/ X, Y, T"], "1, 2, 3,", 1),
            (&["/ X Y T", "/Flight 12", "//Date 2019/02/03"], "1 2 3", 1),
        ] {
            assert_eq!(found(texts, row).unwrap().0, expected, "{texts:?}");
        }
        assert_eq!(found(&["/ X, line no, T"], "1 2 3").unwrap().1, ["X", "line no", "T"]);
        assert_eq!(found(&["/ X, Y, T"], "1 2 3").unwrap().1, ["X", "Y", "T"]);
    }

    #[test]
    fn a_header_of_another_count_is_named() {
        assert_eq!(
            found(&["/ note", "/ LINE_NO, X, Y, T,"], "1, 2, 3,").unwrap_err(),
            "s.xyz: line 2 names 5 columns, the first row (line 3) has 4, separated by commas \
             (one at the end of a line begins one more): correct line 2"
        );
        let none = found(&["/ note"], "1 2 3").unwrap_err();
        assert!(none.ends_with("expected a comment line with the names of the 3 columns of the first row"), "{none}");
    }

    #[test]
    fn the_dummy_and_the_code_are_in_the_comments() {
        let count = |texts: &[&str]| dummies(&comments(texts)).len();
        assert_eq!([count(&["/DUMMY", "/-9999.99"]), count(&["/ Dummy = 9999"]), count(&["/ none"])], [2, 2, 1]);
        assert!(dummies(&comments(&["/DUMMY VALUE", "/ 9999"]))[1].is("9999.0", Some(&9999.0)));
        for (text, expected) in [
            ("/WGS 84 UTM zone 32N (epsg:32632)", Some("EPSG:32632")),
            ("/ EPSG code 28354", Some("EPSG:28354")),
            ("/ EPSG: 28354, EPSG=28354", Some("EPSG:28354")),
            ("/ EPSG:28354 EPSG:28355", None),
            ("/ EPSG:12", None),
            ("/ UTM 32", None),
        ] {
            assert_eq!(epsg(&comments(&[text])).as_deref(), expected, "{text}");
        }
    }
}
