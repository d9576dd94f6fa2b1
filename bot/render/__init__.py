"""An answer as the API gives it, made readable: figures by unit, tables for a terminal."""
