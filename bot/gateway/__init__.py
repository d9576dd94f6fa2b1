"""The only process reachable from outside: web page, API, sign-in, limits and audit."""
