/*
 * Plugins that are wrong in one way each; the Makefile picks the way.
 */
#define _GNU_SOURCE
#include "kinodock_plugin.h"

#include <string.h>
#include <unistd.h>

#define BYTES(text) ((kinodock_bytes){(const uint8_t *)(text), strlen(text)})
static const kinodock_bytes nothing;

static void *create(const kinodock_host *host, const kinodock_call *call) {
    (void)host;
#if defined(BROKEN_init_fails)
    call->reply(call->context, 1, BYTES("{\"code\":\"invalid\",\"message\":\"The host is unknown.\",\"field\":\"host\"}"),
                nothing);
    return NULL;
#elif defined(BROKEN_init_hangs)
    for (;;) pause();
    return (void *)call;
#elif defined(BROKEN_null_instance)
    call->reply(call->context, 0, BYTES("{}"), nothing);
    return NULL;
#else
    static int instance;
    call->reply(call->context, 0, BYTES("{}"), nothing);
    return &instance;
#endif
}

static void answer(void *instance, const kinodock_call *call) {
    (void)instance;
    call->reply(call->context, 0, BYTES("{}"), nothing);
}

static void cancel(void *instance, uint64_t id) {
    (void)instance;
    (void)id;
}

static kinodock_plugin table = {
    .size = sizeof(kinodock_plugin),
    .magic = KINODOCK_PLUGIN_MAGIC,
    .major = KINODOCK_ABI_MAJOR,
    .minor = KINODOCK_ABI_MINOR,
    .manifest = "{\"id\":\"" NAME "\",\"name\":\"Broken\",\"version\":\"1.0.0\",\"description\":\"Wrong in one way.\","
                "\"kinds\":[\"download_client\"],\"settings\":{\"version\":1,\"fields\":[]}}",
    .create = create,
    .destroy = answer,
    .invoke = answer,
    .cancel = cancel,
};

#if defined(BROKEN_newer_major)
const kinodock_plugin *kinodock_plugin_v2(void) { return &table; }
#elif defined(BROKEN_no_symbol)
const kinodock_plugin *some_other_function(void) { return &table; }
#elif defined(BROKEN_missing_library)
int nonsense(void);
const kinodock_plugin *kinodock_plugin_v1(void) { return nonsense() ? NULL : &table; }
#else
const kinodock_plugin *kinodock_plugin_v1(void) {
#if defined(BROKEN_wrong_magic)
    table.magic = 0x12345678;
#elif defined(BROKEN_short_table)
    table.size = 40;
#elif defined(BROKEN_host_too_old)
    table.min_host_minor = 7;
#elif defined(BROKEN_other_major)
    table.major = 3;
#elif defined(BROKEN_null_manifest)
    table.manifest = NULL;
#elif defined(BROKEN_bad_manifest)
    table.manifest = "{\"id\":";
#elif defined(BROKEN_bad_id)
    table.manifest = "{\"id\":\"Bad Id\",\"name\":\"Broken\",\"version\":\"1.0.0\",\"description\":\"\","
                     "\"kinds\":[\"download_client\"],\"settings\":{\"version\":1,\"fields\":[]}}";
#elif defined(BROKEN_no_kind)
    table.manifest = "{\"id\":\"no-kind\",\"name\":\"Broken\",\"version\":\"1.0.0\",\"description\":\"\","
                     "\"kinds\":[\"coffee_machine\"],\"settings\":{\"version\":1,\"fields\":[]}}";
#elif defined(BROKEN_long_manifest)
    static char text[(1 << 20) + 2];
    memset(text, ' ', sizeof text - 1);
    table.manifest = text;
#elif defined(BROKEN_no_utf8)
    table.manifest = "{\"id\":\"no-utf8\",\"name\":\"\xff\xfe\",\"version\":\"1.0.0\",\"description\":\"\","
                     "\"kinds\":[\"download_client\"],\"settings\":{\"version\":1,\"fields\":[]}}";
#elif defined(BROKEN_wrong_types)
    table.manifest = "{\"id\":\"wrong-types\",\"name\":\"Broken\",\"version\":1,\"description\":\"\","
                     "\"kinds\":\"download_client\",\"settings\":[]}";
#elif defined(BROKEN_no_function)
    table.invoke = NULL;
#elif defined(BROKEN_null_table)
    return NULL;
#endif
    return &table;
}
#endif
