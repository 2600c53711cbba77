/* SPDX-License-Identifier: BSD-3-Clause */
#include "html/chart.h"

#include "base/json.h"
#include "html/html.h"
#include "html/texts.h"

#include <math.h>

/* The square of the unit interval, in units of the picture: margins at the left and the bottom hold
 * the scales. */
enum { LEFT = 46, TOP = 8, SIDE = 200, WIDTH = 254, HEIGHT = 244 };

static double across(double value)
{
    return LEFT + SIDE * value;
}

static double down(double value)
{
    return TOP + SIDE * (1 - value);
}

static void append_number(struct buffer *out, double value)
{
    json_number(out, value, 1);
}

static void attribute(struct buffer *out, const char *name, double value)
{
    buffer_append_format(out, " %s=\"", name);
    append_number(out, value);
    buffer_append_string(out, "\"");
}

static void line(struct buffer *out, const char *class_name, double x1, double y1, double x2,
                 double y2)
{
    buffer_append_format(out, "<line class=\"%s\"", class_name);
    attribute(out, "x1", x1);
    attribute(out, "y1", y1);
    attribute(out, "x2", x2);
    attribute(out, "y2", y2);
    buffer_append_string(out, "/>");
}

static void text_at(struct buffer *out, double x, double y, const char *anchor, const char *text)
{
    buffer_append_string(out, "<text");
    attribute(out, "x", x);
    attribute(out, "y", y);
    buffer_append_format(out, " text-anchor=\"%s\">%s</text>", anchor, text);
}

static void circle(struct buffer *out, const char *class_name, double x, double y, double radius)
{
    buffer_append_format(out, "<circle class=\"%s\"", class_name);
    attribute(out, "cx", x);
    attribute(out, "cy", y);
    attribute(out, "r", radius);
    buffer_append_string(out, "/>");
}

/* The picture's beginning: a square with a grid, and what its sides are. */
static void begin_square(struct buffer *out, enum language language, fenlei_text label,
                         enum page_text horizontal, enum page_text vertical)
{
    static const char *const marks[] = {"0", "0.25", "0.5", "0.75", "1"};
    buffer_append_format(out,
                         "<svg class=\"chart\" viewBox=\"0 0 %d %d\" role=\"img\" "
                         "aria-label=\"",
                         WIDTH, HEIGHT);
    html_text(out, label);
    buffer_append_string(out, "\">");
    for (int i = 0; i <= 4; i++) {
        double value = i / 4.0;
        line(out, "grid", across(value), down(0), across(value), down(1));
        line(out, "grid", across(0), down(value), across(1), down(value));
        text_at(out, across(value), down(0) + 14, "middle", marks[i]);
        text_at(out, across(0) - 5, down(value) + 3.5, "end", marks[i]);
    }
    text_at(out, across(0.5), HEIGHT - 6, "middle", page_text_in(language, horizontal));
    buffer_append_format(out,
                         "<text x=\"9\" y=\"108\" text-anchor=\"middle\" "
                         "transform=\"rotate(-90 9 108)\">%s</text>",
                         page_text_in(language, vertical));
}

static void path_point(struct buffer *out, char command, double recall, double precision)
{
    buffer_append_format(out, "%c", command);
    append_number(out, across(recall));
    buffer_append_string(out, " ");
    append_number(out, down(precision));
}

void chart_curve(struct buffer *out, enum language language, fenlei_text label,
                 const struct curve *curve, struct curve_point chosen)
{
    begin_square(out, language, label, PAGE_AXIS_RECALL, PAGE_AXIS_PRECISION);
    for (size_t i = 0; i < curve->n_points; i++) {
        if (i == 0) {
            buffer_append_string(out, "<path class=\"curve\" d=\"");
            path_point(out, 'M', 0, curve->points[0].precision);
        }
        path_point(out, 'L', curve->points[i].recall, curve->points[i].precision);
    }
    if (curve->n_points > 0)
        buffer_append_string(out, "\"/>");
    if (!isnan(chosen.recall) && !isnan(chosen.precision))
        circle(out, "chosen", across(chosen.recall), down(chosen.precision), 5);
    buffer_append_string(out, "</svg>\n");
}

void chart_reliability(struct buffer *out, enum language language, fenlei_text label,
                       const struct bin *bins, size_t n_bins)
{
    begin_square(out, language, label, PAGE_AXIS_PROBABILITY, PAGE_AXIS_TRUE);
    line(out, "ideal", across(0), down(0), across(1), down(1));
    bool is_first = true;
    for (size_t i = 0; i < n_bins; i++) {
        if (bins[i].n == 0)
            continue;
        if (is_first)
            buffer_append_string(out, "<path class=\"curve\" d=\"");
        double n = (double)bins[i].n;
        path_point(out, is_first ? 'M' : 'L', bins[i].probability / n,
                   (double)bins[i].positives / n);
        is_first = false;
    }
    if (!is_first)
        buffer_append_string(out, "\"/>");
    for (size_t i = 0; i < n_bins; i++)
        if (bins[i].n > 0)
            circle(out, "dot", across(bins[i].probability / (double)bins[i].n),
                   down((double)bins[i].positives / (double)bins[i].n),
                   2 + log10((double)bins[i].n));
    buffer_append_string(out, "</svg>\n");
}

void chart_bar(struct buffer *out, double value, struct interval interval)
{
    if (isnan(value))
        return;
    buffer_append_string(out, "<svg class=\"bar\" viewBox=\"0 0 100 10\" aria-hidden=\"true\">");
    line(out, "track", 0, 5, 100, 5);
    if (!isnan(interval.low))
        line(out, "range", 100 * interval.low, 5, 100 * interval.high, 5);
    circle(out, "dot", 100 * value, 5, 3.5);
    buffer_append_string(out, "</svg>");
}
