#include "label/model.h"

#include "base/memory.h"
#include "base/replace.h"
#include "base/status.h"
#include "base/utf8.h"
#include "label/ngram.h"

#include <errno.h>
#include <fcntl.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

enum { MODEL_VERSION = 1, BYTE_ORDER_MARK = 0x01020304, ALIGNMENT = 64 };
static const char MAGIC[8] = {(char)0x89, 'f', 'e', 'n', 'l', 'e', 'i', '\n'};

struct header {
    char magic[8];
    uint32_t version;
    uint32_t byte_order;
    uint64_t file_size;
    uint64_t checksum; /* of everything behind the header */
};

enum section {
    SECTION_SETTINGS,
    SECTION_TOPICS,
    SECTION_STRINGS,
    SECTION_KEYS,
    SECTION_BUCKETS,
    SECTION_DOCUMENT_FREQUENCY,
    SECTION_IDF,
    SECTION_WEIGHTS,
    SECTION_BIAS,
    SECTION_CALIBRATION,
    SECTION_CARD,
    N_SECTIONS
};

struct place {
    uint64_t offset, size;
};

/* Where each section lies in memory, with its size. */
struct layout {
    const void *data[N_SECTIONS];
    uint64_t size[N_SECTIONS];
};

static uint64_t aligned(uint64_t offset)
{
    return (offset + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

static struct layout layout_of(const struct model_parts *parts)
{
    uint64_t v = parts->vocab.size, t = parts->weights.n_topics;
    struct layout layout = {0};
#define SECTION(name, pointer, bytes)                                                              \
    layout.data[name] = (pointer), layout.size[name] = (uint64_t)(bytes)
    SECTION(SECTION_SETTINGS, &parts->settings, sizeof parts->settings);
    SECTION(SECTION_TOPICS, parts->topic_strings, t * 2 * sizeof(uint32_t));
    SECTION(SECTION_STRINGS, parts->strings.bytes, parts->strings.size);
    SECTION(SECTION_KEYS, parts->vocab.keys, v * sizeof(uint64_t));
    SECTION(SECTION_BUCKETS, parts->vocab.buckets,
            ((UINT64_C(1) << parts->vocab.bucket_bits) + 1) * sizeof(uint32_t));
    SECTION(SECTION_DOCUMENT_FREQUENCY, parts->vocab.document_frequency, v * sizeof(uint32_t));
    SECTION(SECTION_IDF, parts->idf, v * sizeof(float));
    SECTION(SECTION_WEIGHTS, parts->weights.of, v * t * sizeof(float));
    SECTION(SECTION_BIAS, parts->weights.bias, t * sizeof(double));
    SECTION(SECTION_CALIBRATION, parts->calibration, t * sizeof(struct calibration));
    SECTION(SECTION_CARD, parts->card.bytes, parts->card.size);
#undef SECTION
    return layout;
}

bool model_begins(fenlei_text beginning)
{
    return beginning.size >= sizeof MAGIC && memcmp(beginning.bytes, MAGIC, sizeof MAGIC) == 0;
}

/* ---- writing ---- */

struct writer {
    int descriptor;
    XXH3_state_t *hash;
    uint64_t offset;
};

static bool write_bytes(struct writer *writer, const void *bytes, uint64_t size)
{
    if (size == 0)
        return true;
    XXH3_64bits_update(writer->hash, bytes, (size_t)size);
    writer->offset += size;
    return write_fully(writer->descriptor, bytes, size);
}

static bool write_padding(struct writer *writer)
{
    static const char zeros[ALIGNMENT];
    return write_bytes(writer, zeros, aligned(writer->offset) - writer->offset);
}

/* The header comes last, over zeros: what is cut off before does not begin like a model. */
static bool write_contents(struct writer *writer, const struct layout *layout)
{
    struct header header = {0};
    struct place places[N_SECTIONS];
    uint64_t offset = aligned(sizeof header + sizeof places);
    for (int i = 0; i < N_SECTIONS; i++) {
        places[i] = (struct place){offset, layout->size[i]};
        offset = aligned(offset + layout->size[i]);
    }
    writer->offset = sizeof header;
    bool good = write_fully(writer->descriptor, &header, sizeof header) &&
                write_bytes(writer, places, sizeof places) && write_padding(writer);
    for (int i = 0; good && i < N_SECTIONS; i++)
        good = write_bytes(writer, layout->data[i], layout->size[i]) && write_padding(writer);
    header = (struct header){.version = MODEL_VERSION,
                             .byte_order = BYTE_ORDER_MARK,
                             .file_size = offset,
                             .checksum = XXH3_64bits_digest(writer->hash)};
    memcpy(header.magic, MAGIC, sizeof MAGIC);
    return good && lseek(writer->descriptor, 0, SEEK_SET) == 0 &&
           write_fully(writer->descriptor, &header, sizeof header);
}

static bool write_model(void *context, int descriptor)
{
    struct writer writer = {.descriptor = descriptor, .hash = XXH3_createState()};
    if (writer.hash == NULL) {
        errno = ENOMEM;
        return false;
    }
    XXH3_64bits_reset(writer.hash);
    struct layout layout = layout_of(context);
    bool good = write_contents(&writer, &layout);
    int saved = errno;
    XXH3_freeState(writer.hash);
    errno = saved;
    return good;
}

fenlei_status model_write(const struct model_parts *parts, const char *path, fenlei_error *error)
{
    struct model_parts copy = *parts;
    return replace_file(path, write_model, &copy, error);
}

/* ---- opening ---- */

static fenlei_status refuse(fenlei_error *error, const char *path, const char *why)
{
    return error_set(error, FENLEI_BAD_MODEL, "%s: not a usable model: %s", path, why);
}

static fenlei_status check_header(const char *path, const void *map, size_t size,
                                  fenlei_error *error)
{
    struct header header;
    if (size < sizeof header)
        return refuse(error, path, "shorter than a header");
    memcpy(&header, map, sizeof header);
    if (memcmp(header.magic, MAGIC, sizeof MAGIC) != 0)
        return refuse(error, path, "it does not begin like a fenlei model");
    if (header.byte_order != BYTE_ORDER_MARK)
        return refuse(error, path, "written on a machine of the other byte order");
    if (header.version != MODEL_VERSION)
        return error_set(error, FENLEI_BAD_MODEL,
                         "%s: model format %u, this program reads format %d: %s", path,
                         header.version, MODEL_VERSION,
                         header.version > MODEL_VERSION ? "update fenlei" : "train it again");
    if (header.file_size != size)
        return error_set(error, FENLEI_BAD_MODEL,
                         "%s: not a usable model: %zu bytes long instead of %llu, truncated or "
                         "damaged",
                         path, size, (unsigned long long)header.file_size);
    const char *body = (const char *)map + sizeof header;
    if (XXH3_64bits(body, size - sizeof header) != header.checksum)
        return refuse(error, path, "its checksum is wrong, it is damaged");
    return FENLEI_OK;
}

/* Points the parts at their sections; false when a place lies outside the file or is unaligned. */
static bool map_sections(struct model_parts *parts, const char *map, size_t size,
                         struct layout *found)
{
    struct place places[N_SECTIONS];
    if (size < sizeof(struct header) + sizeof places)
        return false;
    memcpy(places, map + sizeof(struct header), sizeof places);
    for (int i = 0; i < N_SECTIONS; i++) {
        if (places[i].offset % ALIGNMENT != 0 || places[i].offset > size ||
            places[i].size > size - places[i].offset)
            return false;
        found->data[i] = map + places[i].offset;
        found->size[i] = places[i].size;
    }
    if (found->size[SECTION_SETTINGS] != sizeof parts->settings ||
        found->size[SECTION_BUCKETS] < 3 * sizeof(uint32_t) ||
        found->size[SECTION_KEYS] / sizeof(uint64_t) >= VOCAB_UNKNOWN ||
        found->size[SECTION_BIAS] / sizeof(double) > UINT32_MAX)
        return false;
    memcpy(&parts->settings, found->data[SECTION_SETTINGS], sizeof parts->settings);
    parts->vocab.size = (uint32_t)(found->size[SECTION_KEYS] / sizeof(uint64_t));
    parts->weights.n_topics = (uint32_t)(found->size[SECTION_BIAS] / sizeof(double));
    uint64_t n_buckets = found->size[SECTION_BUCKETS] / sizeof(uint32_t) - 1;
    while (parts->vocab.bucket_bits < 31 && UINT64_C(1) << parts->vocab.bucket_bits < n_buckets)
        parts->vocab.bucket_bits++;
    parts->topic_strings = found->data[SECTION_TOPICS];
    parts->strings =
        (fenlei_text){found->data[SECTION_STRINGS], (size_t)found->size[SECTION_STRINGS]};
    parts->vocab.keys = found->data[SECTION_KEYS];
    parts->vocab.buckets = found->data[SECTION_BUCKETS];
    parts->vocab.document_frequency = found->data[SECTION_DOCUMENT_FREQUENCY];
    parts->idf = found->data[SECTION_IDF];
    parts->weights.of = found->data[SECTION_WEIGHTS];
    parts->weights.bias = found->data[SECTION_BIAS];
    parts->calibration = found->data[SECTION_CALIBRATION];
    parts->card = (fenlei_text){found->data[SECTION_CARD], (size_t)found->size[SECTION_CARD]};
    return true;
}

static bool settings_are_valid(const struct feature_settings *settings)
{
    return settings->ngram_min >= 1 && settings->ngram_min <= settings->ngram_max &&
           settings->ngram_max <= NGRAM_MAX && settings->keep_punctuation <= 1 &&
           settings->title_weight <= 100;
}

static bool are_finite(const float *values, size_t n)
{
    bool finite = true;
    for (size_t i = 0; i < n; i++)
        finite &= fabsf(values[i]) <= FLT_MAX;
    return finite;
}

/* A document's vector is divided by its length, which must not be 0. */
static bool are_positive(const float *values, size_t n)
{
    bool positive = true;
    for (size_t i = 0; i < n; i++)
        positive &= values[i] > 0;
    return positive;
}

/* Every topic has a probability, or none. */
static bool calibration_is_valid(const struct calibration *calibration, uint32_t n_topics)
{
    for (uint32_t i = 0; i < n_topics; i++)
        if (!isfinite(calibration[i].threshold) || !isfinite(calibration[i].intercept) ||
            !isfinite(calibration[i].slope) || calibration[i].slope < 0 ||
            (calibration[i].slope > 0) != (calibration[0].slope > 0))
            return false;
    return true;
}

static bool is_utf8(fenlei_text text)
{
    return utf8_valid_prefix(text.bytes, text.size) == text.size;
}

/* Strings of UTF-8, each ended by NUL, at whose beginnings the n places lie. */
static bool strings_are_valid(fenlei_text strings, const uint32_t *places, size_t n)
{
    if (strings.size == 0 || strings.bytes[strings.size - 1] != '\0' || !is_utf8(strings))
        return false;
    for (size_t i = 0; i < n; i++)
        if (places[i] >= strings.size || (places[i] > 0 && strings.bytes[places[i] - 1] != '\0'))
            return false;
    return true;
}

/* Every size, index and number that predicting will rely on. A checksum finds damage; this finds
 * what a wrong or hostile writer would have summed correctly. */
static bool parts_are_valid(const struct model_parts *parts, const struct layout *found)
{
    uint64_t cells = (uint64_t)parts->vocab.size * parts->weights.n_topics;
    if (parts->weights.n_topics == 0 || parts->weights.n_topics > TOPICS_MAX ||
        cells > UINT64_MAX / sizeof(float))
        return false;
    struct layout expected = layout_of(parts);
    for (int i = 0; i < N_SECTIONS; i++)
        if (expected.size[i] != found->size[i])
            return false;
    for (uint32_t i = 0; i < parts->weights.n_topics; i++)
        if (!isfinite(parts->weights.bias[i]))
            return false;
    return settings_are_valid(&parts->settings) && vocab_is_valid(&parts->vocab) &&
           calibration_is_valid(parts->calibration, parts->weights.n_topics) &&
           are_finite(parts->weights.of, (size_t)cells) &&
           are_finite(parts->idf, parts->vocab.size) &&
           are_positive(parts->idf, parts->vocab.size) &&
           strings_are_valid(parts->strings, parts->topic_strings,
                             2 * (size_t)parts->weights.n_topics) &&
           is_utf8(parts->card);
}

static fenlei_status map_file(const char *path, fenlei_model *model, fenlei_error *error)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return error_io(error, path, "open the model");
    struct stat file;
    fenlei_status status = FENLEI_OK;
    if (fstat(descriptor, &file) != 0)
        status = error_io(error, path, "open the model");
    else if (!S_ISREG(file.st_mode))
        status = refuse(error, path, S_ISDIR(file.st_mode) ? "it is a folder" : "not a plain file");
    else if (file.st_size == 0)
        status = refuse(error, path, "it is empty");
    if (status == FENLEI_OK) {
        model->map_size = (size_t)file.st_size;
        model->map = mmap(NULL, model->map_size, PROT_READ, MAP_PRIVATE, descriptor, 0);
        if (model->map == MAP_FAILED) {
            model->map = NULL;
            status = error_io(error, path, "map the model");
        }
    }
    close(descriptor);
    return status;
}

fenlei_status fenlei_model_open(const char *path, fenlei_model **model, fenlei_error *error)
{
    fenlei_model *opened = array_new(1, sizeof *opened);
    if (opened == NULL)
        return error_memory(error);
    struct layout found;
    fenlei_status status = map_file(path, opened, error);
    if (status == FENLEI_OK)
        status = check_header(path, opened->map, opened->map_size, error);
    if (status == FENLEI_OK &&
        !(map_sections(&opened->parts, opened->map, opened->map_size, &found) &&
          parts_are_valid(&opened->parts, &found)))
        status = refuse(error, path, "its sections contradict one another");
    if (status != FENLEI_OK) {
        fenlei_model_close(opened);
        return status;
    }
    *model = opened;
    return FENLEI_OK;
}

void fenlei_model_close(fenlei_model *model)
{
    if (model == NULL)
        return;
    if (model->map != NULL)
        munmap(model->map, model->map_size);
    free(model);
}

size_t fenlei_topic_count(const fenlei_model *model)
{
    return model->parts.weights.n_topics;
}

const char *fenlei_topic_id(const fenlei_model *model, size_t topic)
{
    return model->parts.strings.bytes + model->parts.topic_strings[2 * topic];
}

const char *fenlei_topic_name(const fenlei_model *model, size_t topic)
{
    return model->parts.strings.bytes + model->parts.topic_strings[2 * topic + 1];
}

double fenlei_topic_threshold(const fenlei_model *model, size_t topic)
{
    return model->parts.calibration[topic].threshold;
}

bool fenlei_has_probabilities(const fenlei_model *model)
{
    return model->parts.calibration[0].slope > 0;
}

fenlei_text fenlei_model_card(const fenlei_model *model)
{
    return model->parts.card;
}
