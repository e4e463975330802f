"""Whom the ladder of reminders reaches on a day: the unit around its deadline, then its head."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal

from dti_core.program.policies import Reminders

Rung = Literal["before", "after"]


def owed(
    policy: Reminders | None, due: date, opens: date, day: date, last: date | None
) -> Rung | None:
    """Which reminder a unit that has not sent should get on `day`, if any.

    A rung that fell on a day on which nobody worked is made good on the next, once: `last` is the
    day of the newest reminder that the unit got. No rung lies before the round `opens`. Where
    nobody decided on a ladder, a unit that is late is reminded every day.
    """
    if policy is None:
        return "after" if day > due else None
    if day <= due:
        rungs = [due - timedelta(days=n) for n in policy.before]
        passed = [rung for rung in rungs if opens < rung <= day]
        kind: Rung = "before"
    else:
        passed = list(_after(policy, due, day))
        kind = "after"
    return kind if passed and (last is None or last < max(passed)) else None


def reaches_head(policy: Reminders | None, due: date, day: date) -> bool:
    """Whether the unit's head should know by now."""
    after = policy.escalate_to_head_after if policy else None
    return after is not None and day >= due + timedelta(days=after)


def _after(policy: Reminders, due: date, day: date) -> Iterator[date]:
    """The days past the deadline on which a reminder was due until `day`."""
    for n in policy.after:
        if due + timedelta(days=n) <= day:
            yield due + timedelta(days=n)
    if policy.then_every:
        step = timedelta(days=policy.then_every)
        rung = due + timedelta(days=max(policy.after, default=0)) + step
        while rung <= day:
            yield rung
            rung += step
