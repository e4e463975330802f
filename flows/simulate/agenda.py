"""What is still to happen in a simulated year, in the order of time."""

import heapq
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import count

Deed = Callable[[], None]


class Agenda:
    """Deeds with their moments. Each has a name, and a name happens once."""

    def __init__(self) -> None:
        self._heap: list[tuple[datetime, int, Deed]] = []
        self._names: set[tuple[object, ...]] = set()
        self._order = count()

    def add(self, moment: datetime, name: tuple[object, ...], deed: Deed) -> bool:
        """Plan a deed; returns False, and plans nothing, where the name is known already."""
        if name in self._names:
            return False
        self._names.add(name)
        heapq.heappush(self._heap, (moment, next(self._order), deed))
        return True

    def knows(self, name: tuple[object, ...]) -> bool:
        """Whether a deed of this name is planned or done."""
        return name in self._names

    def __iter__(self) -> Iterator[tuple[datetime, Deed]]:
        """Every deed in the order of time, those too that are planned meanwhile."""
        while self._heap:
            moment, _, deed = heapq.heappop(self._heap)
            yield moment, deed
