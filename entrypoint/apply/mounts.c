/* mounts.c - the mounts as they were at the start */
#include "apply/mounts.h"

#include "apply/place.h"
#include "base/buffer.h"
#include "base/file.h"
#include "plan/plan.h"

#define MOUNTINFO "/proc/self/mountinfo"
#define MOUNTINFO_LIMIT (4 * 1024 * 1024)

int
mounts_keep(void)
{
	struct buffer text = {0};
	int result = 0;

	/* a container may lack /proc: then nothing can be told later on either */
	if (file_read(MOUNTINFO, MOUNTINFO_LIMIT, &text, NULL) == 0)
		result = place_file(PLAN_MOUNTS_AT_START, buffer_text(&text), text.len,
			&(struct placement){.mode = 0600});
	buffer_free(&text);
	return result;
}
