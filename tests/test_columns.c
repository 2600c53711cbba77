/* SPDX-License-Identifier: BSD-3-Clause */
#include "label/line.h"
#include "test.h"

static struct lines lines;

static void read_text(const char *page)
{
    assert_true(lines_read(&lines, text_of(page), 1000));
}

static bool has_line(size_t i, const char *text, uint32_t number)
{
    return i < lines.n && text_equal(lines.of[i].text, text_of(text)) &&
           lines.of[i].number == number;
}

static void columns_side_by_side_are_put_one_below_the_other(void **state)
{
    (void)state;
    read_text("县委召开推进会议                消防队员检查市场\n"
              "\n"
              "本报讯 昨日县委召开了常态       本报讯 连日来县消防大队走\n"
              "化开展的会议,要求紧盯“伞”,      进农贸市场检查用电安全,对疏\n"
              "深挖彻查线索,依法严惩犯罪       散通道堵塞的隐患逐一登记。\n"
              "分子。\n"
              "\n"
              "下一个横贯全版的很长很长的标题在这里又说了许多话\n");
    assert_int_equal(lines.n, 10);
    assert_true(has_line(0, "县委召开推进会议", 1));
    assert_true(has_line(2, "化开展的会议,要求紧盯“伞”,", 4));
    assert_true(has_line(4, "分子。", 6));
    assert_true(has_line(5, "消防队员检查市场", 1));
    assert_true(has_line(8, "散通道堵塞的隐患逐一登记。", 5));
    assert_int_equal(lines.of[9].number, 8);
    assert_false(lines.is_uncertain);
}

static void tabs_part_columns_too(void **state)
{
    (void)state;
    read_text("县委召开推进会议\t消防队员检查市场\n本报讯 昨日县委开会。\t本报讯 连日来检查。\n");
    assert_int_equal(lines.n, 4);
    assert_true(has_line(2, "消防队员检查市场", 1));
}

static void lists_and_bylines_are_no_columns(void **state)
{
    (void)state;
    read_text("王大山    李小河    陈石头\n赵小林    王小明    周黎\n高飞    陈红    李明\n"
              "张三    李四    王五\n");
    assert_int_equal(lines.n, 4);
    read_text("县委召开推进会议\n本报记者    陈大山    通讯员    李小河\n"
              "本报讯    昨日县委召开了常态化开展的会议。\n");
    assert_int_equal(lines.n, 3);
    assert_false(lines.is_uncertain);
}

/* What each gave stands where the one above does, or anywhere: neither is text side by side. */
static void lists_with_wide_gaps_keep_their_order(void **state)
{
    (void)state;
    read_text("捐赠鸣谢名单(截至四月十五日)\n"
              "一班同学老班长易水寒和他的夫人    二班同学佐小川等\n"
              "机械系三班全体同学    桃李基金三万元整\n"
              "校友蓝青加拿大归来不久仍寄来    图书四百一十二册\n"
              "退休教师沈逸之    个人收藏旧教材一批\n"
              "无名氏与友人的友人们    水杉苗一百棵种在湖心\n");
    assert_int_equal(lines.n, 6);
    assert_true(has_line(2, "机械系三班全体同学    桃李基金三万元整", 3));
    assert_false(lines.is_uncertain);
    read_text("捐赠鸣谢名单(截至四月十五日)\n"
              "校友会驻上海分会              桃李基金三万元整\n"
              "机械系八四级三班全体同学      图书四百一十二册\n"
              "蓝青一家三口人                个人收藏旧教材一批\n"
              "退休教师沈逸之                水杉苗一百棵种在湖心\n"
              "原校友会副会长和老同学们      石凳二十张\n");
    assert_int_equal(lines.n, 6);
    assert_true(lines.is_uncertain);
}

static void gutters_that_wander_are_told(void **state)
{
    (void)state;
    read_text("县委召开的推进会议      消防队员检查市场用电\n"
              "本报讯昨日县委召开      会议要求紧盯线索      检查市场的用电安全\n"
              "化开展的会议要求啊      检查用电安全对疏散\n"
              "深挖彻查线索依法啊      严惩犯罪分子们      隐患逐一登记造册\n"
              "又一行文字在这里啊      散通道堵塞等隐患啊\n"
              "再一行文字在这里啊      中间的一栏文字啊      右边的一栏文字啊\n");
    assert_int_equal(lines.n, 6);
    assert_true(lines.is_uncertain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_side_by_side_are_put_one_below_the_other),
        cmocka_unit_test(tabs_part_columns_too),
        cmocka_unit_test(lists_and_bylines_are_no_columns),
        cmocka_unit_test(lists_with_wide_gaps_keep_their_order),
        cmocka_unit_test(gutters_that_wander_are_told),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    lines_release(&lines);
    return failed;
}
