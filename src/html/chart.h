/* SPDX-License-Identifier: BSD-3-Clause */
/* Pictures for a page: SVG whose colours, light and dark, are in html.css. */
#ifndef HTML_CHART_H
#define HTML_CHART_H

#include "html/language.h"
#include "measure/curve.h"
#include "measure/metrics.h"

/* Precision against recall of one topic; the point `chosen` is marked (NAN: none). `label` says in
 * words what is to be seen. */
void chart_curve(struct buffer *out, enum language language, fenlei_text label,
                 const struct curve *curve, struct curve_point chosen);

/* How often what was given a probability was true, for each bin; the area of a dot grows with the
 * number of decisions, by powers of ten. */
void chart_reliability(struct buffer *out, enum language language, fenlei_text label,
                       const struct bin *bins, size_t n_bins);

/* A value between 0 and 1 with its interval as a bar; nothing where it is NAN. */
void chart_bar(struct buffer *out, double value, struct interval interval);

#endif
