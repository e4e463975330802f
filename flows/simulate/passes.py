"""What schedules start, by the flows themselves on a Prefect server, or by the same text without
one: one pass of a round's cycle, a day's waking, a deadline that has passed."""

import sys
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Literal

from dti_core.program.load import RoundContext
from dti_core.program.timetable import Kind
from flows.wake import Woken

Through = Literal["prefect", "stages"]
Waking = Callable[[str], Woken]
"""What to do where a schedule's flow wakes a round: takes the round, returns how it went."""


def one_pass(context: RoundContext, actor: str, through: Through) -> list[str]:
    """Run the round's cycle until it waits or is done; returns its papers.

    Raises Waiting where it waits for people, and whatever a stage refuses.
    """
    from flows.cycle import provincial_cycle
    from flows.schedules import PROVINCE, cycle_of
    from flows.unit_cycle import unit_cycle

    flow = provincial_cycle if cycle_of(context.id) is PROVINCE else unit_cycle
    papers: list[str] = _runner(flow, through)(context.id, actor)
    return papers


def on_schedule(
    context: RoundContext, kind: Kind, actor: str, through: Through, waking: Waking
) -> None:
    """Run what the event's schedule starts. `waking` stands in for the server's own waking of a
    suspended run: there is one process here, on its own clock."""
    from flows import daily

    with _woken_by(waking):
        match kind:
            case "requests":
                waking(context.id)
            case "daily":
                _runner(daily.daily, through)(context.id)
            case _:
                _runner(daily.milestone, through)(context.id, kind, actor)


@contextmanager
def _woken_by(waking: Waking) -> Iterator[None]:
    from flows import daily

    real = vars(daily)["wake"]
    vars(daily)["wake"] = waking
    try:
        yield
    finally:
        vars(daily)["wake"] = real


def _runner(flow: Any, through: Through) -> Callable[..., Any]:
    if through == "prefect":
        return flow  # type: ignore[no-any-return]

    def quietly(*given: Any) -> Any:
        with without_artifacts():
            return without_engine(flow)(*given)

    return quietly


def without_engine(flow: Any) -> Callable[..., Any]:
    """The flow's own text over its tasks' own functions: no engine, no server.

    Flows that it calls are run likewise, so that order and stages are those of the flow itself and
    cannot drift from it.
    """
    return _bare(flow, {})


def _bare(of: Any, made: dict[int, Callable[..., Any]]) -> Callable[..., Any]:
    """The function under a flow or task, and under those that its module names; a plain function
    of the flows that calls tasks likewise."""
    from prefect import Flow, Task

    if id(of) in made:
        return made[id(of)]
    names: dict[str, Any] = {}
    under = of.fn if isinstance(of, Flow | Task) else of
    function = types.FunctionType(
        under.__code__, names, under.__name__, under.__defaults__, under.__closure__
    )
    function.__kwdefaults__ = under.__kwdefaults__
    made[id(of)] = function  # a module names its own tasks among its globals
    for name, value in under.__globals__.items():
        if name == "_said":
            names[name] = str  # it writes into the log of a run, and there is no run
        elif isinstance(value, Flow | Task) or _calls_tasks(value):
            names[name] = _bare(value, made)
        else:
            names[name] = value
    return function


def _calls_tasks(value: Any) -> bool:
    """Whether it is a plain function of a module of flows that names tasks (`flows.gathering`)."""
    return isinstance(value, types.FunctionType) and _names_tasks(value)


@lru_cache(maxsize=1024)
def _names_tasks(function: types.FunctionType) -> bool:
    from prefect import Flow, Task

    return (
        function.__module__.startswith("flows.")
        and not function.__module__.startswith("flows.simulate")
        and any(isinstance(each, Flow | Task) for each in function.__globals__.values())
    )


@contextmanager
def without_artifacts() -> Iterator[None]:
    """Artifacts are shown on Prefect's page: inside, where there is none, nothing is shown."""
    found = [
        (module, name, value)
        for of, module in list(sys.modules.items())
        if of.startswith(("tasks.", "flows."))
        for name, value in list(vars(module).items())
        if getattr(value, "__module__", None) == "prefect.artifacts"
    ]
    for module, name, _ in found:
        setattr(module, name, _no_artifact)
    try:
        yield
    finally:
        for module, name, value in found:
            setattr(module, name, value)


def _no_artifact(**_content: Any) -> None:
    """Shows nothing."""
