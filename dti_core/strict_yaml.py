"""YAML as law needs it: no duplicate keys, no guessed types, every mistake with its line.

Plain YAML turns `yes` into a boolean, `1.10` into 1.1 and lets the second of two equal keys
win. Here only `true`, `false`, `null` and whole numbers have a type of their own; every other
scalar stays the text that was written (`dti_core.rational` reads numbers from it, exactly).
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from dti_core.errors import Refused

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # PyYAML without libyaml: same result, slower
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

Model = TypeVar("Model", bound=BaseModel)
Path_ = tuple[str | int, ...]
_DEEPEST = 40

_WHOLE = re.compile(r"-?(0|[1-9]\d*)")
_PLAIN: dict[str, object] = {"true": True, "false": False, "null": None, "~": None, "": None}


class DataError(Refused):
    """A data file (framework, program, figures) that cannot be read. Its text is for people."""

    def __init__(self, file: Path | str, line: int | None, message: str) -> None:
        self.file, self.line, self.message = str(file), line, message
        place = f"{file}, dòng {line}" if line else f"{file}"
        super().__init__(f"{place}: {message}")


class Document:
    """One parsed YAML file: its content and the line of every key path in it."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._lines: dict[Path_, int] = {}
        try:
            root = yaml.compose(file.read_text(encoding="utf-8"), Loader=_Loader)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else None
            raise DataError(file, line, f"sai cú pháp YAML ({error.problem})") from error
        except yaml.YAMLError as error:
            raise DataError(file, None, "tệp có ký tự điều khiển mà YAML không nhận") from error
        except UnicodeDecodeError as error:
            raise DataError(file, None, "tệp phải được lưu ở bảng mã UTF-8") from error
        self.content: Any = self._build(root, ()) if root is not None else None

    def _build(self, node: yaml.Node, path: Path_) -> Any:
        self._lines[path] = node.start_mark.line + 1
        if len(path) > _DEEPEST:
            raise DataError(self.file, self._lines[path], "các mục lồng nhau quá sâu")
        if isinstance(node, yaml.ScalarNode):
            if not node.style and node.value in _PLAIN:
                return _PLAIN[node.value]
            if not node.style and _WHOLE.fullmatch(node.value):
                return int(node.value)
            return node.value
        if isinstance(node, yaml.SequenceNode):
            return [self._build(item, (*path, i)) for i, item in enumerate(node.value)]
        assert isinstance(node, yaml.MappingNode)
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                line = key_node.start_mark.line + 1
                raise DataError(self.file, line, "khóa phải là một từ, không phải một mục")
            key, line = key_node.value, key_node.start_mark.line + 1
            if key in mapping:
                raise DataError(self.file, line, f"khóa {key!r} viết hai lần trong cùng một mục")
            mapping[key] = self._build(value_node, (*path, key))
            self._lines[(*path, key)] = line
        return mapping

    def line(self, path: Path_) -> int | None:
        """The line of a key path, or of its nearest known parent."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path)

    def error(self, path: Path_, message: str) -> DataError:
        return DataError(self.file, self.line(path), message)

    def parse(self, model: type[Model], extra: Mapping[str, Any] | None = None) -> Model:
        """The content as a model. Raises DataError that names the first mistakes by line."""
        if not isinstance(self.content, dict):
            raise DataError(self.file, 1, "tệp phải là một bảng khóa: giá trị")
        try:
            return model.model_validate({**self.content, **(extra or {})})
        except ValidationError as error:
            problems = [self._problem(detail) for detail in error.errors(include_url=False)]
            first_line, first = problems[0]
            rest = "".join(
                f"\n  dòng {line}: {text}" if line else f"\n  {text}"
                for line, text in problems[1:5]
            )
            more = f"\n  … và {len(problems) - 5} lỗi khác" if len(problems) > 5 else ""
            raise DataError(self.file, first_line, first + rest + more) from error

    def _problem(self, detail: Any) -> tuple[int | None, str]:
        location: list[str | int] = []
        for step in detail["loc"]:
            # pydantic adds the tag of a chosen rule type to the path; the file has no such key
            if (*location, step) in self._lines:
                location.append(step)
        key = str(detail["loc"][-1]) if detail["loc"] else ""
        shown = [*location, key] if detail["type"] == "missing" else location
        where = " → ".join(str(step) for step in shown) or "tệp"
        match detail["type"]:
            case "missing":
                what = f"thiếu khóa {key!r}"
            case "extra_forbidden":
                what = f"khóa lạ {key!r}"
            case "union_tag_invalid" | "union_tag_not_found":
                what = "loại quy tắc (type) không có trong bộ từ vựng"
            case "literal_error":
                what = f"giá trị {detail['input']!r} phải là một trong {detail['ctx']['expected']}"
            case "string_pattern_mismatch":
                what = f"{detail['input']!r} viết sai dạng"
            case "value_error":
                what = str(detail["ctx"]["error"])
            case _:
                what = f"giá trị {detail['input']!r} sai kiểu"
        return self.line(tuple(location)), f"{where}: {what}"
