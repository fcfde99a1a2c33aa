//! Random numbers: each chain of each sounding has its own stream, whichever process computes it.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// The generator of one chain.
pub type ChainRng = ChaCha8Rng;

/// Returns the stream of (`seed`, `line_number`, `fiducial`, `chain`). These four are the 256-bit key of ChaCha8, so
/// that two chains never share a stream and the order of soundings has no effect. Chains are counted from 0; other
/// users take stream numbers from the largest number downwards.
pub fn chain_rng(seed: u64, line_number: f64, fiducial: f64, chain: u64) -> ChainRng {
    let words = [seed, line_number.to_bits(), fiducial.to_bits(), chain];
    let mut key = [0; 32];
    for (bytes, word) in key.chunks_exact_mut(8).zip(words) {
        bytes.copy_from_slice(&word.to_le_bytes());
    }
    ChainRng::from_seed(key)
}

#[cfg(test)]
mod tests {
    use rand::RngExt;

    use super::*;

    #[test]
    fn streams_differ_in_every_part_of_the_key_and_repeat() {
        let first = |seed, line, fiducial, chain| chain_rng(seed, line, fiducial, chain).random::<u64>();
        let base = first(1, 30010.0, 5.0, 0);
        assert_eq!(base, first(1, 30010.0, 5.0, 0));
        let others = [
            first(2, 30010.0, 5.0, 0),
            first(1, 30010.5, 5.0, 0),
            first(1, 30010.0, 5.1, 0),
            first(1, 30010.0, 5.0, 1),
        ];
        assert!(others.iter().all(|&other| other != base));
    }
}
