/* SPDX-License-Identifier: BSD-3-Clause */
/* The model file. Size and checksum are made right, unless the first byte says to leave them: what
 * a hostile writer would do, and the way to everything behind them.
 *
 * Files: src/label/model.c src/label/sketch.c */
#include "fuzz.h"

#include "command/output.h"
#include "file.h"
#include "label/model.h"
#include "label/sketch.h"

#include <xxhash.h>

/* The beginning of the file, as in src/label/model.c. */
struct header {
    char magic[8];
    uint32_t version, byte_order;
    uint64_t file_size, checksum;
};

static void make_right(char *bytes, size_t size)
{
    struct header header;
    if (size < sizeof header)
        return;
    memcpy(&header, bytes, sizeof header);
    header.file_size = size;
    header.checksum = XXH3_64bits_withSeed(bytes + sizeof header, size - sizeof header,
                                           header.version < 4 ? 0 : header.version);
    memcpy(bytes, &header, sizeof header);
}

/* Whatever opens is used to the full. */
static void use(const fenlei_model *model)
{
    static const char page[] =
        "# 法院开庭\n\n本报记者 张三\n\n县法院公开开庭审理一起盗窃案,被告人当庭"
        "认罪。村里的梨树开花了,合作社请来技术员。\n";
    fenlei_labeler *labeler;
    const fenlei_page *labelled;
    struct buffer out = {0};
    struct sketch sketch;
    bool knows;
    require(sketch_open(&sketch, model->parts.sketch));
    require(sketch_knows(&sketch, text_of(page), &knows));
    require(is_utf8(fenlei_model_card(model)));
    require(fenlei_labeler_new(model, &labeler, NULL) == FENLEI_OK);
    fenlei_options options = fenlei_options_default();
    options.whole = model->parts.chain.head == NULL; /* it reads no pages */
    fenlei_error error;
    fenlei_status status =
        fenlei_label_page(labeler, page, sizeof page - 1, &options, &labelled, &error);
    /* Weights and idf that are no numbers are noticed where a page needs them. */
    require(status == FENLEI_OK ||
            (status == FENLEI_BAD_MODEL && strstr(error.message, "gives no numbers") != NULL));
    for (size_t i = 0; status == FENLEI_OK && i < labelled->n_articles; i++) {
        if (labelled->articles[i]->labels != NULL)
            check_labels(model, labelled->articles[i]->labels, (double)NAN);
        output_json(&out, model, (struct source){.file = "a", .number = 1}, labelled,
                    labelled->articles[i], (struct selection){.all = true}, (fenlei_text){NULL, 0});
        check_json_line(&out);
        output_line(&out, model, (struct source){.file = "a", .number = 1}, labelled->articles[i],
                    (struct selection){.all = true});
        buffer_clear(&out);
    }
    buffer_release(&out);
    fenlei_labeler_free(labeler);
}

/* A file for models that are written, in memory where the system has that. */
static const char *path_to_write(void)
{
    static char folder[40], path[60];
    if (path[0] == '\0') {
        snprintf(folder, sizeof folder, "%s/fenlei-fuzz-XXXXXX",
                 access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
        require(mkdtemp(folder) != NULL);
        snprintf(path, sizeof path, "%s/a.model", folder);
    }
    return path;
}

/* What opens can be written, opens again, and is the same model. */
static void write_and_open(const struct model_parts *parts)
{
    fenlei_model *again;
    const char *path = path_to_write();
    require(model_write(parts, path, NULL) == FENLEI_OK);
    require(fenlei_model_open(path, &again, NULL) == FENLEI_OK);
    require(again->parts.vocab.size == parts->vocab.size);
    require(again->parts.weights.n_topics == parts->weights.n_topics);
    require(text_equal(again->parts.strings, parts->strings));
    require(text_equal(again->parts.card, parts->card));
    uint64_t *keys = array_new(parts->vocab.size, sizeof *keys);
    require(keys != NULL);
    vocab_list(&parts->vocab, keys);
    for (uint32_t id = 0; id < parts->vocab.size; id++) {
        uint32_t found = vocab_find(&parts->vocab, keys[id]);
        require(found == vocab_find(&again->parts.vocab, keys[id]));
        require(found <= parts->vocab.size);
    }
    free(keys);
    fenlei_model_close(again);
    unlink(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fenlei_model *model = NULL;
    fenlei_error error;
    if (size == 0)
        return 0;
    struct buffer bytes = {0};
    buffer_append(&bytes, (const char *)data + 1, size - 1);
    if (data[0] != '!')
        make_right(bytes.bytes, bytes.size);
    fenlei_status status = fenlei_model_open(file_of(bytes.bytes, bytes.size), &model, &error);
    buffer_release(&bytes);
    require(status == FENLEI_OK || (status == FENLEI_BAD_MODEL && error.message[0] != '\0'));
    if (status == FENLEI_OK) {
        use(model);
        write_and_open(&model->parts);
    }
    fenlei_model_close(model);
    return 0;
}
