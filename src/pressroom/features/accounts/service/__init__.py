"""The slice's use cases, one module each; what other slices call is named here."""

from pressroom.features.accounts.service.people import Person, find_person, people

__all__ = ["Person", "find_person", "people"]
