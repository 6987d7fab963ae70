/* Which addresses are the code of a plugin. */
#define _GNU_SOURCE
#include "internal.h"
#include <dlfcn.h>
#include <link.h>
#include <stddef.h>

struct range {
    uintptr_t start, end;
    uint32_t slot;
};

/* Grows only: a library stays in the process. The handler reads the first `range_count` of them. */
static struct range ranges[2 * KINODOCK_WITNESS_SLOTS];
static uint32_t range_count;
static uint32_t is_adding;

uint32_t kinodock_witness_slot_of(uintptr_t address) {
    uint32_t count = __atomic_load_n(&range_count, __ATOMIC_ACQUIRE);
    for (uint32_t index = 0; index < count; index++) {
        if (address >= ranges[index].start && address < ranges[index].end) return ranges[index].slot + 1;
    }
    return 0;
}

struct search {
    uintptr_t base, start, end;
};

static int find(struct dl_phdr_info *info, size_t size, void *data) {
    struct search *search = data;
    (void)size;
    if (info->dlpi_addr != search->base) return 0;
    for (int index = 0; index < info->dlpi_phnum; index++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[index];
        if (part->p_type != PT_LOAD || !(part->p_flags & PF_X)) continue;
        uintptr_t start = info->dlpi_addr + part->p_vaddr, end = start + part->p_memsz;
        if (search->end == 0 || start < search->start) search->start = start;
        if (end > search->end) search->end = end;
    }
    return 1;
}

void kinodock_witness_code(void *handle, uint32_t slot) {
    struct link_map *map = NULL;
    if (dlinfo(handle, RTLD_DI_LINKMAP, &map) != 0) return;
    struct search search = { map->l_addr, 0, 0 };
    dl_iterate_phdr(find, &search);
    if (search.end == 0 || kinodock_witness_slot_of(search.start) != 0) return;
    while (__atomic_exchange_n(&is_adding, 1, __ATOMIC_ACQUIRE)) {}
    uint32_t count = __atomic_load_n(&range_count, __ATOMIC_RELAXED);
    if (count < sizeof ranges / sizeof *ranges) {
        ranges[count] = (struct range){ search.start, search.end, slot };
        __atomic_store_n(&range_count, count + 1, __ATOMIC_RELEASE);
    }
    __atomic_store_n(&is_adding, 0, __ATOMIC_RELEASE);
}
