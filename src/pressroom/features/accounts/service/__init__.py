"""The slice's use cases, one module each; what other slices call is named here."""

from pressroom.features.accounts.service.people import Person, Reachable, find_actor, find_person, people, reachable

__all__ = ["Person", "Reachable", "find_actor", "find_person", "people", "reachable"]
