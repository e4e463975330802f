"""A PDF beside each official document, where LibreOffice is installed: to read, print and file."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from prefect import task
from prefect.artifacts import create_markdown_artifact

from dti_core.errors import Refused
from dti_core.records.files import holds, round_folder, write_whole
from tasks.papers import DOCUMENTS

MINUTES = 5
"""How long one call of LibreOffice may take for all documents of a round."""


class NoPdf(Refused):
    """LibreOffice is there and could not convert. The text says what it said."""


@task(name="ban-pdf")
def pdf_task(round_id: str) -> list[str]:
    """Write the missing PDFs of a round's documents; see `write_pdfs`. A PDF is a copy to read:
    where it cannot be made, the artifact says why, and the round goes on."""
    folder = round_folder(round_id) / DOCUMENTS
    try:
        made = write_pdfs(sorted(folder.glob("*.docx")))
    except NoPdf as failure:
        create_markdown_artifact(
            key="ban-pdf", description=f"PDF, {round_id}", markdown=str(failure)
        )
        return []
    return [str(each) for each in made]


def write_pdfs(documents: list[Path]) -> list[Path]:
    """The PDFs of .docx files, beside them; only those that are missing or older are written.

    A document that gets another content meanwhile is left for the next time: its PDF would show the
    old one. Returns every PDF there is now; none without LibreOffice or with `DTI_PDF=off`. Raises
    NoPdf.
    """
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None or os.environ.get("DTI_PDF") == "off":  # an office may not want them
        return []
    stale = [each for each in documents if _is_stale(each)]
    if stale:
        _convert(program, stale)
    return [pdf for each in documents if (pdf := each.with_suffix(".pdf")).exists()]


def _is_stale(document: Path) -> bool:
    copy = document.with_suffix(".pdf")
    return not copy.exists() or copy.stat().st_mtime_ns < document.stat().st_mtime_ns


def _convert(program: str, documents: list[Path]) -> None:
    with tempfile.TemporaryDirectory(prefix="dti-pdf-") as scratch:
        # a profile of its own: LibreOffice refuses to start beside an open one
        profile = f"-env:UserInstallation={Path(scratch, 'profile').as_uri()}"
        out = Path(scratch, "out")
        before = {each: hashlib.sha256(each.read_bytes()).hexdigest() for each in documents}
        command = [program, profile, "--headless", "--convert-to", "pdf", "--outdir", str(out)]
        try:
            ran = subprocess.run(
                [*command, *map(str, documents)],
                capture_output=True,
                text=True,
                timeout=MINUTES * 60,
                check=False,
            )
        except subprocess.TimeoutExpired as late:
            raise NoPdf(f"LibreOffice không chuyển xong sang PDF trong {MINUTES} phút.") from late
        for each in documents:
            made = out / f"{each.stem}.pdf"
            if not made.exists():
                raise NoPdf(
                    f"LibreOffice không chuyển được {each.name} sang PDF: {ran.stderr.strip()}."
                    " Tệp .docx vẫn dùng được; mở bằng Word rồi lưu thành PDF."
                )
            if holds(each, before[each]):
                write_whole(each.with_suffix(".pdf"), made.read_bytes())
                each.with_suffix(".pdf").touch()
