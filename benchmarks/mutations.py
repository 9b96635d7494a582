"""Small faults that somebody might make, as edits of a source text: one comparison, one word, one guard at a time.

Each operator yields :class:`Mutation` values for a file. Some of them leave no valid source, or the same one: whether
one does is asked of the few that are drawn, as to parse a file for each takes long. Nothing here runs anything:
``benchmarks/mutants.py`` does.
"""

import ast
import itertools
import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

_OTHER_COMPARISON: dict[type[ast.cmpop], str] = {
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.In: "not in",
    ast.NotIn: "in",
    ast.Is: "is not",
    ast.IsNot: "is",
}
_OTHER_SIGN: dict[type[ast.operator], str] = {ast.Add: "-", ast.Sub: "+"}
_LEAVES = (ast.Return, ast.Continue, ast.Break, ast.Raise)
_IN_ANY_ORDER = frozenset({"min", "max"})
_OF_MEMORY = frozenset({"maxsize", "slots"})  # how much is kept, and how: nothing is read otherwise
_TYPES = frozenset({"Callable", "Literal", "Mapping", "MutableMapping", "Sequence", "dict", "list", "tuple"})
# One alternative of several with the bar behind it, or the last one with the bar before it; one character of a class of
# Chinese ones. Ahead, because what is found may overlap.
_ALTERNATIVE = re.compile(r"(?<=[(|:\"'])(?=((?!\?)[^|()\[\]\\\"']+\|))|(?=(\|[^|()\[\]\\\"']+)[)\"'])")
_CLASS = re.compile(r"\[\^?([\u3000-\u9fff]{2,})\]")
_TOML_WORD = re.compile(r'(?=((?<=[\[ ])"[^"\n]*",\s+))|(?=(, "[^"\n]*")\])')
# Where a fact is from, and who has set it: remarks, though no comments.
_TOML_KEY = re.compile(r"^(?!source|why|judged)[^\s#\[=]+ = .*\n", re.MULTILINE)
_TOML_PAIR = re.compile(r"(?<=\{ )[^,{}=]+ = [^,{}]+, |, [^,{}=]+ = [^,{}]+(?= \})")
_TOML_REMARK = re.compile(r"^(?:source|why|judged) = .*|#.*", re.MULTILINE)
_LUA_REMARK = re.compile(r"--.*")
_LUA_WORDS = {"==": "~=", "~=": "==", "<=": "<", ">=": ">", "and": "or", "or": "and", "true": "false", "false": "true"}


@dataclass(frozen=True, order=True)
class Mutation:
    """``text[start:end]`` is to become ``new``."""

    operator: str
    start: int
    end: int
    new: str

    def apply(self, text: str) -> str:
        """The text with the fault in it."""
        return text[: self.start] + self.new + text[self.end :]


def mutations_of(text: str, suffix: str) -> list[Mutation]:
    """The mutations of a file of Python, TOML or Lua, in order; ``suffix`` is ``.py``, ``.toml`` or ``.lua``.

    >>> [(mutation.operator, mutation.apply("a = b < 1")) for mutation in mutations_of("a = b < 1", ".py")]
    [('comparison', 'a = b <= 1'), ('constant', 'a = b < 2')]
    """
    return sorted({mutation for mutation in _LANGUAGES[suffix][0](text) if mutation.start < mutation.end})


def is_fault(text: str, mutation: Mutation, suffix: str) -> bool:
    """Whether the source is valid with the mutation in it, and says something else than without."""
    return _LANGUAGES[suffix][1](text, mutation.apply(text))


class _Source:
    """A Python source with its syntax tree, whose places are offsets into the text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tree = ast.parse(text)
        self._lines = [0]
        for line in text.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))
        self._encoded = [line.encode() for line in text.splitlines(keepends=True)]

    def start(self, node: ast.expr | ast.stmt | ast.keyword) -> int:
        return self._at(node.lineno, node.col_offset)

    def end(self, node: ast.expr | ast.stmt | ast.keyword) -> int:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._at(node.end_lineno, node.end_col_offset)

    def of(self, node: ast.expr | ast.stmt | ast.keyword) -> str:
        return self.text[self.start(node) : self.end(node)]

    def _at(self, line: int, byte: int) -> int:
        encoded = self._encoded[line - 1] if line <= len(self._encoded) else b""
        return self._lines[line - 1] + len(encoded[:byte].decode())


def _in_python(text: str) -> Iterator[Mutation]:
    source = _Source(text)
    prose = {id(node.value) for node in ast.walk(source.tree) if isinstance(node, ast.Expr)}
    inner = {id(part) for node in ast.walk(source.tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    silent = {id(part) for said in _without_effect(source.tree) for part in ast.walk(said)}
    for node in ast.walk(source.tree):
        if id(node) in silent:
            continue
        if isinstance(node, ast.JoinedStr) or id(node) not in inner:
            yield from _of_strings(source, node) if id(node) not in prose else ()
        if id(node) in inner:
            continue  # Python 3.11 does not say where the parts of an f-string stand
        if isinstance(node, ast.expr):
            yield from _of_operators(source, node)
            yield from _of_containers(source, node)
        elif isinstance(node, ast.comprehension):
            yield from (_replace("guard", source, condition, "True") for condition in node.ifs)
        elif isinstance(node, ast.stmt):
            yield from _of_statements(
                source, node, is_prose=isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            )


def _without_effect(tree: ast.Module) -> Iterator[ast.expr]:
    """What no result depends on: the sizes of caches, annotations and arguments of types that only a type checker reads, and that of two rows
    neither is longer, which holds or is another fault.

    The annotations of fields in a module that asks pydantic to read them are not among those.
    """
    imports = {node.module for node in tree.body if isinstance(node, ast.ImportFrom)}
    are_fields_read = bool(imports & {"pydantic", "schemas.base"})
    sizes = {
        node.value.id
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg in _OF_MEMORY and isinstance(node.value, ast.Name)
    }
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(returns=ast.expr() as said) | ast.AsyncFunctionDef(returns=ast.expr() as said):
                yield said
            case ast.arg(annotation=ast.expr() as said):
                yield said
            case ast.AnnAssign(annotation=said) if not are_fields_read:
                yield said
            case ast.Assign(value=ast.Subscript(value=ast.Name(id=name)) as said) if (
                name in _TYPES and not are_fields_read
            ):
                yield said
            case ast.ClassDef(bases=bases):  # Generic[T]
                yield from (base for base in bases if isinstance(base, ast.Subscript))
            case ast.Call(func=ast.Name(id="cast"), args=[said, _]):
                yield said
            case ast.Call(func=ast.Name(id="TypeVar")):
                yield node
            case ast.Call(func=ast.Name(id="zip"), keywords=[ast.keyword(arg="strict") as said]):
                yield said.value
            case ast.Call(func=ast.Subscript(slice=said)):  # dict[str, Any](a)
                yield said
            case ast.keyword(arg=str(name), value=value) if name in _OF_MEMORY:
                yield value
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in sizes:
                yield value


def _replace(operator: str, source: _Source, node: ast.expr | ast.stmt, new: str) -> Mutation:
    return Mutation(operator, source.start(node), source.end(node), new)


def _between(operator: str, source: _Source, left: ast.expr, right: ast.expr, new: str) -> Mutation:
    """The operator that stands between two operands; brackets around them stay."""
    start, end = source.end(left), source.start(right)
    gap = source.text[start:end]
    word = re.search(r"[^\s()]+(?:\s+(?:in|not)\b)?", gap)
    return Mutation(operator, start + word.start(), start + word.end(), new) if word else Mutation("", 0, 0, "")


def _of_operators(source: _Source, node: ast.expr) -> Iterator[Mutation]:
    match node:
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            yield _between("comparison", source, left, right, _OTHER_COMPARISON[type(op)])
        case ast.BoolOp(op=op, values=values):
            other = "or" if isinstance(op, ast.And) else "and"
            for left, right in itertools.pairwise(values):
                yield _between("and/or", source, left, right, other)
            yield from _without("operand", source, values)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield _replace("not", source, node, f"({source.of(operand)})")
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=right):
            yield _between("sign", source, left, right, _OTHER_SIGN[type(op)])
        case ast.Constant(value=bool() as value):
            yield _replace("bool", source, node, str(not value))
        case ast.Constant(value=int() as value):
            yield _replace("constant", source, node, str(value + 1))
        case ast.IfExp(test=test, body=body, orelse=other_body):
            yield _replace(
                "branches", source, node, f"{source.of(other_body)} if {source.of(test)} else {source.of(body)}"
            )


def _without(operator: str, source: _Source, nodes: Sequence[ast.expr | ast.keyword]) -> Iterator[Mutation]:
    """A list without each of its members in turn, with what joins it to the next or to the one before."""
    for at, node in enumerate(nodes):
        if len(nodes) < 2:
            return
        if at + 1 < len(nodes):
            yield Mutation(operator, source.start(node), source.start(nodes[at + 1]), "")
        else:
            yield Mutation(operator, source.end(nodes[at - 1]), source.end(node), "")


def _of_containers(source: _Source, node: ast.expr) -> Iterator[Mutation]:
    match node:
        case ast.Tuple(elts=elements) | ast.List(elts=elements) | ast.Set(elts=elements):
            yield from _without("element", source, elements)
        case ast.Dict(keys=keys, values=values):
            spans = [(source.start(key), source.end(value)) for key, value in zip(keys, values, strict=True) if key]
            for at, (start, end) in enumerate(spans):
                following = spans[at + 1][0] if at + 1 < len(spans) else end
                yield Mutation("key", start, following, "")
        case ast.Call(func=called, args=arguments, keywords=keywords):
            name = called.id if isinstance(called, ast.Name) else ""
            swapped = [] if name in _IN_ANY_ORDER else arguments
            for left, right in itertools.pairwise(swapped):
                between = source.text[source.end(left) : source.start(right)]
                new = source.of(right) + between + source.of(left)
                yield Mutation("arguments", source.start(left), source.end(right), new)
            everything = [*arguments, *keywords]
            if name == "zip" or any(keyword.arg in _OF_MEMORY for keyword in keywords):
                return
            if everything == keywords and len(keywords) == 1:
                yield Mutation("keyword", source.start(keywords[0]), source.end(keywords[0]), "")
            for mutation in _without("keyword", source, everything):
                if mutation.start >= (source.end(arguments[-1]) if arguments else 0):
                    yield mutation


def _of_statements(source: _Source, node: ast.stmt, *, is_prose: bool) -> Iterator[Mutation]:
    match node:
        case ast.If(body=[leaving], orelse=[]) if isinstance(leaving, _LEAVES):
            yield _replace("guard", source, node, "pass")
        case ast.If(test=test, orelse=[_, *_]):
            yield _replace("branches", source, test, f"not ({source.of(test)})")
        case ast.Expr() | ast.AugAssign() | ast.Assign(targets=[ast.Attribute() | ast.Subscript()]) if not is_prose:
            yield _replace("statement", source, node, "pass")


def _of_strings(source: _Source, node: ast.AST) -> Iterator[Mutation]:
    """One alternative or one character fewer, in what looks like a pattern."""
    if not isinstance(node, ast.JoinedStr) and not (isinstance(node, ast.expr) and _is_text(node)):
        return
    start, literal = source.start(node), source.of(node)
    for match in _ALTERNATIVE.finditer(literal):
        yield Mutation("alternative", start + match.start(), start + match.end(match.lastindex or 0), "")
    for match in _CLASS.finditer(literal):
        for at in range(match.start(1), match.end(1)):
            yield Mutation("character", start + at, start + at + 1, "")


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _in_toml(text: str) -> Iterator[Mutation]:
    remarks = [match.span() for match in _TOML_REMARK.finditer(text)]
    for operator, pattern in (("word", _TOML_WORD), ("key", _TOML_KEY), ("key", _TOML_PAIR)):
        for match in pattern.finditer(text):
            if not any(start <= match.start() < end for start, end in remarks):
                yield Mutation(operator, match.start(), match.end(match.lastindex or 0), "")
    for match in re.finditer(r"(?<= )(?:true|false)\b", text):
        if not any(start <= match.start() < end for start, end in remarks):
            yield Mutation("bool", match.start(), match.end(), "false" if match.group() == "true" else "true")


def _in_lua(text: str) -> Iterator[Mutation]:
    remarks = [match.span() for match in _LUA_REMARK.finditer(text)]
    patterns: list[tuple[str, str, Callable[[str], str]]] = [
        ("comparison", r"==|~=|<=|>=", _LUA_WORDS.__getitem__),
        ("and/or", r"\b(?:and|or)\b", _LUA_WORDS.__getitem__),
        ("bool", r"\b(?:true|false)\b", _LUA_WORDS.__getitem__),
        ("not", r"\bnot ", lambda _: ""),
        ("constant", r"(?<![\w'\".])\d+(?![\w.])", lambda number: str(int(number) + 1)),
        ("argument", r", [^,()\n]+(?=[,)])", lambda _: ""),
        ("statement", r"(?m)^ +redis\.call\(.*\)\n", lambda _: ""),
    ]
    for operator, pattern, new in patterns:
        for match in re.finditer(pattern, text):
            if not any(start <= match.start() < end for start, end in remarks):
                yield Mutation(operator, match.start(), match.end(), new(match.group()))


def _is_other_python(before: str, after: str) -> bool:
    try:
        return ast.dump(ast.parse(after)) != ast.dump(ast.parse(before))
    except SyntaxError:
        return False


def _is_other_toml(before: str, after: str) -> bool:
    try:
        return tomllib.loads(after) != tomllib.loads(before)
    except tomllib.TOMLDecodeError:
        return False


_LANGUAGES: dict[str, tuple[Callable[[str], Iterator[Mutation]], Callable[[str, str], bool]]] = {
    ".py": (_in_python, _is_other_python),
    ".toml": (_in_toml, _is_other_toml),
    ".lua": (_in_lua, partial(lambda before, after: before != after)),
}
