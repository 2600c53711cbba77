/* SPDX-License-Identifier: BSD-3-Clause */
// The same in C++: c++ label.cc $(pkg-config --cflags --libs fenlei)
#include <fenlei.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>

using Model = std::unique_ptr<fenlei_model, decltype(&fenlei_model_close)>;
using Labeler = std::unique_ptr<fenlei_labeler, decltype(&fenlei_labeler_free)>;

static void print(const fenlei_model *model, const fenlei_article &article)
{
    std::size_t n = article.labels != nullptr ? fenlei_topic_count(model) : 0;
    for (std::size_t i = 0; i < n; i++)
        if (article.labels[i].given)
            std::printf("%s %.2f  ", fenlei_topic_name(model, article.labels[i].topic),
                        article.labels[i].probability);
    std::printf("%.*s\n", static_cast<int>(article.title.size), article.title.bytes);
}

static void label(const char *model_path, const std::string &bytes)
{
    fenlei_error error;
    auto check = [&](fenlei_status status) {
        if (status != FENLEI_OK)
            throw std::runtime_error(error.message);
    };
    fenlei_model *opened = nullptr;
    check(fenlei_model_open(model_path, &opened, &error));
    Model model(opened, fenlei_model_close);
    fenlei_labeler *made = nullptr;
    check(fenlei_labeler_new(opened, &made, &error));
    Labeler labeler(made, fenlei_labeler_free);
    fenlei_options options = fenlei_options_default();
    const fenlei_page *page = nullptr;
    check(fenlei_label_page(made, bytes.data(), bytes.size(), &options, &page, &error));
    for (std::size_t i = 0; i < page->n_articles; i++)
        print(opened, *page->articles[i]);
}

int main(int argc, char **argv)
try {
    std::ifstream file(argc == 3 ? argv[2] : "", std::ios::binary);
    if (!file)
        throw std::runtime_error("a model and a file, please");
    label(argv[1], std::string(std::istreambuf_iterator<char>(file), {}));
} catch (const std::exception &problem) {
    std::fprintf(stderr, "label: %s\n", problem.what());
    return 1;
}
