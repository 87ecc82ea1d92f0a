"""How slices speak upward: an event is heard in the transaction that announces it."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pressroom.kernel.services import Services
    from pressroom.kernel.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Event:
    """Something that has happened, announced through the unit of work."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """Which coroutine hears which event. Its failure fails the transaction."""

    event: type[Event]
    handler: "Callable[[Services, UnitOfWork, Any], Awaitable[None]]"


class EventBus:
    """Knows who listens to what."""

    def __init__(self, subscriptions: Iterable[Subscription] = ()) -> None:
        self._handlers: dict[type[Event], list[Callable[..., Awaitable[None]]]] = {}
        for subscription in subscriptions:
            self._handlers.setdefault(subscription.event, []).append(subscription.handler)

    def handlers(self, event: Event) -> list[Callable[..., Awaitable[None]]]:
        """Every handler of this event, in the order of the features."""
        return self._handlers.get(type(event), [])
