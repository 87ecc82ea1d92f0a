"""Where settings come from, which source wins, and what is said about a wrong one."""

import os
from pathlib import Path
from typing import Any, ClassVar

import pytest
from pydantic import SecretStr

from pressroom.composition import SECTIONS
from pressroom.kernel.db.url import database_url
from pressroom.kernel.settings import (
    DatabaseSettings,
    Environment,
    HttpSettings,
    LogSettings,
    Section,
    Settings,
    SettingsError,
    SiteSettings,
    load_settings,
    setting,
)

SECRET = "hunter2-hunter2"


class MailSettings(Section):
    name: ClassVar[str] = "mail"
    password: SecretStr = setting(SecretStr(""), "A secret", env=("SMTP_PASSWORD",), min_length=4)
    port: int = setting(25, "A number", env=("SMTP_PORT",), ge=1)


def load(folder: Path, **environ: str) -> Settings:
    return load_settings([*SECTIONS, MailSettings], environ=environ, folder=folder)


def title(folder: Path, **environ: str) -> str:
    return load(folder, **environ)[SiteSettings].title


def test_each_source_wins_over_the_one_before(tmp_path: Path) -> None:
    assert title(tmp_path) == "Pressroom"
    (tmp_path / "pressroom.toml").write_text('[site]\ntitle = "toml"\n')
    assert title(tmp_path) == "toml"
    (tmp_path / ".env").write_text("PRESSROOM_SITE__TITLE=dotenv\nENVIRONMENT=development\n")
    assert title(tmp_path) == "dotenv"
    (tmp_path / ".env.development").write_text("PRESSROOM_SITE__TITLE='for development'\n")
    assert title(tmp_path) == "for development"
    assert title(tmp_path, PRESSROOM_SITE__TITLE="environment") == "environment"
    assert title(tmp_path, ENVIRONMENT="production") == "dotenv"


def test_a_borrowed_name_in_the_environment_wins_over_our_own_in_a_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PRESSROOM_DATABASE__URL=sqlite:////from/file.db\n")
    url = load(tmp_path, DATABASE_URL="sqlite:////from/environ.db")[DatabaseSettings].url
    assert url.get_secret_value() == "sqlite:////from/environ.db"
    both = load(tmp_path, DATABASE_URL="sqlite:////a.db", PRESSROOM_DATABASE__URL="sqlite:////b.db")
    assert both[DatabaseSettings].url.get_secret_value() == "sqlite:////b.db"


def test_a_secret_may_be_a_file(tmp_path: Path) -> None:
    (tmp_path / "password").write_text(f"{SECRET}\n")
    path = str(tmp_path / "password")
    for name in ("SMTP_PASSWORD_FILE", "PRESSROOM_MAIL__PASSWORD_FILE"):
        assert load(tmp_path, **{name: path})[MailSettings].password.get_secret_value() == SECRET
    (tmp_path / ".env").write_text("SMTP_PASSWORD=from-dotenv\n")
    assert load(tmp_path, SMTP_PASSWORD_FILE=path)[MailSettings].password.get_secret_value() == SECRET
    with pytest.raises(SettingsError, match="both set"):
        load(tmp_path, SMTP_PASSWORD_FILE=path, SMTP_PASSWORD="x")
    with pytest.raises(SettingsError, match=r"SMTP_PASSWORD_FILE=.*No such file"):
        load(tmp_path, SMTP_PASSWORD_FILE=f"{path}.missing")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("PRESSROOM_HTTP_PORT", "PRESSROOM_HTTP__PORT"),
        ("PRESSROOM_SITE__TITEL", "PRESSROOM_SITE__TITLE"),
        ("PRESSROOM_ENVIROMENT", "PRESSROOM_ENVIRONMENT"),
        ("PRESSROOM_ZZZ", "docs/settings.md"),
    ],
)
def test_an_unknown_name_of_ours_is_refused_with_the_nearest(tmp_path: Path, name: str, hint: str) -> None:
    with pytest.raises(SettingsError, match=hint):
        load(tmp_path, **{name: "1"})
    (tmp_path / ".env").write_text(f"{name}=1\n")
    with pytest.raises(SettingsError, match=hint):
        load(tmp_path)


def test_other_programs_names_are_left_alone(tmp_path: Path) -> None:
    load(tmp_path, **dict(os.environ), PRESS="1", SITE__TITLE="x")


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("[sight]\n", "Did you mean site"),
        ("site = 1\n", "not a section"),
        ("[site]\ntitel = 'x'\n", "Did you mean title"),
        ("[site]\ntitle = 3\n", r"\[site\] title in pressroom.toml: .*string"),
        ("[site\n", "pressroom.toml cannot be read"),
    ],
)
def test_a_wrong_toml_is_refused(tmp_path: Path, toml: str, said: str) -> None:
    (tmp_path / "pressroom.toml").write_text(toml)
    with pytest.raises(SettingsError, match=said):
        load(tmp_path)


def test_files_that_are_not_text_are_refused(tmp_path: Path) -> None:
    for name in (".env", "pressroom.toml"):
        (tmp_path / name).write_bytes(b"PRESSROOM_SITE__TITLE=\xff\xfe\n")
        with pytest.raises(SettingsError, match=f"{name} cannot be read: it is not UTF-8"):
            load(tmp_path)
        (tmp_path / name).unlink()


@pytest.mark.parametrize(
    "environ",
    [
        {"PRESSROOM_HTTP__PORT": "eighty"},
        {"PRESSROOM_HTTP__PORT": "70000"},
        {"PRESSROOM_HTTP__TRUSTED_PROXIES": "10.0.0.0/8, proxy.local"},
        {"PRESSROOM_HTTP__CORS_ORIGINS": "*"},
        {"PRESSROOM_HTTP__CORS_ORIGINS": '["https://a.org"'},
        {"PRESSROOM_DATABASE__AUTO_UPGRADE": "perhaps"},
        {"PRESSROOM_SITE__BASE_URL": "example.org"},
        {"LOG_LEVEL": "LOUD"},
        {"SMTP_PORT": "0"},
    ],
)
def test_a_bad_value_names_where_it_was_set(tmp_path: Path, environ: dict[str, str]) -> None:
    (name,) = environ
    with pytest.raises(SettingsError, match=name):
        load(tmp_path, **environ)
    (tmp_path / ".env").write_text(f"{name}='{environ[name]}'\n")
    with pytest.raises(SettingsError, match=name):
        load(tmp_path)


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refusal:
        load(tmp_path, PRESSROOM_HTTP__PORT="x", PRESSROOM_HTTP__RATE_BURST="0")
    assert str(refusal.value).count("PRESSROOM_HTTP__") == 2


@pytest.mark.parametrize(
    "environ",
    [
        {"SMTP_PASSWORD": "abc", "SMTP_PORT": SECRET},
        {"DATABASE_URL": f"mysql://user:{SECRET}@host/name"},
        {"DATABASE_URL": f"postgresql://user:{SECRET}@host:port/name"},
        {"DATABASE_URL": SECRET},
    ],
)
def test_a_secret_is_never_repeated(tmp_path: Path, environ: dict[str, str]) -> None:
    with pytest.raises(SettingsError) as refusal:
        database_url(load(tmp_path, **environ)[DatabaseSettings].url.get_secret_value(), tmp_path)
    error: BaseException | None = refusal.value
    while error is not None:
        assert SECRET not in str(error)
        assert "'abc'" not in str(error)
        error = error.__cause__
    assert SECRET not in repr(load(tmp_path, SMTP_PASSWORD=SECRET)[MailSettings])


def test_names_of_other_programs_are_understood(tmp_path: Path) -> None:
    loaded = load(
        tmp_path, ENVIRONMENT="Development", LOG_LEVEL="warn", LOG_FILE="/var/log/x.log", DATABASE_URL="postgres://h/n"
    )
    assert loaded.environment is Environment.development
    assert (loaded[LogSettings].level, loaded[LogSettings].file) == ("WARNING", "/var/log/x.log")
    with pytest.raises(SettingsError, match="ENVIRONMENT='moon' is not an environment"):
        load(tmp_path, ENVIRONMENT="moon")


@pytest.mark.parametrize("written", ["https://a.org, https://b.org/", '["https://a.org", "https://b.org"]'])
def test_lists_are_written_with_commas_or_as_json(tmp_path: Path, written: str) -> None:
    origins = load(tmp_path, PRESSROOM_HTTP__CORS_ORIGINS=written)[HttpSettings].cors_origins
    assert origins == ("https://a.org", "https://b.org")


def test_the_data_folder_follows_the_same_order(tmp_path: Path) -> None:
    assert load(tmp_path).data == Path("data").absolute()
    (tmp_path / ".env").write_text("PRESSROOM_DATA=/from/dotenv\n")
    assert load(tmp_path).data == Path("/from/dotenv")
    assert load(tmp_path, PRESSROOM_DATA="/from/environ").data == Path("/from/environ")
    assert load_settings(SECTIONS, environ={}, folder=tmp_path, data=Path("/said")).data == Path("/said")


def test_a_trailing_slash_of_the_address_does_no_harm(tmp_path: Path) -> None:
    loaded: Any = load(tmp_path, PRESSROOM_SITE__BASE_URL="https://example.org/")
    assert loaded[SiteSettings].base_url == "https://example.org"


@pytest.mark.parametrize("path", ["/blog", "/blog/", "//blog", "/~ada/notes"])
def test_an_address_below_another_site_is_refused_and_says_what_to_do(tmp_path: Path, path: str) -> None:
    with pytest.raises(SettingsError, match=r"host of its own .* https://blog\.example\.org"):
        load(tmp_path, PRESSROOM_SITE__BASE_URL=f"https://example.org{path}")
