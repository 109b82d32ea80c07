"""The article with its structure, as Markdown, HTML or TEI: headings, lists, quotes, tables, links, images."""
