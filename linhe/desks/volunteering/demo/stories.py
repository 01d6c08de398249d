"""Words of the demo: why couriers were nominated, the shops and what they give."""

STORIES = (
    "下雨天给独居老人送药，还帮着把窗户关好才走。",
    "连续三年除夕值守，替社区送出最后一单年货。",
    "路上看到老人摔倒，停车陪到救护车来。",
    "谁家灯泡坏了喊一声，送完餐顺手就换了。",
    "发现楼道冒烟，敲门叫醒了整个单元。",
    "教小区老人用手机挂号，一遍不会教两遍。",
    "捡到钱包等了两个小时，一分不少还给失主。",
    "冬天给夜班环卫工送热水，从没落下。",
)
SHOPS = (
    ("老街面馆爱心店", "Old Street Noodles"),
    ("惠民超市和平店", "Huimin Market"),
    ("便民药房文昌店", "Wenchang Pharmacy"),
)
GOODS = (
    (("热汤面一碗", "a bowl of noodles", 10, 60), ("豆浆油条", "soy milk and dough sticks", 5, 80)),
    (("毛巾一条", "a towel", 10, 40), ("大米五公斤", "5 kg of rice", 30, 20), ("洗衣液", "detergent", 15, 30)),
    (
        ("创可贴一盒", "plasters", 5, 50),
        ("口罩十只", "ten masks", 5, 60),
        ("血压测量券", "blood pressure check", 8, 100),
    ),
)
