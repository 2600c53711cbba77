#include "html/evaluation_page.h"

#include "base/json.h"
#include "base/number.h"
#include "html/chart.h"
#include "html/evaluation_css.h"
#include "html/html.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CURVES_MAX = 60, MATRIX_MAX = 20, CONFUSIONS_LISTED = 25, EXCERPT = 160 /* characters */ };

static void append(struct buffer *out, const char *html)
{
    buffer_append_string(out, html);
}

static void append_decimals(struct buffer *out, double value, unsigned decimals)
{
    if (isnan(value))
        append(out, "–");
    else
        number_signed(out, value, decimals, "", "−");
}

static void append_name(struct buffer *out, const struct evaluation *evaluation, size_t topic)
{
    if (topic < evaluation->metrics.n_topics)
        html_isolated(out, text_of(evaluation->names[topic]));
    else
        append(out, "<em>none</em>");
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

static void append_cut(struct buffer *out, const struct cut *cut)
{
    append(out, "<td>");
    append_decimals(out, isnan(cut->probability) ? cut->threshold : cut->probability, 3);
    if (!isnan(cut->probability) && !isnan(cut->threshold)) {
        append(out, "<small>score ");
        append_decimals(out, cut->threshold, 3);
        append(out, "</small>");
    }
    append(out, "</td></tr>\n");
}

static void append_table(struct buffer *out, const struct evaluation *evaluation)
{
    const struct metrics *metrics = &evaluation->metrics;
    size_t labels = 0;
    append(out, "<p class=\"meta\">Precision, recall and F1 of each topic, with 95 % intervals. "
                "Threshold: the probability from which a topic is given.</p>\n"
                "<div class=\"scroll\" role=\"region\" aria-label=\"Measures of each topic\" "
                "tabindex=\"0\"><table class=\"measures\">\n"
                "<thead><tr><th scope=\"col\">Topic</th><th scope=\"col\">Documents</th>"
                "<th scope=\"col\">Precision</th><th scope=\"col\">Recall</th>"
                "<th scope=\"col\">F1</th><th scope=\"col\" class=\"wide\">0 to 1</th>"
                "<th scope=\"col\">Threshold</th></tr></thead>\n<tbody>");
    for (size_t topic = 0; topic < metrics->n_topics; topic++) {
        append(out, "<tr><th scope=\"row\">");
        append_name(out, evaluation, topic);
        if (strcmp(evaluation->ids[topic], evaluation->names[topic]) != 0) {
            append(out, "<small>");
            html_isolated(out, text_of(evaluation->ids[topic]));
            append(out, "</small>");
        }
        append(out, "</th>");
        append_row(out, metrics->tallies[topic].documents, metrics_topic(metrics, topic),
                   &metrics->intervals.topics[topic]);
        append_cut(out, &evaluation->cuts[topic]);
        labels += metrics->tallies[topic].documents;
    }
    append(out, "</tbody>\n<tbody class=\"sum\"><tr><th scope=\"row\">micro"
                "<small>over all decisions</small></th>");
    append_row(out, labels, metrics_micro(metrics), &metrics->intervals.micro);
    append(out,
           "<td></td></tr>\n<tr><th scope=\"row\">macro<small>mean of the topics</small></th>");
    append_row(out, labels, metrics_macro(metrics), &metrics->intervals.macro);
    append(out, "<td></td></tr>\n</tbody></table></div>\n");
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

static void append_curve(struct buffer *out, const struct evaluation *evaluation, size_t topic)
{
    const struct curve *curve = &evaluation->curves[topic];
    struct measure measure = metrics_topic(&evaluation->metrics, topic);
    struct buffer label = {0};
    buffer_append_format(&label, "%s: precision ", evaluation->names[topic]);
    append_decimals(&label, measure.precision, 2);
    append(&label, " at recall ");
    append_decimals(&label, measure.recall, 2);
    append(&label, " as chosen; average precision ");
    append_decimals(&label, curve->average_precision, 2);
    append(out, "<figure>");
    chart_curve(out, (fenlei_text){label.bytes, label.size}, curve,
                (struct curve_point){measure.recall, measure.precision, 0});
    append(out, "<figcaption>");
    append_name(out, evaluation, topic);
    append(out, "<small>average precision ");
    append_decimals(out, curve->average_precision, 3);
    append(out, "</small></figcaption></figure>\n");
    out->failed = out->failed || label.failed;
    buffer_release(&label);
}

static void append_curves(struct buffer *out, const struct evaluation *evaluation)
{
    size_t n = evaluation->metrics.n_topics, shown = n < CURVES_MAX ? n : CURVES_MAX;
    struct ranked *ranked = rank_topics(&evaluation->metrics);
    if (ranked == NULL) {
        out->failed = true;
        return;
    }
    append(out, "<h3>Precision against recall</h3>\n<p class=\"meta\">What every other threshold "
                "would give; the dot is what was given. Topics "
                "without a document have no curve.");
    if (shown < n)
        buffer_append_format(out,
                             " The %zu topics with the most documents, of %zu; the JSON has "
                             "all.",
                             shown, n);
    append(out, "</p>\n<div class=\"charts\">\n");
    for (size_t i = 0; i < shown; i++) {
        size_t topic = n > CURVES_MAX ? ranked[i].topic : i;
        if (evaluation->curves[topic].n_points > 0)
            append_curve(out, evaluation, topic);
    }
    append(out, "</div>\n");
    free(ranked);
}

static void append_reliability(struct buffer *out, const struct metrics *metrics)
{
    struct reliability reliability = metrics_reliability(metrics);
    if (isnan(reliability.brier))
        return;
    append(out, "<h3>Reliability</h3>\n<div class=\"beside\"><figure>");
    chart_reliability(out, text_of("How often topics given a probability were true"), metrics->bins,
                      CALIBRATION_BINS);
    append(out, "</figure>\n<div><p>Where probabilities can be trusted, the dots lie on the "
                "dashed line. Brier score ");
    append_decimals(out, reliability.brier, 3);
    append(out, ", expected calibration error ");
    append_decimals(out, reliability.calibration, 3);
    append(out, ".</p>\n<table><thead><tr><th scope=\"col\">Probability</th>"
                "<th scope=\"col\">Decisions</th><th scope=\"col\">Mean</th>"
                "<th scope=\"col\">True</th></tr></thead>\n<tbody>");
    for (size_t i = 0; i < CALIBRATION_BINS; i++) {
        const struct bin *bin = &metrics->bins[i];
        if (bin->n == 0)
            continue;
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
    append(out, "</tbody></table></div></div>\n");
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
 * out only where hundreds of cells are filled. */
static void append_matrix(struct buffer *out, const struct evaluation *evaluation)
{
    size_t n = evaluation->metrics.n_topics;
    append(out, "<p class=\"meta\">Rows: the topic missed. Columns: the topic given in its "
                "place.</p>\n<div class=\"scroll\" role=\"region\" aria-label=\"Confusions\" "
                "tabindex=\"0\"><table class=\"matrix\">\n<thead><tr><td></td>");
    for (size_t topic = 0; topic <= n; topic++) {
        append(out, "<th scope=\"col\"><span>");
        append_name(out, evaluation, topic);
        append(out, "</span></th>");
    }
    append(out, "</tr></thead>\n<tbody>");
    for (size_t topic = 0; topic <= n; topic++) {
        append(out, "<tr><th scope=\"row\">");
        append_name(out, evaluation, topic);
        append(out, "</th>");
        for (size_t other = 0; other <= n; other++)
            append_cell(out, evaluation, topic, other);
        append(out, "</tr>\n");
    }
    append(out, "</tbody></table></div>\n");
}

static void append_confusion_list(struct buffer *out, const struct evaluation *evaluation)
{
    size_t n =
        evaluation->n_confusions < CONFUSIONS_LISTED ? evaluation->n_confusions : CONFUSIONS_LISTED;
    append(out, "<table><thead><tr><th scope=\"col\">Topic</th><th scope=\"col\">Taken for</th>"
                "<th scope=\"col\">Documents</th></tr></thead>\n<tbody>");
    for (size_t i = 0; i < n; i++) {
        append(out, "<tr><th scope=\"row\">");
        append_name(out, evaluation, evaluation->confusions[i].topic);
        append(out, "</th><td>");
        append_name(out, evaluation, evaluation->confusions[i].taken_for);
        buffer_append_format(out, "</td><td>%zu</td></tr>\n", evaluation->confusions[i].documents);
    }
    append(out, "</tbody></table>\n");
}

static void append_confusions(struct buffer *out, const struct evaluation *evaluation)
{
    append(out, "<h3>Taken for one another</h3>\n");
    if (evaluation->n_confusions == 0)
        append(out, "<p>No topic was missed, and none given wrongly.</p>\n");
    else if (evaluation->metrics.n_topics <= MATRIX_MAX)
        append_matrix(out, evaluation);
    else
        append_confusion_list(out, evaluation);
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

static void append_place(struct buffer *out, const struct evaluated *of)
{
    append(out, "<p class=\"meta\">");
    html_isolated(out, text_of(of->file));
    if (of->line > 0)
        buffer_append_format(out, ", line %zu", of->line);
    if (of->id.size > 0) {
        append(out, ", id ");
        html_isolated(out, of->id);
    }
    append(out, "</p>\n");
}

static void append_why(struct buffer *out, const struct mistake *mistake)
{
    if (mistake->n_phrases == 0)
        return;
    append(out, "<ul class=\"why\" aria-label=\"What counted most\">");
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

static void append_mistake(struct buffer *out, const struct evaluation *evaluation,
                           const struct mistake *mistake)
{
    fenlei_text excerpt = beginning_of(mistake->of.text);
    append(out, "<article>\n");
    buffer_append_format(out, "<p class=\"verdict\"><b>%s</b> ",
                         mistake->given ? "given wrongly" : "missed");
    append_name(out, evaluation, mistake->topic);
    append(out, isnan(mistake->probability) ? ", score " : ", probability ");
    append_decimals(out, isnan(mistake->probability) ? mistake->score : mistake->probability, 2);
    append(out, "</p>\n");
    if (mistake->of.title.size > 0) {
        append(out, "<h4>");
        html_isolated(out, mistake->of.title);
        append(out, "</h4>\n");
    }
    append(out, "<p class=\"excerpt\">");
    html_isolated(out, excerpt);
    append(out, excerpt.size < mistake->of.text.size ? "…</p>\n" : "</p>\n");
    append_why(out, mistake);
    append_place(out, &mistake->of);
    append(out, "</article>\n");
}

static void append_mistakes(struct buffer *out, const struct evaluation *evaluation)
{
    if (evaluation->n_mistakes == 0)
        return;
    append(out, "<h3>The surest mistakes</h3>\n<p class=\"meta\">");
    if (evaluation->note != NULL)
        append(out, evaluation->note);
    else
        append(out, "With the phrases that counted most for (+) and against (−) the topic.");
    append(out, "</p>\n<div class=\"cards\">\n");
    for (size_t i = 0; i < evaluation->n_mistakes; i++)
        append_mistake(out, evaluation, &evaluation->mistakes[i]);
    append(out, "</div>\n");
}

/* ---- the page ---- */

static void append_section(struct buffer *out, const struct evaluation *evaluation)
{
    const struct metrics *metrics = &evaluation->metrics;
    append(out, "<section>\n<h2>");
    html_text(out, text_of(evaluation->title));
    buffer_append_format(out, "</h2>\n<p class=\"meta\">%zu document%s", metrics->documents,
                         metrics->documents == 1 ? "" : "s");
    if (metrics->none > 0)
        buffer_append_format(out, "; %zu without a topic, %zu of them got one", metrics->none,
                             metrics->none_given);
    buffer_append_format(out, ". Hash of the data: <code>%016llx</code></p>\n",
                         (unsigned long long)evaluation_hash(evaluation));
    if (evaluation->n_unusable > 0)
        buffer_append_format(out,
                             "<p class=fault><b>Not in it:</b> %zu record%s that could not be "
                             "used.</p>\n",
                             evaluation->n_unusable, evaluation->n_unusable == 1 ? "" : "s");
    evaluation_tell(evaluation, "<p>", ".</p>\n", out);
    append_table(out, evaluation);
    append_curves(out, evaluation);
    append_reliability(out, &evaluation->metrics);
    append_confusions(out, evaluation);
    append_mistakes(out, evaluation);
    append(out, "</section>\n");
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

void evaluation_page(struct buffer *out, fenlei_text title, const struct evaluation *evaluations,
                     size_t n, fenlei_text settings)
{
    html_begin_styled(out, title, evaluation_css);
    append(out, "<header><h1>");
    html_text(out, title);
    append(out, "</h1></header>\n<main>\n");
    for (size_t i = 0; i < n; i++)
        append_section(out, &evaluations[i]);
    append(out, "<section>\n<h2>The model</h2>\n<dl class=\"settings\">\n");
    if (!json_visit_plain(settings, append_setting, out))
        out->failed = true;
    append(out, "</dl>\n</section>\n</main>\n");
    html_end(out, NULL);
}
