"""The program's door: `pressroom`, and `python -m pressroom`."""

import gc

gc.disable()  # what is imported stays: looking for garbage in it would cost a tenth of the start

from pressroom.cli import main  # noqa: E402  # after the line above, on purpose


def run() -> None:
    """Loads the program without looking for garbage, then runs it as usual."""
    gc.freeze()
    gc.enable()
    main()


if __name__ == "__main__":
    run()
