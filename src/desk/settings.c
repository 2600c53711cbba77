/* SPDX-License-Identifier: BSD-3-Clause */
#include "desk/settings.h"

#include "base/parallel.h"
#include "command/arguments.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_DATA = 256, KEY_LISTEN, KEY_CORPUS, KEY_PASSWORD, KEY_DEMO, PORT = 8765 };

static const struct argp_option option_table[] = {
    {"data", KEY_DATA, "DIR", 0,
     "the folder that everything is kept in (default $XDG_DATA_HOME/fenlei)", 1},
    {"model", 'm', "FILE", 0, "the model to begin with; else $FENLEI_MODEL or the shipped one", 1},
    {"corpus", KEY_CORPUS, "FILE", 0,
     "labelled articles that retraining begins with; may be repeated (default: the shipped ones)",
     1},
    {"listen", KEY_LISTEN, "ADDRESS:PORT", 0, "where to listen (default 127.0.0.1:8765)", 2},
    {"password-file", KEY_PASSWORD, "FILE", 0,
     "ask for the password in the first line of FILE; must be given to listen on an address that "
     "others reach",
     2},
    {"threads", 'j', "N", 0, "threads (default 0: one a processor)", 2},
    {"demo", KEY_DEMO, NULL, 0, "begin with the seed pages, in a folder that is gone afterwards",
     3},
    {0}};

/* ADDRESS, ADDRESS:PORT, [ADDRESS]:PORT or :PORT */
static void parse_listen(struct settings *settings, const char *text, struct argp_state *state)
{
    const char *colon = strrchr(text, ':'), *end = text + strlen(text);
    bool is_bracketed = text[0] == '[';
    if (is_bracketed && (colon == NULL || colon[-1] != ']'))
        colon = NULL;
    if (colon != NULL) {
        char *stop;
        unsigned long port = strtoul(colon + 1, &stop, 10);
        if (stop == colon + 1 || *stop != '\0' || port > 65535)
            argp_error(state, "--listen takes a port from 0 to 65535, not \"%s\"", colon + 1);
        settings->port = (unsigned)port;
        end = colon;
    }
    const char *start = text + is_bracketed;
    end -= is_bracketed && end > start && end[-1] == ']';
    size_t size = (size_t)(end - start);
    if (size >= sizeof settings->address)
        argp_error(state, "--listen takes ADDRESS:PORT, not \"%s\"", text);
    if (size == 0)
        return;
    memcpy(settings->address, start, size);
    settings->address[size] = '\0';
}

static bool add_corpus(struct settings *settings, const char *path)
{
    if (!array_reserve(&settings->corpora, &settings->corpora_capacity, settings->n_corpora + 1,
                       sizeof *settings->corpora))
        return false;
    settings->corpora[settings->n_corpora++] = path;
    return true;
}

static unsigned parse_threads(const char *text, struct argp_state *state)
{
    char *end;
    unsigned long value = strtoul(text, &end, 10);
    if (end == text || *end != '\0' || value > THREADS_MAX || text[0] == '-')
        argp_error(state, "-j takes a whole number from 0 to %d, not \"%s\"", THREADS_MAX, text);
    return (unsigned)value;
}

static void parse_end(struct settings *settings, struct argp_state *state)
{
    if (settings->password == NULL && !settings_are_local(settings))
        argp_error(state,
                   "others reach %s: give a --password-file, and put a proxy with TLS before the "
                   "desk",
                   settings->address);
    if (settings->is_demo && settings->folder.size > 0)
        argp_error(state, "--demo has a folder of its own: --data does not go with it");
    if (settings->threads == 0)
        settings->threads = parallel_processors();
}

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
    struct settings *settings = state->input;
    switch (key) {
    case KEY_DATA:
        buffer_clear(&settings->folder);
        buffer_append_string(&settings->folder, argument);
        break;
    case 'm':
        settings->model = argument;
        break;
    case KEY_CORPUS:
        if (!add_corpus(settings, argument))
            return ENOMEM;
        break;
    case KEY_LISTEN:
        parse_listen(settings, argument, state);
        break;
    case KEY_PASSWORD:
        settings->password = argument;
        break;
    case KEY_DEMO:
        settings->is_demo = true;
        break;
    case 'j':
        settings->threads = parse_threads(argument, state);
        break;
    case ARGP_KEY_ARG:
        argp_error(state, "\"%s\" is no option; files are dropped on the page", argument);
        break;
    case ARGP_KEY_END:
        parse_end(settings, state);
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

const char *argp_program_version = "desk (fenlei) " FENLEI_VERSION;

static const struct argp_child children[] = {{&arguments_common, 0, NULL, -1}, {0}};

static const struct argp parser = {
    option_table,
    parse_option,
    "",
    "Opens the desk: a page in the browser that labels, is corrected, and learns from that.\v"
    "It says the address to open, and runs until it is interrupted.\n\n"
    "Exit status: 0 ended as asked, 1 the data or the address cannot be used, 2 wrong usage, 3 no "
    "usable model.",
    children,
    NULL,
    NULL};

/* $XDG_DATA_HOME/fenlei, or what stands for it. */
static void choose_folder(struct settings *settings)
{
    const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    if (data != NULL && data[0] == '/')
        buffer_append_format(&settings->folder, "%s/fenlei", data);
    else
        buffer_append_format(&settings->folder, "%s/.local/share/fenlei",
                             home != NULL && home[0] == '/' ? home : "/tmp");
}

bool settings_parse(int argc, char **argv, struct settings *settings)
{
    *settings = (struct settings){.address = "127.0.0.1", .port = PORT};
    if (arguments_parse(&parser, argc, argv, settings) != 0)
        return false;
    if (settings->folder.size == 0 && !settings->is_demo)
        choose_folder(settings);
    buffer_append(&settings->folder, "", 1);
    return !settings->folder.failed;
}

void settings_release(struct settings *settings)
{
    buffer_release(&settings->folder);
    free(settings->corpora);
}

bool settings_are_local(const struct settings *settings)
{
    return strncmp(settings->address, "127.", 4) == 0 || strcmp(settings->address, "::1") == 0;
}
