"""The same passes as `loops` and `storing`, in numpy and scipy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from commonground.ask.engine.compiled import PASS

type Ints = NDArray[np.int64]
type Numbers = NDArray[np.integer]
type Signs = NDArray[np.int8]
type Marks = NDArray[np.uint64]
type Floats = NDArray[np.float64]


def rows_of(starts: Ints) -> Numbers:
    return np.repeat(np.arange(len(starts) - 1, dtype=np.int32), np.diff(starts))


def by_row(
    row: Numbers, column: Numbers, votes: Signs, keys: Numbers, starts: Ints, c: Numbers, v: Signs
) -> None:
    """Turning a table of one row is a counting sort, and scipy's is compiled."""
    both = column.astype(np.int64) * 4 + votes + 1
    ends = np.array([0, len(row)])
    turned = csr_array((both, row, ends), shape=(1, len(starts) - 1)).tocsc()
    starts[:] = turned.indptr
    c[:], v[:] = turned.data >> 2, (turned.data & 3) - 1


def last_only(starts: Ints, c: Numbers, v: Signs, many: int) -> int:
    turned = table(starts, c, v, many).tocsc()
    twice = turned.indices[1:] == turned.indices[:-1]
    borders = turned.indptr[(turned.indptr > 0) & (turned.indptr < len(c))] - 1
    twice[borders] = False
    return last_of_many(starts, c, v, many) if twice.any() else len(c)


def last_of_many(starts: Ints, c: Numbers, v: Signs, many: int) -> int:
    key = rows_of(starts) * np.int64(many) + c
    order = np.argsort(key, kind="stable")
    fresh = np.append([True], key[order[1:]] != key[order[:-1]])
    last, first = order[np.append(fresh[1:], [True])], order[fresh]
    place = np.argsort(first)  # where the statement was first met, with the vote that came last
    rows = rows_of(starts)[first[place]]
    left = len(first)
    c[:left], v[:left] = c[first[place]], v[last[place]]
    starts[1:] = np.cumsum(np.bincount(rows, minlength=len(starts) - 1))
    return left


def rearrange(
    starts: Ints, c: Numbers, v: Signs, rows: Ints, number: Ints,
    new_starts: Ints, new_c: Numbers, new_v: Signs,
) -> None:  # fmt: skip
    by_column = table(starts, c, v, len(number)).tocsc()
    new = by_column[:, np.argsort(number)].tocsr()[rows]
    new_starts[:], new_c[:], new_v[:] = new.indptr, new.indices, new.data


def pick(
    starts: Ints, c: Numbers, v: Signs, rows: Ints, new_starts: Ints, new_c: Numbers, new_v: Signs
) -> None:
    many = np.diff(new_starts)
    at = np.arange(new_starts[-1]) + np.repeat(starts[rows] - new_starts[:-1], many)
    new_c[:], new_v[:] = c[at], v[at]


def find(starts: Ints, c: Numbers, row: Ints, column: Ints, at: Ints) -> None:
    """All searches halve together."""
    low, high = starts[row], starts[row + 1]
    while (low < high).any():
        middle = (low + high) // 2
        right = (low < high) & (c[np.minimum(middle, len(c) - 1)] < column)
        low, high = np.where(right, middle + 1, low), np.where(right | (low >= high), high, middle)
    at[:] = low


def keep(
    starts: Ints, c: Numbers, v: Signs, kept: NDArray[np.bool_],
    new_starts: Ints, new_c: Numbers, new_v: Signs,
) -> None:  # fmt: skip
    new_starts[:] = np.concatenate(([0], np.cumsum(kept)))[starts]
    new_c[: new_starts[-1]], new_v[: new_starts[-1]] = c[kept], v[kept]


def insert(
    c: Numbers, v: Signs, at: Ints, more_c: Numbers, more_v: Signs, new_c: Numbers, new_v: Signs
) -> None:
    new_c[:], new_v[:] = np.insert(c, at, more_c), np.insert(v, at, more_v)


def add_to_rows(starts: Ints, c: Numbers, v: Signs, marks: Marks, out: Marks) -> None:
    sums = np.concatenate(([np.uint64(0)], np.cumsum(marks[c, v + 1], dtype=np.uint64)))
    out += sums[starts[1:]] - sums[starts[:-1]]


def add_to_columns(starts: Ints, c: Numbers, v: Signs, marks: Marks, out: Marks) -> None:
    np.add.at(out, c, marks[rows_of(starts), v + 1])


def count(c: Numbers, v: Signs, out: Ints) -> None:
    out += np.bincount(c * np.int64(3) + v + 1, minlength=out.size).reshape(out.shape)


def count_by_group(starts: Ints, c: Numbers, v: Signs, group: Ints, out: Ints) -> None:
    of = group[rows_of(starts)]
    key = ((of * out.shape[1] + c) * 3 + v + 1)[of >= 0]
    out += np.bincount(key, minlength=out.size).reshape(out.shape)


def table(starts: Ints, c: Numbers, values: NDArray[np.generic], many: int) -> csr_array:
    return csr_array((values, c.astype(np.int32), starts), shape=(len(starts) - 1, many))


def residual(
    starts: Ints, c: Numbers, v: Signs, mean: Floats, slope: Floats, style: Floats
) -> Floats:
    left: Floats = v - mean[c] - np.repeat(style, np.diff(starts)) * slope[c]
    return left


def halved(v: Signs) -> Floats:
    return np.where(v == 0, PASS, 1.0)


def style_pass(
    starts: Ints, c: Numbers, v: Signs, weight: Floats, mean: Floats, slope: Floats,
    shrink: float, style: Floats, n: Floats, total: Floats,
) -> None:  # fmt: skip
    rows, w, many = rows_of(starts), halved(v), len(style)
    up = np.bincount(rows, w * slope[c] * (v - mean[c]), many)
    style[:] = up / (shrink + np.bincount(rows, w * slope[c] ** 2, many))
    w = w * weight[rows]
    n += np.bincount(c, w, len(n))
    total += np.bincount(c, w * (v - style[rows] * slope[c]), len(n))


def spread_pass(
    starts: Ints, c: Numbers, v: Signs, weight: Floats, mean: Floats, slope: Floats,
    style: Floats, n: Floats, squares: Floats,
) -> None:  # fmt: skip
    w = halved(v) * np.repeat(weight, np.diff(starts))
    z = residual(starts, c, v, mean, slope, style)
    n += np.bincount(c, w, len(n))
    squares += np.bincount(c, w * z * z, len(n))


def gram_pass(
    starts: Ints, c: Numbers, v: Signs, weight: Floats, mean: Floats, slope: Floats,
    style: Floats, basis: Floats, out: Floats,
) -> None:  # fmt: skip
    gram_again(*gram_given(starts, c, v, weight, mean, slope, style), basis, out)


def gram_given(
    starts: Ints, c: Numbers, v: Signs, weight: Floats, mean: Floats, slope: Floats, style: Floats
) -> tuple[csr_array, Floats]:
    """What `gram_again` asks for: for many bases the residuals are worked out once."""
    return table(starts, c, residual(starts, c, v, mean, slope, style), len(mean)), weight


def gram_again(z: csr_array, weight: Floats, basis: Floats, out: Floats) -> None:
    out += z.T @ (weight[:, None] * (z @ basis))


def place_pass(
    starts: Ints, c: Numbers, v: Signs, mean: Floats, slope: Floats,
    style: Floats, basis: Floats, out: Floats, squares: Floats,
) -> None:  # fmt: skip
    out += table(starts, c, residual(starts, c, v, mean, slope, style), len(mean)) @ basis
    seen = table(starts, c, np.ones(len(c)), len(mean))
    for a in range(basis.shape[1]):
        for b in range(a + 1):
            squares[:, a, b] += seen @ (basis[:, a] * basis[:, b])


def group_pass(
    starts: Ints, c: Numbers, v: Signs, weight: Floats, mean: Floats, slope: Floats,
    style: Floats, precision: Floats, deviation: Floats, log_share: Floats,
    member: Floats, n: Floats, total: Floats,
) -> float:  # fmt: skip
    w = halved(v)
    z = table(starts, c, w * residual(starts, c, v, mean, slope, style), len(mean))
    seen = table(starts, c, w, len(mean))
    scaled = deviation * precision[:, None]
    told = log_share + z @ scaled - 0.5 * (seen @ (deviation * scaled))
    most = told.max(axis=1, keepdims=True)
    shares = np.exp(told - most)
    sums = shares.sum(axis=1, keepdims=True)
    member[:] = shares / sums
    n += seen.T @ (weight[:, None] * member)
    total += z.T @ (weight[:, None] * member)
    return float((weight * (most + np.log(sums))[:, 0]).sum())


def hold_pass(
    starts: Ints, c: Numbers, v: Signs, weight: Floats, mean: Floats, slope: Floats,
    style: Floats, member: Floats, n: Floats, total: Floats,
) -> None:  # fmt: skip
    w, mass = halved(v), weight[:, None] * member
    z = w * residual(starts, c, v, mean, slope, style)
    n += table(starts, c, w, len(mean)).T @ mass
    total += table(starts, c, z, len(mean)).T @ mass


def own_pass(
    starts: Ints, c: Numbers, v: Signs, weight: Floats, mean: Floats, slope: Floats,
    style: Floats, label: Ints, n: Floats, total: Floats,
) -> None:  # fmt: skip
    member = np.eye(n.shape[1])[label]
    hold_pass(starts, c, v, weight, mean, slope, style, member, n, total)


def soft_count(
    starts: Ints, c: Numbers, v: Signs, weight: Floats, member: Floats, out: Floats
) -> None:
    mass = weight[:, None] * member
    for kind in range(3):
        kept = np.asarray(v == kind - 1, np.float64)
        out[:, kind] += table(starts, c, kept, len(out)).T @ mass


def error_pass(
    starts: Ints, c: Numbers, v: Signs, mean: Floats, slope: Floats, style: Floats,
    deviation: Floats, member: Floats, out: Floats,
) -> None:  # fmt: skip
    rows = rows_of(starts)
    left = residual(starts, c, v, mean, slope, style)
    left = left - np.einsum("vg,vg->v", member[rows], deviation[c])
    out += np.bincount(rows, left * left, len(out))


def told_pass(starts: Ints, c: Numbers, v: Signs, table: Floats, out: Floats) -> None:
    out += np.bincount(rows_of(starts), table[c, v + 1], len(out))


def least_pass(
    starts: Ints, c: Numbers, v: Signs, tokens: Marks, factors: Marks, out: NDArray[np.uint32]
) -> None:
    filled = np.flatnonzero(np.diff(starts))
    token = tokens[c, v + 1]
    for h, factor in enumerate(factors):
        hashes = ((token * factor) >> np.uint64(32)).astype(np.uint32)
        if len(filled):
            out[filled, h] = np.minimum.reduceat(hashes, starts[filled])


def part(starts: Ints, c: Numbers, v: Signs, new: Ints, middles: Ints, out: Numbers) -> None:
    rows, said = rows_of(starts), v != 0
    order = np.lexsort((v[said] < 0, rows[said]))
    out[: said.sum()] = c[said][order]
    new[1:] = np.cumsum(np.bincount(rows[said], minlength=len(middles)))
    middles[:] = new[:-1] + np.bincount(rows[v > 0], minlength=len(middles))


def parted(starts: Ints, middles: Ints, c: Numbers, many: int) -> tuple[csr_array, csr_array]:
    """Who agreed with what, and who disagreed, each as a table of ones (P x S)."""
    said, agreed = np.diff(starts), middles - starts[:-1]
    up = np.arange(len(c)) - np.repeat(starts[:-1], said) < np.repeat(agreed, said)
    tables = []
    for kept in (up, ~up):
        ends = np.concatenate(([0], np.cumsum(kept)))[starts]
        shape = len(middles), many
        tables.append(csr_array((np.ones(kept.sum()), c[kept].astype(np.int32), ends), shape))
    return tables[0], tables[1]


def factor_pass(
    starts: Ints, middles: Ints, c: Numbers, middle: float, note: Floats, pull: float,
    pull_factor: float, own: Floats, agree: Floats, other: Floats,
) -> None:  # fmt: skip
    up, down = parted(starts, middles, c, len(note))
    yes = up @ note
    b2, s1, s2, b1 = (yes + down @ note).T
    many = np.diff(starts)
    a, d = many + pull, s2 + pull_factor
    e, g = middles - starts[:-1] - middle * many - b1, yes[:, 1] - middle * s1 - b2
    around = a * d - s1 * s1
    b, f = (e * d - s1 * g) / around, (a * g - s1 * e) / around
    own[:, 0], own[:, 1] = b, f
    told = np.stack([b * f, f, f * f, b], axis=1)
    agree += up.T @ told
    other += down.T @ told


def lean_pass(
    starts: Ints, middles: Ints, c: Numbers, basis: Floats, agree: Floats, other: Floats
) -> None:
    up, down = parted(starts, middles, c, len(basis))
    along = up @ (basis[:, 0] - basis[:, 1]) - down @ basis[:, 1]
    agree += up.T @ along
    other += down.T @ along


def product_pass(
    starts: Ints, c: Numbers, v: Signs, mean: Floats, basis: Floats, out: Floats
) -> None:
    out[:] = table(starts, c, v - mean[c], len(mean)) @ basis
