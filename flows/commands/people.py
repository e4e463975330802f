"""`dti people`: who may change the records; a token is printed once, when it is made."""

from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.frameworks import AsJson
from flows.commands.remind import day_of
from flows.commands.stages import OPERATOR
from flows.commands.terminal import next_step, out, print_json, table
from flows.commands.vietnamese import Command, Group

if TYPE_CHECKING:
    from dti_core.records.tables import PersonRecord

app = typer.Typer(
    cls=Group, no_args_is_help=True, help="Ai được làm gì: đăng ký, cấp lại, thu hồi mã cá nhân."
)

Name = Annotated[str, typer.Argument(metavar="TÊN", help="Tên ghi vào nhật ký.")]
Until = Annotated[
    str | None,
    typer.Option("--until", metavar="NGÀY", help="Ngày cuối mã còn dùng được; bỏ trống: mãi."),
]
Actor = Annotated[str, typer.Option("--as", metavar="VAI_TRÒ", help="Ai làm, ghi vào nhật ký.")]


@app.command("add", cls=Command)
def add(
    name: Name,
    role: Annotated[
        list[str],
        typer.Option(
            "--role",
            metavar="VAI_TRÒ",
            help="operator, district, appraiser, approver, reader; nêu được nhiều lần.",
        ),
    ],
    title: Annotated[
        list[str] | None,
        typer.Option("--title", metavar="CHỨC_DANH", help="Vai trò được xác nhận bước, nếu khác."),
    ] = None,
    unit: Annotated[
        list[str] | None,
        typer.Option("--unit", metavar="MÃ", help="Chỉ đợt thành phần của đơn vị này."),
    ] = None,
    verifier: Annotated[
        list[str] | None,
        typer.Option("--verifier", metavar="MÃ", help="Thẩm định dòng của mã này; *: mọi dòng."),
    ] = None,
    agency: Annotated[
        list[str] | None,
        typer.Option("--agency", metavar="MÃ", help="Như --verifier, theo mã cơ quan."),
    ] = None,
    program: Annotated[
        str | None,
        typer.Option("--program", metavar="MÃ", help="Chỉ chương trình này; bỏ trống: mọi nơi."),
    ] = None,
    until: Until = None,
    actor: Actor = OPERATOR,
) -> None:
    """Đăng ký một người và in mã cá nhân của người ấy, một lần duy nhất."""
    from dti_core.records import people
    from dti_core.records.database import session

    _refuse_unknown(program, unit or [], verifier or [], agency or [])
    with session() as records:
        token = people.add(
            records,
            name,
            role,
            titles=title or (),
            units=unit or (),
            verifiers=verifier or (),
            agencies=agency or (),
            program=program,
            until=day_of(until) if until else None,
            actor=actor,
        )
    out.print(f"Đã đăng ký {name}.", markup=False)
    _hand_over(token)


@app.command("list", cls=Command)
def list_(as_json_: AsJson = False) -> None:
    """Ai đã đăng ký, được làm gì, mã còn hiệu lực không."""
    from dti_core.records import people
    from dti_core.records.database import session

    with session() as records:
        found, told = people.people(records), people.office_told(records)
    if as_json_:
        print_json([each.model_dump(exclude={"id", "salt", "digest"}) for each in found])
        return
    out.print(told, soft_wrap=True)
    if found:
        table(
            None,
            [("Tên", "left"), ("Được làm gì", "left"), ("Phạm vi", "left"), ("Mã", "left")],
            [[each.name, _roles(each), _scope(each), people.standing(each)] for each in found],
        )


@app.command("renew", cls=Command)
def renew(name: Name, until: Until = None, actor: Actor = OPERATOR) -> None:
    """Cấp mã mới cho một người; mã cũ hết hiệu lực ngay."""
    from dti_core.records import people
    from dti_core.records.database import session

    with session() as records:
        token = people.renew(records, name, day_of(until) if until else None, actor=actor)
    out.print(f"Đã cấp mã mới cho {name}; mã cũ không dùng được nữa.", markup=False)
    _hand_over(token)


@app.command("revoke", cls=Command)
def revoke(
    name: Name,
    reason: Annotated[
        str, typer.Option("--reason", metavar="LÝ_DO", help="Vì sao thu hồi; bắt buộc.")
    ] = "",
    actor: Actor = OPERATOR,
) -> None:
    """Thu hồi mã của một người; việc người ấy đã làm vẫn nằm trong nhật ký."""
    from dti_core.records import people
    from dti_core.records.database import session

    with session() as records:
        new = people.revoke(records, name, reason, actor=actor)
    out.print(f"Đã thu hồi mã của {name}." if new else "Mã này đã thu hồi từ trước.", markup=False)


def _refuse_unknown(
    program: str | None, units: list[str], verifiers: list[str], agencies: list[str]
) -> None:
    """A code that no program has would shut its person out of everything, without a word."""
    from dti_core.program.load import load_program, program_ids
    from dti_core.records.people import NotRegistered
    from dti_core.records.rights import EVERY

    programs = [load_program(each) for each in ([program] if program else program_ids())]
    council = {
        member.id
        for each in programs
        if each.appraisal.council is not None
        for member in each.appraisal.council.members
    }
    known = {unit.id for each in programs for unit in each.units}
    of_agency = {unit.agency for each in programs for unit in each.units}
    for option, named, among in (
        ("--unit", units, known),
        ("--verifier", verifiers, known | council | {EVERY}),
        ("--agency", agencies, of_agency),
    ):
        if strange := [each for each in named if each not in among]:
            where = f"Chương trình {program}" if program else "Không chương trình nào"
            raise NotRegistered(
                f"{where} {'không ' if program else ''}có mã {', '.join(strange)} ({option}). Mã"
                " đơn vị, thành viên Hội đồng nằm trong program.yaml; xem người thẩm định: dti"
                " appraise ĐỢT --list"
            )


def _hand_over(token: str) -> None:
    """The token alone on a line of standard output, so that it can go straight into a file."""
    out.print("Mã cá nhân, chỉ in một lần, không lưu ở đâu:")
    out.print(token, markup=False, soft_wrap=True)
    next_step(
        "trao riêng cho người ấy; người ấy lưu vào tệp chỉ mình đọc được (chmod 600) và đặt"
        " DTI_TOKEN_FILE là đường dẫn tệp"
    )


def _roles(person: "PersonRecord") -> str:
    from dti_core.records.rights import ROLES

    return ", ".join(ROLES[role] for role in person.roles)


def _scope(person: "PersonRecord") -> str:
    limits = {
        "chương trình": [person.program] if person.program else [],
        "đợt của": person.units,
        "thẩm định": [*person.verifiers, *person.agencies],
        "chức danh": person.titles,
    }
    return "; ".join(f"{what} {', '.join(named)}" for what, named in limits.items() if named)
