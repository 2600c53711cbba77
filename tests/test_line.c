/* SPDX-License-Identifier: BSD-3-Clause */
#include "label/line.h"
#include "test.h"

static struct lines lines;
static struct buffer text;

static void read_text(const char *bytes, size_t size)
{
    assert_true(lines_read(&lines, (fenlei_text){bytes, size}, 100));
}

static void read_text_of(const char *string)
{
    read_text(string, strlen(string));
}

static fenlei_text line_text(size_t i)
{
    assert_true(i < lines.n);
    buffer_clear(&text);
    assert_true(line_append(&lines.of[i], &text));
    return (fenlei_text){text.bytes, text.size};
}

static void every_line_end_ends_a_line(void **state)
{
    (void)state;
    static const char *const ends[] = {"\n",           "\r",           "\r\n", "\xC2\x85",
                                       "\xE2\x80\xA8", "\xE2\x80\xA9", "\v",   "\f"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        struct buffer page = {0};
        buffer_append_format(&page, "甲方%s乙方%s%s丙方", ends[i], ends[i], ends[i]);
        read_text(page.bytes, page.size);
        assert_int_equal(lines.n, 3);
        assert_text(line_text(2), "丙方");
        assert_int_equal(lines.of[1].number, 2);
        bool is_shown = ends[i][0] != '\v' && ends[i][0] != '\f';
        assert_int_equal(lines.of[2].blank, is_shown ? 1 : 0);
        buffer_release(&page);
    }
    read_text("甲\n\f乙\n", 9);
    assert_int_equal(lines.of[1].number, 2); /* a form feed before a line is no line */
}

static void marks_are_taken_off(void **state)
{
    (void)state;
    static const char page[] = "## **标题**\n#\n**粗** 与 **粗**\n　　正文。 \n";
    read_text(page, sizeof page - 1);
    assert_int_equal(lines.n, 3);
    assert_text(line_text(0), "标题");
    assert_int_equal(lines.of[0].heading, 2);
    assert_true(lines.of[0].is_bold);
    assert_text(line_text(1), "**粗** 与 **粗**");
    assert_false(lines.of[1].is_bold);
    assert_text(line_text(2), "正文。");
    assert_int_equal(lines.of[2].indent, 4);
    assert_int_equal(lines.of[2].number, 4);
}

static void letters_set_apart_are_joined(void **state)
{
    (void)state;
    static const char page[] =
        "本 报 讯 昨 日 开 会\n本　报　记　者　陈　大\n县\xE2\x80\x8B委\xC2\xAD会\n"
        "本报记者 周 黎\nA B C\n"
        "县\xE2\x80\x8D委\xF3\xA0\x84\x80会\xE2\x80\x8C\n";
    read_text(page, sizeof page - 1);
    assert_text(line_text(0), "本报讯昨日开会");
    assert_text(line_text(1), "本报记者陈大");
    assert_text(line_text(2), "县委会");
    assert_text(line_text(3), "本报记者 周 黎");
    assert_text(line_text(4), "A B C");
    assert_text(line_text(5), "县委会");
    read_text("县\0委\0会\0", 12);
    assert_text(line_text(0), "县委会");
}

static void entities_are_characters(void **state)
{
    (void)state;
    static const char page[] =
        "&nbsp;&emsp;马&middot;克&#8220;说&#x201D;A&amp;B &lt;x&gt; &unknown; &#0; &\n";
    read_text(page, sizeof page - 1);
    assert_text(line_text(0), "马·克“说”A&B <x> &unknown; &#0; &");
    read_text_of("&amp;nbsp;&amp;#8220;甲方&amp;ldquo;乙&amp;丙&amp;甲方;&#12288;&nbsp;\n");
    assert_text(line_text(0), "“甲方“乙&丙&甲方;");
}

static void origins_lead_back_to_the_file(void **state)
{
    (void)state;
    static const char page[] = "甲\n 扫 黑 &ldquo;除 恶&rdquo;\n";
    struct origins origins = {0};
    read_text(page, sizeof page - 1);
    fenlei_text seen = line_text(1);
    assert_text(seen, "扫黑“除恶”");
    assert_true(line_origins(&lines.of[1], page, 0, &origins));
    const char *quote = strstr(page, "&ldquo;");
    assert_int_equal(origins_start(&origins, 6), quote - page);
    assert_int_equal(origins_end(&origins, 9), quote - page + 7);
    assert_int_equal(origins_start(&origins, 0), strstr(page, "扫") - page);
    origins_release(&origins);
}

static void rules_and_images_are_no_lines(void **state)
{
    (void)state;
    static const char page[] = "甲\n————————\n![](images/3.jpg)\n|---|---|\n* * *\n。\n乙\n";
    read_text(page, sizeof page - 1);
    assert_int_equal(lines.n, 3); /* a full stop that a broken line left over is one */
    assert_text(line_text(1), "。");
    assert_true(lines.of[1].after_rule);
    assert_false(lines.of[2].after_rule);
    assert_int_equal(lines.of[2].number, 7);
}

static void a_headline_set_downwards_is_one_line(void **state)
{
    (void)state;
    static const char page[] = "前文。\n扫\n黑\n除\n恶\n\n人\n口\n";
    read_text(page, sizeof page - 1);
    assert_int_equal(lines.n, 4);
    assert_text(line_text(1), "扫黑除恶");
    assert_int_equal(lines.of[1].number, 2);
    assert_int_equal(lines.of[1].last_number, 5);
    assert_text(line_text(2), "人"); /* two letters are two lines */
}

static void a_headline_set_downwards_may_have_gaps_and_marks(void **state)
{
    (void)state;
    read_text_of("河\n\n口\n\n镇\n\n赶\n\n集\n\n昨日开市。\n");
    assert_int_equal(lines.n, 2);
    assert_text(line_text(0), "河口镇赶集");
    assert_int_equal(lines.of[0].last_number, 9);
    assert_int_equal(lines.of[1].number, 11);
    read_text_of("“\n围\n墙\n”\n拆\n了\n\n昨日开市。\n1\n2\n3\n4\n5\n");
    assert_text(line_text(0), "“围墙”拆了");
    assert_int_equal(lines.n, 7); /* figures one below the other are a table's */
    read_text_of("一\n\n昨日开市。\n\n二\n\n今日又开。\n");
    assert_int_equal(lines.n, 4);
    assert_false(lines.is_uncertain);
}

/* Whose articles begin where, nothing tells. */
static void a_page_of_single_letters_is_uncertain(void **state)
{
    (void)state;
    struct buffer page = {0};
    for (int i = 0; i < 30; i++)
        buffer_append_string(&page, "河\n口\n镇\n。\n");
    read_text(page.bytes, page.size);
    assert_int_equal(lines.n, 1);
    assert_true(lines.is_uncertain);
    buffer_release(&page);
}

static void what_converters_leave_around_a_line_is_taken_off(void **state)
{
    (void)state;
    static const struct {
        const char *line, *text;
        int heading;
    } cases[] = {
        {"<h2>河口镇赶集</h2>", "河口镇赶集", 2},
        {"<center><b>河口镇赶集</b></center><br>", "河口镇赶集", 0},
        {"<p>河口镇赶集", "河口镇赶集", 0},
        {"河口镇赶集</P>", "河口镇赶集", 0},
        {"河口镇赶集<br/>", "河口镇赶集", 0},
        {"<b>河口镇</b>赶集", "河口镇赶集", 0},
        {"河口镇<b>赶集</b>", "河口镇赶集", 0},
        {"<河口镇>赶集<br", "<河口镇>赶集<br", 0},
        {"__河口镇赶集__", "河口镇赶集", 0},
        {"*河口镇赶集*", "河口镇赶集", 0},
        {"*河口镇*赶集*", "*河口镇*赶集*", 0},
        {"＃＃ 河口镇赶集", "河口镇赶集", 2},
        {"## 河口镇赶集 ##", "河口镇赶集", 2},
        {"\\section*{河口镇赶集}", "河口镇赶集", 1},
        {"\\author{方一舟}", "方一舟", 0},
        {"_方一舟_", "方一舟", 0},
        {"│ 河口镇赶集 │", "河口镇赶集", 0},
        {"== 河口镇赶集 ==", "河口镇赶集", 2},
        {"<span id=\"page-1-0\"></span># **河口镇赶集**", "河口镇赶集", 1},
        {"# 河口镇赶集 {#sec-1 .unnumbered}", "河口镇赶集", 1},
        {"\\河口镇{赶集}", "\\河口镇{赶集}", 0},
        {"==河口镇赶集==", "河口镇赶集", 2},
        {"> > ## 河口镇赶集", "河口镇赶集", 2},
        {"** 河口镇赶集", "河口镇赶集", 2},
        {"h3. 河口镇赶集", "河口镇赶集", 3},
        {"'''河口镇赶集'''", "河口镇赶集", 0},
        {"***河口镇赶集***", "河口镇赶集", 0},
        {"`河口镇赶集`", "河口镇赶集", 0},
        {"| 河口镇赶集 |", "河口镇赶集", 0},
        {"{\\Large 河口镇赶集}", "河口镇赶集", 0},
        {"| 河口镇 | 赶集 |", "| 河口镇 | 赶集 |", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        read_text_of(cases[i].line);
        assert_text(line_text(0), cases[i].text);
        assert_int_equal(lines.of[0].heading, cases[i].heading);
    }
    static const char *const nothing[] = {"<br>",
                                          "</div>",
                                          "<!-- PageBreak -->",
                                          "<span id=\"page-2-0\"></span>",
                                          "{12}----------------",
                                          "![图][1]",
                                          "[![](a.png)](http://example.com)",
                                          "![](a.jpg) ![](b.jpg)",
                                          "<div align=\"center\"><img src=\"a.png\"></div>",
                                          "==> picture [8 x 2] intentionally omitted <==",
                                          "[image: media/image1.png]",
                                          "【图片】"};
    for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++) {
        read_text_of(nothing[i]);
        assert_int_equal(lines.n, 0);
    }
    read_text_of("<br>\n甲方\n![](a.jpg)\n乙方\n");
    assert_false(lines.of[0].after_rule);
    assert_true(lines.of[1].after_rule);
}

static void assert_seen(const char *line, const char *expected)
{
    struct origins origins = {0};
    read_text_of(line);
    assert_text(line_text(0), expected);
    assert_true(line_origins(&lines.of[0], line, 0, &origins));
    size_t joined = 0;
    for (size_t i = 0; i < origins.n; i++)
        joined += origins.stretches[i].count * origins.stretches[i].size;
    assert_int_equal(joined, text.size); /* each letter came from somewhere */
    origins_release(&origins);
}

static void marks_within_a_line_are_not_seen(void **state)
{
    (void)state;
    assert_seen("[b]河口镇[/b]赶集", "河口镇赶集");
    assert_seen("[size=5][color=#f00]河口镇赶集[/color][/size]", "河口镇赶集");
    assert_seen("河口镇[img]http://a.b/c.jpg[/img]赶集", "河口镇赶集");
    assert_seen("&lt;p class=&quot;a&quot;&gt;河口镇&amp;lt;br&amp;gt;赶集&lt;/p&gt;",
                "河口镇赶集");
    assert_seen("<ruby>河<rt>hé</rt></ruby>口镇<b>赶集</b>", "河口镇赶集");
    assert_seen("[河口镇赶集](http://a.b/1.html)", "河口镇赶集");
    assert_seen("[[河口镇|河口]]赶集[[桥]]", "河口赶集桥");
    assert_seen("\x1B[1;31m河口镇\x1B[0m赶集\x01", "河口镇赶集");
    assert_seen("[1m河口镇赶集[0m", "河口镇赶集");
    assert_seen("[]{#_Toc1 .anchor}河口镇[赶集]{.mark}", "河口镇赶集");
    assert_seen("<![CDATA[河口镇赶集]]>", "河口镇赶集");
    assert_seen("河口镇赶集_x000D_", "河口镇赶集");
    assert_seen("#平安河口# 河口镇赶集", "#平安河口# 河口镇赶集");
    assert_seen("\\“河口镇\\”赶集\\", "“河口镇”赶集");
    static const char *const texts[] = {
        "[NBA]河口镇赶集", "〈河口镇〉[赶集]", "[河口镇](记者 方一舟)", "王**、李**赶集",
        "<CBA>河口镇",     "[B]河口镇赶集",    "河口镇&lt;3、a]]b",     "河口镇\\n赶集"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_seen(texts[i], i == 6 ? "河口镇<3、a]]b" : texts[i]);
    read_text_of("[quote]\n河口镇赶集\n[/quote]\n昨日开市。\n");
    assert_int_equal(lines.n, 2);
    assert_false(lines.of[1].after_rule);
}

static void numbers_of_lines_are_no_text(void **state)
{
    (void)state;
    read_text_of("     1\t河口镇赶集\n     2\t\n     3\t昨日开市。\n     4\t今日又开。\n");
    assert_int_equal(lines.n, 3);
    assert_text(line_text(0), "河口镇赶集");
    assert_text(line_text(2), "今日又开。");
    assert_int_equal(lines.of[1].blank, 1);
    read_text_of("1\t河口镇赶集\n\n2\t昨日开市。\n\n3\t今日又开。\n4\t明日不开。\n");
    assert_text(line_text(3), "明日不开。");
    read_text_of("1 河口镇赶集\n2 昨日开市\n3 今日又开\n4 明日不开\n"); /* a list */
    assert_text(line_text(0), "1 河口镇赶集");
}

static void names_of_fields_are_no_text(void **state)
{
    (void)state;
    read_text_of("标题: 河口镇赶集\n作者: 方一舟\n正文：昨日开市。\n");
    assert_int_equal(lines.n, 3);
    assert_text(line_text(0), "河口镇赶集");
    assert_text(line_text(1), "作者: 方一舟");
    assert_text(line_text(2), "昨日开市。");
    read_text_of("【标题】河口镇赶集\n【正文】\n昨日开市。\n");
    assert_int_equal(lines.n, 2);
    assert_text(line_text(0), "河口镇赶集");
    read_text_of("**标题**：河口镇赶集\n来 源：松岭日报\n昨日开市。\n");
    assert_text(line_text(0), "河口镇赶集");
    assert_text(line_text(1), "来 源：松岭日报");
    read_text_of("标题: 河口镇赶集\n正文:\n\n河口镇赶集\n昨日开市。\n");
    assert_text(line_text(0), "标题: 河口镇赶集");
    read_text_of("**标题：** 河口镇赶集\n\n**正文：**\n昨日开市。\n");
    assert_int_equal(lines.n, 2);
    assert_text(line_text(0), "河口镇赶集");
    read_text_of("title: \"河口镇赶集\"\nauthor: 方一舟\n\n昨日开市。\n");
    assert_text(line_text(0), "河口镇赶集");
    read_text_of("标题：河口镇赶集\n昨日开市。\n标题：柳河村修桥\n今日通车。\n");
    assert_text(line_text(0), "河口镇赶集");
    assert_text(line_text(2), "柳河村修桥");
    read_text_of("标题: 河口镇赶集\n昨日开市。\n"); /* with no other, it may be a headline's own */
    assert_text(line_text(0), "标题: 河口镇赶集");
}

static void how_sure_a_program_was_is_no_text(void **state)
{
    (void)state;
    read_text_of("河口镇赶集\t0.98\n昨日开市，\t0.9731\n人来人往。 1.0\n\n街上\t0.88\n");
    assert_int_equal(lines.n, 4);
    assert_text(line_text(0), "河口镇赶集");
    assert_text(line_text(2), "人来人往。");
    read_text_of("河口镇赶集 0.98\n昨日开市\n人来人往 0.97\n街上 0.88\n"); /* not every line */
    assert_text(line_text(0), "河口镇赶集 0.98");
}

static void a_headline_may_stand_beside_its_text(void **state)
{
    (void)state;
    static const char text_beside[] =
        "河口镇今日赶集  "
        "昨日开市，人来人往，街上摆满了春耕用的农具、种子和化肥，卖菜的老人说比去年热闹"
        "。司法所在街口摆桌，给赶集的群众讲解防骗知识。\n";
    struct buffer page = {0};
    buffer_append_format(&page,
                         "%s%s柳河村修桥，今日通车\t全长六十米，连着两个村，孩子上学不用再绕路。\n",
                         text_beside, text_beside);
    read_text(page.bytes, page.size);
    assert_int_equal(lines.n, 6);
    assert_text(line_text(2), "河口镇今日赶集");
    assert_int_equal(lines.of[3].number, 2);
    assert_text(line_text(4), "柳河村修桥，今日通车");
    read_text_of(text_beside); /* one may be set so for another reason */
    assert_int_equal(lines.n, 1);
    buffer_release(&page);
}

static void dates_are_told(void **state)
{
    (void)state;
    static const char *const dates[] = {"2021-03-12 08:30",
                                        "二〇二一年三月十二日",
                                        "3月12日 星期五",
                                        "农历辛丑年正月廿九",
                                        "3小时前",
                                        "[2021-03-12]",
                                        "２０２１年３月１２日",
                                        "民国一一〇年三月十二日"};
    static const char *const others[] = {"九月九日", "2021年工作", "三月三", "河口镇赶集",
                                         "12日赶集"};
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        read_text_of(dates[i]);
        assert_true(lines.of[0].is_date);
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        read_text_of(others[i]);
        assert_false(lines.of[0].is_date);
    }
}

static void a_page_number_within_a_sentence_is_no_line(void **state)
{
    (void)state;
    static const char *const folios[] = {"- 2 -",   "— 12 —",      "2/8",         "·2·",
                                         "[第2版]", "第3页 共8页", "Page 2 of 8", "②"};
    for (size_t i = 0; i < sizeof folios / sizeof *folios; i++) {
        struct buffer page = {0};
        buffer_append_format(&page, "检查组走访居民三百户，发现隐患\n\n%s\n\n四十六处。\n%s\n",
                             folios[i], folios[i]);
        read_text(page.bytes, page.size);
        assert_int_equal(lines.n, 3); /* behind a sentence it stays */
        assert_text(line_text(1), "四十六处。");
        buffer_release(&page);
    }
    read_text_of("检查组走访居民三百户，发现隐患\n2021年3月12日\n三\n四十六处。\n");
    assert_int_equal(lines.n, 4);
}

static void what_is_seen_of_a_line(void **state)
{
    (void)state;
    static const char page[] = "（新華社3月4日電）\n他说:“干必成。”\n评估，办法以及市\n";
    read_text(page, sizeof page - 1);
    assert_true(lines.of[0].is_bracketed);
    assert_int_equal(lines.of[0].han, 6);
    assert_int_equal(lines.of[0].digits, 2);
    assert_int_equal(lines.of[0].head[0], '(');
    assert_int_equal(lines.of[0].head[2], 0x534E); /* 华, simplified */
    assert_int_equal(lines.of[0].columns, 2 * 8 + 2);
    assert_true(lines.of[1].is_finished);
    assert_false(lines.of[2].is_finished);
    assert_int_equal(lines.of[2].commas, 1);
    static const char broken[] = "特讯 “收\n官”会 召开（摘要）\n本 报 讯\n";
    read_text(broken, sizeof broken - 1);
    assert_int_equal(lines.of[0].open, 1);
    assert_int_equal(lines.of[0].first_space, 2);
    assert_int_equal(lines.of[1].open, -1);
    assert_int_equal(lines.of[1].first_space, 3);
    assert_int_equal(lines.of[2].first_space, 0); /* letters set apart */
    static const char same[] = "第3版\n第14版\n第５版\n";
    read_text(same, sizeof same - 1);
    assert_int_equal(lines.of[0].key, lines.of[2].key); /* figures do not count */
}

/* Of an alphabet, too: capitals, full stops; and which letters stand side by side on the page. */
static void what_is_seen_of_words_and_pairs(void **state)
{
    (void)state;
    static const char page[] = "Court opens\n\nthe court was opened. It is new.\n3.5 metres\n"
                               "县法院开庭\n。审理\n";
    read_text(page, sizeof page - 1);
    assert_int_equal(lines.of[0].size_of_first, 1);
    assert_int_equal(lines.of[1].size_of_first, -1);
    assert_int_equal(lines.of[1].stops, 2);
    assert_int_equal(lines.of[2].size_of_first, 0);
    assert_int_equal(lines.of[2].stops, 0); /* the point of a number */
    assert_int_equal(lines.of[3].size_of_first, 0);
    assert_true(lines_have_pair(&lines, 0x6CD5 /* 法 */, 0x9662 /* 院 */));
    assert_false(lines_have_pair(&lines, 0x9662, 0x6CD5));
    assert_false(lines_have_pair(&lines, 0x5EAD /* 庭 */, 0x3002 /* 。 */)); /* in two lines */
    size_t size = (size_t)1 << 19;
    char *long_page = malloc(size);
    memset(long_page, 'a', size);
    read_text(long_page, size);
    assert_false(lines_have_pair(&lines, 'a', 'a')); /* so long a page is not looked at */
    free(long_page);
}

static void the_ends_of_a_line_are_its_letters(void **state)
{
    (void)state;
    static const char page[] = "一 二三\xE2\x80\x8B四五\n";
    uint16_t letters[3];
    read_text(page, sizeof page - 1);
    assert_int_equal(line_first_letters(&lines.of[0], letters, 3), 3);
    assert_int_equal(letters[2], 0x4E09);
    assert_int_equal(line_last_letters(&lines.of[0], letters, 3), 3);
    assert_int_equal(letters[0], 0x4E09);
    assert_int_equal(letters[2], 0x4E94);
}

static void there_is_a_most_of_lines(void **state)
{
    (void)state;
    assert_true(lines_read(&lines, text_of("a\nb\n\n"), 2));
    assert_false(lines.too_long);
    assert_false(lines_read(&lines, text_of("a\nb\nc"), 2));
    assert_true(lines.too_long);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_line_end_ends_a_line),
        cmocka_unit_test(marks_are_taken_off),
        cmocka_unit_test(letters_set_apart_are_joined),
        cmocka_unit_test(entities_are_characters),
        cmocka_unit_test(origins_lead_back_to_the_file),
        cmocka_unit_test(rules_and_images_are_no_lines),
        cmocka_unit_test(a_headline_set_downwards_is_one_line),
        cmocka_unit_test(a_headline_set_downwards_may_have_gaps_and_marks),
        cmocka_unit_test(a_page_of_single_letters_is_uncertain),
        cmocka_unit_test(what_converters_leave_around_a_line_is_taken_off),
        cmocka_unit_test(marks_within_a_line_are_not_seen),
        cmocka_unit_test(numbers_of_lines_are_no_text),
        cmocka_unit_test(names_of_fields_are_no_text),
        cmocka_unit_test(how_sure_a_program_was_is_no_text),
        cmocka_unit_test(a_headline_may_stand_beside_its_text),
        cmocka_unit_test(dates_are_told),
        cmocka_unit_test(a_page_number_within_a_sentence_is_no_line),
        cmocka_unit_test(what_is_seen_of_a_line),
        cmocka_unit_test(what_is_seen_of_words_and_pairs),
        cmocka_unit_test(the_ends_of_a_line_are_its_letters),
        cmocka_unit_test(there_is_a_most_of_lines),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    lines_release(&lines);
    buffer_release(&text);
    return failed;
}
