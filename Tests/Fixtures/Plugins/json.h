/*
 * Just enough JSON for a test plugin: finds the text value of a key in a flat object without escapes. A plugin for
 * real use takes a JSON library.
 */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

static int json_text(const char *json, size_t length, const char *key, char *value, size_t size) {
    char pattern[64];
    int width = snprintf(pattern, sizeof pattern, "\"%s\":\"", key);
    const char *start = memmem(json, length, pattern, (size_t)width);
    if (!start) return 0;
    start += width;
    const char *end = memchr(start, '"', (size_t)(json + length - start));
    if (!end || (size_t)(end - start) >= size) return 0;
    memcpy(value, start, (size_t)(end - start));
    value[end - start] = 0;
    return 1;
}
