/* SPDX-License-Identifier: BSD-2-Clause */
/* Partials by operand, in a hash table while they come, then sorted and merged. */
#include "base/base.h"
#include "partial/collection.h"

#include <stdlib.h>
#include <string.h>

struct collection {
	void (*problem)(void *arg, const struct partial_problem *problem);
	void *arg;
	bool any;
	struct partial_mode mode;
	struct partial_place place;       /* of the first line */
	struct partial_operand **operand; /* [n], as first seen */
	size_t n, room;
	size_t *slot; /* [n_slots] index of an operand + 1; 0: empty */
	size_t n_slots;
};

struct collection *collection_new(void (*problem)(void *arg, const struct partial_problem *problem),
                                  void *arg)
{
	struct collection *c = calloc(1, sizeof *c);

	if (!c)
		return NULL;
	c->problem = problem;
	c->arg = arg;
	c->n_slots = 64; /* a power of two */
	c->slot = calloc(c->n_slots, sizeof *c->slot);
	if (c->slot)
		return c;
	free(c);
	return NULL;
}

void collection_free(struct collection *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->n; i++) {
		free(c->operand[i]->name);
		free(c->operand[i]->range);
		free(c->operand[i]);
	}
	free(c->operand);
	free(c->slot);
	free(c);
}

const struct partial_mode *collection_mode(const struct collection *c)
{
	return c->any ? &c->mode : NULL;
}

/* ---- by name ---- */

/* FNV-1a */
static uint64_t hash_of(const char *name)
{
	uint64_t hash = UINT64_C(0xCBF29CE484222325);

	for (; name && *name; name++)
		hash = (hash ^ (unsigned char)*name) * UINT64_C(0x100000001B3);
	return name ? hash : 0;
}

static bool name_is(const struct partial_operand *operand, const char *name)
{
	return operand->name && name ? strcmp(operand->name, name) == 0 : !operand->name && !name;
}

/* The slot of the name, or the empty one where it belongs. */
static size_t *slot_of(struct collection *c, const char *name)
{
	size_t i = (size_t)hash_of(name) & (c->n_slots - 1);

	while (c->slot[i] && !name_is(c->operand[c->slot[i] - 1], name))
		i = (i + 1) & (c->n_slots - 1);
	return &c->slot[i];
}

/* 0, or -1: no memory. */
static int grow_slots(struct collection *c)
{
	size_t *slot = calloc(2 * c->n_slots, sizeof *slot);

	if (!slot)
		return -1;
	free(c->slot);
	c->slot = slot;
	c->n_slots *= 2;
	for (size_t i = 0; i < c->n; i++)
		*slot_of(c, c->operand[i]->name) = i + 1;
	return 0;
}

static struct partial_operand *new_operand(const struct partial *p, struct partial_place place)
{
	struct partial_operand *new = calloc(1, sizeof *new);

	if (!new)
		return NULL;
	new->name = p->name ? strdup(p->name) : NULL;
	if (p->name && !new->name) {
		free(new);
		return NULL;
	}
	new->number = p->operand;
	new->file = p->file;
	new->place = place;
	return new;
}

/* The operand of that name, made if it is new; NULL: no memory. */
static struct partial_operand *operand_of(struct collection *c, const struct partial *p,
                                          struct partial_place place)
{
	size_t *slot = slot_of(c, p->name);

	if (*slot)
		return c->operand[*slot - 1];
	if (c->n == c->room) {
		size_t room = c->room > 0 ? 2 * c->room : 64;
		struct partial_operand **operand = realloc(c->operand, room * sizeof *operand);
		if (!operand)
			return NULL;
		c->operand = operand;
		c->room = room;
	}
	if (2 * c->n >= c->n_slots) {
		if (grow_slots(c) != 0)
			return NULL;
		slot = slot_of(c, p->name);
	}
	struct partial_operand *new = new_operand(p, place);
	if (!new)
		return NULL;
	c->operand[c->n++] = new;
	*slot = c->n;
	return new;
}

/* 0, or -1: no memory. */
static int add_range(struct partial_operand *operand, const struct partial *p,
                     struct partial_place place)
{
	if (operand->n_ranges == operand->room) {
		size_t room = operand->room > 0 ? 2 * operand->room : 4;
		struct partial_range *ranges = realloc(operand->range, room * sizeof *ranges);
		if (!ranges)
			return -1;
		operand->range = ranges;
		operand->room = room;
	}
	operand->range[operand->n_ranges++] = (struct partial_range){
		.begin = p->begin,
		.end = p->end,
		.tally = p->tally,
		.place = place,
		.sampled = p->sampled,
		.sample = p->sample,
		.begin_bit = p->begin_bit,
		.end_bit = p->point ? p->point->place.bit : 0,
	};
	return 0;
}

/* Was it counted in the mode of all others? The first one says what that is. */
static bool check_mode(struct collection *c, const struct partial *p, struct partial_place place)
{
	if (!c->any) {
		c->any = true;
		c->mode = p->mode;
		c->place = place;
	}
	if (partial_mode_same(&c->mode, &p->mode))
		return true;
	c->problem(c->arg, &(struct partial_problem){
				   .kind = PARTIAL_OTHER_MODE, .a = place, .b = c->place});
	return false;
}

int collection_add(struct collection *c, const struct partial *p, struct partial_place place)
{
	if (!check_mode(c, p, place))
		return 0;
	struct partial_operand *operand = operand_of(c, p, place);
	if (!operand)
		return -1;
	if (!partial_file_same(&operand->file, &p->file)) {
		struct partial_problem problem = {.kind = PARTIAL_OTHER_FILE,
		                                  .operand = operand,
		                                  .a = place,
		                                  .b = operand->place};
		operand->broken = true;
		c->problem(c->arg, &problem);
		return 0;
	}
	return add_range(operand, p, place);
}

int collection_add_later(struct collection *c, const struct partial *p, struct partial_place place)
{
	if (!check_mode(c, p, place))
		return 0;
	struct partial_operand *operand = operand_of(c, p, place);
	if (!operand)
		return -1;
	if (p->restart || !partial_file_grown(&operand->file, &p->file))
		operand->n_ranges = 0;
	operand->file = p->file;
	return p->restart ? 0 : add_range(operand, p, place);
}

struct partial_operand *collection_find(struct collection *c, const char *name)
{
	size_t *slot = slot_of(c, name);

	return *slot ? c->operand[*slot - 1] : NULL;
}

/* ---- merging ---- */

static int by_place(const struct partial_place *a, const struct partial_place *b)
{
	if (a->source != b->source)
		return a->source < b->source ? -1 : 1;
	return (a->line > b->line) - (a->line < b->line);
}

static int by_range(const void *x, const void *y)
{
	const struct partial_range *a = x, *b = y;

	if (a->begin != b->begin)
		return a->begin < b->begin ? -1 : 1;
	if (a->end != b->end)
		return a->end < b->end ? -1 : 1;
	return by_place(&a->place, &b->place);
}

static void tell(struct collection *c, struct partial_operand *operand,
                 enum partial_problem_kind kind, const struct partial_range *a,
                 const struct partial_range *b)
{
	struct partial_problem problem = {
		.kind = kind,
		.operand = operand,
		.a = a->place,
		.b = b->place,
		.begin = max_u64(a->begin, b->begin),
		.end = min_u64(a->end, b->end),
	};

	operand->broken = true;
	c->problem(c->arg, &problem);
}

/* Drops exact duplicates. The ranges are sorted. */
static void drop_duplicates(struct collection *c, struct partial_operand *operand)
{
	size_t kept = 0;

	for (size_t i = 0; i < operand->n_ranges; i++) {
		const struct partial_range *last = kept > 0 ? &operand->range[kept - 1] : NULL;
		const struct partial_range *range = &operand->range[i];
		if (!last || last->begin != range->begin || last->end != range->end)
			operand->range[kept++] = *range;
		else if (!partial_tally_same(&last->tally, &range->tally))
			tell(c, operand, PARTIAL_CONTRADICTION, range, last);
	}
	operand->n_ranges = kept;
}

/* Tells of all ranges that begin before the farthest of those before them ends. */
static void find_overlaps(struct collection *c, struct partial_operand *operand)
{
	const struct partial_range *farthest = NULL;

	for (size_t i = 0; i < operand->n_ranges; i++) {
		const struct partial_range *range = &operand->range[i];
		if (range->begin == range->end)
			continue;
		if (farthest && farthest->end > range->begin)
			tell(c, operand, PARTIAL_OVERLAP, range, farthest);
		if (!farthest || range->end > farthest->end)
			farthest = range;
	}
}

/* Merges each range that begins where the one before ends. */
static void merge_ranges(struct collection *c, struct partial_operand *operand,
                         const struct charset *cs)
{
	size_t kept = 0;

	for (size_t i = 0; i < operand->n_ranges && !operand->broken; i++) {
		const struct partial_range *range = &operand->range[i];
		struct partial_range *into = kept > 0 ? &operand->range[kept - 1] : NULL;
		if (range->begin == range->end && (kept > 0 || i + 1 < operand->n_ranges))
			continue; /* it says that the file is there, which others say as well */
		if (!into || into->end != range->begin) {
			operand->range[kept++] = *range;
			continue;
		}
		tally_merge(cs, &into->tally, &range->tally);
		partial_normalize(&c->mode, &into->tally);
		into->end = range->end;
		if (partial_tally_fault(&c->mode, &into->tally))
			tell(c, operand, PARTIAL_TOO_LARGE, range, into);
	}
	operand->n_ranges = kept;
}

static int by_number(const void *x, const void *y)
{
	const struct partial_operand *const *a = x, *const *b = y;

	return ((*a)->number > (*b)->number) - ((*a)->number < (*b)->number);
}

/* In the order of the command line, if the lines are of one: then no two names have one number. */
static void put_in_order(struct collection *c)
{
	struct partial_operand **sorted =
		c->n > 1 ? malloc(c->n * sizeof(struct partial_operand *)) : NULL;
	bool distinct = true;

	if (!sorted)
		return;
	memcpy(sorted, c->operand, c->n * sizeof(struct partial_operand *));
	qsort(sorted, c->n, sizeof(struct partial_operand *), by_number);
	for (size_t i = 1; i < c->n; i++)
		distinct &= sorted[i - 1]->number != sorted[i]->number;
	if (distinct)
		memcpy(c->operand, sorted, c->n * sizeof(struct partial_operand *));
	free(sorted);
}

void collection_finalize(struct collection *c, const struct charset *cs)
{
	for (size_t i = 0; i < c->n; i++) {
		struct partial_operand *operand = c->operand[i];
		if (operand->n_ranges > 1)
			qsort(operand->range, operand->n_ranges, sizeof operand->range[0],
			      by_range);
		drop_duplicates(c, operand);
		find_overlaps(c, operand);
		merge_ranges(c, operand, cs);
	}
	put_in_order(c);
}

/* Of those that begin at one place, the longest first. */
static int by_begin(const void *x, const void *y)
{
	const struct partial_range *a = x, *b = y;

	if (a->begin != b->begin)
		return a->begin < b->begin ? -1 : 1;
	if (a->end != b->end)
		return a->end > b->end ? -1 : 1;
	return by_place(&a->place, &b->place);
}

void collection_sort(struct collection *c)
{
	for (size_t i = 0; i < c->n; i++) {
		struct partial_operand *operand = c->operand[i];
		size_t kept = 0;
		if (operand->n_ranges > 1)
			qsort(operand->range, operand->n_ranges, sizeof operand->range[0],
			      by_begin);
		for (size_t k = 0; k < operand->n_ranges; k++) {
			const struct partial_range *range = &operand->range[k];
			if (range->begin < range->end &&
			    (kept == 0 || operand->range[kept - 1].end <= range->begin))
				operand->range[kept++] = *range;
		}
		operand->n_ranges = kept;
	}
}

size_t collection_size(const struct collection *c)
{
	return c->n;
}

struct partial_operand *collection_at(const struct collection *c, size_t i)
{
	return c->operand[i];
}

bool partial_gap(const struct partial_operand *operand, uint64_t from, uint64_t *begin,
                 uint64_t *end)
{
	uint64_t at = max_u64(from, operand->file.origin), size = operand->file.size;

	for (size_t i = 0; i < operand->n_ranges; i++) {
		const struct partial_range *range = &operand->range[i];
		if (range->begin > at) {
			*begin = at;
			*end = range->begin;
			return true;
		}
		at = max_u64(at, range->end);
	}
	*begin = at;
	*end = size;
	return operand->file.regular && at < size;
}
