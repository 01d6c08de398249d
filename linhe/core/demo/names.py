"""Names of the demo district's places and people; whoever bears one in life is not meant."""

from __future__ import annotations

UPPER = (
    ("001", "subdistrict", "东湖街道", "Donghu"),
    ("002", "subdistrict", "西苑街道", "Xiyuan"),
    ("101", "town", "北岭镇", "Beiling Town"),
)
COMMUNITIES = (
    ("001001", "community", "和平社区", "Heping"), ("001002", "community", "光明社区", "Guangming"),
    ("002001", "community", "文昌社区", "Wenchang"), ("002002", "community", "兴华社区", "Xinghua"),
    ("101001", "community", "新苑社区", "Xinyuan"), ("101201", "village", "北岭村", "Beiling"),
    ("002003", "community", "云中社区", "Yunzhong"), ("001003", "community", "雁南社区", "Yannan"),
    ("001004", "community", "秀容社区", "Xiurong"), ("101002", "community", "豆花社区", "Douhua"),
    ("002004", "community", "桥头社区", "Qiaotou"), ("002005", "community", "古城社区", "Gucheng"),
    ("101003", "community", "东关社区", "Dongguan"), ("101004", "community", "石桥社区", "Shiqiao"),
    ("002006", "community", "南湾社区", "Nanwan"), ("001005", "community", "柳林社区", "Liulin"),
    ("001006", "community", "长征社区", "Changzheng"), ("101202", "village", "河湾村", "Hewan"),
)  # fmt: skip
WHERE = (4, 1, 3, 0, 5, 2, *range(6, 18))
"""Where each community lies on the plan: the town's columns from the west, the northern row first; then around it."""
COMPOUNDS = (
    "安居苑", "东升里", "书香园", "康乐家园", "柳荫院", "丰和里", "锦绣园", "梧桐院", "春晖里", "望湖苑",
    "仁和家园", "向阳院", "福寿里", "翠微园", "长乐院", "清源里", "百合园", "松柏院", "桃源里", "静安里", "玉兰苑",
    "同福里", "银杏园", "学府里", "采薇园", "明月里", "青云里", "海棠苑", "永宁里", "双桥里", "荷风苑", "金穗里",
    "竹园里", "平安里", "五福里", "蓝天苑", "吉祥里", "晨光苑", "槐荫里", "迎宾里", "紫藤苑", "泰和里", "新月里",
    "凤鸣苑", "石榴院", "杏林里", "云锦苑", "河畔居",
)  # fmt: skip
"""The town's: one of a kind, eight in each community. Those of the outskirts are named after what is near."""
NEAR = (
    "供销", "粮站", "水泵厂", "纺织", "建材", "农机", "汽修", "邮电", "铁路", "气象", "林业", "水利", "文化馆", "一中",
    "师范", "卫校", "面粉厂", "印刷厂", "轴承厂", "电业", "公路段", "运输", "糖酒", "药材", "食品", "百货", "煤建",
    "石油", "地质", "盐业", "外贸", "商业", "税务", "工商", "广电", "档案", "环卫", "园林", "自来水", "热力", "公交",
    "体校", "剧院", "福利",
)  # fmt: skip
HOMES = ("家属院", "宿舍院", "小区")
SHOPS = ("便民药房", "惠民超市", "菜市场", "老街面馆", "快递驿站", "洗衣店")
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
GIVEN = ("建国", "秀英", "志强", "桂兰", "晓明", "丽华", "文博", "玉梅", "海涛", "春燕", "国庆", "淑珍", "小军", "雅琴")
STAFF = (
    ("demo-worker", "community_worker", "001001", "陈晓梅"), ("demo-approver", "community_worker", "001001", "郭志远"),
    ("demo-street", "subdistrict_officer", "001", "梁文昌"), ("demo-district", "district_officer", "", "宋国平"),
    ("demo-caller", "community_worker", "", "高玉兰"), ("demo-second", "community_worker", "", "林海"),
)  # fmt: skip
"""User name, role, where (the digits after the district's), name."""
DEPARTMENTS = (
    ("housing", "住房和城乡建设局", "housing department", "demo-housing", "冯建安"),
    ("police", "公安分局", "police", "demo-police", "韩卫东"),
    ("urban", "城市管理局", "urban management department", "demo-urban", "谢晓东"),
    ("health", "卫生健康局", "health department", "demo-health", "唐敏"),
    ("fire", "消防救援大队", "fire and rescue", "demo-fire", "于海龙"),
    ("civil", "民政局", "civil affairs department", "demo-civil", "罗秀兰"),
    ("utilities", "公用事业中心", "public utilities", "demo-utilities", "董立新"),
)
"""Code, name, English name, the officer's user name and name; every one acts for the whole district."""
COMPANIES = (
    "安佳", "恒悦", "万和", "嘉园", "同心", "绿洲", "金桥", "众信", "和顺", "佳美",
    "宏远", "新城", "仁居", "盛世", "瑞祥", "明珠", "华庭", "福满", "永安", "诚和",
)  # fmt: skip
"""Property companies; each looks after the compounds of some neighbourhood."""


def person(number: int) -> str:
    """A name by number; they come again after a while."""
    return SURNAMES[number * 7 % len(SURNAMES)] + GIVEN[number * 5 % len(GIVEN)]


def outer_compound(community: int, number: int) -> str:
    """The name of a compound of the outskirts, by its community and number from 1."""
    return NEAR[(number - 1 + 11 * community) % len(NEAR)] + HOMES[community % len(HOMES)]
