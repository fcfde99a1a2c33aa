"""Tests whether ranks of the truth among posterior samples are uniform; the statistics of studies/calibration.py.

Ranks become numbers in (0, 1), which are uniform exactly if the truth is one more sample of its posterior. The tests use only
their counts in cells of (0, 1).
"""

import math
from functools import cache

import numpy as np

CELLS = 100


def ranks(truth, samples, rng):
    """Returns the rank of each truth among its row of samples, in (0, 1); ties, and the place within a rank, are random."""
    below, equal = (np.sum(compare(samples, truth[:, None]), axis=1) for compare in (np.less, np.equal))
    return (below + (equal + 1) * rng.random(len(truth))) / (samples.shape[1] + 1)


def histogram(values):
    return np.histogram(values, CELLS, (0.0, 1.0))[0]


def bin_count(draws):
    return 20 if draws >= 200 else 10


def chi_square_tail(statistic, freedom):
    """Returns the upper tail probability; the incomplete gamma function is a finite sum for an odd number of degrees of freedom."""
    half = np.asarray(statistic) / 2.0
    terms = (np.exp(-half) * half ** (j - 0.5) / math.gamma(j + 0.5) for j in range(1, (freedom + 1) // 2))
    return np.vectorize(math.erfc)(np.sqrt(half)) + sum(terms)


def chi_square_p(cells):
    """Returns p of bins with equal probability, along the last axis."""
    draws = cells.sum(axis=-1, keepdims=True)
    bins = bin_count(draws.flat[0])
    counts = cells.reshape(*cells.shape[:-1], bins, -1).sum(axis=-1)
    return chi_square_tail(((counts - draws / bins) ** 2 / (draws / bins)).sum(axis=-1), bins - 1)


class Ecdf:
    """Simultaneous test of the ECDF at the bounds of cells (Sailynoja, Buerkner & Vehtari 2022). The count up to each bound is
    binomial. The test statistic is the smallest tail probability of all bounds, whose distribution is computed, not simulated.
    """

    def __init__(self, draws):
        self.draws = draws
        self.bounds = np.arange(1, CELLS) / CELLS
        count = np.arange(draws + 1)
        ln_factorial = np.cumsum(np.log(np.maximum(count, 1)))
        ln_choose = ln_factorial[-1] - ln_factorial - ln_factorial[::-1]
        z = self.bounds[:, None]
        density = np.exp(ln_choose + count * np.log(z) + count[::-1] * np.log1p(-z))
        lower, upper = np.cumsum(density, axis=1), np.cumsum(density[:, ::-1], axis=1)[:, ::-1]
        self.tail = 2.0 * np.minimum(lower, upper)  # by (bound, count)
        # Poisson counts in cells are multinomial when their sum is fixed.
        self.in_cell = np.exp(count * np.log(draws / CELLS) - draws / CELLS - ln_factorial)
        self.in_all = np.exp(draws * np.log(draws) - draws - ln_factorial[-1])

    def strangest(self, cells):
        """Returns the smallest tail probability of a bound, along the last axis."""
        count = np.cumsum(cells, axis=-1)[..., :-1]
        return self.tail[np.arange(CELLS - 1), count].min(axis=-1)

    def p(self, level):
        """Returns the probability that uniform numbers have a tail probability as small as `level`."""
        reached = np.zeros(self.draws + 1)
        reached[0] = 1.0
        for tail in self.tail:
            reached = np.convolve(reached, self.in_cell)[: self.draws + 1] * (tail > level)
        inside = np.dot(reached, self.in_cell[::-1]) / self.in_all
        return max(1.0 - inside, 1e-12)  # smaller values are rounding

    @cache
    def level(self, alpha):
        """Returns the largest level whose probability is at most `alpha`."""
        low, high = alpha * 1e-4, alpha
        while high / low > 1.0001:
            middle = math.sqrt(low * high)
            low, high = (middle, high) if self.p(middle) <= alpha else (low, middle)
        return low

    def envelope(self, alpha):
        """Returns the smallest and largest ECDF at the bounds that do not fail."""
        inside = self.tail > self.level(alpha)
        return np.argmax(inside, axis=1) / self.draws, (self.draws - np.argmax(inside[:, ::-1], axis=1)) / self.draws


def self_test(draws, alpha):
    """Checks that false alarms are as frequent as stated, and that posteriors that are too narrow or shifted are found."""
    assert np.allclose(chi_square_tail([30.1435, 36.1909], 19), [0.05, 0.01], rtol=1e-4)
    rng = np.random.default_rng(1)
    for count in (100, draws):
        uniform = rng.multinomial(count, np.full(CELLS, 1.0 / CELLS), size=50_000)
        for level in (0.05, 0.01, alpha):
            false_alarms(count, uniform, level)
    # The truth is standard normal, and so is the noise of its datum: the posterior has mean datum / 2 and variance 1/2.
    truth = rng.normal(size=draws)
    datum = truth + rng.normal(size=draws)
    for what, width, shift in (("right", 1.0, 0.0), ("too narrow", 0.7, 0.0), ("too wide", 1.5, 0.0), ("off", 1.0, 0.4)):
        samples = datum[:, None] / 2 + math.sqrt(0.5) * (width * rng.normal(size=(draws, 200)) + shift)
        for kind, scale in (("reals", 1e9), ("integers", 3.0)):
            cells = histogram(ranks(np.round(truth * scale), np.round(samples * scale), rng))
            ecdf = Ecdf(draws)
            p = float(chi_square_p(cells)), ecdf.p(ecdf.strangest(cells))
            print(f"{what}, {kind}: chi-square p {p[0]:.2g}, ECDF p {p[1]:.2g}")
            assert (min(p) <= alpha) == (what != "right"), what


def false_alarms(draws, uniform, level):
    ecdf = Ecdf(draws)
    shares = np.mean(chi_square_p(uniform) <= level), np.mean(ecdf.strangest(uniform) <= ecdf.level(level))
    print(f"{draws} draws: {level:.5f} false alarms stated; chi-square {shares[0]:.5f}, ECDF {shares[1]:.5f}")
    # Counts are discrete, and chi-square is an approximation: both are accurate to a fifth. Four standard errors are added.
    error = 4.0 * math.sqrt(level / len(uniform))
    assert all(abs(share - level) <= 0.2 * level + error for share in shares)
