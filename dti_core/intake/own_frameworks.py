"""A province's own frameworks under DTI_HOME: written whole, earlier files kept beside them."""

import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from dti_core.errors import Refused
from dti_core.framework.dump import dump_decree, dump_framework
from dti_core.framework.load import LEVELS, home, parse_framework, ships, ships_as_frame
from dti_core.framework.model import Decree, Framework
from dti_core.strict_yaml import DataError, Document

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_BACKUP = ".bak-"


class NotKept(Refused):
    """A framework that is not written. The text says why and what to do; nothing was changed."""


@dataclass(frozen=True)
class Kept:
    """What was written: the files that changed, and the earlier ones under their new names."""

    changed: tuple[Path, ...]
    backups: tuple[Path, ...]


def renamed(framework: Framework, framework_id: str) -> Framework:
    """The same framework under another id, "decree/level". Raises NotKept for an id that cannot be
    or that is of another level."""
    decree_id, _, level = framework_id.partition("/")
    if not _SLUG.fullmatch(decree_id) or level not in LEVELS:
        raise NotKept(
            f"Mã “{framework_id}” viết sai dạng. Hãy ghi MÃ/CẤP: mã chữ thường không dấu nối bằng"
            f" gạch ngang, cấp là một trong {', '.join(LEVELS)}; ví dụ tinh-a-2025/so."
        )
    if level != framework.level:
        raise NotKept(
            f"Bảng tính ghi cấp “{framework.level}” nhưng mã “{framework_id}” là cấp “{level}”. Hãy"
            f" dùng {decree_id}/{framework.level}, hoặc sửa cấp ở trang “Văn bản”."
        )
    decree = framework.decree.model_copy(update={"id": decree_id})
    return framework.model_copy(update={"id": framework_id, "decree": decree})


def keep(framework: Framework, *, replace: bool) -> Kept:
    """Write a framework to DTI_HOME/decrees/<decree>/: the file of its level and decree.yaml.

    Files that change are copied to <name>.bak-<n> first. The same content changes nothing. Raises
    NotKept where the framework ships with the software, where files would change and `replace` is
    not set, or where another level's file would no longer fit its decree. A frame that ships
    without criteria is there to be completed: that is no overwriting.
    """
    if ships(framework.id) and not ships_as_frame(framework.id):
        raise NotKept(
            f"Bộ chỉ số {framework.id} đi kèm phần mềm nên không ghi đè: một tệp cùng mã trong"
            " DTI_HOME sẽ được dùng thay bộ đi kèm trong mọi đợt. Muốn có bản riêng của tỉnh, hãy"
            f" thêm --as với mã khác, ví dụ --as {framework.decree.id}-rieng/{framework.level}."
        )
    folder = home() / "decrees" / framework.decree.id
    texts = {
        folder / "decree.yaml": dump_decree(framework.decree),
        folder / f"{framework.level}.yaml": dump_framework(framework),
    }
    _prove(framework, texts)
    _others_fit(folder, framework)
    changed = {file: text for file, text in texts.items() if _differs(file, text)}
    earlier = [file for file in changed if file.exists()]
    if earlier and not replace:
        names = ", ".join(file.name for file in earlier)
        raise NotKept(
            f"Trong {folder} đã có {names} với nội dung khác. Thêm --replace để thay; tệp cũ được"
            f" giữ lại thành {earlier[0].name}{_BACKUP}{_next(earlier)}."
        )
    folder.mkdir(parents=True, exist_ok=True)
    number = _next(earlier)
    backups = [file.with_name(f"{file.name}{_BACKUP}{number}") for file in earlier]
    for file, backup in zip(earlier, backups, strict=True):
        shutil.copy2(file, backup)
    for file, text in changed.items():
        fresh = file.with_name(f".{file.name}.new")
        fresh.write_text(text, encoding="utf-8", newline="\n")
        fresh.replace(file)
    return Kept(tuple(changed), tuple(backups))


def _prove(framework: Framework, texts: dict[Path, str]) -> None:
    """Read the texts back: what the loader makes of them must be the framework."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for file, text in texts.items():
            (folder / file.name).write_text(text, encoding="utf-8", newline="\n")
        decree = Document(folder / "decree.yaml").parse(Decree)
        again = parse_framework(folder / f"{framework.level}.yaml", decree, framework.sha256)
    if again != framework:
        raise AssertionError(f"{framework.id} is not what its own text says")


def _others_fit(folder: Path, framework: Framework) -> None:
    """The decree is shared with the files of the other levels in the folder."""
    for level in LEVELS:
        file = folder / f"{level}.yaml"
        if level == framework.level or not file.is_file():
            continue
        try:
            parse_framework(file, framework.decree)
        except DataError as error:
            raise NotKept(
                f"Bộ chỉ số {framework.decree.id}/{level} dùng chung văn bản này và sẽ không đọc"
                f" được nữa: {error}. Hãy giữ các cơ quan và số văn bản mà cấp ấy dùng, hoặc nhập"
                " với --as mã khác."
            ) from error


def _differs(file: Path, text: str) -> bool:
    return not file.is_file() or file.read_bytes() != text.encode()


def _next(files: list[Path]) -> int:
    """The number of the next backup, one for all files that are replaced together."""
    numbers = [
        int(each.name.rpartition("-")[2])
        for file in files
        for each in file.parent.glob(f"{file.name}{_BACKUP}*")
        if each.name.rpartition("-")[2].isdigit()
    ]
    return max(numbers, default=0) + 1
