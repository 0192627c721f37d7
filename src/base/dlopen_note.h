/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ELF notes that name the libraries that a program loads by dlopen(), for tools that make packages:
 * the uapi-group's specification "dlopen() Metadata for ELF Files" (a note of owner FDO whose text
 * is a JSON array).
 */
#ifndef PCOUNT_BASE_DLOPEN_NOTE_H
#define PCOUNT_BASE_DLOPEN_NOTE_H

#include <stdint.h>

#define DLOPEN_NOTE_TYPE UINT32_C(0x407c0c0a)

/*
 * At file level, where the library is loaded: a note that `soname`, a string literal, gives the
 * program `feature`, and what that is for the user. `id` makes its name. None if it is linked.
 */
#ifdef PCOUNT_LINKED_LIBRARIES
#define DLOPEN_NOTE(id, feature, description, soname) _Static_assert(1, "")
#else
#define DLOPEN_NOTE(id, feature, description, soname)                                          \
	DLOPEN_NOTE_OF(id, "[{\"feature\":\"" feature "\",\"description\":\"" description "\"" \
	                   ",\"priority\":\"recommended\",\"soname\":[\"" soname "\"]}]")

#define DLOPEN_NOTE_OF(id, json)                                                                \
	__attribute__((used, section(".note.dlopen"))) _Alignas(uint32_t) static const struct { \
		uint32_t name_size, text_size, type;                                            \
		char name[sizeof "FDO"];                                                        \
		_Alignas(uint32_t) char text[sizeof(json)];                                     \
	} dlopen_note_##id = {sizeof "FDO", sizeof(json), DLOPEN_NOTE_TYPE, "FDO", json}
#endif

#endif
