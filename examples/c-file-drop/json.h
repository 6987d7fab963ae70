/*
 * Reads and writes JSON as RFC 8259 describes it, and nothing looser: valid UTF-8 only, no half of a surrogate pair,
 * no comments, no comma at the end. Numbers keep the digits that they came with.
 */
#ifndef FILE_DROP_JSON_H
#define FILE_DROP_JSON_H

#include "text.h"

#include <stdbool.h>
#include <stddef.h>

enum { JSON_DEPTH_LIMIT = 64 };

typedef enum json_kind { JSON_NULL, JSON_FALSE, JSON_TRUE, JSON_NUMBER, JSON_TEXT, JSON_LIST, JSON_OBJECT } json_kind;

/* A value. All values of a document live until `json_free`. */
typedef struct json {
    json_kind kind;
    const char *bytes; /* of a text, without escapes, or of a number, as it was written; may hold NUL */
    size_t count;      /* of `bytes` */
    const char *key;   /* in an object, without escapes */
    size_t key_count;
    struct json *first, *next; /* the members of a list or object; the one after this */
} json;

typedef struct json_document json_document;

/*
 * Reads a whole text. Returns NULL when it is no JSON or memory runs out; `fault` then says what is wrong, in words
 * that live for ever, and `at` the byte at which it was seen. Both may be NULL.
 */
json_document *json_read(const char *bytes, size_t count, const char **fault, size_t *at);
const json *json_root(const json_document *document);
void json_free(json_document *document);

/* The member of an object; the last one of that key. NULL when there is none, or when `object` is none. */
const json *json_member(const json *object, const char *key);

/* Whether the value is this text. NULL is no text. */
bool json_is(const json *value, const char *string);

/* The number as a double; `fallback` when `value` is none or NULL. Independent of the locale. */
double json_number(const json *value, double fallback);

/* Adds a value, one member a line with `indent` blanks for each level, or without blanks when `indent` is 0. */
void json_write(text *out, const json *value, unsigned indent);

/* Puts a question mark in place of every byte that is not UTF-8, for texts that come from elsewhere. */
void json_repair(char *string);

/* Adds a text in quotes with the escapes that it needs. It must be valid UTF-8, as everything that was read is. */
void json_write_text(text *out, const char *bytes, size_t count);

#endif
