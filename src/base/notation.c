/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/notation.h"

#include "base/memory.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

enum { LINES_LOOKED_AT = 30, BEGINNING = 4096 };

/* What can be done with them. */
static const char SAVE[] = "save it as DOCX or as text",
                  TAKE_OUT[] = "save the text of its articles alone",
                  RECORDS[] =
                      "make records of it, one JSON object a line, and read them with --jsonl",
                  UNESCAPE[] = "write its letters out first";

static bool begins_word(fenlei_text text, const char *with)
{
    size_t size = strlen(with);
    return text.size >= size && strncasecmp(text.bytes, with, size) == 0;
}

static bool holds(fenlei_text text, const char *what)
{
    return memmem(text.bytes, text.size, what, strlen(what)) != NULL;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool is_name_letter(char c)
{
    return is_letter(c) || is_digit(c) || c == '_' || c == '-' || c == '.';
}

static fenlei_text skip_blank(fenlei_text text)
{
    while (text.size > 0 && is_blank(text.bytes[0]))
        text = text_skip(text, 1);
    return text;
}

/* Takes a line from the front of *rest, without white space at its end. */
static fenlei_text take_line(fenlei_text *rest)
{
    size_t size = 0;
    while (size < rest->size && rest->bytes[size] != '\n')
        size++;
    fenlei_text line = {rest->bytes, size};
    *rest = text_skip(*rest, size < rest->size ? size + 1 : size);
    while (line.size > 0 &&
           (is_blank(line.bytes[line.size - 1]) || line.bytes[line.size - 1] == '\r'))
        line.size--;
    return line;
}

/* The letters that names of programs' fields are made of, at the front of a text. */
static size_t name_size(fenlei_text text)
{
    size_t size = 0;
    while (size < text.size && is_name_letter(text.bytes[size]))
        size++;
    return size;
}

static bool is_number(fenlei_text text)
{
    size_t size = 0;
    while (size < text.size && is_digit(text.bytes[size]))
        size++;
    return size > 0 && size == text.size;
}

static bool is_hexadecimal(fenlei_text text, size_t from, size_t n)
{
    if (from + n > text.size)
        return false;
    for (size_t i = from; i < from + n; i++)
        if (!is_digit(text.bytes[i]) &&
            ((text.bytes[i] | 0x20) < 'a' || (text.bytes[i] | 0x20) > 'f'))
            return false;
    return true;
}

/* ---- told by how they begin ---- */

static const struct {
    const char *opening;
    struct notation notation;
} openings[] = {
    {"WEBVTT", {"subtitles (WebVTT)", TAKE_OUT}},
    {"[Script Info]", {"subtitles (ASS)", TAKE_OUT}},
    {"BEGIN:VCALENDAR", {"a calendar (iCalendar)", NULL}},
    {"BEGIN:VCARD", {"an address book (vCard)", NULL}},
    {"WARC/", {"a web archive (WARC)", "unpack its pages first"}},
    {"HTTP/", {"a web server's answer with its head", "save what follows the head"}},
    {"diff --git ", {"a comparison (diff)", NULL}},
    {"TY  - ", {"a list of references (RIS)", RECORDS}},
    {"version https://git-lfs.",
     {"a Git LFS pointer", "fetch the file itself, as by git lfs pull"}},
    {"#!/", {"a script", NULL}},
    {"<?php", {"a script", NULL}},
    {"-----BEGIN ", {"a key or a certificate (PEM)", NULL}},
};

/* Subtitles: a number, then from when to when. Of songs: a time in brackets. */
static struct notation subtitles(fenlei_text text)
{
    fenlei_text rest = text, first = take_line(&rest), second = take_line(&rest);
    if (is_number(first) && second.size > 0 && is_digit(second.bytes[0]) && holds(second, " --> "))
        return (struct notation){"subtitles (SRT)", TAKE_OUT};
    bool is_timed = first.size > 7 && first.bytes[0] == '[' && is_digit(first.bytes[1]) &&
                    is_digit(first.bytes[2]) && first.bytes[3] == ':' && is_digit(first.bytes[4]) &&
                    is_digit(first.bytes[5]) && second.size > 0 && second.bytes[0] == '[';
    return is_timed ? (struct notation){"the words of a song (LRC)", TAKE_OUT}
                    : (struct notation){NULL, NULL};
}

/* Mail begins with lines of fields that all of it has; a saved web page may be one. */
static struct notation mail(fenlei_text text)
{
    static const char *const sure[] = {
        "From:", "Received:", "MIME-Version:", "Message-ID:", "Return-Path:"};
    static const char *const usual[] = {"To:", "Subject:", "Date:", "Content-Type:", "Cc:"};
    fenlei_text rest = text;
    bool is_sure = false, is_usual = false;
    if (text_begins(text, "From ") &&
        holds((fenlei_text){text.bytes, text.size < 200 ? text.size : 200}, "@"))
        take_line(&rest);
    const char *head = rest.bytes;
    for (size_t n = 0; n < LINES_LOOKED_AT && rest.size > 0; n++) {
        fenlei_text line = take_line(&rest);
        size_t size = name_size(line);
        if (line.size == 0)
            break;
        if (is_blank(line.bytes[0]))
            continue; /* the field above goes on */
        if (size == 0 || size == line.size || line.bytes[size] != ':')
            return (struct notation){NULL, NULL};
        for (size_t i = 0; i < sizeof sure / sizeof *sure; i++)
            is_sure = is_sure || begins_word(line, sure[i]);
        for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
            is_usual = is_usual || begins_word(line, usual[i]);
    }
    fenlei_text fields = {head, (size_t)(rest.bytes - head)};
    if (!is_sure || !is_usual)
        return (struct notation){NULL, NULL};
    if (holds(fields, "multipart/related") || holds(fields, "Snapshot-Content-Location:"))
        return (struct notation){"a web page saved as MHTML", "save it as HTML"};
    return (struct notation){"a mail", "save its text, or what is attached to it"};
}

/* ---- told by all their lines ---- */

/* Comments, then a statement; and what makes a dump of it. */
static bool is_sql(fenlei_text text)
{
    static const char *const statements[] = {
        "insert into", "replace into", "create table",      "create database", "drop table",
        "set ",        "begin;",       "start transaction", "copy ",           "use "};
    fenlei_text rest = text, line = {text.bytes, 0};
    for (size_t n = 0; n < LINES_LOOKED_AT && rest.size > 0; n++) {
        line = take_line(&rest);
        if (line.size > 0 && !text_begins(line, "--") && !text_begins(line, "/*"))
            break;
    }
    fenlei_text beginning = {text.bytes, text.size < BEGINNING ? text.size : BEGINNING};
    bool is_dump = holds(beginning, "INSERT INTO") || holds(beginning, "insert into") ||
                   holds(beginning, "CREATE TABLE") || holds(beginning, "create table") ||
                   (holds(beginning, "COPY ") && holds(beginning, " FROM stdin"));
    for (size_t i = 0; is_dump && i < sizeof statements / sizeof *statements; i++)
        if (begins_word(line, statements[i]))
            return true;
    return false;
}

/* A name and a colon, as YAML has them. */
static bool is_key(fenlei_text line)
{
    size_t size = name_size(line);
    return size > 0 && size < line.size && line.bytes[size] == ':' &&
           (size + 1 == line.size || line.bytes[size + 1] == ' ');
}

/* Every line at the margin is a key, an item or a comment, and some keys are further in. */
static bool is_yaml(fenlei_text text)
{
    size_t n_inner = 0, n_outer = 0;
    for (size_t n = 0; n < LINES_LOOKED_AT && text.size > 0; n++) {
        fenlei_text line = take_line(&text), inside = skip_blank(line);
        bool is_item = text_begins(inside, "- ");
        if (is_item)
            inside = skip_blank(text_skip(inside, 2));
        if (inside.size > 0 && (is_item || is_blank(line.bytes[0])))
            n_inner += is_key(inside);
        else if (is_key(line))
            n_outer++;
        else if (line.size > 0 && line.bytes[0] != '#' && !text_begins(line, "---"))
            return false;
    }
    return n_inner >= 2 || (n_inner == 1 && n_outer >= 1);
}

/* [name], alone in its line, and name = value below. */
static bool is_ini(fenlei_text text)
{
    fenlei_text first = take_line(&text), second = {text.bytes, 0};
    size_t brackets = text_begins(first, "[[") ? 2 : 1;
    size_t size = first.size > brackets ? name_size(text_skip(first, brackets)) : 0;
    if (!text_begins(first, "[") || size == 0 || first.size != size + 2 * brackets ||
        first.bytes[first.size - 1] != ']')
        return false;
    while (second.size == 0 && text.size > 0)
        second = take_line(&text);
    second = text_skip(second, name_size(second));
    return text_begins(skip_blank(second), "=");
}

/* Every line gives a name its value, or is a comment. */
static bool is_settings(fenlei_text text)
{
    size_t n_values = 0;
    for (size_t n = 0; n < LINES_LOOKED_AT && text.size > 0; n++) {
        fenlei_text line = skip_blank(take_line(&text));
        size_t size = name_size(line);
        if (line.size == 0 || line.bytes[0] == '#' || line.bytes[0] == ';')
            continue;
        if (size == 0 || !text_begins(skip_blank(text_skip(line, size)), "="))
            return false;
        n_values++;
    }
    return n_values >= 2;
}

/* Every line says when and how serious, or who asked a web server. */
static bool is_log(fenlei_text text)
{
    static const char *const marks[] = {" INFO", " WARN",  " ERROR", " DEBUG", "[INFO",
                                        "[WARN", "[ERROR", "[DEBUG", " - - ["};
    size_t n_lines = 0;
    for (size_t n = 0; n < LINES_LOOKED_AT && text.size > 0; n++) {
        fenlei_text line = take_line(&text);
        bool is_marked = false;
        if (line.size == 0)
            continue;
        for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
            is_marked = is_marked || holds(line, marks[i]);
        if (!is_marked || (!is_digit(line.bytes[0]) && line.bytes[0] != '['))
            return false;
        n_lines++;
    }
    return n_lines >= 2;
}

/* A letter and its tag in every line, as taggers of words are taught by: 县 B-LOC. */
static bool is_tagged(fenlei_text text)
{
    enum { LETTER_MOST = 4, LINES_LEAST = 8 };
    size_t n_lines = 0;
    for (size_t n = 0; n < LINES_LOOKED_AT && text.size > 0; n++) {
        fenlei_text line = take_line(&text);
        size_t size = 0;
        if (line.size == 0)
            continue;
        while (size < line.size && !is_blank(line.bytes[size]))
            size++;
        fenlei_text tag = skip_blank(text_skip(line, size));
        if (size > LETTER_MOST || tag.size == 0 || tag.bytes[0] < 'A' || tag.bytes[0] > 'Z' ||
            name_size(tag) != tag.size)
            return false;
        n_lines++;
    }
    return n_lines >= LINES_LEAST;
}

/* Every line is a place and bytes as hexadecimal digits, as of hexdump, xxd or od. */
static bool is_hexdump(fenlei_text text)
{
    size_t n_lines = 0;
    for (size_t n = 0; n < LINES_LOOKED_AT && text.size > 0; n++) {
        fenlei_text line = take_line(&text);
        size_t place = 0, pairs = 0;
        while (is_hexadecimal(line, place, 1))
            place++;
        fenlei_text bytes =
            text_skip(line, place < line.size && line.bytes[place] == ':' ? place + 1 : place);
        for (bytes = skip_blank(bytes); is_hexadecimal(bytes, 0, 2); pairs++)
            bytes = skip_blank(text_skip(bytes, 2));
        if (line.size == 0 || line.bytes[0] == '*')
            continue;
        if (place < 6 || (pairs < 8 && text.size > 0))
            return false;
        n_lines++;
    }
    return n_lines >= 2;
}

static bool is_diff(fenlei_text text)
{
    fenlei_text first = take_line(&text), second = take_line(&text), third = take_line(&text);
    return text_begins(first, "--- ") && text_begins(second, "+++ ") && text_begins(third, "@@ ");
}

static bool is_latex(fenlei_text text)
{
    while (text.size > 0 && text.bytes[0] == '%')
        take_line(&text);
    return text_begins(text, "\\documentclass") || text_begins(text, "\\begin{document}");
}

static bool is_bibtex(fenlei_text text)
{
    if (!text_begins(text, "@"))
        return false;
    size_t size = name_size(text_skip(text, 1));
    return size > 0 && text_begins(text_skip(text, 1 + size), "{") && holds(text, "title") &&
           holds(text, "=");
}

/* ---- JSON in other clothes ---- */

static bool is_json(fenlei_text text)
{
    text = skip_blank(text);
    if (text.size < 2 || (text.bytes[0] != '{' && text.bytes[0] != '['))
        return false;
    text = text_skip(text, 1);
    while (text.size > 0 &&
           (is_blank(text.bytes[0]) || text.bytes[0] == '\n' || text.bytes[0] == '\r'))
        text = text_skip(text, 1);
    return text.size > 0 && strchr("\"{[]}", text.bytes[0]) != NULL;
}

/* A value given to a variable, or to a function: var news = [...], callback({...}). */
static bool is_javascript(fenlei_text text)
{
    static const char *const words[] = {"var ", "let ", "const ", "window."};
    size_t size = name_size(text);
    if (size > 0 && text_begins(text_skip(text, size), "(") && is_json(text_skip(text, size + 1)))
        return true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!text_begins(text, words[i]))
            continue;
        fenlei_text value = text_skip(text, strlen(words[i]));
        value = skip_blank(text_skip(value, name_size(value)));
        if (text_begins(value, "=") && is_json(text_skip(value, 1)))
            return true;
    }
    return false;
}

/* As Python prints a dictionary, or a list of such. */
static bool is_python(fenlei_text text)
{
    if (text_begins(text, "["))
        text = skip_blank(text_skip(text, 1));
    if (!text_begins(text, "{'"))
        return false;
    fenlei_text beginning = {text.bytes, text.size < BEGINNING ? text.size : BEGINNING};
    return holds(beginning, "':");
}

/* A string of JSON, and nothing else. */
static bool is_json_string(fenlei_text text)
{
    fenlei_text line = take_line(&text);
    return line.size > 2 && line.bytes[0] == '"' && line.bytes[line.size - 1] == '"' &&
           holds(line, "\\n") && skip_blank(text).size == 0;
}

/* Line ends as a program writes them in a string, and none that ends a line. */
static bool has_escaped_lines(fenlei_text text)
{
    enum { LEAST = 3 };
    size_t n = 0;
    fenlei_text line = take_line(&text);
    if (text.size > 0)
        return false;
    for (size_t i = 0; i + 1 < line.size; i++)
        n += line.bytes[i] == '\\' && line.bytes[i + 1] == 'n';
    return n >= LEAST;
}

/* ---- letters written in ASCII ---- */

/* Is more than half of it `mark` and so many digits, as \u53BF, and nothing beyond ASCII? */
static bool is_escaped(fenlei_text text, const char *mark, size_t digits)
{
    size_t size = strlen(mark), n = 0;
    if (text.size > BEGINNING)
        text.size = BEGINNING;
    for (size_t i = 0; i < text.size; i++) {
        if ((unsigned char)text.bytes[i] >= 0x80)
            return false;
        if (!text_begins(text_skip(text, i), mark) || !is_hexadecimal(text, i + size, digits))
            continue;
        n += size + digits;
        i += size + digits - 1;
    }
    return n * 2 > text.size;
}

/* ---- all ---- */

struct notation notation_of(fenlei_text text)
{
    static const struct {
        bool (*is)(fenlei_text text);
        struct notation notation;
    } forms[] = {
        {is_sql, {"an SQL dump", RECORDS}},
        {is_yaml, {"a YAML file", RECORDS}},
        {is_ini, {"a file of settings (INI, TOML)", RECORDS}},
        {is_settings, {"a file of settings (INI, TOML)", RECORDS}},
        {is_log, {"a log", NULL}},
        {is_tagged, {"text with a tag for each letter (CoNLL)", "write its letters in lines"}},
        {is_hexdump, {"bytes written as hexadecimal digits", "read the file they were taken from"}},
        {is_diff, {"a comparison (diff)", NULL}},
        {is_latex, {"a LaTeX document", SAVE}},
        {is_bibtex, {"a list of references (BibTeX)", RECORDS}},
        {is_javascript, {"JSON in JavaScript", RECORDS}},
        {is_python,
         {"records as Python prints them", "write them with json.dumps(), one a line, "
                                           "and read them with --jsonl"}},
        {is_json_string, {"a JSON string", UNESCAPE}},
        {has_escaped_lines, {"text with \\n where its lines end", "end its lines first"}},
    };
    struct notation found = {NULL, NULL};
    if (text.size == 0)
        return found;
    for (size_t i = 0; i < sizeof openings / sizeof *openings; i++)
        if (text_begins(text, openings[i].opening))
            return openings[i].notation;
    found = subtitles(text);
    if (found.name == NULL)
        found = mail(text);
    for (size_t i = 0; found.name == NULL && i < sizeof forms / sizeof *forms; i++)
        if (forms[i].is(text))
            found = forms[i].notation;
    if (found.name == NULL && is_escaped(text, "\\u", 4))
        found = (struct notation){"text with its letters as \\u and a number", UNESCAPE};
    if (found.name == NULL && is_escaped(text, "%", 2))
        found = (struct notation){"text encoded for an address (%E5%8E%BF)", UNESCAPE};
    if (found.name == NULL && is_escaped(text, "=", 2))
        found = (struct notation){"text encoded for mail (quoted-printable)", UNESCAPE};
    return found;
}
