#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stddef.h>
#include <sys/stat.h>

#include "base/buffer.h"

/*
 * Reads a whole regular file into CONTENT (which is cleared first). Neither a
 * FIFO, nor a device, nor a directory, nor more than LIMIT bytes can block or
 * fill us: those fail with errno EINVAL, EISDIR or EFBIG. STATUS, when not
 * NULL, gets the fstat of what was read. Returns 0, or -1 with errno.
 */
int file_read(const char *path, size_t limit, struct buffer *content, struct stat *status);

/*
 * Appends all that FD still gives to CONTENT, but no more than LIMIT bytes in
 * all: then errno is EFBIG. Returns 0, or -1 with errno.
 */
int file_read_fd(int fd, size_t limit, struct buffer *content);

/*
 * Makes a directory and its missing parents (mode 0755), the last one with MODE.
 * Existing ones are left as they are. Returns 0, or -1 with errno.
 */
int file_make_directories(const char *path, mode_t mode);

#endif
