/*
 * Two plugins are built from this, with symbols of the same names: each must use its own.
 */
#include "kinodock_plugin.h"

#include <stdio.h>
#include <string.h>

#define BYTES(text) ((kinodock_bytes){(const uint8_t *)(text), strlen(text)})
static const kinodock_bytes nothing;

/* Not static on purpose: both libraries export them. */
const char *twin_name = NAME;
int twin_count;
const char *twin_answer(void) { return twin_name; }

static void *create(const kinodock_host *host, const kinodock_call *call) {
    (void)host;
    call->reply(call->context, 0, BYTES("{}"), nothing);
    return &twin_count;
}

static void answer(void *instance, const kinodock_call *call) {
    char json[256];
    ++*(int *)instance;
    snprintf(json, sizeof json, "{\"version\":\"%s %d\",\"checks\":[],\"warnings\":[]}", twin_answer(), twin_count);
    call->reply(call->context, 0, BYTES(json), nothing);
}

static void cancel(void *instance, uint64_t id) {
    (void)instance;
    (void)id;
}

static const kinodock_plugin table = {
    .size = sizeof(kinodock_plugin),
    .magic = KINODOCK_PLUGIN_MAGIC,
    .major = KINODOCK_ABI_MAJOR,
    .minor = KINODOCK_ABI_MINOR,
    .manifest = "{\"id\":\"" NAME "\",\"name\":\"Twin\",\"version\":\"1.0.0\",\"description\":\"One of two.\","
                "\"kinds\":[\"notifier\"],\"settings\":{\"version\":1,\"fields\":[]}}",
    .create = create,
    .destroy = answer,
    .invoke = answer,
    .cancel = cancel,
};

const kinodock_plugin *kinodock_plugin_v1(void) { return &table; }
