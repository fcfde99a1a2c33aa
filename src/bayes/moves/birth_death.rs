//! Birth and death of several interfaces at once.
//!
//! With one interface at a time the layer count would change by single steps, and it is the slowest quantity of all.
//! Groups of r in {1, 2, 3, 5, 8} interfaces cross its range faster. With n interfaces before a birth,
//!
//! ```text
//! q(birth) = 1/2 p(r) r! prod g(z_j) prod N(m_j | layer above),   q(death) = 1/2 p(r) / C(n + r, r)
//! q(birth) / q(death) = (n + r)! / n! prod g(z_j) prod N(m_j | layer above)
//! ```
//!
//! where r! is the number of orders in which the same set may be drawn. Values are drawn from the top down from their
//! prior given the layer above in the new model. The new coordinates are the drawn ones, so that the Jacobian is 1.

use rand::{Rng, RngExt};

use super::definition::{Context, MoveDefinition, NoProposal, Proposal, inside};
use crate::bayes::model::Model;
use crate::earth::LayeredEarth;

const GROUP_SIZES: [usize; 5] = [1, 2, 3, 5, 8];

/// Indices of a group's interfaces, ascending.
struct InterfaceGroup {
    len: usize,
    indices: [usize; 8],
}

impl InterfaceGroup {
    fn indices(&self) -> &[usize] {
        &self.indices[..self.len]
    }
}

pub(super) const MOVE: MoveDefinition = MoveDefinition::new("birth_death", 0.15, propose);

fn propose(candidate: &mut Model, context: &mut Context, rng: &mut dyn Rng) -> Proposal {
    let group = GROUP_SIZES[rng.random_range(0..GROUP_SIZES.len())];
    let earth = &mut candidate.earth;
    if rng.random::<bool>() {
        inside(earth.layer_count() + group <= context.prior.layer_count.maximum())?;
        let born = give_birth(earth, group, context, rng);
        // An illegal spacing is rejected in any case, and then its density need not be computed.
        inside(context.prior.interfaces.allows(earth.interface_depth_m()))?;
        Ok(-ln_birth_over_death(earth, &born, context))
    } else {
        let interface_count = earth.interface_depth_m().len();
        if group > interface_count {
            return Err(NoProposal::NothingToMove);
        }
        let dying = choose_subset(interface_count, group, rng);
        let ln_ratio = ln_birth_over_death(earth, &dying, context);
        for &interface in dying.indices().iter().rev() {
            earth.remove(interface);
        }
        Ok(ln_ratio)
    }
}

/// Inserts `group` interfaces from g and draws their values from the top down; returns their indices, ascending.
fn give_birth(earth: &mut LayeredEarth, group: usize, context: &Context, rng: &mut dyn Rng) -> InterfaceGroup {
    let mut new_depths = [0.0; 8];
    let new_depths = &mut new_depths[..group];
    new_depths.iter_mut().for_each(|z| *z = context.prior.interfaces.draw_one(rng));
    new_depths.sort_unstable_by(f64::total_cmp);
    let mut born = InterfaceGroup { len: group, indices: [0; 8] };
    for (index, &z) in born.indices.iter_mut().zip(&*new_depths) {
        *index = earth.insert(z);
        let (mean, std) = given_layer_above(earth, *index, context);
        let (_, values) = earth.parts_mut();
        values[*index + 1] = context.prior.conductivity.draw_one(mean, std, rng);
    }
    born
}

/// Returns ln [q(birth) / q(death)] of the interfaces `born` in `larger`, the earth with n + r interfaces.
fn ln_birth_over_death(larger: &LayeredEarth, born: &InterfaceGroup, context: &Context) -> f64 {
    let prior = context.prior;
    let ln_density: f64 = (born.indices().iter())
        .map(|&interface| {
            let (mean, std) = given_layer_above(larger, interface, context);
            prior.interfaces.ln_density_of_one(larger.interface_depth_m()[interface])
                + prior.conductivity.ln_density_of_one(larger.ln_conductivity()[interface + 1], mean, std)
        })
        .sum();
    let larger_count = larger.interface_depth_m().len();
    let factorials: f64 = (larger_count - born.len + 1..=larger_count).map(|i| i as f64).product();
    ln_density + factorials.ln()
}

/// Returns the prior mean and standard deviation of the layer below `interface`, given the layer above.
fn given_layer_above(earth: &LayeredEarth, interface: usize, context: &Context) -> (f64, f64) {
    context.prior.conductivity.below(earth.ln_conductivity()[interface], earth.thickness_m(interface))
}

/// Returns `count` different numbers below `total`, ascending, every subset with the same probability (Knuth's
/// algorithm S).
fn choose_subset(total: usize, count: usize, rng: &mut dyn Rng) -> InterfaceGroup {
    let mut chosen = InterfaceGroup { len: 0, indices: [0; 8] };
    for i in 0..total {
        if rng.random_range(0..total - i) < count - chosen.len {
            chosen.indices[chosen.len] = i;
            chosen.len += 1;
        }
    }
    chosen
}
