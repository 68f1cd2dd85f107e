#ifndef BASE_VERSION_H
#define BASE_VERSION_H

/* What --version and reports say; a release's build may give another one. */
#ifndef MAILINIT_VERSION
#define MAILINIT_VERSION "0.1.0"
#endif

#endif
