"""What a process may use, as the two versions of control groups say it."""

import os

import pytest

from cyclops_runtime.serving.metrics import cpu_limit, memory_limit

CORES = float(len(os.sched_getaffinity(0)))
MEMORY = float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
MEBIBYTE = 2**20


@pytest.fixture
def group(tmp_path):
    def write(files):
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(f"{text}\n")
        return tmp_path

    return write


@pytest.mark.parametrize(
    ("files", "cores"),
    [
        ({"cpu.max": "50000 100000"}, 0.5),
        ({"cpu.max": "max 100000"}, CORES),
        ({"cpu.max": "100000000 100000"}, CORES),
        ({"cpu/cpu.cfs_quota_us": "25000", "cpu/cpu.cfs_period_us": "100000"}, 0.25),
        ({"cpu/cpu.cfs_quota_us": "-1", "cpu/cpu.cfs_period_us": "100000"}, CORES),
        ({}, CORES),
    ],
)
def test_cores(group, files, cores):
    assert cpu_limit(group(files)) == cores


@pytest.mark.parametrize(
    ("files", "size"),
    [
        ({"memory.max": 512 * MEBIBYTE}, 512 * MEBIBYTE),
        ({"memory.max": "max"}, MEMORY),
        ({"memory/memory.limit_in_bytes": 256 * MEBIBYTE}, 256 * MEBIBYTE),
        ({"memory/memory.limit_in_bytes": 2**63 - 4096}, MEMORY),
        ({}, MEMORY),
    ],
)
def test_memory(group, files, size):
    assert memory_limit(group(files)) == size
