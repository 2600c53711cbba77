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

/* Less than three blanks part columns where every row has them in the same place. */
static void narrow_gutters_part_columns_of_text(void **state)
{
    (void)state;
    static const char *const gaps[] = {" ", "  "};
    for (size_t i = 0; i < sizeof gaps / sizeof *gaps; i++) {
        const char *gap = gaps[i];
        struct buffer page = {0};
        buffer_append_format(&page,
                             "松岭街道排查燃气隐患      %s河口镇赶集的人多了起来\n"
                             "本报记者 方一舟           %s通讯员 田小满\n"
                             "　　本报讯 连日来松岭街道 %s　　本报讯 昨天是河口镇的\n"
                             "组织网格员上门检查居民家中%s集日，普法小分队支起了桌子\n"
                             "的灶具软管和报警器，把查出%s，给赶集的群众讲解反诈骗的\n"
                             "的问题登记下来。          %s知识，发放宣传册六百多份。\n",
                             gap, gap, gap, gap, gap, gap);
        buffer_append(&page, "", 1);
        read_text(page.bytes);
        assert_int_equal(lines.n, 12);
        assert_true(has_line(3, "组织网格员上门检查居民家中", 4));
        assert_true(has_line(6, "河口镇赶集的人多了起来", 1));
        assert_true(has_line(11, "知识，发放宣传册六百多份。", 6));
        assert_false(lines.is_uncertain);
        buffer_release(&page);
    }
    read_text("一条横在两栏之上的很长很长的标题占满了这一行\n"
              "组织网格员上门检查居民家中 集日，普法小分队支起了桌子\n"
              "的灶具软管和报警器，把查出 给赶集的群众讲解反诈骗的事\n"
              "的问题登记下来，限期整改好 知识，发放宣传册六百多份，\n"
              "并且向街道报告，再去回访一 摆摊卖菜的老人说，听明白了\n"
              "次看看改得怎么样，还有没有│陌生人的链接不能点，下次还\n"
              "新的隐患。                 要来听。\n");
    assert_int_equal(lines.n, 13);
    assert_true(has_line(0, "一条横在两栏之上的很长很长的标题占满了这一行", 1));
    assert_true(has_line(6, "新的隐患。", 7));
    assert_false(lines.is_uncertain);
    read_text("松岭街道上门排查燃气隐患  两家人为围墙吵了六年   普法小分队把课堂搬进集市\n"
              "记者方一舟通讯员柳青禾田小满记者何向阳            通讯员 田小满\n"
              "组织网格员上门检查居民家中 集日，普法小分队支起桌 给赶集的群众讲解反诈骗的事\n"
              "的灶具软管和报警器，把查出 知识，发放宣传册六百份 摆摊卖菜的老人说，听明白了\n"
              "的问题登记下来，限期整改好 一上午解答咨询五十余次 陌生人的链接不能点，下次还\n"
              "并且向街道报告，再去回访一 赶集的人比平时多了很多 要来听一听，还要带上孙子来\n"
              "次看看改得怎么样，还有没有 大家围着桌子听人讲解法 县里说要到十二个集市去讲课\n"
              "新的隐患，一户一档地记下来 中午以后人才慢慢散了去 让法律知识走进每一户人家里\n");
    assert_true(lines.is_uncertain);
    read_text("河 口 镇 的 集 市 昨 天 开 市\n县 里 的 普 法 小 分 队 来 了\n"
              "赶 集 的 人 比 平 时 多 很 多\n大 家 围 着 桌 子 听 人 讲 解\n"
              "中 午 以 后 人 才 慢 慢 散 去\n摆 摊 的   老 人   说 听 明 白\n"
              "下 次   还 来   听 一 听 的 话\n");
    assert_int_equal(lines.n, 7);
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
        cmocka_unit_test(narrow_gutters_part_columns_of_text),
        cmocka_unit_test(gutters_that_wander_are_told),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    lines_release(&lines);
    return failed;
}
