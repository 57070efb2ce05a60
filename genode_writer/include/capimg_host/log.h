/*
 * Values of the engines in the log
 */

#ifndef CAPIMG__HOST__LOG_H
#define CAPIMG__HOST__LOG_H

#include <base/output.h>

#include <capimg_host/types.h>

namespace Capimg::Host
{

struct Status_text
{
	Status const status;

	explicit Status_text(Status const &status) : status(status) {}

	void print(Output &out) const
	{
		Genode::print(out, error_text(status.code), ", field '", status.field, "', offset ",
					  status.offset, ", value ", Hex(status.value), ", limit ", Hex(status.limit));
	}
};

}

#endif /* CAPIMG__HOST__LOG_H */
