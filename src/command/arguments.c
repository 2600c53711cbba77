/* SPDX-License-Identifier: BSD-3-Clause */
#include "command/arguments.h"

#include "base/memory.h"
#include "base/suggestion.h"
#include "command/completion.h"
#include "command/exit_status.h"
#include "command/message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_USAGE = 'U' << 16 };

static const struct argp_option common_options[] = {
    {"help", 'h', NULL, 0, "print this list", -1},
    {NULL, '?', NULL, OPTION_HIDDEN, NULL, -1},
    {"usage", KEY_USAGE, NULL, 0, "print a short summary", -1},
    {"version", 'V', NULL, 0, "print the version", -1},
    {0}};

static void print_version(const struct argp_state *state)
{
    struct buffer line = {0};
    buffer_append_format(&line, "%s\n", argp_program_version);
    fwrite(line.bytes, 1, line.size, state->out_stream);
    buffer_release(&line);
    if ((state->flags & ARGP_NO_EXIT) == 0)
        exit(EXIT_DONE);
}

static error_t parse_common(int key, char *argument, struct argp_state *state)
{
    (void)argument;
    switch (key) {
    case 'h':
    case '?':
        argp_state_help(state, state->out_stream, ARGP_HELP_STD_HELP);
        return 0;
    case KEY_USAGE:
        argp_state_help(state, state->out_stream, ARGP_HELP_USAGE | ARGP_HELP_EXIT_OK);
        return 0;
    case 'V':
        print_version(state);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp arguments_common = {common_options, parse_common, NULL, NULL, NULL, NULL, NULL};

/* ---- did you mean ...? ---- */

/* Calls visit for each option of a parser and its children, until that returns false. */
static bool visit_options(const struct argp *parser,
                          bool (*visit)(void *context, const struct argp_option *option),
                          void *context)
{
    for (const struct argp_option *option = parser->options;
         option != NULL && (option->name != NULL || option->key != 0); option++)
        if (!visit(context, option))
            return false;
    for (const struct argp_child *child = parser->children; child != NULL && child->argp != NULL;
         child++)
        if (!visit_options(child->argp, visit, context))
            return false;
    return true;
}

/* An option that is looked for, by its letter or its long name of `size` bytes. */
struct search {
    char letter;
    const char *name;
    size_t size;
    const struct argp_option *found; /* it, or the first whose name begins so */
};

static bool compare(void *context, const struct argp_option *option)
{
    struct search *search = context;
    if (search->name == NULL && option->key == search->letter) {
        search->found = option;
        return false;
    }
    if (search->name == NULL || option->name == NULL ||
        strncmp(option->name, search->name, search->size) != 0)
        return true;
    if (search->found == NULL || option->name[search->size] == '\0')
        search->found = option;
    return option->name[search->size] != '\0';
}

/* NULL where there is none. */
static const struct argp_option *find(const struct argp *parser, struct search search)
{
    visit_options(parser, compare, &search);
    return search.found;
}

static bool suggest(void *context, const struct argp_option *option)
{
    if (option->name != NULL && (option->flags & OPTION_HIDDEN) == 0)
        suggestion_try(context, option->name);
    return true;
}

/* Says that there is none of that name, and which is meant, and ends the program. */
static void refuse_option(const struct argp *parser, char *name, const char *typed)
{
    struct suggestion suggestion = {.typed = typed};
    struct buffer text = {0};
    visit_options(parser, suggest, &suggestion);
    buffer_append_format(&text, "there is no option --%s", typed);
    if (suggestion.nearest != NULL)
        buffer_append_format(&text, "; did you mean --%s?", suggestion.nearest);
    buffer_append(&text, "", 1);
    message(NULL, 0, text.failed ? "out of memory" : text.bytes);
    buffer_release(&text);
    argp_help(parser, stderr, ARGP_HELP_SEE, basename(name));
    exit(EXIT_USAGE);
}

/* Looks at argv[i], which begins with a hyphen; returns how many arguments it takes from those
 * behind it. */
static int check_argument(const struct argp *parser, char **argv, int i)
{
    const char *argument = argv[i];
    const struct argp_option *option = NULL;
    if (argument[1] != '-') {
        for (const char *letter = argument + 1; *letter != '\0'; letter++) {
            option = find(parser, (struct search){.letter = *letter});
            if (option != NULL && option->arg != NULL)
                return letter[1] == '\0';
        }
        return 0;
    }
    size_t size = strcspn(argument + 2, "=");
    option = find(parser, (struct search){.name = argument + 2, .size = size});
    if (option != NULL)
        return option->arg != NULL && argument[2 + size] == '\0';
    char *typed = strndup(argument + 2, size);
    if (typed != NULL)
        refuse_option(parser, argv[0], typed);
    free(typed);
    return 0;
}

/* Goes through the arguments as getopt does. */
static void check_options(const struct argp *parser, int argc, char **argv)
{
    bool options_first = getenv("POSIXLY_CORRECT") != NULL;
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (argv[i][0] == '-' && argv[i][1] != '\0')
            i += check_argument(parser, argv, i);
        else if (options_first)
            return;
}

/* "--completion=SHELL" alone, which the Makefile asks for: prints the script and ends the program.
 */
static void print_completion(const struct argp *parser, char **argv)
{
    static const char option[] = "--completion=";
    struct buffer script = {0};
    if (strncmp(argv[1], option, sizeof option - 1) != 0)
        return;
    bool good = completion_write(&script, argv[1] + sizeof option - 1, basename(argv[0]), parser) &&
                !script.failed && fwrite(script.bytes, 1, script.size, stdout) == script.size &&
                fflush(stdout) == 0;
    buffer_release(&script);
    if (!good)
        message("--completion", 0, "bash, zsh and fish can be had, where they can be written");
    exit(good ? EXIT_DONE : EXIT_USAGE);
}

error_t arguments_parse(const struct argp *parser, int argc, char **argv, void *input)
{
    argp_err_exit_status = EXIT_USAGE;
    if (argc == 2)
        print_completion(parser, argv);
    if (argc > 0)
        check_options(parser, argc, argv);
    return argp_parse(parser, argc, argv, ARGP_NO_HELP, NULL, input);
}

bool arguments_name_output(const char *path)
{
    return strcmp(path, "-") == 0;
}
