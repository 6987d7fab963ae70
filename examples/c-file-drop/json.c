#include "json.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Memory in blocks that are freed together. */
typedef struct block {
    struct block *next;
    size_t used, capacity;
    max_align_t bytes[];
} block;

struct json_document {
    block *blocks;
    json *root;
};

typedef struct reader {
    const unsigned char *bytes;
    size_t count, at;
    json_document *document;
    const char *fault;
} reader;

static void *allocate(json_document *document, size_t size) {
    size = (size + _Alignof(max_align_t) - 1) & ~(_Alignof(max_align_t) - 1);
    block *current = document->blocks;
    if (!current || current->capacity - current->used < size) {
        size_t capacity = size > 4096 ? size : 4096;
        current = malloc(sizeof(block) + capacity);
        if (!current) return NULL;
        *current = (block){.next = document->blocks, .capacity = capacity};
        document->blocks = current;
    }
    void *result = (char *)current->bytes + current->used;
    current->used += size;
    return result;
}

static bool fail(reader *self, const char *fault) {
    if (!self->fault) self->fault = fault;
    return false;
}

static int peek(const reader *self) { return self->at < self->count ? self->bytes[self->at] : -1; }

static void skip_blanks(reader *self) {
    while (self->at < self->count && strchr(" \t\n\r", self->bytes[self->at]) && self->bytes[self->at]) self->at++;
}

/* The length of the valid UTF-8 sequence at `bytes`, or 0 (Unicode 15, table 3-7). */
static size_t sequence(const unsigned char *bytes, size_t count) {
    unsigned char first = bytes[0];
    if (first < 0x80) return 1;
    size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || count < length) return 0;
    unsigned char least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    unsigned char most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (bytes[1] < least || bytes[1] > most) return 0;
    for (size_t i = 2; i < length; i++)
        if (bytes[i] < 0x80 || bytes[i] > 0xBF) return 0;
    return length;
}

static size_t put_utf8(char *out, uint32_t code) {
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    size_t length = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--, code >>= 6) out[i] = (char)(0x80 | (code & 0x3F));
    out[0] = (char)((length == 2 ? 0xC0 : length == 3 ? 0xE0 : 0xF0) | code);
    return length;
}

static bool read_hex(reader *self, uint32_t *value) {
    *value = 0;
    for (int i = 0; i < 4; i++, self->at++) {
        int digit = peek(self);
        bool is_letter = (digit >= 'a' && digit <= 'f') || (digit >= 'A' && digit <= 'F');
        if (!is_letter && (digit < '0' || digit > '9')) return fail(self, "an escape \\u without four hex digits");
        *value = *value << 4 | (uint32_t)(is_letter ? (digit | 0x20) - 'a' + 10 : digit - '0');
    }
    return true;
}

/* After "\u". */
static bool read_code(reader *self, char *out, size_t *length) {
    uint32_t code, low;
    if (!read_hex(self, &code)) return false;
    if (code >= 0xDC00 && code <= 0xDFFF) return fail(self, "the second half of a surrogate pair alone");
    if (code >= 0xD800 && code <= 0xDBFF) {
        if (self->count - self->at < 2 || memcmp(self->bytes + self->at, "\\u", 2))
            return fail(self, "the first half of a surrogate pair alone");
        self->at += 2;
        if (!read_hex(self, &low)) return false;
        if (low < 0xDC00 || low > 0xDFFF) return fail(self, "the first half of a surrogate pair alone");
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    *length += put_utf8(out + *length, code);
    return true;
}

static bool read_escape(reader *self, char *out, size_t *length) {
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    int letter = peek(self);
    self->at++;
    if (letter == 'u') return read_code(self, out, length);
    const char *found = letter > 0 ? strchr(names, letter) : NULL;
    if (!found) return fail(self, "an escape that JSON does not have");
    out[(*length)++] = values[found - names];
    return true;
}

/* At the opening quote. What is read is never longer than what stands there. */
static bool read_text(reader *self, const char **bytes, size_t *count) {
    const unsigned char *end = self->bytes + ++self->at;
    while (end < self->bytes + self->count && *end != '"') end += *end == '\\' ? 2 : 1;
    if (end >= self->bytes + self->count) return fail(self, "a text without its closing quote");
    char *out = allocate(self->document, (size_t)(end - self->bytes) - self->at + 1);
    if (!out) return fail(self, "too large for the memory");
    size_t length = 0;
    for (int byte; (byte = peek(self)) != '"';) {
        if (byte < 0) return fail(self, "a text without its closing quote");
        if (byte < 0x20) return fail(self, "a control character in a text");
        if (byte == '\\') {
            self->at++;
            if (!read_escape(self, out, &length)) return false;
            continue;
        }
        size_t step = sequence(self->bytes + self->at, self->count - self->at);
        if (!step) return fail(self, "bytes that are not UTF-8");
        memcpy(out + length, self->bytes + self->at, step);
        length += step;
        self->at += step;
    }
    self->at++;
    *bytes = out;
    *count = length;
    return true;
}

static size_t skip_digits(reader *self) {
    size_t start = self->at;
    while (peek(self) >= '0' && peek(self) <= '9') self->at++;
    return self->at - start;
}

static bool read_number(reader *self, json *value) {
    size_t start = self->at;
    if (peek(self) == '-') self->at++;
    bool has_zero = peek(self) == '0';
    size_t digits = skip_digits(self);
    if (!digits || (has_zero && digits > 1)) return fail(self, "a number that JSON does not have");
    if (peek(self) == '.') {
        self->at++;
        if (!skip_digits(self)) return fail(self, "a number that ends with its point");
    }
    if (peek(self) == 'e' || peek(self) == 'E') {
        self->at++;
        if (peek(self) == '+' || peek(self) == '-') self->at++;
        if (!skip_digits(self)) return fail(self, "a number without its exponent");
    }
    char *copy = allocate(self->document, self->at - start);
    if (!copy) return fail(self, "too large for the memory");
    memcpy(copy, self->bytes + start, self->at - start);
    *value = (json){.kind = JSON_NUMBER, .bytes = copy, .count = self->at - start};
    return true;
}

static bool read_word(reader *self, const char *word, json *value, json_kind kind) {
    size_t length = strlen(word);
    if (self->count - self->at < length || memcmp(self->bytes + self->at, word, length))
        return fail(self, "a word that JSON does not have");
    self->at += length;
    *value = (json){.kind = kind};
    return true;
}

static bool read_value(reader *self, json *value, int depth);

static bool read_key(reader *self, json *member) {
    if (peek(self) != '"') return fail(self, "a member without a key in quotes");
    const char *key;
    size_t count;
    if (!read_text(self, &key, &count)) return false;
    member->key = key;
    member->key_count = count;
    skip_blanks(self);
    if (peek(self) != ':') return fail(self, "a key without a colon");
    self->at++;
    return true;
}

/* At the opening bracket. */
static bool read_members(reader *self, json *value, int depth) {
    bool is_object = value->kind == JSON_OBJECT;
    int end = is_object ? '}' : ']';
    json **place = &value->first;
    if (depth >= JSON_DEPTH_LIMIT) return fail(self, "more than 64 levels");
    self->at++;
    skip_blanks(self);
    if (peek(self) == end) {
        self->at++;
        return true;
    }
    for (;;) {
        json *member = allocate(self->document, sizeof(json)), key = {0};
        if (!member) return fail(self, "too large for the memory");
        skip_blanks(self);
        if (is_object && !read_key(self, &key)) return false;
        if (!read_value(self, member, depth + 1)) return false;
        member->key = key.key;
        member->key_count = key.key_count;
        *place = member;
        place = &member->next;
        skip_blanks(self);
        int next = peek(self);
        if (next != ',' && next != end) return fail(self, "a value without a comma or a closing bracket after it");
        self->at++;
        if (next == end) return true;
    }
}

static bool read_value(reader *self, json *value, int depth) {
    *value = (json){0};
    skip_blanks(self);
    switch (peek(self)) {
    case -1: return fail(self, "an end where a value should be");
    case '{': value->kind = JSON_OBJECT; return read_members(self, value, depth);
    case '[': value->kind = JSON_LIST; return read_members(self, value, depth);
    case '"': value->kind = JSON_TEXT; return read_text(self, &value->bytes, &value->count);
    case 't': return read_word(self, "true", value, JSON_TRUE);
    case 'f': return read_word(self, "false", value, JSON_FALSE);
    case 'n': return read_word(self, "null", value, JSON_NULL);
    default: return read_number(self, value);
    }
}

json_document *json_read(const char *bytes, size_t count, const char **fault, size_t *at) {
    reader self = {.bytes = (const unsigned char *)bytes, .count = count, .document = calloc(1, sizeof(json_document))};
    if (self.document && (self.document->root = allocate(self.document, sizeof(json)))) {
        if (read_value(&self, self.document->root, 0)) {
            skip_blanks(&self);
            if (self.at < count) fail(&self, "something after the value");
        }
    } else {
        fail(&self, "too large for the memory");
    }
    if (fault) *fault = self.fault;
    if (at) *at = self.at;
    if (!self.fault) return self.document;
    json_free(self.document);
    return NULL;
}

const json *json_root(const json_document *document) { return document->root; }

void json_free(json_document *document) {
    if (!document) return;
    for (block *next, *current = document->blocks; current; current = next) {
        next = current->next;
        free(current);
    }
    free(document);
}

const json *json_member(const json *object, const char *key) {
    const json *found = NULL;
    if (!object || object->kind != JSON_OBJECT) return NULL;
    for (const json *member = object->first; member; member = member->next)
        if (member->key_count == strlen(key) && !memcmp(member->key, key, member->key_count)) found = member;
    return found;
}

bool json_is(const json *value, const char *string) {
    return value && value->kind == JSON_TEXT && value->count == strlen(string)
           && !memcmp(value->bytes, string, value->count);
}

double json_number(const json *value, double fallback) {
    if (!value || value->kind != JSON_NUMBER) return fallback;
    double number = 0, sign = 1;
    int exponent = 0, written = 0, direction = 1;
    bool is_fraction = false;
    size_t i = 0;
    if (value->bytes[0] == '-') sign = -1, i = 1;
    for (; i < value->count && value->bytes[i] != 'e' && value->bytes[i] != 'E'; i++) {
        if (value->bytes[i] == '.') {
            is_fraction = true;
            continue;
        }
        number = number * 10 + (value->bytes[i] - '0');
        /* Beyond this the double is infinite or the digit changes nothing. */
        if (is_fraction && exponent > -400) exponent--;
    }
    for (i++; i < value->count; i++) {
        if (value->bytes[i] == '-') direction = -1;
        if (value->bytes[i] >= '0' && value->bytes[i] <= '9' && written < 1000)
            written = written * 10 + (value->bytes[i] - '0');
    }
    for (exponent += direction * written; exponent > 0 && number != 0; exponent--) {
        number *= 10;
        if (number > 1e300) break;
    }
    for (; exponent < 0 && number != 0; exponent++) number /= 10;
    return sign * number;
}

void json_repair(char *string) {
    for (size_t left = strlen(string), step; left; string += step, left -= step) {
        step = sequence((const unsigned char *)string, left);
        if (step) continue;
        *string = '?';
        step = 1;
    }
}

void json_write_text(text *out, const char *bytes, size_t count) {
    static const char hex[] = "0123456789abcdef", plain[] = "\"\\\b\f\n\r\t", names[] = "\"\\bfnrt";
    text_add(out, "\"", 1);
    size_t start = 0;
    for (size_t i = 0; i < count; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        if (byte >= 0x20 && byte != '"' && byte != '\\') continue;
        text_add(out, bytes + start, i - start);
        start = i + 1;
        const char *found = byte ? strchr(plain, byte) : NULL;
        char escape[6] = {'\\', 'u', '0', '0', hex[byte >> 4], hex[byte & 15]};
        if (found) escape[1] = names[found - plain];
        text_add(out, escape, found ? 2 : 6);
    }
    text_add(out, bytes + start, count - start);
    text_add(out, "\"", 1);
}

static void break_line(text *out, unsigned indent, unsigned level) {
    if (!indent) return;
    text_add(out, "\n", 1);
    for (unsigned i = 0; i < indent * level; i++) text_add(out, " ", 1);
}

static void write_value(text *out, const json *value, unsigned indent, unsigned level) {
    static const char *const words[] = {"null", "false", "true"};
    if (value->kind <= JSON_TRUE) {
        text_add_string(out, words[value->kind]);
    } else if (value->kind == JSON_NUMBER) {
        text_add(out, value->bytes, value->count);
    } else if (value->kind == JSON_TEXT) {
        json_write_text(out, value->bytes, value->count);
    } else {
        bool is_object = value->kind == JSON_OBJECT;
        text_add(out, is_object ? "{" : "[", 1);
        for (const json *member = value->first; member; member = member->next) {
            break_line(out, indent, level + 1);
            if (is_object) {
                json_write_text(out, member->key, member->key_count);
                text_add(out, ": ", indent ? 2 : 1);
            }
            write_value(out, member, indent, level + 1);
            if (member->next) text_add(out, ",", 1);
        }
        if (value->first) break_line(out, indent, level);
        text_add(out, is_object ? "}" : "]", 1);
    }
}

void json_write(text *out, const json *value, unsigned indent) { write_value(out, value, indent, 0); }
