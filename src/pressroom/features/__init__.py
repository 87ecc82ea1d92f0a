"""The slices, from the lowest to the highest: each may call the ones before it, and speaks upward by events."""

from pressroom.kernel.feature import Feature

FEATURES: tuple[Feature, ...] = ()
