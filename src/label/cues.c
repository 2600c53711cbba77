/* SPDX-License-Identifier: BSD-3-Clause */
#include "label/cues.h"

#include "base/random.h"
#include "base/utf8.h"
#include "label/character.h"
#include "label/fold.h"

#include <stdlib.h>
#include <string.h>

/* The kinds of features; their numbers are part of what a model has learned. */
enum kind {
    BIAS,
    WIDTH,
    FIRST,
    FIRST_TWO,
    FIRST_THREE,
    LAST,
    LAST_TWO,
    LAST_THREE,
    HEAD_PAIR,
    TAIL_PAIR,
    SHAPE,
    SHAPE_START,
    SHAPE_END,
    PUNCTUATED,
    SHARE,
    BRACKETED,
    MARKED,
    INDENTED,
    GAP_BEFORE,
    GAP_AFTER,
    GAPS_AND_WIDTH,
    FULL,
    PLACE,
    REPEATED,
    NUMBERED,
    NAME,
    NEIGHBOUR, /* + distance */
    NEIGHBOUR_LAST = NEIGHBOUR + 8,
    NEIGHBOUR_FIRST, /* + distance */
    NEIGHBOUR_FIRST_LAST = NEIGHBOUR_FIRST + 8,
    WIDTHS,
    FLOW,
    STYLED,
    HEADED,
    PREVIOUS_END,
    NEXT_START,
    TEXT_BELOW,
    HEAD_TRIPLE,
    COHESION,
    RANK,
    RESTATED,
    SPACED_AT,
    OPENING,
    PREFIXED,
    PARAGRAPH,
    RELATIVE,
    APART,
    UNCLOSED,
    PREFACE,
    CONTINUED,
    NAMED,
    JOINT,
    CAPITAL,
    TAGGED,
    TOLD,
    ALONE,
    SHARED,
    N_KINDS
};

_Static_assert((int)N_KINDS <= (int)CUES_KINDS, "a feature tells its kind");

/* The commoner family names: a fact of the language, with which a short line may be a person. */
static const char surnames[] =
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程"
    "苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝"
    "龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞"
    "左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房"
    "滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应"
    "臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝";

static bool is_surname(const struct cues *cues, uint16_t letter)
{
    unsigned place = letter - CUES_HAN;
    return place < CUES_N_HAN && (cues->surnames[place / 64] >> place % 64 & 1) != 0;
}

static void mark_surnames(struct cues *cues)
{
    memset(cues->surnames, 0, sizeof cues->surnames);
    for (size_t at = 0; at < sizeof surnames - 1;) {
        unsigned place = (unsigned)utf8_next(surnames, &at) - CUES_HAN;
        cues->surnames[place / 64] |= UINT64_C(1) << place % 64;
    }
}

/* ---- features ---- */

struct writer {
    uint64_t *features;
    size_t n;
};

static void add(struct writer *writer, unsigned kind, uint64_t value)
{
    uint64_t hash = random_mix(value * CUES_KINDS + kind + UINT64_C(0x9E3779B97F4A7C15));
    if (writer->n < CUES_MOST)
        writer->features[writer->n++] = hash - hash % CUES_KINDS + kind;
}

static uint64_t join(uint64_t a, uint64_t b)
{
    return a * 256 + b;
}

/* Widths that mean much the same. */
static unsigned width_class(unsigned letters)
{
    static const unsigned limits[] = {1, 2, 3, 4, 6, 8, 10, 13, 16, 20, 25, 31, 38, 48, 64, 100};
    unsigned class = 0;
    while (class < sizeof limits / sizeof *limits && letters > limits[class])
        class ++;
    return class;
}

/* How much a line says, in Han letters: a word of an alphabet takes as much as four of its own. */
enum { LATIN_AS_HAN = 4 };

static unsigned amount_of(const struct line *line)
{
    return line->latin > line->han ? (line->letters + LATIN_AS_HAN - 1U) / LATIN_AS_HAN
                                   : line->letters;
}

static unsigned width_of(const struct line *line)
{
    return width_class(amount_of(line));
}

static unsigned few(unsigned count)
{
    return count < 3 ? count : count < 6 ? 3 : 4;
}

/* The sorts of characters in a row, and how many there are of each: 本报记者 is 2*4. */
static uint64_t shape_of(const uint16_t *letters, size_t n, bool counted)
{
    uint64_t shape = 0;
    for (size_t i = 0, run; i < n; i += run) {
        unsigned sort = character_sort(letters[i]);
        for (run = 1;
             i + run < n && sort <= CHARACTER_LETTER && character_sort(letters[i + run]) == sort;)
            run++;
        uint64_t size = !counted ? 0 : run < 5 ? run : run < 9 ? 5 : 6;
        shape = random_mix(shape + (uint64_t)sort * 8 + size + 1);
    }
    return shape;
}

static uint64_t triple(const uint16_t *letters)
{
    return character_pair(letters) << 16 | letters[2];
}

static void add_words(struct writer *writer, const struct line *line)
{
    const uint16_t *head = line->head, *tail = line->tail;
    size_t n = line->n_head, m = line->n_tail;
    if (n > 0) {
        add(writer, FIRST, head[0]);
        add(writer, LAST, tail[m - 1]);
    }
    if (n > 1) {
        add(writer, FIRST_TWO, character_pair(head));
        add(writer, LAST_TWO, character_pair(tail + m - 2));
    }
    if (n > 2) {
        add(writer, FIRST_THREE, triple(head));
        add(writer, LAST_THREE, triple(tail + m - 3));
    }
    for (size_t i = 0; i + 1 < n; i++)
        add(writer, HEAD_PAIR, character_pair(head + i));
    for (size_t i = 0; i + 1 < m; i++)
        add(writer, TAIL_PAIR, character_pair(tail + i));
    for (size_t i = 1; i + 2 < n && i < 10; i++)
        add(writer, HEAD_TRIPLE, triple(head + i));
}

static void add_shape(struct writer *writer, const struct line *line)
{
    unsigned width = width_of(line);
    if (line->letters <= LINE_HEAD) {
        add(writer, SHAPE, shape_of(line->head, line->n_head, true));
        add(writer, SHAPE,
            random_mix(shape_of(line->head, line->n_head, false) + few(line->spaces)));
    }
    size_t start = line->n_head < 8 ? line->n_head : 8;
    add(writer, SHAPE_START, shape_of(line->head, start, true));
    add(writer, SHAPE_START, random_mix(shape_of(line->head, line->n_head, false)));
    add(writer, SHAPE_END, shape_of(line->tail, line->n_tail, false));
    add(writer, PUNCTUATED, join(join(few(line->commas), few(line->stops)), line->is_finished));
    add(writer, PUNCTUATED, join(join(width, few(line->commas)), line->stops > 0) + 1000);
    add(writer, SHARE,
        join(line->digits * 4U / (line->letters + 1U), line->latin * 4U / (line->letters + 1U)));
    add(writer, SHARE, join(few(line->spaces), width) + 1000000);
    add(writer, BRACKETED, join(line->is_bracketed, width));
}

/* Where its first blank is, and what a bracket it begins with holds: datelines and names. */
static void add_preface(struct writer *writer, const struct line *line)
{
    size_t at = line->first_space;
    unsigned width = width_of(line);
    if (at > 1) {
        add(writer, SPACED_AT, character_pair(line->head + at - 2));
        add(writer, SPACED_AT, join(join(at, line->is_finished), width) + (UINT64_C(1) << 40));
        if (at > 2)
            add(writer, SPACED_AT, triple(line->head + at - 3) + (UINT64_C(1) << 50));
    }
    size_t end = 1;
    while (end < line->n_head && !character_is_mark(line->head[end]))
        end++;
    if (line->n_head > 2 && character_is_mark(line->head[0]) && end < line->n_head) {
        bool more = line->letters > end + 1;
        add(writer, PREFACE, join(join(character_pair(line->head), line->head[end]), more));
        add(writer, PREFACE,
            join(join(join(line->head[0], line->head[end]), end), more) + (UINT64_C(1) << 56));
        if (end > 2)
            add(writer, PREFACE,
                join(join(character_pair(line->head + end - 2), line->head[end]), more) +
                    (UINT64_C(1) << 57));
    }
}

static void add_name(struct writer *writer, const struct cues *cues, const struct line *line)
{
    unsigned names = 0;
    for (size_t i = 0; i < line->n_head; i++)
        names += is_surname(cues, line->head[i]);
    bool begins = line->n_head > 0 && is_surname(cues, line->head[line->is_bracketed]);
    bool is_han = line->han + (line->is_bracketed ? 2U : 0U) == line->letters;
    unsigned width = line->letters < 16 ? line->letters : 16;
    add(writer, NAME, join(join(begins, is_han), width));
    add(writer, NAME, join(join(few(names), is_han), width) + 100000000);
}

/* How many of the words of a short line are names of people, and how many are not: a byline, a
 * list.
 */
struct names {
    unsigned names, others;
    unsigned ends; /* of the others, those that may end in a name: 本报记者王芳 */
};

/* A word of n letters, with a bit for each that is a family name, the last one's the lowest; 黄 鑫
 * is one, its letters set apart. */
static void count_word(struct names *names, size_t n, unsigned with_surname, bool *lacks_given)
{
    enum { NAME_MOST = 4 };
    if (n == 0)
        return;
    bool has_surname = (with_surname >> (n - 1) & 1) != 0;
    if (*lacks_given && n <= 2) {
        *lacks_given = false;
        return;
    }
    names->names += has_surname && n <= NAME_MOST;
    names->others += !has_surname || n > NAME_MOST;
    names->ends += n > NAME_MOST && (with_surname & 6) != 0;
    *lacks_given = has_surname && n == 1;
}

static struct names names_of(const struct cues *cues, const struct line *line)
{
    enum { WIDEST = 31 };
    struct names names = {0};
    unsigned with_surname = 0; /* WIDEST letters at most */
    bool lacks_given = false;
    size_t n = 0;
    if (line->letters > WIDEST || line->han == 0)
        return names;
    for (size_t at = 0; at < line->text.size;) {
        int32_t c = utf8_next(line->text.bytes, &at);
        if ((fold_class(c) & FOLD_CJK) == 0) {
            count_word(&names, n, with_surname, &lacks_given);
            n = 0;
            continue;
        }
        with_surname = with_surname << 1 | is_surname(cues, (uint16_t)fold_character(c));
        n++;
    }
    count_word(&names, n, with_surname, &lacks_given);
    return names;
}

static uint64_t names_class(struct names names)
{
    return join(few(names.names), few(names.others));
}

static void add_named(struct writer *writer, const struct cues *cues, const struct lines *lines,
                      size_t i)
{
    const struct line *line = &lines->of[i];
    struct names names = names_of(cues, line);
    uint64_t own = names_class(names);
    uint64_t below = i + 1 < lines->n ? names_class(names_of(cues, &lines->of[i + 1])) : 99;
    add(writer, NAMED, join(own, line->is_bracketed));
    add(writer, NAMED, join(own, width_of(line)) + (UINT64_C(1) << 40));
    add(writer, NAMED, join(below, line->is_finished) + (UINT64_C(1) << 41));
    add(writer, NAMED, join(own, below) + (UINT64_C(1) << 42));
    add(writer, NAMED,
        join(join(names.names > 0, few(names.ends)), width_of(line)) + (UINT64_C(1) << 43));
}

/* ---- the page ---- */

unsigned cues_gap(const struct cues *cues, const struct line *line)
{
    return line->blank == 0 ? 0 : line->blank <= cues->style.usual_gap ? 1 : 2;
}

/* Ends the line where its width ends it, as in a column of broken lines? 0 no column, 1 shorter,
 * 2 full. */
static unsigned fullness(const struct cues *cues, const struct line *line)
{
    uint32_t full = cues->style.full_width;
    uint32_t columns = (uint32_t)line->columns + line->indent;
    if (full == 0)
        return 0;
    return columns + 3 < full ? 1 : columns <= full + 3 ? 2 : 3;
}

/* What matters of a line to its neighbours. */
static uint64_t seen_from_afar(const struct cues *cues, const struct line *line)
{
    uint64_t seen = width_of(line);
    seen = join(seen, line->is_finished);
    seen = join(seen, line->heading > 0);
    return join(seen, fullness(cues, line));
}

static const struct line *neighbour(const struct lines *lines, size_t i, int distance)
{
    size_t at = i + (size_t)distance;
    return distance < 0 && (size_t)-distance > i ? NULL : at < lines->n ? &lines->of[at] : NULL;
}

static void add_neighbours(struct writer *writer, const struct cues *cues,
                           const struct lines *lines, size_t i)
{
    const struct line *line = &lines->of[i];
    unsigned width = width_of(line);
    for (int distance = -2; distance <= 3; distance++) {
        const struct line *other = distance == 0 ? NULL : neighbour(lines, i, distance);
        unsigned which = (unsigned)(distance + 2);
        if (other == NULL) {
            add(writer, NEIGHBOUR + which, 0);
            continue;
        }
        add(writer, NEIGHBOUR + which, seen_from_afar(cues, other) + 1);
        if (distance >= -1 && distance <= 2 && other->n_head > 1) {
            add(writer, NEIGHBOUR_FIRST + which, character_pair(other->head));
            add(writer, NEIGHBOUR_FIRST + which,
                random_mix(shape_of(other->head, other->n_head < 8 ? other->n_head : 8, true)));
        }
    }
    const struct line *previous = neighbour(lines, i, -1), *next = neighbour(lines, i, 1);
    unsigned before = previous != NULL ? width_of(previous) : 31;
    unsigned after = next != NULL ? width_of(next) : 31;
    bool was_finished = previous == NULL || previous->is_finished;
    bool next_finished = next != NULL && next->is_finished;
    add(writer, WIDTHS, join(join(before, width), after));
    add(writer, WIDTHS, join(join(width, after), next_finished) + (UINT64_C(1) << 40));
    add(writer, FLOW, join(join(was_finished, line->is_finished), cues_gap(cues, line)));
    add(writer, FLOW, join(join(join(was_finished, line->is_finished), width), after) + 10000000);
    if (previous != NULL && previous->n_tail > 1) {
        add(writer, PREVIOUS_END, previous->tail[previous->n_tail - 1]);
        add(writer, PREVIOUS_END, join(character_pair(previous->tail + previous->n_tail - 2), 1));
        add(writer, PREVIOUS_END,
            join(join(previous->is_bracketed, before), line->is_finished) + (UINT64_C(1) << 50));
    }
    if (next != NULL && next->n_head > 2)
        add(writer, NEXT_START, triple(next->head));
    /* How long the text is that stands right below: a headline has some. */
    unsigned long_below = 0;
    for (int distance = 1; distance <= 3; distance++) {
        const struct line *other = neighbour(lines, i, distance);
        long_below += other != NULL && amount_of(other) > 2U * amount_of(line) && other->stops > 0;
    }
    add(writer, TEXT_BELOW, join(join(long_below, width), line->is_finished));
}

/* ---- what is told on both sides ---- */

/* How much of the page around a line is looked at, in letters: near by, as much as a short article
 * has, and as much as most have. A word of an alphabet takes as much as four Han letters. */
enum { WINDOW = 240, WINDOW_WIDE = 2 * WINDOW, WINDOW_FAR = 4 * WINDOW };

_Static_assert((int)WINDOW_FAR <= (int)EXCERPT_MOST, "so much of a page is kept");

static size_t window_of(const struct line *line)
{
    return line->latin > line->han ? WINDOW_FAR : WINDOW;
}

/* Weights that mean much the same. */
static unsigned weight_class(unsigned weight)
{
    static const unsigned limits[] = {0, 4, 8, 13, 20, 28, 38, 50, 65, 85, 110, 150};
    unsigned class = 0;
    while (class < sizeof limits / sizeof *limits && weight > limits[class])
        class ++;
    return class;
}

/* How long a text is, in quarters of a window and a little. */
static unsigned quarters(size_t n, size_t window)
{
    return (unsigned)(n / (window / 4 + 1));
}

/* The same of the shorter of both sides. */
static unsigned sides_class(struct excerpt at, size_t window)
{
    size_t above = at.from - at.above, below = at.below - at.to;
    return quarters(above < below ? above : below, window);
}

/* What part of what might be told on both sides is. */
static unsigned share_class(struct shared shared)
{
    static const unsigned thousandths[] = {0,  6,   12,  18,  25,  33,  42,  54, 70,
                                           92, 120, 145, 165, 185, 210, 250, 320};
    enum { LEAST = 60 };
    unsigned class = 0, share = shared.weight * 1000 / (shared.of + LEAST);
    while (class < sizeof thousandths / sizeof *thousandths && share > thousandths[class])
        class ++;
    return class;
}

/* Does a paragraph go on with what stands above? One that begins an article has new words. */
static void add_continued(struct writer *writer, const struct cues *cues, const struct lines *lines,
                          size_t i)
{
    if (i == 0 || !lines->of[i - 1].is_finished)
        return;
    size_t window = window_of(&lines->of[i]);
    struct excerpt at = excerpt_at_start(&cues->letters, i, window);
    unsigned shared = weight_class(excerpt_shared(cues->letters.words, at).weight);
    add(writer, CONTINUED, join(shared, sides_class(at, window)));
}

/* How much of what the line says is told near by. */
static struct told told_of(const struct cues *cues, const struct line *line, struct excerpt at)
{
    enum { LATIN_MOST = 80 };
    return line->latin > line->han ? excerpt_told(cues->letters.words, at, LATIN_MOST, ROW_LATIN)
                                   : excerpt_told(cues->letters.words, at, LINE_HEAD, ROW_HAN);
}

/* Are a headline's words told again in all of the article below, and not above? Those of a heading
 * inside an article are told on both sides. */
static void add_told(struct writer *writer, const struct cues *cues, const struct line *line,
                     struct excerpt far, unsigned shared)
{
    struct told told = told_of(cues, line, far);
    unsigned width = width_of(line) / 2;
    add(writer, TOLD, join(join(told.above, quarters(far.from - far.above, WINDOW_FAR)), width));
    add(writer, TOLD,
        join(join(told.below, quarters(far.below - far.to, WINDOW_FAR)), width) +
            (UINT64_C(1) << 40));
    add(writer, TOLD, join(join(told.above, told.below), shared) + (UINT64_C(1) << 41));
}

/* What is told on both sides is weighed by what might be: of words, farther away as well, and of
 * rare letters. Such a letter tells of something by itself: of a word that is written in two ways.
 */
static void add_shares(struct writer *writer, const struct cues *cues, const struct lines *lines,
                       size_t i, struct excerpt near)
{
    const struct line *line = &lines->of[i];
    const struct page_letters *letters = &cues->letters;
    struct excerpt wide = excerpt_around(letters, i, WINDOW_WIDE);
    struct told told = excerpt_told(letters->alone, near, LINE_HEAD, 1);
    unsigned alone = share_class(excerpt_shared(letters->alone, near));
    unsigned words = share_class(excerpt_shared(letters->words, wide));
    unsigned width = width_of(line) / 2;
    add(writer, ALONE, join(join(alone, sides_class(near, WINDOW)), line->is_finished));
    add(writer, ALONE, join(join(told.above, told.below), width) + (UINT64_C(1) << 40));
    add(writer, ALONE, join(join(told.above, told.below / 2), alone / 2) + (UINT64_C(1) << 41));
    add(writer, SHARED, join(join(words, sides_class(wide, WINDOW_WIDE)), line->is_finished));
    add(writer, SHARED, join(join(words, alone), width / 2) + (UINT64_C(1) << 40));
}

/* Where a short line stands between texts: do they tell of the same, and of what the line says? A
 * headline is told below. */
static void add_cohesion(struct writer *writer, const struct cues *cues, const struct lines *lines,
                         size_t i)
{
    const struct line *line = &lines->of[i];
    if (amount_of(line) > 40 || line->stops > 0) {
        add_continued(writer, cues, lines, i);
        return;
    }
    size_t window = window_of(line);
    struct excerpt near = excerpt_around(&cues->letters, i, window),
                   far = excerpt_around(&cues->letters, i, WINDOW_FAR);
    unsigned shared = weight_class(excerpt_shared(cues->letters.words, near).weight);
    struct told told = told_of(cues, line, near);
    unsigned amount = sides_class(near, window);
    unsigned width = width_of(line) / 2;
    unsigned next = i + 1 < lines->n ? width_of(&lines->of[i + 1]) : 31;
    add(writer, COHESION, join(join(shared, amount), line->is_finished));
    add(writer, COHESION, join(join(shared, amount), join(width, next)) + (UINT64_C(1) << 50));
    add(writer, COHESION,
        join(join(shared, told.above / 2), join(cues_gap(cues, line), next)) + (UINT64_C(1) << 51));
    add(writer, RESTATED, join(told.above, line->is_finished));
    add(writer, RESTATED, join(told.below, width) + 1000000);
    add(writer, RESTATED, join(join(told.above / 2, told.below / 2), shared) + 100000000);
    add_told(writer, cues, line, far, shared);
    add_shares(writer, cues, lines, i, near);
}

/* Where its number of # stands among those of the page, and of the heading above. */
static void add_rank(struct writer *writer, const struct cues *cues, const struct line *line)
{
    unsigned below = line->heading == 0 ? 4U : (unsigned)(line->heading - cues->style.highest_rank);
    unsigned ranks = (unsigned)(cues->style.lowest_rank - cues->style.highest_rank);
    unsigned deeper = line->heading == 0                    ? 3
                      : line->heading_above == 0            ? 4
                      : line->heading > line->heading_above ? 2
                                                            : line->heading == line->heading_above;
    add(writer, RANK, join(join(below, ranks), deeper));
    add(writer, RANK, join(join(deeper, width_of(line)), 1) + 1000000000);
}

static void add_layout(struct writer *writer, const struct cues *cues, const struct lines *lines,
                       size_t i)
{
    const struct line *line = &lines->of[i];
    unsigned width = width_of(line);
    unsigned before = i == 0 ? 3 : cues_gap(cues, line);
    unsigned after = i + 1 == lines->n ? 3 : cues_gap(cues, &lines->of[i + 1]);
    unsigned full = fullness(cues, line);
    const struct line *previous = neighbour(lines, i, -1);
    unsigned full_before = previous == NULL ? 4 : fullness(cues, previous);
    add(writer, BIAS, 0);
    add(writer, WIDTH, width);
    add(writer, WIDTH, join(join(width, line->is_finished), line->stops > 0) + 100);
    add(writer, MARKED, join(join(line->heading, line->is_bold), cues->style.has_marks));
    add(writer, MARKED, join(join(line->heading > 0, width), cues->style.has_marks) + 10000000);
    if (previous != NULL && line->heading > 0)
        add(writer, HEADED, join(previous->heading, line->heading));
    if (cues->style.has_marks)
        add_rank(writer, cues, line);
    unsigned indent = line->indent < 2 ? line->indent : 2;
    add(writer, INDENTED, join(indent, cues->style.has_indents));
    add(writer, INDENTED,
        join(join(line->indent > 1, full_before), join(full, cues->style.has_indents)) + 1000000);
    add(writer, GAP_BEFORE, join(before, line->after_rule));
    add(writer, GAP_AFTER, after);
    add(writer, GAPS_AND_WIDTH, join(join(before, after), width));
    add(writer, GAPS_AND_WIDTH,
        join(join(before, after), join(line->is_finished, full)) + 100000000);
    add(writer, FULL, join(join(full_before, full), line->is_finished));
    add(writer, FULL, join(join(full, width), before) + 100000000);
    add(writer, STYLED, join(cues->style.style, width));
    add(writer, STYLED, join(join(cues->style.style, line->is_finished), before) + 100000000);
    if (line->is_spaced)
        add(writer, SHAPE, UINT64_C(1) << 60);
}

/* What a numbered line has in common with the others of its row: the letters before its number, and
 * what follows if that is no letter (关键词 1, 一、). 0 for a line that is none. */
static uint32_t series_key(const struct line *line)
{
    enum { PREFIX_MOST = 6, WIDEST = 40 };
    uint64_t key = 7;
    size_t i = 0;
    while (i < line->n_head && i <= PREFIX_MOST && !character_is_numeral(line->head[i]))
        key = random_mix(key + line->head[i++]);
    if (i > PREFIX_MOST || i == line->n_head || amount_of(line) > WIDEST || line->stops > 0)
        return 0;
    while (i < line->n_head && character_is_numeral(line->head[i]))
        i++;
    unsigned behind = i < line->n_head ? character_sort(line->head[i]) : 0;
    return (uint32_t)(random_mix(key + (behind <= CHARACTER_LETTER ? 0 : behind)) >> 32) | 1;
}

static void add_series(struct writer *writer, const struct cues *cues, const struct line *line)
{
    uint32_t key = series_key(line);
    uint32_t same = key == 0 ? 0 : cues->numbered[key >> 1 & (cues->n_buckets - 1)];
    if (same > 1)
        add(writer, NUMBERED, join(few(same), width_of(line) / 2));
    add(writer, NUMBERED, join(same > 1, line->is_finished) + 1000000);
}

/* The key of a mark that a line begins with: ▲ before each short item. 0 for a letter. */
static uint32_t opening_key(const struct line *line)
{
    bool is_mark = line->n_head > 1 && character_is_mark(line->head[0]);
    return is_mark ? (uint32_t)(random_mix(line->head[0] + UINT64_C(0x10000)) >> 32) | 1 : 0;
}

/* The key of the letters that a line begins with: 本报 before each item. 0 for a mark. */
static uint32_t prefix_key(const struct line *line)
{
    bool is_word = line->n_head > 3 && !character_is_mark(line->head[0]) && amount_of(line) > 24;
    return is_word
               ? (uint32_t)(random_mix(character_pair(line->head) + (UINT64_C(1) << 40)) >> 32) | 1
               : 0;
}

/* The key of a tag in brackets that a line begins with, equal for tags that differ in a number
 * only: 【解说】 before the paragraphs of a script, 【第三格】. 0 for none. */
static uint32_t tag_key(const struct line *line)
{
    enum { TAG_MOST = 9 };
    uint64_t key = UINT64_C(1) << 41;
    if (line->n_head < 3 || !character_is_mark(line->head[0]))
        return 0;
    for (size_t i = 0; i < line->n_head && i < TAG_MOST; i++) {
        if (!character_is_numeral(line->head[i]))
            key = random_mix(key + line->head[i]);
        if (i > 1 && character_is_mark(line->head[i]))
            return (uint32_t)(key >> 32) | 1;
    }
    return 0;
}

static uint32_t count_of(const struct cues *cues, uint32_t key)
{
    return key == 0 ? 0 : cues->numbered[key >> 1 & (cues->n_buckets - 1)];
}

/* What the page does again and again. */
static void add_habits(struct writer *writer, const struct cues *cues, const struct lines *lines,
                       size_t i)
{
    const struct line *line = &lines->of[i];
    unsigned width = width_of(line);
    const struct line *previous = neighbour(lines, i, -1), *next = neighbour(lines, i, 1);
    bool was_finished = previous == NULL || previous->is_finished;
    unsigned before = i == 0 ? 3 : cues_gap(cues, line);
    unsigned after = next == NULL ? 3 : cues_gap(cues, next);
    uint32_t opening = count_of(cues, opening_key(line)), prefix = count_of(cues, prefix_key(line)),
             tag = count_of(cues, tag_key(line));
    if (opening > 0) {
        bool as_first = opening_key(line) == cues->first_opening;
        add(writer, OPENING, join(join(few(opening), width / 3), was_finished));
        add(writer, OPENING, join(join(as_first, few(opening)), was_finished) + 1000000);
    }
    if (prefix > 0)
        add(writer, PREFIXED, join(few(prefix), was_finished));
    if (tag > 0) {
        add(writer, TAGGED, join(join(few(tag), few(opening)), was_finished));
        add(writer, TAGGED, join(join(few(tag), width / 3), line->is_finished) + 1000000000);
    }
    /* Does it begin a paragraph, and as others do? */
    unsigned full_before = previous == NULL ? 4 : fullness(cues, previous),
             full = fullness(cues, line);
    uint64_t start =
        join(join(was_finished, full_before), join(line->indent > 1, cues->style.has_indents));
    uint64_t next_start = next == NULL ? 9 : join(line->is_finished, next->indent > 1);
    add(writer, PARAGRAPH, join(start, before));
    add(writer, PARAGRAPH, join(join(start, full), next_start) + (UINT64_C(1) << 50));
    add(writer, PARAGRAPH, join(join(start, width), line->is_finished) + (UINT64_C(1) << 51));
    unsigned relative = (unsigned)(amount_of(line) * 8U / (cues->style.usual_letters + 1));
    relative = relative < 9 ? relative : relative < 16 ? 9 : 10;
    unsigned relative_next =
        next == NULL ? 11 : (unsigned)(amount_of(next) * 4U / (cues->style.usual_letters + 1));
    relative_next = relative_next < 5 ? relative_next : relative_next < 11 ? 5 : 11;
    add(writer, RELATIVE, join(relative, line->is_finished));
    add(writer, RELATIVE,
        join(join(relative, relative_next), join(was_finished, line->is_finished)) + 1000000);
    uint64_t gaps = join(join(before, after), cues->style.has_wide_gaps);
    add(writer, APART, join(gaps, line->is_finished));
    add(writer, APART,
        join(join(gaps, width), join(was_finished, cues->style.usual_gap > 0)) +
            (UINT64_C(1) << 50));
    int open_before = previous == NULL ? 0 : previous->open;
    int sign = (line->open > 0) - (line->open < 0) + 1,
        sign_before = (open_before > 0) - (open_before < 0) + 1;
    add(writer, UNCLOSED, join(join((unsigned)sign, (unsigned)sign_before), was_finished));
    add(writer, UNCLOSED, join(join((unsigned)sign, (unsigned)sign_before), width) + 1000000);
}

/* Might line i go on in the middle of a word of the line before? Then the page has the letters that
 * meet there side by side elsewhere, too. */
static unsigned joint_of(const struct lines *lines, size_t i)
{
    if (i == 0 || i >= lines->n || lines->pair_mask == 0)
        return 0;
    const struct line *above = &lines->of[i - 1], *line = &lines->of[i];
    if (above->n_tail == 0 || line->n_head == 0)
        return 0;
    uint16_t last = above->tail[above->n_tail - 1], first = line->head[0];
    unsigned sort = character_sort(last), next = character_sort(first);
    if (sort > CHARACTER_LETTER || next > CHARACTER_LETTER)
        return 1U + (sort > CHARACTER_LETTER ? 1 : 0) + (next > CHARACTER_LETTER ? 2 : 0);
    return 5U + (sort != next ? 2 : 0) + (lines_have_pair(lines, last, first) ? 1 : 0);
}

static void add_joints(struct writer *writer, const struct cues *cues, const struct lines *lines,
                       size_t i)
{
    const struct line *line = &lines->of[i];
    const struct line *previous = neighbour(lines, i, -1), *next = neighbour(lines, i, 1);
    unsigned above = joint_of(lines, i), below = joint_of(lines, i + 1);
    unsigned before = previous == NULL ? 3 : cues_gap(cues, line);
    unsigned after = next == NULL ? 3 : cues_gap(cues, next);
    unsigned full = fullness(cues, line),
             full_before = previous == NULL ? 4 : fullness(cues, previous);
    add(writer, JOINT, join(join(above, before), full_before));
    add(writer, JOINT, join(join(below, after), full) + (UINT64_C(1) << 40));
    add(writer, JOINT, join(join(above, below), full) + (UINT64_C(1) << 41));
    add(writer, JOINT,
        join(join(above, previous == NULL ? 31 : width_of(previous)), width_of(line)) +
            (UINT64_C(1) << 42));
    add(writer, JOINT,
        join(join(below, width_of(line)), next == NULL ? 31 : width_of(next)) +
            (UINT64_C(1) << 43));
    unsigned own = (unsigned)(line->size_of_first + 1);
    unsigned other = next == NULL ? 3 : (unsigned)(next->size_of_first + 1);
    if (own != 1 || other != 1) {
        bool was_finished = previous == NULL || previous->is_finished;
        add(writer, CAPITAL, join(join(own, other), join(was_finished, line->is_finished)));
        add(writer, CAPITAL, join(join(own, other), width_of(line)) + (UINT64_C(1) << 40));
    }
}

static void add_place(struct writer *writer, const struct cues *cues, const struct lines *lines,
                      size_t i)
{
    const struct line *line = &lines->of[i];
    size_t from_end = lines->n - 1 - i;
    unsigned place = i < 4 ? (unsigned)i : from_end < 3 ? 5 + (unsigned)from_end : 4;
    add(writer, PLACE, place);
    add(writer, PLACE, join(join(place, width_of(line)), line->is_finished) + 1000);
    uint32_t same = cues->repeated[line->key & (cues->n_buckets - 1)];
    bool is_short = amount_of(line) <= 30;
    add(writer, REPEATED, is_short ? few(same) : 9);
}

size_t cues_of(const struct cues *cues, const struct lines *lines, size_t i, uint64_t *features)
{
    struct writer writer = {.features = features};
    const struct line *line = &lines->of[i];
    add_layout(&writer, cues, lines, i);
    add_place(&writer, cues, lines, i);
    add_series(&writer, cues, line);
    add_shape(&writer, line);
    add_name(&writer, cues, line);
    add_preface(&writer, line);
    add_habits(&writer, cues, lines, i);
    add_named(&writer, cues, lines, i);
    add_joints(&writer, cues, lines, i);
    add_neighbours(&writer, cues, lines, i);
    add_cohesion(&writer, cues, lines, i);
    add_words(&writer, line);
    return writer.n;
}

/* ---- the style of the page ---- */

static uint32_t usual_gap(const struct lines *lines)
{
    uint32_t counts[4] = {0}, usual = 0;
    for (size_t i = 1; i < lines->n; i++)
        counts[lines->of[i].blank < 4 ? lines->of[i].blank : 3]++;
    for (uint32_t gap = 1; gap < 4; gap++)
        if (counts[gap] > counts[usual])
            usual = gap;
    return usual;
}

/* The width at which lines are broken: that of a third of all lines, most of which do not end a
 * sentence. */
static uint32_t full_width(const struct lines *lines)
{
    enum { WIDEST = 160 };
    uint32_t counts[WIDEST + 2] = {0}, best = 0, unfinished = 0;
    for (size_t i = 0; i < lines->n; i++) {
        const struct line *line = &lines->of[i];
        uint32_t columns = (uint32_t)line->columns + line->indent;
        if (columns >= 12 && columns <= WIDEST)
            counts[columns]++;
    }
    uint32_t most = 0;
    for (uint32_t width = 13; width < WIDEST; width++) {
        uint32_t near = counts[width - 1] + counts[width] + counts[width + 1];
        if (near >= most) {
            most = near;
            best = width;
        }
    }
    for (size_t i = 0; i < lines->n; i++) {
        uint32_t columns = (uint32_t)lines->of[i].columns + lines->of[i].indent;
        unfinished += columns + 1 >= best && columns <= best + 1 && !lines->of[i].is_finished;
    }
    return lines->n >= 3 && (size_t)most * 3 >= lines->n && unfinished * 2 >= most ? best : 0;
}

static struct page_style style_of(const struct lines *lines)
{
    struct page_style style = {.usual_gap = usual_gap(lines), .full_width = full_width(lines)};
    size_t n_marks = 0, n_indents = 0, n_starts = 0, n_wide = 0, n_letters = 0, n_long = 0;
    for (size_t i = 0; i < lines->n; i++) {
        uint8_t rank = lines->of[i].heading;
        n_marks += rank > 0;
        if (rank > 0 && (style.highest_rank == 0 || rank < style.highest_rank))
            style.highest_rank = rank;
        if (rank > style.lowest_rank)
            style.lowest_rank = rank;
        const struct line *line = &lines->of[i];
        bool is_start = i == 0 || line[-1].is_finished;
        n_starts += is_start;
        n_indents += is_start && line->indent > 1;
        n_wide += line->blank > style.usual_gap;
        if (line->is_finished || line->stops > 0) {
            n_letters += amount_of(line);
            n_long++;
        }
    }
    style.has_marks = n_marks > 0;
    style.has_indents = n_indents > 1 && n_indents * 3 >= n_starts;
    style.has_wide_gaps = n_wide > 1;
    style.usual_letters = n_long > 0 ? (uint32_t)(n_letters / n_long) : 0;
    style.style = (style.usual_gap > 0) + (style.full_width > 0) * 2U + style.has_marks * 4U +
                  style.has_indents * 8U;
    return style;
}

/* The mark before the page's first text: where it stands before each item of a page of briefs, it
 * does so from the first one on. */
static uint32_t first_opening(const struct lines *lines)
{
    for (size_t i = 0; i < lines->n; i++)
        if (lines->of[i].stops > 0 || lines->of[i].commas > 1)
            return opening_key(&lines->of[i]);
    return 0;
}

bool cues_begin(struct cues *cues, const struct lines *lines)
{
    cues->style = style_of(lines);
    mark_surnames(cues);
    size_t n_buckets = 16;
    while (n_buckets < 2 * lines->n)
        n_buckets *= 2;
    if (!array_reserve(&cues->repeated, &cues->capacity, n_buckets, sizeof *cues->repeated) ||
        !array_reserve(&cues->numbered, &cues->numbered_capacity, n_buckets,
                       sizeof *cues->numbered) ||
        !page_letters_gather(&cues->letters, lines))
        return false;
    cues->n_buckets = n_buckets;
    memset(cues->repeated, 0, n_buckets * sizeof *cues->repeated);
    memset(cues->numbered, 0, n_buckets * sizeof *cues->numbered);
    cues->first_opening = first_opening(lines);
    for (size_t i = 0; i < lines->n; i++) {
        uint32_t key = series_key(&lines->of[i]);
        cues->repeated[lines->of[i].key & (n_buckets - 1)]++;
        uint32_t keys[] = {key, opening_key(&lines->of[i]), prefix_key(&lines->of[i]),
                           tag_key(&lines->of[i])};
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
            if (keys[k] != 0)
                cues->numbered[keys[k] >> 1 & (n_buckets - 1)]++;
    }
    return true;
}

size_t cues_memory(const struct cues *cues)
{
    return cues->capacity * sizeof *cues->repeated +
           cues->numbered_capacity * sizeof *cues->numbered + page_letters_memory(&cues->letters);
}

void cues_release(struct cues *cues)
{
    free(cues->repeated);
    free(cues->numbered);
    page_letters_release(&cues->letters);
    *cues = (struct cues){0};
}
