//! Builds the text of a configuration, with a comment above each value.

use crate::config::{WIDTH, wrap};

/// A TOML text, and the option from which each of its keys comes.
#[derive(Default)]
pub(super) struct Draft {
    pub text: String,
    /// Key with its table, and the first option that its comment names.
    pub origins: Vec<(String, String)>,
    table: &'static str,
    /// Table whose header was written last.
    written: &'static str,
}

impl Draft {
    /// Begins `table`; its header is written with its first value.
    pub fn table(&mut self, table: &'static str) {
        self.table = table;
    }

    pub fn number(&mut self, key: &str, value: f64, option: &str, remark: &str) {
        self.write(key, &literal(value), option, remark);
    }

    /// Writes a list of numbers, or one number if all are equal.
    pub fn numbers(&mut self, key: &str, values: &[f64], option: &str, remark: &str) {
        let all_same = values.windows(2).all(|pair| pair[0] == pair[1]);
        match values.first() {
            Some(&value) if all_same => self.number(key, value, option, remark),
            _ => self.list(key, values, option, remark),
        }
    }

    pub fn list(&mut self, key: &str, values: &[f64], option: &str, remark: &str) {
        let numbers: Vec<String> = values.iter().copied().map(literal).collect();
        let one_line = format!("[{}]", numbers.join(", "));
        let value =
            if one_line.len() < WIDTH { one_line } else { format!("[\n{}]", wrap(&numbers.join(", "), "    ")) };
        self.write(key, &value, option, remark);
    }

    pub fn whole(&mut self, key: &str, value: i64, option: &str, remark: &str) {
        self.write(key, &value.to_string(), option, remark);
    }

    pub fn flag(&mut self, key: &str, value: bool, option: &str, remark: &str) {
        self.write(key, &value.to_string(), option, remark);
    }

    pub fn text(&mut self, key: &str, value: &str, option: &str, remark: &str) {
        self.write(key, &quoted(value), option, remark);
    }

    pub fn texts(&mut self, key: &str, values: &[String], option: &str, remark: &str) {
        let quoted: Vec<String> = values.iter().map(|value| quoted(value)).collect();
        self.write(key, &format!("[{}]", quoted.join(", ")), option, remark);
    }

    /// Writes lines of comment.
    pub fn comment(&mut self, text: &str) {
        self.text.push_str(&wrap(text, "# "));
    }

    fn write(&mut self, key: &str, value: &str, option: &str, remark: &str) {
        if self.table != self.written {
            self.text.push_str(&format!("\n[{}]\n", self.table));
            self.written = self.table;
        }
        self.comment(&if remark.is_empty() { option.to_owned() } else { format!("{option}: {remark}") });
        self.text.push_str(&format!("{key} = {value}\n"));
        let first = option.split(", ").next().unwrap_or(option);
        self.origins.push((format!("{}.{key}", self.table), first.to_owned()));
    }
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// Formats a number; uses an exponent only if this is shorter.
fn literal(value: f64) -> String {
    if value.is_nan() { "nan".to_owned() } else { format!("{value:?}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_below_their_table_and_comment() {
        let mut draft = Draft::default();
        draft.table("none");
        draft.table("a");
        draft.number("x", 1e-16, "their_x", "");
        draft.numbers("y", &[2.0, 2.0], "their_y", "why");
        draft.text("z", "it's \"z\"\n", "their_z", "");
        draft.table("b.c");
        draft.list("l", &[0.25; 40], "their_l", "");
        let text = draft.text;
        assert!(text.starts_with("\n[a]\n# their_x\nx = 1e-16\n# their_y: why\ny = 2.0\n# their_z\nz = "), "{text}");
        assert!(text.contains("\n[b.c]\n# their_l\nl = [\n    0.25, 0.25"), "{text}");
        let table: toml::Table = toml::from_str(&text).unwrap();
        assert_eq!(table["a"]["z"].as_str(), Some("it's \"z\"\n"));
        assert_eq!(table["b"]["c"]["l"].as_array().map(Vec::len), Some(40));
        assert!(text.lines().all(|line| line.len() <= WIDTH));
    }
}
