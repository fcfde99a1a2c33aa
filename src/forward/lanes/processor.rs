//! The kinds of vectors that this processor has.

use std::sync::OnceLock;

/// Kinds of vectors, shorter ones first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::forward) enum VectorKind {
    Plain,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

/// A kind of vectors that this processor has. Values come only from `this` and `all`, which ask the processor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::forward) struct Processor(VectorKind);

impl Processor {
    /// Returns the longest vectors of this processor.
    pub(in crate::forward) fn this() -> Self {
        static THIS: OnceLock<Processor> = OnceLock::new();
        *THIS.get_or_init(|| Self::all().last().unwrap_or(Self(VectorKind::Plain)))
    }

    /// Returns all kinds of vectors that this processor has.
    pub(in crate::forward) fn all() -> impl Iterator<Item = Self> {
        let kinds = [
            Some(VectorKind::Plain),
            #[cfg(target_arch = "x86_64")]
            (is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")).then_some(VectorKind::Avx2),
            #[cfg(target_arch = "x86_64")]
            is_x86_feature_detected!("avx512f").then_some(VectorKind::Avx512),
        ];
        kinds.into_iter().flatten().map(Self)
    }

    pub(in crate::forward) fn kind(self) -> VectorKind {
        self.0
    }
}

/// Defines `$name::<FULL>(processor, ...)`, which calls `$kernel::<L>(...)` with the vectors of the processor, eight
/// lanes of each. `$kernel` and everything it calls must be `inline(always)` to be compiled for these vectors, and must
/// not contain closures, which are not compiled for them.
macro_rules! on_processor {
    ($(#[$attribute:meta])* fn $name:ident = $kernel:ident($($argument:ident: $type:ty),* $(,)?)) => {
        $(#[$attribute])*
        fn $name<const FULL: bool>(processor: $crate::forward::lanes::Processor, $($argument: $type),*) {
            use $crate::forward::lanes::{VectorKind, Plain, Two};

            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2,fma")]
            fn avx2<const FULL: bool>($($argument: $type),*) {
                $kernel::<Two<$crate::forward::lanes::Avx2<FULL>>>($($argument),*);
            }

            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx512f")]
            fn avx512<const FULL: bool>($($argument: $type),*) {
                $kernel::<$crate::forward::lanes::Avx512<FULL>>($($argument),*);
            }

            match processor.kind() {
                VectorKind::Plain => $kernel::<Two<Plain<FULL>>>($($argument),*),
                // SAFETY, here and below: a `Processor` exists only for vectors that the processor has.
                #[cfg(target_arch = "x86_64")]
                VectorKind::Avx2 => unsafe { avx2::<FULL>($($argument),*) },
                #[cfg(target_arch = "x86_64")]
                VectorKind::Avx512 => unsafe { avx512::<FULL>($($argument),*) },
            }
        }
    };
}
pub(in crate::forward) use on_processor;
