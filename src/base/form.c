#include "base/form.h"

#include <string.h>

/* Files that begin with a mark of their own. */
static const struct {
    const char *mark;
    size_t size;
    const char *form;
} marked[] = {
    {"%PDF-", 5, "a PDF file"},
    {"PK\3\4", 4, "a ZIP archive (DOCX, XLSX and EPUB are such)"},
    {"PK\5\6", 4, "an empty ZIP archive"},
    {"{\\rtf", 5, "an RTF file"},
    {"\xD0\xCF\x11\xE0", 4, "an old Office file (DOC, XLS)"},
    {"\x1F\x8B", 2, "a gzip file"},
    {"BZh", 3, "a bzip2 file"},
    {"\xFD"
     "7zXZ",
     5, "an xz file"},
    {"\x28\xB5\x2F\xFD", 4, "a zstd file"},
    {"7z\xBC\xAF", 4, "a 7z archive"},
    {"Rar!", 4, "a RAR archive"},
    {"\x89PNG", 4, "a picture (PNG)"},
    {"\xFF\xD8\xFF", 3, "a picture (JPEG)"},
    {"GIF8", 4, "a picture (GIF)"},
    {"II*\0", 4, "a picture (TIFF)"},
    {"MM\0*", 4, "a picture (TIFF)"},
    {"\x89"
     "fenlei",
     7, "a fenlei model"},
    {"SQLite format 3", 15, "a SQLite database"},
    {"PAR1", 4, "a Parquet file"},
    {"__label__", 9, "a fastText file"},
    {"[", 1, "a JSON array"},
};

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

static const char *markup_form(fenlei_text text)
{
    if (begins(text, "<!doctype html") || begins(text, "<html"))
        return "an HTML page";
    if (begins(text, "<rss") || begins(text, "<feed"))
        return "an RSS or Atom feed";
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

const char *form_of(fenlei_text beginning)
{
    for (size_t i = 0; i < sizeof marked / sizeof *marked; i++)
        if (beginning.size >= marked[i].size &&
            memcmp(beginning.bytes, marked[i].mark, marked[i].size) == 0)
            return marked[i].form;
    fenlei_text text = skip_blank(beginning);
    if (begins(text, "["))
        return "a JSON array";
    if (begins(text, "__label__"))
        return "a fastText file";
    if (begins(text, "<"))
        return markup_form(text);
    if (begins(text, "{"))
        return NULL;
    if (count_separators(text, '\t') > 0)
        return "a table (TSV)";
    if (count_separators(text, ',') > 0)
        return "a table (CSV)";
    return NULL;
}
