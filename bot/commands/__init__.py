"""One file per subcommand of ``verbatim``; each holds ``command: click.Command``."""
