# Writes OUTPUT, a C++ source with the documents as string literals
# cmake -DOUTPUT=… -DDOCUMENTS="name=file;…" -P CapimgEmbed.cmake

set(rows "")
foreach(document IN LISTS DOCUMENTS)
	string(REGEX MATCH "^([^=]+)=(.+)$" _ "${document}")
	set(name "${CMAKE_MATCH_1}")
	file(READ "${CMAKE_MATCH_2}" text)
	# a raw literal holds at most 64 KiB in standard C++: cut it into several
	string(LENGTH "${text}" length)
	set(literal "")
	set(at 0)
	while(at LESS length)
		string(SUBSTRING "${text}" ${at} 16000 part)
		string(APPEND literal "R\"document(${part})document\"\n")
		math(EXPR at "${at} + 16000")
	endwhile()
	string(APPEND rows "\t{ \"${name}\",\n${literal} },\n")
endforeach()

file(WRITE "${OUTPUT}" "#include \"tools/documents.h\"

namespace Capimg
{

static constexpr Document DOCUMENTS[] {
${rows}};

std::span<Document const> documents() { return DOCUMENTS; }

}
")
