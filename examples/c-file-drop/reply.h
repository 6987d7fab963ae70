/* Answers to calls of the host. */
#ifndef FILE_DROP_REPLY_H
#define FILE_DROP_REPLY_H

#include "kinodock_plugin.h"
#include "text.h"

/* What went wrong, in words for a person. `field` is the setting at fault, or NULL. */
typedef struct failure {
    const char *code; /* one of docs/plugin-authors.md; NULL while all is well */
    const char *field;
    char message[512];
} failure;

/* Sets the failure; the message has the form and values of printf. */
void fail_with(failure *self, const char *code, const char *field, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

void reply_empty(const kinodock_call *call);
/* Frees the text. One that is incomplete becomes an error. */
void reply_text(const kinodock_call *call, text *json);
void reply_failure(const kinodock_call *call, const failure *failure);

#endif
