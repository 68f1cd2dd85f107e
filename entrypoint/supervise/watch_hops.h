#ifndef SUPERVISE_WATCH_HOPS_H
#define SUPERVISE_WATCH_HOPS_H

/*
 * Where a path leads through. A file may change without any event on itself:
 * a link on the way is turned (certbot, Kubernetes' ..data), a directory is
 * moved away, another file is renamed over it. Each of these is an event in the
 * directory that holds the link or the file, or on a directory of the way.
 */
enum watch_hop {
	HOP_PASSED, /* a directory of the way */
	HOP_DECIDES, /* a directory that holds a link of the way, or the end, or would hold it */
	HOP_END, /* the end itself, which exists, of whatever kind */
};

/* PATH holds no link but, of HOP_END, never; it is good during the call. */
typedef void watch_visitor(void *context, const char *path, enum watch_hop hop);

/*
 * Follows PATH, which is absolute, as the kernel would, and calls VISIT for
 * each hop. Where something is missing, or links lead in a circle, the last call
 * is for the directory in which a change would help. Nothing is allocated.
 */
void watch_hops(const char *path, watch_visitor *visit, void *context);

#endif
