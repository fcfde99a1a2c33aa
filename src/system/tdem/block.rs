//! Files of nested blocks: `Name Begin` ... `Name End` around keys, rows of numbers and further blocks.

use std::path::Path;

use crate::error::{Error, InputError};

/// Largest depth of blocks within blocks. Deeper files are refused because they would exhaust the stack.
const DEEPEST: usize = 16;

/// One block. The file as a whole is a block without name.
#[derive(Debug, Default)]
pub(in crate::system) struct Block {
    pub name: String,
    /// Line of the block's `Begin`.
    pub line: usize,
    /// Line of the block's `End`.
    pub end_line: usize,
    pub keys: Vec<Key>,
    pub rows: Vec<NumberRow>,
    pub blocks: Vec<Block>,
}

/// `name = value`.
#[derive(Debug)]
pub(in crate::system) struct Key {
    pub name: String,
    pub value: String,
    pub line: usize,
}

/// A row of numbers; `None` for a row that holds anything else, for which an error has been recorded.
#[derive(Debug)]
pub(in crate::system) struct NumberRow {
    pub numbers: Option<Vec<f64>>,
    pub line: usize,
}

impl Block {
    /// Returns the key with this name; upper and lower case and American spelling make no difference.
    pub fn key(&self, name: &str) -> Option<&Key> {
        self.keys.iter().find(|key| is_same(&key.name, name))
    }

    /// Returns the block with this name directly inside this block.
    pub fn block(&self, name: &str) -> Option<&Block> {
        self.blocks.iter().find(|block| is_same(&block.name, name))
    }
}

/// Returns whether two names mean the same; upper and lower case and American spelling make no difference.
pub(super) fn is_same(a: &str, b: &str) -> bool {
    let plain = |name: &str| name.to_lowercase().replace("izing", "ising").replace("ization", "isation");
    plain(a) == plain(b)
}

/// Returns the lines that are not empty after comments and spaces are removed, with their numbers.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let without_comment = |line: &'_ str| -> usize { line.find("//").unwrap_or(line.len()) };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    (1..).zip(text.lines().map(move |line| line[..without_comment(line)].trim())).filter(|(_, line)| !line.is_empty())
}

/// Returns the numbers of a row, `None` when it holds anything else.
pub(in crate::system) fn numbers(text: &str) -> Option<Vec<f64>> {
    text.split_whitespace().map(|word| word.parse().ok()).collect()
}

/// Reads a file as one block, together with the errors in single lines. When blocks are not nested correctly nobody can
/// know what belongs to which block, so that only the errors are returned.
pub(in crate::system) fn read(text: &str, path: &Path) -> Result<(Block, Vec<Error>), Vec<Error>> {
    let mut reader = Reader { path, open: vec![Block::default()], errors: Vec::new(), nested: true, outside: false };
    for (line, text) in lines(text) {
        reader.read_line(line, text);
        if reader.open.len() > DEEPEST {
            reader.wrong(line, format_args!("blocks in each other {DEEPEST} deep"), "blocks that end");
            return Err(reader.errors);
        }
    }
    reader.finish()
}

struct Reader<'a> {
    path: &'a Path,
    /// The blocks around the current line, outermost first; the first one is the file.
    open: Vec<Block>,
    errors: Vec<Error>,
    /// True while every `End` has closed the innermost block.
    nested: bool,
    /// True when the last line was outside of all blocks, so that a file of another kind gives one error and not one
    /// per line.
    outside: bool,
}

impl Reader<'_> {
    fn read_line(&mut self, line: usize, text: &str) {
        if let Some((name, value)) = text.split_once('=') {
            return self.key(line, name.trim(), value.trim());
        }
        let mut words = text.split_whitespace();
        match (words.next(), words.next(), words.next()) {
            (Some(name), Some(word), None) if word.eq_ignore_ascii_case("begin") => self.begin(line, name),
            (Some(name), Some(word), None) if word.eq_ignore_ascii_case("end") => self.end(line, name),
            _ => self.row(line, text),
        }
    }

    fn key(&mut self, line: usize, name: &str, value: &str) {
        if self.is_outside(line, &format!("{name} = {value}")) {
            return;
        }
        if name.is_empty() {
            return self.wrong(line, format_args!("`= {value}`"), "a name before `=`");
        }
        let first = self.innermost().key(name).map(|key| key.line);
        self.check_first(line, name, first);
        self.innermost().keys.push(Key { name: name.to_owned(), value: value.to_owned(), line });
    }

    fn row(&mut self, line: usize, text: &str) {
        if self.is_outside(line, text) {
            return;
        }
        let numbers = numbers(text);
        if numbers.is_none() {
            let expected = "`Name Begin`, `Name End`, `key = value` or a row of numbers";
            self.wrong(line, format_args!("`{text}`"), expected);
        }
        self.innermost().rows.push(NumberRow { numbers, line });
    }

    fn begin(&mut self, line: usize, name: &str) {
        self.outside = false;
        let first = self.innermost().block(name).map(|block| block.line);
        self.check_first(line, name, first);
        self.open.push(Block { name: name.to_owned(), line, ..Block::default() });
    }

    fn end(&mut self, line: usize, name: &str) {
        self.outside = false;
        let depth = self.open.len();
        // Block 0 is the file itself, which has no `End`.
        let ended = (1..depth).rev().find(|&at| is_same(&self.open[at].name, name));
        if ended != Some(depth - 1) || depth == 1 {
            self.nested = false;
            let expected = match &self.open[depth - 1] {
                _ if depth == 1 => format!("`{name} Begin` before it"),
                block => format!("`{} End` for the block that begins in line {}", block.name, block.line),
            };
            self.wrong(line, format_args!("`{name} End`"), expected);
        }
        while ended.is_some_and(|at| self.open.len() > at) {
            self.close(line);
        }
    }

    /// Moves the innermost block into the block around it.
    fn close(&mut self, end_line: usize) {
        if let Some(block) = self.open.pop() {
            self.innermost().blocks.push(Block { end_line, ..block });
        }
    }

    fn finish(mut self) -> Result<(Block, Vec<Error>), Vec<Error>> {
        for block in &self.open[1..] {
            let (got, expected) = (format!("`{} Begin`", block.name), format!("`{} End` after it", block.name));
            self.errors.push(InputError::line(self.path, block.line, got, expected));
        }
        if self.nested && self.open.len() == 1 { Ok((self.open.remove(0), self.errors)) } else { Err(self.errors) }
    }

    fn innermost(&mut self) -> &mut Block {
        let last = self.open.len() - 1;
        &mut self.open[last]
    }

    fn is_outside(&mut self, line: usize, text: &str) -> bool {
        let is_outside = self.open.len() == 1;
        if is_outside && !self.outside {
            self.wrong(line, format_args!("`{text}` outside of all blocks"), "`Name Begin`");
        }
        self.outside = is_outside;
        is_outside
    }

    fn check_first(&mut self, line: usize, name: &str, first: Option<usize>) {
        if let Some(first) = first {
            let block = &self.open[self.open.len() - 1].name;
            let place = if block.is_empty() { "in the file".to_owned() } else { format!("in {block}") };
            self.wrong(line, format!("a second {name} {place}"), format_args!("only the one in line {first}"));
        }
    }

    fn wrong(&mut self, line: usize, got: impl std::fmt::Display, expected: impl std::fmt::Display) {
        self.errors.push(InputError::line(self.path, line, got, expected));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(text: &str) -> Block {
        let (block, errors) = read(text, Path::new("a.stm")).unwrap();
        assert!(errors.is_empty(), "{errors:?}");
        block
    }

    fn messages(text: &str) -> Vec<String> {
        let errors = match read(text, Path::new("a.stm")) {
            Ok((_, errors)) | Err(errors) => errors,
        };
        errors.iter().map(Error::to_string).collect()
    }

    #[test]
    fn blocks_keys_and_rows_are_read_with_their_lines() {
        let text = "\u{feff}// a comment\r\nOUTER begin\r\n  Key = a b // trailing\r\n\r\n Inner Begin\r\n 1 -2e-3\r\n\
                    inner END\r\nOuter End";
        let file = block(text);
        let outer = file.block("outer").unwrap();
        assert_eq!((outer.line, outer.end_line), (2, 8));
        let key = outer.key("KEY").unwrap();
        assert_eq!((key.value.as_str(), key.line), ("a b", 3));
        let row = &outer.block("Inner").unwrap().rows[0];
        assert_eq!((row.numbers.as_deref(), row.line), (Some(&[1.0, -2e-3][..]), 6));
    }

    #[test]
    fn american_spelling_means_the_same() {
        let file = block("A Begin\nDigitizing = 1\nNormalization = 2\nA End");
        assert!(file.blocks[0].key("Digitising").is_some() && file.blocks[0].key("normalisation").is_some());
    }

    #[test]
    fn wrong_nesting_is_named() {
        assert_eq!(messages("A End"), ["a.stm, line 1: got `A End`, expected `A Begin` before it"]);
        assert_eq!(
            messages("A Begin\nB Begin\nA End\nC Begin\nC End"),
            ["a.stm, line 3: got `A End`, expected `B End` for the block that begins in line 2"]
        );
        assert_eq!(
            messages("A Begin\nx End\nA End"),
            ["a.stm, line 2: got `x End`, expected `A End` for the block that begins in line 1"]
        );
        assert_eq!(
            messages("A Begin\nB Begin\n"),
            [
                "a.stm, line 1: got `A Begin`, expected `A End` after it",
                "a.stm, line 2: got `B Begin`, expected `B End` after it"
            ]
        );
    }

    #[test]
    fn blocks_without_end_do_not_exhaust_the_stack() {
        let all = messages(&"A Begin\n".repeat(1_000_000));
        assert_eq!(all, ["a.stm, line 16: got blocks in each other 16 deep, expected blocks that end"]);
    }

    #[test]
    fn what_is_outside_of_blocks_is_one_error() {
        assert_eq!(
            messages("x = 1\n1 2\nA Begin\nA End\n5"),
            [
                "a.stm, line 1: got `x = 1` outside of all blocks, expected `Name Begin`",
                "a.stm, line 5: got `5` outside of all blocks, expected `Name Begin`"
            ]
        );
    }

    #[test]
    fn what_is_given_twice_is_named() {
        assert_eq!(
            messages("A Begin\nkey = 1\nKEY = 2\nB Begin\nB End\nb Begin\nb End\nA End\nA Begin\nA End"),
            [
                "a.stm, line 3: got a second KEY in A, expected only the one in line 2",
                "a.stm, line 6: got a second b in A, expected only the one in line 4",
                "a.stm, line 9: got a second A in the file, expected only the one in line 1"
            ]
        );
    }

    #[test]
    fn lines_of_no_kind_are_named() {
        assert_eq!(
            messages("A Begin\nKey 1\n= 1\nA End"),
            [
                "a.stm, line 2: got `Key 1`, expected `Name Begin`, `Name End`, `key = value` or a row of numbers",
                "a.stm, line 3: got `= 1`, expected a name before `=`"
            ]
        );
    }
}
