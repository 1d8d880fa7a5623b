"""One module a page: it reads what was typed, calls one operation or one query, and shows a template."""
