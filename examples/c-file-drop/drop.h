/* Writing files into a folder so that a reader never sees half of one. */
#ifndef FILE_DROP_DROP_H
#define FILE_DROP_DROP_H

#include "reply.h"
#include "settings.h"

#include <stdatomic.h>
#include <stdbool.h>

/*
 * Writes a file under a temporary name, onto the disk, and renames it. A file of that name is replaced. Returns false and
 * says why, and then leaves nothing behind; `is_cancelled` is looked at between the steps.
 */
bool drop_file(const settings *settings, const char *name, const char *bytes, size_t count,
               const atomic_bool *is_cancelled, failure *failure);

/* What a test looks at, each NULL when it is as it should be. */
typedef struct drop_report {
    failure folder, writing, space;
} drop_report;

void drop_test(const settings *settings, const atomic_bool *is_cancelled, drop_report *report);

#endif
