"""Tea, pots and cups of the demo shop."""

from __future__ import annotations

from tongdao.config.demo.goods import DemoProduct, DemoVariant

V = DemoVariant
BRAND = "汀岫"

GAIWAN = DemoProduct(
    handle="yuqing-gaiwan",
    title="雨青盖碗",
    body_html=(
        "<p>雨停之后，山色会青一会儿。这只盖碗的釉，调了两年才像那一会儿。</p>"
        "<p>碗口略往外撇，提起来不烫手；碗底收得小，出汤利落。手工拉坯，每只的青都有一点点不同，"
        "口沿透出胎色，是烧成时留下的，不是瑕疵。</p>"
        "<ul><li>盖、碗、托三件一套</li><li>可进洗碗机，不可进微波炉</li>"
        "<li>容量为盛满水的量，允许上下 5 ml</li></ul>"
    ),
    vendor=BRAND,
    product_type="茶器",
    tags=("盖碗", "手工", "送人"),
    options=("釉色", "容量"),
    variants=(
        V(("雨青", "120 ml"), "TX-GW-Q12", 16800, None, 420, 18),
        V(("雨青", "160 ml"), "TX-GW-Q16", 18800, None, 480, 12),
        V(("月白", "120 ml"), "TX-GW-Y12", 16800, None, 420, 15),
        V(("月白", "160 ml"), "TX-GW-Y16", 18800, None, 480, 0),
    ),
    pictures=(
        ("gaiwan-1.svg", "木桌上的雨青色盖碗，旁边一枝叶"),
        ("gaiwan-2.svg", "俯看：揭开盖的盖碗，茶汤里几片叶"),
        ("gaiwan-3.svg", "雨青与月白两只盖碗并排"),
    ),
)

TEAPOT = DemoProduct(
    handle="ceba-taohu",
    title="侧把小陶壶",
    body_html=(
        "<p>一个人喝茶，不必端大壶。把手装在侧面，一只手就能倒；壶嘴里有陶孔，不用另配茶漏。</p>"
        "<p>陶土不上釉，用久了会慢慢有光泽。新壶请先用清水煮十分钟，晾干再用。</p>"
        "<ul><li>容量 220 ml</li><li>不可进洗碗机，不可直接上明火</li></ul>"
    ),
    vendor=BRAND,
    product_type="茶器",
    tags=("茶壶", "手工", "独饮"),
    options=("颜色",),
    variants=(
        V(("陶褐",), "TX-TH-B", 26800, None, 460, 9),
        V(("炭黑",), "TX-TH-K", 28800, None, 460, 6),
    ),
    pictures=(
        ("teapot-1.svg", "木桌上的陶褐色侧把壶"),
        ("teapot-2.svg", "炭黑色侧把壶，前面一杯热茶"),
    ),
)

OOLONG = DemoProduct(
    handle="qiushan-oolong",
    title="秋山乌龙",
    body_html=(
        "<p>霜降前采的秋茶，轻发酵，中焙火。入口先是炒米的香，凉一点有桂花的尾巴。</p>"
        "<p>一次 5 克，沸水，头三泡十秒，往后每泡多五秒。大约能泡七泡。</p>"
        "<ul><li>配料：乌龙茶</li><li>产地：福建</li><li>保质期 18 个月，请密封、避光、常温保存</li>"
        "<li>生产许可证编号：SC00000000000000（演示数据，非真实编号）</li></ul>"
    ),
    vendor=BRAND,
    product_type="茶叶",
    tags=("乌龙", "秋茶", "食品"),
    options=("规格",),
    variants=(
        V(("50 克一罐",), "TX-WL-50", 6800, None, 180, 60),
        V(("100 克一罐",), "TX-WL-100", 12800, None, 260, 40),
        V(("50 克两罐一盒",), "TX-WL-2", 13600, None, 420, 16),
    ),
    pictures=(
        ("oolong-1.svg", "绿色茶罐，旁边一杯热茶"),
        ("oolong-2.svg", "白瓷碟里的干茶"),
        ("oolong-3.svg", "一绿一红两只茶罐"),
    ),
    return_exclusion="opened_hygiene",
)

CUPS = DemoProduct(
    handle="shanse-cups",
    title="山色品茗杯",
    body_html=(
        "<p>三种釉，取自门口那座山的三个时候：雨后、月下、霜后。杯子握在手里刚好，一口半的量。</p>"
        "<p>可以买一只试试，也可以四只一组，配齐一桌。同一窑里颜色有深有浅，发货前会尽量挑相近的。</p>"
        "<ul><li>容量 70 ml，口径 6.8 cm</li><li>可进洗碗机和微波炉</li></ul>"
    ),
    vendor=BRAND,
    product_type="茶器",
    tags=("茶杯", "手工"),
    options=("釉色", "数量"),
    variants=(
        V(("雨青", "一只"), "TX-BZ-Q1", 5800, None, 120, 40),
        V(("雨青", "四只一组"), "TX-BZ-Q4", 21800, None, 520, 10),
        V(("月白", "一只"), "TX-BZ-Y1", 5800, None, 120, 36),
        V(("月白", "四只一组"), "TX-BZ-Y4", 21800, None, 520, 8),
        V(("柿红", "一只"), "TX-BZ-S1", 6200, None, 120, 24),
        V(("柿红", "四只一组"), "TX-BZ-S4", 23200, None, 520, 3),
    ),
    pictures=(
        ("cups-1.svg", "四只颜色不同的茶杯摆在木桌上"),
        ("cups-2.svg", "柿红色茶杯，冒着热气"),
        ("cups-3.svg", "俯看四只盛了茶的杯子"),
    ),
)

TEA = (GAIWAN, TEAPOT, OOLONG, CUPS)
