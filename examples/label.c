/* SPDX-License-Identifier: BSD-3-Clause */
/* Labels a text or a newspaper page: cc label.c $(pkg-config --cflags --libs fenlei)
 *
 *     label MODEL FILE        the topics of each article, then its headline
 */
#include <fenlei.h>

#include <stdio.h>

static char bytes[1 << 20];

static int fail(const char *what)
{
    fprintf(stderr, "label: %s\n", what);
    return 1;
}

static void print(const fenlei_model *model, const fenlei_article *article)
{
    size_t n = article->labels != NULL ? fenlei_topic_count(model) : 0;
    for (size_t i = 0; i < n; i++)
        if (article->labels[i].given)
            printf("%s %.2f  ", fenlei_topic_name(model, article->labels[i].topic),
                   article->labels[i].probability);
    printf("%.*s\n", (int)article->title.size, article->title.bytes);
}

int main(int argc, char **argv)
{
    fenlei_error error;
    fenlei_model *model;
    fenlei_labeler *labeler = NULL;
    const fenlei_page *page;
    FILE *file = argc == 3 ? fopen(argv[2], "rb") : NULL;
    if (file == NULL)
        return fail("a model and a file, please");
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    if (fenlei_model_open(argv[1], &model, &error) != FENLEI_OK)
        return fail(error.message);
    if (fenlei_labeler_new(model, &labeler, &error) != FENLEI_OK ||
        fenlei_label_page(labeler, bytes, size, NULL, &page, &error) != FENLEI_OK)
        return fail(error.message);
    for (size_t i = 0; i < page->n_articles; i++)
        print(model, page->articles[i]);
    fenlei_labeler_free(labeler);
    fenlei_model_close(model);
    return 0;
}
