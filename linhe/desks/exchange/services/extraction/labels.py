"""Under which words each kind of document states its facts. The first word of a fact is the one that forms print."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Reads = Literal["text", "number", "money", "date", "share", "choice"]


@dataclass(frozen=True, slots=True)
class Label:
    """A fact of a document, the words it stands under, and how its value is written."""

    path: str
    reads: Reads
    words: tuple[str, ...]
    choices: tuple[tuple[str, str | int], ...] = ()


def _label(path: str, reads: Reads, words: str, choices: tuple[tuple[str, str | int], ...] = ()) -> Label:
    return Label(path, reads, tuple(words.split()), choices)


LEVELS: tuple[tuple[str, str | int], ...] = (
    *((word, 1) for word in ["中央", "国务院", "财政部", "国资委"]),
    *((word, 2) for word in ["自治区", "直辖市", "省"]),
    ("市", 3),
    *((word, 4) for word in ["县", "区"]),
)
"""What is met first in the text decides, so that 某省国资委 is of the province."""
DEALS: tuple[tuple[str, str | int], ...] = (
    *((word, "equity") for word in ["股权转让", "产权转让", "股份转让"]),
    ("增资", "capital"),
    ("资产转让", "assets"),
)

APPLICATION = (
    _label("application.reserve_fen", "money", "转让底价 挂牌价 挂牌价格 挂牌底价 保留价"),
    _label("application.object_name", "text", "标的名称 项目名称 转让标的"),
    _label("application.share_ppm", "share", "转让比例 拟转让比例 转让股权比例"),
    _label("application.kind", "choice", "交易类型 转让方式 交易方式", DEALS),
    _label("application.level", "choice", "隶属层级 监管层级", LEVELS),
    _label("application.fiscal_line", "text", "财务隶属关系 财政隶属关系"),
)
CERTIFICATE = (
    _label("certificate.number", "number", "产权登记证编号 登记证编号 登记表编号 证书编号 登记编号 证号"),
    _label(
        "certificate.kind",
        "choice",
        "登记类型 登记类别 登记种类",
        (("占有", "possession"), ("变动", "change"), ("注销", "cancelled")),
    ),
    _label("certificate.holder", "text", "持有人 出资人名称 出资人 持股单位 国有股东名称 产权持有单位"),
    _label("certificate.enterprise", "text", "登记企业 被登记企业 企业名称 被投资企业 标的企业"),
    _label("certificate.issuer", "text", "登记机关 发证机关 审核登记机关"),
    _label(
        "certificate.status",
        "choice",
        "登记状态 证书状态",
        (("注销", "cancelled"), ("失效", "lapsed"), ("无效", "lapsed"), ("办理中", "changing"), ("有效", "valid")),
    ),
    _label("certificate.share_ppm", "share", "持股比例 出资比例 股权比例 持有比例 国有股权比例"),
    _label("certificate.state_capital_fen", "money", "国有资本 国家资本 国有实收资本"),
    _label("certificate.registered_capital_fen", "money", "实收资本 注册资本"),
    _label("certificate.issued_on", "date", "发证日期 登记日期 颁发日期 审核日期"),
)
APPROVAL = (
    _label("approval.number", "number", "批准文号 批复文号 文件编号 文号 发文字号"),
    _label("approval.authority", "text", "批准机关 批准单位 审批机关 审批单位 发文机关"),
    _label("approval.level", "choice", "批准机关层级 批准层级", LEVELS),
    _label("approval.object_name", "text", "转让标的 标的名称 批准标的 标的企业"),
    _label("approval.scope", "text", "资产范围 转让范围 批准范围"),
    _label("approval.kind", "choice", "交易类型 经济行为 交易方式 批准事项", DEALS),
    _label("approval.share_ppm", "share", "批准转让比例 转让比例 转让股权比例 拟转让比例"),
    _label("approval.price_floor_fen", "money", "最低价 转让底价 最低转让价格 底价"),
    _label("approval.issued_on", "date", "批准日期 批复日期 成文日期 发文日期 签发日期"),
    _label("approval.valid_until", "date", "有效期至 有效期限至 批准有效期至 有效期截至"),
    _label("approval.new_price_fen", "money", "重新批准的挂牌价 同意调整后的挂牌价 调整后挂牌价 调整后的转让底价"),
    _label("approval.new_price_on", "date", "重新批准日期 同意调整日期"),
)
APPRAISAL = (
    _label("appraisal.report_number", "number", "评估报告编号 报告编号 评估报告号 报告文号"),
    _label("appraisal.agency", "text", "评估机构 资产评估机构 评估机构名称"),
    _label("appraisal.audit_agency", "text", "审计机构 会计师事务所"),
    _label("appraisal.accounting_agency", "text", "会计服务机构 代理记账机构"),
    _label("appraisal.object_name", "text", "评估对象 评估标的"),
    _label("appraisal.scope", "text", "评估范围"),
    _label("appraisal.kind", "choice", "经济行为 评估目的 经济行为类型", DEALS),
    _label("appraisal.base_on", "date", "评估基准日 基准日"),
    _label("appraisal.value_fen", "money", "评估值 评估结果 评估价值 评估结论 评估净值 净资产评估值 股东全部权益价值"),
    _label(
        "appraisal.filing_kind",
        "choice",
        "核准或备案 核准备案类型 管理方式 备案类型",
        (("核准", "ratified"), ("备案", "filed"), ("未办理", "none")),
    ),
    _label("appraisal.filed_by", "text", "备案机关 核准机关 备案单位 核准单位 核准备案机关 备案管理单位"),
    _label("appraisal.filed_level", "choice", "备案机关层级 核准机关层级", LEVELS),
    _label("appraisal.filing_number", "number", "备案编号 备案文号 核准文号 备案号"),
    _label("appraisal.filed_on", "date", "备案日期 核准日期"),
)
DISCLOSURE = (
    _label("disclosure.starts_on", "date", "公告起始日 公告起始日期 挂牌起始日期 披露起始日期 信息披露起始日期"),
    _label("disclosure.ends_on", "date", "公告截止日 公告截止日期 挂牌截止日期 披露截止日期 信息披露截止日期"),
    _label("disclosure.newspaper_on", "date", "首次报刊公告日 报刊公告日期 报纸刊登日期 登报日期"),
)
LABELS: dict[str, tuple[Label, ...]] = {
    "application": APPLICATION,
    "certificate": CERTIFICATE,
    "approval": APPROVAL,
    "appraisal": APPRAISAL,
    "disclosure": DISCLOSURE,
}
"""The facts that each kind of document is read for."""
