"""One finding of the checker, and the row it is made for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from dti_core.framework.model import Citation, Criterion, Framework
from dti_core.rational import percent, vietnamese

Severity = Literal["error", "warning", "note"]
"""error: points come out wrong or contradict what is stated · warning: a person should decide ·
note: odd, but no score depends on it."""


@dataclass(frozen=True)
class Finding:
    """What is wrong or odd at one place of a framework.

    numbers  the exact figures of the arithmetic that `message` tells
    erratum  the kind of the recorded erratum that answers the finding, if one does
    about    words of which an erratum's note uses one where it speaks of this finding
    """

    framework: str
    code: str
    kind: str
    severity: Severity
    numbers: Mapping[str, Fraction]
    message: str
    citation: Citation
    erratum: str | None = None
    about: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class Row:
    """A criterion in its framework: where the checks of a row get their findings made."""

    framework: Framework
    criterion: Criterion

    def finding(
        self,
        kind: str,
        severity: Severity,
        message: str,
        numbers: Mapping[str, Fraction] | None = None,
        about: tuple[str, ...] = (),
    ) -> Finding:
        return Finding(
            self.framework.id,
            self.criterion.code,
            kind,
            severity,
            numbers or {},
            message,
            self.criterion.citation,
            about=about,
        )

    def points(self, share: Fraction) -> Fraction | None:
        """A share of the maximum in points; None where the row has no maximum to share out."""
        return share * self.criterion.max_points if self.criterion.max_points else None

    def worth(self, share: Fraction) -> str:
        """A share of the maximum as people are told it: in points, else in percent of the maximum.

        419/KH-UBND states no maxima, pillar 9 of 2554/QĐ-UBND states 0.
        """
        points = self.points(share)
        if points is None:
            return "trọn điểm tối đa" if share == 1 else f"{percent(share)} điểm tối đa"
        return f"{vietnamese(points, 4)} điểm"

    def whole(self, weight: Fraction) -> str:
        """All that a part of the rule can earn: "trọn 10 điểm", "trọn điểm tối đa"."""
        worth = self.worth(weight)
        return worth if worth.startswith("trọn") else f"trọn {worth}"

    def numbers(self, **shares: Fraction) -> dict[str, Fraction]:
        """Shares of the maximum under `…_share`, and in points under their own name."""
        found: dict[str, Fraction] = {}
        for name, share in shares.items():
            found[f"{name}_share"] = share
            if (points := self.points(share)) is not None:
                found[name] = points
        return found
