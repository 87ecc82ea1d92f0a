"""What `doctor` says."""

from pathlib import Path

from tests.conftest import make_settings

from pressroom.commands.diagnosis import _examine
from pressroom.composition import build_services


async def test_doctor_says_why_the_database_does_not_answer(tmp_path: Path) -> None:
    services = build_services(make_settings(tmp_path, DATABASE_URL="postgresql://u@127.0.0.1:1/n"))
    findings = {finding.check: finding for finding in await _examine(services)}
    await services.close()
    assert not findings["database"].ok
    assert "ConnectionRefusedError" in findings["database"].detail
