/* SPDX-License-Identifier: BSD-3-Clause */
#include "html/evaluation_page.h"

#include "base/json.h"
#include "base/number.h"
#include "html/chart.h"
#include "html/evaluation_css.h"
#include "html/html.h"
#include "html/markup.h"
#include "html/texts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    CURVES_MAX = 60,
    MATRIX_MAX = 20,
    CONFUSIONS_LISTED = 25,
    EXCERPT = 160,        /* characters */
    DOCUMENTS_ENOUGH = 10 /* of a topic, for its figures to say something */
};

/* An evaluation on its way into a page. */
struct section {
    struct buffer *out;
    enum language language;
    const struct evaluation *evaluation;
};

static void append(struct buffer *out, const char *html)
{
    buffer_append_string(out, html);
}

/* A text of the interface. */
static void say(const struct section *section, enum page_text text)
{
    text_put(section->out, section->language, text);
}

/* A text as an element, of a class or none. */
static void say_in(const struct section *section, const char *tag, const char *attributes,
                   enum page_text text)
{
    buffer_append_format(section->out, "<%s%s>", tag, attributes);
    say(section, text);
    buffer_append_format(section->out, "</%s>", tag);
}

static void append_decimals(struct buffer *out, double value, unsigned decimals)
{
    if (isnan(value))
        append(out, "–");
    else
        number_signed(out, value, decimals, "", "−");
}

/* A text around a number with decimals. */
static void say_decimals(const struct section *section, enum page_text text, double value,
                         unsigned decimals)
{
    struct buffer number = {0};
    append_decimals(&number, value, decimals);
    buffer_append(&number, "", 1);
    if (!number.failed)
        text_put_with(section->out, section->language, text, number.bytes);
    section->out->failed = section->out->failed || number.failed;
    buffer_release(&number);
}

static void append_name(const struct section *section, size_t topic)
{
    if (topic < section->evaluation->metrics.n_topics)
        html_isolated(section->out, text_of(section->evaluation->names[topic]));
    else
        say_in(section, "em", "", PAGE_NONE);
}

/* ---- the table ---- */

static void append_measure(struct buffer *out, double value, struct interval interval)
{
    append(out, "<td>");
    append_decimals(out, value, 3);
    if (!isnan(interval.low)) {
        append(out, "<small>");
        append_decimals(out, interval.low, 3);
        append(out, "–");
        append_decimals(out, interval.high, 3);
        append(out, "</small>");
    }
    append(out, "</td>");
}

static void append_row(struct buffer *out, size_t documents, struct measure measure,
                       const struct measure_intervals *intervals)
{
    buffer_append_format(out, "<td>%zu</td>", documents);
    append_measure(out, measure.precision, intervals->precision);
    append_measure(out, measure.recall, intervals->recall);
    append_measure(out, measure.f1, intervals->f1);
    append(out, "<td class=\"wide\">");
    chart_bar(out, measure.f1, intervals->f1);
    append(out, "</td>");
}

static void append_cut(const struct section *section, const struct cut *cut)
{
    struct buffer *out = section->out;
    append(out, "<td>");
    append_decimals(out, isnan(cut->probability) ? cut->threshold : cut->probability, 3);
    if (!isnan(cut->probability) && !isnan(cut->threshold)) {
        append(out, "<small>");
        say_decimals(section, PAGE_SCORE_NUMBER, cut->threshold, 3);
        append(out, "</small>");
    }
    append(out, "</td></tr>\n");
}

/* Nothing is learned of it here: no document has it, and none was given it. */
static bool is_empty(const struct tally *tally)
{
    return tally->documents == 0 && tally->false_positives == 0;
}

static void append_topic_row(const struct section *section, size_t topic)
{
    const struct evaluation *evaluation = section->evaluation;
    const struct metrics *metrics = &evaluation->metrics;
    append(section->out, "<tr><th scope=\"row\">");
    append_name(section, topic);
    if (strcmp(evaluation->ids[topic], evaluation->names[topic]) != 0) {
        append(section->out, "<small>");
        html_isolated(section->out, text_of(evaluation->ids[topic]));
        append(section->out, "</small>");
    }
    append(section->out, "</th>");
    append_row(section->out, metrics->tallies[topic].documents, metrics_topic(metrics, topic),
               &metrics->intervals.topics[topic]);
    append_cut(section, &evaluation->cuts[topic]);
}

static void append_sum(const struct section *section, enum page_text name, enum page_text help,
                       struct measure measure, const struct measure_intervals *intervals)
{
    const struct metrics *metrics = &section->evaluation->metrics;
    size_t labels = 0;
    for (size_t topic = 0; topic < metrics->n_topics; topic++)
        labels += metrics->tallies[topic].documents;
    append(section->out, "<tr><th scope=\"row\">");
    say(section, name);
    say_in(section, "small", "", help);
    append(section->out, "</th>");
    append_row(section->out, labels, measure, intervals);
    append(section->out, "<td></td></tr>\n");
}

static void begin_table(const struct section *section, enum page_text label, const char *class_name)
{
    append(section->out, "<div class=\"scroll\" role=\"region\" aria-label=\"");
    say(section, label);
    buffer_append_format(section->out, "\" tabindex=\"0\"><table class=\"%s\">\n", class_name);
}

/* The topics that no document has and none was given: their names suffice. */
static void append_empty(const struct section *section)
{
    const struct metrics *metrics = &section->evaluation->metrics;
    size_t n = 0;
    for (size_t topic = 0; topic < metrics->n_topics; topic++)
        n += is_empty(&metrics->tallies[topic]);
    if (n == 0)
        return;
    append(section->out, "<details class=empty><summary>");
    text_put_number(section->out, section->language, PAGE_NO_DOCUMENTS, n);
    append(section->out, "</summary>\n<ul>");
    for (size_t topic = 0; topic < metrics->n_topics; topic++) {
        if (!is_empty(&metrics->tallies[topic]))
            continue;
        append(section->out, "<li>");
        append_name(section, topic);
        append(section->out, "</li>\n");
    }
    append(section->out, "</ul></details>\n");
}

static void append_table(const struct section *section)
{
    static const enum page_text columns[] = {PAGE_TOPIC,    PAGE_DOCUMENTS, PAGE_PRECISION,
                                             PAGE_RECALL,   PAGE_F1,        PAGE_ZERO_TO_ONE,
                                             PAGE_THRESHOLD};
    const struct metrics *metrics = &section->evaluation->metrics;
    struct buffer *out = section->out;
    say_in(section, "p", " class=\"meta\"", PAGE_TABLE_HELP);
    begin_table(section, PAGE_MEASURES_OF_EACH, "measures");
    append(out, "<thead><tr>");
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        say_in(section, "th",
               columns[i] == PAGE_ZERO_TO_ONE ? " scope=\"col\" class=\"wide\"" : " scope=\"col\"",
               columns[i]);
    append(out, "</tr></thead>\n<tbody>");
    for (size_t topic = 0; topic < metrics->n_topics; topic++)
        if (!is_empty(&metrics->tallies[topic]))
            append_topic_row(section, topic);
    append(out, "</tbody>\n<tbody class=\"sum\">");
    append_sum(section, PAGE_MICRO, PAGE_MICRO_HELP, metrics_micro(metrics),
               &metrics->intervals.micro);
    append_sum(section, PAGE_MACRO, PAGE_MACRO_HELP, metrics_macro(metrics),
               &metrics->intervals.macro);
    append(out, "</tbody></table></div>\n");
    append_empty(section);
}

/* ---- curves ---- */

struct ranked {
    size_t topic, documents;
};

static int by_documents(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;
    if (a->documents != b->documents)
        return a->documents < b->documents ? 1 : -1;
    return a->topic < b->topic ? -1 : 1;
}

/* The topics by falling number of documents; NULL when memory runs out. */
static struct ranked *rank_topics(const struct metrics *metrics)
{
    struct ranked *ranked = array_new(metrics->n_topics, sizeof *ranked);
    for (size_t i = 0; ranked != NULL && i < metrics->n_topics; i++)
        ranked[i] = (struct ranked){i, metrics->tallies[i].documents};
    if (ranked != NULL)
        qsort(ranked, metrics->n_topics, sizeof *ranked, by_documents);
    return ranked;
}

static void append_curve(const struct section *section, size_t topic)
{
    const struct evaluation *evaluation = section->evaluation;
    const struct curve *curve = &evaluation->curves[topic];
    struct measure measure = metrics_topic(&evaluation->metrics, topic);
    struct buffer label = {0};
    const struct section words = {&label, section->language, evaluation};
    append(&label, evaluation->names[topic]);
    append(&label, ": ");
    say_decimals(&words, PAGE_CURVE_PRECISION, measure.precision, 2);
    append(&label, ", ");
    say_decimals(&words, PAGE_CURVE_RECALL, measure.recall, 2);
    append(&label, "; ");
    say_decimals(&words, PAGE_AVERAGE_PRECISION, curve->average_precision, 2);
    append(section->out, "<figure>");
    chart_curve(section->out, section->language, (fenlei_text){label.bytes, label.size}, curve,
                (struct curve_point){measure.recall, measure.precision, 0});
    append(section->out, "<figcaption>");
    append_name(section, topic);
    append(section->out, "<small>");
    say_decimals(section, PAGE_AVERAGE_PRECISION, curve->average_precision, 3);
    append(section->out, "</small></figcaption></figure>\n");
    section->out->failed = section->out->failed || label.failed;
    buffer_release(&label);
}

static void append_curves(const struct section *section)
{
    const struct evaluation *evaluation = section->evaluation;
    size_t n = evaluation->metrics.n_topics, shown = n < CURVES_MAX ? n : CURVES_MAX;
    struct ranked *ranked = rank_topics(&evaluation->metrics);
    if (ranked == NULL) {
        section->out->failed = true;
        return;
    }
    say_in(section, "h3", "", PAGE_CURVES);
    append(section->out, "\n<p class=\"meta\">");
    say(section, PAGE_CURVES_HELP);
    if (shown < n) {
        append(section->out, " ");
        text_put_number(section->out, section->language, PAGE_CURVES_SOME, shown);
    }
    append(section->out, "</p>\n<div class=\"charts\">\n");
    for (size_t i = 0; i < shown; i++) {
        size_t topic = n > CURVES_MAX ? ranked[i].topic : i;
        if (evaluation->curves[topic].n_points > 0)
            append_curve(section, topic);
    }
    append(section->out, "</div>\n");
    free(ranked);
}

static void append_bin(struct buffer *out, const struct bin *bin, size_t i)
{
    append(out, "<tr><th scope=\"row\">");
    append_decimals(out, (double)i / CALIBRATION_BINS, 2);
    append(out, "–");
    append_decimals(out, (double)(i + 1) / CALIBRATION_BINS, 2);
    buffer_append_format(out, "</th><td>%zu</td><td>", bin->n);
    append_decimals(out, bin->probability / (double)bin->n, 3);
    append(out, "</td><td>");
    append_decimals(out, (double)bin->positives / (double)bin->n, 3);
    append(out, "</td></tr>\n");
}

static void append_bins(const struct section *section)
{
    static const enum page_text columns[] = {PAGE_PROBABILITY, PAGE_DECISIONS, PAGE_MEAN,
                                             PAGE_TRUE_SHARE};
    const struct metrics *metrics = &section->evaluation->metrics;
    append(section->out, "<table><thead><tr>");
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        say_in(section, "th", " scope=\"col\"", columns[i]);
    append(section->out, "</tr></thead>\n<tbody>");
    for (size_t i = 0; i < CALIBRATION_BINS; i++)
        if (metrics->bins[i].n > 0)
            append_bin(section->out, &metrics->bins[i], i);
    append(section->out, "</tbody></table>");
}

static void append_reliability(const struct section *section)
{
    const struct metrics *metrics = &section->evaluation->metrics;
    struct reliability reliability = metrics_reliability(metrics);
    struct buffer *out = section->out;
    if (isnan(reliability.brier))
        return;
    say_in(section, "h3", "", PAGE_RELIABILITY);
    append(out, "\n<div class=\"beside\"><figure>");
    chart_reliability(out, section->language,
                      text_of(page_text_in(section->language, PAGE_RELIABILITY_PICTURE)),
                      metrics->bins, CALIBRATION_BINS);
    append(out, "</figure>\n<div><p>");
    say(section, PAGE_RELIABILITY_HELP);
    append(out, " ");
    say_decimals(section, PAGE_BRIER, reliability.brier, 3);
    append(out, ", ");
    say_decimals(section, PAGE_CALIBRATION, reliability.calibration, 3);
    append(out, "</p>\n");
    append_bins(section);
    append(out, "</div></div>\n");
}

/* ---- confusions ---- */

static size_t confusion_between(const struct evaluation *evaluation, size_t topic, size_t taken_for)
{
    for (size_t i = 0; i < evaluation->n_confusions; i++)
        if (evaluation->confusions[i].topic == topic &&
            evaluation->confusions[i].taken_for == taken_for)
            return evaluation->confusions[i].documents;
    return 0;
}

static void append_cell(struct buffer *out, const struct evaluation *evaluation, size_t topic,
                        size_t taken_for)
{
    size_t n = confusion_between(evaluation, topic, taken_for);
    size_t most = evaluation->confusions[0].documents;
    if (topic == taken_for)
        append(out, "<td class=\"same\"></td>");
    else if (n == 0)
        append(out, "<td></td>");
    else
        buffer_append_format(out, "<td class=\"heat%zu\">%zu</td>", 1 + 3 * (n - 1) / most, n);
}

/* Of n topics + 1 rows and columns at most MATRIX_MAX + 1, so that CONFUSIONS_MAX may leave some
 * out only where hundreds of cells are filled. A topic that was confused with none has no row and
 * no column. */
static bool is_confused(const struct evaluation *evaluation, size_t topic)
{
    for (size_t i = 0; i < evaluation->n_confusions; i++)
        if (evaluation->confusions[i].topic == topic ||
            evaluation->confusions[i].taken_for == topic)
            return true;
    return false;
}

static void append_matrix(const struct section *section)
{
    const struct evaluation *evaluation = section->evaluation;
    size_t n = evaluation->metrics.n_topics;
    struct buffer *out = section->out;
    say_in(section, "p", " class=\"meta\"", PAGE_MATRIX_HELP);
    begin_table(section, PAGE_CONFUSIONS_LABEL, "matrix");
    append(out, "<thead><tr><td></td>");
    for (size_t topic = 0; topic <= n; topic++) {
        if (!is_confused(evaluation, topic))
            continue;
        append(out, "<th scope=\"col\"><span>");
        append_name(section, topic);
        append(out, "</span></th>");
    }
    append(out, "</tr></thead>\n<tbody>");
    for (size_t topic = 0; topic <= n; topic++) {
        if (!is_confused(evaluation, topic))
            continue;
        append(out, "<tr><th scope=\"row\">");
        append_name(section, topic);
        append(out, "</th>");
        for (size_t other = 0; other <= n; other++)
            if (is_confused(evaluation, other))
                append_cell(out, evaluation, topic, other);
        append(out, "</tr>\n");
    }
    append(out, "</tbody></table></div>\n");
}

static void append_confusion_list(const struct section *section)
{
    static const enum page_text columns[] = {PAGE_TOPIC, PAGE_TAKEN_FOR, PAGE_DOCUMENTS};
    const struct evaluation *evaluation = section->evaluation;
    size_t n =
        evaluation->n_confusions < CONFUSIONS_LISTED ? evaluation->n_confusions : CONFUSIONS_LISTED;
    struct buffer *out = section->out;
    append(out, "<table><thead><tr>");
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        say_in(section, "th", " scope=\"col\"", columns[i]);
    append(out, "</tr></thead>\n<tbody>");
    for (size_t i = 0; i < n; i++) {
        append(out, "<tr><th scope=\"row\">");
        append_name(section, evaluation->confusions[i].topic);
        append(out, "</th><td>");
        append_name(section, evaluation->confusions[i].taken_for);
        buffer_append_format(out, "</td><td>%zu</td></tr>\n", evaluation->confusions[i].documents);
    }
    append(out, "</tbody></table>\n");
}

static void append_confusions(const struct section *section)
{
    say_in(section, "h3", "", PAGE_CONFUSIONS);
    append(section->out, "\n");
    if (section->evaluation->n_confusions == 0)
        say_in(section, "p", "", PAGE_NO_CONFUSIONS);
    else if (section->evaluation->metrics.n_topics <= MATRIX_MAX)
        append_matrix(section);
    else
        append_confusion_list(section);
}

/* ---- mistakes ---- */

/* The beginning of a text, cut between characters. */
static fenlei_text beginning_of(fenlei_text text)
{
    size_t at = 0, characters = 0;
    while (at < text.size) {
        bool starts = ((unsigned char)text.bytes[at] & 0xC0) != 0x80;
        if (starts && characters++ == EXCERPT)
            break;
        at++;
    }
    return (fenlei_text){text.bytes, at};
}

static void append_place(const struct section *section, const struct evaluated *of)
{
    struct buffer *out = section->out;
    append(out, "<p class=\"meta\">");
    html_isolated(out, text_of(of->file));
    if (of->line > 0) {
        append(out, ", ");
        text_put_number(out, section->language, PAGE_AT_LINE, of->line);
    }
    if (of->id.size > 0) {
        append(out, ", id ");
        html_isolated(out, of->id);
    }
    append(out, "</p>\n");
}

static void append_why(const struct section *section, const struct mistake *mistake)
{
    struct buffer *out = section->out;
    if (mistake->n_phrases == 0)
        return;
    append(out, "<ul class=\"why\" aria-label=\"");
    say(section, PAGE_COUNTED_MOST);
    append(out, "\">");
    for (size_t i = 0; i < mistake->n_phrases; i++) {
        const struct mistake_phrase *phrase = &mistake->phrases[i];
        buffer_append_format(out, "<li class=\"%s\">", phrase->share < 0 ? "against" : "for");
        html_isolated(out, text_of(phrase->text));
        append(out, phrase->share < 0 ? " " : " +");
        append_decimals(out, phrase->share, 2);
        append(out, "</li>");
    }
    append(out, "</ul>\n");
}

/* As readers see it, without what converters left. */
static void append_foreign(struct buffer *out, fenlei_text text)
{
    struct buffer shown = {0};
    markup_drop(&shown, text);
    html_isolated(out, (fenlei_text){shown.bytes, shown.size});
    out->failed = out->failed || shown.failed;
    buffer_release(&shown);
}

static void append_mistake(const struct section *section, const struct mistake *mistake)
{
    struct buffer *out = section->out;
    fenlei_text excerpt = beginning_of(mistake->of.text);
    bool has_probability = !isnan(mistake->probability);
    append(out, "<article>\n<p class=\"verdict\">");
    say_in(section, "b", "", mistake->given ? PAGE_GIVEN_WRONGLY : PAGE_MISSED);
    append(out, " ");
    append_name(section, mistake->topic);
    append(out, ", ");
    say_decimals(section, has_probability ? PAGE_PROBABILITY_NUMBER : PAGE_SCORE_NUMBER,
                 has_probability ? mistake->probability : mistake->score, 2);
    append(out, "</p>\n");
    if (mistake->of.title.size > 0) {
        append(out, "<h4>");
        append_foreign(out, mistake->of.title);
        append(out, "</h4>\n");
    }
    append(out, "<p class=\"excerpt\">");
    append_foreign(out, excerpt);
    append(out, excerpt.size < mistake->of.text.size ? "…</p>\n" : "</p>\n");
    append_why(section, mistake);
    append_place(section, &mistake->of);
    append(out, "</article>\n");
}

static void append_mistakes(const struct section *section)
{
    const struct evaluation *evaluation = section->evaluation;
    if (evaluation->n_mistakes == 0)
        return;
    say_in(section, "h3", "", PAGE_MISTAKES);
    append(section->out, "\n<p class=\"meta\">");
    if (evaluation->note != NULL)
        text_put_message(section->out, section->language, evaluation->note);
    else
        say(section, PAGE_MISTAKES_HELP);
    append(section->out, "</p>\n<div class=\"cards\">\n");
    for (size_t i = 0; i < evaluation->n_mistakes; i++)
        append_mistake(section, &evaluation->mistakes[i]);
    append(section->out, "</div>\n");
}

/* ---- what it means ---- */

/* In one sentence: how many of the topics given are right, and how many of the right ones given. */
static void append_meaning(const struct section *section)
{
    struct measure micro = metrics_micro(&section->evaluation->metrics);
    append(section->out, "<p class=meaning>");
    if (isnan(micro.precision) || isnan(micro.recall)) {
        say(section, PAGE_MEANS_NOTHING);
    } else {
        text_put_number(section->out, section->language, PAGE_MEANS,
                        (size_t)lround(micro.precision * 100));
        text_put_number(section->out, section->language, PAGE_MEANS_FOUND,
                        (size_t)lround(micro.recall * 100));
    }
    append(section->out, "</p>\n");
}

static bool is_few(const struct tally *tally)
{
    return tally->documents < DOCUMENTS_ENOUGH && !is_empty(tally);
}

/* Which topics have so few documents that their figures say little. */
static void append_warning(const struct section *section)
{
    const struct metrics *metrics = &section->evaluation->metrics;
    size_t n = 0;
    for (size_t topic = 0; topic < metrics->n_topics; topic++) {
        if (!is_few(&metrics->tallies[topic]))
            continue;
        append(section->out, n == 0 ? "<p class=review>" : ", ");
        if (n++ == 0)
            say_in(section, "b", "", PAGE_FEW_DOCUMENTS);
        append_name(section, topic);
        buffer_append_format(section->out, " (%zu)", metrics->tallies[topic].documents);
    }
    append(section->out, n > 0 ? "</p>\n" : "");
}

/* ---- the page ---- */

static void append_data(const struct section *section)
{
    const struct metrics *metrics = &section->evaluation->metrics;
    struct buffer *out = section->out;
    append(out, "<p class=\"meta\">");
    text_put_number(out, section->language, PAGE_DOCUMENTS_NUMBER, metrics->documents);
    if (metrics->none > 0) {
        append(out, " · ");
        text_put_number(out, section->language, PAGE_WITHOUT_TOPIC, metrics->none);
        append(out, " · ");
        text_put_number(out, section->language, PAGE_OF_THEM_GIVEN, metrics->none_given);
    }
    append(out, " · ");
    say(section, PAGE_HASH);
    buffer_append_format(out, "<code>%016llx</code></p>\n",
                         (unsigned long long)evaluation_hash(section->evaluation));
}

static void append_number_missing(const struct section *section, enum page_text text, size_t n)
{
    if (n == 0)
        return;
    append(section->out, " ");
    text_put_number(section->out, section->language, text, n);
}

static void append_missing(const struct section *section)
{
    const struct evaluation *evaluation = section->evaluation;
    if (evaluation->missing.records + evaluation->missing.inputs == 0)
        return;
    append(section->out, "<p class=fault>");
    say_in(section, "b", "", PAGE_NOT_IN_IT);
    append_number_missing(section, PAGE_UNUSABLE, evaluation->missing.records);
    append_number_missing(section, PAGE_UNREAD, evaluation->missing.inputs);
    append(section->out, "</p>\n");
}

/* The sentences of the measures: English ones, a line each. */
static void append_told(const struct section *section)
{
    struct buffer told = {0};
    evaluation_tell(section->evaluation, "", "\n", &told);
    buffer_append(&told, "", 1);
    for (char *line = told.bytes, *end; !told.failed && (end = strchr(line, '\n')) != NULL;
         line = end + 1) {
        *end = '\0';
        append(section->out, "<p>");
        text_put_message(section->out, section->language, line);
        append(section->out, "</p>\n");
    }
    section->out->failed = section->out->failed || told.failed;
    buffer_release(&told);
}

static void append_section(const struct section *section)
{
    append(section->out, "<section>\n<h2>");
    text_put_message(section->out, section->language, section->evaluation->title);
    append(section->out, "</h2>\n");
    append_meaning(section);
    append_warning(section);
    append_data(section);
    append_missing(section);
    append_told(section);
    append_table(section);
    append_curves(section);
    append_reliability(section);
    append_confusions(section);
    append_mistakes(section);
    append(section->out, "</section>\n");
}

static void append_setting(void *context, const char *name, fenlei_text value)
{
    struct buffer *out = context;
    append(out, "<div><dt>");
    html_text(out, text_of(name));
    append(out, "</dt><dd>");
    html_isolated(out, value);
    append(out, "</dd></div>\n");
}

/* That of most documents. */
static enum language language_of(const struct evaluation *evaluations, size_t n)
{
    size_t chinese = 0, documents = 0;
    for (size_t i = 0; i < n; i++) {
        chinese += evaluations[i].n_chinese;
        documents += evaluations[i].metrics.documents;
    }
    return chinese * 2 > documents ? CHINESE : ENGLISH;
}

void evaluation_page(struct buffer *out, enum language language,
                     const struct evaluation *evaluations, size_t n, fenlei_text settings)
{
    if (language == LANGUAGE_LATER)
        language = language_of(evaluations, n);
    html_begin(out, language, text_of(page_text_in(language, PAGE_HOW_WELL)), evaluation_css);
    append(out, "<header><h1>");
    text_put(out, language, PAGE_HOW_WELL);
    append(out, "</h1></header>\n<main>\n");
    for (size_t i = 0; i < n; i++)
        append_section(&(struct section){out, language, &evaluations[i]});
    append(out, "<section>\n<h2>");
    text_put(out, language, PAGE_THE_MODEL);
    append(out, "</h2>\n<dl class=\"settings\">\n");
    if (!json_visit_plain(settings, append_setting, out))
        out->failed = true;
    append(out, "</dl>\n</section>\n</main>\n");
    html_end(out, NULL);
}
