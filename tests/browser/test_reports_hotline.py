"""A clerk imports 12345 orders, the property company answers, the clerk calls back; an administrator makes a key."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from linhe.core.people.models import Account, Organisation
from linhe.core.places.models import Place
from linhe.desks.reports.models import HotlineOrder
from linhe.lib.tables import write_csv
from linhe.lib.working_calendar import SHANGHAI
from tests.browser.conftest import Enter
from tests.browser.town import Town
from tests.factories import make_account, make_post

Shoot = Callable[[Page, str], None]
Accessible = Callable[[Page], None]
HEAD = [
    "工单编号",
    "来电时间",
    "诉求类别",
    "诉求内容",
    "小区",
    "诉求地址",
    "涉及单位",
    "办理时限",
    "来电人",
    "联系电话",
]


@pytest.fixture
def clerk(town: Town) -> Account:
    """The subdistrict's clerk of the hotline."""
    street = Place.objects.get(code="990301001000")
    return make_post("subdistrict_officer", street, make_account("梁文昌", username="hotline", theme="light"))


@pytest.fixture
def manager(town: Town) -> Account:
    """Who acts for the property company of 安居小区."""
    yard = town.buildings[0].compound
    assert yard is not None
    company = Organisation.objects.create(
        code="990301-wuye", name="安佳物业服务有限公司", name_en="Anjia Property", kind="company", place=town.district
    )
    who = make_account("马经理", username="property", theme="light")
    return make_post("property_manager", yard, who, organisation=company)


def orders() -> bytes:
    """A morning's file, with two faults."""
    called = (timezone.now() - timedelta(hours=3)).astimezone(SHANGHAI)
    at, company = f"{called:%Y-%m-%d %H:%M}", "安佳物业服务有限公司"
    rows = [
        ["GD-0301", at, "物业管理", "张女士说3号楼电梯停运两天，请打19999977733", "安居小区", "安居小区3号楼2单元501室",
         company, "5个工作日", "张女士", "19999977733"],
        ["GD-0302", at, "物业管理", "楼道灯坏了半个月没人修", "安居小区", "安居小区1号楼", company, "", "", ""],
        ["GD-0303", at, "噪声扰民", "夜里十一点还在施工", "和平里", "", "", "3个工作日", "", ""],
        ["GD-0304", "昨天下午", "市容环卫", "路边摊占了人行道", "柳树巷", "", "", "", "", ""],
        ["GD-0305", at, "天气", "太热", "没有的小区", "", "", "", "", ""],
    ]  # fmt: skip
    return write_csv([HEAD, *rows])


def test_from_the_file_to_the_call_back(
    town: Town, clerk: Account, manager: Account, enter: Enter, shoot: Shoot, accessible: Accessible
) -> None:
    page = enter(clerk, "/reports/hotline/import/", wide=True)
    accessible(page)
    page.set_input_files("#file", {"name": "早班.csv", "mimeType": "text/csv", "buffer": orders()})
    page.get_by_role("button", name="读文件，看结果").click()
    expect(page.get_by_text("时间写法不对")).to_be_visible()
    accessible(page)
    shoot(page, "reports-hotline-import")
    page.get_by_role("button", name="导入 3 件").click()
    expect(page.get_by_role("cell", name="来电时间：时间写法不对")).to_be_visible()
    page.get_by_role("link", name="去看工单").click()
    expect(page.get_by_role("link", name="噪声扰民")).to_be_visible()
    accessible(page)
    shoot(page, "reports-hotline")
    number = HotlineOrder.objects.get(number="GD-0301").pk

    company = enter(manager, f"/matters/{number}/", wide=True)
    expect(company.get_by_text("电梯停运两天")).to_be_visible()
    for secret in ("张女士", "19999977733", "501"):
        assert secret not in company.content()
    accessible(company)
    company.get_by_text("答复", exact=True).first.click()
    company.get_by_label("答复内容").fill("电梯配件已到，今天下午四点恢复运行。")
    company.get_by_role("button", name="答复", exact=True).click()
    expect(company.get_by_text("已答复，待回访").first).to_be_visible()

    page.goto(page.url.split("/reports/")[0] + f"/matters/{number}/")
    shoot(page, "reports-hotline-order")
    page.get_by_role("button", name="显示号码").click()
    expect(page.get_by_text("19999977733", exact=True)).to_be_visible()
    accessible(page)
    page.get_by_text("登记回访").first.click()
    page.get_by_label("来电人满意").check()
    page.get_by_role("button", name="登记回访").click()
    expect(page.get_by_text("已办结").first).to_be_visible()
    page.goto(page.url.split("/matters/")[0] + "/reports/hotline/rates/")
    expect(page.get_by_role("rowheader", name="安佳物业服务有限公司")).to_be_visible()
    accessible(page)
    shoot(page, "reports-hotline-rates")


def test_an_administrator_makes_a_key_that_is_shown_once(town: Town, enter: Enter, accessible: Accessible) -> None:
    administrator = make_post("administrator", town.district, make_account("管理员", username="keys", theme="dark"))
    page = enter(administrator, "/reports/keys/")
    accessible(page)
    page.get_by_label("谁用").fill("掌上城市")
    page.get_by_text("开放接口上报（Open311）").click()
    page.get_by_role("button", name="新建").click()
    expect(page.get_by_text("lh_")).to_be_visible()
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.reload()
    page.goto(page.url)
    assert "lh_" not in page.content()
    page.get_by_role("button", name="停用 掌上城市").click()
    expect(page.get_by_text("密钥已停用。")).to_be_visible()
