"""Coverage of 90 % intervals when standard deviations are relative to the observed datum (docs/sampler.md).

There are N data d = 1 + r e of a scale that is 1, with normal e. The sampler's likelihood gives each datum the standard deviation
r |d|, so that the posterior of the scale is normal with precision sum 1/(r d)^2 and mean sum 1/d / sum 1/d^2.

Usage: python3 studies/observed_noise.py
"""

import math
import random

EXPERIMENTS = {12: 20_000, 36: 8_000}
HALF_WIDTH = 1.6448536269514722  # standard deviations, half width of a normal 90 % interval


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
