"""In `.ci/run` a test that is skipped is a test that fails."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SKIPPED_TEST = "import pytest\ndef test_it(): pytest.skip('no Chromium')\n"
SKIPPED_FILE = "import pytest\npytest.skip('no Chromium', allow_module_level=True)\n"
EXPECTED_TO_FAIL = "import pytest\n@pytest.mark.xfail\ndef test_it(): assert False\n"


def run(file: Path, nothing: str) -> int:
    command = [sys.executable, "-m", "pytest", "-q", "-c", "/dev/null", "-p", "tests.conftest", str(file)]
    env = {**os.environ, "HUB_TEST_NOTHING_SKIPPED": nothing}
    root = Path(__file__).parent.parent
    return subprocess.run(command, env=env, cwd=root, capture_output=True, check=False).returncode


@pytest.mark.parametrize(("text", "then"), [(SKIPPED_TEST, 1), (SKIPPED_FILE, 2), (EXPECTED_TO_FAIL, 0)])
def test_where_nothing_may_be_skipped(tmp_path, text, then):
    file = tmp_path / "test_sample.py"
    file.write_text(text)
    assert run(file, nothing="1") == then


def test_elsewhere_a_skip_is_a_skip(tmp_path):
    file = tmp_path / "test_sample.py"
    file.write_text(SKIPPED_TEST)
    assert run(file, nothing="") == 0
