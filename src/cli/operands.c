/* SPDX-License-Identifier: BSD-2-Clause */
/* The supply of operands: command line, --files0-from list, or standard input. */
#include "base/base.h"
#include "base/size.h"
#include "cli/operands.h"

#include "base/clock.h"
#include "base/diag.h"
#include "base/folder.h"
#include "base/parallel.h"
#include "base/quote.h"
#include "cli/namelist.h"
#include "cli/tree.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * What stat() said of a name, in eight bytes, for names may be many: its size; SIZE_UNKNOWN, if it
 * was not asked or has failed; or this.
 */
#define SIZE_IRREGULAR (UINT64_MAX - 1) /* no regular file */

enum {
	SIZES_MAX = 1 << 20, /* remembered, of the first names: 8 MiB; the others are asked again */
	WIDTH_IRREGULAR = 7, /* GNU wc's least width if a size is not known before counting */
	OPERAND_USUAL = sizeof(struct operand) + PATH_MAX, /* longer names are rare */
};

struct operands {
	const struct options *options;
	struct namelist *list; /* of --files0-from; NULL: the command line's names, or stdin */
	uint64_t count;        /* names known beforehand; 0: none, or a list taken as it comes */
	uint64_t *sizes;       /* of the first `n_sizes` names; NULL: nothing is known */
	size_t n_sizes;
	uint64_t named;    /* names taken from the command line or the list */
	uint64_t taken;    /* operands handed out: with -r a name may be many, or none */
	struct tree *tree; /* the directory being walked; NULL: none */
	int error;         /* errno of what ended the supply early */
	bool hinted;       /* operands_hint() has said what it has to */
	/*
	 * OPERAND_USUAL bytes for an operand when there is no other memory, reserved before its
	 * name is taken, so that none is lost. NULL: in use, and there has been none since.
	 */
	void *reserve;
};

/* Standard input without a name. */
static bool is_implicit(const struct operands *ops)
{
	return !ops->list && ops->options->n_names == 0 && !ops->options->recursive;
}

/* The first name on the command line that has no place there; NULL: there is none. */
static const char *extra_name(const struct options *o)
{
	if (o->files0_from && o->n_names > 0)
		return o->names[0];
	if (o->tee && o->n_names > 0 && strcmp(o->names[0], "-") != 0)
		return o->names[0];
	return o->tee && o->n_names > 1 ? o->names[1] : NULL;
}

static void report_extra(const struct options *o, const char *name)
{
	char *quoted = quote_always(name);
	diag_error(0, "extra operand %s", quoted);
	diag_more(o->tee ? "file operands cannot be combined with --tee\n"
	                 : "file operands cannot be combined with --files0-from\n");
	diag_try_help();
	quote_free(quoted);
}

/* Opens the list, and reads it if it is small. 0, or -1: that failed, and is reported. */
static int list_open(struct operands *ops, const char *path)
{
	ops->list = namelist_open(path);
	bool opened = ops->list != NULL;
	if (opened && !namelist_is_small(ops->list))
		return 0;
	if (opened && namelist_read_all(ops->list) == 0) {
		ops->count = namelist_count(ops->list);
		return 0;
	}
	int saved = errno;
	char *quoted = quote_always(path);
	if (opened)
		diag_error(0, "cannot read file names from %s", quoted);
	else
		diag_error(saved, "cannot open %s for reading", quoted);
	quote_free(quoted);
	return -1;
}

/*
 * Has memory reserved for the next operand, whatever else takes it meanwhile. 0, or -1: there is
 * none.
 */
static int reserve_operand(struct operands *ops)
{
	if (!ops->reserve)
		ops->reserve = malloc(OPERAND_USUAL);
	return ops->reserve ? 0 : -1;
}

struct operands *operands_open(const struct options *options)
{
	const char *extra = extra_name(options);
	if (extra) {
		report_extra(options, extra);
		return NULL;
	}
	struct operands *ops = calloc(1, sizeof(*ops));
	if (!ops || reserve_operand(ops) != 0) {
		diag_error(ENOMEM, "operands");
		operands_close(ops);
		return NULL;
	}
	ops->options = options;
	if (!options->files0_from) {
		ops->count = options->n_names > 0 ? options->n_names : 1;
	} else if (list_open(ops, options->files0_from) != 0) {
		operands_close(ops);
		return NULL;
	}
	return ops;
}

/* The next name in order, wherever names come from. */
static enum supply next_name(struct operands *ops, uint64_t index, bool may_block,
                             const char **name)
{
	if (ops->list)
		return namelist_next(ops->list, may_block, name);
	if (index >= ops->count)
		return SUPPLY_NONE;
	if (ops->options->n_names > 0)
		*name = ops->options->names[index];
	else
		*name = is_implicit(ops) ? "-" : "."; /* -r alone, as with grep */
	return SUPPLY_ONE;
}

/* The list itself is standard input, which then is not there to be counted. */
static bool is_list_itself(const struct operands *ops, const char *name)
{
	return ops->list && strcmp(ops->options->files0_from, "-") == 0 && strcmp(name, "-") == 0;
}

/* A file that is named, but not to be counted. Standard input has no name. */
static bool is_excluded(const struct operands *ops, const char *name)
{
	return *name != '\0' && strcmp(name, "-") != 0 &&
	       !filter_takes_file(&ops->options->filter, FILTER_NAMED, name);
}

/* A name that is refused has no size, whatever has become of the descriptor. */
static uint64_t size_ask(const struct operands *ops, struct folder *folder, const char *name,
                         uint64_t now)
{
	struct stat st;
	if (is_list_itself(ops, name))
		return SIZE_UNKNOWN;
	int status = strcmp(name, "-") == 0 ? fstat(STDIN_FILENO, &st)
	                                    : folder_stat(folder, name, &st, now);
	if (status != 0)
		return SIZE_UNKNOWN;
	if (!S_ISREG(st.st_mode))
		return SIZE_IRREGULAR;
	return is_excluded(ops, name) ? SIZE_UNKNOWN : (uint64_t)st.st_size;
}

/* Names to be asked about, and the answers. */
struct asking {
	const struct operands *ops;
	const char **names;
	uint64_t *sizes;
};

static void ask_range(void *arg, size_t begin, size_t end)
{
	struct asking *asking = arg;
	struct folder folder = {0};
	uint64_t now = clock_now_ns();

	for (size_t i = begin; i < end; i++)
		asking->sizes[i] = size_ask(asking->ops, &folder, asking->names[i], now);
	folder_close(&folder);
}

/* Asks for the sizes of the first names, many at a time. 0, or -1: no memory for that. */
static int ask_at_once(struct operands *ops)
{
	ops->n_sizes = (size_t)min_u64(ops->count, SIZES_MAX);
	const char **names = malloc(ops->n_sizes * sizeof(*names));
	ops->sizes = malloc(ops->n_sizes * sizeof(*ops->sizes));
	int status = names && ops->sizes ? 0 : -1;
	if (status == 0) {
		for (uint64_t i = 0; i < ops->n_sizes; i++)
			verify(next_name(ops, i, true, &names[i]) == SUPPLY_ONE);
		struct asking asking = {ops, names, ops->sizes};
		parallel_for(ops->options->jobs, ops->n_sizes, ask_range, &asking);
	} else {
		free(ops->sizes);
		ops->sizes = NULL;
		ops->n_sizes = 0;
	}
	free(names);
	return status;
}

unsigned operands_number_width(struct operands *ops)
{
	const struct options *o = ops->options;
	if (o->total == TOTAL_ONLY || ops->count == 0 ||
	    (ops->count == 1 && columns_count(o->columns) == 1 && !o->recursive && o->borders == 0))
		return 1;

	/* Without memory for the sizes they are asked again later, and nothing else changes. */
	(void)ask_at_once(ops);
	/* What is inside compressed files is as unknown beforehand as what a pipe will bring. */
	unsigned least = o->decompress == FORMAT_PLAIN ? 1 : WIDTH_IRREGULAR;
	uint64_t sum = 0;
	const char *name;
	struct folder folder = {0};
	for (uint64_t i = 0; i < ops->count; i++) {
		uint64_t size;
		if (i < ops->n_sizes)
			size = ops->sizes[i];
		else if (next_name(ops, i, true, &name) == SUPPLY_ONE)
			size = size_ask(ops, &folder, name, clock_now_ns());
		else
			break;
		if (size == SIZE_IRREGULAR)
			least = WIDTH_IRREGULAR;
		else if (size != SIZE_UNKNOWN)
			(void)add_overflows(&sum, size);
	}
	folder_close(&folder);
	if (ops->list)
		namelist_rewind(ops->list);
	return (unsigned)max_u64(least, number_digits(sum));
}

/* Is it known how much is to be counted of a file or stream? Then *bytes. */
static bool amount_of(const struct operands *ops, const char *name, uint64_t size, uint64_t *bytes)
{
	const struct file_range *range = &ops->options->range;
	/* What precedes such a part is counted too, for the quotes in it. */
	bool from_start = ops->options->align == ALIGN_RECORDS &&
	                  ops->options->records.form == RECORDS_QUOTED;
	bool is_stdin = strcmp(name, "-") == 0;
	struct stat st;

	*bytes = 0;
	if (size == SIZE_UNKNOWN)
		return true; /* it is not there */
	if (size == SIZE_IRREGULAR)
		return !is_stdin && stat(name, &st) == 0 && S_ISDIR(st.st_mode) &&
		       !ops->options->recursive;
	off_t at = is_stdin ? lseek(STDIN_FILENO, 0, SEEK_CUR) : 0;
	*bytes = at > 0 ? size - min_u64(size, (uint64_t)at) : size;
	if (range->some)
		*bytes = min_u64(range->length, *bytes - min_u64(*bytes, range->offset));
	else if (range->parts > 1)
		*bytes = share_of(*bytes, from_start ? range->part : 1, range->parts, false);
	return true;
}

struct amount operands_amount(struct operands *ops, bool ask)
{
	struct amount amount = {.files = ops->count};
	const char *name;

	if (!ops->sizes && ((!ask && ops->count != 1) || ops->count == 0 || ask_at_once(ops) != 0))
		return (struct amount){0};
	if (ops->list)
		namelist_rewind(ops->list);
	bool known = ops->n_sizes == ops->count;
	for (uint64_t i = 0; known && i < ops->count; i++) {
		uint64_t bytes;
		known = next_name(ops, i, true, &name) == SUPPLY_ONE &&
		        amount_of(ops, name, ops->sizes[i], &bytes) &&
		        !add_overflows(&amount.bytes, bytes);
	}
	if (ops->list)
		namelist_rewind(ops->list);
	if (!known)
		amount.bytes = 0;
	/* A name may be many files, or none. */
	if ((ops->options->recursive && !known) || ops->options->filter.n > 0)
		amount.files = 0;
	return amount;
}

/* A new operand; the name is copied if it will not stay where it is. NULL: ops->error. */
static struct operand *operand_new(struct operands *ops, const char *name, bool copy)
{
	size_t copied = copy ? strlen(name) + 1 : 0;
	struct operand *new = malloc(sizeof(*new) + copied);

	if (!new && sizeof(*new) + copied <= OPERAND_USUAL) {
		new = ops->reserve;
		ops->reserve = NULL;
	}
	if (!new) {
		ops->error = ENOMEM;
		return NULL;
	}
	*new = (struct operand){
		.name = copy ? memcpy(new + 1, name, copied) : name,
		.record = ops->named,
	};
	ops->taken++;
	return new;
}

/*
 * The next file below the directory being walked. SUPPLY_NONE: there is none, and no tree any more.
 */
static enum supply next_of_tree(struct operands *ops, struct operand **op)
{
	const char *path;
	enum tree_step step = tree_next(ops->tree, &path);
	int error = errno;

	if (step == TREE_END) {
		tree_close(ops->tree);
		ops->tree = NULL;
		return SUPPLY_NONE;
	}
	*op = operand_new(ops, path, true);
	if (!*op)
		return SUPPLY_NONE;
	/* Lines of partial counts have no room for such names. */
	(*op)->is_long =
		strlen(path) >= PATH_MAX && !ops->options->partial && !ops->options->journal;
	(*op)->stat_known = (*op)->regular = step == TREE_FILE;
	(*op)->size = SIZE_UNKNOWN;
	(*op)->skip = step == TREE_ERROR;
	(*op)->skip_error = step == TREE_ERROR ? error : 0;
	return SUPPLY_ONE;
}

/* With -r: is the name that of a directory? Then it is to be walked, unless it is excluded. */
static bool is_walked(struct operands *ops, const char *name, uint64_t size)
{
	struct stat st;

	if (!ops->options->recursive || size < SIZE_IRREGULAR || strcmp(name, "-") == 0 ||
	    stat(name, &st) != 0 || !S_ISDIR(st.st_mode))
		return false;
	/* The working directory, where no name is given, cannot be excluded, as with grep. */
	bool named = ops->list || ops->options->n_names > 0;
	if (named && !filter_takes_directory(&ops->options->filter, FILTER_NAMED, name))
		return true;
	ops->tree = tree_open(name, ops->options->one_file_system, &ops->options->filter);
	if (!ops->tree)
		ops->error = ENOMEM;
	return true;
}

/* A descriptor of this process by its name. */
static bool is_descriptor(const char *name)
{
	return strcmp(name, "/dev/stdin") == 0 || strncmp(name, "/dev/fd/", 8) == 0 ||
	       strncmp(name, "/proc/self/fd/", 14) == 0;
}

/*
 * The operand that the next name is; SUPPLY_ONE without one: it is a directory, now to be walked,
 * or excluded.
 */
static enum supply next_of_names(struct operands *ops, bool may_block, struct operand **op)
{
	const char *name;
	enum supply supply = next_name(ops, ops->named, may_block, &name);
	if (supply != SUPPLY_ONE)
		return supply;

	uint64_t i = ops->named++;
	uint64_t size = ops->sizes && i < ops->n_sizes ? ops->sizes[i] : SIZE_UNKNOWN;
	*op = NULL;
	if (is_walked(ops, name, size) || is_excluded(ops, name))
		return SUPPLY_ONE;
	/* A name out of a list that is read as it comes is stored after the operand. */
	struct operand *new = operand_new(ops, name, ops->list && ops->count == 0);
	if (!new)
		return SUPPLY_NONE;
	new->is_stdin = strcmp(name, "-") == 0;
	new->implicit = is_implicit(ops);
	new->skip = *name == '\0' || is_list_itself(ops, name);
	/* If the list had the number, others have it while files are open: not when its turn comes.
	 */
	new->stat_known =
		size != SIZE_UNKNOWN || (ops->list && ops->count > 0 && is_descriptor(name));
	new->regular = size < SIZE_IRREGULAR;
	new->size = size < SIZE_IRREGULAR ? size : 0;
	*op = new;
	return SUPPLY_ONE;
}

enum supply operands_next(struct operands *ops, bool may_block, struct operand **op)
{
	/* Operands in progress will free some: waiting for that is better than failing. */
	if (reserve_operand(ops) != 0 && !may_block)
		return SUPPLY_WAIT;
	while (!ops->error) {
		if (ops->tree && next_of_tree(ops, op) == SUPPLY_ONE)
			return SUPPLY_ONE;
		if (ops->tree || ops->error)
			break;
		enum supply supply = next_of_names(ops, may_block, op);
		if (supply != SUPPLY_ONE || *op)
			return supply;
	}
	return SUPPLY_NONE;
}

const char *operands_skip_text(const struct operand *op)
{
	return *op->name == '\0' ? "invalid zero-length file name"
	                         : "the list of names is standard input";
}

void operands_report_skip(const struct operands *ops, const struct operand *op)
{
	if (op->skip_error != 0) {
		diag_name_error(op->skip_error, op->name);
	} else if (*op->name != '\0') {
		diag_error(0, "when reading file names from standard input, "
		              "no file name of '-' allowed");
	} else if (!ops->list) {
		diag_error(0, "invalid zero-length file name");
	} else {
		char *quoted = quote_name(ops->options->files0_from);
		diag_error(0, "%s:%llu: invalid zero-length file name", quoted,
		           (unsigned long long)op->record);
		quote_free(quoted);
	}
}

void operands_hint(struct operands *ops, const struct operand *op, int error)
{
	bool missing = error == ENOENT || error == ENAMETOOLONG;

	if (ops->hinted || !ops->list || !missing || !strchr(op->name, '\n'))
		return;
	ops->hinted = true;
	char *quoted = quote_own_name(ops->options->files0_from);
	diag_note("%s: names must end with NUL bytes, not newlines; "
	          "tr '\\n' '\\0' converts a list",
	          quoted);
	quote_free(quoted);
}

uint64_t operands_taken(const struct operands *ops)
{
	return is_implicit(ops) ? 0 : ops->taken;
}

int operands_report_error(const struct operands *ops)
{
	int error = ops->error;
	if (error == 0 && ops->list)
		error = namelist_error(ops->list);
	if (error == 0)
		return 0;
	if (!ops->list) {
		diag_error(error, "operands");
		return error;
	}
	char *quoted = quote_name(ops->options->files0_from);
	diag_error(error, "%s: read error", quoted);
	quote_free(quoted);
	return error;
}

void operands_release(struct operand *op)
{
	free(op);
}

void operands_close(struct operands *ops)
{
	if (!ops)
		return;
	namelist_close(ops->list);
	tree_close(ops->tree);
	free(ops->sizes);
	free(ops->reserve);
	free(ops);
}
