"""Run the suite over the pooled frame and tell what it found, figure by figure."""

from collections.abc import Iterator, Sequence
from typing import Any

import great_expectations as gx
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
)

from expectations.frame import Key, Pooled
from expectations.register import Rule, register
from expectations.results import CheckDidNotRun, Finding, Outcome, Status, Validation, did_not_run
from expectations.suite import build_suite
from expectations.words import message


def validate(pooled: Pooled) -> list[Finding]:
    """Every finding over a pooled frame.

    Raises CheckDidNotRun where a check could not be carried out: silence would read as "no fault".
    """
    done = run_checks(pooled)
    if done.not_run:
        raise CheckDidNotRun(did_not_run(pooled.grid.framework.title, done.not_run))
    return list(done.findings)


def run_checks(pooled: Pooled) -> Validation:
    """Run every rule that has something to look at; one that cannot run stops no other."""
    returned = {
        result.expectation_config.meta["rule"]: result for result in _great_expectations(pooled)
    }
    outcomes: list[Outcome] = []
    found: list[tuple[int, int, Finding]] = []
    for place, rule in enumerate(register()):
        result = returned.get(rule.id)
        if result is None:
            reason = pooled.not_built.get(rule.id)
            outcomes.append(Outcome(rule.id, "not_run" if reason else "nothing_to_check", reason))
            continue
        reason = _reason(result.exception_info)
        rows = result.result.get("unexpected_index_list") or []
        status: Status = "not_run" if reason else "passed" if result.success else "failed"
        keys = [pooled.key(row) for row in rows]
        outcomes.append(Outcome(rule.id, status, reason, _raw(result, keys)))
        found += [
            (row, place, _finding(pooled, rule, key)) for row, key in zip(rows, keys, strict=True)
        ]
    return Validation(tuple(_ordered(pooled, found)), tuple(outcomes))


def _great_expectations(pooled: Pooled) -> Any:
    if pooled.frame.empty:
        return []
    # no stores on disk, no site of data docs
    config = DataContextConfig(store_backend_defaults=InMemoryStoreBackendDefaults())
    context = gx.get_context(mode="ephemeral", project_config=config)
    context.variables.progress_bars = {"globally": False}
    batch = (
        context.data_sources.add_pandas("figures")
        .add_dataframe_asset("pooled")
        .add_batch_definition_whole_dataframe("whole")
        .get_batch({"dataframe": pooled.frame})
    )
    # rows by their number: asked for by key columns, each failing figure costs 0.1 ms
    return batch.validate(
        build_suite(pooled),
        result_format={"result_format": "COMPLETE", "return_unexpected_index_query": False},
    ).results


def _reason(exception_info: dict[str, Any] | None) -> str | None:
    """Why a check did not run. Great Expectations keys it by metric where one raised, and flat
    where none did."""
    if not exception_info:
        return None
    infos = [exception_info] if "raised_exception" in exception_info else exception_info.values()
    reasons = [
        str(info.get("exception_message")).splitlines()[0]
        for info in infos
        if isinstance(info, dict) and info.get("raised_exception")
    ]
    return "; ".join(dict.fromkeys(reasons)) or None


def _raw(result: Any, keys: Sequence[Key]) -> dict[str, Any]:
    """A result as data: the same for the same figures, whenever and wherever it is made."""
    config = result.expectation_config
    # both name rows of the frame, which only exists here
    dropped = {"unexpected_index_list", "partial_unexpected_index_list", "unexpected_index_query"}
    told = {name: value for name, value in result.result.items() if name not in dropped}
    return {
        "expectation": config.type,
        "kwargs": {name: value for name, value in config.kwargs.items() if name != "batch_id"},
        "meta": dict(config.meta),
        "success": result.success,
        "result": {**told, "unexpected_figures": [list(key) for key in keys]},
    }


def _finding(pooled: Pooled, rule: Rule, key: Key) -> Finding:
    figure = pooled.grid.figures.get(key)
    unit, criterion, variable = key
    return Finding(
        unit=unit,
        criterion=criterion,
        variable=variable,
        rule=rule.id,
        severity=rule.severity,
        message=message(pooled, rule, key),
        file=figure.file if figure else None,
        sheet=figure.sheet if figure else None,
        cell=figure.cells[0] if figure and figure.cells else None,
    )


def _ordered(pooled: Pooled, found: list[tuple[int, int, Finding]]) -> Iterator[Finding]:
    units = {unit: at for at, unit in enumerate(pooled.grid.units)}
    rows = {row.code: at for at, row in enumerate(pooled.grid.framework.rows)}
    ordered = sorted(found, key=lambda f: (units[f[2].unit], rows[f[2].criterion], f[0], f[1]))
    return (finding for _, _, finding in ordered)
