//! Birth and death of several interfaces at once.
//!
//! One interface at a time lets the layer count diffuse by single steps, and it is the slowest quantity of all; groups
//! of r in {1, 2, 3, 5, 8} take it across its range. With n interfaces before a birth,
//!
//! ```text
//! q(birth) = 1/2 p(r) r! prod g(z_j) prod N(m_j | layer above),   q(death) = 1/2 p(r) / C(n + r, r)
//! ```
//!
//! where the r! is the number of orders in which the same set may be drawn and the values are drawn from the top down
//! from their prior given the layer above in the new model. The new coordinates are the drawn ones: the Jacobian is 1.

use rand::{Rng, RngExt};

use super::{Context, Definition};
use crate::bayes::state::Model;
use crate::earth::LayeredEarth;

const GROUP_SIZES: [usize; 5] = [1, 2, 3, 5, 8];

/// Indices of a group's interfaces, ascending.
struct Group {
    len: usize,
    indices: [usize; 8],
}

impl Group {
    fn indices(&self) -> &[usize] {
        &self.indices[..self.len]
    }
}

pub(super) const MOVE: Definition = Definition::new("birth_death", 0.15, propose);

fn propose(current: &Model, candidate: &mut Model, context: &mut Context, rng: &mut dyn Rng) -> Option<f64> {
    let group = GROUP_SIZES[rng.random_range(0..GROUP_SIZES.len())];
    let interface_count = current.earth.interface_depth_m().len();
    let birth = rng.random::<bool>();
    if birth {
        if interface_count + group + 1 > context.prior.layer_count.maximum() {
            return None;
        }
        let born = give_birth(&mut candidate.earth, group, context, rng);
        // An illegal spacing would be rejected anyway, and its values need not be computed.
        context.prior.interfaces.allows(candidate.earth.interface_depth_m()).then_some(())?;
        Some(-ln_birth_over_death(&candidate.earth, &born, context))
    } else {
        if group > interface_count {
            return None;
        }
        let dying = choose_subset(interface_count, group, rng);
        let (depths, values) = candidate.earth.parts_mut();
        for &interface in dying.indices().iter().rev() {
            depths.remove(interface);
            values.remove(interface + 1);
        }
        Some(ln_birth_over_death(&current.earth, &dying, context))
    }
}

/// Inserts `group` interfaces from g and draws their values top down; returns their indices, ascending.
fn give_birth(earth: &mut LayeredEarth, group: usize, context: &Context, rng: &mut dyn Rng) -> Group {
    let mut new_depths = [0.0; 8];
    let new_depths = &mut new_depths[..group];
    new_depths.iter_mut().for_each(|z| *z = context.prior.interfaces.draw_one(rng));
    new_depths.sort_unstable_by(f64::total_cmp);
    let (depths, values) = earth.parts_mut();
    let mut born = Group { len: group, indices: [0; 8] };
    for (index, &z) in born.indices.iter_mut().zip(&*new_depths) {
        let at = depths.partition_point(|&other| other < z);
        depths.insert(at, z);
        let top = if at == 0 { 0.0 } else { depths[at - 1] };
        let (mean, std) = context.prior.conductivity.below(values[at], z - top);
        values.insert(at + 1, context.prior.conductivity.draw_one(mean, std, rng));
        *index = at;
    }
    born
}

/// ln of density of giving birth to the interfaces `born` of `larger` over the probability of choosing them to die.
fn ln_birth_over_death(larger: &LayeredEarth, born: &Group, context: &Context) -> f64 {
    let prior = context.prior;
    let mut ln_ratio = 0.0;
    for (i, &interface) in born.indices().iter().enumerate() {
        let (mean, std) = prior.conductivity.below(larger.ln_conductivity()[interface], larger.thickness_m(interface));
        ln_ratio += prior.interfaces.ln_density_of_one(larger.interface_depth_m()[interface])
            + prior.conductivity.ln_density_of_one(larger.ln_conductivity()[interface + 1], mean, std);
        // r! C(n + r, r) = (n + r)! / n!, factor by factor; `make calibrate` has to notice that they are gone.
        if !cfg!(wrong_ratio) {
            ln_ratio += ((larger.interface_depth_m().len() - i) as f64).ln();
        }
    }
    ln_ratio
}

/// `count` different numbers below `total`, ascending, every subset alike (Knuth's algorithm S).
fn choose_subset(total: usize, count: usize, rng: &mut dyn Rng) -> Group {
    let mut chosen = Group { len: 0, indices: [0; 8] };
    for i in 0..total {
        if rng.random_range(0..total - i) < count - chosen.len {
            chosen.indices[chosen.len] = i;
            chosen.len += 1;
        }
    }
    chosen
}
