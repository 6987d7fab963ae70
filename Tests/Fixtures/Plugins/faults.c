/*
 * Plugins that fail while they run, each in its own way. They are one library: the name of the fault is written over
 * the "none" below in a copy of it, see the Makefile. "fault-" and that name is the id, and the folder, of a copy.
 *
 * What fails is named beside the function that does it. Faults of the table and the manifest are in broken.c, and those
 * that a plugin can have one of at each call in echo.c. Everything but its fault such a plugin does right: it is a
 * download client without downloads, and "none" is one without a fault.
 *
 * Most of these end the process that they run in, so they are for a process of their own.
 */
#define _GNU_SOURCE
#include "kinodock_plugin.h"
#include "json.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

/* The name of the fault, up to the first dot; volatile, because it is not what the compiler reads here. */
static const volatile char mark[] = "FAULT=none............................";
static char fault[sizeof mark];

#define BYTES(text) ((kinodock_bytes){(const uint8_t *)(text), strlen(text)})
static const kinodock_bytes nothing;

static const size_t huge = (size_t)300 << 20;

typedef struct {
    const kinodock_host *host;
    char password[128];
    /* A call that is still to be answered. */
    kinodock_call kept;
} client;

/* The descriptor over which an isolated plugin is spoken to, and none of its business: the one that is a socket. */
static int protocol(void) {
    struct stat status;
    for (int number = 3; number < 4096; number++)
        if (!fstat(number, &status) && S_ISSOCK(status.st_mode)) return number;
    return -1;
}

static int fault_is(const char *name) { return !strcmp(fault, name); }

static void wait_for_ever(void) {
    for (;;) pause();
}

static void answer(const kinodock_call *call) {
    char json[128];
    snprintf(json, sizeof json, "{\"version\":\"%s\",\"checks\":[],\"warnings\":[]}", fault);
    call->reply(call->context, 0, BYTES(json), nothing);
}

static void *in_background(void *run) {
    ((void (*)(void))run)();
    return NULL;
}

/* Ends the process by a write to nowhere, out of sight of the compiler. */
static void segfault(void) {
    volatile int *volatile nowhere = NULL;
    *nowhere = 1;
}

static void start(void (*run)(void)) {
    pthread_t thread;
    if (!pthread_create(&thread, NULL, in_background, (void *)run)) pthread_detach(thread);
}

/* In the call "provider.test" */

static void crash(client *self, const kinodock_call *call) {
    (void)self;
    (void)call;
    segfault();
}

static void abort_in_thread(client *self, const kinodock_call *call) {
    (void)self;
    (void)call;
    start(abort);
}

/* Answers first: the host learns of the crash between two calls. */
static void crash_when_idle(client *self, const kinodock_call *call) {
    (void)self;
    answer(call);
    start(segfault);
}

static void leave(client *self, const kinodock_call *call) {
    (void)self;
    (void)call;
    exit(0);
}

static void leave_at_once(client *self, const kinodock_call *call) {
    (void)self;
    (void)call;
    _exit(0);
}

__attribute__((noinline)) static int dive(int depth) {
    volatile char page[4096];
    page[depth % 4096] = (char)depth;
    return depth < 0 ? 0 : dive(depth + 1) + page[0];
}

static void overflow_stack(client *self, const kinodock_call *call) {
    (void)self;
    if (dive(0) != 1) answer(call);
}

static void hang(client *self, const kinodock_call *call) {
    (void)self;
    (void)call;
    wait_for_ever();
}

static void never_answer(client *self, const kinodock_call *call) {
    (void)self;
    (void)call;
}

static void answer_twice(client *self, const kinodock_call *call) {
    (void)self;
    answer(call);
    answer(call);
}

/* Leaves the call open, for `cancel` and `destroy`. */
static void keep(client *self, const kinodock_call *call) { self->kept = *call; }

static void answer_hugely(client *self, const kinodock_call *call) {
    (void)self;
    char *text = malloc(huge);
    memset(text, 'x', huge);
    memcpy(text, "{\"version\":\"", 12);
    memcpy(text + huge - 32, "\",\"checks\":[],\"warnings\":[]    }", 32);
    call->reply(call->context, 0, (kinodock_bytes){(uint8_t *)text, huge}, nothing);
    free(text);
}

static void attach_hugely(client *self, const kinodock_call *call) {
    (void)self;
    uint8_t *bytes = calloc(1, huge);
    call->reply(call->context, 0, BYTES("{\"checks\":[],\"warnings\":[]}"), (kinodock_bytes){bytes, huge});
    free(bytes);
}

static void answer_no_json(client *self, const kinodock_call *call) {
    (void)self;
    call->reply(call->context, 0, BYTES("{\"checks\":[}"), nothing);
}

static void answer_no_utf8(client *self, const kinodock_call *call) {
    (void)self;
    call->reply(call->context, 0, BYTES("{\"version\":\"\xff\xfe\xc0\",\"checks\":[],\"warnings\":[]}"), nothing);
}

/* A failure whose text is not even JSON. */
static void fail_without_words(client *self, const kinodock_call *call) {
    (void)self;
    call->reply(call->context, -1, BYTES("\xff"), nothing);
}

static void write_all(int descriptor, const char *bytes, size_t count) {
    while (count) {
        ssize_t written = write(descriptor, bytes, count);
        if (written < 0 && errno != EINTR) return;
        if (written > 0) {
            bytes += written;
            count -= (size_t)written;
        }
    }
}

static void print(client *self, const kinodock_call *call) {
    (void)self;
    write_all(STDOUT_FILENO, "a plugin prints to stdout\n", 26);
    write_all(STDERR_FILENO, "a plugin prints to stderr\n", 26);
    answer(call);
}

/* 100 MB, in lines of 100 bytes or in one. */
static void print_much(const kinodock_call *call, int descriptor, int in_lines) {
    static char block[100000];
    memset(block, 'x', sizeof block);
    for (size_t end = 99; in_lines && end < sizeof block; end += 100) block[end] = '\n';
    for (int count = 0; count < 1000; count++) write_all(descriptor, block, sizeof block);
    answer(call);
}

static void print_lines(client *self, const kinodock_call *call) {
    (void)self;
    print_much(call, STDOUT_FILENO, 1);
}

static void print_errors(client *self, const kinodock_call *call) {
    (void)self;
    print_much(call, STDERR_FILENO, 1);
}

static void print_one_line(client *self, const kinodock_call *call) {
    (void)self;
    print_much(call, STDOUT_FILENO, 0);
}

/* Takes memory and uses some of it, until there is no more, and then needs some: at most 64 GiB. */
static void leak_memory(client *self, const kinodock_call *call) {
    (void)self;
    for (int count = 0; count < 1024; count++) {
        char *block = malloc((size_t)64 << 20);
        if (!block) abort();
        for (size_t page = 0; page < (size_t)64 << 20; page += 64 * 4096) block[page] = 1;
    }
    answer(call);
}

/* As many as there may be, or 65536. */
static void leak_descriptors(client *self, const kinodock_call *call) {
    (void)self;
    for (int count = 0; count < 65536; count++)
        if (open("/dev/null", O_RDONLY) < 0) break;
    answer(call);
}

static void tell_secret(client *self, const kinodock_call *call) {
    char json[256];
    snprintf(json, sizeof json, "{\"code\":\"unauthorized\",\"message\":\"The password %s was refused.\"}",
             self->password);
    call->reply(call->context, 1, BYTES(json), nothing);
}

static void log_secret(client *self, const kinodock_call *call) {
    char line[256], fields[256];
    snprintf(line, sizeof line, "login with %s", self->password);
    snprintf(fields, sizeof fields, "{\"sent\":\"%s\"}", self->password);
    self->host->log(self->host->context, KINODOCK_LOG_WARNING, BYTES(line), BYTES(fields));
    answer(call);
}

static void print_secret(client *self, const kinodock_call *call) {
    dprintf(STDOUT_FILENO, "login with %s\n", self->password);
    dprintf(STDERR_FILENO, "login with %s\n", self->password);
    answer(call);
}

/* A process that is found by its name and does nothing for ten minutes. */
static void spawn(void) {
    if (fork()) return;
    prctl(PR_SET_NAME, "kdk-fault-child");
    sleep(600);
    _exit(0);
}

static void spawn_children(client *self, const kinodock_call *call) {
    (void)self;
    for (int count = 0; count < 3; count++) spawn();
    answer(call);
}

/* The child has the protocol's descriptor open, so its other end does not see that the plugin is gone. */
static void leave_child_behind(client *self, const kinodock_call *call) {
    (void)self;
    (void)call;
    spawn();
    _exit(0);
}

static void write_garbage(client *self, const kinodock_call *call) {
    (void)self;
    char bytes[4096];
    for (size_t index = 0; index < sizeof bytes; index++) bytes[index] = (char)(index * 37 + 11);
    write_all(protocol(), bytes, sizeof bytes);
    answer(call);
}

/* The head of a frame that promises 200 MB, which never come. */
static void write_lying_head(client *self, const kinodock_call *call) {
    (void)self;
    uint32_t head[10] = {8, [8] = 200u << 20, [9] = UINT32_MAX};
    write_all(protocol(), (const char *)head, sizeof head);
    answer(call);
}

static void close_protocol(client *self, const kinodock_call *call) {
    (void)self;
    close(protocol());
    answer(call);
}

/* As one does that closes a file twice, by then somebody else's: the first that it did not open itself. */
static void close_foreign(client *self, const kinodock_call *call) {
    (void)self;
    write_all(3, "a line for a file\n", 18);
    for (int number = 3; number < 8; number++) close(number);
    answer(call);
}

static void ignore_signals(client *self, const kinodock_call *call) {
    (void)self;
    for (int number = 1; number < NSIG; number++) signal(number, SIG_IGN);
    answer(call);
}

/* Nothing but SIGKILL ends it, and with KINODOCK_PLUGIN_INVOKE_RETURNS it has the thread that it was called on. */
static void hold_on(client *self, const kinodock_call *call) {
    for (int number = 1; number < NSIG; number++) signal(number, SIG_IGN);
    hang(self, call);
}

/* The threads, of which there may not be any more, all wait. */
static void leak_threads(client *self, const kinodock_call *call) {
    (void)self;
    for (int count = 0; count < 2000; count++) start(wait_for_ever);
    answer(call);
}

/* Logs more than anybody wants to read. */
static void log_much(client *self, const kinodock_call *call) {
    for (int count = 0; count < 100000; count++)
        self->host->log(self->host->context, KINODOCK_LOG_WARNING, BYTES("one line of many"), nothing);
    answer(call);
}

static void (*fault_of_call(void))(client *, const kinodock_call *) {
    static const struct {
        const char *name;
        void (*run)(client *, const kinodock_call *);
    } faults[] = {
        {"segfault", crash}, {"abort-in-thread", abort_in_thread}, {"crash-when-idle", crash_when_idle},
        {"exit", leave}, {"exit-at-once", leave_at_once}, {"stack-overflow", overflow_stack},
        {"hang", hang}, {"never-replies", never_answer}, {"replies-twice", answer_twice},
        {"replies-after-cancel", keep}, {"replies-after-destroy", keep}, {"hang-in-cancel", keep},
        {"giant-json", answer_hugely}, {"giant-attachment", attach_hugely}, {"bad-json", answer_no_json},
        {"bad-utf8", answer_no_utf8}, {"bad-failure", fail_without_words}, {"prints", print},
        {"prints-lines", print_lines}, {"prints-errors", print_errors}, {"prints-one-line", print_one_line},
        {"leaks-memory", leak_memory}, {"leaks-descriptors", leak_descriptors}, {"leaks-threads", leak_threads},
        {"secret-in-error", tell_secret}, {"secret-in-log", log_secret}, {"secret-printed", print_secret},
        {"logs-much", log_much}, {"spawns", spawn_children}, {"leaves-child", leave_child_behind},
        {"writes-garbage", write_garbage}, {"closes-protocol", close_protocol}, {"closes-foreign", close_foreign},
        {"ignores-signals", ignore_signals},
        {"holds-on", hold_on}, {"writes-lying-head", write_lying_head}, {"crash-in-cancel", keep},
    };
    for (size_t index = 0; index < sizeof faults / sizeof *faults; index++)
        if (fault_is(faults[index].name)) return faults[index].run;
    return NULL;
}

/* In the other functions */

static void *create(const kinodock_host *host, const kinodock_call *call) {
    if (fault_is("crash-in-create")) segfault();
    if (fault_is("hang-in-create")) wait_for_ever();
    client *self = calloc(1, sizeof *self);
    self->host = host;
    json_text((const char *)call->json.data, call->json.count, "password", self->password, sizeof self->password);
    call->reply(call->context, 0, BYTES("{}"), nothing);
    return self;
}

static int is(kinodock_bytes text, const char *name) {
    return text.count == strlen(name) && !memcmp(text.data, name, text.count);
}

static void invoke(void *instance, const kinodock_call *call) {
    void (*fault)(client *, const kinodock_call *) = fault_of_call();
    if (is(call->method, "provider.test") && fault) fault(instance, call);
    else if (is(call->method, "provider.test")) answer(call);
    else if (is(call->method, "download.changes"))
        call->reply(call->context, 0, BYTES("{\"cursor\":\"\",\"is_complete\":true,\"items\":[],\"removed\":[]}"),
                    nothing);
    else
        call->reply(call->context, 1, BYTES("{\"code\":\"unsupported\",\"message\":\"It cannot do that.\"}"), nothing);
}

static void cancel(void *instance, uint64_t id) {
    client *self = instance;
    if (fault_is("crash-in-cancel")) segfault();
    if (fault_is("hang-in-cancel")) wait_for_ever();
    if (fault_is("replies-after-cancel") && self->kept.id == id) answer(&self->kept);
}

static void destroy(void *instance, const kinodock_call *call) {
    client *self = instance;
    kinodock_call kept = self->kept;
    if (fault_is("crash-in-destroy")) segfault();
    if (fault_is("hang-in-destroy")) wait_for_ever();
    free(self);
    call->reply(call->context, 0, BYTES("{}"), nothing);
    if (fault_is("replies-after-destroy") && kept.reply) answer(&kept);
}

/* When the library is loaded */

__attribute__((constructor)) static void load(void) {
    for (size_t index = 0; index + 6 < sizeof mark && mark[index + 6] != '.'; index++) fault[index] = mark[index + 6];
    if (fault_is("crash-on-load")) segfault();
    if (fault_is("hang-on-load")) wait_for_ever();
    if (fault_is("exit-on-load")) exit(0);
    if (fault_is("spawns-on-load")) spawn();
}

/* The table, and behind it what a later minor version may have. */
static struct {
    kinodock_plugin known;
    void (*later[4])(void);
} table = {
    {
        .size = sizeof(kinodock_plugin),
        .magic = KINODOCK_PLUGIN_MAGIC,
        .major = KINODOCK_ABI_MAJOR,
        .minor = KINODOCK_ABI_MINOR,
        .create = create,
        .destroy = destroy,
        .invoke = invoke,
        .cancel = cancel,
    },
    {segfault, segfault, segfault, segfault},
};

const kinodock_plugin *kinodock_plugin_v1(void) {
    static char manifest[512];
    if (fault_is("abort-in-entry")) abort();
    if (fault_is("hang-in-entry")) wait_for_ever();
    snprintf(manifest, sizeof manifest,
             "{\"id\":\"fault-%s\",\"name\":\"Fault\",\"version\":\"1.0.0\",\"description\":\"Fails on purpose.\","
             "\"kinds\":[\"download_client\"],\"sources\":[\"magnet\"],\"settings\":{\"version\":1,\"fields\":["
             "{\"key\":\"password\",\"type\":\"secret\",\"label\":\"Password\"}]}}",
             fault);
    table.known.manifest = manifest;
    if (fault_is("newer-minor")) {
        table.known.size = sizeof table;
        table.known.minor = KINODOCK_ABI_MINOR + 8;
    }
    if (fault_is("holds-on")) table.known.flags = KINODOCK_PLUGIN_INVOKE_RETURNS;
    return &table.known;
}
