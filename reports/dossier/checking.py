"""Check a dossier by itself, without the database: its files, its chain, and that they agree."""

import hashlib
import json
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dti_core.errors import Refused
from dti_core.records.disclosing import faults
from reports.dossier.data import FORMAT
from reports.dossier.enclosed import LAW
from reports.dossier.package import DATA, MANIFEST, PAGE, SUB_ROUND


class NotADossier(Refused):
    """A file that is no dossier, or one of another form. The text says why."""


@dataclass(frozen=True)
class Part:
    """A dossier inside the archive: that of the round, or of the sub-round before it."""

    prefix: str
    data: Mapping[str, Any]

    @property
    def links(self) -> Sequence[Mapping[str, Any]]:
        links: Sequence[Mapping[str, Any]] = self.data["links"]
        return links

    def count(self, told: str) -> int:
        return sum(link["told"] == told for link in self.links)


@dataclass(frozen=True)
class Checked:
    """What a check found.

    sha256    of the whole file: what the paper that came with it should name
    problems  in Vietnamese; empty where everything agrees
    files     how many files were compared with the list of hashes
    """

    sha256: str
    problems: Sequence[str]
    parts: Sequence[Part]
    files: int


def check(file: Path, head: str | None = None) -> Checked:
    """Check a dossier.

    head  the digest of the last event as somebody noted it outside; None where nobody did

    Raises NotADossier.
    """
    if not file.is_file():
        raise NotADossier(f"Không có tệp {file}. Hãy kiểm tra đường dẫn.")
    content = file.read_bytes()
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            files = {name: archive.read(name) for name in names}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise NotADossier(
            f"{file.name} không phải tệp nén đọc được ({error}): tệp hỏng khi chép, hoặc không phải"
            " hồ sơ. Hãy lấy lại bản gốc."
        ) from error
    if MANIFEST not in files or DATA not in files:
        raise NotADossier(f"{file.name} không phải hồ sơ: thiếu {MANIFEST} hoặc {DATA}.")
    problems = [*_twice(names), *_manifest(files)]
    parts = [_part(files, prefix) for prefix in ("", SUB_ROUND) if f"{prefix}{DATA}" in files]
    for part in parts:
        where = f"Đợt {part.data['round_id']}: " if len(parts) > 1 else ""
        wanted = head if part.prefix == "" else None
        problems += [where + problem for problem in _part_problems(part, files, wanted)]
    return Checked(hashlib.sha256(content).hexdigest(), problems, parts, len(files) - 1)


def _part(files: Mapping[str, bytes], prefix: str) -> Part:
    try:
        data = json.loads(files[f"{prefix}{DATA}"])
    except ValueError as error:
        raise NotADossier(f"{prefix}{DATA} không đọc được: {error}.") from error
    told = data.get("format") if isinstance(data, dict) else None
    if told != FORMAT:
        raise NotADossier(f"{prefix}{DATA} có dạng {told!r}; phần mềm này đọc dạng {FORMAT!r}.")
    return Part(prefix, data)


def _twice(names: Sequence[str]) -> Iterator[str]:
    for name, times in Counter(names).items():
        if times > 1:
            yield f"Tệp {name} có {times} lần trong tệp nén."


def _manifest(files: Mapping[str, bytes]) -> Iterator[str]:
    listed: dict[str, str] = {}
    for line in files[MANIFEST].decode(errors="replace").splitlines():
        sha256, _, name = line.partition("  ")
        listed[name] = sha256
    for name in sorted(listed.keys() - files.keys()):
        yield f"Thiếu tệp {name} có trong {MANIFEST}."
    for name in sorted(files.keys() - listed.keys() - {MANIFEST}):
        yield f"Thừa tệp {name}: {MANIFEST} không nêu."
    for name in sorted(listed.keys() & files.keys()):
        if _sha256(files[name]) != listed[name]:
            yield f"Tệp {name} không còn như lúc xuất."


def _part_problems(part: Part, files: Mapping[str, bytes], head: str | None) -> Iterator[str]:
    data = part.data
    if f"{part.prefix}{PAGE}" not in files:
        yield f"Thiếu trang {part.prefix}{PAGE}."
    yield from faults(data["round_id"], part.links, data["head"])
    if head is not None and data["head"] != head.strip().lower():
        yield (
            f"Mã của sự kiện cuối là {data['head']}, không phải mã đã ghi ở ngoài ({head}). Nếu mã"
            " ngoài được ghi vào lúc khác thì so với sự kiện của lúc đó."
        )
    for each in data["files"]:
        if each["path"]:
            content = files.get(part.prefix + each["path"])
            if content is None:
                yield f"Thiếu tệp {part.prefix}{each['path']}."
            elif _sha256(content) != each["sha256"]:
                yield f"Tệp {part.prefix}{each['path']} không phải tệp có mã đã ghi."
    yield from _as_recorded(part)
    yield from _law(part, files)


def _as_recorded(part: Part) -> Iterator[str]:
    """Files against the events that recorded them when they came or were made."""
    told = [link for link in part.links if link["told"] == "whole"]
    came = {link["detail"]["sha256"] for link in told if link["action"] == "file_received"}
    kept = {link["detail"]["sha256"] for link in told if link["action"] == "evidence_received"}
    made = {
        link["subject"]: link["detail"]["sha256"]
        for link in told
        if link["action"] == "document_made"  # the newest event of a path stays
    }
    for each in part.data["files"]:
        name = each["path"] or each["kept_as"]
        if each["kind"] == "received":
            fits = each["sha256"] in came
        elif each["kind"] == "evidence":
            fits = each["sha256"] in kept
        elif each["kind"] in ("law", "petition"):
            continue
        else:
            fits = made.get(each["kept_as"]) == each["sha256"]
        if not fits:
            yield f"Tệp {name}: nhật ký không có sự kiện nào ghi mã này."


def _law(part: Part, files: Mapping[str, bytes]) -> Iterator[str]:
    """The framework against the hash that the round was opened with."""
    opened = next((link for link in part.links if link["action"] == "round_opened"), None)
    if opened is None or opened["detail"]["pins"] != part.data["pins"]:
        yield "Mã các căn cứ không như lúc mở đợt."
        return
    folder = f"{part.prefix}{LAW}/"
    for path, content in files.items():
        if not path.startswith(folder) or path.endswith(("/decree.yaml", "/program.yaml")):
            continue
        name = path.removeprefix(folder).removesuffix(".yaml")
        decree = files.get(f"{folder}{name.partition('/')[0]}/decree.yaml", b"")
        if _sha256(decree + content) != part.data["pins"].get(name):
            yield f"Bộ chỉ số {name} không phải bản mà đợt đã ghim."


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
