#include "file_name.h"

#include <string.h>

enum { LONGEST = 200 };

static const char *const placeholders[] = {"time", "kind", "id", "title"};
enum { PLACEHOLDER_COUNT = sizeof placeholders / sizeof *placeholders };

/* The placeholder at an opening brace, or NULL; `end` is the byte after its closing brace. */
static const char *placeholder(const char *at, const char **end) {
    const char *close = strchr(at, '}');
    if (!close) return NULL;
    size_t length = (size_t)(close - at) - 1;
    for (size_t i = 0; i < PLACEHOLDER_COUNT; i++)
        if (strlen(placeholders[i]) == length && !memcmp(at + 1, placeholders[i], length)) {
            *end = close + 1;
            return placeholders[i];
        }
    return NULL;
}

bool file_name_check(const char *pattern, failure *failure) {
    const char *end;
    for (const char *at = pattern; *at; at++) {
        if (*at == '/') {
            fail_with(failure, "invalid", "fileName", "The file name must not hold a slash; the folder is a setting of its own.");
            return false;
        }
        if (*at == '}' || (*at == '{' && !placeholder(at, &end))) {
            fail_with(failure, "invalid", "fileName",
                      "The file name may hold {time}, {kind}, {id} and {title}, and no other braces.");
            return false;
        }
        if (*at == '{') at = end - 1;
    }
    if (strlen(pattern) > LONGEST) {
        fail_with(failure, "invalid", "fileName", "The file name may have at most %d bytes.", LONGEST);
        return false;
    }
    return true;
}

bool file_name_repeats(const char *pattern) { return !strstr(pattern, "{id}"); }

static void add_value(text *out, const json *value) {
    if (!value || value->kind != JSON_TEXT) return;
    for (size_t i = 0; i < value->count; i++) {
        unsigned char byte = (unsigned char)value->bytes[i];
        bool is_kept = byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z')
                       || (byte >= 'A' && byte <= 'Z') || byte == '.' || byte == '_' || byte == '-';
        text_add(out, is_kept ? &value->bytes[i] : "-", 1);
    }
}

/* Cuts before a letter, not inside of it, and keeps what the pattern has as the suffix. */
static void shorten(text *name) {
    if (name->count <= LONGEST) return;
    const char *dot = memrchr(name->bytes, '.', name->count);
    size_t suffix = dot && name->bytes + name->count - dot <= 16 ? (size_t)(name->bytes + name->count - dot) : 0;
    size_t keep = LONGEST - suffix;
    while (keep && ((unsigned char)name->bytes[keep] & 0xC0) == 0x80) keep--;
    memmove(name->bytes + keep, name->bytes + name->count - suffix, suffix + 1);
    name->count = keep + suffix;
}

void file_name_add(text *out, const char *pattern, const json *event) {
    text name = {0};
    const char *end;
    for (const char *at = pattern; *at; at++) {
        const char *found = *at == '{' ? placeholder(at, &end) : NULL;
        if (found) {
            add_value(&name, json_member(event, found));
            at = end - 1;
        } else {
            text_add(&name, at, 1);
        }
    }
    if (!name.failed && name.count) {
        shorten(&name);
        if (name.bytes[0] == '.') name.bytes[0] = '_';
        text_add(out, name.bytes, name.count);
    } else if (name.failed) {
        out->failed = true;
    } else {
        text_add_string(out, "event");
    }
    text_free(&name);
}
