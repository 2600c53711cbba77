/* SPDX-License-Identifier: BSD-3-Clause */
#include "read/pdf.h"

#include "base/status.h"
#include "read/layout.h"

#include <glib.h>
#include <math.h>
#include <poppler.h>
#include <stdlib.h>

enum { PAGES_MAX = 2000 };

struct glyphs {
    struct glyph *glyphs;
    size_t n, capacity;
    size_t n_all, n_unknown; /* of all pages; of them, letters that the PDF does not name */
};

/* Walks over poppler's runs of equal attributes, in step with the letters. */
struct attributes {
    GList *list, *at;
};

static float size_at(struct attributes *attributes, int index)
{
    const PopplerTextAttributes *run = NULL;
    while (attributes->at != NULL) {
        run = attributes->at->data;
        if (index <= run->end_index)
            return (float)run->font_size;
        attributes->at = attributes->at->next;
    }
    return 0;
}

static bool is_letter(gunichar c)
{
    return !g_unichar_isspace(c) && !g_unichar_iscntrl(c) && c != 0xFEFF && c != 0xAD;
}

static bool is_sound(const PopplerRectangle *place)
{
    return isfinite(place->x1) && isfinite(place->y1) && isfinite(place->x2) &&
           isfinite(place->y2) && fabs(place->x1) < 1e6 && fabs(place->y1) < 1e6 &&
           fabs(place->x2) < 1e6 && fabs(place->y2) < 1e6;
}

/* A Han letter or what is as wide. */
static bool is_square(gunichar c)
{
    return c >= 0x2E80 && !g_unichar_iszerowidth(c);
}

/* Type in points for each point that poppler says; in a Type 3 font it may say anything, and the
 * width of Han letters is the size. */
static float scale_of(const struct glyph *glyph, float said)
{
    float scale = (glyph->x1 - glyph->x0) / said;
    return scale > 0.7F && scale < 1.3F ? 1 : scale;
}

/* Sets the size, and puts top and bottom where Han letters of that size have them; where poppler
 * does not know the size, it gives the font an ascent of 0.95 and a descent of 0.35. */
static void measure(struct glyph *glyph, float said, float scale)
{
    float height = glyph->y1 - glyph->y0;
    glyph->size = said * scale;
    float middle = (glyph->y0 + glyph->y1) / 2;
    if (scale < 1 || scale > 1)
        middle = glyph->y1 - height * 0.35F / 1.3F - 0.38F * glyph->size;
    glyph->y0 = middle - glyph->size / 2;
    glyph->y1 = middle + glyph->size / 2;
}

static struct glyph make_glyph(const PopplerRectangle *place, gunichar letter)
{
    return (struct glyph){.x0 = (float)fmin(place->x1, place->x2),
                          .y0 = (float)fmin(place->y1, place->y2),
                          .x1 = (float)fmax(place->x1, place->x2),
                          .y1 = (float)fmax(place->y1, place->y2),
                          .letter = letter};
}

/* From what poppler says of the size to what it is: of other letters, that of the Han letters
 * before them. */
static void measure_all(struct glyphs *glyphs)
{
    float scale = 0;
    for (size_t i = 0; i < glyphs->n && !(scale > 0); i++)
        if (is_square(glyphs->glyphs[i].letter))
            scale = scale_of(&glyphs->glyphs[i], glyphs->glyphs[i].size);
    for (size_t i = 0; i < glyphs->n; i++) {
        struct glyph *glyph = &glyphs->glyphs[i];
        if (is_square(glyph->letter))
            scale = scale_of(glyph, glyph->size);
        measure(glyph, glyph->size, scale > 0 ? scale : 1);
    }
}

/* The letters of a page, in poppler's order; false when memory runs out. */
static bool gather(struct glyphs *glyphs, PopplerPage *page)
{
    PopplerRectangle *places = NULL;
    guint n = 0;
    bool good = true, after_space = false;
    glyphs->n = 0;
    char *text = poppler_page_get_text(page);
    GList *list = poppler_page_get_text_attributes(page);
    struct attributes attributes = {list, list};
    if (text != NULL && poppler_page_get_text_layout(page, &places, &n)) {
        const char *at = text;
        for (guint i = 0; good && i < n && *at != '\0'; i++) {
            gunichar letter = g_utf8_get_char(at);
            at = g_utf8_next_char(at);
            float size = size_at(&attributes, (int)i);
            bool is_space = g_unichar_isspace(letter);
            after_space = after_space || is_space;
            if (!is_letter(letter) || !is_sound(&places[i]))
                continue;
            good = array_reserve(&glyphs->glyphs, &glyphs->capacity, glyphs->n + 1,
                                 sizeof *glyphs->glyphs);
            if (good) {
                struct glyph *glyph = &glyphs->glyphs[glyphs->n++];
                *glyph = make_glyph(&places[i], letter);
                if (!(size > 0.1F && size < 1e4F))
                    size = glyph->y1 - glyph->y0;
                glyph->size = size;
                glyphs->n_all++;
                glyphs->n_unknown +=
                    letter == 0xFFFD || g_unichar_type(letter) == G_UNICODE_PRIVATE_USE;
                glyph->after_space = after_space;
                after_space = false;
            }
        }
    }
    measure_all(glyphs);
    poppler_page_free_text_attributes(list);
    g_free(places);
    g_free(text);
    return good;
}

static fenlei_status open_error(const GError *problem, fenlei_error *error)
{
    if (problem != NULL && g_error_matches(problem, POPPLER_ERROR, POPPLER_ERROR_ENCRYPTED))
        return error_set(error, FENLEI_BAD_INPUT,
                         "a PDF that is locked with a password: save it without one");
    return error_set(error, FENLEI_BAD_INPUT, "a PDF that is damaged: it cannot be opened");
}

static fenlei_status read_pages(struct document *document, PopplerDocument *pdf,
                                fenlei_error *error)
{
    struct glyphs glyphs = {0};
    int n_pages = poppler_document_get_n_pages(pdf);
    bool good = true, is_full = false;
    if (n_pages > PAGES_MAX)
        return error_set(error, FENLEI_BAD_INPUT, "a PDF of more than %d pages", PAGES_MAX);
    for (int i = 0; good && i < n_pages; i++) {
        PopplerPage *page = poppler_document_get_page(pdf, i);
        if (page == NULL)
            continue;
        good = gather(&glyphs, page);
        is_full = glyphs.n > LAYOUT_GLYPHS_MAX;
        good = good && !is_full && layout_page(document, glyphs.glyphs, glyphs.n, (uint32_t)i + 1);
        g_object_unref(page);
    }
    free(glyphs.glyphs);
    if (is_full)
        return error_set(error, FENLEI_BAD_INPUT, "a PDF with a page of more than %d letters",
                         LAYOUT_GLYPHS_MAX);
    if (!good)
        return error_memory(error);
    if (glyphs.n_unknown * 2 > glyphs.n_all)
        return error_set(error, FENLEI_BAD_INPUT,
                         "a PDF that does not say what its letters are: have its text recognised "
                         "(OCR), as by ocrmypdf --force-ocr -l chi_sim");
    if (document->n_boxes == 0)
        return error_set(error, FENLEI_BAD_INPUT,
                         "a PDF without text, such as a scan: have its text recognised (OCR), as "
                         "by ocrmypdf -l chi_sim");
    return FENLEI_OK;
}

fenlei_status pdf_read(struct document *document, fenlei_text bytes, fenlei_error *error)
{
    GError *problem = NULL;
    document->form = DOCUMENT_PDF;
    GBytes *copy = g_bytes_new_static(bytes.bytes, bytes.size);
    PopplerDocument *pdf = poppler_document_new_from_bytes(copy, NULL, &problem);
    fenlei_status status =
        pdf != NULL ? read_pages(document, pdf, error) : open_error(problem, error);
    if (problem != NULL)
        g_error_free(problem);
    if (pdf != NULL)
        g_object_unref(pdf);
    g_bytes_unref(copy);
    return status;
}
