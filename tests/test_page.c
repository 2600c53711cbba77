/* SPDX-License-Identifier: BSD-3-Clause */
#include "label/model.h"
#include "label/page.h"
#include "test.h"

static struct page page;
static const struct chain *chain; /* the shipped model's */

static void split(const char *text)
{
    assert_true(page_split(&page, text_of(text), chain, false));
}

static fenlei_text title(size_t i)
{
    assert_true(i < page.n_pieces);
    return (fenlei_text){page.text.bytes + page.pieces[i].title, page.pieces[i].title_size};
}

static fenlei_text byline(size_t i)
{
    return (fenlei_text){page.text.bytes + page.pieces[i].byline, page.pieces[i].byline_size};
}

static fenlei_text body(size_t i)
{
    return (fenlei_text){page.text.bytes + page.pieces[i].body, page.pieces[i].body_size};
}

static void assert_lines(size_t i, size_t first, size_t last)
{
    const struct piece *piece = &page.pieces[i];
    assert_int_equal(page.parts[piece->part].first, first);
    assert_int_equal(page.parts[piece->part + piece->n_parts - 1].last, last);
}

/* Paragraphs as long as a paper's. */
#define MEETING                                                                                    \
    "近日,甲县召开全县平安建设工作会议,县委副书记李明出席并讲话,各乡镇和有关部门负责人参加会议。"
#define DEMANDS                                                                                                        \
    "会议要求,各级各部门要压实责任,把矛盾纠纷化解在基层,把安全隐患消除在萌芽状态," \
    "确保社会大局稳定。"
#define ACTIVITY                                                                                   \
    "活动现场,志愿者向群众发放宣传资料三百余份,讲解了防范电信网络诈骗的知识,受到大家的欢迎。"

static void marked_headlines_part_articles(void **state)
{
    (void)state;
    split("# 甲县召开会议 部署平安建设工作\n\n本报记者 周黎\n\n**本报讯** " MEETING "\n\n" DEMANDS
          "\n\n### 压实责任链条\n\n" DEMANDS
          "\n\n# 乙县开展反诈宣传进社区活动\n\n本报记者 高飞\n\n" ACTIVITY "\n");
    assert_int_equal(page.n_pieces, 2);
    assert_text(title(0), "甲县召开会议 部署平安建设工作");
    assert_text(byline(0), "本报记者 周黎");
    assert_text(body(0), "**本报讯** " MEETING "\n" DEMANDS "\n压实责任链条\n" DEMANDS "\n");
    assert_lines(0, 1, 11);
    assert_text(title(1), "乙县开展反诈宣传进社区活动");
    assert_lines(1, 13, 17);
}

static void unmarked_headlines_are_known_by_what_follows(void **state)
{
    (void)state;
    split("甲县部署冬季行动\n\n本报记者 胡思源\n\n本报讯 "
          "甲县近日部署冬季行动。\n\n各部门随即行动。\n\n"
          "乙县举行比武\n——三支队伍参加\n\n通讯员 高飞\n\n比武在周一举行。\n\n"
          "丙县通车\n\n本报讯 丙县公路昨日通车。\n");
    assert_int_equal(page.n_pieces, 3);
    assert_text(title(0), "甲县部署冬季行动");
    assert_text(title(1), "乙县举行比武 ——三支队伍参加");
    assert_text(byline(1), "通讯员 高飞");
    assert_text(title(2), "丙县通车");
    assert_text(body(2), "本报讯 丙县公路昨日通车。\n");
}

static void two_headings_are_one_headline(void **state)
{
    (void)state;
    split("## 湖县召开平安建设推进会\n\n# 排查见底 整改见效\n\n见习记者 曹凯琳 通讯员 "
          "高飞\n\n\n\n" MEETING "\n\n" DEMANDS "\n");
    assert_int_equal(page.n_pieces, 1);
    assert_text(title(0), "湖县召开平安建设推进会 排查见底 整改见效");
    assert_text(byline(0), "见习记者 曹凯琳 通讯员 高飞");
}

static void broken_sentences_are_joined(void **state)
{
    (void)state;
    split("# 甲县召开会议 部署平安建设工作\n\n本报记者 周黎\n\n**本报讯** " MEETING
          "\n\n会议传达学习了省里的精神、平安建设的评估办法以及市\n\n\n\n"
          "委八届八次全会精神,并研究了全县的贯彻落实意见和下一步的工作安排。\n\n" DEMANDS "\n");
    assert_int_equal(page.n_pieces, 1);
    assert_text(body(0), "**本报讯** " MEETING
                         "\n会议传达学习了省里的精神、平安建设的评估办法以及市委八届八次全会精神,"
                         "并研究了全县的贯彻落实意见和下一步的工作安排。\n" DEMANDS "\n");
}

static void hard_wrapped_lines_are_joined(void **state)
{
    (void)state;
    split("甲县召开平安建设工作会议\n本报记者 周黎\n　　近日,甲县召开全县平安建设工作会\n"
          "议,县委副书记李明出席并讲话,各乡镇\n和有关部门的负责人参加了会议。\n"
          "　　会议要求,各级各部门要压实责任,把\n矛盾纠纷化解在基层,把安全隐患消除在\n"
          "萌芽状态。\n");
    assert_int_equal(page.n_pieces, 1);
    assert_text(body(0),
                "近日,甲县召开全县平安建设工作会议,县委副书记李明出席并讲话,各乡镇和有关部门的"
                "负责人参加了会议。\n会议要求,各级各部门要压实责任,把矛盾纠纷化解在基层,把安全"
                "隐患消除在萌芽状态。\n");
}

static void a_sponsor_is_a_piece_but_no_article(void **state)
{
    (void)state;
    split("# 标题在此\n\n周黎\n\n本报讯 正文在此。\n\n越州灵恩绣品有限公司助推平安越州建设");
    assert_int_equal(page.n_pieces, 2);
    assert_true(page.pieces[0].is_article);
    assert_false(page.pieces[1].is_article);
    assert_text(title(1), "越州灵恩绣品有限公司助推平安越州建设");
    assert_lines(1, 7, 7);
}

static void an_article_around_another_is_found_again(void **state)
{
    (void)state;
    split("平安新画卷\n\n株城日报记者/齐卫国\n\n开头的一段话在此。\n\n关键词 1 "
          "服务\n\n第一节说的是服务。\n\n"
          "提供一流法治环境\n\n胡长春\n\n市委副书记、\n市委党校校(院)长\n\n署名文章的第一段。\n\n"
          "关键词 3 队伍\n\n第三节说的是队伍。\n\n关键词 2 治理\n\n第二节说的是治理。\n");
    assert_int_equal(page.n_pieces, 2);
    assert_text(title(0), "平安新画卷");
    assert_text(body(0), "开头的一段话在此。\n关键词 1 服务\n第一节说的是服务。\n关键词 3 队伍\n"
                         "第三节说的是队伍。\n关键词 2 治理\n第二节说的是治理。\n");
    assert_int_equal(page.pieces[0].n_parts, 2);
    assert_int_equal(page.parts[page.pieces[0].part].last, 9);
    assert_int_equal(page.parts[page.pieces[0].part + 1].first, 20);
    assert_text(title(1), "提供一流法治环境");
    assert_text(byline(1), "胡长春 市委副书记、 市委党校校(院)长");
    assert_text(body(1), "署名文章的第一段。\n");
}

static void the_same_series_in_another_article_is_its_own(void **state)
{
    (void)state;
    split("甲县法院发布典型案例\n\n本报记者 周黎\n\n" MEETING "\n\n案例 1\n\n" DEMANDS
          "\n\n案例 2\n\n" ACTIVITY "\n\n乙县法院发布三起案例\n\n本报记者 高飞\n\n" MEETING
          "\n\n案例 1\n\n" ACTIVITY "\n\n案例 2\n\n" DEMANDS "\n");
    assert_int_equal(page.n_pieces, 2);
    assert_text(body(1), MEETING "\n案例 1\n" ACTIVITY "\n案例 2\n" DEMANDS "\n");
}

static void masthead_and_captions_stay_out_of_the_text(void **state)
{
    (void)state;
    split("奋力谱写新篇章\n\n株城日报 B1\n\n电话:22593799 2021年11月10日 星期三 责任编辑:齐卫国\n\n"
          "平安新画卷\n\n本报记者 "
          "齐卫国\n\n正文第一段在此处。\n\n正文第二段在此处。\n\n\n\n网格员走访慰问老人。\n");
    assert_int_equal(page.n_pieces, 2);
    assert_false(page.pieces[0].is_article);
    assert_lines(0, 1, 5);
    assert_text(body(1), "正文第一段在此处。\n正文第二段在此处。\n");
    assert_lines(1, 7, 17);
}

static void a_plain_text_is_one_article(void **state)
{
    (void)state;
    split("一则通知\n\n请各单位于周五前报送材料。\n\n联系人另行告知。\n");
    assert_int_equal(page.n_pieces, 1);
    assert_text(title(0), "一则通知");
    split("The court heard the case on Monday, and after two hours of argument the judge\n"
          "adjourned it until the spring. Nobody who had come to listen spoke about it to\n"
          "the papers on the way out, and the police would not say anything either.\n");
    assert_int_equal(page.n_pieces, 1);
    assert_int_equal(page.pieces[0].title_size, 0);
    assert_text(body(0),
                "The court heard the case on Monday, and after two hours of argument the judge "
                "adjourned it until the spring. Nobody who had come to listen spoke about it to "
                "the papers on the way out, and the police would not say anything either.\n");
    split("扫黑除恶专项斗争");
    assert_int_equal(page.n_pieces, 1);
    assert_true(page.pieces[0].is_article);
    split("\n \n　\n");
    assert_int_equal(page.n_pieces, 0);
}

static void whole_means_one_article(void **state)
{
    (void)state;
    static const char text[] =
        "# 甲\n\n周黎\n\n本报讯 甲的正文。\n\n# 乙\n\n高飞\n\n本报讯 乙的正文。\n";
    split(text);
    assert_int_equal(page.n_pieces, 2);
    assert_true(page_split(&page, text_of(text), chain, true));
    assert_int_equal(page.n_pieces, 1);
    assert_text(title(0), "甲");
    assert_lines(0, 1, 11);
}

static void a_page_in_traditional_script_is_split_alike(void **state)
{
    (void)state;
    split("甲縣部署冬季行動\n\n本報記者 陳國陽\n\n本報訊 甲縣近日部署。\n\n"
          "紹興靈恩繡品有限公司助推平安紹興建設");
    assert_int_equal(page.n_pieces, 2);
    assert_text(title(0), "甲縣部署冬季行動");
    assert_text(byline(0), "本報記者 陳國陽");
    assert_false(page.pieces[1].is_article);
}

/* Pages that were once split wrongly: the number of pieces and the first title. */
static void awkward_pages(void **state)
{
    (void)state;
    static const struct {
        const char *page, *title;
        size_t n_pieces;
    } cases[] = {
        {"简讯\n\n本报讯 " MEETING "\n\n本报讯 " ACTIVITY "\n\n本报讯 " MEETING "\n", "简讯", 4},
        {"甲村丰收\n\n本报记者 周黎\n\n截至 3 月底\n合作社收梨。\n\n乙村通路\n\n本报记者 高飞\n\n"
         "截至 4 月底\n公路通车。\n",
         "甲村丰收", 2},
        {"甲县供电保障有力\n\n本报记者 周黎\n\n工作正常。\n\n本报记者在供电公司了解到,线路正常。\n",
         "甲县供电保障有力", 1},
        {"# 县矛调中心助推基层治理现代化\n\n周黎\n\n本报讯 正文在此。\n",
         "县矛调中心助推基层治理现代化", 1},
        {"# 反诈提醒\n\n周黎\n\n电话诈骗案件高发,群众要提高警惕。\n\n星期天,法院也开庭。\n",
         "反诈提醒", 1},
        {"小区车位谁来管？\n\n本报记者 周黎\n\n" MEETING
         "\n\n养老金怎么领？\n\n本报记者 高飞\n\n" ACTIVITY "\n",
         "小区车位谁来管？", 2},
        {"查隐患，促整改，保平安\n\n本报记者 周 黎\n\n正文在此处。\n", "查隐患，促整改，保平安", 1},
        {"# 简讯\n\n## 县法院开展送法活动\n\n通讯员 李 明\n\n本报讯 正文在此。\n", "简讯", 2},
        {"# 征文揭晓\n\n周黎\n\n评审近日结束。\n\n一等奖\n\n王洪波 高飞\n\n二等奖\n\n陈红\n",
         "征文揭晓", 1},
        {"A02 要闻\n\n责任编辑 李明 校对 王红\n\n# 标题在此\n\n周黎\n\n本报讯 正文在此。\n",
         "A02 要闻", 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        split(cases[i].page);
        if (page.n_pieces != cases[i].n_pieces)
            fail_msg("case %zu: %zu pieces, not %zu", i, page.n_pieces, cases[i].n_pieces);
        assert_text(title(0), cases[i].title);
        for (size_t k = 0; k < page.n_pieces; k++)
            assert_true(page.pieces[k].n_parts > 0);
    }
}

static void every_line_is_in_one_piece(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "# 标题一", "周黎",        "本报讯 正文", "以及市",
        "委全会。", "A03",         "图为现场。",  "某某公司助推平安建设",
        "——副题",   "关键词 1 甲", "## 二",       "",
        "电话：123"};
    enum { KINDS = sizeof lines / sizeof *lines, LINES = 40 };
    uint32_t random = 1;
    for (int round = 0; round < 500; round++) {
        struct buffer text = {0};
        size_t filled[LINES + 1] = {0}, seen[LINES + 1] = {0};
        for (size_t i = 1; i <= LINES; i++) {
            random = random * 1664525 + 1013904223;
            const char *line = lines[(random >> 16) % KINDS];
            filled[i] = line[0] != '\0';
            buffer_append_format(&text, "%s\n", line);
        }
        assert_true(page_split(&page, (fenlei_text){text.bytes, text.size}, chain, false));
        for (size_t i = 0; i < page.n_pieces; i++)
            for (size_t part = 0; part < page.pieces[i].n_parts; part++) {
                fenlei_lines range = page.parts[page.pieces[i].part + part];
                for (size_t line = range.first; line <= range.last; line++)
                    seen[line] += filled[line];
            }
        for (size_t i = 1; i <= LINES; i++)
            assert_int_equal(seen[i], filled[i]);
        buffer_release(&text);
    }
}

static void a_page_has_a_most_of_lines(void **state)
{
    (void)state;
    struct buffer text = {0};
    for (size_t i = 0; i < PAGE_LINES_MAX; i++)
        buffer_append_string(&text, "x\n\n"); /* blank lines do not count */
    assert_false(text.failed);
    assert_true(page_split(&page, (fenlei_text){text.bytes, text.size}, chain, true));
    assert_false(page.lines.too_long);
    buffer_append_string(&text, "x");
    assert_false(page_split(&page, (fenlei_text){text.bytes, text.size}, chain, true));
    assert_true(page.lines.too_long);
    buffer_release(&text);
    split("题目\n\n正文在此。\n");
    assert_false(page.lines.too_long);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marked_headlines_part_articles),
        cmocka_unit_test(unmarked_headlines_are_known_by_what_follows),
        cmocka_unit_test(two_headings_are_one_headline),
        cmocka_unit_test(broken_sentences_are_joined),
        cmocka_unit_test(hard_wrapped_lines_are_joined),
        cmocka_unit_test(a_sponsor_is_a_piece_but_no_article),
        cmocka_unit_test(an_article_around_another_is_found_again),
        cmocka_unit_test(the_same_series_in_another_article_is_its_own),
        cmocka_unit_test(masthead_and_captions_stay_out_of_the_text),
        cmocka_unit_test(a_plain_text_is_one_article),
        cmocka_unit_test(whole_means_one_article),
        cmocka_unit_test(a_page_in_traditional_script_is_split_alike),
        cmocka_unit_test(awkward_pages),
        cmocka_unit_test(every_line_is_in_one_piece),
        cmocka_unit_test(a_page_has_a_most_of_lines),
    };
    fenlei_model *model;
    if (fenlei_model_open("models/fenlei.model", &model, NULL) != FENLEI_OK)
        return 1;
    chain = &model->parts.chain;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    page_release(&page);
    fenlei_model_close(model);
    return failed;
}
