/* SPDX-License-Identifier: BSD-3-Clause */
#include "command/completion.h"

#include <ctype.h>
#include <string.h>

/* What an argument is, by the word that stands for it in --help. */
enum kind { NOTHING, ANYTHING, FILES, FOLDERS, CHOICES, TOPICS };

static enum kind kind_of(const char *argument)
{
    static const struct {
        const char *argument;
        enum kind kind;
    } kinds[] = {{"FILE", FILES},  {"MODEL", FILES},  {"LIST", FILES},
                 {"DIR", FOLDERS}, {"WHEN", CHOICES}, {"TOPIC", TOPICS}};
    if (argument == NULL)
        return NOTHING;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(argument, kinds[i].argument) == 0)
            return kinds[i].kind;
    return strchr(argument, '|') != NULL ? CHOICES : ANYTHING;
}

/* The choices, with spaces between. */
static void append_choices(struct buffer *out, const char *argument)
{
    if (strcmp(argument, "WHEN") == 0)
        argument = "auto|always|never";
    for (; *argument != '\0'; argument++)
        buffer_append(out, *argument == '|' ? " " : argument, 1);
}

/* Ids and names of the model's topics come from its card, a line each. */
static const char TOPICS_COMMAND[] =
    "classify --card 2>/dev/null | grep -o '\"topic\":\"[^\"]*\",\"name\":\"[^\"]*\"' | "
    "sed 's/\"topic\":\"//; s/\",\"name\":\"/\\n/; s/\"$//' | sort -u";

typedef void append_option(struct buffer *out, const char *program,
                           const struct argp_option *option);

static bool has_letter(const struct argp_option *option)
{
    return option->key > 0 && option->key < 128 && isgraph(option->key);
}

static void append_options(struct buffer *out, const char *program, const struct argp *parser,
                           append_option *append)
{
    for (const struct argp_option *option = parser->options;
         option != NULL && (option->name != NULL || option->key != 0); option++)
        if ((option->flags & OPTION_HIDDEN) == 0)
            append(out, program, option);
    for (const struct argp_child *child = parser->children; child != NULL && child->argp != NULL;
         child++)
        append_options(out, program, child->argp, append);
}

/* ---- bash ---- */

static void bash_word(struct buffer *out, const char *program, const struct argp_option *option)
{
    (void)program;
    if (option->name != NULL)
        buffer_append_format(out, " --%s%s", option->name, option->arg != NULL ? "=" : "");
    if (has_letter(option))
        buffer_append_format(out, " -%c", option->key);
}

static void bash_case(struct buffer *out, const char *program, const struct argp_option *option)
{
    (void)program;
    enum kind kind = kind_of(option->arg);
    if (kind == NOTHING)
        return;
    buffer_append_format(out, "    --%s", option->name);
    if (has_letter(option))
        buffer_append_format(out, " | -%c", option->key);
    buffer_append_string(out, ") ");
    if (kind == FILES || kind == FOLDERS)
        buffer_append_format(out, "COMPREPLY=($(compgen -%c -- \"$word\"))",
                             kind == FILES ? 'f' : 'd');
    if (kind == CHOICES) {
        buffer_append_string(out, "COMPREPLY=($(compgen -W '");
        append_choices(out, option->arg);
        buffer_append_string(out, "' -- \"$word\"))");
    }
    if (kind == TOPICS)
        buffer_append_format(out, "COMPREPLY=($(compgen -W \"$(%s)\" -- \"$word\"))",
                             TOPICS_COMMAND);
    buffer_append_string(out, kind == ANYTHING ? ";;\n" : " ;;\n");
}

static void write_bash(struct buffer *out, const char *program, const struct argp *parser)
{
    buffer_append_format(
        out,
        "# %s(1)\n_%s() {\n"
        "  local word=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD-1]}\n"
        "  COMPREPLY=()\n"
        "  if [ \"$word\" = = ]; then word=\n"
        "  elif [ \"$option\" = = ]; then option=${COMP_WORDS[COMP_CWORD-2]}; fi\n"
        "  case $option in\n",
        program, program);
    append_options(out, program, parser, bash_case);
    buffer_append_string(out, "    *) case $word in\n"
                              "      -*) COMPREPLY=($(compgen -W '");
    append_options(out, program, parser, bash_word);
    buffer_append_format(out,
                         "' -- \"$word\"))\n"
                         "        case ${COMPREPLY-} in *=) compopt -o nospace ;; esac ;;\n"
                         "      *) COMPREPLY=($(compgen -f -- \"$word\")) ;;\n"
                         "    esac ;;\n  esac\n}\n"
                         "complete -o filenames -F _%s %s\n",
                         program, program);
}

/* ---- fish ---- */

/* In single quotes, in which a quote and a backslash are escaped; zsh's brackets, too. */
static void append_quoted(struct buffer *out, const char *text, bool of_zsh)
{
    for (; *text != '\0'; text++)
        if (of_zsh && *text == '\'')
            buffer_append_string(out, "'\\''");
        else if (of_zsh ? strchr("[]:\\", *text) != NULL : strchr("'\\", *text) != NULL)
            buffer_append_format(out, "\\%c", *text);
        else
            buffer_append(out, text, 1);
}

static void fish_line(struct buffer *out, const char *program, const struct argp_option *option)
{
    enum kind kind = kind_of(option->arg);
    buffer_append_format(out, "complete -c %s", program);
    if (option->name != NULL)
        buffer_append_format(out, " -l %s", option->name);
    if (has_letter(option))
        buffer_append_format(out, " -s %c", option->key);
    if (kind == FILES)
        buffer_append_string(out, " -r -F");
    else if (kind != NOTHING)
        buffer_append_string(out, " -x");
    if (kind == FOLDERS)
        buffer_append_string(out, " -a '(__fish_complete_directories)'");
    if (kind == CHOICES) {
        buffer_append_string(out, " -a '");
        append_choices(out, option->arg);
        buffer_append_string(out, "'");
    }
    if (kind == TOPICS) {
        buffer_append_string(out, " -a '(");
        append_quoted(out, TOPICS_COMMAND, false);
        buffer_append_string(out, ")'");
    }
    buffer_append_string(out, " -d '");
    append_quoted(out, option->doc != NULL ? option->doc : "", false);
    buffer_append_string(out, "'\n");
}

/* ---- zsh ---- */

static void zsh_action(struct buffer *out, const struct argp_option *option)
{
    enum kind kind = kind_of(option->arg);
    if (option->arg == NULL)
        return;
    buffer_append_string(out, ":");
    append_quoted(out, option->arg, true);
    buffer_append_string(out, ":");
    if (kind == FILES || kind == FOLDERS)
        buffer_append_string(out, kind == FILES ? "_files" : "_files -/");
    if (kind == CHOICES) {
        buffer_append_string(out, "(");
        append_choices(out, option->arg);
        buffer_append_string(out, ")");
    }
    if (kind == TOPICS)
        buffer_append_string(out, "_fenlei_topics");
}

static void zsh_line(struct buffer *out, const char *program, const struct argp_option *option)
{
    (void)program;
    bool takes_value = option->arg != NULL;
    for (int part = 0; part < 2; part++) {
        if (part == 0 ? option->name == NULL : !has_letter(option))
            continue;
        buffer_append_string(out, " \\\n    '*");
        if (part == 0)
            buffer_append_format(out, "--%s%s[", option->name, takes_value ? "=" : "");
        else
            buffer_append_format(out, "-%c%s[", option->key, takes_value ? "+" : "");
        append_quoted(out, option->doc != NULL ? option->doc : "", true);
        buffer_append_string(out, "]");
        zsh_action(out, option);
        buffer_append_string(out, "'");
    }
}

static void write_zsh(struct buffer *out, const char *program, const struct argp *parser)
{
    buffer_append_format(out,
                         "#compdef %s\n_fenlei_topics() {\n  local -a topics\n"
                         "  topics=(${(f)\"$(%s)\"})\n  compadd -a topics\n}\n_arguments -s",
                         program, TOPICS_COMMAND);
    append_options(out, program, parser, zsh_line);
    buffer_append_string(out, " \\\n    '*:file:_files'\n");
}

bool completion_write(struct buffer *out, const char *shell, const char *program,
                      const struct argp *parser)
{
    if (strcmp(shell, "bash") == 0)
        write_bash(out, program, parser);
    else if (strcmp(shell, "zsh") == 0)
        write_zsh(out, program, parser);
    else if (strcmp(shell, "fish") == 0)
        append_options(out, program, parser, fish_line);
    else
        return false;
    return true;
}
