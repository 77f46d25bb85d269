"""What the page brings along from others is what it says it is."""

import json
import re
from hashlib import sha256
from pathlib import Path

VENDOR = Path(__file__).parent.parent / "hub" / "web" / "static" / "vendor"
RECORD = json.loads((VENDOR / "VENDOR.json").read_text("utf-8"))


def test_every_vendored_file_has_the_content_that_is_recorded() -> None:
    files = (path for path in VENDOR.iterdir() if path.name != "VENDOR.json")
    found = {path.name: sha256(path.read_bytes()).hexdigest() for path in files}
    assert found == {name: entry["sha256"] for name, entry in RECORD["files"].items()}


def test_every_package_says_its_version_and_licence_and_brings_its_text() -> None:
    texts = (VENDOR / "LICENSES.txt").read_text("utf-8")
    for name, package in RECORD["packages"].items():
        assert package["license"]
        assert f"== {name} {package['version']} ==" in texts


def test_vendored_modules_import_only_their_neighbours() -> None:
    imported = {
        name
        for path in VENDOR.glob("*.js")
        for name in re.findall(r'(?:from|import)\s*"([^"]+)"', path.read_text("utf-8"))
    }
    assert imported
    assert all(name.startswith("./") and (VENDOR / name).is_file() for name in imported)
