/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/form.h"

#include "base/notation.h"

#include <string.h>

/* What can be done with a file that is no page. */
static const char SAVE[] = "save it as DOCX or as text",
                  OLD[] = "save it as DOCX, as by soffice --convert-to docx",
                  UNPACK[] = "unpack it first",
                  RECOGNISE[] = "have its text recognised first (OCR), as by tesseract -l chi_sim",
                  MODEL[] = "name it with -m",
                  RECORDS[] =
                      "make records of it, one JSON object a line, and read them with --jsonl",
                  LINES[] = "read it with --jsonl",
                  DJVU[] = "have its text taken out first, as by djvutxt";

static const char RTF[] = "an RTF file";

/* Files with a mark of their own, most of them at the beginning. */
static const struct {
    const char *mark;
    size_t size;
    const char *form, *advice;
    size_t at;
} marked[] = {
    {"%PDF-", 5, "a PDF file", NULL, 0},
    {"PK\3\4", 4, "a ZIP archive (DOCX, XLSX and EPUB are such)", UNPACK, 0},
    {"PK\5\6", 4, "an empty ZIP archive", NULL, 0},
    {"{\\rtf", 5, RTF, SAVE, 0},
    {"\xD0\xCF\x11\xE0", 4, "an old Office file (DOC, XLS)", OLD, 0},
    {"\x1F\x8B", 2, "a gzip file", UNPACK, 0},
    {"BZh", 3, "a bzip2 file", UNPACK, 0},
    {"\xFD"
     "7zXZ",
     5, "an xz file", UNPACK, 0},
    {"\x28\xB5\x2F\xFD", 4, "a zstd file", UNPACK, 0},
    {"7z\xBC\xAF", 4, "a 7z archive", UNPACK, 0},
    {"Rar!", 4, "a RAR archive", UNPACK, 0},
    {"\x89PNG", 4, "a picture (PNG)", RECOGNISE, 0},
    {"\xFF\xD8\xFF", 3, "a picture (JPEG)", RECOGNISE, 0},
    {"GIF8", 4, "a picture (GIF)", RECOGNISE, 0},
    {"II*\0", 4, "a picture (TIFF)", RECOGNISE, 0},
    {"MM\0*", 4, "a picture (TIFF)", RECOGNISE, 0},
    {"II+\0", 4, "a picture (TIFF)", RECOGNISE, 0},
    {"8BPS\0", 5, "a picture (PSD)", RECOGNISE, 0},
    {"\x89"
     "fenlei",
     7, "a fenlei model", MODEL, 0},
    {"SQLite format 3", 15, "a SQLite database", RECORDS, 0},
    {"PAR1", 4, "a Parquet file", RECORDS, 0},
    {"ustar", 5, "a tar archive", UNPACK, 257},
    {"WEBP", 4, "a picture (WebP)", RECOGNISE, 8},
    {"WAVEfmt", 7, "a recording (WAV)", NULL, 8},
    {"ftyphei", 7, "a picture (HEIC)", RECOGNISE, 4},
    {"ftypmif", 7, "a picture (HEIC)", RECOGNISE, 4},
    {"ftypavif", 8, "a picture (AVIF)", RECOGNISE, 4},
    {"ftyp", 4, "a film or a recording (MP4)", NULL, 4},
    {"jP  \r\n", 6, "a picture (JPEG 2000)", RECOGNISE, 4},
    {"AT&TFORM", 8, "a DjVu file", DJVU, 0},
    {"%!PS", 4, "a PostScript file", "make a PDF of it, as by ps2pdf", 0},
    {"ID3\3", 4, "a recording (MP3)", NULL, 0},
    {"ID3\4", 4, "a recording (MP3)", NULL, 0},
    {"\x7F"
     "ELF",
     4, "a program", NULL, 0},
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

static const char HTML[] = "an HTML page", FEED[] = "an RSS or Atom feed", XML[] = "an XML file";

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
        return XML;
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

static bool is_marked(fenlei_text file, size_t i)
{
    return file.size >= marked[i].at + marked[i].size &&
           memcmp(file.bytes + marked[i].at, marked[i].mark, marked[i].size) == 0;
}

const char *form_of_mark(fenlei_text beginning)
{
    for (size_t i = 0; i < sizeof marked / sizeof *marked; i++)
        if (is_marked(beginning, i))
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

/* The name of the element at the front of a text, <p class="title"> or </p>; its size, 0 for none.
 */
static size_t element_name(fenlei_text text, const char **name)
{
    size_t at = 1, size = 0;
    if (text.size < 3 || text.bytes[0] != '<')
        return 0;
    at += text.bytes[1] == '/';
    *name = text.bytes + at;
    while (at + size < text.size && strchr(" \t\r\n/>", text.bytes[at + size]) == NULL)
        size++;
    return at + size < text.size ? size : 0;
}

/* Elements of a page that hold a block of text, or end a line of it. */
static bool is_html_element(const char *name, size_t size)
{
    static const char *const elements[] = {
        "head",   "body",  "meta",    "title", "div",    "p",      "h1",         "h2",
        "h3",     "h4",    "article", "main",  "center", "table",  "section",    "ul",
        "ol",     "dl",    "li",      "td",    "tr",     "script", "style",      "link",
        "header", "nav",   "form",    "font",  "span",   "b",      "strong",     "br",
        "hr",     "tbody", "iframe",  "pre",   "big",    "base",   "blockquote", "frameset"};
    for (size_t i = 0; i < sizeof elements / sizeof *elements; i++)
        if (size == strlen(elements[i]) && begins((fenlei_text){name, size}, elements[i]))
            return true;
    return false;
}

static fenlei_text skip_comments(fenlei_text text)
{
    const char *end;
    while (begins(text, "<!--") && (end = memmem(text.bytes, text.size, "-->", 3)) != NULL) {
        size_t size = (size_t)(end - text.bytes) + 3;
        text = skip_blank((fenlei_text){text.bytes + size, text.size - size});
    }
    return text;
}

static fenlei_text trim_end(fenlei_text text)
{
    while (text.size > 0 && is_blank(text.bytes[text.size - 1]))
        text.size--;
    return text;
}

/* Lines with text, and what in them ends a line or a paragraph of HTML. */
struct tags {
    size_t lines, ends;
    bool is_markdown; /* a line begins with # and a space */
};

static struct tags count_tags(fenlei_text text)
{
    struct tags tags = {0};
    bool at_start = true;
    for (size_t i = 0; i < text.size; i++) {
        fenlei_text rest = {text.bytes + i, text.size - i};
        const char *name;
        size_t size;
        if (text.bytes[i] == '\n') {
            at_start = true;
            continue;
        }
        if (is_blank(text.bytes[i]))
            continue;
        tags.lines += at_start;
        tags.is_markdown =
            tags.is_markdown || (at_start && (begins(rest, "# ") || begins(rest, "## ")));
        at_start = false;
        if (text.bytes[i] == '<' && (size = element_name(rest, &name)) > 0)
            tags.ends +=
                (size == 2 && begins(rest, "<br")) || (size == 1 && (name[0] | 0x20) == 'p');
    }
    return tags;
}

/* A piece of HTML without <html>: it begins with an element of a page, and ends with one or has
 * paragraphs. */
static bool is_html_piece(fenlei_text text)
{
    text = trim_end(skip_comments(text));
    const char *name = NULL;
    size_t size = element_name(text, &name);
    if (size == 0 || !is_html_element(name, size) || name[-1] == '/')
        return false;
    struct tags tags = count_tags(text);
    bool has_paragraphs = tags.ends >= 2 && tags.ends * 2 >= tags.lines;
    return !tags.is_markdown && (text.bytes[text.size - 1] == '>' || has_paragraphs);
}

/* Are its lines parted by elements of HTML alone? */
static bool has_html_lines(fenlei_text text)
{
    enum { ENDS_LEAST = 3 };
    if (text.size == 0 || memchr(text.bytes, '<', text.size) == NULL ||
        (!holds(text, "<br") && !holds(text, "<BR") && !holds(text, "<p>")))
        return false;
    struct tags tags = count_tags(text);
    return tags.ends >= ENDS_LEAST && tags.ends >= 2 * tags.lines;
}

/* A piece of XML without <?xml: it begins with an element that is none of HTML's, which ends
 * somewhere, and ends with the end of one. */
static bool is_xml_piece(fenlei_text text)
{
    text = trim_end(skip_comments(text));
    const char *name = NULL, *end;
    size_t size = element_name(text, &name);
    if (size == 0 || name[-1] != '<' || is_html_element(name, size) ||
        text.bytes[text.size - 1] != '>' || (end = memrchr(text.bytes, '<', text.size)) == NULL ||
        end + 1 == text.bytes + text.size || end[1] != '/')
        return false;
    for (const char *at = text.bytes;
         (at = memmem(at, (size_t)(text.bytes + text.size - at), "</", 2)) != NULL; at += 2)
        if ((size_t)(text.bytes + text.size - at) > size + 2 && memcmp(at + 2, name, size) == 0)
            return true;
    return false;
}

/* Is it JSON in braces or brackets, as records are, and not a text that begins with such? */
static bool is_json(fenlei_text text, char open, const char *inside)
{
    if (text.size < 2 || text.bytes[0] != open)
        return false;
    text = skip_blank((fenlei_text){text.bytes + 1, text.size - 1});
    if (text.size > 1 && text.bytes[0] == '[') /* not [[a link]] */
        return is_json(text, '[', "\"{[]-0123456789");
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

/* Does the first line name two columns as tables of articles do? */
static bool names_columns(fenlei_text text, char separator)
{
    static const char *const names[] = {"id",   "title", "text", "content", "label", "date",
                                        "标题", "正文",  "内容", "日期",    "编号",  "来源"};
    size_t n = 0, size = 0;
    for (size_t at = 0; at < text.size && text.bytes[at] != '\n'; at += size + 1) {
        fenlei_text cell = {text.bytes + at, 0};
        for (size = 0; at + size < text.size && text.bytes[at + size] != separator &&
                       text.bytes[at + size] != '\n' && text.bytes[at + size] != '\r';)
            size++;
        cell.size = size;
        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
            n += cell.size == strlen(names[i]) && begins(cell, names[i]);
        if (at + size < text.size && text.bytes[at + size] != separator)
            break;
    }
    return n >= 2;
}

enum { LABELLED_LEAST = 2, LABELLED_TEXT = 60 };

/* A short cell and a long one, parted by a tab: a label and its text. A number is that of a line.
 */
static bool is_labelled_row(fenlei_text text, char separator)
{
    fenlei_text rest = text;
    struct row row = take_row(&rest, separator);
    const char *tab = memchr(text.bytes, separator, text.size);
    size_t size = tab != NULL ? (size_t)(tab - text.bytes) : 0;
    bool is_number = true;
    for (size_t i = 0; i < size; i++)
        is_number = is_number &&
                    (is_blank(text.bytes[i]) || (text.bytes[i] >= '0' && text.bytes[i] <= '9'));
    return separator == '\t' && row.n_cells == 2 && !is_number && size <= NAME_SIZE &&
           row.longest >= LABELLED_TEXT;
}

/* Is every line numbered from 1, also some that are blank? So programs show files. */
static bool has_numbered_lines(fenlei_text text)
{
    size_t n_blank = 0;
    for (size_t n = 1; text.size > 0; n++) {
        size_t at = 0, value = 0;
        while (at < text.size && text.bytes[at] == ' ')
            at++;
        for (; at < text.size && text.bytes[at] >= '0' && text.bytes[at] <= '9' && value <= n; at++)
            value = value * 10 + (size_t)(text.bytes[at] - '0');
        if (value != n)
            return false;
        const char *end = memchr(text.bytes + at, '\n', text.size - at);
        size_t size = end == NULL ? text.size : (size_t)(end - text.bytes) + 1;
        n_blank += skip_blank((fenlei_text){text.bytes + at, size - at}).size == 0;
        text = (fenlei_text){text.bytes + size, text.size - size};
    }
    return n_blank > 0;
}

/* Records of equally many cells, below names of columns or marked as such: columns of text side by
 * side have neither. */
static bool is_table(fenlei_text text, char separator)
{
    text = beginning_of(text, TABLE_BEGINNING);
    if (text.size == 0)
        return false;
    fenlei_text header = text;
    struct row first = take_row(&text, separator);
    bool has_names = first.longest <= NAME_SIZE, is_marked = first.is_marked, has_text = false;
    bool are_numbered = first.n_cells > 2; /* below names of columns that are long */
    bool is_headed = names_columns(header, separator),
         is_labelled = is_labelled_row(header, separator);
    size_t n_rows = 0, n_regular = 0;
    if (first.n_cells < 2 || text.size == 0)
        return false;
    for (; n_rows < ROWS_LOOKED_AT && text.size > 0; n_rows++) {
        is_labelled = is_labelled && is_labelled_row(text, separator);
        struct row row = take_row(&text, separator);
        if (row.is_blank && text.size == 0)
            break;
        n_regular += row.n_cells == first.n_cells;
        if (n_regular <= n_rows && !is_headed)
            return false;
        is_marked = is_marked && row.is_marked;
        are_numbered = are_numbered && row.is_marked;
        has_text = has_text || row.longest > NAME_SIZE;
    }
    if (is_headed)
        return n_regular * 2 >= n_rows;
    return has_text && (has_names || is_marked || (are_numbered && n_rows > 1) ||
                        (is_labelled && n_rows >= LABELLED_LEAST));
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

/* Characters of two or four bytes: how many, and which of these is its last. */
struct wide {
    size_t size, low;
};

static struct wide wide_of(fenlei_text file)
{
    static const struct {
        const char *mark;
        size_t size;
        struct wide wide;
    } marks[] = {{"\xFF\xFE\0\0", 4, {4, 0}},
                 {"\0\0\xFE\xFF", 4, {4, 3}},
                 {"\xFF\xFE", 2, {2, 0}},
                 {"\xFE\xFF", 2, {2, 1}}};
    const char *b = file.bytes;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (file.size >= marks[i].size && memcmp(b, marks[i].mark, marks[i].size) == 0)
            return marks[i].wide;
    if (file.size >= 4 && b[1] == '\0' && b[2] == '\0' && (b[0] == '\0') != (b[3] == '\0'))
        return (struct wide){4, b[0] == '\0' ? 3 : 0};
    if (file.size >= 2 && (b[0] == '\0') != (b[1] == '\0'))
        return (struct wide){2, b[0] == '\0'};
    return (struct wide){1, 0};
}

enum { NARROW_MAX = 8192 };

/* The beginning of a file in UTF-16 or UTF-32 with a stand-in for each character beyond ASCII,
 * which is enough to tell its form; whole lines of it, where there are any. */
static fenlei_text narrow(fenlei_text file, struct wide wide, char ascii[NARROW_MAX])
{
    static const char stand_in[] = "\xE4\xB8\x80";
    size_t n = 0, i = 0;
    for (; i + wide.size <= file.size && n + 3 <= NARROW_MAX; i += wide.size) {
        bool is_ascii = (unsigned char)file.bytes[i + wide.low] < 0x80;
        for (size_t k = 0; k < wide.size; k++)
            is_ascii = is_ascii && (k == wide.low || file.bytes[i + k] == '\0');
        if (is_ascii)
            ascii[n++] = file.bytes[i + wide.low];
        else if (i > 0) /* the mark is left out */
            n = (size_t)((char *)mempcpy(ascii + n, stand_in, 3) - ascii);
    }
    const char *end = memrchr(ascii, '\n', n);
    if (i + wide.size <= file.size && end != NULL)
        n = (size_t)(end - ascii) + 1;
    return (fenlei_text){ascii, n};
}

/* The mark of a PDF may stand behind what a server or a mail put before it. */
static bool is_late_pdf(fenlei_text file)
{
    enum { BEFORE_MOST = 1024 };
    return file.size > 0 && holds(beginning_of(file, BEFORE_MOST), "%PDF-1.") &&
           (holds(file, "endobj") || holds(file, "startxref"));
}

static struct page_form records_form(const char *name)
{
    return (struct page_form){.has_records = true, .name = name, .advice = LINES};
}

struct page_form form_of_page(fenlei_text file)
{
    static const struct page_form text_form = {0};
    char ascii[NARROW_MAX];
    struct wide wide = wide_of(file);
    fenlei_text text = skip_blank(wide.size > 1 ? narrow(file, wide, ascii) : file);
    if (file.size > 4 && memcmp(file.bytes, "PK\3\4", 4) == 0)
        return zip_form(file);
    if (begins(text, "%PDF-") || is_late_pdf(file))
        return (struct page_form){.is_document = true, .name = marked[0].form};
    for (size_t i = 0; i < sizeof marked / sizeof *marked; i++)
        if (is_marked(file, i))
            return (struct page_form){.name = marked[i].form, .advice = marked[i].advice};
    if (begins(text, "{\\rtf"))
        return (struct page_form){.name = RTF, .advice = SAVE};
    const char *markup = begins(text, "<") ? markup_form(text) : NULL;
    if (markup == HTML || (markup == NULL && is_html_piece(text)))
        return (struct page_form){.is_document = true, .is_html = true, .name = HTML};
    if (markup == NULL && is_xml_piece(text))
        markup = XML;
    if (markup != NULL)
        return (struct page_form){.name = markup, .advice = RECORDS};
    if (is_json(text, '[', "{[\""))
        return records_form(JSON_ARRAY);
    if (is_json(text, '{', "\""))
        return records_form("JSON records");
    if (begins(text, "__label__"))
        return records_form(FASTTEXT);
    struct notation notation = notation_of(text);
    if (notation.name != NULL)
        return (struct page_form){.name = notation.name, .advice = notation.advice};
    if (has_html_lines(text))
        return (struct page_form){.is_document = true, .is_html = true, .name = HTML};
    if (is_table(text, ',') || is_table(text, ';'))
        return records_form(CSV);
    if (is_table(text, '\t') && !has_numbered_lines(text))
        return records_form(TSV);
    if (is_table(text, '|'))
        return (struct page_form){.name = "a table with | between its cells", .advice = RECORDS};
    return text_form;
}
