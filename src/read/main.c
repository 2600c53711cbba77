/* SPDX-License-Identifier: BSD-3-Clause */
/* fenlei-read [ENCODING]: a document on standard input -> its text, as a stream
 * (command/document.h) on standard output. classify starts one for each PDF, HTML page or DOCX
 * file, so that whatever such a file does to the libraries that read it stays in here: see
 * confine.h. */
#include "base/form.h"
#include "base/input.h"
#include "base/status.h"
#include "command/document.h"
#include "command/exit_status.h"
#include "read/confine.h"
#include "read/docx.h"
#include "read/hypertext.h"
#include "read/pdf.h"

#include <unistd.h>

static fenlei_status read_document(struct document *document, const char *encoding,
                                   fenlei_error *error)
{
    struct buffer bytes = {0};
    fenlei_status status = input_read("-", &bytes, error);
    fenlei_text text = {bytes.bytes, bytes.size};
    if (status == FENLEI_OK && text_begins(text, "PK\3\4"))
        status = docx_read(document, text, error);
    else if (status == FENLEI_OK && form_of_page(text).is_html)
        status = hypertext_read(document, text, encoding, error);
    else if (status == FENLEI_OK)
        status = pdf_read(document, text, error);
    buffer_release(&bytes);
    return status;
}

/* What there is to say instead of a text. */
static void become_error(struct document *document, const fenlei_error *error)
{
    document_release(document);
    document->form = DOCUMENT_ERROR;
    buffer_append_string(&document->text, error->message);
}

static bool send(const struct buffer *stream)
{
    size_t sent = 0;
    while (!stream->failed && sent < stream->size) {
        ssize_t size = write(STDOUT_FILENO, stream->bytes + sent, stream->size - sent);
        if (size <= 0)
            return false;
        sent += (size_t)size;
    }
    return !stream->failed;
}

int main(int argc, char **argv)
{
    struct document document = {0};
    struct buffer stream = {0};
    fenlei_error error;
    closefrom(STDERR_FILENO + 1);
    if (!confine(PDF_TABLES))
        error_set(&error, FENLEI_IO, "its reader cannot be confined on this system");
    else if (read_document(&document, argc > 1 ? argv[1] : NULL, &error) == FENLEI_OK)
        error.status = FENLEI_OK;
    if (error.status != FENLEI_OK)
        become_error(&document, &error);
    document_write(&document, &stream);
    bool good = send(&stream);
    buffer_release(&stream);
    document_release(&document);
    _exit(good ? EXIT_DONE : EXIT_INPUT);
}
