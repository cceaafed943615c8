/* What the compiler made of the structs that Python hands in, for the test of the numpy types. */
#include <stddef.h>

#include "given.h"

#define SIZE_OF(kind) {#kind, sizeof(kind)}

typedef struct {
    const char *name;
    size_t size;
} Size;

static const Size SIZES[] = {
    SIZE_OF(TransferGiven), SIZE_OF(ConferenceGiven), SIZE_OF(PullGiven), SIZE_OF(QueueGiven), SIZE_OF(TeamGiven),
    SIZE_OF(SourceGiven), SIZE_OF(AgentGiven), SIZE_OF(DeskGiven), SIZE_OF(PoolGiven), SIZE_OF(StintGiven),
    SIZE_OF(HeadsGiven), SIZE_OF(HeadStep), SIZE_OF(Span), SIZE_OF(RoomGiven), SIZE_OF(NightGiven), SIZE_OF(RequestRow), SIZE_OF(TaskRow),
    SIZE_OF(ConversationRow), SIZE_OF(StateRow), SIZE_OF(WhisperRow), SIZE_OF(EventRow), SIZE_OF(ColumnGiven),
    SIZE_OF(Given), SIZE_OF(Ended),
};

#ifndef SIM_DIGEST
#define SIM_DIGEST ""
#endif
#ifndef SIM_BUILT
#define SIM_BUILT ""
#endif

/* Return the digest of the sources that this was made of, and how. */
SIM_EXPORT const char *sim_digest(void) { return SIM_DIGEST; }
SIM_EXPORT const char *sim_built(void) { return SIM_BUILT; }

/* Return the name of the n-th struct and its size; NULL beyond the last. */
SIM_EXPORT const char *sim_struct(i32 n, i64 *size) {
    if (n < 0 || (size_t)n >= sizeof SIZES / sizeof *SIZES) return (const char *)0;
    *size = (i64)SIZES[n].size;
    return SIZES[n].name;
}
