"""Counting requests with plain numbers, and showing them in Prometheus' text format."""

from bisect import bisect_left
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prometheus_client.core import Metric

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class RequestMetrics:
    """How many requests each route answered, how, and how fast."""

    def __init__(self) -> None:
        self._answers: dict[tuple[str, str, int], int] = {}
        self._slots: dict[str, list[int]] = {}
        self._seconds: dict[str, float] = {}

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        key = (method, route, status)
        self._answers[key] = self._answers.get(key, 0) + 1
        slots = self._slots.get(route)
        if slots is None:
            slots = self._slots[route] = [0] * (len(BUCKETS) + 1)
            self._seconds[route] = 0.0
        slots[bisect_left(BUCKETS, seconds)] += 1
        self._seconds[route] += seconds

    def collect(self) -> "Iterator[Metric]":
        """The numbers as Prometheus' metric families."""
        from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily  # noqa: PLC0415  # on demand

        answers = CounterMetricFamily(
            "pressroom_http_requests", "Requests answered", labels=["method", "route", "status"]
        )
        for (method, route, status), number in self._answers.items():
            answers.add_metric([method, route, str(status)], number)
        yield answers
        times = HistogramMetricFamily("pressroom_http_request_seconds", "Seconds until answered", labels=["route"])
        for route, slots in self._slots.items():
            times.add_metric([route], buckets=_cumulative(slots), sum_value=self._seconds[route])
        yield times


def _cumulative(slots: list[int]) -> list[tuple[str, float]]:
    total = 0
    buckets: list[tuple[str, float]] = []
    for bound, number in zip([*map(str, BUCKETS), "+Inf"], slots, strict=True):
        total += number
        buckets.append((bound, float(total)))
    return buckets
