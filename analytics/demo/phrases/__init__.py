"""The words of the demo's customers: phrases with slots, grouped by what they are about."""
