/* SPDX-License-Identifier: BSD-2-Clause */
/* Names made safe to print, in the forms GNU wc uses, by the LC_CTYPE locale in force. */
#include "base/base.h"
#include "base/quote.h"

#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

/* What stands for a text that there is no memory to quote. */
static char lost[] = "(a name: out of memory)";

/* The longest form of one byte: '$'\ooo; and the quotes around all. */
enum { BYTE_LEN_MAX = 7, QUOTES_LEN_MAX = 8 };

/* The name of a control character after a backslash, in C and in the shell's $'...'. */
static char escape_letter(unsigned char c)
{
	static const char names[] = "abtnvfr"; /* 7 to 13 */
	return c >= '\a' && c <= '\r' ? names[c - '\a'] : '\0';
}

/* One character of a text. */
struct piece {
	const unsigned char *p;
	size_t len;     /* bytes, at least 1 */
	bool printable; /* in the locale; an invalid byte is not */
};

/* What is asked of a character beside being printable in the locale. */
enum rules {
	RULES_OF_WC = 0,
	NO_TURNS = 1, /* it is not one that turns the direction of text (Unicode's bidi controls) */
	BREAKS = 2,   /* or it is a newline or a TAB */
};

bool quote_turns(uint32_t c)
{
	return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
	       (c >= 0x2066 && c <= 0x2069);
}

/* The character at p, with `left` > 0 bytes before the end of the text. */
static struct piece piece_at(const unsigned char *p, size_t left, enum rules rules)
{
	if (*p < 0x80)
		return (struct piece){p, 1,
		                      (*p >= ' ' && *p != 0x7f) ||
		                              (rules & BREAKS && (*p == '\n' || *p == '\t'))};
	wchar_t wc;
	size_t len = mbrtowc(&wc, (const char *)p, left, &(mbstate_t){0});
	if (len == (size_t)-1 || len == 0)
		return (struct piece){p, 1, false};
	if (len == (size_t)-2)
		return (struct piece){p, left, false};
	return (struct piece){
		p, len, iswprint((wint_t)wc) && !(rules & NO_TURNS && quote_turns((uint32_t)wc))};
}

/* Appends; the buffer is large enough by its making. */
static char *put(char *out, const void *bytes, size_t n)
{
	memcpy(out, bytes, n);
	return out + n;
}

static char *put_octal(char *out, unsigned char c)
{
	*out++ = '\\';
	*out++ = (char)('0' + (c >> 6));
	*out++ = (char)('0' + (c >> 3 & 7));
	*out++ = (char)('0' + (c & 7));
	return out;
}

/* An unprintable character as backslash escapes: by letter if it has one, else byte by byte. */
static char *put_escaped(char *out, struct piece c)
{
	if (c.len == 1 && escape_letter(*c.p)) {
		*out++ = '\\';
		*out++ = escape_letter(*c.p);
		return out;
	}
	for (size_t i = 0; i < c.len; i++)
		out = put_octal(out, c.p[i]);
	return out;
}

/* Which quotes a shell word needs. */
enum shell_form {
	SHELL_BARE,
	SHELL_SINGLE, /* '...', with unprintable runs as $'...' */
	SHELL_DOUBLE, /* "...": an apostrophe, and nothing that is special inside double quotes */
};

/* What a printable character asks of the word it is in. */
enum { ASKS_QUOTES = 1, NOT_IN_DOUBLE = 2 };

static unsigned shell_asks(struct piece c, bool first, bool alone)
{
	if (!c.printable)
		return ASKS_QUOTES | NOT_IN_DOUBLE;
	if (c.len > 1) {
		/* A shell that reads bytes would see these special characters (SJIS, BIG5, GBK). */
		for (size_t i = 1; i < c.len; i++)
			if (strchr("[\\^`|", c.p[i]))
				return ASKS_QUOTES;
		return 0;
	}
	if (*c.p >= 0x80)
		return 0;
	if (*c.p == ' ' || *c.p == '\'')
		return ASKS_QUOTES;
	if (strchr("!\"$&()*;<=>?[\\^`|", *c.p))
		return ASKS_QUOTES | NOT_IN_DOUBLE;
	if (strchr("#~", *c.p))
		return first ? ASKS_QUOTES : NOT_IN_DOUBLE;
	if (strchr("{}", *c.p))
		return (alone ? ASKS_QUOTES : 0) | NOT_IN_DOUBLE;
	return 0;
}

static enum shell_form shell_form(const unsigned char *name, size_t len, enum rules rules)
{
	unsigned asks = len == 0 ? ASKS_QUOTES : 0;
	bool apostrophe = false;
	struct piece c;
	for (size_t i = 0; i < len; i += c.len) {
		c = piece_at(name + i, len - i, rules);
		asks |= shell_asks(c, i == 0, len == 1);
		apostrophe |= *c.p == '\'';
	}
	if (!(asks & ASKS_QUOTES))
		return SHELL_BARE;
	return apostrophe && !(asks & NOT_IN_DOUBLE) ? SHELL_DOUBLE : SHELL_SINGLE;
}

static char *put_single_quoted(char *out, const unsigned char *name, size_t len, enum rules rules)
{
	bool escaping = false; /* inside $'...', else inside '...' */
	struct piece c;
	*out++ = '\'';
	for (size_t i = 0; i < len; i += c.len) {
		c = piece_at(name + i, len - i, rules);
		if (*c.p == '\'') {
			out = put(out, "'\\''", 4);
			escaping = false;
			continue;
		}
		if (!c.printable && !escaping)
			out = put(out, "'$'", 3);
		else if (c.printable && escaping)
			out = put(out, "''", 2);
		escaping = !c.printable;
		out = escaping ? put_escaped(out, c) : put(out, c.p, c.len);
	}
	*out++ = '\'';
	return out;
}

/* Room for any form of a text of this length. */
static char *quote_room(size_t len)
{
	size_t size;
	if (__builtin_mul_overflow(len, BYTE_LEN_MAX, &size) ||
	    __builtin_add_overflow(size, QUOTES_LEN_MAX, &size))
		return NULL;
	return malloc(size);
}

static char *quote_shell(const char *name, bool always, bool colon, enum rules rules)
{
	size_t len = strlen(name);
	const unsigned char *bytes = (const unsigned char *)name;
	char *quoted = quote_room(len);
	char *out = quoted;
	if (!quoted)
		return lost;
	enum shell_form form = shell_form(bytes, len, rules);
	if (form == SHELL_BARE && (always || (colon && strchr(name, ':'))))
		form = SHELL_SINGLE;
	if (form == SHELL_SINGLE) {
		out = put_single_quoted(out, bytes, len, rules);
	} else {
		if (form == SHELL_DOUBLE)
			*out++ = '"';
		out = put(out, name, len);
		if (form == SHELL_DOUBLE)
			*out++ = '"';
	}
	*out = '\0';
	return quoted;
}

char *quote_name(const char *name)
{
	return quote_shell(name, false, true, RULES_OF_WC);
}

char *quote_always(const char *name)
{
	return quote_shell(name, true, false, RULES_OF_WC);
}

char *quote_own_name(const char *name)
{
	return quote_shell(name, false, true, NO_TURNS);
}

static char *in_marks(const char *text, enum rules rules)
{
	bool utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	const char *open = utf8 ? "\xe2\x80\x98" : "'";
	const char *close = utf8 ? "\xe2\x80\x99" : "'";
	size_t close_len = strlen(close);
	size_t len = strlen(text);
	char *quoted = quote_room(len);
	if (!quoted)
		return lost;
	char *out = put(quoted, open, strlen(open));
	struct piece c;
	for (size_t i = 0; i < len; i += c.len) {
		c = piece_at((const unsigned char *)text + i, len - i, rules);
		if (*c.p == '\\' || (c.len == close_len && memcmp(c.p, close, close_len) == 0))
			*out++ = '\\';
		out = c.printable ? put(out, c.p, c.len) : put_escaped(out, c);
	}
	out = put(out, close, close_len);
	*out = '\0';
	return quoted;
}

char *quote_locale(const char *text)
{
	return in_marks(text, RULES_OF_WC);
}

char *quote_own_locale(const char *text)
{
	return in_marks(text, NO_TURNS);
}

static char *escape(const char *text, enum rules rules)
{
	size_t len = strlen(text);
	char *quoted = quote_room(len), *out = quoted;
	struct piece c;

	if (!quoted)
		return lost;
	for (size_t i = 0; i < len; i += c.len) {
		c = piece_at((const unsigned char *)text + i, len - i, rules);
		out = c.printable ? put(out, c.p, c.len) : put_escaped(out, c);
	}
	*out = '\0';
	return quoted;
}

static bool escapes_nothing(const char *text, enum rules rules)
{
	size_t len = strlen(text);
	struct piece c = {.printable = true};

	for (size_t i = 0; i < len && c.printable; i += c.len)
		c = piece_at((const unsigned char *)text + i, len - i, rules);
	return c.printable;
}

char *quote_text(const char *text)
{
	return escape(text, NO_TURNS);
}

bool quote_is_harmless(const char *text)
{
	return escapes_nothing(text, NO_TURNS);
}

bool quote_has_controls(const char *text)
{
	size_t len = strlen(text);
	struct piece c;

	for (size_t i = 0; i < len; i += c.len) {
		c = piece_at((const unsigned char *)text + i, len - i, NO_TURNS);
		/* 0x80 to 0x9F are the controls of terminals that take eight bits. */
		if (!c.printable && !(c.len == 1 && *c.p >= 0xA0))
			return true;
	}
	return false;
}

char *quote_message(const char *message)
{
	return escape(message, BREAKS);
}

bool quote_is_printable(const char *message)
{
	return escapes_nothing(message, BREAKS);
}

void quote_free(char *quoted)
{
	if (quoted != lost)
		free(quoted);
}
