/*
 * Limits of the work on capability maps in captured memory, each with its reason
 *
 * The memory is written by the component, so all of this is hostile input: what lies above
 * a limit is no capability map.
 */

#ifndef CAPIMG__CORE__CAP_LIMITS_H
#define CAPIMG__CORE__CAP_LIMITS_H

#include "limits.h"

namespace Capimg::Limit
{

/* entries of one capability map, nodes of one tree: what the manifest can describe */
inline constexpr uint32_t MAX_CAP_ENTRIES = MAX_CAPABILITIES;

/* bytes of one entry: the largest known is 56, and twice two cache lines leave room */
inline constexpr uint32_t MAX_CAP_STRIDE = 256;

/*
 * Levels of a tree: Genode keeps the depth in one byte. Depth falls with every step down, so
 * a walk needs no more stack than this, whatever the memory says.
 */
inline constexpr unsigned MAX_TREE_DEPTH = 255;

/* maps that a search reports: one is normal, two are a surprise, more is somebody's game */
inline constexpr unsigned MAX_CAP_CANDIDATES = 8;

/*
 * Entries and words looked at besides the walks of trees: so many at least, and as many as
 * the captured memory has words of 4 bytes. Walks of trees need no budget: a node names one
 * parent, so that different trees have no node in common, and all walks together are linear.
 */
inline constexpr uint64_t MIN_SEARCH_BUDGET = 16 * 1024 * 1024;

/* bytes of memory looked at in one go; fits the second-level caches */
inline constexpr size_t SCAN_WINDOW = 256 * 1024;

/* working memory of a scan where 'Memory::peek' gives nothing: a page, to copy into */
inline constexpr size_t MIN_SCAN_BUFFER = 4096;

}

#endif /* CAPIMG__CORE__CAP_LIMITS_H */
