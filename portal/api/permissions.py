"""Each call needs a scope, which its view names by method; a method without one is nobody's."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import BasePermission
from rest_framework.request import Request


class HasScope(BasePermission):
    """403 for a good token that was not given the scope; without a token REST framework answers 401."""

    message = _("The app or car was not allowed to do this when it was signed in.")
    code = "scope_missing"

    def has_permission(self, request: Request, view: Any) -> bool:
        if request.auth is None:
            return False
        method = "GET" if request.method == "HEAD" else str(request.method)
        if method.lower() not in view.http_method_names or not hasattr(view, method.lower()):
            # There is nothing to protect: the answer is 405.
            return True
        return view.scopes.get(method) in request.auth.get_scopes()
