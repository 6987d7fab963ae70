/* The settings of an instance, as the form in file_drop.c has them. */
#ifndef FILE_DROP_SETTINGS_H
#define FILE_DROP_SETTINGS_H

#include "kinodock_plugin.h"
#include "reply.h"

#include <stdbool.h>
#include <sys/types.h>

/* The events in the order of the form; a bit of `settings.events` for each. */
extern const char *const event_kinds[];
enum { EVENT_KIND_COUNT = 9 };

typedef struct settings {
    char *folder;  /* absolute */
    char *pattern; /* of the file's name */
    mode_t mode;
    unsigned long long least_free; /* bytes that stay free on the disk */
    unsigned events;
} settings;

/* Reads and checks the JSON. Returns false and says why in `failure`; then there is nothing to free. */
bool settings_read(settings *self, kinodock_bytes json, failure *failure);
void settings_free(settings *self);

#endif
