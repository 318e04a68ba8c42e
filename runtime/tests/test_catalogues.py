"""The catalogues of Python's packages that core has: up to date with the packages of this environment."""

import pytest
from catalogues import FOLDER, catalogues


@pytest.mark.parametrize(("name", "content"), catalogues().items())
def test_the_committed_catalogue_is_that_of_the_packages(name, content):
    assert (FOLDER / name).read_text() == content, "write it anew: .venv/bin/python tests/catalogues.py"
