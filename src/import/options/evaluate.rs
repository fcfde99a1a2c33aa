//! Evaluates expressions of a small subset of Python.

use std::collections::{HashMap, HashSet};

use ruff_python_ast::{Expr, ExprCall, ExprNumberLiteral, ExprSubscript, Number};
use ruff_text_size::Ranged;

use super::source::{Source, UNDERSTOOD};
use super::value::{DataKind, Value, binary, unary};
use crate::error::{Error, Result};

/// Largest total count of numbers in all values, copies included.
const MAX_SIZE: usize = 100_000;
/// Largest length of a text in bytes.
const MAX_TEXT: usize = 65_536;

/// Evaluates expressions with the names assigned so far.
pub(super) struct Evaluator<'a> {
    source: &'a Source<'a>,
    names: HashMap<String, Value>,
    /// Names that expressions have referred to.
    pub used: HashSet<String>,
    /// The name that is being assigned.
    target: String,
    size: usize,
}

impl<'a> Evaluator<'a> {
    pub fn new(source: &'a Source<'a>) -> Self {
        Self { source, names: HashMap::new(), used: HashSet::new(), target: String::new(), size: 0 }
    }

    /// Evaluates `expression` and assigns its value to `name`.
    pub fn assign(&mut self, name: &str, expression: &Expr) -> Result<Value> {
        name.clone_into(&mut self.target);
        let value = self.value(expression)?;
        self.names.insert(name.to_owned(), value.clone());
        Ok(value)
    }

    fn wrong(&self, place: &impl Ranged, expected: impl std::fmt::Display) -> Error {
        self.source.wrong(place.range(), Some(&self.target), expected)
    }

    /// Evaluates `expression`; a value of more than one number counts against the limit.
    fn value(&mut self, expression: &Expr) -> Result<Value> {
        let value = match expression {
            Expr::NoneLiteral(_) => Value::None,
            Expr::BooleanLiteral(literal) => Value::Bool(literal.value),
            Expr::NumberLiteral(literal) => self.literal(literal)?,
            Expr::StringLiteral(literal) => Value::Text(literal.value.to_str().to_owned()),
            Expr::Name(name) => self.name(expression, &name.id)?,
            Expr::Attribute(_) => match numpy(expression).as_deref() {
                Some("inf") => Value::Float(f64::INFINITY),
                Some("nan") => Value::Float(f64::NAN),
                _ => return Err(self.wrong(expression, UNDERSTOOD)),
            },
            Expr::UnaryOp(operation) => {
                let operand = self.value(&operation.operand)?;
                unary(operation.op, operand).map_err(|expected| self.wrong(expression, expected))?
            }
            Expr::BinOp(operation) => {
                let (left, right) = (self.value(&operation.left)?, self.value(&operation.right)?);
                binary(operation.op, left, right).map_err(|expected| self.wrong(expression, expected))?
            }
            Expr::List(list) => self.list(&list.elts)?,
            Expr::Tuple(tuple) => self.list(&tuple.elts)?,
            Expr::Subscript(subscript) => self.subscript(subscript)?,
            Expr::Call(call) => self.call(call)?,
            _ => return Err(self.wrong(expression, UNDERSTOOD)),
        };
        self.size += value.size();
        if self.size > MAX_SIZE {
            return Err(self.wrong(expression, format_args!("at most {MAX_SIZE} numbers in all")));
        }
        match &value {
            Value::Text(text) if text.len() > MAX_TEXT => {
                Err(self.wrong(expression, format_args!("at most {MAX_TEXT} bytes of text")))
            }
            _ => Ok(value),
        }
    }

    fn literal(&self, literal: &ExprNumberLiteral) -> Result<Value> {
        match &literal.value {
            Number::Float(value) => Ok(Value::Float(*value)),
            Number::Int(_) => {
                let text = &self.source.text[literal.range.start().to_usize()..literal.range.end().to_usize()];
                integer(text).ok_or_else(|| self.wrong(literal, "an integer"))
            }
            Number::Complex { .. } => Err(self.wrong(literal, "a real number")),
        }
    }

    fn name(&mut self, place: &Expr, name: &str) -> Result<Value> {
        if let Some(value) = self.names.get(name) {
            self.used.insert(name.to_owned());
            return Ok(value.clone());
        }
        DataKind::named(name)
            .map(Value::Kind)
            .ok_or_else(|| self.wrong(place, "a name that is assigned before, or a data class of GeoBIPy"))
    }

    fn list(&mut self, elements: &[Expr]) -> Result<Value> {
        elements.iter().map(|element| self.value(element)).collect::<Result<_>>().map(Value::List)
    }

    fn subscript(&mut self, subscript: &ExprSubscript) -> Result<Value> {
        if numpy(&subscript.value).as_deref() == Some("r_") {
            return match &*subscript.slice {
                Expr::Tuple(tuple) => self.concatenated(&tuple.elts),
                one => self.concatenated(std::slice::from_ref(one)),
            };
        }
        let (of, index) = (self.value(&subscript.value)?, self.value(&subscript.slice)?);
        let Value::Int(index) = index else { return Err(self.wrong(&*subscript.slice, "a whole number")) };
        let length = match &of {
            Value::List(values) => values.len(),
            Value::Array(values) => values.len(),
            _ => return Err(self.wrong(&*subscript.value, "a list")),
        };
        let from_start = if index < 0 { index.saturating_add(length as i128) } else { index };
        let at = usize::try_from(from_start).ok().filter(|&at| at < length).ok_or_else(|| {
            self.wrong(&*subscript.slice, format_args!("an index from -{length} to {}", length as i128 - 1))
        })?;
        Ok(match of {
            Value::List(mut values) => values.swap_remove(at),
            Value::Array(values) => Value::Float(values[at]),
            other => other,
        })
    }

    fn concatenated(&mut self, parts: &[Expr]) -> Result<Value> {
        let mut all = Vec::new();
        for part in parts {
            all.extend(self.numbers(part)?);
        }
        Ok(Value::Array(all))
    }

    fn numbers(&mut self, expression: &Expr) -> Result<Vec<f64>> {
        self.value(expression)?.numbers().ok_or_else(|| self.wrong(expression, "numbers"))
    }

    fn call(&mut self, call: &ExprCall) -> Result<Value> {
        let function = dotted(&call.func);
        if let Some(keyword) = call.arguments.keywords.first() {
            return Err(self.wrong(keyword, "no named argument"));
        }
        let arguments = &*call.arguments.args;
        match (function.as_deref(), numpy(&call.func).as_deref(), arguments) {
            (Some("join" | "os.path.join" | "path.join"), _, parts) => self.join(parts),
            (Some("float"), _, [of]) => self.convert(of).map(Value::Float),
            (Some("int"), _, [of]) => match self.value(of)? {
                Value::Text(text) => integer(text.trim()).ok_or_else(|| self.wrong(of, "a number")),
                Value::Int(value) => Ok(Value::Int(value)),
                value => {
                    let number = value.number().filter(|number| number.is_finite());
                    number.map(|number| Value::Int(number as i128)).ok_or_else(|| self.wrong(of, "a number"))
                }
            },
            (_, Some("array" | "asarray"), [of]) => self.numbers(of).map(Value::Array),
            (_, Some("full"), [count, value]) => self.repeated(count, Some(value)),
            (_, Some("ones"), [count]) => self.repeated(count, None),
            (_, Some("log"), [of]) => self.logarithm(of, f64::ln),
            (_, Some("log10"), [of]) => self.logarithm(of, f64::log10),
            _ => Err(self.wrong(call, UNDERSTOOD)),
        }
    }

    /// Joins file names; an absolute name replaces the names before it.
    fn join(&mut self, parts: &[Expr]) -> Result<Value> {
        let mut path = String::new();
        for part in parts {
            let Value::Text(text) = self.value(part)? else { return Err(self.wrong(part, "text")) };
            if text.starts_with('/') {
                path.clear();
            } else if !path.is_empty() && !path.ends_with('/') {
                path.push('/');
            }
            path.push_str(&text);
        }
        Ok(Value::Text(path))
    }

    fn convert(&mut self, of: &Expr) -> Result<f64> {
        let value = self.value(of)?;
        let number = match &value {
            Value::Text(text) => text.trim().parse().ok(),
            _ => value.number(),
        };
        number.ok_or_else(|| self.wrong(of, "a number"))
    }

    fn repeated(&mut self, count: &Expr, value: Option<&Expr>) -> Result<Value> {
        let Value::Int(number) = self.value(count)? else { return Err(self.wrong(count, "a number of elements")) };
        let number = usize::try_from(number).map_err(|_| self.wrong(count, "a number of elements"))?;
        if number > MAX_SIZE {
            return Err(self.wrong(count, format_args!("at most {MAX_SIZE} numbers in all")));
        }
        let Some(value) = value else { return Ok(Value::Array(vec![1.0; number])) };
        let number_of = self.value(value)?.number().ok_or_else(|| self.wrong(value, "a number"))?;
        Ok(Value::Array(vec![number_of; number]))
    }

    fn logarithm(&mut self, of: &Expr, logarithm: fn(f64) -> f64) -> Result<Value> {
        let value = self.value(of)?;
        let numbers = value.numbers().filter(|numbers| numbers.iter().all(|&number| number > 0.0));
        let logarithms: Vec<f64> =
            numbers.ok_or_else(|| self.wrong(of, "positive numbers"))?.into_iter().map(logarithm).collect();
        match logarithms.as_slice() {
            &[one] if value.number().is_some() => Ok(Value::Float(one)),
            _ => Ok(Value::Array(logarithms)),
        }
    }
}

/// Returns `a.b.c` for an expression of names.
fn dotted(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Name(name) => Some(name.id.to_string()),
        Expr::Attribute(attribute) => Some(format!("{}.{}", dotted(&attribute.value)?, attribute.attr.as_str())),
        _ => None,
    }
}

/// Returns the name of a member of NumPy.
fn numpy(expression: &Expr) -> Option<String> {
    let name = dotted(expression)?;
    name.strip_prefix("np.").or_else(|| name.strip_prefix("numpy.")).map(str::to_owned)
}

/// Parses an integer in Python's notation.
fn integer(text: &str) -> Option<Value> {
    let digits = text.replace('_', "").to_ascii_lowercase();
    let (digits, radix) = match digits.get(..2) {
        Some("0x") => (&digits[2..], 16),
        Some("0o") => (&digits[2..], 8),
        Some("0b") => (&digits[2..], 2),
        _ => (&*digits, 10),
    };
    if let Ok(value) = i128::from_str_radix(digits, radix) {
        return Some(Value::Int(value));
    }
    let modulus = 1_u128 << 63;
    let mut remainder = 0;
    for digit in digits.chars() {
        remainder = (remainder * u128::from(radix) + u128::from(digit.to_digit(radix)?)) % modulus;
    }
    (!digits.is_empty()).then_some(Value::LongInt(remainder as u64))
}
