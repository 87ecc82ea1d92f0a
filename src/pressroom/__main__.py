"""The program's door: `pressroom`, and `python -m pressroom`."""

import sys
from collections.abc import Callable

from pressroom.loading import for_good


def run() -> None:
    """Loads the program and runs it."""
    with for_good():
        main = load()
    main()


def load() -> Callable[[], None]:
    """The command line, ready to run.

    It is loaded here and not above, so that the processes that share its work, which import this module first, start
    with what they need alone.
    """
    # structlog would load all of `rich`, to colour tracebacks that are written plainly here.
    sys.modules["rich"] = None  # type: ignore[assignment]  # documented: importing it fails
    import structlog  # noqa: F401, PLC0415  # loaded for good

    del sys.modules["rich"]
    from pressroom.cli import main  # noqa: PLC0415  # after the lines above, on purpose

    return main


if __name__ == "__main__":
    run()
