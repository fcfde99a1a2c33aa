//! Reads the assignments of an options file without executing it.

use std::collections::{BTreeMap, HashSet};

use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::{Ranged, TextRange};

use super::evaluate::Evaluator;
use super::guard;
use super::source::{Source, UNDERSTOOD};
use super::value::Value;
use crate::error::{Error, InputError, Result};

/// An assignment.
#[derive(Debug)]
pub(super) struct Assignment {
    pub value: Value,
    pub line: usize,
}

/// Content of an options file.
#[derive(Debug)]
pub(super) struct Options {
    /// Assignments by name; the last assignment of a name counts.
    pub assignments: BTreeMap<String, Assignment>,
    /// Names that other assignments refer to.
    pub helpers: HashSet<String>,
    /// Warnings for the user.
    pub warnings: Vec<String>,
}

/// Reads all assignments of `source`.
pub(super) fn read(source: &Source) -> Result<Options> {
    guard::check(source)?;
    let module = ruff_python_parser::parse_module(source.text).map_err(|error| {
        let line = source.line_at(error.location.start().to_usize());
        InputError::line(source.path, line, error.error, UNDERSTOOD)
    })?;
    let mut options = Options { assignments: BTreeMap::new(), helpers: HashSet::new(), warnings: Vec::new() };
    let mut evaluator = Evaluator::new(source);
    let mut errors = Vec::new();
    for statement in module.suite() {
        if let Err(error) = take(source, statement, &mut evaluator, &mut options) {
            errors.push(error);
        }
    }
    options.helpers = evaluator.used;
    if errors.is_empty() { Ok(options) } else { Err(Error::Many(errors)) }
}

fn take(source: &Source, statement: &Stmt, evaluator: &mut Evaluator, options: &mut Options) -> Result<()> {
    match statement {
        Stmt::Import(_) | Stmt::ImportFrom(_) | Stmt::Pass(_) => Ok(()),
        Stmt::Expr(text) if matches!(*text.value, Expr::StringLiteral(_)) => Ok(()),
        Stmt::Assign(assign) => match assign.targets.as_slice() {
            [Expr::Name(name)] => assignment(source, name.range, &name.id, &assign.value, evaluator, options),
            _ => Err(source.wrong(assign.range, None, "one name before =")),
        },
        Stmt::AnnAssign(assign) => match (&*assign.target, &assign.value) {
            (Expr::Name(name), Some(value)) => assignment(source, name.range, &name.id, value, evaluator, options),
            (Expr::Name(_), None) => Ok(()),
            _ => Err(source.wrong(assign.range, None, "one name before =")),
        },
        other => Err(source.wrong(other.range(), None, UNDERSTOOD)),
    }
}

fn assignment(
    source: &Source,
    place: TextRange,
    name: &str,
    expression: &Expr,
    evaluator: &mut Evaluator,
    options: &mut Options,
) -> Result<()> {
    let line = source.line_at(place.start().to_usize());
    let value = evaluator.assign(name, expression)?;
    if let Some(before) = options.assignments.insert(name.to_owned(), Assignment { value, line }) {
        let path = source.path.display();
        options.warnings.push(format!("{path}, line {line}: {name} takes the place of that of line {}", before.line));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::*;

    fn options(text: &str) -> Result<Options> {
        read(&Source::new(Path::new("o"), text))
    }

    /// Returns the value of `a`.
    fn value(text: &str) -> Value {
        options(text).unwrap_or_else(|error| panic!("{text}: {error}")).assignments.remove("a").unwrap().value
    }

    fn message(text: &str) -> String {
        options(text).expect_err(text).to_string()
    }

    #[test]
    fn what_is_understood() {
        use Value::{Array, Float, Int, List, Text};
        let text = |text: &str| Text(text.to_owned());
        let cases = [
            ("a = 3", Int(3)),
            ("a = 0x_ff + 1_000 + 0b1 + 0o7", Int(1263)),
            ("a = 146100583096709124601953385843316024947", Int(146_100_583_096_709_124_601_953_385_843_316_024_947)),
            // 2^130 + 5
            ("a = 1361129467683753853853498429727072845829", Value::LongInt(5)),
            ("a = 0x4_00000000_00000000_00000000_00000005", Value::LongInt(5)),
            ("a = 2e-14", Float(2e-14)),
            ("a = 1.0/4.0", Float(0.25)),
            ("a = 1/4", Float(0.25)),
            ("a = -7 // 2", Int(-4)),
            ("a = -7 % 3", Int(2)),
            ("a = 7 % -3", Int(-2)),
            ("a = 7.5 // 2", Float(3.0)),
            ("a = 2**-1", Float(0.5)),
            ("a = -2**2 + +1", Int(-3)),
            ("a = 'x'", text("x")),
            ("a = r'x\\n' \"y\"", text("x\\ny")),
            ("a = 'x' + 'y'", text("xy")),
            ("a = True", Value::Bool(true)),
            ("a = None", Value::None),
            ("b = 2\na = b * 3", Int(6)),
            ("a: float = 1.5", Float(1.5)),
            ("a: int\na = 1", Int(1)),
            ("a = 1; pass", Int(1)),
            ("a = 1\na = 2", Int(2)),
            ("'''About.'''\nimport os\nimport numpy as np\nfrom os.path import join\na = 1", Int(1)),
            ("a = [1, 'x', None]", List(vec![Int(1), text("x"), Value::None])),
            ("a = (1, 2)", List(vec![Int(1), Int(2)])),
            ("a = 1, 2", List(vec![Int(1), Int(2)])),
            ("a = [1] + [2]", List(vec![Int(1), Int(2)])),
            ("a = [5, 6, 7][-1]", Int(7)),
            ("b = [5, 6]\na = b[0]", Int(5)),
            ("a = join('x', 'y')", text("x/y")),
            ("import os\na = os.path.join('x/', 'y', 'z')", text("x/y/z")),
            ("from os import path\na = path.join('x', '/y')", text("/y")),
            ("a = np.r_[1, [2, 3], np.r_[4.5]]", Array(vec![1.0, 2.0, 3.0, 4.5])),
            ("a = numpy.r_[1]", Array(vec![1.0])),
            ("a = np.array([1, 2]) * 0.5", Array(vec![0.5, 1.0])),
            ("a = 1 + np.asarray((1, 2)) + [1, 1]", Array(vec![3.0, 4.0])),
            ("a = np.full(2, 3)", Array(vec![3.0, 3.0])),
            ("a = np.ones(2)", Array(vec![1.0, 1.0])),
            ("a = np.ones(2)[1]", Float(1.0)),
            ("a = np.log(1)", Float(0.0)),
            ("a = np.log10(np.r_[10, 100])", Array(vec![1.0, 2.0])),
            ("a = -np.inf", Float(f64::NEG_INFINITY)),
            ("a = float(3)", Float(3.0)),
            ("a = float('1e-3')", Float(1e-3)),
            ("a = int(-3.7)", Int(-3)),
            ("a = int('12')", Int(12)),
            ("a = TdemData", Value::Kind(super::super::value::DataKind::Tdem)),
            ("a = Tempest_datapoint", Value::Kind(super::super::value::DataKind::Tempest)),
        ];
        for (text, expected) in cases {
            assert_eq!(value(text), expected, "{text}");
        }
        assert!(matches!(value("a = np.nan"), Float(value) if value.is_nan()));
    }

    #[test]
    fn what_is_refused_is_named_with_its_place() {
        let cases = [
            ("\na = open('x')", "o, line 2, column a: got open('x'), expected "),
            ("a = __import__('os').system('ls')", "line 1, column a: got __import__('os').system('ls'), "),
            ("a = b", "line 1, column a: got b, expected a name that is assigned before"),
            ("a = [1,\n2,\nb]", "line 3, column a: got b, "),
            ("a = 'x' * 3", "got 'x' * 3, expected numbers, "),
            ("a = [1] * 1000000000", "expected numbers, "),
            ("a = 9**9**9", "got 9**9**9, expected a result that is a number of ordinary size"),
            ("a = 1e300 * 1e300", "expected a result that is a number of ordinary size"),
            ("a = 1 / 0", "expected a divisor other than 0"),
            ("a = 1 % 0", "expected a divisor other than 0"),
            ("a = 1 // 0", "expected a divisor other than 0"),
            ("a = 1 << 3", "expected +, -, "),
            ("a = ~1", "expected + or - of a number"),
            ("a = 1j", "expected a real number"),
            ("a = b'x'", "got b'x', "),
            ("a = {1: 2}", "got {1: 2}, "),
            ("a = [1, 2][1:2]", "got 1:2, "),
            ("a = [1, 2][2]", "got 2, expected an index from -2 to 1"),
            ("a = [1, 2]['x']", "expected a whole number"),
            ("a = 3[0]", "expected a list"),
            ("a = np.r_[0:3]", "got 0:3, "),
            ("a = np.r_['x']", "got 'x', expected numbers"),
            ("a = np.full(10**9, 1)", "expected at most 100000 numbers in all"),
            ("a = np.ones(-1)", "expected a number of elements"),
            ("a = np.ones(2, dtype=int)", "got dtype=int, expected no named argument"),
            ("a = np.log(-1)", "expected positive numbers"),
            ("a = np.sin(1)", "got np.sin(1), "),
            ("a = np.ones(2) + np.ones(3)", "expected arrays of one length"),
            ("a = int('x')", "got 'x', expected a number"),
            ("a = float(*b)", "got *b, "),
            ("a = b = 1", "line 1: got a = b = 1, expected one name before ="),
            ("a, b = 1, 2", "expected one name before ="),
            ("a.b = 1", "expected one name before ="),
            ("a += 1", "line 1: got a += 1, expected an assignment of"),
            ("print(1)", "line 1: got print(1), expected an assignment of"),
            ("a = = 1", "line 1: got "),
            ("a = 1\nb = 'c", "line 2: got "),
        ];
        for (text, part) in cases {
            let message = message(text);
            assert!(message.contains(part), "{text}: {message}");
        }
        let two = message("a = b\nc = d");
        assert_eq!(two.lines().count(), 2, "{two}");
    }

    /// Would catch: limits that let the stack overflow.
    #[test]
    fn what_nests_as_deep_as_may_be_is_read() {
        let deep = |start: &str, count: usize, end: &str| format!("a = {}{end}", start.repeat(count));
        assert_eq!(value(&deep("-", 196, "1")), Value::Int(1));
        assert_eq!(value(&deep("1 + ", 98, "1")), Value::Int(99));
        assert_eq!(value(&deep("1 ** ", 98, "1")), Value::Int(1));
        assert_eq!(value(&deep("(-", 50, &format!("1{}", ")".repeat(50)))), Value::Int(1));
        assert_eq!(value(&deep("[", 50, &"]".repeat(50))).size(), 0);
        assert!(message(&deep("a.", 98, "b")).contains("got a.a."));
    }

    #[test]
    fn copies_do_not_fill_the_memory() {
        let doubling = "a = [1, 2]\n".to_owned() + &"a = a + a\n".repeat(40);
        assert!(message(&doubling).contains("at most 100000 numbers in all"));
        let copies = format!("a = '{}'\n", "x".repeat(60_000)) + &"b = a\n".repeat(10_000);
        assert!(message(&copies).contains("at most 100000 numbers in all"));
        assert!(message(&format!("a = '{}'", "x".repeat(70_000))).contains("at most 65536 bytes of text"));
    }

    #[test]
    fn names_that_are_repeated_or_referred_to_are_told() {
        let options = options("a = 1\nb = a\na = 2").unwrap();
        assert_eq!(options.warnings, ["o, line 3: a takes the place of that of line 1"]);
        assert!(options.helpers.contains("a") && !options.helpers.contains("b"));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC*") {
            let _ = options(&text);
        }

        #[test]
        fn no_soup_of_tokens_panics(tokens in prop::collection::vec(prop::sample::select(vec![
            "a", "b", "=", "1", "9", "1e308", "'x'", "(", ")", "[", "]", "{", "}", ",", ":", ".", "+", "-", "*", "**",
            "/", "//", "%", "np", ".r_", "join", "\n", "\\\n", " ", ";", "None", "import ", "from ", "match ", "type ",
            "case ", "@", "->", "'''", "#", "!", "\t", "é",
        ]), 0..60)) {
            let _ = options(&tokens.concat());
        }
    }
}
