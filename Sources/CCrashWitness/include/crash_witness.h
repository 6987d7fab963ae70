/*
 * crash_witness.h: notes which plugin's code was running, in memory that outlives the process.
 *
 * Two mappings belong to a server. The file `plugins.sentinel` in its data folder has the layout of
 * `kinodock_witness_file` below, in the machine's byte order; it is written when a plugin is loaded, when the process
 * crashes or exits, and at an orderly end, so a disk may sleep meanwhile. How many threads are inside of each plugin is
 * kept apart, in shared memory that has no disk behind it (`kinodock_witness_counts`): it changes with every call.
 *
 * The signal handler does nothing that is not safe in a signal handler: it reads and writes memory, asks for the time
 * and for the process and thread ids, and walks the stack with the unwinder of libgcc, which finds its tables through
 * the lock-free `_dl_find_object` of glibc 2.35 and later and has been used once before the first crash. A fault of the
 * walk itself, on a stack that was overwritten, ends the walk and not the handler.
 */
#ifndef KINODOCK_CRASH_WITNESS_H
#define KINODOCK_CRASH_WITNESS_H

#include <stdint.h>
#include <string.h>

#define KINODOCK_WITNESS_MAGIC 0x314E544957444B4BULL /* "KKDWITN1" in memory */
enum {
    KINODOCK_WITNESS_SLOTS = 128,     /* plugin files in one run of the server */
    KINODOCK_WITNESS_ID_SIZE = 128,   /* with the zero byte at the end, as the other texts */
    KINODOCK_WITNESS_HASH_SIZE = 72,
    KINODOCK_WITNESS_BOOT_SIZE = 40,
    /* States of a record. A record that is being written has everything but what the walk of the stack finds. */
    KINODOCK_WITNESS_NONE = 0,
    KINODOCK_WITNESS_WRITING = 1,
    KINODOCK_WITNESS_COMPLETE = 2,
    /* What the process was doing with the plugin. */
    KINODOCK_WITNESS_LOADING = 1,     /* the host loaded it, on the thread that crashed */
    KINODOCK_WITNESS_CALLING = 2,     /* the host had called it, on the thread that crashed */
    KINODOCK_WITNESS_BACKGROUND = 3   /* a thread or task of the plugin's own */
};

/* One file of a plugin. Free when `id` is empty. */
typedef struct kinodock_witness_slot {
    uint32_t loading;                 /* threads that load it */
    uint32_t reserved;
    char id[KINODOCK_WITNESS_ID_SIZE];
    char hash[KINODOCK_WITNESS_HASH_SIZE]; /* SHA-256 of the file in hexadecimal digits */
} kinodock_witness_slot;

/* How the process ended, when its code had the time to say so. */
typedef struct kinodock_witness_record {
    uint32_t state;
    int32_t signal;                   /* 0 when `exit` or `_exit` was called */
    int32_t code;                     /* si_code, or the exit code */
    int32_t sender;                   /* another process that sent the signal, or 0 */
    int64_t time;                     /* seconds since 1970 */
    uint32_t phase;                   /* 0 when no plugin is named */
    uint32_t ending;                  /* 1 when the orderly end had begun */
    char id[KINODOCK_WITNESS_ID_SIZE]; /* empty when no plugin's code was running */
    char hash[KINODOCK_WITNESS_HASH_SIZE];
} kinodock_witness_record;

typedef struct kinodock_witness_file {
    uint64_t magic;
    uint32_t size;                    /* of this struct */
    int32_t process;
    uint64_t run;                     /* random; the counts of the same run carry it too */
    int64_t started;                  /* seconds since 1970 */
    uint32_t ended;                   /* 1 after an orderly end */
    uint32_t reserved;
    char boot[KINODOCK_WITNESS_BOOT_SIZE]; /* /proc/sys/kernel/random/boot_id */
    kinodock_witness_record record;
    kinodock_witness_slot slots[KINODOCK_WITNESS_SLOTS];
} kinodock_witness_file;

/* A count for each slot, on a cache line of its own: different plugins are called on different cores. */
typedef struct kinodock_witness_counts {
    uint64_t run;
    uint64_t reserved[7];
    struct { uint32_t inside; uint32_t reserved[15]; } slots[KINODOCK_WITNESS_SLOTS];
} kinodock_witness_counts;

/* A slot as the threads need it that enter a plugin. */
typedef struct kinodock_witness_mark {
    uint32_t *count;                  /* `inside` or `loading` of the slot */
    uint32_t here;                    /* what a thread notes of itself while it is inside */
} kinodock_witness_mark;

/* What the thread is in: slot + 1, and the phase above bit 16. 0 when it is in no plugin. */
extern _Thread_local uint32_t kinodock_witness_here;
/* 1 when the thread has a stack for the handler, or does not need one. */
extern _Thread_local uint32_t kinodock_witness_is_ready;

void kinodock_witness_make_ready(void);

/*
 * Gives the thread a stack for the handler, so that it is a witness of its own stack's overflow too. Costs nothing after
 * the first time. Called wherever a plugin's thread comes by.
 */
static inline void kinodock_witness_thread(void) {
    if (__builtin_expect(!kinodock_witness_is_ready, 0)) kinodock_witness_make_ready();
}

/* Notes that the thread enters a plugin. Returns what `kinodock_witness_leave` needs. */
static inline uint32_t kinodock_witness_enter(kinodock_witness_mark mark) {
    uint32_t before = kinodock_witness_here;
    kinodock_witness_thread();
    __atomic_fetch_add(mark.count, 1, __ATOMIC_RELAXED);
    kinodock_witness_here = mark.here;
    return before;
}

static inline void kinodock_witness_leave(kinodock_witness_mark mark, uint32_t before) {
    kinodock_witness_here = before;
    __atomic_fetch_sub(mark.count, 1, __ATOMIC_RELAXED);
}

/* Swift sees an array in a struct as a tuple; what follows gives it what is in them. */
static inline kinodock_witness_slot *kinodock_witness_slot_at(kinodock_witness_file *file, uint32_t slot) {
    return &file->slots[slot];
}

static inline uint32_t *kinodock_witness_loading(kinodock_witness_file *file, uint32_t slot) {
    return &file->slots[slot].loading;
}

static inline uint32_t *kinodock_witness_inside(kinodock_witness_counts *counts, uint32_t slot) {
    return &counts->slots[slot].inside;
}

/* Writes a text, cut where there is no room for it. */
static inline void kinodock_witness_set_text(char *target, size_t size, const char *text) {
    size_t count = strnlen(text, size - 1);
    memcpy(target, text, count);
    memset(target + count, 0, size - count);
}

static inline void kinodock_witness_name(kinodock_witness_file *file, uint32_t slot, const char *id, const char *hash) {
    kinodock_witness_set_text(file->slots[slot].id, KINODOCK_WITNESS_ID_SIZE, id);
    kinodock_witness_set_text(file->slots[slot].hash, KINODOCK_WITNESS_HASH_SIZE, hash);
}

static inline void kinodock_witness_set_boot(kinodock_witness_file *file, const char *boot) {
    kinodock_witness_set_text(file->boot, KINODOCK_WITNESS_BOOT_SIZE, boot);
}

/* The texts end at the first zero byte or with their array: a file may hold anything. */
static inline const char *kinodock_witness_boot(const kinodock_witness_file *file) { return file->boot; }
static inline const char *kinodock_witness_id(const kinodock_witness_slot *slot) { return slot->id; }
static inline const char *kinodock_witness_hash(const kinodock_witness_slot *slot) { return slot->hash; }
static inline const char *kinodock_witness_record_id(const kinodock_witness_file *file) { return file->record.id; }
static inline const char *kinodock_witness_record_hash(const kinodock_witness_file *file) { return file->record.hash; }

/*
 * Starts to witness crashes and exits into `file`, which stays mapped until the process ends. A second call takes another
 * file. What handled the signals before still does, after the record was written. Not to be called by two threads at
 * once.
 */
void kinodock_witness_start(kinodock_witness_file *file);

/* Says that the code of `handle`, from dlopen, is that of the slot. Without effect when it is known, or there is no room. */
void kinodock_witness_code(void *handle, uint32_t slot);

#endif
