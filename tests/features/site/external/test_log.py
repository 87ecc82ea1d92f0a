"""What a build prints is plain, bounded and live."""

import asyncio
from collections.abc import Sequence

from pressroom.features.site.external.log import AT_ONCE, HEAD, LONGEST_LINE, TAIL, Log


async def fed(log: Log, data: bytes) -> None:
    stream = asyncio.StreamReader()
    stream.feed_data(data)
    stream.feed_eof()
    await log.follow(stream)


async def test_colours_and_control_characters_are_taken_out() -> None:
    log = Log()
    await fed(log, b"\x1b[31mred\x1b[0m\x07\r\n\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\\n10%\r20%\rlast\xff")
    assert log.lines == ("red", "link", "10%", "20%", "last�")


async def test_the_beginning_and_the_end_of_a_flood_are_kept() -> None:
    log = Log()
    await fed(log, b"".join(b"line %d\n" % number for number in range(HEAD + TAIL + 7)))
    assert log.lines[HEAD - 1 : HEAD + 2] == (f"line {HEAD - 1}", "… 7 lines left out …", f"line {HEAD + 7}")
    assert len(log.lines) == HEAD + TAIL + 1


async def test_a_line_without_an_end_is_cut_and_does_not_fill_the_memory() -> None:
    log = Log()
    await fed(log, b"x" * 300_000)
    assert log.lines
    assert {len(line) for line in log.lines} == {LONGEST_LINE}


async def test_the_listener_hears_each_line_once_and_of_a_flood_the_end() -> None:
    heard: list[Sequence[str]] = []

    async def listener(lines: Sequence[str]) -> None:
        heard.append(lines)

    log = Log(listener)
    log.add("one")
    log.add("two")
    await log.tell()
    await log.tell()
    await fed(log, b"\n".join(b"%d" % number for number in range(1000)))
    await log.tell()
    assert heard[0] == ["one", "two"]
    assert heard[1][:2] == [f"… {1000 - AT_ONCE} lines left out …", str(1000 - AT_ONCE)]
    assert len(heard) == 2
