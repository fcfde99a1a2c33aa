//! Values of options, and arithmetic with the rules of Python.

use ruff_python_ast::{Operator, UnaryOp};

use super::source::shortened;

/// Value of an option, or of a part of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    None,
    Bool(bool),
    Int(i128),
    /// An integer that is too long for anything but a seed: its remainder divided by 2^63.
    LongInt(u64),
    Float(f64),
    Text(String),
    List(Vec<Value>),
    /// A NumPy array.
    Array(Vec<f64>),
    Kind(DataKind),
}

/// The data classes of GeoBIPy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DataKind {
    Fdem,
    Tdem,
    Tempest,
}

impl DataKind {
    /// Returns the data class with this name.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "FdemData" | "FdemDataPoint" => Some(Self::Fdem),
            "TdemData" | "TdemDataPoint" => Some(Self::Tdem),
            "TempestData" | "Tempest_datapoint" => Some(Self::Tempest),
            _ => None,
        }
    }
}

/// Description of what was expected when something cannot be computed.
pub(super) type Expected = &'static str;

const TOO_LARGE: Expected = "a result that is a number of ordinary size";
const NUMBERS: Expected = "numbers, arrays of one length, or + between two texts or two lists";

impl Value {
    /// Returns the number, whole or not.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Int(value) => Some(*value as f64),
            Self::Float(value) => Some(*value),
            _ => None,
        }
    }

    /// Returns the numbers of a list or an array, or a single number.
    pub fn numbers(&self) -> Option<Vec<f64>> {
        match self {
            Self::List(values) => values.iter().map(Self::number).collect(),
            Self::Array(values) => Some(values.clone()),
            _ => self.number().map(|value| vec![value]),
        }
    }

    /// Returns the size: the number of numbers, and the length of texts.
    pub fn size(&self) -> usize {
        match self {
            Self::Text(text) => 1 + text.len() / 64,
            Self::List(values) => values.iter().map(Self::size).sum(),
            Self::Array(values) => values.len(),
            _ => 1,
        }
    }

    /// Describes the value for error messages.
    pub fn describe(&self) -> String {
        match self {
            Self::None => "None".to_owned(),
            Self::Bool(true) => "True".to_owned(),
            Self::Bool(false) => "False".to_owned(),
            Self::Int(value) => value.to_string(),
            Self::LongInt(_) => "an integer of more than 128 bits".to_owned(),
            Self::Float(value) => value.to_string(),
            Self::Text(text) => format!("{:?}", shortened(text)),
            Self::List(values) => format!("a list of {}", values.len()),
            Self::Array(values) => format!("an array of {}", values.len()),
            Self::Kind(_) => "a class".to_owned(),
        }
    }
}

/// Computes plus or minus `value`.
pub(super) fn unary(op: UnaryOp, value: Value) -> Result<Value, Expected> {
    let sign = match op {
        UnaryOp::UAdd => 1,
        UnaryOp::USub => -1,
        _ => return Err("+ or - of a number"),
    };
    binary(Operator::Mult, Value::Int(sign), value)
}

/// Computes `left op right`.
pub(super) fn binary(op: Operator, left: Value, right: Value) -> Result<Value, Expected> {
    use Value::{Array, Int, List, Text};
    match (left, right) {
        (Text(left), Text(right)) if op == Operator::Add => Ok(Text(left + &right)),
        (List(mut left), List(right)) if op == Operator::Add => {
            left.extend(right);
            Ok(List(left))
        }
        (Int(left), Int(right)) if op != Operator::Div => whole(op, left, right),
        (left @ Array(_), right) | (left, right @ Array(_)) => elementwise(op, &left, &right),
        (left, right) => match (left.number(), right.number()) {
            (Some(left), Some(right)) => real(op, left, right).map(Value::Float),
            _ => Err(NUMBERS),
        },
    }
}

fn elementwise(op: Operator, left: &Value, right: &Value) -> Result<Value, Expected> {
    let (left, right) = (left.numbers().ok_or(NUMBERS)?, right.numbers().ok_or(NUMBERS)?);
    let length = left.len().max(right.len());
    if [left.len(), right.len()].iter().any(|&one| one != length && one != 1) {
        return Err("arrays of one length");
    }
    let at = |values: &[f64], i: usize| values[if values.len() == 1 { 0 } else { i }];
    (0..length).map(|i| real(op, at(&left, i), at(&right, i))).collect::<Result<_, _>>().map(Value::Array)
}

fn whole(op: Operator, left: i128, right: i128) -> Result<Value, Expected> {
    let result = match op {
        Operator::Add => left.checked_add(right),
        Operator::Sub => left.checked_sub(right),
        Operator::Mult => left.checked_mul(right),
        Operator::FloorDiv | Operator::Mod if right == 0 => return Err("a divisor other than 0"),
        // Quotients are rounded down, and remainders have the sign of the divisor.
        Operator::FloorDiv => left
            .checked_div(right)
            .map(|quotient| quotient - i128::from(left % right != 0 && (left < 0) != (right < 0))),
        Operator::Mod => left.checked_rem(right).map(|rest| {
            let other_side = rest != 0 && (rest < 0) != (right < 0);
            if other_side { rest + right } else { rest }
        }),
        Operator::Pow if right < 0 => return real(op, left as f64, right as f64).map(Value::Float),
        Operator::Pow => u32::try_from(right).ok().and_then(|power| left.checked_pow(power)),
        _ => return Err("+, -, *, /, //, % or **"),
    };
    result.map(Value::Int).ok_or(TOO_LARGE)
}

fn real(op: Operator, left: f64, right: f64) -> Result<f64, Expected> {
    if right == 0.0 && matches!(op, Operator::Div | Operator::FloorDiv | Operator::Mod) {
        return Err("a divisor other than 0");
    }
    let result = match op {
        Operator::Add => left + right,
        Operator::Sub => left - right,
        Operator::Mult => left * right,
        Operator::Div => left / right,
        Operator::FloorDiv => (left / right).floor(),
        Operator::Mod => left - right * (left / right).floor(),
        Operator::Pow => left.powf(right),
        _ => return Err("+, -, *, /, //, % or **"),
    };
    let overflows = left.is_finite() && right.is_finite() && !result.is_finite();
    if overflows { Err(TOO_LARGE) } else { Ok(result) }
}
