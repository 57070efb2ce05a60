#include "result.h"

namespace Capimg
{

static constexpr char const *TEXT[] {
	"no error",
	"this is not a capimg image",
	"the image is incomplete: it has no valid trailer",
	"a piece reaches beyond the end of its container",
	"a checksum does not match: the bytes are damaged",
	"a field has a value that the format forbids",
	"padding or a reserved field is not zero",
	"a piece does not stand where the format puts it",
	"something that must be unique is there twice",
	"a reference names no object, or one of the wrong kind",
	"a structure that must be a tree contains itself",
	"these bytes were not captured",
	"the image has a newer major version than this reader",
	"the image needs a feature that this reader does not know",
	"this variant is not supported",
	"no codec is available for this block",
	"the block is inherited, and no parent image was given",
	"the parent given is not the one the image names",
	"a count or size is above its limit",
	"the buffer is too small",
	"the call is not allowed in this state",
	"an argument is outside its range",
	"input or output failed",
	"no such structure is in this memory",
	"more than one structure fits",
	"links, depths or order of a tree contradict each other",
	"the component did not come to a consistent point",
	"an object went away meanwhile",
	"the system denies it",
	"the quota does not suffice",
	"the image cannot be restored here",
	"the image is not signed",
	"the signature is not one of the key given",
	"the bytes are not those that were signed",
	"the image was signed for another component",
	"the image is older than one that was accepted before",
};

static_assert(sizeof(TEXT) / sizeof(TEXT[0]) == CODE_COUNT);

char const *error_text(Code code)
{
	unsigned const i = unsigned(code);
	return i < CODE_COUNT ? TEXT[i] : "unknown error";
}

}
