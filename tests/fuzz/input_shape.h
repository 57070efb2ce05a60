/*
 * Where the images of a fuzz target's input are, for the mutator that knows what an image is
 *
 * Each target of images defines 'input_shape'. An input is some bytes of flags, the size of the
 * first of two images as a little-endian integer, and the images; or a message alone.
 */

#ifndef CAPIMG__TESTS__FUZZ__INPUT_SHAPE_H
#define CAPIMG__TESTS__FUZZ__INPUT_SHAPE_H

namespace Capimg::Test
{

struct Input_shape
{
	unsigned flags;       /* bytes in front */
	unsigned split_width; /* bytes of the first image's size, 0 for one image */
	bool message;         /* a manifest and no image */
};

extern Input_shape const input_shape;

}

#endif /* CAPIMG__TESTS__FUZZ__INPUT_SHAPE_H */
