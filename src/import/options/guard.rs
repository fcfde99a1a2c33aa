//! Refuses text that is not a list of assignments, or that could exhaust the parser, before it is parsed.
//!
//! Parsing, evaluating and releasing an expression recurse as deep as it is nested. Each level takes at least one
//! token, and a comma ends the nesting by the tokens before it, except in a `lambda`. The number of tokens since the
//! last comma, summed over the open brackets, therefore limits the depth. The lexer, which does not recurse, counts
//! them.

use ruff_python_ast::token::TokenKind;
use ruff_python_parser::Mode;
use ruff_python_parser::lexer::lex;

use super::source::{Source, UNDERSTOOD, shortened};
use crate::error::{Error, InputError, Result};

const MAX_BYTES: usize = 1 << 20;
const MAX_NESTING: usize = 50;
/// Largest number of tokens of an expression without a comma.
const MAX_PARTS: usize = 200;

/// Returns an error if `source` could exhaust the parser.
pub(super) fn check(source: &Source) -> Result<()> {
    if source.text.len() > MAX_BYTES {
        let got = format!("{} bytes", source.text.len());
        return Err(InputError::file(source.path, got, format!("an options file of at most {MAX_BYTES} bytes")));
    }
    let mut nest = Nest { brackets: Vec::new(), parts: vec![0], total: 0 };
    let mut parts = 0;
    for kind in tokens(source.text) {
        parts += usize::from(is_part(kind));
        nest.take(kind).map_err(|expected| at_part(source, parts, expected))?;
    }
    Ok(())
}

/// Returns all tokens that the parser sees.
fn tokens(text: &str) -> impl Iterator<Item = TokenKind> {
    let mut lexer = lex(text, Mode::Module);
    std::iter::from_fn(move || Some(lexer.next_token()).filter(|kind| !kind.is_eof()))
}

/// Returns whether the lexer returns this token also when the text ends directly after it.
fn is_part(kind: TokenKind) -> bool {
    !kind.is_any_newline() && !matches!(kind, TokenKind::Comment | TokenKind::Dedent | TokenKind::Unknown)
}

/// Returns the error about the last of `parts` tokens. The lexer does not give its position, so the error names the
/// first line up to which the text has this many tokens.
fn at_part(source: &Source, parts: usize, expected: &str) -> Error {
    let line = source.first_line(|start| tokens(start).filter(|&kind| is_part(kind)).nth(parts.max(1) - 1).is_some());
    InputError::line(source.path, line, shortened(source.line(line)), expected)
}

/// Open brackets, and the number of tokens since the last comma in each.
struct Nest {
    brackets: Vec<TokenKind>,
    parts: Vec<usize>,
    total: usize,
}

impl Nest {
    /// Counts a token; if it is not allowed here, the error says what was expected.
    fn take(&mut self, kind: TokenKind) -> std::result::Result<(), &'static str> {
        use TokenKind::{Comma, Comment, Dedent, Lbrace, Lpar, Lsqb, Newline, Rbrace, Rpar, Rsqb, Semi, Unknown};
        if is_refused(kind) {
            return Err(UNDERSTOOD);
        }
        match kind {
            Unknown => return Err("Python, and brackets in pairs"),
            Comment | Dedent => return Ok(()),
            Comma | Semi | Newline => self.end_element(),
            Rpar | Rsqb | Rbrace => {
                let opening = match kind {
                    Rpar => Lpar,
                    Rsqb => Lsqb,
                    _ => Lbrace,
                };
                if self.brackets.pop() != Some(opening) {
                    return Err("brackets in pairs");
                }
                self.end_element();
                self.parts.pop();
            }
            _ if kind.is_any_newline() => {}
            _ => {
                *self.parts.last_mut().expect("one more than brackets") += 1;
                self.total += 1;
            }
        }
        if matches!(kind, Lpar | Lsqb | Lbrace) {
            self.brackets.push(kind);
            self.parts.push(0);
        }
        if self.brackets.len() > MAX_NESTING {
            return Err("at most 50 brackets in each other");
        }
        if self.total > MAX_PARTS { Err("at most 200 names, numbers and signs without a comma") } else { Ok(()) }
    }

    fn end_element(&mut self) {
        self.total -= std::mem::take(self.parts.last_mut().expect("one more than brackets"));
    }
}

/// Returns whether a token belongs to syntax that is never understood: blocks, keywords, f-strings.
fn is_refused(kind: TokenKind) -> bool {
    use TokenKind::{As, FStringStart, False, From, Import, Indent, None, Pass, TStringStart, True};
    let accepted = matches!(kind, As | From | Import | None | Pass | True | False);
    kind.is_non_soft_keyword() && !accepted || matches!(kind, Indent | FStringStart | TStringStart)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn verdict(text: &str) -> std::result::Result<(), String> {
        check(&Source::new(Path::new("o"), text)).map_err(|error| error.to_string())
    }

    #[test]
    fn assignments_of_any_length_pass() {
        for text in
            ["", "a = 1 # (", "a = [\n 1,\n 2]\nb = '''x\n('''", &format!("a = [{}]", "(1, -2), ".repeat(50_000))]
        {
            assert_eq!(verdict(text), Ok(()));
        }
    }

    #[test]
    fn what_nests_too_deep_or_is_no_assignment_is_refused_with_its_line() {
        let deep = |part: &str| format!("a = '''\n\n'''\nb = {}1\n", part.repeat(100_000));
        for part in
            ["(", "[", "{", "-", "~", "not ", "lambda: ", "await ", "a.", "a(", "2**", "2+", "a if ", "'' ", "x="]
        {
            let message = verdict(&deep(part)).unwrap_err();
            assert!(message.starts_with("o, line 4: got b = "), "{part}: {message}");
        }
        for text in
            ["for i in x: pass", "a = f'{b}'", "a = $", "if True:\n  a = 1", " a = 1", "a = (]", "a = )", "del a"]
        {
            assert!(verdict(text).expect_err(text).starts_with("o, line 1: got "), "{text}");
        }
        assert!(verdict("a = 1\nb = (1,\n\n").unwrap_err().starts_with("o, line 2: got b = (1,, expected Python, "));
        assert!(verdict("a = (1,\n2,\n$3)").unwrap_err().starts_with("o, line 2: got 2,, expected Python, "));
        assert!(verdict("a = (1,\n2,\n3 if b)").unwrap_err().starts_with("o, line 3: got 3 if b), "));
        assert!(verdict(&" ".repeat(MAX_BYTES + 1)).unwrap_err().contains("1048577 bytes"));
    }
}
