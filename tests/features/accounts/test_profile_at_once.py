"""Changing oneself while somebody else changes one, too."""

from typing import Any

import httpx
import pytest
from tests.features.accounts.conftest import PASSWORD
from tests.features.accounts.test_registration import log_in
from tests.plugins.people import SignIn

from pressroom.features.accounts import passwords
from pressroom.features.accounts.service import sign_in as sign_in_module
from pressroom.features.accounts.service.users import UserAdministration, UserChange
from pressroom.kernel.auth import OPERATOR, Role
from pressroom.kernel.services import Services

RESET = "a sentence that was set meanwhile"


@pytest.mark.parametrize("change", [{"password": "another sentence that is long"}, {"email": "new@example.com"}])
async def test_a_password_that_is_reset_meanwhile_stays(
    client: httpx.AsyncClient,
    services: Services,
    sign_in: SignIn,
    hashed: str,
    monkeypatch: pytest.MonkeyPatch,
    rows: Any,
    change: dict[str, str],
) -> None:
    zoe = await sign_in(Role.author, username="zoe", hashed_password=hashed)

    async def slowly(password: str, stored: str | None) -> passwords.Checked:
        checked = await passwords.check_password(password, stored)
        async with services.unit() as unit:
            reset = UserChange(given=frozenset({"password"}), password=RESET)
            await UserAdministration(services, unit).change(OPERATOR, zoe.id, reset)
        return checked

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(sign_in_module, "check_password", slowly)
        body = {**change, "current_password": PASSWORD}
        answer = await zoe.patch("/api/v1/users/me", json=body, headers={"If-Match": "*"})
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "accounts.wrong_password"
    assert await log_in(client, "zoe", RESET) == 200
    assert await rows("SELECT id FROM one_time_links") == []
