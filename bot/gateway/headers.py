"""What every response tells the browser to refuse."""

# The chat component and the charts add style elements whose text changes with what they show, so neither a
# hash nor a nonce can name them. No markup needs a style attribute, though: an injected one does nothing.
POLICY = (
    "default-src 'none'; script-src 'self'; "
    "style-src 'self' 'unsafe-inline'; style-src-attr 'none'; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors "
)
FRAMING = "X-Frame-Options"
SECURITY_HEADERS = {
    "Content-Security-Policy": POLICY + "'none'",
    "X-Content-Type-Options": "nosniff",
    FRAMING: "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def framed_by(origins: tuple[str, ...]) -> dict[str, str]:
    """The policy of a page that these origins, and the bot's own pages, may show in a frame."""
    return {"Content-Security-Policy": POLICY + " ".join(("'self'", *origins))}
