/* SPDX-License-Identifier: BSD-3-Clause */
#include "train/strongest.h"

#include "label/score.h"

#include "base/utf8.h"

#include <string.h>

/* ---- the strongest ---- */

static bool is_readable(uint64_t key)
{
    return key >> 63 == 0;
}

/* Puts an n-gram where it belongs, if it is stronger than the weakest that stays. */
static void insert(struct strongest *strongest, uint64_t key, float strength)
{
    size_t at = strongest->n;
    if (at == STRONGEST && strength <= strongest->strengths[at - 1])
        return;
    if (at < STRONGEST)
        strongest->n++;
    else
        at--;
    for (; at > 0 && strongest->strengths[at - 1] < strength; at--) {
        strongest->keys[at] = strongest->keys[at - 1];
        strongest->strengths[at] = strongest->strengths[at - 1];
    }
    strongest->keys[at] = key;
    strongest->strengths[at] = strength;
}

struct strongest *strongest_find(const struct dataset *dataset, const struct learned *learned,
                                 size_t n_topics)
{
    struct strongest *strongest = array_new(n_topics, sizeof *strongest);
    for (size_t id = 0; strongest != NULL && id < dataset->vocab.size; id++) {
        if (!is_readable(dataset->keys[id]))
            continue;
        for (size_t topic = 0; topic < n_topics; topic++) {
            float strength = (float)weight_of(&learned->weights, (uint32_t)id, (uint32_t)topic) *
                             dataset->idf[id];
            if (strength > 0)
                insert(&strongest[topic], dataset->keys[id], strength);
        }
    }
    return strongest;
}

/* ---- the letters of an n-gram ---- */

enum { LETTER_BITS = 21, LETTERS = 3 };

/* The letter at a place from the right; 0 beyond the first. */
static uint32_t letter_at(uint64_t key, unsigned place)
{
    return (uint32_t)(key >> LETTER_BITS * place) & ((1U << LETTER_BITS) - 1);
}

void ngram_append(struct buffer *out, uint64_t key)
{
    for (unsigned place = LETTERS; place-- > 0;) {
        uint32_t letter = letter_at(key, place);
        char bytes[4];
        if (letter == 0)
            continue;
        if (letter <= MARK_END)
            letter = ' ';
        if (letter >= PUNCTUATION)
            letter -= PUNCTUATION;
        buffer_append(out, bytes, utf8_write(bytes, letter));
    }
}

/* ---- dates and places ---- */

/* Provinces and cities that are no other word, simplified, two letters each. */
static const char *const PLACES =
    "北京 天津 上海 重庆 河北 山西 内蒙 辽宁 吉林 黑龙 龙江 江苏 浙江 安徽 福建 江西 山东 河南 "
    "湖北 湖南 广东 广西 海南 四川 贵州 云南 西藏 陕西 甘肃 青海 宁夏 新疆 香港 澳门 台湾 石家 "
    "唐山 秦皇 邯郸 邢台 保定 张家 承德 沧州 廊坊 衡水 太原 阳泉 晋城 朔州 晋中 运城 忻州 临汾 "
    "吕梁 呼和 包头 赤峰 通辽 鄂尔 沈阳 大连 鞍山 抚顺 本溪 丹东 锦州 营口 阜新 辽阳 盘锦 铁岭 "
    "葫芦 长春 四平 辽源 通化 白山 松原 白城 延边 哈尔 齐齐 鸡西 鹤岗 大庆 伊春 佳木 牡丹 黑河 "
    "绥化 南京 无锡 徐州 常州 苏州 南通 连云 淮安 盐城 扬州 镇江 泰州 宿迁 杭州 宁波 温州 嘉兴 "
    "湖州 绍兴 金华 衢州 舟山 台州 丽水 合肥 芜湖 蚌埠 淮南 马鞍 淮北 铜陵 安庆 滁州 阜阳 宿州 "
    "六安 亳州 池州 宣城 福州 厦门 莆田 泉州 漳州 南平 龙岩 宁德 南昌 景德 萍乡 九江 新余 鹰潭 "
    "赣州 宜春 抚州 上饶 济南 青岛 淄博 枣庄 东营 烟台 潍坊 济宁 泰安 威海 日照 临沂 德州 聊城 "
    "滨州 菏泽 郑州 洛阳 平顶 安阳 鹤壁 新乡 焦作 濮阳 许昌 漯河 南阳 商丘 信阳 周口 驻马 武汉 "
    "黄石 十堰 宜昌 襄阳 鄂州 荆门 孝感 荆州 黄冈 咸宁 随州 恩施 长沙 株洲 湘潭 衡阳 邵阳 岳阳 "
    "常德 益阳 郴州 永州 怀化 娄底 湘西 广州 韶关 深圳 珠海 汕头 佛山 江门 湛江 茂名 肇庆 惠州 "
    "梅州 汕尾 河源 阳江 清远 东莞 中山 潮州 揭阳 云浮 南宁 柳州 桂林 梧州 北海 钦州 贵港 玉林 "
    "百色 贺州 河池 崇左 海口 三亚 儋州 成都 攀枝 泸州 德阳 绵阳 广元 遂宁 内江 乐山 南充 眉山 "
    "宜宾 达州 雅安 巴中 凉山 甘孜 阿坝 贵阳 六盘 遵义 安顺 毕节 铜仁 黔东 黔南 昆明 曲靖 玉溪 "
    "昭通 丽江 临沧 楚雄 红河 文山 版纳 大理 德宏 怒江 迪庆 拉萨 日喀 昌都 林芝 那曲 西安 铜川 "
    "宝鸡 咸阳 渭南 延安 汉中 榆林 商洛 兰州 嘉峪 金昌 天水 武威 张掖 平凉 酒泉 庆阳 定西 陇南 "
    "临夏 西宁 海东 银川 石嘴 吴忠 固原 乌鲁 克拉 吐鲁 哈密 昌吉 喀什 和田 伊犁 塔城 台北 高雄 "
    "台中 台南 新竹 九龙 新界 ";

static bool is_digit(uint32_t letter)
{
    return letter >= '0' && letter <= '9';
}

static bool is_one_of(const char *letters, uint32_t letter)
{
    char bytes[5] = {0};
    size_t size = utf8_write(bytes, letter);
    return letter > MARK_END && letter < PUNCTUATION &&
           memmem(letters, strlen(letters), bytes, size);
}

static bool is_date_pair(uint32_t left, uint32_t right)
{
    static const char *const NUMERALS = "〇零一二三四五六七八九十廿卅", *const UNITS = "年月日";
    return (is_one_of(NUMERALS, left) && is_one_of(UNITS, right)) ||
           (is_one_of(UNITS, left) && is_one_of(NUMERALS, right));
}

static bool is_place(uint32_t left, uint32_t right)
{
    char name[10] = {0};
    if (left <= MARK_END || right <= MARK_END || left >= PUNCTUATION || right >= PUNCTUATION)
        return false;
    size_t size = utf8_write(name, left);
    size += utf8_write(name + size, right);
    name[size] = ' ';
    return strstr(PLACES, name) != NULL;
}

bool ngram_is_date_or_place(uint64_t key)
{
    for (unsigned place = 0; place < LETTERS; place++) {
        uint32_t right = letter_at(key, place);
        uint32_t left = place + 1 < LETTERS ? letter_at(key, place + 1) : 0;
        if (is_digit(right) || is_date_pair(left, right) || is_place(left, right))
            return true;
    }
    return false;
}
