"""Bytecode is there in the environment that set-up makes, and in the image: without it every process compiles what it imports."""

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from samples import REPOSITORY

IMPORTS = """
import importlib, json, pkgutil, sys
import cyclops_runtime
for module in pkgutil.walk_packages(cyclops_runtime.__path__, "cyclops_runtime."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
import mlflow.sklearn, mlflow.pyfunc
files = [getattr(module.__spec__, "origin", None) for module in list(sys.modules.values()) if getattr(module, "__spec__", None)]
print(json.dumps(sorted({file for file in files if file and file.endswith(".py")})))
"""


def is_current(source: Path, bytecode: Path) -> bool:
    """Whether Python would take the bytecode for the source's; https://docs.python.org/3/reference/import.html#cached-bytecode-invalidation."""
    if not bytecode.exists():
        return False
    content = bytecode.read_bytes()
    flags = int.from_bytes(content[4:8], "little")
    if content[:4] != importlib.util.MAGIC_NUMBER:
        return False
    if flags & 0b1:
        return not flags & 0b10 or content[8:16] == importlib.util.source_hash(source.read_bytes())
    stat = source.stat()
    expected = (int(stat.st_mtime) & 0xFFFFFFFF, stat.st_size & 0xFFFFFFFF)
    return (int.from_bytes(content[8:12], "little"), int.from_bytes(content[12:16], "little")) == expected


@pytest.fixture(scope="module")
def imported() -> list[Path]:
    """Files of the modules that all commands of the runtime import together, of packages and our own."""
    ran = subprocess.run([sys.executable, "-B", "-c", IMPORTS], capture_output=True, text=True, check=True)
    files = [Path(name) for name in json.loads(ran.stdout.splitlines()[-1])]
    return [file for file in files if REPOSITORY / "runtime" in file.parents]


def test_set_up_has_compiled_what_the_runtime_imports(imported):
    without = [file for file in imported if not is_current(file, Path(importlib.util.cache_from_source(str(file))))]
    assert without == [], "`npm run setup` compiles them"
    assert len(imported) > 1000
    assert any("cyclops_runtime" in file.parts for file in imported)


def test_bytecode_of_another_source_is_none(tmp_path):
    source, bytecode = tmp_path / "module.py", tmp_path / "module.pyc"
    source.write_text("x = 1\n")
    compile_one = [sys.executable, "-c", "import py_compile, sys; py_compile.compile(sys.argv[1], cfile=sys.argv[2])"]
    assert not is_current(source, bytecode)
    subprocess.run([*compile_one, source, bytecode], check=True)
    assert is_current(source, bytecode)
    source.write_text("x = 12\n")
    assert not is_current(source, bytecode)


def installs() -> list[str]:
    """The instructions of the image's build that install packages, each on one line."""
    text = re.sub(r"^\s*#.*\n", "", (REPOSITORY / "runtime/Dockerfile").read_text(), flags=re.M).replace("\\\n", " ")
    return [line for line in text.splitlines() if line.startswith("RUN ") and re.search(r"pip (install|sync)", line)]


def test_what_the_image_installs_is_compiled():
    assert len(installs()) >= 3
    for instruction in installs():
        # pip compiles unless it is told not to, uv only when it is: https://pip.pypa.io/en/stable/cli/pip_install/#cmdoption-no-compile
        by_itself = "--no-compile" not in instruction and "uv pip" not in instruction
        assert by_itself or re.search(r"-m compileall .*/opt/cyclops/lib|--compile-bytecode", instruction), instruction
    assert not re.search(r"PIP_NO_COMPILE|PIP_COMPILE|PYTHONPYCACHEPREFIX", (REPOSITORY / "runtime/Dockerfile").read_text())


def test_the_image_keeps_its_bytecode():
    text = (REPOSITORY / "runtime/Dockerfile").read_text()
    assert not re.search(r"__pycache__|\*\.pyc", text)
