/*
 * kinodock_sdk.h: what the SDK for Swift puts into every plugin. A plugin in C needs kinodock_plugin.h alone.
 */
#ifndef KINODOCK_SDK_H
#define KINODOCK_SDK_H

#include "kinodock_plugin.h"

/* Stands in the section `.kinodock.header` of what is linked with the SDK; the table is made from it. */
extern const kinodock_header kinodock_sdk_header __attribute__((visibility("hidden")));

#endif
