/* SPDX-License-Identifier: BSD-3-Clause */
#include "command/outputs.h"

#include "base/folder.h"
#include "base/input.h"
#include "base/plain.h"
#include "base/replace.h"
#include "base/status.h"
#include "command/message.h"
#include "html/html.h"
#include "label/model.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BEGINNING = 512 };

const struct output_kind OUTPUT_MODEL = {"fenlei model", model_begins, false};
const struct output_kind OUTPUT_PAGE = {"page of fenlei's", html_begins, true};

/* ---- what is the same file ---- */

/* A file that is not there yet, by the folder it would be in. */
static bool place_in_folder(struct place *place, const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = folder_of(path);
    place->name = slash != NULL ? slash + 1 : path;
    place->is_known = folder != NULL && stat(folder, &place->file) == 0;
    bool good = folder != NULL;
    free(folder);
    return good;
}

/* "-" is standard input. False when memory runs out. */
static bool find_place(struct place *place, const char *path)
{
    *place = (struct place){.is_known = true};
    int status =
        strcmp(path, "-") == 0 ? fstat(STDIN_FILENO, &place->file) : stat(path, &place->file);
    return status == 0 || place_in_folder(place, path);
}

static bool is_same(const struct place *a, const struct place *b)
{
    return a->is_known && b->is_known && a->file.st_dev == b->file.st_dev &&
           a->file.st_ino == b->file.st_ino && (a->name == NULL) == (b->name == NULL) &&
           (a->name == NULL || strcmp(a->name, b->name) == 0);
}

/* ---- saying so ---- */

static void name_output(struct buffer *out, const struct output *output)
{
    buffer_append_string(out, output->option);
    if (output->path == NULL)
        return;
    buffer_append_string(out, " ");
    plain_append(out, text_of(output->path));
}

static void name_input(struct buffer *out, const char *role, const char *path)
{
    buffer_append_format(out, "%s ", role);
    plain_append(out, text_of(strcmp(path, "-") == 0 ? "(standard input)" : path));
}

static void say_fault(struct outputs *outputs, const char *name, const char *text)
{
    outputs->is_faulty = true;
    message(name, 0, text);
}

static void say_out_of_memory(struct outputs *outputs)
{
    say_fault(outputs, "start", "out of memory");
}

/* Says what stands in *text and `rest`, and frees it. */
static void refuse(struct outputs *outputs, struct buffer *text, const char *rest)
{
    outputs->is_refused = true;
    buffer_append(text, rest, strlen(rest) + 1);
    message(NULL, 0, text->failed ? "out of memory" : text->bytes);
    buffer_release(text);
}

static void refuse_same(struct outputs *outputs, struct buffer *names)
{
    refuse(outputs, names, " are the same file; it was not written");
}

/* ---- outputs ---- */

void outputs_begin(struct outputs *outputs, bool force)
{
    *outputs = (struct outputs){.force = force};
    struct output *output = &outputs->of[outputs->n++];
    output->option = "standard output";
    output->place.is_known = fstat(STDOUT_FILENO, &output->place.file) == 0;
}

void outputs_add(struct outputs *outputs, const char *option, const char *path,
                 const struct output_kind *kind)
{
    if (path == NULL)
        return;
    assert(outputs->n < OUTPUTS_MAX);
    struct output *output = &outputs->of[outputs->n];
    *output = (struct output){option, path, kind, {.is_known = false}};
    if (!find_place(&output->place, path)) {
        say_out_of_memory(outputs);
        return;
    }
    for (size_t i = 0; i < outputs->n; i++) {
        if (!is_same(&outputs->of[i].place, &output->place))
            continue;
        struct buffer names = {0};
        name_output(&names, &outputs->of[i]);
        buffer_append_string(&names, " and ");
        name_output(&names, output);
        refuse_same(outputs, &names);
    }
    outputs->n++;
}

/* ---- inputs ---- */

/* A terminal, a pipe or a device may be read and written. */
static bool holds_data(const struct place *place)
{
    return place->name != NULL || S_ISREG(place->file.st_mode) || S_ISDIR(place->file.st_mode);
}

/* Can no input be one of the outputs? Then none has to be looked at. */
static bool has_none(const struct outputs *outputs)
{
    return outputs->n == 1 && !holds_data(&outputs->of[0].place);
}

bool outputs_spare(struct outputs *outputs, const char *role, const char *path)
{
    struct place place;
    if (has_none(outputs))
        return true;
    if (!find_place(&place, path)) {
        say_out_of_memory(outputs);
        return false;
    }
    for (size_t i = 0; i < outputs->n && holds_data(&place); i++) {
        if (!is_same(&outputs->of[i].place, &place))
            continue;
        struct buffer names = {0};
        name_output(&names, &outputs->of[i]);
        buffer_append_string(&names, " and ");
        name_input(&names, role, path);
        refuse_same(outputs, &names);
        return false;
    }
    return true;
}

/* Spares what is in a folder, and `depth` folders further down. */
static void spare_entries(struct outputs *outputs, const char *role, const char *folder,
                          unsigned depth)
{
    DIR *entries = opendir(folder);
    struct buffer path = {0};
    for (struct dirent *entry;
         entries != NULL && !outputs->is_faulty && (entry = readdir(entries)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        buffer_clear(&path);
        buffer_append_format(&path, "%s/%s", folder, entry->d_name);
        if (path.failed)
            say_out_of_memory(outputs);
        else if (depth > 0)
            spare_entries(outputs, role, path.bytes, depth - 1);
        else
            outputs_spare(outputs, role, path.bytes);
    }
    if (entries != NULL)
        closedir(entries);
    buffer_release(&path);
}

void outputs_spare_folder(struct outputs *outputs, const char *role, const char *folder)
{
    if (!has_none(outputs))
        spare_entries(outputs, role, folder, 1);
}

struct sparing {
    struct outputs *outputs;
    const char *role;
};

static bool spare_found(void *context, const char *path)
{
    const struct sparing *sparing = context;
    outputs_spare(sparing->outputs, sparing->role, path);
    return !sparing->outputs->is_faulty;
}

/* A folder that cannot be read is for its reader to complain of. */
static void pass_over(void *context, const char *folder, const char *text)
{
    (void)context;
    (void)folder;
    (void)text;
}

void outputs_spare_walk(struct outputs *outputs, const char *role, const char *folder, bool deep)
{
    struct sparing sparing = {outputs, role};
    struct folder_walk walk = {
        .deep = deep, .context = &sparing, .visit = spare_found, .fail = pass_over};
    if (!has_none(outputs))
        folder_walk(&walk, folder);
}

/* Spares the files named by the lines from here on. A name that cannot be one is for its reader to
 * complain of. */
static void spare_lines(struct outputs *outputs, const char *role, struct input *list)
{
    struct buffer name = {0};
    fenlei_error error;
    bool end = false;
    while (!outputs->is_faulty && input_line(list, &name, &end, &error) == FENLEI_OK && !end) {
        if (name.failed || name.size == 0 || memchr(name.bytes, '\0', name.size) != NULL)
            continue;
        buffer_append(&name, "", 1);
        if (name.failed)
            say_out_of_memory(outputs);
        else
            outputs_spare(outputs, role, name.bytes);
    }
    buffer_release(&name);
}

void outputs_spare_listed(struct outputs *outputs, const char *role, const char *list,
                          bool ends_at_nul)
{
    struct input input;
    struct place place;
    fenlei_error error;
    if (has_none(outputs))
        return;
    /* What is no plain file is not opened: a pipe would wait for its writer, and lose what it says.
     */
    if (!find_place(&place, list) || place.name != NULL || !S_ISREG(place.file.st_mode) ||
        input_open(&input, list, &error) != FENLEI_OK)
        return;
    input.ends_at_nul = ends_at_nul;
    off_t start = lseek(input.descriptor, 0, SEEK_CUR);
    spare_lines(outputs, role, &input);
    if (lseek(input.descriptor, start, SEEK_SET) < 0)
        say_fault(outputs, list, "cannot read it twice");
    input_close(&input);
}

/* ---- what is replaced ---- */

/* The first bytes of a file, as many as it has; false, with errno set, when they cannot be read. */
static bool read_beginning(const char *path, char bytes[BEGINNING], size_t *size)
{
    int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0)
        return false;
    ssize_t more;
    *size = 0;
    do {
        more = read(descriptor, bytes + *size, BEGINNING - *size);
        *size += more > 0 ? (size_t)more : 0;
    } while (more > 0 || (more < 0 && errno == EINTR));
    int saved = errno;
    close(descriptor);
    errno = saved;
    return more >= 0;
}

/* Refuses an output that would take the place of what is not of its kind; a model's place is
 * taken by a model alone. */
static void check_place(struct outputs *outputs, const struct output *output)
{
    char bytes[BEGINNING];
    size_t size;
    fenlei_error error;
    const struct output_kind *kind = output->kind;
    if (output->place.name != NULL || !S_ISREG(output->place.file.st_mode) ||
        output->place.file.st_size == 0)
        return;
    if (!read_beginning(output->path, bytes, &size)) {
        error_io(&error, output->path, "read what would be replaced");
        say_fault(outputs, NULL, error.message);
        return;
    }
    fenlei_text beginning = {bytes, size};
    bool is_forced = outputs->force && kind->may_force && !model_begins(beginning);
    if (kind->begins(beginning) || is_forced)
        return;
    struct buffer text = {0};
    name_output(&text, output);
    buffer_append_format(&text, ": what is there is no %s and stays; ", kind->what);
    refuse(outputs, &text,
           !kind->may_force          ? "behind -o, a pattern like *.jsonl makes an output of a file"
           : model_begins(beginning) ? "it is a model"
                                     : "--force replaces it all the same");
}

static void check_writing(struct outputs *outputs, const struct output *output)
{
    fenlei_error error;
    if (replace_try(output->path, &error) != FENLEI_OK)
        say_fault(outputs, NULL, error.message);
}

enum exit_status outputs_check(struct outputs *outputs)
{
    for (size_t i = 1; i < outputs->n && !outputs->is_refused; i++)
        check_place(outputs, &outputs->of[i]);
    for (size_t i = 1; i < outputs->n && !outputs->is_refused && !outputs->is_faulty; i++)
        check_writing(outputs, &outputs->of[i]);
    if (outputs->is_refused)
        return EXIT_USAGE;
    return outputs->is_faulty ? EXIT_INPUT : EXIT_DONE;
}
