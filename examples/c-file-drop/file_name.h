/* Names of files from a pattern and an event. */
#ifndef FILE_DROP_FILE_NAME_H
#define FILE_DROP_FILE_NAME_H

#include "json.h"
#include "reply.h"

#include <stdbool.h>

#define FILE_NAME_DEFAULT "{time}-{kind}-{id}.json"

/* Checks a pattern: known placeholders, no slash. Returns false and says why. */
bool file_name_check(const char *pattern, failure *failure);

/* Whether two events can get the same name, so that the later one takes the place of the other. */
bool file_name_repeats(const char *pattern);

/*
 * Adds the name for an event. Whatever the event says, it is one name in one folder: not hidden, at most 200 bytes, only
 * letters, digits, `.`, `_`, `-` and letters beyond ASCII. The same event has the same name each time.
 */
void file_name_add(text *out, const char *pattern, const json *event);

#endif
