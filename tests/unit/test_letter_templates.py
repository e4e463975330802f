"""The templates of the papers around the collection: made alike, replaced, broken."""

import zipfile
from pathlib import Path

import pytest
from docx import Document

from dti_core.program.load import RoundContext, load_round
from reports.docx import TEMPLATES, BrokenTemplate
from reports.letters import reminder
from reports.templates import layout, make_letters
from tests.unit.official_papers import text_of
from tests.unit.papers_of_the_round import PAPERS, reminder_letter, values


@pytest.fixture(scope="module")
def context() -> RoundContext:
    return load_round("vinh-phuc/2023-so")


def test_the_makers_make_what_ships_byte_by_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layout, "TEMPLATES", tmp_path)
    make_letters.main()
    made = sorted(file.name for file in tmp_path.iterdir())
    assert {f"{name}.docx" for name in PAPERS} < set(made)
    for name in made:
        assert (tmp_path / name).read_bytes() == (TEMPLATES / name).read_bytes(), name


@pytest.mark.parametrize("name", PAPERS)
def test_an_office_can_use_its_own_template(
    name: str, context: RoundContext, empty_home: Path
) -> None:
    given, render = values(context)[name]
    file = empty_home / "templates" / f"{name}.docx"
    file.parent.mkdir()
    own = Document()
    own.add_paragraph("Về {{ title }}")
    own.save(str(file))
    about = "đánh giá, xếp hạng chuyển đổi số các sở, ban, ngành năm 2023"
    assert text_of(render(given)).strip() == f"Về {about}"
    own.add_paragraph("Số liệu của {{ don_vi }} & các nơi")
    own.save(str(file))
    with pytest.raises(
        BrokenTemplate,
        match=rf"{name}\.docx.*chỗ “Số liệu của {{{{ don_vi }}}} & các nơi”.*don_vi.*Xóa tệp",
    ):
        render(given)


def broken(tmp_path: Path, *paragraphs: str, cell: str = "") -> Path:
    """A template of paragraphs, with a table before the last one where `cell` is given."""
    document = Document()
    for text in paragraphs[:-1]:
        document.add_paragraph(text)
    if cell:
        document.add_table(rows=1, cols=1).cell(0, 0).text = cell
    document.add_paragraph(paragraphs[-1])
    file = tmp_path / "templates" / "reminder.docx"
    file.parent.mkdir(exist_ok=True)
    document.save(str(file))
    return file


@pytest.mark.parametrize(
    ("paragraphs", "cell", "told"),
    [
        (("Mở đầu", "Gửi {% if title %} ai"), "", "chỗ “Gửi {% if title %} ai”"),
        (("Mở đầu", "Còn {{ 1 / 0 }} ngày"), "", "chỗ “Còn {{ 1 / 0 }} ngày”: division by zero."),
        (("Mở đầu", "Gửi {{ title | hoa }}"), "", "chỗ “Gửi {{ title | hoa }}”: No filter"),
        (("Mở đầu", "hết{% endif %}"), "{% if refused %}trong ô", "mở ở một ô hoặc đoạn"),
    ],
)
def test_a_broken_template_is_refused_with_its_place(
    paragraphs: tuple[str, ...], cell: str, told: str, context: RoundContext, empty_home: Path
) -> None:
    broken(empty_home, *paragraphs, cell=cell)
    with pytest.raises(BrokenTemplate) as refusal:
        reminder.render(reminder_letter(context))
    assert told in str(refusal.value)


def test_a_template_that_is_no_word_file_is_refused(
    context: RoundContext, empty_home: Path
) -> None:
    file = broken(empty_home, "Gửi {{ title }}")
    whole = file.read_bytes()
    with zipfile.ZipFile(empty_home / "other.zip", "w") as other:
        other.writestr("a.txt", "x")
    for content in (b"", b"abc", whole[:5000], (empty_home / "other.zip").read_bytes()):
        file.write_bytes(content)
        with pytest.raises(BrokenTemplate, match=r"reminder\.docx không phải tệp Word"):
            reminder.render(reminder_letter(context))
