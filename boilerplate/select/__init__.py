"""From labelled blocks to the article's text: which blocks to keep, and what is cut out of them."""
