/*
 * Where in a JSON document a value stands
 *
 * A path is a value on the stack that refers to its parent, so that following a document costs
 * nothing until an error is reported. A path must not outlive its parent, the file's name, or
 * the key that it was made of.
 */

#ifndef CAPIMG__JSON_PATH_H
#define CAPIMG__JSON_PATH_H

#include <string>
#include <string_view>

#include "image_error.h"

namespace Capimg
{

class Json_path
{
	std::string const *_file;
	Json_path const *_parent = nullptr;
	std::string_view _key {};
	std::size_t _index = 0;
	bool _element = false;

  public:
	/* the document itself; 'file' is for errors */
	explicit Json_path(std::string const &file) : _file(&file) {}

	Json_path child(std::string_view key) const
	{
		Json_path path(*_file);
		path._parent = this;
		path._key = key;
		return path;
	}

	Json_path element(std::size_t index) const
	{
		Json_path path(*_file);
		path._parent = this;
		path._index = index;
		path._element = true;
		return path;
	}

	/* "manifest.objects[3].label"; keys that are no plain names stand in quotes: "x["a b"]" */
	std::string text() const;

	std::string const &file() const { return *_file; }

	[[noreturn]] void fail(Code, std::string message, std::string hint = {}) const;

	/* the value is not what it has to be, for one reason or another */
	[[noreturn]] void fail(std::string message, std::string hint = {}) const
	{
		fail(Code::INVALID, std::move(message), std::move(hint));
	}
};

/* 'key' as it stands in a path, or in quotes with all that is not plain ASCII escaped */
std::string quoted_key(std::string_view key);

}

#endif /* CAPIMG__JSON_PATH_H */
