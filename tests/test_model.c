/* SPDX-License-Identifier: BSD-3-Clause */
#include "label/model.h"
#include "label/sketch.h"
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

static char folder[] = "/tmp/fenlei-test-XXXXXX";
static char path[64];
static fenlei_error error;

/* The last is the pair bc. */
static const uint64_t keys[] = {10, 20, (uint64_t)'b' << 21 | 'c'};
static const uint32_t document_frequency[] = {1, 2, 3}, topic_strings[] = {0, 2, 6, 6};
static const float idf[] = {1, 2, 3}, of[] = {1, 2, 3, 4, 5, 6};
static const double bias[] = {-1, 0.5};
static const struct calibration calibration[] = {{0.1, 2, 3}, {-0.1, 1, 0}};

/* One text and one common shingle. */
static const uint64_t sketch[] = {1 | UINT64_C(1) << 32, 5, 1, 2, 3, 4, 5, 6, 7};
enum { SKETCH_SIZE = sizeof sketch - 4 };

static fenlei_text vocabulary_index;

static struct model_parts parts(void)
{
    struct vocab vocab = {.size = 3, .keys = keys, .document_frequency = document_frequency};
    if (vocabulary_index.bytes == NULL)
        assert_int_equal(vocab_index(&vocab, &vocabulary_index), FENLEI_OK);
    assert_true(vocab_open(&vocab, vocabulary_index));
    return (struct model_parts){
        .settings = {2, 2, 0, 2, 7},
        .vocab = vocab,
        .index = vocabulary_index,
        .idf = idf,
        .weights = {.n_topics = 2, .of = of, .bias = bias},
        .calibration = calibration,
        .topic_strings = topic_strings,
        .strings = {"a\0甲\0b", 8},
        .card = {"{}", 2},
        .sketch = {(const char *)sketch, SKETCH_SIZE},
    };
}

static int set_up(void **state)
{
    (void)state;
    memset(folder + sizeof folder - 7, 'X', 6);
    if (mkdtemp(folder) == NULL)
        return 1;
    snprintf(path, sizeof path, "%s/m.model", folder);
    struct model_parts written = parts();
    return model_write(&written, path, &error) == FENLEI_OK ? 0 : 1;
}

static int tear_down(void **state)
{
    (void)state;
    char command[100];
    snprintf(command, sizeof command, "chmod -R u+w '%s' && rm -rf '%s'", folder, folder);
    free((void *)(uintptr_t)vocabulary_index.bytes);
    vocabulary_index = (fenlei_text){NULL, 0};
    return system(command);
}

static size_t read_model(char *bytes, size_t most)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t size = fread(bytes, 1, most, file);
    fclose(file);
    return size;
}

static void write_bytes(const char *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fwrite(bytes, 1, size, file);
    assert_int_equal(fclose(file), 0);
}

static fenlei_status open_and_close(void)
{
    fenlei_model *model = NULL;
    fenlei_status status = fenlei_model_open(path, &model, &error);
    fenlei_model_close(model);
    return status;
}

/* The model opens; what comes of labelling a text with its last n-gram. */
static fenlei_status label_bc(void)
{
    fenlei_model *model;
    fenlei_labeler *labeler;
    const fenlei_article *article;
    assert_int_equal(fenlei_model_open(path, &model, &error), FENLEI_OK);
    assert_int_equal(fenlei_labeler_new(model, &labeler, &error), FENLEI_OK);
    fenlei_status status =
        fenlei_label_record(labeler, text_of(""), text_of("abcd"), NULL, &article, &error);
    if (status != FENLEI_OK)
        assert_null(article);
    fenlei_labeler_free(labeler);
    fenlei_model_close(model);
    return status;
}

static void what_was_written_is_read(void **state)
{
    (void)state;
    fenlei_model *model;
    assert_int_equal(fenlei_model_open(path, &model, &error), FENLEI_OK);
    assert_int_equal(fenlei_topic_count(model), 2);
    assert_string_equal(fenlei_topic_id(model, 0), "a");
    assert_string_equal(fenlei_topic_name(model, 0), "甲");
    assert_string_equal(fenlei_topic_name(model, 1), "b");
    assert_true(fenlei_topic_threshold(model, 1) == -0.1);
    assert_true(fenlei_has_probabilities(model));
    assert_text(fenlei_model_card(model), "{}");
    assert_memory_equal(model->parts.weights.of, of, sizeof of);
    assert_memory_equal(model->parts.idf, idf, sizeof idf);
    assert_memory_equal(model->parts.vocab.document_frequency, document_frequency,
                        sizeof document_frequency);
    assert_int_equal(vocab_find(&model->parts.vocab, 20), 1);
    assert_int_equal(model->parts.sketch.size, SKETCH_SIZE);
    assert_memory_equal(model->parts.sketch.bytes, sketch, SKETCH_SIZE);
    fenlei_model_close(model);
}

static void every_truncation_is_refused(void **state)
{
    (void)state;
    char bytes[8192];
    size_t size = read_model(bytes, sizeof bytes);
    assert_in_range(size, 500, sizeof bytes - 1);
    for (size_t cut = 0; cut < size; cut++) {
        write_bytes(bytes, cut);
        assert_int_equal(open_and_close(), FENLEI_BAD_MODEL);
        assert_contains(error.message, "m.model: not a usable model");
    }
    write_bytes(bytes, size);
    assert_int_equal(open_and_close(), FENLEI_OK);
    bytes[size] = 0;
    write_bytes(bytes, size + 1);
    assert_int_equal(open_and_close(), FENLEI_BAD_MODEL);
}

static void every_flipped_bit_is_noticed(void **state)
{
    (void)state;
    char bytes[8192];
    size_t size = read_model(bytes, sizeof bytes);
    for (size_t bit = 0; bit < size * 8; bit++) {
        bytes[bit / 8] = (char)(bytes[bit / 8] ^ 1 << bit % 8);
        write_bytes(bytes, size);
        assert_int_equal(open_and_close(), FENLEI_BAD_MODEL);
        bytes[bit / 8] = (char)(bytes[bit / 8] ^ 1 << bit % 8);
    }
}

/* Where the sections of models in older formats begin here, and the room of each. */
enum { OLD_FIRST = 256, OLD_ROOM = 128 };

/* A model in an older format: its keys by their hashes, in buckets. */
static void write_old(uint32_t version, const void *weights, uint64_t weights_size)
{
    enum { HEADER = 32, CHECKSUM = 24, SECTIONS = 13 };
    static const uint32_t buckets[] = {0, 1, 3};
    struct model_parts written = parts();
    const struct {
        const void *data;
        uint64_t size;
    } sections[SECTIONS] = {{&written.settings, sizeof written.settings},
                            {topic_strings, sizeof topic_strings},
                            {written.strings.bytes, written.strings.size},
                            {keys, sizeof keys},
                            {buckets, sizeof buckets},
                            {document_frequency, sizeof document_frequency},
                            {idf, sizeof idf},
                            {weights, weights_size},
                            {bias, sizeof bias},
                            {calibration, sizeof calibration},
                            {"{}", 2}};
    char bytes[OLD_FIRST + SECTIONS * OLD_ROOM] = "\x89"
                                                  "fenlei\n";
    const uint64_t size = sizeof bytes;
    const uint32_t mark = 0x01020304;
    memcpy(bytes + 8, &version, sizeof version);
    memcpy(bytes + 12, &mark, sizeof mark);
    memcpy(bytes + 16, &size, sizeof size);
    for (uint64_t i = 0; i < SECTIONS; i++) {
        const uint64_t place[] = {OLD_FIRST + i * OLD_ROOM, sections[i].size};
        assert_in_range(sections[i].size, 0, OLD_ROOM);
        memcpy(bytes + HEADER + i * sizeof place, place, sizeof place);
        if (sections[i].size > 0)
            memcpy(bytes + place[0], sections[i].data, sections[i].size);
    }
    const uint64_t checksum = XXH3_64bits(bytes + HEADER, sizeof bytes - HEADER);
    memcpy(bytes + CHECKSUM, &checksum, sizeof checksum);
    write_bytes(bytes, sizeof bytes);
}

static void check_old(void)
{
    fenlei_model *model;
    assert_int_equal(fenlei_model_open(path, &model, &error), FENLEI_OK);
    for (uint32_t id = 0; id < 3; id++) {
        assert_int_equal(vocab_find(&model->parts.vocab, keys[id]), id);
        for (uint32_t topic = 0; topic < 2; topic++)
            assert_true(weight_of(&model->parts.weights, id, topic) == (double)of[2 * id + topic]);
    }
    assert_true(vocab_find(&model->parts.vocab, 40) == model->parts.vocab.size);
    /* and it can be written as a new one */
    assert_int_equal(model_write(&model->parts, path, &error), FENLEI_OK);
    fenlei_model_close(model);
    assert_int_equal(open_and_close(), FENLEI_OK);
}

static void older_formats_open(void **state)
{
    (void)state;
    struct {
        uint64_t starts[4];
        float of[6];
        uint16_t topics[6];
    } sparse = {{0, 2, 4, 6}, {1, 2, 3, 4, 5, 6}, {0, 1, 0, 1, 0, 1}};
    write_old(2, of, sizeof of);
    check_old();
    write_old(3, &sparse, 4 * sizeof(uint64_t) + 6 * (sizeof(float) + sizeof(uint16_t)));
    check_old();
    for (uint32_t version = 0; version < 20; version++)
        if (version < 2 || version > 6) {
            write_old(version, of, sizeof of);
            assert_int_equal(open_and_close(), FENLEI_BAD_MODEL);
            assert_contains(error.message, version < 2 ? "train it again" : "update fenlei");
        }
}

/* Two n-grams with one key. */
static void an_old_vocabulary_that_repeats_is_refused(void **state)
{
    (void)state;
    char bytes[8192];
    write_old(2, of, sizeof of);
    size_t size = read_model(bytes, sizeof bytes);
    char *written_keys = bytes + OLD_FIRST + (size_t)3 * OLD_ROOM;
    memcpy(written_keys, written_keys + 8, 8);
    const uint64_t checksum = XXH3_64bits(bytes + 32, size - 32);
    memcpy(bytes + 24, &checksum, sizeof checksum);
    write_bytes(bytes, size);
    assert_int_equal(open_and_close(), FENLEI_BAD_MODEL);
    assert_contains(error.message, "contradict");
}

/* In steps, as train writes them: each weight is the nearest number of steps. */
static void weights_in_steps_are_near_and_stay(void **state)
{
    (void)state;
    _Alignas(8) char rows[64];
    struct model_parts written = parts();
    assert_in_range(3 * weights_row_size(2), 1, sizeof rows);
    weights_quantise(&written.weights, 3, rows);
    written.weights.of = NULL;
    written.weights.rows = rows;
    assert_int_equal(model_write(&written, path, &error), FENLEI_OK);
    fenlei_model *model;
    assert_int_equal(fenlei_model_open(path, &model, &error), FENLEI_OK);
    for (uint32_t id = 0; id < 3; id++)
        for (uint32_t topic = 0; topic < 2; topic++) {
            double weight = weight_of(&model->parts.weights, id, topic);
            assert_true(weight == weight_of(&written.weights, id, topic));
            assert_true(fabs(weight - (double)of[2 * id + topic]) <= 6.0 / 32767 / 1.99);
        }
    fenlei_model_close(model);
    assert_int_equal(label_bc(), FENLEI_OK);
    memcpy(rows + 2 * weights_row_size(2), &(float){NAN}, sizeof(float));
    assert_int_equal(model_write(&written, path, &error), FENLEI_OK);
    assert_int_equal(label_bc(), FENLEI_BAD_MODEL);
    assert_contains(error.message, "gives no numbers");
}

/* What becomes of the file while it is read. The linker puts this in the place of read(). */
static bool shrinks;

/* NOLINTBEGIN: the names are the linker's. */
ssize_t __real_read(int descriptor, void *bytes, size_t size);
ssize_t __wrap_read(int descriptor, void *bytes, size_t size);

ssize_t __wrap_read(int descriptor, void *bytes, size_t size)
{
    if (shrinks)
        assert_int_equal(truncate(path, 40), 0);
    return __real_read(descriptor, bytes, size);
}
/* NOLINTEND */

static void a_file_that_shrinks_meanwhile_is_refused(void **state)
{
    (void)state;
    char bytes[8192];
    size_t size = read_model(bytes, sizeof bytes);
    shrinks = true;
    fenlei_status status = open_and_close();
    shrinks = false;
    write_bytes(bytes, size);
    assert_int_equal(status, FENLEI_BAD_MODEL);
    assert_contains(error.message, "m.model: not a usable model: it became shorter");
}

/* Opening it would wait for a writer. */
static void a_pipe_is_refused(void **state)
{
    (void)state;
    fenlei_model *model;
    char pipe[sizeof path + 8];
    snprintf(pipe, sizeof pipe, "%s.pipe", path);
    assert_int_equal(mkfifo(pipe, 0600), 0);
    fenlei_status status = fenlei_model_open(pipe, &model, &error);
    unlink(pipe);
    assert_int_equal(status, FENLEI_BAD_MODEL);
    assert_contains(error.message, "m.model.pipe: not a usable model: not a plain file");
}

/* One whose sums are right: a card that is no JSON object. */
static void a_card_that_is_no_object_is_refused(void **state)
{
    (void)state;
    static const char *const cards[] = {"", "no JSON", "[]", "{\"a\":1", "{} {}", "\"{}\""};
    struct model_parts written = parts();
    for (size_t i = 0; i < sizeof cards / sizeof *cards; i++) {
        written.card = text_of(cards[i]);
        assert_int_equal(model_write(&written, path, &error), FENLEI_OK);
        assert_int_equal(open_and_close(), FENLEI_BAD_MODEL);
        assert_contains(error.message, "m.model: not a usable model: its card: ");
    }
    written = parts();
    assert_int_equal(model_write(&written, path, &error), FENLEI_OK);
    assert_int_equal(open_and_close(), FENLEI_OK);
}

static void bytes_are_a_model_too(void **state)
{
    (void)state;
    char bytes[8192];
    size_t size = read_model(bytes, sizeof bytes);
    fenlei_model *model;
    assert_int_equal(fenlei_model_open_bytes(bytes, size, &model, &error), FENLEI_OK);
    memset(bytes, 0xFF, sizeof bytes); /* it has a copy */
    assert_string_equal(fenlei_topic_id(model, 0), "a");
    assert_memory_equal(model->parts.weights.of, of, sizeof of);
    fenlei_model_close(model);
    size = read_model(bytes, sizeof bytes);
    for (size_t cut = 0; cut < size; cut++) {
        assert_int_equal(fenlei_model_open_bytes(bytes, cut, &model, &error), FENLEI_BAD_MODEL);
        assert_null(model);
    }
    assert_int_equal(fenlei_model_open_bytes(NULL, 0, &model, &error), FENLEI_BAD_MODEL);
    assert_string_equal(error.message, "not a usable model: it is empty");
    assert_int_equal(fenlei_model_open_bytes(NULL, 1, &model, &error), FENLEI_BAD_ARGUMENT);
}

static void no_topic_has_no_name(void **state)
{
    (void)state;
    static const size_t none[] = {2, 3, 1000000000, SIZE_MAX / 8, SIZE_MAX / 2, SIZE_MAX};
    fenlei_model *model;
    size_t topic = 7;
    assert_int_equal(fenlei_model_open(path, &model, &error), FENLEI_OK);
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        assert_null(fenlei_topic_id(model, none[i]));
        assert_null(fenlei_topic_name(model, none[i]));
        assert_true(isnan(fenlei_topic_threshold(model, none[i])));
    }
    assert_false(fenlei_topic_find(model, text_of("c"), &topic));
    assert_false(fenlei_topic_find(model, text_of(""), &topic));
    assert_false(fenlei_topic_find(model, (fenlei_text){NULL, 0}, &topic));
    assert_int_equal(topic, 7);
    assert_true(fenlei_topic_find(model, (fenlei_text){"bc", 1}, &topic));
    assert_int_equal(topic, 1);
    assert_true(fenlei_topic_find(model, text_of("a"), &topic));
    assert_int_equal(topic, 0);
    fenlei_model_close(model);
}

/* Sizes and indices forged, with the checksum made right again. */
static void forged_contents_are_refused(void **state)
{
    (void)state;
    enum { HEADER = 32, CHECKSUM = 24, WORDS = 2048 / 8 };
    static const uint64_t lies[] = {
        0, 1, 63, 64, 1 << 20, UINT64_MAX, UINT64_MAX / 2, UINT64_MAX - 63};
    char bytes[8192], forged[8192];
    size_t size = read_model(bytes, sizeof bytes);
    size_t refused = 0;
    for (size_t word = HEADER / 8; word < WORDS && word * 8 + 8 <= size; word++)
        for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
            memcpy(forged, bytes, size);
            memcpy(forged + word * 8, &lies[i], 8);
            uint64_t checksum =
                XXH3_64bits_withSeed(forged + HEADER, size - HEADER, (uint8_t)forged[8]);
            memcpy(forged + CHECKSUM, &checksum, 8);
            write_bytes(forged, size);
            fenlei_model *model = NULL;
            fenlei_labeler *labeler = NULL;
            const fenlei_article *article;
            /* Refused, or harmless: labelling with it must stay inside the file. */
            if (fenlei_model_open(path, &model, &error) != FENLEI_OK) {
                refused++;
                continue;
            }
            if (fenlei_labeler_new(model, &labeler, &error) == FENLEI_OK)
                fenlei_label_record(labeler, text_of("题"), text_of("正文 text"), NULL, &article,
                                    &error);
            bool knows;
            struct sketch view;
            assert_true(sketch_open(&view, model->parts.sketch));
            assert_true(sketch_knows(&view, text_of("正文 text"), &knows));
            assert_true(strlen(fenlei_topic_name(model, 1)) < size);
            fenlei_labeler_free(labeler);
            fenlei_model_close(model);
        }
    assert_true(refused > 100);
}

/* A bias that is none, a probability for some topics only, a string that begins inside a character:
 * found by tests/fuzz/model.c. */
static void what_would_give_no_numbers_or_no_text_is_refused(void **state)
{
    (void)state;
    static const double bad_bias[] = {-1, (double)INFINITY};
    static const struct calibration half[] = {{0.1, 2, 3}, {-0.1, 0, 0}},
                                    negative[] = {{0.1, -2, 3}, {-0.1, -1, 0}};
    static const uint32_t inside[] = {0, 3, 6, 6};
    struct model_parts forged[7];
    for (size_t i = 0; i < 7; i++)
        forged[i] = parts();
    forged[0].weights.bias = bad_bias;
    forged[1].calibration = half;
    forged[2].calibration = negative;
    forged[3].topic_strings = inside;
    forged[4].strings.bytes = "a\0\xFF\xFE\xFD\0b";
    forged[5].card = (fenlei_text){"\"\xFF\"", 3};
    forged[6].sketch.size -= 4;
    for (size_t i = 0; i < 7; i++) {
        assert_int_equal(model_write(&forged[i], path, &error), FENLEI_OK);
        assert_int_equal(open_and_close(), FENLEI_BAD_MODEL);
        assert_contains(error.message, "contradict");
    }
}

/* As it was written before there were sketches: zeros where the table now has its entry. */
static void a_model_without_a_sketch_opens(void **state)
{
    (void)state;
    enum { HEADER = 32, CHECKSUM = 24, ENTRY = 16, SKETCH = HEADER + 12 * ENTRY };
    char bytes[8192];
    fenlei_model *model;
    struct model_parts written = parts();
    written.sketch = (fenlei_text){NULL, 0};
    assert_int_equal(model_write(&written, path, &error), FENLEI_OK);
    size_t size = read_model(bytes, sizeof bytes);
    memset(bytes + SKETCH, 0, ENTRY);
    uint64_t checksum = XXH3_64bits_withSeed(bytes + HEADER, size - HEADER, (uint8_t)bytes[8]);
    memcpy(bytes + CHECKSUM, &checksum, 8);
    write_bytes(bytes, size);
    assert_int_equal(fenlei_model_open(path, &model, &error), FENLEI_OK);
    assert_int_equal(model->parts.sketch.size, 0);
    fenlei_model_close(model);
}

static void a_newer_format_is_refused_by_name(void **state)
{
    (void)state;
    char bytes[8192];
    size_t size = read_model(bytes, sizeof bytes);
    bytes[8] = 99;
    write_bytes(bytes, size);
    assert_int_equal(open_and_close(), FENLEI_BAD_MODEL);
    assert_contains(error.message, "model format 99");
    assert_contains(error.message, "update fenlei");
}

static void what_is_no_file_is_refused(void **state)
{
    (void)state;
    fenlei_model *model;
    assert_int_equal(fenlei_model_open(folder, &model, &error), FENLEI_BAD_MODEL);
    assert_contains(error.message, "folder");
    assert_int_equal(fenlei_model_open("/no/such/model", &model, &error), FENLEI_IO);
    assert_contains(error.message, "/no/such/model");
    write_bytes("{\"text\": \"a corpus, not a model, by mistake\"}\n", 46);
    assert_int_equal(open_and_close(), FENLEI_BAD_MODEL);
    assert_contains(error.message, "does not begin like");
}

static void a_failed_write_leaves_the_old_model_and_nothing_else(void **state)
{
    (void)state;
    char missing[80], command[120];
    struct model_parts written = parts();
    snprintf(missing, sizeof missing, "%s/no-such-folder/m.model", folder);
    assert_int_equal(model_write(&written, missing, &error), FENLEI_IO);
    assert_contains(error.message, missing);
    assert_int_equal(model_write(&written, folder, &error), FENLEI_IO); /* a folder is there */
    assert_int_equal(open_and_close(), FENLEI_OK);
    snprintf(command, sizeof command,
             "test \"$(ls -A '%s')\" = m.model && ! ls '%s'.tmp-* 2>/dev/null", folder, folder);
    assert_int_equal(system(command), 0);
}

static void more_topics_than_the_limit_are_refused(void **state)
{
    (void)state;
    enum { MORE = TOPICS_MAX + 1 };
    struct model_parts written = parts();
    float *weights = calloc((size_t)3 * MORE, sizeof *weights);
    double *biases = calloc(MORE, sizeof *biases);
    uint32_t *places = calloc((size_t)2 * MORE, sizeof *places);
    struct calibration *calibrations = calloc(MORE, sizeof *calibrations);
    assert_true(weights != NULL && biases != NULL && places != NULL && calibrations != NULL);
    written.topic_strings = places;
    written.calibration = calibrations;
    written.weights = (struct weights){.n_topics = TOPICS_MAX, .of = weights, .bias = biases};
    assert_int_equal(model_write(&written, path, &error), FENLEI_OK);
    assert_int_equal(open_and_close(), FENLEI_OK);
    written.weights.n_topics = MORE;
    assert_int_equal(model_write(&written, path, &error), FENLEI_OK);
    assert_int_equal(open_and_close(), FENLEI_BAD_MODEL);
    free(weights);
    free(biases);
    free(places);
    free(calibrations);
}

/* Where a text needs them: opening a model does not look at each. A length of 0 to divide by is one
 * of them. */
static void numbers_that_are_none_give_no_labels(void **state)
{
    (void)state;
    static const float strange[] = {1, 2, NAN, 0, -INFINITY, 6}, zero[] = {1, 2, 0};
    struct model_parts written = parts();
    written.weights.of = strange;
    assert_int_equal(model_write(&written, path, &error), FENLEI_OK);
    assert_int_equal(label_bc(), FENLEI_BAD_MODEL);
    assert_contains(error.message, "not a usable model: what it has learned gives no numbers");
    const float *const bad_idf[] = {strange, zero, strange + 2};
    for (size_t i = 0; i < 3; i++) {
        written = parts();
        written.idf = bad_idf[i];
        assert_int_equal(model_write(&written, path, &error), FENLEI_OK);
        assert_int_equal(label_bc(), FENLEI_BAD_MODEL);
    }
    written = parts();
    assert_int_equal(model_write(&written, path, &error), FENLEI_OK);
    assert_int_equal(label_bc(), FENLEI_OK);
}

static void expect_mode(mode_t mode)
{
    struct stat file;
    struct model_parts written = parts();
    mode_t mask = umask(027);
    assert_int_equal(model_write(&written, path, &error), FENLEI_OK);
    umask(mask);
    assert_int_equal(stat(path, &file), 0);
    assert_int_equal(file.st_mode & 0777, mode);
}

static void the_mode_is_the_users(void **state)
{
    (void)state;
    unlink(path);
    expect_mode(0640);
    chmod(path, 0604);
    expect_mode(0604);
}

static void a_model_is_told_by_its_beginning(void **state)
{
    (void)state;
    char bytes[8];
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fread(bytes, 1, sizeof bytes, file), sizeof bytes);
    fclose(file);
    assert_true(model_begins((fenlei_text){bytes, sizeof bytes}));
    assert_false(model_begins((fenlei_text){bytes, sizeof bytes - 1}));
    assert_false(model_begins((fenlei_text){NULL, 0}));
    bytes[7] ^= 1;
    assert_false(model_begins((fenlei_text){bytes, sizeof bytes}));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_was_written_is_read),
        TEST(older_formats_open),
        TEST(an_old_vocabulary_that_repeats_is_refused),
        TEST(weights_in_steps_are_near_and_stay),
        TEST(every_truncation_is_refused),
        TEST(every_flipped_bit_is_noticed),
        TEST(forged_contents_are_refused),
        TEST(what_would_give_no_numbers_or_no_text_is_refused),
        TEST(a_model_without_a_sketch_opens),
        TEST(a_newer_format_is_refused_by_name),
        TEST(what_is_no_file_is_refused),
        TEST(a_file_that_shrinks_meanwhile_is_refused),
        TEST(a_pipe_is_refused),
        TEST(a_card_that_is_no_object_is_refused),
        TEST(bytes_are_a_model_too),
        TEST(no_topic_has_no_name),
        TEST(a_failed_write_leaves_the_old_model_and_nothing_else),
        TEST(the_mode_is_the_users),
        TEST(a_model_is_told_by_its_beginning),
        TEST(more_topics_than_the_limit_are_refused),
        TEST(numbers_that_are_none_give_no_labels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
