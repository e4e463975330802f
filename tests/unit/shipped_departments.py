"""The program of vinh-phuc as its departments have it, for tests that change something in it."""

from typing import Any

from dti_core.program.load import load_program
from dti_core.strict_yaml import Document


def departments() -> dict[str, Any]:
    """The shipped program's content with its twenty departments and their round, named "2023"."""
    content: dict[str, Any] = Document(load_program("vinh-phuc").folder / "program.yaml").content
    content["frameworks"] = {"so": content["frameworks"]["so"]}
    content["units"] = [unit for unit in content["units"] if unit.get("level") == "so"]
    (round_,) = [each for each in content["rounds"] if each["levels"] == ["so"]]
    content["rounds"] = [{**round_, "id": "2023"}]
    return content
