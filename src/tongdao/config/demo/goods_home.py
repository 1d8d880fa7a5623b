"""Things for the table of the demo shop: wood, linen, paper and small pleasures."""

from __future__ import annotations

from tongdao.config.demo.goods import DemoProduct, DemoVariant

V = DemoVariant
BRAND = "汀岫"

HONEY_JAR = DemoProduct(
    handle="honey-jar",
    title="蜜罐与木勺",
    body_html=(
        "<p>家里的蜂蜜总要有个住处。陶罐内壁上釉，好洗；木盖嵌一圈棉线，合上时轻轻一声。</p>"
        "<p>木勺是山毛榉的，转一转，蜜就不滴了。罐子是空的，不含蜂蜜。</p>"
        "<ul><li>罐容量 400 ml，高 12 cm</li><li>木盖与木勺请手洗、晾干</li></ul>"
    ),
    vendor=BRAND,
    product_type="家用",
    tags=("陶罐", "厨房"),
    options=(),
    variants=(V((), "TX-MG-1", 12800, None, 620, 20),),
    pictures=(
        ("honeyjar-1.svg", "带木盖的陶罐，前面一支木蜜勺"),
        ("honeyjar-2.svg", "俯看：打开的蜜罐和木勺"),
    ),
)

TRAY = DemoProduct(
    handle="wood-tray",
    title="刷木小托盘",
    body_html=(
        "<p>一整块榉木挖成，没有拼缝。表面只刷木蜡油，摸得到木纹。</p>"
        "<p>放一壶一杯，或者钥匙和眼镜，都合适。沾了水请擦干；用久颜色会深一点。</p>"
        "<ul><li>小：28 × 16 cm；大：38 × 24 cm</li></ul>"
    ),
    vendor=BRAND,
    product_type="木作",
    tags=("托盘", "榉木"),
    options=("尺寸",),
    variants=(
        V(("小",), "TX-TP-S", 13800, None, 480, 14),
        V(("大",), "TX-TP-L", 19800, None, 820, 7),
    ),
    pictures=(
        ("tray-1.svg", "木托盘上两杯茶和一枝叶"),
        ("tray-2.svg", "一大一小两只木托盘"),
    ),
)

LINEN = DemoProduct(
    handle="linen-cloth",
    title="亚麻茶巾",
    body_html=(
        "<p>亚麻线织得松一些，吸水快，干得也快。洗过几次会变软，颜色会淡一点点，这是亚麻的脾气。</p>"
        "<ul><li>45 × 45 cm，两端留流苏</li><li>100% 亚麻</li><li>30 度以下水洗，平铺晾干</li></ul>"
    ),
    vendor=BRAND,
    product_type="布艺",
    tags=("茶巾", "亚麻"),
    options=("颜色",),
    variants=(
        V(("本白",), "TX-CJ-B", 3800, None, 70, 50),
        V(("苔绿",), "TX-CJ-T", 3800, None, 70, 42),
        V(("茜红",), "TX-CJ-Q", 3800, None, 70, 28),
    ),
    pictures=(
        ("linen-1.svg", "叠好的三色亚麻茶巾"),
        ("linen-2.svg", "铺开的本白茶巾，上面一杯茶"),
    ),
)

INCENSE = DemoProduct(
    handle="pine-incense",
    title="松间线香",
    body_html=(
        "<p>下雨天的松林是什么味道，这盒香大概就是。松针、柏木和一点陈皮，不加化学香精。</p>"
        "<p>一支约燃三十分钟。请放在稳当的香插上，开一点窗，离布料和孩子远一些。</p>"
        "<ul><li>长 21 cm，木盒装</li><li>石香插另售时会单独上架，本品不含香插</li></ul>"
    ),
    vendor=BRAND,
    product_type="香",
    tags=("线香", "松木"),
    options=("数量",),
    variants=(
        V(("20 支",), "TX-XX-20", 4800, None, 90, 45),
        V(("40 支",), "TX-XX-40", 8800, None, 150, 22),
    ),
    pictures=(
        ("incense-2.svg", "木盒里的一束线香"),
        ("incense-1.svg", "石香插上点着的一支香"),
    ),
)

NOTEBOOK = DemoProduct(
    handle="tea-notebook",
    title="手订茶记本",
    body_html=(
        "<p>今天喝了什么，和谁，窗外下没下雨。六十四页，线装，可以摊平写。</p>"
        "<p>内页是米色的纸，钢笔不洇；左边有浅浅的横线，右边空着，留给随手画。</p>"
        "<ul><li>14 × 20 cm，64 页</li><li>封面布面，手工穿线</li></ul>"
    ),
    vendor=BRAND,
    product_type="纸品",
    tags=("本子", "手工"),
    options=("封面",),
    variants=(
        V(("黛青",), "TX-BJ-D", 5800, 6800, 240, 30),
        V(("赭红",), "TX-BJ-Z", 5800, 6800, 240, 26),
    ),
    pictures=(
        ("notebook-1.svg", "黛青色线装本和一支铅笔"),
        ("notebook-2.svg", "摊开的本子，右页一幅小画"),
    ),
    compare_at_base="降价前七天的成交价",
)

FLOWERS = DemoProduct(
    handle="dried-flowers",
    title="风干花束",
    body_html=(
        "<p>秋天从田埂上收回来，倒挂在屋檐下一个月，就成了这样。雏菊、千日红和几枝尤加利。</p>"
        "<p>不用浇水，避开潮气和太阳，能看一个冬天。花是手扎的，每束不会一模一样。</p>"
        "<ul><li>高约 40 cm，牛皮纸包好</li><li>照片中的花瓶不在内</li></ul>"
    ),
    vendor=BRAND,
    product_type="花",
    tags=("干花", "送人"),
    options=(),
    variants=(V((), "TX-HS-1", 7800, None, 200, 3),),
    pictures=(
        ("flowers-2.svg", "牛皮纸包着的一束干花"),
        ("flowers-1.svg", "插在陶瓶里的干花"),
    ),
)

HOME = (HONEY_JAR, TRAY, LINEN, INCENSE, NOTEBOOK, FLOWERS)
