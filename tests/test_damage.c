/* SPDX-License-Identifier: BSD-3-Clause */
/* A trained model, damaged: cut at every length, every bit flipped, every number in its header and
 * table of sections forged. Run under a limit on memory, so that no size is believed. */
#include "label/model.h"
#include "test.h"
#include "train/rows.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>
#include <xxhash.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define UNDER_SANITIZER
#endif
#endif

enum {
    HEADER = 32, /* bytes: magic, version, byte order, file size at 16, checksum at 24 */
    FILE_SIZE = 16,
    CHECKSUM = 24,
    SECTIONS = 13,
    MODEL_MOST = 64 << 10,
    MEMORY_MOST = 256 << 20 /* of the whole process; a page-sized model needs a fraction */
};

static char original[MODEL_MOST], damaged[MODEL_MOST];
static size_t size;
static int descriptor; /* a file in memory */
static char path[64];
static fenlei_error error;

/* A sanitizer needs more addresses than any limit allows, and notices more. */
static bool limit_memory(void)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || defined(UNDER_SANITIZER)
    return true;
#else
    struct rlimit memory = {MEMORY_MOST, MEMORY_MOST};
    return setrlimit(RLIMIT_AS, &memory) == 0;
#endif
}

static int set_up(void **state)
{
    (void)state;
    char folder[] = "/tmp/fenlei-test-XXXXXX", command[200];
    if (mkdtemp(folder) == NULL)
        return 1;
    snprintf(command, sizeof command,
             "bin/train --pages tests/data/tiny.page -o %s/m tests/data/tiny.jsonl && cat %s/m && "
             "rm -r %s",
             folder, folder, folder);
    FILE *pipe = popen(command, "r");
    if (pipe == NULL)
        return 1;
    size = fread(original, 1, sizeof original, pipe);
    if (pclose(pipe) != 0 || size < 1000 || size == sizeof original)
        return 1;
    snprintf(path, sizeof path, "/tmp/fenlei-model-XXXXXX");
    descriptor = mkostemp(path, O_CLOEXEC);
    return descriptor < 0 || !limit_memory();
}

/* The same model with a third of its weights, stored sparsely. */
static int set_up_sparse(void **state)
{
    (void)state;
    fenlei_model *model;
    struct column columns[2] = {{0}};
    if (fenlei_model_open_bytes(original, size, &model, &error) != FENLEI_OK)
        return 1;
    struct model_parts parts = model->parts;
    double *weights = array_new(parts.vocab.size, sizeof *weights);
    bool good = weights != NULL && parts.weights.n_topics == 2;
    for (uint32_t topic = 0; good && topic < 2; topic++) {
        for (uint32_t id = 0; id < parts.vocab.size; id++)
            weights[id] = (id + topic) % 3 == 0 ? weight_of(&parts.weights, id, topic) : 0;
        good = column_make(&columns[topic], weights, parts.vocab.size);
    }
    parts.weights.rows = NULL;
    void *rows = good ? rows_make(columns, parts.vocab.size, STORAGE_SPARSE, &parts.weights) : NULL;
    good = rows != NULL && model_write(&parts, path, &error) == FENLEI_OK;
    free(rows);
    free(weights);
    fenlei_model_close(model);
    if (!good)
        return 1;
    close(descriptor); /* of the file that was replaced */
    descriptor = open(path, O_RDWR | O_CLOEXEC);
    ssize_t n = descriptor >= 0 ? read(descriptor, original, sizeof original) : -1;
    size = n > 0 ? (size_t)n : 0;
    return size < 1000 || size == sizeof original || original[8] != 5;
}

static void write_model(const char *bytes, size_t length)
{
    assert_int_equal(ftruncate(descriptor, (off_t)length), 0);
    assert_int_equal(pwrite(descriptor, bytes, length, 0), length);
}

/* Opens what was written; labels with it when it is taken for a model. */
static fenlei_status use_model(void)
{
    fenlei_model *model = NULL;
    fenlei_labeler *labeler = NULL;
    const fenlei_article *article;
    fenlei_text title = text_of("法院开庭"), text = text_of("村里的梨树开花了,合作社请来技术员。");
    error.message[0] = '\0';
    fenlei_status status = fenlei_model_open(path, &model, &error);
    if (status != FENLEI_OK) {
        assert_true(error.message[0] != '\0');
        return status;
    }
    assert_int_equal(fenlei_labeler_new(model, &labeler, &error), FENLEI_OK);
    status = fenlei_label_record(labeler, title, text, NULL, &article, &error);
    if (status != FENLEI_OK) { /* a weight or an idf that the text needs is no number */
        assert_int_equal(status, FENLEI_BAD_MODEL);
        assert_contains(error.message, "gives no numbers");
    }
    for (size_t i = 0; status == FENLEI_OK && i < fenlei_topic_count(model); i++) {
        assert_true(article->labels[i].topic < fenlei_topic_count(model));
        assert_true(isfinite(article->labels[i].score));
        assert_true(strlen(fenlei_topic_name(model, i)) < size);
    }
    fenlei_labeler_free(labeler);
    fenlei_model_close(model);
    return status;
}

static void seal(char *bytes, size_t length)
{
    uint64_t file_size = length,
             checksum = XXH3_64bits_withSeed(bytes + HEADER, length - HEADER, (uint8_t)bytes[8]);
    memcpy(bytes + FILE_SIZE, &file_size, sizeof file_size);
    memcpy(bytes + CHECKSUM, &checksum, sizeof checksum);
}

static void the_model_is_usable(void **state)
{
    (void)state;
    write_model(original, size);
    assert_int_equal(use_model(), FENLEI_OK);
}

static void a_model_cut_at_any_length_is_refused(void **state)
{
    (void)state;
    write_model(original, size);
    for (size_t length = size; length-- > 0;) {
        assert_int_equal(ftruncate(descriptor, (off_t)length), 0);
        assert_int_equal(use_model(), FENLEI_BAD_MODEL);
        assert_contains(error.message, "not a usable model");
    }
}

/* The header's size and checksum being right again, only the sections can tell; what is left after
 * the last section is padding. */
static void a_model_cut_and_sealed_again_is_refused(void **state)
{
    (void)state;
    uint64_t last[2];
    memcpy(last, original + HEADER + (SECTIONS - 1) * sizeof last, sizeof last);
    size_t end = (size_t)(last[0] + last[1]);
    assert_in_range(end, size - 63, size);
    for (size_t length = HEADER; length < size; length++) {
        memcpy(damaged, original, length);
        seal(damaged, length);
        write_model(damaged, length);
        assert_int_equal(use_model(), length < end ? FENLEI_BAD_MODEL : FENLEI_OK);
    }
}

static void every_flipped_bit_is_noticed(void **state)
{
    (void)state;
    write_model(original, size);
    for (size_t bit = 0; bit < size * 8; bit++) {
        char byte = (char)(original[bit / 8] ^ 1 << bit % 8);
        assert_int_equal(pwrite(descriptor, &byte, 1, (off_t)(bit / 8)), 1);
        assert_int_equal(use_model(), FENLEI_BAD_MODEL);
        assert_int_equal(pwrite(descriptor, original + bit / 8, 1, (off_t)(bit / 8)), 1);
    }
    assert_int_equal(use_model(), FENLEI_OK);
}

/* Numbers that a size or a place might be taken for. */
static uint64_t lie(uint64_t truth, size_t i)
{
    const uint64_t lies[] = {0,
                             1,
                             truth - 1,
                             truth + 1,
                             truth / 2,
                             truth * 2,
                             truth - 64,
                             truth + 64,
                             size,
                             size - 64,
                             size + 64,
                             UINT32_MAX,
                             UINT64_C(1) << 32,
                             UINT64_C(1) << 40,
                             INT64_MAX,
                             UINT64_MAX,
                             UINT64_MAX - 63,
                             UINT64_MAX - size,
                             UINT64_MAX - truth};
    return i < sizeof lies / sizeof *lies ? lies[i] : truth;
}

/* Each number of the table of sections alone, and each with each lie about its partner. */
static void forged_sections_are_refused(void **state)
{
    (void)state;
    size_t refused = 0, tried = 0;
    for (size_t section = 0; section < SECTIONS; section++)
        for (size_t i = 0; i < 20; i++)
            for (size_t k = 0; k < 20; k++) {
                uint64_t place[2], *at = place;
                char *stored = damaged + HEADER + section * sizeof place;
                memcpy(damaged, original, size);
                memcpy(place, stored, sizeof place);
                place[0] = lie(at[0], i);
                place[1] = lie(at[1], k);
                tried += memcmp(stored, place, sizeof place) != 0;
                memcpy(stored, place, sizeof place);
                seal(damaged, size);
                write_model(damaged, size);
                refused += use_model() != FENLEI_OK;
            }
    /* A section of the same size elsewhere in the file is a model, if a senseless one. */
    assert_true(refused > tried * 9 / 10);
}

static void a_forged_header_is_refused(void **state)
{
    (void)state;
    for (size_t word = 0; word < HEADER / 8; word++)
        for (size_t i = 0; i < 20; i++) {
            uint64_t truth, forged;
            memcpy(&truth, original + 8 * word, sizeof truth);
            forged = lie(truth, i);
            if (forged == truth)
                continue;
            memcpy(damaged, original, size);
            memcpy(damaged + 8 * word, &forged, sizeof forged);
            write_model(damaged, size);
            assert_int_equal(use_model(), FENLEI_BAD_MODEL);
        }
}

/* Every 32 bits of the file in turn, sealed again: refused, or used without harm. */
static void forged_contents_do_no_harm(void **state)
{
    (void)state;
    static const uint32_t lies[] = {0,          0x7F7FFFFF, 1,          0x7F800000,
                                    0x7FC00000, 0xFF800000, 0x7FFFFFFF, UINT32_MAX};
    size_t refused = 0;
    for (size_t at = HEADER; at + 4 <= size; at += 4)
        for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
            memcpy(damaged, original, size);
            memcpy(damaged + at, &lies[i], sizeof lies[i]);
            seal(damaged, size);
            write_model(damaged, size);
            refused += use_model() != FENLEI_OK;
        }
    assert_true(refused > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_model_is_usable),
        cmocka_unit_test(a_model_cut_at_any_length_is_refused),
        cmocka_unit_test(a_model_cut_and_sealed_again_is_refused),
        cmocka_unit_test(every_flipped_bit_is_noticed),
        cmocka_unit_test(forged_sections_are_refused),
        cmocka_unit_test(a_forged_header_is_refused),
        cmocka_unit_test(forged_contents_do_no_harm),
    };
    int failed = cmocka_run_group_tests_name("dense", tests, set_up, NULL);
    return cmocka_run_group_tests_name("sparse", tests, set_up_sparse, NULL) || failed;
}
