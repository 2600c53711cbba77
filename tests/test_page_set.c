#include "label/role.h"
#include "test.h"
#include "train/page_set.h"

static struct page_set set;

static void teardown(void)
{
    page_set_release(&set);
}

static const struct labelled_page *add(const char *file)
{
    fenlei_error error;
    if (page_set_add(&set, text_of(file), &error) != FENLEI_OK)
        fail_msg("%s", error.message);
    return &set.pages[set.n - 1];
}

static void refuse(const char *file, const char *why)
{
    fenlei_error error;
    assert_int_equal(page_set_add(&set, text_of(file), &error), FENLEI_BAD_INPUT);
    assert_contains(error.message, why);
}

static void roles_stand_before_tabs(void **state)
{
    (void)state;
    const struct labelled_page *page = add("furniture\t平安青川\n\nheadline\t甲县\nheadline+"
                                           "\t开会\n\nbyline\t周黎\nlead\t本报讯 开会。\n"
                                           "rule\t————\nbody\t又说。\n");
    static const uint8_t roles[] = {ROLE_FURNITURE, ROLE_HEADLINE, ROLE_HEADLINE_MORE,
                                    ROLE_BYLINE,    ROLE_LEAD,     ROLE_BODY};
    assert_int_equal(page->lines.n, sizeof roles);
    assert_memory_equal(page->roles, roles, sizeof roles);
    assert_int_equal(page->lines.of[1].number, 3);
    assert_int_equal(page->style, STYLE_SIGNED);
    teardown();
}

static void furniture_inside_an_article_interrupts_it(void **state)
{
    (void)state;
    const struct labelled_page *page =
        add("headline\t甲\nbody\t一句话的前半\nfurniture\t- 2 "
            "-\ncaption\t图为会场\nfurniture\t江城日报\n"
            "body+\t与后半。\nfurniture\t第3版\nheadline\t乙\nbody\t正文。\n");
    static const uint8_t roles[] = {ROLE_HEADLINE,  ROLE_BODY,         ROLE_INTERRUPTION,
                                    ROLE_CAPTION,   ROLE_INTERRUPTION, ROLE_BODY_MORE,
                                    ROLE_FURNITURE, ROLE_HEADLINE,     ROLE_BODY};
    assert_memory_equal(page->roles, roles, sizeof roles);
    assert_int_equal(page->style, STYLE_UNSIGNED);
    teardown();
}

static void a_text_without_headline_begins_with_a_lead(void **state)
{
    (void)state;
    const struct labelled_page *page =
        add("furniture\t简讯\nbody\t甲。\nlead\t乙。\nbody\t又乙。\n");
    static const uint8_t roles[] = {ROLE_FURNITURE, ROLE_LEAD, ROLE_LEAD, ROLE_BODY};
    assert_memory_equal(page->roles, roles, sizeof roles);
    assert_int_equal(page->style, STYLE_MIXED);
    teardown();
}

static void what_is_no_page_file_is_refused(void **state)
{
    (void)state;
    refuse("headline\t甲\n没有角色的一行\n", "line 2 does not begin with a role and a tab");
    refuse("title\t甲\n", "line 1");
    refuse("headline\t甲\nheadline\t乙\nbody\t正文。\n",
           "line 2: headline cannot stand behind headline");
    refuse("headline\t甲\nbody\t正文。\nheadline+\t乙\n", "headline+ cannot stand behind body");
    refuse("headline\t甲\nbody\t\xFF\n", "invalid UTF-8");
    teardown();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(roles_stand_before_tabs),
        cmocka_unit_test(furniture_inside_an_article_interrupts_it),
        cmocka_unit_test(a_text_without_headline_begins_with_a_lead),
        cmocka_unit_test(what_is_no_page_file_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
