/* SPDX-License-Identifier: BSD-3-Clause */
/* Sets layouts as page files: set_pages SEED FOLDER CORPUS.jsonl LAYOUT... writes
 * FOLDER/NAME-NNN.page for each page, from the corpus's articles of the parity of SEED. */
#include "base/input.h"
#include "base/record.h"
#include "train/setter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct place {
    const char *folder, *name;
    unsigned n;
};

static fenlei_status write_page(void *context, fenlei_text page, fenlei_error *error)
{
    struct place *place = context;
    char path[4096];
    (void)error;
    snprintf(path, sizeof path, "%s/%s-%03u.page", place->folder, place->name, ++place->n);
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(page.bytes, 1, page.size, file) != page.size || fclose(file) != 0) {
        perror(path);
        exit(1);
    }
    return FENLEI_OK;
}

struct articles {
    struct layout_article *of; /* [n] kept until the end: the records are never released */
    size_t n, capacity;
};

/* Every second record of the corpus: those of training pages are not in test pages. */
static void read_articles(struct articles *articles, const char *path, unsigned long parity)
{
    struct input input;
    fenlei_error error;
    bool end = false;
    if (input_open(&input, path, &error) != FENLEI_OK)
        exit(1);
    for (size_t number = 0; !end; number++) {
        struct buffer line = {0};
        struct record record = {0};
        if (input_line(&input, &line, &end, &error) != FENLEI_OK)
            exit(1);
        if (end || number % 2 != parity % 2)
            continue;
        if (record_parse(&record, line.bytes, line.size, &error) != FENLEI_OK)
            exit(1);
        if (!array_reserve(&articles->of, &articles->capacity, articles->n + 1,
                           sizeof *articles->of))
            exit(1);
        articles->of[articles->n++] = (struct layout_article){record.title, record.text};
    }
    input_close(&input);
}

int main(int argc, char **argv)
{
    if (argc < 6)
        return 2;
    struct articles articles = {0};
    struct layout_words words = {0};
    fenlei_error error;
    unsigned long seed = strtoul(argv[1], NULL, 10);
    read_articles(&articles, argv[3], seed);
    if (layout_words_read(&words, argv[4], &error) != FENLEI_OK)
        return 1;
    for (int i = 5; i < argc; i++) {
        const char *slash = strrchr(argv[i], '/');
        char name[200];
        snprintf(name, sizeof name, "%s", slash != NULL ? slash + 1 : argv[i]);
        name[strcspn(name, ".")] = '\0';
        struct place place = {argv[2], name, 0};
        if (layout_set(argv[i], &words, articles.of, articles.n, seed * 1000003 + (unsigned)i,
                       write_page, &place, &error) != FENLEI_OK) {
            fprintf(stderr, "%s\n", error.message);
            return 1;
        }
    }
    return 0;
}
