"""What the demo's councils talk about, by topic: title, English title, motion, what was done."""

from __future__ import annotations

SETTLED = {"charging": 118, "water": 66, "neighbours": 97, "property": 101, "other": 30}
"""How many matters of each topic the past year settled: 412 in all."""

TALKS: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    "charging": (
        ("{where}飞线充电整治", "Overhead wires at {en}", "拆除飞线，在{where}建12个充电位", "飞线已拆，充电位已通电"),
        ("{where}增设充电棚", "A charging shed at {en}", "在{where}车棚加装智能充电插座", "插座装好，扫码即可充电"),
        ("{where}电动车进楼", "E-bikes indoors at {en}", "装梯控并增设{where}充电区", "梯控启用，充电区划线完成"),
    ),
    "water": (
        ("{where}装直饮水机", "A water machine at {en}", "在{where}门口装直饮水机", "机器装好，水质合格"),
        ("{where}直饮水机换芯", "New filters at {en}", "每季度更换{where}滤芯并公示", "滤芯已换，记录贴在机身"),
    ),
    "neighbours": (
        ("{where}夜间噪声", "Noise at night at {en}", "订立{where}安静公约，晚十点后不喧哗", "公约上墙，双方握手言和"),
        ("{where}楼道堆物", "Things in the stairways at {en}", "限期清理{where}楼道", "楼道清空，建了公共储物角"),
        ("{where}漏水纠纷", "A leak at {en}", "社区和物业共同查漏，费用按责任分担", "漏点修好，费用已结清"),
    ),
    "property": (
        ("{where}保洁不到位", "Cleaning at {en}", "物业每日保洁两次，{where}公示考核", "连续三周检查合格"),
        ("{where}路灯和监控", "Lamps and cameras at {en}", "物业修复{where}路灯8盏、监控4处", "路灯监控全部恢复"),
        ("{where}停车收费公示", "Parking charges at {en}", "{where}停车收支每季度公示", "第一次收支公示已上墙"),
    ),
    "other": (
        ("{where}健身器材维修", "Repairing the outdoor gym at {en}", "更换{where}损坏的健身器材", "三件器材已更换"),
        ("{where}绿化补种", "Planting at {en}", "春季补种{where}空地绿化", "补种完成，有人浇水"),
    ),
}  # fmt: skip
OBJECTIONS = ("位置离窗户太近，晚上有声音", "会占用消防通道", "费用怎么分摊没说清楚", "应该先征求一楼住户意见")
ANSWERS = ("已现场查看，位置外移五米", "消防部门复核，不占通道", "费用由公共收益支出，已补充公示", "已逐户上门说明")
POINTS = (
    "大家都同意先解决安全问题",
    "物业愿意出场地，街道支持部分经费",
    "建议先试一个月再看效果",
    "请兼职委员帮忙联系厂家",
)
PETITIONS = (
    ("charging", "{where}东头建一个充电棚", "好几户从楼上拉线充电，下雨天特别危险。"),
    ("water", "{where}门口装一台直饮水机", "老人提水不方便，附近小区都装了。"),
    ("neighbours", "广场舞晚上九点前结束", "楼上有上学的孩子，希望音量小一点。"),
    ("property", "请物业修好{where}的路灯", "晚上回家看不见路，摔过两次了。"),
    ("other", "{where}加两把带靠背的长椅", "晒太阳的地方只有石墩，老人坐不住。"),
)
