"""What every mailer promises."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from pressroom.adapters.mail_outbox import OutboxMailer
from pressroom.kernel.ports import Mail


@pytest.fixture
def outbox(tmp_path: Path) -> Path:
    return tmp_path / "outbox"


@pytest.fixture
def mailer(outbox: Path, clock: Any) -> OutboxMailer:
    return OutboxMailer(outbox, clock)


def messages(outbox: Path) -> list[EmailMessage]:
    return [message_from_bytes(path.read_bytes(), policy=default) for path in sorted(outbox.glob("*.eml"))]


async def test_words_of_any_script_arrive(mailer: OutboxMailer, outbox: Path) -> None:
    mail = Mail("Zoë <zoe@example.org>", "Grüße 你好", "Text: 世界\nhttps://x.org/?a=1", html="<p>世界</p>")
    await mailer.send(mail)
    (message,) = messages(outbox)
    assert (message["To"], message["Subject"]) == ("Zoë <zoe@example.org>", "Grüße 你好")
    text, html = (message.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    assert text.get_content().splitlines() == ["Text: 世界", "https://x.org/?a=1"]
    assert html.get_content().strip() == "<p>世界</p>"
    assert message["Date"].datetime.year == 2026
    assert message["Message-ID"]


async def test_each_message_is_a_file_that_only_its_owner_reads(mailer: OutboxMailer, outbox: Path) -> None:
    for number in range(3):
        await mailer.send(Mail("a@example.org", f"{number}", "words"))
    assert [message["Subject"] for message in messages(outbox)] == ["0", "1", "2"]
    assert {path.stat().st_mode & 0o777 for path in outbox.iterdir()} == {0o600}
    assert outbox.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("field", ["to", "subject"])
async def test_a_line_break_cannot_add_headers(mailer: OutboxMailer, outbox: Path, field: str) -> None:
    fields = {"to": "a@example.org", "subject": "Hello"}
    fields[field] += "\r\nBcc: everyone@example.org"
    with pytest.raises(ValueError, match="linefeed"):
        await mailer.send(Mail(**fields, text="words"))
    assert not outbox.exists() or messages(outbox) == []


async def test_it_says_when_it_cannot_send(mailer: OutboxMailer, outbox: Path) -> None:
    await mailer.check()
    outbox.rmdir()
    outbox.write_text("a file")
    with pytest.raises(OSError, match="exists"):
        await mailer.check()
