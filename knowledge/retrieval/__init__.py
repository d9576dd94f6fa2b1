"""Finding passages: the company's articles, definitions, and customers' own words."""
