"""A server starts fast because it reads little: what a request or a job needs first is loaded by the first of them."""

import subprocess
import sys

SERVER = """
import sys
from pressroom.__main__ import load
load()
import pressroom.main
import pressroom.features.site.public
from pressroom.features import FEATURES
for feature in FEATURES:
    feature.routers()
print(*sys.modules)
"""
LATER = {
    "alembic",
    "email.policy",
    "jinja2",
    "jwt",
    "markdown_it",
    "nh3",
    "pressroom.features.site.generator",
    "pressroom.features.source.faithful",
    "pressroom.features.source.recognise",
    "rich",
    "sqlalchemy.dialects.postgresql",
    "watchfiles",
    "yaml",
}


def test_a_server_loads_nothing_that_can_wait() -> None:
    ended = subprocess.run([sys.executable, "-c", SERVER], check=True, capture_output=True, text=True)
    assert LATER & set(ended.stdout.split()) == set()
