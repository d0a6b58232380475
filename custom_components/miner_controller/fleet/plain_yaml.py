"""Reads YAML of unknown origin as plain text, lists and mappings.

What is pasted into a form may be anything. Nothing of it is made into more than text:
no alias is followed, no tag is obeyed, and numbers stay as they were written, so that
a password 007 stays one.
"""

from typing import Any, Final, override

import yaml

# What a person writes has a few levels. Each takes several calls inside each other.
_MOST_LEVELS: Final = 20

_NOTHING: Final = {"", "~", "null", "Null", "NULL"}


class PlainYamlError(ValueError):
    """The text is no YAML, or has what nobody needs in a configuration."""


class TaggedText(str):
    """A text with a tag such as !secret, which stands for something else."""

    __slots__ = ()


type PlainValue = str | list[PlainValue] | dict[str, PlainValue] | None


def read_plain_yaml(text: str) -> PlainValue:
    """Return what a document says. Raises PlainYamlError."""
    try:
        # Only nodes are made of it, which are texts, lists and pairs of them.
        node = yaml.compose(text, Loader=_ShallowLoader)
    except yaml.YAMLError, OverflowError, ValueError:
        # Its words quote the text, in which there are passwords.
        raise PlainYamlError from None
    return None if node is None else _value(node)


class _ShallowLoader(yaml.SafeLoader):
    """Makes nodes of a document that has neither aliases nor many levels."""

    _level = 0

    @override
    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """Return the next node."""
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("There are aliases")
        if self._level >= _MOST_LEVELS:
            raise yaml.YAMLError("There are too many levels")
        self._level += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self._level -= 1


def _value(node: yaml.Node) -> PlainValue:
    """Return what a node says."""
    if isinstance(node, yaml.ScalarNode):
        return _text(node)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item) for item in node.value]
    return {
        key.value: _value(item)
        for key, item in node.value
        if isinstance(key, yaml.ScalarNode)
    }


def _text(node: yaml.ScalarNode) -> str | None:
    """Return what a text says. Quoted, "null" is a text like any other."""
    if node.tag.startswith("!"):
        return TaggedText(node.value)
    return None if node.style is None and node.value in _NOTHING else node.value
