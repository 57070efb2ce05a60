/*
 * Differences between two images, for people and for programs
 */

#ifndef CAPIMG__TOOLS__DIFF_REPORT_H
#define CAPIMG__TOOLS__DIFF_REPORT_H

#include "libimage/diff_three_way.h"
#include "terminal.h"

namespace Capimg
{

struct Diff_output
{
	bool by_badge = false; /* which badges are new */
	bool pages = false;    /* lines of 16 bytes that differ */
	bool bytes = false;    /* runs of bytes that differ */
	bool all = false;      /* do not cut long lists */
};

/* authority first, then objects, fields, memory */
void print_diff(Diff const &, Diff_output const &, Terminal const &out);

/* "capimg.diff/1"; never cut; what is long is written as it is found */
void print_diff_json(Diff const &, Diff_output const &);

/* three images; "capimg.diff-base/1" */
void print_diff_base(Diff_three_way const &, Diff_output const &, Terminal const &out);
void print_diff_base_json(Diff_three_way const &);

/* how objects were told apart */
void print_basis(Diff_basis const &, Terminal const &out);
Json basis_json(Diff_basis const &);

/* "changed", "captured", …, of pages */
char const *page_state_text(Page_state);

/* a value of a field in a few words */
std::string value_text(Json const &);

}

#endif /* CAPIMG__TOOLS__DIFF_REPORT_H */
