/*
 * Plugins with something to see in the sections of their files; the Makefile picks what. Loading one of them ends the
 * process unless it is `sections-good` or one of those that differ: so a test that reads them shows that none of their
 * code has run.
 */
#include "kinodock_plugin.h"

#include <stdlib.h>
#include <string.h>

#define BYTES(text) ((kinodock_bytes){(const uint8_t *)(text), strlen(text)})
static const kinodock_bytes nothing;

static void answer(void *instance, const kinodock_call *call) {
    (void)instance;
    call->reply(call->context, 0, BYTES("{}"), nothing);
}

static void *create(const kinodock_host *host, const kinodock_call *call) {
    answer(NULL, call);
    return (void *)host;
}

static void cancel(void *instance, uint64_t id) {
    (void)instance;
    (void)id;
}

#define MANIFEST(id, version)                                                                                         \
    "{\"id\":\"" id "\",\"name\":\"Sections\",\"version\":\"" version "\",\"description\":\"\",\"kinds\":"            \
    "[\"notifier\"],\"settings\":{\"version\":1,\"fields\":[]}}"

#if defined(SECTIONS_good)
KINODOCK_EXPORT_PLUGIN(MANIFEST(NAME, "1.2.3"), 0, 0, .create = create, .destroy = answer, .invoke = answer,
                       .cancel = cancel);
#else
static const kinodock_plugin table = {
    .size = sizeof(kinodock_plugin),
    .magic = KINODOCK_PLUGIN_MAGIC,
    .major = KINODOCK_ABI_MAJOR,
    .minor = KINODOCK_ABI_MINOR,
    .manifest = MANIFEST(NAME, "1.0.0"),
    .create = create,
    .destroy = answer,
    .invoke = answer,
    .cancel = cancel,
};

const kinodock_plugin *kinodock_plugin_v1(void) { return &table; }
#endif

#if !defined(SECTIONS_good) && !defined(SECTIONS_manifest_differs) && !defined(SECTIONS_header_differs)
__attribute__((constructor)) static void end(void) { abort(); }
#endif

#if defined(SECTIONS_wrong_magic)
#define HEADER {0x12345678, 1, 0, 0, 0}
#elif defined(SECTIONS_other_major)
#define HEADER {KINODOCK_PLUGIN_MAGIC, 3, 0, 0, 0}
#elif defined(SECTIONS_host_too_old)
#define HEADER {KINODOCK_PLUGIN_MAGIC, KINODOCK_ABI_MAJOR, KINODOCK_ABI_MINOR, 77, 0}
#elif defined(SECTIONS_header_differs)
#define HEADER {KINODOCK_PLUGIN_MAGIC, KINODOCK_ABI_MAJOR, KINODOCK_ABI_MINOR, 0, KINODOCK_PLUGIN_INVOKE_RETURNS}
#elif !defined(SECTIONS_good) && !defined(SECTIONS_short_header)
#define HEADER {KINODOCK_PLUGIN_MAGIC, KINODOCK_ABI_MAJOR, KINODOCK_ABI_MINOR, 0, 0}
#endif
#ifdef HEADER
KINODOCK_IN_SECTION(KINODOCK_HEADER_SECTION) static const kinodock_header header = HEADER;
#elif defined(SECTIONS_short_header)
KINODOCK_IN_SECTION(KINODOCK_HEADER_SECTION) static const uint32_t header = KINODOCK_PLUGIN_MAGIC;
#endif

#if defined(SECTIONS_manifest_differs)
#define TEXT MANIFEST(NAME, "9.9.9")
#elif defined(SECTIONS_bad_manifest)
#define TEXT "{\"id\":"
#elif defined(SECTIONS_bad_id)
#define TEXT MANIFEST("Bad Id", "1.0.0")
#elif defined(SECTIONS_aborts)
#define TEXT MANIFEST(NAME, "1.0.0")
#endif
#ifdef TEXT
KINODOCK_IN_SECTION(KINODOCK_MANIFEST_SECTION) static const char text[] = TEXT;
#elif defined(SECTIONS_long_manifest)
KINODOCK_IN_SECTION(KINODOCK_MANIFEST_SECTION) static const char text[(1 << 20) + 2] = "{";
#endif
