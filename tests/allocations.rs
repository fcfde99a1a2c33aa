//! The sampling loop does not allocate: it runs billions of times, so that allocations would cost time and memory.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicU64, Ordering};

use geobipy::bayes::{Chain, GaussNewton, Likelihood, Target, chain_rng};

#[allow(dead_code)]
mod sampler_support;
#[allow(dead_code)]
mod tdem_support;

struct Counting;

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);

// SAFETY: passes everything on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Would catch: a move, a prior, a likelihood or a forward model that makes a vector at every call.
#[test]
fn the_sampling_loop_allocates_nothing() {
    for sounding in tdem_support::soundings() {
        let target = Target::new(sounding.prior.clone(), Likelihood::new(&sounding.observed, None, &sounding.noise));
        let mut forward = sounding.forward();
        let mut rng = chain_rng(7, 0.0, 0.0, 0);
        let mut chain = Chain::new(target.prior.draw(&mut rng), &target, &mut forward, rng);
        let depths = GaussNewton::cell_depths_m(target.prior.interfaces.maximum_depth_m());
        let profile = vec![target.prior.conductivity.mean; depths.len()];
        let measured = target.prior.geometry.measured();
        let linearised = GaussNewton::new(profile, measured, &target.prior, &target.likelihood, &mut forward);
        chain.set_gauss_newton(linearised);
        // Vectors grow to the largest model so far.
        (0..20_000).for_each(|_| chain.iterate(&target, &mut forward));
        chain.freeze();
        let before = ALLOCATIONS.load(Ordering::Relaxed);
        (0..5_000).for_each(|_| chain.iterate(&target, &mut forward));
        let allocations = ALLOCATIONS.load(Ordering::Relaxed) - before;
        // A model larger than all before may still make some vectors grow.
        assert!(allocations < 20, "{}: {allocations} allocations in 5000 iterations", sounding.name);
    }
}
