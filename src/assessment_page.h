/* How well a model does, as a page to look at: one HTML file, pictures in it. */
#ifndef ASSESSMENT_PAGE_H
#define ASSESSMENT_PAGE_H

#include "assessment.h"

/* A section for each of the n assessments, all finished. `settings` is a JSON object whose plain
 * fields are shown. */
void assessment_page(struct buffer *out, fenlei_text title, const struct assessment *assessments,
                     size_t n, fenlei_text settings);

#endif
