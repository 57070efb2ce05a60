#include "simulated_disk.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <unistd.h>

#include "small_image.h"

namespace Capimg::Test
{

namespace fs = std::filesystem;

/* ---- the model ---- */

Simulated_disk::Simulated_disk(std::string root, unsigned cut) : _root(std::move(root)), _cut(cut)
{
	(void)_load(_root);
}

bool Simulated_disk::_may()
{
	if (++_count <= _cut) return true;
	errno = EIO;
	return false;
}

Simulated_disk::Id Simulated_disk::_fresh(bool directory)
{
	_inodes.push_back({ directory, {}, {}, {}, {} });
	return Id(_inodes.size() - 1);
}

Simulated_disk::Id Simulated_disk::_load(std::string const &path)
{
	Id const id = _fresh(fs::is_directory(path));
	if (!_inodes[id].directory) {
		_inodes[id].content = read_file(path);
		return id;
	}
	for (auto const &entry : fs::directory_iterator(path)) {
		Id const child = _load(entry.path().string());
		_inodes[id].names[entry.path().filename().string()] = child;
	}
	_inodes[id].live = _inodes[id].names;
	return id;
}

/* directory and name in it */
std::pair<Simulated_disk::Id, std::string> Simulated_disk::_place(std::string const &path) const
{
	if (!path.starts_with(_root + "/")) throw std::logic_error("not on this disk: " + path);
	Id directory = 0;
	fs::path const relative = fs::path(path.substr(_root.size() + 1));
	for (auto const &part : relative.parent_path())
		directory = _inodes[directory].live.at(part.string());
	return { directory, relative.filename().string() };
}

std::optional<Simulated_disk::Id> Simulated_disk::_find(std::string const &path) const
{
	if (path == _root) return 0;
	auto const [directory, name] = _place(path);
	auto const at = _inodes[directory].live.find(name);
	if (at == _inodes[directory].live.end()) return {};
	return at->second;
}

void Simulated_disk::_rename(Naming naming)
{
	for (auto const &name : naming.names) {
		if (name.inode)
			_inodes[name.directory].live[name.name] = *name.inode;
		else
			_inodes[name.directory].live.erase(name.name);
	}
	_pending.push_back(std::move(naming));
}

/* bytes that were just written, as they are read back */
void Simulated_disk::_record(int fd, std::uint64_t offset, std::uint64_t size)
{
	Inode &inode = _inodes.at(_open.at(fd));
	while (size) {
		std::uint64_t const part = std::min(size, SECTOR - offset % SECTOR);
		Write write { offset, Bytes_vector(part), {} };
		if (::pread(fd, write.bytes.data(), part, off_t(offset)) != ssize_t(part))
			throw std::logic_error("what was written is not there");
		inode.pending.push_back(std::move(write));
		offset += part;
		size -= part;
	}
}

void Simulated_disk::_create(int fd, std::string const &path)
{
	Id const id = _fresh(false);
	_open[fd] = id;
	auto const [directory, name] = _place(path);
	_rename({ { { directory, name, id } } });
}

void Simulated_disk::_apply(Bytes_vector &content, Write const &write)
{
	if (write.size) return content.resize(*write.size);
	if (content.size() < write.offset + write.bytes.size())
		content.resize(write.offset + write.bytes.size());
	std::ranges::copy(write.bytes, content.begin() + std::ptrdiff_t(write.offset));
}

void Simulated_disk::_synced(int fd)
{
	Id const id = _open.at(fd);
	Inode &inode = _inodes[id];
	for (Write const &write : inode.pending) _apply(inode.content, write);
	inode.pending.clear();
	if (!inode.directory) return;

	std::erase_if(_pending, [&](Naming const &naming) {
		bool const here = std::ranges::any_of(
			naming.names, [&](Naming::Name const &name) { return name.directory == id; });
		if (!here) return false;
		for (auto const &name : naming.names) {
			if (name.inode)
				_inodes[name.directory].names[name.name] = *name.inode;
			else
				_inodes[name.directory].names.erase(name.name);
		}
		return true;
	});
}

/* ---- after the cut ---- */

Simulated_disk::Bytes_vector Simulated_disk::_content(Inode const &inode, std::mt19937 &random,
													  double chance) const
{
	std::bernoulli_distribution reached(chance);
	Bytes_vector content = inode.content;
	for (Write const &write : inode.pending)
		if (reached(random)) _apply(content, write);
	return content;
}

void Simulated_disk::_write_out(Id id, std::vector<Names> const &names, std::string const &path,
								std::mt19937 &random, double chance) const
{
	Inode const &inode = _inodes[id];
	if (!inode.directory) {
		auto const bytes = _content(inode, random, chance);
		std::ofstream(path, std::ios::binary)
			.write(reinterpret_cast<char const *>(bytes.data()), std::streamsize(bytes.size()));
		fs::permissions(path, fs::perms(0600));
		return;
	}
	fs::create_directory(path);
	for (auto const &[name, child] : names[id])
		_write_out(child, names, path + "/" + name, random, chance);
}

void Simulated_disk::outcome(unsigned n, std::string const &path) const
{
	static constexpr double CHANCES[] { 0, 1, 0.5, 0.1, 0.9 };
	std::mt19937 random(n);
	double const chance = n < 2 ? CHANCES[n] : CHANCES[2 + n % 3];
	std::bernoulli_distribution reached(chance);

	std::vector<Names> names;
	for (Inode const &inode : _inodes) names.push_back(inode.names);
	for (Naming const &naming : _pending) {
		if (!reached(random)) continue;
		for (auto const &name : naming.names) {
			if (name.inode)
				names[name.directory][name.name] = *name.inode;
			else
				names[name.directory].erase(name.name);
		}
	}
	_write_out(0, names, path, random, chance);
}

/* ---- the operations ---- */

int Simulated_disk::open(std::string const &path, int flags, mode_t mode)
{
	int const fd = Guarded_files::open(path, flags, mode);
	if (fd < 0) return fd;
	bool const unnamed = (flags & O_TMPFILE) == O_TMPFILE;
	if (unnamed)
		_open[fd] = _fresh(false);
	else if (auto const id = _find(path))
		_open[fd] = *id;
	else
		_create(fd, path);
	return fd;
}

int Simulated_disk::close(int fd)
{
	_open.erase(fd);
	return Guarded_files::close(fd);
}

int Simulated_disk::make_temporary_file(std::string &name)
{
	int const fd = Guarded_files::make_temporary_file(name);
	if (fd >= 0) _create(fd, name);
	return fd;
}

int Simulated_disk::make_temporary_directory(std::string &name)
{
	int const result = Guarded_files::make_temporary_directory(name);
	if (result < 0) return result;
	auto const [directory, last] = _place(name);
	_rename({ { { directory, last, _fresh(true) } } });
	return result;
}

int Simulated_disk::make_directory(std::string const &path)
{
	int const result = Guarded_files::make_directory(path);
	if (result < 0) return result;
	auto const [directory, name] = _place(path);
	_rename({ { { directory, name, _fresh(true) } } });
	return result;
}

ssize_t Simulated_disk::write(int fd, std::span<iovec const> pieces)
{
	auto const at = ::lseek(fd, 0, SEEK_CUR);
	ssize_t const done = Guarded_files::write(fd, pieces);
	if (done > 0) _record(fd, std::uint64_t(at), std::uint64_t(done));
	return done;
}

ssize_t Simulated_disk::copy_range(int from, std::uint64_t offset, int to, std::uint64_t size)
{
	auto const at = ::lseek(to, 0, SEEK_CUR);
	ssize_t const done = Guarded_files::copy_range(from, offset, to, size);
	if (done > 0) _record(to, std::uint64_t(at), std::uint64_t(done));
	return done;
}

ssize_t Simulated_disk::write_at(int fd, std::uint64_t offset, std::span<std::byte const> bytes)
{
	ssize_t const done = Guarded_files::write_at(fd, offset, bytes);
	if (done > 0) _record(fd, offset, std::uint64_t(done));
	return done;
}

int Simulated_disk::resize(int fd, std::uint64_t size)
{
	int const result = Guarded_files::resize(fd, size);
	if (result == 0) _inodes[_open.at(fd)].pending.push_back({ 0, {}, size });
	return result;
}

int Simulated_disk::enlarge(int fd, std::uint64_t old_size, std::uint64_t new_size)
{
	int const result = Guarded_files::enlarge(fd, old_size, new_size);
	if (result == 0) _inodes[_open.at(fd)].pending.push_back({ 0, {}, new_size });
	return result;
}

int Simulated_disk::sync(int fd)
{
	int const result = Guarded_files::sync(fd);
	if (result == 0) _synced(fd);
	return result;
}

int Simulated_disk::sync_content(int fd)
{
	int const result = Guarded_files::sync_content(fd);
	if (result == 0) _synced(fd);
	return result;
}

int Simulated_disk::link(int fd, std::string const &path)
{
	int const result = Guarded_files::link(fd, path);
	if (result < 0) return result;
	auto const [directory, name] = _place(path);
	_rename({ { { directory, name, _open.at(fd) } } });
	return result;
}

int Simulated_disk::rename(std::string const &from, std::string const &to)
{
	int const result = Guarded_files::rename(from, to);
	if (result < 0) return result;
	auto const [a, a_name] = _place(from);
	auto const [b, b_name] = _place(to);
	Id const id = _find(from).value();
	_rename({ { { a, a_name, {} }, { b, b_name, id } } });
	return result;
}

int Simulated_disk::exchange(std::string const &a, std::string const &b)
{
	int const result = Guarded_files::exchange(a, b);
	if (result < 0) return result;
	auto const [a_in, a_name] = _place(a);
	auto const [b_in, b_name] = _place(b);
	Id const a_id = _find(a).value(), b_id = _find(b).value();
	_rename({ { { a_in, a_name, b_id }, { b_in, b_name, a_id } } });
	return result;
}

int Simulated_disk::remove(std::string const &path)
{
	int const result = Guarded_files::remove(path);
	if (result < 0) return result;
	auto const [directory, name] = _place(path);
	_rename({ { { directory, name, {} } } });
	return result;
}

int Simulated_disk::remove_directory(std::string const &path)
{
	int const result = Guarded_files::remove_directory(path);
	if (result < 0) return result;
	auto const [directory, name] = _place(path);
	_rename({ { { directory, name, {} } } });
	return result;
}

}
