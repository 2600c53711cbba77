/* SPDX-License-Identifier: BSD-3-Clause */
/* fenlei._fenlei: fenlei.h for Python, in the limited API, so that one build serves every Python
 * from 3.11 on. It turns results into tuples; fenlei/__init__.py gives them names.
 *
 * A call takes a labeler from the model's store of them, gives up the GIL while it labels, and puts
 * it back: as many labelers as there were calls at the same time. */
#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>

#include "fenlei.h"

#include <string.h>

/* Python takes functions as void *, which POSIX allows and ISO C does not. */
#pragma GCC diagnostic ignored "-Wpedantic"

struct spare {
    fenlei_labeler *labeler;
    struct spare *next;
};

struct model {
    PyObject_HEAD fenlei_model *model;
    struct spare *spares; /* under the GIL */
};

static PyObject *Error;

static void *set_error(const fenlei_error *error)
{
    if (error->status == FENLEI_NO_MEMORY)
        return PyErr_NoMemory();
    PyObject *words =
        PyUnicode_DecodeUTF8(error->message, (Py_ssize_t)strlen(error->message), "surrogateescape");
    if (words != NULL)
        PyErr_SetObject(Error, words);
    Py_XDECREF(words);
    return NULL;
}

/* ---- labelers ---- */

static struct spare *take(struct model *self)
{
    struct spare *spare = self->spares;
    if (spare != NULL) {
        self->spares = spare->next;
        return spare;
    }
    fenlei_error error;
    spare = PyMem_Malloc(sizeof *spare);
    if (spare == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    if (fenlei_labeler_new(self->model, &spare->labeler, &error) != FENLEI_OK) {
        PyMem_Free(spare);
        return set_error(&error);
    }
    return spare;
}

static void put_back(struct model *self, struct spare *spare)
{
    spare->next = self->spares;
    self->spares = spare;
}

/* ---- results as tuples ---- */

static PyObject *string(fenlei_text text)
{
    return PyUnicode_DecodeUTF8(text.bytes != NULL ? text.bytes : "", (Py_ssize_t)text.size,
                                "replace");
}

static PyObject *lines(fenlei_lines lines)
{
    if (lines.first == 0)
        return Py_NewRef(Py_None);
    return Py_BuildValue("(nn)", (Py_ssize_t)lines.first, (Py_ssize_t)lines.last);
}

static PyObject *probability(double value)
{
    return isnan(value) ? Py_NewRef(Py_None) : PyFloat_FromDouble(value);
}

/* (topic, score, probability, given); None for what is not an article. */
static PyObject *labels(const struct model *self, const fenlei_label *labels)
{
    if (labels == NULL)
        return Py_NewRef(Py_None);
    Py_ssize_t n = (Py_ssize_t)fenlei_topic_count(self->model);
    PyObject *all = PyList_New(n);
    for (Py_ssize_t i = 0; all != NULL && i < n; i++) {
        PyObject *label =
            Py_BuildValue("(ndNN)", (Py_ssize_t)labels[i].topic, labels[i].score,
                          probability(labels[i].probability), PyBool_FromLong(labels[i].given));
        if (label == NULL)
            Py_CLEAR(all);
        else
            PyList_SetItem(all, i, label);
    }
    return all;
}

static PyObject *parts(const fenlei_article *article)
{
    PyObject *all = PyList_New((Py_ssize_t)article->n_parts);
    for (size_t i = 0; all != NULL && i < article->n_parts; i++) {
        PyObject *part = lines(article->parts[i]);
        if (part == NULL)
            Py_CLEAR(all);
        else
            PyList_SetItem(all, (Py_ssize_t)i, part);
    }
    return all;
}

/* (title, byline, text, lines, parts, labels, review) */
static PyObject *article_tuple(const struct model *self, const fenlei_article *article)
{
    return Py_BuildValue("(NNNNNNz)", string(article->title), string(article->byline),
                         string(article->text), lines(article->lines), parts(article),
                         labels(self, article->labels), fenlei_review_name(article->review));
}

/* (articles, encoding, substitutions, substitutions_line, other_encoding, other_lines, other_line)
 */
static PyObject *page_tuple(const struct model *self, const fenlei_page *page)
{
    PyObject *articles = PyList_New((Py_ssize_t)page->n_articles);
    for (size_t i = 0; articles != NULL && i < page->n_articles; i++) {
        PyObject *article = article_tuple(self, page->articles[i]);
        if (article == NULL)
            Py_CLEAR(articles);
        else
            PyList_SetItem(articles, (Py_ssize_t)i, article);
    }
    if (articles == NULL)
        return NULL;
    return Py_BuildValue("(Nsnnznn)", articles, page->encoding, (Py_ssize_t)page->substitutions,
                         (Py_ssize_t)page->substitutions_line, page->other_encoding,
                         (Py_ssize_t)page->other_lines, (Py_ssize_t)page->other_line);
}

static PyObject *places(const fenlei_phrase *phrase)
{
    PyObject *all = PyList_New((Py_ssize_t)phrase->n_places);
    for (size_t i = 0; all != NULL && i < phrase->n_places; i++) {
        const fenlei_place *place = &phrase->places[i];
        PyObject *tuple =
            Py_BuildValue("(nnNNnn)", (Py_ssize_t)place->start, (Py_ssize_t)place->end,
                          PyBool_FromLong(place->in_title), PyBool_FromLong(place->is_headline),
                          (Py_ssize_t)place->from, (Py_ssize_t)place->to);
        if (tuple == NULL)
            Py_CLEAR(all);
        else
            PyList_SetItem(all, (Py_ssize_t)i, tuple);
    }
    return all;
}

/* (bias, score, [(text, share, places)]) */
static PyObject *why_tuple(const fenlei_why *why)
{
    PyObject *phrases = PyList_New((Py_ssize_t)why->n_phrases);
    for (size_t i = 0; phrases != NULL && i < why->n_phrases; i++) {
        const fenlei_phrase *phrase = why->phrases[i];
        PyObject *tuple =
            Py_BuildValue("(NdN)", string(phrase->text), phrase->share, places(phrase));
        if (tuple == NULL)
            Py_CLEAR(phrases);
        else
            PyList_SetItem(phrases, (Py_ssize_t)i, tuple);
    }
    if (phrases == NULL)
        return NULL;
    return Py_BuildValue("(ddN)", why->bias, why->score, phrases);
}

/* ---- calls ---- */

/* One document, and, where `article` is not below 0, why a topic of it has its score. */
struct call {
    fenlei_text page, title, text; /* page.bytes NULL: a record */
    fenlei_options options;
    Py_ssize_t article, topic;
};

static PyObject *run(struct model *self, const struct call *call)
{
    const fenlei_page *page = NULL;
    const fenlei_article *article = NULL;
    const fenlei_why *why = NULL;
    fenlei_error error;
    fenlei_status status;
    PyObject *result = NULL;
    struct spare *spare = take(self);
    if (spare == NULL)
        return NULL;
    PyThreadState *thread = PyEval_SaveThread();
    if (call->page.bytes != NULL)
        status = fenlei_label_page(spare->labeler, call->page.bytes, call->page.size,
                                   &call->options, &page, &error);
    else
        status = fenlei_label_record(spare->labeler, call->title, call->text, &call->options,
                                     &article, &error);
    if (status == FENLEI_OK && call->article >= 0)
        status = fenlei_explain(spare->labeler, (size_t)call->article, (size_t)call->topic, &why,
                                &error);
    PyEval_RestoreThread(thread);
    if (status != FENLEI_OK)
        set_error(&error);
    else if (why != NULL)
        result = why_tuple(why);
    else if (page != NULL)
        result = page_tuple(self, page);
    else if (article != NULL)
        result = article_tuple(self, article);
    put_back(self, spare); /* only now: the results were the labeler's */
    return result;
}

static PyObject *model_page(struct model *self, PyObject *arguments)
{
    struct call call = {.options = fenlei_options_default()};
    Py_buffer bytes;
    int whole;
    if (!PyArg_ParseTuple(arguments, "y*zpdnn:page", &bytes, &call.options.encoding, &whole,
                          &call.options.probability, &call.article, &call.topic))
        return NULL;
    call.options.whole = whole != 0;
    call.page = (fenlei_text){bytes.buf != NULL ? bytes.buf : "", (size_t)bytes.len};
    PyObject *result = run(self, &call);
    PyBuffer_Release(&bytes);
    return result;
}

static PyObject *model_record(struct model *self, PyObject *arguments)
{
    struct call call = {.options = fenlei_options_default()};
    PyObject *title, *text; /* strings, which keep their UTF-8 while the caller keeps them */
    Py_ssize_t title_size, text_size;
    if (!PyArg_ParseTuple(arguments, "UUdnn:record", &title, &text, &call.options.probability,
                          &call.article, &call.topic))
        return NULL;
    call.title.bytes = PyUnicode_AsUTF8AndSize(title, &title_size);
    call.text.bytes = call.title.bytes != NULL ? PyUnicode_AsUTF8AndSize(text, &text_size) : NULL;
    if (call.text.bytes == NULL)
        return NULL;
    call.title.size = (size_t)title_size;
    call.text.size = (size_t)text_size;
    return run(self, &call);
}

/* ---- many records, with the GIL given up once ---- */

struct many {
    struct many_text {
        fenlei_text title, text;
    } * records;          /* [n] which the caller's strings keep */
    fenlei_label *labels; /* [n][topics] */
    fenlei_review *reviews;
    size_t n, n_topics, n_labelled; /* up to the first that cannot be used */
    fenlei_options options;
    fenlei_error error;
};

static bool many_init(struct many *many, PyObject *records)
{
    Py_ssize_t n = PyTuple_Size(records), size;
    many->n = (size_t)n;
    many->records = PyMem_Calloc(many->n, sizeof *many->records);
    many->labels = PyMem_Calloc(many->n, many->n_topics * sizeof *many->labels);
    many->reviews = PyMem_Calloc(many->n, sizeof *many->reviews);
    if (many->records == NULL || many->labels == NULL || many->reviews == NULL) {
        PyErr_NoMemory();
        return false;
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        PyObject *title, *text;
        if (!PyArg_ParseTuple(PyTuple_GetItem(records, i), "UU", &title, &text))
            return false;
        struct many_text *record = &many->records[i];
        record->title.bytes = PyUnicode_AsUTF8AndSize(title, &size);
        record->title.size = (size_t)size;
        record->text.bytes =
            record->title.bytes != NULL ? PyUnicode_AsUTF8AndSize(text, &size) : NULL;
        record->text.size = (size_t)size;
        if (record->text.bytes == NULL)
            return false;
    }
    return true;
}

static void many_release(struct many *many)
{
    PyMem_Free(many->records);
    PyMem_Free(many->labels);
    PyMem_Free(many->reviews);
}

static void label_many(struct many *many, fenlei_labeler *labeler)
{
    const fenlei_article *article;
    for (size_t i = 0; i < many->n; i++) {
        if (fenlei_label_record(labeler, many->records[i].title, many->records[i].text,
                                &many->options, &article, &many->error) != FENLEI_OK)
            return;
        memcpy(many->labels + i * many->n_topics, article->labels,
               many->n_topics * sizeof *many->labels);
        many->reviews[i] = article->review;
        many->n_labelled++;
    }
}

/* [(labels, review)] */
static PyObject *many_tuple(const struct model *self, const struct many *many)
{
    PyObject *all = PyList_New((Py_ssize_t)many->n_labelled);
    for (size_t i = 0; all != NULL && i < many->n_labelled; i++) {
        PyObject *result = Py_BuildValue("(Nz)", labels(self, many->labels + i * many->n_topics),
                                         fenlei_review_name(many->reviews[i]));
        if (result == NULL)
            Py_CLEAR(all);
        else
            PyList_SetItem(all, (Py_ssize_t)i, result);
    }
    return all;
}

static PyObject *model_records(struct model *self, PyObject *arguments)
{
    struct many many = {.options = fenlei_options_default(),
                        .n_topics = fenlei_topic_count(self->model)};
    PyObject *records, *result = NULL;
    if (!PyArg_ParseTuple(arguments, "O!d:records", &PyTuple_Type, &records,
                          &many.options.probability))
        return NULL;
    struct spare *spare = many_init(&many, records) ? take(self) : NULL;
    if (spare != NULL) {
        PyThreadState *thread = PyEval_SaveThread();
        label_many(&many, spare->labeler);
        PyEval_RestoreThread(thread);
        put_back(self, spare);
        result = many.n_labelled < many.n ? set_error(&many.error) : many_tuple(self, &many);
    }
    many_release(&many);
    return result;
}

static PyObject *model_topics(struct model *self, PyObject *unused)
{
    (void)unused;
    Py_ssize_t n = (Py_ssize_t)fenlei_topic_count(self->model);
    PyObject *all = PyList_New(n);
    for (Py_ssize_t i = 0; all != NULL && i < n; i++) {
        PyObject *topic = Py_BuildValue("(ssd)", fenlei_topic_id(self->model, (size_t)i),
                                        fenlei_topic_name(self->model, (size_t)i),
                                        fenlei_topic_threshold(self->model, (size_t)i));
        if (topic == NULL)
            Py_CLEAR(all);
        else
            PyList_SetItem(all, i, topic);
    }
    return all;
}

static PyObject *model_card(struct model *self, PyObject *unused)
{
    (void)unused;
    return string(fenlei_model_card(self->model));
}

/* ---- the type ---- */

static PyObject *model_new(PyTypeObject *type, PyObject *arguments, PyObject *keywords)
{
    static char *names[] = {"path", NULL};
    PyObject *given = Py_None, *path = NULL;
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "|O:Model", names, &given) ||
        (given != Py_None && !PyUnicode_FSConverter(given, &path)))
        return NULL;
    allocfunc allocate = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
    struct model *self = (struct model *)allocate(type, 0);
    fenlei_error error;
    fenlei_status status = FENLEI_OK;
    if (self != NULL) {
        const char *name = path != NULL ? PyBytes_AsString(path) : NULL;
        PyThreadState *thread = PyEval_SaveThread();
        status = fenlei_model_open(name, &self->model, &error);
        PyEval_RestoreThread(thread);
    }
    if (status != FENLEI_OK) {
        Py_CLEAR(self);
        set_error(&error);
    }
    Py_XDECREF(path);
    return (PyObject *)self;
}

static void model_dealloc(struct model *self)
{
    PyTypeObject *type = Py_TYPE((PyObject *)self);
    for (struct spare *spare = self->spares, *next; spare != NULL; spare = next) {
        next = spare->next;
        fenlei_labeler_free(spare->labeler);
        PyMem_Free(spare);
    }
    fenlei_model_close(self->model);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(self);
    Py_DECREF(type);
}

static PyMethodDef model_methods[] = {{"_page", (PyCFunction)model_page, METH_VARARGS, NULL},
                                      {"_record", (PyCFunction)model_record, METH_VARARGS, NULL},
                                      {"_many", (PyCFunction)model_records, METH_VARARGS, NULL},
                                      {"_topics", (PyCFunction)model_topics, METH_NOARGS, NULL},
                                      {"_card", (PyCFunction)model_card, METH_NOARGS, NULL},
                                      {NULL, NULL, 0, NULL}};

static PyType_Slot model_slots[] = {{Py_tp_new, (void *)model_new},
                                    {Py_tp_dealloc, (void *)model_dealloc},
                                    {Py_tp_methods, model_methods},
                                    {0, NULL}};

static PyType_Spec model_spec = {"fenlei._fenlei.Model", sizeof(struct model), 0,
                                 Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, model_slots};

static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "fenlei._fenlei", NULL, -1, NULL, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__fenlei(void);

PyMODINIT_FUNC PyInit__fenlei(void)
{
    PyObject *module = PyModule_Create(&definition);
    if (module == NULL)
        return NULL;
    PyObject *type = PyType_FromSpec(&model_spec);
    Error = PyErr_NewExceptionWithDoc(
        "fenlei.Error", "What went wrong, in the library's or the trainer's words.", NULL, NULL);
    if (type == NULL || Error == NULL || PyModule_AddObjectRef(module, "Model", type) < 0 ||
        PyModule_AddObjectRef(module, "Error", Error) < 0 ||
        PyModule_AddStringConstant(module, "version", fenlei_version()) < 0 ||
        PyModule_AddStringConstant(module, "programs", PROGRAM_FOLDER) < 0)
        Py_CLEAR(module);
    Py_XDECREF(type);
    return module;
}
