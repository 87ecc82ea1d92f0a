"""Every route states who may call it: this is how one says *anyone*. Roles are stated by the accounts slice."""

from fastapi import Depends


class Anyone:
    """Lets everybody in, on purpose."""

    states_access = "anyone"

    async def __call__(self) -> None:
        """Nothing to check."""


anyone = Depends(Anyone())
