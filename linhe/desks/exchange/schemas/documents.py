"""The documents of an application at the border: every field optional (missing is unknown), nothing else let in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator

from linhe.desks.exchange.engine.chain import Holder as HolderFacts
from linhe.desks.exchange.engine.facts import EARLIEST, LATEST, MISSING, ORDERED_DATES, PPM, Fact
from linhe.desks.exchange.engine.fields import DOCUMENTS, FIELDS, MOST
from linhe.desks.exchange.schemas.explaining import explain
from linhe.desks.exchange.schemas.legible import HIDDEN, legible
from linhe.lib.text import Text

MOST_HOLDERS = 50
NAMES = {"name": Text("名称", "name"), "share_ppm": Text("持股比例", "share"),
         "fiscal_line": Text("财务隶属关系", "fiscal line"), "holders": Text("国有股东", "state holders")}  # fmt: skip


def _whole(sent: Any) -> Any:
    """Whole numbers only: no yes or no, no fraction, nothing that is not a number."""
    if isinstance(sent, bool | float):
        raise ValueError(Text("须为整数。", "It must be a whole number."))
    return sent


def _answer(sent: Any) -> Any:
    """Yes or no only: 1 and "on" are what a form sends, 2 is nothing."""
    if sent is not None and not isinstance(sent, bool) and sent not in (0, 1, "0", "1", "true", "false", "on", "off"):
        raise ValueError(Text("须为是或否。", "It must be yes or no."))
    return sent


def _some(sent: Any) -> Any:
    """What was left empty is missing; a text that cannot be kept is refused."""
    if isinstance(sent, str) and not legible(sent):
        raise ValueError(HIDDEN)
    return None if isinstance(sent, str) and not sent.strip() else sent


def _written(sent: Any) -> Any:
    """A day as it is written: a number is none."""
    if isinstance(sent, int | float):
        raise ValueError(Text("须为日期，如 2026-03-02。", "It must be a date such as 2026-03-02."))
    return sent


Fen = Annotated[int | None, Field(ge=0, le=MOST), BeforeValidator(_whole)]
Ppm = Annotated[int | None, Field(ge=0, le=PPM), BeforeValidator(_whole)]
Count = Annotated[int | None, Field(ge=0, le=100_000), BeforeValidator(_whole)]
Level = Annotated[int | None, Field(ge=1, le=4), BeforeValidator(_whole)]
Words = Annotated[str | None, Field(max_length=400)]
Scope = Annotated[str | None, Field(max_length=2000)]
Answer = Annotated[bool | None, BeforeValidator(_answer)]
Day = Annotated[date | None, Field(ge=EARLIEST, le=LATEST), BeforeValidator(_written)]

LineCode = Literal["financial", "sasac"]
StepCode = Literal["listing", "closing"]
KindCode = Literal["equity", "assets", "capital"]


class NotADocument(ValueError):
    """Fields that cannot be kept. ``errors`` holds a message in both languages by field (``holders.0.share_ppm``)."""

    def __init__(self, errors: Mapping[str, Text]) -> None:
        super().__init__("; ".join(f"{name}: {message.en}" for name, message in errors.items()))
        self.errors = dict(errors)


class Document(BaseModel):
    """Base of the documents; ``code`` is the first part of its facts' paths."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, allow_inf_nan=False)
    code: ClassVar[str] = ""

    @field_validator("*", mode="before")
    @classmethod
    def _empty_is_missing(cls, sent: Any) -> Any:
        return _some(sent)

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Self:
        """The document from plain data or a form.

        Raises
        ------
        NotADocument : names every field that is wrong, in both languages.
        """
        try:
            found = cls.model_validate(dict(data))
        except ValidationError as error:
            raise NotADocument(explain(cls.code, cls.label, error)) from None
        if reversed_ := _reversed(found):
            raise NotADocument(reversed_)
        return found

    @classmethod
    def title(cls) -> Text:
        """Name of the document."""
        return Text(*DOCUMENTS[cls.code])

    @classmethod
    def label(cls, name: str) -> Text:
        """Name of one of its fields (``holders.0.share_ppm``: of the part)."""
        known = FIELDS.get(f"{cls.code}.{name}")
        last = name.rpartition(".")[2]
        return Text(*known.name) if known else NAMES.get(last, Text(last, last))

    @classmethod
    def choices(cls, name: str) -> tuple[tuple[str, Text], ...]:
        """The codes that a field of kind choice may hold, with their names."""
        known = FIELDS.get(f"{cls.code}.{name}")
        return tuple((code, Text(zh, en)) for code, zh, en in known.choices) if known else ()

    def facts(self, source: str, pages: Mapping[str, int] | None = None) -> dict[str, Fact]:
        """Its known fields as facts by path; ``source`` names the document, ``pages`` says where each field stands."""
        pages = pages or {}
        values = {name: getattr(self, name) for name in type(self).model_fields if name != "holders"}
        return {
            f"{self.code}.{name}": Fact(value, source, pages.get(name))
            for name, value in values.items()
            if value is not None
        }


class Holder(BaseModel):
    """One state holder of the object."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    name: Annotated[str, Field(min_length=1, max_length=400)]
    share_ppm: Ppm = None
    fiscal_line: Words = None

    @field_validator("*", mode="before")
    @classmethod
    def _empty_is_missing(cls, sent: Any) -> Any:
        return _some(sent)


class Application(Document):
    """What the seller applies for. Shares are parts per million (1e-4 %)."""

    code: ClassVar[str] = "application"
    line: LineCode | None = None
    step: StepCode | None = None
    lot: Words = None
    kind: KindCode | None = None
    object_name: Words = None
    seller: Words = None
    share_ppm: Ppm = None
    controls_lost: Answer = None
    level: Level = None
    fiscal_line: Words = None
    listing_number: Annotated[int | None, Field(ge=1, le=1000), BeforeValidator(_whole)] = None
    reserve_fen: Fen = None
    only_price_lowered: Answer = None
    difference_explained: Answer = None
    applied_on: Day = None
    holders: Annotated[tuple[Holder, ...] | None, Field(max_length=MOST_HOLDERS)] = None

    def holder_facts(self, source: str, page: int | None = None) -> tuple[HolderFacts, ...] | None:
        """The state holders as the engine takes them; None while nobody has named them."""
        if self.holders is None:
            return None

        def fact(value: Any) -> Fact:
            return MISSING if value is None else Fact(value, source, page)

        return tuple(
            HolderFacts(name=fact(one.name), share_ppm=fact(one.share_ppm), fiscal_line=fact(one.fiscal_line))
            for one in self.holders
        )


class Certificate(Document):
    """Registration of state-owned property rights, as a certificate or a form."""

    code: ClassVar[str] = "certificate"
    kind: Literal["possession", "change", "cancelled"] | None = None
    number: Words = None
    holder: Words = None
    enterprise: Words = None
    issuer: Words = None
    genuine: Answer = None
    complete: Answer = None
    status: Literal["valid", "lapsed", "cancelled", "changing"] | None = None
    share_ppm: Ppm = None
    state_capital_fen: Fen = None
    registered_capital_fen: Fen = None
    pledged: Answer = None
    pledgee_agrees: Answer = None
    issued_on: Day = None


class Approval(Document):
    """Approval of the economic act; ``new_price_*`` when a price below the limit was approved anew."""

    code: ClassVar[str] = "approval"
    number: Words = None
    authority: Words = None
    authority_kind: Literal["finance", "sasac", "government", "enterprise", "board"] | None = None
    level: Level = None
    object_name: Words = None
    scope: Scope = None
    kind: KindCode | None = None
    share_ppm: Ppm = None
    price_floor_stated: Answer = None
    price_floor_fen: Fen = None
    issued_on: Day = None
    valid_until_stated: Answer = None
    valid_until: Day = None
    new_price_fen: Fen = None
    new_price_on: Day = None


class Appraisal(Document):
    """The appraisal report with its ratification or filing."""

    code: ClassVar[str] = "appraisal"
    report_number: Words = None
    agency: Words = None
    audit_agency: Words = None
    accounting_engaged: Answer = None
    accounting_agency: Words = None
    object_name: Words = None
    scope: Scope = None
    kind: KindCode | None = None
    base_on: Day = None
    value_fen: Fen = None
    filing_kind: Literal["ratified", "filed", "none"] | None = None
    filed_by: Words = None
    filed_level: Level = None
    filing_number: Words = None
    filed_on: Day = None
    undertakings: Answer = None


class Disclosure(Document):
    """The notice: its period, extensions, suspension, changes, where it appeared, what it holds."""

    code: ClassVar[str] = "disclosure"
    starts_on: Day = None
    ends_on: Day = None
    newspaper_on: Day = None
    newspaper_provincial: Answer = None
    on_exchange_site: Answer = None
    on_seller_site: Answer = None
    contents_complete: Answer = None
    undertakings: Answer = None
    extensions: Count = None
    extension_days: Count = None
    extension_announced: Answer = None
    suspended: Answer = None
    suspended_on: Day = None
    resumed_on: Day = None
    changed: Answer = None
    change_agreed: Answer = None
    restarted_on: Day = None
    buyer_terms_changed: Answer = None
    buyer_terms_refiled: Answer = None


class Deal(Document):
    """How the lot was sold; only at the step ``closing``."""

    code: ClassVar[str] = "deal"
    buyers: Count = None
    procedure: Literal["auction", "bidding", "online", "other", "agreement", "outside"] | None = None
    price_fen: Fen = None
    lump_sum: Answer = None
    first_payment_fen: Fen = None
    contract_on: Day = None
    last_payment_on: Day = None


MODELS: dict[str, type[Document]] = {
    one.code: one for one in (Application, Certificate, Approval, Appraisal, Disclosure, Deal)
}
"""The documents by code, in the order in which people meet them."""


def _reversed(document: Document) -> dict[str, Text]:
    """Pairs of dates in the wrong order."""
    found: dict[str, Text] = {}
    for first, second in ORDERED_DATES:
        code, _, name = first.partition(".")
        other = second.partition(".")[2]
        if code != document.code:
            continue
        before, after = getattr(document, name), getattr(document, other)
        if before is not None and after is not None and after < before:
            one, two = document.label(name), document.label(other)
            found[other] = Text(f"{two.zh}：早于{one.zh}。", f"{two.en}: lies before {one.en}.")
    return found
