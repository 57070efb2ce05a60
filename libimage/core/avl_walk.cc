#include "avl_walk.h"

namespace Capimg
{

bool read_avl_node(Memory_view &view, uint64_t addr, unsigned word, Avl_node &node)
{
	Const_bytes const bytes = view.at(addr, avl_node_bytes(word));
	if (bytes.empty()) return false;

	node = { addr, Memory_view::load(bytes, 0, word), Memory_view::load(bytes, word, word),
			 Memory_view::load(bytes, 2 * word, word), bytes.u8(3 * word) };
	return true;
}

bool Avl_walk::_on_stack(uint64_t addr) const
{
	if (addr == _tree) return true;
	for (unsigned i = 0; i < _level; i++)
		if (_stack[i].addr == addr) return true;
	return false;
}

/* push 'addr' and all nodes down its left side */
Status Avl_walk::_descend(uint64_t addr, uint64_t parent, unsigned parent_depth)
{
	while (addr) {
		if (_on_stack(addr)) return { Code::CYCLE, parent, "left", addr };

		Avl_node node;
		if (!read_avl_node(_view, addr, _word, node)) return { Code::ABSENT, addr, "node" };
		if (addr % 4) return { Code::INCONSISTENT, addr, "node", addr };
		if (node.parent != parent)
			return { Code::INCONSISTENT, addr, "parent", node.parent, parent };
		if (node.depth == 0 || node.depth >= parent_depth)
			return { Code::INCONSISTENT, addr, "depth", node.depth, parent_depth };
		if (node.left && node.left == node.right) return { Code::CYCLE, addr, "right", node.right };
		if (_nodes == _limit) return { Code::LIMIT, addr, "nodes", _nodes, _limit };

		if (_level && !_stack[_level - 1].returned) _stack[_level - 1].left_depth = node.depth;

		/* depths fall strictly, so the stack holds them all */
		_stack[_level++] = { node.addr, node.right, node.depth, 0, false };
		_nodes++;

		parent = addr;
		parent_depth = node.depth;
		addr = node.left;
	}
	return ok;
}

Status Avl_walk::_start()
{
	_started = true;

	Avl_node tree;
	if (!read_avl_node(_view, _tree, _word, tree)) return { Code::ABSENT, _tree, "tree" };
	if (tree.parent) return { Code::INCONSISTENT, _tree, "parent", tree.parent };
	if (tree.right) return { Code::INCONSISTENT, _tree, "right", tree.right };

	if (Status const s = _descend(tree.left, _tree, tree.depth)) return s;

	unsigned const below = _level ? _stack[0].depth : 0;
	if (tree.depth != below + 1)
		return { Code::INCONSISTENT, _tree, "depth", tree.depth, below + 1 };
	return ok;
}

Result<Avl_walk::Step> Avl_walk::next()
{
	if (!_started)
		if (Status const s = _start()) return s;

	/* leave what is done, and go right below the node that was returned last */
	while (_level && _stack[_level - 1].returned) {
		Frame &top = _stack[_level - 1];
		uint64_t const right = top.right;
		unsigned const level = _level;
		top.right = 0;

		if (right) {
			if (Status const s = _descend(right, top.addr, top.depth)) return s;

			unsigned const expected = 1u + max(top.left_depth, _stack[level].depth);
			if (top.depth != expected)
				return Error { Code::INCONSISTENT, top.addr, "depth", top.depth, expected };
		} else {
			_level--;
		}
	}
	if (!_level) return Error { Code::NOT_FOUND, _tree, "node" };

	Frame &top = _stack[_level - 1];
	top.returned = true;
	if (!top.right && top.depth != top.left_depth + 1)
		return Error { Code::INCONSISTENT, top.addr, "depth", top.depth, top.left_depth + 1u };
	return Step { top.addr, top.depth };
}

}
