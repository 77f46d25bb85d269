"""Settings: the file, the environment over it, and plain words for what is wrong."""

import re
import tomllib
from pathlib import Path

import pytest

from hub.errors import Invalid
from hub.settings import Settings, load, secret_keys

KEY, OLDER = "A" * 43 + "=", "B" * 42 + "A="


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ["HUB_CONFIG", *(f"HUB_{field.upper()}" for field in Settings.model_fields)]:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "config").mkdir()
    return tmp_path / "config" / "hub.toml"


def test_without_anything_set_the_hub_stays_on_this_machine(tmp_path):
    settings = load()
    assert (settings.host, settings.port, settings.public_url) == ("127.0.0.1", 8080, "http://localhost:8080")
    assert settings.data == tmp_path / "var"
    assert settings.mongo_url is None


def test_the_environment_goes_before_the_file(file, monkeypatch):
    file.write_text("port = 9000\nundo_s = 0\n")
    monkeypatch.setenv("HUB_PORT", "9001")
    settings = load()
    assert (settings.port, settings.undo_s, settings.public_url) == (9001, 0, "http://localhost:9001")


def test_an_empty_variable_is_as_good_as_none(monkeypatch):
    monkeypatch.setenv("HUB_MONGO_URL", "")
    assert load().mongo_url is None


def test_another_file_may_be_named(tmp_path, monkeypatch):
    (tmp_path / "mine.toml").write_text('database = "mine"')
    monkeypatch.setenv("HUB_CONFIG", str(tmp_path / "mine.toml"))
    assert load().database == "mine"


def test_a_variable_that_nobody_reads_is_an_error(monkeypatch):
    monkeypatch.setenv("HUB_PROT", "80")
    with pytest.raises(
        Invalid, match=r"^Settings: HUB_PROT is not a setting of the hub \(did you mean HUB_PORT\?\)\.$"
    ):
        load()


def test_a_key_that_nobody_reads_is_an_error(file):
    file.write_text("undo = 5")
    with pytest.raises(
        Invalid, match=r"`undo` in config/hub\.toml is not a setting of the hub \(did you mean undo_s\?\)"
    ):
        load()


def test_a_file_that_is_no_toml_is_an_error(file):
    file.write_text("port = = 1")
    with pytest.raises(Invalid, match=r"config/hub\.toml cannot be read as TOML: .*line 1"):
        load()


def test_a_file_that_is_named_must_be_there(monkeypatch):
    monkeypatch.setenv("HUB_CONFIG", "gone.toml")
    with pytest.raises(Invalid, match=r"HUB_CONFIG names gone\.toml, which does not exist"):
        load()


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("HUB_PORT", "eighty", 'HUB_PORT must be a whole number from 0 (any free port) to 65535, not "eighty".'),
        ("HUB_PORT", "70000", 'not "70000".'),
        ("HUB_PUBLIC_URL", "desk.example.com", "HUB_PUBLIC_URL must be an address such as https://desk.example.com"),
        ("HUB_PUBLIC_URL", "https://example.com/desk", "without a path"),
        ("HUB_LOG_LEVEL", "loud", "one of debug, info, warning, error"),
        ("HUB_DATABASE", "a.b", "a name of at most 38 of the characters"),
        ("HUB_UNDO_S", "-1", "a whole number of seconds from 0 to 60"),
    ],
)
def test_a_wrong_value_is_told_in_one_line(monkeypatch, name, value, words):
    monkeypatch.setenv(name, value)
    with pytest.raises(Invalid) as told:
        load()
    assert words in told.value.message
    assert "\n" not in told.value.message
    assert [fault.field for fault in told.value.faults] == [name.removeprefix("HUB_").lower()]


@pytest.mark.parametrize("name", ["HUB_MONGO_URL", "HUB_REDIS_URL", "HUB_SECRET_KEY"])
def test_what_may_hold_a_password_is_not_repeated(monkeypatch, name):
    monkeypatch.setenv(name, "swordfish")
    with pytest.raises(Invalid) as told:
        load()
    assert name in told.value.message
    assert "swordfish" not in told.value.message


def test_passwords_do_not_show_when_settings_are_printed(monkeypatch):
    monkeypatch.setenv("HUB_MONGO_URL", "mongodb://hub:swordfish@db")
    assert "swordfish" not in repr(load())


def test_the_log_level_may_be_shouted(monkeypatch):
    monkeypatch.setenv("HUB_LOG_LEVEL", "WARNING")
    assert load().log_level == "warning"


def test_settings_do_not_change():
    with pytest.raises(ValueError, match="frozen"):
        load().port = 1


def test_the_key_of_secrets_is_made_once_and_for_its_owner_only(tmp_path):
    keys = secret_keys(load())
    assert keys == secret_keys(load())
    assert len(keys) == 1
    assert (tmp_path / "var" / "secret.key").stat().st_mode & 0o777 == 0o600


def test_keys_that_are_given_go_before_the_file(monkeypatch):
    monkeypatch.setenv("HUB_SECRET_KEY", f"{KEY}, {OLDER}")
    assert secret_keys(load()) == (KEY, OLDER)


def test_a_spoilt_key_file_is_not_replaced(tmp_path):
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "secret.key").write_text("spoilt")
    with pytest.raises(Invalid, match="must hold Fernet keys"):
        secret_keys(load())


def test_the_example_names_every_setting_with_its_default():
    text = (Path(__file__).parent.parent / "config" / "hub.example.toml").read_text()
    defaults = {name: field.default for name, field in Settings.model_fields.items()}
    assert {**tomllib.loads(text), "data": Path("var")}.items() <= defaults.items()
    assert set(re.findall(r"HUB_[A-Z_]+", text)) - {"HUB_CONFIG", "HUB_DATA"} == {
        f"HUB_{name.upper()}" for name in defaults if name != "data"
    }
