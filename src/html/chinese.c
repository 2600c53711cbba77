/* SPDX-License-Identifier: BSD-3-Clause */
#include "html/chinese.h"

#include <string.h>

/* In the English `*` stands for whatever is there, which the Chinese has at its own `*`, in the
 * same order; `~` for an ending that Chinese does not have. */
static const struct {
    const char *english, *chinese;
} messages[] = {
    {"No such file or directory", "没有这个文件"},
    {"Permission denied", "没有权限"},
    {"Is a directory", "这是文件夹"},
    {"File too large", "文件太大"},
    {"No space left on device", "磁盘已满"},
    {"Read-only file system", "磁盘是只读的"},
    {"out of memory", "内存不足"},
    {"it is a folder", "这是文件夹"},
    {"it is a folder, not a file", "这是文件夹，不是文件"},
    {"no files in it", "里面没有文件"},
    {"no files in it, only folders: -r goes down into them", "里面只有文件夹：加 -r 才会读进去"},
    {"the folders in it are passed over: -r goes down into them",
     "里面的文件夹没有读：加 -r 才会读进去"},
    {"cannot read the folder: *", "读不了这个文件夹：*"},
    {"it is empty", "文件是空的"},
    {"an empty line", "空行"},
    {"the text is empty", "没有文字"},
    {"it has no text", "没有文字"},
    {"not a plain file", "不是普通文件"},
    {"cannot open it: *", "打不开：*"},
    {"cannot read it: *", "读不了：*"},
    {"cannot write it: *", "写不了：*"},
    {"it is *: *", "这是 *：*"},
    {"it is *", "这是 *"},
    {"a picture (*)", "图片 (*)"},
    {"a table (*)", "表格 (*)"},
    {"an RTF file", "RTF 文件"},
    {"an old Office file (DOC, XLS)", "旧的 Office 文件 (DOC, XLS)"},
    {"an XML file", "XML 文件"},
    {"a recording (*)", "录音 (*)"},
    {"a film or a recording (MP4)", "视频或录音 (MP4)"},
    {"a tar archive", "tar 压缩包"},
    {"a program", "程序"},
    {"a script", "脚本"},
    {"a key or a certificate (PEM)", "密钥或证书 (PEM)"},
    {"a log", "日志"},
    {"a mail", "邮件"},
    {"subtitles (*)", "字幕 (*)"},
    {"the words of a song (LRC)", "歌词 (LRC)"},
    {"a calendar (iCalendar)", "日历 (iCalendar)"},
    {"an address book (vCard)", "通讯录 (vCard)"},
    {"a web archive (WARC)", "网页存档 (WARC)"},
    {"a web server's answer with its head", "带报头的网页响应"},
    {"a web page saved as MHTML", "存成 MHTML 的网页"},
    {"a comparison (diff)", "差异 (diff)"},
    {"a list of references (*)", "参考文献表 (*)"},
    {"a Git LFS pointer", "Git LFS 指针"},
    {"a file of settings (*)", "配置文件 (*)"},
    {"an SQL dump", "SQL 转储"},
    {"a LaTeX document", "LaTeX 文档"},
    {"a JSON string", "JSON 字符串"},
    {"JSON in JavaScript", "JavaScript 里的 JSON"},
    {"records as Python prints them", "Python 打印的记录"},
    {"a table with | between its cells", "以 | 分格的表格"},
    {"bytes written as hexadecimal digits", "十六进制的字节 (hexdump)"},
    {"read the file they were taken from", "请读取原来的文件"},
    {"text with a tag for each letter (CoNLL)", "逐字标注的文本 (CoNLL)"},
    {"text with its letters as \\u and a number", "字写成 \\u 加编号的文本"},
    {"text with \\n where its lines end", "以 \\n 代替换行的文本"},
    {"end its lines first", "请先换成真的换行"},
    {"text encoded for an address (*)", "按网址编码的文本 (*)"},
    {"text encoded for mail (quoted-printable)", "按邮件编码的文本 (quoted-printable)"},
    {"save the text of its articles alone", "请只存文章的文字"},
    {"save its text, or what is attached to it", "请存它的正文或附件"},
    {"save what follows the head", "请只存报头后面的部分"},
    {"save it as HTML", "请另存为 HTML"},
    {"unpack its pages first", "请先取出里面的网页"},
    {"write its letters out first", "请先还原成字"},
    {"write its letters in lines", "请把字写成行"},
    {"write them with json.dumps(), one a line, and read them with --jsonl",
     "请用 json.dumps() 写成一行一个，用 --jsonl 读"},
    {"fetch the file itself, as by *", "请取来文件本身，例如 *"},
    {"make a PDF of it, as by *", "请转成 PDF，例如 *"},
    {"have its text taken out first, as by *", "请先取出文字，例如 *"},
    {"its letters were lost before it was saved: * times U+FFFD, the first in line *",
     "存盘以前字就丢了：U+FFFD 有 * 处，第一处在第 * 行"},
    {"it looks like *, which is not detected: --encoding=* reads it",
     "像是 *，它不会自动识别：加 --encoding=* 就能读"},
    {"no \"*\", but \"*\": --text-field *", "没有“*”，却有“*”：加 --text-field *"},
    {"a * file", "* 文件"},
    {"a * archive", "* 压缩包"},
    {"an RSS or Atom feed", "RSS 或 Atom"},
    {"a JSON array", "JSON 数组"},
    {"JSON records", "JSON 记录"},
    {"save it as DOCX or as text", "请另存为 DOCX 或文本"},
    {"save it as DOCX, as by *", "请另存为 DOCX，例如 *"},
    {"unpack it first", "请先解开"},
    {"have its text recognised first (OCR), as by *", "请先做文字识别 (OCR)，例如 *"},
    {"make records of it, one JSON object a line, and read them with --jsonl",
     "请改成记录，一行一个 JSON 对象，用 --jsonl 读"},
    {"read it with --jsonl", "请用 --jsonl 读"},
    {"row *: *", "第 * 行记录：*"},
    {"* cell~, where the first row has *", "有 * 格，首行有 * 格"},
    {"no column * in its first row (*): * says which it is", "首行没有 * 列（有 *）：请用 * 指定"},
    {"the quote that opens a cell in line * is not closed *", "第 * 行打开的引号没有闭合"},
    {"name it with -m", "请用 -m 指定"},
    {"there is no folder *", "没有文件夹 *"},
    {"there is nothing but an empty page", "页面是空的"},
    {"* and * are the same file; it was not written", "* 和 * 是同一个文件，没有写"},
    {"what is there is no page of fenlei's and stays; --force replaces it all the same",
     "那里的不是 fenlei 的页面，没有动它；加 --force 才会替换"},
    {"what is there is no page of fenlei's and stays; it is a model",
     "那里的不是 fenlei 的页面，是模型，没有动它"},
    {"no model: name one with -m FILE or $FENLEI_MODEL; the one that comes with fenlei is not "
     "there (*)",
     "没有模型：用 -m FILE 或 $FENLEI_MODEL 指定一个；fenlei 自带的不在 (*)"},
    {"the model has no topic \"*\"", "模型里没有“*”这个主题"},
    {"the model has no topic \"*\"; did you mean *?", "模型里没有“*”这个主题，是不是 *？"},
    {"no \"*\"", "没有“*”"},
    {"no \"*\", but \"*\"", "没有“*”，却有“*”"},
    {"more than * lines of text", "文字超过 * 行"},
    {"it unpacks to more than * MiB of text", "解开后文字超过 * MiB"},
    {"its reader did not come to an end with it", "读它的程序没有读完"},
    {"it is damaged, or takes too much memory: its reader was ended by signal *",
     "文件坏了，或太占内存：读它的程序被信号 * 终止"},
    {"cannot read it twice", "不能读两遍"},
    {"not written: the page would be larger than * MiB", "没有写：页面会超过 * MiB"},
    {"not valid *: * invalid sequence~ replaced from here on",
     "不是有效的 *：从这里起有 * 处坏字节被替换"},
    {"* invalid sequence~ in its text replaced", "文字里有 * 处坏字节被替换"},
    {"* line~ in another encoding than the rest (*): this one is in *",
     "有 * 行的编码与其余的 (*) 不同：这一行是 *"},
    {"invalid UTF-8 (byte *)", "不是有效的 UTF-8 (第 * 字节)"},
    {"not JSON (byte *)", "不是 JSON (第 * 字节)"},
    {"not JSON: not a number (byte *)", "不是 JSON：数字写错了 (第 * 字节)"},
    {"more behind the JSON value (byte *)", "JSON 后面还有别的 (第 * 字节)"},
    {"not a JSON object", "不是 JSON 对象"},
    {"a NUL character or half an escape in it", "里面有 NUL 字符或半个转义"},
    {"\"*\": a NUL character or half an escape in it", "“*”里有 NUL 字符或半个转义"},
    {"\"*\" is not a string", "“*”不是字符串"},
    {"\"*\" is not an array", "“*”不是数组"},
    {"\"*\" given twice", "“*”给了两次"},
    {"more than * lines", "超过 * 行"},
    {"more than * labels", "标签超过 * 个"},
    {"longer than * MiB, the most a file may have", "超过 * MiB，文件不能更大"},
    {"longer than * MiB, the most a line may have", "超过 * MiB，一行不能更长"},
    {"no encoding named \"*\"", "没有叫“*”的编码"},
    {"not text in UTF-8, UTF-16, UTF-32, GB18030 or Big5: invalid UTF-8 at *",
     "不是 UTF-8、UTF-16、UTF-32、GB18030 或 Big5 的文字：UTF-8 坏在 *"},
    {"a PDF without text, such as a scan: have its text recognised (OCR), as by *",
     "PDF 里没有文字，像是扫描件：请先做文字识别 (OCR)，例如 *"},
    {"a PDF that does not say what its letters are: have its text recognised (OCR), as by *",
     "PDF 没有说明它的字是什么：请先做文字识别 (OCR)，例如 *"},
    {"a PDF that is damaged: it cannot be opened", "PDF 坏了，打不开"},
    {"a PDF that is locked with a password: save it without one", "PDF 有密码：请去掉密码再存一份"},
    {"a PDF of more than * pages", "PDF 超过 * 页"},
    {"a DOCX file that is damaged: it cannot be unpacked", "DOCX 文件坏了，解不开"},
    {"a DOCX file without text", "DOCX 文件里没有文字"},
    {"an HTML page that cannot be read", "HTML 页面读不了"},
    {"an HTML page without an article: nothing but links and short lines",
     "HTML 页面里没有文章，只有链接和短行"},
    {"fenlei-read, which reads such files, is not installed", "没有装 fenlei-read，它读这样的文件"},
    {"reading it takes longer than * seconds", "读它超过了 * 秒"},
    {"reading it takes too long", "读它花的时间太长"},
    {"* label~ of * record~ left out: no topic~ of the model",
     "* 个标签 (在 * 条记录里) 没有算：模型没有这些话题"},
    {"near-duplicates of training texts*: * of *; without them micro-F1 *, macro-F1 *",
     "和训练文章几乎相同的*：*，共 * 篇；去掉它们 micro-F1 *，macro-F1 *"},
    {"near-duplicates of training texts*: * of *", "和训练文章几乎相同的*：*，共 * 篇"},
    {" (by the model's sketch)", " (按模型的摘要)"},
    {"On the records given", "在给出的记录上"},
    {"Held out, from * on", "留出的，从 * 起"},
    {"Held out", "留出的"},
    {"Made by models that had not seen these articles. The phrases are those of the model written, "
     "which has.",
     "由没有见过这些文章的模型得出；词句是写出的模型的，它见过。"},
    {"Out of fold, * folds", "交叉检验，* 折"},
    {"Out of fold", "交叉检验"},
    {"Made by models that had not seen these articles.", "由没有见过这些文章的模型得出。"},
};

enum { CAPTURES = 6 };

struct captures {
    fenlei_text of[CAPTURES]; /* [n] what `*` stands for */
    size_t n;
};

/* Where `part` begins in `text` from `at` on; its size where it does not. */
static size_t find(fenlei_text text, size_t at, const char *part, size_t size)
{
    const char *found =
        size <= text.size - at ? memmem(text.bytes + at, text.size - at, part, size) : NULL;
    return found != NULL ? (size_t)(found - text.bytes) : text.size;
}

/* Matches the whole of `text`; a wild card ends where what is behind it first stands. */
static bool matches(const char *pattern, fenlei_text text, struct captures *captures)
{
    size_t at = 0;
    captures->n = 0;
    while (*pattern != '\0') {
        size_t plain = strcspn(pattern, "*~");
        if (plain > text.size - at || memcmp(text.bytes + at, pattern, plain) != 0)
            return false;
        at += plain;
        pattern += plain;
        if (*pattern == '\0')
            break;
        char card = *pattern++;
        size_t behind = strcspn(pattern, "*~");
        size_t end = behind == 0 ? text.size : find(text, at, pattern, behind);
        if (card == '*' && captures->n < CAPTURES)
            captures->of[captures->n++] = (fenlei_text){text.bytes + at, end - at};
        at = end;
    }
    return at == text.size;
}

static bool say(struct buffer *out, fenlei_text message);

static void put(struct buffer *out, const char *chinese, const struct captures *captures)
{
    size_t n = 0;
    for (; *chinese != '\0'; chinese++) {
        if (*chinese != '*')
            buffer_append(out, chinese, 1);
        else if (n < captures->n && !say(out, captures->of[n++]))
            buffer_append_text(out, captures->of[n - 1]);
    }
}

/* False, and nothing is said, where the message is not known. */
static bool say(struct buffer *out, fenlei_text message)
{
    struct captures captures;
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
        if (!matches(messages[i].english, message, &captures))
            continue;
        put(out, messages[i].chinese, &captures);
        return true;
    }
    return false;
}

void chinese_message(struct buffer *out, fenlei_text message)
{
    for (size_t at = 0;;) {
        fenlei_text rest = {message.bytes + at, message.size - at};
        size_t colon = find(message, at, ": ", 2);
        size_t before = out->size;
        buffer_append(out, message.bytes, at);
        if (say(out, rest))
            return;
        if (!out->failed)
            out->size = before;
        if (colon == message.size)
            break;
        at = colon + 2;
    }
    buffer_append_text(out, message);
}
