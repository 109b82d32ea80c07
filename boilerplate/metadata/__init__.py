"""What a page says about its article: in its head, in JSON-LD, in microdata, and in the blocks around the text."""
