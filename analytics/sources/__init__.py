"""Where data comes from: the warehouse reader and the declarative source mappings."""
