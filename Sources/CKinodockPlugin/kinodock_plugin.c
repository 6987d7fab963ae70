#include "kinodock_sdk.h"

/*
 * Every method of a plugin in Swift is a task: what it does before its first wait is all that `invoke` does, so `invoke`
 * returns. The manifest of such a plugin is made by its code; the build adds it as a section afterwards.
 */
KINODOCK_IN_SECTION(KINODOCK_HEADER_SECTION)
const kinodock_header kinodock_sdk_header = {
    .magic = KINODOCK_PLUGIN_MAGIC,
    .major = KINODOCK_ABI_MAJOR,
    .minor = KINODOCK_ABI_MINOR,
    .min_host_minor = 0,
    .flags = KINODOCK_PLUGIN_INVOKE_RETURNS,
};
