/* SPDX-License-Identifier: BSD-3-Clause */
/* What the desk says, in Chinese and English: what pages without a desk say too (html/texts.h), and
 * its own. */
#ifndef DESK_TEXTS_H
#define DESK_TEXTS_H

#include "html/texts.h"

/* X(NAME, Chinese, English) */
#define TEXTS(X)                                                                                                                          \
    PAGE_TEXTS(X)                                                                                                                         \
    X(DESK, "分类台", "The desk")                                                                                                         \
    X(INBOX, "收件", "Inbox")                                                                                                             \
    X(ARTICLES, "文章", "Articles")                                                                                                       \
    X(NEXT_TO_LABEL, "待标", "To label")                                                                                                  \
    X(RETRAIN, "重训", "Retrain")                                                                                                         \
    X(FIGURES, "统计", "Figures")                                                                                                         \
    X(OTHER_LANGUAGE, "English", "中文")                                                                                                  \
    X(SKIP, "跳到正文", "Skip to the content")                                                                                            \
    X(KEYS, "快捷键", "Keys")                                                                                                             \
    X(KEYS_HELP,                                                                                                                          \
      "数字和字母：给出或去掉旁边标着它的话题；回车：就是这样；j 下一篇，k 上一篇，u 撤销，"       \
      "x 不是文章，/ 搜索",                                                                                                               \
      "Digits and letters give or take the topic beside them; Enter: right as it is; j the next, "                                        \
      "k the one before, u undo, x not an article, / search")                                                                             \
    X(YOUR_NAME, "你的名字", "Your name")                                                                                                 \
    X(SAVE, "保存", "Save")                                                                                                               \
    X(DROP_HERE, "把文件拖到这里，或选择文件", "Drop files here, or choose them")                                                         \
    X(FILES_HELP,                                                                                                                         \
      "报纸版面：文本（任何编码）、PDF、HTML 或 "                                                                         \
      "DOCX；或记录：JSON、表格（CSV、TSV）、标注工具的导出。可以一次选多个。",                                                           \
      "Newspaper pages as text, in any encoding, PDF, HTML or DOCX; or records: JSON, tables "                                            \
      "(CSV, TSV), exports of "                                                                                                           \
      "labelling tools. Several at once are fine.")                                                                                       \
    X(COLUMNS, "表格的列名", "Columns of a table")                                                                                        \
    X(TEXT_FIELD, "正文（text_field）", "Text (text_field)")                                                                              \
    X(TITLE_FIELD, "标题（title_field）", "Headline (title_field)")                                                                       \
    X(LABEL_FIELD, "话题（label_field）", "Topics (label_field)")                                                                         \
    X(LABEL_SEPARATOR, "话题之间（label_separator）", "Between topics (label_separator)")                                                 \
    X(OR_PASTE, "或粘贴一个版面", "Or paste a page")                                                                                      \
    X(DAY, "日期", "Day")                                                                                                                 \
    X(PAPER, "报纸", "Paper")                                                                                                             \
    X(TAKE_IN, "收下并分类", "Take in and label")                                                                                         \
    X(PASTED, "粘贴的版面", "Pasted page")                                                                                                \
    X(CAME_IN, "最近收到", "Came in lately")                                                                                              \
    X(NOTHING_YET, "还没有。放一个版面进来吧。", "Nothing yet. Drop a page.")                                                             \
    X(NOTHING_GIVEN, "没有文件，也没有文字。", "Neither a file nor a text was given.")                                                    \
    X(KNOWN_FILE, "以前收过，没有重复收", "came before; it was not kept twice")                                                           \
    X(NOT_TAKEN, "没有收下", "not taken")                                                                                                 \
    X(N_ARTICLES, "篇", "articles")                                                                                                       \
    X(N_UNUSABLE, "条记录不能用", "records cannot be used")                                                                               \
    X(SEARCH_HELP, "两个字就够，简体繁体都行", "Two letters suffice, in either script")                                                   \
    X(ALL, "全部", "all")                                                                                                                 \
    X(REASON, "复核原因", "Reason to review")                                                                                             \
    X(JUDGED, "人看过", "Judged")                                                                                                         \
    X(YES, "是", "yes")                                                                                                                   \
    X(NO, "否", "no")                                                                                                                     \
    X(NEWEST_FIRST, "最新收到", "newest first")                                                                                           \
    X(BY_DAY, "按日期", "by day")                                                                                                         \
    X(SHOW, "显示", "Show")                                                                                                               \
    X(FOUND, "找到", "Found")                                                                                                             \
    X(MORE_THAN, "多于", "more than")                                                                                                     \
    X(NONE_FOUND, "没有这样的文章。", "There is no such article.")                                                                        \
    X(EARLIER, "上一页", "Previous page")                                                                                                 \
    X(LATER, "下一页", "Next page")                                                                                                       \
    X(EXPORT, "导出所示", "Export what is shown")                                                                                         \
    X(PREVIOUS_ARTICLE, "上一篇", "The one before")                                                                                       \
    X(NEXT_ARTICLE, "下一篇", "The next")                                                                                                 \
    X(BACK_TO_LIST, "回到列表", "Back to the list")                                                                                       \
    X(LINES, "行", "lines")                                                                                                               \
    X(IS_AN_ARTICLE, "是文章", "It is an article")                                                                                        \
    X(JOINS_ABOVE, "并入上一篇", "Joins the one above")                                                                                   \
    X(BEGINS_HERE, "另一篇从这里开始", "Another begins here")                                                                             \
    X(BY_A_PERSON, "人定的", "by a person")                                                                                               \
    X(BY_THE_MODEL, "模型定的", "by the model")                                                                                           \
    X(HISTORY, "经过", "History")                                                                                                         \
    X(NOBODY, "编辑", "somebody")                                                                                                         \
    X(DID_TOPICS, "改话题为", "changed the topics to")                                                                                    \
    X(DID_CONFIRM, "认可", "confirmed")                                                                                                   \
    X(DID_NOT, "标为不是文章", "said it is no article")                                                                                   \
    X(DID_IS, "标为文章", "said it is an article")                                                                                        \
    X(DID_JOIN, "并入上一篇", "joined it to the one above")                                                                               \
    X(DID_BEGIN, "拆出一篇", "parted another from it")                                                                                    \
    X(DID_UNDO, "撤销了上一改动", "took the last change back")                                                                            \
    X(WAS_UNDONE, "已撤销", "taken back")                                                                                                 \
    X(GONE, "这篇已并入别处或撤销。", "This one was joined to another, or taken back.")                                                   \
    X(NEAR_THRESHOLD, "拿不准", "a topic by a hair")                                                                                      \
    X(TOO_SHORT, "太短", "too short")                                                                                                     \
    X(UNFAMILIAR, "生僻", "unfamiliar")                                                                                                   \
    X(REVIEW_NOT_AN_ARTICLE, "不是文章", "not an article")                                                                                \
    X(SEVERAL_ARTICLES, "可能不止一篇", "perhaps several articles")                                                                       \
    X(UNCERTAIN_SPLIT, "起止拿不准", "uncertain where it begins and ends")                                                                \
    X(CONFLICT, "别人刚改过这篇", "Somebody else changed this article meanwhile")                                                         \
    X(CONFLICT_HELP, "你的改动没有保存。下面是你想要的和现在的样子；看过之后可以再做一次。",                                              \
      "Your change was not saved. Here is what you wanted and what is there now; look, and do it "                                        \
      "again if you still want it.")                                                                                                      \
    X(YOU_WANTED, "你想要的", "What you wanted")                                                                                          \
    X(IS_NOW, "现在的样子", "What is there now")                                                                                          \
    X(DO_AGAIN, "仍然这样改", "Change it all the same")                                                                                   \
    X(NOTHING_TO_UNDO, "没有可撤销的改动。", "There is nothing to take back.")                                                            \
    X(NO_ONE_ABOVE, "上面没有文章可以并入。", "There is no article above it.")                                                            \
    X(QUEUE_HELP, "这些文章最值得看：模型最没把握，彼此又不相像，也不像已经看过的。",                                                     \
      "These are worth your time most: the model is least sure of them, and they differ from "                                            \
      "each other and from what was judged already.")                                                                                     \
    X(QUEUE_EMPTY, "没有要看的了。", "Nothing is left to look at.")                                                                       \
    X(DOUBT, "没把握的程度", "Doubt")                                                                                                     \
    X(JUDGED_SO_FAR, "已看过", "Judged so far")                                                                                           \
    X(LAST_CHANGED, "最近 20 篇里改了的", "Changed among the last 20")                                                                    \
    X(RETRAIN_HELP,                                                                                                                       \
      "用自带的文章加上你们的改正重新训练。五分之一的改正不拿来训练，只用来比较新旧两个模型；" \
      "变差的模型不会换上。",                                                                                                             \
      "Trains on the shipped articles and your corrections. A fifth of the corrections is never "                                         \
      "trained on: the old and the new model are compared on it, and a worse one is not taken.")                                          \
    X(START, "开始重训", "Start retraining")                                                                                              \
    X(STOP, "停止", "Stop")                                                                                                               \
    X(UNDER_WAY, "正在重训", "Retraining")                                                                                                \
    X(STARTED_AT, "开始于", "begun at")                                                                                                   \
    X(TOO_FEW_HELD, "留作比较的改正还不到 10 篇，比较不大可靠；多看一些文章会更好。现在有",                                               \
      "Fewer than 10 corrections are held back, so the comparison rests on little; label more. "                                          \
      "There are now")                                                                                                                    \
    X(OLD, "旧", "Old")                                                                                                                   \
    X(NEW, "新", "New")                                                                                                                   \
    X(DIFFERENCE, "差", "Difference")                                                                                                     \
    X(INTERVAL, "95% 区间", "95% interval")                                                                                               \
    X(OVERALL, "总体", "overall (micro)")                                                                                                 \
    X(MEAN_OF_TOPICS, "话题平均", "mean of topics (macro)")                                                                               \
    X(TRAINED_ON, "训练用改正", "Corrections trained on")                                                                                 \
    X(HELD_BACK, "留作比较", "Held back")                                                                                                 \
    X(RESULT, "结果", "Result")                                                                                                           \
    X(REPLACED, "新模型更好或一样好，已经换上", "The new model is no worse and was taken")                                                \
    X(REFUSED, "新模型变差了，没有换上", "The new model is worse and was refused")                                                        \
    X(TRAINING_FAILED, "重训没有完成", "The retraining failed")                                                                           \
    X(MODELS, "模型", "Models")                                                                                                           \
    X(CURRENT, "正在使用", "in use")                                                                                                      \
    X(KEPT, "保留", "kept")                                                                                                               \
    X(WAS_REFUSED, "未换上", "refused")                                                                                                   \
    X(BACK_TO_THIS, "换回这个", "Back to this one")                                                                                       \
    X(COMPARISON, "新旧比较", "Old and new")                                                                                              \
    X(MODEL, "模型", "Model")                                                                                                             \
    X(MADE, "时间", "Made")                                                                                                               \
    X(SHIPPED, "自带的模型", "the shipped model")                                                                                         \
    X(RELABELLING, "正在用新模型重看旧文章", "Older articles are being labelled anew")                                                    \
    X(ADD, "添加", "Add")                                                                                                                 \
    X(NAME, "名称", "Name")                                                                                                               \
    X(NEW_TOPIC, "新话题", "New topic")                                                                                                   \
    X(RENAME, "改名", "Rename")                                                                                                           \
    X(RETIRE, "停用", "Retire")                                                                                                           \
    X(REVIVE, "启用", "Use again")                                                                                                        \
    X(MERGE_INTO, "并入", "Merge into")                                                                                                   \
    X(EXAMPLES, "人给的例子", "Examples by people")                                                                                       \
    X(MISSING, "还差", "missing")                                                                                                         \
    X(KNOWN_TO_MODEL, "模型认识", "The model knows it")                                                                                   \
    X(RETIRED, "已停用", "retired")                                                                                                       \
    X(MERGED, "已并入", "merged into")                                                                                                    \
    X(FILES, "文件", "Files")                                                                                                             \
    X(CORRECTIONS, "改正", "Corrections")                                                                                                 \
    X(OVER_TIME, "按月", "By month")                                                                                                      \
    X(BY_PAPER, "按报纸", "By paper")                                                                                                     \
    X(HOW_OFTEN_CORRECTED, "哪些话题改得多", "Which topics people correct")                                                               \
    X(GIVEN_BY_PEOPLE, "人加上", "Given by people")                                                                                       \
    X(TAKEN_BY_PEOPLE, "人去掉", "Taken by people")                                                                                       \
    X(LEFT_ALONE, "模型说对", "The model was right")                                                                                      \
    X(AGREEMENT, "两人看同一篇时一致", "Two people agree on the same article")                                                            \
    X(OF, "/", "of")                                                                                                                      \
    X(MONTH, "月份", "Month")                                                                                                             \
    X(NO_PAPER, "未注明", "not told")                                                                                                     \
    X(NO_DAY, "无日期", "no day")                                                                                                         \
    X(STRANGER, "请用启动时给出的地址打开", "Open the address that the desk said when it started")                                        \
    X(PASSWORD, "口令", "Password")                                                                                                       \
    X(OPEN_DESK, "打开", "Open")                                                                                                          \
    X(WRONG_PASSWORD, "口令不对。", "That is not the password.")                                                                          \
    X(BAD_FORM, "这个表单不是从分类台来的，没有照办。", "This form did not come from the desk.")                                          \
    X(NOT_FOUND, "没有这一页。", "There is no such page.")                                                                                \
    X(FAILED, "没有办成", "That failed")                                                                                                  \
    X(MODEL_FOOT, "模型", "Model")

#define TEXT_ENUM(name, chinese, english) TEXT_##name,
enum text { TEXTS(TEXT_ENUM) TEXT_COUNT };
#undef TEXT_ENUM

/* A constant. */
const char *text_in(enum language language, enum text text);

/* The first language of an Accept-Language header that the desk speaks; Chinese where it names
 * none. */
enum language language_preferred(fenlei_text header);

#endif
