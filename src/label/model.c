/* SPDX-License-Identifier: BSD-3-Clause */
#include "label/model.h"

#include "base/json.h"
#include "base/memory.h"
#include "base/replace.h"
#include "base/status.h"
#include "base/utf8.h"
#include "label/ngram.h"
#include "label/shipped_model.h"
#include "label/sketch.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>
#if defined __x86_64__ && __has_include(<xxh_x86dispatch.h>)
#include <xxh_x86dispatch.h> /* the same hashes, by the best instructions that there are */
#endif

enum { BYTE_ORDER_MARK = 0x01020304, ALIGNMENT = 64 };

/* How the weights are kept, counted from the first format that has an index of the n-grams. Those
 * before it had buckets of their hashes in its place, and VERSION_OLDEST dense or sparse weights.
 */
enum storage_kind { DENSE, SPARSE, STEPS };
enum { VERSION_OLDEST = 2, VERSION_INDEXED = 4, VERSION_NEWEST = VERSION_INDEXED + STEPS };

static const char MAGIC[8] = {(char)0x89, 'f', 'e', 'n', 'l', 'e', 'i', '\n'};

struct header {
    char magic[8];
    uint32_t version;
    uint32_t byte_order;
    uint64_t file_size;
    uint64_t checksum; /* of everything behind the header, seeded with the version */
};

enum section {
    SECTION_SETTINGS,
    SECTION_TOPICS,
    SECTION_STRINGS,
    SECTION_KEYS,
    SECTION_INDEX,
    SECTION_DOCUMENT_FREQUENCY,
    SECTION_IDF,
    SECTION_WEIGHTS,
    SECTION_BIAS,
    SECTION_CALIBRATION,
    SECTION_CARD,
    SECTION_READER,
    SECTION_SKETCH, /* optional */
    N_SECTIONS
};

struct place {
    uint64_t offset, size;
};

/* The table ends where the first section begins, in models without a sketch too: there its entry is
 * zeros, an empty section, and a program that knows of none passes it over. */
_Static_assert(sizeof(struct header) + N_SECTIONS * sizeof(struct place) <= 256,
               "a table that older models have room for");

/* Where each section lies in memory, with its size. */
struct layout {
    const void *data[N_SECTIONS];
    uint64_t size[N_SECTIONS];
};

static uint64_t aligned(uint64_t offset)
{
    return (offset + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

static enum storage_kind kind_of(const struct weights *weights)
{
    return weights->rows != NULL ? STEPS : weights->starts != NULL ? SPARSE : DENSE;
}

static const void *weights_data(const struct weights *weights)
{
    switch (kind_of(weights)) {
    case STEPS:
        return weights->rows;
    case SPARSE:
        return weights->starts;
    default:
        return weights->of;
    }
}

static uint64_t weights_size(const struct weights *weights, uint32_t vocabulary)
{
    switch (kind_of(weights)) {
    case STEPS:
        return (uint64_t)vocabulary * weights_row_size(weights->n_topics);
    case SPARSE:
        return weights_sparse_size(weights->starts[vocabulary], vocabulary);
    default:
        return (uint64_t)vocabulary * weights->n_topics * sizeof *weights->of;
    }
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
    /* Of narrow keys the index says all. */
    SECTION(SECTION_KEYS, parts->vocab.keys, parts->vocab.is_narrow ? 0 : v * sizeof(uint64_t));
    SECTION(SECTION_INDEX, parts->index.bytes, parts->index.size);
    SECTION(SECTION_DOCUMENT_FREQUENCY, parts->vocab.document_frequency, v * sizeof(uint32_t));
    SECTION(SECTION_IDF, parts->idf, v * sizeof(float));
    SECTION(SECTION_WEIGHTS, weights_data(&parts->weights),
            weights_size(&parts->weights, parts->vocab.size));
    SECTION(SECTION_BIAS, parts->weights.bias, t * sizeof(double));
    SECTION(SECTION_CALIBRATION, parts->calibration, t * sizeof(struct calibration));
    SECTION(SECTION_CARD, parts->card.bytes, parts->card.size);
    SECTION(SECTION_READER, parts->reader.bytes, parts->reader.size);
    SECTION(SECTION_SKETCH, parts->sketch.bytes, parts->sketch.size);
#undef SECTION
    return layout;
}

/* A version that is another by one wrong bit has another checksum; the older ones had no seed. */
static uint64_t seed_of(uint32_t version)
{
    return version < VERSION_INDEXED ? 0 : version;
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
static bool write_contents(struct writer *writer, const struct layout *layout, uint32_t version)
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
    header = (struct header){.version = version,
                             .byte_order = BYTE_ORDER_MARK,
                             .file_size = offset,
                             .checksum = XXH3_64bits_digest(writer->hash)};
    memcpy(header.magic, MAGIC, sizeof MAGIC);
    return good && lseek(writer->descriptor, 0, SEEK_SET) == 0 &&
           write_fully(writer->descriptor, &header, sizeof header);
}

static bool write_model(void *context, int descriptor)
{
    const struct model_parts *parts = context;
    struct writer writer = {.descriptor = descriptor, .hash = XXH3_createState()};
    if (writer.hash == NULL) {
        errno = ENOMEM;
        return false;
    }
    uint32_t version = VERSION_INDEXED + kind_of(&parts->weights);
    XXH3_64bits_reset_withSeed(writer.hash, seed_of(version));
    struct layout layout = layout_of(parts);
    bool good = write_contents(&writer, &layout, version);
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

static fenlei_status refuse(fenlei_error *error, const char *why)
{
    return error_set(error, FENLEI_BAD_MODEL, "not a usable model: %s", why);
}

/* Before anything of the size that it claims is allocated. */
static fenlei_status check_header(const struct header *header, size_t size, fenlei_error *error)
{
    if (memcmp(header->magic, MAGIC, sizeof MAGIC) != 0)
        return refuse(error, "it does not begin like a fenlei model");
    if (header->byte_order != BYTE_ORDER_MARK)
        return refuse(error, "written on a machine of the other byte order");
    if (header->version < VERSION_OLDEST || header->version > VERSION_NEWEST)
        return error_set(error, FENLEI_BAD_MODEL,
                         "model format %u, this program reads formats %d to %d: %s",
                         header->version, VERSION_OLDEST, VERSION_NEWEST,
                         header->version > VERSION_NEWEST ? "update fenlei" : "train it again");
    if (header->file_size != size)
        return error_set(error, FENLEI_BAD_MODEL,
                         "not a usable model: %zu bytes long instead of %llu, truncated or damaged",
                         size, (unsigned long long)header->file_size);
    return FENLEI_OK;
}

/* False where the weights are of another size than their kind has. */
static bool map_weights(struct model_parts *parts, enum storage_kind kind, const void *data,
                        uint64_t size)
{
    uint32_t vocabulary = parts->vocab.size;
    struct weights *weights = &parts->weights;
    weights->of = data;
    if (kind == DENSE)
        return true;
    if (kind == STEPS) {
        weights->of = NULL;
        weights->rows = data;
        return size == (uint64_t)vocabulary * weights_row_size(weights->n_topics);
    }
    if (size < weights_sparse_size(0, vocabulary))
        return false;
    uint64_t n_weights = *((const uint64_t *)data + vocabulary);
    if (n_weights > size || weights_sparse_size(n_weights, vocabulary) != size)
        return false;
    weights_point(weights, data, n_weights, vocabulary);
    return true;
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
        found->size[SECTION_IDF] / sizeof(float) > VOCAB_MOST ||
        found->size[SECTION_BIAS] / sizeof(double) > UINT32_MAX)
        return false;
    memcpy(&parts->settings, found->data[SECTION_SETTINGS], sizeof parts->settings);
    parts->vocab.size = (uint32_t)(found->size[SECTION_IDF] / sizeof(float));
    parts->weights.n_topics = (uint32_t)(found->size[SECTION_BIAS] / sizeof(double));
    parts->topic_strings = found->data[SECTION_TOPICS];
    parts->strings =
        (fenlei_text){found->data[SECTION_STRINGS], (size_t)found->size[SECTION_STRINGS]};
    if (found->size[SECTION_KEYS] > 0)
        parts->vocab.keys = found->data[SECTION_KEYS];
    parts->vocab.document_frequency = found->data[SECTION_DOCUMENT_FREQUENCY];
    parts->idf = found->data[SECTION_IDF];
    parts->weights.bias = found->data[SECTION_BIAS];
    parts->calibration = found->data[SECTION_CALIBRATION];
    parts->card = (fenlei_text){found->data[SECTION_CARD], (size_t)found->size[SECTION_CARD]};
    parts->reader = (fenlei_text){found->data[SECTION_READER], (size_t)found->size[SECTION_READER]};
    parts->sketch = (fenlei_text){found->data[SECTION_SKETCH], (size_t)found->size[SECTION_SKETCH]};
    uint32_t version = ((const struct header *)(const void *)map)->version;
    uint32_t first = version < VERSION_INDEXED ? VERSION_OLDEST : VERSION_INDEXED;
    return chain_view(&parts->chain, parts->reader.bytes, parts->reader.size) &&
           map_weights(parts, (enum storage_kind)(version - first), found->data[SECTION_WEIGHTS],
                       found->size[SECTION_WEIGHTS]);
}

static bool settings_are_valid(const struct feature_settings *settings)
{
    return settings->ngram_min >= 1 && settings->ngram_min <= settings->ngram_max &&
           settings->ngram_max <= NGRAM_MAX && settings->keep_punctuation <= 1 &&
           settings->title_weight <= 100;
}

/* Each n-gram's weights begin where those before it end, for rising topics. */
static bool sparse_is_valid(const struct weights *weights, uint32_t vocabulary)
{
    const uint64_t *starts = weights->starts;
    if (starts[0] != 0)
        return false;
    for (uint32_t id = 0; id < vocabulary; id++) {
        if (starts[id + 1] < starts[id] || starts[id + 1] > starts[vocabulary])
            return false;
        for (uint64_t at = starts[id]; at < starts[id + 1]; at++)
            if (weights->topics[at] >= weights->n_topics ||
                (at > starts[id] && weights->topics[at] <= weights->topics[at - 1]))
                return false;
    }
    return true;
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

/* Every size and index that predicting will rely on. A checksum finds damage; this finds what a
 * wrong or hostile writer would have summed correctly. The many numbers, of which a page needs few,
 * are looked at where they are used: ids by vocab_find_all(), weights and idf by the scores that
 * come of them. */
static bool parts_are_valid(const struct model_parts *parts, const struct layout *found)
{
    if (parts->weights.n_topics == 0 || parts->weights.n_topics > TOPICS_MAX)
        return false;
    struct sketch sketch;
    struct layout expected = layout_of(parts);
    for (int i = 0; i < N_SECTIONS; i++)
        if (expected.size[i] != found->size[i])
            return false;
    for (uint32_t i = 0; i < parts->weights.n_topics; i++)
        if (!isfinite(parts->weights.bias[i]))
            return false;
    return settings_are_valid(&parts->settings) &&
           calibration_is_valid(parts->calibration, parts->weights.n_topics) &&
           (parts->weights.starts == NULL || sparse_is_valid(&parts->weights, parts->vocab.size)) &&
           strings_are_valid(parts->strings, parts->topic_strings,
                             2 * (size_t)parts->weights.n_topics) &&
           is_utf8(parts->card) && sketch_open(&sketch, parts->sketch);
}

/* Finds the index of the n-grams, or makes the one that an older format lacks. Its keys are hashed
 * in an order of their own, which nothing relies on. */
static fenlei_status open_index(fenlei_model *model, struct layout *found)
{
    struct model_parts *parts = &model->parts;
    struct vocab *vocab = &parts->vocab;
    const struct header *header = model->bytes;
    if (found->size[SECTION_KEYS] > 0 &&
        found->size[SECTION_KEYS] != vocab->size * sizeof(uint64_t))
        return FENLEI_BAD_MODEL;
    if (header->version >= VERSION_INDEXED) {
        parts->index =
            (fenlei_text){found->data[SECTION_INDEX], (size_t)found->size[SECTION_INDEX]};
        return vocab_open(vocab, parts->index) ? FENLEI_OK : FENLEI_BAD_MODEL;
    }
    if (vocab->keys == NULL && vocab->size > 0)
        return FENLEI_BAD_MODEL;
    fenlei_status status = vocab_index(vocab, &parts->index);
    model->index = (void *)(uintptr_t)parts->index.bytes;
    found->size[SECTION_INDEX] = parts->index.size;
    if (vocab->is_narrow)
        found->size[SECTION_KEYS] = 0; /* it goes without saying from now on */
    return status == FENLEI_BAD_INPUT ? FENLEI_BAD_MODEL : status;
}

/* All of a model's bytes, its header checked already. */
static fenlei_status verify(fenlei_model *model, uint64_t checksum, fenlei_error *error)
{
    struct header header;
    struct layout found;
    fenlei_error reason;
    memcpy(&header, model->bytes, sizeof header);
    if (checksum != header.checksum)
        return refuse(error, "its checksum is wrong, it is damaged");
    fenlei_status status = map_sections(&model->parts, model->bytes, model->size, &found)
                               ? open_index(model, &found)
                               : FENLEI_BAD_MODEL;
    if (status == FENLEI_NO_MEMORY)
        return error_memory(error);
    if (status != FENLEI_OK &&
        chain_is_foreign(model->parts.reader.bytes, model->parts.reader.size))
        return refuse(error, "its page reader is of another version of fenlei; train it again");
    if (status != FENLEI_OK || !parts_are_valid(&model->parts, &found))
        return refuse(error, "its sections contradict one another");
    status = json_check_object(model->parts.card, &reason);
    if (status == FENLEI_NO_MEMORY)
        return error_memory(error);
    if (status != FENLEI_OK)
        return error_set(error, FENLEI_BAD_MODEL, "not a usable model: its card: %s",
                         reason.message);
    return FENLEI_OK;
}

/* Memory that nobody else can write to. */
static bool allocate(fenlei_model *model, size_t size)
{
    model->bytes = pages_new(size);
    model->size = size;
    return model->bytes != NULL;
}

/* Exactly `size` bytes; a file that has become shorter is refused. Adds them to the hash, if there
 * is one: what has just been read is still in the processor's cache. */
static fenlei_status read_fully(int descriptor, void *bytes, size_t size, XXH3_state_t *hash,
                                fenlei_error *error)
{
    enum { CHUNK = 256 << 10 };
    for (size_t done = 0; done < size;) {
        char *place = (char *)bytes + done;
        ssize_t n = read(descriptor, place, size - done < CHUNK ? size - done : CHUNK);
        if (n == 0)
            return refuse(error, "it became shorter while it was read");
        if (n < 0 && errno != EINTR)
            return error_set(error, FENLEI_IO, "cannot read the model: %s", strerror(errno));
        if (n > 0 && hash != NULL)
            XXH3_64bits_update(hash, place, (size_t)n);
        done += n > 0 ? (size_t)n : 0;
    }
    return FENLEI_OK;
}

static fenlei_status read_descriptor(int descriptor, fenlei_model *model, XXH3_state_t *hash,
                                     fenlei_error *error)
{
    struct stat file;
    struct header header;
    if (fstat(descriptor, &file) != 0)
        return error_set(error, FENLEI_IO, "cannot read the model: %s", strerror(errno));
    if (!S_ISREG(file.st_mode))
        return refuse(error, S_ISDIR(file.st_mode) ? "it is a folder" : "not a plain file");
    size_t size = (size_t)file.st_size;
    if (size < sizeof header)
        return refuse(error, size == 0 ? "it is empty" : "shorter than a header");
    fenlei_status status = read_fully(descriptor, &header, sizeof header, NULL, error);
    if (status == FENLEI_OK)
        status = check_header(&header, size, error);
    if (status != FENLEI_OK)
        return status;
    if (!allocate(model, size))
        return error_memory(error);
    memcpy(model->bytes, &header, sizeof header);
    XXH3_64bits_reset_withSeed(hash, seed_of(header.version));
    return read_fully(descriptor, (char *)model->bytes + sizeof header, size - sizeof header, hash,
                      error);
}

/* Nothing waits for the writer of a pipe. */
static fenlei_status read_file(const char *path, fenlei_model *model, XXH3_state_t *hash,
                               fenlei_error *error)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        return error_set(error, FENLEI_IO, "cannot open the model: %s", strerror(errno));
    fenlei_status status = read_descriptor(descriptor, model, hash, error);
    close(descriptor);
    return status;
}

static fenlei_status copy_bytes(const void *bytes, size_t size, fenlei_model *model,
                                XXH3_state_t *hash, fenlei_error *error)
{
    struct header header;
    if (size < sizeof header)
        return refuse(error, size == 0 ? "it is empty" : "shorter than a header");
    memcpy(&header, bytes, sizeof header);
    fenlei_status status = check_header(&header, size, error);
    if (status != FENLEI_OK)
        return status;
    if (!allocate(model, size))
        return error_memory(error);
    memcpy(model->bytes, bytes, size);
    XXH3_64bits_reset_withSeed(hash, seed_of(header.version));
    XXH3_64bits_update(hash, (char *)model->bytes + sizeof header, size - sizeof header);
    return FENLEI_OK;
}

/* A model that is being opened: from a file, or where `path` is NULL from bytes. */
struct origin {
    const char *path;
    const void *bytes;
    size_t size;
};

static fenlei_status open_from(struct origin origin, fenlei_model **model, fenlei_error *error)
{
    fenlei_model *opened = array_new(1, sizeof *opened);
    XXH3_state_t *hash = XXH3_createState();
    fenlei_status status = FENLEI_NO_MEMORY;
    *model = NULL;
    if (opened == NULL || hash == NULL) {
        error_memory(error);
    } else {
        status = origin.path != NULL ? read_file(origin.path, opened, hash, error)
                                     : copy_bytes(origin.bytes, origin.size, opened, hash, error);
    }
    if (status == FENLEI_OK)
        status = verify(opened, XXH3_64bits_digest(hash), error);
    if (status == FENLEI_OK)
        *model = opened;
    else
        fenlei_model_close(opened);
    XXH3_freeState(hash);
    return status;
}

static fenlei_status open_file(const char *path, fenlei_model **model, fenlei_error *error)
{
    fenlei_status status = open_from((struct origin){.path = path}, model, error);
    if (status != FENLEI_OK && status != FENLEI_NO_MEMORY)
        error_locate(error, path, 0);
    return status;
}

static fenlei_status open_shipped(fenlei_model **model, fenlei_error *error)
{
    struct buffer path = {0};
    shipped_model(&path); /* where there is none, opening says that of the last place */
    fenlei_status status = path.failed ? error_memory(error) : open_file(path.bytes, model, error);
    buffer_release(&path);
    return status;
}

fenlei_status fenlei_model_open(const char *path, fenlei_model **model, fenlei_error *error)
{
    fenlei_error unwanted;
    if (error == NULL)
        error = &unwanted;
    if (model == NULL)
        return error_set(error, FENLEI_BAD_ARGUMENT, "fenlei_model_open: an argument is NULL");
    *model = NULL;
    return path != NULL ? open_file(path, model, error) : open_shipped(model, error);
}

fenlei_status fenlei_model_open_bytes(const void *bytes, size_t size, fenlei_model **model,
                                      fenlei_error *error)
{
    if (model == NULL || (bytes == NULL && size > 0))
        return error_set(error, FENLEI_BAD_ARGUMENT,
                         "fenlei_model_open_bytes: an argument is NULL");
    return open_from((struct origin){.bytes = bytes, .size = size}, model, error);
}

void fenlei_model_close(fenlei_model *model)
{
    if (model == NULL)
        return;
    pages_free(model->bytes, model->size);
    free(model->index);
    free(model);
}

static bool has_topic(const fenlei_model *model, size_t topic)
{
    return model != NULL && topic < model->parts.weights.n_topics;
}

/* The id (0) or the name (1) of a topic. */
static const char *topic_string(const fenlei_model *model, size_t topic, size_t which)
{
    if (!has_topic(model, topic))
        return NULL;
    return model->parts.strings.bytes + model->parts.topic_strings[2 * topic + which];
}

size_t fenlei_topic_count(const fenlei_model *model)
{
    return model != NULL ? model->parts.weights.n_topics : 0;
}

const char *fenlei_topic_id(const fenlei_model *model, size_t topic)
{
    return topic_string(model, topic, 0);
}

const char *fenlei_topic_name(const fenlei_model *model, size_t topic)
{
    return topic_string(model, topic, 1);
}

bool fenlei_topic_find(const fenlei_model *model, fenlei_text id, size_t *topic)
{
    for (size_t i = 0; i < fenlei_topic_count(model); i++)
        if (text_equal(text_of(fenlei_topic_id(model, i)), id)) {
            *topic = i;
            return true;
        }
    return false;
}

double fenlei_topic_threshold(const fenlei_model *model, size_t topic)
{
    return has_topic(model, topic) ? model->parts.calibration[topic].threshold : (double)NAN;
}

bool fenlei_has_probabilities(const fenlei_model *model)
{
    return model != NULL && model->parts.calibration[0].slope > 0;
}

fenlei_text fenlei_model_card(const fenlei_model *model)
{
    return model != NULL ? model->parts.card : (fenlei_text){"", 0};
}
