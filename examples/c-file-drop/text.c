#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool make_room(text *self, size_t more) {
    if (self->failed || more >= (size_t)-1 / 2 - self->count) return false;
    size_t needed = self->count + more + 1;
    if (needed <= self->capacity) return true;
    size_t capacity = self->capacity ? self->capacity : 256;
    while (capacity < needed) capacity *= 2;
    char *bytes = realloc(self->bytes, capacity);
    if (!bytes) return false;
    self->bytes = bytes;
    self->capacity = capacity;
    return true;
}

void text_add(text *self, const char *bytes, size_t count) {
    if (!make_room(self, count)) {
        self->failed = true;
        return;
    }
    if (count) memcpy(self->bytes + self->count, bytes, count);
    self->count += count;
    self->bytes[self->count] = 0;
}

void text_add_string(text *self, const char *string) { text_add(self, string, strlen(string)); }

void text_add_number(text *self, unsigned long long number) {
    char digits[24];
    int count = snprintf(digits, sizeof digits, "%llu", number);
    text_add(self, digits, (size_t)count);
}

void text_free(text *self) {
    free(self->bytes);
    *self = (text){0};
}
