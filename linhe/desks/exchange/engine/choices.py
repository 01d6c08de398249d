"""The words that a fact of kind text may hold where it is a choice, with their names in both languages."""

from __future__ import annotations

Choices = tuple[tuple[str, str, str], ...]
"""``(code, Chinese, English)``."""

LINES: Choices = (
    ("financial", "金融企业（财政部门）", "financial enterprise (finance departments)"),
    ("sasac", "非金融国有企业（国资监管机构）", "non-financial state enterprise (SASAC)"),
)
STEPS: Choices = (("listing", "挂牌前审核", "before listing"), ("closing", "成交审核", "at the deal"))
KINDS: Choices = (
    ("equity", "产权（股权）转让", "transfer of equity"),
    ("assets", "资产转让", "transfer of assets"),
    ("capital", "增资", "capital increase"),
)
LEVELS: tuple[tuple[int, str, str], ...] = (
    (1, "中央", "central"), (2, "省级", "province"), (3, "市级", "city"), (4, "县级", "county"),
)  # fmt: skip
"""Levels of a finance or SASAC line; a smaller number stands higher."""

REGISTRATIONS: Choices = (
    ("possession", "占有登记", "possession"), ("change", "变动登记", "change"), ("cancelled", "注销登记", "cancelled"),
)  # fmt: skip
STATES: Choices = (
    ("valid", "有效", "valid"), ("lapsed", "已失效", "lapsed"), ("cancelled", "已注销", "cancelled"),
    ("changing", "变动登记办理中", "change under way"),
)  # fmt: skip
AUTHORITIES: Choices = (
    ("finance", "财政部门", "finance department"),
    ("sasac", "国资监管机构", "SASAC"),
    ("government", "人民政府", "people's government"),
    ("enterprise", "国家出资企业（集团）", "state-invested enterprise (group)"),
    ("board", "转让方内部决策机构", "the seller's own body"),
)
FILINGS: Choices = (("ratified", "核准", "ratified"), ("filed", "备案", "filed"), ("none", "未办理", "neither"))
PROCEDURES: Choices = (
    ("auction", "拍卖", "auction"), ("bidding", "招投标", "bidding"), ("online", "网络竞价", "online bidding"),
    ("other", "其他公开竞价", "other public competition"), ("agreement", "场内协议", "agreement inside the exchange"),
    ("outside", "场外协议", "agreement outside the exchange"),
)  # fmt: skip
RESULTS: Choices = (
    ("unsold", "未征集到受让方", "no buyer"), ("sold", "成交", "sold"), ("ended", "终止", "ended"),
)  # fmt: skip
REVIEWS: Choices = (("conforming", "合规", "conforming"), ("not_conforming", "不合规", "not conforming"))

BY_PATH: dict[str, Choices] = {
    "application.line": LINES,
    "application.step": STEPS,
    "application.kind": KINDS,
    "certificate.kind": REGISTRATIONS,
    "certificate.status": STATES,
    "approval.authority_kind": AUTHORITIES,
    "approval.kind": KINDS,
    "appraisal.kind": KINDS,
    "appraisal.filing_kind": FILINGS,
    "deal.procedure": PROCEDURES,
}
