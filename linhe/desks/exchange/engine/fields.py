"""The vocabulary of facts: every path that a rule may read, with its kind, unit and name in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from linhe.desks.exchange.engine import choices

Kind = Literal["int", "bool", "text", "date", "ints", "bools", "texts", "dates"]
Value = int | bool | str | date | tuple[int | bool | str | date | None, ...]

ITEM: dict[Kind, Kind] = {"ints": "int", "bools": "bool", "texts": "text", "dates": "date"}
"""Kind of the items of a list."""

MOST = 10**17
"""Largest whole number of a fact: 10^15 yuan in fen."""


class Words(NamedTuple):
    """A label in both languages (``lib.text.Text`` without its reader: an engine knows none)."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Field:
    """One fact: ``unit`` is ``fen``, ``ppm`` (1e-4 %), ``level``, ``percent``, ``days`` or empty."""

    path: str
    kind: Kind
    name: Words
    unit: str = ""
    choices: choices.Choices = ()
    derived: bool = False

    @property
    def document(self) -> str:
        """First part of the path: the document that the fact stands in."""
        return self.path.partition(".")[0]


DOCUMENTS: dict[str, Words] = {
    "application": Words("转让申请", "application"),
    "certificate": Words("产权登记证（表）", "registration certificate (form)"),
    "approval": Words("经济行为批准文件", "approval of the economic act"),
    "appraisal": Words("资产评估报告及核准、备案", "appraisal with its ratification or filing"),
    "disclosure": Words("信息披露", "disclosure"),
    "deal": Words("成交", "deal"),
    "earlier": Words("历次挂牌", "earlier listings"),
    "holders": Words("国有股东", "state holders"),
}


def _of(document: str, *rows: tuple[str, Kind, str, str] | tuple[str, Kind, str, str, str]) -> Iterator[Field]:
    for name, kind, zh, en, *unit in rows:
        path = f"{document}.{name}"
        yield Field(path, kind, Words(zh, en), unit[0] if unit else "", choices.BY_PATH.get(path, ()))


_LISTED = (
    *_of(
        "application",
        ("line", "text", "监管条线", "line of supervision"),
        ("step", "text", "审核环节", "step under review"),
        ("lot", "text", "标的编号", "number of the lot"),
        ("kind", "text", "交易类型", "kind of transaction"),
        ("object_name", "text", "标的名称", "object of the transaction"),
        ("seller", "text", "转让方", "seller"),
        ("share_ppm", "int", "转让比例", "share offered", "ppm"),
        ("controls_lost", "bool", "转让后失去控股地位", "control is lost by the transfer"),
        ("level", "int", "转让方所属财政（国资）层级", "level of the seller's finance (SASAC) line", "level"),
        ("fiscal_line", "text", "办理核准备案所经财务隶属关系", "fiscal line through which the appraisal was filed"),
        ("listing_number", "int", "第几次挂牌", "listing number in sequence", "times"),
        ("reserve_fen", "int", "转让底价（挂牌价）", "reserve price", "fen"),
        ("only_price_lowered", "bool", "再次披露仅降低底价（国资）", "listed again, only the price lowered (SASAC)"),
        ("difference_explained", "bool", "已提交价格差异书面说明", "the price difference is explained in writing"),
        ("applied_on", "date", "申请日期", "date of application"),
    ),
    *_of(
        "certificate",
        ("kind", "text", "登记类型", "kind of registration"),
        ("number", "text", "登记证（表）编号", "number of the certificate"),
        ("holder", "text", "出资人（持有人）", "holder"),
        ("enterprise", "text", "登记企业", "registered enterprise"),
        ("issuer", "text", "登记机关", "issuing department"),
        ("genuine", "bool", "经登记机关核验属实", "confirmed as genuine by the issuer"),
        ("complete", "bool", "内容、页码、印章齐全", "complete in contents, pages and seals"),
        ("status", "text", "登记状态", "state of the registration"),
        ("share_ppm", "int", "登记持有比例", "registered share", "ppm"),
        ("state_capital_fen", "int", "国有资本", "state capital", "fen"),
        ("registered_capital_fen", "int", "实收资本", "paid-in capital", "fen"),
        ("pledged", "bool", "已质押或权利受限", "pledged or otherwise restricted"),
        ("pledgee_agrees", "bool", "质权人书面同意转让", "the pledgee agrees in writing"),
        ("issued_on", "date", "发证日期", "date of issue"),
    ),
    *_of(
        "approval",
        ("number", "text", "批准文号", "document number"),
        ("authority", "text", "批准机关", "approving authority"),
        ("authority_kind", "text", "批准机关性质", "kind of authority"),
        ("level", "int", "批准机关层级", "level of the authority", "level"),
        ("object_name", "text", "批准的标的", "object approved"),
        ("scope", "text", "批准的资产范围", "scope of assets approved"),
        ("kind", "text", "批准的交易类型", "kind of transaction approved"),
        ("share_ppm", "int", "批准转让比例", "share approved", "ppm"),
        ("price_floor_stated", "bool", "批准文件载明最低价", "the approval states a price floor"),
        ("price_floor_fen", "int", "批准文件载明的最低价", "price floor in the approval", "fen"),
        ("issued_on", "date", "批准日期", "date of approval"),
        ("valid_until_stated", "bool", "批准文件载明有效期", "the approval states until when it is valid"),
        ("valid_until", "date", "批准有效期至", "approval valid until"),
        ("new_price_fen", "int", "重新批准的挂牌价", "price approved anew", "fen"),
        ("new_price_on", "date", "重新批准日期", "date of the new approval"),
    ),
    *_of(
        "appraisal",
        ("report_number", "text", "评估报告编号", "number of the report"),
        ("agency", "text", "评估机构", "appraisal agency"),
        ("audit_agency", "text", "审计机构", "audit agency"),
        ("accounting_engaged", "bool", "另聘会计服务机构", "an accounting agency is engaged too"),
        ("accounting_agency", "text", "会计服务机构", "accounting agency"),
        ("object_name", "text", "评估对象", "object appraised"),
        ("scope", "text", "评估范围", "scope of assets appraised"),
        ("kind", "text", "评估所依据的经济行为", "transaction the appraisal serves"),
        ("base_on", "date", "评估基准日", "base date"),
        ("value_fen", "int", "评估结果", "appraised value", "fen"),
        ("filing_kind", "text", "核准或备案", "ratified or filed"),
        ("filed_by", "text", "核准（备案）机关", "ratifying or filing body"),
        ("filed_level", "int", "核准（备案）机关层级", "level of that body", "level"),
        ("filing_number", "text", "核准（备案）文号", "number of the ratification or filing"),
        ("filed_on", "date", "核准（备案）日期", "date of ratification or filing"),
        ("undertakings", "bool", "承诺函齐全", "undertakings are complete"),
    ),
    *_of(
        "disclosure",
        ("starts_on", "date", "公告起始日", "start of the notice"),
        ("ends_on", "date", "公告截止日", "end of the notice"),
        ("newspaper_on", "date", "首次报刊公告日", "first newspaper notice"),
        ("newspaper_provincial", "bool", "刊登于省级以上报刊", "in a newspaper of provincial level or above"),
        ("on_exchange_site", "bool", "交易所网站已公告", "on the exchange's site"),
        ("on_seller_site", "bool", "转让方网站已公告", "on the institution's own site"),
        ("contents_complete", "bool", "披露内容齐全", "contents are complete"),
        ("undertakings", "bool", "转让方承诺齐全", "the seller's undertakings are complete"),
        ("extensions", "int", "延期次数", "number of extensions", "times"),
        ("extension_days", "int", "最短一次延期的工作日数", "working days of the shortest extension", "days"),
        ("extension_announced", "bool", "延期已事先公告", "extensions were announced beforehand"),
        ("suspended", "bool", "曾中止公告", "the notice was suspended"),
        ("suspended_on", "date", "中止日", "day of suspension"),
        ("resumed_on", "date", "恢复日", "day of resumption"),
        ("changed", "bool", "公告内容有变更", "contents were changed during the notice"),
        ("change_agreed", "bool", "变更经批准单位书面同意", "the approving body agreed to the change in writing"),
        ("restarted_on", "date", "变更后重新起算日", "day the period restarted after the change"),
        ("buyer_terms_changed", "bool", "受让方资格条件有变更", "the buyer's qualification was changed"),
        ("buyer_terms_refiled", "bool", "受让方资格条件已重新备案", "the changed qualification was filed again"),
    ),
    *_of(
        "deal",
        ("buyers", "int", "意向受让方数", "intended buyers", "persons"),
        ("procedure", "text", "成交方式", "procedure"),
        ("price_fen", "int", "成交价", "deal price", "fen"),
        ("lump_sum", "bool", "一次付清", "paid in one sum"),
        ("first_payment_fen", "int", "首期付款", "first payment", "fen"),
        ("contract_on", "date", "合同生效日", "day the contract takes effect"),
        ("last_payment_on", "date", "末期付款日", "day of the last payment"),
    ),
)  # fmt: skip

_DERIVED = (
    Field("earlier.count", "int", Words("已登记的历次挂牌数", "earlier listings on record"), "times", derived=True),
    Field("earlier.complete", "bool", Words("历次挂牌记录齐全", "all earlier listings are there"), derived=True),
    Field("earlier.conforming", "bools", Words("历次审核是否合规", "earlier reviews conform"), derived=True),
    Field("earlier.sold", "bools", Words("历次是否成交", "earlier listings were sold"), derived=True),
    Field(
        "earlier.unsold", "bools", Words("历次是否期满未征集到受让方", "earlier notices ran out with no buyer"),
        derived=True,
    ),
    Field("earlier.reserve_fen", "ints", Words("历次挂牌价", "earlier reserve prices"), "fen", derived=True),
    Field("earlier.starts_on", "dates", Words("历次公告起始日", "starts of earlier notices"), derived=True),
    Field("earlier.ends_on", "dates", Words("历次公告截止日", "ends of earlier notices"), derived=True),
    Field("holders.count", "int", Words("国有股东数", "number of state holders"), "persons", derived=True),
    Field(
        "holders.largest_lines", "texts",
        Words("最大国有股东的财务隶属关系", "fiscal line of the largest state holder"), derived=True,
    ),
)  # fmt: skip

FIELDS: dict[str, Field] = {one.path: one for one in (*_LISTED, *_DERIVED)}
"""Every fact by its path, in the order of the documents."""
