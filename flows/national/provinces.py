"""How large the 63 provinces are: `provinces.yaml`, read."""

from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, StrictInt, StringConstraints

from dti_core.framework.rules import Strict
from dti_core.strict_yaml import Document

FILE = Path(__file__).with_name("provinces.yaml")

Positive = Annotated[StrictInt, Field(ge=1)]


class Size(Strict):
    """How many units of each level a province has.

    code     its number in the list of the General Statistics Office
    size_of  the province whose size it is
    """

    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{2}$")]
    size_of: str
    so: Positive
    huyen: Positive
    xa: Positive

    @property
    def units(self) -> int:
        return self.so + self.huyen + self.xa

    def reduced(self, share: float) -> "Size":
        """The same province with a share of its units, at least two of a level: one has no rank."""
        so, huyen, xa = (max(2, round(each * share)) for each in (self.so, self.huyen, self.xa))
        return self.model_copy(update={"so": so, "huyen": huyen, "xa": max(xa, huyen)})


class _File(Strict):
    basis: str
    provinces: tuple[Size, ...] = Field(min_length=1)


@cache
def provinces() -> tuple[Size, ...]:
    """Every province, in the order of its number. Raises DataError with the line of a mistake."""
    return Document(FILE).parse(_File).provinces
