"""How often 90 % intervals hold the truth when standard deviations are relative to the observed datum (docs/simulate.md).

N data d = 1 + r e of a scale that is 1, e normal; its posterior under the sampler's likelihood, where the standard deviation of
each datum is r |d|, is normal with precision sum 1/(r d)^2 and mean sum 1/d / sum 1/d^2.

Usage: python3 studies/observed_noise.py
"""

import math
import random

EXPERIMENTS = {12: 20_000, 36: 8_000}
HALF_WIDTH = 1.6448536269514722  # of a normal 90 % interval, in standard deviations


def holds(rng, count, relative):
    data = [1.0 + relative * rng.gauss(0.0, 1.0) for _ in range(count)]
    weight = sum(1.0 / d**2 for d in data)
    mean = sum(1.0 / d for d in data) / weight
    return abs(mean - 1.0) <= HALF_WIDTH * relative / math.sqrt(weight)


def main():
    rng = random.Random(1)
    print("| r |" + "".join(f" {count} data |" for count in EXPERIMENTS))
    print("|---|" + "---|" * len(EXPERIMENTS))
    for relative in (0.01, 0.03, 0.05, 0.1, 0.2):
        shares = (sum(holds(rng, n, relative) for _ in range(tries)) / tries for n, tries in EXPERIMENTS.items())
        print(f"| {relative} |" + "".join(f" {100 * share:.0f} % |" for share in shares))


if __name__ == "__main__":
    main()
