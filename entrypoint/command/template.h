#ifndef COMMAND_TEMPLATE_H
#define COMMAND_TEMPLATE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/finding.h"
#include "base/node.h"
#include "command/build.h"
#include "command/options.h"
#include "template/builtin.h"
#include "template/mustache.h"

/* The parts of mailinit template. */
enum template_deed {
	TEMPLATE_RENDER,
	TEMPLATE_LIST, /* the names of the built-in ones */
	TEMPLATE_PRINT, /* the text of a built-in one */
	TEMPLATE_NAMES, /* what may stand between braces, with the present values */
};

struct template_arguments {
	enum template_deed deed;
	const char *file; /* the template; "-" is standard input */
	const char *data; /* the same for the data; NULL: the real settings */
	const char *as; /* whose names FILE has, where its own name does not say it */
	const char *partials; /* directory, or NULL: there are none */
	escape_function *escape;
	bool lenient, origins;
	struct options options; /* what settings are read from */
};

struct template_job {
	struct template_arguments arguments;
	struct arena arena;
	struct findings findings;
	struct build build; /* of the real settings */
	bool built;
};

/* The name of a file in messages. */
const char *template_shown_name(const char *name);

/* The template itself, from its file, else the built-in one of that name. Ends without. */
void template_read(struct template_job *job, struct template_source *source);

/* The data as a tree; NULL when it cannot be read as YAML, and a finding says why. */
struct node *template_read_data(struct template_job *job);

/* For the renderer: DIR/NAME, else DIR/NAME.mustache, and nothing outside of DIR. */
bool template_find_partial(void *context, const char *name, struct template_source *source);

/* The built-in template of that very name, or NULL. */
const struct template_builtin *template_builtin_find(const char *name);

/*
 * Plans with the real settings, and finds what the daemon would give a template called
 * NAME, or whose last part is called so. NULL, after what is wrong was said: no daemon
 * that runs has it (*CODE is the exit code).
 */
const struct plan_view *template_view(struct template_job *job, const char *name, int *code);

/* The deeds beside rendering. Each returns an exit code. */
int template_list(void);
int template_print(const char *name);
int template_names(struct template_job *job);

#endif
