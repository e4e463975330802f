"""What validation concluded, for who reads it and as a file. Without Great Expectations."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from dti_core.errors import Refused
from dti_core.framework.model import Framework
from expectations.register import register

Status = Literal["passed", "failed", "not_run", "nothing_to_check"]


class CheckDidNotRun(Refused):
    """A check failed to run: not a finding about figures, but a fault of the check."""


@dataclass(frozen=True)
class Finding:
    """One figure that one check does not accept."""

    unit: str
    criterion: str
    variable: str
    rule: str
    severity: str
    message: str
    file: str | None
    sheet: str | None
    cell: str | None


@dataclass(frozen=True)
class Outcome:
    """What became of one rule of the register at one level.

    status  failed: figures are not accepted; not_run: nothing is known, `reason` says why
    raw     what Great Expectations returned, without times and ids, figures by their keys
    """

    rule: str
    status: Status
    reason: str | None = None
    raw: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Validation:
    """One level validated: findings by unit and framework order, and the outcome of every rule."""

    findings: tuple[Finding, ...]
    outcomes: tuple[Outcome, ...]

    @property
    def not_run(self) -> tuple[Outcome, ...]:
        return tuple(outcome for outcome in self.outcomes if outcome.status == "not_run")


def did_not_run(where: str, outcomes: Sequence[Outcome]) -> str:
    """The sentence for who operates the round."""
    names = {rule.id: rule.name for rule in register()}
    which = "; ".join(
        f"“{names.get(one.rule, one.rule)}” ({one.rule}): {one.reason}" for one in outcomes
    )
    return (
        f"{where}: có phép kiểm tra không chạy được nên chưa biết số liệu đúng hay sai: {which}."
        " Các phép kiểm tra khác đã chạy. Hãy báo bộ phận kỹ thuật, sửa rồi kiểm tra lại."
    )


def raw_json(framework: Framework, units: Sequence[str], done: Validation) -> bytes:
    """Every rule of the register with its status, and what Great Expectations returned for it: the
    same bytes for the same records."""
    rules = {rule.id: rule for rule in register()}
    content = {
        "framework": framework.id,
        "framework_sha256": framework.sha256,
        "units": list(units),
        "rules": [
            {
                "rule": one.rule,
                "name": rules[one.rule].name,
                "severity": rules[one.rule].severity,
                "status": one.status,
                "reason": one.reason,
                "great_expectations": one.raw or None,
            }
            for one in done.outcomes
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=1, default=_plain).encode()


def _plain(value: Any) -> Any:
    """numpy's numbers as Python's."""
    return value.item()
