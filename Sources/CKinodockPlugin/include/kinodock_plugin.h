/*
 * kinodock_plugin.h: the binary contract between Kinodock and a plugin.
 *
 * A plugin is a shared library (ELF, `plugin.so`) that exports one function, `kinodock_plugin_v1`. It returns a
 * table that describes the plugin and says how to create instances of it and how to call them. The host hands a
 * table of its own to every instance. Nothing else is shared: no symbol of the host, no type of any language.
 *
 * Messages
 *   A message is a JSON object in UTF-8. Bulk bytes (a .torrent, an NZB, a picture) travel beside it as an
 *   attachment, never inside it. Video never crosses: a plugin answers with a path and the byte ranges that are
 *   valid, and the host serves them. Which methods exist, and what they take and answer, is the subject of
 *   docs/plugin-authors.md. Unknown keys must be ignored; keys may be added at any time.
 *
 *   Neither the JSON nor the attachment of a message to the host may be larger than 256 MiB: it is refused.
 *
 * Ownership
 *   Every `kinodock_bytes` is borrowed: it is valid until the function that received it returns. A receiver that
 *   needs it longer copies it; that holds for a reply too, which is copied before `reply` returns. The plugin's table
 *   and manifest stay valid until the process ends.
 *
 * Calls
 *   The caller fills a `kinodock_call`. The callee calls `reply` exactly once, from any thread, perhaps before it
 *   returns. `status` 0 means success and `json` is the result; any other status means failure and `json` is
 *       {"code":"unauthorized","message":"...","field":"password","retry_after":60}
 *   of which only `code` and `message` are required. `deadline_ms` is how long the caller will wait; after that
 *   it answers itself with `deadline_exceeded`, sends `cancel`, and ignores a late reply. To the host a plugin may
 *   reply at any time: a second, late, or never expected reply is dropped, also after the instance has ended.
 *
 * Versions
 *   The major version is part of the symbol's name: a table of another major version is another contract. Both
 *   tables only ever grow at the end and carry their size, so each side reads only what the other one has. A
 *   minor version names such an addition. The host loads a plugin when
 *       major is equal, size >= KINODOCK_PLUGIN_SIZE_V1, and min_host_minor <= the host's minor.
 *
 * What a file says without being run
 *   Version 1.1 adds two sections of the ELF file. `.kinodock.header` holds a `kinodock_header`, `.kinodock.manifest` the
 *   text of the manifest. The host reads them before it runs anything of the file: it can list a plugin that is switched
 *   off by its name, and refuses one that it cannot use. Both may be absent. They must say what the table says; a file in
 *   which they differ is refused. KINODOCK_EXPORT_PLUGIN makes the sections and the table from one text.
 *
 * Threads
 *   Every function may be called from any thread, also at the same time, except that nothing is called on an
 *   instance after `destroy` has been called on it. A `reply` may call back before the function that it answers has
 *   returned, on the same thread, in both directions: so hold no lock while you call the host, or `reply`, that your
 *   own functions take. `cancel` may come while `invoke` of that call still runs, after its reply, and more than once.
 *
 *   `create`, `destroy` and `invoke` run on at most 8 threads that the host keeps for this plugin, `cancel` on 2 of its
 *   own, so a function that blocks holds up no other plugin, and a call that blocks can be cancelled. See
 *   KINODOCK_PLUGIN_INVOKE_RETURNS for the exception.
 *
 * Manners
 *   The plugin is a guest in a process: the server's, or one that the server keeps for this plugin, as the user chooses.
 *   No C++ exception may leave a function: it ends the process, as every crash of the plugin does. A plugin must not end the process, change its signal handlers, working directory,
 *   environment, locale, umask or limits, or write to standard output and standard error. Symbols of two plugins may
 *   have the same name: nobody else sees them.
 *
 * History
 *   1.1 appends `migrate` to the plugin's table. A host of 1.0 does not look at it.
 *
 * Life cycle
 *   The library is opened with RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE and is never closed.
 */
#ifndef KINODOCK_PLUGIN_H
#define KINODOCK_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* "KDK1" read as a big-endian number. */
#define KINODOCK_PLUGIN_MAGIC 0x4B444B31u
/* The contract's version that this header describes. */
#define KINODOCK_ABI_MAJOR 1
#define KINODOCK_ABI_MINOR 1
/* The name of the exported function, as text. */
#define KINODOCK_PLUGIN_SYMBOL "kinodock_plugin_v1"

/*
 * A flag: `invoke` only starts the work, or does work that waits for nothing, and returns. The host then calls it on
 * the thread of the caller, which saves two changes of threads; it lets one call at a time in like that, and makes the
 * others as without the flag. That thread is one of the few that run the server's tasks: an `invoke` that keeps it for
 * more than 250 ms is told to the user, and the flag is not believed any more until the process ends; one that never
 * returns takes it away from the server. Without the flag `invoke` may block.
 */
#define KINODOCK_PLUGIN_INVOKE_RETURNS 1

/* Levels of `kinodock_host.log`. */
#define KINODOCK_LOG_DEBUG 0
#define KINODOCK_LOG_INFO 1
#define KINODOCK_LOG_WARNING 2
#define KINODOCK_LOG_ERROR 3

/* Borrowed bytes. `data` may be NULL when `count` is 0. */
typedef struct kinodock_bytes {
    const uint8_t *data;
    size_t count;
} kinodock_bytes;

/* Answers a call. `context` is the call's own; `status` is 0 for success. */
typedef void (*kinodock_reply)(void *context, int32_t status, kinodock_bytes json, kinodock_bytes attachment);

/* One call, in either direction. The struct is borrowed like its bytes; `context` and `reply` are not. */
typedef struct kinodock_call {
    uint32_t size;             /* sizeof(kinodock_call) of the caller */
    uint32_t reserved;         /* 0 */
    uint64_t id;               /* chosen by the caller, unique among its open calls; names the call in `cancel` */
    uint64_t deadline_ms;      /* milliseconds that the caller will wait; 0 means no limit */
    kinodock_bytes method;     /* for example "download.add" or "http.send" */
    kinodock_bytes json;       /* the parameters, a JSON object */
    kinodock_bytes attachment; /* raw bytes that belong to the parameters, or empty */
    void *context;             /* handed back to `reply` */
    kinodock_reply reply;
} kinodock_call;

/* The size of a call in version 1.0: a shorter one is not answered, because it has nowhere to reply to. */
enum { KINODOCK_CALL_SIZE_V1 = offsetof(kinodock_call, reply) + sizeof(kinodock_reply) };

/*
 * What the host offers to one instance. It stays valid until that instance's `destroy` has replied; a call that is made
 * later fails with `cancelled`.
 */
typedef struct kinodock_host {
    uint32_t size;             /* sizeof(kinodock_host) of the host */
    uint16_t major, minor;     /* the host's contract version */
    void *context;             /* first argument of the functions below */
    /*
     * Writes a line to the server's log. `message` is text, `fields` a JSON object or empty, each of at most 16 KiB.
     * After 200 lines at once an instance gets 5 lines a second; the others are counted and left out.
     */
    void (*log)(void *context, int32_t level, kinodock_bytes message, kinodock_bytes fields);
    /*
     * Calls a host service: http.send, kv.get, kv.set, kv.delete, clock.now, events.emit. It does not wait for
     * the network. An instance may have 1000 calls open.
     */
    void (*invoke)(void *context, const kinodock_call *call);
    /* Gives up a call made with `invoke`. Its reply still comes, once. An unknown id is ignored. */
    void (*cancel)(void *context, uint64_t id);
} kinodock_host;

/* The size of the host's table in version 1.0, up to and including `cancel`. */
enum { KINODOCK_HOST_SIZE_V1 = offsetof(kinodock_host, cancel) + sizeof(void (*)(void)) };

/* What a plugin offers to the host. */
typedef struct kinodock_plugin {
    uint32_t size;             /* sizeof(kinodock_plugin) of the plugin */
    uint32_t magic;            /* KINODOCK_PLUGIN_MAGIC */
    uint16_t major, minor;     /* KINODOCK_ABI_MAJOR and KINODOCK_ABI_MINOR that the plugin was built with */
    uint16_t min_host_minor;   /* the oldest host minor that it can work with */
    uint16_t flags;            /* KINODOCK_PLUGIN_... values; the host ignores those that it does not know */
    const char *manifest;      /* a JSON object: id, name, version, kinds, settings; NUL-terminated UTF-8 */
    /*
     * Creates a configured instance. `call->json` holds its settings; `call->method` is "create". Returns the
     * instance, or NULL with a failing reply. An instance for which the reply failed is destroyed by the plugin.
     */
    void *(*create)(const kinodock_host *host, const kinodock_call *call);
    /* Ends an instance: cancels its open calls, waits for their replies, frees it, and then replies. */
    void (*destroy)(void *instance, const kinodock_call *call);
    /* Calls a method of an instance. */
    void (*invoke)(void *instance, const kinodock_call *call);
    /* Asks to give up an open call. Its reply still comes, once. An unknown id is ignored. */
    void (*cancel)(void *instance, uint64_t id);
    /*
     * Since 1.1; NULL, or not there at all, when nothing is to be done. Changes stored settings that fit an older version
     * of the form, so that they fit `settings.version` of the manifest. `call->method` is "migrate", `call->json` is
     * {"from":1,"settings":{...}}, secrets among the settings, after every `renamed_from` has been followed. The result is
     * {"settings":{...}}, complete: what is not in it is not set any more. No instance exists yet, and no connection is
     * made: the call may block, but for at most `deadline_ms`. After a failing reply what is stored stays as it is, its
     * message is shown to the user, and the host tries again later. What was stored before is kept beside the result.
     */
    void (*migrate)(const kinodock_call *call);
} kinodock_plugin;

/* The size of the plugin's table in version 1.0, up to and including `cancel`: a shorter one is refused. */
enum { KINODOCK_PLUGIN_SIZE_V1 = offsetof(kinodock_plugin, cancel) + sizeof(void (*)(void)) };
/* The size of the plugin's table in version 1.1, up to and including `migrate`: a shorter one has no `migrate`. */
enum { KINODOCK_PLUGIN_SIZE_V1_1 = offsetof(kinodock_plugin, migrate) + sizeof(void (*)(void)) };

/* The function that every plugin exports under this name. */
typedef const kinodock_plugin *(*kinodock_plugin_entry)(void);

/* What stands in the section `.kinodock.header`, in the byte order of the machine; since 1.1. It may grow at the end. */
typedef struct kinodock_header {
    uint32_t magic;                              /* all as in the table */
    uint16_t major, minor, min_host_minor, flags;
} kinodock_header;

/* The names of the sections, as text. */
#define KINODOCK_HEADER_SECTION ".kinodock.header"
#define KINODOCK_MANIFEST_SECTION ".kinodock.manifest"

/* Makes a text of a manifest that is written as plain JSON: KINODOCK_JSON({"id": "example", "name": "Example"}). */
#define KINODOCK_JSON(...) #__VA_ARGS__

#ifdef __has_attribute
#if __has_attribute(retain)
#define KINODOCK_RETAIN retain,
#endif
#endif
#ifndef KINODOCK_RETAIN
#define KINODOCK_RETAIN
#endif
/* Puts a constant into a section of the file, where it stays although nothing refers to it. */
#define KINODOCK_IN_SECTION(name) __attribute__((KINODOCK_RETAIN used, section(name)))

#ifdef __cplusplus
#define KINODOCK_EXPORTED extern "C" __attribute__((visibility("default")))
#else
#define KINODOCK_EXPORTED __attribute__((visibility("default")))
#endif

/*
 * Exports a plugin: the function, the table, and both sections. Stands once in a library, outside of any function.
 * `manifest_text` is a string literal; what follows the flags are the functions of the table by their names:
 *
 *     KINODOCK_EXPORT_PLUGIN(KINODOCK_JSON({"id": "example", ...}), 0, 0,
 *                            .create = create, .destroy = destroy, .invoke = invoke, .cancel = cancel)
 *
 * In C++ it needs version 20 of that language, and the functions in the order of the table.
 */
#define KINODOCK_EXPORT_PLUGIN(manifest_text, least_host_minor, flag_values, ...)                                     \
    KINODOCK_IN_SECTION(KINODOCK_HEADER_SECTION)                                                                      \
    static const kinodock_header kinodock_own_header = {                                                              \
        KINODOCK_PLUGIN_MAGIC, KINODOCK_ABI_MAJOR, KINODOCK_ABI_MINOR, (least_host_minor), (flag_values)};            \
    KINODOCK_IN_SECTION(KINODOCK_MANIFEST_SECTION) static const char kinodock_own_manifest[] = manifest_text;         \
    static const kinodock_plugin kinodock_own_table = {                                                               \
        .size = sizeof(kinodock_plugin),                                                                              \
        .magic = KINODOCK_PLUGIN_MAGIC,                                                                               \
        .major = KINODOCK_ABI_MAJOR,                                                                                  \
        .minor = KINODOCK_ABI_MINOR,                                                                                  \
        .min_host_minor = (least_host_minor),                                                                         \
        .flags = (flag_values),                                                                                       \
        .manifest = kinodock_own_manifest,                                                                            \
        __VA_ARGS__};                                                                                                 \
    KINODOCK_EXPORTED const kinodock_plugin *kinodock_plugin_v1(void) { return &kinodock_own_table; }                 \
    /* Takes the semicolon, so that the line reads as a declaration. */                                               \
    typedef const kinodock_plugin *kinodock_own_entry(void)

#ifdef __cplusplus
}
#endif

#endif
