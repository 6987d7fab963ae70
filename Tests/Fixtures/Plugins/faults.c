/*
 * Plugins that fail, each in its own way. They are one library: the name of the fault is written over the "none" of
 * `mark` in a copy of it, and "fault-" and that name is the id, and the folder, of the copy. An instance whose setting
 * `fault` names another one has that instead, as far as it is one of a call, a cancel, or the life of an instance.
 *
 * `faults` lists all of them. Everything but its fault such a plugin does right: it is a download client without
 * downloads and a notifier that notifies nobody, and "none" is one without a fault. What the linker makes wrong is built
 * from this file as well, see the Makefile, and what a plugin can have one of at each call is in echo.c.
 *
 * Most of these end the process that they run in, so they are for a process of their own.
 */
#define _GNU_SOURCE
#include "kinodock_plugin.h"
#include "json.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* The name of the fault, up to the first dot; volatile, because it is not what the compiler reads here. */
static const volatile char mark[] = "FAULT=none............................";
static char fault[sizeof mark];

#define BYTES(text) ((kinodock_bytes){(const uint8_t *)(text), strlen(text)})
static const kinodock_bytes nothing;

static const size_t huge = (size_t)300 << 20;

typedef struct {
    const kinodock_host *host;
    char fault[sizeof mark];
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

/* Of the file, for what happens before there is an instance. */
static int fault_is(const char *name) { return !strcmp(fault, name); }
static int has(const client *self, const char *name) { return !strcmp(self->fault, name); }

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
static __attribute__((noinline)) void segfault(void) {
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
    exit(3);
}

static void leave_at_once(client *self, const kinodock_call *call) {
    (void)self;
    (void)call;
    _exit(4);
}

static void give_up(client *self, const kinodock_call *call) {
    (void)self;
    (void)call;
    abort();
}

static void trap(client *self, const kinodock_call *call) {
    (void)self;
    (void)call;
    __builtin_trap();
}

static void call_nothing(client *self, const kinodock_call *call) {
    (void)self;
    (void)call;
    static void (*volatile no_function)(void);
    no_function();
}

/* Writes over the stack of its caller and itself: where it returns to, there is nothing. */
static __attribute__((noinline)) void smash(client *self, const kinodock_call *call) {
    (void)self;
    (void)call;
    volatile char room[8];
    volatile char *volatile here = room;
    for (int place = 0; place < 128; place++) here[place] = 0x41;
}

static void kill_itself(client *self, const kinodock_call *call) {
    (void)self;
    (void)call;
    kill(getpid(), SIGKILL);
}

/* An end that no function of the C library sees. */
static void leave_by_system_call(client *self, const kinodock_call *call) {
    (void)self;
    (void)call;
    syscall(SYS_exit_group, 6);
}

/* A crash that no handler sees. */
static void crash_unseen(client *self, const kinodock_call *call) {
    signal(SIGSEGV, SIG_DFL);
    crash(self, call);
}

static void leave_thread(void) { exit(5); }

static void crash_in_thread(client *self, const kinodock_call *call) {
    (void)self;
    (void)call;
    start(segfault);
}

static void leave_in_thread(client *self, const kinodock_call *call) {
    (void)self;
    (void)call;
    start(leave_thread);
}

/* Children end in each way, and the process that they are of does not. */
static void lose_children(client *self, const kinodock_call *call) {
    (void)self;
    for (int way = 0; way < 3; way++) {
        pid_t child = fork();
        if (child == 0) {
            if (way == 0) segfault();
            if (way == 1) exit(7);
            _exit(8);
        }
        int status;
        waitpid(child, &status, 0);
    }
    answer(call);
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

static void dive_alone(void) { dive(0); }

static const kinodock_host *host_of_thread;

/* The host has seen the thread by then. */
static void log_and_dive(void) {
    host_of_thread->log(host_of_thread->context, KINODOCK_LOG_INFO, BYTES("I am about to overflow."), nothing);
    dive(0);
}

static void overflow_thread(client *self, const kinodock_call *call) {
    (void)call;
    host_of_thread = self->host;
    start(log_and_dive);
}

static void overflow_bare_thread(client *self, const kinodock_call *call) {
    (void)self;
    (void)call;
    start(dive_alone);
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

/* Replies that are wrong in themselves, or in what they say. */
static void answer_badly(client *self, const kinodock_call *call) {
    static const struct {
        const char *name;
        int32_t status;
        const char *json;
    } replies[] = {
        {"bad-json", 0, "{\"checks\":[}"},
        {"bad-utf8", 0, "{\"version\":\"\xff\xfe\xc0\",\"checks\":[],\"warnings\":[]}"},
        {"bad-failure", -1, "\xff"},
        {"no-message", 1, "{\"code\":\"unreachable\",\"message\":\"\"}"},
        {"unknown-code", 1, "{\"code\":\"no_idea\",\"message\":\"It is so.\"}"},
        {"internal", 1, "{\"code\":\"internal\",\"message\":\"It is so.\"}"},
    };
    for (size_t index = 0; index < sizeof replies / sizeof *replies; index++)
        if (has(self, replies[index].name))
            call->reply(call->context, replies[index].status, BYTES(replies[index].json), nothing);
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

/* All faults, and what those do that are of the call "provider.test". */
static const struct {
    const char *name;
    void (*run)(client *, const kinodock_call *);
} faults[] = {
    {"none", NULL},
    /* When the library is loaded; "-in-server" only there, and not where it is tried first. */
    {"crash-on-load", NULL}, {"hang-on-load", NULL}, {"exit-on-load", NULL}, {"spawns-on-load", NULL},
    {"prints-on-load", NULL}, {"crash-in-server", NULL}, {"abort-in-server", NULL},
    /* In the entry, the table and the manifest. */
    {"abort-in-entry", NULL}, {"hang-in-entry", NULL}, {"null-table", NULL}, {"wrong-magic", NULL},
    {"short-table", NULL}, {"host-too-old", NULL}, {"other-major", NULL}, {"newer-minor", NULL}, {"no-function", NULL},
    {"null-manifest", NULL}, {"bad-manifest", NULL}, {"bad-id", NULL}, {"no-kind", NULL}, {"long-manifest", NULL},
    {"no-utf8", NULL}, {"wrong-types", NULL},
    /* In the life of an instance. */
    {"refuses-create", NULL}, {"null-instance", NULL}, {"asks-in-create", NULL}, {"crash-in-create", NULL},
    {"hang-in-create", NULL}, {"leaks-a-thread", NULL}, {"leaks-a-descriptor", NULL}, {"crash-in-destroy", NULL},
    {"hang-in-destroy", NULL},
    /* In other calls. */
    {"answers-anything", NULL}, {"unsupported", NULL},
    /* Crashes and ends. */
    {"segfault", crash}, {"abort", give_up}, {"trap", trap}, {"calls-nothing", call_nothing}, {"smash", smash},
    {"stack-overflow", overflow_stack}, {"exit", leave}, {"exit-at-once", leave_at_once}, {"killed", kill_itself},
    {"system-call", leave_by_system_call}, {"crash-unseen", crash_unseen}, {"abort-in-thread", abort_in_thread},
    {"crash-in-thread", crash_in_thread}, {"exit-in-thread", leave_in_thread},
    {"overflow-in-thread", overflow_thread}, {"overflow-in-bare-thread", overflow_bare_thread},
    {"crash-when-idle", crash_when_idle},
    /* Replies that do not come, or come as they should not. */
    {"hang", hang}, {"never-replies", never_answer}, {"replies-twice", answer_twice}, {"replies-after-cancel", keep},
    {"replies-after-destroy", keep}, {"hang-in-cancel", keep}, {"crash-in-cancel", keep}, {"holds-on", hold_on},
    {"giant-json", answer_hugely}, {"giant-attachment", attach_hugely}, {"bad-json", answer_badly},
    {"bad-utf8", answer_badly}, {"bad-failure", answer_badly}, {"no-message", answer_badly},
    {"unknown-code", answer_badly}, {"internal", answer_badly},
    /* What is not asked for. */
    {"prints", print}, {"prints-lines", print_lines}, {"prints-errors", print_errors},
    {"prints-one-line", print_one_line}, {"logs-much", log_much}, {"leaks-memory", leak_memory},
    {"leaks-descriptors", leak_descriptors}, {"leaks-threads", leak_threads}, {"secret-in-error", tell_secret},
    {"secret-in-log", log_secret}, {"secret-printed", print_secret}, {"spawns", spawn_children},
    {"loses-children", lose_children}, {"leaves-child", leave_child_behind}, {"writes-garbage", write_garbage},
    {"writes-lying-head", write_lying_head}, {"closes-protocol", close_protocol}, {"closes-foreign", close_foreign},
    {"ignores-signals", ignore_signals},
};

/* Its place in the list, or -1. */
static int place_of(const char *name) {
    for (size_t index = 0; index < sizeof faults / sizeof *faults; index++)
        if (!strcmp(faults[index].name, name)) return (int)index;
    return -1;
}

/* The life of an instance */

static void host_answered(void *context, int32_t status, kinodock_bytes json, kinodock_bytes attachment) {
    (void)status;
    (void)json;
    (void)attachment;
    sem_post(context);
}

/* Waits for the host's answer, whatever it is, and says when it has come. */
static void ask(const kinodock_host *host) {
    static sem_t answered;
    sem_init(&answered, 0, 0);
    kinodock_call question = {
        .size = sizeof question, .id = 1, .method = BYTES("clock.now"), .json = BYTES("{}"), .context = &answered,
        .reply = host_answered,
    };
    host->invoke(host->context, &question);
    while (sem_wait(&answered)) {}
    dprintf(STDOUT_FILENO, "the host has answered\n");
}

static void *create(const kinodock_host *host, const kinodock_call *call) {
    client *self = calloc(1, sizeof *self);
    const char *json = (const char *)call->json.data;
    self->host = host;
    json_text(json, call->json.count, "password", self->password, sizeof self->password);
    if (!json_text(json, call->json.count, "fault", self->fault, sizeof self->fault) || !*self->fault)
        memcpy(self->fault, fault, sizeof fault);
    if (has(self, "crash-in-create")) segfault();
    if (has(self, "hang-in-create")) wait_for_ever();
    if (has(self, "asks-in-create")) ask(host);
    if (has(self, "leaks-a-thread")) start(wait_for_ever);
    if (has(self, "leaks-a-descriptor") && open("/dev/null", O_RDONLY) < 0) abort();
    if (has(self, "refuses-create") || place_of(self->fault) < 0) {
        free(self);
        call->reply(call->context, 1,
                    BYTES("{\"code\":\"invalid\",\"message\":\"There is no such host or fault.\",\"field\":\"host\"}"),
                    nothing);
        return NULL;
    }
    call->reply(call->context, 0, BYTES("{}"), nothing);
    if (!has(self, "null-instance")) return self;
    free(self);
    return NULL;
}

/* What it answers to a method without a fault; NULL when it does not know it. */
static const char *good_answer(kinodock_bytes method) {
    static const char *const answers[][2] = {
        {"download.changes", "{\"cursor\":\"\",\"is_complete\":true,\"items\":[],\"removed\":[]}"},
        {"download.add", "{\"id\":\"1\",\"existed\":false}"},
        {"download.item", "{}"},
        {"download.files", "{\"files\":[]}"},
        {"download.pause", "{}"},
        {"download.resume", "{}"},
        {"download.remove", "{}"},
        {"notifier.supportedEvents", "{\"events\":[\"test\"]}"},
        {"notifier.notify", "{}"},
    };
    for (size_t index = 0; index < sizeof answers / sizeof *answers; index++)
        if (method.count == strlen(answers[index][0]) && !memcmp(method.data, answers[index][0], method.count))
            return answers[index][1];
    return NULL;
}

static void invoke(void *instance, const kinodock_call *call) {
    client *self = instance;
    if (call->method.count == 13 && !memcmp(call->method.data, "provider.test", 13)) {
        void (*run)(client *, const kinodock_call *) = faults[place_of(self->fault)].run;
        if (run) run(self, call);
        else answer(call);
        return;
    }
    const char *json = good_answer(call->method);
    if (has(self, "unsupported") && !memcmp(call->method.data, "notifier.s", 10)) json = NULL;
    if (has(self, "answers-anything") && !memcmp(call->method.data, "check.", 6)) json = "{}";
    if (json) call->reply(call->context, 0, BYTES(json), nothing);
    else
        call->reply(call->context, 1, BYTES("{\"code\":\"unsupported\",\"message\":\"It cannot do that.\"}"), nothing);
}

static void cancel(void *instance, uint64_t id) {
    client *self = instance;
    if (has(self, "crash-in-cancel")) segfault();
    if (has(self, "hang-in-cancel")) wait_for_ever();
    if (has(self, "replies-after-cancel") && self->kept.id == id) answer(&self->kept);
}

static void destroy(void *instance, const kinodock_call *call) {
    client *self = instance;
    kinodock_call kept = self->kept;
    int replies_afterwards = has(self, "replies-after-destroy") && kept.reply;
    if (has(self, "crash-in-destroy")) segfault();
    if (has(self, "hang-in-destroy")) wait_for_ever();
    free(self);
    call->reply(call->context, 0, BYTES("{}"), nothing);
    if (replies_afterwards) answer(&kept);
}

/* When the library is loaded */

static void *abort_while_loading(void *unused) {
    (void)unused;
    abort();
}

static void load_in_server(void) {
    pthread_t thread;
    if (fault_is("crash-in-server")) segfault();
    if (fault_is("abort-in-server") && !pthread_create(&thread, NULL, abort_while_loading, NULL))
        pthread_join(thread, NULL);
}

__attribute__((constructor)) static void load(void) {
    for (size_t index = 0; index + 6 < sizeof mark && mark[index + 6] != '.'; index++) fault[index] = mark[index + 6];
    if (fault_is("crash-on-load")) segfault();
    if (fault_is("hang-on-load")) wait_for_ever();
    if (fault_is("exit-on-load")) exit(0);
    if (fault_is("spawns-on-load")) spawn();
    if (fault_is("prints-on-load")) dprintf(STDERR_FILENO, "a plugin prints when it is loaded\n");
    if (!strcmp(program_invocation_short_name, "kinodock")) load_in_server();
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

#define MANIFEST(id, version, kinds)                                                                                  \
    "{\"id\":\"" id "\",\"name\":\"Fault\",\"version\":" version ",\"description\":\"Fails on purpose.\","            \
    "\"kinds\":" kinds ",\"sources\":[\"magnet\"],\"settings\":{\"version\":1,\"fields\":["                           \
    "{\"key\":\"password\",\"type\":\"secret\",\"label\":\"Password\"},"                                              \
    "{\"key\":\"fault\",\"type\":\"text\",\"label\":\"Fault\"}]}}"
#define KINDS "[\"download_client\",\"notifier\"]"

#ifdef SECTIONED
/* As a plugin should be: the file says what the table says. */
KINODOCK_IN_SECTION(KINODOCK_HEADER_SECTION)
static const kinodock_header header = {KINODOCK_PLUGIN_MAGIC, KINODOCK_ABI_MAJOR, KINODOCK_ABI_MINOR, 0, 0};
KINODOCK_IN_SECTION(KINODOCK_MANIFEST_SECTION)
static const char manifest_section[] = MANIFEST("fault-none", "\"1.0.0\"", KINDS);
#endif

static const char *manifest(void) {
    static char text[(1 << 20) + 2];
    if (fault_is("null-manifest")) return NULL;
    if (fault_is("bad-manifest")) return "{\"id\":";
    if (fault_is("bad-id")) return MANIFEST("Bad Id", "\"1.0.0\"", KINDS);
    if (fault_is("no-kind")) return MANIFEST("fault-no-kind", "\"1.0.0\"", "[\"coffee_machine\"]");
    if (fault_is("no-utf8")) return MANIFEST("fault-no-utf8\xff\xfe", "\"1.0.0\"", KINDS);
    if (fault_is("wrong-types")) return MANIFEST("fault-wrong-types", "1", "\"download_client\"");
    if (fault_is("long-manifest")) memset(text, ' ', sizeof text - 1);
    else snprintf(text, sizeof text, MANIFEST("fault-%s", "\"1.0.0\"", KINDS), fault);
    return text;
}

static void spoil_table(kinodock_plugin *known) {
    if (fault_is("wrong-magic")) known->magic = 0x12345678;
    if (fault_is("short-table")) known->size = 40;
    if (fault_is("host-too-old")) known->min_host_minor = 7;
    if (fault_is("other-major")) known->major = 3;
    if (fault_is("no-function")) known->invoke = NULL;
    if (fault_is("holds-on")) known->flags = KINODOCK_PLUGIN_INVOKE_RETURNS;
    if (fault_is("newer-minor")) {
        known->size = sizeof table;
        known->minor = KINODOCK_ABI_MINOR + 8;
    }
}

/* What the linker makes wrong. */
#ifndef ENTRY
#define ENTRY kinodock_plugin_v1
#endif
#ifdef MISSING
void no_library_gives_this(void);
void nor_this(void);
__attribute__((used)) static void call_both(void) {
    no_library_gives_this();
    nor_this();
}
#endif

const kinodock_plugin *ENTRY(void) {
    if (fault_is("abort-in-entry")) abort();
    if (fault_is("hang-in-entry")) wait_for_ever();
    /* A name that is not in the list: a test has it wrong, and shall not find a plugin without a fault. */
    if (fault_is("null-table") || place_of(fault) < 0) return NULL;
    table.known.manifest = manifest();
    spoil_table(&table.known);
    return &table.known;
}
