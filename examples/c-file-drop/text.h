/*
 * A text that grows. When memory runs out it stays as it is and says so in the end, so that the code between needs no
 * checks.
 */
#ifndef FILE_DROP_TEXT_H
#define FILE_DROP_TEXT_H

#include <stdbool.h>
#include <stddef.h>

typedef struct text {
    char *bytes; /* NUL-terminated when `count` is above 0; NULL for an empty text */
    size_t count, capacity;
    bool failed; /* memory ran out: the text is incomplete */
} text;

void text_add(text *self, const char *bytes, size_t count);
void text_add_string(text *self, const char *string);
void text_add_number(text *self, unsigned long long number);
void text_free(text *self);

#endif
