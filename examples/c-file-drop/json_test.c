/* Tests of json.c. */
#include "json.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>

/* Reads a copy of exactly that many bytes, so that reading past the end is noticed. */
static json_document *read_copy(const char *bytes, size_t count, const char **fault) {
    char *copy = malloc(count ? count : 1);
    if (!copy) abort();
    memcpy(copy, bytes, count);
    json_document *document = json_read(copy, count, fault, NULL);
    free(copy);
    return document;
}

/* What comes out when `bytes` are read and written again; NULL for a refusal. */
static char *again(const char *bytes, size_t count) {
    json_document *document = read_copy(bytes, count, NULL);
    if (!document) return NULL;
    text out = {0};
    json_write(&out, json_root(document), 0);
    json_free(document);
    return out.bytes;
}

static void accepts(const char *json, const char *expected) {
    char *written = again(json, strlen(json));
    check(written && !strcmp(written, expected), json);
    free(written);
}

static void refuses_bytes(const char *json, size_t count) {
    const char *fault = NULL;
    json_document *document = read_copy(json, count, &fault);
    check(!document && fault && *fault, json);
    json_free(document);
}

static void refuses(const char *json) { refuses_bytes(json, strlen(json)); }

static void nested(int levels, bool is_accepted) {
    char json[400];
    memset(json, '[', (size_t)levels);
    memset(json + levels, ']', (size_t)levels);
    json_document *document = read_copy(json, (size_t)levels * 2, NULL);
    check((document != NULL) == is_accepted, "the limit of depth");
    json_free(document);
}

static void number(const char *json, double expected) {
    json_document *document = read_copy(json, strlen(json), NULL);
    double found = document ? json_number(json_root(document), -1) : -2;
    double error = found > expected ? found - expected : expected - found;
    check(error <= 1e-9 * (expected < 0 ? -expected : expected), json);
    json_free(document);
}

void test_json(void) {
    accepts(" { } ", "{}");
    accepts("[\n1 , -0, 2.50e+3,null,true,false]\t", "[1,-0,2.50e+3,null,true,false]");
    accepts("12345678901234567890123", "12345678901234567890123");
    accepts("{\"a\":{\"b\":[[],{}]},\"c\":\"d\"}", "{\"a\":{\"b\":[[],{}]},\"c\":\"d\"}");
    accepts("\"\\u0041\\u00e9\\u20AC\\uD834\\udd1e\\/\"", "\"A\xC3\xA9\xE2\x82\xAC\xF0\x9D\x84\x9E/\"");
    accepts("\"\\\"\\\\\\b\\f\\n\\r\\t\\u0000\\u001f\"", "\"\\\"\\\\\\b\\f\\n\\r\\t\\u0000\\u001f\"");
    accepts("\"\xF4\x8F\xBF\xBF\"", "\"\xF4\x8F\xBF\xBF\"");

    static const char *const wrong[] = {
        "", " ", "{", "[1,]", "{\"a\":1,}", "{\"a\"}", "{a:1}", "{\"a\":}", "[1 2]", "nul", "truex", "1 2", "'a'",
        "01", "-", "+1", ".5", "1.", "1e", "1e+", "0x10", "NaN", "-Infinity", "[", "]", "\"", "\"a", "\"\\", "\"\\\"",
        "\"\\x41\"", "\"\\u12\"", "\"\\u12G4\"", "\"\\ud800\"", "\"\\ud800x\"", "\"\\ud800\\u0041\"", "\"\\udc00\"",
        "\"\\ud800\\", "\"\\ud800\\u", "\"\x01\"", "\"\n\"", "\"\x80\"", "\"\xC0\x80\"", "\"\xC3\"", "\"\xE0\x80\x80\"",
        "\"\xED\xA0\x80\"", "\"\xF4\x90\x80\x80\"", "\"\xF5\x80\x80\x80\"", "\"\xF0\x9D\x84\"", "\"\xE2\x82", "// x\n1",
        "\xEF\xBB\xBF{}", "{\"a\":1 \"b\":2}", "[,1]", "{,}",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) refuses(wrong[i]);
    refuses_bytes("{}\0", 3);
    refuses_bytes("\0{}", 3);
    nested(JSON_DEPTH_LIMIT, true);
    nested(JSON_DEPTH_LIMIT + 1, false);
    nested(199, false);

    number("0", 0);
    number("-12.5", -12.5);
    number("5e1", 50);
    number("2500E-2", 25);
    number("0.1", 0.1);
    number("0e999999999999", 0);
    number("1e-999999999999", 0);
    number("\"5\"", -1);

    const char object[] = "{\"a\":1,\"b\":\"x\\u0000y\",\"a\":2}";
    json_document *document = read_copy(object, strlen(object), NULL);
    check(json_number(json_member(json_root(document), "a"), 0) == 2, "the last member of a key counts");
    const json *b = json_member(json_root(document), "b");
    check(b && b->count == 3 && !json_is(b, "x"), "a NUL does not end a text");
    check(!json_member(json_root(document), "c") && !json_member(b, "c"), "a member that is not there");
    text out = {0};
    json_write(&out, json_root(document), 2);
    check(out.bytes && !strcmp(out.bytes, "{\n  \"a\": 1,\n  \"b\": \"x\\u0000y\",\n  \"a\": 2\n}"), "lines");
    text_free(&out);

    char repaired[] = "a\xC3\xA9\xFF/\xE2\x82";
    json_repair(repaired);
    check(!strcmp(repaired, "a\xC3\xA9?/??"), "bytes that are not UTF-8 are replaced");

    /* Every way to cut a text off is refused, and none of them reads past its end. */
    for (size_t count = 0; count < strlen(object); count++) refuses_bytes(object, count);
    json_free(document);
}
