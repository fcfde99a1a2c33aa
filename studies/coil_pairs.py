"""Responses of coil pairs of any axes over layered earths, by direct quadrature: tests/data/coil_pairs_quadrature.csv.

    python3 studies/coil_pairs.py > tests/data/coil_pairs_quadrature.csv

The script shares no code and no method with the program: it integrates over the horizontal wavenumber on a path above the
real axis, with both reflection coefficients (TE and TM) from recursions of admittances and impedances, and displacement
currents everywhere. Before it writes anything it checks the formulas: with the reflection coefficients of a perfect conductor
they must give the field of the image dipole, which has a closed form.

Needs numpy and scipy.
"""

import sys

import numpy as np
from scipy.special import jv

MU_0 = 1.25663706212e-6
EPSILON_0 = 8.8541878128e-12
AXES = "xyz"


def path(length, pieces=400, order=24):
    """Points and weights of Gauss-Legendre quadrature over wavenumbers from 0 to 60 / length, above the real axis."""
    nodes, weights = np.polynomial.legendre.leggauss(order)
    # Geometric pieces: the integrand changes quickly near 0, where the free-space wavenumber is.
    bounds = np.concatenate([[0.0], np.geomspace(1e-9, 1.0, pieces)]) * 60.0 / length
    half = 0.5 * np.diff(bounds)
    t = (bounds[:-1] + half)[:, None] + half[:, None] * nodes
    w = half[:, None] * weights
    bend, scale = 0.5, 2.0 / length
    lam = t + 1j * bend * t * np.exp(-t / scale)
    return lam.ravel(), (w * (1.0 + 1j * bend * (1.0 - t / scale) * np.exp(-t / scale))).ravel()


def reflections(lam, omega, conductivity, thickness):
    """TE and TM reflection coefficients of the earth, for H."""
    k2 = omega**2 * MU_0 * EPSILON_0
    u0 = np.sqrt(lam**2 - k2)
    complex_conductivity = [s + 1j * omega * EPSILON_0 for s in conductivity]
    u = [np.sqrt(lam**2 + 1j * omega * MU_0 * s) for s in complex_conductivity]

    def surface(own):
        value = own[-1]
        for layer in range(len(thickness) - 1, -1, -1):
            tanh = np.tanh(u[layer] * thickness[layer])
            value = own[layer] * (value + own[layer] * tanh) / (own[layer] + value * tanh)
        return value

    admittance = surface([ui / (1j * omega * MU_0) for ui in u])
    impedance = surface([ui / s for ui, s in zip(u, complex_conductivity)])
    y0, z0 = u0 / (1j * omega * MU_0), u0 / (1j * omega * EPSILON_0)
    return (y0 - admittance) / (y0 + admittance), (z0 - impedance) / (z0 + impedance)


def secondary(lam, weight, omega, axes, offset, length, r_te, r_tm):
    """4 pi times the secondary field of a unit dipole; `length` is the path up and down."""
    k2 = omega**2 * MU_0 * EPSILON_0
    u0 = np.sqrt(lam**2 - k2)
    rho = np.hypot(*offset[:2])
    decay = np.exp(-u0 * length) * weight
    across = lam * jv(1, lam * rho) / rho
    along = lam**2 * jv(0, lam * rho) - across
    tx, rx = axes
    if tx == rx == 2:
        return np.sum(r_te * decay * lam**3 / u0 * jv(0, lam * rho))
    if 2 in axes:
        horizontal = min(axes)
        sign = 1.0 if tx == 2 else -1.0
        return sign * offset[horizontal] / rho * np.sum(r_te * decay * lam**2 * jv(1, lam * rho))
    cos2 = (offset[tx] / rho) ** 2
    te = cos2 * along + (1.0 - cos2) * across
    tm = (1.0 - cos2) * along + cos2 * across
    return np.sum(decay * (r_te * u0 / lam * te + r_tm * k2 / (lam * u0) * tm))


def free_space(omega, axes, vector):
    """4 pi times the field at `vector` from a unit dipole: (k^2 + grad grad) exp(-i k r)/r."""
    k = omega * np.sqrt(MU_0 * EPSILON_0)
    r = np.linalg.norm(vector)
    n = np.asarray(vector) / r
    tx, rx = axes
    same = 1.0 if tx == rx else 0.0
    near = (3.0 * n[tx] * n[rx] - same) * (1.0 + 1j * k * r) / r**3
    far = k**2 * (same - n[tx] * n[rx]) / r
    return (near + far) * np.exp(-1j * k * r)


def check_image():
    """The formulas with a perfect conductor's reflection coefficients against the image dipole."""
    for hz in [900.0, 25e3, 140e3]:
        omega = 2.0 * np.pi * hz
        for offset in [(8.0, 0.0, 0.0), (0.0, 21.4, 0.0), (6.0, -7.0, 0.5), (-5.0, 3.0, 1.0)]:
            for height in [30.0, 60.0]:
                length = 2.0 * height + offset[2]
                lam, weight = path(length)
                for axes in PAIRS:
                    got = secondary(lam, weight, omega, axes, offset, length, -1.0, 1.0)
                    # A vertical dipole is turned by the conductor, a horizontal one is not.
                    sign = -1.0 if axes[0] == 2 else 1.0
                    expected = sign * free_space(omega, axes, (offset[0], offset[1], length))
                    size = 1.0 / length**3
                    assert abs(got - expected) < 1e-9 * size, (hz, offset, axes, got, expected)


PAIRS = [(0, 0), (1, 1), (2, 2), (0, 2), (2, 0), (1, 2), (2, 1)]
EARTHS = [([1e-3], []), ([0.02], []), ([0.3], []), ([0.005, 0.2, 0.01], [12.0, 25.0]), ([0.1, 0.002], [8.0])]
OFFSETS = [(8.0, 0.0, 0.0), (0.0, 21.4, 0.0), (6.0, -7.0, 0.5), (-6.3, 2.0, -0.3)]


def main():
    check_image()
    print("freq,tor,ror,rx,ry,rzoff,height,conductivity,thickness,in_phase,quadrature")
    for hz in [912.0, 3125.0, 14368.0, 56000.0]:
        omega = 2.0 * np.pi * hz
        for offset in OFFSETS:
            for axes in PAIRS:
                horizontal = min(axes)
                if axes[0] != axes[1] and offset[horizontal] == 0.0:
                    continue
                for conductivity, thickness in EARTHS:
                    height = 32.0 if len(thickness) % 2 == 0 else 56.0
                    length = 2.0 * height + offset[2]
                    lam, weight = path(length)
                    r_te, r_tm = reflections(lam, omega, conductivity, thickness)
                    field = secondary(lam, weight, omega, axes, offset, length, r_te, r_tm)
                    if axes[0] == axes[1]:
                        primary = free_space(omega, axes, offset)
                    else:
                        # Pairs of different axes are relative to coplanar coils at their distance.
                        primary = free_space(omega, (2, 2), (np.linalg.norm(offset), 0.0, 0.0))
                    ppm = 1e6 * field / primary
                    names = [AXES[axes[0]], AXES[axes[1]]]
                    numbers = [f"{hz:.0f}", *names, *(f"{x}" for x in offset), f"{height}"]
                    earth = [" ".join(f"{s}" for s in conductivity), " ".join(f"{h}" for h in thickness)]
                    print(",".join([*numbers, *earth, f"{ppm.real:.9e}", f"{ppm.imag:.9e}"]))


if __name__ == "__main__":
    sys.exit(main())
