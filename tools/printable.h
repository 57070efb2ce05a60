/*
 * Text from an image, made fit for a terminal
 *
 * Labels and names in an image are written by the component. Shown as they are, they could move
 * the cursor, colour the screen or reverse the order of what is read. All functions are pure.
 */

#ifndef CAPIMG__TOOLS__PRINTABLE_H
#define CAPIMG__TOOLS__PRINTABLE_H

#include <cstddef>
#include <string>
#include <string_view>

namespace Capimg
{

/*
 * The text with control characters, bidirectional overrides and bytes that are no UTF-8
 * written as '\xNN' or '\u{NNNN}'; a backslash stays one backslash
 */
std::string printable(std::string_view);

/* columns that a printable text takes: wide characters take 2, combining ones none */
std::size_t columns(std::string_view);

/* the text cut to at most 'width' columns, with an ellipsis as its last character if cut */
std::string shortened(std::string_view, std::size_t width);

}

#endif /* CAPIMG__TOOLS__PRINTABLE_H */
