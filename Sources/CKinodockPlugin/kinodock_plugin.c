#include "kinodock_plugin.h"

/* The contract is a header only; this file makes the package manager build its folder as a C target. */
