"""`{% specimen "button" "focus" %}...{% endspecimen %}`: what stands within it, once in each colour scheme shown."""

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString

register = template.Library()


class SpecimenNode(template.Node):
    def __init__(self, name: FilterExpression, state: FilterExpression, nodelist: NodeList) -> None:
        self.name, self.state, self.nodelist = name, state, nodelist

    def render(self, context: Context) -> SafeString:
        name, state = self.name.resolve(context), self.state.resolve(context)
        panes = [(scheme, self._pane(context, scheme)) for scheme in context["schemes"]]
        drawn = {"name": name, "state": state, "panes": panes}
        return SafeString(get_template("styleguide/_specimen.html").render(drawn))

    def _pane(self, context: Context, scheme: object) -> SafeString:
        with context.push(scheme=scheme):
            return self.nodelist.render(context)


@register.tag
def specimen(parser: Parser, token: Token) -> SpecimenNode:
    """The component's name as that of its template, and the state: `default`, `focus`, `empty`, ..."""
    _, name, *state = token.split_contents()
    nodelist = parser.parse(("endspecimen",))
    parser.delete_first_token()
    return SpecimenNode(
        parser.compile_filter(name), parser.compile_filter(state[0] if state else '"default"'), nodelist
    )
