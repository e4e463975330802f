"""Who may change the records: people, what they may do, and the digest of their token."""

from sqlmodel import Field

from dti_core.records.tables.base import Record, json_column


class PersonRecord(Record, table=True):
    """One person, or the office's service. Never deleted: the audit chain names them.

    name       what the audit chain calls them; one person's for ever
    roles      of `rights.ROLES`
    titles     the roles of the policy `approvers` that they hold ("Giám đốc Sở")
    units      the units whose sub-rounds are theirs; empty: no such limit
    verifiers  the verifiers whose rows they appraise, by id; "*": whoever's
    agencies   the same by agency of the decree
    program    the one program they work on; None: every one
    salt, digest  SHA-256 of salt and token; the token itself is nowhere
    until      the last day of the token; None: no end
    """

    __tablename__ = "person"
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    roles: list[str] = Field(sa_column=json_column())
    titles: list[str] = Field(sa_column=json_column())
    units: list[str] = Field(sa_column=json_column())
    verifiers: list[str] = Field(sa_column=json_column())
    agencies: list[str] = Field(sa_column=json_column())
    program: str | None = None
    salt: str
    digest: str
    added_at: str
    until: str | None = None
    revoked_at: str | None = None
