/* SPDX-License-Identifier: BSD-2-Clause */
/* Error numbers for programs: their names, and texts that no locale changes. */
#include "base/base.h"
#include "base/errname.h"

#include <string.h>

#ifdef HAVE_STRERRORNAME_NP

const char *error_name(int errnum)
{
	return strerrorname_np(errnum);
}

const char *error_text(int errnum)
{
	const char *text = strerrordesc_np(errnum);

	return text ? text : "unknown error";
}

const char *signal_name(int sig)
{
	return sigabbrev_np(sig); /* as old as the others */
}

#else

const char *signal_name(int sig UNUSED)
{
	return NULL;
}

const char *error_name(int errnum UNUSED)
{
	return NULL;
}

const char *error_text(int errnum)
{
	return strerror(errnum);
}

#endif
