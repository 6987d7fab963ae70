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
 *   docs/plugin-guide.md. Unknown keys must be ignored; keys may be added at any time.
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
 *   The plugin is a part of the server's process. No C++ exception may leave a function: it ends the process, as every
 *   crash of the plugin does. A plugin must not end the process, change its signal handlers, working directory,
 *   environment, locale, umask or limits, or write to standard output and standard error. Symbols of two plugins may
 *   have the same name: nobody else sees them.
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
#define KINODOCK_ABI_MINOR 0
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
} kinodock_plugin;

/* The size of the plugin's table in version 1.0, up to and including `cancel`: a shorter one is refused. */
enum { KINODOCK_PLUGIN_SIZE_V1 = offsetof(kinodock_plugin, cancel) + sizeof(void (*)(void)) };

/* The function that every plugin exports under this name. */
typedef const kinodock_plugin *(*kinodock_plugin_entry)(void);

#ifdef __cplusplus
}
#endif

#endif
