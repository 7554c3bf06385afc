"""The tree is RFC 6962's, its tiles C2SP's: by their own examples and by another program."""

import hashlib

import pymerkle
import pytest
from hypothesis import given as any_of, strategies as st

from commonground.record.engine import tiles, tree

# The eight inputs and the roots of their prefixes that Certificate Transparency's tests use.
INPUTS = [
    b"", b"\x00", b"\x10", b"\x20\x21", b"\x30\x31", b"\x40\x41\x42\x43",
    b"\x50\x51\x52\x53\x54\x55\x56\x57",
    b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def built(leaves):
    """All tiles of a tree over these leaf hashes, written in one go."""
    return tiles.grown(0, {}, leaves)


def nodes_of(leaves):
    made = built(leaves)
    return tiles.nodes(lambda level, index: made[level, index])


def some_leaves(n):
    return [tree.leaf_hash(str(i).encode()) for i in range(n)]


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_certificate_transparency(size):
    node = nodes_of([tree.leaf_hash(entry) for entry in INPUTS])
    assert tree.root(size, node).hex() == ROOTS[size - 1]


def test_a_tree_without_leaves_has_the_root_of_nothing():
    assert tree.root(0, nodes_of([])) == hashlib.sha256(b"").digest()


def test_the_path_of_a_leaf_is_the_one_of_certificate_transparency():
    node = nodes_of([tree.leaf_hash(entry) for entry in INPUTS])
    assert [step.hex() for step in tree.inclusion(5, 8, node)] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def test_every_root_is_the_one_another_program_finds():
    peer = pymerkle.InmemoryTree(algorithm="sha256")
    node = nodes_of(some_leaves(600))
    for size in range(1, 601):
        peer.append_entry(str(size - 1).encode())
        assert tree.root(size, node) == peer.get_root(size)


@any_of(st.integers(1, 700), st.data())
def test_whoever_is_in_can_prove_it_and_nobody_else(size, data):
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, size - 1))
    leaves = some_leaves(size)
    node = nodes_of(leaves)
    path = tree.inclusion(index, size, node)
    top = tree.root(size, node)
    assert tree.climbed(leaves[index], index, size, path) == top
    if other != index:
        assert tree.climbed(leaves[other], index, size, path) != top
        assert tree.climbed(leaves[index], other, size, path) != top
    assert tree.climbed(leaves[index], index, size, [*path, top]) != top
    assert tree.climbed(leaves[index], index, size, path[:-1]) != top or not path


@any_of(st.integers(1, 700), st.data())
def test_a_tree_that_grew_can_prove_it_and_one_that_forked_cannot(size, data):
    old = data.draw(st.integers(0, size))
    changed = data.draw(st.integers(0, size - 1))
    leaves = some_leaves(size)
    node = nodes_of(leaves)
    path = tree.consistency(old, size, node)
    before, now = tree.root(old, node), tree.root(size, node)
    assert tree.grew(old, before, size, now, path)
    leaves[changed] = b"\0" * 32
    forked = nodes_of(leaves)
    if changed < old:
        path = tree.consistency(old, size, forked)
        assert not tree.grew(old, before, size, tree.root(size, forked), path)


@any_of(st.lists(st.integers(0, 400), max_size=6))
def test_however_it_grows_the_tiles_are_the_same(steps):
    leaves = some_leaves(sum(steps))
    kept, size = {}, 0
    for step in steps:
        edge = {level: kept.get((level, (size >> 8 * level) // 256), b"") for level in range(4)}
        kept |= tiles.grown(size, edge, leaves[size : size + step])
        size += step
    assert kept == built(leaves)


def test_a_tree_of_70_000_has_the_tiles_of_the_standard():
    made = built([b"%32d" % i for i in range(70_000)])
    width = {place: len(tile) // 32 for place, tile in made.items()}
    assert sum(w == 256 for (level, _), w in width.items() if level == 0) == 273
    assert width[0, 273] == 112
    assert (width[1, 0], width[1, 1], width[2, 0]) == (256, 17, 1)


@pytest.mark.parametrize(
    ("place", "path"),
    [
        (tiles.Place(0, 1234067), "tile/0/x001/x234/067"),
        (tiles.Place(2, 0, 1), "tile/2/000.p/1"),
        (tiles.Place(None, 273, 112), "tile/entries/273.p/112"),
    ],
)
def test_a_tile_has_the_address_of_the_standard(place, path):
    assert place.path == path
    assert tiles.read_path(path.removeprefix("tile/")) == place


@pytest.mark.parametrize("path", [
    "", "0", "0/1", "00/001", "64/001", "0/x000/001", "0/x001", "0/001.p/0", "0/001.p/256",
    "0/001.p/01", "0/001/", "0/٠٠١", "-1/001", "entries/1", "0/001\n",
])  # fmt: skip
def test_a_tile_has_no_other_address(path):
    assert tiles.read_path(path) is None


def test_entries_carry_their_length():
    assert tiles.bundle([b"ab", b""]) == b"\0\2ab\0\0"
    with pytest.raises(ValueError):
        tiles.bundle([b"x" * 65_536])
