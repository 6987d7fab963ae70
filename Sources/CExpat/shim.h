/* The header shows its limits on amplification only to those who say that the library was built with DTDs, as Debian's
   is. Without them a link would fail, and never leave the limits out in silence. */
#ifndef XML_DTD
#define XML_DTD 1
#endif
#include <expat.h>
