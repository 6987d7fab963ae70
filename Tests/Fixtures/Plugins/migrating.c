/*
 * A notifier with a form of two versions, which it is built for with -DFORM=1 or -DFORM=2: the second has one field
 * `address` in place of `host` and `port`, and `token` in place of the secret `password`.
 *
 * What it does with a `host` or an `address`, in `create` and in `migrate`:
 *   refused     fails with `invalid` and the field, and says the secret aloud
 *   broken      fails with `internal`
 *   crash       ends the process
 *   hang        `migrate` never replies
 *   block       `migrate` never returns
 *   garbage     `migrate` replies with something that is not an object of settings
 *   others      are taken
 * Its test answers with what it was created with as the version, the secret only as its length.
 */
#define _GNU_SOURCE
#include "kinodock_plugin.h"
#include "json.h"

#include <stdlib.h>
#include <unistd.h>

#ifndef FORM
#define FORM 1
#endif
#ifndef SIZE
#define SIZE sizeof(kinodock_plugin)
#endif
#ifndef ID
#define ID "mover"
#endif

#define BYTES(text) ((kinodock_bytes){(const uint8_t *)(text), strlen(text)})
#define FIELD(key, more) "{\"key\":\"" key "\",\"label\":\"" key "\"," more "}"
static const kinodock_bytes nothing;

#if FORM == 1
#define NAME_KEY "host"
#define SECRET_KEY "password"
#define VERSION "1.0.0"
#define SETTINGS "{\"version\":1,\"fields\":[" \
    FIELD("host", "\"type\":\"text\",\"required\":true") "," FIELD("port", "\"type\":\"text\"") "," \
    FIELD("password", "\"type\":\"secret\"") "," \
    FIELD("room", "\"type\":\"select\",\"options_from\":\"rooms\"") "]," \
    "\"presets\":[{\"name\":\"Attic\",\"values\":{\"host\":\"attic\",\"port\":\"99\"}}]}"
#else
#define NAME_KEY "address"
#define SECRET_KEY "token"
#define VERSION "2.0.0"
#define SETTINGS "{\"version\":2,\"fields\":[" \
    FIELD("address", "\"type\":\"text\",\"required\":true") "," \
    FIELD("token", "\"type\":\"secret\",\"renamed_from\":\"password\"") "," \
    FIELD("room", "\"type\":\"select\",\"options_from\":\"rooms\"") "]}"
#endif

typedef struct {
    char description[512];
} instance;

static void fail(const kinodock_call *call, const char *code, const char *field, const char *secret) {
    char json[512];
    snprintf(json, sizeof json, "{\"code\":\"%s\",\"message\":\"This is %s, with %s.\",\"field\":\"%s\"}", code, code,
             secret, field);
    call->reply(call->context, 1, BYTES(json), nothing);
}

/* The text of a key in a call's parameters; empty when there is none. */
static const char *text(const kinodock_call *call, const char *key, char *value, size_t size) {
    if (!json_text((const char *)call->json.data, call->json.count, key, value, size)) value[0] = 0;
    return value;
}

static void *create(const kinodock_host *host, const kinodock_call *call) {
    char name[128], secret[128];
    (void)host;
    text(call, NAME_KEY, name, sizeof name);
    text(call, SECRET_KEY, secret, sizeof secret);
    if (!strcmp(name, "crash")) abort();
    if (!strcmp(name, "refused") || !strcmp(name, "broken")) {
        fail(call, strcmp(name, "broken") ? "invalid" : "internal", NAME_KEY, secret);
        return NULL;
    }
    instance *self = calloc(1, sizeof *self);
    snprintf(self->description, sizeof self->description, "%s with %zu", name, strlen(secret));
    call->reply(call->context, 0, BYTES("{}"), nothing);
    return self;
}

static void invoke(void *pointer, const kinodock_call *call) {
    instance *self = pointer;
    char json[1024];
    if (call->method.count == 13 && !memcmp(call->method.data, "provider.test", 13)) {
        snprintf(json, sizeof json, "{\"version\":\"%s\",\"checks\":[],\"warnings\":[]}", self->description);
        call->reply(call->context, 0, BYTES(json), nothing);
    } else if (call->method.count == 16 && !memcmp(call->method.data, "provider.options", 16)) {
        snprintf(json, sizeof json, "{\"options\":[{\"value\":\"hall\",\"label\":\"Hall of %s\"}]}", self->description);
        call->reply(call->context, 0, BYTES(json), nothing);
    } else if (call->method.count == 24 && !memcmp(call->method.data, "notifier.supportedEvents", 24)) {
        call->reply(call->context, 0, BYTES("{\"events\":[]}"), nothing);
    } else
        call->reply(call->context, 1, BYTES("{\"code\":\"unsupported\",\"message\":\"There is no such method.\"}"),
                    nothing);
}

static void destroy(void *pointer, const kinodock_call *call) {
    free(pointer);
    call->reply(call->context, 0, BYTES("{}"), nothing);
}

static void cancel(void *pointer, uint64_t id) {
    (void)pointer;
    (void)id;
}

static void migrate(const kinodock_call *call) {
    char host[128], port[32], token[128], room[128], json[1024];
    text(call, "host", host, sizeof host);
    text(call, "port", port, sizeof port);
    text(call, "token", token, sizeof token);
    text(call, "room", room, sizeof room);
    if (!strcmp(host, "refused") || !strcmp(host, "broken"))
        return fail(call, strcmp(host, "broken") ? "invalid" : "internal", "host", token);
    if (!strcmp(host, "crash")) abort();
    if (!strcmp(host, "hang")) return;
    while (!strcmp(host, "block")) pause();
    if (!strcmp(host, "garbage")) return call->reply(call->context, 0, BYTES("{\"settings\":[1]}"), nothing);
    snprintf(json, sizeof json, "{\"settings\":{\"address\":\"%s:%s\",\"token\":\"%s\",\"room\":\"%s\"}}", host, port, token,
             room);
    call->reply(call->context, 0, BYTES(json), nothing);
}

static const kinodock_plugin table = {
    .size = SIZE,
    .magic = KINODOCK_PLUGIN_MAGIC,
    .major = KINODOCK_ABI_MAJOR,
    .minor = KINODOCK_ABI_MINOR,
    .manifest = "{\"id\":\"" ID "\",\"name\":\"Mover\",\"version\":\"" VERSION "\",\"description\":\"For tests.\","
                "\"kinds\":[\"notifier\"],\"settings\":" SETTINGS "}",
    .create = create,
    .destroy = destroy,
    .invoke = invoke,
    .cancel = cancel,
    .migrate = migrate,
};

const kinodock_plugin *kinodock_plugin_v1(void) { return &table; }
