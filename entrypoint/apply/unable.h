#ifndef APPLY_UNABLE_H
#define APPLY_UNABLE_H

/*
 * Says "mailinit: unable to VERB PATH: cause" on stderr, with a hint for the
 * causes that people meet (full disk, read-only root, a capability that is
 * missing). Keeps errno. Always returns -1, so that `return unable(…)` reads well.
 */
int unable(const char *verb, const char *path);

#endif
