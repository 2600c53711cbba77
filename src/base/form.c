/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/form.h"

#include <string.h>

/* What can be done with a file that is no page. */
static const char SAVE[] = "save it as DOCX or as text",
                  OLD[] = "save it as DOCX, as by soffice --convert-to docx",
                  UNPACK[] = "unpack it first",
                  RECOGNISE[] = "have its text recognised first (OCR), as by tesseract -l chi_sim",
                  MODEL[] = "name it with -m",
                  RECORDS[] =
                      "make records of it, one JSON object a line, and read them with --jsonl",
                  LINES[] = "read it with --jsonl";

/* Files that begin with a mark of their own. */
static const struct {
    const char *mark;
    size_t size;
    const char *form, *advice;
} marked[] = {
    {"%PDF-", 5, "a PDF file", NULL},
    {"PK\3\4", 4, "a ZIP archive (DOCX, XLSX and EPUB are such)", UNPACK},
    {"PK\5\6", 4, "an empty ZIP archive", NULL},
    {"{\\rtf", 5, "an RTF file", SAVE},
    {"\xD0\xCF\x11\xE0", 4, "an old Office file (DOC, XLS)", OLD},
    {"\x1F\x8B", 2, "a gzip file", UNPACK},
    {"BZh", 3, "a bzip2 file", UNPACK},
    {"\xFD"
     "7zXZ",
     5, "an xz file", UNPACK},
    {"\x28\xB5\x2F\xFD", 4, "a zstd file", UNPACK},
    {"7z\xBC\xAF", 4, "a 7z archive", UNPACK},
    {"Rar!", 4, "a RAR archive", UNPACK},
    {"\x89PNG", 4, "a picture (PNG)", RECOGNISE},
    {"\xFF\xD8\xFF", 3, "a picture (JPEG)", RECOGNISE},
    {"GIF8", 4, "a picture (GIF)", RECOGNISE},
    {"II*\0", 4, "a picture (TIFF)", RECOGNISE},
    {"MM\0*", 4, "a picture (TIFF)", RECOGNISE},
    {"\x89"
     "fenlei",
     7, "a fenlei model", MODEL},
    {"SQLite format 3", 15, "a SQLite database", RECORDS},
    {"PAR1", 4, "a Parquet file", RECORDS},
};

static const char JSON_ARRAY[] = "a JSON array", FASTTEXT[] = "a fastText file",
                  CSV[] = "a table (CSV)", TSV[] = "a table (TSV)";

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static fenlei_text skip_blank(fenlei_text text)
{
    if (text.size >= 3 && memcmp(text.bytes, "\xEF\xBB\xBF", 3) == 0)
        text = (fenlei_text){text.bytes + 3, text.size - 3};
    while (text.size > 0 && is_blank(text.bytes[0]))
        text = (fenlei_text){text.bytes + 1, text.size - 1};
    return text;
}

static bool begins(fenlei_text text, const char *with)
{
    size_t size = strlen(with);
    if (text.size < size)
        return false;
    for (size_t i = 0; i < size; i++) /* ASCII letters of either case */
        if (text.bytes[i] != with[i] && (text.bytes[i] | 0x20) != with[i])
            return false;
    return true;
}

static bool holds(fenlei_text text, const char *what)
{
    return memmem(text.bytes, text.size, what, strlen(what)) != NULL;
}

static fenlei_text beginning_of(fenlei_text text, size_t most)
{
    return (fenlei_text){text.bytes, text.size < most ? text.size : most};
}

static const char HTML[] = "an HTML page", FEED[] = "an RSS or Atom feed";

enum { PROLOGUE = 2048 }; /* declarations and comments are no longer */

static const char *markup_form(fenlei_text text)
{
    if (begins(text, "<!doctype html") || begins(text, "<html"))
        return HTML;
    if (begins(text, "<rss") || begins(text, "<feed"))
        return FEED;
    fenlei_text prologue = beginning_of(text, PROLOGUE);
    if ((begins(text, "<?xml") || begins(text, "<!--")) &&
        (holds(prologue, "<html") || holds(prologue, "<HTML")))
        return HTML;
    if (begins(text, "<?xml") && (holds(prologue, "<rss") || holds(prologue, "<feed")))
        return FEED;
    if (begins(text, "<?xml"))
        return "an XML file";
    return NULL;
}

/* Separators of the first line, outside quotes. */
static size_t count_separators(fenlei_text text, char separator)
{
    size_t n = 0;
    bool in_quotes = false;
    for (size_t i = 0; i < text.size && text.bytes[i] != '\n'; i++) {
        in_quotes = in_quotes != (text.bytes[i] == '"');
        n += !in_quotes && text.bytes[i] == separator;
    }
    return n;
}

const char *form_of_mark(fenlei_text beginning)
{
    for (size_t i = 0; i < sizeof marked / sizeof *marked; i++)
        if (beginning.size >= marked[i].size &&
            memcmp(beginning.bytes, marked[i].mark, marked[i].size) == 0)
            return marked[i].form;
    return NULL;
}

const char *form_of(fenlei_text beginning)
{
    const char *form = form_of_mark(beginning);
    if (form != NULL)
        return form;
    fenlei_text text = skip_blank(beginning);
    if (begins(text, "["))
        return JSON_ARRAY;
    if (begins(text, "__label__"))
        return FASTTEXT;
    if (begins(text, "<"))
        return markup_form(text);
    if (begins(text, "{"))
        return NULL;
    if (count_separators(text, '\t') > 0)
        return TSV;
    if (count_separators(text, ',') > 0)
        return CSV;
    return NULL;
}

/* ---- pages ---- */

/* A piece of HTML without <html>: it begins with an element of a page and ends with an end. */
static bool is_html_piece(fenlei_text text)
{
    static const char *const elements[] = {"<head", "<body", "<meta",    "<title",   "<div",
                                           "<p>",   "<h1",   "<article", "<section", "<table"};
    while (text.size > 0 && is_blank(text.bytes[text.size - 1]))
        text.size--;
    if (text.size == 0 || text.bytes[text.size - 1] != '>')
        return false;
    for (size_t i = 0; i < sizeof elements / sizeof *elements; i++)
        if (begins(text, elements[i]))
            return true;
    return false;
}

/* Is it JSON in braces or brackets, as records are, and not a text that begins with such? */
static bool is_json(fenlei_text text, char open, const char *inside)
{
    if (text.size < 2 || text.bytes[0] != open)
        return false;
    text = skip_blank((fenlei_text){text.bytes + 1, text.size - 1});
    return text.size > 0 && strchr(inside, text.bytes[0]) != NULL;
}

/* One record of a table. */
struct row {
    size_t n_cells;
    size_t longest; /* bytes of a cell */
    bool is_marked; /* a cell is quoted, or the first one a number */
    bool is_blank;
};

/* Takes a record, whose quoted cells may hold separators and line breaks, from the front of *rest.
 */
static struct row take_row(fenlei_text *rest, char separator)
{
    struct row row = {.n_cells = 1, .is_blank = true};
    bool in_quotes = false;
    size_t at = 0, cell = 0;
    bool is_number = rest->size > 0 && rest->bytes[0] >= '0' && rest->bytes[0] <= '9';
    for (; at < rest->size && (in_quotes || rest->bytes[at] != '\n'); at++) {
        char c = rest->bytes[at];
        bool is_end = !in_quotes && c == separator;
        if (in_quotes && c == '"' && at + 1 < rest->size && rest->bytes[at + 1] == '"')
            at++; /* a quote inside, written twice */
        else if (c == '"' && (cell == 0 || in_quotes)) {
            in_quotes = !in_quotes;
            row.is_marked = true;
        }
        if (row.n_cells == 1 && !is_end)
            is_number = is_number && c >= '0' && c <= '9';
        row.is_blank = row.is_blank && is_blank(c);
        cell = is_end ? 0 : cell + 1;
        row.longest = cell > row.longest ? cell : row.longest;
        row.n_cells += is_end;
    }
    row.is_marked = row.is_marked || (is_number && row.n_cells > 1);
    at += at < rest->size;
    *rest = (fenlei_text){rest->bytes + at, rest->size - at};
    return row;
}

enum { ROWS_LOOKED_AT = 20, NAME_SIZE = 24, TABLE_BEGINNING = 1 << 20 };

/* Records of equally many cells, below names of columns or marked as such: columns of text side by
 * side have neither. */
static bool is_table(fenlei_text text, char separator)
{
    text = beginning_of(text, TABLE_BEGINNING);
    struct row first = take_row(&text, separator);
    bool has_names = first.longest <= NAME_SIZE, is_marked = first.is_marked, has_text = false;
    if (first.n_cells < 2 || text.size == 0)
        return false;
    for (size_t n = 0; n < ROWS_LOOKED_AT && text.size > 0; n++) {
        struct row row = take_row(&text, separator);
        if (row.is_blank && text.size == 0)
            break;
        if (row.n_cells != first.n_cells)
            return false;
        is_marked = is_marked && row.is_marked;
        has_text = has_text || row.longest > NAME_SIZE;
    }
    return has_text && (has_names || is_marked);
}

static struct page_form zip_form(fenlei_text file)
{
    if (holds(file, "word/document.xml"))
        return (struct page_form){.is_document = true, .name = "a DOCX file"};
    if (holds(file, "xl/workbook.xml"))
        return (struct page_form){.name = "an XLSX workbook", .advice = RECORDS};
    if (holds(beginning_of(file, PROLOGUE), "mimetype"))
        return (struct page_form){.name = "an EPUB or OpenDocument file", .advice = SAVE};
    return (struct page_form){.name = "a ZIP archive without a Word document", .advice = UNPACK};
}

/* The beginning of a file in UTF-16 as if it were in ASCII, which is enough to tell its form. */
static fenlei_text narrow(fenlei_text file, char ascii[PROLOGUE])
{
    size_t n = 0;
    for (size_t i = 0; i < file.size && n < PROLOGUE; i++)
        if (file.bytes[i] != '\0' && (i > 1 || ((unsigned char)file.bytes[i] < 0xFE)))
            ascii[n++] = file.bytes[i];
    return (fenlei_text){ascii, n};
}

static bool is_utf16(fenlei_text file)
{
    return file.size >= 2 &&
           (memcmp(file.bytes, "\xFF\xFE", 2) == 0 || memcmp(file.bytes, "\xFE\xFF", 2) == 0 ||
            (file.bytes[0] == '\0') != (file.bytes[1] == '\0'));
}

static struct page_form records_form(const char *name)
{
    return (struct page_form){.has_records = true, .name = name, .advice = LINES};
}

struct page_form form_of_page(fenlei_text file)
{
    static const struct page_form text_form = {0};
    char ascii[PROLOGUE];
    fenlei_text text = skip_blank(is_utf16(file) ? narrow(file, ascii) : file);
    if (file.size > 4 && memcmp(file.bytes, "PK\3\4", 4) == 0)
        return zip_form(file);
    if (begins(text, "%PDF-"))
        return (struct page_form){.is_document = true, .name = marked[0].form};
    for (size_t i = 0; i < sizeof marked / sizeof *marked; i++)
        if (file.size >= marked[i].size && memcmp(file.bytes, marked[i].mark, marked[i].size) == 0)
            return (struct page_form){.name = marked[i].form, .advice = marked[i].advice};
    const char *markup = begins(text, "<") ? markup_form(text) : NULL;
    if (markup == HTML || (markup == NULL && is_html_piece(text)))
        return (struct page_form){.is_document = true, .is_html = true, .name = HTML};
    if (markup != NULL)
        return (struct page_form){.name = markup, .advice = RECORDS};
    if (is_json(text, '[', "{[\""))
        return records_form(JSON_ARRAY);
    if (is_json(text, '{', "\""))
        return records_form("JSON records");
    if (begins(text, "__label__"))
        return records_form(FASTTEXT);
    if (is_table(text, ',') || is_table(text, ';'))
        return records_form(CSV);
    if (is_table(text, '\t'))
        return records_form(TSV);
    return text_form;
}
