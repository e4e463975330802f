"""`dti doctor`: the machine. Versions, time, disk, fonts, LibreOffice."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path

from dti_core.clock import CIVIL_TIME, now
from dti_core.framework.load import home
from flows.office.finding import Finding, fail, ok, warn

WATCHED = ("prefect", "fastapi", "sqlalchemy", "great-expectations", "pandas")
"""The libraries whose other versions are known to break the product: each is held against the range
that the installed product asks for (pyproject.toml says why)."""
LEAST_FREE, SMALLEST = 1_000_000_000, 5_000_000_000
"""Bytes free below which the disk is too full to work, and below which it is worth a word."""
SERIF = ("Times New Roman", "Liberation Serif", "Tinos")
"""The font of official papers (Nghị định 30/2020/NĐ-CP, Phụ lục I) and its metric twins."""
_PATIENCE = 20


def versions() -> Iterator[Finding]:
    """Python and the libraries, against the ranges of the installed product."""
    from packaging.requirements import Requirement
    from packaging.specifiers import SpecifierSet

    name = "phiên bản"
    about = distribution("dti").metadata
    wanted = SpecifierSet(about["Requires-Python"])
    python = ".".join(map(str, sys.version_info[:3]))
    if wanted.contains(python):
        yield ok(name, f"dti {version('dti')}, Python {python}.")
    else:
        yield fail(name, f"Python {python} không hợp (cần {wanted}). Hãy cài lại với Python khác.")
    ranges = {
        each.name: each.specifier
        for each in map(Requirement, about.get_all("Requires-Dist") or ())
        if each.marker is None
    }
    for package in WATCHED:
        specifier = ranges.get(package) or ranges.get(package.replace("-", "_"), SpecifierSet())
        try:
            found = version(package)
        except PackageNotFoundError:
            yield fail(name, f"Thiếu thư viện {package}. Hãy cài lại: make setup.")
            continue
        if specifier.contains(found, prereleases=True):
            yield ok(name, f"{package} {found} ({f'cần {specifier}' if specifier else 'hợp'}).")
        else:
            yield fail(
                name, f"{package} {found} nằm ngoài khoảng {specifier}. Hãy cài lại: make setup."
            )


def time_zone() -> Iterator[Finding]:
    """The machine's own zone: papers use UTC+7 anyway, but logs and files show the machine's."""
    name = "múi giờ"
    local = datetime.now().astimezone()
    if local.utcoffset() == CIVIL_TIME.utcoffset(None):
        yield ok(name, f"Máy ở múi giờ {local.tzname()} (UTC+7).")
    else:
        yield warn(
            name,
            f"Máy ở múi giờ {local.tzname()} (UTC{local:%z}). Hạn và lịch chạy vẫn tính theo giờ"
            " Việt Nam (UTC+7); chỉ nhật ký và giờ của tệp hiện theo giờ máy. Nên đặt:"
            " timedatectl set-timezone Asia/Ho_Chi_Minh",
        )


def clock_set() -> Iterator[Finding]:
    """Whether the machine's clock is kept right by the network."""
    name = "đồng hồ"
    program = shutil.which("chronyc")
    if program:
        said = _said([program, "-c", "tracking"])
        parts = said.split(",") if said else []
        if len(parts) > 4 and _is_number(parts[4]):
            off = abs(float(parts[4]))
            if off < 1:
                yield ok(name, f"Đồng hồ lệch {off:.3f} giây so với máy chủ giờ.")
            else:
                yield fail(name, f"Đồng hồ lệch {off:.0f} giây. Hãy chạy: chronyc makestep")
            return
    program = shutil.which("timedatectl")
    said = _said([program, "show", "--property=NTPSynchronized", "--value"]) if program else None
    if said == "yes":
        yield ok(name, "Đồng hồ được đồng bộ qua mạng.")
    elif said == "no":
        yield warn(
            name,
            "Đồng hồ không được đồng bộ qua mạng: hạn nộp tính theo đồng hồ này. Hãy bật:"
            " timedatectl set-ntp true",
        )
    else:
        yield warn(
            name,
            "Không biết đồng hồ có được đồng bộ không (chronyc, timedatectl không có hoặc không trả"
            f" lời). Bây giờ là {now().astimezone(CIVIL_TIME):%H:%M:%S ngày %d/%m/%Y} giờ Việt Nam:"
            " hãy so bằng mắt.",
        )


def disk() -> Iterator[Finding]:
    """Room for what is there once more: a backup, a restore beside it, a round like the last."""
    name = "đĩa"
    folder = home()
    while not folder.exists():
        folder = folder.parent
    free, used = shutil.disk_usage(folder).free, _size_of(home())
    text = f"{home()} dùng {_gigabytes(used)}, đĩa còn trống {_gigabytes(free)}"
    if free < LEAST_FREE:
        yield fail(name, f"{text}: quá ít để làm việc. Hãy dọn đĩa hoặc chuyển DTI_HOME.")
    elif free < max(SMALLEST, 2 * used):
        yield warn(name, f"{text}: nên có gấp đôi phần đang dùng, ít nhất 5 GB. Hãy dọn bớt.")
    else:
        yield ok(name, f"{text}.")


def fonts() -> Iterator[Finding]:
    """The font of official papers, for the PDFs that are made here."""
    name = "phông chữ"
    program = shutil.which("fc-list")
    if program is None:
        yield warn(
            name, "Không có fc-list (gói fontconfig) nên không biết máy có phông chữ nào cho PDF."
        )
        return
    families = {
        each.strip()
        for line in (_said([program, ":", "family"]) or "").splitlines()
        for each in line.split(",")
    }
    found = next((each for each in SERIF if each in families), None)
    if found:
        yield ok(name, f"Có {found} cho bản PDF.")
    else:
        yield warn(
            name,
            "Máy không có Times New Roman hay Liberation Serif: bản PDF sẽ dùng phông khác, ngắt"
            " trang khác; bản .docx không ảnh hưởng. Hãy cài gói fonts-liberation.",
        )


def libreoffice() -> Iterator[Finding]:
    """What makes PDFs, and reads .xls."""
    name = "LibreOffice"
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program:
        yield ok(name, f"Có LibreOffice ({program}).")
    elif os.environ.get("DTI_PDF") == "off":
        yield ok(name, "Bản PDF đang tắt (DTI_PDF=off).")
    else:
        yield warn(
            name,
            "Không có LibreOffice: văn bản chỉ có .docx, không có bản PDF bên cạnh. Cần thì cài gói"
            " libreoffice-writer; không cần thì đặt DTI_PDF=off.",
        )


def _said(command: list[str]) -> str | None:
    """What a program answers; None where it fails or does not answer."""
    try:
        ran = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=False,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return ran.stdout.strip() if ran.returncode == 0 else None


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _size_of(folder: Path) -> int:
    total = 0
    for path, _, names in os.walk(folder):
        for each in names:
            try:
                total += os.lstat(os.path.join(path, each)).st_size
            except FileNotFoundError:
                continue  # a file that came and went while we counted
    return total


def _gigabytes(count: int) -> str:
    return f"{count / 1e9:.1f} GB".replace(".", ",")
