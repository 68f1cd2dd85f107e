#ifndef SUPERVISE_TRIM_H
#define SUPERVISE_TRIM_H

/*
 * Lets go of the pages of our own program file that are mapped: a start touches
 * most of them, waiting hardly any. They are not written to, so the kernel maps
 * them again where they are needed, from its cache. Only memory is saved; a
 * failure changes nothing.
 */
void trim_program(void);

#endif
