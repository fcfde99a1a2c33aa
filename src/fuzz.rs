//! Texts with small mistakes, for the tests of everything that reads texts. No such text may crash a reader, delay it
//! or fill the memory.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Number of inputs of a test that runs each time, and of the long test.
pub(crate) const FEW: usize = 2_000;
pub(crate) const MANY: usize = 1_000_000;

/// Largest length of an input in bytes.
const LONGEST: usize = 1 << 14;
/// Longest time for an input, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(10);
/// Largest memory of a whole run, kB.
const MEMORY_KB: u64 = 800_000;

/// Texts that often break parsers.
const TOKENS: [&str; 40] = [
    "1e400",
    "-1e400",
    "1e-400",
    "NaN",
    "inf",
    "-inf",
    "-0",
    "0",
    "1",
    "99999999999999999999",
    "4294967296",
    "\u{feff}",
    "\0",
    "\r",
    "\r\n",
    "\n\n",
    "\t",
    ",",
    ",,,,",
    ";",
    ":",
    "\"",
    "'",
    "/",
    "//",
    "#",
    "=",
    "(",
    ")",
    "[[[[",
    "]",
    "{",
    "Begin",
    "End",
    "**",
    "é",
    "\u{1f600}",
    "NULL=",
    "9999f9999.9",
    "-",
];

/// Calls `read` with `count` texts made from `corpus`; the first ones are the texts of `corpus` unchanged.
pub(crate) fn fuzz(corpus: &[String], count: usize, mut read: impl FnMut(&str)) {
    let mut rng = ChaCha8Rng::seed_from_u64(count as u64);
    let before = peak_kb();
    for i in 0..count {
        let text = corpus.get(i).cloned().unwrap_or_else(|| mutated(corpus, &mut rng));
        let started = Instant::now();
        read(&text);
        let took = started.elapsed();
        assert!(took < PATIENCE, "took {took:?}:\n{text}");
    }
    let grown = peak_kb().saturating_sub(before);
    assert!(grown < MEMORY_KB, "the memory grew by {grown} kB");
    println!("{count} inputs, the memory grew by {grown} kB");
}

fn mutated(corpus: &[String], rng: &mut impl Rng) -> String {
    let mut bytes = corpus[rng.random_range(0..corpus.len())].clone().into_bytes();
    for _ in 0..rng.random_range(1..8) {
        mutate(&mut bytes, corpus, rng);
        bytes.truncate(LONGEST);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn mutate(bytes: &mut Vec<u8>, corpus: &[String], rng: &mut impl Rng) {
    let at = rng.random_range(0..=bytes.len());
    let end = (at + rng.random_range(0..40)).min(bytes.len());
    match rng.random_range(0..9) {
        0 => {
            bytes.drain(at..end);
        }
        1 => bytes.truncate(at),
        2 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << rng.random_range(0..8);
            }
        }
        3 => {
            let copy = bytes[at..end].to_vec();
            let to = rng.random_range(0..=bytes.len());
            bytes.splice(to..to, copy);
        }
        4 => {
            let other = corpus[rng.random_range(0..corpus.len())].as_bytes();
            let from = rng.random_range(0..=other.len());
            bytes.truncate(at);
            bytes.extend_from_slice(&other[from..]);
        }
        5 => {
            // A whole number between other characters.
            let digits = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            let token = TOKENS[rng.random_range(0..12)];
            bytes.splice(at..at + digits, token.bytes());
        }
        6 => {
            let token = TOKENS[rng.random_range(0..TOKENS.len())];
            let repeats = if rng.random_range(0..20) == 0 { 500 } else { 1 };
            bytes.splice(at..at, token.repeat(repeats).into_bytes());
        }
        7 => {
            let mut lines: Vec<&[u8]> = bytes.split(|&byte| byte == b'\n').collect();
            let (a, b) = (rng.random_range(0..lines.len()), rng.random_range(0..lines.len()));
            lines.swap(a, b);
            *bytes = lines.join(&b'\n');
        }
        _ => {
            let token = TOKENS[rng.random_range(0..TOKENS.len())];
            bytes.splice(at..end, token.bytes());
        }
    }
}

/// Returns the beginning of a shared real file, if there is one.
pub(crate) fn real(name: &str, lines: usize) -> Option<String> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/field");
    let folder = std::env::var_os("GEOBIPY_FIELD").map_or(beside, PathBuf::from);
    let bytes = std::fs::read(folder.join(name)).ok()?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Some(text.lines().take(lines).fold(String::new(), |all, line| all + line + "\n"))
}

/// Returns the largest memory that this process has had, if the system gives it.
fn peak_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok()).unwrap_or(0)
}
