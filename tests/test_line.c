#include "label/line.h"
#include "test.h"

static struct line describe(const char *text)
{
    return line_describe(text_of(text), text_of(text));
}

static void bylines_are_told_from_sentences(void **state)
{
    (void)state;
    static const char *const bylines[] = {"本报记者 胡思源",
                                          "通讯员 虞幼敏 俞浙峰",
                                          "绍兴政法融媒体中心 周黎 通讯员 王洪波",
                                          "见习记者 曹凯琳",
                                          "株洲日报·掌上株洲记者/齐卫国",
                                          "（记者 张三 通讯员 李四）",
                                          "本报记者胡思源",
                                          "文/王小明 图/陈红",
                                          "本报评论员",
                                          "□ 本报记者 阿依古丽·买买提",
                                          "记者 周 黎",
                                          "本报记者 李 明 通讯员 县法宣",
                                          "■见习记者 赵丽 摄影报道"};
    static const char *const others[] = {
        "记者从市公安局获悉", "市领导带队暗访平安 严查隐患督促整改",
        "向优秀记者致敬",     "记者节快乐",
        "绍兴市融媒体中心",   "关键词 1 服务大局"};
    for (size_t i = 0; i < sizeof bylines / sizeof *bylines; i++)
        if (!describe(bylines[i]).is_byline)
            fail_msg("no byline: %s", bylines[i]);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (describe(others[i]).is_byline || describe(others[i]).is_name)
            fail_msg("a byline: %s", others[i]);
    assert_true(describe("胡长春").is_name);
    assert_true(describe("姚海宇 欧阳文静").is_name);
    assert_false(describe("编者按").is_name);
    assert_false(describe("高压态势").is_name); /* four letters want a double family name */
}

static void leads_begin_a_report(void **state)
{
    (void)state;
    assert_true(describe("本报讯 近日,绍兴市委政法委召开会议").is_lead);
    assert_true(describe("**本报讯** 日前,暗访组").is_lead);
    assert_true(describe("新华社北京3月4日电 国务院").is_lead);
    assert_true(describe("本报杭州4月1日讯 省委").is_lead);
    assert_false(describe("本报记者 胡思源").is_lead);
    assert_false(describe("近日,本报讯息").is_lead);
}

static void finished_lines_end_like_sentences(void **state)
{
    (void)state;
    assert_true(describe("并研究贯彻落实意见。").finished);
    assert_true(describe("他说:“干必成。”").finished);
    assert_true(describe("主要有以下三点：").finished);
    assert_false(describe("评估办法以及市").finished);
    assert_false(describe("绘就平安株洲“新画卷”").finished);
}

static void furniture_and_sponsors_are_no_articles(void **state)
{
    (void)state;
    assert_true(
        describe("电话:22593799 2021年11月10日 星期三 责任编辑:齐卫国 校对:谭智方").is_furniture);
    assert_true(describe("株洲日报 B1").is_furniture);
    assert_true(describe("A03").is_furniture);
    assert_true(describe("2021年11月10日 星期三").is_furniture);
    assert_false(describe("打电话不接 民警上门找").is_furniture);
    assert_false(
        describe("今年1至10月,全市共接到举报电话3000余个,责任编辑参与了核查并逐一回复群众。")
            .is_furniture);
    assert_true(describe("泰隆银行绍兴越城小微企业专营支行助推平安绍兴建设").is_sponsor);
    assert_true(describe("## 绍兴柯桥灵恩绣品有限公司助推平安绍兴建设").is_sponsor);
    assert_false(describe("法治助推平安绍兴建设").is_sponsor);
    assert_false(describe("金融服务中心助推经济发展,成效明显。").is_sponsor);
}

static void marks_are_taken_off(void **state)
{
    (void)state;
    struct line line = describe("  ### 品牌寓义丰富深远\t");
    assert_int_equal(line.heading, 3);
    assert_text(line.text, "品牌寓义丰富深远");
    assert_int_equal(line.width, 8);
    assert_text(describe("**湖州召开推进会**").text, "湖州召开推进会");
    assert_int_equal(describe("　　").text.size, 0);
}

static void numbered_headings_form_a_series(void **state)
{
    (void)state;
    struct line line = describe("关键词 5 政法队伍建设");
    assert_text(line_series(&line).name, "关键词");
    assert_int_equal(line_series(&line).number, 5);
    line = describe("专题三、队伍");
    assert_text(line_series(&line).name, "专题");
    assert_int_equal(line_series(&line).number, 3);
    line = describe("今年1至10月全市发案下降");
    assert_int_equal(line_series(&line).name.size, 0);
    line = describe("市域社会治理现代化");
    assert_int_equal(line_series(&line).name.size, 0);
}

static void headlines_are_short_and_unfinished(void **state)
{
    (void)state;
    static const char *const headlines[] = {
        "“越讲越响”赢得开门红", "平安不平安,群众说了算",
        "提高政治站位 推进扫黑除恶 市领导专题督导扫黑除恶专项斗争"};
    static const char *const others[] = {"网格员走访慰问老人。", "本报讯 近日",
                                         "法治是最好的营商环境。围绕一流工作目",
                                         "始终坚持,服从大局,服务"};
    for (size_t i = 0; i < sizeof headlines / sizeof *headlines; i++) {
        struct line line = describe(headlines[i]);
        assert_true(line_may_be_headline(&line));
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct line line = describe(others[i]);
        assert_false(line_may_be_headline(&line));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bylines_are_told_from_sentences),
        cmocka_unit_test(leads_begin_a_report),
        cmocka_unit_test(finished_lines_end_like_sentences),
        cmocka_unit_test(furniture_and_sponsors_are_no_articles),
        cmocka_unit_test(marks_are_taken_off),
        cmocka_unit_test(numbered_headings_form_a_series),
        cmocka_unit_test(headlines_are_short_and_unfinished),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
