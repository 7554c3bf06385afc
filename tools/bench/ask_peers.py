"""The peers of the ASK bench: red-dwarf, and Community Notes' own way down to its objective."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import warnings
from importlib.util import find_spec

import numpy as np

RED_DWARF = find_spec("reddwarf") is not None
# Any Python that has torch; without one the same descent runs in numpy, and the bench says so.
TORCH = os.environ.get("COMMONGROUND_TORCH_PYTHON", "")

# Community Notes' loop: full-batch Adam, rate 1.0, until the loss moves less than 1e-7, as
# scoring/matrix_factorization does with its defaults (Xavier beginnings, mean squared error).
DESCENT = """
import json, sys, time
import numpy as np, torch
torch.set_num_threads(1)
data = np.load(sys.argv[1])
u, n, y = (torch.tensor(data[k]) for k in ("u", "n", "y"))
def run(seed):
    torch.manual_seed(seed)
    m = torch.nn.ParameterDict({
        "ui": torch.zeros(int(u.max()) + 1, 1), "ni": torch.zeros(int(n.max()) + 1, 1),
        "uf": torch.empty(int(u.max()) + 1, 1), "nf": torch.empty(int(n.max()) + 1, 1),
        "g": torch.zeros(1, 1)})
    for k in ("ui", "ni", "uf", "nf"): torch.nn.init.xavier_uniform_(m[k])
    best = torch.optim.Adam(m.parameters(), lr=1.0)
    def loss():
        p = m["g"] + m["ui"][u] + m["ni"][n] + m["uf"][u] * m["nf"][n]
        l = ((p[:, 0] - y) ** 2).mean()
        for k in m: l = l + (0.03 if k[-1] == "f" else 0.15) * (m[k] ** 2).mean()
        return l
    before, now, epoch = 1e10, loss(), 0
    while abs(now.item() - before) > 1e-7 and not (epoch > 100 and now.item() > before):
        before = now.item(); now.backward(); best.step(); best.zero_grad(); now = loss(); epoch += 1
    return now.item(), epoch
for line in sys.stdin:
    t, c = time.perf_counter(), time.process_time()
    loss, epoch = run(int(line))
    print(json.dumps([loss, epoch, time.perf_counter() - t, time.process_time() - c]), flush=True)
"""


class Notes:
    """A process that descends once for each seed it is told; its clock is its own."""

    def __init__(self, u: np.ndarray, n: np.ndarray, y: np.ndarray) -> None:
        self.folder = tempfile.TemporaryDirectory()
        path = f"{self.folder.name}/votes.npz"
        np.savez(path, u=u.astype(np.int64), n=n.astype(np.int64), y=y.astype(np.float32))
        self.votes = u, n, y
        self.process = TORCH and subprocess.Popen(
            [TORCH, "-c", DESCENT, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def run(self, seed: int) -> tuple[float, int, float, float]:
        """Loss, steps, wall seconds and processor seconds."""
        if not self.process:
            return plain_descent(*self.votes, seed)
        self.process.stdin.write(f"{seed}\n")
        self.process.stdin.flush()
        return tuple(json.loads(self.process.stdout.readline()))

    def close(self) -> None:
        if self.process:
            self.process.stdin.close()
            self.process.wait()
            self.process.stdout.close()
        self.folder.cleanup()


def plain_descent(u, n, y, seed):
    """The same descent with gradients by hand, in numpy."""
    from time import perf_counter, process_time

    began = perf_counter(), process_time()
    rng = np.random.default_rng(seed)
    sizes = [u.max() + 1, n.max() + 1, u.max() + 1, n.max() + 1, 1]
    value = [rng.uniform(-1, 1, k) * np.sqrt(6 / (k + 1)) for k in sizes[:4]] + [np.zeros(1)]
    pull = [0.15, 0.15, 0.03, 0.03, 0.15]
    first, second = [np.zeros(k) for k in sizes], [np.zeros(k) for k in sizes]

    def loss():
        ui, ni, uf, nf, g = value
        left = g[0] + ui[u] + ni[n] + uf[u] * nf[n] - y
        return (left**2).mean() + sum(
            p * (x**2).mean() for p, x in zip(pull, value, strict=True)
        ), left

    before, step = 1e10, 0
    now, left = loss()
    while abs(now - before) > 1e-7 and not (step > 100 and now > before):
        before, step = now, step + 1
        d = 2 * left / len(y)
        slope = [
            np.bincount(u, d, sizes[0]), np.bincount(n, d, sizes[1]),
            np.bincount(u, d * value[3][n], sizes[2]), np.bincount(n, d * value[2][u], sizes[3]),
            np.array([d.sum()]),
        ]  # fmt: skip
        for i, x in enumerate(value):
            g = slope[i] + 2 * pull[i] * x / sizes[i]
            first[i] = 0.9 * first[i] + 0.1 * g
            second[i] = 0.999 * second[i] + 0.001 * g * g
            x -= (first[i] / (1 - 0.9**step)) / (np.sqrt(second[i] / (1 - 0.999**step)) + 1e-8)
        now, left = loss()
    return float(now), step, perf_counter() - began[0], process_time() - began[1]


def red_dwarf(votes: list[dict], out: list[int]):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from reddwarf.implementations.base import run_pipeline

        return run_pipeline(votes=votes, mod_out_statement_ids=out, random_state=0)
