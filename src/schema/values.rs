//! Values of variables, and their number types.

use std::ops::Range;

/// Number type of a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 8-bit signed integer.
    I8,
    /// 32-bit signed integer.
    I32,
    /// 32-bit unsigned integer.
    U32,
    /// 64-bit signed integer.
    I64,
    /// Single precision.
    F32,
    /// Double precision.
    F64,
}

impl Kind {
    /// Name in the documentation.
    pub fn name(self) -> &'static str {
        match self {
            Kind::I8 => "int8",
            Kind::I32 => "int32",
            Kind::U32 => "uint32",
            Kind::I64 => "int64",
            Kind::F32 => "float32",
            Kind::F64 => "float64",
        }
    }

    /// Bytes of one value.
    pub fn size(self) -> usize {
        match self {
            Kind::I8 => 1,
            Kind::I32 | Kind::U32 | Kind::F32 => 4,
            Kind::I64 | Kind::F64 => 8,
        }
    }
}

/// Values of one variable, flattened, slowest dimension first.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub enum Values {
    I8(Vec<i8>),
    I32(Vec<i32>),
    U32(Vec<u32>),
    I64(Vec<i64>),
    F32(Vec<f32>),
    F64(Vec<f64>),
}

impl Values {
    /// Number type.
    pub fn kind(&self) -> Kind {
        match self {
            Values::I8(_) => Kind::I8,
            Values::I32(_) => Kind::I32,
            Values::U32(_) => Kind::U32,
            Values::I64(_) => Kind::I64,
            Values::F32(_) => Kind::F32,
            Values::F64(_) => Kind::F64,
        }
    }

    /// Number of values.
    pub fn len(&self) -> usize {
        match self {
            Values::I8(v) => v.len(),
            Values::I32(v) => v.len(),
            Values::U32(v) => v.len(),
            Values::I64(v) => v.len(),
            Values::F32(v) => v.len(),
            Values::F64(v) => v.len(),
        }
    }

    /// Whether there is no value.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The values as they stand in a file, in the machine's byte order.
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Values::I8(v) => bytemuck::cast_slice(v),
            Values::I32(v) => bytemuck::cast_slice(v),
            Values::U32(v) => bytemuck::cast_slice(v),
            Values::I64(v) => bytemuck::cast_slice(v),
            Values::F32(v) => bytemuck::cast_slice(v),
            Values::F64(v) => bytemuck::cast_slice(v),
        }
    }

    /// The values as numbers of double precision.
    pub fn to_f64(&self) -> Vec<f64> {
        match self {
            Values::I8(v) => v.iter().map(|&x| f64::from(x)).collect(),
            Values::I32(v) => v.iter().map(|&x| f64::from(x)).collect(),
            Values::U32(v) => v.iter().map(|&x| f64::from(x)).collect(),
            Values::I64(v) => v.iter().map(|&x| x as f64).collect(),
            Values::F32(v) => v.iter().map(|&x| f64::from(x)).collect(),
            Values::F64(v) => v.clone(),
        }
    }

    /// `len` values that say that there is nothing: NaN, -1 for whole numbers, 0 for counts.
    pub fn nothing(kind: Kind, len: usize) -> Self {
        match kind {
            Kind::I8 => Values::I8(vec![-1; len]),
            Kind::I32 => Values::I32(vec![-1; len]),
            Kind::U32 => Values::U32(vec![0; len]),
            Kind::I64 => Values::I64(vec![-1; len]),
            Kind::F32 => Values::F32(vec![f32::NAN; len]),
            Kind::F64 => Values::F64(vec![f64::NAN; len]),
        }
    }

    /// Makes some values missing.
    pub fn set_missing(&mut self, range: Range<usize>) {
        match self {
            Values::I8(v) => v[range].fill(-1),
            Values::I32(v) => v[range].fill(-1),
            Values::U32(v) => v[range].fill(0),
            Values::I64(v) => v[range].fill(-1),
            Values::F32(v) => v[range].fill(f32::NAN),
            Values::F64(v) => v[range].fill(f64::NAN),
        }
    }

    /// Adds the values of `other`, which are of the same type, behind these.
    pub fn append(&mut self, other: Values) {
        match (self, other) {
            (Values::I8(v), Values::I8(mut o)) => v.append(&mut o),
            (Values::I32(v), Values::I32(mut o)) => v.append(&mut o),
            (Values::U32(v), Values::U32(mut o)) => v.append(&mut o),
            (Values::I64(v), Values::I64(mut o)) => v.append(&mut o),
            (Values::F32(v), Values::F32(mut o)) => v.append(&mut o),
            (Values::F64(v), Values::F64(mut o)) => v.append(&mut o),
            (values, other) => unreachable!("{:?} behind {:?}", other.kind(), values.kind()),
        }
    }
}

/// A type that a variable's values may have.
pub trait Number: Sized {
    /// The values if they are of this type.
    fn slice(values: &Values) -> Option<&[Self]>;
}

macro_rules! numbers {
    ($($kind:ident: $type:ty),*) => {$(
        impl Number for $type {
            fn slice(values: &Values) -> Option<&[Self]> {
                if let Values::$kind(values) = values { Some(values) } else { None }
            }
        }
    )*};
}
numbers!(I8: i8, I32: i32, U32: u32, I64: i64, F32: f32, F64: f64);
