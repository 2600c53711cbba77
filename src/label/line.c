#include "label/line.h"

#include "base/memory.h"
#include "base/utf8.h"
#include "label/fold.h"

#include <string.h>

enum {
    HEADLINE_WIDTH = 64, /* characters; the longest lines of real headlines have about 50 */
    BYLINE_WIDTH = 48,
    SPONSOR_WIDTH = 44,
    FURNITURE_WIDTH = 90
};

/* Words for people who write. The first end a token (本报记者), the others are one. */
static const char *const roles[] = {"记者", "通讯员", "实习生", "评论员", "撰稿",
                                    "撰文", "摄影",   "摄影师", NULL};
static const char *const role_words[] = {"文",   "图",   "摄",   "文图", "图文", "报道", "综合",
                                         "作者", "编辑", "供稿", "见习", "整理", NULL};

/* Endings of the names of who employs them. */
static const char *const employers[] = {"中心",   "日报",   "晚报",   "周报", "报社",
                                        "时报",   "电视台", "广播台", "网",   "融媒",
                                        "新华社", "工作室", "杂志",   NULL};
static const char *const agencies[] = {"本报",   "新华社", "新华网", "中新社",
                                       "中新网", "人民网", "央视网", NULL};
static const char *const leads[] = {"本报讯", "本报综合讯", "本网讯", "本台消息", "本刊讯", NULL};
static const char *const captions[] = {"图为", "图片", NULL};
static const char *const pointers[] = {"▲", "▼", "◀", "▶", "△", NULL};
static const char *const sponsor_words[] = {"助推", "协办", "冠名",     "特约刊登", "赞助",
                                            "鸣谢", "恭祝", "支持本版", NULL};
static const char *const sponsors[] = {"公司", "银行", "集团", "支行", "分行",
                                       "酒店", "商场", "药房", "厂",   NULL};
static const char *const furniture[] = {"责任编辑", "责编",     "美术编辑", "美编",     "校对",
                                        "版式",     "电子邮箱", "投稿邮箱", "国内统一", "邮发代号",
                                        "电话",     "热线",     "星期",     "E-mail",   NULL};

/* The commoner family names, with which a short line may be a person. */
static const char surnames[] =
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程"
    "苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝"
    "龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞"
    "左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧管柴蒙鲍华喻祁蒲房"
    "滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应"
    "臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝";

static bool contains(fenlei_text text, const char *needle)
{
    return memmem(text.bytes, text.size, needle, strlen(needle)) != NULL;
}

static bool contains_any(fenlei_text text, const char *const *needles)
{
    for (; *needles != NULL; needles++)
        if (contains(text, *needles))
            return true;
    return false;
}

static bool begins(fenlei_text text, const char *prefix)
{
    size_t size = strlen(prefix);
    return text.size >= size && memcmp(text.bytes, prefix, size) == 0;
}

static bool ends(fenlei_text text, const char *suffix)
{
    size_t size = strlen(suffix);
    return text.size >= size && memcmp(text.bytes + text.size - size, suffix, size) == 0;
}

static bool begins_with_any(fenlei_text text, const char *const *prefixes)
{
    for (; *prefixes != NULL; prefixes++)
        if (begins(text, *prefixes))
            return true;
    return false;
}

static bool ends_with_any(fenlei_text text, const char *const *suffixes)
{
    for (; *suffixes != NULL; suffixes++)
        if (ends(text, *suffixes))
            return true;
    return false;
}

static bool equals_any(fenlei_text text, const char *const *words)
{
    for (; *words != NULL; words++)
        if (text_equal(text, text_of(*words)))
            return true;
    return false;
}

static fenlei_text skip(fenlei_text text, size_t size)
{
    return (fenlei_text){text.bytes + size, text.size - size};
}

/* The last character; 0 for an empty text. *size becomes its length in bytes. */
static int32_t last_character(fenlei_text text, size_t *size)
{
    if (text.size == 0)
        return 0;
    size_t start = text.size - 1;
    while (start > 0 && ((uint8_t)text.bytes[start] & 0xC0) == 0x80)
        start--;
    *size = text.size - start;
    return utf8_next(text.bytes, &start);
}

/* Nothing to be seen: marks of files put together (U+FEFF), of places to break or join, and NUL. */
static bool is_nothing(int32_t c)
{
    return c == 0 || c == 0xAD || (c >= 0x200B && c <= 0x200F) || c == 0x2060 || c == 0xFEFF;
}

static bool is_space(int32_t c)
{
    return (fold_class(c) & FOLD_SPACE) != 0 || is_nothing(c);
}

static bool is_digit(int32_t c)
{
    return c >= '0' && c <= '9';
}

static fenlei_text trim(fenlei_text text)
{
    size_t at = 0, next = 0;
    while (at < text.size && is_space(utf8_next(text.bytes, &next)))
        at = next;
    text = skip(text, at);
    size_t size = 0;
    while (text.size > 0 && is_space(last_character(text, &size)))
        text.size -= size;
    return text;
}

static uint32_t width_of(fenlei_text text)
{
    uint32_t width = 0;
    for (size_t at = 0; at < text.size; width++)
        utf8_next(text.bytes, &at);
    return width;
}

static bool is_closing(int32_t c)
{
    static const int32_t closing[] = {'"',    '\'',   ')',    ']',    '*',    0x201D, 0x2019,
                                      0x300D, 0x300F, 0xFF09, 0x3011, 0x300B, 0x3009};
    for (size_t i = 0; i < sizeof closing / sizeof *closing; i++)
        if (c == closing[i])
            return true;
    return false;
}

/* 。！？ and the like at the end, or inside the quotes or brackets that end it. */
static bool is_finished(fenlei_text text)
{
    size_t size = 0;
    int32_t c;
    while ((c = last_character(text, &size)) != 0 && is_closing(c))
        text.size -= size;
    switch (c) {
    case 0x3002: /* 。 */
    case 0xFF01: /* ！ */
    case 0xFF1F: /* ？ */
    case 0xFF1B: /* ； */
    case 0xFF1A: /* ： */
    case 0x2026: /* … */
    case '.':
    case '!':
    case '?':
    case ';':
    case ':':
        return true;
    default:
        return false;
    }
}

/* ---- bylines ---- */

/* 周黎, 欧阳修文, 阿依古丽·买买提: Han letters only, a family name first. */
static bool is_personal_name(fenlei_text token)
{
    uint32_t width = 0;
    bool dotted = false;
    for (size_t at = 0; at < token.size; width++) {
        int32_t c = utf8_next(token.bytes, &at);
        if (c == 0xB7 || c == 0x2022)
            dotted = true;
        else if ((fold_class(c) & FOLD_CJK) == 0)
            return false;
    }
    if (dotted)
        return width >= 4 && width <= 14;
    size_t first = 0;
    if (width < 2 || width > 4)
        return false;
    utf8_next(token.bytes, &first);
    bool compound = begins(token, "欧阳") || begins(token, "司马") || begins(token, "诸葛") ||
                    begins(token, "上官") || begins(token, "司徒") || begins(token, "东方") ||
                    begins(token, "夏侯") || begins(token, "皇甫") || begins(token, "尉迟") ||
                    begins(token, "慕容");
    return compound ? width >= 3
                    : width <= 3 && memmem(surnames, sizeof surnames - 1, token.bytes, first);
}

static bool is_separator(int32_t c)
{
    return is_space(c) || c == '/' || c == 0x3001 || c == 0xFF0F || c == '(' || c == ')' ||
           c == 0xFF08 || c == 0xFF09 || c == 0x25A0 || c == 0x25A1 || c == 0x25CF || c == 0x25CE ||
           c == 0x25C6 || c == 0x2605 || c == ':' || c == 0xFF1A || c == '|' || c == 0xFF5C ||
           c == '-';
}

/* Cuts the next token off *rest; false at the end. */
static bool next_token(fenlei_text *rest, fenlei_text *token)
{
    size_t at = 0, next = 0;
    while (at < rest->size && is_separator(utf8_next(rest->bytes, &next)))
        at = next;
    size_t start = at;
    next = at;
    while (at < rest->size && !is_separator(utf8_next(rest->bytes, &next)))
        at = next;
    *token = (fenlei_text){rest->bytes + start, at - start};
    *rest = skip(*rest, at);
    return token->size > 0;
}

enum token { TOKEN_OTHER, TOKEN_NAME, TOKEN_ROLE, TOKEN_AUTHOR, TOKEN_EMPLOYER, N_TOKENS };

/* A name: 周黎. A role: 通讯员, 株洲日报·掌上株洲记者. An author: 本报记者胡思源. */
static enum token classify_token(fenlei_text token)
{
    if (ends_with_any(token, roles) || equals_any(token, role_words))
        return TOKEN_ROLE;
    for (const char *const *role = roles; *role != NULL; role++) {
        const char *found = memmem(token.bytes, token.size, *role, strlen(*role));
        if (found != NULL &&
            is_personal_name(skip(token, (size_t)(found - token.bytes) + strlen(*role))))
            return TOKEN_AUTHOR;
    }
    if (is_personal_name(token))
        return TOKEN_NAME;
    if (ends_with_any(token, employers))
        return TOKEN_EMPLOYER;
    return TOKEN_OTHER;
}

/* Between least and most Han characters, and nothing else? */
static bool is_han(fenlei_text text, uint32_t least, uint32_t most)
{
    for (size_t at = 0; at < text.size;)
        if ((fold_class(utf8_next(text.bytes, &at)) & FOLD_CJK) == 0)
            return false;
    uint32_t width = width_of(text);
    return width >= least && width <= most;
}

/* 周 黎: newspapers set names of two characters as wide as those of three. */
static bool takes_letterspaced_name(fenlei_text token, fenlei_text *rest)
{
    fenlei_text after = *rest, second;
    if (!is_han(token, 1, 1) ||
        memmem(surnames, sizeof surnames - 1, token.bytes, token.size) == NULL ||
        !next_token(&after, &second) || !is_han(second, 1, 1))
        return false;
    *rest = after;
    return true;
}

static void describe_byline(struct line *line)
{
    if (line->width > BYLINE_WIDTH)
        return;
    size_t count[N_TOKENS] = {0};
    fenlei_text rest = line->plain, token;
    while (next_token(&rest, &token)) {
        enum token kind = classify_token(token);
        bool after_role = count[TOKEN_ROLE] + count[TOKEN_AUTHOR] > 0;
        if (kind == TOKEN_OTHER &&
            ((after_role && is_han(token, 2, 4)) || takes_letterspaced_name(token, &rest)))
            kind = TOKEN_NAME;
        count[kind]++;
    }
    if (count[TOKEN_OTHER] > 0)
        return;
    size_t names = count[TOKEN_NAME], roles_found = count[TOKEN_ROLE];
    if (names > 0 && roles_found + count[TOKEN_AUTHOR] + count[TOKEN_EMPLOYER] == 0)
        line->is_name = names <= 4;
    else
        line->is_byline = names > 0 || count[TOKEN_AUTHOR] > 0 ||
                          (roles_found > 0 && begins(line->plain, "本报"));
}

/* ---- the rest ---- */

/* 本报讯 | 本报杭州3月4日讯 | 新华社北京3月4日电 */
static bool is_lead(fenlei_text text)
{
    while (text.size > 0 && (text.bytes[0] == '*' || text.bytes[0] == '(' || text.bytes[0] == ' '))
        text = skip(text, 1);
    if (begins(text, "（") || begins(text, "【"))
        text = skip(text, strlen("（"));
    if (begins_with_any(text, leads))
        return true;
    if (!begins_with_any(text, agencies))
        return false;
    /* a dateline: 日讯, 京讯, 日电, and then a gap or a bracket */
    size_t at = 0;
    int32_t c = 0, before = 0;
    for (int i = 0; at < text.size && i < 18; i++) {
        before = c;
        c = utf8_next(text.bytes, &at);
        fenlei_text rest = skip(text, at);
        bool is_dateline =
            before == 0x65E5 /* 日 */ || (c == 0x8BAF /* 讯 */ && before != 0x901A /* 通 */);
        bool is_ended = rest.size == 0 || rest.bytes[0] == ' ' || rest.bytes[0] == '(' ||
                        begins(rest, "（") || begins(rest, "　") || begins(rest, "记者");
        if ((c == 0x8BAF || c == 0x7535 /* 电 */) && is_dateline && is_ended)
            return true;
    }
    return false;
}

/* B1, A03, 12 */
static bool is_page_code(fenlei_text token)
{
    if (token.size == 0 || token.size > 3 || !is_digit(token.bytes[token.size - 1]))
        return false;
    return is_digit(token.bytes[0]) || (token.bytes[0] >= 'A' && token.bytes[0] <= 'Z');
}

/* 株洲日报 B1 | A03 | A02 要闻 | 第5版 */
static bool is_page_number(fenlei_text text, uint32_t width)
{
    if (width > 20)
        return false;
    if (begins(text, "第") && ends(text, "版"))
        return true;
    fenlei_text token, rest = text, first = {0}, number = {0};
    while (next_token(&rest, &token)) {
        if (first.size == 0)
            first = token;
        number = token;
    }
    if (is_page_code(first) && first.bytes[0] >= 'A' && width <= 8)
        return true;
    return is_page_code(number) && (number.size == text.size || contains_any(text, employers));
}

/* 2021年11月10日 星期三, and nothing else */
static bool is_date_line(fenlei_text text)
{
    static const char *const words[] = {"年", "月", "日", "星期", "农历", "一", "二",
                                        "三", "四", "五", "六",   "七",   "八", "九",
                                        "十", "初", "廿", "正",   "腊",   "　", NULL};
    if (!contains(text, "月") || !contains(text, "日"))
        return false;
    while (text.size > 0) {
        const char *const *word = words;
        while (*word != NULL && !begins(text, *word))
            word++;
        if (*word == NULL && !is_digit(text.bytes[0]) && text.bytes[0] != ' ')
            return false;
        text = skip(text, *word != NULL ? strlen(*word) : 1);
    }
    return true;
}

/* 电话:22593799, 责任编辑 齐卫国 */
static bool begins_with_imprint(fenlei_text text)
{
    for (const char *const *sign = furniture; *sign != NULL; sign++) {
        if (!begins(text, *sign))
            continue;
        fenlei_text rest = skip(text, strlen(*sign));
        return begins(rest, "：") ||
               (rest.size > 0 &&
                (rest.bytes[0] == ':' || rest.bytes[0] == ' ' || is_digit(rest.bytes[0])));
    }
    return false;
}

static bool is_furniture(const struct line *line)
{
    if (line->finished)
        return false;
    size_t signs = 0;
    for (const char *const *sign = furniture; *sign != NULL; sign++)
        signs += contains(line->plain, *sign);
    return is_page_number(line->plain, line->width) || is_date_line(line->plain) ||
           (signs >= 2 && line->width <= FURNITURE_WIDTH) ||
           (line->width <= 24 && begins_with_imprint(line->plain));
}

static bool is_sponsor(const struct line *line)
{
    if (line->finished || line->width > SPONSOR_WIDTH)
        return false;
    for (const char *const *word = sponsor_words; *word != NULL; word++) {
        const char *found = memmem(line->plain.bytes, line->plain.size, *word, strlen(*word));
        if (found == NULL)
            continue;
        fenlei_text giver = {line->plain.bytes, (size_t)(found - line->plain.bytes)};
        if (ends_with_any(giver, sponsors) ||
            (giver.size == 0 && contains_any(line->plain, sponsors)))
            return true;
    }
    return false;
}

static bool is_caption(const struct line *line)
{
    if (line->width > 60)
        return false;
    /* ▲ points from a caption to its picture, or begins a brief's headline */
    return begins_with_any(line->plain, captions) ||
           (line->finished && begins_with_any(line->plain, pointers)) || ends(line->plain, " 摄") ||
           ends(line->plain, "/摄") || ends(line->plain, "（图）") || ends(line->plain, "供图");
}

/* The digit, Arabic or Chinese, that `text` begins with; -1 for none. *size becomes its bytes. */
static int leading_digit(fenlei_text text, size_t *size)
{
    static const char *const digits[] = {"〇", "一", "二", "三", "四", "五",
                                         "六", "七", "八", "九", "十"};
    if (text.size > 0 && text.bytes[0] >= '0' && text.bytes[0] <= '9') {
        *size = 1;
        return text.bytes[0] - '0';
    }
    for (int digit = 1; digit <= 10; digit++)
        if (begins(text, digits[digit])) {
            *size = strlen(digits[digit]);
            return digit;
        }
    return -1;
}

struct series line_series(const struct line *line)
{
    struct series none = {{NULL, 0}, 0};
    fenlei_text text = line->plain;
    if (line->finished || line->width > HEADLINE_WIDTH)
        return none;
    size_t at = 0, size = 0;
    for (int characters = 0; at < text.size && characters <= 6; characters++) {
        int number = leading_digit(skip(text, at), &size);
        if (number < 0) {
            utf8_next(text.bytes, &at);
            continue;
        }
        fenlei_text prefix = trim((fenlei_text){text.bytes, at});
        fenlei_text after = skip(text, at + size);
        /* not 截至 4 月底 */
        fenlei_text unit = trim(after);
        if (begins(unit, "月") || begins(unit, "日") || begins(unit, "年") || begins(unit, "时"))
            return none;
        bool ended = after.size == 0 || after.bytes[0] == ' ' || begins(after, "、") ||
                     begins(after, "　") || begins(after, "：") || begins(after, "章");
        return ended && width_of(prefix) >= 2 ? (struct series){prefix, (unsigned)number} : none;
    }
    return none;
}

/* 市委副书记、市委政法委书记、 */
bool line_is_office(const struct line *line)
{
    static const char *const offices[] = {"书记", "主任", "院长", "局长", "市长",   "县长", "区长",
                                          "部长", "主席", "会长", "校长", "检察长", "所长", "队长",
                                          "教授", "委员", "代表", "律师", "研究员", "厅长", NULL};
    return !line->finished && line->width <= BYLINE_WIDTH &&
           (contains_any(line->plain, offices) || ends(line->plain, "长"));
}

/* Commas of either width. */
static size_t count_commas(fenlei_text text)
{
    size_t count = 0;
    for (size_t at = 0; at < text.size;) {
        int32_t c = utf8_next(text.bytes, &at);
        count += c == ',' || c == 0xFF0C;
    }
    return count;
}

bool line_may_be_headline(const struct line *line)
{
    return line->is_short && !line->finished && count_commas(line->plain) < 2;
}

struct line line_describe(fenlei_text text, fenlei_text plain)
{
    struct line line = {.plain = trim(plain), .copied_to = SIZE_MAX};
    while (line.plain.size > 0 && line.plain.bytes[0] == '#') {
        line.plain = skip(line.plain, 1);
        line.heading++;
    }
    if (line.heading > 0)
        line.plain = trim(line.plain);
    bool is_bold = begins(line.plain, "**") && ends(line.plain, "**") && line.plain.size > 4;
    if (is_bold && memmem(line.plain.bytes + 2, line.plain.size - 4, "**", 2) == NULL)
        line.plain = trim((fenlei_text){line.plain.bytes + 2, line.plain.size - 4});
    line.text = (fenlei_text){text.bytes + (line.plain.bytes - plain.bytes), line.plain.size};
    line.width = width_of(line.plain);
    line.finished = is_finished(line.plain);
    line.is_lead = is_lead(line.plain);
    line.is_subtitle = begins(line.plain, "——") || begins(line.plain, "--");
    line.is_furniture = is_furniture(&line);
    line.is_sponsor = is_sponsor(&line);
    line.is_caption = is_caption(&line);
    if (!line.finished && !line.is_furniture)
        describe_byline(&line);
    line.is_short = line.width <= HEADLINE_WIDTH && !contains(line.plain, "。") && !line.is_lead &&
                    !line.is_byline && !line.is_furniture && !line.is_caption;
    return line;
}
