/* SPDX-License-Identifier: BSD-3-Clause */
/* What the interface of pages says, in Chinese and English.
 *
 * A text is put where it is wanted; where the language is not known yet, a reference to it is, and
 * texts_resolve() puts the text later. Every text that is put is made harmless for HTML. In a text
 * `#` stands for its argument, which is HTML already: a number, or a name through html_text(). */
#ifndef HTML_TEXTS_H
#define HTML_TEXTS_H

#include "html/language.h"

/* X(NAME, Chinese, English) */
#define PAGE_TEXTS(X)                                                                                                               \
    X(ARTICLES_AND_TOPICS, "文章与话题", "Articles and their topics")                                                               \
    X(COUNT_ARTICLES, "文章 # 篇", "Articles: #")                                                                                   \
    X(COUNT_FILES, "文件 # 个", "files: #")                                                                                         \
    X(COUNT_REVIEW, "待复核 # 篇", "to be reviewed: #")                                                                             \
    X(COUNT_FAULTS, "问题 # 处", "faults: #")                                                                                       \
    X(TOPICS, "话题", "Topics")                                                                                                     \
    X(NO_TOPIC, "没有话题", "No topic")                                                                                             \
    X(NEEDS_REVIEW, "需要复核", "Needs review")                                                                                     \
    X(NOT_AN_ARTICLE, "不是文章", "Not an article")                                                                                 \
    X(SEARCH, "搜索", "Search")                                                                                                     \
    X(FILE, "文件", "File")                                                                                                         \
    X(ALL_FILES, "全部文件", "All files")                                                                                           \
    X(FROM_DAY, "从", "From")                                                                                                       \
    X(TO_DAY, "到", "To")                                                                                                           \
    X(ORDER, "排序", "Order")                                                                                                       \
    X(ORDER_GIVEN, "原来的次序", "As they came")                                                                                    \
    X(ORDER_HEADLINE, "按标题", "By headline")                                                                                      \
    X(ORDER_TOPIC, "按话题", "By topic")                                                                                            \
    X(LEAST_SURE, "最没把握", "least sure first")                                                                                   \
    X(ORDER_DATE, "按日期，新的在前", "By date, newest first")                                                                      \
    X(OPEN_ALL, "全部展开", "Open all")                                                                                             \
    X(CLOSE_ALL, "全部收起", "Close all")                                                                                           \
    X(SAVE_CSV, "把所示存为表格 (CSV)", "Save what is shown as CSV")                                                                \
    X(SAVE_CORRECTIONS, "保存改正 (#)", "Save corrections (#)")                                                                     \
    X(CORRECTIONS_HELP, "改正保存成文件，不会自动训练；用 train --corrections 交给模型学习。",                                      \
      "Corrections are saved as a file; train --corrections teaches them to a model.")                                              \
    X(SHOWN_OF, "显示 #", "Showing #")                                                                                              \
    X(PAGE_HELP, "标出的词句是话题的依据，颜色越深越重要。",                                                                        \
      "Marked are the phrases that speak for a topic, the more strongly the more they count.")                                      \
    X(PAGE_HELP_SCRIPT,                                                                                                             \
      "点文章里的话题，只看它的标记；点这里的话题，只看它的文章。键：j 下一篇，k 上一篇，/ " \
      "搜索，数字给出或去掉话题。",                                                                                                 \
      "Press a topic of an article for its marks alone, or one up here for its articles alone. "                                    \
      "Keys: j the next, k the one before, / search, digits give or take a topic.")                                                 \
    X(RECORD, "第 # 条记录", "Record #")                                                                                            \
    X(ARTICLE_NUMBER, "第 # 篇", "Article #")                                                                                       \
    X(AT_LINE, "第 # 行", "line #")                                                                                                 \
    X(AT_PARAGRAPH, "第 # 段", "paragraph #")                                                                                       \
    X(AT_PAGE, "第 # 页", "page #")                                                                                                 \
    X(ADDRESS, "本篇的地址", "Address of this article")                                                                             \
    X(UNTITLED, "(无标题)", "(no headline)")                                                                                        \
    X(NOT_GIVEN, "未给出", "not given")                                                                                             \
    X(GIVE, "给出话题", "Give the topic")                                                                                           \
    X(TAKE, "去掉话题", "Take the topic")                                                                                           \
    X(ADD_TOPIC, "添加话题……", "Add a topic…")                                                                                      \
    X(RIGHT_AS_IS, "就是这样", "Right as it is")                                                                                    \
    X(UNDO, "撤销", "Undo")                                                                                                         \
    X(CORRECTED, "已改", "corrected")                                                                                               \
    X(REVIEW_NEAR, "拿不准：有个话题只差一点就给出，或只差一点就不给。",                                                            \
      "Needs review: a topic was given or withheld by a hair.")                                                                     \
    X(REVIEW_SHORT, "需要复核：文字太少，难以判断。",                                                                               \
      "Needs review: the text is too short to tell.")                                                                               \
    X(REVIEW_UNFAMILIAR, "需要复核：大部分文字模型没有见过。",                                                                      \
      "Needs review: it is mostly text that the model has never seen.")                                                             \
    X(REVIEW_NONE, "没有分类：这是报头或广告，不是文章。",                                                                          \
      "Not labelled: it is a masthead or a sponsor’s line, not an article.")                                                        \
    X(REVIEW_SEVERAL, "需要复核：可能不止一篇文章。",                                                                               \
      "Needs review: it may be more than one article.")                                                                             \
    X(REVIEW_SPLIT, "需要复核：文章或标题的起止拿不准。",                                                                           \
      "Needs review: where it or its headline begins and ends is uncertain.")                                                       \
    X(WHY, "为什么", "Why")                                                                                                         \
    X(SCORE, "得分 ", "Score ")                                                                                                     \
    X(BIAS, "，其中起点 ", " = bias ")                                                                                              \
    X(SUM_FOR, "，支持 ", ", for ")                                                                                                 \
    X(SUM_AGAINST, "，反对 ", ", against ")                                                                                         \
    X(MARKED, "。标出了支持部分的 #%。", ". Marked: #\u00a0% of what speaks for it.")                                               \
    X(FOR, "支持：", "For: ")                                                                                                       \
    X(AGAINST, "反对：", "Against: ")                                                                                               \
    X(FAULT, "问题：", "Fault: ")                                                                                                   \
    X(FAULT_IN_LINE, "第 # 行有问题：", "Fault in line #: ")                                                                        \
    X(FOOT_MODEL, "模型 #", "Model #")                                                                                              \
    X(FOOT_FILES, "文件日期 #", "Files of #")                                                                                       \
    X(FOOT_MADE, "制作日期 #", "Made on #")                                                                                         \
    X(HOW_WELL, "模型分得好不好", "How well the model does")                                                                        \
    X(DOCUMENTS_NUMBER, "文档 # 篇", "Documents: #")                                                                                \
    X(WITHOUT_TOPIC, "其中没有话题的 # 篇", "without a topic: #")                                                                   \
    X(OF_THEM_GIVEN, "这些里误给了话题的 # 篇", "of them got one: #")                                                               \
    X(HASH, "数据指纹 ", "Hash of the data: ")                                                                                      \
    X(MEANS, "模型给出的话题，100 个里大约 # 个是对的；",                                                                           \
      "Of 100 topics that the model gives, about # are right; ")                                                                    \
    X(MEANS_FOUND, "文章本来有的话题，100 个里它找到大约 # 个。",                                                                   \
      "of 100 that the articles have, it finds about #.")                                                                           \
    X(MEANS_NOTHING, "这些文档没有可以比较的话题，说明不了模型的好坏。",                                                            \
      "These documents have no topics to compare: they say nothing about the model.")                                               \
    X(FEW_DOCUMENTS, "这些话题不到十篇文档，它们的数字靠不住：",                                                                    \
      "Fewer than ten documents, so that the figures say little: ")                                                                 \
    X(NO_DOCUMENTS, "没有文档、也没有给出过的话题：# 个",                                                                           \
      "Topics without a document that were never given: #")                                                                         \
    X(NOT_IN_IT, "没有算进去的：", "Not in it: ")                                                                                   \
    X(UNREAD, "没有读到或没有读完的输入 # 个。",                                                                                    \
      "inputs that could not be read, or not to their ends: #.")                                                                    \
    X(UNUSABLE, "不能用的记录 # 条。", "records that could not be used: #.")                                                        \
    X(TABLE_HELP, "每个话题的精确率、召回率和 F1，以及 95% 区间。阈值：概率到了多少才给出话题。",                                   \
      "Precision, recall and F1 of each topic, with 95 % intervals. Threshold: the probability "                                    \
      "from which a topic is given.")                                                                                               \
    X(MEASURES_OF_EACH, "每个话题的指标", "Measures of each topic")                                                                 \
    X(TOPIC, "话题", "Topic")                                                                                                       \
    X(DOCUMENTS, "文档", "Documents")                                                                                               \
    X(PRECISION, "精确率", "Precision")                                                                                             \
    X(RECALL, "召回率", "Recall")                                                                                                   \
    X(F1, "F1", "F1")                                                                                                               \
    X(ZERO_TO_ONE, "0 到 1", "0 to 1")                                                                                              \
    X(THRESHOLD, "阈值", "Threshold")                                                                                               \
    X(SCORE_NUMBER, "得分 #", "score #")                                                                                            \
    X(MICRO, "总体", "micro")                                                                                                       \
    X(MICRO_HELP, "合计所有判断 (micro)", "over all decisions")                                                                     \
    X(MACRO, "话题平均", "macro")                                                                                                   \
    X(MACRO_HELP, "各话题的平均 (macro)", "mean of the topics")                                                                     \
    X(CURVES, "精确率与召回率", "Precision against recall")                                                                         \
    X(CURVES_HELP, "换别的阈值会怎样；圆点是现在的。没有文档的话题没有曲线。",                                                      \
      "What every other threshold would give; the dot is what was given. Topics without a "                                         \
      "document have no curve.")                                                                                                    \
    X(CURVES_SOME, "只画文档最多的 # 个话题；JSON 里有全部。",                                                                      \
      "Only the topics with the most documents, #; the JSON has all.")                                                              \
    X(CURVE_PRECISION, "精确率 #", "precision #")                                                                                   \
    X(CURVE_RECALL, "召回率 #", "recall #")                                                                                         \
    X(AVERAGE_PRECISION, "平均精确率 #", "average precision #")                                                                     \
    X(RELIABILITY, "概率可信吗", "Reliability")                                                                                     \
    X(RELIABILITY_PICTURE, "给出某个概率的话题，有多少是对的",                                                                      \
      "How often topics given a probability were true")                                                                             \
    X(RELIABILITY_HELP, "概率可信时，圆点落在虚线上。",                                                                             \
      "Where probabilities can be trusted, the dots lie on the dashed line.")                                                       \
    X(BRIER, "Brier 分数 #", "Brier score #")                                                                                       \
    X(CALIBRATION, "期望校准误差 #", "expected calibration error #")                                                                \
    X(PROBABILITY, "概率", "Probability")                                                                                           \
    X(DECISIONS, "判断", "Decisions")                                                                                               \
    X(MEAN, "平均", "Mean")                                                                                                         \
    X(TRUE_SHARE, "属实", "True")                                                                                                   \
    X(AXIS_PROBABILITY, "给出的概率", "probability given")                                                                          \
    X(AXIS_TRUE, "属实的比例", "share that was true")                                                                               \
    X(AXIS_RECALL, "召回率", "recall")                                                                                              \
    X(AXIS_PRECISION, "精确率", "precision")                                                                                        \
    X(CONFUSIONS, "互相混淆的话题", "Taken for one another")                                                                        \
    X(NO_CONFUSIONS, "没有漏掉的话题，也没有误给的。",                                                                              \
      "No topic was missed, and none given wrongly.")                                                                               \
    X(MATRIX_HELP, "行：漏掉的话题。列：误给的话题。",                                                                              \
      "Rows: the topic missed. Columns: the topic given in its place.")                                                             \
    X(CONFUSIONS_LABEL, "混淆", "Confusions")                                                                                       \
    X(TAKEN_FOR, "误作", "Taken for")                                                                                               \
    X(NONE, "无", "none")                                                                                                           \
    X(MISTAKES, "最有把握的错误", "The surest mistakes")                                                                            \
    X(MISTAKES_HELP, "列出最支持 (+) 和最反对 (−) 的词句。",                                                                        \
      "With the phrases that counted most for (+) and against (−) the topic.")                                                      \
    X(GIVEN_WRONGLY, "误给", "given wrongly")                                                                                       \
    X(MISSED, "漏掉", "missed")                                                                                                     \
    X(PROBABILITY_NUMBER, "概率 #", "probability #")                                                                                \
    X(COUNTED_MOST, "最有分量的词句", "What counted most")                                                                          \
    X(THE_MODEL, "模型", "The model")

#define PAGE_ENUM(name, chinese, english) PAGE_##name,
enum page_text { PAGE_TEXTS(PAGE_ENUM) PAGE_COUNT };
#undef PAGE_ENUM

/* A constant; its `#` stands in it. */
const char *page_text_in(enum language language, enum page_text text);

/* A text without an argument, and with one. */
void text_put(struct buffer *out, enum language language, enum page_text text);
void text_put_with(struct buffer *out, enum language language, enum page_text text,
                   const char *argument);
void text_put_number(struct buffer *out, enum language language, enum page_text text,
                     size_t number);

/* A message of the programs' or the library's, in English, as an element of its own that keeps its
 * direction of writing to itself; in Chinese where html/chinese.h knows it. */
void text_put_message(struct buffer *out, enum language language, const char *message);

/* Appends `html` with every reference in it made the text. */
void texts_resolve(struct buffer *out, fenlei_text html, enum language language);

#endif
