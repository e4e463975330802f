"""One finding of the checker."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from dti_core.framework.model import Citation

Severity = Literal["error", "warning", "note"]
"""error: points come out wrong or contradict what is stated · warning: a person should decide ·
note: odd, but no score depends on it."""


@dataclass(frozen=True)
class Finding:
    """`erratum` is the kind of the erratum that the framework records for the row, if any."""

    framework: str
    code: str
    kind: str
    severity: Severity
    numbers: Mapping[str, Fraction]
    message: str
    citation: Citation
    erratum: str | None = None
